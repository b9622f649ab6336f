package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// inherit takes over the columns and the CHECKs of the parents (MergeAttributes).
func (t *tableBuilder) inherit(parents []*parser.Node) {
	for _, n := range parents {
		rel := t.parent(n.GetRangeVar())
		t.def.Parents = append(t.def.Parents, rel.OID)
		for _, c := range rel.VisibleColumns() {
			t.takeColumn(c)
		}
		for _, c := range rel.Constraints {
			if c.Kind == catalog.CheckConstraint && !c.NoInherit {
				t.inheritCheck(c)
			}
		}
	}
	for _, c := range t.def.Columns {
		t.addToItem(c, []string{c.Name})
	}
}

// parent finds a table of INHERITS: 42809 for what is no table, 42P07 for one that is
// named twice.
func (t *tableBuilder) parent(rv *parser.RangeVar) *catalog.Relation {
	rel := t.definedRelation(rv)
	if !rel.IsTable() {
		failAt(-1, pgerr.WrongObjectType, "inherited relation \"%s\" is not a table or foreign table", rel.Name)
	}
	if t.isPartition {
		t.checkOwned(rel)
		t.checkPartitionParent(rel)
		return rel
	}
	t.checkedParent(rel)
	t.checkNewParent(rel)
	return rel
}

// checkedParent refuses tables that this one can't inherit from.
func (t *tableBuilder) checkedParent(rel *catalog.Relation) *catalog.Relation {
	t.checkOwned(rel)
	if rel.Temporary && t.def.Schema != t.env.TempSchema {
		failAt(-1, pgerr.WrongObjectType, "cannot inherit from temporary relation \"%s\"", rel.Name)
	}
	checkInheritanceParent(rel)
	for _, c := range rel.Columns {
		if c.Path != nil || c.Secret {
			unsupported(-1, "INHERITS from a resource with nested or secret columns")
		}
	}
	return rel
}

func (t *tableBuilder) checkNewParent(rel *catalog.Relation) {
	if slices.Contains(t.def.Parents, rel.OID) {
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" would be inherited from more than once", rel.Name)
	}
}

// takeColumn adds a parent's column, or merges it with another parent's.
func (t *tableBuilder) takeColumn(c *catalog.Column) {
	d := catalog.ColumnDef{Name: c.Name, Type: c.Type.OID, Typmod: c.Typmod, Dims: c.Dims, NotNull: c.NotNull, Collation: c.Collation,
		Inheritance: catalog.Inheritance{Inherited: 1, NotLocal: true}, Tuning: catalog.Tuning{Storage: c.Storage, Compression: c.Compression}}
	if c.Generated != 0 {
		d.Generated = c.Default
	} else {
		d.Default = c.Default
	}
	i := t.columnNamed(c.Name)
	if i < 0 {
		t.def.Columns = append(t.def.Columns, d)
		return
	}
	t.notice("merging multiple inherited definitions of column \"%s\"", c.Name)
	have := &t.def.Columns[i]
	t.sameType(*have, d, "inherited column \"%s\" has a type conflict")
	if (have.Generated != "") != (d.Generated != "") {
		failAt(-1, pgerr.DatatypeMismatch, "inherited column \"%s\" has a generation conflict", c.Name)
	}
	have.Inherited++
	have.NotNull = have.NotNull || d.NotNull
	switch {
	case have.Generated != d.Generated:
		t.conflicts[c.Name] = true
	case have.Default == "":
		have.Default = d.Default
	case d.Default != "" && have.Default != d.Default:
		t.conflicts[c.Name] = true
	}
}

func (t *tableBuilder) columnNamed(name string) int {
	return slices.IndexFunc(t.def.Columns, func(c catalog.ColumnDef) bool { return c.Name == name })
}

// sameType is 42804 for definitions of one column with different types.
func (t *tableBuilder) sameType(have, d catalog.ColumnDef, format string) {
	as, mod := t.definedType(have)
	other, otherMod := t.definedType(d)
	if other == nil || as.OID != other.OID || mod != otherMod {
		fail(pgerr.New(pgerr.DatatypeMismatch, format, d.Name).
			WithDetail("%s versus %s", types.FormatType(as, mod), types.FormatType(other, otherMod)))
	}
}

func (t *tableBuilder) mergeNotice(name string, inPlace bool) {
	if inPlace {
		t.notice("merging column \"%s\" with inherited definition", name)
		return
	}
	t.notice("moving and merging column \"%s\" with inherited definition", name)
	t.notices[len(t.notices)-1].WithDetail("User-specified column moved to the position of the inherited column.")
}

// mergeColumn puts the table's own definition of a column over the inherited one.
func (t *tableBuilder) mergeColumn(i int, d catalog.ColumnDef) {
	have := &t.def.Columns[i]
	t.sameType(*have, d, "column \"%s\" has a type conflict")
	generated := slices.ContainsFunc(t.generations, func(g generation) bool { return g.column == d.Name })
	switch {
	case have.Generated != "" && d.Default != "":
		failAt(-1, pgerr.InvalidColumnDefinition, "column \"%s\" inherits from generated column but specifies default", d.Name)
	case have.Generated != "" && d.Identity != 0:
		failAt(-1, pgerr.InvalidColumnDefinition, "column \"%s\" inherits from generated column but specifies identity", d.Name)
	case generated && have.Generated != "":
		fail(pgerr.New(pgerr.InvalidColumnDefinition, "child column \"%s\" specifies generation expression", d.Name).
			WithHint("Omit the generation expression in the definition of the child table column to inherit the generation expression from the parent table."))
	}
	d.NotNull = d.NotNull || have.NotNull
	d.Generated = have.Generated
	if d.Default == "" && d.Identity == 0 {
		d.Default = have.Default
	} else {
		delete(t.conflicts, d.Name)
	}
	d.Inheritance = catalog.Inheritance{Inherited: have.Inherited}
	*have = d
}

// checkConflicts is 42611 for parents' defaults that differ and that the table's own
// definition does not settle.
func (t *tableBuilder) checkConflicts() {
	for _, c := range t.def.Columns {
		if !t.conflicts[c.Name] {
			continue
		}
		if c.Generated != "" {
			fail(pgerr.New(pgerr.InvalidColumnDefinition, "column \"%s\" inherits conflicting generation expressions", c.Name))
		}
		fail(pgerr.New(pgerr.InvalidColumnDefinition, "column \"%s\" inherits conflicting default values", c.Name).
			WithHint("To resolve the conflict, specify a default explicitly."))
	}
}

// inheritCheck is MergeCheckConstraint.
func (t *tableBuilder) inheritCheck(c *catalog.Constraint) {
	for i := range t.def.Checks {
		have := &t.def.Checks[i]
		switch {
		case have.Name != c.Name:
			continue
		case have.Expr != c.Expr:
			failAt(-1, pgerr.DuplicateObject, "check constraint name \"%s\" appears multiple times but with different expressions", c.Name)
		}
		have.Inherited++
		return
	}
	t.names[c.Name] = true
	t.def.Checks = append(t.def.Checks, catalog.CheckDef{Name: c.Name, Expr: c.Expr,
		Inheritance: catalog.Inheritance{Inherited: 1, NotLocal: true}})
}

func (t *tableBuilder) inheritsCheck(name string) bool {
	return slices.ContainsFunc(t.def.Checks, func(c catalog.CheckDef) bool { return c.Name == name && c.NotLocal })
}

// addCheck adds a CHECK of the table's own, or merges it with an inherited one
// (MergeWithExistingConstraint).
func (t *tableBuilder) addCheck(d catalog.CheckDef) {
	i := slices.IndexFunc(t.def.Checks, func(c catalog.CheckDef) bool { return c.Name == d.Name && c.Inherited > 0 })
	if i < 0 {
		t.def.Checks = append(t.def.Checks, d)
		return
	}
	have := &t.def.Checks[i]
	switch {
	case have.Expr != d.Expr:
		failAt(-1, pgerr.DuplicateObject, "constraint \"%s\" for relation \"%s\" already exists", d.Name, t.def.Name)
	case d.NoInherit:
		failAt(-1, pgerr.InvalidObjectDefinition, "constraint \"%s\" conflicts with inherited constraint on relation \"%s\"", d.Name, t.def.Name)
	}
	t.notice("merging constraint \"%s\" with inherited definition", d.Name)
	have.NotLocal = false
}

func (t *tableBuilder) notice(format string, args ...any) {
	t.notices = append(t.notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, format, args...))
}
