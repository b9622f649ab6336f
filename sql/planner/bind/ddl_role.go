package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// definedRole finds a role: 42704.
func (b *binder) definedRole(name string) *catalog.Role {
	role := catalog.RoleByName(b.env.Catalog, name)
	if role == nil {
		failAt(-1, pgerr.UndefinedObject, "role \"%s\" does not exist", name)
	}
	return role
}

// mayAdmin is 42501 for one who can't make roles.
func (b *binder) mayAdmin(what string) {
	if role := b.restricted(); role != nil && !role.CreateRole {
		failAt(-1, pgerr.InsufficientPrivilege, "%s", what)
	}
}

// createRole is CREATE ROLE, USER and GROUP.
func (b *binder) createRole(c *parser.CreateRoleStmt) plan.Statement {
	role := &catalog.Role{Name: c.Role, Inherit: true, ConnLimit: -1, Login: c.StmtType == parser.RoleStmtType_ROLESTMT_USER}
	out := &plan.PutRole{Role: role, Tag: "CREATE ROLE"}
	b.roleOptions(out, c.Options)
	b.mayAdmin("permission denied to create role")
	b.superuserOnly(role.Superuser || role.Replication || role.BypassRLS, "create superusers")
	switch {
	case c.Role == "public" || c.Role == "none":
		failAt(-1, pgerr.ReservedName, "role name \"%s\" is reserved", c.Role)
	case len(c.Role) > 3 && c.Role[:3] == "pg_":
		fail(pgerr.New(pgerr.ReservedName, "role name \"%s\" is reserved", c.Role).WithDetail("Role names starting with \"pg_\" are reserved."))
	case catalog.RoleByName(b.env.Catalog, c.Role) != nil:
		failAt(-1, pgerr.DuplicateObject, "role \"%s\" already exists", c.Role)
	}
	return out
}

func (b *binder) superuserOnly(needed bool, what string) {
	if needed && b.restricted() != nil {
		failAt(-1, pgerr.InsufficientPrivilege, "must be superuser to %s", what)
	}
}

// alterRole is ALTER ROLE with options.
func (b *binder) alterRole(a *parser.AlterRoleStmt) plan.Statement {
	if a.Action < 0 {
		unsupported(-1, "ALTER GROUP")
	}
	old := b.definedRole(b.roleName(a.Role))
	b.checkOwnRole(old)
	role := *old
	out := &plan.PutRole{Role: &role, Tag: "ALTER ROLE"}
	own := b.restricted() != nil && old.Name == b.env.User && onlyPassword(a.Options)
	b.roleOptions(out, a.Options)
	if !own {
		b.mayAdmin("permission denied")
	}
	b.superuserOnly(old.Superuser || role.Superuser || role.Replication != old.Replication || role.BypassRLS != old.BypassRLS, "alter superuser roles or change superuser attribute")
	return out
}

func onlyPassword(options []*parser.Node) bool {
	return !slices.ContainsFunc(options, func(n *parser.Node) bool { return n.GetDefElem().Defname != "password" })
}

// checkOwnRole is 0A000 for the role that the server's configuration makes.
func (b *binder) checkOwnRole(r *catalog.Role) {
	if r.OID == catalog.BootstrapSuperuser {
		unsupported(-1, "changing the role that the server was started with")
	}
}

// roleOptions reads the options of CREATE and ALTER ROLE.
func (b *binder) roleOptions(out *plan.PutRole, options []*parser.Node) {
	r := out.Role
	flags := map[string]*bool{
		"superuser": &r.Superuser, "inherit": &r.Inherit, "createrole": &r.CreateRole, "createdb": &r.CreateDB,
		"canlogin": &r.Login, "isreplication": &r.Replication, "bypassrls": &r.BypassRLS,
	}
	seen := map[string]bool{}
	for _, n := range options {
		d := n.GetDefElem()
		if seen[d.Defname] {
			failAt(b.at(d.Location), pgerr.SyntaxError, "conflicting or redundant options")
		}
		seen[d.Defname] = true
		if flag := flags[d.Defname]; flag != nil {
			*flag = d.Arg.GetBoolean().GetBoolval()
			continue
		}
		switch d.Defname {
		case "password":
			out.SetPassword, out.Password = true, d.Arg.GetString_().GetSval()
		case "connectionlimit":
			if r.ConnLimit = d.Arg.GetInteger().GetIval(); r.ConnLimit < -1 {
				failAt(-1, pgerr.InvalidParameterValue, "invalid connection limit: %d", r.ConnLimit)
			}
		case "addroleto":
			for _, m := range d.Arg.GetList().GetItems() {
				out.AddTo = append(out.AddTo, b.definedRole(b.roleName(m.GetRoleSpec())).OID)
			}
		case "rolemembers", "adminmembers":
			for _, m := range d.Arg.GetList().GetItems() {
				out.Members = append(out.Members, plan.RoleMember{Role: b.definedRole(b.roleName(m.GetRoleSpec())).OID, Admin: d.Defname == "adminmembers"})
			}
		case "sysid":
		default:
			unsupported(b.at(d.Location), "role option %s", d.Defname)
		}
	}
}

// dropRole is DROP ROLE, USER and GROUP.
func (b *binder) dropRole(d *parser.DropRoleStmt) plan.Statement {
	b.mayAdmin("permission denied to drop role")
	out := &plan.DropRoles{}
	for _, n := range d.Roles {
		name := b.roleName(n.GetRoleSpec())
		role := catalog.RoleByName(b.env.Catalog, name)
		switch {
		case role == nil && d.MissingOk:
			out.Missing = append(out.Missing, name)
			continue
		case role == nil:
			b.definedRole(name)
		case name == b.env.User:
			failAt(-1, pgerr.ObjectInUse, "current user cannot be dropped")
		case name == b.env.SessionUser:
			failAt(-1, pgerr.ObjectInUse, "session user cannot be dropped")
		}
		b.checkOwnRole(role)
		b.superuserOnly(role.Superuser, "drop superusers")
		out.Roles = append(out.Roles, role.OID)
	}
	return out
}

// grantRole is GRANT and REVOKE of roles.
func (b *binder) grantRole(g *parser.GrantRoleStmt) plan.Statement {
	out := &plan.GrantRoles{Revoke: !g.IsGrant}
	for _, n := range g.Opt {
		if d := n.GetDefElem(); d.Defname == "admin" {
			out.Admin = d.Arg == nil || d.Arg.GetBoolean().GetBoolval()
		} else {
			unsupported(b.at(d.Location), "GRANT role WITH %s", d.Defname)
		}
	}
	if g.Grantor != nil {
		unsupported(-1, "GRANTED BY")
	}
	for _, n := range g.GrantedRoles {
		role := b.definedRole(n.GetAccessPriv().PrivName)
		b.mayGrantRole(role)
		out.Roles = append(out.Roles, role.OID)
	}
	for _, n := range g.GranteeRoles {
		if n.GetRoleSpec().Roletype == parser.RoleSpecType_ROLESPEC_PUBLIC {
			failAt(-1, pgerr.UndefinedObject, "role \"public\" does not exist")
		}
		role := b.definedRole(b.roleName(n.GetRoleSpec()))
		b.checkOwnRole(role)
		b.checkCircle(out.Roles, role)
		out.Members = append(out.Members, role.OID)
	}
	return out
}

// mayGrantRole needs the admin option, or CREATEROLE.
func (b *binder) mayGrantRole(role *catalog.Role) {
	r := b.restricted()
	if r == nil || r.CreateRole && !role.Superuser {
		return
	}
	if role.Superuser {
		failAt(-1, pgerr.InsufficientPrivilege, "must be superuser to alter superusers")
	}
	if !slices.ContainsFunc(r.MemberOf, func(m catalog.Membership) bool { return m.Role == role.OID && m.Admin }) {
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

// grant is GRANT and REVOKE of privileges on tables, views and sequences.
func (b *binder) grant(g *parser.GrantStmt) plan.Statement {
	out := &plan.Grant{Tag: "GRANT", Grant: catalog.Grant{Revoke: !g.IsGrant, Option: g.GrantOption}}
	if out.Revoke {
		out.Tag = "REVOKE"
	}
	if g.Grantor != nil {
		unsupported(-1, "GRANTED BY")
	}
	for _, n := range g.Grantees {
		out.Grantees = append(out.Grantees, b.grantee(n.GetRoleSpec(), out.Option && !out.Revoke))
	}
	for _, rel := range b.grantedRelations(g) {
		b.grantOn(out, g, rel)
	}
	return out
}

func (b *binder) grantee(r *parser.RoleSpec, option bool) catalog.OID {
	if r.Roletype != parser.RoleSpecType_ROLESPEC_PUBLIC {
		return b.definedRole(b.roleName(r)).OID
	}
	if option {
		failAt(-1, pgerr.InvalidGrantOperation, "grant options can only be granted to roles")
	}
	return catalog.PublicRole
}

// grantedRelations are the relations that GRANT names.
func (b *binder) grantedRelations(g *parser.GrantStmt) []*catalog.Relation {
	sequences := g.Objtype == parser.ObjectType_OBJECT_SEQUENCE
	if !sequences && g.Objtype != parser.ObjectType_OBJECT_TABLE {
		unsupported(-1, "GRANT on this kind of object")
	}
	var out []*catalog.Relation
	switch g.Targtype {
	case parser.GrantTargetType_ACL_TARGET_OBJECT:
		for _, n := range g.Objects {
			rel := b.definedRelation(n.GetRangeVar())
			if sequences && rel.Kind != catalog.Sequence {
				failAt(-1, pgerr.WrongObjectType, "\"%s\" is not a sequence", rel.Name)
			}
			if rel.Virtual {
				unsupported(-1, "GRANT on a system catalog")
			}
			out = append(out, rel)
		}
	case parser.GrantTargetType_ACL_TARGET_ALL_IN_SCHEMA:
		for _, n := range g.Objects {
			schema := n.GetString_().GetSval()
			b.checkSchema(schema, -1)
			for _, rel := range b.env.Catalog.Relations() {
				if rel.Schema == schema && !rel.Virtual && (rel.Kind == catalog.Sequence) == sequences && rel.Kind != catalog.CompositeType {
					out = append(out, rel)
				}
			}
		}
	default:
		unsupported(-1, "ALTER DEFAULT PRIVILEGES")
	}
	return out
}

// grantOn adds one relation: its owner and who has the grant options may give
// privileges away.
func (b *binder) grantOn(out *plan.Grant, g *parser.GrantStmt, rel *catalog.Relation) {
	all := catalog.RelationPrivileges(rel.Kind)
	rights := catalog.Privilege(0)
	for _, n := range g.Privileges {
		rights |= b.privilege(n.GetAccessPriv(), rel, all)
	}
	if len(g.Privileges) == 0 {
		rights = all
	}
	if role := b.restricted(); role != nil && !b.mayGrant(out, role, rel, rights) {
		return
	}
	out.Relations = append(out.Relations, plan.GrantOn{Relation: rel.OID, Rights: rights})
}

// mayGrant is restrict_and_check_grant for a role that is no superuser: without a
// grant option nothing is done, with a warning if it has some privilege itself.
func (b *binder) mayGrant(out *plan.Grant, role *catalog.Role, rel *catalog.Relation, rights catalog.Privilege) bool {
	have, grantable := catalog.Rights(b.env.Catalog, role, rel)
	if have == 0 {
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for %s %s", relationNoun(rel), rel.Name)
	}
	if grantable&rights != 0 {
		unsupported(-1, "GRANT by a role that does not own the relation")
	}
	warning := pgerr.Notice(pgerr.SeverityWarning, pgerr.WarningPrivilegeNotGranted, "no privileges were granted for \"%s\"", rel.Name)
	if out.Revoke {
		warning = pgerr.Notice(pgerr.SeverityWarning, pgerr.WarningPrivilegeNotRevoked, "no privileges could be revoked for \"%s\"", rel.Name)
	}
	out.Warnings = append(out.Warnings, warning)
	return false
}

func (b *binder) privilege(p *parser.AccessPriv, rel *catalog.Relation, all catalog.Privilege) catalog.Privilege {
	if len(p.Cols) > 0 {
		unsupported(-1, "privileges of columns")
	}
	word := strings.ToUpper(p.PrivName)
	right := catalog.PrivilegeOf(word)
	switch {
	case right == 0 && !otherPrivileges[word]:
		failAt(-1, pgerr.SyntaxError, "unrecognized privilege type \"%s\"", p.PrivName)
	case right&all == 0:
		noun := "relation"
		if rel.Kind == catalog.Sequence {
			noun = "sequence"
		}
		failAt(-1, pgerr.InvalidGrantOperation, "invalid privilege type %s for %s", word, noun)
	}
	return right
}

// otherPrivileges are those of other kinds of object.
var otherPrivileges = map[string]bool{"CREATE": true, "CONNECT": true, "TEMPORARY": true, "TEMP": true, "EXECUTE": true, "SET": true, "ALTER SYSTEM": true}
