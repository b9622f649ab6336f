package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// inlineCTEs replaces the only reference to a CTE by its query, so that filters
// reach it (PostgreSQL 12's rule: not materialized unless referenced twice,
// volatile, modifying, recursive, or AS MATERIALIZED). AS NOT MATERIALIZED
// inlines every reference whose plan can be copied: one.
func inlineCTEs(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		w, ok := n.(*plan.With)
		if !ok {
			return n
		}
		var kept []*plan.CTE
		body := w.Body
		for i, c := range w.CTEs {
			if !inlinable(c) {
				kept = append(kept, c)
				continue
			}
			body = inlineCTE(c, body, w.CTEs[i+1:])
		}
		if len(kept) == 0 {
			return body
		}
		if len(kept) == len(w.CTEs) {
			return n
		}
		return &plan.With{CTEs: kept, Body: body}
	})
}

func inlinable(c *plan.CTE) bool {
	if c.Modifies || c.Materialized == 'a' || c.Refs != 1 {
		return c.Refs == 0 && !c.Modifies // nobody reads it
	}
	if _, recursive := c.Plan.(*plan.RecursiveUnion); recursive {
		return false
	}
	return !plan.NodeIsVolatile(c.Plan)
}

func inlineCTE(c *plan.CTE, body plan.Node, later []*plan.CTE) plan.Node {
	replace := func(n plan.Node) plan.Node {
		s, ok := n.(*plan.CTEScan)
		if !ok || s.CTE != c {
			return n
		}
		return renameColumns(c.Plan, s.Cols)
	}
	for _, l := range later {
		l.Plan = plan.RewriteNodes(l.Plan, replace)
	}
	return plan.RewriteNodes(body, replace)
}

// renameColumns puts out n's columns under the ids and names of cols.
func renameColumns(n plan.Node, cols []plan.Col) plan.Node {
	in := n.Columns()
	values := make([]plan.Expr, len(cols))
	for i := range cols {
		values[i] = columnOf(in[i])
	}
	return &plan.Project{Input: n, Values: values, Cols: cols}
}

func columnOf(c plan.Col) plan.Expr {
	return &plan.Column{Meta: plan.Meta{Typ: c.Type, Mod: c.Mod, At: -1}, ID: c.ID, Name: c.Name}
}
