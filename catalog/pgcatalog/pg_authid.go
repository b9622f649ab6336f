package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAuthid, pgGroup, pgAuthMembers, pgRoles, pgShadow, pgUser) }

// pgAuthid never shows a password; nor do the views over the same rows.
var pgAuthid = virtual.Rel[*catalog.Role]{
	Of: "pg_authid",
	Rows: func(v View, yield func(*catalog.Role)) {
		for _, r := range v.Catalog().Roles() {
			yield(r)
		}
	},
	Columns: virtual.Columns[*catalog.Role]{
		"oid":            func(r *catalog.Role) any { return r.OID },
		"rolname":        func(r *catalog.Role) any { return r.Name },
		"rolsuper":       func(r *catalog.Role) any { return r.Superuser },
		"rolinherit":     func(r *catalog.Role) any { return r.Inherit },
		"rolcreaterole":  func(r *catalog.Role) any { return r.CreateRole },
		"rolcreatedb":    func(r *catalog.Role) any { return r.CreateDB },
		"rolcanlogin":    func(r *catalog.Role) any { return r.Login },
		"rolreplication": func(r *catalog.Role) any { return r.Replication || r.OID == catalog.BootstrapSuperuser },
		"rolbypassrls":   func(r *catalog.Role) any { return r.BypassRLS || r.OID == catalog.BootstrapSuperuser },
		"rolconnlimit":   func(r *catalog.Role) any { return r.ConnLimit },
	},
}

var pgRoles = virtual.Rel[*catalog.Role]{
	Of:   "pg_roles",
	Rows: pgAuthid.Rows,
	Columns: virtual.Columns[*catalog.Role]{
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
		"rolpassword":    is[*catalog.Role]("********"),
	},
}

// userColumns are those that pg_shadow and pg_user share.
func userColumns(password any) virtual.Columns[*catalog.Role] {
	return virtual.Columns[*catalog.Role]{
		"usename":      pgAuthid.Columns["rolname"],
		"usesysid":     pgAuthid.Columns["oid"],
		"usecreatedb":  pgAuthid.Columns["rolcreatedb"],
		"usesuper":     pgAuthid.Columns["rolsuper"],
		"userepl":      is[*catalog.Role](false),
		"usebypassrls": pgAuthid.Columns["rolbypassrls"],
		"passwd":       is[*catalog.Role](password),
	}
}

func roles(login bool) func(v View, yield func(*catalog.Role)) {
	return func(v View, yield func(*catalog.Role)) {
		for _, r := range v.Catalog().Roles() {
			if r.Login == login {
				yield(r)
			}
		}
	}
}

var (
	pgShadow = virtual.Rel[*catalog.Role]{Of: "pg_shadow", Rows: roles(true), Columns: userColumns(nil)}
	pgUser   = virtual.Rel[*catalog.Role]{Of: "pg_user", Rows: roles(true), Columns: userColumns("********")}
)

// pgGroup: roles that can't log in.
var pgGroup = virtual.Rel[group]{
	Of: "pg_group",
	Rows: func(v View, yield func(group)) {
		roles(false)(v, func(r *catalog.Role) { yield(group{v, r}) })
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
	Rows: memberships,
	Columns: virtual.Columns[membership]{
		"roleid":       func(m membership) any { return m.Role },
		"member":       func(m membership) any { return m.member },
		"grantor":      func(m membership) any { return m.Grantor },
		"admin_option": func(m membership) any { return m.Admin },
	},
}
