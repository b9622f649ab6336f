package vec

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// BatchSize is the usual number of rows in a batch. Tests vary it.
const BatchSize = 1024

// Vector is one column of a batch: n values of one type.
type Vector interface {
	Type() *types.Type
	Len() int
	// IsNull says whether row i is NULL.
	IsNull(i int) bool
	// HasNulls may be false only if no row is NULL.
	HasNulls() bool
	// IsConst says that one value stands for all rows.
	IsConst() bool
	// Value boxes row i: nil for NULL.
	Value(i int) any
	// Gather returns the rows sel, in that order, as a new dense vector.
	Gather(sel []int32) Vector
	// Slice returns rows [from, to) sharing memory.
	Slice(from, to int) Vector
	// WithType returns the same values under another type of the same Rep.
	WithType(t *types.Type) Vector
	// MemSize estimates the bytes held.
	MemSize() int64
	// NewBuilder returns an empty builder for vectors of this kind.
	NewBuilder(capacity int) Builder
}

// Builder makes a vector row by row. It must not be used after Build.
type Builder interface {
	Len() int
	AppendNull()
	// Append adds a boxed value; nil is NULL.
	Append(v any)
	// AppendFrom adds row i of v, which must be of the same Rep, unboxed.
	AppendFrom(v Vector, i int)
	// AppendRows adds the rows sel of v (all of them if sel is nil).
	AppendRows(v Vector, sel []int32)
	MemSize() int64
	// Build returns the vector.
	Build() Vector
	// Reset empties the builder, dropping its memory.
	Reset()
}

// Vec is a vector of T.
type Vec[T any] struct {
	typ *types.Type
	// Vals has n values, or one if the vector is constant. The value of a NULL
	// row is the zero T.
	Vals []T
	// Nulls is nil if no row is NULL; a constant vector has one bit.
	Nulls Bitmap
	n     int
	mask  int // 0 for a constant, -1 otherwise: row i is Vals[i&mask]
}

// NewVec makes a vector of vals, which it keeps. nulls may be nil.
func NewVec[T any](t *types.Type, vals []T, nulls Bitmap) *Vec[T] {
	return &Vec[T]{typ: t, Vals: vals, Nulls: nulls, n: len(vals), mask: -1}
}

// NewConst makes a constant vector of n rows.
func NewConst[T any](t *types.Type, v T, n int) *Vec[T] {
	return &Vec[T]{typ: t, Vals: []T{v}, n: n}
}

// NewConstNull makes a constant vector of n NULLs.
func NewConstNull[T any](t *types.Type, n int) *Vec[T] {
	v := &Vec[T]{typ: t, Vals: make([]T, 1), Nulls: NewBitmap(1), n: n}
	v.Nulls.Set(0)
	return v
}

// Type implements Vector.
func (v *Vec[T]) Type() *types.Type { return v.typ }

// Len implements Vector.
func (v *Vec[T]) Len() int { return v.n }

// Mask is 0 for a constant vector and -1 otherwise: kernels read Vals[i&mask].
func (v *Vec[T]) Mask() int { return v.mask }

// At returns row i unboxed; the zero T for NULL.
func (v *Vec[T]) At(i int) T { return v.Vals[i&v.mask] }

// IsNull implements Vector.
func (v *Vec[T]) IsNull(i int) bool { return v.Nulls != nil && v.Nulls.Get(i&v.mask) }

// HasNulls implements Vector.
func (v *Vec[T]) HasNulls() bool { return v.Nulls != nil }

// IsConst implements Vector.
func (v *Vec[T]) IsConst() bool { return v.mask == 0 }

// Value implements Vector.
func (v *Vec[T]) Value(i int) any {
	if v.IsNull(i) {
		return nil
	}
	return v.Vals[i&v.mask]
}

// Gather implements Vector.
func (v *Vec[T]) Gather(sel []int32) Vector {
	if v.mask == 0 {
		c := *v
		c.n = len(sel)
		return &c
	}
	vals := make([]T, len(sel))
	for o, i := range sel {
		vals[o] = v.Vals[i]
	}
	return NewVec(v.typ, vals, v.Nulls.gather(sel))
}

// Slice implements Vector.
func (v *Vec[T]) Slice(from, to int) Vector {
	c := *v
	c.n = to - from
	if v.mask != 0 {
		c.Vals = v.Vals[from:to]
		c.Nulls = v.Nulls.slice(from, to)
	}
	return &c
}

// WithType implements Vector.
func (v *Vec[T]) WithType(t *types.Type) Vector {
	c := *v
	c.typ = t
	return &c
}

// MemSize implements Vector.
func (v *Vec[T]) MemSize() int64 { return memSize(v.Vals) + int64(len(v.Nulls))*8 }

// NewBuilder implements Vector.
func (v *Vec[T]) NewBuilder(capacity int) Builder { return NewVecBuilder[T](v.typ, capacity) }

// Of asserts that v holds values of Go type T. A mismatch is a fault of ours.
func Of[T any](v Vector) *Vec[T] {
	t, ok := v.(*Vec[T])
	if !ok {
		panic(fmt.Sprintf("vec: %s vector is %T, not %T", v.Type().Name, v, t))
	}
	return t
}

// VecBuilder builds a Vec[T].
type VecBuilder[T any] struct {
	typ   *types.Type
	Vals  []T
	nulls Bitmap
}

// NewVecBuilder makes a builder with room for capacity rows.
func NewVecBuilder[T any](t *types.Type, capacity int) *VecBuilder[T] {
	return &VecBuilder[T]{typ: t, Vals: make([]T, 0, capacity)}
}

// Len implements Builder.
func (b *VecBuilder[T]) Len() int { return len(b.Vals) }

// Put adds an unboxed value.
func (b *VecBuilder[T]) Put(v T) { b.Vals = append(b.Vals, v) }

// AppendNull implements Builder.
func (b *VecBuilder[T]) AppendNull() {
	var zero T
	b.nulls = b.nulls.grow(len(b.Vals) + 1)
	b.nulls.Set(len(b.Vals))
	b.Vals = append(b.Vals, zero)
}

// Append implements Builder.
func (b *VecBuilder[T]) Append(v any) {
	if v == nil {
		b.AppendNull()
		return
	}
	b.Vals = append(b.Vals, v.(T))
}

// AppendFrom implements Builder.
func (b *VecBuilder[T]) AppendFrom(v Vector, i int) {
	if v.IsNull(i) {
		b.AppendNull()
		return
	}
	b.Vals = append(b.Vals, Of[T](v).At(i))
}

// AppendRows implements Builder.
func (b *VecBuilder[T]) AppendRows(v Vector, sel []int32) {
	if sel == nil {
		for i := range v.Len() {
			b.AppendFrom(v, i)
		}
		return
	}
	for _, i := range sel {
		b.AppendFrom(v, int(i))
	}
}

// MemSize implements Builder.
func (b *VecBuilder[T]) MemSize() int64 { return memSize(b.Vals) + int64(len(b.nulls))*8 }

// Build implements Builder.
func (b *VecBuilder[T]) Build() Vector {
	if b.nulls != nil {
		b.nulls = b.nulls.grow(len(b.Vals))
	}
	return NewVec(b.typ, b.Vals, b.nulls)
}

// Reset implements Builder.
func (b *VecBuilder[T]) Reset() { b.Vals, b.nulls = nil, nil }

// Convert returns v with each value changed by f, which must not mind the zero T
// of NULL rows.
func Convert[T, U any](v *Vec[T], t *types.Type, f func(T) U) *Vec[U] {
	if v.IsConst() {
		if v.IsNull(0) {
			return NewConstNull[U](t, v.Len())
		}
		return NewConst(t, f(v.Vals[0]), v.Len())
	}
	out := make([]U, len(v.Vals))
	for i, x := range v.Vals {
		out[i] = f(x)
	}
	return NewVec(t, out, v.Nulls)
}
