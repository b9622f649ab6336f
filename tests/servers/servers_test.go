package servers

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

func TestMain(m *testing.M) {
	testserver.Main()
	m.Run()
}

// two starts two processes over one database; the second learns of what setup
// made when it starts.
func two(t *testing.T, setup ...string) [2]*testserver.Process {
	t.Helper()
	at := s3fake.New(t, clock.System).Location("db")
	first := testserver.StartProcess(t, at)
	testserver.Exec(t, first.Connect(t), setup...)
	return [2]*testserver.Process{first, testserver.StartProcess(t, at)}
}

// atOnce runs both at the same time and returns their errors.
func atOnce(left, right func() error) (errs [2]error) {
	var both sync.WaitGroup
	for i, f := range []func() error{left, right} {
		both.Go(func() { errs[i] = f() })
	}
	both.Wait()
	return errs
}

// run runs statements one after the other, up to the first error; a block that
// is open then is rolled back.
func run(conn *pgx.Conn, texts ...string) error {
	ctx := context.Background()
	for _, text := range texts {
		if _, err := conn.Exec(ctx, text); err != nil {
			if conn.PgConn().TxStatus() != 'I' {
				_, _ = conn.Exec(ctx, "ROLLBACK") // err is what the caller asks for
			}
			return err
		}
	}
	return nil
}

// rounds is how often writers cross.
const rounds = 60

// TestForeignKeysCross: of an INSERT that refers to a row and the DELETE of that
// row, on two servers, at least one fails, and no row is left that refers to
// none.
func TestForeignKeysCross(t *testing.T) {
	for _, c := range []struct {
		name, key string
		wrap      func(text string) []string
		cascades  bool
	}{
		{"statements", "REFERENCES parent", alone, false},
		{"blocks", "REFERENCES parent", inBlock, false},
		{"deferred", "REFERENCES parent DEFERRABLE INITIALLY DEFERRED", inBlock, false},
		{"cascade", "REFERENCES parent ON DELETE CASCADE", alone, true},
		{"cascade in blocks", "REFERENCES parent ON DELETE CASCADE", inBlock, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			servers := two(t, `CREATE TABLE parent (id int PRIMARY KEY)`,
				`CREATE TABLE child (id int PRIMARY KEY, parent int NOT NULL `+c.key+`)`, `CREATE INDEX ON child (parent)`,
				fmt.Sprintf(`INSERT INTO parent SELECT generate_series(1, %d)`, rounds))
			a, b := servers[0].Connect(t), servers[1].Connect(t)
			for i := 1; i <= rounds; i++ {
				errs := atOnce(
					func() error { return run(a, c.wrap(fmt.Sprintf(`INSERT INTO child VALUES (%d, %[1]d)`, i))...) },
					func() error { return run(b, c.wrap(fmt.Sprintf(`DELETE FROM parent WHERE id = %d`, i))...) },
				)
				require.True(t, c.cascades || errs[0] != nil || errs[1] != nil, "round %d: both passed", i)
				for _, err := range errs {
					requireState(t, err, pgerr.ForeignKeyViolation, pgerr.SerializationFailure)
				}
			}
			for _, conn := range []*pgx.Conn{a, b} {
				require.Equal(t, []int64{0}, numbers(t, conn,
					`SELECT count(*) FROM child WHERE NOT EXISTS (SELECT 1 FROM parent WHERE parent.id = child.parent)`))
			}
		})
	}
}

func alone(text string) []string   { return []string{text} }
func inBlock(text string) []string { return []string{"BEGIN", text, "COMMIT"} }

// requireState accepts no error, and those of the SQLSTATEs.
func requireState(t *testing.T, err error, states ...pgerr.Code) {
	t.Helper()
	if err == nil {
		return
	}
	var e *pgconn.PgError
	require.ErrorAs(t, err, &e)
	require.True(t, slices.Contains(states, pgerr.Code(e.Code)), "%v", err)
}

func numbers(t *testing.T, conn *pgx.Conn, query string) []int64 {
	t.Helper()
	rows, err := conn.Query(context.Background(), query)
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	require.NoError(t, err)
	return out
}

// TestNumbersAreGivenOnce: sequences, serial and identity columns, from four
// sessions of two servers at once. The claims are used up several times.
func TestNumbersAreGivenOnce(t *testing.T) {
	for _, c := range []struct{ name, setup, take, all string }{
		{"sequence", `CREATE SEQUENCE s`, `SELECT nextval('s') FROM generate_series(1, 7)`, ""},
		{"sequence with CACHE", `CREATE SEQUENCE s CACHE 20`, `SELECT nextval('s') FROM generate_series(1, 7)`, ""},
		{"serial", `CREATE TABLE t (id serial PRIMARY KEY, v text)`, `INSERT INTO t (v) SELECT 'x' FROM generate_series(1, 7) RETURNING id`,
			`SELECT id FROM t`},
		{"identity", `CREATE TABLE t (id int PRIMARY KEY GENERATED ALWAYS AS IDENTITY, v text)`,
			`INSERT INTO t (v) SELECT 'x' FROM generate_series(1, 7) RETURNING id`, `SELECT id FROM t`},
	} {
		t.Run(c.name, func(t *testing.T) {
			const sessions, turns = 4, 25
			servers := two(t, c.setup)
			var mu sync.Mutex
			var taken []int64
			var all sync.WaitGroup
			for i := range sessions {
				conn := servers[i%2].Connect(t)
				all.Go(func() {
					for range turns {
						got := numbers(t, conn, c.take)
						mu.Lock()
						taken = append(taken, got...)
						mu.Unlock()
					}
				})
			}
			all.Wait()
			slices.Sort(taken)
			require.Len(t, taken, sessions*turns*7)
			require.Len(t, slices.Compact(slices.Clone(taken)), len(taken), "a number was given twice")
			if c.all != "" {
				rows := numbers(t, servers[1].Connect(t), c.all)
				slices.Sort(rows)
				require.Equal(t, taken, rows)
			}
		})
	}
}
