package bench

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

var (
	sideBySide = flag.Bool("sidebyside", false, "run the comparison")
	write      = flag.String("write", "", "write it as a page to this file")
	rounds     = flag.Int("rounds", 5, "rounds of each measurement; the median counts")
	rows       = flag.Int("rows", 5000, "rows of the bulk load and the scan")
)

// concurrency of the bulk load and the scan: what the server uses by default
// for one statement (half of --s3-concurrency).
const concurrency = 64

// each calls f for 0 … n-1, concurrency at a time.
func each(concurrency, n int, f func(i int) error) error {
	var next atomic.Int64
	var g errgroup.Group
	for range concurrency {
		g.Go(func() error {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := f(i); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return g.Wait()
}

// result is one round of one side.
type result struct {
	p50, p99 time.Duration // of single operations; 0 for bulk ones
	perSec   float64
	requests string
}

// measurement is one line of the table.
type measurement struct {
	name      string
	goal      float64 // how much slower ours may be
	latency   bool    // compare p50, not the rate
	ours, raw func(round int) (result, error)
}

// timed runs n operations, concurrency at a time, and returns their latencies.
func timed(concurrency, n int, f func(i int) error) (result, error) {
	took := make([]time.Duration, n)
	start := time.Now()
	err := each(concurrency, n, func(i int) error {
		began := time.Now()
		err := f(i)
		took[i] = time.Since(began)
		return err
	})
	total := time.Since(start)
	slices.Sort(took)
	return result{p50: took[n/2], p99: took[n*99/100], perSec: float64(n) / total.Seconds()}, err
}

// world is the S3 server and both sides.
type world struct {
	t       *testing.T
	gateway *s3test.Server
	server  *testserver.Server
	pool    chan *pgx.Conn
	raw     *sdk
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, gateway: s3test.Versitygw(t)}
	w.server = testserver.Start(t, testserver.Options{Store: w.gateway.Location("ours")})
	w.pool = make(chan *pgx.Conn, 16)
	for range cap(w.pool) {
		w.pool <- w.server.Connect(t)
	}
	w.raw = newSDK(w.gateway, "raw")
	w.exec("CREATE TABLE point (id text PRIMARY KEY, name text, n int, at timestamptz, note text)")
	w.exec("INSERT INTO point SELECT lpad(i::text, 8, '0'), 'name ' || i, i, now(), repeat('x', 150) FROM generate_series(0, 999) i")
	w.raw.like(t, w.gateway, "ours", "resource=point/data/")
	require.NoError(t, each(16, 1000, func(i int) error { return w.raw.put(t.Context(), rowID(i)) }))
	return w
}

// with lends a connection.
func (w *world) with(f func(*pgx.Conn) error) error {
	conn := <-w.pool
	defer func() { w.pool <- conn }()
	return f(conn)
}

func (w *world) exec(sql string) {
	require.NoError(w.t, w.with(func(conn *pgx.Conn) error {
		_, err := conn.Exec(w.t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		return err
	}), sql)
}

// counted adds to a result what the server asked of the store meanwhile.
func counted(s *testserver.Server, f func() (result, error)) (result, error) {
	before := s.Meter.Usage()
	r, err := f()
	r.requests = describe(s.Meter.Usage().Sub(before))
	return r, err
}

func describe(u objstore.Usage) string {
	var parts []string
	for kind, n := range u.Requests {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", objstore.Request(kind), n))
		}
	}
	return strings.Join(parts, ", ")
}

func (w *world) points(c int) measurement {
	const n = 1000
	return measurement{
		name: fmt.Sprintf("point SELECT, %d at a time", c), goal: 1.5, latency: true,
		ours: func(int) (result, error) {
			return counted(w.server, func() (result, error) {
				return timed(c, n, func(i int) error {
					return w.with(func(conn *pgx.Conn) error {
						var name string
						return conn.QueryRow(w.t.Context(), "SELECT name FROM point WHERE id = $1", rowID(i)).Scan(&name)
					})
				})
			})
		},
		raw: func(int) (result, error) {
			r, err := timed(c, n, func(i int) error { return w.raw.get(w.t.Context(), rowID(i)) })
			r.requests = fmt.Sprintf("GET %d", n)
			return r, err
		},
	}
}

func (w *world) inserts(c int) measurement {
	const n = 500
	return measurement{
		name: fmt.Sprintf("INSERT of one row, %d at a time", c), goal: 1.5, latency: true,
		ours: func(round int) (result, error) {
			return counted(w.server, func() (result, error) {
				return timed(c, n, func(i int) error {
					return w.with(func(conn *pgx.Conn) error {
						_, err := conn.Exec(w.t.Context(), "INSERT INTO point VALUES ($1, $2, $3, $4, $5)",
							fmt.Sprintf("i%d-%d-%d", c, round, i), "name", i, time.Now(), strings.Repeat("x", 150))
						return err
					})
				})
			})
		},
		raw: func(round int) (result, error) {
			r, err := timed(c, n, func(i int) error { return w.raw.put(w.t.Context(), fmt.Sprintf("i%d-%d-%d", c, round, i)) })
			r.requests = fmt.Sprintf("PUT %d", n)
			return r, err
		},
	}
}

// rate is a bulk operation's result.
func rate(n int, f func() error) (result, error) {
	start := time.Now()
	err := f()
	return result{perSec: float64(n) / time.Since(start).Seconds()}, err
}

// bulk loads rows in statements of 1,000.
func (w *world) bulk() measurement {
	values := make([]string, 1000)
	return measurement{
		name: fmt.Sprintf("bulk INSERT, 1,000 rows a statement, %d requests at a time", concurrency), goal: 1.25,
		ours: func(round int) (result, error) {
			w.exec(fmt.Sprintf("CREATE TABLE bulk%d (id text PRIMARY KEY, name text, n int, at timestamptz, note text)", round))
			return counted(w.server, func() (result, error) {
				return rate(*rows, func() error {
					for from := 0; from < *rows; from += len(values) {
						for i := range values {
							values[i] = fmt.Sprintf("('%s', 'name %d', %d, now(), '%s')", rowID(from+i), i, i, strings.Repeat("x", 150))
						}
						w.exec(fmt.Sprintf("INSERT INTO bulk%d VALUES %s", round, strings.Join(values, ", ")))
					}
					return nil
				})
			})
		},
		raw: func(round int) (result, error) {
			to := w.raw.below(fmt.Sprint("rawbulk", round))
			r, err := rate(*rows, func() error {
				return each(concurrency, *rows, func(i int) error { return to.put(w.t.Context(), rowID(i)) })
			})
			r.requests = fmt.Sprintf("PUT %d", *rows)
			return r, err
		},
	}
}

// scan reads what bulk's first round wrote, by a server that has seen nothing
// of it.
func (w *world) scan() measurement {
	return measurement{
		name: fmt.Sprintf("cold full scan, %d requests at a time", concurrency), goal: 1.25,
		ours: func(int) (result, error) {
			cold, err := testserver.TryStart(testserver.Options{Store: w.gateway.Location("ours")})
			if err != nil {
				return result{}, err
			}
			defer cold.Stop()
			conn, err := pgx.Connect(w.t.Context(), cold.URL("postgres"))
			if err != nil {
				return result{}, err
			}
			defer conn.Close(context.Background())
			return counted(cold, func() (result, error) { return rate(*rows, func() error { return readAll(w.t.Context(), conn) }) })
		},
		raw: func(int) (result, error) {
			from := w.raw.below("rawbulk0")
			r, err := rate(*rows, func() error {
				n, err := from.scan(w.t.Context(), concurrency)
				if err == nil && n != *rows {
					err = fmt.Errorf("%d rows", n)
				}
				return err
			})
			r.requests = fmt.Sprintf("GET %d, LIST %d", *rows, (*rows+999)/1000)
			return r, err
		},
	}
}

func readAll(ctx context.Context, conn *pgx.Conn) error {
	read, err := conn.Query(ctx, "SELECT * FROM bulk0")
	if err != nil {
		return err
	}
	n := 0
	for read.Next() {
		n++
	}
	if read.Err() == nil && n != *rows {
		return fmt.Errorf("%d rows", n)
	}
	return read.Err()
}

// TestSideBySide prints the comparison. It fails only on errors: goals are for
// people, machines differ.
func TestSideBySide(t *testing.T) {
	if !*sideBySide && *write == "" {
		t.Skip("run by make bench")
	}
	w := newWorld(t)
	var lines []string
	for _, m := range []measurement{w.points(1), w.points(16), w.inserts(1), w.inserts(16), w.bulk(), w.scan()} {
		ours, raw := m.run(t)
		lines = append(lines, m.row(ours, raw))
		t.Log(lines[len(lines)-1])
	}
	page := fmt.Sprintf(header, *rounds, *rows, runtime.NumCPU(), runtime.Version()) + strings.Join(lines, "\n") + "\n"
	if *write != "" {
		require.NoError(t, os.WriteFile(*write, []byte(page+otherSections(*write)), 0o644))
	}
}

const header = `# Benchmarks

<!-- Written by make bench; do not edit. -->

Ours (pgx → s3db-sql → S3) beside a raw loop of the AWS SDK for Go, against the same versitygw on the same machine in one
run, at equal concurrency; client, server and S3 share its processors. Objects are of equal shape. Median of %d rounds,
taken in turns; bulk load and scan have %d rows. %d processors, %s.

| what | ours | AWS SDK | ours / SDK | goal | requests, ours | requests, SDK |
|---|---|---|---|---|---|---|
`

// run takes turns; a first round of each warms up.
func (m measurement) run(t *testing.T) (ours, raw result) {
	var all [2][]result
	for round := range *rounds {
		for side, f := range []func(int) (result, error){m.ours, m.raw} {
			r, err := f(round)
			require.NoError(t, err, m.name)
			all[side] = append(all[side], r)
		}
	}
	return median(all[0]), median(all[1])
}

func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return int(b.perSec*1000) - int(a.perSec*1000) })
	return rs[len(rs)/2]
}

func (m measurement) row(ours, raw result) string {
	show, ratio := showRate, raw.perSec/ours.perSec
	if m.latency {
		show, ratio = showLatency, float64(ours.p50)/float64(raw.p50)
	}
	return fmt.Sprintf("| %s | %s | %s | %.2f | %.2f | %s | %s |", m.name, show(ours), show(raw), ratio, m.goal, ours.requests, raw.requests)
}

func showRate(r result) string { return fmt.Sprintf("%.0f rows/s", r.perSec) }

func showLatency(r result) string {
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return fmt.Sprintf("p50 %.2f ms, p99 %.2f ms, %.0f/s", ms(r.p50), ms(r.p99), r.perSec)
}

// otherSections are what other benchmarks have written into the page, behind ours.
func otherSections(path string) string {
	old, err := os.ReadFile(path)
	if err != nil {
		return ""
	}
	_, rest, ok := strings.Cut(string(old), "\n## ")
	if !ok {
		return ""
	}
	return "\n## " + rest
}
