package types

import "github.com/s3db-sql/s3db-sql/pgerr"

// The pseudo-types stand in signatures; but for void, no value has one.
func init() {
	for _, p := range []Type{
		{OID: AnyOID, Name: "any", Doc: "pseudo-type representing any type"},
		{OID: TriggerOID, Name: "trigger", Doc: "pseudo-type for the result of a trigger function"},
		{OID: 3838, Name: "event_trigger", Doc: "pseudo-type for the result of an event trigger function"},
		{OID: 2280, Name: "language_handler", Doc: "pseudo-type for the result of a language handler function"},
		{OID: InternalOID, Name: "internal", Len: 8, Align: 'd', Doc: "pseudo-type representing an internal data structure"},
		{OID: AnyElementOID, Name: "anyelement", Doc: "pseudo-type representing a polymorphic base type"},
		{OID: AnyNonArrayOID, Name: "anynonarray", Doc: "pseudo-type representing a polymorphic base type that is not an array"},
		{OID: AnyEnumOID, Name: "anyenum", Doc: "pseudo-type representing a polymorphic base type that is an enum"},
		{OID: 3115, Name: "fdw_handler", Doc: "pseudo-type for the result of an FDW handler function"},
		{OID: 325, Name: "index_am_handler", Doc: "pseudo-type for the result of an index AM handler function"},
		{OID: 3310, Name: "tsm_handler", Doc: "pseudo-type for the result of a tablesample method function"},
		{OID: 269, Name: "table_am_handler"},
		{OID: AnyRangeOID, Name: "anyrange", Len: -1, Align: 'd', Doc: "pseudo-type representing a range over a polymorphic base type"},
		{OID: AnyMultirangeOID, Name: "anymultirange", Len: -1, Align: 'd', Doc: "pseudo-type representing a polymorphic base type that is a multirange"},
		{OID: AnyCompatibleOID, Name: "anycompatible", Doc: "pseudo-type representing a polymorphic common type"},
		{OID: AnyCompatibleNonArrayOID, Name: "anycompatiblenonarray", Doc: "pseudo-type representing a polymorphic common type that is not an array"},
		{OID: AnyCompatibleRangeOID, Name: "anycompatiblerange", Len: -1, Align: 'd', Doc: "pseudo-type representing a range over a polymorphic common type"},
		{OID: AnyCompatibleMultirangeOID, Name: "anycompatiblemultirange", Len: -1, Align: 'd', Doc: "pseudo-type representing a multirange over a polymorphic common type"},
	} {
		registerPseudo(p)
	}
}

func registerPseudo(p Type) {
	p.Category, p.Kind = Pseudo, 'p'
	if p.Len == 0 {
		p.Len = 4
	}
	p.ByVal = p.Len > 0
	name := p.Name
	Register(Def[any]{Type: p, Impl: Impl[any]{
		In: func(*Env, string, int32) (any, error) { return nil, cannotAccept(name) },
	}})
}

// polymorphic are the pseudo-types that stand for the types of arguments.
var polymorphic = map[OID]bool{
	AnyElementOID: true, AnyNonArrayOID: true, AnyEnumOID: true, AnyArrayOID: true, AnyRangeOID: true, AnyMultirangeOID: true,
	AnyCompatibleOID: true, AnyCompatibleNonArrayOID: true, AnyCompatibleArrayOID: true, AnyCompatibleRangeOID: true,
	AnyCompatibleMultirangeOID: true,
}

// IsPolymorphic is IsPolymorphicType.
func (t *Type) IsPolymorphic() bool { return polymorphic[t.OID] }

// cannotAccept is what input functions of types without input raise.
func cannotAccept(name string) *pgerr.Error {
	return pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of type %s", name)
}

// VoidType is the result of functions that return nothing: an empty string.
var VoidType = Register(Def[string]{
	Type: Type{OID: VoidOID, Name: "void", Len: 4, ByVal: true, Category: Pseudo, Kind: 'p',
		Doc: "pseudo-type for the result of a function with no real result"},
	Impl: Impl[string]{
		In:   func(*Env, string, int32) (string, error) { return "", nil },
		Out:  func(_ *Env, dst []byte, _ string) []byte { return dst },
		Recv: func(*Env, []byte, int32) (string, error) { return "", nil },
		Send: func(_ *Env, dst []byte, _ string) []byte { return dst },
	},
})

// AnyArrayType and AnyCompatibleArrayType can be shown (pg_stats has columns of
// anyarray) but not read.
var (
	AnyArrayType = registerAnyArray(AnyArrayOID, "anyarray",
		"pseudo-type representing a polymorphic array type")
	AnyCompatibleArrayType = registerAnyArray(AnyCompatibleArrayOID, "anycompatiblearray",
		"pseudo-type representing an array of polymorphic common type elements")
)

func registerAnyArray(oid OID, name, doc string) *Type {
	return Register(Def[*Array]{
		Type: Type{OID: oid, Name: name, Len: -1, Align: 'd', Category: Pseudo, Kind: 'p', Doc: doc},
		Impl: Impl[*Array]{
			In:   func(*Env, string, int32) (*Array, error) { return nil, cannotAccept(name) },
			Out:  func(env *Env, dst []byte, v *Array) []byte { return v.AppendText(env, dst) },
			Recv: func(*Env, []byte, int32) (*Array, error) { return nil, cannotAccept(name) },
			Send: func(env *Env, dst []byte, v *Array) []byte { return v.AppendBinary(env, dst) },
		},
	})
}
