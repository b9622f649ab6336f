package rules

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// pushFilters moves conditions towards the scans: through projections, into the
// sides of joins, below grouping and set operations, and at last into Scan
// nodes, where access paths are made of them. A condition moves only where it
// is evaluated on rows that it would have seen, or on rows that can't matter.
func pushFilters(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		switch t := n.(type) {
		case *plan.Filter:
			in, left := push(t.Input, plan.Conjuncts(t.Cond))
			if in == t.Input {
				return n
			}
			return filtered(in, left)
		case *plan.Join:
			in, left := pushJoin(t, nil)
			return filtered(in, left)
		}
		return n
	})
}

// push moves conds into n and returns those that must stay above it.
func push(n plan.Node, conds []plan.Expr) (plan.Node, []plan.Expr) {
	if len(conds) == 0 {
		return n, nil
	}
	switch t := n.(type) {
	case *plan.Scan:
		return pushScan(t, conds)
	case *plan.Filter:
		return push(t.Input, append(plan.Conjuncts(t.Cond), conds...))
	case *plan.Project:
		return pushProject(t, conds)
	case *plan.SecurityBarrier:
		return pushBarrier(t, conds)
	case *plan.Sort:
		in, left := push(t.Input, conds)
		return rebuilt(t, in), left
	case *plan.With:
		in, left := push(t.Body, conds)
		return rebuilt(t, in), left
	case *plan.Join:
		return pushJoin(t, conds)
	case *plan.Aggregate:
		return pushAggregate(t, conds)
	case *plan.SetOp:
		return pushSetOp(t, conds)
	case *plan.DistinctRows:
		return pushDistinct(t, conds)
	}
	return n, conds
}

// pushBarrier lets conditions pass that tell nobody of the rows that they see.
func pushBarrier(b *plan.SecurityBarrier, conds []plan.Expr) (plan.Node, []plan.Expr) {
	var down, left []plan.Expr
	for _, c := range conds {
		if leakproof(c) && !hasSubquery(c) {
			down = append(down, c)
		} else {
			left = append(left, c)
		}
	}
	if len(down) == 0 {
		return b, conds
	}
	return rebuilt(b, over(b.Input, down)), left
}

// leakproof says that nothing in e can tell of its arguments but by its result
// (contain_leaked_vars).
func leakproof(e plan.Expr) bool {
	ok := true
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Call:
			ok = ok && (e.Func.Leakproof() || len(plan.ColumnsOf(e.Args...)) == 0)
		case *plan.Column, *plan.Const, *plan.Param, *plan.And, *plan.Or, *plan.Not, *plan.NullTest, *plan.BoolTest, *plan.Case, *plan.RowExpr:
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// rebuilt is n over another input, n itself if the input is the same.
func rebuilt(n plan.Node, in plan.Node) plan.Node {
	if n.Inputs()[0] == in {
		return n
	}
	return n.WithInputs([]plan.Node{in})
}

// over pushes conds into in and keeps a Filter for those that did not go.
func over(in plan.Node, conds []plan.Expr) plan.Node {
	n, left := push(in, conds)
	return filtered(n, left)
}

func pushScan(s *plan.Scan, conds []plan.Expr) (plan.Node, []plan.Expr) {
	if s.Limit >= 0 {
		return s, conds
	}
	var take, left []plan.Expr
	for _, c := range conds {
		if hasSubquery(c) {
			left = append(left, c) // a subquery's value is not part of an access path
			continue
		}
		take = append(take, c)
	}
	if len(take) == 0 {
		return s, conds
	}
	c := *s
	c.Filter = plan.Conjunction(append(plan.Conjuncts(s.Filter), take...))
	return &c, left
}

func pushProject(p *plan.Project, conds []plan.Expr) (plan.Node, []plan.Expr) {
	volatile := plan.ColumnSet{}
	for i, v := range p.Values {
		if plan.IsVolatile(v) {
			volatile[p.Cols[i].ID] = true
		}
	}
	sub := substitution(p)
	var down, left []plan.Expr
	for _, c := range conds {
		if volatile.UsedBy(c) || plan.IsVolatile(c) || hasSubquery(c) && !onlyColumns(c, sub) {
			left = append(left, c)
			continue
		}
		down = append(down, substitute(c, sub))
	}
	if len(down) == 0 {
		return p, conds
	}
	return rebuilt(p, over(p.Input, down)), left
}

// onlyColumns says whether all columns that c's subqueries use from here are
// plain columns below, so that the subquery can be told the new names. It is
// not worth renaming inside subplans: only identical ids pass.
func onlyColumns(c plan.Expr, sub map[plan.ColumnID]plan.Expr) bool {
	ok := true
	plan.Walk(c, func(e plan.Expr) bool {
		if s, is := e.(*plan.Subquery); is {
			for _, id := range s.Outer {
				col, isCol := sub[id].(*plan.Column)
				ok = ok && (sub[id] == nil || isCol && col.ID == id)
			}
		}
		return ok
	})
	return ok
}

// pushJoin distributes conds and the join's own condition.
func pushJoin(j *plan.Join, conds []plan.Expr) (plan.Node, []plan.Expr) {
	l, r := plan.ColumnIDs(j.Left.Columns()), plan.ColumnIDs(j.Right.Columns())
	var toLeft, toRight, on, above []plan.Expr
	ownConds := plan.Conjuncts(j.On)
	for _, c := range ownConds {
		switch side := sideOf(c, l, r); {
		case j.NullAware: // the test of NOT IN is one condition
			on = append(on, c)
		case side == leftSide && (j.Kind == plan.InnerJoin || j.Kind == plan.RightJoin || j.Kind == plan.SemiJoin):
			toLeft = append(toLeft, c)
		case side == rightSide && j.Kind != plan.RightJoin && j.Kind != plan.FullJoin:
			toRight = append(toRight, c)
		default:
			on = append(on, c)
		}
	}
	for _, c := range conds {
		switch side := sideOf(c, l, r); {
		case side == leftSide && keepsLeft(j.Kind):
			toLeft = append(toLeft, c)
		case side == rightSide && keepsRight(j.Kind):
			toRight = append(toRight, c)
		case j.Kind == plan.InnerJoin && side == bothSides:
			on = append(on, c)
		default:
			above = append(above, c)
		}
	}
	if len(toLeft) == 0 && len(toRight) == 0 && len(on) == len(ownConds) {
		return j, conds
	}
	c := *j
	c.Left, c.Right = over(j.Left, toLeft), over(j.Right, toRight)
	c.On = plan.Conjunction(on)
	return &c, above
}

type side uint8

const (
	noSide side = iota
	leftSide
	rightSide
	bothSides
)

// sideOf says which side's columns e uses. A volatile condition stays where it
// is.
func sideOf(e plan.Expr, l, r plan.ColumnSet) side {
	s := noSide
	for id := range plan.ColumnsOf(e) {
		if l[id] {
			s |= leftSide
		}
		if r[id] {
			s |= rightSide
		}
	}
	if plan.IsVolatile(e) {
		return noSide
	}
	return s
}

// keepsLeft: a filter on the left columns of the join's output may be applied
// to its left input.
func keepsLeft(k plan.JoinKind) bool {
	return k == plan.InnerJoin || k == plan.LeftJoin || k == plan.SemiJoin || k == plan.AntiJoin
}

func keepsRight(k plan.JoinKind) bool { return k == plan.InnerJoin || k == plan.RightJoin }

// pushAggregate moves conditions on grouping columns below the grouping.
func pushAggregate(a *plan.Aggregate, conds []plan.Expr) (plan.Node, []plan.Expr) {
	if a.Sets != nil || len(a.GroupBy) == 0 {
		return a, conds
	}
	sub := map[plan.ColumnID]plan.Expr{}
	for i, c := range a.GroupCols {
		if !plan.IsVolatile(a.GroupBy[i]) {
			sub[c.ID] = a.GroupBy[i]
		}
	}
	var down, left []plan.Expr
	for _, c := range conds {
		if !covered(c, sub) {
			left = append(left, c)
			continue
		}
		down = append(down, substitute(c, sub))
	}
	if len(down) == 0 {
		return a, conds
	}
	return rebuilt(a, over(a.Input, down)), left
}

// covered says whether c uses columns of sub only, at least one, and can be
// evaluated elsewhere.
func covered(c plan.Expr, sub map[plan.ColumnID]plan.Expr) bool {
	if plan.IsVolatile(c) || hasSubquery(c) {
		return false
	}
	cols := plan.ColumnsOf(c)
	for id := range cols {
		if sub[id] == nil {
			return false
		}
	}
	return len(cols) > 0
}

// pushSetOp filters both inputs instead of the result.
func pushSetOp(s *plan.SetOp, conds []plan.Expr) (plan.Node, []plan.Expr) {
	l, r := positional(s.Cols, s.Left), positional(s.Cols, s.Right)
	var down, left []plan.Expr
	for _, c := range conds {
		if covered(c, l) {
			down = append(down, c)
		} else {
			left = append(left, c)
		}
	}
	if len(down) == 0 {
		return s, conds
	}
	lc, rc := make([]plan.Expr, len(down)), make([]plan.Expr, len(down))
	for i, c := range down {
		lc[i], rc[i] = substitute(c, l), substitute(c, r)
	}
	return s.WithInputs([]plan.Node{over(s.Left, lc), over(s.Right, rc)}), left
}

// positional maps the output columns of a set operation to an input's.
func positional(cols []plan.Col, in plan.Node) map[plan.ColumnID]plan.Expr {
	sub := make(map[plan.ColumnID]plan.Expr, len(cols))
	for i, c := range in.Columns() {
		if i < len(cols) {
			sub[cols[i].ID] = columnOf(c)
		}
	}
	return sub
}

// pushDistinct moves conditions on the distinct columns below.
func pushDistinct(d *plan.DistinctRows, conds []plan.Expr) (plan.Node, []plan.Expr) {
	if len(d.On) == 0 {
		in, left := push(d.Input, stable(conds))
		return rebuilt(d, in), append(left, unstable(conds)...)
	}
	on := map[plan.ColumnID]plan.Expr{}
	for _, e := range d.On {
		if c, ok := e.(*plan.Column); ok {
			on[c.ID] = c
		}
	}
	var down, left []plan.Expr
	for _, c := range conds {
		if covered(c, on) {
			down = append(down, c)
		} else {
			left = append(left, c)
		}
	}
	if len(down) == 0 {
		return d, conds
	}
	return rebuilt(d, over(d.Input, down)), left
}

func stable(conds []plan.Expr) []plan.Expr {
	var out []plan.Expr
	for _, c := range conds {
		if !plan.IsVolatile(c) {
			out = append(out, c)
		}
	}
	return out
}

func unstable(conds []plan.Expr) []plan.Expr {
	var out []plan.Expr
	for _, c := range conds {
		if plan.IsVolatile(c) {
			out = append(out, c)
		}
	}
	return out
}
