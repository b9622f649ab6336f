package geometry

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Calc is one computation. Its arithmetic is float.h's.
type Calc struct {
	// Err is the first failure, nil if there was none.
	Err error
}

func (c *Calc) fail(code pgerr.Code, message string) {
	if c.Err == nil {
		c.Err = pgerr.New(code, "%s", message)
	}
}

func (c *Calc) overflow() {
	c.fail(pgerr.NumericValueOutOfRange, "value out of range: overflow")
}

func (c *Calc) underflow() {
	c.fail(pgerr.NumericValueOutOfRange, "value out of range: underflow")
}

func (c *Calc) add(a, b float64) float64 {
	s := a + b
	if isInf(s) && !isInf(a) && !isInf(b) {
		c.overflow()
	}
	return s
}

func (c *Calc) sub(a, b float64) float64 { return c.add(a, -b) }

func (c *Calc) mul(a, b float64) float64 {
	p := a * b
	switch {
	case isInf(p) && !isInf(a) && !isInf(b):
		c.overflow()
	case p == 0 && a != 0 && b != 0:
		c.underflow()
	}
	return p
}

func (c *Calc) div(a, b float64) float64 {
	if b == 0 && !isNaN(a) {
		c.fail(pgerr.DivisionByZero, "division by zero")
	}
	q := a / b
	switch {
	case isInf(q) && !isInf(a):
		c.overflow()
	case q == 0 && a != 0 && !isInf(b):
		c.underflow()
	}
	return q
}

// hypot is pg_hypot: the square root of x² + y².
func (c *Calc) hypot(x, y float64) float64 {
	switch {
	case isInf(x) || isInf(y):
		return math.Inf(1)
	case isNaN(x) || isNaN(y):
		return math.NaN()
	}
	x, y = math.Abs(x), math.Abs(y)
	if x < y {
		x, y = y, x
	}
	if y == 0 {
		return x
	}
	yx := y / x
	h := x * math.Sqrt(1+float64(yx*yx))
	switch {
	case isInf(h):
		c.overflow()
	case h == 0:
		c.underflow()
	}
	return h
}

func isInf(f float64) bool { return math.IsInf(f, 0) }

func isNaN(f float64) bool { return f != f }

// less, greater and same order NaN above everything (float8_lt, float8_gt, float8_eq).
func less(a, b float64) bool { return !isNaN(a) && (isNaN(b) || a < b) }

func greater(a, b float64) bool { return less(b, a) }

func same(a, b float64) bool { return a == b || isNaN(a) && isNaN(b) }

func least(a, b float64) float64 {
	if less(a, b) {
		return a
	}
	return b
}

func greatest(a, b float64) float64 {
	if greater(a, b) {
		return a
	}
	return b
}

// epsilon is how far two coordinates that count as equal may be apart.
const epsilon = 1e-6

// The fuzzy comparisons, named as the operators are (FPeq and its kin).
func fuzzyZero(a float64) bool  { return math.Abs(a) <= epsilon }
func fuzzyEQ(a, b float64) bool { return a == b || math.Abs(a-b) <= epsilon }
func fuzzyNE(a, b float64) bool { return a != b && math.Abs(a-b) > epsilon }
func fuzzyLT(a, b float64) bool { return a+epsilon < b }
func fuzzyLE(a, b float64) bool { return a <= b+epsilon }
func fuzzyGT(a, b float64) bool { return a > b+epsilon }
func fuzzyGE(a, b float64) bool { return a+epsilon >= b }

// Comparison is one of the six fuzzy comparisons of sizes.
type Comparison func(a, b float64) bool

// The comparisons.
var (
	EQ Comparison = fuzzyEQ
	NE Comparison = fuzzyNE
	LT Comparison = fuzzyLT
	LE Comparison = fuzzyLE
	GT Comparison = fuzzyGT
	GE Comparison = fuzzyGE
)
