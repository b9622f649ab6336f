package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

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
		"rolreplication": is[*catalog.Role](false),
		"rolbypassrls":   func(r *catalog.Role) any { return r.Superuser },
		"rolconnlimit":   is[*catalog.Role](int32(-1)),
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
		"rolreplication": is[*catalog.Role](false),
		"rolbypassrls":   pgAuthid.Columns["rolbypassrls"],
		"rolconnlimit":   is[*catalog.Role](int32(-1)),
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

// pgGroup: roles that can't log in; memberships are not kept yet.
var pgGroup = virtual.Rel[*catalog.Role]{
	Of:   "pg_group",
	Rows: roles(false),
	Columns: virtual.Columns[*catalog.Role]{
		"groname":  pgAuthid.Columns["rolname"],
		"grosysid": pgAuthid.Columns["oid"],
		"grolist":  func(*catalog.Role) any { return arrayOf[types.OID](types.OidOID, nil) },
	},
}
