package funcs

import (
	"math"
	"math/bits"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

type integer interface{ int16 | int32 | int64 }

type float interface{ float32 | float64 }

func outOfRange(name string) *pgerr.Error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "%s out of range", name)
}

func divisionByZero() *pgerr.Error { return pgerr.New(pgerr.DivisionByZero, "division by zero") }

func floatOverflow() error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: overflow")
}

func floatUnderflow() error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "value out of range: underflow")
}

// An intLoop computes rows and says whether one overflowed.
type intLoop[T integer] func(out []T, a, b column[T], r *rows) bool

func addInts[T integer](out []T, a, b column[T], r *rows) bool {
	var bad T
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		s := x + y
		bad |= (x ^ s) & (y ^ s)
		out[i] = s
	}
	return bad < 0
}

func subInts[T integer](out []T, a, b column[T], r *rows) bool {
	var bad T
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		d := x - y
		bad |= (x ^ y) & (x ^ d)
		out[i] = d
	}
	return bad < 0
}

// mulInts multiplies types whose products fit an int64.
func mulInts[T int16 | int32](out []T, a, b column[T], r *rows) bool {
	var bad int64
	for k := range r.count() {
		i := r.row(k)
		p := int64(a.at(i)) * int64(b.at(i))
		out[i] = T(p)
		bad |= p ^ int64(out[i])
	}
	return bad != 0
}

func mulInt64(out []int64, a, b column[int64], r *rows) bool {
	var bad int64
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		hi, lo := bits.Mul64(uint64(x), uint64(y))
		high := int64(hi) - (x >> 63 & y) - (y >> 63 & x)
		out[i] = int64(lo)
		bad |= high ^ (out[i] >> 63)
	}
	return bad != 0
}

// intArith makes a kernel of a loop. The loop may see an overflow in a row that
// is NULL (0 - min); only then are the NULL rows looked for.
func intArith[T integer](name string, l intLoop[T], left, right func(*Call, vec.Vector) column[T]) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b := left(c, args[0]), right(c, args[1])
		r := rows{n: n, sel: sel}
		if args[0].IsConst() && args[1].IsConst() && r.count() > 0 {
			r.once, r.n, r.sel = true, 1, nil
		}
		out := make([]T, r.n)
		bad := l(out, a, b, &r)
		r.nulls = nullsOf(args[0], args[1], r.n)
		if bad {
			live := strictRows(c, args, sel, n)
			if l(out, a, b, &live) {
				return nil, outOfRange(name)
			}
		}
		clearNulls(out, r.nulls)
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// intDivide makes the kernel of a division-like operation, which cannot be
// computed for NULL rows.
func intDivide[T integer](f func(a, b T) (T, error), left, right func(*Call, vec.Vector) column[T]) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b := left(c, args[0]), right(c, args[1])
		r := strictRows(c, args, sel, n)
		out := make([]T, r.n)
		for k := range r.count() {
			i := r.row(k)
			var err error
			if out[i], err = f(a.at(i), b.at(i)); err != nil {
				return nil, err
			}
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}

// divide is / : truncated, and the least value has no negative.
func divide[T integer](name string) func(a, b T) (T, error) {
	return func(a, b T) (T, error) {
		switch {
		case b == 0:
			return 0, divisionByZero()
		case b == -1 && a != 0 && a == -a:
			return 0, outOfRange(name)
		}
		return a / b, nil
	}
}

func modulo[T integer](a, b T) (T, error) {
	switch b {
	case 0:
		return 0, divisionByZero()
	case -1:
		return 0, nil
	}
	return a % b, nil
}

func negate[T integer](name string) func(a T) (T, error) {
	return func(a T) (T, error) {
		if a != 0 && a == -a {
			return 0, outOfRange(name)
		}
		return -a, nil
	}
}

func absolute[T integer](name string) func(a T) (T, error) {
	neg := negate[T](name)
	return func(a T) (T, error) {
		if a < 0 {
			return neg(a)
		}
		return a, nil
	}
}

// A floatLoop computes rows; the error is PostgreSQL's overflow, underflow or
// division by zero (float.h, float8_pl and its kin).
type floatLoop[T float] func(out []T, a, b column[T], r *rows) error

func isInf[T float](v T) bool { return math.IsInf(float64(v), 0) }

func addFloats[T float](out []T, a, b column[T], r *rows) error {
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		out[i] = x + y
		if isInf(out[i]) && !isInf(x) && !isInf(y) {
			return floatOverflow()
		}
	}
	return nil
}

func subFloats[T float](out []T, a, b column[T], r *rows) error {
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		out[i] = x - y
		if isInf(out[i]) && !isInf(x) && !isInf(y) {
			return floatOverflow()
		}
	}
	return nil
}

func mulFloats[T float](out []T, a, b column[T], r *rows) error {
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		out[i] = x * y
		if isInf(out[i]) && !isInf(x) && !isInf(y) {
			return floatOverflow()
		}
		if out[i] == 0 && x != 0 && y != 0 {
			return floatUnderflow()
		}
	}
	return nil
}

func divFloats[T float](out []T, a, b column[T], r *rows) error {
	for k := range r.count() {
		i := r.row(k)
		x, y := a.at(i), b.at(i)
		if y == 0 && x == x {
			return divisionByZero()
		}
		out[i] = x / y
		if isInf(out[i]) && !isInf(x) {
			return floatOverflow()
		}
		if out[i] == 0 && x != 0 && !isInf(y) {
			return floatUnderflow()
		}
	}
	return nil
}

func floatArith[T float](l floatLoop[T], left, right func(*Call, vec.Vector) column[T]) Kernel {
	return func(c *Call, args []vec.Vector, sel []int32, n int) (vec.Vector, error) {
		a, b := left(c, args[0]), right(c, args[1])
		r := strictRows(c, args, sel, n)
		out := make([]T, r.n)
		if err := l(out, a, b, &r); err != nil {
			return nil, err
		}
		return vectorOf(&r, c.Result, out, n), nil
	}
}
