package datetime

import "github.com/s3db-sql/s3db-sql/pgerr"

// fault is why an input is not a date, time or interval (DTERR_* of
// datetime.h); faults become errors where the input's text and type are known.
type fault uint8

const (
	fine fault = iota
	badFormat
	fieldOverflow
	monthDayOverflow // fieldOverflow that another DateStyle might cure
	intervalOverflow
	zoneOverflow
	badZone // a zone's name that is not known; the decoder keeps it
)

func (f fault) err(typeName, input string) error {
	switch f {
	case fieldOverflow:
		return outOfRange("date/time field value", input)
	case monthDayOverflow:
		return outOfRange("date/time field value", input).
			WithHint("Perhaps you need a different \"datestyle\" setting.")
	case intervalOverflow:
		return pgerr.New(pgerr.IntervalFieldOverflow, "interval field value out of range: \"%s\"", input)
	case zoneOverflow:
		return pgerr.New(pgerr.InvalidTimeZoneDisplacementValue, "time zone displacement out of range: \"%s\"", input)
	}
	return pgerr.New(pgerr.InvalidDatetimeFormat, "invalid input syntax for type %s: \"%s\"", typeName, input)
}

func outOfRange(what, input string) *pgerr.Error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "%s out of range: \"%s\"", what, input)
}

// UnknownZone is 22023 for a zone that is not known.
func UnknownZone(name string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "time zone \"%s\" not recognized", name)
}

// IntervalOverflow is 22008 for a result that interval cannot hold.
func IntervalOverflow() *pgerr.Error {
	return pgerr.New(pgerr.DatetimeFieldOverflow, "interval out of range")
}
