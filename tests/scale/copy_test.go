package scale

import (
	"bufio"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// maxCopyMemory is what the server's process may take while data stream in or
// out: rows go through in batches, and what undo needs is some 30 bytes a row.
const maxCopyMemory = 256 << 20

// TestCopy streams a table in, out, and in again with a bad last row, which takes
// everything back.
func TestCopy(t *testing.T) {
	rows := 100_000
	if long {
		rows = 1_000_000
	}
	srv := testserver.StartProcess(t, "file://"+t.TempDir(), "--cache-memory", "0")
	conn := srv.Connect(t)
	testserver.Exec(t, conn, "CREATE TABLE copied (id int PRIMARY KEY, name text, n bigint, note text)")
	start := time.Now()
	tag, err := conn.PgConn().CopyFrom(ctx, lines(1, rows, ""), "COPY copied FROM STDIN")
	require.NoError(t, err)
	assert.EqualValues(t, rows, tag.RowsAffected())
	t.Logf("copied %d rows in, in %v", rows, time.Since(start).Round(time.Millisecond))
	copyMemory(t, srv, "after COPY FROM")

	start = time.Now()
	var out counter
	_, err = conn.PgConn().CopyTo(ctx, &out, "COPY copied TO STDOUT")
	require.NoError(t, err)
	assert.EqualValues(t, rows, out)
	t.Logf("copied %d rows out, in %v", rows, time.Since(start).Round(time.Millisecond))
	copyMemory(t, srv, "after COPY TO")

	start = time.Now()
	_, err = conn.PgConn().CopyFrom(ctx, lines(rows+1, rows, "x\tbad\t1\t\n"), "COPY copied FROM STDIN")
	require.ErrorContains(t, err, `invalid input syntax for type integer: "x"`)
	t.Logf("took %d rows back, in %v", rows, time.Since(start).Round(time.Millisecond))
	copyMemory(t, srv, "after a COPY FROM that failed")
	var n int
	require.NoError(t, conn.QueryRow(ctx, "SELECT count(*) FROM copied").Scan(&n))
	assert.Equal(t, rows, n)
}

func copyMemory(t *testing.T, srv *testserver.Process, when string) {
	peak, err := srv.PeakMemory()
	require.NoError(t, err)
	t.Logf("peak memory %s: %d MB", when, peak>>20)
	assert.Less(t, peak, int64(maxCopyMemory), when)
}

// lines gives n rows of COPY's text format from a number on, then last.
func lines(from, n int, last string) io.Reader {
	r, w := io.Pipe()
	go func() {
		b := bufio.NewWriter(w)
		for i := from; i < from+n; i++ {
			fmt.Fprintf(b, "%d\tname %d\t%d\t%0100d\n", i, i, i*7, 0)
		}
		b.WriteString(last)
		b.Flush()
		w.Close()
	}()
	return r
}

// counter counts lines.
type counter int64

func (c *counter) Write(p []byte) (int, error) {
	for _, b := range p {
		if b == '\n' {
			*c++
		}
	}
	return len(p), nil
}
