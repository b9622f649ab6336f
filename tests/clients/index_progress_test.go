package clients

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// TestMaintenanceProgress reads in another session how far REINDEX, VERIFY RESOURCE and
// ROTATE SECRET have come.
func TestMaintenanceProgress(t *testing.T) {
	ctx := context.Background()
	server := testserver.Start(t, testserver.Options{Store: s3fake.New(t, clock.System).Location("s3db")})
	url := "postgres://postgres@" + server.Addr + "/s3db"
	open := func() *pgx.Conn {
		c, err := pgx.Connect(ctx, url)
		require.NoError(t, err)
		t.Cleanup(func() { _ = c.Close(ctx) })
		return c
	}
	worker, watcher := open(), open()
	for _, sql := range []string{
		"CREATE RESOURCE progress (city 'string|optional', pin 'secret|optional')", "CREATE INDEX by_city ON progress (city)",
		"INSERT INTO progress (id, city) SELECT 'r' || i, 'c' || i % 7 FROM generate_series(1, 3000) i",
	} {
		if _, err := worker.Exec(ctx, sql); err != nil {
			t.Fatal(sql, err)
		}
	}
	for _, c := range []struct{ run, seen string }{
		{"REINDEX TABLE progress", `SELECT command = 'REINDEX' AND index_relid <> 0 AND tuples_done > 0 AND tuples_total >= tuples_done FROM pg_stat_progress_create_index WHERE relid = 'progress'::regclass`},
		{"VERIFY RESOURCE progress", `SELECT command = 'VERIFY RESOURCE' AND tuples_done > 0 FROM pg_stat_progress_create_index WHERE relid = 'progress'::regclass`},
		{"ALTER RESOURCE progress ROTATE SECRET", `SELECT heap_blks_scanned > 0 FROM pg_stat_progress_vacuum WHERE relid = 'progress'::regclass`},
	} {
		stop, ended := make(chan struct{}), make(chan error, 1)
		go func() {
			for {
				_, err := worker.Exec(ctx, c.run)
				select {
				case <-stop:
					ended <- err
					return
				default:
				}
			}
		}()
		require.Eventually(t, func() bool {
			var ok bool
			return watcher.QueryRow(ctx, c.seen).Scan(&ok) == nil && ok
		}, 30*time.Second, time.Millisecond, c.run)
		close(stop)
		require.NoError(t, <-ended, c.run)
		var n int
		require.NoError(t, watcher.QueryRow(ctx, "SELECT (SELECT count(*) FROM pg_stat_progress_create_index) + (SELECT count(*) FROM pg_stat_progress_vacuum)").Scan(&n))
		require.Zero(t, n)
	}
}
