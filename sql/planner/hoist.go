package planner

import "github.com/s3db-sql/s3db-sql/sql/plan"

// order joins a tree of inner joins in the order that costs least: with the outer joins
// among its inputs as they were written, or above it.
func (p *physical) order(j *plan.Join) plan.Node {
	best := p.orderInner(j)
	if h := hoisted(j); h != nil {
		if other := p.convert(h); cheaper(other, best) {
			return other
		}
	}
	return best
}

// hoisted is the tree of inner joins with the outer and lateral joins among its inputs
// above it: (A LEFT JOIN B) JOIN C is (A JOIN C) LEFT JOIN B where the inner join's
// condition does not look at B. Nil where there are none.
func hoisted(j *plan.Join) plan.Node {
	h := &hoister{}
	h.flatten(j)
	if !h.peel() {
		return nil
	}
	tree := h.inner()
	for i := len(h.peeled) - 1; i >= 0; i-- {
		top := *h.peeled[i]
		top.Left = tree
		tree = &top
	}
	return tree
}

// hoister has a tree of inner joins in parts.
type hoister struct {
	leafs  []plan.Node
	conds  []plan.Expr
	peeled []*plan.Join // the outermost first
}

func (h *hoister) flatten(n plan.Node) {
	if j, ok := n.(*plan.Join); ok && j.Kind == plan.InnerJoin && !j.Lateral {
		h.conds = append(h.conds, plan.Conjuncts(j.On)...)
		h.flatten(j.Left)
		h.flatten(j.Right)
		return
	}
	h.leafs = append(h.leafs, n)
}

// peel takes the joins off that can stand above, and says whether there were any. What
// is left of such an input may be a tree of inner joins itself.
func (h *hoister) peel() bool {
	leafs := h.leafs
	h.leafs = nil
	for len(leafs) > 0 {
		n := leafs[0]
		leafs = leafs[1:]
		j, ok := n.(*plan.Join)
		if !ok || !h.above(j) {
			h.leafs = append(h.leafs, n)
			continue
		}
		h.peeled = append(h.peeled, j)
		rest := &hoister{}
		rest.flatten(j.Left)
		h.conds = append(h.conds, rest.conds...)
		leafs = append(rest.leafs, leafs...)
	}
	return len(h.peeled) > 0
}

// above: the join adds columns to the rows of its left input, and the inner joins don't
// look at them. A WITH is planned once, and can't stand in two plans.
func (h *hoister) above(j *plan.Join) bool {
	if adds := j.Kind == plan.LeftJoin || j.Kind == plan.InnerJoin && j.Lateral; !adds || plan.NodeIsVolatile(j) || hasWith(j) {
		return false
	}
	right := outputs(j.Right)
	for _, c := range h.conds {
		for id := range plan.ColumnsOf(c) {
			if right[id] {
				return false
			}
		}
	}
	return true
}

func hasWith(n plan.Node) bool {
	found := false
	plan.WalkNodes(n, func(n plan.Node) bool {
		_, is := n.(*plan.With)
		found = found || is
		return !found
	})
	return found
}

// inner is the tree of the inner joins that are left; each condition stands where its
// columns first meet, which orderInner finds out.
func (h *hoister) inner() plan.Node {
	tree := h.leafs[0]
	for i, n := range h.leafs[1:] {
		j := &plan.Join{Kind: plan.InnerJoin, Left: tree, Right: n}
		if i == len(h.leafs)-2 {
			j.On = plan.Conjunction(h.conds)
		}
		tree = j
	}
	return tree
}
