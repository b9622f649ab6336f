package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// propagateConstants: of two columns that a join makes equal, one equal to a
// constant makes the other so, below an outer join too
// (generate_base_implied_equalities and reconsider_outer_join_clauses). Both
// sides can then be read by key.
func propagateConstants(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		j, ok := n.(*plan.Join)
		if !ok || j.NullAware {
			return n
		}
		var toLeft, toRight []plan.Expr
		for _, e := range plan.Conjuncts(j.On) {
			eq, l, r := equalColumns(e, plan.ColumnIDs(j.Left.Columns()))
			if eq == nil {
				continue
			}
			if impliesRight[j.Kind] {
				toRight = append(toRight, implied(eq, j.Left, l, j.Right, r)...)
			}
			if impliesLeft[j.Kind] {
				toLeft = append(toLeft, implied(eq, j.Right, r, j.Left, l)...)
			}
		}
		if len(toLeft) == 0 && len(toRight) == 0 {
			return n
		}
		c := *j
		c.Left, c.Right = over(j.Left, toLeft), over(j.Right, toRight)
		return &c
	})
}

// impliesRight are the kinds of join for which a row of the right side that
// equals no row of the left one doesn't matter; impliesLeft mirrors it.
var (
	impliesRight = map[plan.JoinKind]bool{plan.InnerJoin: true, plan.LeftJoin: true, plan.SemiJoin: true, plan.AntiJoin: true}
	impliesLeft  = map[plan.JoinKind]bool{plan.InnerJoin: true, plan.RightJoin: true, plan.SemiJoin: true}
)

// equalColumns takes apart l = r, a column of left and one that is not.
func equalColumns(e plan.Expr, left plan.ColumnSet) (eq *plan.Call, l, r *plan.Column) {
	c, ok := e.(*plan.Call)
	if !ok || !isEquality(c) {
		return nil, nil, nil
	}
	l, isL := c.Args[0].(*plan.Column)
	r, isR := c.Args[1].(*plan.Column)
	if !isL || !isR || left[l.ID] == left[r.ID] {
		return nil, nil, nil
	}
	if left[r.ID] {
		l, r = r, l
	}
	return c, l, r
}

// isEquality: an equality within one type, which is transitive with itself, of
// values that nothing can tell apart.
func isEquality(c *plan.Call) bool {
	return plan.Bytewise(c) && c.Op != nil && c.Op.Hashes && len(c.Args) == 2 && c.Op.Left == c.Op.Right
}

// implied is to = constant where from = constant holds below source, and
// nothing of the kind is known below target.
func implied(eq *plan.Call, source plan.Node, from *plan.Column, target plan.Node, to *plan.Column) []plan.Expr {
	value := constantOf(source, from.ID, eq)
	if value == nil || constantOf(target, to.ID, eq) != nil {
		return nil
	}
	c := *eq
	c.Args = []plan.Expr{to, value}
	return []plan.Expr{&c}
}

// constantOf is the constant that all rows of n have in a column, in the sense
// of eq; nil if none is known.
func constantOf(n plan.Node, id plan.ColumnID, eq *plan.Call) plan.Expr {
	switch t := n.(type) {
	case *plan.Scan:
		return constantAmong(t.Filter, id, eq)
	case *plan.Filter:
		if k := constantAmong(t.Cond, id, eq); k != nil {
			return k
		}
		return constantOf(t.Input, id, eq)
	case *plan.Project:
		for i, c := range t.Cols {
			if v, ok := t.Values[i].(*plan.Column); ok && c.ID == id {
				return constantOf(t.Input, v.ID, eq)
			}
		}
	case *plan.Join:
		if keepsLeft(t.Kind) && plan.ColumnIDs(t.Left.Columns())[id] {
			return constantOf(t.Left, id, eq)
		}
		if keepsRight(t.Kind) && plan.ColumnIDs(t.Right.Columns())[id] {
			return constantOf(t.Right, id, eq)
		}
	}
	return nil
}

func constantAmong(cond plan.Expr, id plan.ColumnID, eq *plan.Call) plan.Expr {
	for _, e := range plan.Conjuncts(cond) {
		c, ok := e.(*plan.Call)
		if !ok || !isEquality(c) || c.Op.OID != eq.Op.OID {
			continue
		}
		for i, a := range c.Args {
			if col, ok := a.(*plan.Column); ok && col.ID == id && isGiven(c.Args[1-i]) {
				return c.Args[1-i]
			}
		}
	}
	return nil
}

// isGiven: a constant or a parameter of the statement.
func isGiven(e plan.Expr) bool {
	switch e.(type) {
	case *plan.Const, *plan.Param:
		return true
	}
	return false
}
