package bind

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
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
	b.superuserOnly(role.Superuser, "create superusers")
	b.superuserOnly(role.Replication, "create replication users")
	b.superuserOnly(role.BypassRLS, "create bypassrls users")
	b.mayAdmin("permission denied to create role")
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
	old := b.alteredRole(a.Role)
	if len(a.Options) == 1 && a.Options[0].GetDefElem().Defname == "rolemembers" { // ALTER GROUP … ADD, DROP USER
		return b.alterGroup(old, a)
	}
	role := *old
	out := &plan.PutRole{Role: &role, Tag: "ALTER ROLE"}
	b.roleOptions(out, a.Options)
	b.mayAlterRole(old, &role, a.Options)
	b.checkOwnRole(old)
	return out
}

// mayAlterRole is AlterRole's check of the current role.
func (b *binder) mayAlterRole(old, role *catalog.Role, options []*parser.Node) {
	own := old.Name == b.env.User && onlyPassword(options)
	given := func(name string) bool {
		return slices.ContainsFunc(options, func(n *parser.Node) bool { return n.GetDefElem().Defname == name })
	}
	switch {
	case old.Superuser || given("superuser"):
		b.superuserOnly(true, "alter superuser roles or change superuser attribute")
	case old.Replication || given("isreplication"):
		b.superuserOnly(true, "alter replication roles or change replication attribute")
	case given("bypassrls"):
		b.superuserOnly(true, "change bypassrls attribute")
	case !own:
		b.mayAdmin("permission denied")
	}
}

// alteredRole is get_rolespec_tuple, and check_rolespec_name of what is reserved.
func (b *binder) alteredRole(r *parser.RoleSpec) *catalog.Role {
	name := b.roleName(r)
	b.checkReserved(r, name, "cannot alter reserved roles")
	return b.definedRole(name)
}

func (b *binder) checkReserved(r *parser.RoleSpec, name, detail string) {
	if r.Roletype == parser.RoleSpecType_ROLESPEC_CSTRING && reservedRole(name) {
		e := pgerr.New(pgerr.ReservedName, "role name \"%s\" is reserved", name)
		if detail != "" {
			e.WithDetail("%s", detail)
		}
		fail(e)
	}
}

func reservedRole(name string) bool { return strings.HasPrefix(name, "pg_") }

// alterGroup is ALTER GROUP: GRANT and REVOKE of the role.
func (b *binder) alterGroup(role *catalog.Role, a *parser.AlterRoleStmt) plan.Statement {
	out := &plan.GrantRoles{Revoke: a.Action < 0, Roles: []catalog.OID{role.OID}, Grantor: b.currentOID(), Tag: "ALTER ROLE"}
	b.mayGrantRole(role)
	for _, m := range a.Options[0].GetDefElem().Arg.GetList().GetItems() {
		member := b.definedRole(b.roleName(m.GetRoleSpec()))
		if !out.Revoke {
			b.checkCircle(out.Roles, member)
		}
		out.Members = append(out.Members, member.OID)
	}
	return out
}

// currentOID is the current role's, or the bootstrap superuser's for a client whose name
// is no role.
func (b *binder) currentOID() catalog.OID {
	if role := catalog.RoleByName(b.env.Catalog, b.env.User); role != nil {
		return role.OID
	}
	return catalog.BootstrapSuperuser
}

func onlyPassword(options []*parser.Node) bool {
	return !slices.ContainsFunc(options, func(n *parser.Node) bool { return n.GetDefElem().Defname != "password" })
}

// checkOwnRole is 0A000 for the role that the server's configuration makes.
func (b *binder) checkOwnRole(r *catalog.Role) {
	if r.OID != catalog.BootstrapSuperuser && r.OID < catalog.FirstUserOID {
		fail(pgerr.New(pgerr.DependentObjectsStillExist, "cannot drop role %s because it is required by the database system", r.Name))
	}
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
			out.EmptyPassword = d.Arg.GetString_() != nil && out.Password == ""
		case "connectionlimit":
			if r.ConnLimit = d.Arg.GetInteger().GetIval(); r.ConnLimit < -1 {
				failAt(-1, pgerr.InvalidParameterValue, "invalid connection limit: %d", r.ConnLimit)
			}
		case "addroleto":
			for _, m := range d.Arg.GetList().GetItems() {
				role := b.definedRole(b.roleName(m.GetRoleSpec()))
				if b.restricted() != nil && role.Superuser {
					failAt(-1, pgerr.InsufficientPrivilege, "must be superuser to alter superusers")
				}
				if role.OID == catalog.RoleDatabaseOwner {
					fail(pgerr.Internal("role \"%s\" cannot have explicit members", role.Name))
				}
				out.AddTo = append(out.AddTo, role.OID)
			}
		case "rolemembers", "adminmembers":
			for _, m := range d.Arg.GetList().GetItems() {
				if b.roleName(m.GetRoleSpec()) == r.Name && b.role(r.Name) == nil {
					failAt(-1, pgerr.InvalidGrantOperation, "role \"%s\" is a member of role \"%s\"", r.Name, r.Name)
				}
				out.Members = append(out.Members, plan.RoleMember{Role: b.definedRole(b.roleName(m.GetRoleSpec())).OID, Admin: d.Defname == "adminmembers"})
			}
		case "validUntil":
			out.Role.ValidUntil = b.validUntil(d.Arg.GetString_().GetSval())
		case "sysid":
			out.Notices = append(out.Notices, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, "SYSID can no longer be specified"))
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
		if n.GetRoleSpec().Roletype != parser.RoleSpecType_ROLESPEC_CSTRING {
			failAt(-1, pgerr.InvalidParameterValue, "cannot use special role specifier in DROP ROLE")
		}
		name := n.GetRoleSpec().Rolename
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

// validUntil is the time when a password expires, "" for infinity.
func (b *binder) validUntil(text string) string {
	t := b.typ(types.TimestamptzOID)
	v, err := t.In(b.env.TypesEnv, text, -1)
	if err != nil {
		fail(err)
	}
	return string(t.Out(types.DefaultEnv(), nil, v))
}

// renameRole is ALTER ROLE … RENAME TO (RenameRole).
func (b *binder) renameRole(r *parser.RenameStmt) plan.Statement {
	old := b.definedRole(r.Subname)
	switch {
	case old.Name == b.env.SessionUser:
		failAt(-1, pgerr.FeatureNotSupported, "session user cannot be renamed")
	case old.Name == b.env.User:
		failAt(-1, pgerr.FeatureNotSupported, "current user cannot be renamed")
	}
	for _, name := range []string{old.Name, r.Newname} {
		if reservedRole(name) {
			fail(pgerr.New(pgerr.ReservedName, "role name \"%s\" is reserved", name).WithDetail("Role names starting with \"pg_\" are reserved."))
		}
	}
	if b.role(r.Newname) != nil {
		failAt(-1, pgerr.DuplicateObject, "role \"%s\" already exists", r.Newname)
	}
	b.superuserOnly(old.Superuser, "rename superusers")
	b.mayAdmin("permission denied to rename role")
	b.checkOwnRole(old)
	role := *old
	role.Name = r.Newname
	return &plan.PutRole{Role: &role, Tag: "ALTER ROLE"}
}

// commentRole is COMMENT ON ROLE, by who may make roles.
func (b *binder) commentRole(c *parser.CommentStmt) plan.Statement {
	role := *b.definedRole(c.Object.GetString_().GetSval())
	b.superuserOnly(role.Superuser, "alter superusers")
	b.mayAdmin("must have CREATEROLE privilege")
	role.Comment = c.Comment
	return &plan.PutRole{Role: &role, Tag: "COMMENT"}
}
