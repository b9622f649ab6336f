package datetime

import (
	"math"
	"strconv"
	"strings"
)

// iso reads ISO 8601 durations (DecodeISO8601Interval): with designators,
// P1Y2M3DT4H5M6S, and the alternative forms P0001-02-03T04:05:06 and
// P00010203T040506.
func (d *spanDecoder) iso(s string) fault {
	if len(s) < 2 || s[0] != 'P' {
		return badFormat
	}
	r := isoReader{rest: s[1:], d: d, datePart: true}
	for r.rest != "" {
		if r.skip('T') {
			r.datePart, r.haveField = false, false
			continue
		}
		if f := r.element(); f != fine {
			return f
		}
		r.haveField = true
	}
	return fine
}

type isoReader struct {
	rest      string
	d         *spanDecoder
	datePart  bool // before the T
	haveField bool
}

func (r *isoReader) skip(c byte) bool {
	if r.rest == "" || r.rest[0] != c {
		return false
	}
	r.rest = r.rest[1:]
	return true
}

// element reads a number and what it counts.
func (r *isoReader) element() fault {
	start := r.rest
	v, f := r.number()
	if f != fine {
		return f
	}
	if r.rest != "" {
		if u, ok := isoUnits[r.datePart][r.rest[0]]; ok {
			r.rest = r.rest[1:]
			return r.add(u, v)
		}
	}
	if r.haveField {
		return badFormat
	}
	width := span(strings.TrimPrefix(start, "-"), isDigit)
	if r.datePart {
		return r.alternativeDate(v, width)
	}
	return r.alternativeTime(v, width)
}

// isoUnits are the designators, before and after the T.
var isoUnits = map[bool]map[byte]unit{
	true:  {'Y': unitYear, 'M': unitMonth, 'W': unitWeek, 'D': unitDay},
	false: {'H': unitHour, 'M': unitMinute, 'S': unitSecond},
}

type isoNumber struct {
	whole int64
	part  float64
}

func (r *isoReader) add(u unit, v isoNumber) fault {
	r.d.unit = u
	_, f := r.d.addUnit(v.whole, v.part)
	return f
}

// number reads a decimal number as C's strtod does.
func (r *isoReader) number() (v isoNumber, f fault) {
	n := decimalSpan(r.rest)
	x, err := strconv.ParseFloat(r.rest[:n], 64)
	if n == 0 || err != nil {
		return v, badFormat
	}
	if math.Abs(x) > 1e15 {
		return v, fieldOverflow
	}
	r.rest = r.rest[n:]
	v.whole = int64(x)
	v.part = x - float64(v.whole)
	return v, fine
}

// decimalSpan is the length of the decimal number, with sign and exponent, at
// the front of s.
func decimalSpan(s string) int {
	n := 0
	if strings.HasPrefix(s, "-") {
		n = 1
	}
	whole := span(s[n:], isDigit)
	n += whole
	frac := 0
	if n < len(s) && s[n] == '.' {
		frac = span(s[n+1:], isDigit)
		n += 1 + frac
	}
	if whole+frac == 0 {
		return 0
	}
	if n < len(s) && s[n]|0x20 == 'e' {
		exp := n + 1
		if exp < len(s) && (s[exp] == '+' || s[exp] == '-') {
			exp++
		}
		if digits := span(s[exp:], isDigit); digits > 0 {
			n = exp + digits
		}
	}
	return n
}

// end says that the date part is over: the input ends, or its time begins.
func (r *isoReader) end() bool { return r.rest == "" || r.rest[0] == 'T' }

// alternativeDate reads yyyymmdd and yyyy-mm-dd.
func (r *isoReader) alternativeDate(v isoNumber, width int) fault {
	if r.end() && width == 8 {
		return firstFault(r.add(unitYear, isoNumber{whole: v.whole / 10000}),
			r.add(unitMonth, isoNumber{whole: v.whole / 100 % 100}),
			r.add(unitDay, isoNumber{whole: v.whole % 100, part: v.part}))
	}
	if !r.end() && r.rest[0] != '-' {
		return badFormat
	}
	if f := r.add(unitYear, v); f != fine {
		return f
	}
	return r.series('-', r.end, unitMonth, unitDay)
}

// alternativeTime reads hhmmss and hh:mm:ss.
func (r *isoReader) alternativeTime(v isoNumber, width int) fault {
	over := func() bool { return r.rest == "" }
	if over() && width == 6 {
		return firstFault(r.add(unitHour, isoNumber{whole: v.whole / 10000}),
			r.add(unitMinute, isoNumber{whole: v.whole / 100 % 100}),
			r.add(unitSecond, isoNumber{whole: v.whole % 100}),
			r.add(unitMicro, isoNumber{part: v.part}))
	}
	if !over() && r.rest[0] != ':' {
		return badFormat
	}
	if f := r.add(unitHour, v); f != fine {
		return f
	}
	return r.series(':', over, unitMinute, unitSecond)
}

// series reads the following units, a separator before each, as long as the
// part is not over.
func (r *isoReader) series(sep byte, over func() bool, units ...unit) fault {
	for _, u := range units {
		if over() {
			return fine
		}
		if !r.skip(sep) {
			return badFormat
		}
		v, f := r.number()
		if f == fine {
			f = r.add(u, v)
		}
		if f != fine {
			return f
		}
	}
	if !over() {
		return badFormat
	}
	return fine
}

func firstFault(fs ...fault) fault {
	for _, f := range fs {
		if f != fine {
			return f
		}
	}
	return fine
}
