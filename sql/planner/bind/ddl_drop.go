package bind

import (
	"cmp"
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// dropKind is a droppable kind of relation (dropmsgstringarray).
type dropKind struct {
	kind catalog.RelKind
	as   plan.DropKind
	noun string
	hint string
	code pgerr.Code
}

var dropKinds = map[parser.ObjectType]dropKind{
	parser.ObjectType_OBJECT_TABLE: {catalog.Table, plan.DropTable, "a table", "Use DROP TABLE to remove a table.", pgerr.UndefinedTable},
	parser.ObjectType_OBJECT_MATVIEW: {catalog.MaterializedView, plan.DropMaterializedView, "a materialized view",
		"Use DROP MATERIALIZED VIEW to remove a materialized view.", pgerr.UndefinedTable},
	parser.ObjectType_OBJECT_VIEW:     {catalog.View, plan.DropView, "a view", "Use DROP VIEW to remove a view.", pgerr.UndefinedTable},
	parser.ObjectType_OBJECT_INDEX:    {catalog.IndexRel, plan.DropIndex, "an index", "Use DROP INDEX to remove an index.", pgerr.UndefinedObject},
	parser.ObjectType_OBJECT_SEQUENCE: {catalog.Sequence, plan.DropSequence, "a sequence", "Use DROP SEQUENCE to remove a sequence.", pgerr.UndefinedTable},
}

func (b *binder) drop(d *parser.DropStmt) plan.Statement {
	if d.RemoveType == parser.ObjectType_OBJECT_SCHEMA {
		return b.dropSchemas(d)
	}
	if d.RemoveType == parser.ObjectType_OBJECT_TYPE || d.RemoveType == parser.ObjectType_OBJECT_DOMAIN {
		return b.dropTypes(d)
	}
	if d.RemoveType == parser.ObjectType_OBJECT_TRIGGER {
		return b.dropTrigger(d)
	}
	if routineDrops[d.RemoveType] != nil {
		return b.dropRoutines(d)
	}
	if d.RemoveType == parser.ObjectType_OBJECT_RULE {
		return b.dropRule(d)
	}
	if d.RemoveType == parser.ObjectType_OBJECT_POLICY {
		return b.dropPolicy(d)
	}
	if d.RemoveType == parser.ObjectType_OBJECT_EXTENSION {
		return b.dropExtensions(d)
	}
	if s := b.dropAbsent(d); s != nil {
		return s
	}
	k, ok := dropKinds[d.RemoveType]
	if !ok {
		unsupported(-1, "DROP of this kind of object")
	}
	noun := k.noun[indexAfterSpace(k.noun):]
	out := &plan.Drop{Kind: k.as, Cascade: d.Behavior == parser.DropBehavior_DROP_CASCADE}
	for _, n := range d.Objects {
		parts := nameParts(n.GetList().GetItems())
		schema, name := qualified(parts)
		schema = b.schemaName(schema)
		if schema != "" && b.env.Catalog.SchemaByName(schema) == nil && !d.MissingOk {
			failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
		}
		oid := b.droppable(k, schema, name)
		switch {
		case oid != 0:
			out.Objects = append(out.Objects, plan.DropObject{OID: oid, Name: name})
		case d.MissingOk:
			out.Missing = append(out.Missing, cmp.Or(b.missingSchemaNotice(parts), noun+" \""+name+"\" does not exist, skipping"))
		default:
			failAt(-1, k.code, "%s \"%s\" does not exist", noun, name)
		}
	}
	return out
}

func indexAfterSpace(s string) int {
	for i := range s {
		if s[i] == ' ' {
			return i + 1
		}
	}
	return 0
}

func qualified(parts []string) (schema, name string) {
	if len(parts) > 1 {
		schema = parts[len(parts)-2]
	}
	return schema, parts[len(parts)-1]
}

// droppable finds an object of that kind: 0 if there is none, 42809 if the name
// is something else's.
func (b *binder) droppable(k dropKind, schema, name string) types.OID {
	rel := b.findRelation(schema, name)
	owner, ix := b.findIndex(schema, name)
	switch {
	case rel != nil && (rel.Kind == k.kind || k.kind == catalog.Table && rel.IsTable()) && k.kind != catalog.IndexRel:
		b.checkUser(rel)
		b.requireDrop(rel)
		return rel.OID
	case rel != nil:
		b.wrongKind(k, rel.Kind, name)
	case ix != nil && k.kind == catalog.IndexRel:
		if b.restricted() != nil && !b.ownsSchema(owner.Schema) {
			b.mustOwn(owner.Owner, "index", name)
		}
		b.checkIndexFree(owner, ix)
		return ix.OID
	case ix != nil:
		b.wrongKind(k, catalog.IndexRel, name)
	}
	return 0
}

func (b *binder) wrongKind(k dropKind, have catalog.RelKind, name string) {
	e := pgerr.New(pgerr.WrongObjectType, "\"%s\" is not %s", name, k.noun)
	for _, other := range dropKinds {
		if other.kind == have || other.kind == catalog.Table && have == catalog.PartitionedTable {
			e.WithHint("%s", other.hint)
		}
	}
	fail(e)
}

// checkIndexFree refuses to drop an index that a constraint needs (2BP01).
func (b *binder) checkIndexFree(rel *catalog.Relation, ix *catalog.Index) {
	b.checkIndexOfPartition(rel, ix)
	for _, c := range rel.Constraints {
		if c.Index == ix.OID {
			failRequired("index "+ShownIndex(b.env.Catalog, b.searchPath(), rel, ix.Name, ix.OID), "constraint "+c.Name+" on "+b.tableText(rel))
		}
	}
}

func (b *binder) dropSchemas(d *parser.DropStmt) plan.Statement {
	out := &plan.Drop{Kind: plan.DropSchema, Cascade: d.Behavior == parser.DropBehavior_DROP_CASCADE}
	for _, n := range d.Objects {
		name := n.GetString_().GetSval()
		s := b.env.Catalog.SchemaByName(name)
		switch {
		case s != nil:
			b.ownSchema(name)
			out.Objects = append(out.Objects, plan.DropObject{OID: s.OID, Name: name})
		case d.MissingOk:
			out.Missing = append(out.Missing, "schema \""+name+"\" does not exist, skipping")
		default:
			failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
		}
	}
	return out
}
