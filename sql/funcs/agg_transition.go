package funcs

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The transition and final functions of the built-in aggregates, for those that
// a database makes with CREATE AGGREGATE. Their states are arrays, as in
// PostgreSQL; what they compute is what agg_float.go computes.

// momentsOf reads a state of n float8 (check_float8_array).
func momentsOf(a *types.Array, n int, caller string) ([]float64, error) {
	out := make([]float64, 0, n)
	for _, e := range a.Elems {
		if v, ok := e.(float64); ok {
			out = append(out, v)
		}
	}
	if len(a.Dims) != 1 || len(a.Elems) != n || len(out) != n {
		return nil, pgerr.Internal("%s: expected %d-element float8 array", caller, n)
	}
	return out, nil
}

func momentsArray(vs ...float64) *types.Array {
	elems := make([]any, len(vs))
	for i, v := range vs {
		elems[i] = v
	}
	return &types.Array{Elem: types.ByOID(types.Float8OID), Dims: []types.Dim{{Len: int32(len(vs)), Lower: 1}}, Elems: elems}
}

func floatState(a *types.Array, caller string) (*floatMoments, error) {
	v, err := momentsOf(a, 3, caller)
	if err != nil {
		return nil, err
	}
	return &floatMoments{v[0], v[1], v[2]}, nil
}

func (s *floatMoments) array() *types.Array { return momentsArray(s.n, s.sx, s.sxx) }

func pairState(a *types.Array, caller string) (*pairMoments, error) {
	v, err := momentsOf(a, 6, caller)
	if err != nil {
		return nil, err
	}
	return &pairMoments{n: v[0], sx: v[1], sxx: v[2], sy: v[3], syy: v[4], sxy: v[5]}, nil
}

func (s *pairMoments) array() *types.Array { return momentsArray(s.n, s.sx, s.sxx, s.sy, s.syy, s.sxy) }

// accumulate is float4_accum and float8_accum.
func accumulate[T float](caller string) Kernel {
	return E2(func(a *types.Array, v T) (*types.Array, error) {
		s, err := floatState(a, caller)
		if err != nil {
			return nil, err
		}
		err = s.add(float64(v))
		return s.array(), err
	})
}

func combineMoments(a, b *types.Array) (*types.Array, error) {
	s, err := floatState(a, "float8_combine")
	if err != nil {
		return nil, err
	}
	o, err := floatState(b, "float8_combine")
	if err != nil {
		return nil, err
	}
	err = s.merge(o)
	return s.array(), err
}

func accumulatePair(a *types.Array, y, x float64) (*types.Array, error) {
	s, err := pairState(a, "float8_regr_accum")
	if err != nil {
		return nil, err
	}
	err = s.add(y, x)
	return s.array(), err
}

func combinePairs(a, b *types.Array) (*types.Array, error) {
	s, err := pairState(a, "float8_regr_combine")
	if err != nil {
		return nil, err
	}
	o, err := pairState(b, "float8_regr_combine")
	if err != nil {
		return nil, err
	}
	s.merge(o)
	return s.array(), nil
}

// bindFinals binds the final functions of a state: those of one read three
// moments, those of pairs six.
func bindFinals[S any](read func(a *types.Array, caller string) (S, error), finals map[string]func(s S) (float64, bool)) {
	for name, final := range finals {
		kernels{name: Maybe1(func(_ *Call, a *types.Array) (float64, bool, error) {
			s, err := read(a, name)
			if err != nil {
				return 0, false, err
			}
			v, ok := final(s)
			return v, ok, nil
		})}.bind()
	}
}

// sumInto is int2_sum and int4_sum: NULL until there is a value.
func sumInto[T int16 | int32]() Kernel {
	return Boxed(false, func(_ *Call, args []any) (any, error) {
		sum, started := args[0].(int64)
		v, ok := args[1].(T)
		switch {
		case !ok && !started:
			return nil, nil
		case !ok:
			return sum, nil
		}
		return sum + int64(v), nil
	})
}

// countAndSum reads the {count, sum} of int4_avg_accum.
func countAndSum(a *types.Array) (count, sum int64, err error) {
	if len(a.Dims) == 1 && len(a.Elems) == 2 {
		n, ok1 := a.Elems[0].(int64)
		s, ok2 := a.Elems[1].(int64)
		if ok1 && ok2 {
			return n, s, nil
		}
	}
	return 0, 0, pgerr.Internal("expected 2-element int8 array")
}

func countAndSumArray(count, sum int64) *types.Array {
	return &types.Array{Elem: types.ByOID(types.Int8OID), Dims: []types.Dim{{Len: 2, Lower: 1}}, Elems: []any{count, sum}}
}

// averageInto adds a value (by 1) or takes it away (by -1).
func averageInto[T int16 | int32](by int64) Kernel {
	return E2(func(a *types.Array, v T) (*types.Array, error) {
		n, sum, err := countAndSum(a)
		return countAndSumArray(n+by, sum+by*int64(v)), err
	})
}

func combineAverages(a, b *types.Array) (*types.Array, error) {
	n, sum, err := countAndSum(a)
	if err != nil {
		return nil, err
	}
	m, more, err := countAndSum(b)
	return countAndSumArray(n+m, sum+more), err
}

func averageOf(_ *Call, a *types.Array) (avg types.Numeric, ok bool, err error) {
	n, sum, err := countAndSum(a)
	if err != nil || n == 0 {
		return avg, false, err
	}
	avg, err = types.NumericFromInt64(sum).Div(types.NumericFromInt64(n))
	return avg, true, err
}

func sumOf(_ *Call, a *types.Array) (int64, bool, error) {
	n, sum, err := countAndSum(a)
	return sum, n != 0, err
}

// countStep counts by 1 or -1 whatever the value is.
func countStep(by int64) Kernel {
	return Strict(func(_ *Call, args []any) (any, error) {
		n := args[0].(int64)
		if n == math.MaxInt64 && by > 0 || n == math.MinInt64 && by < 0 {
			return nil, outOfRange("bigint")
		}
		return n + by, nil
	})
}

func init() {
	kernels{
		"float4_accum":          accumulate[float32]("float4_accum"),
		"float8_accum":          accumulate[float64]("float8_accum"),
		"float8_combine":        E2(combineMoments),
		"float8_regr_accum":     E3(accumulatePair),
		"float8_regr_combine":   E2(combinePairs),
		"booland_statefunc":     F2(func(a, b bool) bool { return a && b }),
		"boolor_statefunc":      F2(func(a, b bool) bool { return a || b }),
		"int2_sum":              sumInto[int16](),
		"int4_sum":              sumInto[int32](),
		"int2_avg_accum":        averageInto[int16](1),
		"int4_avg_accum":        averageInto[int32](1),
		"int2_avg_accum_inv":    averageInto[int16](-1),
		"int4_avg_accum_inv":    averageInto[int32](-1),
		"int4_avg_combine":      E2(combineAverages),
		"int8_avg":              Maybe1(averageOf),
		"int2int4_sum":          Maybe1(sumOf),
		"int8inc_any":           countStep(1),
		"int8dec_any":           countStep(-1),
		"int8inc_float8_float8": countStep(1),
	}.bind()
	bindFinals(floatState, map[string]func(s *floatMoments) (float64, bool){
		"float8_avg": floatAvg, "float8_var_pop": floatVarPop, "float8_var_samp": floatVarSamp,
		"float8_stddev_pop": rootOf(floatVarPop), "float8_stddev_samp": rootOf(floatVarSamp),
	})
	bindFinals(pairState, map[string]func(s *pairMoments) (float64, bool){
		"float8_regr_sxx": regrSxx, "float8_regr_syy": regrSyy, "float8_regr_sxy": regrSxy,
		"float8_regr_avgx": regrAvgX, "float8_regr_avgy": regrAvgY, "float8_regr_r2": determination,
		"float8_regr_slope": slope, "float8_regr_intercept": intercept, "float8_corr": correlation,
		"float8_covar_pop": covarPop, "float8_covar_samp": covarSamp,
	})
}
