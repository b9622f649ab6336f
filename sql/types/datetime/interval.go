package datetime

import (
	"math"
	"strconv"
	"strings"
)

// Range is the set of fields of an interval's declaration (INTERVAL YEAR TO
// MONTH), as its typmod holds them.
type Range int32

// The fields, and the set that means no restriction.
const (
	RangeMonth  Range = 1 << 1
	RangeYear   Range = 1 << 2
	RangeDay    Range = 1 << 3
	RangeHour   Range = 1 << 10
	RangeMinute Range = 1 << 11
	RangeSecond Range = 1 << 12
	fullRange   Range = 0x7fff
	FullRange         = fullRange
)

// Span is an interval.
type Span struct {
	Months, Days int32
	Micros       int64
}

// ParseInterval reads an interval in any of PostgreSQL's forms. rng says what a
// number without unit at the end counts. If sqlStandard (IntervalStyle
// sql_standard) a leading sign counts for all fields. Errors: 22007, 22015,
// 22008.
func ParseInterval(s string, rng Range, sqlStandard bool) (Span, error) {
	d := spanDecoder{rng: rng}
	fields, f := split(s)
	if f == fine {
		f = d.run(fields, sqlStandard)
	}
	if f == badFormat {
		d = spanDecoder{}
		f = d.iso(s)
	}
	if f == fieldOverflow {
		f = intervalOverflow
	}
	if f != fine {
		return Span{}, f.err("interval", s)
	}
	months := int64(d.years)*12 + int64(d.months)
	if int64(int32(months)) != months {
		return Span{}, IntervalOverflow()
	}
	return Span{Months: int32(months), Days: d.days, Micros: d.micros}, nil
}

// spanDecoder adds up an interval (DecodeInterval).
type spanDecoder struct {
	rng    Range
	years  int32
	months int32
	days   int32
	micros int64

	given    uint32 // units seen, as bits
	unit     unit   // of the number that comes next, reading from the right
	negative bool   // a leading sign counts for all fields
}

// clockUnits are the bits of a time with colons; a number of seconds with
// decimals counts for its smaller units too.
const (
	secondUnits = 1<<unitSecond | 1<<unitMilli | 1<<unitMicro
	clockUnits  = 1<<unitHour | 1<<unitMinute | secondUnits
)

func (d *spanDecoder) run(fields []field, sqlStandard bool) fault {
	d.negative = sqlStandard && onlyFirstSigned(fields)
	before := false
	for i := len(fields) - 1; i >= 0; i-- {
		given, f := d.field(fields[i], &before)
		if f != fine {
			return f
		}
		if given&d.given != 0 {
			return badFormat
		}
		d.given |= given
	}
	if d.given == 0 {
		return badFormat
	}
	if before {
		return d.negate()
	}
	return fine
}

// onlyFirstSigned says that the first field has a minus and no other a sign.
func onlyFirstSigned(fields []field) bool {
	if len(fields) == 0 || fields[0].text[0] != '-' {
		return false
	}
	for _, f := range fields[1:] {
		if f.text[0] == '-' || f.text[0] == '+' {
			return false
		}
	}
	return true
}

func (d *spanDecoder) negate() fault {
	if d.micros == math.MinInt64 || d.days == math.MinInt32 || d.months == math.MinInt32 || d.years == math.MinInt32 {
		return fieldOverflow
	}
	d.micros, d.days, d.months, d.years = -d.micros, -d.days, -d.months, -d.years
	return fine
}

func (d *spanDecoder) field(f field, before *bool) (uint32, fault) {
	switch f.kind {
	case kindTime:
		return d.clock(f.text, false)
	case kindZone:
		if strings.Contains(f.text[1:], ":") {
			if given, fault := d.clock(f.text[1:], f.text[0] == '-'); fault == fine {
				return given, fine
			}
		}
		return d.number(f.text)
	case kindDate, kindNumber:
		return d.number(f.text)
	}
	word := token(f.text)
	if word == "ago" {
		*before = true
		d.unit = unitOther
		return 0, fine
	}
	u, ok := intervalUnits[word]
	if !ok {
		return 0, badFormat
	}
	d.unit = u
	return 0, fine
}

func (d *spanDecoder) clock(text string, minus bool) (uint32, fault) {
	t, f := decodeClock(text, d.rng)
	if f != fine {
		return 0, f
	}
	micros := int64(t.micros)
	ok := addScaled(&micros, t.hour, Hour) && addScaled(&micros, int64(t.min), Minute) &&
		addScaled(&micros, int64(t.sec), Second)
	if !ok {
		return 0, fieldOverflow
	}
	if minus || d.negative && micros > 0 {
		micros = -micros
	}
	d.micros = micros
	d.unit = unitDay // what stands before a time counts days
	return clockUnits, fine
}

// rightmostUnit is what a number without unit counts, by the declared fields.
func rightmostUnit(rng Range) unit {
	for _, r := range []struct {
		field Range
		unit  unit
	}{{RangeSecond, unitSecond}, {RangeMinute, unitMinute}, {RangeHour, unitHour}, {RangeDay, unitDay},
		{RangeMonth, unitMonth}, {RangeYear, unitYear}} {
		if rng != fullRange && rng&r.field != 0 {
			return r.unit
		}
	}
	return unitSecond
}

// number reads a number, perhaps years-months, and adds it in the current unit.
func (d *spanDecoder) number(text string) (uint32, fault) {
	if d.unit == noUnit {
		d.unit = rightmostUnit(d.rng)
	}
	minus := text[0] == '-'
	n := len(text) - len(strings.TrimLeft(text, "+-"))
	n += span(text[n:], isDigit)
	whole, f := parseWhole(text[:n])
	if f != fine {
		return 0, f
	}
	part, rest := 0.0, text[n:]
	switch {
	case rest == "":
	case rest[0] == '-':
		if whole, f = yearMonths(whole, rest[1:], minus); f != fine {
			return 0, f
		}
		d.unit = unitMonth
	case rest[0] == '.':
		if part, f = decimals(rest[1:]); f != fine {
			return 0, f
		}
		if minus {
			part = -part
		}
	default:
		return 0, badFormat
	}
	if d.negative {
		whole, part = min(whole, -whole), min(part, -part)
	}
	return d.addUnit(whole, part)
}

func parseWhole(s string) (int64, fault) {
	if s == "" || s == "+" || s == "-" {
		return 0, fine // .5 and -.5
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0, fieldOverflow
	}
	return v, fine
}

// yearMonths reads the months of SQL's years-months.
func yearMonths(years int64, text string, minus bool) (int64, fault) {
	digits, rest := cutDigits(text)
	months, err := strconv.ParseInt("0"+digits, 10, 32)
	switch {
	case err != nil || months >= 12:
		return 0, fieldOverflow
	case rest != "":
		return 0, badFormat
	case minus:
		months = -months
	}
	if !addScaled(&months, years, 12) {
		return 0, fieldOverflow
	}
	return months, fine
}

// addUnit adds a number of the current unit.
func (d *spanDecoder) addUnit(whole int64, part float64) (uint32, fault) {
	u := d.unit
	given, ok := uint32(1)<<u, false
	switch u {
	case unitMicro:
		ok = d.addMicros(whole, part, 1)
	case unitMilli:
		ok = d.addMicros(whole, part, 1000)
	case unitSecond:
		ok = d.addMicros(whole, part, Second)
		if part != 0 {
			given = secondUnits
		}
	case unitMinute:
		ok = d.addMicros(whole, part, Minute)
	case unitHour:
		ok = d.addMicros(whole, part, Hour)
		d.unit = unitDay
	case unitDay:
		ok = d.addDays(whole, 1) && d.addMicroFraction(part, Day)
	case unitWeek:
		ok = d.addDays(whole, 7) && d.addDayFraction(part, 7)
	case unitMonth:
		ok = d.addMonths(whole) && d.addDayFraction(part, 30)
	case unitYear:
		ok = d.addYears(whole, part, 1)
	case unitDecade:
		ok = d.addYears(whole, part, 10)
	case unitCentury:
		ok = d.addYears(whole, part, 100)
	case unitMillennium:
		ok = d.addYears(whole, part, 1000)
	default:
		return 0, badFormat
	}
	if !ok {
		return 0, fieldOverflow
	}
	return given, fine
}

// addScaled adds v × scale to sum; false if that overflows.
func addScaled(sum *int64, v, scale int64) bool {
	p := v * scale
	if v != 0 && (p/v != scale || v == -1 && scale == math.MinInt64) {
		return false
	}
	s := *sum + p
	if (s^*sum)&(s^p) < 0 {
		return false
	}
	*sum = s
	return true
}

// add32 is addScaled for the fields of 32 bits.
func add32(sum *int32, v, scale int64) bool {
	if v != int64(int32(v)) {
		return false
	}
	p := v * scale
	s := int64(*sum) + p
	if p != int64(int32(p)) || s != int64(int32(s)) {
		return false
	}
	*sum = int32(s)
	return true
}

func (d *spanDecoder) addMicros(whole int64, part float64, scale int64) bool {
	return addScaled(&d.micros, whole, scale) && d.addMicroFraction(part, scale)
}

// addMicroFraction adds a fraction of a unit, rounded to microseconds.
func (d *spanDecoder) addMicroFraction(part float64, scale int64) bool {
	part *= float64(scale)
	micros := int64(part)
	switch rest := part - float64(micros); {
	case rest > 0.5:
		micros++
	case rest < -0.5:
		micros--
	}
	return addScaled(&d.micros, micros, 1)
}

func (d *spanDecoder) addDays(whole, scale int64) bool { return add32(&d.days, whole, scale) }

// addDayFraction adds a fraction of a unit of so many days; a fraction of a day
// goes on to the time.
func (d *spanDecoder) addDayFraction(part, scale float64) bool {
	part *= scale
	days := int64(part)
	return add32(&d.days, days, 1) && d.addMicroFraction(part-float64(days), Day)
}

func (d *spanDecoder) addMonths(whole int64) bool { return add32(&d.months, whole, 1) }

// addYears adds years; a fraction is rounded to months.
func (d *spanDecoder) addYears(whole int64, part float64, scale int64) bool {
	months := int64(math.RoundToEven(part * float64(scale) * 12))
	return add32(&d.years, whole, scale) && add32(&d.months, months, 1)
}
