package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ofType is check_of_type: 42809 for what is no composite type of its own.
func (b *binder) ofType(tn *parser.TypeName) *types.Type {
	t, _ := b.typeNameType(tn)
	if rel := b.env.Catalog.RelationByOID(t.Relation); t.Kind != 'c' || rel == nil || rel.Kind != catalog.CompositeType {
		failAt(-1, pgerr.WrongObjectType, "type %s is not a composite type", b.typeName(t))
	}
	return t
}

// typedColumns are the columns of CREATE TABLE OF (transformOfType): those of the type,
// with what the statement says of them.
func (t *tableBuilder) typedColumns(tn *parser.TypeName, spec *parser.CreateSpec) {
	of := t.ofType(tn)
	t.def.OfType = of.OID
	said := map[string]*parser.ColumnDef{}
	for _, s := range spec.Columns {
		if said[s.Name] != nil {
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", s.Name)
		}
		if !hasAttribute(of, s.Name) {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", s.Name)
		}
		said[s.Name] = s.Def
	}
	for _, c := range of.Columns {
		d := catalog.ColumnDef{Name: c.Name, Type: c.Type.OID, Typmod: c.Typmod}
		if def := said[c.Name]; def != nil {
			t.columnConstraints(&d, def, []string{c.Name})
		}
		t.def.Columns = append(t.def.Columns, d)
		t.addToItem(d, []string{c.Name})
	}
}

// typedRefusals are the actions that would part a table from its type.
var typedRefusals = map[parser.AlterTableType]string{
	parser.AlterTableType_AT_AddColumn:       "cannot add column to typed table",
	parser.AlterTableType_AT_DropColumn:      "cannot drop column from typed table",
	parser.AlterTableType_AT_AlterColumnType: "cannot alter column type of typed table",
	parser.AlterTableType_AT_AddInherit:      "cannot change inheritance of typed table",
	parser.AlterTableType_AT_DropInherit:     "cannot change inheritance of typed table",
}

func (a *alteration) checkTyped(x parser.AlterAction) {
	if message := typedRefusals[x.Cmd.Subtype]; a.rel.OfType != 0 && message != "" {
		failAt(-1, pgerr.WrongObjectType, "%s", message)
	}
}

// addOf is ALTER TABLE … OF (ATExecAddOf): 42804 for a table whose columns are not the
// type's.
func (a *alteration) addOf(x parser.AlterAction) catalog.AlterAction {
	of := a.ofType(x.Cmd.Def.GetTypeName())
	if len(a.rel.Parents) > 0 {
		failAt(-1, pgerr.WrongObjectType, "typed tables cannot inherit")
	}
	columns := a.rel.VisibleColumns()
	for i, want := range of.Columns {
		switch {
		case i >= len(columns):
			failAt(-1, pgerr.DatatypeMismatch, "table is missing column \"%s\"", want.Name)
		case columns[i].Name != want.Name:
			failAt(-1, pgerr.DatatypeMismatch, "table has column \"%s\" where type requires \"%s\"", columns[i].Name, want.Name)
		case columns[i].Type.OID != want.Type.OID || columns[i].Typmod != want.Typmod:
			failAt(-1, pgerr.DatatypeMismatch, "table \"%s\" has different type for column \"%s\"", a.rel.Name, want.Name)
		}
	}
	if len(columns) > len(of.Columns) {
		failAt(-1, pgerr.DatatypeMismatch, "table has extra column \"%s\"", columns[len(of.Columns)].Name)
	}
	return catalog.SetOfType{Type: of.OID}
}

// dropOf is ALTER TABLE … NOT OF (ATExecDropOf).
func (a *alteration) dropOf(parser.AlterAction) catalog.AlterAction {
	if a.rel.OfType == 0 {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a typed table", a.rel.Name)
	}
	return catalog.SetOfType{}
}

// typedTables are the tables of a composite type; without CASCADE the type can't be
// altered under them (find_typed_table_dependencies): 2BP01.
func (b *binder) typedTables(t *types.Type, cascade bool) []*catalog.Relation {
	var out []*catalog.Relation
	for _, rel := range b.env.Catalog.Relations() {
		if rel.OfType == t.OID && t.OID != 0 {
			out = append(out, rel)
		}
	}
	if len(out) > 0 && !cascade {
		fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot alter type \"%s\" because it is the type of a typed table", t.Name).
			WithHint("Use ALTER ... CASCADE to alter the typed tables too."))
	}
	slices.SortFunc(out, func(a, b *catalog.Relation) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// typedAction is what an action on a type does to a table of it.
func typedAction(rel *catalog.Relation, action catalog.TypeAction) catalog.AlterAction {
	switch c := action.(type) {
	case catalog.AddAttribute:
		return catalog.AddColumn{Column: c.Attribute}
	case catalog.DropAttribute:
		return catalog.DropColumn{Name: c.Name}
	case catalog.RetypeAttribute:
		return catalog.AlterType{Name: c.Name, Type: c.Type, Typmod: c.Typmod}
	case catalog.RenameAttribute:
		return columnRenaming(rel, c.From, c.To)
	}
	return nil
}
