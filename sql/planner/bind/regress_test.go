package bind

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// TestRegress binds every query of PostgreSQL's regression scripts (folder in
// PG_REGRESS_SRC: …/src/test/regress) and compares with what the server at
// -oracle says of it, over a mirror of the server's own tables. It prints the
// figures per script; REGRESS_OUT names a file for the differences. It is a
// measuring tool: it fails only where the binder panics.
func TestRegress(t *testing.T) {
	src := os.Getenv("PG_REGRESS_SRC")
	if src == "" {
		t.Skip("PG_REGRESS_SRC is not set")
	}
	scripts := strings.Fields(os.Getenv("REGRESS_SCRIPTS"))
	if len(scripts) == 0 {
		paths, err := filepath.Glob(src + "/sql/*.sql")
		require.NoError(t, err)
		for _, p := range paths {
			scripts = append(scripts, strings.TrimSuffix(filepath.Base(p), ".sql"))
		}
	}
	r := &regressRun{t: t, src: src}
	if name := os.Getenv("REGRESS_OUT"); name != "" {
		f, err := os.Create(name)
		require.NoError(t, err)
		defer f.Close()
		r.out = f
	}
	r.connect()
	defer r.conn.Close(context.Background())
	r.script("test_setup")
	for _, s := range scripts {
		r.script(s)
	}
}

type regressRun struct {
	t     *testing.T
	src   string
	conn  *pgx.Conn
	out   *os.File
	cat   *testCatalog
	dirty bool
}

const regressDatabase = "bind_regress"

func (r *regressRun) connect() {
	ctx := context.Background()
	admin, err := pgx.Connect(ctx, *oracle)
	require.NoError(r.t, err)
	_, err = admin.Exec(ctx, "DROP DATABASE IF EXISTS "+regressDatabase)
	require.NoError(r.t, err)
	_, err = admin.Exec(ctx, "CREATE DATABASE "+regressDatabase+" TEMPLATE template0")
	require.NoError(r.t, err)
	require.NoError(r.t, admin.Close(ctx))
	r.conn, err = pgx.Connect(ctx, strings.Replace(*oracle, "/postgres?", "/"+regressDatabase+"?", 1))
	require.NoError(r.t, err)
	_, err = r.conn.Exec(ctx, "SET statement_timeout = '5s'; SET client_min_messages = error; SET datestyle = 'Postgres, MDY'; SET intervalstyle = postgres_verbose; SET timezone = 'PST8PDT'")
	require.NoError(r.t, err)
	r.dirty = true
}

var copyData = regexp.MustCompile(`(?ms)^COPY [^;]*FROM stdin[^;]*;\n.*?^\\\.\n`)

// statements splits a script without psql's own commands.
func statements(text string) []string {
	text = copyData.ReplaceAllString(text, "")
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if !strings.HasPrefix(strings.TrimSpace(l), "\\") {
			lines = append(lines, l)
		}
	}
	text = strings.Join(lines, "\n")
	tokens, err := parser.Scan(text)
	if err != nil {
		return nil
	}
	var out []string
	start := 0
	for _, tok := range tokens {
		if text[tok.Start:tok.End] == ";" {
			out = append(out, strings.TrimSpace(text[start:tok.Start]))
			start = tok.End
		}
	}
	return out
}

func (r *regressRun) script(name string) {
	text, err := os.ReadFile(filepath.Join(r.src, "sql", name+".sql"))
	if err != nil {
		return
	}
	same, compared := 0, 0
	kinds := map[string]int{}
	for _, sql := range statements(string(text)) {
		ok, isQuery, kind := r.statement(name, sql)
		if isQuery {
			compared++
			if ok {
				same++
			} else {
				kinds[kind]++
			}
		}
	}
	var ks []string
	for k, n := range kinds {
		ks = append(ks, fmt.Sprintf("%s %d", k, n))
	}
	sort.Strings(ks)
	r.t.Logf("%-22s %5d of %5d  %s", name, same, compared, strings.Join(ks, ", "))
	r.exec("RESET ALL; SET statement_timeout = '5s'; SET client_min_messages = error; SET timezone = 'PST8PDT'")
}

func (r *regressRun) exec(sql string) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := r.conn.PgConn().Exec(ctx, sql).ReadAll(); err != nil && r.conn.IsClosed() {
		r.connect()
	}
}

// statement compares a query, and runs the statement for its effects.
func (r *regressRun) statement(script, sql string) (ok, isQuery bool, kind string) {
	stmts, err := parser.Parse(sql)
	if err != nil || len(stmts) != 1 {
		r.exec(sql)
		return false, false, ""
	}
	switch stmts[0].Node.GetNode().(type) {
	case *parser.Node_SelectStmt, *parser.Node_InsertStmt, *parser.Node_UpdateStmt, *parser.Node_DeleteStmt:
		if sel := stmts[0].Node.GetSelectStmt(); sel == nil || sel.IntoClause == nil {
			isQuery = true
		}
	}
	if !isQuery {
		r.exec(sql)
		r.dirty = true
		return false, false, ""
	}
	want := r.ask(sql)
	if r.dirty {
		r.mirror()
	}
	got := bindText(r.cat, sql)
	if stmts[0].Node.GetSelectStmt() == nil {
		r.exec(sql)
	}
	ok = got == want
	if !ok {
		kind = differenceKind(got)
		if r.out != nil {
			fmt.Fprintf(r.out, "== %s [%s]\n%s\n--- got\n%s\n--- want\n%s\n\n", script, kind, sql, got, want)
		}
	}
	return ok, true, kind
}

func differenceKind(got string) string {
	switch {
	case strings.HasPrefix(got, "ERROR 42883"):
		return "no function"
	case strings.HasPrefix(got, "ERROR 0A000"):
		return "unsupported"
	case strings.HasPrefix(got, "ERROR"):
		return got[:11]
	}
	return "answer"
}

func (r *regressRun) ask(sql string) string {
	sd, err := r.conn.PgConn().Prepare(context.Background(), "", sql, nil)
	if err != nil {
		return oracleError(err)
	}
	var lines []string
	for _, f := range sd.Fields {
		lines = append(lines, fmt.Sprintf("%s %s %d", f.Name, r.typeText(f.DataTypeOID), f.TypeModifier))
	}
	return answerText(lines, sd.ParamOIDs)
}

func (r *regressRun) typeText(oid types.OID) string { return typeText(oid) }

// mirror copies the server's relations and types into a test catalog.
func (r *regressRun) mirror() {
	r.dirty = false
	c := &testCatalog{byName: map[string]*catalog.Relation{}, oid: 1 << 30, types: types.NewRegistry(types.Builtin())}
	r.mirrorTypes(c)
	r.mirrorColumns(c)
	r.mirrorKeys(c)
	for row := range r.rows("SELECT unnest(current_schemas(true))::text", 1) {
		c.path = append(c.path, row[0])
	}
	r.cat = c
}

// rows runs a query of text columns.
func (r *regressRun) rows(sql string, width int) func(yield func([]string) bool) {
	return func(yield func([]string) bool) {
		res := r.conn.PgConn().ExecParams(context.Background(), sql, nil, nil, nil, nil).Read()
		for _, row := range res.Rows {
			out := make([]string, width)
			for i := range out {
				out[i] = string(row[i])
			}
			if !yield(out) {
				return
			}
		}
	}
}

func (r *regressRun) mirrorTypes(c *testCatalog) {
	const q = `SELECT t.oid, t.typname, n.nspname, t.typtype, t.typarray, t.typbasetype, t.typtypmod, t.typrelid,
		(SELECT string_agg(enumlabel, ',' ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid)
		FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
		WHERE t.typtype IN ('e', 'd', 'c') AND (t.typnamespace <> 11) ORDER BY t.oid`
	for f := range r.rows(q, 9) {
		id := types.Type{OID: number(f[0]), Name: f[1], Namespace: f[2], Array: number(f[4]), Relation: number(f[7])}
		var typ *types.Type
		switch f[3] {
		case "e":
			typ = types.NewEnumType(id, types.Labels(strings.Split(f[8], ",")...))
		case "d":
			if base := c.types.ByOID(number(f[5])); base != nil {
				typ = types.NewDomainType(id, types.Domain{Base: base, Typmod: -1})
			}
		case "c":
			typ = types.NewCompositeType(id, nil)
		}
		if typ == nil || c.types.Add(typ) != nil || typ.Array == 0 {
			continue
		}
		_ = c.types.Add(types.NewArrayType(typ))
	}
}

func (r *regressRun) mirrorColumns(c *testCatalog) {
	const q = `SELECT c.oid, n.nspname, c.relname, a.attnum, a.attname, a.atttypid, a.atttypmod, c.reltype,
		coalesce(pg_get_expr(d.adbin, d.adrelid), ''), a.attgenerated
		FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
		WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f', 'c') ORDER BY c.oid, a.attnum`
	for f := range r.rows(q, 10) {
		key := f[1] + "." + f[2]
		rel := c.byName[key]
		if rel == nil {
			rel = &catalog.Relation{OID: number(f[0]), Schema: f[1], Name: f[2], Kind: catalog.Table, Type: number(f[7]), Resource: &catalog.Resource{}}
			if f[1] == "pg_catalog" || f[1] == "information_schema" {
				rel.Virtual = true
			}
			c.byName[key] = rel
		}
		if f[3] == "" {
			continue
		}
		typ := c.types.ByOID(number(f[5]))
		if typ == nil {
			typ = &types.Type{OID: number(f[5]), Name: "oid" + f[5], Namespace: "pg_catalog", Kind: 'b', Category: types.UserDefined}
			_ = c.types.Add(typ)
		}
		mod := int32(-1)
		if f[6] != "-1" {
			mod = int32(number(f[6]))
		}
		col := &catalog.Column{Num: int16(number(f[3])), Name: f[4], Type: typ, Typmod: mod}
		if f[9] == "" && !strings.Contains(f[8], "nextval") {
			col.Default = f[8]
		}
		rel.Columns = append(rel.Columns, col)
	}
}

func (r *regressRun) mirrorKeys(c *testCatalog) {
	const q = `SELECT n.nspname, c.relname, i.indexrelid, k.relname, i.indisprimary, array_to_string(i.indkey, ' ')
		FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class k ON k.oid = i.indexrelid
		JOIN pg_namespace n ON n.oid = c.relnamespace WHERE i.indisunique AND n.nspname <> 'pg_catalog' AND i.indexprs IS NULL AND i.indpred IS NULL`
	for f := range r.rows(q, 6) {
		rel := c.byName[f[0]+"."+f[1]]
		if rel == nil {
			continue
		}
		ix := &catalog.Index{OID: number(f[2]), Name: f[3], Unique: true, Primary: f[4] == "t"}
		for _, n := range strings.Fields(f[5]) {
			ix.Columns = append(ix.Columns, catalog.IndexColumn{Num: int16(number(n))})
			ix.Keys = append(ix.Keys, catalog.PlainKeys(rel, int16(number(n)))...)
		}
		rel.Indexes = append(rel.Indexes, ix)
		rel.Constraints = append(rel.Constraints, &catalog.Constraint{Name: f[3], Index: ix.OID, Kind: catalog.UniqueConstraint})
	}
	slices.Sort(c.path)
}
