package clients

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestJavaScriptMemory: s3db.javascript_memory bounds what the session's own functions
// hold, whatever others take meanwhile.
func TestJavaScriptMemory(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	modest, hog, sorter := s.Connect(t), s.Connect(t), s.Connect(t)
	testserver.Exec(t, modest, `SET s3db.javascript_memory = '128MB'`) // less than the two others take
	testserver.Exec(t, hog, `SET s3db.javascript_memory = '48MB'`)
	testserver.Exec(t, sorter, `SET work_mem = '1GB'`)
	done := make(chan error)
	go func() {
		_, err := modest.Exec(context.Background(), `DO LANGUAGE javascript $$
			const all = [], end = Date.now() + 3000;
			while (Date.now() < end) { all.push({n: all.length}); if (all.length > 4000) all.length = 0 } $$`)
		done <- err
	}()
	go func() {
		_, err := sorter.Exec(context.Background(), `SELECT count(*) FROM (SELECT repeat('x', 1000) || i AS t FROM generate_series(1, 200000) i ORDER BY 1 OFFSET 0) s`)
		done <- err
	}()
	time.Sleep(50 * time.Millisecond) // the two are under way
	_, err := hog.Exec(context.Background(), `DO LANGUAGE javascript $$ const all = []; for (;;) all.push(new Array(64).fill(all.length)) $$`)
	var e *pgconn.PgError
	require.True(t, errors.As(err, &e), err)
	require.Equal(t, "53200", e.Code)
	for range 2 {
		require.NoError(t, <-done)
	}
	testserver.Exec(t, hog, `DO LANGUAGE javascript $$ const all = []; for (let i = 0; i < 1000; i++) all.push(i) $$`)
	testserver.Exec(t, hog, `DO LANGUAGE javascript $$ globalThis.kept = []; for (let i = 0; i < 5000; i++) kept.push(new Array(64).fill(i)) $$`)
	_, err = hog.Exec(context.Background(), `DO LANGUAGE javascript $$ for (;;) kept.push(new Array(64).fill(kept.length)) $$`)
	require.True(t, errors.As(err, &e), err)
	require.Equal(t, "53200", e.Code)
}

// TestScriptsErrorsAreNotFaults: an error that JavaScript throws is XX000, as plv8 has it, and no
// fault of the server, whose log does not tell of it.
func TestScriptsErrorsAreNotFaults(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	conn := s.Connect(t)
	for _, body := range []string{
		`throw new Error('mine')`, `throw 'mine'`, `throw {toString() { throw 'mine' }}`, `null.mine`, `plv8.elog(ERROR, 'mine')`,
		`try { plv8.elog(ERROR, 'mine') } catch (e) { throw e }`, `plv8.execute("DO LANGUAGE javascript 'throw new Error(\"mine\")'")`,
		`throw Object.assign(new Error('mine'), {sqlerrcode: 'XX001'})`,
	} {
		_, err := conn.Exec(context.Background(), `DO LANGUAGE javascript $do$ `+body+` $do$`)
		var e *pgconn.PgError
		require.True(t, errors.As(err, &e), body)
		require.Contains(t, []string{"XX000", "XX001"}, e.Code, body)
	}
	require.Empty(t, s.Log())
}
