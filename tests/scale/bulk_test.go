package scale

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// maxBulkMemory is what the server's process may take, whatever the number of rows: most of it is
// the embedded store's, and what the collector lets lie.
const maxBulkMemory = 512 << 20

// TestBulkWrites changes all rows of a table by one statement, fails to, and deletes them, in
// little memory, while others read what was there before.
func TestBulkWrites(t *testing.T) {
	rows := 40_000
	if long {
		rows = 1_000_000
	}
	srv := testserver.StartProcess(t, "file://"+t.TempDir(), "--cache-memory", "0")
	conn, other := srv.Connect(t), srv.Connect(t)
	run := func(what, sql string) {
		start := time.Now()
		testserver.Exec(t, conn, sql)
		t.Logf("%s: %v", what, time.Since(start).Round(time.Millisecond))
		bulkMemory(t, srv, what)
	}
	state := func() (count, sum, length int64) {
		require.NoError(t, other.QueryRow(ctx, "SELECT count(*), sum(n), sum(length(note)) FROM big").Scan(&count, &sum, &length))
		return count, sum, length
	}
	testserver.Exec(t, conn, "CREATE TABLE big (id int PRIMARY KEY, n bigint, note text)")
	run("INSERT", fmt.Sprintf("INSERT INTO big SELECT i, 0, repeat('x', 900) FROM generate_series(1, %d) i", rows))
	expect := func(sum int64, when string) {
		count, got, length := state()
		assert.EqualValues(t, rows, count, when)
		assert.Equal(t, sum, got, when)
		assert.EqualValues(t, 900*rows, length, when)
	}
	expect(0, "at first")
	if long {
		run("CREATE TABLE AS", "CREATE TABLE copied AS SELECT * FROM big")
		testserver.Exec(t, conn, "DROP TABLE copied")
	}

	// The last rows wait for the lock, with all others written.
	testserver.Exec(t, other, "SELECT pg_advisory_lock(1)", "BEGIN", "DECLARE c CURSOR FOR SELECT n FROM big", "FETCH 10 FROM c")
	done := make(chan error)
	go func() {
		_, err := conn.Exec(ctx, fmt.Sprintf("UPDATE big SET n = n + 1 WHERE id < %d OR pg_advisory_lock(1) IS NOT NULL", rows))
		done <- err
	}()
	watch := srv.Connect(t)
	require.Eventually(t, func() bool {
		var waits bool
		require.NoError(t, watch.QueryRow(ctx, "SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted").Scan(&waits))
		return waits
	}, 10*time.Minute, 20*time.Millisecond)
	expect(0, "while the UPDATE goes on")
	testserver.Exec(t, other, "SELECT pg_advisory_unlock(1)")
	require.NoError(t, <-done)
	bulkMemory(t, srv, "UPDATE")
	got, err := other.Exec(ctx, "FETCH ALL FROM c")
	require.NoError(t, err)
	assert.EqualValues(t, rows-10, got.RowsAffected())
	testserver.Exec(t, other, "COMMIT")
	expect(int64(rows), "after the UPDATE")

	for _, failing := range []string{"UPDATE big SET n = 7 / (id - %d)", "DELETE FROM big WHERE 7 / (id - %d) < 8"} {
		_, err = conn.Exec(ctx, fmt.Sprintf(failing, rows))
		require.ErrorContains(t, err, "division by zero")
		bulkMemory(t, srv, "a failure of "+failing)
		expect(int64(rows), "after the failure")
	}

	testserver.Exec(t, conn, fmt.Sprintf(`DO $$ BEGIN
		BEGIN DELETE FROM big; RAISE 'undo'; EXCEPTION WHEN raise_exception THEN UPDATE big SET n = n + 1 WHERE id = %d; END;
		DELETE FROM big WHERE id = 1; INSERT INTO big VALUES (1, 0, repeat('y', 900)); END $$`, rows))
	bulkMemory(t, srv, "a DELETE that a block took back")
	expect(int64(rows), "after the DELETE that a block took back")

	run("DELETE", "DELETE FROM big")
	count := 0
	require.NoError(t, other.QueryRow(ctx, "SELECT count(*) FROM big").Scan(&count))
	assert.Zero(t, count)
}

func bulkMemory(t *testing.T, srv *testserver.Process, when string) {
	peak, err := srv.PeakMemory()
	require.NoError(t, err)
	t.Logf("peak memory after %s: %d MB", when, peak>>20)
	assert.Less(t, peak, int64(maxBulkMemory), when)
}
