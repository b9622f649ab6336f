package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// postponeSets sorts before set-returning functions are run, where the order does not
// look at what they return (make_sort_input_target): fewer rows are sorted, and the
// rows of one set stay together in their order.
func postponeSets(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		s, ok := n.(*plan.Sort)
		if !ok {
			return n
		}
		if below := sortBelow(s.Input, s.Keys); below != nil {
			return below
		}
		return n
	})
}

// sortBelow is n with its rows sorted before the sets in it are run; nil where there are
// none, or the order depends on them.
func sortBelow(n plan.Node, keys []plan.SortKey) plan.Node {
	switch t := n.(type) {
	case *plan.Project:
		below := keysBelow(keys, t.Values, t.Cols)
		if below == nil {
			return nil
		}
		in := sortBelow(t.Input, below)
		if in == nil {
			return nil
		}
		return t.WithInputs([]plan.Node{in})
	case *plan.ProjectSet:
		below := keysBelow(keys, t.Values, t.Cols)
		if below == nil {
			return nil
		}
		return t.WithInputs([]plan.Node{&plan.Sort{Input: t.Input, Keys: below}})
	}
	return nil
}

// keysBelow are sort keys over the input of values; nil where one depends on a set or
// on chance.
func keysBelow(keys []plan.SortKey, values []plan.Expr, cols []plan.Col) []plan.SortKey {
	by := map[plan.ColumnID]plan.Expr{}
	for i, c := range cols {
		by[c.ID] = values[i]
	}
	out := make([]plan.SortKey, len(keys))
	for i, k := range keys {
		for id := range plan.ColumnsOf(k.Expr) {
			if v := by[id]; v != nil && (plan.IsVolatile(v) || hasSet(v)) {
				return nil
			}
		}
		out[i] = k
		out[i].Expr = plan.Rewrite(k.Expr, func(e plan.Expr) plan.Expr {
			if c, ok := e.(*plan.Column); ok && by[c.ID] != nil {
				return by[c.ID]
			}
			return e
		})
	}
	return out
}

func hasSet(e plan.Expr) bool {
	found := false
	plan.Walk(e, func(e plan.Expr) bool {
		if _, ok := e.(*plan.SetReturning); ok {
			found = true
		}
		return !found
	})
	return found
}
