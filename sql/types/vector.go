package types

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// int2vector and oidvector are arrays with lower bound 0 and a text form of
// their own; PostgreSQL's catalogs use them.
var (
	Int2VectorType = Register(Def[*Array]{
		Type: Type{OID: Int2VectorOID, Name: "int2vector", Array: 1006, Elem: Int2OID, Len: -1, Storage: 'p',
			Category: Array_, Doc: "array of int2, used in system tables"},
		Impl: vectorImpl(Int2Type),
	})
	OidVectorType = Register(Def[*Array]{
		Type: Type{OID: OidVectorOID, Name: "oidvector", Array: 1013, Elem: OidOID, Len: -1, Storage: 'p',
			Category: Array_, Doc: "array of oids, used in system tables"},
		Impl: func() Impl[*Array] {
			i := vectorImpl(OidType)
			i.Compare = compareOidVectors
			return i
		}(),
	})
)

// NewVector makes an int2vector's or oidvector's value of int16s or OIDs.
func NewVector[T int16 | uint32](elem *Type, values []T) *Array {
	elems := make([]any, len(values))
	for i, v := range values {
		elems[i] = v
	}
	return newVector(elem, elems)
}

func newVector(elem *Type, elems []any) *Array {
	return &Array{Elem: elem, Dims: []Dim{{Len: int32(len(elems))}}, Elems: elems}
}

// IsVector says whether t is int2vector or oidvector.
func (t *Type) IsVector() bool { return t.OID == Int2VectorOID || t.OID == OidVectorOID }

// CheckVector is check_valid_oidvector of an array, nil for NULL, that is to be a value
// of t: 42804 unless it has one dimension and no NULLs.
func (t *Type) CheckVector(v any) error {
	a, ok := v.(*Array)
	if ok && (len(a.Dims) != 1 || slices.Contains(a.Elems, nil)) {
		return pgerr.New(pgerr.DatatypeMismatch, "array is not a valid %s", t.Name)
	}
	return nil
}

func vectorImpl(elem *Type) Impl[*Array] {
	impl := arrayImpl(elem)
	impl.In = func(_ *Env, s string, _ int32) (*Array, error) { return parseVector(elem, s) }
	impl.Recv = func(env *Env, b []byte, typmod int32) (*Array, error) {
		a, err := arrayFromBinary(env, elem, b, typmod)
		if err != nil {
			return nil, err
		}
		return asVector(a)
	}
	impl.Out = func(env *Env, dst []byte, v *Array) []byte {
		for i, e := range v.Elems {
			if i > 0 {
				dst = append(dst, ' ')
			}
			dst = elem.Out(env, dst, e)
		}
		return dst
	}
	return impl
}

// asVector checks that an array may be a vector: one dimension, no NULLs.
func asVector(a *Array) (*Array, error) {
	for _, e := range a.Elems {
		if e == nil {
			return nil, badBinary("vector")
		}
	}
	if len(a.Dims) > 1 {
		return nil, badBinary("vector")
	}
	return newVector(a.Elem, a.Elems), nil
}

func parseVector(elem *Type, s string) (*Array, error) {
	var elems []any
	for _, word := range strings.Fields(s) {
		v, err := elem.In(nil, word, -1)
		if err != nil {
			return nil, err
		}
		elems = append(elems, v)
	}
	return newVector(elem, elems), nil
}

// compareOidVectors is btoidvectorcmp: by length first, then by elements; bounds do not
// matter, as an array that is cast keeps its own.
func compareOidVectors(a, b *Array) int {
	if c := cmpInt64(int64(len(a.Elems)), int64(len(b.Elems))); c != 0 {
		return c
	}
	for i := range a.Elems {
		if c := a.Elem.Compare(a.Elems[i], b.Elems[i]); c != 0 {
			return c
		}
	}
	return 0
}
