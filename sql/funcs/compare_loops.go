package funcs

import (
	"cmp"

	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// The loops below are the hot path of filters and joins: one pass over plain
// slices, no call and no allocation per row. A constant operand has mask 0.
// Rows outside sel keep false.

type loop[T any] func(out []bool, a, b column[T], sel []int32)

func equal[T cmp.Ordered](out []bool, a, b column[T], sel []int32) {
	switch {
	case sel != nil:
		for _, i := range sel {
			out[i] = a.vals[int(i)&a.mask] == b.vals[int(i)&b.mask]
		}
	case b.mask == 0:
		k := b.vals[0]
		for i, v := range a.vals[:len(out)] {
			out[i] = v == k
		}
	case a.mask == 0:
		equal(out, b, a, nil)
	default:
		av, bv := a.vals[:len(out)], b.vals[:len(out)]
		for i := range out {
			out[i] = av[i] == bv[i]
		}
	}
}

func notEqual[T cmp.Ordered](out []bool, a, b column[T], sel []int32) {
	switch {
	case sel != nil:
		for _, i := range sel {
			out[i] = a.vals[int(i)&a.mask] != b.vals[int(i)&b.mask]
		}
	case b.mask == 0:
		k := b.vals[0]
		for i, v := range a.vals[:len(out)] {
			out[i] = v != k
		}
	case a.mask == 0:
		notEqual(out, b, a, nil)
	default:
		av, bv := a.vals[:len(out)], b.vals[:len(out)]
		for i := range out {
			out[i] = av[i] != bv[i]
		}
	}
}

func less[T cmp.Ordered](out []bool, a, b column[T], sel []int32) {
	switch {
	case sel != nil:
		for _, i := range sel {
			out[i] = a.vals[int(i)&a.mask] < b.vals[int(i)&b.mask]
		}
	case b.mask == 0:
		k := b.vals[0]
		for i, v := range a.vals[:len(out)] {
			out[i] = v < k
		}
	case a.mask == 0:
		k := a.vals[0]
		for i, v := range b.vals[:len(out)] {
			out[i] = k < v
		}
	default:
		av, bv := a.vals[:len(out)], b.vals[:len(out)]
		for i := range out {
			out[i] = av[i] < bv[i]
		}
	}
}

func lessEqual[T cmp.Ordered](out []bool, a, b column[T], sel []int32) {
	switch {
	case sel != nil:
		for _, i := range sel {
			out[i] = a.vals[int(i)&a.mask] <= b.vals[int(i)&b.mask]
		}
	case b.mask == 0:
		k := b.vals[0]
		for i, v := range a.vals[:len(out)] {
			out[i] = v <= k
		}
	case a.mask == 0:
		k := a.vals[0]
		for i, v := range b.vals[:len(out)] {
			out[i] = k <= v
		}
	default:
		av, bv := a.vals[:len(out)], b.vals[:len(out)]
		for i := range out {
			out[i] = av[i] <= bv[i]
		}
	}
}

func swapped[T any](l loop[T]) loop[T] {
	return func(out []bool, a, b column[T], sel []int32) { l(out, b, a, sel) }
}

const (
	opEq = iota
	opNe
	opLt
	opLe
	opGt
	opGe
)

var accepts = [6][3]bool{
	opEq: {false, true, false}, opNe: {true, false, true},
	opLt: {true, false, false}, opLe: {true, true, false},
	opGt: {false, false, true}, opGe: {false, true, true},
}

func loops[T cmp.Ordered]() [6]loop[T] {
	return [6]loop[T]{
		opEq: equal[T], opNe: notEqual[T], opLt: less[T], opLe: lessEqual[T],
		opGt: swapped(less[T]), opGe: swapped(lessEqual[T]),
	}
}

// boolRows prepares a comparison's output. For a constant call it computes one
// row.
func boolRows(c *Call, args []vec.Vector, sel []int32, n int) (r rows, out []bool) {
	r = rows{n: n, sel: sel}
	if args[0].IsConst() && args[1].IsConst() && n > 0 {
		r.once, r.n, r.sel = true, 1, nil
	}
	r.nulls = nullsOf(args[0], args[1], r.n)
	return r, make([]bool, r.n)
}

// nullsOf is the union of two vectors' nulls over n rows.
func nullsOf(a, b vec.Vector, n int) vec.Bitmap {
	return vec.Union(nullBits(a, n), nullBits(b, n), n)
}

// nullBits is the null bitmap of n rows of v, a constant spread out.
func nullBits(v vec.Vector, n int) vec.Bitmap {
	if !v.HasNulls() {
		return nil
	}
	bits := vec.NewBitmap(n)
	for i := range n {
		if v.IsNull(i) {
			bits.Set(i)
		}
	}
	return bits
}

// clearNulls keeps the rule that the value of a NULL row is zero.
func clearNulls[R any](vals []R, nulls vec.Bitmap) {
	if nulls == nil {
		return
	}
	var zero R
	for i := range vals {
		if nulls.Get(i) {
			vals[i] = zero
		}
	}
}

// compareOrdered makes a kernel of a loop over operands turned into T by left
// and right.
func compareOrdered[T cmp.Ordered](l loop[T], left, right func(c *Call, v vec.Vector) column[T]) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		r, out := boolRows(c, args, sel, n)
		l(out, left(c, args[0]), right(c, args[1]), r.sel)
		clearNulls(out, r.nulls)
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// compareBy makes a kernel of a three-way comparison; cmpOf chooses it for the
// call's types.
func compareBy[T any](accept [3]bool, cmpOf func(c *Call) (func(a, b T) int, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		compare, err := cmpOf(c)
		if err != nil {
			return nil, err
		}
		a, b := columnOf[T](args[0]), columnOf[T](args[1])
		r := strictRows(c, args, sel, n)
		out := make([]bool, r.n)
		if r.sel == nil {
			for i := range out {
				out[i] = accept[sign(compare(a.at(i), b.at(i)))+1]
			}
		} else {
			for _, i := range r.sel {
				out[i] = accept[sign(compare(a.at(int(i)), b.at(int(i))))+1]
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

func sign(n int) int {
	switch {
	case n < 0:
		return -1
	case n > 0:
		return 1
	}
	return 0
}

// SelectTrue appends to out the rows of a boolean vector that are true (neither
// false nor NULL), among sel or, if that is nil, all n. out may be sel[:0].
func SelectTrue(v vec.Vector, sel []int32, n int, out []int32) []int32 {
	t := vec.Of[bool](v)
	if t.IsConst() {
		if t.IsNull(0) || !t.Vals[0] {
			return out
		}
		if sel != nil {
			return append(out, sel...)
		}
		return append(out, vec.All(n)...)
	}
	if sel == nil {
		return selectDense(t, n, out)
	}
	for _, i := range sel {
		if t.Vals[i] && !t.Nulls.Get(int(i)) {
			out = append(out, i)
		}
	}
	return out
}

// selectDense writes without a branch: every row is stored, and the end moves
// on only for a true one.
func selectDense(t *vec.Vec[bool], n int, out []int32) []int32 {
	start := len(out)
	out = append(out, make([]int32, n)...)
	end := start
	for i, v := range t.Vals[:n] {
		out[end] = int32(i)
		if v {
			end++
		}
	}
	out = out[:end]
	if t.Nulls == nil {
		return out
	}
	kept := out[:start]
	for _, i := range out[start:] {
		if !t.Nulls.Get(int(i)) {
			kept = append(kept, i)
		}
	}
	return kept
}
