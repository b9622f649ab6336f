package exec_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

// The golden files hold statements with a real PostgreSQL's answers; -update
// asks it again. Every file starts from schema.sql and data.sql.
var (
	update = flag.Bool("update", false, "rewrite testdata from the PostgreSQL at -oracle")
	oracle = flag.String("oracle", "postgres://postgres@127.0.0.1:5999/postgres?sslmode=disable", "the PostgreSQL for -update")
)

// goldenCase is a statement and its answer; rows are sorted unless the statement
// says ORDERED in a comment.
type goldenCase struct{ comment, sql, want string }

func readGolden(t testing.TB, path string) []goldenCase {
	var out []goldenCase
	for _, block := range strings.Split(readFile(t, path), "\n\n") {
		block = strings.Trim(block, "\n")
		if block == "" {
			continue
		}
		var c goldenCase
		for strings.HasPrefix(block, "#") {
			line, rest, _ := strings.Cut(block, "\n")
			c.comment += line + "\n"
			block = rest
		}
		c.sql, c.want, _ = strings.Cut(block+"\n", "\n----\n")
		c.sql, c.want = strings.TrimSuffix(c.sql, "\n"), strings.TrimSuffix(c.want, "\n")
		out = append(out, c)
	}
	return out
}

// variants are the executor's circumstances that must not change an answer.
var variants = []struct {
	name      string
	batchSize int
	workMem   int64
	workers   int
}{
	{"batch 1024", 1024, 0, 0},
	{"batch 3", 3, 0, 3},
	{"batch 1", 1, 0, 0},
	{"batch 3, spilling", 3, 2500, 0},
	{"batch 64, spilling", 64, 600, 2},
}

func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	if *update {
		updateGolden(t, paths)
	}
	defer exec.AlwaysParallel()()
	for _, path := range paths {
		cases := readGolden(t, path)
		for _, v := range variants {
			t.Run(strings.TrimSuffix(filepath.Base(path), ".txt")+"/"+v.name, func(t *testing.T) {
				db := loadedDB(t)
				db.env.BatchSize, db.env.WorkMem, db.env.TempDir, db.env.Workers = v.batchSize, v.workMem, t.TempDir(), v.workers
				for _, c := range cases {
					if c.sql == "" || missing(c.comment) {
						continue
					}
					if got := db.text(c.sql); got != c.want {
						t.Errorf("%s\n--- got\n%s\n--- want\n%s", c.sql, got, c.want)
					}
				}
				db.checkClean(t)
			})
		}
	}
}

// missing says whether a case asks for a function ("# needs NAME") that the
// registry does not have yet.
func missing(comment string) bool {
	_, name, ok := strings.Cut(strings.TrimSpace(comment), "# needs ")
	return ok && len(funcs.ByName(name)) == 0
}

func loadedDB(t testing.TB) *testDB {
	db := newTestDB(t, readFile(t, "testdata/schema.sql"))
	for _, sql := range statements(readFile(t, "testdata/data.sql")) {
		_, err := db.run(sql)
		require.NoError(t, err, sql)
	}
	return db
}

func statements(text string) []string {
	var out []string
	for _, s := range strings.Split(text, ";\n") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// checkClean finds scanners and temporary files left behind.
func (db *testDB) checkClean(t testing.TB) {
	for _, table := range db.tables {
		require.Zero(t, table.open, "open scanners of %s", table.rel.Name)
	}
	if db.env.TempDir != "" {
		left, err := os.ReadDir(db.env.TempDir)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

func updateGolden(t *testing.T, paths []string) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, *oracle)
	require.NoError(t, err)
	defer conn.Close(ctx)
	for _, path := range paths {
		_, err = conn.Exec(ctx, "DROP SCHEMA IF EXISTS exec_golden CASCADE; CREATE SCHEMA exec_golden; SET search_path = exec_golden;"+
			"SET timezone = 'UTC';"+readFile(t, "testdata/schema.sql")+readFile(t, "testdata/data.sql"))
		require.NoError(t, err)
		cases := readGolden(t, path)
		for i, c := range cases {
			if c.sql != "" && !strings.Contains(c.comment, "# ours") {
				cases[i].want = askOracle(t, conn, c.sql)
			}
		}
		writeGolden(t, path, cases)
	}
	_, err = conn.Exec(ctx, "DROP SCHEMA exec_golden CASCADE")
	require.NoError(t, err)
}

func writeGolden(t *testing.T, path string, cases []goldenCase) {
	var b strings.Builder
	for _, c := range cases {
		b.WriteString(c.comment)
		if c.sql != "" {
			b.WriteString(c.sql + "\n----\n" + c.want + "\n")
		}
		b.WriteString("\n")
	}
	require.NoError(t, os.WriteFile(path, []byte(b.String()), 0o644))
}

func askOracle(t *testing.T, conn *pgx.Conn, sql string) string {
	res, err := conn.PgConn().Exec(context.Background(), sql).ReadAll()
	if err != nil {
		var pe *pgconn.PgError
		require.True(t, errors.As(err, &pe), "%s: %v", sql, err)
		return errorText(pe.Code, pe.Message, pe.Detail)
	}
	var lines []string
	for _, row := range res[0].Rows {
		cols := make([]string, len(row))
		for i, v := range row {
			cols[i] = string(v)
			if v == nil {
				cols[i] = "NULL"
			}
		}
		lines = append(lines, strings.Join(cols, "|"))
	}
	if !ordered(sql) {
		sort.Strings(lines)
	}
	if isWrite(sql) {
		lines = append(lines, fmt.Sprintf("(%d)", res[0].CommandTag.RowsAffected()))
	}
	return strings.Join(lines, "\n")
}
