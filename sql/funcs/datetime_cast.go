package funcs

import (
	"math"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

func timestampOutOfRange() error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "timestamp out of range")
}

func dateOutOfRange() error { return pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range") }

func intervalOutOfRange() error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "interval out of range")
}

func dateToTimestamptz(c *Call, d int32) (int64, error) {
	ts, err := types.DateToTimestamp(d)
	if err != nil {
		return 0, err
	}
	return types.TimestampToTimestamptz(ts, c.Env.Loc())
}

func timestampToDate(ts int64) int32 { return types.TimestampToDate(ts) }

// inZone lifts a function on local time to timestamptz.
func inZone[R any](f func(local int64) (R, bool, error)) Kernel {
	return Maybe1(func(c *Call, ts int64) (r R, ok bool, err error) {
		local, err := types.TimestamptzToTimestamp(ts, c.Env.Loc())
		if err != nil {
			return r, false, err
		}
		return f(local)
	})
}

// timeOfDay is the time of a timestamp; NULL for an infinite one.
func timeOfDay(ts int64) (int64, bool, error) {
	if types.IsInfiniteTimestamp(ts) {
		return 0, false, nil
	}
	return floorMod(ts, types.MicrosPerDay), true, nil
}

func floorMod(a, b int64) int64 {
	if m := a % b; m < 0 {
		return m + b
	} else {
		return m
	}
}

func timestamptzToTimetz(c *Call, ts int64) (types.TimeTZ, bool, error) {
	local, err := types.TimestamptzToTimestamp(ts, c.Env.Loc())
	if err != nil || types.IsInfiniteTimestamp(ts) {
		return types.TimeTZ{}, false, err
	}
	return types.TimeTZ{Micros: floorMod(local, types.MicrosPerDay), Offset: int32((local - ts) / datetime.Second)}, true, nil
}

// timeToTimetz takes the offset of the session's zone today.
func timeToTimetz(c *Call, t int64) (types.TimeTZ, error) {
	today := types.DateFromTime(c.Env.Now.In(c.Env.Loc()))
	local := int64(today)*types.MicrosPerDay + t
	return types.TimeTZ{Micros: t, Offset: int32(datetime.LocalOffset(local, c.Env.Loc()))}, nil
}

// dateAndTime is date + time.
func dateAndTime(d int32, t int64) (int64, error) {
	ts, err := types.DateToTimestamp(d)
	if err != nil || types.IsInfiniteTimestamp(ts) {
		return ts, err
	}
	return checkTimestamp(ts+t, true)
}

func dateAndTimetz(d int32, t types.TimeTZ) (int64, error) {
	ts, err := types.DateToTimestamp(d)
	if err != nil || types.IsInfiniteTimestamp(ts) {
		return ts, err
	}
	return checkTimestamp(ts+t.Micros-int64(t.Offset)*datetime.Second, true)
}

func checkTimestamp(ts int64, ok bool) (int64, error) {
	if !ok || !datetime.ValidMicros(ts) {
		return 0, timestampOutOfRange()
	}
	return ts, nil
}

func timetzScale(t types.TimeTZ, typmod int32) types.TimeTZ {
	t.Micros = scaleTime(t.Micros, typmod)
	return t
}

// scaleTime rounds half up to typmod digits of a second, as AdjustTimeForTypmod.
func scaleTime(t int64, typmod int32) int64 {
	if typmod < 0 || typmod > 5 {
		return t
	}
	unit := int64(math.Pow10(int(6 - typmod)))
	return (t + unit/2) / unit * unit
}

// endlessDate orders after every finite timestamp and before infinity.
const endlessDate = math.MaxInt64 - 1

func dateKey(d int32) int64 {
	ts, err := types.DateToTimestamp(d)
	if err != nil {
		return endlessDate
	}
	return ts
}

// keysWith makes the operand of a comparison between types: f with the
// session's zone.
func keysWith[T any](f func(loc *time.Location, v T) int64) operand[int64] {
	return func(c *Call, v vec.Vector) column[int64] {
		col := columnOf[T](v)
		out := make([]int64, len(col.vals))
		for i, x := range col.vals {
			out[i] = f(c.Env.Loc(), x)
		}
		return column[int64]{out, col.mask}
	}
}

func zonedTimestampKey(loc *time.Location, ts int64) int64 {
	tz, err := types.TimestampToTimestamptz(ts, loc)
	if err != nil {
		return ts
	}
	return tz
}

func zonedDateKey(loc *time.Location, d int32) int64 {
	ts := dateKey(d)
	if ts == endlessDate {
		return ts
	}
	return zonedTimestampKey(loc, ts)
}

// bindCross binds the six comparisons of two types, both ways round:
// date_lt_timestamp and timestamp_lt_date.
func bindCross(left, right string, l, r operand[int64]) {
	for op, suffix := range [6]string{"_eq_", "_ne_", "_lt_", "_le_", "_gt_", "_ge_"} {
		kernels{
			left + suffix + right: compareOrdered(loops[int64]()[op], l, r),
			right + suffix + left: compareOrdered(loops[int64]()[op], r, l),
		}.bind()
	}
}

// intervalTime is interval_time, which overflows for the smallest intervals.
func intervalTime(v types.Interval) int64 {
	if v.Micros < 0 {
		days := (-v.Micros + types.MicrosPerDay - 1) / types.MicrosPerDay
		return v.Micros + days*types.MicrosPerDay
	}
	return v.Micros % types.MicrosPerDay
}

func init() {
	kernels{
		"date_timestamp":             E1(types.DateToTimestamp),
		"date_timestamptz":           Lift1(dateToTimestamptz),
		"timestamp_date":             F1(timestampToDate),
		"timestamptz_date":           inZone(func(ts int64) (int32, bool, error) { return types.TimestampToDate(ts), true, nil }),
		"timestamp_time":             Maybe1(func(_ *Call, ts int64) (int64, bool, error) { return timeOfDay(ts) }),
		"timestamptz_time":           inZone(timeOfDay),
		"timestamptz_timetz":         Maybe1(timestamptzToTimetz),
		"timestamp_timestamptz":      Lift1(func(c *Call, ts int64) (int64, error) { return types.TimestampToTimestamptz(ts, c.Env.Loc()) }),
		"timestamptz_timestamp":      Lift1(func(c *Call, ts int64) (int64, error) { return types.TimestamptzToTimestamp(ts, c.Env.Loc()) }),
		"time_interval":              F1(func(t int64) types.Interval { return types.Interval{Micros: t} }),
		"interval_time":              F1(intervalTime),
		"timetz_time":                F1(func(t types.TimeTZ) int64 { return t.Micros }),
		"time_timetz":                Lift1(timeToTimetz),
		"datetime_timestamp":         E2(dateAndTime),
		"datetimetz_timestamptz":     E2(dateAndTimetz),
		"timedate_pl(time,date)":     E2(func(t int64, d int32) (int64, error) { return dateAndTime(d, t) }),
		"timetzdate_pl(timetz,date)": E2(func(t types.TimeTZ, d int32) (int64, error) { return dateAndTimetz(d, t) }),
		"timestamptz(date,time)": Lift2(func(c *Call, d int32, t int64) (int64, error) {
			ts, err := dateAndTime(d, t)
			if err != nil {
				return 0, err
			}
			return types.TimestampToTimestamptz(ts, c.Env.Loc())
		}),

		"timestamp_scale":   E2(types.RoundTimestamp),
		"timestamptz_scale": E2(types.RoundTimestamp),
		"time_scale":        F2(scaleTime),
		"timetz_scale":      F2(timetzScale),
		"interval_scale":    F2(types.Interval.ApplyTypmod),
	}.bind()
	date, timestamp := as(dateKey), same[int64]
	bindCross("date", "timestamp", date, timestamp)
	bindCross("date", "timestamptz", keysWith(zonedDateKey), same[int64])
	bindCross("timestamp", "timestamptz", keysWith(zonedTimestampKey), same[int64])
}
