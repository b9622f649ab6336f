package planner

import (
	"math"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/access"
	"github.com/s3db-sql/s3db-sql/sql/planner/cost"
)

// Virtual relations are in memory: what they cost is the rows that are made.
const (
	// unknownRows is assumed of a relation without a shape.
	unknownRows = 500
	// lookupWork is what starting a look-up costs beside the rows that it finds, in
	// rows.
	lookupWork = 10
)

func (p *physical) shape(rel *catalog.Relation) catalog.Shape {
	s := p.env.Shape(rel)
	if s.Rows == 0 {
		s.Rows = unknownRows
	}
	return s
}

// virtualScan reads a catalog relation, by a look-up where the filter has its keys.
func (p *physical) virtualScan(s *plan.Scan) plan.Node {
	for i, c := range s.Cols {
		p.origins[c.ID] = origin{s.Rel, s.Nums[i]}
	}
	v := &plan.VirtualScan{Rel: s.Rel, Alias: s.Alias, Cols: s.Cols, Nums: s.Nums, Filter: orderedQual(s.Filter),
		Keys: access.Equalities(s, p.paths)}
	p.estimateVirtual(v, s.Filter)
	return v
}

// estimateVirtual fills in the estimate of one run of a scan that finds the rows of its
// keys for which cond is true.
func (p *physical) estimateVirtual(v *plan.VirtualScan, cond plan.Expr) {
	shape := p.shape(v.Rel)
	read, rows := shape.Rows, shape.Rows*cost.Selectivity(cond)
	if l, ok := shape.Lookup(func(num int16) bool { return v.Keys[num] != nil }); ok {
		read, rows = l.Each+l.Work+lookupWork, math.Min(rows, l.Each)
	}
	v.Estimate = plan.Estimate{Rows: math.Max(1, math.Round(rows))}
	v.Estimate.Cost.CPU = read
	cost.Fold(&v.Estimate.Cost, 0)
}

// virtualLookup joins a catalog relation by looking up the rows of each left row; nil
// where there is no look-up by the join's keys, or listing the relation once is
// cheaper.
func (p *physical) virtualLookup(j *plan.Join, left, right plan.Node, keys []equiKey) plan.Node {
	scan, ok := right.(*plan.VirtualScan)
	if !ok || j.NullAware || !keepsLeftRows[j.Kind] {
		return nil
	}
	cond := plan.Conjuncts(scan.Filter)
	for _, k := range keys {
		cond = append(cond[:len(cond):len(cond)], k.eq)
	}
	inner := *scan
	filter := plan.Conjunction(cond)
	inner.Keys = access.Equalities(&plan.Scan{Rel: scan.Rel, Cols: scan.Cols, Nums: scan.Nums, Filter: filter}, p.paths)
	if !p.looksUp(scan, &inner) {
		return nil
	}
	p.estimateVirtual(&inner, filter)
	n := &plan.NestLoop{Kind: j.Kind, Left: left, Right: &inner, On: j.On, Lateral: true, Outer: p.outerColumns(left, &inner)}
	times := math.Max(1, left.Est().Rows)
	each := inner.Estimate.Cost
	scale(&each, times)
	n.Estimate = plan.Estimate{Rows: joinRows(j.Kind, times, times, times*inner.Estimate.Rows), Cost: cost.Add(left.Est().Cost, each)}
	return n
}

// virtualDistinct is the number of different values of a catalog relation's column.
func (p *physical) virtualDistinct(o origin) float64 {
	shape := p.shape(o.rel)
	if l, ok := shape.Lookup(func(num int16) bool { return num == o.num }); ok {
		return math.Max(1, shape.Rows/l.Each)
	}
	return math.Min(shape.Rows, defaultDistinct)
}

// looksUp says that the join's keys give a look-up that the scan alone does not have.
func (p *physical) looksUp(alone, inner *plan.VirtualScan) bool {
	lookups := p.shape(inner.Rel).Lookups
	for _, l := range lookups {
		one := catalog.Shape{Lookups: []catalog.LookupShape{l}}
		if _, has := one.Lookup(func(num int16) bool { return alone.Keys[num] != nil }); has {
			return false // which is as selective, or more: the first that fits is used
		}
		if _, has := one.Lookup(func(num int16) bool { return inner.Keys[num] != nil }); has {
			return true
		}
	}
	return false
}
