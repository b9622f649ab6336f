package types

import "strconv"

// The reg* types are oids that read and print as names, through Env.Names.
var (
	RegProcType       = registerReg(RegProc, RegProcOID, "regproc", 1008, "registered procedure")
	RegProcedureType  = registerReg(RegProcedure, RegProcedureOID, "regprocedure", 2207, "registered procedure (with args)")
	RegOperType       = registerReg(RegOper, RegOperOID, "regoper", 2208, "registered operator")
	RegOperatorType   = registerReg(RegOperator, RegOperatorOID, "regoperator", 2209, "registered operator (with args)")
	RegClassType      = registerReg(RegClass, RegClassOID, "regclass", 2210, "registered class")
	RegTypeType       = registerReg(RegType, RegTypeOID, "regtype", 2211, "registered type")
	RegNamespaceType  = registerReg(RegNamespace, RegNamespaceOID, "regnamespace", 4090, "registered namespace")
	RegRoleType       = registerReg(RegRole, RegRoleOID, "regrole", 4097, "registered role")
	RegCollationType  = registerReg(RegCollation, RegCollationOID, "regcollation", 4192, "registered collation")
	RegConfigType     = registerReg(RegConfig, RegConfigOID, "regconfig", 3735, "registered text search configuration")
	RegDictionaryType = registerReg(RegDictionary, RegDictionaryOID, "regdictionary", 3770, "registered text search dictionary")
)

func registerReg(kind RegKind, oid OID, name string, array OID, doc string) *Type {
	impl := uint32Impl(name, nil)
	impl.In = func(env *Env, s string, _ int32) (uint32, error) { return regIn(env, kind, name, s) }
	impl.Out = func(env *Env, dst []byte, v uint32) []byte { return regOut(env, kind, dst, v) }
	return Register(Def[uint32]{
		Type: Type{OID: oid, Name: name, Array: array, Len: 4, ByVal: true, Category: NumericCat, Doc: doc},
		Impl: impl,
	})
}

// regIn reads "-" as 0, digits as an oid, anything else as a name.
func regIn(env *Env, kind RegKind, typeName, s string) (uint32, error) {
	if s == "-" {
		return 0, nil
	}
	if digits, rest := splitDigits(s); digits != "" && rest == "" {
		return ParseOID(s)
	}
	if env == nil || env.Names == nil {
		return 0, InvalidInput(typeName, s)
	}
	return env.Names.OIDOf(kind, s)
}

// regOut prints the name, or the number where there is no such object.
func regOut(env *Env, kind RegKind, dst []byte, v uint32) []byte {
	if v == 0 {
		return append(dst, '-')
	}
	if env != nil && env.Names != nil {
		if name, ok := env.Names.NameOf(kind, v); ok {
			return append(dst, name...)
		}
	}
	return strconv.AppendUint(dst, uint64(v), 10)
}
