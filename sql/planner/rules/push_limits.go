package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// pushLimits tells scans how many rows will be asked of them at the most, so
// that they stop listing and fetching. The Limit node stays: a scan's limit is
// an upper bound, not a promise.
func pushLimits(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		n = plan.MapExprs(n, limitExists)
		l, ok := n.(*plan.Limit)
		if !ok || l.WithTies {
			return n
		}
		most, ok := constantLimit(l)
		if !ok {
			return n
		}
		return rebuilt(l, limitInput(l.Input, most))
	})
}

// limitExists asks one row of what EXISTS only wants to see whether there is one.
func limitExists(e plan.Expr) plan.Expr {
	s, ok := e.(*plan.Subquery)
	if !ok || s.Kind != plan.SubExists {
		return e
	}
	in := limitInput(s.Plan, 1)
	if in == s.Plan {
		return e
	}
	c := *s
	c.Plan = in
	return &c
}

// constantLimit is count + offset where both are constants.
func constantLimit(l *plan.Limit) (int64, bool) {
	count, ok := constantInt(l.Count)
	if !ok {
		return 0, false
	}
	if l.Offset == nil {
		return count, true
	}
	offset, ok := constantInt(l.Offset)
	return count + offset, ok && count+offset >= 0
}

func constantInt(e plan.Expr) (int64, bool) {
	k, ok := e.(*plan.Const)
	if !ok {
		return 0, false
	}
	v, ok := k.Value.(int64)
	return v, ok && v >= 0
}

// limitInput brings the limit to a scan through nodes that put out exactly one
// row per row. A scan that filters may read more rows than it yields, and says
// so to the storage itself.
func limitInput(n plan.Node, most int64) plan.Node {
	switch t := n.(type) {
	case *plan.Project:
		return rebuilt(t, limitInput(t.Input, most))
	case *plan.Scan:
		if t.Limit >= 0 && t.Limit <= most {
			return t
		}
		c := *t
		c.Limit = most
		return &c
	}
	return n
}
