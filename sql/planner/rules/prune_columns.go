package rules

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// PruneColumns drops the columns that nobody uses, from the scans up: an unread
// column may save the fetch of every row (key-only and covering scans). The
// root's own columns all stay.
func PruneColumns(root plan.Node) plan.Node {
	for range maxRounds { // dropping a column may free those it was computed from
		before := root
		if root = pruneOnce(root); root == before {
			break
		}
	}
	return root
}

func pruneOnce(root plan.Node) plan.Node {
	used := plan.ColumnSet{}
	for _, c := range root.Columns() {
		used[c.ID] = true
	}
	plan.WalkNodes(root, func(n plan.Node) bool {
		addUses(used, n)
		return true
	})
	return plan.RewriteNodes(root, func(n plan.Node) plan.Node { return prune(n, used) })
}

// addUses adds what a node uses of its inputs: its expressions, and the columns
// that it takes by position.
func addUses(used plan.ColumnSet, n plan.Node) {
	for _, e := range n.Exprs() {
		addExpr(used, e)
	}
	addPositional(used, n)
}

// addExpr adds what an expression uses, and all that its subqueries give it.
func addExpr(used plan.ColumnSet, e plan.Expr) {
	used.Add(e)
	plan.Walk(e, func(e plan.Expr) bool {
		if s, ok := e.(*plan.Subquery); ok && s.Kind != plan.SubExists {
			addAll(used, s.Plan)
		}
		return true
	})
}

// addPositional adds what a node takes of its inputs by position.
func addPositional(used plan.ColumnSet, n plan.Node) {
	switch t := n.(type) {
	case *plan.Update:
		addInput(used, t.Input, unreadSecrets(t))
	case *plan.Delete:
		if t.Members == nil && t.Triggers == nil {
			addInput(used, t.Input, secrets(t.Rel, t.Target, t.TargetNums))
			return
		}
		addAll(used, t.Input)
	case *plan.SetOp, *plan.RecursiveUnion, *plan.Insert, *plan.Merge:
		for _, in := range n.Inputs() {
			addAll(used, in)
		}
	case *plan.DistinctRows:
		if len(t.On) == 0 {
			addAll(used, t.Input)
		}
	case *plan.CTEScan:
		addAll(used, t.CTE.Plan)
	case *plan.With:
		for _, c := range t.CTEs {
			addAll(used, c.Plan)
		}
	}
}

// addInput adds all columns of a statement's input but those that it takes only if an
// expression names them.
func addInput(used plan.ColumnSet, input plan.Node, named plan.ColumnSet) {
	for _, c := range input.Columns() {
		if !named[c.ID] {
			used[c.ID] = true
		}
	}
}

// unreadSecrets are the secrets of an UPDATE's old rows, which it keeps as they are
// stored: they need the passphrase, and time. A row that may move is written anew.
func unreadSecrets(u *plan.Update) plan.ColumnSet {
	if u.Members != nil || u.Triggers != nil || u.Routing != nil || u.Rel.Kind == catalog.View || setsKey(u) {
		return nil
	}
	return secrets(u.Rel, u.Target, u.TargetNums)
}

func setsKey(u *plan.Update) bool {
	pk := u.Rel.PrimaryKey()
	return pk == nil || slices.ContainsFunc(u.Sets, func(s plan.Assignment) bool {
		return slices.ContainsFunc(pk.Columns, func(c catalog.IndexColumn) bool { return c.Num == s.Num })
	})
}

func secrets(rel *catalog.Relation, cols []plan.Col, nums []int16) plan.ColumnSet {
	out := plan.ColumnSet{}
	for i, num := range nums {
		if c := rel.Column(num); c != nil && (c.Secret || c.HoldsSecret) {
			out[cols[i].ID] = true
		}
	}
	return out
}

func addAll(used plan.ColumnSet, n plan.Node) {
	for _, c := range n.Columns() {
		used[c.ID] = true
	}
}

func prune(n plan.Node, used plan.ColumnSet) plan.Node {
	switch t := n.(type) {
	case *plan.Scan:
		return pruneScan(t, used)
	case *plan.Project:
		return pruneProject(t, used)
	case *plan.Aggregate:
		return pruneAggregate(t, used)
	}
	return n
}

func pruneScan(s *plan.Scan, used plan.ColumnSet) plan.Node {
	c := *s
	c.Cols, c.Nums = nil, nil
	for i, col := range s.Cols {
		if used[col.ID] {
			c.Cols = append(c.Cols, col)
			c.Nums = append(c.Nums, s.Nums[i])
		}
	}
	if len(c.Cols) == len(s.Cols) {
		return s
	}
	return &c
}

func pruneProject(p *plan.Project, used plan.ColumnSet) plan.Node {
	c := &plan.Project{Input: p.Input}
	for i, col := range p.Cols {
		if used[col.ID] || plan.IsVolatile(p.Values[i]) { // it may have effects
			c.Cols = append(c.Cols, col)
			c.Values = append(c.Values, p.Values[i])
		}
	}
	if len(c.Cols) == len(p.Cols) {
		return p
	}
	return c
}

func pruneAggregate(a *plan.Aggregate, used plan.ColumnSet) plan.Node {
	c := *a
	c.Aggs, c.AggCols = nil, nil
	for i, col := range a.AggCols {
		if used[col.ID] {
			c.Aggs = append(c.Aggs, a.Aggs[i])
			c.AggCols = append(c.AggCols, col)
		}
	}
	if len(c.Aggs) == len(a.Aggs) {
		return a
	}
	return &c
}
