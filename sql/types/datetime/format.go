package datetime

import (
	"strconv"
	"time"
)

// Style is an output style of dates: DateStyle's first half.
type Style uint8

// The styles.
const (
	ISO Style = iota
	SQL
	Postgres
	German
)

// appendPadded writes n with at least width digits.
func appendPadded(dst []byte, n, width int) []byte {
	var room [20]byte
	digits := strconv.AppendInt(room[:0], int64(n), 10)
	for i := len(digits); i < width; i++ {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// append2 writes two digits.
func append2(dst []byte, n int) []byte { return append(dst, byte('0'+n/10), byte('0'+n%10)) }

// AppendDate writes a date in days since 2000-01-01 that is not infinite.
func AppendDate(dst []byte, days int, style Style, order Order) []byte {
	year, month, day := DateOf(days)
	if style == Postgres {
		dst = appendDayMonth(dst, month, day, '-', order)
		dst = appendPadded(append(dst, '-'), shownYear(year), 4)
	} else {
		dst = appendDate(dst, year, month, day, style, order)
	}
	return appendEra(dst, year)
}

// shownYear is a year as it is written: 0 is 1 BC.
func shownYear(year int) int {
	if year > 0 {
		return year
	}
	return 1 - year
}

func appendEra(dst []byte, year int) []byte {
	if year <= 0 {
		return append(dst, " BC"...)
	}
	return dst
}

// appendDate writes the date part of the styles other than Postgres.
func appendDate(dst []byte, year, month, day int, style Style, order Order) []byte {
	switch style {
	case SQL:
		dst = append(appendDayMonth(dst, month, day, '/', order), '/')
		return appendPadded(dst, shownYear(year), 4)
	case German:
		dst = append(append2(append(append2(dst, day), '.'), month), '.')
		return appendPadded(dst, shownYear(year), 4)
	}
	dst = append(appendPadded(dst, shownYear(year), 4), '-')
	return append2(append(append2(dst, month), '-'), day)
}

func appendDayMonth(dst []byte, month, day int, sep byte, order Order) []byte {
	first, second := month, day
	if order == DMY {
		first, second = day, month
	}
	return append2(append(append2(dst, first), sep), second)
}

// AppendTime writes a time of day in microseconds.
func AppendTime(dst []byte, micros int64) []byte {
	c := TimeOf(micros)
	dst = append2(append(append2(dst, c.Hour), ':'), c.Min)
	dst = append2(append(dst, ':'), c.Second)
	return appendFraction(dst, c.Micros)
}

// appendFraction writes microseconds without zeros at the end, nothing for 0.
func appendFraction(dst []byte, micros int) []byte {
	if micros == 0 {
		return dst
	}
	dst = appendPadded(append(dst, '.'), micros, 6)
	for dst[len(dst)-1] == '0' {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// AppendOffset writes an offset in seconds east of Greenwich: +02, +05:30,
// -00:53:28. A POSIX time zone's may have three digits of hours: -167:59.
func AppendOffset(dst []byte, offset int) []byte {
	sign := byte('+')
	if offset < 0 {
		sign, offset = '-', -offset
	}
	dst = append(dst, sign)
	if hours := offset / 3600; hours < 100 {
		dst = append2(dst, hours)
	} else {
		dst = strconv.AppendInt(dst, int64(hours), 10)
	}
	if offset%3600 != 0 {
		dst = append2(append(dst, ':'), offset/60%60)
	}
	if offset%60 != 0 {
		dst = append2(append(dst, ':'), offset%60)
	}
	return dst
}

// AppendTimestamp writes a timestamp in microseconds since 2000-01-01 that is
// not infinite.
func AppendTimestamp(dst []byte, micros int64, style Style, order Order) []byte {
	return appendMoment(dst, micros, style, order, func(dst []byte) []byte { return dst })
}

// AppendTimestamptz writes a timestamp that is not infinite as local time of a
// zone, with its offset or, outside ISO style, its abbreviation.
func AppendTimestamptz(dst []byte, micros int64, style Style, order Order, loc *time.Location) []byte {
	offset, abbrev := OffsetAt(micros, loc)
	local := micros + int64(offset)*Second
	return appendMoment(dst, local, style, order, func(dst []byte) []byte {
		if style == ISO {
			return AppendOffset(dst, offset)
		}
		return append(append(dst, ' '), abbrev[:min(len(abbrev), 10)]...)
	})
}

func appendMoment(dst []byte, local int64, style Style, order Order, zone func([]byte) []byte) []byte {
	c := CivilOf(local)
	if style == Postgres {
		return appendPostgres(dst, c, order, zone)
	}
	dst = append(appendDate(dst, c.Year, c.Month, c.Day, style, order), ' ')
	dst = zone(AppendTime(dst, c.TimeMicros()))
	return appendEra(dst, c.Year)
}

const (
	weekdayNames = "SunMonTueWedThuFriSat"
	monthNames   = "JanFebMarAprMayJunJulAugSepOctNovDec"
)

// appendPostgres writes Wed Dec 17 07:37:16 1997 PST.
func appendPostgres(dst []byte, c Civil, order Order, zone func([]byte) []byte) []byte {
	wd := 3 * Weekday(c.Days())
	dst = append(append(dst, weekdayNames[wd:wd+3]...), ' ')
	month := monthNames[3*(c.Month-1) : 3*c.Month]
	if order == DMY {
		dst = append(append(append2(dst, c.Day), ' '), month...)
	} else {
		dst = append2(append(append(dst, month...), ' '), c.Day)
	}
	dst = AppendTime(append(dst, ' '), c.TimeMicros())
	dst = appendPadded(append(dst, ' '), shownYear(c.Year), 4)
	return appendEra(zone(dst), c.Year)
}
