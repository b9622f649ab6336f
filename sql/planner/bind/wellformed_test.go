package bind

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// TestWellFormed checks the plans of all golden statements against what the
// planner relies on: every column used is made below or listed as outer, every
// expression has a type, every argument the type its function declares.
func TestWellFormed(t *testing.T) {
	cat := newTestCatalog(t)
	cat.addPeople()
	paths, err := filepath.Glob("testdata/*.txt")
	require.NoError(t, err)
	paths = append(paths, "testdata/ours/resource.txt")
	bound := 0
	for _, path := range paths {
		for _, c := range readGolden(t, path) {
			stmts, err := parser.Parse(c.sql)
			if err != nil || len(stmts) != 1 {
				continue
			}
			out, err := Bind(cat.env(), stmts[0])
			if err != nil {
				continue
			}
			if q, ok := out.(*plan.Query); ok {
				bound++
				w := wellFormed{sql: c.sql}
				w.node(q.Root, plan.ColumnSet{})
				for _, p := range w.problems {
					t.Errorf("%s\n    %s", c.sql, p)
				}
			}
		}
	}
	require.Greater(t, bound, 200)
}

type wellFormed struct {
	sql      string
	problems []string
}

func (w *wellFormed) problem(format string, args ...any) {
	w.problems = append(w.problems, fmt.Sprintf(format, args...))
}

func union(sets ...plan.ColumnSet) plan.ColumnSet {
	out := plan.ColumnSet{}
	for _, s := range sets {
		for id := range s {
			out[id] = true
		}
	}
	return out
}

func setOf(cols ...plan.Col) plan.ColumnSet {
	s := plan.ColumnSet{}
	for _, c := range cols {
		s[c.ID] = true
	}
	return s
}

// node checks n, which may use the columns outer besides those of its inputs.
func (w *wellFormed) node(n plan.Node, outer plan.ColumnSet) {
	for _, c := range n.Columns() {
		if c.ID == 0 || c.Type == nil {
			w.problem("%T: column %q without id or type", n, c.Name)
		}
	}
	inputs := plan.ColumnSet{}
	for _, in := range n.Inputs() {
		inputs = union(inputs, setOf(in.Columns()...))
	}
	switch n := n.(type) {
	case *plan.Join:
		w.node(n.Left, outer)
		if n.Lateral {
			w.node(n.Right, union(outer, setOf(n.Left.Columns()...)))
		} else {
			w.node(n.Right, outer)
		}
	case *plan.With:
		for _, c := range n.CTEs {
			w.node(c.Plan, outer)
		}
		w.node(n.Body, outer)
	default:
		for _, in := range n.Inputs() {
			w.node(in, outer)
		}
	}
	avail := union(inputs, outer, w.own(n))
	for _, e := range n.Exprs() {
		w.expr(n, e, avail)
	}
	w.widths(n)
}

// own are the columns that a node makes for its own expressions.
func (w *wellFormed) own(n plan.Node) plan.ColumnSet {
	s := plan.ColumnSet{}
	assigns := func(as []plan.Assignment) {
		for _, a := range as {
			s[a.New] = true
		}
	}
	switch n := n.(type) {
	case *plan.Scan:
		return setOf(n.Cols...)
	case *plan.Insert:
		s = setOf(n.Target...)
		if n.OnConflict != nil {
			s = union(s, setOf(n.OnConflict.Existing...), setOf(n.OnConflict.Excluded...))
			assigns(n.OnConflict.Sets)
		}
	case *plan.Update:
		assigns(n.Sets)
	}
	return s
}

func (w *wellFormed) widths(n plan.Node) {
	check := func(what string, a, b int) {
		if a != b {
			w.problem("%T: %s: %d and %d", n, what, a, b)
		}
	}
	switch n := n.(type) {
	case *plan.Project:
		check("values and columns", len(n.Values), len(n.Cols))
		for i, v := range n.Values {
			if v.Type() != n.Cols[i].Type {
				w.problem("Project: column %s is %s, value %s", n.Cols[i].Name, n.Cols[i].Type.Name, v.Type().Name)
			}
		}
	case *plan.Values:
		for _, r := range n.Rows {
			check("row and columns", len(r), len(n.Cols))
		}
	case *plan.Insert:
		check("nums and input", len(n.Nums), len(n.Input.Columns()))
		if !slices.IsSorted(n.Nums) {
			w.problem("Insert: nums %v", n.Nums)
		}
		for i, c := range n.Input.Columns() {
			if want := n.Rel.Column(n.Nums[i]).Type; want != c.Type {
				w.problem("Insert: column %s gets %s", n.Rel.Column(n.Nums[i]).Name, c.Type.Name)
			}
		}
	case *plan.Update:
		for i, c := range n.Target {
			if n.Input.Columns()[i].ID != c.ID {
				w.problem("Update: input does not start with the target")
			}
		}
		for _, a := range n.Sets {
			if want := n.Rel.Column(a.Num).Type; want != a.Value.Type() {
				w.problem("Update: column %s gets %s", n.Rel.Column(a.Num).Name, a.Value.Type().Name)
			}
		}
	case *plan.SetOp:
		for i, c := range n.Cols {
			if n.Left.Columns()[i].Type != c.Type || n.Right.Columns()[i].Type != c.Type {
				w.problem("SetOp: column %s differs in type", c.Name)
			}
		}
	}
}

func (w *wellFormed) expr(n plan.Node, e plan.Expr, avail plan.ColumnSet) {
	plan.Walk(e, func(e plan.Expr) bool {
		if e.Type() == nil {
			w.problem("%T without a type in %T", e, n)
			return false
		}
		switch e := e.(type) {
		case *plan.Column:
			if !avail[e.ID] && e.ID != plan.ElemColumn {
				w.problem("%T: column %s (%d) is not in its input", n, e.Name, e.ID)
			}
		case *plan.Call:
			w.args(e.Func, e.Args)
		case *plan.Agg:
			w.args(e.Func, e.Args)
		case *plan.Subquery:
			w.subquery(n, e, avail)
			return false
		}
		return true
	})
}

func (w *wellFormed) subquery(n plan.Node, s *plan.Subquery, avail plan.ColumnSet) {
	outer := plan.ColumnSet{}
	for _, id := range s.Outer {
		if !avail[id] {
			w.problem("%T: outer column %d is not in its input", n, id)
		}
		outer[id] = true
	}
	w.node(s.Plan, outer)
	if s.Test != nil {
		w.expr(n, s.Test, union(avail, setOf(s.Plan.Columns()...)))
	}
}

// args compares with the declared types, where they are plain.
func (w *wellFormed) args(f *funcs.Func, args []plan.Expr) {
	for i, a := range args {
		if i >= len(f.Args) || f.Variadic != 0 && i >= len(f.Args)-1 {
			continue
		}
		declared := f.Args[i]
		if isPolymorphic(declared) || declared == types.AnyOID || types.Builtin().ByOID(declared).Kind == 'p' {
			continue
		}
		if a.Type().OID != declared {
			w.problem("%s: argument %d is %s", f.Name, i+1, a.Type().Name)
		}
	}
}
