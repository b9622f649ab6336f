package bind

import (
	"sort"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// freeColumns are the columns that a plan uses and does not make: those of the
// queries around it, through any number of levels. What a CTE defined outside
// the plan uses counts too, since reading the CTE depends on it.
func freeColumns(n plan.Node) []plan.ColumnID {
	f := freeFinder{used: plan.ColumnSet{}, made: plan.ColumnSet{}, ctes: map[*plan.CTE]bool{}, defined: map[*plan.CTE]bool{}}
	f.node(n)
	for c := range f.ctes {
		if !f.defined[c] && c.Plan != nil {
			for _, id := range freeColumns(c.Plan) {
				f.used[id] = true
			}
		}
	}
	var out []plan.ColumnID
	for id := range f.used {
		if !f.made[id] {
			out = append(out, id)
		}
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

type freeFinder struct {
	used, made    plan.ColumnSet
	ctes, defined map[*plan.CTE]bool
}

func (f *freeFinder) node(n plan.Node) {
	plan.WalkNodes(n, func(n plan.Node) bool {
		for _, e := range n.Exprs() {
			f.expr(e)
		}
		for _, c := range n.Columns() {
			f.made[c.ID] = true
		}
		f.extra(n)
		return true
	})
}

func (f *freeFinder) expr(e plan.Expr) {
	plan.Walk(e, func(e plan.Expr) bool {
		if c, ok := e.(*plan.Column); ok && c.ID != plan.ElemColumn {
			f.used[c.ID] = true
		}
		return true
	})
}

// extra adds the columns that a node makes for its own expressions only, and the
// CTEs it reads or defines.
func (f *freeFinder) extra(n plan.Node) {
	switch n := n.(type) {
	case *plan.CTEScan:
		f.ctes[n.CTE] = true
	case *plan.With:
		for _, c := range n.CTEs {
			f.defined[c] = true
		}
	case *plan.Insert:
		f.makes(n.Target)
		if n.OnConflict != nil {
			f.makes(n.OnConflict.Existing)
			f.makes(n.OnConflict.Excluded)
			f.assigns(n.OnConflict.Sets)
		}
		if n.Routing != nil {
			f.members(n.Routing.Leaves)
		}
	case *plan.Update:
		f.makes(n.Target)
		f.assigns(n.Sets)
		f.assigns(n.Generated)
		f.members(n.Members)
	case *plan.Delete:
		f.makes(n.Target)
	}
}

func (f *freeFinder) members(ms []plan.Member) {
	for _, m := range ms {
		f.assigns(m.Generated)
	}
}

func (f *freeFinder) makes(cols []plan.Col) {
	for _, c := range cols {
		f.made[c.ID] = true
	}
}

func (f *freeFinder) assigns(as []plan.Assignment) {
	for _, a := range as {
		if a.New != 0 {
			f.made[a.New] = true
		}
	}
}

// replacer replaces whole expressions top-down, inside subqueries too; f is told
// how many subqueries deep it is.
type replacer struct {
	f     func(e plan.Expr, depth int) (plan.Expr, bool)
	depth int
}

// replace rewrites e; the lists of outer columns of subqueries are made anew.
func (r replacer) replace(e plan.Expr) plan.Expr {
	if e == nil {
		return nil
	}
	if out, ok := r.f(e, r.depth); ok {
		return out
	}
	if s, ok := e.(*plan.Subquery); ok {
		return r.subquery(s)
	}
	return r.children(e)
}

func (r replacer) children(e plan.Expr) plan.Expr {
	children := e.Children()
	changed := false
	out := make([]plan.Expr, len(children))
	for i, c := range children {
		out[i] = r.replace(c)
		changed = changed || out[i] != c
	}
	if !changed {
		return e
	}
	return e.WithChildren(out)
}

func (r replacer) subquery(s *plan.Subquery) plan.Expr {
	c := *s
	if s.Test != nil {
		c.Test = r.replace(s.Test)
	}
	if len(s.Outer) > 0 {
		inner := replacer{r.f, r.depth + 1}
		c.Plan = inner.node(s.Plan)
		c.Outer = freeColumns(c.Plan)
	}
	return &c
}

// node rewrites the expressions of a plan; CTE plans in place.
func (r replacer) node(n plan.Node) plan.Node {
	if w, ok := n.(*plan.With); ok {
		for _, c := range w.CTEs {
			c.Plan = r.node(c.Plan)
		}
	}
	in := n.Inputs()
	out := make([]plan.Node, len(in))
	for i, c := range in {
		out[i] = r.node(c)
	}
	if len(in) > 0 {
		n = n.WithInputs(out)
	}
	es := n.Exprs()
	if len(es) == 0 {
		return n
	}
	for i, e := range es {
		es[i] = r.replace(e)
	}
	return n.WithExprs(es)
}
