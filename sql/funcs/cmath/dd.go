package cmath

import "math"

// dd is an unevaluated sum of two floats, hi much the larger: some 106 bits
// (Dekker; Hida, Li and Bailey, "Library for Double-Double and Quad-Double
// Arithmetic").
type dd struct{ hi, lo float64 }

func of(x float64) dd { return dd{x, 0} }

// quick is hi + lo as a dd, where hi is the larger.
func quick(hi, lo float64) dd {
	s := hi + lo
	return dd{s, lo - (s - hi)}
}

func twoSum(a, b float64) dd {
	s := a + b
	t := s - a
	return dd{s, (a - (s - t)) + (b - t)}
}

func twoProduct(a, b float64) dd {
	p := a * b
	return dd{p, math.FMA(a, b, -p)}
}

func (a dd) add(b dd) dd {
	s, t := twoSum(a.hi, b.hi), twoSum(a.lo, b.lo)
	r := quick(s.hi, s.lo+t.hi)
	return quick(r.hi, r.lo+t.lo)
}

func (a dd) neg() dd     { return dd{-a.hi, -a.lo} }
func (a dd) sub(b dd) dd { return a.add(b.neg()) }

func (a dd) mul(b dd) dd {
	p := twoProduct(a.hi, b.hi)
	return quick(p.hi, p.lo+(a.hi*b.lo+a.lo*b.hi))
}

func (a dd) scale(f float64) dd {
	p := twoProduct(a.hi, f)
	return quick(p.hi, p.lo+a.lo*f)
}

func (a dd) div(b dd) dd {
	q1 := a.hi / b.hi
	r := a.sub(b.scale(q1))
	q2 := r.hi / b.hi
	r = r.sub(b.scale(q2))
	return quick(q1, q2).add(of(r.hi / b.hi))
}

// times2 is a × 2^k, exact.
func (a dd) times2(k int) dd { return dd{math.Ldexp(a.hi, k), math.Ldexp(a.lo, k)} }

func (a dd) float() float64 { return a.hi + a.lo }

// reduce is x - k·(p1 + p2 + p3), with products that are exact enough.
func reduce(x, k float64, p [3]float64) dd {
	r := of(x).sub(twoProduct(k, p[0]))
	r = r.sub(twoProduct(k, p[1]))
	return r.sub(of(k * p[2]))
}

var (
	ln2    = [3]float64{0.6931471805599453, 2.3190468138462996e-17, 5.707708438416212e-34}
	halfPi = [3]float64{1.5707963267948966, 6.123233995736766e-17, -1.4973849048591698e-33}
)
