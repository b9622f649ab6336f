package funcs

import (
	"cmp"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The in_range functions serve RANGE frames: whether a value lies within base
// minus (sub) or plus an offset, at or below it (less) or at or above (btree's
// third support function).

func badFrameOffset() error {
	return pgerr.New(pgerr.InvalidPrecedingOrFollowingSize, "invalid preceding or following size in window function")
}

// rangeKernel lifts a function on a value, a base and an offset.
func rangeKernel[T, O any](f func(c *Call, val, base T, offset O, sub, less bool) (bool, error)) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		return f(c, args[0].(T), args[1].(T), args[2].(O), args[3].(bool), args[4].(bool))
	})
}

// reaches compares a value with the bound: n is their order.
func reaches(n int, less bool) bool {
	if less {
		return n <= 0
	}
	return n >= 0
}

func rangeInts[T, O integer]() Kernel {
	return rangeKernel(func(_ *Call, val, base T, offset O, sub, less bool) (bool, error) {
		if offset < 0 {
			return false, badFrameOffset()
		}
		from, by := int64(base), int64(offset)
		if sub {
			by = -by
		}
		bound := from + by
		if by > 0 && bound < from || by < 0 && bound > from { // beyond every value
			return less != sub, nil
		}
		return reaches(cmp.Compare(int64(val), bound), less), nil
	})
}

func rangeFloats[T float]() Kernel {
	return rangeKernel(func(_ *Call, v, b T, offset float64, sub, less bool) (bool, error) {
		val, base := float64(v), float64(b)
		switch {
		case offset != offset || offset < 0:
			return false, badFrameOffset()
		case val != val:
			return base != base || !less, nil
		case base != base:
			return less, nil
		case math.IsInf(offset, 0) && math.IsInf(base, 0) && (base > 0) == sub:
			return true, nil
		}
		if sub {
			offset = -offset
		}
		return reaches(compareFloats(val, base+offset), less), nil
	})
}

func rangeNumerics(_ *Call, val, base, offset types.Numeric, sub, less bool) (bool, error) {
	switch {
	case offset.IsNaN() || offset.Sign() < 0:
		return false, badFrameOffset()
	case val.IsNaN():
		return base.IsNaN() || !less, nil
	case base.IsNaN():
		return less, nil
	case offset.IsInf(1) && (sub && base.IsInf(1) || !sub && base.IsInf(-1)):
		return true, nil
	}
	if sub {
		offset = offset.Neg()
	}
	bound, err := base.Add(offset)
	return reaches(val.Cmp(bound), less), err
}

// rangeMoments is in_range over what an interval is added to.
func rangeMoments[T any](compare func(a, b T) int, add func(c *Call, base T, offset types.Interval) (T, error)) Kernel {
	return rangeKernel(func(c *Call, val, base T, offset types.Interval, sub, less bool) (bool, error) {
		if offset.Compare(types.Interval{}) < 0 {
			return false, badFrameOffset()
		}
		if sub {
			var err error
			if offset, err = offset.Neg(); err != nil {
				return false, err
			}
		}
		bound, err := add(c, base, offset)
		return reaches(compare(val, bound), less), err
	})
}

// rangeDates compares as timestamps.
func rangeDates(c *Call, args []any) (any, error) {
	val, err := types.DateToTimestamp(args[0].(int32))
	if err != nil {
		return nil, err
	}
	base, err := types.DateToTimestamp(args[1].(int32))
	if err != nil {
		return nil, err
	}
	return rangeTimestamp(c, val, base, args[2].(types.Interval), args[3].(bool), args[4].(bool))
}

func rangeTimestamp(_ *Call, val, base int64, offset types.Interval, sub, less bool) (bool, error) {
	if offset.Compare(types.Interval{}) < 0 {
		return false, badFrameOffset()
	}
	add := types.TimestampAddInterval
	if sub {
		add = minusInterval(add)
	}
	bound, err := add(base, offset)
	return reaches(cmp.Compare[int64](val, bound), less), err
}

// rangeTimes does not wrap at midnight; only the time of the offset counts.
func rangeTimes[T any](micros func(T) int64, compare func(a, b T) int, with func(T, int64) T) Kernel {
	return rangeKernel(func(_ *Call, val, base T, offset types.Interval, sub, less bool) (bool, error) {
		if offset.Micros < 0 {
			return false, badFrameOffset()
		}
		by := offset.Micros
		switch {
		case sub:
			by = -by
		case by > math.MaxInt64-micros(base):
			return less, nil
		}
		return reaches(compare(val, with(base, micros(base)+by)), less), nil
	})
}

func init() {
	kernels{
		"in_range_int8_int8":          rangeInts[int64, int64](),
		"in_range_int4_int8":          rangeInts[int32, int64](),
		"in_range_int4_int4":          rangeInts[int32, int32](),
		"in_range_int4_int2":          rangeInts[int32, int16](),
		"in_range_int2_int8":          rangeInts[int16, int64](),
		"in_range_int2_int4":          rangeInts[int16, int32](),
		"in_range_int2_int2":          rangeInts[int16, int16](),
		"in_range_float8_float8":      rangeFloats[float64](),
		"in_range_float4_float8":      rangeFloats[float32](),
		"in_range_numeric_numeric":    rangeKernel(rangeNumerics),
		"in_range_date_interval":      Strict(rangeDates),
		"in_range_timestamp_interval": rangeKernel(rangeTimestamp),
		"in_range_timestamptz_interval": rangeMoments(cmp.Compare[int64], func(c *Call, base int64, v types.Interval) (int64, error) {
			return types.TimestamptzAddInterval(base, v, c.Env.Loc())
		}),
		"in_range_interval_interval": rangeMoments(types.Interval.Compare, func(_ *Call, base, v types.Interval) (types.Interval, error) {
			return base.Add(v)
		}),
		"in_range_time_interval": rangeTimes(func(t int64) int64 { return t }, cmp.Compare[int64], func(_, t int64) int64 { return t }),
		"in_range_timetz_interval": rangeTimes(func(t types.TimeTZ) int64 { return t.Micros }, types.TimeTZ.Compare,
			func(t types.TimeTZ, micros int64) types.TimeTZ { t.Micros = micros; return t }),
	}.bind()
}
