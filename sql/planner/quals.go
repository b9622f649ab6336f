package planner

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
)

// orderedQual is a node's condition with its conjuncts in the order of evaluation.
func orderedQual(cond plan.Expr) plan.Expr {
	and, ok := cond.(*plan.And)
	if !ok {
		return cond
	}
	return &plan.And{Meta: and.Meta, Args: cost.OrderQuals(plan.Conjuncts(and))}
}

// filter orders the condition; above grouping it is HAVING.
func filter(f *plan.Filter) plan.Node {
	and, ok := f.Cond.(*plan.And)
	if !ok {
		return f
	}
	order := cost.OrderQuals
	if _, having := f.Input.(*plan.HashAggregate); having {
		order = cost.OrderHaving
	}
	out := *f
	out.Cond = &plan.And{Meta: and.Meta, Args: order(plan.Conjuncts(and))}
	return &out
}
