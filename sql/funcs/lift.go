package funcs

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// column reads the rows of a vector as T: directly where the vector holds T, by
// assertion where values are boxed. Row i is vals[i&mask].
type column[T any] struct {
	vals []T
	mask int
}

func columnOf[T any](v vec.Vector) column[T] {
	if t, ok := v.(*vec.Vec[T]); ok {
		return column[T]{t.Vals, t.Mask()}
	}
	n, mask := v.Len(), -1
	if v.IsConst() {
		n, mask = min(n, 1), 0
	}
	vals := make([]T, max(n, 1))
	for i := range n {
		vals[i], _ = v.Value(i).(T)
	}
	return column[T]{vals, mask}
}

func (c column[T]) at(i int) T { return c.vals[i&c.mask] }

// rows are the rows of one call that a strict function computes: those that are
// alive and have no NULL argument. once says that all arguments are constant,
// so that row 0 stands for all.
type rows struct {
	n     int
	sel   []int32 // nil for all of [0, n)
	nulls vec.Bitmap
	once  bool
}

// strictRows finds the rows to compute.
func strictRows(c *Call, args []vec.Vector, sel []int32, n int) rows {
	r := rows{n: n, sel: sel, once: len(args) > 0 && n > 0 && (sel == nil || len(sel) > 0)}
	for _, a := range args {
		r.once = r.once && a.IsConst()
	}
	if r.once = r.once && !volatile(c); r.once {
		r.n, r.sel = 1, nil
	}
	for _, a := range args {
		if a.HasNulls() {
			r.dropNulls(a)
		}
	}
	return r
}

func volatile(c *Call) bool { return c.Func != nil && c.Func.Volatility == Volatile }

func (r *rows) dropNulls(a vec.Vector) {
	if r.nulls == nil {
		r.nulls = vec.NewBitmap(r.n)
	}
	live := make([]int32, 0, r.n)
	keep := func(i int32) {
		if a.IsNull(int(i)) {
			r.nulls.Set(int(i))
		} else {
			live = append(live, i)
		}
	}
	if r.sel != nil {
		for _, i := range r.sel {
			keep(i)
		}
	} else {
		for i := range int32(r.n) {
			keep(i)
		}
	}
	r.sel = live
}

// count is the number of rows to compute; row is the position of the k-th.
func (r *rows) count() int {
	if r.sel != nil {
		return len(r.sel)
	}
	return r.n
}

func (r *rows) row(k int) int {
	if r.sel != nil {
		return int(r.sel[k])
	}
	return k
}

// setNull makes row i of the result NULL.
func (r *rows) setNull(i int) {
	if r.nulls == nil {
		r.nulls = vec.NewBitmap(r.n)
	}
	r.nulls.Set(i)
}

// vectorOf makes the result of n rows from what was computed for rows.
func vectorOf[R any](r *rows, t *types.Type, vals []R, n int) vec.Vector {
	if t.Rep == types.RepAny {
		if boxed, ok := any(vals).([]any); ok {
			return finish(r, t, boxed, n)
		}
		boxed := make([]any, len(vals))
		for i, v := range vals {
			boxed[i] = v
		}
		return finish(r, t, boxed, n)
	}
	return finish(r, t, vals, n)
}

func finish[R any](r *rows, t *types.Type, vals []R, n int) vec.Vector {
	if !r.once {
		return vec.NewVec(t, vals, r.nulls)
	}
	if r.nulls.Get(0) {
		return vec.NewConstNull[R](t, n)
	}
	return vec.NewConst(t, vals[0], n)
}

// Lift0 makes a kernel of a function without arguments, called once per row.
func Lift0[R any](f func(c *Call) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		r := rows{n: n, sel: sel, once: n > 0 && !volatile(c)}
		if r.once {
			r.n, r.sel = 1, nil
		}
		out := make([]R, r.n)
		for k := range r.count() {
			var err error
			i := r.row(k)
			if out[i], err = f(c); err != nil {
				return nil, err
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// Lift1 makes a strict kernel of a function of one argument.
func Lift1[A, R any](f func(c *Call, a A) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a := columnOf[A](args[0])
		r := strictRows(c, args, sel, n)
		out := make([]R, r.n)
		for k := range r.count() {
			var err error
			i := r.row(k)
			if out[i], err = f(c, a.at(i)); err != nil {
				return nil, err
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// Lift2 makes a strict kernel of a function of two arguments.
func Lift2[A, B, R any](f func(c *Call, a A, b B) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b := columnOf[A](args[0]), columnOf[B](args[1])
		r := strictRows(c, args, sel, n)
		out := make([]R, r.n)
		for k := range r.count() {
			var err error
			i := r.row(k)
			if out[i], err = f(c, a.at(i), b.at(i)); err != nil {
				return nil, err
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// Lift3 makes a strict kernel of a function of three arguments.
func Lift3[A, B, C, R any](f func(c *Call, a A, b B, d C) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b, d := columnOf[A](args[0]), columnOf[B](args[1]), columnOf[C](args[2])
		r := strictRows(c, args, sel, n)
		out := make([]R, r.n)
		for k := range r.count() {
			var err error
			i := r.row(k)
			if out[i], err = f(c, a.at(i), b.at(i), d.at(i)); err != nil {
				return nil, err
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// Lift4 makes a strict kernel of a function of four arguments.
func Lift4[A, B, C, D, R any](f func(c *Call, a A, b B, d C, e D) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b, d, e := columnOf[A](args[0]), columnOf[B](args[1]), columnOf[C](args[2]), columnOf[D](args[3])
		r := strictRows(c, args, sel, n)
		out := make([]R, r.n)
		for k := range r.count() {
			var err error
			i := r.row(k)
			if out[i], err = f(c, a.at(i), b.at(i), d.at(i), e.at(i)); err != nil {
				return nil, err
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// F1, F2 and F3 lift functions that cannot fail and need no Call.
func F1[A, R any](f func(a A) R) Kernel {
	return Lift1(func(_ *Call, a A) (R, error) { return f(a), nil })
}

// F2 is F1 for two arguments.
func F2[A, B, R any](f func(a A, b B) R) Kernel {
	return Lift2(func(_ *Call, a A, b B) (R, error) { return f(a, b), nil })
}

// F3 is F1 for three arguments.
func F3[A, B, C, R any](f func(a A, b B, c C) R) Kernel {
	return Lift3(func(_ *Call, a A, b B, c C) (R, error) { return f(a, b, c), nil })
}

// E1, E2 and E3 lift functions that can fail and need no Call.
func E1[A, R any](f func(a A) (R, error)) Kernel {
	return Lift1(func(_ *Call, a A) (R, error) { return f(a) })
}

// E2 is E1 for two arguments.
func E2[A, B, R any](f func(a A, b B) (R, error)) Kernel {
	return Lift2(func(_ *Call, a A, b B) (R, error) { return f(a, b) })
}

// E3 is E1 for three arguments.
func E3[A, B, C, R any](f func(a A, b B, c C) (R, error)) Kernel {
	return Lift3(func(_ *Call, a A, b B, c C) (R, error) { return f(a, b, c) })
}

// Boxed makes a kernel of a function on boxed values; nil is NULL. If strict,
// rows with a NULL argument are NULL without a call. It is the general door
// (variadic and polymorphic functions, those that may return NULL), not the
// fast one. f must not keep args.
func Boxed(strict bool, f func(c *Call, args []any) (any, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		r := boxedRows(c, strict, args, sel, n)
		out := vec.NewBuilder(c.Result, r.n)
		row := make([]any, len(args))
		for k := range r.count() {
			i := r.row(k)
			for out.Len() < i {
				out.AppendNull()
			}
			for j, a := range args {
				row[j] = a.Value(i)
			}
			v, err := f(c, row)
			if err != nil {
				return nil, err
			}
			out.Append(v)
		}
		for out.Len() < r.n {
			out.AppendNull()
		}
		if r.once {
			return vec.Const(c.Result, out.Build().Value(0), n), nil
		}
		return out.Build(), nil
	}
}

// boxedRows is strictRows for a function that may not be strict.
func boxedRows(c *Call, strict bool, args []vec.Vector, sel []int32, n int) rows {
	if strict {
		return strictRows(c, args, sel, n)
	}
	r := rows{n: n, sel: sel, once: n > 0 && (sel == nil || len(sel) > 0) && !volatile(c)}
	for _, a := range args {
		r.once = r.once && a.IsConst()
	}
	if r.once {
		r.n, r.sel = 1, nil
	}
	return r
}

// Strict is Boxed for a strict function.
func Strict(f func(c *Call, args []any) (any, error)) Kernel { return Boxed(true, f) }

// Maybe1 lifts a strict function of one argument that may return NULL: ok is
// false for NULL.
func Maybe1[A, R any](f func(c *Call, a A) (v R, ok bool, err error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a := columnOf[A](args[0])
		return maybe(c, args, sel, n, func(i int) (R, bool, error) { return f(c, a.at(i)) })
	}
}

// Maybe2 is Maybe1 for two arguments.
func Maybe2[A, B, R any](f func(c *Call, a A, b B) (v R, ok bool, err error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b := columnOf[A](args[0]), columnOf[B](args[1])
		return maybe(c, args, sel, n, func(i int) (R, bool, error) { return f(c, a.at(i), b.at(i)) })
	}
}

// Maybe3 is Maybe1 for three arguments.
func Maybe3[A, B, C, R any](f func(c *Call, a A, b B, d C) (v R, ok bool, err error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b, d := columnOf[A](args[0]), columnOf[B](args[1]), columnOf[C](args[2])
		return maybe(c, args, sel, n, func(i int) (R, bool, error) { return f(c, a.at(i), b.at(i), d.at(i)) })
	}
}

func maybe[R any](c *Call, args []vec.Vector, sel []int32, n int, f func(i int) (R, bool, error)) (vec.Vector, error) {
	r := strictRows(c, args, sel, n)
	out := make([]R, r.n)
	for k := range r.count() {
		i := r.row(k)
		v, ok, err := f(i)
		if err != nil {
			return nil, err
		}
		if ok {
			out[i] = v
		} else {
			r.setNull(i)
		}
	}
	return vectorOf(&r, c.Result, out, n), nil
}
