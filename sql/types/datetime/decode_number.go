package datetime

import (
	"math"
	"strconv"
	"strings"
)

// number reads a kindNumber field of a date with time, by what was read before
// it.
func (d *decoder) number(text string) (fieldSet, fault) {
	point := strings.IndexByte(text, '.')
	switch {
	case point >= 0 && d.have&dateFields == 0:
		return d.splitDate(text)
	case point > 2:
		return d.together(text, d.have)
	case len(text) >= 6 && (d.have&dateFields == 0 || d.have&timeFields == 0):
		return d.together(text, d.have)
	}
	return d.single(text, d.have)
}

// numberInTime reads a kindNumber field of a time.
func (d *decoder) numberInTime(i int) (fieldSet, fault) {
	text := d.fields[i].text
	point := strings.IndexByte(text, '.')
	switch {
	case point >= 0 && i == 0 && len(d.fields) >= 2 && d.fields[len(d.fields)-1].kind == kindDate:
		return d.splitDate(text)
	case point > 2 || point < 0 && len(text) > 4:
		return d.together(text, d.have|dateFields)
	case point >= 0:
		return 0, badFormat
	}
	return d.single(text, d.have|dateFields)
}

// labelled reads the number that a unit named: y2001, j2451187.
func (d *decoder) labelled(text string) (fieldSet, fault) {
	u := d.unit
	n := span(text, isDigit)
	value, err := strconv.ParseInt(text[:n], 10, 32)
	if err != nil && n > 0 {
		return 0, fieldOverflow
	}
	decimal := n < len(text)
	if decimal && u != unitJulian && u != unitTime && u != unitSecond {
		return 0, badFormat
	}
	d.unit = noUnit
	v := int(value)
	switch u {
	case unitYear:
		d.m.Year = v
		return hasYear, fine
	case unitMonth:
		if d.have&hasMonth != 0 && d.have&hasHour != 0 { // then m is for minutes
			d.m.Min = v
			return hasMinute, fine
		}
		d.m.Month = v
		return hasMonth, fine
	case unitDay:
		d.m.Day = v
		return hasDay, fine
	case unitHour:
		d.m.Hour = v
		return hasHour, fine
	case unitMinute:
		d.m.Min = v
		return hasMinute, fine
	case unitSecond:
		return d.labelledSecond(v, text[n:])
	case unitJulian:
		return d.labelledJulian(v, text[n:])
	case unitTime:
		given, f := d.together(text, d.have|dateFields)
		if f == fine && given != timeFields {
			f = badFormat
		}
		return given, f
	}
	return 0, badFormat
}

func (d *decoder) labelledSecond(second int, frac string) (fieldSet, fault) {
	d.m.Second = second
	if frac == "" {
		return hasSecond, fine
	}
	var f fault
	d.m.Micros, f = fraction(frac[1:])
	return secFields, f
}

func (d *decoder) labelledJulian(day int, frac string) (fieldSet, fault) {
	d.setJulian(day)
	if frac == "" {
		return dateFields, fine
	}
	part, f := decimals(frac[1:])
	t := TimeOf(int64(part * float64(Day)))
	d.m.Hour, d.m.Min, d.m.Second, d.m.Micros = t.Hour, t.Min, t.Second, t.Micros
	return dateFields | timeFields, f
}

// together reads fields written without separators: yyyymmdd, hhmmss, hhmm,
// hhmmss.ffffff (DecodeNumberField).
func (d *decoder) together(text string, have fieldSet) (fieldSet, fault) {
	digits, frac, hasFrac := strings.Cut(text, ".")
	n := len(digits)
	switch {
	case hasFrac:
		v, err := strconv.ParseFloat("0."+frac+"0", 64)
		if err != nil {
			return 0, badFormat
		}
		d.m.Micros = int(math.RoundToEven(v * 1e6))
	case have&dateFields != dateFields && n >= 6:
		d.m.Year, d.m.Month, d.m.Day = atoi(digits[:n-4]), atoi(digits[n-4:n-2]), atoi(digits[n-2:])
		d.twoDigits = d.twoDigits || n-4 == 2
		return dateFields, fine
	}
	if have&timeFields == timeFields {
		return 0, badFormat
	}
	switch n {
	case 6:
		d.m.Hour, d.m.Min, d.m.Second = atoi(digits[:2]), atoi(digits[2:4]), atoi(digits[4:])
	case 4:
		d.m.Hour, d.m.Min, d.m.Second = atoi(digits[:2]), atoi(digits[2:4]), 0
	default:
		return 0, badFormat
	}
	return timeFields, fine
}

// atoi reads the digits at the front of s; what does not fit is out of every
// range anyway.
func atoi(s string) int {
	digits, _ := cutDigits(s)
	n, err := strconv.ParseInt(digits, 10, 32)
	if err != nil && digits != "" {
		return math.MaxInt32
	}
	return int(n)
}

// single reads one number as the field that is due (DecodeNumber).
func (d *decoder) single(text string, have fieldSet) (fieldSet, fault) {
	n := span(text, isDigit)
	value, err := strconv.ParseInt(text[:n], 10, 32)
	switch {
	case n == 0:
		return 0, badFormat
	case err != nil:
		return 0, fieldOverflow
	case n < len(text) && text[n] != '.':
		return 0, badFormat
	case n < len(text) && n > 2:
		return d.together(text, have|dateFields)
	case n < len(text):
		var f fault
		if d.m.Micros, f = fraction(text[n+1:]); f != fine {
			return 0, f
		}
	}
	v, length := int(value), len(text)
	if length == 3 && have&dateFields == hasYear && v >= 1 && v <= 366 {
		d.dayOfYear = v
		return hasDayOfYear | hasMonth | hasDay, fine
	}
	if have&dateFields == dateFields {
		return d.together(text, have)
	}
	return d.nextDateField(v, length, have)
}

// nextDateField says which part of a date a number is: what the order of
// fields says, a year where it has three digits or more.
func (d *decoder) nextDateField(v, length int, have fieldSet) (fieldSet, fault) {
	yearFirst := length >= 3 || d.cfg.Order == YMD
	switch have & dateFields {
	case 0:
		switch {
		case yearFirst:
			return d.year(v, length)
		case d.cfg.Order == DMY:
			d.m.Day = v
			return hasDay, fine
		}
		d.m.Month = v
		return hasMonth, fine
	case hasYear, hasDay:
		d.m.Month = v
		return hasMonth, fine
	case hasMonth:
		if d.textMonth && yearFirst {
			return d.year(v, length)
		}
	case hasYear | hasMonth:
		if d.textMonth && length >= 3 && d.twoDigits {
			// The first number was the day after all.
			d.m.Day, d.m.Year = d.m.Year, v
			d.twoDigits = false
			return hasDay, fine
		}
	case hasMonth | hasDay:
		return d.year(v, length)
	default:
		return 0, badFormat
	}
	d.m.Day = v
	return hasDay, fine
}

func (d *decoder) year(v, length int) (fieldSet, fault) {
	d.m.Year = v
	d.twoDigits = length <= 2
	return hasYear, fine
}

// splitDate reads a date in one field with separators (DecodeDate): the month
// first if it is in letters, then the numbers in the order that is due.
func (d *decoder) splitDate(text string) (fieldSet, fault) {
	parts, f := dateParts(text)
	if f != fine {
		return 0, f
	}
	given := fieldSet(0)
	add := func(g fieldSet) fault {
		if (d.have|given)&g != 0 {
			return badFormat
		}
		given |= g
		return fine
	}
	// Whether the month was in letters is a matter of this field alone.
	defer func(saved bool) { d.textMonth = saved }(d.textMonth)
	d.textMonth = false
	numbers, f := d.monthNames(parts, add)
	if f != fine {
		return 0, f
	}
	for _, n := range numbers {
		g, f := d.single(n, d.have|given)
		if f == fine {
			f = add(g)
		}
		if f != fine {
			return 0, f
		}
	}
	if (d.have|given)&^(hasDayOfYear|hasZone) != dateFields {
		return 0, badFormat
	}
	return given, fine
}

// monthNames takes the month in letters out of the parts of a date.
func (d *decoder) monthNames(parts []string, add func(fieldSet) fault) (numbers []string, f fault) {
	for _, p := range parts {
		if isDigit(p[0]) {
			numbers = append(numbers, p)
			continue
		}
		w := dateWords[token(p)]
		if w.kind != wordMonth {
			return nil, badFormat
		}
		d.m.Month, d.textMonth = w.value, true
		if f := add(hasMonth); f != fine {
			return nil, f
		}
	}
	return numbers, fine
}

// dateParts cuts a date into runs of digits and runs of letters; one other
// character after a run is dropped with it.
func dateParts(s string) (parts []string, f fault) {
	for s != "" {
		s = s[span(s, func(c byte) bool { return !isAlnum(c) }):]
		if s == "" {
			return nil, badFormat
		}
		class := isAlpha
		if isDigit(s[0]) {
			class = isDigit
		}
		n := span(s, class)
		parts = append(parts, s[:n])
		s = s[min(n+1, len(s)):]
	}
	return parts, fine
}
