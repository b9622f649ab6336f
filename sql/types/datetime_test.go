package types

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/types/datetime"
)

// textOf renders a value of a type as a session in UTC sees it.
func textOf[T any](typ *Type, v T) string { return string(ImplOf[T](typ).Out(DefaultEnv(), nil, v)) }

// parseArg reads an argument of a golden line.
func parseArg[T any](t *testing.T, typ *Type, s string) T {
	v, err := ImplOf[T](typ).In(DefaultEnv(), s, -1)
	require.NoError(t, err, s)
	return v
}

func newYork(t *testing.T) *time.Location {
	loc, err := LoadZone("America/New_York")
	require.NoError(t, err)
	return loc
}

// datetimeOps are the operations that datetime_ops.txt names.
var datetimeOps = map[string]struct {
	sql  string
	call func(t *testing.T, a, b string) (string, error)
}{
	"timestamp + interval": {"timestamp %s + interval %s", func(t *testing.T, a, b string) (string, error) {
		v, err := TimestampAddInterval(parseArg[int64](t, TimestampType, a), parseArg[Interval](t, IntervalType, b))
		return textOf(TimestampType, v), err
	}},
	"timestamptz + interval": {"timestamptz %s + interval %s", func(t *testing.T, a, b string) (string, error) {
		v, err := TimestamptzAddInterval(parseArg[int64](t, TimestamptzType, a), parseArg[Interval](t, IntervalType, b), newYork(t))
		env := DefaultEnv()
		env.Location = newYork(t)
		return string(TimestamptzType.Out(env, nil, v)), err
	}},
	"timestamp at zone": {"timestamp %s AT TIME ZONE %s", func(t *testing.T, a, b string) (string, error) {
		z, err := LookupZone(b)
		if err != nil {
			return "", err
		}
		v, err := TimestampAtZone(parseArg[int64](t, TimestampType, a), z)
		return textOf(TimestamptzType, v), err
	}},
	"timestamptz at zone": {"timestamptz %s AT TIME ZONE %s", func(t *testing.T, a, b string) (string, error) {
		z, err := LookupZone(b)
		if err != nil {
			return "", err
		}
		v, err := TimestamptzAtZone(parseArg[int64](t, TimestamptzType, a), z)
		return textOf(TimestampType, v), err
	}},
	"date to timestamp": {"(date %s)::timestamp", func(t *testing.T, a, _ string) (string, error) {
		v, err := DateToTimestamp(parseArg[int32](t, DateType, a))
		return textOf(TimestampType, v), err
	}},
	"timestamp to date": {"(timestamp %s)::date", func(t *testing.T, a, _ string) (string, error) {
		return textOf(DateType, TimestampToDate(parseArg[int64](t, TimestampType, a))), nil
	}},
	"interval + interval": {"interval %s + interval %s", func(t *testing.T, a, b string) (string, error) {
		v, err := parseArg[Interval](t, IntervalType, a).Add(parseArg[Interval](t, IntervalType, b))
		return textOf(IntervalType, v), err
	}},
	"interval - interval": {"interval %s - interval %s", func(t *testing.T, a, b string) (string, error) {
		v, err := parseArg[Interval](t, IntervalType, a).Sub(parseArg[Interval](t, IntervalType, b))
		return textOf(IntervalType, v), err
	}},
	"interval * float8": {"interval %s * float8 %s", func(t *testing.T, a, b string) (string, error) {
		v, err := parseArg[Interval](t, IntervalType, a).Mul(parseArg[float64](t, Float8Type, b))
		return textOf(IntervalType, v), err
	}},
	"interval / float8": {"interval %s / float8 %s", func(t *testing.T, a, b string) (string, error) {
		v, err := parseArg[Interval](t, IntervalType, a).Div(parseArg[float64](t, Float8Type, b))
		return textOf(IntervalType, v), err
	}},
	"justify_hours":    {"justify_hours(interval %s)", justify(Interval.JustifyHours)},
	"justify_days":     {"justify_days(interval %s)", justify(Interval.JustifyDays)},
	"justify_interval": {"justify_interval(interval %s)", justify(Interval.Justify)},
}

func justify(f func(Interval) (Interval, error)) func(t *testing.T, a, b string) (string, error) {
	return func(t *testing.T, a, _ string) (string, error) {
		v, err := f(parseArg[Interval](t, IntervalType, a))
		return textOf(IntervalType, v), err
	}
}

// TestDatetimeOps compares the calendar's arithmetic with PostgreSQL's.
func TestDatetimeOps(t *testing.T) {
	ask := func(conn *pgx.Conn, in []string) string {
		zone := "UTC"
		if in[0] == "timestamptz + interval" {
			zone = "America/New_York"
		}
		sql := datetimeOps[in[0]].sql
		args := []any{quoteSQL(in[1]), quoteSQL(in[2])}
		expr := fmt.Sprintf(sql, args[:strings.Count(sql, "%s")]...)
		return oracleText(t, conn, fmt.Sprintf("SET timezone TO '%s'; SELECT %s", zone, expr))
	}
	golden(t, "datetime_ops.txt", 3, ask, func(t *testing.T, in []string, want string) {
		op, ok := datetimeOps[in[0]]
		require.True(t, ok, "operation %s", in[0])
		got, err := op.call(t, in[1], in[2])
		assert.Equal(t, want, ours(got, err))
	})
}

func TestSpecialTimes(t *testing.T) {
	loc, err := LoadZone("asia/tokyo")
	require.NoError(t, err)
	env := DefaultEnv()
	env.Location = loc
	env.Now = time.Date(2024, 2, 28, 18, 30, 15, 123456789, time.UTC) // the 29th, 03:30 in Tokyo
	for _, c := range []struct{ typ, in, want string }{
		{"date", "now", "2024-02-29"}, {"date", "today", "2024-02-29"},
		{"date", "tomorrow", "2024-03-01"}, {"date", "yesterday", "2024-02-28"},
		{"timestamp", "now", "2024-02-29 03:30:15.123456"}, {"timestamp", "today", "2024-02-29 00:00:00"},
		{"timestamp", "tomorrow 12:30", "2024-03-01 12:30:00"}, {"timestamp", "yesterday allballs", "2024-02-28 00:00:00"},
		{"timestamptz", "now", "2024-02-29 03:30:15.123456+09"}, {"timestamptz", "today", "2024-02-29 00:00:00+09"},
		{"timestamptz", "tomorrow 12:30 UTC", "2024-03-01 21:30:00+09"}, {"timestamptz", "NOW", "2024-02-29 03:30:15.123456+09"},
		{"time", "now", "03:30:15.123456"}, {"timetz", "now", "03:30:15.123456+09"}, {"timetz", "allballs", "00:00:00+00"},
	} {
		typ := builtin.ByName("pg_catalog", c.typ)
		v, err := typ.In(env, c.in, -1)
		require.NoError(t, err, "%s %s", c.typ, c.in)
		assert.Equal(t, c.want, string(typ.Out(env, nil, v)), "%s %s", c.typ, c.in)
	}
}

func TestTimeConversions(t *testing.T) {
	at := time.Date(2024, 2, 29, 12, 34, 56, 789012999, newYork(t))
	ts := TimestampFromTime(at)
	assert.Equal(t, "2024-02-29 17:34:56.789012+00", textOf(TimestamptzType, ts))
	assert.True(t, at.Truncate(time.Microsecond).Equal(TimeOfTimestamp(ts)))
	assert.Equal(t, "2024-02-29 12:34:56.789012", textOf(TimestampType, LocalTimestamp(at)))
	assert.Equal(t, "2024-02-29", textOf(DateType, DateFromTime(at)))
	year, month, day := YMDOfDate(DateFromYMD(-43, 3, 15))
	assert.Equal(t, []int{-43, 3, 15}, []int{year, month, day})
	assert.Equal(t, "1970-01-01 00:00:00", textOf(TimestampType, UnixEpochTimestamp))
}

// TestCalendar walks every day of two cycles of the calendar, and the ends of
// its range.
func TestCalendar(t *testing.T) {
	at := time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC)
	for d := datetime.DaysOf(1601, 1, 1); d < datetime.DaysOf(2401, 1, 1); d++ {
		year, month, day := datetime.DateOf(d)
		if year != at.Year() || month != int(at.Month()) || day != at.Day() || datetime.Weekday(d) != int(at.Weekday()) {
			t.Fatalf("day %d is %d-%d-%d, want %s", d, year, month, day, at)
		}
		if datetime.DaysOf(year, month, day) != d {
			t.Fatalf("%d-%d-%d is not day %d", year, month, day, d)
		}
		at = at.AddDate(0, 0, 1)
	}
	assert.Equal(t, datetime.MinDays, datetime.DaysOf(-4713, 11, 24))
	assert.Equal(t, datetime.MaxDays, datetime.DaysOf(5874897, 12, 31))
}

func TestZoneNames(t *testing.T) {
	names := datetime.ZoneNames()
	require.Greater(t, len(names), 500)
	for _, n := range names {
		assert.NotNil(t, datetime.LoadZone(strings.ToUpper(n)), n)
	}
	for _, a := range datetime.Abbrevs() {
		if a.Zone != "" {
			assert.NotNil(t, datetime.LoadZone(a.Zone), a.Zone)
		}
	}
	_, err := LoadZone("Mars/Olympus")
	assert.Equal(t, "!22023 | time zone \"Mars/Olympus\" not recognized", ours("", err))
}
