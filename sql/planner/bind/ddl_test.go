package bind

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

var rewrite = flag.Bool("rewrite", false, "rewrite testdata/ddl/*.txt from what the binder says")

// TestDefinitions shows what DDL binds to. PostgreSQL has no such view of its
// statements, so that these files are read and kept by hand; the names and
// errors in them were compared with PostgreSQL's.
func TestDefinitions(t *testing.T) {
	cat := newTestCatalog(t)
	path := "testdata/ddl/statements.txt"
	cases := readGolden(t, path)
	for i, c := range cases {
		got := bindDefinition(cat, c.sql)
		if *rewrite {
			cases[i].want = got
		} else if got != c.want {
			t.Errorf("%s\n--- got\n%s\n--- want\n%s", c.sql, got, c.want)
		}
	}
	if *rewrite {
		require.NoError(t, os.MkdirAll("testdata/ddl", 0o755))
		writeGolden(t, path, cases)
	}
}

func bindDefinition(cat *testCatalog, sql string) string {
	stmts, err := parser.Parse(sql)
	if err != nil {
		return err.Error()
	}
	out, err := Bind(cat.env(), stmts[0])
	if err != nil {
		e := pgerr.As(err)
		e.Locate(sql)
		return errorText(string(e.Code), e.Message, e.Position, e.Detail, e.Hint)
	}
	name := strings.TrimPrefix(fmt.Sprintf("%T", out), "*plan.")
	switch v := out.(type) {
	case *plan.Explain:
		v.Query = nil
	case *plan.CreateTable:
		if v.As != nil {
			name, v.As = name+" as a query", nil
		}
	}
	return name + " " + compact(out)
}

// compact is JSON without empty fields.
func compact(out any) string {
	text, err := json.Marshal(out)
	if err != nil {
		return err.Error()
	}
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		return err.Error()
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(prune(v)); err != nil {
		return err.Error()
	}
	return strings.TrimSuffix(b.String(), "\n")
}

func prune(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if p := prune(x); p == nil {
				delete(v, k)
			} else {
				v[k] = p
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		if len(v) == 0 {
			return nil
		}
		for i := range v {
			v[i] = prune(v[i])
		}
	case string:
		if v == "" {
			return nil
		}
	case float64:
		if v == 0 || v == -1 {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	}
	return v
}
