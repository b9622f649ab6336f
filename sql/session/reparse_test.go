package session_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// unnamed runs a text by the unnamed statement, as drivers do, and shows its columns and
// rows, or its error.
func (c *client) unnamed(text string, oids []types.OID, params ...string) string {
	values := make([][]byte, len(params))
	for i, p := range params {
		values[i] = []byte(p)
	}
	declared := make([]uint32, len(oids))
	for i, o := range oids {
		declared[i] = uint32(o)
	}
	r := c.ExecParams(ctx, text, values, declared, nil, nil).Read()
	if r.Err != nil {
		return errorText(r.Err)
	}
	var out []string
	for _, f := range r.FieldDescriptions {
		out = append(out, f.Name)
	}
	for _, row := range r.Rows {
		for _, v := range row {
			out = append(out, string(v))
		}
	}
	return strings.Join(out, " ")
}

// TestUnnamedAgain: a text that is parsed again means what it says at that moment, and not
// what it said when it was parsed before.
func TestUnnamedAgain(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	c, other := connect(t, s), connect(t, s)
	other.ask("CREATE TABLE t (id int PRIMARY KEY, v int, at timestamptz); INSERT INTO t VALUES (1, 10, '2024-01-01 00:00Z'), (2, 20, NULL)")
	other.ask("CREATE SCHEMA s; CREATE TABLE s.t (id int PRIMARY KEY, v text); INSERT INTO s.t VALUES (1, 'in s')")
	const text = "SELECT * FROM t WHERE id = $1"
	for range 3 {
		require.Equal(t, "id v at 1 10 2024-01-01 00:00:00+00", c.unnamed(text, nil, "1"))
		require.Equal(t, "id v at 2 20 ", c.unnamed(text, nil, "2"))
	}
	other.ask("ALTER TABLE t ADD COLUMN n int DEFAULT 5")
	require.Equal(t, "id v at n 2 20  5", c.unnamed(text, nil, "2"))
	require.Equal(t, "SET", c.ask("SET timezone = 'Asia/Tokyo'"))
	require.Equal(t, "id v at n 1 10 2024-01-01 09:00:00+09 5", c.unnamed(text, nil, "1"))
	require.Equal(t, "SET", c.ask("SET search_path = s, public"))
	require.Equal(t, "id v 1 in s", c.unnamed(text, nil, "1"))
	require.Equal(t, "RESET", c.ask("RESET search_path"))
	c.ask("CREATE TEMP TABLE t (id bigint PRIMARY KEY, v text); INSERT INTO t VALUES (1, 'temporary')")
	require.Equal(t, "id v 1 temporary", c.unnamed(text, nil, "1"))
	require.Equal(t, "DROP TABLE", c.ask("DROP TABLE pg_temp.t"))
	require.Equal(t, "id v at n 2 20  5", c.unnamed(text, nil, "2"))
	require.Equal(t, "42883 operator does not exist: integer = date", c.unnamed(text, []types.OID{types.DateOID}, "2024-01-01"))
	require.Equal(t, "id v at n 2 20  5", c.unnamed(text, nil, "2"))
	other.ask("DROP TABLE t")
	require.Equal(t, `42P01 relation "t" does not exist`, c.unnamed(text, nil, "2"))
}

// TestUnnamedConstants: what depends on settings or the clock is read again.
func TestUnnamedConstants(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	c := connect(t, s)
	c.ask("CREATE TABLE t (id int PRIMARY KEY, at timestamptz); INSERT INTO t VALUES (1, '2024-01-01 00:00Z')")
	const text = "SELECT at = '2024-01-01 00:00' AS same FROM t WHERE id = $1"
	for range 2 {
		require.Equal(t, "same t", c.unnamed(text, nil, "1"))
	}
	require.Equal(t, "SET", c.ask("SET timezone = 'Asia/Tokyo'"))
	require.Equal(t, "same f", c.unnamed(text, nil, "1"))
	const insert = "INSERT INTO t VALUES ($1, 'now')"
	for _, id := range []string{"2", "3"} {
		c.unnamed(insert, nil, id)
		c.ask("SELECT pg_sleep(0.01)")
	}
	require.Equal(t, "2", c.ask("SELECT count(DISTINCT at) FROM t WHERE id > 1"))
}

// TestUnnamedInBlock: a failed block refuses it, and a block's own definitions count.
func TestUnnamedInBlock(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	c := connect(t, s)
	c.ask("CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 10)")
	const text = "SELECT * FROM t WHERE id = $1"
	for range 2 {
		require.Equal(t, "id v 1 10", c.unnamed(text, nil, "1"))
	}
	require.Equal(t, "BEGIN\nALTER TABLE", c.ask("BEGIN; ALTER TABLE t ADD COLUMN w int DEFAULT 1"))
	require.Equal(t, "id v w 1 10 1", c.unnamed(text, nil, "1"))
	require.Equal(t, "22012 division by zero", c.ask("SELECT 1/0"))
	require.Equal(t, "25P02 current transaction is aborted, commands ignored until end of transaction block", c.unnamed(text, nil, "1"))
	require.Equal(t, "ROLLBACK", c.ask("ROLLBACK"))
	require.Equal(t, "id v 1 10", c.unnamed(text, nil, "1"))
}
