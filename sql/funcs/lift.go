package funcs

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// reader returns a function that reads row i of v as T: directly where the
// vector holds T, by assertion where values are boxed.
func reader[T any](v vec.Vector) func(i int) T {
	if t, ok := v.(*vec.Vec[T]); ok {
		vals, mask := t.Vals, t.Mask()
		return func(i int) T { return vals[i&mask] }
	}
	t := vec.Of[any](v)
	return func(i int) T { return t.At(i).(T) }
}

// result collects values of Go type R into a vector of type t.
type result[R any] struct {
	t     *types.Type
	vals  []R
	boxed []any
	nulls vec.Bitmap
	n     int
}

func newResult[R any](t *types.Type, n int) *result[R] {
	r := &result[R]{t: t, n: n}
	if t.Rep == types.RepAny {
		r.boxed = make([]any, n)
	} else {
		r.vals = make([]R, n)
	}
	return r
}

func (r *result[R]) set(i int, v R) {
	if r.boxed != nil {
		r.boxed[i] = v
		return
	}
	r.vals[i] = v
}

func (r *result[R]) setNull(i int) {
	if r.nulls == nil {
		r.nulls = vec.NewBitmap(r.n)
	}
	r.nulls.Set(i)
}

func (r *result[R]) vector() vec.Vector {
	if r.boxed != nil {
		return vec.NewVec(r.t, r.boxed, r.nulls)
	}
	return vec.NewVec(r.t, r.vals, r.nulls)
}

// eachRow calls f for every row alive in which no argument is NULL, and null
// for those in which one is. Constant arguments are folded by the planner, so
// there is no special case for an all-constant call but to compute it once.
func eachRow(args []vec.Vector, sel []int32, n int, null func(i int), f func(i int) error) error {
	hasNulls := false
	for _, a := range args {
		hasNulls = hasNulls || a.HasNulls()
	}
	do := func(i int) error {
		if hasNulls {
			for _, a := range args {
				if a.IsNull(i) {
					null(i)
					return nil
				}
			}
		}
		return f(i)
	}
	if sel != nil {
		for _, i := range sel {
			if err := do(int(i)); err != nil {
				return err
			}
		}
		return nil
	}
	for i := range n {
		if err := do(i); err != nil {
			return err
		}
	}
	return nil
}

// Lift0 makes a kernel of a function without arguments, called once per row.
func Lift0[R any](f func(c *Call) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		r := newResult[R](c.Result, n)
		err := eachRow(nil, sel, n, r.setNull, func(i int) error {
			v, err := f(c)
			r.set(i, v)
			return err
		})
		return r.vector(), err
	}
}

// Lift1 makes a strict kernel of a function of one argument.
func Lift1[A, R any](f func(c *Call, a A) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a := reader[A](args[0])
		r := newResult[R](c.Result, n)
		err := eachRow(args, sel, n, r.setNull, func(i int) error {
			v, err := f(c, a(i))
			r.set(i, v)
			return err
		})
		return r.vector(), err
	}
}

// Lift2 makes a strict kernel of a function of two arguments.
func Lift2[A, B, R any](f func(c *Call, a A, b B) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b := reader[A](args[0]), reader[B](args[1])
		r := newResult[R](c.Result, n)
		err := eachRow(args, sel, n, r.setNull, func(i int) error {
			v, err := f(c, a(i), b(i))
			r.set(i, v)
			return err
		})
		return r.vector(), err
	}
}

// Lift3 makes a strict kernel of a function of three arguments.
func Lift3[A, B, C, R any](f func(c *Call, a A, b B, d C) (R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b, d := reader[A](args[0]), reader[B](args[1]), reader[C](args[2])
		r := newResult[R](c.Result, n)
		err := eachRow(args, sel, n, r.setNull, func(i int) error {
			v, err := f(c, a(i), b(i), d(i))
			r.set(i, v)
			return err
		})
		return r.vector(), err
	}
}

// Maybe wraps the result of a function that may return NULL for non-NULL
// arguments: return a nil *R for NULL.
func Maybe[A, R any](f func(c *Call, a A) (*R, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a := reader[A](args[0])
		r := newResult[R](c.Result, n)
		err := eachRow(args, sel, n, r.setNull, func(i int) error {
			v, err := f(c, a(i))
			if v == nil {
				r.setNull(i)
			} else {
				r.set(i, *v)
			}
			return err
		})
		return r.vector(), err
	}
}

// Boxed makes a kernel of a function on boxed values; nil is NULL. If strict,
// rows with a NULL argument are NULL without a call. It is the general door
// (variadic and polymorphic functions), not the fast one.
func Boxed(strict bool, f func(c *Call, args []any) (any, error)) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		out := vec.NewBuilder(c.Result, n)
		row := make([]any, len(args))
		next := 0
		pad := func(i int) {
			for ; next < i; next++ {
				out.AppendNull()
			}
			next = i + 1
		}
		one := func(i int) error {
			pad(i)
			for k, a := range args {
				row[k] = a.Value(i)
				if strict && row[k] == nil {
					out.AppendNull()
					return nil
				}
			}
			v, err := f(c, row)
			out.Append(v)
			return err
		}
		err := eachRow(nil, sel, n, nil, one)
		if err == nil {
			pad(n)
		}
		return out.Build(), err
	}
}
