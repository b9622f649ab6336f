package columns

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Common returns the type in which keys of types a and b can be compared with
// each other: the same values hash and compare alike after Widen. ok is false
// where there is none.
func Common(a, b *types.Type) (t *types.Type, ok bool) {
	if a.Rep == b.Rep {
		if blankPadded(b) {
			return b, blankPadded(a)
		}
		if a.Bytewise() != b.Bytewise() {
			return a, false
		}
		return a, !blankPadded(a)
	}
	if wa, wb := intWidth(a), intWidth(b); wa > 0 && wb > 0 {
		if wa > wb {
			return a, true
		}
		return b, true
	}
	switch {
	case a.Rep == types.RepFloat32 && b.Rep == types.RepFloat64:
		return b, true
	case a.Rep == types.RepFloat64 && b.Rep == types.RepFloat32:
		return a, true
	}
	return nil, false
}

func intWidth(t *types.Type) int {
	switch t.Rep {
	case types.RepInt16:
		return 2
	case types.RepInt32:
		return 4
	case types.RepInt64:
		return 8
	}
	return 0
}

// Widen converts v to the representation of t, which Common returned.
func Widen(v vec.Vector, t *types.Type) vec.Vector {
	if v.Type().Rep == t.Rep {
		return v
	}
	switch v := v.(type) {
	case *vec.Vec[int16]:
		if t.Rep == types.RepInt32 {
			return vec.Convert(v, t, func(x int16) int32 { return int32(x) })
		}
		return vec.Convert(v, t, func(x int16) int64 { return int64(x) })
	case *vec.Vec[int32]:
		return vec.Convert(v, t, func(x int32) int64 { return int64(x) })
	case *vec.Vec[float32]:
		return vec.Convert(v, t, func(x float32) float64 { return float64(x) })
	}
	panic("columns: no way to widen " + v.Type().Name + " to " + t.Name)
}
