package types

import (
	"math"
	"math/big"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// The scales below are numeric.c's: a result gets about 16 significant digits,
// at least its arguments' scales, at most 1000. Values are computed with guard
// digits enough for that rounding.

// Sqrt is sqrt(); 2201F for a negative argument.
func (n Numeric) Sqrt() (Numeric, error) {
	switch {
	case n.kind == numNaN || n.kind == numPosInf:
		return n, nil
	case n.Sign() < 0:
		return n, pgerr.New(pgerr.InvalidArgumentForPowerFunction, "cannot take square root of a negative number")
	}
	weight, _ := n.topDigits()
	sweight := (weight+1)*nbaseDigits/2 - 1
	scale := int32(clampDisplay(max(numericMinSigDigits-sweight, int(n.scale))))
	// √(c × 10^-s) at scale r is √(c × 10^(2r-s)).
	sq := n.shifted(2*scale - n.scale)
	return NumericFromBigInt(roundRoot(new(big.Int).Sqrt(sq), sq), scale), nil
}

// shifted is the coefficient × 10^by, truncated.
func (n Numeric) shifted(by int32) *big.Int {
	if by < 0 {
		return new(big.Int).Quo(n.bigCoef(), pow10Big(-by))
	}
	return new(big.Int).Mul(n.bigCoef(), pow10Big(by))
}

// roundRoot rounds the integer square root of sq to the nearest integer.
func roundRoot(root, sq *big.Int) *big.Int {
	rest := new(big.Int).Sub(sq, new(big.Int).Mul(root, root))
	if rest.Cmp(root) > 0 {
		return root.Add(root, big.NewInt(1))
	}
	return root
}

// Exp is exp(); 22003 if the result overflows.
func (n Numeric) Exp() (Numeric, error) {
	switch n.kind {
	case numNaN, numPosInf:
		return n, nil
	case numNegInf:
		return Numeric{}, nil
	}
	val := n.approxFloat() * 0.434294481903252
	val = min(max(val, -numericMaxResultScale), numericMaxResultScale)
	scale := clampDisplay(max(numericMinSigDigits-int(val), int(n.scale)))
	return expToScale(n.float(expPrec(scale, n.approxFloat())), scale)
}

// expPrec is the precision in bits for exp of about x at a scale.
func expPrec(scale int, x float64) uint {
	digits := max(float64(scale)+min(max(x, -6000), 6000)*math.Log10E, 0) + 20
	return uint(digits*math.Log2(10)) + 32
}

// expToScale is exp_var: e^x rounded to a scale, 0 far below it.
func expToScale(x *big.Float, scale int) (Numeric, error) {
	approx, _ := x.Float64()
	if math.Abs(approx) >= numericMaxResultScale*3 {
		if approx > 0 {
			return Numeric{}, numericOverflow()
		}
		return Numeric{scale: int32(scale)}, nil
	}
	return fromFloat(bigExp(x), scale), nil
}

// Ln is ln(); 2201E for zero and negative arguments.
func (n Numeric) Ln() (Numeric, error) {
	if err := checkLog(n); err != nil {
		return n, err
	}
	if n.kind != numFinite {
		return n, nil
	}
	scale := clampDisplay(max(numericMinSigDigits-n.lnWeight(), int(n.scale)))
	return fromFloat(n.lnFloat(scale), scale), nil
}

// Log10 is log() of one argument; errors as Ln.
func (n Numeric) Log10() (Numeric, error) { return n.LogBase(NumericFromInt64(10)) }

// LogBase is log(base, n); errors as Ln, and 22012 for base 1.
func (n Numeric) LogBase(base Numeric) (Numeric, error) {
	if n.kind == numNaN || base.kind == numNaN {
		return NumericNaN, nil
	}
	if n.kind != numFinite || base.kind != numFinite {
		return logSpecial(n, base), checkLog(base, n)
	}
	if err := firstError(checkLog(base), checkLog(n)); err != nil {
		return n, err
	}
	baseWeight, numWeight := base.lnWeight(), n.lnWeight()
	weight := numWeight - baseWeight
	scale := clampDisplay(max(numericMinSigDigits-weight, int(n.scale), int(base.scale)))
	guard := scale + max(weight, 0) + max(baseWeight, 0) - 2*min(baseWeight, 0) + 8
	lnBase := base.lnFloat(guard)
	if lnBase.Sign() == 0 {
		return n, divisionByZero()
	}
	num := n.lnFloat(guard)
	return fromFloat(num.Quo(num, lnBase), scale), nil
}

func logSpecial(n, base Numeric) Numeric {
	switch {
	case n.kind == numFinite:
		return Numeric{}
	case base.kind == numFinite:
		return NumericPosInf
	}
	return NumericNaN
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// checkLog raises what logarithms of these raise: a negative argument is
// reported before a zero one.
func checkLog(ns ...Numeric) error {
	for _, n := range ns {
		if n.Sign() < 0 {
			return pgerr.New(pgerr.InvalidArgumentForLogarithm, "cannot take logarithm of a negative number")
		}
	}
	for _, n := range ns {
		if n.IsZero() {
			return pgerr.New(pgerr.InvalidArgumentForLogarithm, "cannot take logarithm of zero")
		}
	}
	return nil
}

var (
	pointNine = NumericFromScaled(9, 1)
	onePoint1 = NumericFromScaled(11, 1)
	numOne    = NumericFromInt64(1)
)

// lnWeight is estimate_ln_dweight: the decimal weight of ln(n), n > 0.
func (n Numeric) lnWeight() int {
	if n.Cmp(pointNine) >= 0 && n.Cmp(onePoint1) <= 0 {
		x, _ := n.Sub(numOne)
		if x.IsZero() {
			return 0
		}
		w, first := x.topDigits()
		return w*nbaseDigits + int(math.Log10(float64(first)))
	}
	w, _ := n.topDigits()
	// The first two base-10000 digits stand for the number.
	top := n.abovePow10(w*nbaseDigits - nbaseDigits)
	exp := (w - 1) * nbaseDigits
	ln := math.Log(top) + float64(exp)*2.302585092994046
	return int(math.Log10(math.Abs(ln)))
}

// abovePow10 is the integer part of |n| / 10^e for e near n's magnitude.
func (n Numeric) abovePow10(e int) float64 {
	digits := n.digitCount()
	return float64(n.leading(digits-int(n.scale)-e, digits))
}

// Power is n^exp; 2201F where that is undefined or complex, 22003 on overflow.
func (n Numeric) Power(exp Numeric) (Numeric, error) {
	if n.kind == numNaN || exp.kind == numNaN {
		return powerNaN(n, exp), nil
	}
	if n.Sign() == 0 && exp.Sign() < 0 {
		return n, powerError("zero raised to a negative power is undefined")
	}
	integral := exp.kind != numFinite || exp.isIntegral()
	if n.Sign() < 0 && !integral {
		return n, powerError("a negative number raised to a non-integer power yields a complex result")
	}
	if n.kind != numFinite || exp.kind != numFinite {
		return powerInf(n, exp), nil
	}
	if e, ok := exp.Int32(); ok && integral {
		return n.powerInt(int(e))
	}
	if n.IsZero() {
		return Numeric{scale: numericMinSigDigits}, nil
	}
	return n.powerReal(exp)
}

func powerError(msg string) error { return pgerr.New(pgerr.InvalidArgumentForPowerFunction, "%s", msg) }

func (n Numeric) isIntegral() bool { return n.Trunc(0).Cmp(n) == 0 }

// isOdd says whether the integer n is odd.
func (n Numeric) isOdd() bool { return n.Trunc(0).bigCoef().Bit(0) == 1 }

// powerNaN: NaN^0 and 1^NaN are 1 (POSIX), everything else is NaN.
func powerNaN(n, exp Numeric) Numeric {
	if n.kind == numNaN && exp.IsZero() || n.Equal(numOne) {
		return numOne
	}
	return NumericNaN
}

func powerInf(n, exp Numeric) Numeric {
	switch {
	case n.Equal(numOne) || exp.IsZero():
		return numOne
	case exp.kind == numFinite && exp.Sign() < 0:
		return Numeric{}
	case exp.kind == numFinite && n.kind == numNegInf && exp.isIntegral() && exp.isOdd():
		return NumericNegInf
	case exp.kind == numFinite:
		return NumericPosInf
	}
	switch n.Abs().Cmp(numOne) * exp.Sign() {
	case 0:
		return numOne
	case 1:
		return NumericPosInf
	}
	return Numeric{}
}

// powerInt is power_var_int: unlike the other functions it aims at 16 digits
// after the point, whatever the magnitude.
func (n Numeric) powerInt(exp int) (Numeric, error) {
	scale := clampDisplay(max(numericMinSigDigits, int(n.scale)))
	switch {
	case exp == 0:
		return numOne.Round(int32(scale)), nil
	case n.IsZero():
		return Numeric{scale: int32(scale)}, nil
	}
	weight := float64(exp) * n.log10Estimate()
	if weight > 3*numericMaxIntDigits {
		return n, numericOverflow()
	}
	if weight+1 < -float64(scale) {
		return Numeric{scale: int32(scale)}, nil
	}
	return n.powerIntScaled(exp, scale, weight)
}

// log10Estimate approximates log10|n| from the first base-10000 digits, and is
// 0 for 0.
func (n Numeric) log10Estimate() float64 {
	if n.IsZero() {
		return 0
	}
	digits := n.digitCount()
	return math.Log10(float64(n.leading(16, digits))) + float64(digits-16-int(n.scale))
}

// maxExactPower bounds the digits of a power that is computed exactly.
const maxExactPower = 4000

func (n Numeric) powerIntScaled(exp, scale int, weight float64) (Numeric, error) {
	count := max(exp, -exp)
	if n.digitCount()*count <= maxExactPower {
		p := new(big.Int).Exp(n.bigCoef(), big.NewInt(int64(count)), nil)
		exact := Numeric{big: p, scale: n.scale * int32(count)}
		if exp >= 0 {
			return checkedBig(exact.Round(int32(scale)).Unscaled(), int32(scale))
		}
		return numOne.quo(exact, int32(scale), true)
	}
	digits := max(1+float64(scale)+weight, 0) + math.Log10(float64(count)) + 20
	prec := uint(digits*math.Log2(10)) + 32
	p := bigPow(n.float(prec), count)
	if exp < 0 {
		p.Quo(big.NewFloat(1).SetPrec(prec), p)
	}
	r := fromFloat(p, scale)
	return checkedBig(r.bigCoef(), r.scale)
}

// powerReal is the general case of power_var: e^(exp × ln n).
func (n Numeric) powerReal(exp Numeric) (Numeric, error) {
	negative := n.Sign() < 0 && exp.isOdd()
	n = n.Abs()
	low := n.lnFloat(max(8-n.lnWeight(), 0))
	val, _ := low.Mul(low, exp.float(low.Prec())).Float64()
	if math.Abs(val) > numericMaxResultScale*3.01 {
		if val > 0 {
			return n, numericOverflow()
		}
		return Numeric{scale: numericMaxDisplay}, nil
	}
	weight := val * 0.434294481903252
	scale := clampDisplay(max(numericMinSigDigits-int(weight), int(n.scale), int(exp.scale)))
	sig := max(scale+int(weight), 0) + exp.digitCount()
	x := n.lnFloat(sig + 20 + max(-n.lnWeight(), 0))
	x.Mul(x, exp.float(x.Prec()))
	r, err := expToScale(x.SetPrec(max(x.Prec(), expPrec(scale, val))), scale)
	if negative {
		r = r.Neg()
	}
	return r, err
}
