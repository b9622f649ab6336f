package bind

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The golden files hold statements with what PostgreSQL's parse analysis says of
// them: output columns, parameter types, or the error. -update asks the real
// server.
var (
	update = flag.Bool("update", false, "rewrite testdata from the PostgreSQL at -oracle")
	oracle = flag.String("oracle", "postgres://postgres@127.0.0.1:5999/postgres?sslmode=disable", "the PostgreSQL for -update")
)

// goldenCase is a statement and its expected answer.
type goldenCase struct {
	comment, sql, want string
}

func readGolden(t *testing.T, path string) []goldenCase {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var out []goldenCase
	for _, block := range strings.Split(string(text), "\n\n") {
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

func TestGolden(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, paths)
	if *update {
		updateGolden(t, paths)
	}
	cat := newTestCatalog(t)
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			for _, c := range readGolden(t, path) {
				if c.sql == "" {
					continue
				}
				if got := bindText(cat, c.sql); got != c.want {
					t.Errorf("%s\n--- got\n%s\n--- want\n%s", c.sql, got, c.want)
				}
			}
		})
	}
}

// bindText binds a statement and renders the answer as the golden files have it.
func bindText(cat *testCatalog, sql string) string {
	stmts, err := parser.Parse(sql)
	if err == nil && len(stmts) != 1 {
		return fmt.Sprintf("%d statements", len(stmts))
	}
	var out plan.Statement
	if err == nil {
		out, err = Bind(cat.env(), stmts[0])
	}
	if err != nil {
		e := pgerr.As(err)
		if e == nil {
			return "no pgerr: " + err.Error()
		}
		e.Locate(sql)
		return errorText(string(e.Code), e.Message, e.Position, e.Detail, e.Hint)
	}
	q, ok := out.(*plan.Query)
	if !ok {
		return fmt.Sprintf("%T", out)
	}
	var params []types.OID
	for _, p := range q.Params {
		params = append(params, p.OID)
	}
	var lines []string
	for _, c := range q.Output {
		lines = append(lines, fmt.Sprintf("%s %s %d", c.Name, typeText(c.Type.OID), c.Mod))
	}
	return answerText(lines, params)
}

func typeText(oid types.OID) string {
	if t := types.Builtin().ByOID(oid); t != nil {
		return t.Name
	}
	if oid >= 16384 {
		return "record" // a table's row type, which the tests' catalog does not have
	}
	return fmt.Sprint(oid)
}

func answerText(lines []string, params []types.OID) string {
	if len(params) > 0 {
		names := make([]string, len(params))
		for i, p := range params {
			names[i] = typeText(p)
		}
		lines = append(lines, "params "+strings.Join(names, " "))
	}
	if len(lines) == 0 {
		return "ok"
	}
	return strings.Join(lines, "\n")
}

func errorText(code, message string, pos int, detail, hint string) string {
	s := fmt.Sprintf("ERROR %s %d: %s", code, pos, message)
	if detail != "" {
		s += "\nDETAIL " + detail
	}
	if hint != "" {
		s += "\nHINT " + hint
	}
	return s
}

// updateGolden asks PostgreSQL, in a schema of its own.
func updateGolden(t *testing.T, paths []string) {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, *oracle)
	require.NoError(t, err)
	defer conn.Close(ctx)
	schema, err := os.ReadFile("testdata/schema.sql")
	require.NoError(t, err)
	_, err = conn.Exec(ctx, "BEGIN; CREATE SCHEMA bind_golden; SET LOCAL search_path = bind_golden;"+string(schema))
	require.NoError(t, err)
	for _, path := range paths {
		cases := readGolden(t, path)
		for i, c := range cases {
			if c.sql != "" && !strings.Contains(c.comment, "# ours") {
				cases[i].want = askOracle(t, conn, c.sql)
			}
		}
		writeGolden(t, path, cases)
	}
	dumpCatalog(t, conn)
	_, err = conn.Exec(ctx, "ROLLBACK")
	require.NoError(t, err)
}

func askOracle(t *testing.T, conn *pgx.Conn, sql string) string {
	ctx := context.Background()
	_, err := conn.Exec(ctx, "SAVEPOINT s")
	require.NoError(t, err)
	sd, err := conn.PgConn().Prepare(ctx, "", sql, nil)
	if err != nil {
		_, undo := conn.Exec(ctx, "ROLLBACK TO s")
		require.NoError(t, undo)
		return oracleError(err)
	}
	var lines []string
	for _, f := range sd.Fields {
		lines = append(lines, fmt.Sprintf("%s %s %d", f.Name, typeText(f.DataTypeOID), f.TypeModifier))
	}
	return answerText(lines, sd.ParamOIDs)
}

func oracleError(err error) string {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return err.Error()
	}
	return errorText(pe.Code, pe.Message, int(pe.Position), pe.Detail, pe.Hint)
}

// dumpCatalog writes the columns of pg_catalog's relations, so that the client
// tools' queries can be bound.
func dumpCatalog(t *testing.T, conn *pgx.Conn) {
	rows, err := conn.Query(context.Background(), `
		SELECT c.oid::int8, n.nspname::text, c.relname::text, a.attnum::int8, a.attname::text, a.atttypid::int8
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
		WHERE n.nspname = 'pg_catalog' AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped
		ORDER BY c.relname COLLATE "C", a.attnum`)
	require.NoError(t, err)
	var b strings.Builder
	for rows.Next() {
		var rel, num, typ int64
		var schema, name, column string
		require.NoError(t, rows.Scan(&rel, &schema, &name, &num, &column, &typ))
		fmt.Fprintf(&b, "%d\t%s\t%s\t%d\t%s\t%d\n", rel, schema, name, num, column, typ)
	}
	require.NoError(t, rows.Err())
	require.NoError(t, os.WriteFile("testdata/pg_catalog.tsv", []byte(b.String()), 0o644))
}
