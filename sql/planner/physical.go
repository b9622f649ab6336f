package planner

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"math"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/access"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
)

// physical replaces logical nodes from the leaves up and estimates every node
// on the way.
type physical struct {
	// origins are the columns of the tables' scans.
	origins map[plan.ColumnID]origin
	env     *Env
	paths   *access.Env
	// volatile: the statement calls what may answer otherwise each time, or modifies.
	volatile bool
	// sets are the columns of nodes that joins were tried of.
	sets map[plan.Node]plan.ColumnSet
}

// convert returns the physical plan of n. Subplans in expressions and CTEs are
// converted too.
func (p *physical) convert(n plan.Node) plan.Node {
	n = p.subplans(n)
	switch t := n.(type) {
	case *plan.Scan:
		return p.scan(t)
	case *plan.Join:
		return p.join(t)
	case *plan.With:
		return p.with(t)
	}
	in := n.Inputs()
	out := make([]plan.Node, len(in))
	for i, c := range in {
		out[i] = p.convert(c)
	}
	if len(in) > 0 {
		n = n.WithInputs(out)
	}
	n = p.operator(n)
	p.inherit(n)
	estimate(n)
	return n
}

// inherit gives columns that n only passes on the origin that they have below.
func (p *physical) inherit(n plan.Node) {
	values, cols := []plan.Expr(nil), []plan.Col(nil)
	switch t := n.(type) {
	case *plan.Project:
		values, cols = t.Values, t.Cols
	case *plan.HashAggregate:
		values, cols = t.Aggregate.GroupBy, t.Aggregate.GroupCols
	}
	for i, c := range cols {
		if v, ok := values[i].(*plan.Column); ok {
			if o, ok := p.origins[v.ID]; ok {
				p.origins[c.ID] = o
			}
		}
	}
}

// inMemory says that columns of a table are kept.
func (p *physical) inMemory(rel *catalog.Relation, nums []int16) bool {
	return access.InMemory(p.env.Stats(rel), nums)
}

// subplans converts the plans of the node's own subqueries.
func (p *physical) subplans(n plan.Node) plan.Node {
	return plan.MapExprs(n, func(e plan.Expr) plan.Expr {
		s, ok := e.(*plan.Subquery)
		if !ok {
			return e
		}
		c := *s
		c.Plan = p.convert(s.Plan)
		return &c
	})
}

func (p *physical) with(w *plan.With) plan.Node {
	for _, c := range w.CTEs {
		c.Plan = p.convert(c.Plan)
	}
	n := &plan.With{CTEs: w.CTEs, Body: p.convert(w.Body)}
	*n.Est() = *n.Body.Est()
	return n
}

// scan chooses the access path of a table, or the keys of a catalog relation's
// lookup.
func (p *physical) scan(s *plan.Scan) plan.Node {
	if len(s.Members) > 0 || s.Rel.Kind == catalog.PartitionedTable {
		return p.tree(s)
	}
	if s.Rel.Virtual || s.Rel.Kind == catalog.Sequence {
		return p.virtualScan(s)
	}
	for i, c := range s.Cols {
		p.origins[c.ID] = origin{s.Rel, s.Nums[i]}
	}
	ordered := *s
	ordered.Filter = orderedQual(s.Filter)
	s = &ordered
	best, rejected := access.Choose(s, p.paths)
	t := &plan.TableScan{
		Rel: s.Rel, Alias: s.Alias, Cols: s.Cols, Nums: s.Nums, Filter: s.Filter,
		Limit: -1, Path: best.Path, Rejected: rejected, RowID: s.RowID, Content: s.Content,
	}
	if s.Filter == nil {
		t.Limit = s.Limit
	}
	rows := math.Min(best.Rows, cost.Rows(p.env.Stats(s.Rel))*p.paths.Selectivity(s))
	if t.Limit >= 0 {
		rows = math.Min(rows, float64(t.Limit))
	}
	t.Estimate = plan.Estimate{Rows: math.Max(1, math.Round(rows)), Cost: best.Cost}
	return t
}

// operator chooses the physical form of a node whose inputs are converted.
func (p *physical) operator(n plan.Node) plan.Node {
	switch t := n.(type) {
	case *plan.Filter:
		return filter(t)
	case *plan.SecurityBarrier:
		return t.Input
	case *plan.Aggregate:
		return &plan.HashAggregate{Aggregate: t, Input: t.Input}
	case *plan.SetOp:
		return setOp(t)
	case *plan.Limit:
		if s, ok := t.Input.(*plan.Sort); ok && !t.WithTies && t.Count != nil {
			return &plan.TopN{Input: s.Input, Keys: s.Keys, Count: t.Count, Offset: t.Offset, Presorted: presorted(s.Input, s.Keys)}
		}
	}
	return n
}

// setOp makes UNION ALL an Append and the others hash.
func setOp(s *plan.SetOp) plan.Node {
	if s.Kind != plan.Union || !s.All {
		return &plan.HashSetOp{Kind: s.Kind, All: s.All, Left: s.Left, Right: s.Right, Cols: s.Cols}
	}
	var children []plan.Node
	for _, in := range []plan.Node{s.Left, s.Right} {
		if a, ok := in.(*plan.Append); ok {
			children = append(children, a.Children...)
			continue
		}
		children = append(children, in)
	}
	return &plan.Append{Children: children, Cols: s.Cols}
}

// estimate fills in a node's estimate from its inputs'.
func estimate(n plan.Node) {
	var c plan.Cost
	rows, first := 0.0, 0.0
	for i, in := range n.Inputs() {
		c = cost.Add(c, in.Est().Cost)
		rows += in.Est().Rows
		if i == 0 {
			first = in.Est().Rows
		}
	}
	work := rows
	out := outputRows(n, first, rows)
	if sortsInput(n) {
		work *= math.Log2(math.Max(rows, 2))
	}
	c.CPU += work
	c.Total += work / cost.RowsPerMilli
	*n.Est() = plan.Estimate{Rows: math.Max(1, math.Round(out)), Cost: c}
}

func sortsInput(n plan.Node) bool {
	switch n.(type) {
	case *plan.Sort, *plan.TopN, *plan.Window:
		return true
	}
	return false
}

// outputRows estimates the rows that n makes of its inputs'.
func outputRows(n plan.Node, first, sum float64) float64 {
	switch t := n.(type) {
	case *plan.Filter:
		return first * cost.Selectivity(t.Cond)
	case *plan.HashAggregate:
		return cost.Groups(first, len(t.Aggregate.GroupBy))
	case *plan.Values:
		return float64(len(t.Rows))
	case *plan.FuncScan:
		return functionRows(t.Calls)
	case *plan.Sample:
		return first * 0.1
	case *plan.ProjectSet:
		return first * 10
	case *plan.DistinctRows:
		return cost.Groups(first, 1)
	case *plan.TopN:
		return limitRows(t.Count, first)
	case *plan.Limit:
		return limitRows(t.Count, first)
	case *plan.Append:
		return sum
	case *plan.HashSetOp:
		return sum / 2
	case *plan.CTEScan:
		if t.CTE.Plan != nil {
			return t.CTE.Plan.Est().Rows
		}
		return cost.DefaultRows
	case *plan.RecursiveUnion:
		return sum * 10
	case *plan.WorkTable, *plan.NamedTuplestoreScan:
		return 100
	}
	return first
}

func limitRows(count plan.Expr, in float64) float64 {
	k, ok := count.(*plan.Const)
	if !ok {
		return in
	}
	if v, ok := k.Value.(int64); ok {
		return math.Min(in, float64(v))
	}
	return in
}
