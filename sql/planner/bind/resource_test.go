package bind

import (
	"fmt"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// addPeople adds what PostgreSQL does not have: a resource with mixed-case
// names, a nested object with leaves, and hidden columns.
func (c *testCatalog) addPeople() {
	rel := &catalog.Relation{
		OID: c.next(), Schema: "bind_golden", Name: "people", Kind: catalog.Table, Resource: &catalog.Resource{Name: "people"},
	}
	add := func(num int16, name string, oid types.OID, hidden bool, path ...string) {
		rel.Columns = append(rel.Columns, &catalog.Column{
			Num: num, Name: name, Type: types.ByOID(oid), Typmod: -1, Hidden: hidden, Path: path,
		})
	}
	add(1, "id", types.TextOID, false)
	add(2, "isActive", types.BoolOID, false)
	add(3, "profile", types.JSONBOID, false)
	add(4, "createdAt", types.TimestamptzOID, false)
	add(5, "profile.country", types.TextOID, true, "profile", "country")
	add(6, "profile.age", types.Float8OID, true, "profile", "age")
	add(7, "profile.address", types.JSONBOID, true, "profile", "address")
	add(8, "profile.address.city", types.TextOID, true, "profile", "address", "city")
	add(catalog.ColVersion, "_v", types.TextOID, true)
	add(catalog.ColTableOID, "tableoid", types.OidOID, true)
	ix := &catalog.Index{OID: c.next(), Name: "people_pkey", Unique: true, Primary: true, Columns: []catalog.IndexColumn{{Num: 1, Name: "id"}}}
	ix.Keys = catalog.PlainKeys(rel, 1)
	rel.Indexes = []*catalog.Index{ix}
	rel.Constraints = []*catalog.Constraint{{OID: c.next(), Name: "old_enough", Kind: catalog.CheckConstraint, Expr: `"profile.age" > 17`}}
	c.byName["bind_golden.people"] = rel
}

// TestResources compares what statements over a resource put out and read with
// testdata/ours/resource.txt. "reads" lists the columns that expressions use:
// a leaf's own name where the leaf column is read, profile where the whole
// object is.
func TestResources(t *testing.T) {
	cat := newTestCatalog(t)
	cat.addPeople()
	path := "testdata/ours/resource.txt"
	cases := readGolden(t, path)
	for i, c := range cases {
		got := bindReads(cat, c.sql)
		if *rewrite {
			cases[i].want = got
		} else if got != c.want {
			t.Errorf("%s\n--- got\n%s\n--- want\n%s", c.sql, got, c.want)
		}
	}
	if *rewrite {
		writeGolden(t, path, cases)
	}
}

func bindReads(cat *testCatalog, sql string) string {
	text := bindText(cat, sql)
	if strings.HasPrefix(text, "ERROR") {
		return text
	}
	stmts, err := parser.Parse(sql)
	if err != nil {
		return err.Error()
	}
	out, err := Bind(cat.env(), stmts[0])
	if err != nil {
		return err.Error()
	}
	used := readColumns(out.(*plan.Query).Root)
	return text + "\nreads " + strings.Join(used, " ")
}

// readColumns are the table columns that any expression of a plan uses but for
// passing them on.
func readColumns(root plan.Node) []string {
	names := map[plan.ColumnID]string{}
	used := map[string]bool{}
	plan.WalkNodes(root, func(n plan.Node) bool {
		if s, ok := n.(*plan.Scan); ok {
			for i, c := range s.Cols {
				if s.Nums[i] != catalog.ColRowImage {
					names[c.ID] = s.Rel.Column(s.Nums[i]).Name
				}
			}
		}
		return true
	})
	plan.WalkNodes(root, func(n plan.Node) bool {
		cols := n.Columns()
		for i, e := range n.Exprs() {
			if c, ok := e.(*plan.Column); ok && i < len(cols) && cols[i].ID == c.ID {
				continue
			}
			for id := range plan.ColumnsOf(e) {
				if name := names[id]; name != "" {
					used[name] = true
				}
			}
		}
		return true
	})
	var out []string
	for n := range used {
		out = append(out, n)
	}
	sort.Strings(out)
	return out
}

// TestExpr binds texts of defaults and checks.
func TestExpr(t *testing.T) {
	cat := newTestCatalog(t)
	cols := []plan.Col{{ID: 7, Name: "a", Type: types.ByOID(types.Int4OID), Mod: -1}}
	e, err := Expr(cat.env(), "a + 1 > 2", cols)
	require.NoError(t, err)
	require.Equal(t, types.BoolOID, e.Type().OID)
	require.Equal(t, plan.ColumnSet{7: true}, plan.ColumnsOf(e))
	_, err = Expr(cat.env(), "b > 2", cols)
	require.Equal(t, pgerr.UndefinedColumn, pgerr.CodeOf(err))
	_, err = ExprAs(cat.env(), "true", nil, types.ByOID(types.Int4OID), -1)
	require.Equal(t, pgerr.DatatypeMismatch, pgerr.CodeOf(err), fmt.Sprint(err))
}
