package types

import (
	"math"
	"math/big"
	"math/bits"
)

// Numeric is an exact decimal: coefficient × 10^-scale, where scale is the
// display scale (dscale) that PostgreSQL keeps, so 1.50 and 1.5 compare equal
// and print differently. Coefficients that fit an int64 are held inline and
// cost no allocation. The zero value is 0.
//
// Numerics are values: methods never change their receiver. Arithmetic follows
// PostgreSQL 15, including NaN (equal to itself and above everything), the
// infinities, and the scale of every result.
type Numeric struct {
	coef  int64
	big   *big.Int // the coefficient where it does not fit coef; never changed
	scale int32
	kind  numericKind
}

type numericKind uint8

const (
	numFinite numericKind = iota
	numNaN
	numPosInf
	numNegInf
)

// Limits of PostgreSQL's numeric (numeric.h, numeric.c).
const (
	numericMaxPrecision   = 1000  // of a declared numeric(p,s)
	numericMaxScale       = 1000  // of a declared scale, either sign
	numericMaxResultScale = 2000  // the bound of exp() and power()
	numericMaxDisplay     = 1000  // scale that division and functions select
	numericMinSigDigits   = 16    // significant digits that they aim at
	numericMaxDScale      = 16383 // scale that a value can hold
	numericMaxIntDigits   = 131072
	nbaseDigits           = 4 // decimal digits of one of PostgreSQL's base-10000 digits
)

// NaN and the infinities.
var (
	NumericNaN    = Numeric{kind: numNaN}
	NumericPosInf = Numeric{kind: numPosInf}
	NumericNegInf = Numeric{kind: numNegInf}
)

// NumericFromInt64 returns i with scale 0.
func NumericFromInt64(i int64) Numeric { return Numeric{coef: i} }

// NumericFromScaled returns unscaled × 10^-scale; scale must not be negative.
func NumericFromScaled(unscaled int64, scale int32) Numeric {
	return Numeric{coef: unscaled, scale: scale}
}

// NumericFromBigInt returns unscaled × 10^-scale. It copies nothing: the caller
// must not change unscaled afterwards. scale must not be negative.
func NumericFromBigInt(unscaled *big.Int, scale int32) Numeric {
	if unscaled.IsInt64() {
		return Numeric{coef: unscaled.Int64(), scale: scale}
	}
	return Numeric{big: unscaled, scale: scale}
}

// IsNaN says whether n is NaN.
func (n Numeric) IsNaN() bool { return n.kind == numNaN }

// IsInf says whether n is an infinity: the positive one if sign > 0, the
// negative one if sign < 0, either if sign == 0.
func (n Numeric) IsInf(sign int) bool {
	return sign >= 0 && n.kind == numPosInf || sign <= 0 && n.kind == numNegInf
}

// IsFinite says whether n is neither NaN nor an infinity.
func (n Numeric) IsFinite() bool { return n.kind == numFinite }

// IsZero says whether n is zero of any scale.
func (n Numeric) IsZero() bool { return n.kind == numFinite && n.big == nil && n.coef == 0 }

// Sign is -1, 0 or 1; NaN's is 0.
func (n Numeric) Sign() int {
	switch {
	case n.kind == numPosInf:
		return 1
	case n.kind == numNegInf:
		return -1
	case n.kind == numNaN:
		return 0
	case n.big != nil:
		return n.big.Sign()
	}
	return cmpInt64(n.coef, 0)
}

// Unscaled returns the coefficient: n × 10^Scale. The result is the caller's.
func (n Numeric) Unscaled() *big.Int { return new(big.Int).Set(n.bigCoef()) }

// bigCoef returns the coefficient for reading only.
func (n Numeric) bigCoef() *big.Int {
	if n.big != nil {
		return n.big
	}
	return big.NewInt(n.coef)
}

func cmpInt64(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

// absInt64 is |i|, right for the smallest int64 too.
func absInt64(i int64) uint64 {
	if i < 0 {
		return -uint64(i)
	}
	return uint64(i)
}

// maxPow10U is the largest power of ten that fits a uint64.
const maxPow10U = 19

// pow10U holds the powers of ten that fit a uint64.
var pow10U = func() (p [maxPow10U + 1]uint64) {
	p[0] = 1
	for i := 1; i < len(p); i++ {
		p[i] = p[i-1] * 10
	}
	return p
}()

// pow10BigTable holds the powers of ten that arithmetic needs all the time.
var pow10BigTable = func() (p [64]*big.Int) {
	for i := range p {
		p[i] = new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(i)), nil)
	}
	return p
}()

// pow10Big returns 10^n for reading only.
func pow10Big(n int32) *big.Int {
	if int(n) < len(pow10BigTable) {
		return pow10BigTable[n]
	}
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(n)), nil)
}

// decimalLen is the number of decimal digits of u; 0 has one.
func decimalLen(u uint64) int {
	if u == 0 {
		return 1
	}
	// 1233/4096 is just above log10(2): the guess is right or one too high.
	guess := bits.Len64(u) * 1233 >> 12
	if u >= pow10U[guess] {
		return guess + 1
	}
	return guess
}

// digitCount is the number of decimal digits of the coefficient; 0 has one.
func (n Numeric) digitCount() int {
	if n.big == nil {
		return decimalLen(absInt64(n.coef))
	}
	return bigDecimalLen(n.big)
}

func bigDecimalLen(b *big.Int) int {
	guess := int32(math.Floor(float64(b.BitLen()-1) * math.Log10(2)))
	for b.CmpAbs(pow10Big(guess)) >= 0 {
		guess++
	}
	return int(max(guess, 1))
}

// topDigits describes n as PostgreSQL stores it: the weight of its first
// base-10000 digit and that digit. The scale that division and the
// transcendental functions select depends on them. Both are 0 for zero.
func (n Numeric) topDigits() (weight, first int) {
	if n.IsZero() {
		return 0, 0
	}
	digits := n.digitCount()
	exp := digits - 1 - int(n.scale)
	weight = floorDiv(exp, nbaseDigits)
	return weight, int(n.leading(exp-weight*nbaseDigits+1, digits))
}

// leading returns the first k of the coefficient's digits as a number, padded
// with zeros on the right if there are fewer; k is at most 18.
func (n Numeric) leading(k, digits int) uint64 {
	if n.big != nil {
		q := new(big.Int).Quo(n.big, pow10Big(int32(digits-k)))
		return q.Abs(q).Uint64()
	}
	u := absInt64(n.coef)
	if digits > k {
		return u / pow10U[digits-k]
	}
	return u * pow10U[k-digits]
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// Cmp compares by value: -1, 0 or 1. NaN equals NaN and is above +Infinity.
func (n Numeric) Cmp(m Numeric) int {
	if n.kind|m.kind == numFinite && n.big == nil && m.big == nil && n.scale == m.scale {
		return cmpInt64(n.coef, m.coef)
	}
	return n.cmpSlow(m)
}

// kindRank orders the kinds.
var kindRank = [...]int{numFinite: 1, numNaN: 3, numPosInf: 2, numNegInf: 0}

func (n Numeric) cmpSlow(m Numeric) int {
	if n.kind != numFinite || m.kind != numFinite {
		return cmpInt64(int64(kindRank[n.kind]), int64(kindRank[m.kind]))
	}
	if ns, ms := n.Sign(), m.Sign(); ns != ms || ns == 0 {
		return cmpInt64(int64(ns), int64(ms))
	}
	if n.scale < m.scale {
		return -m.cmpSlow(n)
	}
	up := n.scale - m.scale
	if n.big == nil && m.big == nil && up < int32(len(pow10U)) {
		hi, lo := bits.Mul64(absInt64(m.coef), pow10U[up])
		c := 1
		if hi > 0 || lo > absInt64(n.coef) {
			c = -1
		} else if lo == absInt64(n.coef) {
			c = 0
		}
		return c * n.Sign()
	}
	return n.bigCoef().Cmp(new(big.Int).Mul(m.bigCoef(), pow10Big(up)))
}

// Equal says whether n and m are the same number, whatever their scales.
func (n Numeric) Equal(m Numeric) bool { return n.Cmp(m) == 0 }
