package datetime

// wordKind says what a key word does.
type wordKind uint8

const (
	wordIgnored wordKind = iota
	wordSpecial          // now, today, infinity …: value is a special
	wordMonth
	wordWeekday
	wordEra  // value 1 is BC
	wordAMPM // value is a meridian
	wordUnit // labels the number that follows: value is a unit
	wordISOTime
	wordDST // daylight time modifier: value is seconds
)

type dateWord struct {
	kind  wordKind
	value int
}

// special values of wordSpecial.
const (
	specialEpoch = iota
	specialLate
	specialEarly
	specialNow
	specialYesterday
	specialToday
	specialTomorrow
	specialZulu
)

const (
	hour24 = iota
	am
	pm
)

// unit is a unit of time.
type unit uint8

const (
	noUnit unit = iota
	unitMicro
	unitMilli
	unitSecond
	unitMinute
	unitHour
	unitDay
	unitWeek
	unitMonth
	unitYear
	unitDecade
	unitCentury
	unitMillennium
	unitJulian
	unitTime  // the number is a time written together
	unitOther // a unit that no input takes
)

// dateWords is datetktbl of datetime.c.
var dateWords = map[string]dateWord{
	"-infinity": {wordSpecial, specialEarly}, "infinity": {wordSpecial, specialLate}, "epoch": {wordSpecial, specialEpoch},
	"now": {wordSpecial, specialNow}, "yesterday": {wordSpecial, specialYesterday}, "today": {wordSpecial, specialToday},
	"tomorrow": {wordSpecial, specialTomorrow}, "allballs": {wordSpecial, specialZulu},
	"ad": {wordEra, 0}, "bc": {wordEra, 1},
	"am": {wordAMPM, am}, "pm": {wordAMPM, pm},
	"at": {wordIgnored, 0}, "on": {wordIgnored, 0},
	"jan": {wordMonth, 1}, "january": {wordMonth, 1}, "feb": {wordMonth, 2}, "february": {wordMonth, 2},
	"mar": {wordMonth, 3}, "march": {wordMonth, 3}, "apr": {wordMonth, 4}, "april": {wordMonth, 4},
	"may": {wordMonth, 5}, "jun": {wordMonth, 6}, "june": {wordMonth, 6}, "jul": {wordMonth, 7},
	"july": {wordMonth, 7}, "aug": {wordMonth, 8}, "august": {wordMonth, 8}, "sep": {wordMonth, 9},
	"sept": {wordMonth, 9}, "september": {wordMonth, 9}, "oct": {wordMonth, 10}, "october": {wordMonth, 10},
	"nov": {wordMonth, 11}, "november": {wordMonth, 11}, "dec": {wordMonth, 12}, "december": {wordMonth, 12},
	"sun": {wordWeekday, 0}, "sunday": {wordWeekday, 0}, "mon": {wordWeekday, 1}, "monday": {wordWeekday, 1},
	"tue": {wordWeekday, 2}, "tues": {wordWeekday, 2}, "tuesday": {wordWeekday, 2}, "wed": {wordWeekday, 3},
	"weds": {wordWeekday, 3}, "wednesday": {wordWeekday, 3}, "thu": {wordWeekday, 4}, "thur": {wordWeekday, 4},
	"thurs": {wordWeekday, 4}, "thursday": {wordWeekday, 4}, "fri": {wordWeekday, 5}, "friday": {wordWeekday, 5},
	"sat": {wordWeekday, 6}, "saturday": {wordWeekday, 6},
	"d": {wordUnit, int(unitDay)}, "h": {wordUnit, int(unitHour)}, "m": {wordUnit, int(unitMonth)},
	"mm": {wordUnit, int(unitMinute)}, "s": {wordUnit, int(unitSecond)}, "y": {wordUnit, int(unitYear)},
	"j": {wordUnit, int(unitJulian)}, "jd": {wordUnit, int(unitJulian)}, "julian": {wordUnit, int(unitJulian)},
	"dow": {wordUnit, int(unitOther)}, "doy": {wordUnit, int(unitOther)},
	"isodow": {wordUnit, int(unitOther)}, "isoyear": {wordUnit, int(unitOther)},
	"t": {wordISOTime, int(unitTime)}, "dst": {wordDST, 3600},
}

// intervalUnits is deltatktbl of datetime.c; ago is apart. Longer words are cut
// to ten letters before they are looked up.
var intervalUnits = map[string]unit{
	"us": unitMicro, "usec": unitMicro, "useconds": unitMicro, "usecs": unitMicro, "microsecon": unitMicro,
	"ms": unitMilli, "msec": unitMilli, "mseconds": unitMilli, "msecs": unitMilli, "millisecon": unitMilli,
	"s": unitSecond, "sec": unitSecond, "second": unitSecond, "seconds": unitSecond, "secs": unitSecond,
	"m": unitMinute, "min": unitMinute, "mins": unitMinute, "minute": unitMinute, "minutes": unitMinute,
	"h": unitHour, "hour": unitHour, "hours": unitHour, "hr": unitHour, "hrs": unitHour,
	"d": unitDay, "day": unitDay, "days": unitDay,
	"w": unitWeek, "week": unitWeek, "weeks": unitWeek,
	"mon": unitMonth, "mons": unitMonth, "month": unitMonth, "months": unitMonth,
	"y": unitYear, "year": unitYear, "years": unitYear, "yr": unitYear, "yrs": unitYear,
	"dec": unitDecade, "decade": unitDecade, "decades": unitDecade, "decs": unitDecade,
	"c": unitCentury, "cent": unitCentury, "century": unitCentury, "centuries": unitCentury,
	"mil": unitMillennium, "mils": unitMillennium, "millennium": unitMillennium, "millennia": unitMillennium,
	"qtr": unitOther, "quarter": unitOther, "timezone": unitOther, "timezone_h": unitOther, "timezone_m": unitOther,
}
