package pgbench

import (
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/bench/section"
	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

var (
	run    = flag.Bool("pgbench", false, "run the comparison")
	scale  = flag.Int("scale", 1, "scale factor: 100,000 rows each")
	rounds = flag.Int("rounds", 3, "rounds of each measurement; the median counts")
	length = flag.Duration("length", 5*time.Second, "length of a round")
	write  = flag.String("write", "", "write the section pgbench of this page")
)

func TestMain(m *testing.M) {
	testserver.Main()
	os.Exit(m.Run())
}

// server is one of the two that are compared.
type server struct {
	t    *testing.T
	addr string
}

// TestPgbench measures. In an ordinary test run it only sees that all of it works:
// pgbench's own initialization and a few transactions.
func TestPgbench(t *testing.T) {
	if _, err := exec.LookPath("pgbench"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	ours := server{t, testserver.StartProcess(t, "file://"+t.TempDir()).Addr}
	ours.pgbench("--initialize", "--quiet", "--scale", strconv.Itoa(*scale))
	if !*run {
		ours.pgbench("--no-vacuum", "--select-only", "--client", "2", "--transactions", "100")
		return
	}
	theirs := server{t, pgserver.Start(t).Addr}
	theirs.pgbench("--initialize", "--quiet", "--scale", strconv.Itoa(*scale))
	page := measure(ours, theirs)
	t.Log(page)
	if *write != "" {
		require.NoError(t, section.Replace(*write, "pgbench", page))
	}
}

// pgbench runs the program on a server and returns what it says.
func (s server) pgbench(args ...string) string {
	s.t.Helper()
	host, port, err := net.SplitHostPort(s.addr)
	require.NoError(s.t, err)
	cmd := exec.Command("pgbench", args...)
	cmd.Env = append(os.Environ(), "PGHOST="+host, "PGPORT="+port, "PGUSER=postgres", "PGDATABASE=postgres", "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	require.NoError(s.t, err, "%s", out)
	return string(out)
}

var (
	tps        = regexp.MustCompile(`(?m)^tps = ([0-9.]+)`)
	connection = regexp.MustCompile(`average connection time = ([0-9.]+) ms`)
)

// figure runs pgbench and finds a number in what it says.
func (s server) figure(what *regexp.Regexp, args ...string) float64 {
	out := s.pgbench(append([]string{"--no-vacuum", "--select-only", "--scale", strconv.Itoa(*scale)}, args...)...)
	m := what.FindStringSubmatch(out)
	require.NotNil(s.t, m, "%s", out)
	n, err := strconv.ParseFloat(m[1], 64)
	require.NoError(s.t, err)
	return n
}

// warm reads every account once: into shared buffers there, into memory here.
func (s server) warm() {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, "postgres://postgres@"+s.addr+"/postgres?sslmode=disable")
	require.NoError(s.t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "SELECT sum(abalance), max(aid) FROM pgbench_accounts")
	require.NoError(s.t, err)
}

// compare lets the servers take turns and returns the medians.
func compare(ours, theirs server, what *regexp.Regexp, args ...string) (our, their float64) {
	var all [2][]float64
	for range *rounds {
		for i, s := range []server{ours, theirs} {
			all[i] = append(all[i], s.figure(what, args...))
		}
	}
	for i := range all {
		slices.Sort(all[i])
	}
	return all[0][*rounds/2], all[1][*rounds/2]
}

// measure writes the section.
func measure(ours, theirs server) string {
	ours.warm()
	theirs.warm()
	var b strings.Builder
	fmt.Fprintf(&b, "`pgbench --select-only` at scale %d over the embedded store, beside PostgreSQL 15, every account read once before; one run on\n", *scale)
	fmt.Fprintf(&b, "one machine that pgbench shares; the median of %d rounds of %v.\n\n", *rounds, *length)
	b.WriteString("| clients | protocol | ours, transactions/s | PostgreSQL | ours / PostgreSQL |\n|---|---|---|---|---|\n")
	seconds := strconv.Itoa(int(length.Seconds()))
	for _, clients := range []string{"1", "16"} {
		for _, mode := range []string{"simple", "extended", "prepared"} {
			our, their := compare(ours, theirs, tps, "--client", clients, "--jobs", "2", "--protocol", mode, "--time", seconds)
			fmt.Fprintf(&b, "| %s | %s | %.0f | %.0f | %.2f |\n", clients, mode, our, their, our/their)
		}
	}
	our, their := compare(ours, theirs, connection, "--connect", "--client", "1", "--time", seconds)
	fmt.Fprintf(&b, "\nA new connection takes %.2f ms, PostgreSQL's %.2f ms.\n", our, their)
	return b.String()
}
