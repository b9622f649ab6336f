package datetime

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// TimestampOverflow is 22008 for a result that timestamp cannot hold.
func TimestampOverflow() *pgerr.Error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "timestamp out of range")
}

// AddMonths moves a local timestamp by months; a day beyond the month's end
// becomes its last. 22008.
func AddMonths(local int64, months int) (int64, error) {
	if months == 0 {
		return local, nil
	}
	c := CivilOf(local)
	m := c.Year*12 + c.Month - 1 + months
	c.Year, c.Month = floorDiv(m, 12), floorMod(m, 12)+1
	c.Day = min(c.Day, DaysInMonth(c.Year, c.Month))
	return checked(c.TimestampMicros())
}

// AddDays moves a timestamp by days. 22008.
func AddDays(local int64, days int) (int64, error) {
	return AddMicros(local, int64(days), Day)
}

// AddMicros moves a timestamp by v units of so many microseconds. 22008.
func AddMicros(ts, v, unit int64) (int64, error) {
	return checked(ts, addScaled(&ts, v, unit) && ValidMicros(ts))
}

func checked(ts int64, ok bool) (int64, error) {
	if !ok {
		return 0, TimestampOverflow()
	}
	return ts, nil
}

// AddSpan adds an interval to a timestamp: months, then days, then time. 22008.
func AddSpan(ts int64, s Span) (int64, error) {
	ts, err := AddMonths(ts, int(s.Months))
	if err == nil && s.Days != 0 {
		ts, err = AddDays(ts, int(s.Days))
	}
	if err != nil {
		return 0, err
	}
	return AddMicros(ts, s.Micros, 1)
}

// AddSpanZoned adds an interval to a timestamp with time zone: months and days
// in the local time of the zone, the time absolutely. 22008.
func AddSpanZoned(ts int64, s Span, z *Zone) (int64, error) {
	if s.Months != 0 || s.Days != 0 {
		local, err := AddSpan(ts+int64(z.OffsetAt(ts))*Second, Span{Months: s.Months, Days: s.Days})
		if err != nil {
			return 0, err
		}
		ts = local - int64(z.LocalOffset(local))*Second
	}
	return AddMicros(ts, s.Micros, 1)
}

// Neg is -s; ok is false on overflow.
func (s Span) Neg() (n Span, ok bool) {
	ok = s.Months != math.MinInt32 && s.Days != math.MinInt32 && s.Micros != math.MinInt64
	return Span{-s.Months, -s.Days, -s.Micros}, ok
}
