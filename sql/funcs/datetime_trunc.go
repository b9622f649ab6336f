package funcs

import (
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// truncYears are the units that begin with a year: of how many years.
var truncYears = map[unit]int{"decade": 10, "century": 100, "millennium": 1000}

// truncMicros are the units of the clock.
var truncMicros = map[unit]int64{
	"microsecond": 1, "millisecond": 1000, "second": datetime.Second, "minute": datetime.Minute, "hour": datetime.Hour,
	"day": datetime.Day,
}

// truncLocal cuts a finite local timestamp to a unit; ok is false for what is
// no such unit.
func truncLocal(u unit, ts int64) (int64, bool) {
	if m, ok := truncMicros[u]; ok {
		return ts - floorMod(ts, m), true
	}
	days := int((ts - floorMod(ts, types.MicrosPerDay)) / types.MicrosPerDay)
	year, month, _ := datetime.DateOf(days)
	switch u {
	case "week":
		return int64(days-(datetime.Weekday(days)+6)%7) * types.MicrosPerDay, true
	case "month":
	case "quarter":
		month = (month-1)/3*3 + 1
	case "year":
		month = 1
	default:
		n, ok := truncYears[u]
		if !ok {
			return 0, false
		}
		year, month = truncYear(year, n), 1
	}
	return int64(datetime.DaysOf(year, month, 1)) * types.MicrosPerDay, true
}

// truncYear is the first year of a period: decades begin with year 0, the
// others with year 1.
func truncYear(year, n int) int {
	switch {
	case n == 10 && year > 0:
		return year / 10 * 10
	case n == 10:
		return -((9 - (year)) / 10) * 10
	case year > 0:
		return (year+n-1)/n*n - n + 1
	}
	return -((n-1-(year-1))/n)*n + 1
}

func truncTimestamp(c *Call, name string, ts int64, typeName string, trunc func(u unit, ts int64) (int64, bool, error)) (int64, error) {
	if types.IsInfiniteTimestamp(ts) {
		return ts, nil
	}
	u, err := cachedUnit(c, name, typeName, findSpan)
	if err != nil {
		return 0, err
	}
	out, ok, err := trunc(u, ts)
	if err == nil && !ok {
		err = unitNotSupported(lowerASCII(name), typeName)
	}
	if err != nil {
		return 0, err
	}
	return checkTimestamp(out, true)
}

func truncPlain(c *Call, name string, ts int64) (int64, error) {
	return truncTimestamp(c, name, ts, "timestamp without time zone", func(u unit, ts int64) (int64, bool, error) {
		out, ok := truncLocal(u, ts)
		return out, ok, nil
	})
}

// offsets are the two directions between local time and UTC.
type offsets interface {
	OffsetAt(utc int64) int
	LocalOffset(local int64) int
}

// truncIn cuts in a zone. Days and more begin at local midnight; what is finer
// keeps the offset that it had.
func truncIn(c *Call, name string, ts int64, zone offsets) (int64, error) {
	return truncTimestamp(c, name, ts, "timestamp with time zone", func(u unit, ts int64) (int64, bool, error) {
		offset := int64(zone.OffsetAt(ts)) * datetime.Second
		local, ok := truncLocal(u, ts+offset)
		if !ok {
			return 0, false, nil
		}
		if m, clock := truncMicros[u]; !clock || m == datetime.Day {
			offset = int64(zone.LocalOffset(local)) * datetime.Second
		}
		return local - offset, true, nil
	})
}

func zoneOf(loc *time.Location) offsets { return datetime.NewZone(loc) }

func truncInterval(name string, v types.Interval) (types.Interval, error) {
	u, low, err := findSpan(name, "interval")
	if err != nil {
		return v, err
	}
	unsupported := func() error {
		e := pgerr.New(pgerr.FeatureNotSupported, "unit \"%s\" not supported for type interval", low)
		if u == "week" {
			e.WithDetail("Months usually have fractional weeks.")
		}
		return e
	}
	if m, ok := truncMicros[u]; ok {
		if u == "day" {
			return types.Interval{Months: v.Months, Days: v.Days}, nil
		}
		return types.Interval{Months: v.Months, Days: v.Days, Micros: v.Micros - v.Micros%m}, nil
	}
	months := map[unit]int32{"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200, "millennium": 12000}[u]
	if months == 0 {
		return v, unsupported()
	}
	return types.Interval{Months: v.Months - v.Months%months}, nil
}

// bin is date_bin: the multiple of stride from origin at or before ts.
func bin(stride types.Interval, ts, origin int64) (int64, error) {
	switch {
	case types.IsInfiniteTimestamp(ts):
		return ts, nil
	case types.IsInfiniteTimestamp(origin):
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "origin out of range")
	case stride.Months != 0:
		return 0, pgerr.New(pgerr.FeatureNotSupported, "timestamps cannot be binned into intervals containing months or years")
	}
	micros := int64(stride.Days)*types.MicrosPerDay + stride.Micros
	if micros <= 0 {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "stride must be greater than zero")
	}
	diff := ts - origin
	return checkTimestamp(ts-floorMod(diff, micros), (ts >= origin) == (diff >= 0))
}

func init() {
	kernels{
		"timestamp_trunc":   Lift2(truncPlain),
		"timestamptz_trunc": Lift2(func(c *Call, name string, ts int64) (int64, error) { return truncIn(c, name, ts, zoneOf(c.Env.Loc())) }),
		"timestamptz_trunc_zone": Lift3(func(c *Call, name string, ts int64, zone string) (int64, error) {
			z, err := types.LookupZone(zone)
			if err != nil {
				return 0, err
			}
			return truncIn(c, name, ts, z)
		}),
		"interval_trunc":  E2(truncInterval),
		"timestamp_bin":   E3(bin),
		"timestamptz_bin": E3(bin),
	}.bind()
}
