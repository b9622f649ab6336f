package scale

import (
	"context"
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

func TestMain(m *testing.M) {
	testserver.Main()
	os.Exit(m.Run())
}

var (
	ctx  = context.Background()
	long = os.Getenv("S3DB_TEST_LONG") == "1"
)

// maxMemory is what the server's process may take while it reads any table.
const maxMemory = 512 << 20

// TestLargeTable loads and reads a table on the embedded store.
func TestLargeTable(t *testing.T) {
	rows := 100_000
	if long {
		rows = 1_000_000
	}
	srv := testserver.StartProcess(t, "file://"+t.TempDir())
	conn := srv.Connect(t)
	testserver.Exec(t, conn, "CREATE TABLE big (id int PRIMARY KEY, name text, n bigint, note text)")
	start := time.Now()
	for from := 0; from < rows; from += 50_000 {
		testserver.Exec(t, conn, fmt.Sprintf(
			"INSERT INTO big SELECT i, 'name ' || i, i * 7, repeat('x', 100) FROM generate_series(%d, %d) AS i", from+1, from+50_000))
	}
	t.Logf("loaded %d rows in %v", rows, time.Since(start).Round(time.Millisecond))
	memory(t, srv, "after the load")

	start = time.Now()
	n, sum := 0, int64(0)
	var id int32
	var name, note string
	var times7 int64
	read, err := conn.Query(ctx, "SELECT * FROM big")
	require.NoError(t, err)
	_, err = pgx.ForEachRow(read, []any{&id, &name, &times7, &note}, func() error {
		n++
		sum += int64(id)
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, rows, n)
	assert.Equal(t, int64(rows)*int64(rows+1)/2, sum)
	t.Logf("read %d rows in %v", rows, time.Since(start).Round(time.Millisecond))
	memory(t, srv, "after the scan")

	var count, total int64
	require.NoError(t, conn.QueryRow(ctx, "SELECT count(*), sum(n) FROM big WHERE id % 2 = 0").Scan(&count, &total))
	assert.EqualValues(t, rows/2, count)
	require.NoError(t, conn.QueryRow(ctx, "SELECT name FROM big ORDER BY n DESC LIMIT 1").Scan(&name))
	assert.Equal(t, fmt.Sprint("name ", rows), name)
	memory(t, srv, "after aggregates and a sort with LIMIT")

	assert.LessOrEqual(t, requests(t, conn, "SELECT * FROM big LIMIT 10"), 11, "a page and ten rows at most")
	assert.LessOrEqual(t, requests(t, conn, "SELECT * FROM big WHERE id > 10 LIMIT 10"), 12)
}

// memory holds the server's peak to the limit.
func memory(t *testing.T, srv *testserver.Process, when string) {
	peak, err := srv.PeakMemory()
	require.NoError(t, err)
	t.Logf("peak memory %s: %d MB", when, peak>>20)
	assert.Less(t, peak, int64(maxMemory), when)
}

var totalRequests = regexp.MustCompile(`^\s*S3: (\d+) requests?`)

// requests is how many requests EXPLAIN ANALYZE says that a query made.
func requests(t *testing.T, conn *pgx.Conn, sql string) int {
	rows, err := conn.Query(ctx, "EXPLAIN ANALYZE "+sql)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for _, l := range lines {
		if m := totalRequests.FindStringSubmatch(l); m != nil {
			n, err := strconv.Atoi(m[1])
			require.NoError(t, err)
			return n
		}
	}
	t.Fatalf("EXPLAIN ANALYZE does not say the requests: %q", lines)
	return 0
}
