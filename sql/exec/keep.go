package exec

import "github.com/s3db-sql/s3db-sql/sql/plan"

// keep wraps a part of a repeated plan that does not depend on what changes
// between its runs: it is read once, and from memory or disk after that. A scan
// whose filter alone depends on it is read once without those conditions. nil
// where there is nothing to keep.
func (b *builder) keep(n plan.Node) (Operator, error) {
	if !worthKeeping(n) {
		return nil, nil
	}
	if !b.varies(n) {
		return b.kept(n)
	}
	s, ok := n.(*plan.TableScan)
	if !ok || s.Limit > 0 {
		return nil, nil
	}
	var fixed, varying []plan.Expr
	for _, c := range plan.Conjuncts(s.Filter) {
		if b.exprVaries(c) {
			varying = append(varying, c)
		} else {
			fixed = append(fixed, c)
		}
	}
	scan := *s
	scan.Filter = plan.Conjunction(fixed)
	if b.varies(&scan) {
		return nil, nil
	}
	in, err := b.kept(&scan)
	if err != nil {
		return nil, err
	}
	p, err := b.compiler(s.Cols).Predicate(plan.Conjunction(varying))
	return b.measure(&filter{in, p, b.prefix(varying...)}, n), err
}

// worthKeeping: nodes that read or compute much. Cheap ones above them are run
// again.
func worthKeeping(n plan.Node) bool {
	switch n.(type) {
	case *plan.TableScan, *plan.VirtualScan, *plan.HashJoin, *plan.MergeJoin, *plan.NestLoop, *plan.LookupJoin,
		*plan.HashAggregate, *plan.GroupAggregate, *plan.Sort, *plan.TopN, *plan.DistinctRows, *plan.HashSetOp,
		*plan.Window, *plan.RecursiveUnion:
		return true
	}
	return false
}

// kept reads n like a WITH query: on demand, once for all runs. The query's end
// closes it.
func (b *builder) kept(n plan.Node) (Operator, error) {
	once := *b
	once.repeated = false
	op, err := once.build(n)
	if err != nil {
		return nil, err
	}
	rows := &cteRows{op: op, acct: b.account(n), cols: n.Columns()}
	b.atEnd(rows.reset)
	return &cteScan{cte: rows}, nil
}

// varies says whether n gives other rows in another run: it uses outer columns,
// a work table, a WITH query, keys of a join above, or is volatile.
func (b *builder) varies(n plan.Node) bool {
	if plan.NodeIsVolatile(n) {
		return true
	}
	found := false
	own := map[*plan.Feed]bool{}
	plan.WalkNodes(n, func(n plan.Node) bool {
		switch n := n.(type) {
		case *plan.WorkTable, *plan.CTEScan:
			found = true
		case *plan.HashJoin:
			for _, f := range n.Feeds {
				own[f] = true
			}
		case *plan.TableScan:
			found = found || n.Path.Kept != nil && n.Path.Kept.Feed != nil && !own[n.Path.Kept.Feed]
		}
		for _, e := range n.Exprs() {
			found = found || b.exprVaries(e)
		}
		return !found
	})
	return found
}

func (b *builder) exprVaries(e plan.Expr) bool {
	if plan.IsVolatile(e) {
		return true
	}
	for id := range plan.ColumnsOf(e) {
		if b.outer.Find(id) != nil {
			return true
		}
	}
	return false
}
