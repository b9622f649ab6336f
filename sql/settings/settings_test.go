package settings_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/settings"
)

// TestCanonical: what PostgreSQL 15 answers to SET and then SHOW.
func TestCanonical(t *testing.T) {
	for _, c := range []struct{ name, value, shown string }{
		{"work_mem", "64MB", "64MB"}, {"work_mem", "100kB", "100kB"}, {"work_mem", "2048", "2MB"},
		{"statement_timeout", "1500", "1500ms"}, {"statement_timeout", "90s", "90s"}, {"statement_timeout", "2min", "2min"},
		{"datestyle", "german", "German, DMY"}, {"DATESTYLE", "sql, dmy", "SQL, DMY"}, {"datestyle", "iso", "ISO, MDY"},
		{"timezone", "europe/berlin", "Europe/Berlin"}, {"timezone", "utc", "UTC"}, {"timezone", "-3", "<-03>+03"},
		{"timezone", "5.5", "<+05:30>-05:30"},
		{"row_security", "tru", "on"}, {"row_security", "0", "off"}, {"intervalstyle", "ISO_8601", "iso_8601"},
		{"client_encoding", "utf-8", "UTF8"}, {"extra_float_digits", "-15", "-15"},
	} {
		v := settings.NewValues(nil)
		require.NoError(t, v.Set(c.name, c.value, false), c.name)
		got, ok := v.Get(c.name)
		require.True(t, ok)
		require.Equal(t, c.shown, got, "%s = %s", c.name, c.value)
	}
}

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name, value string
		code        pgerr.Code
		message     string
	}{
		{"nonsense", "1", "42704", `unrecognized configuration parameter "nonsense"`},
		{"s3db.nonsense", "1", "42704", `unrecognized configuration parameter "s3db.nonsense"`},
		{"row_security", "maybe", "22023", `parameter "row_security" requires a Boolean value`},
		{"extra_float_digits", "4", "22023", `4 is outside the valid range for parameter "extra_float_digits" (-15 .. 3)`},
		{"statement_timeout", "-1", "22023", `-1 ms is outside the valid range for parameter "statement_timeout" (0 .. 2147483647)`},
		{"intervalstyle", "x", "22023", `invalid value for parameter "IntervalStyle": "x"`},
		{"timezone", "Mars/Olympus", "22023", `invalid value for parameter "TimeZone": "Mars/Olympus"`},
		{"timezone", "../../etc/passwd", "22023", `invalid value for parameter "TimeZone": "../../etc/passwd"`},
		{"server_version", "16", "55P02", `parameter "server_version" cannot be changed`},
		{"client_encoding", "klingon", "22023", `invalid value for parameter "client_encoding": "klingon"`},
	} {
		err := settings.NewValues(nil).Set(c.name, c.value, false)
		require.Error(t, err, c.name)
		require.Equal(t, c.code, pgerr.CodeOf(err), c.name)
		require.Equal(t, c.message, err.Error())
	}
}

// TestTransactions: SET lasts, SET LOCAL ends with the transaction, a rollback
// undoes both, in PostgreSQL's order.
func TestTransactions(t *testing.T) {
	var reported []string
	v := settings.NewValues(func(s *settings.Setting, value string) { reported = append(reported, s.Name+"="+value) })
	show := func() string { s, _ := v.Get("application_name"); return s }

	require.NoError(t, v.Set("application_name", "session", false))
	v.Commit()
	require.NoError(t, v.Set("application_name", "local", true))
	require.Equal(t, "local", show())
	v.Commit()
	require.Equal(t, "session", show())

	require.NoError(t, v.Set("application_name", "a", false))
	require.NoError(t, v.Set("application_name", "b", true))
	v.Commit()
	require.Equal(t, "a", show(), "SET then SET LOCAL: the SET survives")

	require.NoError(t, v.Set("application_name", "b", true))
	require.NoError(t, v.Set("application_name", "c", false))
	v.Commit()
	require.Equal(t, "c", show(), "SET LOCAL then SET: the SET survives")

	mark := v.Mark()
	require.NoError(t, v.Set("application_name", "lost", false))
	v.Rollback(mark)
	require.Equal(t, "c", show())
	require.Equal(t, "application_name=c", reported[len(reported)-1], "the client hears of the rollback")

	require.NoError(t, v.Set("my.own", "x", false))
	got, ok := v.Get("my.own")
	require.True(t, ok)
	require.Equal(t, "x", got)
}
