package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// addInherit is ALTER TABLE … INHERIT (ATExecAddInherit): 42P07 for a circle or a
// parent that it has, 42804 for a table that lacks what the parent has.
func (a *alteration) addInherit(x parser.AlterAction) catalog.AlterAction {
	rv := x.Cmd.Def.GetRangeVar()
	if a.rel.Partitioning != nil {
		failAt(-1, pgerr.WrongObjectType, "cannot change inheritance of partitioned table")
	}
	if a.rel.Bound != nil {
		failAt(-1, pgerr.WrongObjectType, "cannot change inheritance of a partition")
	}
	if rel := a.definedRelation(rv); !rel.IsTable() {
		unalterable(rel, x.Cmd)
	}
	parent := a.checkedParent(a.definedRelation(rv))
	for _, below := range catalog.Tree(a.env.Catalog, a.rel) {
		if below.OID == parent.OID {
			fail(pgerr.New(pgerr.DuplicateTable, "circular inheritance not allowed").
				WithDetail("\"%s\" is already a child of \"%s\".", parent.Name, a.rel.Name))
		}
	}
	a.checkNewParent(parent)
	a.checkInheritingTriggers()
	return a.inheritAll(parent)
}

// inheritAll is CreateInheritance.
func (a *alteration) inheritAll(parent *catalog.Relation) catalog.AlterAction {
	for _, c := range parent.VisibleColumns() {
		a.inheritExisting(parent, c)
	}
	for _, c := range parent.Constraints {
		if c.Kind == catalog.CheckConstraint && !c.NoInherit {
			a.inheritExistingCheck(parent, c)
		}
	}
	return catalog.SetParents{Parents: append(slices.Clip(a.rel.Parents), parent.OID)}
}

// inheritExisting is MergeAttributesIntoExisting.
func (a *alteration) inheritExisting(parent *catalog.Relation, c *catalog.Column) {
	own := a.rel.ColumnByName(c.Name)
	switch {
	case own == nil:
		failAt(-1, pgerr.DatatypeMismatch, "child table is missing column \"%s\"", c.Name)
	case own.Type.OID != c.Type.OID || own.Typmod != c.Typmod:
		failAt(-1, pgerr.DatatypeMismatch, "child table \"%s\" has different type for column \"%s\"", a.rel.Name, c.Name)
	case c.NotNull && !own.NotNull:
		failAt(-1, pgerr.DatatypeMismatch, "column \"%s\" in child table must be marked NOT NULL", c.Name)
	case c.Generated != 0 && own.Generated == 0:
		failAt(-1, pgerr.DatatypeMismatch, "column \"%s\" in child table must be a generated column", c.Name)
	case c.Generated != 0 && own.Default != c.Default:
		failAt(-1, pgerr.DatatypeMismatch, "column \"%s\" in child table has a conflicting generation expression", c.Name)
	}
	a.inheritColumn(own, own.Inherited+1, own.NotLocal || parent.Partitioning != nil)
}

// inheritExistingCheck is MergeConstraintsIntoExisting.
func (a *alteration) inheritExistingCheck(parent *catalog.Relation, c *catalog.Constraint) {
	own := checkNamed(a.rel, c.Name)
	switch {
	case own == nil:
		failAt(-1, pgerr.DatatypeMismatch, "child table is missing constraint \"%s\"", c.Name)
	case own.Expr != c.Expr:
		failAt(-1, pgerr.DatatypeMismatch, "child table \"%s\" has different definition for check constraint \"%s\"", a.rel.Name, c.Name)
	case own.NoInherit:
		failAt(-1, pgerr.InvalidObjectDefinition, "constraint \"%s\" conflicts with non-inherited constraint on child table \"%s\"", c.Name, a.rel.Name)
	case own.NotValid:
		failAt(-1, pgerr.InvalidObjectDefinition, "constraint \"%s\" conflicts with NOT VALID constraint on child table \"%s\"", c.Name, a.rel.Name)
	}
	a.inheritConstraint(own, own.Inherited+1, own.NotLocal || parent.Partitioning != nil)
}

// dropInherit is ALTER TABLE … NO INHERIT (RemoveInheritance): what was the parent's
// stays, as the table's own.
func (a *alteration) dropInherit(x parser.AlterAction) catalog.AlterAction {
	if a.rel.Bound != nil {
		failAt(-1, pgerr.WrongObjectType, "cannot change inheritance of a partition")
	}
	parent := a.definedRelation(x.Cmd.Def.GetRangeVar())
	if !slices.Contains(a.rel.Parents, parent.OID) {
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" is not a parent of relation \"%s\"", parent.Name, a.rel.Name)
	}
	return a.disinherit(parent)
}

// disinherit makes what was a parent's the table's own.
func (a *alteration) disinherit(parent *catalog.Relation) catalog.AlterAction {
	for _, c := range a.rel.VisibleColumns() {
		if c.Inherited > 0 && parent.ColumnByName(c.Name) != nil {
			a.inheritColumn(c, c.Inherited-1, c.NotLocal && c.Inherited > 1)
		}
	}
	for _, c := range a.rel.Constraints {
		if c.Inherited > 0 && checkNamed(parent, c.Name) != nil {
			a.inheritConstraint(c, c.Inherited-1, c.NotLocal && c.Inherited > 1)
		}
	}
	without := slices.DeleteFunc(slices.Clone(a.rel.Parents), func(oid catalog.OID) bool { return oid == parent.OID })
	return catalog.SetParents{Parents: without}
}
