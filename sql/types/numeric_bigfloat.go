package types

import (
	"math"
	"math/big"
)

// float converts to binary with a precision in bits.
func (n Numeric) float(prec uint) *big.Float {
	f := new(big.Float).SetPrec(prec).SetInt(n.bigCoef())
	if n.scale == 0 {
		return f
	}
	return f.Quo(f, new(big.Float).SetPrec(prec).SetInt(pow10Big(n.scale)))
}

// fromFloat rounds half away from zero to a scale.
func fromFloat(f *big.Float, scale int) Numeric {
	prec := f.Prec() + uint(scale)*4 + 8
	scaled := new(big.Float).SetPrec(prec).SetInt(pow10Big(int32(scale)))
	scaled.Mul(scaled, f)
	half := big.NewFloat(math.Copysign(0.5, float64(f.Sign())))
	i, _ := scaled.Add(scaled, half).Int(nil)
	return NumericFromBigInt(i, int32(scale))
}

// lnFloat is ln(n) with an absolute error well below 10^-scale; n > 0.
func (n Numeric) lnFloat(scale int) *big.Float {
	magnitude := math.Abs(float64(n.digitCount()-int(n.scale))) * math.Ln10
	digits := float64(max(scale, 0)) + math.Log10(magnitude+1) + 10
	return bigLn(n.float(uint(digits*math.Log2(10)) + 64))
}

// bigExp is e^x to nearly x's precision: Taylor's series after halving the
// argument, then squaring back.
func bigExp(x *big.Float) *big.Float {
	if x.Sign() == 0 {
		return big.NewFloat(1).SetPrec(x.Prec())
	}
	halvings := max(x.MantExp(nil)+8, 0)
	prec := x.Prec() + uint(halvings) + 32
	small := new(big.Float).SetPrec(prec).SetMantExp(x, -halvings)
	sum := bigTaylor(small, prec)
	for range halvings {
		sum.Mul(sum, sum)
	}
	return sum
}

// bigTaylor is Σ x^k/k! for |x| < 1.
func bigTaylor(x *big.Float, prec uint) *big.Float {
	sum := new(big.Float).SetPrec(prec).SetInt64(1)
	term := new(big.Float).SetPrec(prec).SetInt64(1)
	k := new(big.Float).SetPrec(prec)
	for i := int64(1); ; i++ {
		term.Mul(term, x)
		term.Quo(term, k.SetInt64(i))
		if term.Sign() == 0 || term.MantExp(nil) < sum.MantExp(nil)-int(prec) {
			return sum
		}
		sum.Add(sum, term)
	}
}

// bigLn is ln(x), x > 0, with an absolute error near 2^-prec × |ln x|, by
// Halley's iteration y += 2(x-e^y)/(x+e^y), which triples the correct digits.
func bigLn(x *big.Float) *big.Float {
	prec := x.Prec()
	mant := new(big.Float)
	exp := x.MantExp(mant)
	m, _ := mant.Float64()
	y := new(big.Float).SetPrec(prec).SetFloat64(math.Log(m) + float64(exp)*math.Ln2)
	diff, sum := new(big.Float).SetPrec(prec), new(big.Float).SetPrec(prec)
	// The start is right to about 40 bits even for the largest exponents.
	for correct := uint(40); ; correct *= 3 {
		e := bigExp(y)
		diff.Sub(x, e)
		sum.Add(x, e)
		if diff.Sign() == 0 {
			return y
		}
		diff.Quo(diff, sum)
		y.Add(y, diff.SetMantExp(diff, 1))
		if correct > prec {
			return y
		}
	}
}

// bigPow is x^n by squaring, n >= 0.
func bigPow(x *big.Float, n int) *big.Float {
	r := big.NewFloat(1).SetPrec(x.Prec())
	sq := new(big.Float).Copy(x)
	for ; n > 0; n >>= 1 {
		if n&1 == 1 {
			r.Mul(r, sq)
		}
		sq.Mul(sq, sq)
	}
	return r
}
