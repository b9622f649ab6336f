package rules

import "github.com/s3db-sql/s3db-sql/sql/plan"

// pullUpProjects takes a Project that only picks columns from below a join to above it,
// so that the joins of a subquery and those around it are ordered together
// (pull_up_subqueries of prepjointree.c).
func pullUpProjects(n plan.Node, _ *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		j, ok := n.(*plan.Join)
		if !ok {
			return n
		}
		left, right := picks(j.Left), picks(j.Right)
		if j.Lateral {
			left = nil // the right side looks at its columns
		}
		if left == nil && right == nil || usesOuter(j.On, left) || usesOuter(j.On, right) {
			return n
		}
		return pulledUp(j, left, right)
	})
}

// picks is n as a Project over a join all of whose values are columns of it, or nil: it is
// in the way of nothing else. What a lateral subquery picks from outside is not NULL where
// an outer join finds no row.
func picks(n plan.Node) *plan.Project {
	p, ok := n.(*plan.Project)
	if !ok {
		return nil
	}
	if _, ok := p.Input.(*plan.Join); !ok {
		return nil
	}
	own := plan.ColumnIDs(p.Input.Columns())
	for _, v := range p.Values {
		if c, ok := v.(*plan.Column); !ok || !own[c.ID] {
			return nil
		}
	}
	return p
}

// usesOuter: a subquery of the condition sees the Project's columns.
func usesOuter(on plan.Expr, p *plan.Project) bool {
	if on == nil || p == nil {
		return false
	}
	for _, c := range p.Cols {
		if usedBySubquery([]plan.Expr{on}, c.ID) {
			return true
		}
	}
	return false
}

func pulledUp(j *plan.Join, left, right *plan.Project) plan.Node {
	join := *j
	sub := map[plan.ColumnID]plan.Expr{}
	for side, p := range map[*plan.Node]*plan.Project{&join.Left: left, &join.Right: right} {
		if p == nil {
			continue
		}
		*side = p.Input
		for id, v := range substitution(p) {
			sub[id] = v
		}
	}
	if join.On != nil {
		join.On = substitute(join.On, sub)
	}
	top := &plan.Project{Input: &join, Cols: j.Columns()}
	for _, c := range top.Cols {
		v := sub[c.ID]
		if v == nil {
			v = columnOf(c)
		}
		top.Values = append(top.Values, v)
	}
	return top
}
