package datetime

import "strconv"

// IntervalStyle is an output style of intervals.
type IntervalStyle uint8

// The styles.
const (
	IntervalPostgres IntervalStyle = iota
	IntervalVerbose
	IntervalSQL
	IntervalISO
)

// parts is an interval taken apart; all parts of the time have its sign.
type parts struct {
	year, month, day int64
	hour, min, sec   int64
	micros           int64
}

func (s Span) parts() parts {
	return parts{
		year: int64(s.Months / 12), month: int64(s.Months % 12), day: int64(s.Days),
		hour: s.Micros / Hour, min: s.Micros / Minute % 60, sec: s.Micros / Second % 60, micros: s.Micros % Second,
	}
}

// Append writes the interval in a style.
func (s Span) Append(dst []byte, style IntervalStyle) []byte {
	p := s.parts()
	switch style {
	case IntervalVerbose:
		return p.appendVerbose(dst)
	case IntervalSQL:
		return p.appendSQL(dst, s)
	case IntervalISO:
		return p.appendISO(dst, s)
	}
	return p.appendPostgres(dst, s)
}

func abs(n int64) int64 {
	if n < 0 {
		return -n
	}
	return n
}

// appendSeconds writes the seconds' magnitude with their fraction.
func (p parts) appendSeconds(dst []byte, width int) []byte {
	dst = appendPadded(dst, int(abs(p.sec)), width)
	return appendFraction(dst, int(abs(p.micros)))
}

// appendClock writes the magnitude of the time as hh:mm:ss.
func (p parts) appendClock(dst []byte, hourWidth int) []byte {
	dst = appendPadded(dst, int(abs(p.hour)), hourWidth)
	dst = append2(append(dst, ':'), int(abs(p.min)))
	return p.appendSeconds(append(dst, ':'), 2)
}

// appendPostgres writes 1 year 2 mons -3 days +04:05:06: a field after a
// negative one shows its sign.
func (p parts) appendPostgres(dst []byte, s Span) []byte {
	start, before := len(dst), false
	for _, f := range []struct {
		value int64
		name  string
	}{{p.year, " year"}, {p.month, " mon"}, {p.day, " day"}} {
		if f.value == 0 {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ' ')
		}
		if before && f.value > 0 {
			dst = append(dst, '+')
		}
		dst = append(strconv.AppendInt(dst, f.value, 10), f.name...)
		if f.value != 1 {
			dst = append(dst, 's')
		}
		before = f.value < 0
	}
	if s.Micros == 0 && len(dst) > start {
		return dst
	}
	if len(dst) > start {
		dst = append(dst, ' ')
	}
	switch {
	case s.Micros < 0:
		dst = append(dst, '-')
	case before:
		dst = append(dst, '+')
	}
	return p.appendClock(dst, 2)
}

// appendVerbose writes @ 1 year 2 mons 3 days ago: the sign of the first field
// is that of the whole.
func (p parts) appendVerbose(dst []byte) []byte {
	dst = append(dst, '@')
	zero, before := true, false
	for _, f := range []struct {
		value int64
		name  string
	}{{p.year, " year"}, {p.month, " mon"}, {p.day, " day"}, {p.hour, " hour"}, {p.min, " min"}} {
		v := f.value
		if v == 0 {
			continue
		}
		if zero {
			before, zero = v < 0, false
		}
		if before {
			v = -v
		}
		dst = append(strconv.AppendInt(append(dst, ' '), v, 10), f.name...)
		if v != 1 {
			dst = append(dst, 's')
		}
	}
	if p.sec != 0 || p.micros != 0 {
		dst = append(dst, ' ')
		negative := p.sec < 0 || p.micros < 0
		if zero {
			before, zero = negative, false
		}
		if negative != before {
			dst = append(dst, '-')
		}
		dst = append(p.appendSeconds(dst, 1), " sec"...)
		if abs(p.sec) != 1 || p.micros != 0 {
			dst = append(dst, 's')
		}
	}
	if zero {
		dst = append(dst, " 0"...)
	}
	if before {
		dst = append(dst, " ago"...)
	}
	return dst
}

// appendSQL writes the standard's year-month or day-time literal where the
// value is one of them with one sign, and all parts with signs where not.
func (p parts) appendSQL(dst []byte, s Span) []byte {
	negative := s.Months < 0 || s.Days < 0 || s.Micros < 0
	positive := s.Months > 0 || s.Days > 0 || s.Micros > 0
	yearMonth, dayTime := s.Months != 0, s.Days != 0 || s.Micros != 0
	if !negative && !positive {
		return append(dst, '0')
	}
	if negative && positive || yearMonth && dayTime {
		return p.appendSigned(dst, s)
	}
	if negative {
		dst = append(dst, '-')
	}
	if yearMonth {
		dst = append(strconv.AppendInt(dst, abs(p.year), 10), '-')
		return strconv.AppendInt(dst, abs(p.month), 10)
	}
	if s.Days != 0 {
		dst = append(strconv.AppendInt(dst, abs(p.day), 10), ' ')
	}
	return p.appendClock(dst, 1)
}

func (p parts) appendSigned(dst []byte, s Span) []byte {
	sign := func(negative bool) byte {
		if negative {
			return '-'
		}
		return '+'
	}
	dst = strconv.AppendInt(append(dst, sign(s.Months < 0)), abs(p.year), 10)
	dst = strconv.AppendInt(append(dst, '-'), abs(p.month), 10)
	dst = strconv.AppendInt(append(dst, ' ', sign(s.Days < 0)), abs(p.day), 10)
	return p.appendClock(append(dst, ' ', sign(s.Micros < 0)), 1)
}

// appendISO writes P1Y2M3DT4H5M6S.
func (p parts) appendISO(dst []byte, s Span) []byte {
	if s == (Span{}) {
		return append(dst, "PT0S"...)
	}
	part := func(v int64, designator byte) {
		if v != 0 {
			dst = append(strconv.AppendInt(dst, v, 10), designator)
		}
	}
	dst = append(dst, 'P')
	part(p.year, 'Y')
	part(p.month, 'M')
	part(p.day, 'D')
	if s.Micros != 0 {
		dst = append(dst, 'T')
	}
	part(p.hour, 'H')
	part(p.min, 'M')
	if p.sec != 0 || p.micros != 0 {
		if s.Micros < 0 {
			dst = append(dst, '-')
		}
		dst = append(p.appendSeconds(dst, 1), 'S')
	}
	return dst
}
