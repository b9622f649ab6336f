package types

import (
	"math/big"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Scale is the number of digits after the point; 0 for NaN and the infinities,
// for which scale() and min_scale() give NULL.
func (n Numeric) Scale() int32 { return n.scale }

// Round rounds half away from zero to scale digits after the point, or to
// tens, hundreds … for a negative scale (then the result's scale is 0). A
// larger scale adds zeros. The scale is limited to what digits a value can have, as
// PostgreSQL's round() does.
func (n Numeric) Round(scale int32) Numeric {
	return n.rescale(min(max(scale, -numericMaxIntDigits-1), numericMaxDScale), true)
}

// RoundChecked is Round, with 22003 where a digit more does not fit the format.
func (n Numeric) RoundChecked(scale int32) (Numeric, error) {
	out := n.Round(scale)
	if out.big == nil {
		return out, nil
	}
	return checkedBig(out.big, out.scale)
}

// Trunc is Round towards zero.
func (n Numeric) Trunc(scale int32) Numeric {
	return n.rescale(min(max(scale, -numericMaxIntDigits), numericMaxDScale), false)
}

func (n Numeric) rescale(scale int32, round bool) Numeric {
	if n.kind != numFinite || scale == n.scale {
		return n
	}
	if scale > n.scale {
		if c, ok := scaleUp(n.coef, scale-n.scale); ok && n.big == nil {
			return Numeric{coef: c, scale: scale}
		}
		return NumericFromBigInt(n.bigAt(scale), scale)
	}
	down, up := n.scale-scale, max(-scale, 0)
	if n.big == nil && down < int32(len(pow10U)) {
		if c, ok := scaleUp(divPow10(n.coef, pow10U[down], round), up); ok {
			return Numeric{coef: c, scale: max(scale, 0)}
		}
	}
	q := quoBig(n.bigCoef(), pow10Big(down), round)
	if up > 0 {
		q.Mul(q, pow10Big(up))
	}
	return NumericFromBigInt(q, max(scale, 0))
}

// divPow10 divides by a power of ten, rounding half away from zero or
// truncating.
func divPow10(c int64, p uint64, round bool) int64 {
	u := absInt64(c)
	q, r := u/p, u%p
	if round && r >= p-r {
		q++
	}
	if c < 0 {
		return -int64(q)
	}
	return int64(q)
}

// Ceil is the smallest integer not below n, with scale 0.
func (n Numeric) Ceil() Numeric { return n.toInteger(1) }

// Floor is the largest integer not above n, with scale 0.
func (n Numeric) Floor() Numeric { return n.toInteger(-1) }

// toInteger truncates and steps away from zero if n has a fraction and the
// sign dir.
func (n Numeric) toInteger(dir int) Numeric {
	t := n.Trunc(0)
	if n.kind != numFinite || n.Sign() != dir || t.Cmp(n) == 0 {
		return t
	}
	t, _ = t.Add(NumericFromInt64(int64(dir)))
	return t
}

// MinScale is the smallest scale that holds the value exactly; 0 for NaN and
// the infinities.
func (n Numeric) MinScale() int32 { return n.TrimScale().scale }

// TrimScale drops trailing zeros after the point.
func (n Numeric) TrimScale() Numeric {
	if n.kind != numFinite || n.scale == 0 {
		return n
	}
	if n.big != nil {
		return n.trimBig()
	}
	if n.coef == 0 {
		return Numeric{}
	}
	for n.scale > 0 && n.coef%10 == 0 {
		n.coef /= 10
		n.scale--
	}
	return n
}

func (n Numeric) trimBig() Numeric {
	digits := n.appendDigits(nil)
	var zeros int32
	for zeros < n.scale && digits[len(digits)-1-int(zeros)] == '0' {
		zeros++
	}
	if zeros == 0 {
		return n
	}
	return NumericFromBigInt(new(big.Int).Quo(n.big, pow10Big(zeros)), n.scale-zeros)
}

// NumericTypmod packs precision and scale as pg_attribute.atttypmod does.
func NumericTypmod(precision, scale int32) int32 { return (precision<<16 | scale&0x7ff) + 4 }

// NumericPrecisionScale unpacks a typmod; ok is false for -1, an unconstrained
// numeric.
func NumericPrecisionScale(typmod int32) (precision, scale int32, ok bool) {
	if typmod < 4 {
		return 0, 0, false
	}
	typmod -= 4
	return typmod >> 16 & 0xffff, (typmod&0x7ff ^ 1024) - 1024, true
}

// ApplyTypmod coerces n to numeric(p,s): rounds to the scale, which may be
// negative, and raises 22003 if more than p digits are left.
func (n Numeric) ApplyTypmod(typmod int32) (Numeric, error) {
	precision, scale, ok := NumericPrecisionScale(typmod)
	if !ok || n.kind == numNaN {
		return n, nil
	}
	if n.kind != numFinite {
		return n, fieldOverflow("A field with precision %d, scale %d cannot hold an infinite value.", precision, scale)
	}
	r := n.Round(scale)
	intDigits := precision - scale
	if r.IsZero() || r.digitCount()-int(r.scale) <= int(intDigits) {
		return r, nil
	}
	base, exp := "10^", intDigits
	if intDigits == 0 {
		base, exp = "", 1
	}
	return n, fieldOverflow("A field with precision %d, scale %d must round to an absolute value less than %s%d.",
		precision, scale, base, exp)
}

func fieldOverflow(detail string, args ...any) error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "numeric field overflow").WithDetail(detail, args...)
}
