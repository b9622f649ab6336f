package datetime

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// fieldSet is a set of the fields that an input has given.
type fieldSet uint32

const (
	hasMonth fieldSet = 1 << iota
	hasYear
	hasDay
	hasHour
	hasMinute
	hasSecond
	hasFraction
	hasZone
	hasDST // the word DST
	hasDayOfYear
	hasWeekday
	hasAMPM
	hasEra

	dateFields = hasYear | hasMonth | hasDay
	secFields  = hasSecond | hasFraction
	timeFields = hasHour | hasMinute | secFields
)

// decoder turns fields into a Moment: DecodeDateTime and DecodeTimeOnly of
// datetime.c, whose rules about which field may stand where it keeps.
type decoder struct {
	cfg      Config
	fields   []field
	timeOnly bool

	m         Moment
	have      fieldSet
	dayOfYear int
	textMonth bool // the month was given in letters
	twoDigits bool // the year has one or two digits
	julian    bool // the date was a Julian day
	bc        bool
	meridian  int
	unit      unit // names the number that follows
	daylight  int  // seconds that the word DST adds
	named     *time.Location
	abbrev    *Abbrev
	badZone   string // the name behind a badZone fault
}

// ParseTimestamp reads a date with or without time and zone, or a special
// value. Where no zone is given it is the session's. Errors: 22007, 22008,
// 22009, 22023.
func ParseTimestamp(s, typeName string, cfg Config) (Moment, error) {
	return parse(s, typeName, cfg, false)
}

// ParseTime reads a time of day, for which a zone may need a date. Errors as
// ParseTimestamp.
func ParseTime(s, typeName string, cfg Config) (Moment, error) {
	return parse(s, typeName, cfg, true)
}

func parse(s, typeName string, cfg Config, timeOnly bool) (Moment, error) {
	fields, f := split(s)
	d := decoder{cfg: cfg, fields: fields, timeOnly: timeOnly}
	if f == fine {
		f = d.run()
	}
	switch f {
	case fine:
		return d.m, nil
	case badZone:
		return d.m, UnknownZone(d.badZone)
	}
	return d.m, f.err(typeName, s)
}

func (d *decoder) run() fault {
	for i := range d.fields {
		given, f := d.field(i)
		if f != fine {
			return f
		}
		if given&d.have != 0 {
			return badFormat
		}
		d.have |= given
	}
	if d.m.Kind != Finite {
		return fine
	}
	if d.timeOnly {
		return d.finishTime()
	}
	return d.finishDate()
}

func (d *decoder) field(i int) (fieldSet, fault) {
	f := d.fields[i]
	switch f.kind {
	case kindDate:
		if d.timeOnly {
			return d.dateInTime(i)
		}
		return d.date(f.text)
	case kindTime:
		return d.time(f.text)
	case kindZone:
		return d.zone(f.text)
	case kindNumber:
		if d.unit != noUnit {
			return d.labelled(f.text)
		}
		if d.timeOnly {
			return d.numberInTime(i)
		}
		return d.number(f.text)
	}
	return d.word(i)
}

// date reads a kindDate field: a date, or after one a zone's name or hhmmss-zz.
func (d *decoder) date(text string) (fieldSet, fault) {
	switch {
	case d.unit == unitJulian:
		return d.julianWithZone(text)
	case d.unit == noUnit && d.have&(hasMonth|hasDay) != hasMonth|hasDay:
		return d.splitDate(text)
	case isDigit(text[0]) || d.unit != noUnit:
		if d.unit != noUnit && d.unit != unitTime {
			return 0, badFormat
		}
		d.unit = noUnit
		return d.timeWithZone(text, d.have)
	}
	return d.zoneName(text)
}

func (d *decoder) julianWithZone(text string) (fieldSet, fault) {
	n := span(text, isDigit)
	day, err := strconv.ParseInt(text[:n], 10, 32)
	if err != nil {
		return 0, fieldOverflow
	}
	d.setJulian(int(day))
	d.unit = noUnit
	_, f := d.zone(text[n:])
	return dateFields | timeFields | hasZone, f
}

func (d *decoder) setJulian(day int) {
	d.m.Year, d.m.Month, d.m.Day = DateOf(day - JulianOffset)
	d.julian = true
}

// timeWithZone reads hhmmss-zz.
func (d *decoder) timeWithZone(text string, have fieldSet) (fieldSet, fault) {
	if d.have&timeFields == timeFields {
		return 0, badFormat
	}
	at := strings.IndexByte(text, '-')
	if at < 0 {
		return 0, badFormat
	}
	if _, f := d.zone(text[at:]); f != fine {
		return 0, f
	}
	given, f := d.together(text[:at], have)
	return given | hasZone, f
}

func (d *decoder) zoneName(text string) (fieldSet, fault) {
	if d.named = LoadZone(text); d.named == nil {
		d.badZone = text
		return 0, badZone
	}
	return hasZone, fine
}

// dateInTime reads a kindDate field of a time: a zone, or the date that a zone
// needs, where it can be told.
func (d *decoder) dateInTime(i int) (fieldSet, fault) {
	text := d.fields[i].text
	if i == 0 && d.dateAllowed() {
		return d.splitDate(text)
	}
	if isDigit(text[0]) {
		return d.timeWithZone(text, d.have|dateFields)
	}
	return d.zoneName(text)
}

func (d *decoder) dateAllowed() bool {
	n := len(d.fields)
	return n >= 2 && (d.fields[n-1].kind == kindDate || d.fields[1].kind == kindTime)
}

// time reads a field with colons.
func (d *decoder) time(text string) (fieldSet, fault) {
	if d.unit != noUnit && !d.timeOnly {
		if d.unit != unitTime {
			return 0, badFormat
		}
		d.unit = noUnit
	}
	if d.timeOnly && d.unit == unitTime {
		d.unit = noUnit
	}
	t, f := decodeClock(text, fullRange)
	if f != fine {
		return 0, f
	}
	if t.hour > 24 && !d.timeOnly {
		return 0, fieldOverflow
	}
	d.m.Hour, d.m.Min, d.m.Second, d.m.Micros = int(min(t.hour, 25)), t.min, t.sec, t.micros
	if d.m.clockOverflows() && !d.timeOnly { // which looks at the end
		return 0, fieldOverflow
	}
	return timeFields, fine
}

// clockOverflows says whether the time of day is after 24:00:00.
func (m *Moment) clockOverflows() bool {
	return m.Hour < 0 || m.Hour > 24 || m.Min < 0 || m.Min > 59 || m.Second < 0 || m.Second > 60 ||
		m.Micros < 0 || m.Micros > int(Second) || m.TimeMicros() > Day
}

// clock is a time as its digits say.
type clock struct {
	hour             int64
	min, sec, micros int
}

// decodeClock reads hh:mm, hh:mm:ss and mm:ss.ffffff (DecodeTimeCommon).
func decodeClock(s string, rng Range) (t clock, f fault) {
	parts := strings.Split(s, ":")
	last := parts[len(parts)-1]
	whole, frac, hasFrac := strings.Cut(last, ".")
	if hasFrac {
		if t.micros, f = fraction(frac); f != fine {
			return t, f
		}
	}
	parts[len(parts)-1] = whole
	if len(parts) != 2 && len(parts) != 3 {
		return t, badFormat
	}
	var n [3]int64
	for i, p := range parts {
		v, err := strconv.ParseInt(p, 10, 64)
		switch {
		case p == "":
			v = 0
		case err != nil || i > 0 && v > math.MaxInt32:
			return t, fieldOverflow
		}
		n[i] = v
	}
	t.hour, t.min, t.sec = n[0], int(n[1]), int(n[2])
	if len(parts) == 2 && (hasFrac || rng == RangeMinute|RangeSecond) {
		if t.hour > math.MaxInt32 {
			return t, fieldOverflow
		}
		t.hour, t.min, t.sec = 0, int(n[0]), int(n[1])
	}
	if t.min > 59 || t.sec > 60 {
		return t, fieldOverflow
	}
	return t, fine
}

// fraction reads the digits after a decimal point as microseconds, rounded.
func fraction(digits string) (micros int, f fault) {
	v, f := decimals(digits)
	return int(math.RoundToEven(v * 1e6)), f
}

// decimals is 0.digits.
func decimals(digits string) (float64, fault) {
	if digits == "" {
		return 0, fine
	}
	if _, rest := cutDigits(digits); rest != "" {
		return 0, badFormat
	}
	v, err := strconv.ParseFloat("0."+digits, 64)
	if err != nil {
		return 0, badFormat
	}
	return v, fine
}

// zone reads a numeric offset: +hh, +hhmm, +hh:mm, +hh:mm:ss.
func (d *decoder) zone(text string) (fieldSet, fault) {
	offset, f := decodeZone(text)
	d.m.Offset = offset
	return hasZone, f
}

// ParseOffset reads a numeric offset as DecodeTimezone does, in seconds east of
// Greenwich: ok is false if text is none, inRange if it is too large for one.
func ParseOffset(text string) (offset int, ok, inRange bool) {
	offset, f := decodeZone(text)
	return offset, f == fine, f != zoneOverflow
}

func decodeZone(text string) (offset int, f fault) {
	if text == "" || text[0] != '+' && text[0] != '-' {
		return 0, badFormat
	}
	var n [3]int
	rest := text[1:]
	for i := range n {
		var digits string
		digits, rest = cutDigits(rest)
		v, err := strconv.ParseInt(digits, 10, 32)
		if err != nil && digits != "" {
			return 0, zoneOverflow
		}
		n[i] = int(v)
		if i == 0 && rest == "" && len(text) > 3 {
			n[0], n[1] = n[0]/100, n[0]%100
		}
		if i == 2 || !strings.HasPrefix(rest, ":") {
			break
		}
		rest = rest[1:]
	}
	if n[0] > 15 || n[1] > 59 || n[2] > 59 {
		return 0, zoneOverflow
	}
	if rest != "" {
		return 0, badFormat
	}
	offset = n[0]*3600 + n[1]*60 + n[2]
	if text[0] == '-' {
		offset = -offset
	}
	return offset, fine
}

// word reads a field of letters.
func (d *decoder) word(i int) (fieldSet, fault) {
	text := d.fields[i].text
	if a := findAbbrev(token(text)); a != nil {
		return d.zoneAbbrev(a)
	}
	w, ok := dateWords[token(text)]
	if !ok {
		if d.named = LoadZone(text); d.named == nil {
			return 0, badFormat
		}
		return hasZone, fine
	}
	switch w.kind {
	case wordIgnored:
		return 0, fine
	case wordSpecial:
		return d.special(w.value)
	case wordMonth:
		if d.timeOnly {
			return 0, badFormat
		}
		return d.month(w.value)
	case wordWeekday:
		if d.timeOnly {
			return 0, badFormat
		}
		return hasWeekday, fine
	case wordEra:
		d.bc = w.value == 1
		return hasEra, fine
	case wordAMPM:
		d.meridian = w.value
		return hasAMPM, fine
	case wordDST:
		d.daylight = w.value
		d.m.Offset += w.value
		return hasDST, fine
	case wordISOTime:
		return d.isoTime(i)
	}
	d.unit = unit(w.value)
	return 0, fine
}

func (d *decoder) zoneAbbrev(a *Abbrev) (fieldSet, fault) {
	if a.Zone != "" {
		d.abbrev = a
		return hasZone, fine
	}
	d.m.Offset = a.Offset
	return hasZone, fine
}

// month takes a month's name. A number before it that was taken for the month
// is the day.
func (d *decoder) month(month int) (fieldSet, fault) {
	given := hasMonth
	if d.have&hasMonth != 0 && !d.textMonth && d.have&hasDay == 0 && d.m.Month >= 1 && d.m.Month <= 31 {
		d.m.Day = d.m.Month
		given = hasDay
	}
	d.textMonth = true
	d.m.Month = month
	return given, fine
}

// isoTime takes the T between date and time, if such a thing follows.
func (d *decoder) isoTime(i int) (fieldSet, fault) {
	if !d.timeOnly && d.have&dateFields != dateFields || i == len(d.fields)-1 {
		return 0, badFormat
	}
	switch d.fields[i+1].kind {
	case kindNumber, kindTime, kindDate:
		d.unit = unitTime
		return 0, fine
	}
	return 0, badFormat
}

// special takes now, today, infinity and the like.
func (d *decoder) special(value int) (fieldSet, fault) {
	if d.timeOnly && value != specialNow && value != specialZulu {
		return 0, badFormat
	}
	now := d.cfg.Now.In(d.cfg.Loc)
	switch value {
	case specialNow:
		d.setDate(now, 0)
		d.m.Hour, d.m.Min, d.m.Second, d.m.Micros = now.Hour(), now.Minute(), now.Second(), now.Nanosecond()/1000
		_, d.m.Offset = now.Zone()
		if d.timeOnly {
			return timeFields, fine
		}
		return dateFields | timeFields | hasZone, fine
	case specialZulu:
		return timeFields | hasZone, fine
	case specialYesterday, specialToday, specialTomorrow:
		d.setDate(now, value-specialToday)
		return dateFields, fine
	}
	d.m.Kind = map[int]Kind{specialEpoch: Epoch, specialLate: Late, specialEarly: Early}[value]
	return dateFields | timeFields | hasZone, fine
}

func (d *decoder) setDate(now time.Time, plusDays int) {
	year, month, day := now.Date()
	d.m.Year, d.m.Month, d.m.Day = DateOf(DaysOf(year, int(month), day) + plusDays)
}
