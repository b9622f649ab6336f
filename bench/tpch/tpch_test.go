package tpch

import (
	"context"
	"embed"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/s3db-sql/s3db-sql/bench/section"
	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

var (
	run    = flag.Bool("tpch", false, "run the comparison")
	scale  = flag.Float64("scale", 0.1, "scale factor; 1 is about 8.7 million rows")
	rounds = flag.Int("rounds", 3, "runs of each query; the median counts")
	only   = flag.Int("query", 0, "run this query only")
	write  = flag.String("write", "", "write the section TPC-H of this page")
	limit  = flag.Duration("limit", 5*time.Minute, "the most that one query may take")
)

//go:embed schema.sql indexes.sql queries/*.sql
var files embed.FS

func TestMain(m *testing.M) {
	testserver.Main()
	os.Exit(m.Run())
}

// TestTPCH compares the answers and measures the times of both servers. At the
// scale of an ordinary test run it only compares.
func TestTPCH(t *testing.T) {
	sf := *scale
	if !*run {
		sf = 0.002
	}
	theirs := connect(t, pgserver.Start(t).URL("postgres"))
	process := testserver.StartProcess(t, "file://"+t.TempDir(), "--cache-memory", "1GB", "--work-mem", "256MB")
	ours := connect(t, "postgres://postgres@"+process.Addr+"/postgres?sslmode=disable")
	b := &bench{t: t, ours: ours, theirs: theirs}
	b.load(sf)
	for n := 1; n <= 22; n++ {
		if *only == 0 || *only == n {
			b.query(n)
		}
	}
	if !*run || t.Failed() {
		return
	}
	peak, err := process.PeakMemory()
	require.NoError(t, err)
	page := b.page(sf, peak, b.backendPeak())
	t.Log(page)
	if *write != "" {
		require.NoError(t, section.Replace(*write, "tpch", page))
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

type bench struct {
	t            *testing.T
	ours, theirs *pgx.Conn
	loaded       [2]time.Duration
	results      []result
}

type result struct {
	query        int
	ours, theirs time.Duration
	rows         int
}

// load makes the data twice, once for each server, as COPY reads it.
func (b *bench) load(sf float64) {
	for i, conn := range []*pgx.Conn{b.ours, b.theirs} {
		b.exec(conn, "schema.sql")
		start := time.Now()
		require.NoError(b.t, copyAll(conn.PgConn(), sf))
		b.loaded[i] = time.Since(start)
		if conn == b.theirs {
			b.exec(conn, "indexes.sql")
		}
		_, err := conn.Exec(context.Background(), "ANALYZE")
		require.NoError(b.t, err)
	}
}

// exec runs the statements of an embedded file.
func (b *bench) exec(conn *pgx.Conn, file string) {
	text, err := files.ReadFile(file)
	require.NoError(b.t, err)
	_, err = conn.Exec(context.Background(), string(text))
	require.NoError(b.t, err)
}

var tables = []string{"region", "nation", "supplier", "part", "partsupp", "customer", "orders", "lineitem"}

// copyAll makes the data anew for each table: the tables' rows come interleaved.
func copyAll(conn *pgconn.PgConn, sf float64) error {
	for _, table := range tables {
		out, in := io.Pipe()
		var g errgroup.Group
		g.Go(func() error {
			err := Generate(sf, 1, func(of, line string) error {
				if of != table {
					return nil
				}
				_, err := io.WriteString(in, line)
				return err
			})
			return in.CloseWithError(err)
		})
		_, err := conn.CopyFrom(context.Background(), out, "COPY "+table+" FROM STDIN")
		_ = out.CloseWithError(err)
		if gerr := g.Wait(); err == nil {
			err = gerr
		}
		if err != nil {
			return fmt.Errorf("%s: %w", table, err)
		}
	}
	return nil
}

func (b *bench) query(n int) {
	text, err := files.ReadFile(fmt.Sprintf("queries/q%02d.sql", n))
	require.NoError(b.t, err)
	sql := string(text)
	var answers [2][]string
	took := [2][]time.Duration{}
	times := 1
	if *run {
		times += *rounds // the first warms up
	}
	for round := range times {
		for i, conn := range []*pgx.Conn{b.ours, b.theirs} {
			start := time.Now()
			answers[i], err = ask(conn.PgConn(), sql)
			if err != nil {
				b.t.Errorf("query %d: %v", n, err)
				return
			}
			if round > 0 {
				took[i] = append(took[i], time.Since(start))
			}
		}
	}
	if !slices.Equal(answers[0], answers[1]) {
		b.t.Errorf("query %d: the answers differ:\ns3db-sql:\n%s\nPostgreSQL:\n%s", n, head(answers[0]), head(answers[1]))
	}
	if *run {
		r := result{query: n, ours: median(took[0]), theirs: median(took[1]), rows: len(answers[0])}
		b.t.Logf("query %2d: %8s, PostgreSQL %8s, %5.2f", n, ms(r.ours), ms(r.theirs), float64(r.ours)/float64(r.theirs))
		b.results = append(b.results, r)
	}
}

func head(rows []string) string { return strings.Join(rows[:min(len(rows), 10)], "\n") }

func ask(conn *pgconn.PgConn, sql string) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	results, err := conn.Exec(ctx, sql).ReadAll()
	if err != nil {
		return nil, err
	}
	var rows []string
	for _, r := range results[0].Rows {
		texts := make([]string, len(r))
		for i, v := range r {
			texts[i] = string(v)
		}
		rows = append(rows, strings.Join(texts, "|"))
	}
	return rows, nil
}

func median(d []time.Duration) time.Duration {
	slices.Sort(d)
	return d[len(d)/2]
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond)) }

// backendPeak is the most memory of the connection's PostgreSQL process, with the
// shared memory that it touched.
func (b *bench) backendPeak() int64 {
	peak, err := testserver.PeakMemory(int(b.theirs.PgConn().PID()))
	require.NoError(b.t, err)
	return peak
}

func (b *bench) page(sf float64, ours, theirs int64) string {
	var s strings.Builder
	fmt.Fprintf(&s, "TPC-H at scale %g, data in the embedded store (one object per row) and in PostgreSQL 15, both warm, one client, one\n"+
		"run on one machine; the median of %d runs. PostgreSQL has the indexes of bench/tpch/indexes.sql beside its primary keys;\n"+
		"ours declares none: it keeps the columns in memory (--cache-memory) and indexes them when a plan first wants that (ADR 9).\n"+
		"All answers are equal.\n\n", sf, *rounds)
	s.WriteString("| query | rows | ours | PostgreSQL | ours / PostgreSQL |\n|---|---|---|---|---|\n")
	product := 0.0
	for _, r := range b.results {
		ratio := float64(r.ours) / float64(r.theirs)
		product += math.Log(ratio)
		fmt.Fprintf(&s, "| %d | %d | %s | %s | %.2f |\n", r.query, r.rows, ms(r.ours), ms(r.theirs), ratio)
	}
	fmt.Fprintf(&s, "| geometric mean | | | | %.2f |\n\n", math.Exp(product/float64(len(b.results))))
	fmt.Fprintf(&s, "Loading by COPY: %.1f s, PostgreSQL %.1f s. Peak memory: server %d MB, PostgreSQL's one backend %d MB.\n",
		b.loaded[0].Seconds(), b.loaded[1].Seconds(), ours>>20, theirs>>20)
	return s.String()
}
