package rules

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// groupSubqueries turns a condition over a correlated scalar aggregate, as in x > (SELECT
// avg(y) FROM t WHERE t.k = outer.k), into a join with the aggregate grouped by the
// inner side of the correlation: t is then read and aggregated once.
//
// Only where the answer can't differ: the correlation is by equalities of one type, the
// condition can't hold for the NULL that the aggregate of no rows is, and the
// aggregates' arguments are columns, which can't fail for groups that nobody asks for.
// And only where no index begins with a column of the correlation: otherwise a few
// outer rows cost fewer requests than reading the table.
func groupSubqueries(n plan.Node, c *Context) plan.Node {
	return joinConditions(n, func(input plan.Node, cond plan.Expr) plan.Node { return groupedJoin(input, cond, c) })
}

// groupedJoin is the join that stands for input filtered by cond, or nil.
func groupedJoin(input plan.Node, cond plan.Expr, c *Context) plan.Node {
	s := onlySubquery(cond)
	if s == nil || s.Kind != plan.SubScalar || len(s.Outer) == 0 || !produces(input, s.Outer) || plan.NodeIsVolatile(s.Plan) {
		return nil
	}
	p, ok := s.Plan.(*plan.Project)
	if !ok {
		return nil
	}
	a, ok := p.Input.(*plan.Aggregate)
	if !ok || len(a.GroupBy) > 0 || a.Sets != nil || !nullForNoRows(p, a) {
		return nil
	}
	value := p.Cols[0]
	with := plan.Rewrite(cond, func(e plan.Expr) plan.Expr {
		if e == plan.Expr(s) {
			return columnOf(value)
		}
		return e
	})
	refused := plan.ColumnSet{}
	if addRefused(refused, with); !refused[value.ID] {
		return nil
	}
	inner, conds, ok := decorrelate(a.Input, s.Outer)
	if !ok || len(conds) == 0 {
		return nil
	}
	return groupBy(input, inner, p, a, conds, with, c)
}

// groupBy joins input with p's aggregate over inner, grouped by the inner sides of
// conds; nil where one is no fit equality.
func groupBy(input, inner plan.Node, p *plan.Project, a *plan.Aggregate, conds []plan.Expr, with plan.Expr, c *Context) plan.Node {
	own := plan.ColumnIDs(inner.Columns())
	grouped := &plan.Aggregate{Input: inner, Aggs: a.Aggs, AggCols: a.AggCols}
	out := &plan.Project{Input: grouped, Values: p.Values, Cols: p.Cols}
	on := plan.Conjuncts(with)
	for _, cond := range conds {
		col, at := correlation(cond, own)
		if col == nil || indexed(inner, col.ID) {
			return nil
		}
		group := plan.Col{ID: c.NewColumn(), Name: col.Name, Type: col.Type(), Mod: col.Typmod()}
		grouped.GroupBy, grouped.GroupCols = append(grouped.GroupBy, col), append(grouped.GroupCols, group)
		out.Values = append(out.Values[:len(out.Values):len(out.Values)], columnOf(group))
		out.Cols = append(out.Cols[:len(out.Cols):len(out.Cols)], group)
		call := *cond.(*plan.Call)
		call.Args = append([]plan.Expr{}, call.Args...)
		call.Args[at] = columnOf(group)
		on = append(on, &call)
	}
	return &plan.Join{Kind: plan.InnerJoin, Left: input, Right: out, On: plan.Conjunction(on)}
}

// correlation is the inner column of inner = outer, and which argument it is; nil for
// any other condition.
func correlation(cond plan.Expr, own plan.ColumnSet) (col *plan.Column, at int) {
	call, ok := cond.(*plan.Call)
	if !ok || call.Op == nil || !call.Op.Hashes || !plan.Bytewise(call) || len(call.Args) != 2 ||
		call.Args[0].Type().OID != call.Args[1].Type().OID {
		return nil, 0
	}
	for i, arg := range call.Args {
		if col, ok := arg.(*plan.Column); ok && own[col.ID] && !own.UsedBy(call.Args[1-i]) {
			return col, i
		}
	}
	return nil, 0
}

// indexed says whether an index begins with the table column id.
func indexed(n plan.Node, id plan.ColumnID) bool {
	found := false
	plan.WalkNodes(n, func(n plan.Node) bool {
		if s, ok := n.(*plan.Scan); ok {
			for i, c := range s.Cols {
				found = found || c.ID == id && leads(s.Rel, s.Nums[i])
			}
		}
		return !found
	})
	return found
}

func leads(rel *catalog.Relation, num int16) bool {
	for _, ix := range rel.Indexes {
		if len(ix.Columns) > 0 && ix.Columns[0].Num == num {
			return true
		}
	}
	return false
}

// onlySubquery is the one subquery of e, nil where there are none or several.
func onlySubquery(e plan.Expr) *plan.Subquery {
	var found *plan.Subquery
	n := 0
	plan.Walk(e, func(e plan.Expr) bool {
		if s, ok := e.(*plan.Subquery); ok {
			found, n = s, n+1
		}
		return true
	})
	if n != 1 {
		return nil
	}
	return found
}

// nullAggregates are NULL over no rows; all are strict in what they aggregate.
var nullAggregates = map[string]bool{"min": true, "max": true, "sum": true, "avg": true}

// nullForNoRows says whether the one value that p makes of a's aggregates is NULL where
// there are no rows.
func nullForNoRows(p *plan.Project, a *plan.Aggregate) bool {
	if len(p.Values) != 1 {
		return false
	}
	for _, g := range a.Aggs {
		if g.Func.OID >= catalog.FirstUserOID || !nullAggregates[g.Func.Name] || g.Filter != nil && hasSubquery(g.Filter) {
			return false
		}
		for _, arg := range g.Args {
			if _, ok := arg.(*plan.Column); !ok {
				return false
			}
		}
	}
	strict := plan.ColumnSet{}
	addStrict(strict, p.Values[0])
	for _, col := range a.AggCols {
		if strict[col.ID] {
			return true
		}
	}
	return false
}
