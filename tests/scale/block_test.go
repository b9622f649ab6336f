package scale

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// What a block may have in memory: so many bytes whatever it does (work_mem, a piece of
// COMMIT on its way, the embedded store), and so many for each row.
const (
	maxBlockMemory = 120 << 20
	maxBlockRow    = 700
)

// TestBulkBlock changes all rows of a table in blocks, which keep what they hold on disk,
// read it, go back to savepoints, and hand on unique keys, while others see what was there.
func TestBulkBlock(t *testing.T) {
	rows := 25_000
	if long {
		rows = 1_000_000
	}
	srv := testserver.Start(t, testserver.Options{Store: "file://" + t.TempDir(), Args: []string{"--cache-memory", "0"}})
	conn, other := srv.Connect(t), srv.Connect(t)
	run := func(statements ...string) {
		for _, sql := range statements {
			start := time.Now()
			peak := livePeak(func() { testserver.Exec(t, conn, sql) })
			t.Logf("%s: %v, %d MB", sql, time.Since(start).Round(time.Millisecond), peak>>20)
			assert.Less(t, peak, uint64(maxBlockMemory+maxBlockRow*rows), sql)
		}
	}
	expect := func(inside, outside string) {
		for who, want := range map[string]string{"own": inside, "other": outside} {
			c := conn
			if who == "other" {
				c = other
			}
			var got string
			require.NoError(t, c.QueryRow(ctx, "SELECT format('%s %s %s', count(*), sum(n), sum(u::bigint * id)) FROM big").Scan(&got))
			require.Equal(t, want, got, who)
		}
	}
	count := func(sql string) (n int64) {
		require.NoError(t, other.QueryRow(ctx, sql).Scan(&n))
		return n
	}
	n := int64(rows)
	sums := func(sum, product int64) string { return fmt.Sprint(n, " ", sum, " ", product) }
	squares := n * (n + 1) * (2*n + 1) / 6
	crossed := (n+1)*n*(n+1)/2 - squares // of i * (n+1-i)

	testserver.Exec(t, conn, "SET work_mem = '8MB'",
		"CREATE TABLE big (id int PRIMARY KEY, n bigint, note text, tags text[], d date, u int, UNIQUE (u) DEFERRABLE)")
	run("BEGIN", fmt.Sprintf("INSERT INTO big SELECT i, 0, repeat('x', 150), ARRAY['a', i::text], '2020-01-01', i FROM generate_series(1, %d) i", rows))
	expect(sums(0, squares), "0  ")
	run("COMMIT")

	run("BEGIN", "DECLARE c CURSOR FOR SELECT n FROM big WHERE n = 0", "FETCH 10 FROM c",
		"UPDATE big SET n = n + 1", "SAVEPOINT s", "UPDATE big SET n = n + 1, tags = array_append(tags, 'b')")
	expect(sums(2*n, squares), sums(0, squares))
	run("ROLLBACK TO s", fmt.Sprintf("UPDATE big SET u = %d - u", rows+1))
	expect(sums(n, crossed), sums(0, squares))
	got, err := conn.Exec(ctx, "FETCH ALL FROM c")
	require.NoError(t, err)
	assert.EqualValues(t, rows-10, got.RowsAffected(), "of a cursor from before")
	run("COMMIT")
	expect(sums(n, crossed), sums(n, crossed))

	run("BEGIN", "DELETE FROM big", fmt.Sprintf("INSERT INTO big SELECT i, 5, 'again', NULL, NULL, i FROM generate_series(1, %d) i", rows/2))
	require.Zero(t, count("SELECT count(*) FROM big WHERE n = 5"))
	run("COMMIT")
	require.EqualValues(t, rows/2, count("SELECT count(*) FROM big WHERE n = 5"))
	run("BEGIN", "TRUNCATE big", fmt.Sprintf("INSERT INTO big SELECT i, 7, 'last', NULL, NULL, i FROM generate_series(11, %d) i", rows/2+10), "COMMIT")
	require.EqualValues(t, rows/2, count("SELECT count(*) FROM big WHERE n = 7"))
	require.EqualValues(t, rows/2, count("SELECT count(*) FROM big"))
}

// livePeak is the most bytes that the collector has found alive while f runs.
func livePeak(f func()) (peak uint64) {
	stop, done := make(chan struct{}), make(chan struct{})
	live := func() {
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		metrics.Read(s)
		peak = max(peak, s[0].Value.Uint64())
	}
	go func() {
		defer close(done)
		for {
			select {
			case <-stop:
				return
			case <-time.After(time.Millisecond):
				live()
			}
		}
	}()
	f()
	close(stop)
	<-done
	runtime.GC()
	live()
	return peak
}
