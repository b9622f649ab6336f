package planner

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// PostgreSQL sorts and hashes by operator classes: what groups rows by types that only
// sort together with types that only hash can't be done. Here every type with equality
// is hashed and ordered; the query is refused all the same.

// checkImplementable is 0A000 for grouping that no operator classes serve.
func checkImplementable(root plan.Node) (err error) {
	plan.WalkNodes(root, func(n plan.Node) bool {
		if err == nil {
			err = implementable(n)
		}
		return err == nil
	})
	return err
}

func implementable(n plan.Node) error {
	switch n := n.(type) {
	case *plan.RecursiveUnion:
		if !n.All && !allOf(plan.ColumnTypes(n.Cols), (*types.Type).Hashable) {
			return cannotImplement("recursive UNION", "All column datatypes must be hashable.")
		}
	case *plan.SetOp:
		if n.Kind != plan.Union || !n.All {
			return groupable(setOpNames[n.Kind], plan.ColumnTypes(n.Cols), true)
		}
	case *plan.DistinctRows:
		if n.On != nil {
			return groupable("DISTINCT", exprTypes(n.On), true)
		}
		return groupable("DISTINCT", plan.ColumnTypes(n.Columns()), true)
	case *plan.Window:
		if !allOf(exprTypes(n.PartitionBy), (*types.Type).Sortable) {
			return cannotImplement("window PARTITION BY", "Window partitioning columns must be of sortable datatypes.")
		}
	case *plan.Aggregate:
		return implementableGroups(n)
	}
	return nil
}

var setOpNames = map[plan.SetOpKind]string{plan.Union: "UNION", plan.Intersect: "INTERSECT", plan.Except: "EXCEPT"}

// implementableGroups checks each grouping set by itself. Aggregates that sort their
// input leave no hashing.
func implementableGroups(n *plan.Aggregate) error {
	mayHash := true
	for _, a := range n.Aggs {
		mayHash = mayHash && !a.Distinct && len(a.Order) == 0
	}
	all := exprTypes(n.GroupBy)
	if n.Sets == nil {
		return groupable("GROUP BY", all, mayHash)
	}
	for _, set := range n.Sets {
		ts := make([]*types.Type, len(set))
		for i, at := range set {
			ts[i] = all[at]
		}
		if err := groupable("GROUP BY", ts, mayHash); err != nil {
			return err
		}
	}
	return nil
}

func groupable(construct string, ts []*types.Type, mayHash bool) error {
	if allOf(ts, (*types.Type).Sortable) || mayHash && allOf(ts, (*types.Type).Hashable) {
		return nil
	}
	return cannotImplement(construct, "Some of the datatypes only support hashing, while others only support sorting.")
}

func cannotImplement(construct, detail string) error {
	return pgerr.New(pgerr.FeatureNotSupported, "could not implement %s", construct).WithDetail("%s", detail)
}

func allOf(ts []*types.Type, is func(*types.Type) bool) bool {
	for _, t := range ts {
		if !is(t) {
			return false
		}
	}
	return true
}

func exprTypes(es []plan.Expr) []*types.Type {
	out := make([]*types.Type, len(es))
	for i, e := range es {
		out[i] = e.Type()
	}
	return out
}
