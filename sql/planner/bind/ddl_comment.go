package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// commented finds the object of a COMMENT ON, and the number of its column.
type commented func(b *binder, c *parser.CommentStmt) (object types.OID, column int16)

var commentable map[parser.ObjectType]commented

func init() {
	commentable = map[parser.ObjectType]commented{
		parser.ObjectType_OBJECT_TYPE:          (*binder).commentType,
		parser.ObjectType_OBJECT_DOMAIN:        (*binder).commentType,
		parser.ObjectType_OBJECT_DOMCONSTRAINT: (*binder).commentDomainConstraint,
		parser.ObjectType_OBJECT_TABCONSTRAINT: (*binder).commentConstraint,
		parser.ObjectType_OBJECT_RULE:          (*binder).commentRule,
		parser.ObjectType_OBJECT_POLICY:        (*binder).commentPolicy,
		parser.ObjectType_OBJECT_TABLE:         (*binder).commentRelation,
		parser.ObjectType_OBJECT_MATVIEW:       (*binder).commentRelation,
		parser.ObjectType_OBJECT_VIEW:          (*binder).commentRelation,
		parser.ObjectType_OBJECT_SEQUENCE:      (*binder).commentRelation,
		parser.ObjectType_OBJECT_INDEX:         (*binder).commentIndex,
		parser.ObjectType_OBJECT_COLUMN:        (*binder).commentColumn,
		parser.ObjectType_OBJECT_SCHEMA:        (*binder).commentSchema,
		parser.ObjectType_OBJECT_DATABASE:      (*binder).commentDatabase,
		parser.ObjectType_OBJECT_EXTENSION:     (*binder).commentExtension,
		parser.ObjectType_OBJECT_OPERATOR:      (*binder).commentOperator,
		parser.ObjectType_OBJECT_OPCLASS:       (*binder).commentOpClass,
		parser.ObjectType_OBJECT_OPFAMILY:      (*binder).commentOpClass,
		parser.ObjectType_OBJECT_FUNCTION:      (*binder).commentRoutine,
		parser.ObjectType_OBJECT_PROCEDURE:     (*binder).commentRoutine,
		parser.ObjectType_OBJECT_ROUTINE:       (*binder).commentRoutine,
		parser.ObjectType_OBJECT_AGGREGATE:     (*binder).commentRoutine,
	}
}

// comment is COMMENT ON (CommentObject).
func (b *binder) comment(c *parser.CommentStmt) plan.Statement {
	if c.Objtype == parser.ObjectType_OBJECT_TRIGGER {
		return b.commentTrigger(c)
	}
	if c.Objtype == parser.ObjectType_OBJECT_LARGEOBJECT {
		return &plan.Comment{Object: b.ownLarge(c.Object).OID, Large: true, Text: c.Comment}
	}
	if find := commentable[c.Objtype]; find != nil {
		out := &plan.Comment{Text: c.Comment}
		out.Object, out.Column = find(b, c)
		return out
	}
	if find := b.absentFinder(c.Objtype); find != nil {
		if missing, _ := find(c.Object); missing != nil {
			fail(missing)
		}
	}
	if c.Objtype == parser.ObjectType_OBJECT_ROLE {
		return b.commentRole(c)
	}
	unsupported(-1, "COMMENT ON this kind of object")
	return nil
}

func (b *binder) commentType(c *parser.CommentStmt) (types.OID, int16) {
	t, _ := b.typeNameType(c.Object.GetTypeName())
	b.checkTypeOwned(t)
	if c.Objtype == parser.ObjectType_OBJECT_DOMAIN && t.Kind != 'd' {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a domain", b.typeName(t))
	}
	return t.OID, 0
}

func (b *binder) commentDomainConstraint(c *parser.CommentStmt) (types.OID, int16) {
	items := c.Object.GetList().GetItems()
	t, _ := b.typeNameType(items[0].GetTypeName())
	name := items[1].GetString_().GetSval()
	if t.Kind != 'd' {
		failAt(-1, pgerr.WrongObjectType, "%s is not a domain", b.typeName(t))
	}
	b.domainConstraint(t, name)
	b.ownType(t)
	for _, k := range t.Domain.Checks {
		if k.Name == name {
			return k.OID, 0
		}
	}
	return 0, 0
}

func (b *binder) commentConstraint(c *parser.CommentStmt) (types.OID, int16) {
	_, name, missing := b.tableObject(c.Object)
	if missing != nil {
		fail(missing)
	}
	parts := nameParts(c.Object.GetList().GetItems())
	schema, table := qualified(parts[:len(parts)-1])
	rel := b.namedRelation(schema, table)
	for _, k := range rel.DeclaredConstraints() {
		if k.Name == name {
			return k.OID, 0
		}
	}
	failAt(-1, pgerr.UndefinedObject, "constraint \"%s\" for table \"%s\" does not exist", name, rel.Name)
	return 0, 0
}

func (b *binder) commentRelation(c *parser.CommentStmt) (types.OID, int16) {
	schema, name := qualified(nameParts(c.Object.GetList().GetItems()))
	rel := b.namedRelation(schema, name)
	if kind := dropKinds[c.Objtype].kind; rel.Kind != kind {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not %s", name, dropKinds[c.Objtype].noun)
	}
	return rel.OID, 0
}

func (b *binder) commentIndex(c *parser.CommentStmt) (types.OID, int16) {
	schema, name := qualified(nameParts(c.Object.GetList().GetItems()))
	rel, ix := b.findIndex(schema, name)
	switch {
	case ix == nil && b.findRelation(schema, name) != nil:
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not an index", name)
	case ix == nil:
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
	}
	b.mustOwn(rel.Owner, "index", name)
	return ix.OID, 0
}

func (b *binder) commentSchema(c *parser.CommentStmt) (types.OID, int16) {
	name := c.Object.GetString_().GetSval()
	s := b.env.Catalog.SchemaByName(name)
	if s == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
	}
	if s.OID != catalog.PublicOID && s.OID < catalog.FirstUserOID {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for schema %s", name)
	}
	b.mustOwn(s.Owner, "schema", name)
	return s.OID, 0
}

func (b *binder) commentDatabase(c *parser.CommentStmt) (types.OID, int16) {
	if c.Object.GetString_().GetSval() != b.env.Database {
		unsupported(-1, "COMMENT ON another database")
	}
	d := b.env.Catalog.Database()
	b.mustOwn(d.Owner, "database", d.Name)
	return d.OID, 0
}

func (b *binder) commentOperator(c *parser.CommentStmt) (types.OID, int16) {
	o, _ := b.namedOperator(c.Object.GetObjectWithArgs(), false)
	if b.routines().Operator(o.OID) == nil {
		unsupported(-1, "COMMENT ON a built-in operator")
	}
	b.ownObject(catalog.ClassOperator, o.OID, "operator", o.Name)
	return o.OID, 0
}

func (b *binder) commentRoutine(c *parser.CommentStmt) (types.OID, int16) {
	f, _ := b.namedRoutine(c.Objtype, c.Object.GetObjectWithArgs(), false)
	b.ownRoutine(f)
	return f.OID, 0
}

func (b *binder) namedRelation(schema, name string) *catalog.Relation {
	rel := b.findRelation(schema, name)
	if rel == nil {
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", name)
	}
	b.checkOwned(rel)
	return rel
}

// commentColumn reads [schema.]table.column, where the column may be a nested
// path.
func (b *binder) commentColumn(c *parser.CommentStmt) (types.OID, int16) {
	parts := nameParts(c.Object.GetList().GetItems())
	for n := 1; n < min(len(parts), 3); n++ {
		schema, name := qualified(parts[:n])
		rel := b.findRelation(schema, name)
		if rel == nil {
			continue
		}
		b.checkOwned(rel)
		want := dotted(parts[n:])
		col := findWritable(rel, want)
		if col == nil {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", want, rel.Name)
		}
		return rel.OID, col.Num
	}
	if len(parts) < 2 {
		failAt(-1, pgerr.SyntaxError, "column name must be qualified")
	}
	failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", dotted(parts[:len(parts)-1]))
	return 0, 0
}
