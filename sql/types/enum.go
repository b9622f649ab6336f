package types

import "github.com/s3db-sql/s3db-sql/pgerr"

// EnumLabel is one value of an enum: a row of pg_enum.
type EnumLabel struct {
	OID   OID
	Name  string
	Order float32 // enumsortorder
	// Unsafe: added by ALTER TYPE in the open transaction, so that it can't be used
	// before the commit.
	Unsafe bool
}

// Labels names the values of an enum that nothing stores.
func Labels(names ...string) []EnumLabel {
	out := make([]EnumLabel, len(names))
	for i, n := range names {
		out[i] = EnumLabel{Name: n, Order: float32(i + 1)}
	}
	return out
}

// NewEnumType makes an enum. Its values are their labels, which are given in
// their order. id gives the oids, namespace and name.
func NewEnumType(id Type, labels []EnumLabel) *Type {
	id.Len, id.ByVal, id.Category, id.Kind, id.Labels = 4, true, Enum, 'e', labels
	e := &enum{name: QuoteIdent(id.Name), bare: id.Name, rank: make(map[string]int, len(labels)), labels: labels}
	for i, l := range labels {
		e.rank[l.Name] = i
	}
	return NewType(Def[string]{Type: id, Impl: Impl[string]{
		In:  func(_ *Env, s string, _ int32) (string, error) { return e.check(s) },
		Out: func(_ *Env, dst []byte, v string) []byte { return append(dst, v...) },
		Recv: func(env *Env, b []byte, _ int32) (string, error) {
			s, err := recvText(env, b)
			if err != nil {
				return "", err
			}
			return e.check(s)
		},
		Send:    sendText,
		Compare: func(a, b string) int { return e.rank[a] - e.rank[b] },
		Hash:    hashString,
	}})
}

type enum struct {
	name, bare string
	rank       map[string]int
	labels     []EnumLabel
}

// check is enum_in: 22P02, and 55P04 for a value that is not committed yet
// (check_safe_enum_use).
func (e *enum) check(s string) (string, error) {
	i, ok := e.rank[s]
	switch {
	case !ok:
		return "", pgerr.New(pgerr.InvalidTextRepresentation, "invalid input value for enum %s: \"%s\"", e.name, s)
	case e.labels[i].Unsafe:
		return "", UnsafeEnumValue(e.bare, s)
	}
	return s, nil
}

// UnsafeEnumValue is 55P04.
func UnsafeEnumValue(typeName, label string) error {
	return pgerr.New(pgerr.UnsafeNewEnumValueUsage, "unsafe use of new value \"%s\" of enum type %s", label, typeName).
		WithHint("New enum values must be committed before they can be used.")
}

// EnumAtRest is the form in which rows keep the values of an enum whose labels
// have been renamed: stored gives the text at rest of each label. Its values are
// t's.
func EnumAtRest(t *Type, stored map[string]string) *Type {
	label := make(map[string]string, len(stored))
	for l, s := range stored {
		label[s] = l
	}
	in := func(s string) (string, error) {
		if l, ok := label[s]; ok {
			return l, nil
		}
		return "", InvalidInput(t.Name, s)
	}
	impl := *ImplOf[string](t)
	impl.In = func(_ *Env, s string, _ int32) (string, error) { return in(s) }
	impl.Out = func(_ *Env, dst []byte, v string) []byte { return append(dst, stored[v]...) }
	return atRest(NewType(Def[string]{Type: *t, Impl: impl}), t)
}
