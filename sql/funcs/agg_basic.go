package funcs

import (
	"cmp"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// countAgg is count(*) and, strict, count(x).
func countAgg(strict bool) AggFunc {
	return agg(aggSpec[int64]{
		strict: strict,
		update: func(st *aggState[int64], _ []vec.Vector, in *inputs) error {
			if in.groups == nil {
				st.groups[0] += int64(in.count())
			}
			for _, g := range in.groups {
				st.groups[g]++
			}
			return nil
		},
		merge:  simpleMerge(func(into, from *int64) { *into += *from }),
		result: func(_ *Call, s *int64, out vec.Builder) error { put(out, *s); return nil },
		empty:  int64(0),
	})
}

// maybeValue is a state that has seen a value or not.
type maybeValue[T any] struct {
	v    T
	seen bool
}

func putMaybe[T any](_ *Call, s *maybeValue[T], out vec.Builder) error {
	if !s.seen {
		out.AppendNull()
		return nil
	}
	put(out, s.v)
	return nil
}

// sumInts is sum(int2) and sum(int4): a bigint.
func sumInts[T int16 | int32]() AggFunc {
	return agg(aggSpec[maybeValue[int64]]{
		strict: true,
		update: func(st *aggState[maybeValue[int64]], args []vec.Vector, in *inputs) error {
			a, groups := columnOf[T](args[0]), st.groups
			for k := range in.count() {
				s := &groups[in.group(k)]
				s.v += int64(a.at(in.row(k)))
				s.seen = true
			}
			return nil
		},
		merge: simpleMerge(func(into, from *maybeValue[int64]) {
			into.v, into.seen = into.v+from.v, into.seen || from.seen
		}),
		result: putMaybe[int64],
	})
}

// sumFloats is sum(float4) and sum(float8).
func sumFloats[T float]() AggFunc {
	add := func(s *maybeValue[T], v T) error {
		if !s.seen {
			s.v, s.seen = v, true
			return nil
		}
		t := s.v + v
		if isInf(t) && !isInf(s.v) && !isInf(v) {
			return floatOverflow()
		}
		s.v = t
		return nil
	}
	return agg(aggSpec[maybeValue[T]]{
		strict: true, update: perRow(add), result: putMaybe[T],
		merge: func(_ *aggState[maybeValue[T]], into, from *maybeValue[T]) error {
			if !from.seen {
				return nil
			}
			return add(into, from.v)
		},
	})
}

// minMax is min and max of a Go-ordered type; better is the loop that keeps one
// or the other.
func minMax[T cmp.Ordered](better loopCompare[T]) AggFunc {
	return agg(aggSpec[maybeValue[T]]{
		strict: true,
		update: func(st *aggState[maybeValue[T]], args []vec.Vector, in *inputs) error {
			better(st.groups, columnOf[T](args[0]), in)
			return nil
		},
		merge: simpleMerge(func(into, from *maybeValue[T]) {
			if from.seen {
				one := []maybeValue[T]{*into}
				better(one, column[T]{vals: []T{from.v}}, &inputs{n: 1})
				*into = one[0]
			}
		}),
		result: putMaybe[T],
	})
}

type loopCompare[T any] func(groups []maybeValue[T], a column[T], in *inputs)

func keepLeast[T cmp.Ordered](groups []maybeValue[T], a column[T], in *inputs) {
	for k := range in.count() {
		v, s := a.at(in.row(k)), &groups[in.group(k)]
		if !s.seen || v < s.v {
			s.v, s.seen = v, true
		}
	}
}

func keepGreatest[T cmp.Ordered](groups []maybeValue[T], a column[T], in *inputs) {
	for k := range in.count() {
		v, s := a.at(in.row(k)), &groups[in.group(k)]
		if !s.seen || v > s.v {
			s.v, s.seen = v, true
		}
	}
}

// minMaxBy is min (want -1) and max (want 1) of a type with a comparison.
func minMaxBy[T any](want int, cmpOf func(c *Call) (func(a, b T) int, error)) AggFunc {
	keep := func(compare func(a, b T) int, s *maybeValue[T], v T) {
		if !s.seen || sign(compare(v, s.v)) == want {
			s.v, s.seen = v, true
		}
	}
	return agg(aggSpec[maybeValue[T]]{
		strict: true,
		update: func(st *aggState[maybeValue[T]], args []vec.Vector, in *inputs) error {
			compare, err := cmpOf(st.c)
			if err != nil {
				return err
			}
			a := columnOf[T](args[0])
			for k := range in.count() {
				keep(compare, &st.groups[in.group(k)], a.at(in.row(k)))
			}
			return nil
		},
		merge: func(st *aggState[maybeValue[T]], into, from *maybeValue[T]) error {
			compare, err := cmpOf(st.c)
			if from.seen && err == nil {
				keep(compare, into, from.v)
			}
			return err
		},
		result: putMaybe[T],
	})
}

// implCompare is the comparison of the argument's type.
func implCompare[T any](c *Call) (func(a, b T) int, error) {
	if impl := types.ImplOf[T](c.Args[0]); impl != nil && impl.Compare != nil {
		return impl.Compare, nil
	}
	return boxedCompare[T](c.Args[0])
}

func fixedCompare[T any](f func(a, b T) int) func(*Call) (func(a, b T) int, error) {
	return func(*Call) (func(a, b T) int, error) { return f, nil }
}

// combine is an aggregate that folds values of one type with an associative
// operation: bool_and, bit_or …
func combine[T any](op func(a, b T) T) AggFunc {
	return foldErr(func(a, b T) (T, error) { return op(a, b), nil })
}

// foldErr is combine for an operation that can fail.
func foldErr[T any](op func(a, b T) (T, error)) AggFunc {
	add := func(s *maybeValue[T], v T) (err error) {
		if s.seen {
			v, err = op(s.v, v)
		}
		s.v, s.seen = v, true
		return err
	}
	return agg(aggSpec[maybeValue[T]]{
		strict: true, update: perRow(add), result: putMaybe[T],
		merge: func(_ *aggState[maybeValue[T]], into, from *maybeValue[T]) error {
			if !from.seen {
				return nil
			}
			return add(into, from.v)
		},
	})
}

func bindBitAggs[T integer](name string) {
	aggregates{
		"bit_and(" + name + ")": combine(func(a, b T) T { return a & b }),
		"bit_or(" + name + ")":  combine(func(a, b T) T { return a | b }),
		"bit_xor(" + name + ")": combine(func(a, b T) T { return a ^ b }),
	}.bind()
}

func bindMinMax[T cmp.Ordered](names ...string) {
	for _, name := range names {
		aggregates{
			"min(" + name + ")": minMax(keepLeast[T]),
			"max(" + name + ")": minMax(keepGreatest[T]),
		}.bind()
	}
}

func bindMinMaxBy[T any](name string, cmpOf func(c *Call) (func(a, b T) int, error)) {
	aggregates{
		"min(" + name + ")": minMaxBy(-1, cmpOf),
		"max(" + name + ")": minMaxBy(1, cmpOf),
	}.bind()
}

func init() {
	and, or := func(a, b bool) bool { return a && b }, func(a, b bool) bool { return a || b }
	aggregates{
		"count()":        countAgg(false),
		"count(any)":     countAgg(true),
		"sum(int2)":      sumInts[int16](),
		"sum(int4)":      sumInts[int32](),
		"sum(float4)":    sumFloats[float32](),
		"sum(float8)":    sumFloats[float64](),
		"bool_and(bool)": combine(and),
		"bool_or(bool)":  combine(or),
		"every(bool)":    combine(and),
	}.bind()
	bindBitAggs[int16]("int2")
	bindBitAggs[int32]("int4")
	bindBitAggs[int64]("int8")
	bindMinMax[int16]("int2")
	bindMinMax[int32]("int4", "date")
	bindMinMax[int64]("int8", "time", "timestamp", "timestamptz")
	bindMinMax[uint32]("oid")
	bindCollatedMinMax("text", minMax(keepLeast[string]), minMax(keepGreatest[string]))
	bindMinMaxBy("float4", fixedCompare(compareFloats[float32]))
	bindMinMaxBy("float8", fixedCompare(compareFloats[float64]))
	bindMinMaxBy("numeric", fixedCompare(types.Numeric.Cmp))
	bindMinMaxBy("interval", implCompare[types.Interval])
	bindMinMaxBy("anyarray", implCompare[*types.Array])
	bindMinMaxBy("timetz", implCompare[any])
	bindMinMaxBy("anyenum", implCompare[any])
	bindCollatedMinMax("bpchar", minMaxBy(-1, fixedCompare(compareBlank)), minMaxBy(1, fixedCompare(compareBlank)))
}
