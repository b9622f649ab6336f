package types

// IOProcs names the functions that pg_type shows for a type; "" where it shows
// none.
type IOProcs struct {
	In, Out, Recv, Send, TypmodIn, TypmodOut string
}

// bareProcs are the types whose functions are named without an underscore:
// boolin, not bool_in.
var bareProcs = map[OID]bool{
	BoolOID: true, ByteaOID: true, CharOID: true, NameOID: true, Int8OID: true, Int2OID: true, Int2VectorOID: true,
	Int4OID: true, RegProcOID: true, TextOID: true, OidOID: true, TidOID: true, XidOID: true, CidOID: true,
	OidVectorOID: true, Float4OID: true, Float8OID: true, UnknownOID: true, AclItemOID: true, BpcharOID: true,
	VarcharOID: true, RegProcedureOID: true, RegOperOID: true, RegOperatorOID: true, RegClassOID: true,
	RegTypeOID: true, RegNamespaceOID: true, RegRoleOID: true, RegCollationOID: true, RegConfigOID: true,
	RegDictionaryOID: true, TSVectorOID: true, TSQueryOID: true, 5069: true,
}

// IOProcs returns the names of t's functions in pg_catalog.
func (t *Type) IOProcs() IOProcs {
	if t.Domain != nil {
		p := t.Domain.Base.IOProcs()
		return IOProcs{In: "domain_in", Out: p.Out, Recv: "domain_recv", Send: p.Send}
	}
	base := t.procBase()
	p := IOProcs{In: base + "in", Out: base + "out"}
	if t.Recv != nil && t.Send != nil {
		p.Recv, p.Send = base+"recv", base+"send"
	}
	owner := t
	if t.elem != nil {
		owner = t.elem
	}
	if owner.TypmodIn != nil {
		p.TypmodIn, p.TypmodOut = owner.Name+"typmodin", owner.Name+"typmodout"
	}
	return p
}

func (t *Type) procBase() string {
	switch {
	case t.elem != nil:
		return "array_"
	case t.Kind == 'e':
		return "enum_"
	case t.Kind == 'c':
		return "record_"
	case t.Kind == 'r':
		return "range_"
	case t.Kind == 'm':
		return "multirange_"
	case t.OID == RefcursorOID:
		return "text"
	case t.IOPrefix != "":
		return t.IOPrefix
	case bareProcs[t.OID]:
		return t.Name
	}
	return t.Name + "_"
}
