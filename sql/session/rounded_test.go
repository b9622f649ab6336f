package session_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestRoundedTimes: a partition by date answers questions about days and months as a
// table without one does, in any time zone.
func TestRoundedTimes(t *testing.T) {
	c := connect(t, testserver.Start(t, testserver.Options{Args: []string{"--cache-memory", "0"}}))
	require.Equal(t, "CREATE RESOURCE", c.ask("CREATE RESOURCE days (at timestamptz NOT NULL, local timestamp NOT NULL, n int NOT NULL) "+
		"PARTITION by_day BY (at 'date|maxlength:10'), PARTITION by_local BY (local 'date|maxlength:10'), PARTITION by_n BY (n)"))
	c.ask(`CREATE TABLE plain (id text PRIMARY KEY, at timestamptz, local timestamp, n int);
		INSERT INTO plain SELECT 'r' || i, timestamptz '2024-01-30 20:00:00+00' + i * interval '97 minutes', timestamp '2024-01-30 20:00' + i * interval '97 minutes', i % 9
			FROM generate_series(1, 150) i;
		INSERT INTO days (id, at, local, n) SELECT id, at, local, n FROM plain; ANALYZE days`)
	conditions := []string{"n BETWEEN 3 AND 5", "n > 3 AND n < 5", "n >= 8 AND n <= 8", "n > 3 AND n < 4", "n BETWEEN -1 AND 90"}
	for _, time := range []string{"at", "local"} {
		for _, op := range []string{"=", "<", "<=", ">", ">=", "<>"} {
			for _, day := range []string{"2024-01-31", "2024-02-01", "2024-03-10", "infinity", "300000-01-01"} {
				conditions = append(conditions, fmt.Sprintf("%s::date %s '%s'", time, op, day), fmt.Sprintf("date '%s' %s %s::date", day, op, time))
			}
			for _, unit := range []string{"hour", "day", "week", "month", "year"} {
				conditions = append(conditions, fmt.Sprintf("date_trunc('%s', %s) %s '2024-02-01'", unit, time, op))
			}
		}
		conditions = append(conditions, time+"::date = (SELECT date '2024-02-02')", time+"::date = (SELECT date '300000-01-01')",
			time+"::date = (SELECT date 'infinity')", time+"::date = NULL", time+"::date BETWEEN '2024-02-01' AND '2024-02-03'")
	}
	for _, zone := range []string{"UTC", "America/New_York", "Asia/Kolkata"} {
		c.ask("SET TimeZone = '" + zone + "'")
		for _, where := range conditions {
			count := func(table string) string {
				return c.ask("SELECT count(n), min(id), max(id) FROM " + table + " WHERE " + where)
			}
			require.Equal(t, count("plain"), count("days"), "%s, %s", where, zone)
		}
	}
	require.Contains(t, c.ask("EXPLAIN SELECT n FROM days WHERE at::date = '2024-02-01'"), "by_day")
	require.Contains(t, c.ask("EXPLAIN SELECT at FROM days WHERE n BETWEEN 3 AND 4"), "by_n")
}
