package clients

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestRestore carries databases between s3db-sql and PostgreSQL by dumps, in both
// directions and in every form that pg_dump has: what is there after a restore
// dumps as PostgreSQL dumps the original.
func TestRestore(t *testing.T) {
	needPsql(t)
	oracle := pgserver.Start(t)
	theirs := func(t *testing.T) database {
		return address(t, oracle.Addr, newDatabase(t, oracle, t.Name()))
	}
	ours := func(t *testing.T) database {
		return address(t, testserver.Start(t, testserver.Options{}).Addr, "postgres")
	}
	for _, o := range []struct {
		name    string
		scripts []string
	}{
		{"rich", []string{"suites/_lib/rich.sql", "suites/_lib/rich_rows.sql"}},
		{"corners", []string{"testdata/restore/corners.sql"}},
	} {
		t.Run(o.name, func(t *testing.T) {
			original := theirs(t).load(t, o.scripts)
			want := original.dump(t)
			t.Run("from s3db-sql", func(t *testing.T) {
				eachForm(t, ours(t).load(t, o.scripts), theirs, want)
			})
			t.Run("from PostgreSQL", func(t *testing.T) { eachForm(t, original, ours, want) })
		})
	}
}

// forms are ways to carry a database: the options of a dump, for psql or for
// pg_restore.
var forms = []struct {
	name    string
	dump    []string
	restore []string // of pg_restore; nil for psql
}{
	{"plain", nil, nil},
	{"clean", []string{"--clean", "--if-exists"}, nil},
	{"inserts", []string{"--inserts", "--rows-per-insert=3"}, nil},
	{"column_inserts", []string{"--column-inserts", "--on-conflict-do-nothing"}, nil},
	{"quoted", []string{"--quote-all-identifiers", "--no-owner", "--use-set-session-authorization"}, nil},
	{"custom", []string{"-Fc"}, []string{}},
	{"custom_clean", []string{"-Fc"}, []string{"--clean", "--if-exists"}},
	{"tar", []string{"-Ft"}, []string{"--single-transaction"}},
	{"directory", []string{"-Fd"}, []string{"-j", "2"}},
}

func eachForm(t *testing.T, from database, target func(t *testing.T) database, want string) {
	for _, f := range forms {
		t.Run(f.name, func(t *testing.T) {
			to, file := target(t), filepath.Join(t.TempDir(), "dump")
			from.run(t, "pg_dump", append([]string{"-f", file}, f.dump...)...)
			if f.restore == nil {
				to.run(t, "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", file)
			} else {
				to.run(t, "pg_restore", append(append([]string{"-e", "-d", to.name}, f.restore...), file)...)
			}
			require.Equal(t, want, to.dump(t))
		})
	}
	t.Run("parts", func(t *testing.T) {
		to := target(t)
		for _, part := range []string{"--section=pre-data", "--data-only", "--section=post-data"} {
			file := filepath.Join(t.TempDir(), "part")
			from.run(t, "pg_dump", part, "-f", file)
			to.run(t, "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", file)
		}
		require.Equal(t, want, to.dump(t))
	})
}

// database is one of a server, whose user is postgres.
type database struct{ host, port, name string }

func address(t *testing.T, addr, name string) database {
	host, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	return database{host, port, name}
}

// run runs a program of PostgreSQL's and returns what it says.
func (d database) run(t *testing.T, program string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), suiteLimit)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = append(os.Environ(), "PGHOST="+d.host, "PGPORT="+d.port, "PGUSER=postgres", "PGDATABASE="+d.name, "PGTZ=UTC", "PGOPTIONS=-c client_min_messages=error", "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s %v: %s", program, args, out)
	return string(out)
}

func (d database) load(t *testing.T, scripts []string) database {
	for _, s := range scripts {
		d.run(t, "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", s)
	}
	return d
}

// unlike are the lines of a dump that differ from run to run.
var unlike = regexp.MustCompile(`(?m)^(\\(un)?restrict |-- Dumped (by|from) ).*\n`)

// dump is the database as text. Its rows are sorted: a table has no order.
func (d database) dump(t *testing.T) string {
	return plainBodies(sortRows(unlike.ReplaceAllString(d.run(t, "pg_dump"), "")))
}

var (
	atomic = regexp.MustCompile(`(?ms)^    BEGIN ATOMIC\n.*?^END;$`)
	layout = regexp.MustCompile(`[\s()]+`)
)

// plainBodies takes line ends and parentheses out of SQL-standard bodies: PostgreSQL
// writes them anew, s3db-sql as they were written.
func plainBodies(dump string) string {
	return atomic.ReplaceAllStringFunc(dump, func(body string) string {
		return strings.ReplaceAll(layout.ReplaceAllString(body, " "), " ;", ";")
	})
}

var copied = regexp.MustCompile(`(?ms)^(COPY [^\n]* FROM stdin;\n)(.*?)^\\\.\n`)

// sortRows orders the rows of each COPY.
func sortRows(dump string) string {
	return copied.ReplaceAllStringFunc(dump, func(block string) string {
		m := copied.FindStringSubmatch(block)
		rows := strings.SplitAfter(m[2], "\n")
		slices.Sort(rows)
		return m[1] + strings.Join(rows, "") + "\\.\n"
	})
}
