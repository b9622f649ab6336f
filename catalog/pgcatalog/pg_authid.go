package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAuthid, pgGroup, pgAuthMembers, pgRoles, pgShadow, pgUser) }

// roleRow is a role, and who asks.
type roleRow struct {
	*catalog.Role
	v View
}

// pgAuthid shows a password's verifier: only superusers may read it, and pg_shadow.
var pgAuthid = virtual.Rel[roleRow]{
	Of:   "pg_authid",
	Size: virtual.Size{Fixed: 16},
	Rows: func(v View, yield func(roleRow)) {
		for _, r := range v.Catalog().Roles() {
			yield(roleRow{r, v})
		}
	},
	Columns: virtual.Columns[roleRow]{
		"oid":            func(r roleRow) any { return r.OID },
		"rolname":        func(r roleRow) any { return r.Name },
		"rolsuper":       func(r roleRow) any { return r.Superuser },
		"rolinherit":     func(r roleRow) any { return r.Inherit },
		"rolcreaterole":  func(r roleRow) any { return r.CreateRole },
		"rolcreatedb":    func(r roleRow) any { return r.CreateDB },
		"rolcanlogin":    func(r roleRow) any { return r.Login },
		"rolreplication": func(r roleRow) any { return r.Replication || r.OID == catalog.BootstrapSuperuser },
		"rolbypassrls":   func(r roleRow) any { return r.BypassRLS || r.OID == catalog.BootstrapSuperuser },
		"rolconnlimit":   func(r roleRow) any { return r.ConnLimit },
		"rolpassword":    func(r roleRow) any { return orNull(r.Password) },
		"rolvaliduntil":  validUntil,
	},
}

// validUntil is when a role's password expires.
func validUntil(r roleRow) any {
	if r.ValidUntil == "" {
		return nil
	}
	v, err := types.ByOID(types.TimestamptzOID).In(nil, r.ValidUntil, -1)
	if err != nil {
		return nil
	}
	return v
}

var pgRoles = virtual.Rel[roleRow]{
	Of:   "pg_roles",
	Size: virtual.Size{Fixed: 16},
	Rows: pgAuthid.Rows,
	Columns: virtual.Columns[roleRow]{
		"oid":            pgAuthid.Columns["oid"],
		"rolname":        pgAuthid.Columns["rolname"],
		"rolsuper":       pgAuthid.Columns["rolsuper"],
		"rolinherit":     pgAuthid.Columns["rolinherit"],
		"rolcreaterole":  pgAuthid.Columns["rolcreaterole"],
		"rolcreatedb":    pgAuthid.Columns["rolcreatedb"],
		"rolcanlogin":    pgAuthid.Columns["rolcanlogin"],
		"rolreplication": pgAuthid.Columns["rolreplication"],
		"rolbypassrls":   pgAuthid.Columns["rolbypassrls"],
		"rolconnlimit":   pgAuthid.Columns["rolconnlimit"],
		"rolpassword":    is[roleRow]("********"),
		"rolconfig":      func(r roleRow) any { return roleConfig(r.v, r.OID) },
		"rolvaliduntil":  validUntil,
	},
}

// userColumns are those that pg_shadow and pg_user share.
func userColumns(password func(roleRow) any) virtual.Columns[roleRow] {
	return virtual.Columns[roleRow]{
		"usename":      pgAuthid.Columns["rolname"],
		"usesysid":     pgAuthid.Columns["oid"],
		"usecreatedb":  pgAuthid.Columns["rolcreatedb"],
		"usesuper":     pgAuthid.Columns["rolsuper"],
		"userepl":      pgAuthid.Columns["rolreplication"],
		"usebypassrls": pgAuthid.Columns["rolbypassrls"],
		"passwd":       password,
		"valuntil":     validUntil,
		"useconfig":    func(r roleRow) any { return roleConfig(r.v, r.OID) },
	}
}

func roles(login bool) func(v View, yield func(roleRow)) {
	return func(v View, yield func(roleRow)) {
		for _, r := range v.Catalog().Roles() {
			if r.Login == login {
				yield(roleRow{r, v})
			}
		}
	}
}

var (
	pgShadow = virtual.Rel[roleRow]{Of: "pg_shadow", Rows: roles(true), Columns: userColumns(pgAuthid.Columns["rolpassword"])}
	pgUser   = virtual.Rel[roleRow]{Of: "pg_user", Rows: roles(true), Columns: userColumns(is[roleRow]("********"))}
)

// pgGroup: roles that can't log in.
var pgGroup = virtual.Rel[group]{
	Of: "pg_group",
	Rows: func(v View, yield func(group)) {
		roles(false)(v, func(r roleRow) { yield(group{v, r.Role}) })
	},
	Columns: virtual.Columns[group]{
		"groname":  func(g group) any { return g.Name },
		"grosysid": func(g group) any { return g.OID },
		"grolist":  func(g group) any { return arrayOf(types.OidOID, g.members()) },
	},
}

// group is a role with its members.
type group struct {
	v View
	*catalog.Role
}

func (g group) members() []types.OID {
	var out []types.OID
	memberships(g.v, func(m membership) {
		if m.Role == g.OID {
			out = append(out, m.member)
		}
	})
	return out
}

// membership is a row of pg_auth_members.
type membership struct {
	catalog.Membership
	member types.OID
}

func memberships(v View, yield func(membership)) {
	for _, r := range v.Catalog().Roles() {
		for _, m := range r.MemberOf {
			yield(membership{m, r.OID})
		}
	}
}

var pgAuthMembers = virtual.Rel[membership]{
	Of:   "pg_auth_members",
	Size: virtual.Size{Fixed: 4},
	Rows: memberships,
	Columns: virtual.Columns[membership]{
		"roleid":       func(m membership) any { return m.Role },
		"member":       func(m membership) any { return m.member },
		"grantor":      func(m membership) any { return m.Grantor },
		"admin_option": func(m membership) any { return m.Admin },
	},
}
