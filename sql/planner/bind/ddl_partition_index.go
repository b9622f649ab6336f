package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// checkPartitioned refuses what the index of a partitioned table can't be
// (DefineIndex).
func (d *indexing) checkPartitioned(ix *parser.IndexStmt) {
	if d.rel.Partitioning == nil {
		return
	}
	switch {
	case ix.Concurrent:
		failAt(-1, pgerr.FeatureNotSupported, "cannot create index on partitioned table \"%s\" concurrently", d.rel.Name)
	case !d.def.Unique:
		return
	}
	var columns []string
	for _, k := range d.def.Keys {
		columns = append(columns, k.Column)
	}
	for _, f := range d.def.Fields {
		columns = append(columns, f.Name)
	}
	checkUniqueKey(d.rel.Name, "UNIQUE", d.rel.Partitioning, columns)
}

// below are the same index on the partitions that have none like it.
func (d *indexing) below() []*plan.CreateIndex {
	if d.rel.Partitioning == nil {
		return nil
	}
	made := &catalog.Index{Unique: d.def.Unique, Predicate: d.def.Predicate, NullsNotDistinct: d.def.NullsNotDistinct}
	for _, k := range d.def.Keys {
		key := catalog.IndexKey{Name: k.Name, Expr: k.Expr}
		if c := d.rel.ColumnByName(k.Column); c != nil {
			key.Num = c.Num
		}
		made.Keys = append(made.Keys, key)
	}
	for _, f := range d.def.Fields {
		if c := d.rel.ColumnByName(f.Name); c != nil {
			made.Declared = append(made.Declared, c.Num)
		}
	}
	var out []*plan.CreateIndex
	var names []string
	for _, rel := range catalog.Tree(d.env.Catalog, d.rel)[1:] {
		if catalog.MemberIndex(d.rel, rel, made) != nil {
			continue
		}
		def := *d.def
		def.Name = freeName(rel.Name, columnsPart(d.nameParts()), "idx", func(n string) bool {
			return slices.Contains(names, n) || d.relationTaken(rel.Schema, n)
		})
		names = append(names, def.Name)
		out = append(out, &plan.CreateIndex{Relation: rel.OID, Def: &def})
	}
	return out
}

// checkIndexOfPartition is 2BP01 for an index that is a partition of another one.
func (b *binder) checkIndexOfPartition(rel *catalog.Relation, ix *catalog.Index) {
	if above := catalog.IndexAbove(b.env.Catalog, rel, ix); above != nil {
		fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop index %s because index %s requires it", ix.Name, above.Name).
			WithHint("You can drop index %s instead.", above.Name))
	}
}

// attachIndex is ATExecAttachPartitionIdx. An index of a partition stands for the
// one of its table that is like it, so that there is nothing to keep, but what can't
// be is refused.
func (b *binder) attachIndex(rel *catalog.Relation, ix *catalog.Index, rv *parser.RangeVar) {
	if rel.Partitioning == nil {
		fail(pgerr.New(pgerr.WrongObjectType, "ALTER action ATTACH PARTITION cannot be performed on relation \"%s\"", ix.Name).
			WithDetail("This operation is not supported for indexes."))
	}
	of, part := b.findIndex(rv.Schemaname, rv.Relname)
	switch {
	case part == nil && b.maybeRelation(rv) != nil:
		failAt(-1, pgerr.InvalidObjectDefinition, "\"%s\" is not an index", rv.Relname)
	case part == nil:
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", rangeVarName(rv))
	}
	b.checkOwned(of)
	above := catalog.IndexAbove(b.env.Catalog, of, part)
	if above != nil && above.OID == ix.OID {
		return
	}
	refused := pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cannot attach index \"%s\" as a partition of index \"%s\"", part.Name, ix.Name)
	switch {
	case above != nil:
		fail(refused.WithDetail("Index \"%s\" is already attached to another index.", part.Name))
	case of.Bound == nil || of.Parents[0] != rel.OID:
		fail(refused.WithDetail("Index \"%s\" is not an index on any partition of table \"%s\".", part.Name, rel.Name))
	case catalog.MemberIndex(of, rel, part) == nil:
		fail(refused.WithDetail("The index definitions do not match."))
	}
	fail(refused.WithDetail("Another index is already attached for partition \"%s\".", of.Name))
}

// addKeyBelow gives partitions the UNIQUE or the foreign key that their table gets.
func (a *alteration) addKeyBelow(c catalog.AddConstraint) {
	switch {
	case a.rel.Partitioning == nil:
		return
	case c.Kind == catalog.UniqueConstraint:
		checkUniqueKey(a.rel.Name, "UNIQUE", a.rel.Partitioning, c.Unique.Columns)
	}
	switch {
	case a.queue.only && c.Kind == catalog.UniqueConstraint:
		return
	case a.queue.only:
		failAt(-1, pgerr.WrongObjectType, "cannot use ONLY for foreign key on partitioned table \"%s\" referencing relation \"%s\"",
			a.rel.Name, a.env.Catalog.RelationByOID(c.Foreign.RefRelation).Name)
	case len(c.Foreign.Columns) > 0 && c.Foreign.Columns[0] >= firstAdded:
		unsupported(-1, "a foreign key of a column that the same ALTER TABLE adds to a partitioned table")
	}
	for child := range a.children() {
		down := c
		switch {
		case c.Kind == catalog.UniqueConstraint && c.Unique.Primary:
			down.Unique.Name = child.name("", "", "pkey")
			child.requireNotNull(c.Unique.Columns)
			child.actions, child.before = append(child.actions, child.before...), nil
		case c.Kind == catalog.UniqueConstraint:
			down.Unique.Name = child.name("", columnsPart(c.Unique.Columns), "key")
		default:
			down.Foreign.Columns = catalog.MemberColumns(a.rel, child.rel, c.Foreign.Columns)
			down.Foreign.DeleteColumns = catalog.MemberColumns(a.rel, child.rel, c.Foreign.DeleteColumns)
			if child.names[c.Foreign.Name] {
				down.Foreign.Name = freeName(child.rel.Name, "", "fkey", child.taken)
			}
		}
		child.actions = append(child.actions, down)
		child.addKeyBelow(down)
	}
}

// dropKeyBelow drops a key of a partitioned table from its partitions.
func (a *alteration) dropKeyBelow(dropped *catalog.Constraint) {
	if a.rel.Partitioning == nil {
		return
	}
	for child := range a.children() {
		own := child.keyOf(a.rel, dropped)
		if own == nil {
			continue
		}
		child.actions = append(child.actions, catalog.DropConstraint{Name: own.Name, Key: child.makesIDs(own.Name)})
		child.dropKeyBelow(own)
	}
}

// keyOf is the constraint that stands for one of the partitioned table's.
func (a *alteration) keyOf(parent *catalog.Relation, c *catalog.Constraint) *catalog.Constraint {
	for _, own := range a.rel.Constraints {
		if own.Kind != c.Kind || own.RefRelation != c.RefRelation || !slices.Equal(own.RefColumns, c.RefColumns) || len(own.Columns) != len(c.Columns) {
			continue
		}
		same := true
		for i, num := range c.Columns {
			of := catalog.MemberColumn(parent, a.rel, num)
			same = same && of != nil && of.Num == own.Columns[i]
		}
		if same {
			return own
		}
	}
	return nil
}
