package funcs

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/jsonpath"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// The standard's mode of reading dates by templates, which jsonpath's
// .datetime() uses (parse_datetime of formatting.c): nothing is skipped, and the
// template decides the type.

// datetimeParts are what a template asks for.
type datetimeParts struct{ dated, timed, zoned bool }

// partsOf is DCH_datetime_type.
func partsOf(nodes []templateNode) datetimeParts {
	var p datetimeParts
	for _, n := range nodes {
		switch name := upperASCII(n.pattern); {
		case name == "", name == "FX":
		case strings.HasPrefix(name, "TZ"), name == "OF":
			p.zoned = true
		case timePatterns[name]:
			p.timed = true
		default:
			p.dated = true
		}
	}
	return p
}

// timePatterns are the patterns that read a time of day.
var timePatterns = map[string]bool{
	"A.M.": true, "P.M.": true, "AM": true, "PM": true, "HH": true, "HH12": true, "HH24": true, "MI": true,
	"SS": true, "SSSS": true, "SSSSS": true, "MS": true, "US": true,
	"FF1": true, "FF2": true, "FF3": true, "FF4": true, "FF5": true, "FF6": true,
}

const standardSeparators = "-./,':; "

// standardTemplate parses a template; only some separators are allowed.
func standardTemplate(template string) ([]templateNode, error) {
	nodes := parseTemplate(template, true)
	for _, n := range nodes {
		if n.pattern == "" && !n.quoted && !strings.Contains(standardSeparators, n.text) {
			return nil, invalidDateText("invalid datetime format separator: \"%s\"", n.text)
		}
	}
	return nodes, nil
}

func (s *dateScan) tooShort() error {
	if !s.standard {
		return nil
	}
	return invalidDateText("input string is too short for datetime format")
}

// checkText checks that the text goes on with what the template has there.
func (s *dateScan) checkText(n *templateNode) error {
	switch {
	case !s.standard || strings.HasPrefix(s.rest(), n.text):
		return nil
	case n.quoted:
		return invalidDateText("unmatched format character \"%s\"", n.text)
	}
	return invalidDateText("unmatched format separator \"%s\"", n.text)
}

func (s *dateScan) checkRest() error {
	if !s.standard {
		return nil
	}
	s.skipSpaces()
	if s.at < len(s.in) {
		return invalidDateText("trailing characters remain in input string after datetime format")
	}
	return nil
}

// parseDatetime reads a text by the template's nodes.
func parseDatetime(text string, nodes []templateNode) (jsonpath.Datetime, error) {
	sc := &dateScan{nodes: nodes, in: text, standard: true, fixed: true}
	var none jsonpath.Datetime
	if err := sc.scan(); err != nil {
		return none, err
	}
	civil, err := sc.assemble()
	if err != nil {
		return none, err
	}
	switch p := partsOf(nodes); {
	case p.dated && p.timed:
		return sc.timestamp(civil, p.zoned)
	case p.dated && p.zoned:
		return none, invalidDateText("datetime format is zoned but not timed")
	case p.dated:
		return sc.date(civil)
	case p.timed:
		return sc.time(civil, p.zoned)
	}
	return none, invalidDateText("datetime format is not dated and not timed")
}

// offset is the time zone read, in seconds east of UTC.
func (s *dateScan) offset(typeName string) (int, error) {
	if s.tzSign == 0 {
		return 0, invalidDateText("missing time zone in input string for type %s", typeName)
	}
	return s.tzSign * (s.tzh*3600 + s.tzm*60), nil
}

func (s *dateScan) date(civil datetime.Civil) (jsonpath.Datetime, error) {
	days := civil.Days()
	if civil.Year < -4713 || !datetime.ValidDays(days) {
		return jsonpath.Datetime{}, pgerr.New(pgerr.DatetimeFieldOverflow, "date out of range: \"%s\"", s.in)
	}
	return jsonpath.Datetime{Type: types.ByOID(types.DateOID), Value: int32(days)}, nil
}

func (s *dateScan) timestamp(civil datetime.Civil, zoned bool) (out jsonpath.Datetime, err error) {
	out.Type = types.ByOID(types.TimestampOID)
	if zoned {
		out.Type = types.ByOID(types.TimestamptzOID)
		if out.Offset, err = s.offset("timestamptz"); err != nil {
			return out, err
		}
	}
	ts, ok := civil.TimestampMicros()
	ts -= int64(out.Offset) * datetime.Second
	if !ok || !datetime.ValidMicros(ts) {
		return out, pgerr.New(pgerr.DatetimeFieldOverflow, "%s out of range", out.Type.Name)
	}
	if s.precision > 0 {
		ts, err = types.RoundTimestamp(ts, int32(s.precision))
	}
	out.Value = ts
	return out, err
}

func (s *dateScan) time(civil datetime.Civil, zoned bool) (out jsonpath.Datetime, err error) {
	t := ((int64(civil.Hour)*60+int64(civil.Min))*60+int64(civil.Second))*datetime.Second + int64(civil.Micros)
	if s.precision > 0 {
		t = scaleTime(t, int32(s.precision))
	}
	if !zoned {
		return jsonpath.Datetime{Type: types.ByOID(types.TimeOID), Value: t}, nil
	}
	offset, err := s.offset("timetz")
	return jsonpath.Datetime{Type: types.ByOID(types.TimetzOID), Value: types.TimeTZ{Micros: t, Offset: int32(offset)}}, err
}
