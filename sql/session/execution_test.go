package session_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// again executes a prepared statement and returns its rows, or its error.
func (c *client) again(name string, params ...any) string {
	raw := make([][]byte, len(params))
	for i, p := range params {
		if s, ok := p.(string); ok {
			raw[i] = []byte(s)
		}
	}
	r := c.ExecPrepared(ctx, name, raw, nil, nil).Read()
	if r.Err != nil {
		return errorText(r.Err)
	}
	var rows []string
	for _, row := range r.Rows {
		values := make([]string, len(row))
		for i, v := range row {
			values[i] = string(v)
		}
		rows = append(rows, strings.Join(values, ","))
	}
	return strings.Join(rows, ";")
}

// TestPreparedAgain: what an execution leaves behind is not seen by the next one of the
// same statement, whose operators are the same.
func TestPreparedAgain(t *testing.T) {
	c := connect(t, testserver.Start(t, testserver.Options{}))
	c.ask("CREATE TABLE t (x int PRIMARY KEY, d date); INSERT INTO t VALUES (1, '2026-01-02'), (2, '2026-02-03'); SELECT * FROM t")
	for name, sql := range map[string]string{
		"point":  "SELECT x, d::text FROM t WHERE x = $1",
		"calc":   "SELECT 10 / (x - $1) FROM t WHERE x = $2",
		"like":   "SELECT x FROM t WHERE d::text LIKE $1 ORDER BY x",
		"time":   "SELECT now() = transaction_timestamp(), now() >= $1, clock_timestamp() >= statement_timestamp() FROM t WHERE x = 1",
		"limit":  "SELECT x FROM t WHERE x >= $1 LIMIT $2",
		"silent": "SELECT x FROM t WHERE x = $1 AND false",
	} {
		_, err := c.Prepare(ctx, name, sql, nil)
		require.NoError(t, err, sql)
	}
	for range 3 {
		require.Equal(t, "1,2026-01-02", c.again("point", "1"))
		require.Equal(t, "2,2026-02-03", c.again("point", "2"))
		require.Empty(t, c.again("point", nil))
		require.Empty(t, c.again("point", "3"))
		require.Equal(t, "-10", c.again("calc", "2", "1"))
		require.Equal(t, "22012 division by zero", c.again("calc", "1", "1"))
		require.Equal(t, "10", c.again("calc", "1", "2"))
		require.Equal(t, "1", c.again("like", "%-02"))
		require.Equal(t, "2", c.again("like", "2026-02%"))
		require.Equal(t, "t,t,t", c.again("time", c.ask("SELECT now()")))
		require.Equal(t, "2", c.again("limit", "2", "1"))
		require.Equal(t, "1;2", c.again("limit", "1", "5"))
		require.Empty(t, c.again("silent", "1"))
	}
	c.ask("INSERT INTO t VALUES (3, '2026-03-04')")
	require.Equal(t, "3,2026-03-04", c.again("point", "3"))
	c.ask("SET DateStyle = 'SQL, DMY'")
	require.Equal(t, "3,04/03/2026", c.again("point", "3"))
	c.ask("BEGIN; DELETE FROM t WHERE x = 3; UPDATE t SET d = '2027-01-01' WHERE x = 1")
	require.Empty(t, c.again("point", "3"))
	require.Equal(t, "1,01/01/2027", c.again("point", "1"))
	c.ask("ROLLBACK")
	require.Equal(t, "3,04/03/2026", c.again("point", "3"))
	c.ask("ALTER TABLE t ADD COLUMN y int DEFAULT 7")
	require.Equal(t, "1,02/01/2026", c.again("point", "1"))
	c.ask("ALTER TABLE t ALTER COLUMN x TYPE bigint")
	require.Equal(t, "0A000 cached plan must not change result type", c.again("point", "1"))
}

// TestTwoPortals: two executions of one statement that are under way at once.
func TestTwoPortals(t *testing.T) {
	c := connect(t, testserver.Start(t, testserver.Options{}))
	c.ask("CREATE TABLE t (x int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 9); SELECT * FROM t")
	c.ask("BEGIN; PREPARE p(int) AS SELECT x FROM t WHERE x = $1")
	c.ask("DECLARE a CURSOR FOR SELECT x FROM t WHERE x >= 5; DECLARE b CURSOR FOR SELECT x FROM t WHERE x >= 5")
	for _, s := range []step{{"FETCH a", "5"}, {"FETCH b", "5"}, {"EXECUTE p(1)", "1"}, {"FETCH a", "6"}, {"EXECUTE p(2)", "2"}, {"FETCH b", "6"}} {
		require.Equal(t, s.want, c.ask(s.sql), s.sql)
	}
}
