package vec

import (
	"unsafe"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// rep makes the vectors of one types.Rep.
type rep struct {
	builder   func(t *types.Type, capacity int) Builder
	constant  func(t *types.Type, v any, n int) Vector
	constNull func(t *types.Type, n int) Vector
	concat    func(t *types.Type, vs []Vector, n int) Vector
}

func repFor[T any]() rep {
	return rep{
		builder:   func(t *types.Type, c int) Builder { return NewVecBuilder[T](t, c) },
		constant:  func(t *types.Type, v any, n int) Vector { return NewConst(t, v.(T), n) },
		constNull: func(t *types.Type, n int) Vector { return NewConstNull[T](t, n) },
		concat:    concat[T],
	}
}

var reps = [...]rep{
	types.RepAny:      repFor[any](),
	types.RepBool:     repFor[bool](),
	types.RepInt16:    repFor[int16](),
	types.RepInt32:    repFor[int32](),
	types.RepInt64:    repFor[int64](),
	types.RepUint32:   repFor[uint32](),
	types.RepFloat32:  repFor[float32](),
	types.RepFloat64:  repFor[float64](),
	types.RepString:   repFor[string](),
	types.RepBytes:    repFor[[]byte](),
	types.RepNumeric:  repFor[types.Numeric](),
	types.RepInterval: repFor[types.Interval](),
	types.RepUUID:     repFor[types.UUID](),
	types.RepJSON:     repFor[*types.JSON](),
	types.RepArray:    repFor[*types.Array](),
	types.RepRecord:   repFor[*types.Record](),
}

// NewBuilder makes a builder for t.
func NewBuilder(t *types.Type, capacity int) Builder { return reps[t.Rep].builder(t, capacity) }

// Const makes a constant vector of n rows of a boxed value; nil is NULL.
func Const(t *types.Type, v any, n int) Vector {
	if v == nil {
		return reps[t.Rep].constNull(t, n)
	}
	return reps[t.Rep].constant(t, v, n)
}

// Flatten returns v with one value per row, even if it was constant.
func Flatten(v Vector) Vector {
	if !v.IsConst() {
		return v
	}
	b := v.NewBuilder(v.Len())
	b.AppendRows(v, nil)
	return b.Build()
}

// memSize estimates the bytes of vals. The contents of boxed values are
// guessed: accounting must be cheap, not exact.
func memSize[T any](vals []T) int64 {
	var zero T
	n := int64(cap(vals)) * int64(unsafe.Sizeof(zero))
	switch vs := any(vals).(type) {
	case []string:
		for _, s := range vs {
			n += int64(len(s))
		}
	case [][]byte:
		for _, s := range vs {
			n += int64(len(s))
		}
	case []*types.JSON, []*types.Array, []*types.Record, []any:
		n += int64(len(vals)) * 128
	}
	return n
}
