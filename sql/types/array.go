package types

// newArrayType derives the array type of elem: its name is _elem, its codecs
// are the element's with PostgreSQL's array syntax around them.
func newArrayType(elem *Type) *Type {
	return NewType(Def[*Array]{
		Type: Type{
			OID: elem.Array, Name: "_" + elem.Name, Namespace: elem.Namespace, Len: -1,
			Elem: elem.OID, Category: Array_, Delim: elem.Delim, Collation: elem.Collation,
		},
	})
}
