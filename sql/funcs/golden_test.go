package funcs

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// The files of testdata hold one call per line, fields separated by tabs:
//
//	signature[actual,types]  argument …  =>  type  result
//
// The actual types are there only where the declared ones are polymorphic. A
// NULL is \N. A row of a set-returning function is one result; an argument of
// an aggregate is a row, its columns separated by |. An error is
// "ERROR SQLSTATE message". -update asks PostgreSQL for what follows the arrow.
var update = flag.Bool("update", false, "rewrite the results in testdata from the PostgreSQL of S3DB_SQL_ORACLE, or at 127.0.0.1:5999")

const timeZone = "America/New_York"

func testEnv(t *testing.T) *types.Env {
	env := types.DefaultEnv()
	loc, err := time.LoadLocation(timeZone)
	require.NoError(t, err)
	env.Location = loc
	env.Now = time.Date(2024, 2, 29, 12, 34, 56, 789012000, time.UTC)
	return env
}

type goldenCase struct {
	signature string
	actual    []string
	args      []string
	want      []string // the type, then results
}

var (
	escaper   = strings.NewReplacer("\\", "\\\\", "\t", "\\t", "\n", "\\n", "\r", "\\r")
	unescaper = strings.NewReplacer("\\\\", "\\", "\\t", "\t", "\\n", "\n", "\\r", "\r")
)

const null = "\\N"

func readCases(t *testing.T, path string) []goldenCase {
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	var out []goldenCase
	for _, line := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(line, "\t")
		c := goldenCase{signature: f[0]}
		if sig, actual, ok := strings.Cut(f[0], "["); ok {
			c.signature, c.actual = sig, strings.Split(strings.TrimSuffix(actual, "]"), ",")
		}
		args := &c.args
		for _, s := range f[1:] {
			if s == "=>" {
				args = &c.want
				continue
			}
			*args = append(*args, s)
		}
		out = append(out, c)
	}
	return out
}

func (c goldenCase) String() string {
	head := c.signature
	if c.actual != nil {
		head += "[" + strings.Join(c.actual, ",") + "]"
	}
	return strings.Join(append([]string{head}, c.args...), "\t")
}

func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txt"), func(t *testing.T) {
			if *update {
				record(t, path)
			}
			for _, c := range readCases(t, path) {
				if got := evaluate(t, c); !slices.Equal(got, c.want) {
					t.Errorf("%s\n  got  %q\n  want %q", c, got, c.want)
				}
			}
		})
	}
}

func record(t *testing.T, path string) {
	conn := connect(t)
	var out strings.Builder
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	for _, line := range strings.Split(string(b), "\n") {
		if strings.HasPrefix(line, "#") {
			out.WriteString(line + "\n")
		}
	}
	for _, c := range readCases(t, path) {
		out.WriteString(c.String() + "\t=>\t" + strings.Join(oracle(t, conn, c), "\t") + "\n")
	}
	require.NoError(t, os.WriteFile(path, []byte(out.String()), 0o644))
}

func connect(t *testing.T) *pgconn.PgConn {
	ctx := context.Background()
	url := os.Getenv("S3DB_SQL_ORACLE")
	if url == "" {
		url = "postgres://postgres@127.0.0.1:5999/postgres"
	}
	conn, err := pgconn.Connect(ctx, url)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close(ctx) })
	_, err = conn.Exec(ctx, "set timezone = '"+timeZone+"'; set datestyle = 'ISO, MDY'").ReadAll()
	require.NoError(t, err)
	return conn
}

func oracle(t *testing.T, conn *pgconn.PgConn, c goldenCase) []string {
	f := declared.bySignature[c.signature]
	require.NotNil(t, f, "no function %s", c.signature)
	sql := oracleQuery(c, f.Name, f.Kind == 'a')
	res, err := conn.Exec(context.Background(), sql).ReadAll()
	var pgErr *pgconn.PgError
	if errors.As(err, &pgErr) {
		return []string{"ERROR " + pgErr.Code + " " + escaper.Replace(pgErr.Message)}
	}
	require.NoError(t, err, sql)
	out := []string{""}
	for _, row := range res[0].Rows {
		cols := make([]string, len(row)-1)
		out[0] = string(row[0])
		for i, v := range row[1:] {
			cols[i] = null
			if v != nil {
				cols[i] = escaper.Replace(string(v))
			}
		}
		out = append(out, strings.Join(cols, "|"))
	}
	return out
}

func oracleQuery(c goldenCase, name string, aggregate bool) string {
	argTypes := c.argTypes()
	lit := func(s string, i int) string {
		if s == null {
			return "NULL::" + quoteType(argTypes[i])
		}
		return "'" + strings.ReplaceAll(unescaper.Replace(s), "'", "''") + "'::" + quoteType(argTypes[i])
	}
	if !aggregate {
		var args []string
		for i, a := range c.args {
			args = append(args, lit(a, i))
		}
		if f := declared.bySignature[c.signature]; !expanded(c, f) && f.Variadic != 0 {
			args[len(args)-1] = "VARIADIC " + args[len(args)-1]
		}
		return fmt.Sprintf(`select (select typname from pg_type where oid = pg_typeof(x)), x from (select pg_catalog.%s(%s) as x) s`,
			QuoteIdent(name), strings.Join(args, ", "))
	}
	var rows, cols []string
	for i := range argTypes {
		cols = append(cols, fmt.Sprintf("c%d", i))
	}
	for _, a := range c.args {
		var vals []string
		for i, v := range strings.Split(a, "|") {
			vals = append(vals, lit(v, i))
		}
		rows = append(rows, "("+strings.Join(vals, ", ")+")")
	}
	if len(argTypes) == 0 {
		return fmt.Sprintf(`select 'int8', %s(*) from generate_series(1, %d)`, name, len(c.args))
	}
	return fmt.Sprintf(`select (select typname from pg_type where oid = pg_typeof(x)), x from (select pg_catalog.%s(%s) as x from (values %s) v(%s)) s`,
		QuoteIdent(name), strings.Join(cols, ", "), strings.Join(rows, ", "), strings.Join(cols, ", "))
}

// expanded says whether the variadic arguments of a case stand one by one, not
// as one array.
func expanded(c goldenCase, f *catalog.Proc) bool {
	ts := c.argTypes()
	if f.Variadic == 0 || len(ts) == 0 {
		return false
	}
	last := ts[len(ts)-1]
	return len(ts) != len(f.Args) || c.actual != nil && (f.Variadic == types.AnyOID || !strings.HasPrefix(last, "_"))
}

func quoteType(name string) string { return `pg_catalog."` + name + `"` }

func (c goldenCase) argTypes() []string {
	if c.actual != nil {
		return c.actual
	}
	_, args, _ := strings.Cut(strings.TrimSuffix(c.signature, ")"), "(")
	if args == "" {
		return nil
	}
	return strings.Split(args, ",")
}

// evaluate runs a case on our code, in several shapes of the same input.
func evaluate(t *testing.T, c goldenCase) []string {
	decl := declared.bySignature[c.signature]
	require.NotNil(t, decl, "no function %s", c.signature)
	f := ByOID(decl.OID)
	require.NotNil(t, f, "not implemented: %s", c.signature)
	call := &Call{Ctx: context.Background(), Env: testEnv(t), Func: f, Typmod: -1, VariadicExpanded: expanded(c, decl)}
	for _, name := range c.argTypes() {
		ty := types.Builtin().ByName("pg_catalog", name)
		require.NotNil(t, ty, "no type %s", name)
		call.Args = append(call.Args, ty)
	}
	call.Result = f.ResultType()
	if len(c.want) > 1 {
		if ty := types.Builtin().ByName("pg_catalog", c.want[0]); ty != nil && f.Result != ty.OID {
			call.Result = ty
		}
	}
	resultType := ""
	if call.Result != nil {
		resultType = call.Result.Name
	}
	rows, err := run(t, c, call)
	if err != nil {
		return []string{"ERROR " + string(pgerr.CodeOf(err)) + " " + escaper.Replace(err.Error())}
	}
	if len(rows) == 0 {
		resultType = ""
	}
	return append([]string{resultType}, rows...)
}

func run(t *testing.T, c goldenCase, call *Call) ([]string, error) {
	switch {
	case call.Func.Kind == Aggregate:
		return runAggregate(t, c, call)
	case call.Func.ReturnSet:
		args, err := parseRow(call, c.args)
		if err != nil {
			return nil, err
		}
		return runRows(call, args)
	}
	args, err := parseRow(call, c.args)
	if err != nil {
		return nil, err
	}
	return runKernel(t, call, args)
}

func parseRow(call *Call, fields []string) ([]any, error) {
	vals := make([]any, len(fields))
	for i, f := range fields {
		if f == null {
			continue
		}
		v, err := call.Args[i].In(call.Env, unescaper.Replace(f), -1)
		if err != nil {
			return nil, err
		}
		vals[i] = v
	}
	return vals, nil
}

func show(call *Call, ty *types.Type, v any) string {
	if v == nil {
		return null
	}
	return escaper.Replace(string(ty.Out(call.Env, nil, v)))
}

// runKernel evaluates constants, a dense batch and a selected row among NULLs;
// all must agree.
func runKernel(t *testing.T, call *Call, args []any) ([]string, error) {
	consts, dense, sparse := make([]vec.Vector, len(args)), make([]vec.Vector, len(args)), make([]vec.Vector, len(args))
	for i, a := range args {
		consts[i] = vec.Const(call.Args[i], a, 3)
		dense[i] = buildColumn(call.Args[i], a, a)
		sparse[i] = buildColumn(call.Args[i], nil, a, nil)
	}
	var results []string
	var firstErr error
	for k, shape := range []struct {
		args []vec.Vector
		sel  []int32
		n    int
		row  int
	}{{consts, nil, 3, 2}, {dense, nil, 2, 1}, {sparse, []int32{1}, 3, 1}} {
		call.State = nil
		out, err := call.Func.Kernel(call, shape.args, shape.sel, shape.n)
		s := ""
		if err != nil {
			s = err.Error()
		} else {
			require.Equal(t, shape.n, out.Len())
			s = show(call, call.Result, out.Value(shape.row))
		}
		if k == 0 {
			results, firstErr = []string{s}, err
			continue
		}
		require.Equal(t, results[0], s, "%s: shape %d differs", call.Func.Name, k)
	}
	return results, firstErr
}

func buildColumn(ty *types.Type, vals ...any) vec.Vector {
	b := vec.NewBuilder(ty, len(vals))
	for _, v := range vals {
		b.Append(v)
	}
	return b.Build()
}

func runRows(call *Call, args []any) ([]string, error) {
	it, err := call.Func.Rows(call, args)
	if err != nil {
		return nil, err
	}
	var out []string
	for {
		b, err := it.Next()
		if err != nil || b == nil {
			return out, err
		}
		for i := range b.N {
			cols := make([]string, len(b.Cols))
			for k, col := range b.Cols {
				cols[k] = show(call, col.Type(), col.Value(i))
			}
			if len(cols) > 1 {
				cols = []string{showRecord(call, b, i)}
			}
			out = append(out, cols[0])
		}
	}
}

func showRecord(call *Call, b *vec.Batch, row int) string {
	r := &types.Record{Type: types.ByOID(types.RecordOID)}
	for _, col := range b.Cols {
		r.Types, r.Values = append(r.Types, col.Type()), append(r.Values, col.Value(row))
	}
	return show(call, r.Type, r)
}

// runAggregate aggregates the rows at once and, merged, one by one; both must
// agree.
func runAggregate(t *testing.T, c goldenCase, call *Call) ([]string, error) {
	bs := vec.NewBuilders(call.Args, 0)
	for _, row := range c.args {
		if len(call.Args) == 0 {
			break
		}
		vals, err := parseRow(call, strings.Split(row, "|"))
		if err != nil {
			return nil, err
		}
		for i, v := range vals {
			bs[i].Append(v)
		}
	}
	args := vec.BuildBatch(bs).Cols
	st := call.Func.Agg.New(call)
	st.Resize(1)
	if err := st.Update(args, nil, len(c.args), nil); err != nil {
		return nil, err
	}
	want, err := groupResult(call, st, 0)
	if err != nil {
		return nil, err
	}
	require.Positive(t, st.MemSize())
	switch call.Result.OID {
	case types.Float4OID, types.Float8OID: // the order of additions shows
		return []string{want}, nil
	}
	require.Equal(t, want, mergedResult(t, c, call, args), "%s: merged", c)
	return []string{want}, nil
}

func groupResult(call *Call, st AggState, group int) (string, error) {
	out := vec.NewBuilder(call.Result, 1)
	if err := st.Result(out, group, group+1); err != nil {
		return "", err
	}
	return show(call, call.Result, out.Build().Value(0)), nil
}

// mergedResult aggregates each row into a group of its own, by a selection, and
// then merges the groups into group 1 of another state.
func mergedResult(t *testing.T, c goldenCase, call *Call, args []vec.Vector) string {
	parts, into := call.Func.Agg.New(call), call.Func.Agg.New(call)
	n := len(c.args)
	parts.Resize(n)
	into.Resize(2)
	groups, targets := make([]int32, n), make([]int32, n)
	for i := range n {
		groups[i], targets[i] = int32(i), 1
	}
	require.NoError(t, parts.Update(args, vec.All(n), n, groups))
	require.NoError(t, into.Merge(parts, targets))
	got, err := groupResult(call, into, 1)
	require.NoError(t, err)
	return got
}
