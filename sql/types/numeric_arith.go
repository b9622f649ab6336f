package types

import (
	"math/big"
	"math/bits"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func divisionByZero() *pgerr.Error {
	return pgerr.New(pgerr.DivisionByZero, "division by zero")
}

// small says that both operands are finite and inline.
func small(a, b Numeric) bool {
	return a.big == nil && b.big == nil && a.kind|b.kind == numFinite
}

// checkedBig makes a value of an arithmetic result, 22003 if the format cannot
// hold it. It keeps c.
func checkedBig(c *big.Int, scale int32) (Numeric, error) {
	n := NumericFromBigInt(c, scale)
	// 3 bits are less than a decimal digit, so this passes nothing too long.
	if n.big != nil && c.BitLen() > 3*numericMaxIntDigits && n.digitCount()-int(scale) > numericMaxIntDigits {
		return Numeric{}, numericOverflow()
	}
	return n, nil
}

// Add returns n + m with the larger scale. 22003 if the format overflows.
func (n Numeric) Add(m Numeric) (Numeric, error) {
	if small(n, m) && n.scale == m.scale {
		if s := n.coef + m.coef; (s^n.coef)&(s^m.coef) >= 0 {
			return Numeric{coef: s, scale: n.scale}, nil
		}
	}
	return n.addSlow(m)
}

// Sub returns n - m with the larger scale. 22003 if the format overflows.
func (n Numeric) Sub(m Numeric) (Numeric, error) {
	if small(n, m) && n.scale == m.scale {
		if s := n.coef - m.coef; (n.coef^m.coef)&(n.coef^s) >= 0 {
			return Numeric{coef: s, scale: n.scale}, nil
		}
	}
	return n.addSlow(m.Neg())
}

func (n Numeric) addSlow(m Numeric) (Numeric, error) {
	if n.kind != numFinite || m.kind != numFinite {
		return addSpecial(n, m), nil
	}
	if n.scale < m.scale {
		n, m = m, n
	}
	if small(n, m) {
		if c, ok := scaleUp(m.coef, n.scale-m.scale); ok {
			if s := n.coef + c; (s^n.coef)&(s^c) >= 0 {
				return Numeric{coef: s, scale: n.scale}, nil
			}
		}
	}
	a, b := n.bigCoef(), m.bigAt(n.scale)
	return checkedBig(new(big.Int).Add(a, b), n.scale)
}

// addSpecial adds where an operand is not finite: infinities of opposite sign
// give NaN.
func addSpecial(n, m Numeric) Numeric {
	switch {
	case n.kind == numNaN || m.kind == numNaN:
		return NumericNaN
	case n.kind == numFinite:
		return m
	case m.kind == numFinite || n.kind == m.kind:
		return n
	}
	return NumericNaN
}

// scaleUp returns c × 10^by if it fits.
func scaleUp(c int64, by int32) (int64, bool) {
	if by >= int32(len(pow10U)) {
		return 0, c == 0
	}
	hi, lo := bits.Mul64(absInt64(c), pow10U[by])
	if hi != 0 || lo > 1<<63-1 {
		return 0, false
	}
	if c < 0 {
		return -int64(lo), true
	}
	return int64(lo), true
}

// bigAt returns the coefficient at a scale not below n's, for reading only.
func (n Numeric) bigAt(scale int32) *big.Int {
	if scale == n.scale {
		return n.bigCoef()
	}
	return new(big.Int).Mul(n.bigCoef(), pow10Big(scale-n.scale))
}

// Mul returns n × m with the sum of the scales. 22003 if the format overflows.
func (n Numeric) Mul(m Numeric) (Numeric, error) {
	if small(n, m) {
		hi, lo := bits.Mul64(absInt64(n.coef), absInt64(m.coef))
		scale := n.scale + m.scale
		if hi == 0 && lo <= 1<<63-1 && scale <= numericMaxDScale {
			c := int64(lo)
			if n.coef^m.coef < 0 {
				c = -c
			}
			return Numeric{coef: c, scale: scale}, nil
		}
	}
	return n.mulSlow(m)
}

func (n Numeric) mulSlow(m Numeric) (Numeric, error) {
	if n.kind != numFinite || m.kind != numFinite {
		return signedInf(n, m, n.Sign()*m.Sign()), nil
	}
	p, err := checkedBig(new(big.Int).Mul(n.bigCoef(), m.bigCoef()), n.scale+m.scale)
	if err == nil && p.scale > numericMaxDScale {
		p = p.Round(numericMaxDScale)
	}
	return p, err
}

// signedInf is the infinity of that sign, or NaN if sign is 0 or an operand is
// NaN.
func signedInf(n, m Numeric, sign int) Numeric {
	switch {
	case n.kind == numNaN || m.kind == numNaN || sign == 0:
		return NumericNaN
	case sign > 0:
		return NumericPosInf
	}
	return NumericNegInf
}

// Div returns n / m, rounded to the scale that PostgreSQL selects: at least 16
// significant digits and at least either operand's scale. 22012 for a zero
// divisor.
func (n Numeric) Div(m Numeric) (Numeric, error) {
	if n.kind != numFinite || m.kind != numFinite {
		return divSpecial(n, m)
	}
	if m.IsZero() {
		return Numeric{}, divisionByZero()
	}
	return n.quo(m, divScale(n, m), true)
}

// DivTrunc returns n / m truncated towards zero, with scale 0: div(). 22012
// for a zero divisor.
func (n Numeric) DivTrunc(m Numeric) (Numeric, error) {
	if n.kind != numFinite || m.kind != numFinite {
		return divSpecial(n, m)
	}
	if m.IsZero() {
		return Numeric{}, divisionByZero()
	}
	return n.quo(m, 0, false)
}

func divSpecial(n, m Numeric) (Numeric, error) {
	switch {
	case n.kind == numNaN || m.kind == numNaN:
		return NumericNaN, nil
	case n.kind == numFinite:
		return Numeric{}, nil
	case m.kind != numFinite:
		return NumericNaN, nil
	case m.IsZero():
		return Numeric{}, divisionByZero()
	}
	return signedInf(n, m, n.Sign()*m.Sign()), nil
}

// divScale is select_div_scale of numeric.c.
func divScale(n, m Numeric) int32 {
	nw, nf := n.topDigits()
	mw, mf := m.topDigits()
	weight := nw - mw
	if nf <= mf {
		weight--
	}
	scale := numericMinSigDigits - weight*nbaseDigits
	return int32(clampDisplay(max(scale, int(n.scale), int(m.scale))))
}

// clampDisplay bounds a selected scale to what PostgreSQL displays.
func clampDisplay(scale int) int { return min(max(scale, 0), numericMaxDisplay) }

// quo divides to a scale, rounding half away from zero or truncating. m is not
// zero.
func (n Numeric) quo(m Numeric, scale int32, round bool) (Numeric, error) {
	up := scale + m.scale - n.scale // n's coefficient × 10^up ÷ m's
	if small(n, m) && up >= 0 {
		if c, ok := quoInline(n.coef, m.coef, up, round); ok {
			return Numeric{coef: c, scale: scale}, nil
		}
	}
	a, b := n.bigCoef(), m.bigCoef()
	if up >= 0 {
		a = new(big.Int).Mul(a, pow10Big(up))
	} else {
		b = new(big.Int).Mul(b, pow10Big(-up))
	}
	return checkedBig(quoBig(a, b, round), scale)
}

// quoInline is a × 10^up ÷ b by long division, as many digits at a time as a
// word holds; ok is false if the quotient does not fit.
func quoInline(a, b int64, up int32, round bool) (c int64, ok bool) {
	div := absInt64(b)
	q, r := absInt64(a)/div, absInt64(a)%div
	for up > 0 {
		p := pow10U[min(up, maxPow10U)]
		up -= min(up, maxPow10U)
		hi, lo := bits.Mul64(r, p)
		digits, rest := bits.Div64(hi, lo, div) // r < div, so the digits fit
		over, shifted := bits.Mul64(q, p)
		var carry uint64
		q, carry = bits.Add64(shifted, digits, 0)
		r = rest
		if over+carry != 0 {
			return 0, false
		}
	}
	if round && r >= div-r {
		q++
	}
	if q > 1<<63-1 {
		return 0, false
	}
	if a^b < 0 {
		return -int64(q), true
	}
	return int64(q), true
}

func quoBig(a, b *big.Int, round bool) *big.Int {
	q, r := new(big.Int).QuoRem(a, b, new(big.Int))
	if !round {
		return q
	}
	if r.Abs(r).Lsh(r, 1).CmpAbs(b) >= 0 {
		q.Add(q, big.NewInt(int64(a.Sign()*b.Sign())))
	}
	return q
}

// Mod returns the remainder of division truncated towards zero: it has n's
// sign and the larger scale. 22012 for a zero divisor.
func (n Numeric) Mod(m Numeric) (Numeric, error) {
	if n.kind != numFinite || m.kind != numFinite {
		return modSpecial(n, m)
	}
	if m.IsZero() {
		return Numeric{}, divisionByZero()
	}
	scale := max(n.scale, m.scale)
	if small(n, m) {
		a, aok := scaleUp(n.coef, scale-n.scale)
		b, bok := scaleUp(m.coef, scale-m.scale)
		if aok && bok {
			return Numeric{coef: a % b, scale: scale}, nil
		}
	}
	return NumericFromBigInt(new(big.Int).Rem(n.bigAt(scale), m.bigAt(scale)), scale), nil
}

func modSpecial(n, m Numeric) (Numeric, error) {
	switch {
	case n.kind == numNaN || m.kind == numNaN:
		return NumericNaN, nil
	case n.kind == numFinite:
		return n, nil
	case m.IsZero():
		return Numeric{}, divisionByZero()
	}
	return NumericNaN, nil
}

// Neg returns -n.
func (n Numeric) Neg() Numeric {
	switch {
	case n.kind == numPosInf:
		return NumericNegInf
	case n.kind == numNegInf:
		return NumericPosInf
	case n.big == nil && n.coef != -1<<63:
		n.coef = -n.coef
		return n
	case n.kind != numFinite:
		return n
	}
	return NumericFromBigInt(new(big.Int).Neg(n.bigCoef()), n.scale)
}

// Abs returns |n|.
func (n Numeric) Abs() Numeric {
	if n.Sign() < 0 {
		return n.Neg()
	}
	return n
}

// SignNumeric is sign(): -1, 0 or 1 as a numeric, NaN for NaN.
func (n Numeric) SignNumeric() Numeric {
	if n.kind == numNaN {
		return n
	}
	return NumericFromInt64(int64(n.Sign()))
}
