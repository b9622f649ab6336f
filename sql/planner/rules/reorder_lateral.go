package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// reorderLateral takes a side that looks at nothing outside out of a lateral
// join: A, LATERAL (B JOIN f(A)) becomes (A, LATERAL f(A)) JOIN B, so that B is
// read once and not for every row of A.
func reorderLateral(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		outer, ok := n.(*plan.Join)
		if !ok || !outer.Lateral || outer.Kind != plan.InnerJoin {
			return n
		}
		inner, ok := outer.Right.(*plan.Join)
		if !ok || inner.Lateral || inner.Kind != plan.InnerJoin {
			return n
		}
		a := plan.ColumnIDs(outer.Left.Columns())
		free, bound := inner.Left, inner.Right
		if usesAny(free, a) {
			free, bound = bound, free
		}
		if usesAny(free, a) || !usesAny(bound, a) || plan.NodeIsVolatile(free) {
			return n
		}
		lateral := &plan.Join{Kind: plan.InnerJoin, Left: outer.Left, Right: bound, Lateral: true}
		on := append(plan.Conjuncts(inner.On), plan.Conjuncts(outer.On)...)
		return &plan.Join{Kind: plan.InnerJoin, Left: lateral, Right: free, On: plan.Conjunction(on)}
	})
}
