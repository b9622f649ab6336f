package types

import (
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// The infinities of date, and of timestamp and timestamptz.
const (
	DateNegInfinity      int32 = datetime.NegInfDays
	DateInfinity         int32 = datetime.PosInfDays
	TimestampNegInfinity int64 = datetime.NegInfMicros
	TimestampInfinity    int64 = datetime.PosInfMicros
)

// UnixEpochTimestamp is 1970-01-01 as a timestamp; MicrosPerDay a day.
const (
	UnixEpochTimestamp int64 = -datetime.EpochSeconds * datetime.Second
	MicrosPerDay       int64 = datetime.Day
)

// LoadZone finds a time zone by its name in any case, or makes one of a POSIX
// specification. 22023.
func LoadZone(name string) (*time.Location, error) {
	if loc := datetime.LoadZone(name); loc != nil {
		return loc, nil
	}
	return nil, datetime.UnknownZone(name)
}

// LookupZone is LoadZone for AT TIME ZONE and its like, which know
// abbreviations too. 22023.
func LookupZone(name string) (*datetime.Zone, error) {
	if z := datetime.LookupZone(name); z != nil {
		return z, nil
	}
	return nil, datetime.UnknownZone(name)
}

// TimestampFromTime is a time's UTC in microseconds, truncated: a timestamptz.
func TimestampFromTime(t time.Time) int64 {
	return (t.Unix()-datetime.EpochSeconds)*datetime.Second + int64(t.Nanosecond()/1000)
}

// TimeOfTimestamp is the inverse of TimestampFromTime, in UTC. The infinities
// have no time: they become the times at the ends of the range.
func TimeOfTimestamp(ts int64) time.Time {
	return time.UnixMicro(max(ts, datetime.MinMicros) - UnixEpochTimestamp).UTC()
}

// LocalTimestamp is the wall clock of a time in its own zone: a timestamp.
func LocalTimestamp(t time.Time) int64 {
	_, offset := t.Zone()
	return TimestampFromTime(t) + int64(offset)*datetime.Second
}

// DateFromTime is the date of a time in its own zone.
func DateFromTime(t time.Time) int32 {
	year, month, day := t.Date()
	return int32(datetime.DaysOf(year, int(month), day))
}

// DateFromYMD is the date; year 0 is 1 BC.
func DateFromYMD(year, month, day int) int32 { return int32(datetime.DaysOf(year, month, day)) }

// YMDOfDate takes a date that is not infinite apart.
func YMDOfDate(d int32) (year, month, day int) { return datetime.DateOf(int(d)) }

// IsInfiniteDate says whether d is one of date's infinities.
func IsInfiniteDate(d int32) bool { return d == DateInfinity || d == DateNegInfinity }

// IsInfiniteTimestamp says whether ts is one of timestamp's infinities.
func IsInfiniteTimestamp(ts int64) bool { return ts == TimestampInfinity || ts == TimestampNegInfinity }

// TimestampToTimestamptz reads a local time as that of a zone. 22008.
func TimestampToTimestamptz(ts int64, loc *time.Location) (int64, error) {
	return TimestampAtZone(ts, datetime.NewZone(loc))
}

// TimestamptzToTimestamp is the local time of a zone. 22008.
func TimestamptzToTimestamp(ts int64, loc *time.Location) (int64, error) {
	return TimestamptzAtZone(ts, datetime.NewZone(loc))
}

// TimestampAtZone is timestamp AT TIME ZONE: a timestamptz. 22008.
func TimestampAtZone(ts int64, z *datetime.Zone) (int64, error) {
	if IsInfiniteTimestamp(ts) {
		return ts, nil
	}
	return datetime.AddMicros(ts, int64(-z.LocalOffset(ts)), datetime.Second)
}

// TimestamptzAtZone is timestamptz AT TIME ZONE: a timestamp. 22008.
func TimestamptzAtZone(ts int64, z *datetime.Zone) (int64, error) {
	if IsInfiniteTimestamp(ts) {
		return ts, nil
	}
	return datetime.AddMicros(ts, int64(z.OffsetAt(ts)), datetime.Second)
}

// DateToTimestamp is midnight of a date. 22008.
func DateToTimestamp(d int32) (int64, error) {
	switch {
	case d == DateInfinity:
		return TimestampInfinity, nil
	case d == DateNegInfinity:
		return TimestampNegInfinity, nil
	}
	ts := int64(d) * datetime.Day
	if int(d) > int(datetime.EndMicros/datetime.Day)-1 {
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range for timestamp")
	}
	return ts, nil
}

// TimestampToDate is the date of a timestamp.
func TimestampToDate(ts int64) int32 {
	switch ts {
	case TimestampInfinity:
		return DateInfinity
	case TimestampNegInfinity:
		return DateNegInfinity
	}
	days := ts / datetime.Day
	if ts%datetime.Day < 0 {
		days--
	}
	return int32(days)
}

// TimestampAddInterval is timestamp + interval. 22008.
func TimestampAddInterval(ts int64, iv Interval) (int64, error) {
	if IsInfiniteTimestamp(ts) {
		return ts, nil
	}
	return datetime.AddSpan(ts, iv.span())
}

// TimestamptzAddInterval is timestamptz + interval in a zone. 22008.
func TimestamptzAddInterval(ts int64, iv Interval, loc *time.Location) (int64, error) {
	if IsInfiniteTimestamp(ts) {
		return ts, nil
	}
	return datetime.AddSpanZoned(ts, iv.span(), datetime.NewZone(loc))
}

// config is what reading a date depends on.
func (e *Env) config() datetime.Config {
	if e == nil {
		return datetime.Config{Loc: time.UTC}
	}
	return datetime.Config{Order: datetime.Order(e.DateOrder), Now: e.Now, Loc: e.Loc()}
}

// dateStyle is the output style and order of fields.
func (e *Env) dateStyle() (datetime.Style, datetime.Order) {
	if e == nil {
		return datetime.ISO, datetime.MDY
	}
	return datetime.Style(e.DateStyle), datetime.Order(e.DateOrder)
}

// maxTimePrecision is the most digits that times keep.
const maxTimePrecision = 6

// secondsTypmod is the typmod of time(p) and timestamp(p). A precision above 6
// is 6, for which PostgreSQL warns.
func secondsTypmod(mods []int32, name, suffix string) (int32, error) {
	if len(mods) != 1 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "invalid type modifier")
	}
	if mods[0] < 0 {
		return 0, pgerr.New(pgerr.InvalidParameterValue, "%s(%d)%s precision must not be negative", name, mods[0], suffix)
	}
	return min(mods[0], maxTimePrecision), nil
}

func secondsTypmodOut(suffix string) func(int32) string {
	return func(typmod int32) string {
		if typmod < 0 {
			return suffix
		}
		return typmodText(typmod) + suffix
	}
}

// roundSeconds rounds microseconds to a precision, half away from zero.
func roundSeconds(micros int64, precision int32) int64 {
	if precision < 0 || precision >= maxTimePrecision {
		return micros
	}
	scale := int64(pow10U[maxTimePrecision-precision])
	if micros < 0 {
		return -((-micros + scale/2) / scale * scale)
	}
	return (micros + scale/2) / scale * scale
}
