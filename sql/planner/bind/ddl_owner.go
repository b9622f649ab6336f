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
	case parser.RoleSpecType_ROLESPEC_CURRENT_ROLE, parser.RoleSpecType_ROLESPEC_CURRENT_USER, parser.RoleSpecType_ROLESPEC_SESSION_USER:
		return b.env.User
	case parser.RoleSpecType_ROLESPEC_PUBLIC:
		return "public"
	}
	return r.Rolename
}

// role finds a role by its name, or nil.
func (b *binder) role(name string) *catalog.Role {
	for _, r := range b.env.Catalog.Roles() {
		if r.Name == name {
			return r
		}
	}
	return nil
}

// checkOwner is get_rolespec_oid of OWNER TO: 42704. Everything is owned by one role,
// and can be given to that one only.
func (b *binder) checkOwner(r *parser.RoleSpec) {
	name := b.roleName(r)
	switch role := b.role(name); {
	case role == nil:
		failAt(-1, pgerr.UndefinedObject, "role \"%s\" does not exist", name)
	case role.OID != catalog.BootstrapSuperuser:
		unsupported(-1, "OWNER TO another role")
	}
}

// alterOwner is ALTER … OWNER TO of what is no relation: the object must exist, and
// its owner stays.
func (b *binder) alterOwner(stmt parser.Statement, a *parser.AlterOwnerStmt) plan.Statement {
	b.checkOwner(a.Newowner)
	b.ownable(a)
	return &plan.Nothing{Tag: parser.CommandTag(stmt.Node)}
}

func (b *binder) ownable(a *parser.AlterOwnerStmt) {
	switch t := a.ObjectType; t {
	case parser.ObjectType_OBJECT_TYPE, parser.ObjectType_OBJECT_DOMAIN:
		b.alteredType(a.Object.GetList().GetItems(), t)
	case parser.ObjectType_OBJECT_SCHEMA:
		b.checkSchema(a.Object.GetString_().GetSval(), -1)
	case parser.ObjectType_OBJECT_DATABASE:
		if name := a.Object.GetString_().GetSval(); name != b.env.Database {
			unsupported(-1, "ALTER DATABASE of another database")
		}
	case parser.ObjectType_OBJECT_OPERATOR:
		b.declaredOperator(a.Object.GetObjectWithArgs())
	default:
		if isRoutine[t] {
			b.namedRoutine(t, a.Object.GetObjectWithArgs(), false)
			return
		}
		if find := b.absentFinder(t); find != nil {
			if missing, _ := find(a.Object); missing != nil {
				fail(missing)
			}
		}
		unsupported(-1, "OWNER TO of this kind of object")
	}
}

// relationOwner is ALTER TABLE, VIEW, SEQUENCE … OWNER TO.
func (b *binder) relationOwner(at *parser.AlterTableStmt) plan.Statement {
	rel := b.maybeRelation(at.Relation)
	if rel == nil {
		if _, ix := b.findIndex(at.Relation.Schemaname, at.Relation.Relname); ix == nil {
			if at.MissingOk {
				return &plan.AlterTable{Name: at.Relation.Relname}
			}
			b.definedRelation(at.Relation)
		}
	} else {
		b.checkOwned(rel)
		b.checkKind(at.Objtype, rel)
	}
	b.checkOwner(at.Cmds[0].GetAlterTableCmd().Newowner)
	return &plan.Nothing{Tag: parser.CommandTag(&parser.Node{Node: &parser.Node_AlterTableStmt{AlterTableStmt: at}})}
}
