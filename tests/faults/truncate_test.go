package faults

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestKilledTruncation kills a server at each of its writes of TRUNCATE over a bucket. Of
// what it had begun another one takes the rest away, after a lease, but no new row.
func TestKilledTruncation(t *testing.T) {
	g := grounds["fake"](t)
	p := g.start()
	halves := 0
	for n := 0; ; n++ {
		for _, after := range []bool{false, true} {
			what := fmt.Sprintf("killed at write %d, carried out: %v", n, after)
			conn := p.Connect(t)
			patiently(t, what, conn, stock)
			g.arm(t, p, n, after)
			err := define(conn, []string{`TRUNCATE thing, part`})
			if err == nil && !p.Ended() {
				g.disarm(t, p)
				require.NotZero(t, halves, "no kill has left a part of the rows")
				return
			}
			require.Eventually(t, p.Ended, 10*time.Second, time.Millisecond, what)
			g.proxy.set(nil)
			g.unlock(t)
			p = g.start()
			conn = p.Connect(t)
			testserver.Exec(t, conn, `INSERT INTO part VALUES (100, NULL)`)
			state := func() (rows, parts, added int) {
				require.NoError(t, conn.QueryRow(t.Context(), `SELECT (SELECT count(*) FROM thing), count(*), count(*) FILTER (WHERE id = 100) FROM part`).
					Scan(&rows, &parts, &added))
				return rows, parts, added
			}
			whole := func() bool {
				rows, parts, _ := state()
				return rows == 4 && parts == 2 || rows == 0 && parts == 1
			}
			if !whole() {
				halves++
				require.Eventually(t, whole, 20*time.Second, 100*time.Millisecond, what)
			}
			_, _, added := state()
			require.Equal(t, 1, added, what)
		}
	}
}
