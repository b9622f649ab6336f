package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// dropFoldedSets takes the set-returning calls out of the select list that folding
// made before into after no longer needs: they are not called, and make no rows, as
// in PostgreSQL, which folds before it looks for them.
func dropFoldedSets(before, after plan.Node) plan.Node {
	p, ok := after.(*plan.Project)
	if !ok || before == after {
		return after
	}
	set, ok := p.Input.(*plan.ProjectSet)
	if !ok {
		return after
	}
	left := plan.ColumnsOf(after.Exprs()...)
	gone := plan.ColumnSet{}
	for id := range plan.ColumnsOf(before.Exprs()...) {
		if !left[id] {
			gone[id] = true
		}
	}
	if in := withoutSets(set, gone); in != plan.Node(set) {
		return p.WithInputs([]plan.Node{in})
	}
	return after
}

// withoutSets is p without the calls that make columns of gone, and without those
// below that only their arguments used.
func withoutSets(p *plan.ProjectSet, gone plan.ColumnSet) plan.Node {
	out := &plan.ProjectSet{Base: p.Base, Input: p.Input}
	sets := false
	var dropped []plan.Expr
	for i, v := range p.Values {
		_, set := v.(*plan.SetReturning)
		if set && gone[p.Cols[i].ID] {
			dropped = append(dropped, v)
			continue
		}
		sets = sets || set
		out.Values, out.Cols = append(out.Values, v), append(out.Cols, p.Cols[i])
	}
	if len(dropped) == 0 {
		return p
	}
	if below, ok := p.Input.(*plan.ProjectSet); ok {
		out.Input = withoutSets(below, plan.ColumnsOf(dropped...))
		out.Values, out.Cols = passed(out, out.Input)
	}
	if sets {
		return out
	}
	return &plan.Project{Input: out.Input, Values: out.Values, Cols: out.Cols}
}

// passed are p's values but for columns that its input no longer has.
func passed(p *plan.ProjectSet, in plan.Node) (values []plan.Expr, cols []plan.Col) {
	has := plan.ColumnIDs(in.Columns())
	for i, v := range p.Values {
		if c, ok := v.(*plan.Column); ok && !has[c.ID] {
			continue
		}
		values, cols = append(values, v), append(cols, p.Cols[i])
	}
	return values, cols
}
