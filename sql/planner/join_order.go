package planner

import (
	"math/bits"

	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// maxDP is the most relations that are ordered by dynamic programming; above
// that the cheapest pair is joined first, again and again.
const maxDP = 9

// joinSet is one way to join a subset of the relations.
type joinSet struct {
	node plan.Node
	rels uint64
}

// orderer orders one tree of inner joins.
type orderer struct {
	p     *physical
	leafs []plan.Node
	conds []cond
}

// cond is a conjunct and the relations that it uses.
type cond struct {
	expr plan.Expr
	rels uint64
}

// orderInner flattens the inner joins below j and joins the inputs in the order that
// costs least.
func (p *physical) orderInner(j *plan.Join) plan.Node {
	o := &orderer{p: p}
	var exprs []plan.Expr
	o.flatten(j, &exprs)
	owner := map[plan.ColumnID]int{}
	for i, n := range o.leafs {
		for _, c := range n.Columns() {
			owner[c.ID] = i
		}
	}
	for _, e := range exprs {
		c := cond{expr: e}
		for id := range plan.ColumnsOf(e) {
			if i, ok := owner[id]; ok {
				c.rels |= 1 << i
			}
		}
		o.conds = append(o.conds, c)
	}
	if len(o.leafs) <= maxDP {
		return o.dynamic()
	}
	return o.greedy()
}

// flatten collects the inputs and conditions of nested inner joins. More than
// 64 inputs are left as they were written.
func (o *orderer) flatten(n plan.Node, conds *[]plan.Expr) {
	j, ok := n.(*plan.Join)
	if !ok || j.Kind != plan.InnerJoin || j.Lateral || len(o.leafs) > 60 {
		o.leafs = append(o.leafs, o.p.convert(n))
		return
	}
	*conds = append(*conds, plan.Conjuncts(j.On)...)
	o.flatten(o.subplans(j.Left), conds)
	o.flatten(o.subplans(j.Right), conds)
}

// subplans converts the subqueries of an inner join's condition, which flatten
// takes; every other node converts its own.
func (o *orderer) subplans(n plan.Node) plan.Node {
	if j, ok := n.(*plan.Join); ok && j.Kind == plan.InnerJoin && !j.Lateral && len(o.leafs) <= 60 {
		return o.p.subplans(n)
	}
	return n
}

// between returns the conditions that become decidable by joining a and b.
func (o *orderer) between(a, b uint64) []plan.Expr {
	var out []plan.Expr
	for _, c := range o.conds {
		all := c.rels&^(a|b) == 0
		decided := c.rels&^a == 0 && c.rels != 0 || c.rels&^b == 0 && c.rels != 0
		if all && !decided && (c.rels != 0 || o.isTop(a|b)) {
			out = append(out, c.expr)
		}
	}
	return out
}

// isTop: conditions without columns are applied at the top join.
func (o *orderer) isTop(rels uint64) bool { return bits.OnesCount64(rels) == len(o.leafs) }

func (o *orderer) connected(a, b uint64) bool {
	for _, c := range o.conds {
		if c.rels&a != 0 && c.rels&b != 0 && c.rels&^(a|b) == 0 {
			return true
		}
	}
	return false
}

func (o *orderer) joined(a, b joinSet) joinSet {
	j := &plan.Join{Kind: plan.InnerJoin, Left: a.node, Right: b.node, On: plan.Conjunction(o.between(a.rels, b.rels))}
	best := o.p.joinTwo(j, a.node, b.node)
	j = &plan.Join{Kind: plan.InnerJoin, Left: b.node, Right: a.node, On: j.On}
	if other := o.p.joinTwo(j, b.node, a.node); cheaper(other, best) {
		best = other
	}
	return joinSet{node: best, rels: a.rels | b.rels}
}

func cheaper(a, b plan.Node) bool { return a.Est().Cost.Total < b.Est().Cost.Total }

// dynamic finds the best plan of every connected subset, small ones first.
// Cross products are considered only for subsets that nothing connects.
func (o *orderer) dynamic() plan.Node {
	n := len(o.leafs)
	best := make([]plan.Node, 1<<n)
	for i, l := range o.leafs {
		best[1<<i] = l
	}
	for set := uint64(3); set < 1<<n; set++ {
		if bits.OnesCount64(set) < 2 {
			continue
		}
		best[set] = o.bestOf(set, best, true)
		if best[set] == nil && o.isTop(set) {
			best[set] = o.bestOf(set, best, false)
		}
	}
	if top := best[1<<n-1]; top != nil {
		return top
	}
	return o.greedy()
}

// bestOf tries every split of set into two parts that have plans.
func (o *orderer) bestOf(set uint64, plans []plan.Node, connectedOnly bool) plan.Node {
	var best plan.Node
	for a := (set - 1) & set; a > 0; a = (a - 1) & set {
		b := set &^ a
		if a < b || plans[a] == nil || plans[b] == nil || connectedOnly && !o.connected(a, b) {
			continue
		}
		j := o.joined(joinSet{plans[b], b}, joinSet{plans[a], a}) // of equal ones, the order that was written
		if best == nil || cheaper(j.node, best) {
			best = j.node
		}
	}
	return best
}

// greedy joins the cheapest connected pair first; unconnected ones last.
func (o *orderer) greedy() plan.Node {
	var sets []joinSet
	for i, l := range o.leafs {
		sets = append(sets, joinSet{l, 1 << i})
	}
	for len(sets) > 1 {
		bi, bj, best := o.cheapestPair(sets)
		sets[bi] = best
		sets = append(sets[:bj], sets[bj+1:]...)
	}
	return sets[0].node
}

func (o *orderer) cheapestPair(sets []joinSet) (bi, bj int, best joinSet) {
	for _, connectedOnly := range []bool{true, false} {
		for i := range sets {
			for j := i + 1; j < len(sets); j++ {
				if connectedOnly && !o.connected(sets[i].rels, sets[j].rels) {
					continue
				}
				c := o.joined(sets[i], sets[j])
				if best.node == nil || cheaper(c.node, best.node) {
					bi, bj, best = i, j, c
				}
			}
		}
		if best.node != nil {
			break
		}
	}
	return bi, bj, best
}
