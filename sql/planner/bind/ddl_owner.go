package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// roleName is the role that a RoleSpec means.
func (b *binder) roleName(r *parser.RoleSpec) string {
	switch r.Roletype {
	case parser.RoleSpecType_ROLESPEC_CURRENT_ROLE, parser.RoleSpecType_ROLESPEC_CURRENT_USER:
		return b.env.User
	case parser.RoleSpecType_ROLESPEC_SESSION_USER:
		return b.env.SessionUser
	case parser.RoleSpecType_ROLESPEC_PUBLIC:
		return "public"
	}
	return r.Rolename
}

// role finds a role by its name, or nil.
func (b *binder) role(name string) *catalog.Role { return catalog.RoleByName(b.env.Catalog, name) }

// newOwner is get_rolespec_oid of OWNER TO: 42704.
func (b *binder) newOwner(r *parser.RoleSpec) *catalog.Role {
	return b.definedRole(b.roleName(r))
}

// mayGive is what a role that is no superuser needs to give an object in a schema to
// another one: to own it, to be a member of the other, and that the other may create
// objects there.
func (b *binder) mayGive(owner *catalog.Role, schema string) {
	if b.restricted() == nil {
		return
	}
	b.mayBecome(owner)
	s := b.env.Catalog.SchemaByName(schema)
	if s == nil || owner.Superuser {
		return
	}
	rights, _ := catalog.Access{Owner: s.Owner, ACL: s.ACL}.Rights(b.env.Catalog, owner, catalog.AccessSchema)
	if rights&catalog.ACLCreate == 0 {
		b.deniedSchema(schema)
	}
}

// alterOwner is ALTER … OWNER TO of what is no relation.
func (b *binder) alterOwner(stmt parser.Statement, a *parser.AlterOwnerStmt) plan.Statement {
	owner := b.newOwner(a.Newowner)
	out := &plan.ChangeOwner{Owner: owner.OID, Tag: parser.CommandTag(stmt.Node)}
	schema := ""
	out.Object, schema = b.ownable(a)
	if schema != "" {
		b.mayGive(owner, schema)
		return out
	}
	if b.restricted() != nil {
		b.mayBecome(owner)
		if out.Object.Class == catalog.ClassSchema {
			b.mayCreateSchema()
		}
	}
	return out
}

// ownable is the object that changes hands, which the current role must own, and its
// schema.
func (b *binder) ownable(a *parser.AlterOwnerStmt) (o catalog.Object, schema string) {
	switch t := a.ObjectType; t {
	case parser.ObjectType_OBJECT_TYPE, parser.ObjectType_OBJECT_DOMAIN:
		typ := b.alteredType(a.Object.GetList().GetItems(), t)
		return catalog.Object{Class: catalog.ClassType, OID: typ.OID}, typ.Namespace
	case parser.ObjectType_OBJECT_SCHEMA:
		name := a.Object.GetString_().GetSval()
		s := b.env.Catalog.SchemaByName(name)
		if s == nil {
			failAt(-1, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", name)
		}
		b.mustOwn(s.Owner, "schema", name)
		return catalog.Object{Class: catalog.ClassSchema, OID: s.OID}, ""
	case parser.ObjectType_OBJECT_DATABASE:
		d := b.databaseNamed(a.Object.GetString_().GetSval())
		b.mustOwn(d.Owner, "database", d.Name)
		return catalog.Object{Class: catalog.ClassDatabase, OID: d.OID}, ""
	case parser.ObjectType_OBJECT_LARGEOBJECT:
		return b.ownLarge(a.Object), ""
	case parser.ObjectType_OBJECT_OPCLASS, parser.ObjectType_OBJECT_OPFAMILY:
		return b.existingOpClass(t, a.Object).object()
	case parser.ObjectType_OBJECT_OPERATOR:
		op := b.declaredOperator(a.Object.GetObjectWithArgs())
		b.ownObject(catalog.ClassOperator, op.OID, "operator", op.Name)
		return catalog.Object{Class: catalog.ClassOperator, OID: op.OID}, op.Schema
	case parser.ObjectType_OBJECT_COLLATION:
		c := b.collation(nameParts(a.Object.GetList().GetItems()), -1)
		b.ownObject(catalog.ClassCollation, c.OID, "collation", c.Name)
		return catalog.Object{Class: catalog.ClassCollation, OID: c.OID}, c.Namespace
	default:
		if isRoutine[t] {
			f, _ := b.namedRoutine(t, a.Object.GetObjectWithArgs(), false)
			b.ownRoutine(f)
			return catalog.Object{Class: catalog.ClassProc, OID: f.OID}, f.Schema
		}
		if find := b.absentFinder(t); find != nil {
			if missing, _ := find(a.Object); missing != nil {
				fail(missing)
			}
		}
		unsupported(-1, "OWNER TO of this kind of object")
	}
	return o, ""
}

// ownRoutine is for ALTER of a function.
func (b *binder) ownRoutine(f *catalog.Function) {
	b.ownObject(catalog.ClassProc, f.OID, calledNouns[f.Kind], f.Name)
}

// relationOwner is ALTER TABLE, VIEW, SEQUENCE … OWNER TO (ATExecChangeOwner).
func (b *binder) relationOwner(at *parser.AlterTableStmt) plan.Statement {
	tag := parser.CommandTag(&parser.Node{Node: &parser.Node_AlterTableStmt{AlterTableStmt: at}})
	rel := b.maybeRelation(at.Relation)
	owner := func() *catalog.Role { return b.newOwner(at.Cmds[0].GetAlterTableCmd().Newowner) }
	if rel == nil {
		if _, ix := b.findIndex(at.Relation.Schemaname, at.Relation.Relname); ix == nil {
			if at.MissingOk {
				return &plan.AlterTable{Name: at.Relation.Relname}
			}
			b.definedRelation(at.Relation)
		}
		owner()
		return &plan.Nothing{Tag: tag, Notices: []*pgerr.Error{pgerr.Notice(pgerr.SeverityWarning, pgerr.WrongObjectType,
			"cannot change owner of index \"%s\"", at.Relation.Relname).WithHint("Change the ownership of the index's table, instead.")}}
	}
	b.checkOwned(rel)
	b.checkKind(at.Objtype, rel)
	to := owner()
	b.checkOwnerChange(rel)
	if to.OID != rel.Owner {
		b.mayGive(to, rel.Schema)
	}
	return &plan.ChangeOwner{Object: catalog.Object{Class: catalog.ClassRelation, OID: rel.OID}, Owner: to.OID, Tag: tag}
}

// checkOwnerChange is 0A000 for a sequence that goes with a table.
func (b *binder) checkOwnerChange(rel *catalog.Relation) {
	if rel.Kind != catalog.Sequence || rel.Sequence.Owner == 0 {
		return
	}
	if table := b.env.Catalog.RelationByOID(rel.Sequence.Owner); table != nil {
		fail(pgerr.New(pgerr.FeatureNotSupported, "cannot change owner of sequence \"%s\"", rel.Name).
			WithDetail("Sequence \"%s\" is linked to table \"%s\".", rel.Name, table.Name))
	}
}
