package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// newTypeName is where a type is created: its schema and name. 42710 if there is
// one, but for an array type, which PostgreSQL would rename.
func (b *binder) newTypeName(names []*parser.Node) (schema, name string) {
	schema, name = qualified(nameParts(names))
	schema = b.creationSchema(&parser.RangeVar{Schemaname: schema, Relname: name, Location: -1})
	b.checkTypeFree(schema, name)
	return schema, name
}

func (b *binder) checkTypeFree(schema, name string) {
	if b.reg.ByName(schema, name) != nil {
		failAt(-1, pgerr.DuplicateObject, "type \"%s\" already exists", name)
	}
}

// createEnum is DefineEnum.
func (b *binder) createEnum(c *parser.CreateEnumStmt) plan.Statement {
	def := &catalog.TypeDef{Kind: 'e'}
	def.Schema, def.Name = b.newTypeName(c.TypeName)
	for _, n := range c.Vals {
		label := n.GetString_().GetSval()
		checkLabel(label)
		if slices.Contains(def.Labels, label) {
			fail(pgerr.New(pgerr.UniqueViolation, "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"").
				WithDetail("Key (enumtypid, enumlabel)=(%d, %s) already exists.", 0, label))
		}
		def.Labels = append(def.Labels, label)
	}
	return &plan.CreateType{Def: def}
}

// checkLabel bounds a label: 42602.
func checkLabel(label string) {
	if len(label) > maxIdentifier {
		fail(pgerr.New(pgerr.InvalidName, "invalid enum label \"%s\"", label).
			WithDetail("Labels must be %d bytes or less.", maxIdentifier))
	}
}

// definedType resolves the name of a type that is altered: 42704.
func (b *binder) definedType(names []*parser.Node) *types.Type {
	t, _ := b.typeNameType(&parser.TypeName{Names: names, Typemod: -1, Location: -1})
	return t
}

// checkTypeOwned refuses changes to types that no CREATE TYPE made.
func (b *binder) checkTypeOwned(t *types.Type) {
	if t.OID < types.FirstNormalOID {
		failAt(-1, pgerr.InsufficientPrivilege, "must be owner of type %s", b.typeName(t))
	}
	b.ownType(t)
}

// alterEnum is AlterEnum: ADD VALUE and RENAME VALUE.
func (b *binder) alterEnum(a *parser.AlterEnumStmt) plan.Statement {
	t := b.definedType(a.TypeName)
	b.ownType(t)
	if t.Kind != 'e' {
		failAt(-1, pgerr.WrongObjectType, "%s is not an enum", b.typeName(t))
	}
	checkLabel(a.NewVal)
	has := func(label string) bool {
		return slices.ContainsFunc(t.Labels, func(l types.EnumLabel) bool { return l.Name == label })
	}
	out := &plan.AlterType{Type: t.OID, Tag: "ALTER TYPE"}
	if a.OldVal != "" {
		out.Actions = append(out.Actions, catalog.RenameLabel{From: a.OldVal, To: a.NewVal})
		return out
	}
	add := catalog.AddLabel{Label: a.NewVal, IfNotExists: a.SkipIfNewValExists}
	switch {
	case a.NewValNeighbor == "":
	case a.NewValIsAfter:
		add.After = a.NewValNeighbor
	default:
		add.Before = a.NewValNeighbor
	}
	if has(a.NewVal) && a.SkipIfNewValExists {
		out.Skipped = pgerr.Notice(pgerr.SeverityNotice, pgerr.DuplicateObject, "enum label \"%s\" already exists, skipping", a.NewVal)
		return out
	}
	out.Actions = append(out.Actions, add)
	return out
}

// createComposite is CREATE TYPE AS.
func (b *binder) createComposite(c *parser.CompositeTypeStmt) plan.Statement {
	def := &catalog.TypeDef{Kind: 'c', Name: c.Typevar.Relname}
	def.Schema = b.creationSchema(c.Typevar)
	b.checkTypeFree(def.Schema, def.Name)
	if b.relationTaken(def.Schema, def.Name) {
		failAt(-1, pgerr.DuplicateTable, "relation \"%s\" already exists", def.Name)
	}
	for _, n := range c.Coldeflist {
		a := b.attributeDef(n.GetColumnDef())
		if slices.ContainsFunc(def.Attributes, func(have catalog.ColumnDef) bool { return have.Name == a.Name }) {
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", a.Name)
		}
		def.Attributes = append(def.Attributes, a)
	}
	return &plan.CreateType{Def: def}
}

// attributeDef reads an attribute. Errors about its type have no position
// (BuildDescForRelation has no ParseState).
func (b *binder) attributeDef(d *parser.ColumnDef) catalog.ColumnDef {
	d.TypeName.Location = -1
	out := catalog.ColumnDef{Name: d.Colname}
	out.Type, out.Typmod, out.Collation = b.columnType(d)
	return out
}

// alterComposite is ALTER TYPE … ADD, DROP, ALTER ATTRIBUTE.
func (b *binder) alterComposite(at *parser.AlterTableStmt) plan.Statement {
	t := b.compositeNamed(at.Relation)
	out := &plan.AlterType{Type: t.OID, Tag: "ALTER TYPE"}
	for _, n := range at.Cmds {
		b.attributeAction(out, t, n.GetAlterTableCmd())
	}
	return out
}

// compositeNamed is 42809 for a relation that CREATE TYPE did not make.
func (b *binder) compositeNamed(rv *parser.RangeVar) *types.Type {
	rel := b.definedRelation(rv)
	if rel.Kind != catalog.CompositeType {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a composite type", rel.Name)
	}
	return b.typ(rel.Type)
}

func hasAttribute(t *types.Type, name string) bool {
	return slices.ContainsFunc(t.Columns, func(c types.Column) bool { return c.Name == name })
}

func (b *binder) attributeAction(out *plan.AlterType, t *types.Type, cmd *parser.AlterTableCmd) {
	d, before := cmd.Def.GetColumnDef(), len(out.Actions)
	switch cmd.Subtype {
	case parser.AlterTableType_AT_AddColumn:
		a := b.attributeDef(d)
		if hasAttribute(t, a.Name) {
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" of relation \"%s\" already exists", a.Name, t.Name)
		}
		b.checkNotWithin(t, b.typ(a.Type))
		out.Actions = append(out.Actions, catalog.AddAttribute{Attribute: a})
	case parser.AlterTableType_AT_DropColumn:
		switch {
		case hasAttribute(t, cmd.Name):
			out.Actions = append(out.Actions, catalog.DropAttribute{Name: cmd.Name})
		case cmd.MissingOk:
			out.Skipped = pgerr.Notice(pgerr.SeverityNotice, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist, skipping", cmd.Name, t.Name)
		default:
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", cmd.Name, t.Name)
		}
	case parser.AlterTableType_AT_AlterColumnType:
		if !hasAttribute(t, cmd.Name) {
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", cmd.Name, t.Name)
		}
		d.Colname = cmd.Name
		a := b.attributeDef(d)
		b.checkNotWithin(t, b.typ(a.Type))
		out.Actions = append(out.Actions, catalog.RetypeAttribute{Name: cmd.Name, Type: a.Type, Typmod: a.Typmod, Collation: a.Collation})
	default:
		unsupported(-1, "ALTER TYPE %s", alterWords(cmd.Subtype))
	}
	cascade := cmd.Behavior == parser.DropBehavior_DROP_CASCADE
	out.Cascade = out.Cascade || cascade
	if len(out.Actions) > before {
		b.alterTyped(out, t, cascade)
	}
}

// alterTyped does the last action to the tables of the type, too.
func (b *binder) alterTyped(out *plan.AlterType, t *types.Type, cascade bool) {
	for i, rel := range b.typedTables(t, cascade) {
		if i == len(out.Tables) {
			out.Tables = append(out.Tables, &plan.AlterTable{Relation: rel.OID, Name: rel.Name})
		}
		out.Tables[i].Actions = append(out.Tables[i].Actions, typedAction(rel, out.Actions[len(out.Actions)-1]))
	}
}

// checkNotWithin is CheckAttributeType's rule that a composite type is no part of
// itself: 42P16.
func (b *binder) checkNotWithin(whole, part *types.Type) {
	if part.OID == whole.OID {
		failAt(-1, pgerr.InvalidTableDefinition, "composite type %s cannot be made a member of itself", b.typeName(whole))
	}
	switch {
	case part.Domain != nil:
		b.checkNotWithin(whole, part.Domain.Base)
	case part.Range != nil && part.OID >= types.FirstNormalOID:
		b.checkNotWithin(whole, part.Range.Subtype)
	case part.IsArray() && part.OID >= types.FirstNormalOID:
		b.checkNotWithin(whole, b.typ(part.Elem))
	}
	for _, c := range part.Columns {
		b.checkNotWithin(whole, c.Type)
	}
}

// renameType is RENAME TO, RENAME ATTRIBUTE and RENAME CONSTRAINT of types and
// domains; nil for anything else.
func (b *binder) renameType(r *parser.RenameStmt) plan.Statement {
	switch r.RenameType {
	case parser.ObjectType_OBJECT_TYPE, parser.ObjectType_OBJECT_DOMAIN:
		t := b.alteredType(r.Object.GetList().GetItems(), r.RenameType)
		b.checkTypeFree(t.Namespace, r.Newname)
		return &plan.AlterType{Type: t.OID, Tag: typeTag(r.RenameType), Actions: []catalog.TypeAction{catalog.RenameType{To: r.Newname}}}
	case parser.ObjectType_OBJECT_DOMCONSTRAINT:
		t := b.domainNamed(r.Object.GetList().GetItems())
		b.domainConstraint(t, r.Subname)
		return &plan.AlterType{Type: t.OID, Tag: "ALTER DOMAIN", Actions: []catalog.TypeAction{catalog.RenameDomainCheck{From: r.Subname, To: r.Newname}}}
	case parser.ObjectType_OBJECT_ATTRIBUTE:
		return b.renameAttribute(r)
	}
	return nil
}

// renameAttribute is ALTER TYPE … RENAME ATTRIBUTE; ALTER TABLE … RENAME COLUMN of a
// composite type is the same, with its own tag.
func (b *binder) renameAttribute(r *parser.RenameStmt) plan.Statement {
	t := b.compositeNamed(r.Relation)
	if !hasAttribute(t, r.Subname) {
		failAt(-1, pgerr.UndefinedColumn, "column \"%s\" does not exist", r.Subname)
	}
	tag := "ALTER TYPE"
	if r.RenameType == parser.ObjectType_OBJECT_COLUMN {
		tag = "ALTER TABLE"
	}
	out := &plan.AlterType{Type: t.OID, Tag: tag, Actions: []catalog.TypeAction{catalog.RenameAttribute{From: r.Subname, To: r.Newname}}}
	b.alterTyped(out, t, r.Behavior == parser.DropBehavior_DROP_CASCADE)
	return out
}

func typeTag(o parser.ObjectType) string {
	if o == parser.ObjectType_OBJECT_DOMAIN {
		return "ALTER DOMAIN"
	}
	return "ALTER TYPE"
}

// alteredType is the type that ALTER TYPE or ALTER DOMAIN renames or moves: row
// types of tables go with them, array types with their elements.
func (b *binder) alteredType(names []*parser.Node, kind parser.ObjectType) *types.Type {
	t := b.definedType(names)
	b.checkTypeOwned(t)
	if kind == parser.ObjectType_OBJECT_DOMAIN && t.Kind != 'd' {
		failAt(-1, pgerr.WrongObjectType, "%s is not a domain", b.typeName(t))
	}
	if t.Kind == 'c' {
		if rel := b.env.Catalog.RelationByOID(t.Relation); rel != nil && rel.Kind != catalog.CompositeType {
			fail(pgerr.New(pgerr.WrongObjectType, "%s is a table's row type", b.typeName(t)).WithHint("Use ALTER TABLE instead."))
		}
	}
	if t.IsArray() {
		elem := b.typeName(b.typ(t.Elem))
		fail(pgerr.New(pgerr.WrongObjectType, "cannot alter array type %s", b.typeName(t)).
			WithHint("You can alter type %s, which will alter the array type as well.", elem))
	}
	return t
}

// setTypeSchema is ALTER TYPE and ALTER DOMAIN … SET SCHEMA.
func (b *binder) setTypeSchema(s *parser.AlterObjectSchemaStmt) plan.Statement {
	t := b.alteredType(s.Object.GetList().GetItems(), s.ObjectType)
	if b.env.Catalog.SchemaByName(s.Newschema) == nil {
		failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", s.Newschema)
	}
	out := &plan.AlterType{Type: t.OID, Tag: typeTag(s.ObjectType)}
	if s.Newschema != t.Namespace {
		if b.reg.ByName(s.Newschema, t.Name) != nil {
			failAt(-1, pgerr.DuplicateObject, "type \"%s\" already exists in schema \"%s\"", t.Name, s.Newschema)
		}
		out.Actions = append(out.Actions, catalog.SetTypeSchema{Schema: s.Newschema})
	}
	return out
}

// dropTypes is DROP TYPE and DROP DOMAIN.
func (b *binder) dropTypes(d *parser.DropStmt) plan.Statement {
	out := &plan.Drop{Kind: plan.DropType, Cascade: d.Behavior == parser.DropBehavior_DROP_CASCADE}
	if d.RemoveType == parser.ObjectType_OBJECT_DOMAIN {
		out.Kind = plan.DropDomain
	}
	for _, n := range d.Objects {
		tn := n.GetTypeName()
		t := b.maybeTypeName(tn)
		switch {
		case t != nil:
			b.checkDroppable(t, out.Kind)
			out.Objects = append(out.Objects, plan.DropObject{OID: t.OID, Name: t.Name})
		case d.MissingOk:
			out.Missing = append(out.Missing, b.missingTypeNotice(tn))
		default:
			if parts := nameParts(tn.Names); len(parts) == 2 {
				b.checkSchema(parts[0], -1)
			}
			failAt(-1, pgerr.UndefinedObject, "type \"%s\" does not exist", typeNameText(tn))
		}
	}
	return out
}

// failRequired is 2BP01 for an object that goes with another one.
func failRequired(object, owner string) {
	fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop %s because %s requires it", object, owner).
		WithHint("You can drop %s instead.", owner))
}

// mayDropType is checkTypeOwned, but that the owner of the schema may drop a type too.
func (b *binder) mayDropType(t *types.Type) {
	if t.OID < types.FirstNormalOID || !b.ownsSchema(t.Namespace) {
		b.checkTypeOwned(t)
	}
}

// checkDroppable refuses what goes with something else: 42809, 2BP01.
func (b *binder) checkDroppable(t *types.Type, kind plan.DropKind) {
	b.mayDropType(t)
	if kind == plan.DropDomain && t.Kind != 'd' {
		failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a domain", b.typeName(t))
	}
	needed := func(what, name string) { failRequired("type "+b.typeName(t), what+" "+name) }
	if t.Kind == 'm' {
		needed("type", b.typeName(t.Range.Range))
	}
	if t.IsArray() {
		needed("type", b.typeName(b.typ(t.Elem)))
	}
	if t.Kind != 'c' {
		return
	}
	if rel := b.env.Catalog.RelationByOID(t.Relation); rel != nil && rel.Kind != catalog.CompositeType {
		needed(map[catalog.RelKind]string{catalog.View: "view"}[rel.Kind]+map[bool]string{true: "table"}[rel.IsTable()], rel.Name)
	}
}
