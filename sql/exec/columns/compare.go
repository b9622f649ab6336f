package columns

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Comparer orders rows of two vectors of its type that are not NULL.
type Comparer interface {
	Compare(a vec.Vector, i int, b vec.Vector, j int) int
}

// NewComparer returns the type's default order.
func NewComparer(t *types.Type) Comparer { return opsOf(t).comparer(t) }

type comparer[T any] struct{ cmp func(a, b T) int }

func (c comparer[T]) Compare(a vec.Vector, i int, b vec.Vector, j int) int {
	return c.cmp(vec.Of[T](a).At(i), vec.Of[T](b).At(j))
}

func compareInt[T int16 | int32 | int64 | uint32 | uint64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// Order is the direction of one sort key.
type Order struct {
	Type       *types.Type
	Desc       bool
	NullsFirst bool
}

// Orders compares rows by several keys.
type Orders []keyOrder

type keyOrder struct {
	Order
	cmp Comparer
}

// NewOrders makes the comparison of keys in the given orders.
func NewOrders(os []Order) Orders {
	out := make(Orders, len(os))
	for i, o := range os {
		out[i] = keyOrder{o, NewComparer(o.Type)}
	}
	return out
}

// Compare orders row i of a against row j of b, NULLs as the keys say.
func (o Orders) Compare(a []vec.Vector, i int, b []vec.Vector, j int) int {
	return o.compareFrom(0, a, i, b, j)
}

func (o Orders) compareFrom(first int, a []vec.Vector, i int, b []vec.Vector, j int) int {
	for k := first; k < len(o); k++ {
		if c := o[k].compare(a[k], i, b[k], j); c != 0 {
			return c
		}
	}
	return 0
}

func (o *keyOrder) compare(a vec.Vector, i int, b vec.Vector, j int) int {
	an, bn := a.IsNull(i), b.IsNull(j)
	if an || bn {
		return o.compareNulls(an, bn)
	}
	c := o.cmp.Compare(a, i, b, j)
	if o.Desc {
		return -c
	}
	return c
}

// rowOrder compares rows of one dense vector: what a sort calls most.
func rowOrder[T any](o *keyOrder, v vec.Vector) func(i, j int32) int {
	t, cmp, sign := vec.Of[T](v), o.cmp.(comparer[T]).cmp, 1
	if o.Desc {
		sign = -1
	}
	vals := t.Vals
	if t.Nulls == nil {
		return func(i, j int32) int { return sign * cmp(vals[i], vals[j]) }
	}
	return func(i, j int32) int {
		in, jn := t.Nulls.Get(int(i)), t.Nulls.Get(int(j))
		if in || jn {
			return o.compareNulls(in, jn)
		}
		return sign * cmp(vals[i], vals[j])
	}
}

func (o *keyOrder) compareNulls(a, b bool) int {
	switch {
	case a && b:
		return 0
	case a == o.NullsFirst:
		return -1
	}
	return 1
}

// Equaler tests rows of two vectors of one type for equality; NULL equals NULL.
type Equaler struct{ cmp Comparer }

// NewEqualer returns the type's equality.
func NewEqualer(t *types.Type) Equaler { return Equaler{NewComparer(t)} }

// Equal compares row i of a with row j of b.
func (e Equaler) Equal(a vec.Vector, i int, b vec.Vector, j int) bool {
	an, bn := a.IsNull(i), b.IsNull(j)
	if an || bn {
		return an && bn
	}
	return e.cmp.Compare(a, i, b, j) == 0
}
