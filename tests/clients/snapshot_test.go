package clients

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestSnapshots shares a transaction's snapshot with other sessions, as pg_dump -j
// does, on our server and on PostgreSQL. $s stands for the snapshot's name.
func TestSnapshots(t *testing.T) {
	oracle := pgserver.Start(t)
	steps := func(t *testing.T, addr, database, after string) {
		sessions := map[string]*pgx.Conn{}
		for _, name := range []string{"a", "b", "c", "w"} {
			conn, err := pgx.Connect(context.Background(), "postgres://postgres@"+addr+"/"+database)
			require.NoError(t, err)
			defer conn.Close(context.Background())
			sessions[name] = conn
		}
		var snapshot string
		for _, step := range strings.Split(strings.TrimSpace(sharing+after), "\n") {
			who, rest, _ := strings.Cut(strings.TrimSpace(step), " ")
			sql, want, _ := strings.Cut(rest, " -> ")
			got := answer(sessions[who], strings.ReplaceAll(sql, "$s", snapshot))
			if want == "$s" {
				snapshot, got = got, want
			}
			require.Equal(t, want, got, step)
		}
	}
	t.Run("s3db-sql", func(t *testing.T) {
		steps(t, testserver.Start(t, testserver.Options{}).Addr, "postgres", sharedChecks)
	})
	t.Run("PostgreSQL", func(t *testing.T) { steps(t, oracle.Addr, newDatabase(t, oracle, "snapshots"), "") })
}

// answer is the first value of what a statement gives, or its SQLSTATE.
func answer(conn *pgx.Conn, sql string) string {
	results, err := conn.PgConn().Exec(context.Background(), sql).ReadAll()
	var refused *pgconn.PgError
	switch {
	case errors.As(err, &refused):
		return refused.Code
	case err != nil:
		return err.Error()
	case len(results[0].Rows) == 0:
		return ""
	}
	return string(results[0].Rows[0][0])
}

const sharing = `
	w CREATE TABLE t (id int PRIMARY KEY, v int); INSERT INTO t VALUES (1, 10), (2, 20)
	w CREATE TABLE u (id int PRIMARY KEY)
	a BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY
	a SELECT pg_export_snapshot() -> $s
	a SELECT sum(v) FROM t -> 30
	b BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY
	b SET TRANSACTION SNAPSHOT '$s'
	b SELECT sum(v) FROM t -> 30
	b SET TRANSACTION SNAPSHOT '$s' -> 25001
	b ROLLBACK
	b BEGIN
	b SET TRANSACTION SNAPSHOT '$s' -> 0A000
	b ROLLBACK
	b BEGIN ISOLATION LEVEL SERIALIZABLE
	b SET TRANSACTION SNAPSHOT '$s' -> 0A000
	b ROLLBACK
	b BEGIN ISOLATION LEVEL REPEATABLE READ
	b SET TRANSACTION SNAPSHOT '00000000-00000000-0' -> 22023
	b ROLLBACK
	b BEGIN ISOLATION LEVEL REPEATABLE READ
	b SET TRANSACTION SNAPSHOT 'no name' -> 22023
	b ROLLBACK
	b BEGIN ISOLATION LEVEL REPEATABLE READ
	b SAVEPOINT s
	b SELECT pg_export_snapshot() -> 25001
	b ROLLBACK
	b BEGIN ISOLATION LEVEL REPEATABLE READ
	b SET TRANSACTION SNAPSHOT '$s'
	b SELECT count(*) FROM t -> 2
	a COMMIT
	c BEGIN ISOLATION LEVEL REPEATABLE READ
	c SET TRANSACTION SNAPSHOT '$s' -> 22023
	c ROLLBACK
	b SELECT count(*) FROM t -> 2
	b COMMIT
	w BEGIN
	w SELECT pg_export_snapshot() -> $s
	b BEGIN ISOLATION LEVEL REPEATABLE READ
	b SET TRANSACTION SNAPSHOT '$s'
	c BEGIN ISOLATION LEVEL REPEATABLE READ
	c SET TRANSACTION SNAPSHOT '$s'
	w COMMIT
	b SELECT count(*) FROM t -> 2
	c SELECT count(*) FROM u -> 0
	b COMMIT
	c COMMIT
	a BEGIN ISOLATION LEVEL REPEATABLE READ
	a SELECT pg_export_snapshot() -> $s
	b BEGIN ISOLATION LEVEL REPEATABLE READ
	b SET TRANSACTION SNAPSHOT '$s'
	a SELECT sum(v) FROM t -> 30`

// sharedChecks is where there are no old versions of rows: a change of what one of the
// sessions has read ends them all.
const sharedChecks = `
	w UPDATE t SET v = 0 WHERE id = 1
	b SELECT count(*) FROM u -> 40001
	a SELECT 1 -> 40001
	a ROLLBACK
	b ROLLBACK`
