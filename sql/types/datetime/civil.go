package datetime

import "math"

// Microseconds of the units of time.
const (
	Second = int64(1e6)
	Minute = 60 * Second
	Hour   = 60 * Minute
	Day    = 24 * Hour
)

// The ranges of PostgreSQL's types, as days and microseconds since 2000-01-01
// (datatype/timestamp.h). The infinities lie outside.
const (
	MinDays   = -2451545                   // 4714-11-24 BC
	MaxDays   = 2145031948                 // 5874897-12-31
	MinMicros = int64(-211813488000000000) // 4714-11-24 BC
	EndMicros = int64(9223371331200000000) // 294277-01-01, the first that is out of range
)

// The infinities of date and of timestamp.
const (
	NegInfDays   = math.MinInt32
	PosInfDays   = math.MaxInt32
	NegInfMicros = math.MinInt64
	PosInfMicros = math.MaxInt64
)

// EpochSeconds is 2000-01-01 in Unix time.
const EpochSeconds = 946684800

// EpochDays is 1970-01-01 in days since 2000-01-01.
const EpochDays = -10957

// JulianOffset is the Julian day of 2000-01-01.
const JulianOffset = 2451545

// Civil is a date and time of day without a zone. Year 0 is 1 BC.
type Civil struct {
	Year, Month, Day  int
	Hour, Min, Second int
	Micros            int
}

// DaysOf returns the days since 2000-01-01 of a date. A day beyond the month's
// end counts on into the next months.
func DaysOf(year, month, day int) int {
	// Years begin in March, so that the leap day is the last; cycles of 400
	// years repeat exactly.
	if month <= 2 {
		year--
		month += 12
	}
	cycle := floorDiv(year, 400)
	yearOfCycle := year - cycle*400
	dayOfYear := (153*(month-3)+2)/5 + day - 1
	dayOfCycle := yearOfCycle*365 + yearOfCycle/4 - yearOfCycle/100 + dayOfYear
	return cycle*146097 + dayOfCycle - 730425
}

// DateOf is the inverse of DaysOf.
func DateOf(days int) (year, month, day int) {
	days += 730425
	cycle := floorDiv(days, 146097)
	dayOfCycle := days - cycle*146097
	yearOfCycle := (dayOfCycle - dayOfCycle/1460 + dayOfCycle/36524 - dayOfCycle/146096) / 365
	dayOfYear := dayOfCycle - (365*yearOfCycle + yearOfCycle/4 - yearOfCycle/100)
	m := (5*dayOfYear + 2) / 153
	day = dayOfYear - (153*m+2)/5 + 1
	year = yearOfCycle + cycle*400
	if m < 10 {
		return year, m + 3, day
	}
	return year + 1, m - 9, day
}

// CivilOf takes microseconds since 2000-01-01 apart.
func CivilOf(micros int64) Civil {
	days := micros / Day
	rest := micros - days*Day
	if rest < 0 {
		days--
		rest += Day
	}
	c := TimeOf(rest)
	c.Year, c.Month, c.Day = DateOf(int(days))
	return c
}

// TimeOf takes microseconds of a day apart; 24:00:00 keeps hour 24.
func TimeOf(micros int64) Civil {
	return Civil{
		Hour:   int(micros / Hour),
		Min:    int(micros / Minute % 60),
		Second: int(micros / Second % 60),
		Micros: int(micros % Second),
	}
}

// TimeMicros is the time of day in microseconds.
func (c Civil) TimeMicros() int64 {
	return int64(c.Hour)*Hour + int64(c.Min)*Minute + int64(c.Second)*Second + int64(c.Micros)
}

// Days is DaysOf the date.
func (c Civil) Days() int { return DaysOf(c.Year, c.Month, c.Day) }

// TimestampMicros is the whole in microseconds since 2000-01-01; ok is false
// outside of timestamp's range.
func (c Civil) TimestampMicros() (micros int64, ok bool) {
	if c.Year < -4713 || c.Year > 294277 {
		return 0, false
	}
	micros = int64(c.Days())*Day + c.TimeMicros()
	return micros, ValidMicros(micros)
}

// ValidMicros says whether a timestamp that is not infinite is in range.
func ValidMicros(micros int64) bool { return micros >= MinMicros && micros < EndMicros }

// ValidDays says whether a date that is not infinite is in range.
func ValidDays(days int) bool { return days >= MinDays && days <= MaxDays }

// IsLeap says whether a year has a 29th of February.
func IsLeap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

var monthDays = [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// DaysInMonth is the length of a month, 1 to 12.
func DaysInMonth(year, month int) int {
	if month == 2 && IsLeap(year) {
		return 29
	}
	return monthDays[month-1]
}

// Weekday is the day of the week of a date in days since 2000-01-01: 0 is
// Sunday.
func Weekday(days int) int { return floorMod(days+6, 7) }

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

func floorMod(a, b int) int { return a - floorDiv(a, b)*b }
