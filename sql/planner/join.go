package planner

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/access"
)

// join orders a tree of inner joins, or converts one outer, semi, anti or
// lateral join.
func (p *physical) join(j *plan.Join) plan.Node {
	if j.Kind == plan.InnerJoin && !j.Lateral {
		return p.order(j)
	}
	return p.joinTwo(j, p.convert(j.Left), p.convert(j.Right))
}

// joinTwo picks the operator for two converted inputs.
func (p *physical) joinTwo(j *plan.Join, left, right plan.Node) plan.Node {
	if on := orderedQual(j.On); on != j.On {
		ordered := *j
		ordered.On = on
		j = &ordered
	}
	if j.Lateral {
		n := &plan.NestLoop{Kind: j.Kind, Left: left, Right: right, On: j.On, Lateral: true, Outer: p.outerColumns(left, right)}
		return p.estimateJoin(n, j.Kind, left, right, nil, j.On, left.Est().Rows)
	}
	keys, residual := p.equiKeys(j.On, left, right)
	l := p.lookupJoin(j, left, right, slices.Clone(keys), slices.Clone(residual))
	if len(keys) == 0 || j.NullAware && len(residual) > 0 {
		n := &plan.NestLoop{Kind: j.Kind, Left: left, Right: right, On: j.On}
		if j.NullAware {
			return p.nullAwareLoop(j, left, right)
		}
		return p.estimateJoin(n, j.Kind, left, right, nil, j.On, 1)
	}
	h := p.hashJoin(hashed{j.Kind, left, right, keys, residual, j.NullAware})
	if l != nil && (len(h.Feeds) == 0 || !cheaper(h, l)) {
		return l
	}
	if v := p.virtualLookup(j, left, right, keys); v != nil && cheaper(v, h) {
		return v
	}
	return h
}

// nullAwareLoop makes NOT IN without a hashable key: the row is dropped where
// the test is true or unknown for some row of the right side.
func (p *physical) nullAwareLoop(j *plan.Join, left, right plan.Node) plan.Node {
	on := &plan.BoolTest{Meta: plan.M(j.On.Type(), -1), Arg: j.On, Test: plan.IsNotFalse}
	n := &plan.NestLoop{Kind: plan.AntiJoin, Left: left, Right: right, On: on}
	return p.estimateJoin(n, j.Kind, left, right, nil, on, 1)
}

// equiKey is left = right.
type equiKey struct {
	left, right plan.Expr
	eq          *plan.Call
}

func (k equiKey) mirror() equiKey {
	op := commutator(k.eq.Op)
	call := *k.eq
	call.Op, call.Func, call.Args = op, op.Func, []plan.Expr{k.right, k.left}
	return equiKey{left: k.right, right: k.left, eq: &call}
}

// commutator is nil for an operator that has none, or one of the database's own
// other than itself.
func commutator(o *funcs.Operator) *funcs.Operator {
	if o.Commutator == o.OID {
		return o
	}
	return funcs.OperatorByOID(o.Commutator)
}

// equiKeys splits a join's condition into hashable equalities between the sides
// and the rest.
func (p *physical) equiKeys(on plan.Expr, left, right plan.Node) (keys []equiKey, residual []plan.Expr) {
	l, r := p.outputs(left), p.outputs(right)
	for _, e := range plan.Conjuncts(on) {
		if k, ok := equality(e, l, r); ok {
			keys = append(keys, k)
			continue
		}
		residual = append(residual, e)
	}
	return keys, residual
}

func equality(e plan.Expr, l, r plan.ColumnSet) (equiKey, bool) {
	c, ok := e.(*plan.Call)
	if !ok || c.Op == nil || !c.Op.Hashes || len(c.Args) != 2 || plan.IsVolatile(c) {
		return equiKey{}, false
	}
	k := equiKey{left: c.Args[0], right: c.Args[1], eq: c}
	if within(k.left, l) && within(k.right, r) {
		return k, true
	}
	if within(k.left, r) && within(k.right, l) && commutator(c.Op) != nil {
		return k.mirror(), true
	}
	return equiKey{}, false
}

// within says whether e uses columns of set only, at least one of them, and no
// subquery.
func within(e plan.Expr, set plan.ColumnSet) bool {
	used := plan.ColumnsOf(e)
	for id := range used {
		if !set[id] {
			return false
		}
	}
	return len(used) > 0
}

// outputs are the columns of n, not to be changed: the order of ten joins is looked for
// among thousands, of the same few hundred nodes.
func (p *physical) outputs(n plan.Node) plan.ColumnSet {
	if s := p.sets[n]; s != nil {
		return s
	}
	if p.sets == nil {
		p.sets = map[plan.Node]plan.ColumnSet{}
	}
	p.sets[n] = outputs(n)
	return p.sets[n]
}

func outputs(n plan.Node) plan.ColumnSet {
	cols := n.Columns()
	s := make(plan.ColumnSet, len(cols))
	for _, c := range cols {
		s[c.ID] = true
	}
	return s
}

// outerColumns are the columns of left that right's tree uses.
func (p *physical) outerColumns(left, right plan.Node) []plan.ColumnID {
	l := p.outputs(left)
	seen := plan.ColumnSet{}
	var ids []plan.ColumnID
	plan.WalkNodes(right, func(n plan.Node) bool {
		for _, e := range n.Exprs() {
			for id := range plan.ColumnsOf(e) {
				if l[id] && !seen[id] {
					seen[id] = true
					ids = append(ids, id)
				}
			}
		}
		return true
	})
	return ids
}

// lookupJoin reads the right table by its primary key or a partition for each
// distinct key of the left side, where that is cheaper than reading it once.
func (p *physical) lookupJoin(j *plan.Join, left, right plan.Node, keys []equiKey, residual []plan.Expr) plan.Node {
	if j.Kind != plan.InnerJoin && j.Kind != plan.LeftJoin && j.Kind != plan.SemiJoin && j.Kind != plan.AntiJoin ||
		j.NullAware || len(keys) == 0 {
		return nil
	}
	scan, ok := right.(*plan.TableScan)
	if !ok || scan.Limit >= 0 {
		return nil
	}
	pairs := make([]access.KeyPair, len(keys))
	for i, k := range keys {
		pairs[i] = access.KeyPair{Outer: k.left, Inner: k.right, Eq: k.eq}
	}
	c, exprs, ok := access.Lookup(scan, pairs, left.Est().Rows, p.paths)
	if !ok || c.Cost.Total >= scan.Estimate.Cost.Total {
		return nil
	}
	inner := *scan
	inner.Path = c.Path
	inner.Estimate = plan.Estimate{Rows: c.Rows, Cost: c.Cost}
	on := residual
	for _, k := range keys {
		on = append(on, k.eq)
	}
	n := &plan.LookupJoin{Kind: j.Kind, Left: left, Right: &inner, Keys: exprs, Residual: plan.Conjunction(on)}
	return p.estimateJoin(n, j.Kind, left, &inner, keys, nil, 1)
}
