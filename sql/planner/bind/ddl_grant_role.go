package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// grantRole is GRANT and REVOKE of roles.
func (b *binder) grantRole(g *parser.GrantRoleStmt) plan.Statement {
	out := &plan.GrantRoles{Revoke: !g.IsGrant, Grantor: b.currentOID()}
	for _, n := range g.Opt {
		d := n.GetDefElem()
		if d.Defname != "admin" {
			failAt(b.at(d.Location), pgerr.SyntaxError, "syntax error at or near \"%s\"", d.Defname)
		}
		out.Admin = out.Revoke || d.Arg == nil || d.Arg.GetBoolean().GetBoolval()
	}
	if g.Grantor != nil {
		out.Grantor = b.definedRole(b.roleName(g.Grantor)).OID
		b.superuserOnly(out.Grantor != b.currentOID(), "set grantor")
	}
	for _, n := range g.GrantedRoles {
		p := n.GetAccessPriv()
		if len(p.Cols) > 0 || p.PrivName == "" {
			failAt(-1, pgerr.InvalidGrantOperation, "column names cannot be included in GRANT/REVOKE ROLE")
		}
		role := b.definedRole(p.PrivName)
		b.mayGrantRole(role)
		if role.OID == catalog.RoleDatabaseOwner {
			fail(pgerr.Internal("role \"%s\" cannot have explicit members", role.Name))
		}
		out.Roles = append(out.Roles, role.OID)
	}
	for _, n := range g.GranteeRoles {
		out.Members = append(out.Members, b.member(out, n.GetRoleSpec()))
	}
	return out
}

func (b *binder) member(out *plan.GrantRoles, r *parser.RoleSpec) catalog.OID {
	if r.Roletype == parser.RoleSpecType_ROLESPEC_PUBLIC {
		failAt(-1, pgerr.UndefinedObject, "role \"public\" does not exist")
	}
	role := b.definedRole(b.roleName(r))
	if role.OID == catalog.RoleDatabaseOwner && !out.Revoke {
		fail(pgerr.Internal("role \"%s\" cannot be a member of any role", role.Name))
	}
	if !out.Revoke {
		b.checkCircle(out.Roles, role)
	}
	return role.OID
}

// mayGrantRole needs the admin option, or CREATEROLE.
func (b *binder) mayGrantRole(role *catalog.Role) {
	r := b.restricted()
	switch {
	case r == nil:
	case role.Superuser:
		failAt(-1, pgerr.InsufficientPrivilege, "must be superuser to alter superusers")
	case !r.CreateRole && !catalog.IsAdminOf(b.env.Catalog, r, role.OID):
		failAt(-1, pgerr.InsufficientPrivilege, "must have admin option on role \"%s\"", role.Name)
	}
}

// checkCircle is 0LP01 for a role that would be a member of itself.
func (b *binder) checkCircle(roles []catalog.OID, member *catalog.Role) {
	for _, oid := range roles {
		role := catalog.RoleByOID(b.env.Catalog, oid)
		if slices.Contains(catalog.RolesOf(b.env.Catalog, role, false), member.OID) {
			failAt(-1, pgerr.InvalidGrantOperation, "role \"%s\" is a member of role \"%s\"", role.Name, member.Name)
		}
	}
}

// mayBecome is check_is_member_of_role: 42501 for another role that the current one is
// no member of.
func (b *binder) mayBecome(role *catalog.Role) {
	if r := b.restricted(); r != nil && !catalog.IsMemberOf(b.env.Catalog, r, role.OID) {
		failAt(-1, pgerr.InsufficientPrivilege, "must be member of role \"%s\"", role.Name)
	}
}

// owned is DROP OWNED BY.
func (b *binder) dropOwned(d *parser.DropOwnedStmt) plan.Statement {
	return &plan.OwnedBy{Roles: b.havingRoles(d.Roles, "drop objects"), Cascade: d.Behavior == parser.DropBehavior_DROP_CASCADE}
}

// reassignOwned is REASSIGN OWNED BY.
func (b *binder) reassignOwned(r *parser.ReassignOwnedStmt) plan.Statement {
	out := &plan.OwnedBy{Roles: b.havingRoles(r.Roles, "reassign objects")}
	to := b.definedRole(b.roleName(r.Newrole))
	if role := b.restricted(); role != nil && !catalog.HasPrivsOf(b.env.Catalog, role, to.OID) {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied to reassign objects")
	}
	out.To = to.OID
	return out
}

// havingRoles are roles whose privileges the current one must have.
func (b *binder) havingRoles(ns []*parser.Node, what string) []catalog.OID {
	var out []catalog.OID
	for _, n := range ns {
		role := b.definedRole(b.roleName(n.GetRoleSpec()))
		if r := b.restricted(); r != nil && !catalog.HasPrivsOf(b.env.Catalog, r, role.OID) {
			failAt(-1, pgerr.InsufficientPrivilege, "permission denied to %s", what)
		}
		out = append(out, role.OID)
	}
	return out
}

// roleConfig is ALTER ROLE … SET.
func (b *binder) roleConfig(a *parser.AlterRoleSetStmt) plan.Statement {
	out := &plan.RoleConfig{Tag: "ALTER ROLE"}
	if a.Role != nil {
		role := b.alteredRole(a.Role)
		own := role.OID == b.currentOID()
		b.superuserOnly(role.Superuser, "alter superusers")
		if !own {
			b.mayAdmin("permission denied")
		}
		out.Role = role.OID
	}
	if a.Database != "" {
		out.Database = b.databaseNamed(a.Database).OID
	}
	if a.Role == nil {
		b.superuserOnly(true, "alter settings globally")
	}
	b.configOf(out, a.Setstmt)
	return out
}

// databaseConfig is ALTER DATABASE … SET.
func (b *binder) databaseConfig(a *parser.AlterDatabaseSetStmt) plan.Statement {
	d := b.databaseNamed(a.Dbname)
	b.mustOwn(d.Owner, "database", d.Name)
	out := &plan.RoleConfig{Database: d.OID, Tag: "ALTER DATABASE"}
	b.configOf(out, a.Setstmt)
	return out
}

func (b *binder) databaseNamed(name string) *catalog.Database {
	for _, d := range b.env.Catalog.Databases() {
		if d.Name == name {
			return d
		}
	}
	failAt(-1, pgerr.InvalidCatalogName, "database \"%s\" does not exist", name)
	return nil
}

func (b *binder) configOf(out *plan.RoleConfig, v *parser.VariableSetStmt) {
	switch v.Kind {
	case parser.VariableSetKind_VAR_RESET_ALL:
		return
	case parser.VariableSetKind_VAR_SET_VALUE:
		text := SettingText(v)
		out.Value = &text
	case parser.VariableSetKind_VAR_SET_CURRENT:
		text, _ := b.env.Settings(v.Name)
		out.Value = &text
	}
	out.Name = v.Name
}
