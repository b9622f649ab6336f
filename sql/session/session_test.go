package session_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

var ctx = context.Background()

// client is a connection whose notices and answers are text.
type client struct {
	*pgconn.PgConn
	notices []string
}

func connect(t *testing.T, s *testserver.Server) *client {
	t.Helper()
	c := &client{}
	cfg, err := pgconn.ParseConfig(s.URL("postgres"))
	require.NoError(t, err)
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { c.notices = append(c.notices, n.Code+" "+n.Message) }
	c.PgConn, err = pgconn.ConnectConfig(ctx, cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close(ctx) })
	return c
}

// ask sends a simple query and returns its tags and rows, a line each, and its
// error as SQLSTATE and message.
func (c *client) ask(sql string) string {
	var lines []string
	results, err := c.Exec(ctx, sql).ReadAll()
	for _, r := range results {
		for _, row := range r.Rows {
			values := make([]string, len(row))
			for i, v := range row {
				if values[i] = string(v); v == nil {
					values[i] = "NULL"
				}
			}
			lines = append(lines, strings.Join(values, ","))
		}
		if tag := r.CommandTag.String(); tag != "" && !strings.HasPrefix(tag, "SELECT") && !strings.HasPrefix(tag, "FETCH") {
			lines = append(lines, tag)
		}
	}
	if err != nil {
		lines = append(lines, errorText(err))
	}
	return strings.Join(lines, "\n")
}

func errorText(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code + " " + e.Message
	}
	return err.Error()
}

// step is a simple query with its answer, as PostgreSQL 15 gives it.
type step struct{ sql, want string }

const aborted = "25P02 current transaction is aborted, commands ignored until end of transaction block"

// dialogues run each on a database of its own.
var dialogues = map[string][]step{
	"a failed block": {
		{"BEGIN", "BEGIN"},
		{"INSERT INTO t VALUES (2, 2)", "INSERT 0 1"},
		{"SELECT 1/0", "22012 division by zero"},
		{"SELECT 1", aborted},
		{"INSERT INTO t VALUES (3, 3)", aborted},
		{"SAVEPOINT s", aborted},
		{"COMMIT", "ROLLBACK"},
		{"SELECT * FROM t", "1,1"},
	},
	"savepoints with definitions inside": {
		{"BEGIN", "BEGIN"},
		{"INSERT INTO t VALUES (2, 2)", "INSERT 0 1"},
		{"SAVEPOINT s", "SAVEPOINT"},
		{"CREATE TABLE u (x int)", "CREATE TABLE"},
		{"INSERT INTO u VALUES (7)", "INSERT 0 1"},
		{"SELECT * FROM u", "7"},
		{"ALTER TABLE t ADD COLUMN z int", "ALTER TABLE"},
		{"SELECT z FROM t WHERE x = 1", "NULL"},
		{"ROLLBACK TO s", "ROLLBACK"},
		{"SELECT * FROM t ORDER BY x", "1,1\n2,2"},
		{"SAVEPOINT again", "SAVEPOINT"},
		{"SELECT * FROM u", `42P01 relation "u" does not exist`},
		{"ROLLBACK TO again", "ROLLBACK"},
		{"CREATE TABLE u (y text)", "CREATE TABLE"},
		{"INSERT INTO u VALUES ('new')", "INSERT 0 1"},
		{"RELEASE s", "RELEASE"},
		{"ROLLBACK TO again", `3B001 savepoint "again" does not exist`},
		{"COMMIT", "ROLLBACK"},
		{"SELECT * FROM t", "1,1"},
		{"SELECT * FROM u", `42P01 relation "u" does not exist`},
	},
	"definitions and rows are committed together": {
		{"BEGIN", "BEGIN"},
		{"CREATE TABLE u (x int PRIMARY KEY, y text)", "CREATE TABLE"},
		{"INSERT INTO u VALUES (1, 'a')", "INSERT 0 1"},
		{"ALTER TABLE t ADD COLUMN z int DEFAULT 5", "ALTER TABLE"},
		{"UPDATE t SET y = y + 1", "UPDATE 1"},
		{"COMMIT", "COMMIT"},
		{"SELECT * FROM u", "1,a"},
		{"SELECT * FROM t", "1,2,5"},
	},
	"a message is one transaction": {
		{"INSERT INTO t VALUES (2, 2); UPDATE t SET y = 9; SELECT 1/0; INSERT INTO t VALUES (3, 3)", "INSERT 0 1\nUPDATE 2\n22012 division by zero"},
		{"SELECT * FROM t", "1,1"},
		{"CREATE TABLE u (x int); INSERT INTO u VALUES (1); INSERT INTO t VALUES (1, 1)",
			"CREATE TABLE\nINSERT 0 1\n" + `23505 duplicate key value violates unique constraint "t_pkey"`},
		{"SELECT * FROM u", `42P01 relation "u" does not exist`},
		{"INSERT INTO t VALUES (2, 2); BEGIN; INSERT INTO t VALUES (3, 3)", "INSERT 0 1\nBEGIN\nINSERT 0 1"},
		{"ROLLBACK", "ROLLBACK"},
		{"SELECT * FROM t", "1,1"},
	},
	"dropped and created in one message": {
		{"DROP TABLE t; CREATE TABLE t (x text PRIMARY KEY); INSERT INTO t VALUES ('a')", "DROP TABLE\nCREATE TABLE\nINSERT 0 1"},
		{"SELECT * FROM t", "a"},
		{"DROP TABLE t; CREATE TABLE t AS SELECT 5 AS five", "DROP TABLE"},
		{"SELECT * FROM t", "5"},
		{"DROP TABLE t; CREATE TABLE t AS SELECT 1/0", "DROP TABLE\n22012 division by zero"},
	},
	"settings of a transaction": {
		{"SET work_mem = '8MB'", "SET"},
		{"BEGIN", "BEGIN"},
		{"SET LOCAL work_mem = '16MB'", "SET"},
		{"SHOW work_mem", "16MB\nSHOW"},
		{"SAVEPOINT s", "SAVEPOINT"},
		{"SET work_mem = '32MB'", "SET"},
		{"ROLLBACK TO s", "ROLLBACK"},
		{"SHOW work_mem", "16MB\nSHOW"},
		{"COMMIT", "COMMIT"},
		{"SHOW work_mem", "8MB\nSHOW"},
		{"BEGIN", "BEGIN"},
		{"SET work_mem = '64MB'", "SET"},
		{"ROLLBACK", "ROLLBACK"},
		{"SHOW work_mem", "8MB\nSHOW"},
		{"BEGIN ISOLATION LEVEL READ UNCOMMITTED", "BEGIN"},
		{"SHOW transaction_isolation", "read uncommitted\nSHOW"},
		{"COMMIT", "COMMIT"},
		{"SHOW transaction_isolation", "read committed\nSHOW"},
		{"BEGIN READ ONLY", "BEGIN"},
		{"INSERT INTO t VALUES (2, 2)", "25006 cannot execute INSERT in a read-only transaction"},
		{"ROLLBACK", "ROLLBACK"},
	},
	"cursors": {
		{"DECLARE c CURSOR FOR SELECT 1", "25P01 DECLARE CURSOR can only be used in transaction blocks"},
		{"BEGIN", "BEGIN"},
		{"DECLARE c CURSOR FOR SELECT * FROM generate_series(1, 5)", "DECLARE CURSOR"},
		{"FETCH 2 FROM c", "1\n2"},
		{"FETCH c", "3"},
		{"FETCH ALL FROM c", "4\n5"},
		{"FETCH c", ""},
		{"CLOSE c", "CLOSE CURSOR"},
		{"FETCH c", `34000 cursor "c" does not exist`},
		{"COMMIT", "ROLLBACK"},
	},
	"prepared statements survive definitions": {
		{"PREPARE p AS SELECT y FROM t WHERE x = $1", "PREPARE"},
		{"PREPARE q AS SELECT * FROM t", "PREPARE"},
		{"EXECUTE p (1)", "1"},
		{"ALTER TABLE t ADD COLUMN z int DEFAULT 5", "ALTER TABLE"},
		{"EXECUTE p (1)", "1"},
		{"EXECUTE q", "0A000 cached plan must not change result type"},
		{"ALTER TABLE t DROP COLUMN y", "ALTER TABLE"},
		{"EXECUTE p (1)", `42703 column "y" does not exist`},
	},
	"roles": {
		{"SET ROLE NONE", "SET"},
		{"SHOW role", "none\nSHOW"},
		{"SET ROLE nobody_such", `22023 role "nobody_such" does not exist`},
		{"SET SESSION AUTHORIZATION postgres", "SET"},
		{"SET SESSION AUTHORIZATION DEFAULT", "SET"},
		{"RESET ROLE", "RESET"},
	},
}

func TestDialogues(t *testing.T) {
	for name, steps := range dialogues {
		t.Run(name, func(t *testing.T) {
			c := connect(t, testserver.Start(t, testserver.Options{}))
			require.Equal(t, "CREATE TABLE\nINSERT 0 1", c.ask("CREATE TABLE t (x int PRIMARY KEY, y int); INSERT INTO t VALUES (1, 1)"))
			for _, s := range steps {
				assert.Equal(t, s.want, c.ask(s.sql), s.sql)
			}
		})
	}
}

func TestWarnings(t *testing.T) {
	c := connect(t, testserver.Start(t, testserver.Options{}))
	for _, s := range []step{
		{"COMMIT", "25P01 there is no transaction in progress"},
		{"ROLLBACK", "25P01 there is no transaction in progress"},
		{"BEGIN; BEGIN; COMMIT", "25001 there is already a transaction in progress"},
		{"SET LOCAL work_mem = '8MB'", "25P01 SET LOCAL can only be used in transaction blocks"},
		{"SET TRANSACTION READ ONLY", "25P01 SET TRANSACTION can only be used in transaction blocks"},
		{"CREATE TABLE IF NOT EXISTS a (x int); CREATE TABLE IF NOT EXISTS a (x int)", `42P07 relation "a" already exists, skipping`},
		{"ALTER TABLE a ADD COLUMN IF NOT EXISTS x int", `42701 column "x" of relation "a" already exists, skipping`},
	} {
		c.notices = nil
		c.ask(s.sql)
		assert.Equal(t, []string{s.want}, c.notices, s.sql)
		assert.Equal(t, byte('I'), c.TxStatus(), s.sql)
	}
}

// TestIsolationAtStartup: the level may come with the connection.
func TestIsolationAtStartup(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	conn, err := pgconn.Connect(ctx, s.URL("postgres")+"&default_transaction_isolation=serializable")
	require.NoError(t, err)
	defer conn.Close(ctx)
	got, err := conn.Exec(ctx, "SHOW transaction_isolation").ReadAll()
	require.NoError(t, err)
	require.Equal(t, "serializable", string(got[0].Rows[0][0]))
}

func TestStatementTimeout(t *testing.T) {
	c := connect(t, testserver.Start(t, testserver.Options{}))
	require.Equal(t, "SET", c.ask("SET statement_timeout = '50ms'"))
	before := time.Now()
	require.Equal(t, "57014 canceling statement due to statement timeout", c.ask("SELECT pg_sleep(30)"))
	require.Equal(t, "57014 canceling statement due to statement timeout", c.ask("SELECT count(*) FROM generate_series(1, 1000000000) a"))
	require.Less(t, time.Since(before), 20*time.Second)
	require.Equal(t, "1", c.ask("SELECT 1"))
}

// TestPreparedOverProtocol: the statements that drivers cache.
func TestPreparedOverProtocol(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	c, other := connect(t, s), connect(t, s)
	require.Equal(t, "CREATE TABLE\nINSERT 0 1", other.ask("CREATE TABLE t (x int PRIMARY KEY, y int); INSERT INTO t VALUES (1, 1)"))
	_, err := c.Prepare(ctx, "all", "SELECT * FROM t", nil)
	require.NoError(t, err)
	_, err = c.Prepare(ctx, "y", "SELECT y FROM t WHERE x = $1", nil)
	require.NoError(t, err)
	require.Equal(t, "ALTER TABLE", other.ask("ALTER TABLE t ADD COLUMN z int DEFAULT 5"))
	r := c.ExecPrepared(ctx, "y", [][]byte{[]byte("1")}, nil, nil).Read()
	require.NoError(t, r.Err)
	require.Equal(t, [][][]byte{{[]byte("1")}}, r.Rows)
	r = c.ExecPrepared(ctx, "all", nil, nil, nil).Read()
	require.Equal(t, "0A000 cached plan must not change result type", errorText(r.Err))
	var e *pgconn.PgError
	require.ErrorAs(t, r.Err, &e)
	require.Equal(t, "RevalidateCachedQuery", e.Routine)
}

// TestConcurrentUpdates: updates in autocommit lose nothing, whoever comes
// first.
func TestConcurrentUpdates(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	const clients, updates = 4, 40
	testserver.Exec(t, s.Connect(t), "CREATE TABLE t (x int PRIMARY KEY, n int)", "INSERT INTO t VALUES (1, 0), (2, 0)")
	var wg sync.WaitGroup
	errs := make(chan error, clients)
	for range clients {
		conn := s.Connect(t)
		wg.Go(func() {
			for range updates {
				if _, err := conn.Exec(ctx, "UPDATE t SET n = n + x", pgx.QueryExecModeSimpleProtocol); err != nil {
					errs <- err
					return
				}
			}
		})
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		require.NoError(t, err)
	}
	require.Equal(t, fmt.Sprintf("%d\n%d", clients*updates, 2*clients*updates), connect(t, s).ask("SELECT n FROM t ORDER BY x"))
}

// TestBlocksWait: of two blocks that write the same rows the second one waits, and
// nothing is lost.
func TestBlocksWait(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	a, b := connect(t, s), connect(t, s)
	require.Equal(t, "CREATE TABLE\nINSERT 0 2", a.ask("CREATE TABLE t (x int PRIMARY KEY, n int); INSERT INTO t VALUES (1, 0), (2, 0)"))
	require.Equal(t, "BEGIN\nUPDATE 2", a.ask("BEGIN; UPDATE t SET n = n + 1"))
	later := make(chan string, 2)
	go func() {
		later <- b.ask("BEGIN; UPDATE t SET n = n + 1")
		later <- b.ask("COMMIT")
	}()
	require.Equal(t, "COMMIT", a.ask("COMMIT"))
	require.Equal(t, "BEGIN\nUPDATE 2", <-later)
	require.Equal(t, "COMMIT", <-later)
	require.Equal(t, "2\n2", a.ask("SELECT n FROM t ORDER BY x"))
}
