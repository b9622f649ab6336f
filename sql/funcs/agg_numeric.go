package funcs

import (
	"math/big"
	"math/bits"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// int128 is a sum of bigints, which cannot overflow it.
type int128 struct {
	hi, lo uint64
	n      int64
}

func (s *int128) add(v int64) {
	lo, carry := bits.Add64(s.lo, uint64(v), 0)
	s.hi, _ = bits.Add64(s.hi, uint64(v>>63), carry)
	s.lo = lo
	s.n++
}

func (s *int128) merge(o *int128) {
	lo, carry := bits.Add64(s.lo, o.lo, 0)
	s.hi, _ = bits.Add64(s.hi, o.hi, carry)
	s.lo = lo
	s.n += o.n
}

func (s *int128) numeric() types.Numeric {
	if int64(s.hi) == int64(s.lo)>>63 {
		return types.NumericFromInt64(int64(s.lo))
	}
	b := new(big.Int).SetInt64(int64(s.hi))
	b.Lsh(b, 64)
	return types.NumericFromBigInt(b.Add(b, new(big.Int).SetUint64(s.lo)), 0)
}

// intTotal is an aggregate over integers that needs their exact sum and count.
func intTotal[T integer](result func(s *int128) (types.Numeric, error)) AggFunc {
	return agg(aggSpec[int128]{
		strict: true,
		update: func(st *aggState[int128], args []vec.Vector, in *inputs) error {
			a, groups := columnOf[T](args[0]), st.groups
			for k := range in.count() {
				groups[in.group(k)].add(int64(a.at(in.row(k))))
			}
			return nil
		},
		merge: simpleMerge(func(into, from *int128) { into.merge(from) }),
		result: func(_ *Call, s *int128, out vec.Builder) error {
			return putNumeric(out, s.n, func() (types.Numeric, error) { return result(s) })
		},
	})
}

// putNumeric appends the value of a group of n rows: NULL for none.
func putNumeric(out vec.Builder, n int64, f func() (types.Numeric, error)) error {
	if n == 0 {
		out.AppendNull()
		return nil
	}
	v, err := f()
	if err != nil {
		return err
	}
	put(out, v)
	return nil
}

func sumInt128(s *int128) (types.Numeric, error) { return s.numeric(), nil }

func avgInt128(s *int128) (types.Numeric, error) {
	return s.numeric().Div(types.NumericFromInt64(s.n))
}

// moments are the exact count, sum and sum of squares of numerics.
type moments struct {
	n     int64
	sum   types.NumericSum
	sumSq types.NumericSum
}

// numericTotal is an aggregate over numerics (or integers, turned into them by
// of) from their moments.
func numericTotal[T any](squares bool, of func(T) types.Numeric, result func(s *moments) (types.Numeric, bool, error)) AggFunc {
	return agg(aggSpec[moments]{
		strict: true,
		update: perRow(func(s *moments, v T) error {
			x := of(v)
			s.n++
			s.sum.Add(x)
			if !squares {
				return nil
			}
			sq, err := x.Mul(x)
			s.sumSq.Add(sq)
			return err
		}),
		merge: simpleMerge(func(into, from *moments) {
			into.n += from.n
			into.sum.Merge(&from.sum)
			into.sumSq.Merge(&from.sumSq)
		}),
		result: func(_ *Call, s *moments, out vec.Builder) error {
			if s.n == 0 {
				out.AppendNull()
				return nil
			}
			v, ok, err := result(s)
			if err != nil {
				return err
			}
			if !ok {
				out.AppendNull()
				return nil
			}
			put(out, v)
			return nil
		},
	})
}

func sumMoments(s *moments) (types.Numeric, bool, error) {
	v, err := s.sum.Numeric()
	return v, true, err
}

func avgMoments(s *moments) (types.Numeric, bool, error) {
	v, err := s.sum.Numeric()
	if err != nil {
		return v, false, err
	}
	v, err = v.Div(types.NumericFromInt64(s.n))
	return v, true, err
}

// variance follows numeric_stddev_internal of numeric.c, including the scales
// of its steps: (N*sumX2 - sumX²) / (N*(N-1)), or N² for the population.
func variance(sample, root bool) func(s *moments) (types.Numeric, bool, error) {
	return func(s *moments) (types.Numeric, bool, error) {
		var zero types.Numeric
		sum, err := s.sum.Numeric()
		if err != nil || (sample && s.n <= 1) {
			return zero, false, err
		}
		if !sum.IsFinite() {
			nan, err := types.ParseNumeric("NaN")
			return nan, true, err
		}
		sq, err := s.sumSq.Numeric()
		if err != nil {
			return zero, false, err
		}
		v, err := varianceOf(types.NumericFromInt64(s.n), sum, sq, sample)
		if err != nil || !root {
			return v, true, err
		}
		scale := v.Scale()
		if v, err = v.Sqrt(); err != nil {
			return v, false, err
		}
		return v.Round(scale), true, nil
	}
}

func varianceOf(n, sum, sumSq types.Numeric, sample bool) (types.Numeric, error) {
	scale := sum.Scale() * 2
	square, err := sum.Mul(sum)
	if err != nil {
		return square, err
	}
	total, err := n.Mul(sumSq)
	if err != nil {
		return total, err
	}
	diff, err := total.Round(scale).Sub(square)
	if err != nil {
		return diff, err
	}
	if diff.Sign() <= 0 {
		return types.Numeric{}, nil
	}
	divisor := n
	if sample {
		if divisor, err = n.Sub(types.NumericFromInt64(1)); err != nil {
			return divisor, err
		}
	}
	if divisor, err = n.Mul(divisor); err != nil {
		return divisor, err
	}
	return diff.Div(divisor)
}

func bindVariances[T any](name string, of func(T) types.Numeric) {
	for _, v := range []struct {
		names        []string
		sample, root bool
	}{
		{[]string{"variance", "var_samp"}, true, false},
		{[]string{"var_pop"}, false, false},
		{[]string{"stddev", "stddev_samp"}, true, true},
		{[]string{"stddev_pop"}, false, true},
	} {
		for _, n := range v.names {
			aggregates{n + "(" + name + ")": numericTotal(true, of, variance(v.sample, v.root))}.bind()
		}
	}
}

func init() {
	self := func(n types.Numeric) types.Numeric { return n }
	aggregates{
		"sum(int8)":    intTotal[int64](sumInt128),
		"avg(int2)":    intTotal[int16](avgInt128),
		"avg(int4)":    intTotal[int32](avgInt128),
		"avg(int8)":    intTotal[int64](avgInt128),
		"sum(numeric)": numericTotal(false, self, sumMoments),
		"avg(numeric)": numericTotal(false, self, avgMoments),
	}.bind()
	bindVariances("int2", intNumeric[int16])
	bindVariances("int4", intNumeric[int32])
	bindVariances("int8", intNumeric[int64])
	bindVariances("numeric", self)
}
