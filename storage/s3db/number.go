package s3db

import (
	"math"
	"math/big"
	"slices"
	"strconv"
	"strings"
)

// Numbers as the library writes them (section 6): base 62 today, base 36 in
// 6.2. They are JavaScript numbers, so all arithmetic that its readers do is
// done in float64 here too.

const digits62 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

// maxSafe is the largest integer up to which doubles are exact.
const maxSafe = 1<<53 - 1

var digitValue = func() (t [256]int8) {
	for i := range t {
		t[i] = -1
	}
	for i := 0; i < len(digits62); i++ {
		t[digits62[i]] = int8(i)
	}
	return t
}()

// base62 appends n in base 62.
func base62(n uint64) string {
	var b [11]byte
	i := len(b)
	for {
		i--
		b[i] = digits62[n%62]
		if n /= 62; n == 0 {
			return string(b[i:])
		}
	}
}

// base62Int is the library's encoding of an integer.
func base62Int(n int64) string {
	if n < 0 {
		return "-" + base62(uint64(-n))
	}
	return base62(uint64(n))
}

// base62Float is the library's encoding of a whole non-negative double that
// may be beyond 2^53: its own repeated division.
func base62Float(f float64) string {
	if f <= maxSafe {
		return base62(uint64(f))
	}
	var b []byte
	for ; f > 0; f = math.Floor(f / 62) {
		b = append(b, digits62[int(math.Mod(f, 62))])
	}
	slices.Reverse(b)
	return string(b)
}

// parse62 reads base-62 digits as the library does; ok is false for other
// characters and for nothing at all.
func parse62(s string) (f float64, ok bool) {
	for i := 0; i < len(s); i++ {
		d := digitValue[s[i]]
		if d < 0 {
			return 0, false
		}
		f = f*62 + float64(d)
	}
	return f, s != ""
}

// parse62Int reads a signed base-62 integer that a double holds.
func parse62Int(s string) (f float64, ok bool) {
	if strings.HasPrefix(s, "-") {
		f, ok = parse62(s[1:])
		return -f, ok
	}
	return parse62(s)
}

// formatDecimal62 is the encoding of a double that is not declared integer.
// Where the library's own text loses the value (1e-7 is stored as nothing, trap
// 6) the exponent form 1.0e-7 is written, which its readers understand.
func formatDecimal62(f float64) string {
	s := decimal62(f)
	if back, ok := parseDecimal62(s); !ok || back != f {
		s = exponent62(f)
	}
	return s
}

func decimal62(f float64) string {
	sign, f := signOf(f)
	whole, frac, dot := strings.Cut(jsNumber(f), ".")
	n, _ := strconv.ParseFloat(whole, 64)
	head := ""
	if n = math.Floor(n); n > 0 || whole == "0" {
		head = base62Float(n)
	}
	if dot {
		return sign + head + "." + frac
	}
	return sign + head
}

func signOf(f float64) (string, float64) {
	if f < 0 {
		return "-", -f
	}
	return "", f
}

func exponent62(f float64) string {
	sign, f := signOf(f)
	s := strconv.FormatFloat(f, 'e', -1, 64)
	mantissa, exp, _ := strings.Cut(s, "e")
	if !strings.Contains(mantissa, ".") {
		mantissa += ".0" // a single digit is the same in base 62
	}
	return sign + mantissa + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0")
}

// parseDecimal62 is the library's reading: base 62 before the first point,
// then decimal text.
func parseDecimal62(s string) (float64, bool) {
	if strings.HasPrefix(s, "-") {
		f, ok := parseDecimal62(s[1:])
		return -f, ok
	}
	whole, frac, dot := strings.Cut(s, ".")
	n, ok := parse62(whole)
	if !dot || !ok {
		return n, ok
	}
	f, err := strconv.ParseFloat(jsNumber(n)+"."+frac, 64)
	return f, err == nil
}

// jsNumber prints a double as JavaScript does: shortest digits, exponents from
// 1e21 up and below 1e-6.
func jsNumber(f float64) string {
	if f == 0 {
		return "0"
	}
	if math.IsNaN(f) {
		return "NaN"
	}
	if math.IsInf(f, 0) {
		return strings.TrimPrefix(strconv.FormatFloat(f, 'f', -1, 64)[:1]+"Infinity", "+")
	}
	if a := math.Abs(f); a >= 1e21 || a < 1e-6 {
		s := strconv.FormatFloat(f, 'e', -1, 64)
		mantissa, exp, _ := strings.Cut(s, "e")
		return mantissa + "e" + exp[:1] + strings.TrimLeft(exp[1:], "0")
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

// parse36 reads 6.2's numbers: JavaScript's toString(36), fraction included
// (the library itself drops it). The result is correctly rounded.
func parse36(s string) (float64, bool) {
	sign, rest := "", s
	if strings.HasPrefix(s, "-") {
		sign, rest = "-", s[1:]
	}
	whole, frac, dot := strings.Cut(rest, ".")
	n, ok := digits36(whole + frac)
	if !ok || dot && frac == "" || whole == "" {
		return 0, false
	}
	r := new(big.Rat).SetFrac(n, new(big.Int).Exp(big.NewInt(36), big.NewInt(int64(len(frac))), nil))
	f, _ := r.Float64()
	if sign != "" {
		f = -f
	}
	return f, true
}

func digits36(s string) (*big.Int, bool) {
	for i := 0; i < len(s); i++ {
		if d := digitValue[s[i]]; d < 0 || d >= 36 {
			return nil, false
		}
	}
	return new(big.Int).SetString(s, 36)
}

// format36 prints a double as JavaScript's toString(36) does (V8's
// DoubleToRadixCString).
func format36(f float64) string {
	sign, f := signOf(f)
	whole, frac := math.Modf(f)
	s := sign + whole36(whole)
	if frac == 0 {
		return s
	}
	s += "."
	// Digits until the rest is within half of the distance to the next double.
	delta := math.Max(0.5*(math.Nextafter(f, math.Inf(1))-f), math.SmallestNonzeroFloat64)
	digits := fraction36(frac, delta)
	return s + digits
}

// whole36 fills digits that a double does not hold with zeros, as V8 does.
func whole36(f float64) string {
	zeros := 0
	for f/36 >= 1<<53 {
		f /= 36
		zeros++
	}
	var b []byte
	for {
		d := math.Mod(f, 36)
		b = append(b, digits62[int(d)])
		if f = math.Floor((f - d) / 36); f <= 0 {
			break
		}
	}
	slices.Reverse(b)
	return string(b) + strings.Repeat("0", zeros)
}

func fraction36(frac, delta float64) string {
	var b []byte
	for {
		frac *= 36
		delta *= 36
		d := int(frac)
		b = append(b, digits62[d])
		frac -= float64(d)
		if (frac > 0.5 || frac == 0.5 && d&1 == 1) && frac+delta > 1 {
			return string(roundUp36(b))
		}
		if frac < delta {
			return string(b)
		}
	}
}

// roundUp36 adds one to the last digit. A carry past the point can't happen:
// the fraction would have rounded to the next whole double.
func roundUp36(b []byte) []byte {
	for len(b) > 0 {
		d := digitValue[b[len(b)-1]] + 1
		if d < 36 {
			b[len(b)-1] = digits62[d]
			return b
		}
		b = b[:len(b)-1]
	}
	return b
}

// key36 is the short key of an index.
func key36(index int) string { return strconv.FormatInt(int64(index), 36) }
