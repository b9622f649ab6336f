package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// restrictOrs derives from an OR over both sides of an inner join what it says of one
// side alone: (l.a = 1 AND r.b = 2) OR (l.a = 3 AND r.b = 4) lets only rows with l.a =
// 1 OR l.a = 3 into the join (extract_restriction_or_clauses of orclauses.c). The OR
// itself stays, marked, so that it is not asked again.
func restrictOrs(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		j, ok := n.(*plan.Join)
		if !ok || j.Kind != plan.InnerJoin || j.Lateral {
			return n
		}
		l, r := plan.ColumnIDs(j.Left.Columns()), plan.ColumnIDs(j.Right.Columns())
		var left, right, on []plan.Expr
		for _, c := range plan.Conjuncts(j.On) {
			or, ok := c.(*plan.Or)
			if !ok || or.Restricted || sideOf(or, l, r) != bothSides || plan.IsVolatile(or) || hasSubquery(or) {
				on = append(on, c)
				continue
			}
			marked := *or
			marked.Restricted = true
			on = append(on, &marked)
			left = append(left, restriction(or, l, r, leftSide)...)
			right = append(right, restriction(or, l, r, rightSide)...)
		}
		if len(left) == 0 && len(right) == 0 {
			return n
		}
		c := *j
		c.Left, c.Right, c.On = filtered(j.Left, left), filtered(j.Right, right), plan.Conjunction(on)
		return &c
	})
}

// restriction is the OR of each arm's conjuncts over one side; none where an arm says
// nothing of it.
func restriction(or *plan.Or, l, r plan.ColumnSet, of side) []plan.Expr {
	var arms []plan.Expr
	for _, a := range or.Args {
		var own []plan.Expr
		for _, c := range plan.Conjuncts(a) {
			if sideOf(c, l, r) == of {
				own = append(own, c)
			}
		}
		if len(own) == 0 {
			return nil
		}
		arms = append(arms, plan.Conjunction(own))
	}
	return []plan.Expr{&plan.Or{Meta: or.Meta, Args: arms}}
}
