package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// alterPartition is ATTACH and DETACH PARTITION, which stand alone and change the
// partition; nil for another ALTER TABLE.
func (b *binder) alterPartition(parent *catalog.Relation, cmds []*parser.Node) plan.Statement {
	if len(cmds) != 1 {
		return nil
	}
	cmd := cmds[0].GetAlterTableCmd()
	switch p := cmd.GetDef().GetPartitionCmd(); cmd.GetSubtype() {
	case parser.AlterTableType_AT_AttachPartition:
		return b.attachPartition(parent, p)
	case parser.AlterTableType_AT_DetachPartition:
		return b.detachPartition(parent, p)
	}
	return nil
}

// attachPartition is ATExecAttachPartition.
func (b *binder) attachPartition(parent *catalog.Relation, p *parser.PartitionCmd) plan.Statement {
	if parent.Partitioning == nil {
		failAt(-1, pgerr.InvalidObjectDefinition, "table \"%s\" is not partitioned", parent.Name)
	}
	bound := b.partitionBound(parent, p.Bound)
	rel := b.definedRelation(p.Name)
	b.checkTable(rel)
	b.checkAttached(parent, rel)
	q := &alterQueue{}
	a := q.table(b, rel)
	a.attachColumns(parent)
	a.actions = append(a.actions, a.inheritAll(parent))
	a.attachKeys(parent)
	a.attachTriggers(parent)
	out := q.statement()
	out.Attach = bound
	return out
}

// checkAttached refuses tables that can't become partitions.
func (b *binder) checkAttached(parent, rel *catalog.Relation) {
	switch {
	case rel.Bound != nil:
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is already a partition", rel.Name)
	case len(rel.Parents) > 0:
		failAt(-1, pgerr.WrongObjectType, "cannot attach inheritance child as partition")
	case rel.Partitioning == nil && len(b.env.Catalog.Inheriting(rel.OID)) > 0:
		failAt(-1, pgerr.WrongObjectType, "cannot attach inheritance parent as partition")
	}
	for _, below := range catalog.Tree(b.env.Catalog, rel) {
		if below.OID == parent.OID {
			fail(pgerr.New(pgerr.DuplicateTable, "circular inheritance not allowed").
				WithDetail("\"%s\" is already a child of \"%s\".", parent.Name, rel.Name))
		}
	}
	for _, fk := range catalog.ForeignKeys(b.env.Catalog, parent) {
		if fk.RefRelation == rel.OID {
			failAt(-1, pgerr.FeatureNotSupported, "cannot attach table \"%s\" as a partition because it is referenced by foreign key \"%s\"", rel.Name, fk.Name)
		}
	}
	switch {
	case parent.Temporary && !rel.Temporary:
		failAt(-1, pgerr.WrongObjectType, "cannot attach a permanent relation as partition of temporary relation \"%s\"", parent.Name)
	case !parent.Temporary && rel.Temporary:
		failAt(-1, pgerr.WrongObjectType, "cannot attach a temporary relation as partition of permanent relation \"%s\"", parent.Name)
	}
}

func (a *alteration) attachColumns(parent *catalog.Relation) {
	for _, c := range a.rel.VisibleColumns() {
		if parent.ColumnByName(c.Name) == nil {
			fail(pgerr.New(pgerr.DatatypeMismatch, "table \"%s\" contains column \"%s\" not found in parent \"%s\"", a.rel.Name, c.Name, parent.Name).
				WithDetail("The new partition may contain only the columns present in parent."))
		}
	}
}

// attachKeys gives the partition the keys, indexes and foreign keys of its parent that
// it has not (AttachPartitionEnsureIndexes, CloneForeignKeyConstraints).
func (a *alteration) attachKeys(parent *catalog.Relation) {
	for _, ix := range parent.Indexes {
		cols := indexColumns(parent, ix)
		switch {
		case ix.Primary && len(cols) == 0 || catalog.MemberIndex(parent, a.rel, ix) != nil:
		case ix.Primary:
			a.attachPrimary(cols)
		case isConstraint(parent, ix):
			a.actions = append(a.actions, catalog.AddConstraint{Kind: catalog.UniqueConstraint,
				Unique: catalog.UniqueDef{Columns: cols, Name: a.name("", columnsPart(cols), "key")}})
		default:
			a.indexes = append(a.indexes, a.copyIndex(parent, ix, false))
		}
	}
	for _, c := range parent.Constraints {
		if c.Kind == catalog.ForeignConstraint {
			a.attachForeign(parent, c)
		}
	}
}

// attachPrimary adds the primary key of a parent.
func (a *alteration) attachPrimary(cols []string) {
	a.requireNotNull(cols)
	key := catalog.AddConstraint{Kind: catalog.UniqueConstraint, Unique: catalog.UniqueDef{Columns: cols, Name: a.name("", "", "pkey"), Primary: true}}
	a.actions = append(a.actions, append(a.before, key)...)
	a.before = nil
	a.addKeyBelow(key)
}

// attachForeign adds a parent's foreign key, unless the table has the same.
func (a *alteration) attachForeign(parent *catalog.Relation, c *catalog.Constraint) {
	k := *c
	k.OID = 0
	k.Columns, k.DeleteColumns = catalog.MemberColumns(parent, a.rel, c.Columns), catalog.MemberColumns(parent, a.rel, c.DeleteColumns)
	if slices.ContainsFunc(a.rel.Constraints, func(have *catalog.Constraint) bool {
		return have.Kind == catalog.ForeignConstraint && have.RefRelation == k.RefRelation &&
			slices.Equal(have.Columns, k.Columns) && slices.Equal(have.RefColumns, k.RefColumns)
	}) {
		return
	}
	if a.names[k.Name] {
		k.Name = freeName(a.rel.Name, "", "fkey", a.taken)
	}
	key := catalog.AddConstraint{Kind: catalog.ForeignConstraint, Foreign: k}
	a.actions = append(a.actions, key)
	a.addKeyBelow(key)
}

// detachPartition is ATExecDetachPartition. CONCURRENTLY is no different: there are no
// locks.
func (b *binder) detachPartition(parent *catalog.Relation, p *parser.PartitionCmd) plan.Statement {
	if parent.Partitioning == nil {
		failAt(-1, pgerr.WrongObjectType, "table \"%s\" is not partitioned", parent.Name)
	}
	rel := b.definedRelation(p.Name)
	if rel.Bound == nil || !slices.Contains(rel.Parents, parent.OID) {
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" is not a partition of relation \"%s\"", rel.Name, parent.Name)
	}
	if p.Concurrent && slices.ContainsFunc(b.env.Catalog.Inheriting(parent.OID), func(c *catalog.Relation) bool { return c.Bound != nil && c.Bound.Default }) {
		failAt(-1, pgerr.ObjectNotInPrerequisiteState, "cannot detach partitions concurrently when a default partition exists")
	}
	q := &alterQueue{}
	a := q.table(b, rel)
	a.detachTriggers()
	a.actions = append(a.actions, a.disinherit(parent), catalog.SetBound{})
	return q.statement()
}

// checkPartitionKey is 42P16 for a change of a column that the table is partitioned
// by (has_partition_attrs).
func (a *alteration) checkPartitionKey(verb, column string) {
	if InPartitionKey(a.rel, column) {
		failAt(-1, pgerr.InvalidTableDefinition, "cannot %s column \"%s\" because it is part of the partition key of relation \"%s\"",
			verb, column, a.rel.Name)
	}
}

// InPartitionKey says whether a table is partitioned by a column, alone or in an
// expression.
func InPartitionKey(rel *catalog.Relation, column string) bool {
	return rel.Partitioning != nil && slices.ContainsFunc(rel.Partitioning.Keys, func(k catalog.PartitionKey) bool {
		return k.Column == column || k.Expr != "" && slices.Contains(parser.ColumnNames(parseText(k.Expr)), column)
	})
}

// inheritedKey says whether a key constraint of a partition came from its table,
// which has the same one.
func (a *alteration) inheritedKey(c *catalog.Constraint) bool {
	if c != nil && c.Kind == catalog.ForeignConstraint {
		return catalog.ForeignAbove(a.env.Catalog, a.rel, c) != nil
	}
	if a.rel.Bound == nil || c == nil || c.Kind != catalog.UniqueConstraint && c.Kind != catalog.PrimaryConstraint {
		return false
	}
	columns := columnNames(a.rel, c.Columns)
	for _, oid := range a.rel.Parents {
		parent := a.env.Catalog.RelationByOID(oid)
		if parent != nil && slices.ContainsFunc(parent.Constraints, func(k *catalog.Constraint) bool {
			return k.Kind == c.Kind && slices.Equal(columnNames(parent, k.Columns), columns)
		}) {
			return true
		}
	}
	return false
}
