package funcs

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/cmath"
)

func inputOutOfRange() error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "input is out of range")
}

// checkFloat raises what PostgreSQL raises for a result that overflowed, or
// underflowed to zero.
func checkFloat(r float64, infOK, zeroOK bool) (float64, error) {
	if math.IsInf(r, 0) && !infOK {
		return 0, floatOverflow()
	}
	if r == 0 && !zeroOK {
		return 0, floatUnderflow()
	}
	return r, nil
}

func sqrtFloat(a float64) (float64, error) {
	if a < 0 {
		return 0, pgerr.New(pgerr.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	return math.Sqrt(a), nil
}

func logFloat(log func(float64) float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		switch {
		case a == 0:
			return 0, pgerr.New(pgerr.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
		case a < 0:
			return 0, pgerr.New(pgerr.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
		}
		return log(a), nil
	}
}

func expFloat(a float64) (float64, error) {
	return checkFloat(cmath.Exp(a), math.IsInf(a, 1), math.IsInf(a, -1))
}

// powFloat is dpow of float.c, whose special cases follow POSIX.
func powFloat(a, b float64) (float64, error) {
	switch {
	case a != a && b == 0, a == 1, b == 0:
		return 1, nil
	case a != a || b != b:
		return math.NaN(), nil
	case a == 0 && b < 0:
		return 0, pgerr.New(pgerr.InvalidArgumentForPowerFunction, "zero raised to a negative power is undefined")
	case a < 0 && math.Floor(b) != b:
		return 0, pgerr.New(pgerr.InvalidArgumentForPowerFunction, "a negative number raised to a non-integer power yields a complex result")
	case math.IsInf(a, 0) || math.IsInf(b, 0):
		return cmath.Pow(a, b), nil
	}
	return checkFloat(cmath.Pow(a, b), false, a == 0)
}

// finiteOnly refuses infinities, as the trigonometric functions do.
func finiteOnly(f func(float64) float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		if math.IsInf(a, 0) {
			return 0, inputOutOfRange()
		}
		return f(a), nil
	}
}

// within refuses arguments outside [lo, hi]; NaN passes.
func within(lo, hi float64, f func(float64) float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		if a < lo || a > hi {
			return 0, inputOutOfRange()
		}
		return f(a), nil
	}
}

func cotangent(a float64) float64 { return 1 / cmath.Tan(a) }

// hyperbolic functions overflow to infinity without an error, but for a result
// that PostgreSQL does not want.
func coshFloat(a float64) (float64, error) { return checkFloat(cmath.Cosh(a), true, false) }

func scaleAngle(f float64) func(float64) (float64, error) {
	return func(a float64) (float64, error) {
		return checkFloat(a*f, math.IsInf(a, 0), a == 0)
	}
}

func degreesFloat(a float64) (float64, error) {
	return checkFloat(a/(math.Pi/180), math.IsInf(a, 0), a == 0)
}

func signFloat(a float64) float64 {
	switch {
	case a > 0:
		return 1
	case a < 0:
		return -1
	}
	return 0
}

func init() {
	kernels{
		"dround":  F1(math.RoundToEven),
		"dtrunc":  F1(math.Trunc),
		"dceil":   F1(math.Ceil),
		"dfloor":  F1(math.Floor),
		"dsign":   F1(signFloat),
		"dsqrt":   E1(sqrtFloat),
		"dcbrt":   F1(cmath.Cbrt),
		"dexp":    E1(expFloat),
		"dlog1":   E1(logFloat(cmath.Log)),
		"dlog10":  E1(logFloat(cmath.Log10)),
		"dpow":    E2(powFloat),
		"dpi":     Lift0(func(*Call) (float64, error) { return math.Pi, nil }),
		"degrees": E1(degreesFloat),
		"radians": E1(scaleAngle(math.Pi / 180)),

		"dsin":   E1(finiteOnly(cmath.Sin)),
		"dcos":   E1(finiteOnly(cmath.Cos)),
		"dtan":   E1(finiteOnly(cmath.Tan)),
		"dcot":   E1(finiteOnly(cotangent)),
		"dasin":  E1(within(-1, 1, cmath.Asin)),
		"dacos":  E1(within(-1, 1, cmath.Acos)),
		"datan":  F1(cmath.Atan),
		"datan2": F2(cmath.Atan2),
		"dsinh":  F1(cmath.Sinh),
		"dcosh":  E1(coshFloat),
		"dtanh":  F1(cmath.Tanh),
		"dasinh": F1(cmath.Asinh),
		"dacosh": E1(within(1, math.Inf(1), cmath.Acosh)),
		"datanh": E1(within(-1, 1, cmath.Atanh)),

		"dsind":   E1(finiteOnly(sinDegrees)),
		"dcosd":   E1(finiteOnly(cosDegrees)),
		"dtand":   E1(finiteOnly(tanDegrees)),
		"dcotd":   E1(finiteOnly(cotDegrees)),
		"dasind":  E1(within(-1, 1, asinDegrees)),
		"dacosd":  E1(within(-1, 1, acosDegrees)),
		"datand":  F1(atanDegrees),
		"datan2d": F2(func(y, x float64) float64 { return cmath.Atan2(y, x) / atan1 * 45 }),
	}.bind()
}

// The functions in degrees are exact at the multiples of 30 and 45, by dividing
// by the constants' own images (float.c, "degree-based trigonometric functions").
var (
	// radian is a variable: Go would compute with an exact constant, C does not.
	radian        = math.Pi / 180
	sin30         = cmath.Sin(30 * radian)
	oneMinusCos60 = 1 - cmath.Cos(60*radian)
	asin05        = cmath.Asin(0.5)
	acos05        = cmath.Acos(0.5)
	atan1         = cmath.Atan(1)
	tan45         = sinQuadrant(45) / cosQuadrant(45)
	cot45         = cosQuadrant(45) / sinQuadrant(45)
)

func sin0To30(x float64) float64 { return cmath.Sin(x*radian) / sin30 / 2 }

func cos0To60(x float64) float64 { return 1 - (1-cmath.Cos(x*radian))/oneMinusCos60/2 }

func sinQuadrant(x float64) float64 {
	if x <= 30 {
		return sin0To30(x)
	}
	return cos0To60(90 - x)
}

func cosQuadrant(x float64) float64 {
	if x <= 60 {
		return cos0To60(x)
	}
	return sin0To30(90 - x)
}

// fold reduces an angle to the first quadrant and gives the signs of its sine
// and cosine.
func fold(a float64) (x, sinSign, cosSign float64) {
	x, sinSign, cosSign = math.Mod(a, 360), 1, 1
	if x < 0 {
		x, sinSign = -x, -1
	}
	if x > 180 {
		x, sinSign = 360-x, -sinSign
	}
	if x > 90 {
		x, cosSign = 180-x, -1
	}
	return x, sinSign, cosSign
}

func sinDegrees(a float64) float64 {
	x, s, _ := fold(a)
	return s * sinQuadrant(x)
}

func cosDegrees(a float64) float64 {
	x, _, c := fold(a)
	return c * cosQuadrant(x)
}

func tanDegrees(a float64) float64 {
	x, s, c := fold(a)
	return positiveZero(s * c * (sinQuadrant(x) / cosQuadrant(x) / tan45))
}

func cotDegrees(a float64) float64 {
	x, s, c := fold(a)
	return positiveZero(s * c * (cosQuadrant(x) / sinQuadrant(x) / cot45))
}

func positiveZero(a float64) float64 {
	if a == 0 {
		return 0
	}
	return a
}

func asinQuadrant(x float64) float64 {
	if x <= 0.5 {
		return cmath.Asin(x) / asin05 * 30
	}
	return 90 - cmath.Acos(x)/acos05*60
}

func acosQuadrant(x float64) float64 {
	if x <= 0.5 {
		return 90 - cmath.Asin(x)/asin05*30
	}
	return cmath.Acos(x) / acos05 * 60
}

func asinDegrees(a float64) float64 {
	if a < 0 {
		return -asinQuadrant(-a)
	}
	return asinQuadrant(a)
}

func acosDegrees(a float64) float64 {
	if a < 0 {
		return 90 + asinQuadrant(-a)
	}
	return acosQuadrant(a)
}

func atanDegrees(a float64) float64 { return cmath.Atan(a) / atan1 * 45 }
