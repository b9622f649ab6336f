package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// mergeProjects turns Project over Project into one, and drops a Project that
// changes nothing. Values that are volatile, or used twice and not free, stay
// where they are: they must be computed once.
func mergeProjects(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		outer, ok := n.(*plan.Project)
		if !ok {
			return n
		}
		if isIdentity(outer) {
			return outer.Input
		}
		inner, ok := outer.Input.(*plan.Project)
		if !ok || !canSubstitute(outer.Values, inner) {
			return n
		}
		sub := substitution(inner)
		values := make([]plan.Expr, len(outer.Values))
		for i, v := range outer.Values {
			values[i] = substitute(v, sub)
		}
		return &plan.Project{Input: inner.Input, Values: values, Cols: outer.Cols}
	})
}

func isIdentity(p *plan.Project) bool {
	in := p.Input.Columns()
	if len(in) != len(p.Cols) {
		return false
	}
	for i, v := range p.Values {
		c, ok := v.(*plan.Column)
		if !ok || c.ID != in[i].ID || p.Cols[i].ID != in[i].ID {
			return false
		}
	}
	return true
}

// canSubstitute says whether every inner value may be computed where it is
// used.
func canSubstitute(uses []plan.Expr, inner *plan.Project) bool {
	count := map[plan.ColumnID]int{}
	for _, u := range uses {
		plan.Walk(u, func(e plan.Expr) bool {
			switch e := e.(type) {
			case *plan.Column:
				count[e.ID]++
			case *plan.Subquery:
				for _, id := range e.Outer {
					count[id] += 2 // a correlated use can't be replaced by an expression
				}
			}
			return true
		})
	}
	for i, v := range inner.Values {
		if count[inner.Cols[i].ID] == 0 || isFree(v) && count[inner.Cols[i].ID] == 1 {
			continue
		}
		_, isColumn := v.(*plan.Column)
		_, isConst := v.(*plan.Const)
		multiple := count[inner.Cols[i].ID] > 1
		if plan.IsVolatile(v) || multiple && !isColumn && !isConst || usedBySubquery(uses, inner.Cols[i].ID) {
			return false
		}
	}
	return true
}

func isFree(e plan.Expr) bool {
	switch e.(type) {
	case *plan.Column, *plan.Const, *plan.Param:
		return true
	}
	return false
}

func usedBySubquery(uses []plan.Expr, id plan.ColumnID) bool {
	found := false
	for _, u := range uses {
		plan.Walk(u, func(e plan.Expr) bool {
			if s, ok := e.(*plan.Subquery); ok {
				for _, o := range s.Outer {
					found = found || o == id
				}
			}
			return !found
		})
	}
	return found
}

func substitution(p *plan.Project) map[plan.ColumnID]plan.Expr {
	sub := make(map[plan.ColumnID]plan.Expr, len(p.Cols))
	for i, c := range p.Cols {
		sub[c.ID] = p.Values[i]
	}
	return sub
}

// substitute replaces columns by expressions.
func substitute(e plan.Expr, sub map[plan.ColumnID]plan.Expr) plan.Expr {
	return plan.Rewrite(e, func(e plan.Expr) plan.Expr {
		if c, ok := e.(*plan.Column); ok {
			if v := sub[c.ID]; v != nil {
				return v
			}
		}
		return e
	})
}
