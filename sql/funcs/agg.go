package funcs

import (
	"unsafe"

	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// aggSpec says how an aggregate works on a state S per group. The zero S is the
// state before the first row.
type aggSpec[S any] struct {
	// strict: rows with a NULL argument do not reach update.
	strict bool
	update func(st *aggState[S], args []vec.Vector, in *inputs) error
	merge  func(st *aggState[S], into, from *S) error
	// result appends the value of one group.
	result func(c *Call, s *S, out vec.Builder) error
	empty  any
	// ordered: the result depends on the order of the input.
	ordered bool
}

// agg makes the AggFunc of a spec.
func agg[S any](spec aggSpec[S]) AggFunc {
	return AggFunc{
		New:            func(c *Call) AggState { return &aggState[S]{spec: &spec, c: c} },
		Empty:          spec.empty,
		OrderSensitive: spec.ordered,
	}
}

type aggState[S any] struct {
	spec   *aggSpec[S]
	c      *Call
	groups []S
	// extra counts bytes that states hold outside themselves.
	extra int64
}

// Resize implements AggState.
func (st *aggState[S]) Resize(n int) {
	if n > len(st.groups) {
		st.groups = append(st.groups, make([]S, n-len(st.groups))...)
	}
}

// Update implements AggState.
func (st *aggState[S]) Update(args []vec.Vector, sel []int32, n int, groups []int32) error {
	if groups == nil {
		st.Resize(1)
	}
	in := inputs{n: n, sel: sel, groups: groups}
	if st.spec.strict {
		for _, a := range args {
			if a.HasNulls() {
				in.dropNulls(a)
			}
		}
	}
	return st.spec.update(st, args, &in)
}

// Merge implements AggState.
func (st *aggState[S]) Merge(other AggState, into []int32) error {
	o := other.(*aggState[S])
	for i, g := range into {
		st.Resize(int(g) + 1)
		if err := st.spec.merge(st, &st.groups[g], &o.groups[i]); err != nil {
			return err
		}
	}
	st.extra += o.extra
	return nil
}

// Result implements AggState.
func (st *aggState[S]) Result(out vec.Builder, from, to int) error {
	for i := from; i < to; i++ {
		if err := st.spec.result(st.c, &st.groups[i], out); err != nil {
			return err
		}
	}
	return nil
}

// MemSize implements AggState.
func (st *aggState[S]) MemSize() int64 {
	var s S
	return int64(cap(st.groups))*int64(unsafe.Sizeof(s)) + st.extra
}

// inputs are the rows of one Update: the k-th is row(k), of group(k).
type inputs struct {
	n      int
	sel    []int32 // nil: all n rows
	groups []int32 // nil: all of group 0
}

func (in *inputs) count() int {
	if in.sel != nil {
		return len(in.sel)
	}
	return in.n
}

func (in *inputs) row(k int) int {
	if in.sel != nil {
		return int(in.sel[k])
	}
	return k
}

func (in *inputs) group(k int) int {
	if in.groups != nil {
		return int(in.groups[k])
	}
	return 0
}

// dropNulls keeps the rows where a is not NULL.
func (in *inputs) dropNulls(a vec.Vector) {
	sel := make([]int32, 0, in.count())
	var groups []int32
	if in.groups != nil {
		groups = make([]int32, 0, in.count())
	}
	for k := range in.count() {
		i := in.row(k)
		if a.IsNull(i) {
			continue
		}
		sel = append(sel, int32(i))
		if groups != nil {
			groups = append(groups, in.groups[k])
		}
	}
	in.sel, in.groups = sel, groups
}

// put appends an unboxed value.
func put[R any](out vec.Builder, v R) {
	if b, ok := out.(*vec.VecBuilder[R]); ok {
		b.Put(v)
		return
	}
	out.Append(v)
}

// perRow makes an update of a function on one value.
func perRow[S, A any](add func(s *S, v A) error) func(*aggState[S], []vec.Vector, *inputs) error {
	return func(st *aggState[S], args []vec.Vector, in *inputs) error {
		a := columnOf[A](args[0])
		for k := range in.count() {
			if err := add(&st.groups[in.group(k)], a.at(in.row(k))); err != nil {
				return err
			}
		}
		return nil
	}
}

// perRow2 makes an update of a function on two values.
func perRow2[S, A, B any](add func(s *S, a A, b B) error) func(*aggState[S], []vec.Vector, *inputs) error {
	return func(st *aggState[S], args []vec.Vector, in *inputs) error {
		a, b := columnOf[A](args[0]), columnOf[B](args[1])
		for k := range in.count() {
			i := in.row(k)
			if err := add(&st.groups[in.group(k)], a.at(i), b.at(i)); err != nil {
				return err
			}
		}
		return nil
	}
}

// simpleMerge adapts a merge that cannot fail.
func simpleMerge[S any](f func(into, from *S)) func(*aggState[S], *S, *S) error {
	return func(_ *aggState[S], into, from *S) error {
		f(into, from)
		return nil
	}
}
