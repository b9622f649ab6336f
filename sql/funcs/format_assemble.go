package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// scanDate reads a text and puts its fields together (do_to_timestamp).
func scanDate(c *Call, s, template string) (datetime.Civil, *dateScan, error) {
	sc := &dateScan{nodes: dateTemplate(c, template).nodes, in: s}
	if err := sc.scan(); err != nil {
		return datetime.Civil{}, nil, err
	}
	out, err := sc.assemble()
	return out, sc, err
}

// assemble puts the fields together.
func (s *dateScan) assemble() (datetime.Civil, error) {
	out := datetime.Civil{Month: 1, Day: 1}
	if err := s.setClock(&out); err != nil {
		return out, err
	}
	hasYear := s.setYear(&out)
	fullDate := s.setWeek(&out)
	if s.w != 0 {
		s.dd = (s.w-1)*7 + 1
	}
	if s.dd != 0 {
		out.Day = s.dd
	}
	if s.mm != 0 {
		out.Month = s.mm
	}
	if err := s.setYearDay(&out); err != nil {
		return out, err
	}
	out.Micros = s.ms*1000 + s.us
	return out, s.check(out, hasYear || fullDate)
}

func (s *dateScan) setClock(c *datetime.Civil) error {
	c.Hour, c.Min, c.Second = s.ssss/3600, s.ssss%3600/60, s.ssss%60
	if s.ss != 0 {
		c.Second = s.ss
	}
	if s.mi != 0 {
		c.Min = s.mi
	}
	if s.hh != 0 {
		c.Hour = s.hh
	}
	if !s.clock12 {
		return nil
	}
	if c.Hour < 1 || c.Hour > 12 {
		return invalidDateText("hour \"%d\" is invalid for the 12-hour clock", c.Hour).
			WithHint("Use the 24-hour clock, or give an hour between 1 and 12.")
	}
	if s.pm != 0 && c.Hour < 12 {
		c.Hour += 12
	} else if s.pm == 0 && c.Hour == 12 {
		c.Hour = 0
	}
	return nil
}

// setYear joins year, century and era. The 21st century is 2001 to 2100, the
// 6th BC 600 to 501 BC.
func (s *dateScan) setYear(c *datetime.Civil) bool {
	if s.bc != 0 {
		s.cc = -s.cc
	}
	switch {
	case s.year != 0 && s.cc != 0 && s.yearSize <= 2:
		c.Year = s.year % 100
		switch {
		case c.Year == 0 && s.cc >= 0:
			c.Year = s.cc * 100
		case c.Year == 0:
			c.Year = s.cc*100 + 1
		case s.cc >= 0:
			c.Year += (s.cc - 1) * 100
		default:
			c.Year = (s.cc+1)*100 - c.Year + 1
		}
	case s.year != 0:
		if c.Year = s.year; s.bc != 0 {
			c.Year = -c.Year
		}
		if c.Year < 0 {
			c.Year++
		}
	case s.cc > 0:
		c.Year = (s.cc-1)*100 + 1
	case s.cc < 0:
		c.Year = s.cc*100 + 1
	default:
		return false
	}
	return true
}

// setWeek places Julian days and ISO weeks, which give a whole date.
func (s *dateScan) setWeek(c *datetime.Civil) bool {
	full := s.j != 0
	if full {
		c.Year, c.Month, c.Day = datetime.DateOf(s.j - datetime.JulianOffset)
	}
	switch {
	case s.ww == 0:
	case s.mode != isoWeek:
		s.ddd = (s.ww-1)*7 + 1
	default:
		day := 0
		if s.d != 0 {
			day = (s.d + 5) % 7 // Monday is 0
		}
		c.Year, c.Month, c.Day = datetime.DateOf(isoYearStart(c.Year) + (s.ww-1)*7 + day)
		full = true
	}
	return full
}

// isoYearStart is the Monday of ISO week 1.
func isoYearStart(year int) int {
	january4 := datetime.DaysOf(year, 1, 4)
	return january4 - (datetime.Weekday(january4)+6)%7
}

// setYearDay takes month and day from the day of the year where they are not
// given.
func (s *dateScan) setYearDay(c *datetime.Civil) error {
	if s.ddd == 0 || c.Month > 1 && c.Day > 1 {
		return nil
	}
	if c.Year == 0 && s.bc == 0 {
		return invalidDateText("cannot calculate day of year without year information")
	}
	if s.mode == isoWeek {
		c.Year, c.Month, c.Day = datetime.DateOf(isoYearStart(c.Year) + s.ddd - 1)
		return nil
	}
	month, left := 1, s.ddd
	for month <= 12 && left > datetime.DaysInMonth(c.Year, month) {
		left -= datetime.DaysInMonth(c.Year, month)
		month++
	}
	if c.Month <= 1 {
		c.Month = month
	}
	if c.Day <= 1 {
		c.Day = left
	}
	return nil
}

func (s *dateScan) check(c datetime.Civil, hasYear bool) error {
	monthOK := c.Month >= 1 && c.Month <= 12
	dayOK := c.Day >= 1 && c.Day <= 31
	if monthOK && hasYear {
		dayOK = c.Day >= 1 && c.Day <= datetime.DaysInMonth(c.Year, c.Month)
	}
	timeOK := c.Hour >= 0 && c.Hour < 24 && c.Min >= 0 && c.Min < 60 && c.Second >= 0 && c.Second < 60 &&
		c.Micros >= 0 && c.Micros < int(datetime.Second)
	if !monthOK || !dayOK || !timeOK {
		return pgerr.New(pgerr.DatetimeFieldOverflow, "date/time field value out of range: \"%s\"", s.in)
	}
	if s.tzSign != 0 && (s.tzh < 0 || s.tzh > 15 || s.tzm < 0 || s.tzm >= 60) {
		return pgerr.New(pgerr.InvalidTimeZoneDisplacementValue, "time zone displacement out of range: \"%s\"", s.in)
	}
	return nil
}

func toTimestamp(c *Call, s, template string) (int64, bool, error) {
	civil, sc, err := scanDate(c, s, template)
	if err != nil {
		return 0, false, err
	}
	ts, ok := civil.TimestampMicros()
	if !ok {
		return 0, false, timestampOutOfRange()
	}
	offset := int64(datetime.LocalOffset(ts, c.Env.Loc()))
	if sc.tzSign != 0 {
		offset = int64(sc.tzSign * (sc.tzh*3600 + sc.tzm*60))
	}
	if ts, err = checkTimestamp(ts-offset*datetime.Second, true); err != nil || sc.precision == 0 {
		return ts, err == nil, err
	}
	ts, err = types.RoundTimestamp(ts, int32(sc.precision))
	return ts, err == nil, err
}

func toDate(c *Call, s, template string) (int32, bool, error) {
	civil, _, err := scanDate(c, s, template)
	if err != nil {
		return 0, false, err
	}
	days := civil.Days()
	if civil.Year < -4713 || !datetime.ValidDays(days) {
		return 0, false, pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range: \"%s\"", s)
	}
	return int32(days), true, nil
}

func init() {
	kernels{
		"to_timestamp": Maybe2(toTimestamp),
		"to_date":      Maybe2(toDate),
	}.bind()
}
