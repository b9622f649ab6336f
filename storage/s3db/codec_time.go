package s3db

import (
	"math"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// PostgreSQL counts from 2000-01-01, JavaScript from 1970-01-01.
const (
	epochDays  = 10957
	epochMilli = epochDays * dayMilli
	dayMilli   = 86_400_000
	dayMicro   = 1000 * dayMilli
)

// maxJSDate is the largest JavaScript date, in milliseconds.
const maxJSDate = 8.64e15

func decodeDatetime(s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	if ms, ok := parse62Int(s); ok {
		if math.Abs(ms) > maxJSDate {
			return nil, errForm
		}
		return (int64(ms) - epochMilli) * 1000, nil
	}
	return decodeDate(s) // ISO text: written before the attribute was a datetime
}

func encodeDatetime(v any) (string, error) {
	us := v.(int64)
	if err := checkMilli(us); err != nil {
		return "", err
	}
	return base62Int(us/1000 + epochMilli), nil
}

// checkMilli refuses what a JavaScript date can't hold: infinity, microseconds.
func checkMilli(us int64) error {
	if us%1000 == 0 && math.Abs(float64(us/1000+epochMilli)) <= maxJSDate {
		return nil
	}
	return pgerr.New(pgerr.DatetimeFieldOverflow, "timestamp out of range for an s3db.js date").
		WithDetail("s3db.js dates have milliseconds.").
		WithHint("Use date_trunc('milliseconds', …), or a column declared as timestamptz without an s3db.js rule.")
}

// decodeDate reads ISO text, with or without the JSON quotes of 6.2. The text
// null is 6.2's null.
func decodeDate(s string) (any, error) {
	s = strings.Trim(s, `"`)
	if s == "null" || s == "undefined" || s == "" {
		return nil, nil
	}
	us, ok := parseISO(s)
	if !ok {
		return nil, errForm
	}
	return us, nil
}

func (k *coder) encodeDate(v any) (string, error) {
	if err := checkMilli(v.(int64)); err != nil {
		return "", err
	}
	s := formatISO(v.(int64))
	if k.seed {
		return `"` + s + `"`, nil
	}
	return s, nil
}

var isoLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04Z07:00", "2006-01-02"}

// parseISO reads JavaScript's ISO texts as microseconds since 2000 (UTC).
func parseISO(s string) (int64, bool) {
	for _, l := range isoLayouts {
		if t, err := time.Parse(l, s); err == nil {
			return t.UnixMicro() - epochMilli*1000, true
		}
	}
	return 0, false
}

func isoOf(us int64) time.Time { return time.UnixMicro(us + epochMilli*1000).UTC() }

// formatISO is toISOString: always milliseconds.
func formatISO(us int64) string { return isoTime(isoOf(us)) }

func decodeDateonly(s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	days, ok := parse62Int(s)
	if !ok {
		us, iso := parseISO(s)
		if !iso {
			return nil, errForm
		}
		days = math.Floor(float64(us)/dayMicro) + epochDays
	}
	if math.Abs(days) > maxJSDate/dayMilli {
		return nil, errForm
	}
	return int32(days - epochDays), nil
}

func encodeDateonly(v any) (string, error) {
	d := int64(v.(int32)) + epochDays
	if math.Abs(float64(d)) > maxJSDate/dayMilli {
		return "", checkMilli(math.MaxInt64)
	}
	return base62Int(d), nil
}

func decodeTimeonly(s string) (any, error) {
	if s == "" {
		return nil, nil
	}
	ms, ok := parse62(s)
	if !ok || ms > dayMilli {
		return nil, errForm
	}
	return int64(ms) * 1000, nil
}

func encodeTimeonly(v any) (string, error) {
	us := v.(int64)
	if us%1000 != 0 || us >= dayMicro {
		return "", checkMilli(1)
	}
	return base62Int(us / 1000), nil
}

// decodeDuration reads milliseconds; whole days are kept apart, as the library
// prints them (P1DT2H).
func decodeDuration(s string) (any, error) {
	ms, ok := parse62(s)
	if !ok || ms > maxJSDate {
		return nil, errForm
	}
	n := int64(ms)
	return types.Interval{Days: int32(n / dayMilli), Micros: n % dayMilli * 1000}, nil
}

func (k *coder) encodeDuration(v any) (string, error) {
	i := v.(types.Interval)
	us := int64(i.Days)*dayMicro + i.Micros
	if i.Months != 0 || us < 0 || us%1000 != 0 {
		return "", cantHold(k.a, "s3db.js durations are milliseconds: no months, nothing negative.")
	}
	return base62Int(us / 1000), nil
}
