package catalog

import (
	"context"
	"embed"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/bench/section"
	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

var (
	run    = flag.Bool("catalog", false, "measure")
	tables = flag.Int("tables", 1000, "tables of the database that is measured")
	rounds = flag.Int("rounds", 15, "runs of each client's statements; the median counts")
	write  = flag.String("write", "", "write the section Catalog of this page")
)

//go:embed statements/*.sql
var files embed.FS

var ctx = context.Background()

func TestMain(m *testing.M) {
	testserver.Main()
	os.Exit(m.Run())
}

// statement is what a client asks.
type statement struct{ name, sql string }

// statements of a file: sections that begin with "== name". {oid} is the oid of
// table one.
func statements(t testing.TB, file string, oid uint32) []statement {
	text, err := files.ReadFile(file)
	require.NoError(t, err)
	var out []statement
	for _, s := range strings.Split(string(text), "\n== ")[1:] {
		name, sql, _ := strings.Cut(s, "\n")
		sql = strings.ReplaceAll(strings.TrimSpace(sql), "{oid}", fmt.Sprint(oid))
		out = append(out, statement{name, strings.TrimSuffix(sql, ";")})
	}
	return out
}

// create makes so many tables, one of them named one.
func create(t testing.TB, conn *pgx.Conn, n int) {
	var b strings.Builder
	for i := range n {
		name := fmt.Sprintf("t%04d", i)
		if i == n/2 {
			name = "one"
		}
		fmt.Fprintf(&b, "CREATE TABLE %s (id int PRIMARY KEY, name text NOT NULL DEFAULT 'x', email text UNIQUE, qty int CHECK (qty >= 0), at timestamptz DEFAULT now(),"+
			" price numeric(10,2), owner int, note varchar(40), flag bool DEFAULT true, doc jsonb);", name)
		if i%5 == 0 && i > 0 {
			fmt.Fprintf(&b, "ALTER TABLE %s ADD FOREIGN KEY (owner) REFERENCES t0001 (id); COMMENT ON COLUMN %[1]s.note IS 'what there is to say';", name)
		}
	}
	_, err := conn.Exec(ctx, b.String(), pgx.QueryExecModeSimpleProtocol)
	require.NoError(t, err)
}

func oidOfOne(t testing.TB, conn *pgx.Conn) (oid uint32) {
	require.NoError(t, conn.QueryRow(ctx, "SELECT 'one'::regclass::oid").Scan(&oid))
	return oid
}

// reading are the statements that read all rows of a relation, and why.
var reading = map[string]string{
	"psql.sql 7: pg_constraint":        "confrelid IN (SELECT …): PostgreSQL reads all of pg_constraint too",
	"pgjdbc.sql 9: pg_class":           "pg_index is in a subquery that returns sets: PostgreSQL reads all of it too",
	"orm.sql information_schema: keys": "constraint_column_usage is joined by the constraint's name alone",
}

// TestOneTable: what asks about one table makes the rows that it needs, however many
// tables there are, and no request.
func TestOneTable(t *testing.T) {
	var counts []map[string]int
	for _, n := range []int{30, 90} {
		conn := testserver.Start(t, testserver.Options{}).Connect(t)
		create(t, conn, n)
		made := map[string]int{}
		for _, file := range []string{"statements/psql.sql", "statements/pgjdbc.sql", "statements/orm.sql"} {
			for _, s := range statements(t, file, oidOfOne(t, conn)) {
				made[path.Base(file)+" "+s.name] = rowsMade(t, conn, s)
			}
		}
		counts = append(counts, made)
	}
	for name, n := range counts[1] {
		if reading[name] != "" {
			assert.NotEqual(t, counts[0][name], n, "%s is no exception", name)
			continue
		}
		assert.Equal(t, counts[0][name], n, "%s: rows of the catalog that it makes with 30 and with 90 tables", name)
	}
}

// rowsMade runs a statement and counts the rows that its catalog scans made.
func rowsMade(t *testing.T, conn *pgx.Conn, s statement) int {
	var text []byte
	require.NoError(t, conn.QueryRow(ctx, "EXPLAIN (ANALYZE, FORMAT JSON) "+s.sql).Scan(&text), s.name)
	var plans []map[string]any
	require.NoError(t, json.Unmarshal(text, &plans))
	assert.Zero(t, plans[0]["S3"].(map[string]any)["Requests"], s.name)
	return fetched(plans[0]["Plan"])
}

func fetched(node any) int {
	n := 0
	m, _ := node.(map[string]any)
	if rows, ok := m["Rows Fetched"].(float64); ok {
		n += int(rows)
	}
	children, _ := m["Plans"].([]any)
	for _, c := range children {
		n += fetched(c)
	}
	return n
}

// TestTimes measures the statements of each client beside PostgreSQL.
func TestTimes(t *testing.T) {
	if !*run {
		t.Skip("measures with -catalog")
	}
	process := testserver.StartProcess(t, "memory://")
	conns := []*pgx.Conn{connect(t, "postgres://postgres@"+process.Addr+"/postgres?sslmode=disable"), connect(t, pgserver.Start(t).URL("postgres"))}
	for _, conn := range conns {
		create(t, conn, *tables)
	}
	names, err := fs.Glob(files, "statements/*.sql")
	require.NoError(t, err)
	var page strings.Builder
	fmt.Fprintf(&page, "A database of %d tables; all statements of a client, one after the other, in simple queries; the median of %d runs.\n\n"+
		"| client | statements | s3db-sql | PostgreSQL | slowest here |\n|---|---|---|---|---|\n", *tables, *rounds)
	for _, file := range names {
		ours, slowest := measure(t, conns[0], file)
		theirs, _ := measure(t, conns[1], file)
		fmt.Fprintf(&page, "| %s | %d | %s | %s | %s |\n", strings.TrimSuffix(path.Base(file), ".sql"), len(statements(t, file, 1)), ms(ours), ms(theirs), slowest)
	}
	t.Log("\n" + page.String())
	if *write != "" {
		require.NoError(t, section.Replace(*write, "catalog", page.String()))
	}
}

func connect(t *testing.T, url string) *pgx.Conn {
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(ctx) })
	return conn
}

// measure returns the median time of all statements of a file, and which takes most
// of it.
func measure(t *testing.T, conn *pgx.Conn, file string) (total time.Duration, slowest string) {
	var longest time.Duration
	for _, s := range statements(t, file, oidOfOne(t, conn)) {
		var took []time.Duration
		for range *rounds {
			start := time.Now()
			_, err := conn.PgConn().Exec(ctx, s.sql).ReadAll()
			require.NoError(t, err, s.name)
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		median := took[len(took)/2]
		if total += median; median > longest {
			longest, slowest = median, s.name+" "+ms(median)
		}
	}
	return total, slowest
}

func ms(d time.Duration) string { return fmt.Sprintf("%.1f ms", float64(d.Microseconds())/1000) }
