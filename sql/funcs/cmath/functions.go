package cmath

import "math"

// special says that math's result is the exact one: at zero, the infinities and
// NaN.
func special(x float64) bool { return x == 0 || x != x || math.IsInf(x, 0) }

// expDD is e^a for |a| below 745.
func expDD(a dd) dd {
	m, k := expm1Reduced(a)
	return m.add(of(1)).times2(k)
}

// expm1Reduced is e^a as (1 + m)·2^k.
func expm1Reduced(a dd) (m dd, k int) {
	n := math.Round(a.hi / ln2[0])
	r := reduce(a.hi, n, ln2).add(of(a.lo))
	const halvings = 6
	m = expm1Taylor(r.times2(-halvings))
	for range halvings { // (1+m)² - 1
		m = m.times2(1).add(m.mul(m))
	}
	return m, int(n)
}

// Expm1 is e^x - 1.
func Expm1(x float64) float64 {
	if special(x) || x > 709 || x < -50 || math.Abs(x) < 1e-100 {
		return math.Expm1(x)
	}
	m, k := expm1Reduced(of(x))
	if k == 0 {
		return m.float()
	}
	return m.add(of(1)).times2(k).sub(of(1)).float()
}

// Log1p is ln(1 + x).
func Log1p(x float64) float64 {
	if special(x) || x <= -1 || math.Abs(x) < 1e-100 || x > 1e300 {
		return math.Log1p(x)
	}
	y := math.Log1p(x)
	m, k := expm1Reduced(of(y))
	e := m.add(of(1)).times2(k)
	if k == 0 {
		return of(y).add(of(x).sub(m).div(e)).float()
	}
	return of(y).add(of(x).add(of(1)).sub(e).div(e)).float()
}

// expm1Taylor is e^a - 1 for |a| below 0.006.
func expm1Taylor(a dd) dd {
	sum, term := a, a
	for n := 2.0; n <= 16; n++ {
		term = term.mul(a).div(of(n))
		sum = sum.add(term)
	}
	return sum
}

// logDD is ln x for finite x > 0: one step of Halley's method from math's.
func logDD(x float64) dd {
	frac, exp := math.Frexp(x) // keeps expDD away from its limits
	if frac < math.Sqrt2/2 {
		frac, exp = frac*2, exp-1
	}
	y := math.Log(frac)
	e := expDD(of(y))
	step := of(frac).sub(e).div(of(frac).add(e)).times2(1)
	k := float64(exp)
	whole := twoProduct(k, ln2[0]).add(twoProduct(k, ln2[1]))
	return whole.add(of(y).add(step))
}

// Exp is e^x.
func Exp(x float64) float64 {
	if special(x) || x > 709.8 || x < -708 {
		return math.Exp(x)
	}
	return expDD(of(x)).float()
}

// Log is the natural logarithm.
func Log(x float64) float64 {
	if special(x) || x < 0 {
		return math.Log(x)
	}
	return logDD(x).float()
}

// Log10 is the decimal logarithm, put together as glibc does (e_log10.c).
func Log10(x float64) float64 {
	if special(x) || x < 0 {
		return math.Log10(x)
	}
	const (
		inverseLn10 = 4.34294481903251816668e-01
		log2Hi      = 3.01029995663611771306e-01
		log2Lo      = 3.69423907715893078616e-13
	)
	frac, exp := math.Frexp(x) // frac from 0.5 to 1
	if exp > 0 {
		frac, exp = frac*2, exp-1
	}
	y := float64(exp)
	z := float64(y*log2Lo) + float64(inverseLn10*Log(frac))
	return z + float64(y*log2Hi)
}

// Pow is x^y.
func Pow(x, y float64) float64 {
	rough := math.Pow(x, y)
	if special(x) || special(rough) || special(y) || math.Abs(rough) < 1e-300 || math.Abs(rough) > 1e307 {
		return rough
	}
	return math.Copysign(expDD(logDD(math.Abs(x)).scale(y)).float(), rough)
}

// Cbrt is the cube root as glibc computes it, by a polynomial and one step of
// Halley's method (s_cbrt.c): up to four units off in the last place, which
// shows, as in cbrt(27) = 3.0000000000000004.
func Cbrt(x float64) float64 {
	if special(x) {
		return x
	}
	m, e := math.Frexp(math.Abs(x))
	u := 0.0
	for _, c := range cbrtPolynomial {
		u = float64(u*m) + c
	}
	cube := float64(u*u) * u
	y := float64((m+m+cube)*u) / (cube + cube + m) * cbrtFactors[2+e%3]
	return math.Ldexp(math.Copysign(y, x), e/3)
}

// cbrtPolynomial approximates the cube root from 0.5 to 1, highest power first;
// cbrtFactors are the cube roots of 1/4, 1/2, 1, 2 and 4.
var (
	cbrtPolynomial = [...]float64{
		-0.14526389938548637, 0.7849323449766392, -1.8346927748361308, 2.4469312256353444,
		-2.114994941673713, 1.508191937815849, 0.35489576504391984,
	}
	cbrtFactors = [5]float64{0.6299605249474365, 0.7937005259840997, 1, 1.2599210498948732, 1.5874010519681996}
)

// maxAngle bounds the arguments whose reduction keeps enough bits; beyond it
// package math does it.
const maxAngle = 1e5

// sinCosDD are sine and cosine for |x| up to maxAngle.
func sinCosDD(x dd) (sin, cos dd) {
	k := math.Round(x.hi / halfPi[0])
	r := reduce(x.hi, k, halfPi).add(of(x.lo))
	s, c := sinTaylor(r), cosTaylor(r)
	switch int64(k) & 3 {
	case 1:
		return c, s.neg()
	case 2:
		return s.neg(), c.neg()
	case 3:
		return c.neg(), s
	}
	return s, c
}

func sinTaylor(a dd) dd {
	square := a.mul(a).neg()
	sum, term := a, a
	for n := 2.0; n <= 28; n += 2 {
		term = term.mul(square).div(of(n * (n + 1)))
		sum = sum.add(term)
	}
	return sum
}

func cosTaylor(a dd) dd {
	square := a.mul(a).neg()
	sum, term := of(1), of(1)
	for n := 1.0; n <= 27; n += 2 {
		term = term.mul(square).div(of(n * (n + 1)))
		sum = sum.add(term)
	}
	return sum
}

func outside(x float64) bool { return special(x) || math.Abs(x) > maxAngle || math.Abs(x) < 1e-150 }

// Sin is the sine.
func Sin(x float64) float64 {
	if outside(x) {
		return math.Sin(x)
	}
	s, _ := sinCosDD(of(x))
	return s.float()
}

// Cos is the cosine.
func Cos(x float64) float64 {
	if outside(x) {
		return math.Cos(x)
	}
	_, c := sinCosDD(of(x))
	return c.float()
}

// Tan is the tangent.
func Tan(x float64) float64 {
	if outside(x) {
		return math.Tan(x)
	}
	s, c := sinCosDD(of(x))
	return s.div(c).float()
}

// Atan2 is the angle of (x, y).
func Atan2(y, x float64) float64 {
	t := math.Atan2(y, x)
	if special(x) || special(y) || math.Abs(y/x) < 1e-100 || math.Abs(y/x) > 1e100 {
		return t
	}
	scale := -math.Ilogb(x) // keeps products in range
	x, y = math.Ldexp(x, scale), math.Ldexp(y, scale)
	s, c := sinCosDD(of(t))
	step := c.scale(y).sub(s.scale(x)).div(c.scale(x).add(s.scale(y)))
	return of(t).add(step).float()
}

// Atan is the arc tangent.
func Atan(x float64) float64 {
	if special(x) {
		return math.Atan(x)
	}
	return Atan2(x, 1)
}

// Asin is the arc sine.
func Asin(x float64) float64 {
	if special(x) || !(math.Abs(x) < 1) || math.Abs(x) < 1e-100 {
		return math.Asin(x)
	}
	t := math.Asin(x)
	s, c := sinCosDD(of(t))
	return of(t).add(of(x).sub(s).div(c)).float()
}

// Acos is the arc cosine.
func Acos(x float64) float64 {
	if special(x) || !(math.Abs(x) < 1) {
		return math.Acos(x)
	}
	t := math.Acos(x)
	s, c := sinCosDD(of(t))
	return of(t).add(c.sub(of(x)).div(s)).float()
}

// The hyperbolic functions are put together from the others as glibc does, so
// that they round where it rounds (e_sinh.c, e_cosh.c, s_tanh.c, s_asinh.c,
// e_acosh.c, e_atanh.c).

const large = 22 // beyond it e^-x does not show beside e^x

// Sinh is the hyperbolic sine.
func Sinh(x float64) float64 {
	a, h := math.Abs(x), math.Copysign(0.5, x)
	switch {
	case special(x) || a > 709:
		return math.Sinh(x)
	case a < 1.0/(1<<28):
		return x
	case a >= large:
		return h * Exp(a)
	}
	t := Expm1(a)
	if a < 1 {
		return h * (float64(2*t) - t*t/(t+1))
	}
	return h * (t + t/(t+1))
}

// Cosh is the hyperbolic cosine.
func Cosh(x float64) float64 {
	a := math.Abs(x)
	switch {
	case special(x) || a > 709:
		return math.Cosh(x)
	case a < math.Ln2/2:
		t := Expm1(a)
		w := 1 + t
		return 1 + t*t/(w+w)
	case a < large:
		t := Exp(a)
		return float64(0.5*t) + 0.5/t
	}
	return 0.5 * Exp(a)
}

// Tanh is the hyperbolic tangent.
func Tanh(x float64) float64 {
	a := math.Abs(x)
	var z float64
	switch {
	case special(x) || a < 1.0/(1<<55):
		return math.Tanh(x)
	case a >= large:
		z = 1
	case a >= 1:
		z = 1 - 2/(Expm1(2*a)+2)
	default:
		t := Expm1(-2 * a)
		z = -t / (t + 2)
	}
	return math.Copysign(z, x)
}

// Asinh is the inverse hyperbolic sine.
func Asinh(x float64) float64 {
	a := math.Abs(x)
	var w float64
	switch {
	case special(x) || a < 1.0/(1<<28):
		return x
	case a > 1<<28:
		w = Log(a) + math.Ln2
	case a > 2:
		w = Log(float64(2*a) + 1/(math.Sqrt(float64(x*x)+1)+a))
	default:
		t := x * x
		w = Log1p(a + t/(1+math.Sqrt(1+t)))
	}
	return math.Copysign(w, x)
}

// Acosh is the inverse hyperbolic cosine.
func Acosh(x float64) float64 {
	switch {
	case special(x) || x <= 1:
		return math.Acosh(x)
	case x > 1<<28:
		return Log(x) + math.Ln2
	case x > 2:
		return Log(float64(2*x) - 1/(x+math.Sqrt(float64(x*x)-1)))
	}
	t := x - 1
	return Log1p(t + math.Sqrt(float64(2*t)+float64(t*t)))
}

// Atanh is the inverse hyperbolic tangent.
func Atanh(x float64) float64 {
	a := math.Abs(x)
	var t float64
	switch {
	case special(x) || a >= 1 || a < 1.0/(1<<28):
		return math.Atanh(x)
	case a < 0.5:
		t = 0.5 * Log1p(float64(2*a)+float64(2*a*a)/(1-a))
	default:
		t = 0.5 * Log1p(2*a/(1-a))
	}
	return math.Copysign(t, x)
}
