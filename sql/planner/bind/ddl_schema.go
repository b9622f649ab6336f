package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// createSchema is CREATE SCHEMA.
func (b *binder) createSchema(stmt parser.Statement, c *parser.CreateSchemaStmt) plan.Statement {
	out := &plan.CreateSchema{Name: c.Schemaname, IfNotExists: c.IfNotExists}
	if c.Authrole != nil {
		owner := b.definedRole(b.roleName(c.Authrole))
		b.mayBecome(owner)
		out.Owner = owner.OID
		if out.Name == "" {
			out.Name = owner.Name
		}
	}
	name := out.Name
	b.mayCreateSchema()
	checkSchemaName(name)
	if b.env.Catalog.SchemaByName(name) != nil && !c.IfNotExists {
		failAt(-1, pgerr.DuplicateSchema, "schema \"%s\" already exists", name)
	}
	if len(c.SchemaElts) > 0 {
		return &SchemaWithElements{CreateSchema: out, Elements: schemaElements(stmt, c.SchemaElts, name)}
	}
	return out
}

// SchemaWithElements is CREATE SCHEMA with statements that are bound and run in it, one after
// the other, as its owner.
type SchemaWithElements struct {
	*plan.CreateSchema
	Elements []parser.Statement
}

// schemaElements is transformCreateSchemaStmtElements: the elements in an order without
// references to later ones, each in the schema.
func schemaElements(stmt parser.Statement, elements []*parser.Node, schema string) []parser.Statement {
	const sequences, tables, views, indexes, triggers, grants, kinds = 0, 1, 2, 3, 4, 5, 6
	var sorted [kinds][]parser.Statement
	for _, n := range elements {
		n = parser.Clone(n)
		kind, target := grants, (*parser.RangeVar)(nil)
		switch e := n.Node.(type) {
		case *parser.Node_CreateSeqStmt:
			kind, target = sequences, e.CreateSeqStmt.Sequence
		case *parser.Node_CreateStmt:
			kind, target = tables, e.CreateStmt.Relation
		case *parser.Node_ViewStmt:
			kind, target = views, e.ViewStmt.View
		case *parser.Node_IndexStmt:
			kind, target = indexes, e.IndexStmt.Relation
		case *parser.Node_CreateTrigStmt:
			kind, target = triggers, e.CreateTrigStmt.Relation
		}
		if target != nil {
			setSchemaName(schema, target)
		}
		sorted[kind] = append(sorted[kind], parser.Part(stmt, n))
	}
	return slices.Concat(sorted[:]...)
}

// setSchemaName is 42P15 for an element of another schema.
func setSchemaName(schema string, target *parser.RangeVar) {
	if target.Schemaname != "" && target.Schemaname != schema {
		failAt(-1, pgerr.InvalidSchemaDefinition, "CREATE specifies a schema (%s) different from the one being created (%s)", target.Schemaname, schema)
	}
	target.Schemaname = schema
}

// renameSchema is RenameSchema.
func (b *binder) renameSchema(r *parser.RenameStmt) plan.Statement {
	if b.env.Catalog.SchemaByName(r.Subname) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", r.Subname)
	}
	if b.env.Catalog.SchemaByName(r.Newname) != nil {
		failAt(-1, pgerr.DuplicateSchema, "schema \"%s\" already exists", r.Newname)
	}
	b.ownSchema(r.Subname)
	b.mayCreateSchema()
	checkSchemaName(r.Newname)
	return &plan.RenameSchema{From: r.Subname, To: r.Newname}
}

// movable are the kinds of relation that SET SCHEMA is for.
var movable = []parser.ObjectType{
	parser.ObjectType_OBJECT_TABLE, parser.ObjectType_OBJECT_VIEW, parser.ObjectType_OBJECT_MATVIEW, parser.ObjectType_OBJECT_SEQUENCE,
}

// setSchema is ALTER … SET SCHEMA (ExecAlterObjectSchemaStmt).
func (b *binder) setSchema(stmt parser.Statement, s *parser.AlterObjectSchemaStmt) plan.Statement {
	switch {
	case s.ObjectType == parser.ObjectType_OBJECT_TYPE || s.ObjectType == parser.ObjectType_OBJECT_DOMAIN:
		return b.setTypeSchema(s)
	case isRoutine[s.ObjectType]:
		return b.moveRoutine(stmt, s)
	case isOpClass[s.ObjectType]:
		return b.moveOpClass(stmt, s)
	case s.ObjectType == parser.ObjectType_OBJECT_OPERATOR:
		return b.moveOperator(stmt, s)
	case slices.Contains(movable, s.ObjectType):
		return b.moveRelation(s)
	}
	if find := b.absentFinder(s.ObjectType); find != nil {
		if missing, _ := find(s.Object); missing != nil {
			fail(missing)
		}
	}
	unsupported(-1, "SET SCHEMA of this kind of object")
	return nil
}

// moveRelation is AlterTableNamespace: what a table owns, its indexes and sequences,
// goes with it.
func (b *binder) moveRelation(s *parser.AlterObjectSchemaStmt) plan.Statement {
	rel := b.maybeRelation(s.Relation)
	if rel == nil && s.MissingOk {
		return &plan.AlterTable{Name: s.Relation.Relname}
	}
	rel = b.definedRelation(s.Relation)
	b.checkKind(s.ObjectType, rel)
	b.checkOwned(rel)
	checkNotLinked(b.env.Catalog, rel)
	if b.env.Catalog.SchemaByName(s.Newschema) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", s.Newschema)
	}
	out := &plan.AlterTable{Relation: rel.OID, Name: rel.Name}
	if s.Newschema == rel.Schema {
		return out
	}
	if rel.Temporary || s.Newschema == b.env.TempSchema {
		failAt(-1, pgerr.FeatureNotSupported, "cannot move objects into or out of temporary schemas")
	}
	out.Actions = b.moved(rel, s.Newschema)
	for _, seq := range catalog.OwnedSequences(b.env.Catalog, rel.OID) {
		out.Children = append(out.Children, &plan.AlterTable{Relation: seq.OID, Name: seq.Name, Actions: b.moved(seq, s.Newschema)})
	}
	return out
}

// moved is 42P07 for a name that the other schema has.
func (b *binder) moved(rel *catalog.Relation, schema string) []catalog.AlterAction {
	names := []string{rel.Name}
	for _, ix := range rel.Indexes {
		names = append(names, ix.Name)
	}
	for _, name := range names {
		if b.relationTaken(schema, name) {
			failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists in schema \"%s\"", name, schema)
		}
	}
	return []catalog.AlterAction{catalog.SetSchema{Schema: schema}}
}

// checkNotLinked refuses to part a sequence from the table that owns it.
func checkNotLinked(r catalog.Reader, rel *catalog.Relation) {
	if rel.Sequence == nil || rel.Sequence.Owner == 0 {
		return
	}
	if owner := r.RelationByOID(rel.Sequence.Owner); owner != nil {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot move an owned sequence into another schema").
			WithDetail("Sequence \"%s\" is linked to table \"%s\".", rel.Name, owner.Name))
	}
}

// moveOperator is ALTER OPERATOR … SET SCHEMA.
func (b *binder) moveOperator(stmt parser.Statement, s *parser.AlterObjectSchemaStmt) plan.Statement {
	o := b.declaredOperator(s.Object.GetObjectWithArgs())
	if b.env.Catalog.SchemaByName(s.Newschema) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", s.Newschema)
	}
	checkCreatable(s.Newschema, o.Name)
	c := *o
	c.Schema = s.Newschema
	for _, have := range b.routines().Operators(o.Name) {
		if have.OID != o.OID && have.Signature() == c.Signature() {
			failAt(-1, pgerr.DuplicateObject, "operator %s already exists in schema \"%s\"", o.Name, s.Newschema)
		}
	}
	return &plan.CreateOperator{Operator: &c, Tag: parser.CommandTag(stmt.Node)}
}
