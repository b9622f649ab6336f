package funcs

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// unit is a field that extract, date_part and date_trunc name.
type unit string

// unitNames are the spellings of the units, cut to ten characters as
// PostgreSQL's table has them (deltatktbl and datetktbl of datetime.c).
var unitNames = func() map[string]unit {
	m := map[string]unit{}
	for u, names := range map[unit][]string{
		"microsecond": {"microsecon", "us", "usec", "usecond", "useconds", "usecs"},
		"millisecond": {"millisecon", "ms", "msec", "msecond", "mseconds", "msecs"},
		"second":      {"s", "sec", "second", "seconds", "secs"},
		"minute":      {"m", "min", "mins", "minute", "minutes"},
		"hour":        {"h", "hour", "hours", "hr", "hrs"},
		"day":         {"d", "day", "days"},
		"week":        {"w", "week", "weeks"},
		"month":       {"mon", "mons", "month", "months"},
		"quarter":     {"qtr", "quarter"},
		"year":        {"y", "year", "years", "yr", "yrs"},
		"decade":      {"dec", "decade", "decades", "decs"},
		"century":     {"c", "cent", "centuries", "century"},
		"millennium":  {"mil", "millennia", "millennium", "mils"},
		"timezone":    {"timezone"}, "timezone_hour": {"timezone_h"}, "timezone_minute": {"timezone_m"},
		"dow": {"dow"}, "doy": {"doy"}, "isodow": {"isodow"}, "isoyear": {"isoyear"},
		"julian": {"j", "jd", "julian"}, "epoch": {"epoch"},
	} {
		for _, n := range names {
			m[n] = u
		}
	}
	return m
}()

func findUnit(name, typeName string) (unit, string, error) {
	low := lowerASCII(name)
	key := low
	if len(key) > 10 {
		key = key[:10]
	}
	u, ok := unitNames[key]
	if !ok {
		return "", low, pgerr.New(pgerr.InvalidParameterValue, "unit \"%s\" not recognized for type %s", low, typeName)
	}
	return u, low, nil
}

// findSpan is findUnit for what only knows units of time, not those that merely
// name a field.
func findSpan(name, typeName string) (unit, string, error) {
	u, low, err := findUnit(name, typeName)
	switch u {
	case "dow", "doy", "isodow", "isoyear", "julian", "epoch":
		err = pgerr.New(pgerr.InvalidParameterValue, "unit \"%s\" not recognized for type %s", low, typeName)
	}
	return u, low, err
}

func unitNotSupported(low, typeName string) error {
	return pgerr.New(pgerr.FeatureNotSupported, "unit \"%s\" not supported for type %s", low, typeName)
}

// A field is the value of a unit: unscaled × 10^-scale. extract gives it as it
// is and date_part as a float8.
type field struct {
	unscaled int64
	scale    int32
	// exact holds what does not fit unscaled (julian days with a fraction).
	exact *types.Numeric
	float float64 // of exact
	// special is what infinite dates give: ±1 for the infinities.
	infinite int
	null     bool
}

func whole(v int64) field { return field{unscaled: v} }

// parts computes the fields of one type's value; ok is false for units that the
// type does not have.
type parts[T any] func(c *Call, u unit, v T) (f field, ok bool, err error)

func extractKernel[T any](typeName string, get parts[T]) Kernel {
	return Maybe2(func(c *Call, name string, v T) (types.Numeric, bool, error) {
		f, err := extractField(c, typeName, name, v, get)
		if err != nil || f.null {
			return types.Numeric{}, false, err
		}
		switch {
		case f.infinite != 0:
			n, err := types.ParseNumeric(map[int]string{1: "Infinity", -1: "-Infinity"}[f.infinite])
			return n, true, err
		case f.exact != nil:
			return *f.exact, true, nil
		}
		return types.NumericFromScaled(f.unscaled, f.scale), true, nil
	})
}

func datePartKernel[T any](typeName string, get parts[T]) Kernel {
	return Maybe2(func(c *Call, name string, v T) (float64, bool, error) {
		return datePart(c, typeName, name, v, get)
	})
}

func datePart[T any](c *Call, typeName, name string, v T, get parts[T]) (float64, bool, error) {
	f, err := extractField(c, typeName, name, v, get)
	if err != nil || f.null {
		return 0, false, err
	}
	switch {
	case f.infinite != 0:
		return math.Inf(f.infinite), true, nil
	case f.exact != nil:
		return f.float, true, nil
	}
	return float64(f.unscaled) / math.Pow10(int(f.scale)), true, nil
}

func extractField[T any](c *Call, typeName, name string, v T, get parts[T]) (field, error) {
	u, err := cachedUnit(c, name, typeName, findUnit)
	if err != nil {
		return field{}, err
	}
	f, ok, err := get(c, u, v)
	if err == nil && !ok {
		err = unitNotSupported(lowerASCII(name), typeName)
	}
	return f, err
}

// unitCache keeps the last unit that a call site named.
type unitCache struct {
	name string
	unit unit
}

func cachedUnit(c *Call, name, typeName string, find func(name, typeName string) (unit, string, error)) (unit, error) {
	if cache, ok := c.State.(*unitCache); ok && cache.name == name {
		return cache.unit, nil
	}
	u, _, err := find(name, typeName)
	if err == nil {
		c.State = &unitCache{name, u}
	}
	return u, err
}

// infiniteField is what an infinite date or timestamp gives: the infinity for
// what grows with time, NULL for what comes round.
func infiniteField(u unit, sign int) field {
	switch u {
	case "year", "decade", "century", "millennium", "julian", "isoyear", "epoch":
		return field{infinite: sign}
	}
	return field{null: true}
}

// divUp divides a year into periods that begin with year 1.
func divUp(year, n int) int64 {
	if year > 0 {
		return int64((year + n - 1) / n)
	}
	return -int64((n - 1 - (year - 1)) / n)
}

// isoYearWeek is the ISO 8601 year and week of a day.
func isoYearWeek(days int) (year, week int) {
	thursday := days - (datetime.Weekday(days)+6)%7 + 3
	year, _, _ = datetime.DateOf(thursday)
	return year, (thursday-datetime.DaysOf(year, 1, 1))/7 + 1
}

// noYearZero counts 1 BC as -1.
func noYearZero(year int) int64 {
	if year <= 0 {
		return int64(year - 1)
	}
	return int64(year)
}

// dayField are the fields that a date has.
func dayField(u unit, days int) (field, bool) {
	switch u {
	case "dow":
		return whole(int64(datetime.Weekday(days))), true
	case "isodow":
		return whole(int64((datetime.Weekday(days)+6)%7 + 1)), true
	case "week":
		_, week := isoYearWeek(days)
		return whole(int64(week)), true
	case "isoyear":
		year, _ := isoYearWeek(days)
		return whole(noYearZero(year)), true
	}
	year, month, day := datetime.DateOf(days)
	switch u {
	case "day":
		return whole(int64(day)), true
	case "month":
		return whole(int64(month)), true
	case "quarter":
		return whole(int64(month-1)/3 + 1), true
	case "year":
		return whole(noYearZero(year)), true
	case "doy":
		return whole(int64(days - datetime.DaysOf(year, 1, 1) + 1)), true
	}
	return eraField(u, year)
}

func eraField(u unit, year int) (field, bool) {
	switch u {
	case "decade":
		if year >= 0 {
			return whole(int64(year / 10)), true
		}
		return whole(-int64((8 - (year - 1)) / 10)), true
	case "century":
		return whole(divUp(year, 100)), true
	case "millennium":
		return whole(divUp(year, 1000)), true
	}
	return field{}, false
}

// clockField are the fields that a time of day has.
func clockField(u unit, micros int64) (field, bool) {
	switch u {
	case "microsecond":
		return whole(micros % datetime.Minute), true
	case "millisecond":
		return field{unscaled: micros % datetime.Minute, scale: 3}, true
	case "second":
		return field{unscaled: micros % datetime.Minute, scale: 6}, true
	case "minute":
		return whole(micros / datetime.Minute % 60), true
	case "hour":
		return whole(micros / datetime.Hour), true
	}
	return field{}, false
}

func dateParts(_ *Call, u unit, d int32) (field, bool, error) {
	days := int(d)
	if types.IsInfiniteDate(d) {
		if _, ok := dayField(u, 0); !ok && u != "julian" && u != "epoch" {
			return field{}, false, nil
		}
		return infiniteField(u, sign(days)), true, nil
	}
	switch u {
	case "julian":
		return whole(int64(days) + datetime.JulianOffset), true, nil
	case "epoch":
		return whole((int64(days) - datetime.EpochDays) * 86400), true, nil
	}
	f, ok := dayField(u, days)
	return f, ok, nil
}

func timestampParts(_ *Call, u unit, ts int64) (field, bool, error) {
	if types.IsInfiniteTimestamp(ts) {
		return infiniteField(u, sign64(ts)), true, nil
	}
	if u == "epoch" {
		return epochField(ts), true, nil
	}
	f, ok := localField(u, ts)
	return f, ok, nil
}

func sign64(v int64) int {
	if v < 0 {
		return -1
	}
	return 1
}

func epochField(ts int64) field {
	if since := ts - types.UnixEpochTimestamp; since >= ts {
		return field{unscaled: since, scale: 6}
	}
	n, _ := types.NumericFromInt64(ts).Sub(types.NumericFromInt64(types.UnixEpochTimestamp))
	n, _ = n.Div(types.NumericFromInt64(datetime.Second))
	n = n.Round(6)
	return field{exact: &n, float: (float64(ts) - float64(types.UnixEpochTimestamp)) / 1e6}
}

// localField are the fields of a local timestamp that is finite.
func localField(u unit, ts int64) (field, bool) {
	time := floorMod(ts, types.MicrosPerDay)
	days := int((ts - time) / types.MicrosPerDay)
	if u == "julian" {
		return julianField(int64(days)+datetime.JulianOffset, time), true
	}
	if f, ok := clockField(u, time); ok {
		return f, true
	}
	return dayField(u, days)
}

func julianField(day, time int64) field {
	fraction, _ := types.NumericFromInt64(time).Div(types.NumericFromInt64(types.MicrosPerDay))
	n, _ := types.NumericFromInt64(day).Add(fraction)
	return field{exact: &n, float: float64(day) + float64(time)/1e6/86400}
}

func zoneField(u unit, offset int64) (field, bool) {
	switch u {
	case "timezone":
		return whole(offset), true
	case "timezone_hour":
		return whole(offset / 3600), true
	case "timezone_minute":
		return whole(offset % 3600 / 60), true
	}
	return field{}, false
}

func timestamptzParts(c *Call, u unit, ts int64) (field, bool, error) {
	if types.IsInfiniteTimestamp(ts) {
		return timestampParts(c, u, ts)
	}
	if u == "epoch" {
		return epochField(ts), true, nil
	}
	local, err := types.TimestamptzToTimestamp(ts, c.Env.Loc())
	if err != nil {
		return field{}, false, err
	}
	if f, ok := zoneField(u, (local-ts)/datetime.Second); ok {
		return f, true, nil
	}
	f, ok := localField(u, local)
	return f, ok, nil
}

func timeParts(_ *Call, u unit, t int64) (field, bool, error) {
	if u == "epoch" {
		return field{unscaled: t, scale: 6}, true, nil
	}
	f, ok := clockField(u, t)
	return f, ok, nil
}

func timetzParts(c *Call, u unit, t types.TimeTZ) (field, bool, error) {
	if u == "epoch" {
		return field{unscaled: t.Micros - int64(t.Offset)*datetime.Second, scale: 6}, true, nil
	}
	if f, ok := zoneField(u, int64(t.Offset)); ok {
		return f, true, nil
	}
	return timeParts(c, u, t.Micros)
}

func intervalParts(_ *Call, u unit, v types.Interval) (field, bool, error) {
	years, months := int64(v.Months/12), int64(v.Months%12)
	switch u {
	case "day":
		return whole(int64(v.Days)), true, nil
	case "month":
		return whole(months), true, nil
	case "quarter":
		return whole(months/3 + 1), true, nil
	case "year":
		return whole(years), true, nil
	case "decade":
		return whole(years / 10), true, nil
	case "century":
		return whole(years / 100), true, nil
	case "millennium":
		return whole(years / 1000), true, nil
	case "epoch":
		return intervalEpoch(v, years, months), true, nil
	}
	f, ok := clockField(u, v.Micros)
	return f, ok, nil
}

// intervalEpoch counts years of 365.25 days and months of 30.
func intervalEpoch(v types.Interval, years, months int64) field {
	seconds := (1461*years + 120*months + 4*int64(v.Days)) * (86400 / 4)
	n, _ := types.NumericFromInt64(seconds).Add(types.NumericFromScaled(v.Micros, 6))
	float := float64(v.Micros)/1e6 + 365.25*86400*float64(years) + 30*86400*float64(months) + 86400*float64(v.Days)
	return field{exact: &n, float: float}
}

func bindParts[T any](prefix, typeName string, get parts[T]) {
	kernels{
		"extract_" + prefix: extractKernel(typeName, get),
		prefix + "_part":    datePartKernel(typeName, get),
	}.bind()
}

func init() {
	bindParts("timestamp", "timestamp without time zone", timestampParts)
	bindParts("timestamptz", "timestamp with time zone", timestamptzParts)
	bindParts("time", "time without time zone", timeParts)
	bindParts("timetz", "time with time zone", timetzParts)
	bindParts("interval", "interval", intervalParts)
	kernels{
		"extract_date": extractKernel("date", dateParts),
		"date_part(text,date)": Maybe2(func(c *Call, name string, d int32) (float64, bool, error) {
			ts, err := types.DateToTimestamp(d)
			if err != nil {
				return 0, false, err
			}
			return datePart(c, "timestamp without time zone", name, ts, timestampParts)
		}),
	}.bind()
}
