package types

import "github.com/s3db-sql/s3db-sql/pgerr"

// NewEnumType makes an enum. Its values are their labels; they sort in the
// order of labels. id gives the oids, namespace and name.
func NewEnumType(id Type, labels []string) *Type {
	id.Len, id.ByVal, id.Category, id.Kind = 4, true, Enum, 'e'
	rank := make(map[string]int, len(labels))
	for i, l := range labels {
		rank[l] = i
	}
	name := QuoteIdent(id.Name)
	check := func(s string) (string, error) {
		if _, ok := rank[s]; !ok {
			return "", pgerr.New(pgerr.InvalidTextRepresentation, "invalid input value for enum %s: \"%s\"", name, s)
		}
		return s, nil
	}
	return NewType(Def[string]{Type: id, Impl: Impl[string]{
		In:      func(_ *Env, s string, _ int32) (string, error) { return check(s) },
		Out:     func(_ *Env, dst []byte, v string) []byte { return append(dst, v...) },
		Recv:    func(_ *Env, b []byte, _ int32) (string, error) { return check(string(b)) },
		Send:    func(_ *Env, dst []byte, v string) []byte { return append(dst, v...) },
		Compare: func(a, b string) int { return rank[a] - rank[b] },
		Hash:    hashString,
	}})
}

// NewDomainType makes a domain over base: its values are the base type's, with
// the domain's typmod applied on input. The constraints are the executor's. id
// gives the oids, namespace and name.
func NewDomainType(id Type, base *Type, typmod int32) *Type {
	t := *base
	t.OID, t.Array, t.Namespace, t.Name, t.Doc = id.OID, id.Array, id.Namespace, id.Name, id.Doc
	t.Base, t.Kind, t.Elem, t.elem, t.base = base.OID, 'd', 0, nil, base
	t.Preferred = false
	t.TypmodIn, t.TypmodOut = nil, nil
	t.In = func(env *Env, s string, _ int32) (any, error) { return base.In(env, s, typmod) }
	t.Recv = func(env *Env, b []byte, _ int32) (any, error) { return base.Recv(env, b, typmod) }
	return &t
}
