package bind

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// rename is RENAME of tables, columns and constraints.
func (b *binder) rename(stmt parser.Statement, r *parser.RenameStmt) plan.Statement {
	if s := b.renameType(r); s != nil {
		return s
	}
	if isRoutine[r.RenameType] {
		return b.renameRoutine(stmt, r)
	}
	if r.RenameType == parser.ObjectType_OBJECT_ROLE {
		return b.renameRole(r)
	}
	if isOpClass[r.RenameType] {
		return b.renameOpClass(stmt, r)
	}
	if r.RenameType == parser.ObjectType_OBJECT_SCHEMA {
		return b.renameSchema(r)
	}
	if r.Relation == nil {
		unsupported(-1, "RENAME of this kind of object")
	}
	if r.RenameType == parser.ObjectType_OBJECT_RULE {
		return b.renameRule(r)
	}
	if r.RenameType == parser.ObjectType_OBJECT_POLICY {
		return b.renamePolicy(r)
	}
	if r.RenameType == parser.ObjectType_OBJECT_TRIGGER {
		return b.renameTrigger(r)
	}
	rel := b.maybeRelation(r.Relation)
	if on, ix := b.findIndex(r.Relation.Schemaname, r.Relation.Relname); rel == nil && ix != nil && r.RenameType != parser.ObjectType_OBJECT_COLUMN {
		return b.renameIndex(r, on, ix)
	}
	if rel == nil && r.MissingOk {
		return &plan.AlterTable{Name: r.Relation.Relname}
	}
	rel = b.definedRelation(r.Relation)
	b.checkOwned(rel)
	if !renamesAny[r.RenameType] {
		b.checkKind(r.RenameType, rel)
	}
	if r.RenameType == parser.ObjectType_OBJECT_COLUMN && rel.Kind == catalog.CompositeType {
		return b.renameAttribute(r)
	}
	return b.renaming(stmt, r, rel)
}

// renameIndex is RENAME TO of an index: ALTER TABLE may name one, ALTER INDEX a table
// (RangeVarCallbackForAlterRelation).
func (b *binder) renameIndex(r *parser.RenameStmt, rel *catalog.Relation, ix *catalog.Index) plan.Statement {
	b.checkOwned(rel)
	if k, ok := dropKinds[r.RenameType]; ok && !renamesAny[r.RenameType] {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not %s", ix.Name, k.noun)
	}
	if b.relationTaken(rel.Schema, r.Newname) {
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", r.Newname)
	}
	return renamed(rel, catalog.RenameConstraint{From: ix.Name, To: r.Newname})
}

// renamesAny are the words that RENAME TO takes for tables, views, sequences and indexes
// alike.
var renamesAny = map[parser.ObjectType]bool{parser.ObjectType_OBJECT_TABLE: true, parser.ObjectType_OBJECT_INDEX: true}

func (b *binder) renaming(stmt parser.Statement, r *parser.RenameStmt, rel *catalog.Relation) *plan.AlterTable {
	switch r.RenameType {
	case parser.ObjectType_OBJECT_TABLE, parser.ObjectType_OBJECT_VIEW, parser.ObjectType_OBJECT_MATVIEW, parser.ObjectType_OBJECT_SEQUENCE,
		parser.ObjectType_OBJECT_INDEX:
		if rel.Kind == catalog.CompositeType {
			fail(pgerr.New(pgerr.WrongObjectType, "\"%s\" is a composite type", rel.Name).WithHint("Use ALTER TYPE instead."))
		}
		if b.relationTaken(rel.Schema, r.Newname) {
			failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", r.Newname)
		}
		return renamed(rel, catalog.RenameTable{To: r.Newname})
	case parser.ObjectType_OBJECT_COLUMN:
		path := []string{r.Subname}
		if stmt.Rename != nil {
			path = stmt.Rename.Path
		}
		return b.renameColumn(r, rel, path)
	case parser.ObjectType_OBJECT_TABCONSTRAINT:
		return b.renameConstraint(r, rel)
	}
	unsupported(-1, "RENAME of this kind of object")
	return nil
}

func renamed(rel *catalog.Relation, action catalog.AlterAction) *plan.AlterTable {
	return &plan.AlterTable{Relation: rel.OID, Name: rel.Name, Actions: []catalog.AlterAction{action}}
}

// renameColumn is renameatt_internal: 42P16 for a column that a table outside the
// tree has given, too.
func (b *binder) renameColumn(r *parser.RenameStmt, rel *catalog.Relation, path []string) *plan.AlterTable {
	if rel.Kind == catalog.Sequence {
		fail(pgerr.New(pgerr.WrongObjectType, "cannot rename columns of relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for %s.", kindPlurals[rel.Kind]))
	}
	from := matchName(b.alteration(rel).allNames(), strings.Join(path, "."))
	if from == "" || systemColumns[from] {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", strings.Join(path, "."))
	}
	if rel.OfType != 0 {
		failAt(-1, pgerr.WrongObjectType, "cannot rename column of typed table")
	}
	tree := b.renamedTree(r, rel, "inherited column \"%s\" must be renamed in child tables too", from)
	var out []*plan.AlterTable
	for _, member := range tree {
		c := member.ColumnByName(from)
		if c == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", from)
		}
		if c.Inherited > parentsIn(tree, member) {
			failAt(-1, pgerr.InvalidTableDefinition, "cannot rename inherited column \"%s\"", from)
		}
		out = append(out, renamed(member, columnRenaming(member, from, r.Newname)))
	}
	out[0].Children = out[1:]
	return out[0]
}

// columnRenaming is check_for_column_name_collision (42701). Views and composite types
// have no system columns.
func columnRenaming(rel *catalog.Relation, from, name string) catalog.RenameColumn {
	to := name
	if i := strings.LastIndexByte(from, '.'); i >= 0 {
		to = from[:i+1] + to
	}
	if systemColumns[to] && rel.Kind != catalog.View && rel.Kind != catalog.CompositeType {
		failAt(-1, pgerr.DuplicateColumn, "column name \"%s\" conflicts with a system column name", to)
	}
	if rel.ColumnByName(to) != nil {
		failAt(-1, pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", to, rel.Name)
	}
	return catalog.RenameColumn{From: from, To: name, Texts: renamedTexts(rel, from, name)}
}

// renamedTree is the table with those that inherit from it; ONLY is refused (42P16)
// where there are any.
func (b *binder) renamedTree(r *parser.RenameStmt, rel *catalog.Relation, format, name string) []*catalog.Relation {
	if !rel.IsTable() {
		return []*catalog.Relation{rel}
	}
	tree := catalog.Tree(b.env.Catalog, rel)
	if len(tree) > 1 && !r.Relation.Inh {
		failAt(-1, pgerr.InvalidTableDefinition, format, name)
	}
	return tree
}

// renameConstraint is rename_constraint_internal.
func (b *binder) renameConstraint(r *parser.RenameStmt, rel *catalog.Relation) *plan.AlterTable {
	if !b.alteration(rel).names[r.Subname] {
		failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", r.Subname, rel.Name)
	}
	rename := catalog.RenameConstraint{From: r.Subname, To: r.Newname}
	c := checkNamed(rel, r.Subname)
	if c == nil || c.NoInherit {
		return renamed(rel, rename)
	}
	tree := b.renamedTree(r, rel, "inherited constraint \"%s\" must be renamed in child tables too", c.Name)
	var out []*plan.AlterTable
	for _, member := range tree {
		if own := checkNamed(member, c.Name); own != nil && own.Inherited > parentsIn(tree, member) {
			failAt(-1, pgerr.InvalidTableDefinition, "cannot rename inherited constraint \"%s\"", c.Name)
		}
		b.checkConstraintFree(member, r.Newname)
		out = append(out, renamed(member, rename))
	}
	out[0].Children = out[1:]
	return out[0]
}

// checkConstraintFree is 42710 for a name that a constraint of the table has.
func (b *binder) checkConstraintFree(rel *catalog.Relation, name string) {
	for _, c := range rel.Constraints {
		if c.Name == name {
			failAt(-1, pgerr.DuplicateObject, "constraint \"%s\" for relation \"%s\" already exists", name, rel.Name)
		}
	}
}
