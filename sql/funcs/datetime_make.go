package funcs

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

func fieldOutOfRange(format string, args ...any) error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, format, args...)
}

// makeDays checks a date as make_date does: negative years are BC.
func makeDays(year, month, day int32) (int, error) {
	y := int(year)
	if y < 0 {
		y++
	}
	if year == 0 || month < 1 || month > 12 || day < 1 || int(day) > datetime.DaysInMonth(y, int(month)) {
		return 0, fieldOutOfRange("date field value out of range: %d-%02d-%02d", y, month, day)
	}
	days := datetime.DaysOf(y, int(month), int(day))
	if !datetime.ValidDays(days) {
		return 0, fieldOutOfRange("date out of range: %d-%02d-%02d", y, month, day)
	}
	return days, nil
}

func makeDate(year, month, day int32) (int32, error) {
	days, err := makeDays(year, month, day)
	return int32(days), err
}

// makeTime rounds the seconds to microseconds before it looks whether they are in
// range (float_time_overflow of date.c).
func makeTime(hour, minute int32, second float64) (int64, error) {
	micros := math.RoundToEven(second * 1e6)
	valid := hour >= 0 && hour <= 24 && minute >= 0 && minute < 60 && micros >= 0 && micros <= float64(datetime.Minute)
	t := int64(hour)*datetime.Hour + int64(minute)*datetime.Minute + int64(micros)
	if !valid || t > types.MicrosPerDay {
		return 0, fieldOutOfRange("time field value out of range: %d:%02d:%s", hour, minute, cFormat02g(second))
	}
	return t, nil
}

// cFormat02g is C's %02g.
func cFormat02g(f float64) string {
	s := strings.ToLower(strings.TrimPrefix(fmt.Sprintf("%.6g", f), "+"))
	if len(s) < 2 {
		s = "0" + s
	}
	return s
}

// makeTimestamp builds the local time of make_timestamp.
func makeTimestamp(args []any) (int64, error) {
	days, err := makeDays(args[0].(int32), args[1].(int32), args[2].(int32))
	if err != nil {
		return 0, err
	}
	t, err := makeTime(args[3].(int32), args[4].(int32), args[5].(float64))
	if err != nil {
		return 0, err
	}
	ts := int64(days)*types.MicrosPerDay + t
	if !datetime.ValidMicros(ts) || days > 1e8+8e6 {
		return 0, fieldOutOfRange("timestamp out of range: %d-%02d-%02d %d:%02d:%s",
			args[0], args[1], args[2], args[3], args[4], cFormat02g(args[5].(float64)))
	}
	return ts, nil
}

func makeTimestamptz(c *Call, args []any) (any, error) {
	ts, err := makeTimestamp(args)
	if err != nil {
		return nil, err
	}
	zone := zoneOf(c.Env.Loc())
	if len(args) > 6 {
		if zone, err = givenZone(args[6].(string)); err != nil {
			return nil, err
		}
	}
	return checkTimestamp(ts-int64(zone.LocalOffset(ts))*datetime.Second, true)
}

// givenZone is parse_sane_timezone: an offset east of Greenwich with a sign, or
// a zone's name; never a POSIX offset, whose sign would mean the opposite.
func givenZone(name string) (offsets, error) {
	if name != "" && name[0] >= '0' && name[0] <= '9' {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "invalid input syntax for type numeric time zone: \"%s\"", name).
			WithHint("Numeric time zones must have \"-\" or \"+\" as first character.")
	}
	offset, numeric, inRange := datetime.ParseOffset(name)
	switch {
	case numeric:
		return fixedZone(offset), nil
	case !inRange:
		return nil, pgerr.New(pgerr.InvalidParameterValue, "numeric time zone \"%s\" out of range", name)
	}
	return namedZone(nil, name)
}

func makeInterval(_ *Call, args []any) (any, error) {
	n := func(i int) int64 { return int64(args[i].(int32)) }
	secs := args[6].(float64)
	months, days := n(0)*12+n(1), n(2)*7+n(3) // PostgreSQL 15 does not look whether they overflow
	if math.IsInf(secs, 0) || secs != secs {
		return nil, intervalOutOfRange()
	}
	micros := float64(n(4)*datetime.Hour+n(5)*datetime.Minute) + math.RoundToEven(secs*1e6)
	if math.Abs(micros) >= 1<<63 {
		return nil, intervalOutOfRange()
	}
	return types.Interval{
		Months: int32(months), Days: int32(days),
		Micros: n(4)*datetime.Hour + n(5)*datetime.Minute + int64(math.RoundToEven(secs*1e6)),
	}, nil
}

// epochToTimestamptz is to_timestamp(float8).
func epochToTimestamptz(secs float64) (int64, error) {
	switch {
	case secs != secs:
		return 0, pgerr.New(pgerr.DatetimeFieldOverflow, "timestamp cannot be NaN")
	case math.IsInf(secs, 1):
		return types.TimestampInfinity, nil
	case math.IsInf(secs, -1):
		return types.TimestampNegInfinity, nil
	}
	since := (secs - datetime.EpochSeconds) * 1e6
	if since < float64(datetime.MinMicros) || since >= float64(datetime.EndMicros) {
		return 0, fieldOutOfRange("timestamp out of range: \"%s\"", fmt.Sprintf("%g", secs))
	}
	return checkTimestamp(int64(math.RoundToEven(since)), true)
}

// age is the difference in years, months, days and time (timestamp_age). a and
// b are local; less says whether a is the earlier moment.
func age(a, b int64, less bool) types.Interval {
	x, y := datetime.CivilOf(a), datetime.CivilOf(b)
	years, months, days := x.Year-y.Year, x.Month-y.Month, x.Day-y.Day
	micros := x.TimeMicros() - y.TimeMicros()
	borrowed := y
	if less {
		years, months, days, micros = -years, -months, -days, -micros
		borrowed = x
	}
	for micros < 0 {
		micros += datetime.Day
		days--
	}
	for days < 0 {
		days += datetime.DaysInMonth(borrowed.Year, borrowed.Month)
		months--
	}
	for months < 0 {
		months += 12
		years--
	}
	v := types.Interval{Months: int32(years*12 + months), Days: int32(days), Micros: micros}
	if less {
		v = types.Interval{Months: -v.Months, Days: -v.Days, Micros: -v.Micros}
	}
	return v
}

func timestampAge(a, b int64) (types.Interval, error) {
	if a == types.TimestampNegInfinity || b == types.TimestampNegInfinity { // PostgreSQL 15 takes infinity for a moment
		return types.Interval{}, timestampOutOfRange()
	}
	return age(a, b, a < b), nil
}

func timestamptzAge(c *Call, a, b int64) (types.Interval, error) {
	if a == types.TimestampNegInfinity || b == types.TimestampNegInfinity { // PostgreSQL 15 takes infinity for a moment
		return types.Interval{}, timestampOutOfRange()
	}
	zone := zoneOf(c.Env.Loc())
	local := func(ts int64) int64 { return ts + int64(zone.OffsetAt(ts))*datetime.Second }
	return age(local(a), local(b), a < b), nil
}

// today is midnight of the current date, local.
func today(c *Call) int64 {
	return int64(types.DateFromTime(c.Env.Now.In(c.Env.Loc()))) * types.MicrosPerDay
}

// atZone is timezone(zone, timestamp): a local time read as that of the zone.
func atZone(zone offsets, ts int64) (int64, error) {
	return checkTimestamp(ts-int64(zone.LocalOffset(ts))*datetime.Second, true)
}

// toZone is timezone(zone, timestamptz): the local time in the zone.
func toZone(zone offsets, ts int64) (int64, error) {
	return checkTimestamp(ts+int64(zone.OffsetAt(ts))*datetime.Second, true)
}

// fixedZone is a zone of one offset.
type fixedZone int

func (z fixedZone) OffsetAt(int64) int    { return int(z) }
func (z fixedZone) LocalOffset(int64) int { return int(z) }

func intervalZone(c *Call, v types.Interval) (offsets, error) {
	if v.Months != 0 || v.Days != 0 {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "interval time zone \"%s\" must not include months or days",
			types.IntervalType.Out(c.Env, nil, v))
	}
	return fixedZone(v.Micros / datetime.Second), nil
}

func namedZone(_ *Call, name string) (offsets, error) {
	z, err := types.LookupZone(name)
	if err != nil {
		return nil, err
	}
	return z, nil
}

// zoneKernel lifts timezone(zone, timestamp); the infinities need no zone.
func zoneKernel[Z any](find func(*Call, Z) (offsets, error), f func(zone offsets, ts int64) (int64, error)) Kernel {
	return Lift2(func(c *Call, z Z, ts int64) (int64, error) {
		if types.IsInfiniteTimestamp(ts) {
			return ts, nil
		}
		zone, err := find(c, z)
		if err != nil {
			return 0, err
		}
		return f(zone, ts)
	})
}

// timetzIn moves a time with zone to another zone, as of now.
func timetzIn(now func() int64) func(zone offsets, t types.TimeTZ) (types.TimeTZ, error) {
	return func(zone offsets, t types.TimeTZ) (types.TimeTZ, error) {
		offset := int32(zone.OffsetAt(now()))
		micros := t.Micros + int64(offset-t.Offset)*datetime.Second
		return types.TimeTZ{Micros: floorMod(micros, types.MicrosPerDay), Offset: offset}, nil
	}
}

// overlaps is OVERLAPS over any ordered type; a NULL bound leaves it open
// (overlaps_timestamp of timestamp.c).
func overlaps(compare func(a, b any) int, s1, e1, s2, e2 any) any {
	if s1, e1 = orderBounds(compare, s1, e1); s1 == nil {
		return nil
	}
	if s2, e2 = orderBounds(compare, s2, e2); s2 == nil {
		return nil
	}
	switch c := compare(s1, s2); {
	case c > 0:
		return overlapsAfter(compare, s1, e1, e2)
	case c < 0:
		return overlapsAfter(compare, s2, e2, e1)
	}
	if e1 == nil || e2 == nil {
		return nil
	}
	return true
}

// orderBounds puts the lesser bound first, or the one that is not NULL.
func orderBounds(compare func(a, b any) int, s, e any) (any, any) {
	if s == nil || e != nil && compare(s, e) > 0 {
		return e, s
	}
	return s, e
}

// overlapsAfter decides where the later period starts at s and ends at e, and
// the earlier one ends at end.
func overlapsAfter(compare func(a, b any) int, s, e, end any) any {
	switch {
	case end == nil:
		return nil
	case compare(s, end) < 0:
		return true
	case e == nil:
		return nil
	}
	return false
}

// overlapsKernel lifts OVERLAPS; where a second bound is an interval, plus adds
// it to the first.
func overlapsKernel(plus func(c *Call, t any, v types.Interval) (any, error)) Kernel {
	return Boxed(false, func(c *Call, args []any) (any, error) {
		bounds := [4]any(args)
		for _, i := range []int{1, 3} {
			v, ok := bounds[i].(types.Interval)
			if !ok {
				continue
			}
			if bounds[i-1] == nil {
				bounds[i] = nil
				continue
			}
			var err error
			if bounds[i], err = plus(c, bounds[i-1], v); err != nil {
				return nil, err
			}
		}
		return overlaps(c.Args[0].Compare, bounds[0], bounds[1], bounds[2], bounds[3]), nil
	})
}

// Now, statement and clock functions: the transaction's start, the statement's,
// and the time of the call.
func clockTime(c *Call) time.Time { return c.Env.ClockTime() }

func moment(f func(c *Call) time.Time) Kernel {
	return Lift0(func(c *Call) (int64, error) { return types.TimestampFromTime(f(c)), nil })
}

func init() {
	now := moment(func(c *Call) time.Time { return c.Env.Now })
	ks := kernels{
		"make_date":                    E3(makeDate),
		"make_time":                    E3(makeTime),
		"make_timestamp":               Strict(func(_ *Call, args []any) (any, error) { return makeTimestamp(args) }),
		"make_timestamptz":             Strict(makeTimestamptz),
		"make_timestamptz_at_timezone": Strict(makeTimestamptz),
		"make_interval":                Strict(makeInterval),
		"float8_timestamptz":           E1(epochToTimestamptz),

		"timestamp_age":   E2(timestampAge),
		"timestamptz_age": Lift2(timestamptzAge),
		"age(timestamp)":  Lift1(func(c *Call, ts int64) (types.Interval, error) { return timestampAge(today(c), ts) }),
		"age(timestamptz)": Lift1(func(c *Call, ts int64) (types.Interval, error) {
			midnight, err := types.TimestampToTimestamptz(today(c), c.Env.Loc())
			if err != nil {
				return types.Interval{}, err
			}
			return timestamptzAge(c, midnight, ts)
		}),

		"timestamp_zone":    zoneKernel(namedZone, atZone),
		"timestamp_izone":   zoneKernel(intervalZone, atZone),
		"timestamptz_zone":  zoneKernel(namedZone, toZone),
		"timestamptz_izone": zoneKernel(intervalZone, toZone),
		"timetz_zone": Lift2(func(c *Call, name string, t types.TimeTZ) (types.TimeTZ, error) {
			return moveTimetz(c, t, name, namedZone)
		}),
		"timetz_izone": Lift2(func(c *Call, v types.Interval, t types.TimeTZ) (types.TimeTZ, error) {
			return moveTimetz(c, t, v, intervalZone)
		}),

		"now":                 now,
		"statement_timestamp": moment(func(c *Call) time.Time { return c.Env.StatementTime }),
		"clock_timestamp":     moment(clockTime),
		"timeofday": Lift0(func(c *Call) (string, error) {
			return clockTime(c).In(c.Env.Loc()).Format("Mon Jan 02 15:04:05.000000 2006 MST"), nil
		}),
	}
	plusTimestamptz := func(c *Call, t any, v types.Interval) (any, error) {
		return types.TimestamptzAddInterval(t.(int64), v, c.Env.Loc())
	}
	plusTimestamp := func(_ *Call, t any, v types.Interval) (any, error) { return types.TimestampAddInterval(t.(int64), v) }
	plusTime := func(_ *Call, t any, v types.Interval) (any, error) { return timePlus(t.(int64), v), nil }
	ks["overlaps_timestamp"] = overlapsKernel(plusTimestamp)
	ks["overlaps_time"] = overlapsKernel(plusTime)
	ks["overlaps_timetz"] = overlapsKernel(nil)
	for name, plus := range map[string]func(*Call, any, types.Interval) (any, error){
		"timestamptz": plusTimestamptz, "timestamp": plusTimestamp, "time": plusTime,
	} {
		for _, pattern := range []string{"overlaps(%[1]s,interval,%[1]s,interval)", "overlaps(%[1]s,%[1]s,%[1]s,interval)", "overlaps(%[1]s,interval,%[1]s,%[1]s)"} {
			ks[fmt.Sprintf(pattern, name)] = overlapsKernel(plus)
		}
	}
	ks.bind()
}

func moveTimetz[Z any](c *Call, t types.TimeTZ, z Z, find func(*Call, Z) (offsets, error)) (types.TimeTZ, error) {
	zone, err := find(c, z)
	if err != nil {
		return t, err
	}
	return timetzIn(func() int64 { return types.TimestampFromTime(c.Env.Now) })(zone, t)
}
