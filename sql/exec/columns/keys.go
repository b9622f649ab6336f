package columns

import (
	"unsafe"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// KeyColumn is one column of the keys of a hash table: append-only, compared
// with rows of a bound vector. NULL equals NULL.
type KeyColumn interface {
	// Bind sets the vector that Append and Equal read.
	Bind(v vec.Vector)
	Append(i int)
	// Equal compares row i of the bound vector with key number at.
	Equal(i int, at int32) bool
	// Vector returns keys [from, to).
	Vector(t *types.Type, from, to int) vec.Vector
	MemSize() int64
	// Reader is the same column with a binding of its own.
	Reader() KeyColumn
}

// NewKeyColumn makes an empty key column.
func NewKeyColumn(t *types.Type) KeyColumn { return opsOf(t).keys(t) }

type keyStore[T any] struct {
	vals  []T
	nulls vec.Bitmap
	in    *vec.Vec[T]
	bytes int64
}

func (k *keyStore[T]) Bind(v vec.Vector) { k.in = vec.Of[T](v) }

func (k *keyStore[T]) Append(i int) {
	at := len(k.vals)
	v := k.in.At(i)
	k.vals = append(k.vals, v)
	k.bytes += payload(any(v))
	if at>>6 >= len(k.nulls) {
		k.nulls = append(k.nulls, 0)
	}
	if k.in.IsNull(i) {
		k.nulls.Set(at)
	}
}

func payload(v any) int64 {
	switch v := v.(type) {
	case string:
		return int64(len(v))
	case []byte:
		return int64(len(v))
	case *types.JSON, *types.Array, *types.Record:
		return 128
	}
	return 0
}

func (k *keyStore[T]) Vector(t *types.Type, from, to int) vec.Vector {
	vals := k.vals[from:to:to]
	var nulls vec.Bitmap
	for i := from; i < to; i++ {
		if k.nulls.Get(i) {
			if nulls == nil {
				nulls = vec.NewBitmap(to - from)
			}
			nulls.Set(i - from)
		}
	}
	return vec.NewVec(t, vals, nulls)
}

func (k *keyStore[T]) MemSize() int64 {
	var zero T
	return int64(cap(k.vals))*int64(unsafe.Sizeof(zero)) + int64(len(k.nulls))*8 + k.bytes
}

// comparableKeys is for types whose equality is Go's.
type comparableKeys[T comparable] struct{ keyStore[T] }

func newComparableKeys[T comparable](*types.Type) KeyColumn { return &comparableKeys[T]{} }

func (k *comparableKeys[T]) Reader() KeyColumn {
	c := *k
	return &c
}

func (k *comparableKeys[T]) Equal(i int, at int32) bool {
	// The value of a NULL row is zero, so values are compared first.
	return k.vals[at] == k.in.At(i) && k.nulls.Get(int(at)) == k.in.IsNull(i)
}

// keys is for all other types.
type keys[T any] struct {
	keyStore[T]
	eq func(a, b T) bool
}

func newKeys[T any](t *types.Type) KeyColumn {
	cmp := compareOf[T](t)
	return &keys[T]{eq: func(a, b T) bool { return cmp(a, b) == 0 }}
}

func (k *keys[T]) Reader() KeyColumn {
	c := *k
	return &c
}

func (k *keys[T]) Equal(i int, at int32) bool {
	null := k.in.IsNull(i)
	if null || k.nulls.Get(int(at)) {
		return null && k.nulls.Get(int(at))
	}
	return k.eq(k.vals[at], k.in.At(i))
}
