package funcs

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// scaleOf is NULL for NaN and the infinities.
func scaleOf(f func(types.Numeric) int32) func(*Call, types.Numeric) (int32, bool, error) {
	return func(_ *Call, n types.Numeric) (int32, bool, error) { return f(n), n.IsFinite(), nil }
}

func widthBucketFloat(v, low, high float64, count int32) (int32, error) {
	switch {
	case count <= 0:
		return 0, bucketError("count must be greater than zero")
	case v != v || low != low || high != high:
		return 0, bucketError("operand, lower bound, and upper bound cannot be NaN")
	case math.IsInf(low, 0) || math.IsInf(high, 0):
		return 0, bucketError("lower and upper bounds must be finite")
	case low == high:
		return 0, bucketError("lower bound cannot equal upper bound")
	case low < high:
		return bucket(v, low, high, count)
	}
	return bucket(-v, -low, -high, count)
}

func bucketError(msg string) error {
	return pgerr.New(pgerr.InvalidArgumentForWidthBucketFunction, "%s", msg)
}

func bucket(v, low, high float64, count int32) (int32, error) {
	if v < low {
		return 0, nil
	}
	if v >= high {
		if count == math.MaxInt32 {
			return 0, outOfRange("integer")
		}
		return count + 1, nil
	}
	var b int32
	if !math.IsInf(high-low, 0) {
		b = int32(float64(count) * ((v - low) / (high - low)))
	} else {
		b = int32(float64(count) * ((v/2 - low/2) / (high/2 - low/2)))
	}
	return min(b, count-1) + 1, nil
}

// widthBucketArray finds the bucket of v among ascending thresholds, by the
// element type's own order.
func widthBucketArray(c *Call, args []any) (any, error) {
	a := args[1].(*types.Array)
	if len(a.Dims) > 1 {
		return nil, pgerr.New(pgerr.ArraySubscriptError, "thresholds must be one-dimensional array")
	}
	lo, hi := 0, len(a.Elems)
	for _, e := range a.Elems {
		if e == nil {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "thresholds array must not contain NULLs")
		}
	}
	for lo < hi {
		mid := (lo + hi) / 2
		if c.Args[0].Compare(args[0], a.Elems[mid]) < 0 {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return int32(lo), nil
}

func init() {
	kernels{
		"numeric_round":        E2(types.Numeric.RoundChecked),
		"numeric_trunc":        F2(types.Numeric.Trunc),
		"round(numeric)":       F1(func(n types.Numeric) types.Numeric { return n.Round(0) }),
		"trunc(numeric)":       F1(func(n types.Numeric) types.Numeric { return n.Trunc(0) }),
		"numeric_ceil":         F1(types.Numeric.Ceil),
		"numeric_floor":        F1(types.Numeric.Floor),
		"numeric_sqrt":         E1(types.Numeric.Sqrt),
		"numeric_exp":          E1(types.Numeric.Exp),
		"numeric_ln":           E1(types.Numeric.Ln),
		"numeric_log":          E2(func(base, n types.Numeric) (types.Numeric, error) { return n.LogBase(base) }),
		"log(numeric)":         E1(types.Numeric.Log10),
		"log10(numeric)":       E1(types.Numeric.Log10),
		"numeric_power":        E2(types.Numeric.Power),
		"numeric_fac":          E1(types.NumericFactorial),
		"numeric_gcd":          F2(types.Numeric.GCD),
		"numeric_lcm":          E2(types.Numeric.LCM),
		"numeric_scale":        Maybe1(scaleOf(types.Numeric.Scale)),
		"numeric_min_scale":    Maybe1(scaleOf(types.Numeric.MinScale)),
		"numeric_trim_scale":   F1(types.Numeric.TrimScale),
		"width_bucket_float8":  Lift4(func(_ *Call, v, lo, hi float64, n int32) (int32, error) { return widthBucketFloat(v, lo, hi, n) }),
		"width_bucket_numeric": Lift4(func(_ *Call, v, lo, hi types.Numeric, n int32) (int32, error) { return v.WidthBucket(lo, hi, n) }),
		"width_bucket_array":   Strict(widthBucketArray),
	}.bind()
}
