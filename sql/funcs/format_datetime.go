package funcs

import (
	"fmt"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// dateFields is what to_char shows of: a local time with its zone, or an
// interval.
type dateFields struct {
	datetime.Civil
	interval bool
	zone     string // abbreviation
	offset   int    // seconds east
}

// days are the days since 2000-01-01. What that is for an interval's fields, no
// calendar says: date2j of datetime.c does.
func (d *dateFields) days() int {
	if !d.interval {
		return d.Days()
	}
	year, month := d.Year+4799, d.Month+13
	if d.Month > 2 {
		year, month = d.Year+4800, d.Month+1
	}
	century := year / 100
	return year*365 - 32167 + year/4 - century + century/4 + 7834*month/256 + d.Day - datetime.JulianOffset
}

func (d *dateFields) yearDay() int {
	if d.interval {
		return (d.Year*12+d.Month)*30 + d.Day
	}
	return d.days() - datetime.DaysOf(d.Year, 1, 1) + 1
}

// shownYear has no year zero: 1 BC is 1.
func (d *dateFields) shownYear(year int) int {
	if !d.interval && year <= 0 {
		return -(year - 1)
	}
	return year
}

var monthNames = strings.Fields("January February March April May June July August September October November December")

var dayNames = strings.Fields("Sunday Monday Tuesday Wednesday Thursday Friday Saturday")

var romanMonths = strings.Fields("I II III IV V VI VII VIII IX X XI XII")

// datePattern writes one pattern. padded says that FM is absent.
type datePattern struct {
	write func(d *dateFields, padded bool) string
	// calendar: the pattern means nothing for an interval.
	calendar bool
}

// padNumber writes v in at least width digits, one more column for a sign.
func padNumber(v, width int, padded bool) string {
	if !padded {
		return fmt.Sprintf("%d", v)
	}
	if v < 0 {
		width++
	}
	return fmt.Sprintf("%0*d", width, v)
}

// counted is numbered for the days, whose sign PostgreSQL gives no column of its own.
func counted(width int, f func(d *dateFields) int) func(*dateFields, bool) string {
	return func(d *dateFields, padded bool) string {
		if !padded {
			return fmt.Sprint(f(d))
		}
		return fmt.Sprintf("%0*d", width, f(d))
	}
}

func numbered(width int, f func(d *dateFields) int) func(*dateFields, bool) string {
	return func(d *dateFields, padded bool) string { return padNumber(f(d), width, padded) }
}

// name writes a name padded to the width of the longest; upper and lower case
// are the pattern's.
func name(names []string, width int, of func(d *dateFields) int, fold func(string) string) func(*dateFields, bool) string {
	return func(d *dateFields, padded bool) string {
		i := of(d)
		if i < 0 || i >= len(names) {
			return ""
		}
		s := fold(names[i])
		if padded {
			return fmt.Sprintf("%-*s", width, s)
		}
		return s
	}
}

func short(names []string) []string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = n[:3]
	}
	return out
}

func half(am, pm string) datePattern {
	return datePattern{write: func(d *dateFields, _ bool) string {
		if d.Hour%24 >= 12 {
			return pm
		}
		return am
	}}
}

func era(ad, bc string) datePattern {
	return datePattern{calendar: true, write: func(d *dateFields, _ bool) string {
		if d.Year <= 0 {
			return bc
		}
		return ad
	}}
}

// fraction writes the first n digits of the second's fraction.
func fraction(n int) datePattern {
	div := 1
	for range 6 - n {
		div *= 10
	}
	return datePattern{write: func(d *dateFields, _ bool) string { return fmt.Sprintf("%0*d", n, d.Micros/div) }}
}

func hour12(d *dateFields) int {
	if d.Hour%12 == 0 {
		return 12
	}
	return d.Hour % 12
}

func century(d *dateFields, padded bool) string {
	c := d.Year / 100
	if !d.interval {
		if d.Year > 0 {
			c = (d.Year-1)/100 + 1
		} else {
			c = d.Year/100 - 1
		}
	}
	if c > 99 || c < -99 {
		padded = false
	}
	return padNumber(c, 2, padded)
}

func commaYear(d *dateFields, _ bool) string {
	y := d.shownYear(d.Year)
	return fmt.Sprintf("%d,%03d", y/1000, y%1000)
}

// lastDigits writes a year's last n digits.
func lastDigits(n, mod int, year func(d *dateFields) int) datePattern {
	return datePattern{write: func(d *dateFields, padded bool) string {
		y := d.shownYear(year(d))
		if mod > 0 {
			y %= mod
		}
		if !padded {
			return fmt.Sprintf("%d", y)
		}
		width := n // of the sign, the year itself decides, not the ISO year
		if d.shownYear(d.Year) < 0 {
			width++
		}
		return fmt.Sprintf("%0*d", width, y)
	}}
}

func isoYear(d *dateFields) int {
	y, _ := isoYearWeek(d.days())
	return y
}

func offsetHours(d *dateFields, padded bool) string {
	off, sign := d.offset, "+"
	if off < 0 {
		off, sign = -off, "-"
	}
	s := sign + padNumber(off/3600, 2, padded)
	if m := off % 3600 / 60; m != 0 {
		s += fmt.Sprintf(":%02d", m)
	}
	return s
}

func romanMonth(fold func(string) string) func(*dateFields, bool) string {
	return func(d *dateFields, padded bool) string {
		if d.Month == 0 && d.Year == 0 {
			return ""
		}
		i := d.Month - 1
		switch { // an interval's months may be 0 or negative
		case d.Month < 0:
			i = 12 + d.Month
		case d.Month == 0 && d.Year >= 0:
			i = 11
		case d.Month == 0:
			i = 0
		}
		s := fold(romanMonths[i])
		if padded {
			return fmt.Sprintf("%-4s", s)
		}
		return s
	}
}

// datePatternTable holds the patterns by their upper-case name; those whose
// case shows are in it as they are spelled.
var datePatternTable = func() map[string]datePattern {
	plain := func(f func(*dateFields, bool) string) datePattern { return datePattern{write: f} }
	calendar := func(f func(*dateFields, bool) string) datePattern { return datePattern{write: f, calendar: true} }
	month := func(d *dateFields) int { return d.Month - 1 }
	weekday := func(d *dateFields) int { return datetime.Weekday(d.days()) }
	year := func(d *dateFields) int { return d.Year }
	m := map[string]datePattern{
		"HH":   plain(numbered(2, hour12)),
		"HH12": plain(numbered(2, hour12)),
		"HH24": plain(numbered(2, func(d *dateFields) int { return d.Hour })),
		"MI":   plain(numbered(2, func(d *dateFields) int { return d.Min })),
		"SS":   plain(numbered(2, func(d *dateFields) int { return d.Second })),
		"SSSS": plain(func(d *dateFields, _ bool) string { return fmt.Sprint(d.Hour*3600 + d.Min*60 + d.Second) }),
		"MS":   fraction(3), "US": fraction(6),
		"A.M.": half("A.M.", "P.M."), "P.M.": half("A.M.", "P.M."), "AM": half("AM", "PM"), "PM": half("AM", "PM"),
		"a.m.": half("a.m.", "p.m."), "p.m.": half("a.m.", "p.m."), "am": half("am", "pm"), "pm": half("am", "pm"),
		"A.D.": era("A.D.", "B.C."), "B.C.": era("A.D.", "B.C."), "AD": era("AD", "BC"), "BC": era("AD", "BC"),
		"a.d.": era("a.d.", "b.c."), "b.c.": era("a.d.", "b.c."), "ad": era("ad", "bc"), "bc": era("ad", "bc"),

		"TZ": calendar(func(d *dateFields, _ bool) string { return d.zone }),
		"tz": calendar(func(d *dateFields, _ bool) string { return lowerASCII(d.zone) }),
		"TZH": calendar(func(d *dateFields, _ bool) string {
			return fmt.Sprintf("%c%02d", pick(d.offset < 0, '-', '+'), max(d.offset, -d.offset)/3600)
		}),
		"TZM": calendar(func(d *dateFields, _ bool) string { return fmt.Sprintf("%02d", max(d.offset, -d.offset)%3600/60) }),
		"OF":  calendar(offsetHours),

		"MM": plain(numbered(2, func(d *dateFields) int { return d.Month })),
		"RM": plain(romanMonth(identityText)), "rm": plain(romanMonth(lowerASCII)),
		"DD":   plain(counted(2, func(d *dateFields) int { return d.Day })),
		"DDD":  plain(counted(3, (*dateFields).yearDay)),
		"IDDD": plain(numbered(3, isoYearDay)),
		"D":    calendar(numbered(1, func(d *dateFields) int { return weekday(d) + 1 })),
		"ID":   calendar(numbered(1, func(d *dateFields) int { return (weekday(d)+6)%7 + 1 })),
		"WW":   plain(numbered(2, func(d *dateFields) int { return (d.yearDay()-1)/7 + 1 })),
		"IW":   plain(numbered(2, func(d *dateFields) int { _, w := isoYearWeek(d.days()); return w })),
		"W":    plain(numbered(1, func(d *dateFields) int { return (d.Day-1)/7 + 1 })),
		"Q":    plain(quarterOf),
		"J":    plain(func(d *dateFields, _ bool) string { return fmt.Sprint(d.days() + datetime.JulianOffset) }),

		"CC":    plain(century),
		"Y,YYY": plain(commaYear),
		"YYYY":  lastDigits(4, 0, year), "YYY": lastDigits(3, 1000, year), "YY": lastDigits(2, 100, year), "Y": lastDigits(1, 10, year),
		"IYYY": lastDigits(4, 0, isoYear), "IYY": lastDigits(3, 1000, isoYear), "IY": lastDigits(2, 100, isoYear), "I": lastDigits(1, 10, isoYear),
	}
	m["SSSSS"] = m["SSSS"]
	for n := 1; n <= 6; n++ {
		m[fmt.Sprintf("FF%d", n)] = fraction(n)
	}
	for spelling, fold := range map[string]func(string) string{"MONTH": upperASCII, "Month": identityText, "month": lowerASCII} {
		m[spelling] = calendar(name(monthNames, 9, month, fold))
		m[spelling[:3]] = calendar(name(short(monthNames), 0, month, fold))
	}
	for spelling, fold := range map[string]func(string) string{"DAY": upperASCII, "Day": identityText, "day": lowerASCII} {
		m[spelling] = calendar(name(dayNames, 9, weekday, fold))
		m[spelling[:1]+spelling[2:]] = calendar(name(short(dayNames), 0, weekday, fold))
	}
	return m
}()

func quarterOf(d *dateFields, _ bool) string {
	if d.Month == 0 {
		return ""
	}
	return fmt.Sprint((d.Month-1)/3 + 1)
}

// isoYearDay counts from the Monday of ISO week 1.
func isoYearDay(d *dateFields) int {
	year, _ := isoYearWeek(d.days())
	january4 := datetime.DaysOf(year, 1, 4)
	return d.days() - (january4 - (datetime.Weekday(january4)+6)%7) + 1
}

func lookUpPattern(spelled string) (datePattern, bool) {
	if p, ok := datePatternTable[spelled]; ok {
		return p, true
	}
	p, ok := datePatternTable[upperASCII(spelled)]
	return p, ok
}

// templateCache keeps the last date template of a call site, with what writes
// each of its patterns (nothing for text and for what to_char ignores).
type templateCache struct {
	source  string
	nodes   []templateNode
	writers []datePattern
}

func dateTemplate(c *Call, source string) *templateCache {
	cache, _ := c.State.(*templateCache)
	if cache == nil || cache.source != source {
		cache = &templateCache{source: source, nodes: parseTemplate(source, true)}
		for _, n := range cache.nodes {
			p, _ := lookUpPattern(n.pattern)
			cache.writers = append(cache.writers, p)
		}
		c.State = cache
	}
	return cache
}

func (d *dateFields) format(t *templateCache) (string, error) {
	var out strings.Builder
	for i, n := range t.nodes {
		p := t.writers[i]
		if p.write == nil { // text, or FX, which says nothing to to_char
			out.WriteString(n.text)
			continue
		}
		if d.interval && p.calendar {
			return "", pgerr.New(pgerr.InvalidDatetimeFormat, "invalid format specification for an interval value").
				WithHint("Intervals are not tied to specific calendar dates.")
		}
		s := p.write(d, !n.fill && !n.locale)
		out.WriteString(s)
		if n.ordinal && s != "" && isDigitByte(s[len(s)-1]) {
			out.WriteString(ordinalSuffix(s, n.ordinalUpper))
		}
	}
	return out.String(), nil
}

func timestampToChar(c *Call, ts int64, template string) (string, bool, error) {
	if template == "" || types.IsInfiniteTimestamp(ts) {
		return "", false, nil
	}
	d := dateFields{Civil: datetime.CivilOf(ts)}
	s, err := d.format(dateTemplate(c, template))
	return s, true, err
}

func timestamptzToChar(c *Call, ts int64, template string) (string, bool, error) {
	if template == "" || types.IsInfiniteTimestamp(ts) {
		return "", false, nil
	}
	offset, abbrev := zoneAt(ts, c.Env.Loc())
	d := dateFields{Civil: datetime.CivilOf(ts + int64(offset)*datetime.Second), zone: abbrev, offset: offset}
	s, err := d.format(dateTemplate(c, template))
	return s, true, err
}

func zoneAt(ts int64, loc *time.Location) (offset int, abbrev string) {
	return datetime.OffsetAt(ts, loc)
}

func intervalToChar(c *Call, v types.Interval, template string) (string, bool, error) {
	if template == "" {
		return "", false, nil
	}
	d := dateFields{interval: true, Civil: datetime.Civil{
		Year: int(v.Months / 12), Month: int(v.Months % 12), Day: int(v.Days),
		Hour: int(v.Micros / datetime.Hour), Min: int(v.Micros / datetime.Minute % 60),
		Second: int(v.Micros / datetime.Second % 60), Micros: int(v.Micros % datetime.Second),
	}}
	s, err := d.format(dateTemplate(c, template))
	return s, true, err
}

func init() {
	kernels{
		"timestamp_to_char":   Maybe2(timestampToChar),
		"timestamptz_to_char": Maybe2(timestamptzToChar),
		"interval_to_char":    Maybe2(intervalToChar),
	}.bind()
}
