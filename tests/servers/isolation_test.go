package servers

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// anomalies are what the isolation levels must not let happen, in the steps of
// PostgreSQL's isolation tester: a session, a statement, and after -> its rows or its
// SQLSTATE. What PostgreSQL answers from an old version of a row is 40001 here; which
// of two transactions fails may differ.
var anomalies = []struct{ name, steps string }{
	{"non-repeatable read", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a SELECT v FROM t WHERE id = 1 -> 10
		b UPDATE t SET v = 11 WHERE id = 1
		a SELECT v FROM t WHERE id = 1 -> 40001
		a SELECT 1 -> 25P02
		a ROLLBACK
		a SELECT v FROM t WHERE id = 1 -> 11`},
	{"READ COMMITTED sees it", `
		a BEGIN
		a SELECT v FROM t WHERE id = 1 -> 10
		b UPDATE t SET v = 11 WHERE id = 1
		a SELECT v FROM t WHERE id = 1 -> 11
		a COMMIT`},
	{"read skew", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY
		a SELECT v FROM t WHERE id = 1 -> 10
		b BEGIN
		b UPDATE t SET v = v - 5 WHERE id = 1
		b UPDATE t SET v = v + 5 WHERE id = 2
		b COMMIT
		a SELECT v FROM t WHERE id = 2 -> 40001
		a ROLLBACK`},
	{"rows of other transactions are nobody's business", `
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT v FROM t WHERE id = 1 -> 10
		b UPDATE t SET v = 21 WHERE id = 2
		b INSERT INTO t VALUES (9, 90, 'new')
		a SELECT v FROM t WHERE id = 1 -> 10
		a UPDATE t SET v = v + 1 WHERE id = 1
		a SELECT v FROM t WHERE id = 1 -> 11
		a COMMIT
		b SELECT v FROM t WHERE id < 3 ORDER BY id -> 11,21`},
	{"phantom", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a SELECT count(*) FROM t WHERE v > 5 -> 3
		b INSERT INTO t VALUES (4, 40, 'g')
		a SELECT count(*) FROM t WHERE v > 5 -> 40001
		a ROLLBACK`},
	{"phantom in a partition", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a SELECT count(*) FROM t WHERE g = 'g' -> 2
		b INSERT INTO t VALUES (4, 40, 'other')
		b INSERT INTO t VALUES (5, 40, 'g')
		a SELECT 1 -> 1
		a SELECT count(*) FROM t WHERE g = 'g' -> 40001
		a ROLLBACK`},
	{"a row that is not there stays away", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a SELECT count(*) FROM t WHERE id = 7 -> 0
		b INSERT INTO t VALUES (7, 70, 'g')
		a SELECT v FROM t WHERE id = 1 -> 40001
		a ROLLBACK`},
	{"a cursor", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a DECLARE c CURSOR FOR SELECT v FROM t ORDER BY id
		a FETCH c -> 10
		b UPDATE t SET v = 11 WHERE id = 1
		a FETCH c -> 20
		a SELECT v FROM t WHERE id = 2 -> 40001
		a ROLLBACK`},
	{"lost update", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		b BEGIN ISOLATION LEVEL REPEATABLE READ
		a SELECT v FROM t WHERE id = 1 -> 10
		b SELECT v FROM t WHERE id = 1 -> 10
		a UPDATE t SET v = 11 WHERE id = 1
		a COMMIT
		b UPDATE t SET v = 11 WHERE id = 1 -> 40001
		b COMMIT
		b SELECT v FROM t WHERE id = 1 -> 11`},
	{"write skew", `
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		b BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT sum(v) FROM t -> 60
		b SELECT sum(v) FROM t -> 60
		a UPDATE t SET v = v - 60 WHERE id = 1
		b UPDATE t SET v = v - 60 WHERE id = 2
		a COMMIT
		b COMMIT -> 40001
		a SELECT sum(v) FROM t -> 0`},
	{"write skew by keys", `
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		b BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT v FROM t WHERE id IN (1, 2) ORDER BY id -> 10,20
		b SELECT v FROM t WHERE id IN (1, 2) ORDER BY id -> 10,20
		a UPDATE t SET v = 0 WHERE id = 1
		b UPDATE t SET v = 0 WHERE id = 2
		b COMMIT
		a COMMIT -> 40001
		a SELECT v FROM t ORDER BY id -> 10,0,30`},
	{"write skew is REPEATABLE READ's", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		b BEGIN ISOLATION LEVEL REPEATABLE READ
		a SELECT v FROM t WHERE id IN (1, 2) ORDER BY id -> 10,20
		b SELECT v FROM t WHERE id IN (1, 2) ORDER BY id -> 10,20
		a UPDATE t SET v = 0 WHERE id = 1
		b UPDATE t SET v = 0 WHERE id = 2
		b COMMIT
		a COMMIT
		a SELECT v FROM t ORDER BY id -> 0,0,30`},
	{"write skew by rows that are not there", `
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		b BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT count(*) FROM t WHERE g = 'new' -> 0
		b SELECT count(*) FROM t WHERE g = 'new' -> 0
		a INSERT INTO t VALUES (4, 40, 'new')
		b INSERT INTO t VALUES (5, 50, 'new')
		a COMMIT
		b COMMIT -> 40001
		a SELECT id FROM t WHERE g = 'new' -> 4`},
	{"a statement alone", `
		b SET default_transaction_isolation = serializable
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT count(*) FROM t WHERE g = 'new' -> 0
		a INSERT INTO t VALUES (4, 40, 'g')
		b INSERT INTO t SELECT 5, count(*), 'new' FROM t
		a COMMIT -> 40001
		b SELECT v FROM t WHERE id = 5 -> 3
		b RESET default_transaction_isolation`},
	{"own rows", `
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT count(*) FROM t WHERE g = 'g' -> 2
		a SELECT sum(v) FROM t -> 60
		a INSERT INTO t VALUES (4, 40, 'g')
		a UPDATE t SET v = v + 1 WHERE g = 'g'
		a DELETE FROM t WHERE id = 1
		a SELECT id FROM t ORDER BY id -> 2,3,4
		a COMMIT
		a BEGIN ISOLATION LEVEL SERIALIZABLE
		a SELECT count(*) FROM t -> 3
		a TRUNCATE t
		a INSERT INTO t VALUES (1, 10, 'g')
		a SELECT v FROM t -> 10
		a COMMIT
		a SELECT v FROM t -> 10`},
	{"a savepoint does not help", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a SAVEPOINT s
		a SELECT v FROM t WHERE id = 1 -> 10
		b UPDATE t SET v = 11 WHERE id = 1
		a SELECT v FROM t WHERE id = 1 -> 40001
		a ROLLBACK TO s
		a SELECT v FROM t WHERE id = 2 -> 40001
		a COMMIT`},
	{"nothing happens", `
		a BEGIN
		a SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY
		a SELECT v FROM t ORDER BY id -> 10,20,30
		a SELECT count(*) FROM t WHERE g = 'g' -> 2
		b SELECT count(*) FROM t WHERE g = 'g' -> 2
		a SELECT v FROM t WHERE id IN (1, 3) ORDER BY v DESC LIMIT 1 -> 30
		a SELECT x.v FROM t x JOIN t y ON x.id = y.id ORDER BY 1 -> 10,20,30
		a SELECT v FROM t WHERE EXISTS (SELECT 1 FROM t u WHERE u.g = t.g) ORDER BY 1 -> 10,20,30
		a SELECT v FROM t WHERE u = 'u2' -> 20
		a COMMIT`},
}

// crossings are writes of two servers to the same rows: there are no locks between
// servers, and the condition of the write decides.
var crossings = []struct{ name, steps string }{
	{"lost update, both written", `
		a BEGIN ISOLATION LEVEL REPEATABLE READ
		a UPDATE t SET v = v + 1 WHERE id = 1
		b UPDATE t SET v = v + 1 WHERE id = 1
		a COMMIT -> 40001
		b SELECT v FROM t WHERE id = 1 -> 11`},
	{"blocks", `
		a BEGIN
		b BEGIN
		a UPDATE t SET v = v + 1
		b UPDATE t SET v = v + 1 WHERE id > 1
		a COMMIT
		b COMMIT -> 40001
		b SELECT v FROM t ORDER BY id -> 11,21,31`},
	{"SELECT FOR UPDATE", `
		a BEGIN
		a SELECT v FROM t WHERE id = 2 FOR UPDATE -> 20
		a INSERT INTO t VALUES (9, 90, 'report')
		b UPDATE t SET v = 0 WHERE id = 2
		a COMMIT -> 40001
		a SELECT count(*) FROM t WHERE id = 9 -> 0`},
	{"the same key", `
		a BEGIN
		a INSERT INTO t VALUES (4, 3, 'a')
		b INSERT INTO t VALUES (4, 4, 'b')
		a COMMIT -> 40001
		a SELECT v FROM t WHERE id = 4 -> 4`},
}

// TestCrossings runs them on two servers.
func TestCrossings(t *testing.T) {
	servers := two(t, anomalyTable...)
	for _, c := range crossings {
		t.Run(c.name, func(t *testing.T) { anomaly(t, servers[0].Connect(t), servers[1].Connect(t), c.steps) })
	}
}

var anomalyTable = []string{`CREATE TABLE t (id int PRIMARY KEY, v int, g text, u text UNIQUE)`, `CREATE INDEX ON t (g)`}

// TestAnomalies runs them on two sessions of one server, and on two servers.
func TestAnomalies(t *testing.T) {
	one := testserver.Start(t, testserver.Options{})
	testserver.Exec(t, one.Connect(t), anomalyTable...)
	servers := two(t, anomalyTable...)
	for _, c := range anomalies {
		t.Run("one server/"+c.name, func(t *testing.T) { anomaly(t, one.Connect(t), one.Connect(t), c.steps) })
		t.Run("two servers/"+c.name, func(t *testing.T) { anomaly(t, servers[0].Connect(t), servers[1].Connect(t), c.steps) })
	}
}

func anomaly(t *testing.T, a, b *pgx.Conn, steps string) {
	testserver.Exec(t, a, `TRUNCATE t`, `INSERT INTO t VALUES (1, 10, 'g', 'u1'), (2, 20, 'g', 'u2'), (3, 30, 'h', 'u3')`)
	conns := map[string]*pgx.Conn{"a": a, "b": b}
	for step := range strings.Lines(strings.TrimSpace(steps)) {
		who, text, _ := strings.Cut(strings.TrimSpace(step), " ")
		text, want, _ := strings.Cut(text, " -> ")
		require.Equal(t, want, answer(conns[who], text), step)
	}
}

// answer is the first column of a statement's rows, or its SQLSTATE.
func answer(conn *pgx.Conn, text string) string {
	results, err := conn.PgConn().Exec(context.Background(), text).ReadAll()
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	var out []string
	for _, r := range results {
		for _, row := range r.Rows {
			out = append(out, string(row[0]))
		}
	}
	return strings.Join(out, ",")
}

// TestWriteSkewNever has many serializable transactions, on one server and on two,
// each take from one of two accounts what both together have.
func TestWriteSkewNever(t *testing.T) {
	one := testserver.Start(t, testserver.Options{})
	testserver.Exec(t, one.Connect(t), `CREATE TABLE acc (id int PRIMARY KEY, v int)`)
	servers := two(t, `CREATE TABLE acc (id int PRIMARY KEY, v int)`)
	for _, c := range []struct {
		name string
		a, b *pgx.Conn
	}{
		{"one server", one.Connect(t), one.Connect(t)},
		{"two servers", servers[0].Connect(t), servers[1].Connect(t)},
	} {
		t.Run(c.name, func(t *testing.T) {
			passed := 0
			for i := range rounds {
				testserver.Exec(t, c.a, `TRUNCATE acc`, `INSERT INTO acc VALUES (1, 50), (2, 50)`)
				take := func(conn *pgx.Conn, id int) func() error {
					return func() error {
						return run(conn, `BEGIN ISOLATION LEVEL SERIALIZABLE`,
							fmt.Sprintf(`UPDATE acc SET v = v - 100 WHERE id = %d AND (SELECT sum(v) FROM acc) >= 100`, id), `COMMIT`)
					}
				}
				errs := atOnce(take(c.a, 1), take(c.b, 2))
				for _, err := range errs {
					requireState(t, err, pgerr.SerializationFailure)
					if err == nil {
						passed++
					}
				}
				sum := numbers(t, c.a, `SELECT sum(v) FROM acc`)
				require.GreaterOrEqual(t, sum[0], int64(0), "round %d: %v", i, errs)
			}
			t.Logf("%d of %d passed", passed, 2*rounds)
		})
	}
}

// TestTransfers has four clients of one server move money in blocks, as pgbench's
// tpcb-like does: none of them fails, though all write the same row, and nothing is
// lost.
func TestTransfers(t *testing.T) {
	one := testserver.Start(t, testserver.Options{})
	testserver.Exec(t, one.Connect(t), `CREATE TABLE branch (id int PRIMARY KEY, v int)`, `CREATE TABLE acc (id int PRIMARY KEY, v int)`,
		`CREATE TABLE history (delta int)`, `INSERT INTO branch VALUES (1, 0)`, `INSERT INTO acc SELECT i, 0 FROM generate_series(1, 5) i`)
	const clients = 4
	errs := make([]error, clients)
	var all sync.WaitGroup
	for c := range clients {
		conn := one.Connect(t)
		all.Go(func() {
			for i := range rounds {
				delta := c*100 + i
				if errs[c] = run(conn, `BEGIN`, fmt.Sprintf(`UPDATE acc SET v = v + %d WHERE id = %d`, delta, 1+(c+i)%5),
					fmt.Sprintf(`UPDATE branch SET v = v + %d WHERE id = 1`, delta), fmt.Sprintf(`INSERT INTO history VALUES (%d)`, delta), `COMMIT`); errs[c] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	conn := one.Connect(t)
	want := numbers(t, conn, `SELECT sum(delta) FROM history`)
	require.Equal(t, []int64{clients * rounds}, numbers(t, conn, `SELECT count(*) FROM history`))
	require.Equal(t, want, numbers(t, conn, `SELECT sum(v) FROM acc`))
	require.Equal(t, want, numbers(t, conn, `SELECT sum(v) FROM branch`))
}

// TestQueue has four workers take jobs, in autocommit and in blocks: each job is done
// once.
func TestQueue(t *testing.T) {
	one := testserver.Start(t, testserver.Options{})
	testserver.Exec(t, one.Connect(t), `CREATE TABLE job (id int PRIMARY KEY, state text)`, `CREATE TABLE done (id int)`,
		`INSERT INTO job SELECT i, 'new' FROM generate_series(1, 100) i`)
	const take = `WITH j AS (UPDATE job SET state = 'done' WHERE id = (SELECT id FROM job WHERE state = 'new' ORDER BY id FOR UPDATE SKIP LOCKED LIMIT 1) RETURNING id)
		INSERT INTO done SELECT id FROM j`
	var all sync.WaitGroup
	errs := make([]error, 4)
	for c := range errs {
		conn := one.Connect(t)
		all.Go(func() {
			for range 40 {
				steps := []string{take}
				if c%2 == 0 {
					steps = inBlock(take)
				}
				if errs[c] = run(conn, steps...); errs[c] != nil {
					return
				}
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	conn := one.Connect(t)
	require.Equal(t, []int64{100}, numbers(t, conn, `SELECT count(*) FROM done`))
	require.Equal(t, []int64{100}, numbers(t, conn, `SELECT count(DISTINCT id) FROM done`))
}
