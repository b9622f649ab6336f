package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/partition"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// partitionTree reads the partitions of a partitioned table.
func (b *binder) partitionTree(rel *catalog.Relation) *partition.Tree {
	tree, err := partition.Expand(b.env.Catalog, rel)
	if err != nil {
		fail(err)
	}
	return tree
}

// routing says how rows of rel are told their partitions, nil for what has none and is
// none. row has the columns by their names.
func (s *scope) routing(rel *catalog.Relation, row *nsItem) *plan.Routing {
	if rel.Bound == nil && rel.Kind != catalog.PartitionedTable {
		return nil
	}
	top := partition.Top(s.b.env.Catalog, rel)
	return &plan.Routing{Root: rel, Top: s.routingLevel(s.b.partitionTree(top), row)}
}

func (s *scope) routingLevel(t *partition.Tree, row *nsItem) *plan.RoutingLevel {
	out := &plan.RoutingLevel{Desc: t.Desc, Sub: make([]*plan.RoutingLevel, len(t.Sub))}
	for _, k := range t.Rel.Partitioning.Keys {
		if k.Column != "" {
			out.Keys = append(out.Keys, row.findColumn(k.Column, false, -1).expr)
		} else {
			out.Keys = append(out.Keys, s.b.textExpr(k.Expr, row, kindPartitionExpression))
		}
		var hash plan.Expr
		if k.Hash != 0 {
			hash = s.b.hashCall(k.Hash, out.Keys[len(out.Keys)-1])
		}
		out.Hashes = append(out.Hashes, hash)
	}
	for i, sub := range t.Sub {
		if sub != nil {
			out.Sub[i] = s.routingLevel(sub, row)
		}
	}
	return out
}

// insertRouting is the routing of an INSERT, with what each partition computes and
// checks of its rows.
func (s *scope) insertRouting(to *writeTarget, ins *plan.Insert, row *nsItem) *plan.Routing {
	out := s.routing(to.table, row)
	if out == nil || to.table.Kind != catalog.PartitionedTable {
		return out
	}
	c := &changed{writeTarget: to, cols: ins.Target, nums: ins.TargetNums}
	own := len(s.checks(to.table, row)) // those behind are the view's
	for _, rel := range s.b.partitionTree(to.table).Leaves() {
		m := c.member(rel)
		it := s.memberRow(c, m, nil)
		m.Generated = s.generatedValues(rel, it, nil)
		m.Checks = append(s.checks(rel, it), ins.Checks[own:]...)
		m.Triggers = s.b.leafTriggers(ins, rel)
		out.Leaves = append(out.Leaves, m)
	}
	return out
}

// leafTriggers are what an INSERT into a partitioned table fires on a partition.
func (b *binder) leafTriggers(ins *plan.Insert, rel *catalog.Relation) *plan.Triggers {
	t := b.triggers(rel, insertEvents(ins))
	if t == nil || ins.OnConflict == nil {
		return t
	}
	for _, a := range ins.OnConflict.Sets {
		t.Updated = append(t.Updated, catalog.MemberColumn(ins.Rel, rel, a.Num).Num)
	}
	return t
}

// updateRouting is nil for an UPDATE that does not change a key by which its rows are
// divided, nor can have a trigger change it.
func (s *scope) updateRouting(c *changed, up *plan.Update) *plan.Routing {
	if c.table.Bound == nil && c.table.Kind != catalog.PartitionedTable {
		return nil
	}
	sets := append(slices.Clip(up.Sets), up.Generated...)
	out := s.routing(c.table, s.rowAfter(c, sets))
	if c.fires(catalog.TriggerBefore|catalog.TriggerRow|catalog.TriggerUpdate) || s.b.divides(out.Top, func(column string) bool {
		own := c.table.ColumnByName(column)
		return own != nil && assigns(sets)(own.Num)
	}) {
		return out
	}
	return nil
}

// hashFunctions adds the functions that hash the keys of a tree.
func (b *binder) hashFunctions(t *partition.Tree, into map[catalog.OID]*funcs.Func) {
	for _, k := range t.Rel.Partitioning.Keys {
		if f := b.function(k.Hash); f != nil && implemented(f) {
			into[k.Hash] = f
		}
	}
	for _, sub := range t.Sub {
		if sub != nil {
			b.hashFunctions(sub, into)
		}
	}
}

// divides says whether the key of some level has one of the columns.
func (b *binder) divides(l *plan.RoutingLevel, is func(column string) bool) bool {
	if slices.ContainsFunc(b.partitionKeyColumns(l.Rel), is) {
		return true
	}
	return slices.ContainsFunc(l.Sub, func(sub *plan.RoutingLevel) bool { return sub != nil && b.divides(sub, is) })
}
