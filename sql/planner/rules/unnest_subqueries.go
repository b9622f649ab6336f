package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// unnestSubqueries turns EXISTS, IN and their negations among a filter's
// conjuncts into semi and anti joins. A correlated subquery is unnested where
// all its uses of outer columns stand in filters that can move to the join's
// condition; otherwise it stays an expression, run once per distinct outer
// value.
func unnestSubqueries(n plan.Node, c *Context) plan.Node {
	return joinConditions(n, func(input plan.Node, cond plan.Expr) plan.Node { return unnest(input, cond, c) })
}

// joinConditions puts joins in the place of conditions of filters: join returns the
// one that stands for input filtered by cond, or nil.
func joinConditions(n plan.Node, join func(input plan.Node, cond plan.Expr) plan.Node) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		f, ok := n.(*plan.Filter)
		if !ok {
			return n
		}
		input := f.Input
		var kept []plan.Expr
		for _, cond := range plan.Conjuncts(f.Cond) {
			if j := join(input, cond); j != nil {
				input = j
				continue
			}
			kept = append(kept, cond)
		}
		if input == f.Input {
			return n
		}
		return filtered(input, kept)
	})
}

// filtered puts conds over n, if there are any.
func filtered(n plan.Node, conds []plan.Expr) plan.Node {
	if len(conds) == 0 {
		return n
	}
	return &plan.Filter{Input: n, Cond: plan.Conjunction(conds)}
}

// unnest returns the join that stands for input filtered by cond, or nil.
func unnest(input plan.Node, cond plan.Expr, c *Context) plan.Node {
	negated := false
	if not, ok := cond.(*plan.Not); ok {
		negated, cond = true, not.Arg
	}
	s, ok := cond.(*plan.Subquery)
	if !ok || !produces(input, s.Outer) || testHasSubquery(s) {
		return nil
	}
	switch {
	case s.Kind == plan.SubExists:
		return existsJoin(input, s, negated)
	case s.Kind == plan.SubAny && !negated:
		return anyJoin(input, s, plan.SemiJoin)
	case s.Kind == plan.SubAny && len(s.Outer) == 0:
		// NOT IN over a correlated subquery would need NULL-awareness per outer row.
		return anyJoin(input, s, plan.AntiJoin)
	}
	return nil
}

func testHasSubquery(s *plan.Subquery) bool {
	found := false
	plan.Walk(s.Test, func(e plan.Expr) bool {
		_, sub := e.(*plan.Subquery)
		found = found || sub
		return !found
	})
	return found
}

// produces says whether n puts out all of ids.
func produces(n plan.Node, ids []plan.ColumnID) bool {
	have := plan.ColumnIDs(n.Columns())
	for _, id := range ids {
		if !have[id] {
			return false
		}
	}
	return true
}

func existsJoin(input plan.Node, s *plan.Subquery, negated bool) plan.Node {
	inner, conds, ok := decorrelate(stripForExists(s.Plan), s.Outer)
	if !ok {
		return nil
	}
	kind := plan.SemiJoin
	if negated {
		kind = plan.AntiJoin
	}
	return &plan.Join{Kind: kind, Left: input, Right: inner, On: plan.Conjunction(conds)}
}

func anyJoin(input plan.Node, s *plan.Subquery, kind plan.JoinKind) plan.Node {
	inner, conds, ok := decorrelate(s.Plan, s.Outer)
	if !ok || !testUses(s.Test, input, inner) {
		return nil
	}
	on := append(plan.Conjuncts(s.Test), conds...)
	return &plan.Join{Kind: kind, Left: input, Right: inner, On: plan.Conjunction(on), NullAware: kind == plan.AntiJoin}
}

// testUses says whether the test uses only columns of the two sides: one of an
// enclosing query further out would need a lateral join.
func testUses(test plan.Expr, left, right plan.Node) bool {
	l, r := plan.ColumnIDs(left.Columns()), plan.ColumnIDs(right.Columns())
	for id := range plan.ColumnsOf(test) {
		if !l[id] && !r[id] {
			return false
		}
	}
	return true
}

// stripForExists drops what can't change whether there is a row: output
// expressions, order, DISTINCT.
func stripForExists(n plan.Node) plan.Node {
	for {
		switch t := n.(type) {
		case *plan.Sort:
			n = t.Input
		case *plan.DistinctRows:
			n = t.Input
		case *plan.Project:
			n = t.Input
		default:
			return n
		}
	}
}

// decorrelate moves the conditions that use outer columns from n's filters to
// the caller. ok is false if an outer column is used elsewhere.
func decorrelate(n plan.Node, outer []plan.ColumnID) (inner plan.Node, conds []plan.Expr, ok bool) {
	if len(outer) == 0 {
		return n, nil, true
	}
	set := plan.ColumnSet{}
	for _, id := range outer {
		set[id] = true
	}
	inner, conds = pullConditions(n, set)
	if usesAny(inner, set) || !produces(inner, innerColumns(conds, set)) {
		return nil, nil, false
	}
	return inner, conds, true
}

func innerColumns(conds []plan.Expr, outer plan.ColumnSet) []plan.ColumnID {
	var ids []plan.ColumnID
	for id := range plan.ColumnsOf(conds...) {
		if !outer[id] {
			ids = append(ids, id)
		}
	}
	return ids
}

// pullConditions takes the conditions with outer columns out of the filters
// that can be reached through projections, adding the columns they need to
// those.
func pullConditions(n plan.Node, outer plan.ColumnSet) (plan.Node, []plan.Expr) {
	switch t := n.(type) {
	case *plan.Filter:
		in, pulled := pullConditions(t.Input, outer)
		var kept []plan.Expr
		for _, c := range plan.Conjuncts(t.Cond) {
			if outer.UsedBy(c) && !hasSubquery(c) {
				pulled = append(pulled, c)
			} else {
				kept = append(kept, c)
			}
		}
		return filtered(in, kept), pulled
	case *plan.Project:
		in, pulled := pullConditions(t.Input, outer)
		return extendProject(t, in, innerColumns(pulled, outer)), pulled
	case *plan.Join:
		if t.Kind != plan.InnerJoin {
			return n, nil
		}
		l, pl := pullConditions(t.Left, outer)
		r, pr := pullConditions(t.Right, outer)
		c := *t
		c.Left, c.Right = l, r
		var kept []plan.Expr
		pulled := append(pl, pr...)
		for _, on := range plan.Conjuncts(t.On) {
			if outer.UsedBy(on) && !hasSubquery(on) {
				pulled = append(pulled, on)
			} else {
				kept = append(kept, on)
			}
		}
		c.On = plan.Conjunction(kept)
		return &c, pulled
	}
	return n, nil
}

// extendProject lets the columns ids through.
func extendProject(p *plan.Project, in plan.Node, ids []plan.ColumnID) plan.Node {
	c := &plan.Project{Input: in, Values: p.Values, Cols: p.Cols}
	have := plan.ColumnIDs(p.Columns())
	need := plan.ColumnSet{}
	for _, id := range ids {
		need[id] = true
	}
	for _, col := range in.Columns() {
		if need[col.ID] && !have[col.ID] {
			c.Values = append(c.Values[:len(c.Values):len(c.Values)], columnOf(col))
			c.Cols = append(c.Cols[:len(c.Cols):len(c.Cols)], col)
		}
	}
	return c
}

func hasSubquery(e plan.Expr) bool {
	found := false
	plan.Walk(e, func(e plan.Expr) bool {
		_, s := e.(*plan.Subquery)
		found = found || s
		return !found
	})
	return found
}

// usesAny says whether any expression in the tree uses a column of set.
func usesAny(n plan.Node, set plan.ColumnSet) bool {
	found := false
	plan.WalkNodes(n, func(n plan.Node) bool {
		for _, e := range n.Exprs() {
			found = found || set.UsedBy(e)
		}
		return !found
	})
	return found
}
