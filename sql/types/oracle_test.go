package types

import (
	"bufio"
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// The golden files in testdata hold what a real PostgreSQL 15 answered. With
// -update they are asked of it again (S3DB_SQL_ORACLE, or 127.0.0.1:5999) and
// rewritten; without, no server is needed.
var update = flag.Bool("update", false, "rewrite testdata from the oracle")

// oracle connects to the real PostgreSQL.
func oracle(t *testing.T) *pgx.Conn {
	t.Helper()
	url := os.Getenv("S3DB_SQL_ORACLE")
	if url == "" {
		url = "postgres://postgres@127.0.0.1:5999/postgres"
	}
	conn, err := pgx.Connect(context.Background(), url)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(context.Background()) })
	return conn
}

// oracleText runs a query of one row and joins its columns with tabs; an error
// comes back as errorText writes it.
func oracleText(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	rr := conn.PgConn().Exec(context.Background(), sql)
	results, err := rr.ReadAll()
	if pe, ok := err.(*pgconn.PgError); ok {
		return errorText(pe.Code, pe.Message, pe.Detail, pe.Hint, pe.Where)
	}
	require.NoError(t, err, sql)
	row := results[len(results)-1].Rows[0]
	cols := make([]string, len(row))
	for i, c := range row {
		cols[i] = escapeField(string(c))
	}
	return strings.Join(cols, "\t")
}

// errorText is an error as golden files hold it.
func errorText(code, msg, detail, hint, where string) string {
	parts := []string{"!" + code, msg}
	for _, p := range [][2]string{{"DETAIL", detail}, {"HINT", hint}, {"CONTEXT", where}} {
		if p[1] != "" {
			parts = append(parts, p[0]+": "+p[1])
		}
	}
	return escapeField(strings.Join(parts, " | "))
}

var fieldEscapes = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")

// escapeField makes s fit one field of a line.
func escapeField(s string) string { return fieldEscapes.Replace(s) }

var fieldUnescapes = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r")

func unescapeField(s string) string { return fieldUnescapes.Replace(s) }

// quoteSQL is a literal of s that does not depend on settings.
func quoteSQL(s string) string {
	return " E'" + strings.NewReplacer("\\", "\\\\", "'", "''", "\x00", "").Replace(s) + "'"
}

// golden reads testdata/name: each line is a question of inputs fields and the
// oracle's answer. With -update every question is asked again. Lines that start
// with # and empty ones are kept.
func golden(t *testing.T, name string, inputs int, ask func(conn *pgx.Conn, in []string) string, check func(t *testing.T, in []string, want string)) {
	t.Helper()
	path := filepath.Join("testdata", name)
	lines := readLines(t, path)
	if *update {
		conn := oracle(t)
		for i, line := range lines {
			if isComment(line) {
				continue
			}
			in := splitFields(line, inputs)
			lines[i] = strings.Join(append(escapeFields(in), ask(conn, in)), "\t")
		}
		require.NoError(t, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o644))
	}
	for i, line := range lines {
		if isComment(line) {
			continue
		}
		in := splitFields(line, inputs)
		_, want := cutFields(line, inputs)
		if !t.Run(lineName(i, in), func(t *testing.T) { check(t, in, want) }) {
			t.Logf("%s:%d", path, i+1)
		}
	}
}

func isComment(line string) bool { return line == "" || line[0] == '#' }

func readLines(t *testing.T, path string) []string {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var lines []string
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<22)
	for sc.Scan() {
		lines = append(lines, sc.Text())
	}
	require.NoError(t, sc.Err())
	return lines
}

// cutFields cuts a line after n fields.
func cutFields(line string, n int) (fields []string, rest string) {
	parts := strings.SplitN(line, "\t", n+1)
	if len(parts) > n {
		rest = parts[n]
	}
	return parts[:min(n, len(parts))], rest
}

func splitFields(line string, n int) []string {
	fields, _ := cutFields(line, n)
	out := make([]string, n)
	for i, f := range fields {
		out[i] = unescapeField(f)
	}
	return out
}

func escapeFields(in []string) []string {
	out := make([]string, len(in))
	for i, f := range in {
		out[i] = escapeField(f)
	}
	return out
}

func lineName(i int, in []string) string {
	name := strings.Join(in, " ")
	return strings.ToValidUTF8(name[:min(len(name), 60)], "?")
}
