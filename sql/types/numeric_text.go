package types

import (
	"math"
	"math/big"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

func numericOverflow() *pgerr.Error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "value overflows numeric format")
}

// ParseNumeric parses PostgreSQL's text form of a numeric: optional white space
// around a decimal number with optional exponent, NaN, or [+-]Inf[inity] in any
// case. 22P02 for anything else, 22003 if the value overflows the format.
func ParseNumeric(s string) (Numeric, error) {
	body := trimSpace(s)
	if n, ok := numericSpecial(body); ok {
		return n, nil
	}
	d, ok := scanDecimal(body)
	if !ok {
		return Numeric{}, InvalidInput("numeric", s)
	}
	return d.numeric()
}

func numericSpecial(s string) (Numeric, bool) {
	if len(s) < 3 || len(s) > 9 {
		return Numeric{}, false
	}
	switch strings.ToLower(s) {
	case "nan":
		return NumericNaN, true
	case "infinity", "+infinity", "inf", "+inf":
		return NumericPosInf, true
	case "-infinity", "-inf":
		return NumericNegInf, true
	}
	return Numeric{}, false
}

// decimalText is a decimal number taken apart.
type decimalText struct {
	neg        bool
	whole, fra string // digits before and after the point
	exp        int64
}

func scanDecimal(s string) (decimalText, bool) {
	var d decimalText
	if s != "" && (s[0] == '-' || s[0] == '+') {
		d.neg, s = s[0] == '-', s[1:]
	}
	d.whole, s = splitDigits(s)
	if s != "" && s[0] == '.' {
		d.fra, s = splitDigits(s[1:])
	}
	if d.whole == "" && d.fra == "" {
		return d, false
	}
	if s == "" {
		return d, true
	}
	if s[0] != 'e' && s[0] != 'E' {
		return d, false
	}
	return d, d.scanExponent(s[1:])
}

func (d *decimalText) scanExponent(s string) bool {
	digits := s
	if s != "" && (s[0] == '-' || s[0] == '+') {
		digits = s[1:]
	}
	if num, rest := splitDigits(digits); num == "" || rest != "" {
		return false
	}
	exp, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		exp = math.MaxInt32
	}
	d.exp = exp
	return true
}

func splitDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && isDigit(s[i]) {
		i++
	}
	return s[:i], s[i:]
}

func isDigit(c byte) bool { return c-'0' < 10 }

// numeric builds the value: the exponent moves the point, and the scale is
// what is left behind it.
func (d *decimalText) numeric() (Numeric, error) {
	if d.exp >= math.MaxInt32/2 || d.exp <= -math.MaxInt32/2 {
		return Numeric{}, numericOverflow()
	}
	scale := int64(len(d.fra)) - d.exp
	if scale > numericMaxDScale {
		return Numeric{}, numericOverflow()
	}
	whole, fra := strings.TrimLeft(d.whole, "0"), d.fra
	if whole == "" {
		fra = strings.TrimLeft(fra, "0")
	}
	digits := len(whole) + len(fra)
	if digits == 0 {
		return Numeric{scale: int32(max(scale, 0))}, nil
	}
	if int64(digits)-scale > numericMaxIntDigits {
		return Numeric{}, numericOverflow()
	}
	up := int32(max(-scale, 0))
	if digits+int(up) <= 18 {
		c := digitsValue(digitsValue(0, whole), fra) * int64(pow10U[up])
		if d.neg {
			c = -c
		}
		return Numeric{coef: c, scale: int32(max(scale, 0))}, nil
	}
	b, _ := new(big.Int).SetString(whole+fra, 10)
	if up > 0 {
		b.Mul(b, pow10Big(up))
	}
	if d.neg {
		b.Neg(b)
	}
	return NumericFromBigInt(b, int32(max(scale, 0))), nil
}

// digitsValue appends digits to v; the caller knows that it fits.
func digitsValue(v int64, digits string) int64 {
	for i := range len(digits) {
		v = v*10 + int64(digits[i]-'0')
	}
	return v
}

// String is the text form: exactly Scale digits after the point.
func (n Numeric) String() string { return string(n.AppendText(nil)) }

var numericKindText = [...]string{numNaN: "NaN", numPosInf: "Infinity", numNegInf: "-Infinity"}

// AppendText appends the text form to dst.
func (n Numeric) AppendText(dst []byte) []byte {
	if n.kind != numFinite {
		return append(dst, numericKindText[n.kind]...)
	}
	if n.Sign() < 0 {
		dst = append(dst, '-')
	}
	if n.scale == 0 {
		return n.appendDigits(dst)
	}
	var room [40]byte
	digits := n.appendDigits(room[:0])
	point := len(digits) - int(n.scale)
	if point > 0 {
		dst = append(dst, digits[:point]...)
		dst = append(dst, '.')
		return append(dst, digits[point:]...)
	}
	dst = append(dst, '0', '.')
	for ; point < 0; point++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// appendDigits appends the digits of the coefficient without its sign.
func (n Numeric) appendDigits(dst []byte) []byte {
	if n.big == nil {
		return strconv.AppendUint(dst, absInt64(n.coef), 10)
	}
	if n.big.Sign() > 0 {
		return n.big.Append(dst, 10)
	}
	return new(big.Int).Neg(n.big).Append(dst, 10)
}

// NumericFromFloat64 converts as PostgreSQL casts float8 to numeric: 15
// significant digits.
func NumericFromFloat64(f float64) Numeric { return numericFromFloat(f, 15) }

// NumericFromFloat32 converts as PostgreSQL casts float4 to numeric: 6
// significant digits.
func NumericFromFloat32(f float32) Numeric { return numericFromFloat(float64(f), 6) }

func numericFromFloat(f float64, digits int) Numeric {
	switch {
	case math.IsNaN(f):
		return NumericNaN
	case math.IsInf(f, 1):
		return NumericPosInf
	case math.IsInf(f, -1):
		return NumericNegInf
	}
	var room [32]byte
	d, _ := scanDecimal(formatG(room[:0], f, digits))
	n, _ := d.numeric()
	return n
}

// formatG is C's %.*g: digits significant digits, no trailing zeros.
func formatG(buf []byte, f float64, digits int) string {
	s := string(strconv.AppendFloat(buf, f, 'e', digits-1, 64))
	mantissa, exp, _ := strings.Cut(s, "e")
	return strings.TrimRight(strings.TrimRight(mantissa, "0"), ".") + "e" + exp
}

// spaces are the characters of C's isspace.
const spaces = " \t\n\v\f\r"

// trimSpace cuts white space from both ends.
func trimSpace(s string) string { return strings.Trim(s, spaces) }

func isSpace(c byte) bool { return c == ' ' || c-'\t' < 5 }
