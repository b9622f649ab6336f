package clients

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

var table = flag.String("suites.table", "", "a file to write a line for each client into: passed of total")

// suiteLimit is how long a client's suite may take on one server.
const suiteLimit = 5 * time.Minute

// TestSuites runs every client of suites/ against our server and against a real
// PostgreSQL: a suite expects what PostgreSQL does. suites/README.md says how one
// is made.
func TestSuites(t *testing.T) {
	runs, err := filepath.Glob("suites/*/run")
	require.NoError(t, err)
	require.NotEmpty(t, runs)
	oracle := pgserver.Start(t)
	lines := []string{"client\ts3db-sql\tPostgreSQL"}
	for _, run := range runs {
		s := suite{filepath.Dir(run)}
		t.Run(s.name(), func(t *testing.T) {
			var ours, theirs tally
			defer func() { lines = append(lines, fmt.Sprintf("%s\t%v\t%v", s.name(), ours, theirs)) }()
			s.need(t)
			var extra []string
			options, start := testserver.Options{}, func(t *testing.T) (addr, database string) {
				return oracle.Addr, newDatabase(t, oracle, s.name())
			}
			if s.has("secure") {
				extra, options, start = secure(t)
			}
			t.Run("s3db-sql", func(t *testing.T) {
				ours = s.run(t, testserver.Start(t, options).Addr, "postgres", extra)
			})
			t.Run("PostgreSQL", func(t *testing.T) {
				addr, database := start(t)
				theirs = s.run(t, addr, database, extra)
			})
		})
	}
	if *table != "" {
		require.NoError(t, writeTable(*table, lines))
	}
}

// suite is the folder of a client.
type suite struct{ dir string }

func (s suite) name() string { return filepath.Base(s.dir) }

func (s suite) has(file string) bool {
	_, err := os.Stat(filepath.Join(s.dir, file))
	return err == nil
}

// need skips where what the client is made of is not installed. On CI it is: a
// missing client is a failure there.
func (s suite) need(t *testing.T) {
	t.Helper()
	check, err := filepath.Abs(filepath.Join(s.dir, "needs"))
	require.NoError(t, err)
	if _, err := os.Stat(check); os.IsNotExist(err) {
		return
	}
	cmd := exec.Command(check)
	cmd.Dir, cmd.Env = s.dir, s.environment(t)
	out, err := cmd.CombinedOutput()
	if err == nil {
		return
	}
	missing := fmt.Sprintf("%s is not installed (scripts/install-clients.sh %[1]s): %v\n%s", s.name(), err, out)
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
}

// environment is ours and the folder where scripts/install-clients.sh put what
// comes from a registry.
func (s suite) environment(t *testing.T) []string {
	root := os.Getenv("S3DB_TEST_CLIENTS")
	if root == "" {
		cache, err := os.UserCacheDir()
		require.NoError(t, err)
		root = filepath.Join(cache, "s3db-sql", "clients")
	}
	return append(os.Environ(), "SUITE_CACHE="+filepath.Join(root, s.name()), "TZ=UTC", "LC_ALL=C.UTF-8")
}

// run lets the client loose on a server and counts what it says.
func (s suite) run(t *testing.T, addr, database string, extra []string) tally {
	host, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), suiteLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, "./run")
	cmd.Dir = s.dir
	cmd.Env = append(s.environment(t), "PGHOST="+host, "PGPORT="+port, "PGUSER=postgres", "PGPASSWORD=unused", "PGDATABASE="+database)
	cmd.Env = append(cmd.Env, extra...)
	cmd.WaitDelay = 5 * time.Second
	var out, diagnostics bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &diagnostics
	err = cmd.Run()
	got := readTAP(out.String())
	if err != nil || !got.all() {
		t.Errorf("%v, %v\n%s\n%s", got, err, out.String(), diagnostics.String())
	}
	return got
}

// tally counts the checks of a suite. A suite that says no plan ended early. Failures
// that it names as known, with "# TODO why", are told and do not fail the test.
type tally struct{ passed, failed, known, planned int }

func (c tally) all() bool { return c.failed == 0 && c.planned > 0 && c.passed+c.known == c.planned }

func (c tally) String() string {
	return fmt.Sprintf("%d/%d", c.passed, max(c.planned, c.passed+c.failed+c.known))
}

var tapLine = regexp.MustCompile(`(?m)^(ok|not ok|1\.\.(\d+))\b(?:.*# (TODO) .)?`)

// readTAP counts the lines of the Test Anything Protocol.
func readTAP(text string) (c tally) {
	for _, m := range tapLine.FindAllStringSubmatch(text, -1) {
		switch {
		case m[1] == "ok":
			c.passed++
		case m[1] == "not ok" && m[3] != "":
			c.known++
		case m[1] == "not ok":
			c.failed++
		default:
			c.planned, _ = strconv.Atoi(m[2])
		}
	}
	return c
}

// newDatabase makes an empty database for a suite.
func newDatabase(t *testing.T, oracle *pgserver.Server, name string) string {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, oracle.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	require.NoError(t, err)
	return name
}

func writeTable(path string, lines []string) error {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(lines, "\n"))
	if err := w.Flush(); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
