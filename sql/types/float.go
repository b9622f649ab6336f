package types

import (
	"math"
	"strconv"
)

// AppendFloat8 appends float8's text form under extra_float_digits: above 0
// the shortest text that reads back the same, otherwise 15 + extra significant
// digits.
func AppendFloat8(dst []byte, v float64, extraDigits int) []byte {
	return appendFloat(dst, v, 64, 15+extraDigits, extraDigits > 0)
}

// AppendFloat4 is AppendFloat8 for float4, of 6 + extra digits.
func AppendFloat4(dst []byte, v float32, extraDigits int) []byte {
	return appendFloat(dst, float64(v), 32, 6+extraDigits, extraDigits > 0)
}

func appendFloat(dst []byte, v float64, bits, digits int, shortest bool) []byte {
	switch {
	case math.IsNaN(v):
		return append(dst, "NaN"...)
	case math.IsInf(v, 1):
		return append(dst, "Infinity"...)
	case math.IsInf(v, -1):
		return append(dst, "-Infinity"...)
	}
	digits = max(digits, 1)
	maxFixed := digits
	if shortest {
		digits = 0
		// PostgreSQL's shortest form goes over to exponents at 10^15 (10^6 for
		// float4): numbers beyond may not be exact integers.
		maxFixed = map[int]int{64: 15, 32: 6}[bits]
	}
	return appendG(dst, v, bits, digits, maxFixed)
}

// appendG is %g: fixed notation for exponents in [-4, maxFixed), otherwise a
// mantissa and an exponent of at least two digits. digits is the number of
// significant digits, 0 for the shortest.
func appendG(dst []byte, v float64, bits, digits, maxFixed int) []byte {
	var room [32]byte
	e := strconv.AppendFloat(room[:0], v, 'e', digits-1, bits)
	mark := len(e) - 1
	for e[mark] != 'e' {
		mark--
	}
	exp, _ := strconv.Atoi(string(e[mark+1:]))
	mantissa := trimFraction(e[:mark])
	if exp < -4 || exp >= maxFixed {
		return append(append(dst, mantissa...), e[mark:]...)
	}
	return appendFixed(dst, mantissa, exp)
}

// trimFraction cuts trailing zeros after the point, and the point.
func trimFraction(m []byte) []byte {
	point := -1
	for i, c := range m {
		if c == '.' {
			point = i
		}
	}
	if point < 0 {
		return m
	}
	for m[len(m)-1] == '0' {
		m = m[:len(m)-1]
	}
	if m[len(m)-1] == '.' {
		m = m[:len(m)-1]
	}
	return m
}

// appendFixed writes d.ddd × 10^exp without an exponent.
func appendFixed(dst, mantissa []byte, exp int) []byte {
	if mantissa[0] == '-' {
		dst, mantissa = append(dst, '-'), mantissa[1:]
	}
	if exp < 0 {
		dst = append(dst, "0."...)
		for i := exp; i < -1; i++ {
			dst = append(dst, '0')
		}
		dst = append(dst, mantissa[0])
		return append(dst, mantissa[min(2, len(mantissa)):]...)
	}
	dst = append(dst, mantissa[0])
	rest := mantissa[min(2, len(mantissa)):]
	for i := range max(exp, len(rest)) {
		if i == exp {
			dst = append(dst, '.')
		}
		if i < len(rest) {
			dst = append(dst, rest[i])
		} else {
			dst = append(dst, '0')
		}
	}
	return dst
}
