package rules

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// strengthenJoins turns outer joins into inner ones (or full into one-sided)
// where a filter above refuses the rows that the outer join would add: a strict
// condition on a column of the nullable side can't be true for a NULL row.
func strengthenJoins(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		f, ok := n.(*plan.Filter)
		if !ok {
			return n
		}
		refused := plan.ColumnSet{}
		for _, c := range plan.Conjuncts(f.Cond) {
			addRefused(refused, c)
		}
		in := strengthen(f.Input, refused)
		if in == f.Input {
			return n
		}
		return &plan.Filter{Input: in, Cond: f.Cond}
	})
}

// strengthen applies the refused columns to the joins below n.
func strengthen(n plan.Node, refused plan.ColumnSet) plan.Node {
	j, ok := n.(*plan.Join)
	if !ok {
		return n
	}
	kind := j.Kind
	left, right := anyOf(j.Left, refused), anyOf(j.Right, refused)
	switch {
	case kind == plan.LeftJoin && right, kind == plan.RightJoin && left, kind == plan.FullJoin && left && right:
		kind = plan.InnerJoin
	case kind == plan.FullJoin && left:
		kind = plan.LeftJoin
	case kind == plan.FullJoin && right:
		kind = plan.RightJoin
	}
	l, r := j.Left, j.Right
	if kind == plan.InnerJoin || kind == plan.LeftJoin {
		l = strengthen(l, refused)
	}
	if kind == plan.InnerJoin || kind == plan.RightJoin {
		r = strengthen(r, refused)
	}
	if kind == j.Kind && l == j.Left && r == j.Right {
		return n
	}
	c := *j
	c.Kind, c.Left, c.Right = kind, l, r
	return &c
}

func anyOf(n plan.Node, set plan.ColumnSet) bool {
	for _, c := range n.Columns() {
		if set[c.ID] {
			return true
		}
	}
	return false
}

// addRefused adds the columns that, being NULL, keep the condition e from being
// true.
func addRefused(set plan.ColumnSet, e plan.Expr) {
	switch e := e.(type) {
	case *plan.NullTest:
		if e.Not && !e.RowWise {
			addStrict(set, e.Arg)
		}
	case *plan.ArrayOp:
		if !e.All {
			addStrict(set, e.Left)
		}
	case *plan.And:
		for _, a := range e.Args {
			addRefused(set, a)
		}
	default:
		addStrict(set, e)
	}
}

// addStrict adds the columns that, being NULL, make e NULL.
func addStrict(set plan.ColumnSet, e plan.Expr) {
	switch e := e.(type) {
	case *plan.Column:
		set[e.ID] = true
	case *plan.Call:
		if !e.Func.NotStrict {
			for _, a := range e.Args {
				addStrict(set, a)
			}
		}
	case *plan.Convert:
		if e.Kind != plan.ConvertDomain {
			addStrict(set, e.Arg)
		}
	}
}
