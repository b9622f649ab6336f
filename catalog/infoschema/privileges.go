package infoschema

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() {
	registry.Declare(
		columnPrivileges("column_privileges"),
		columnPrivileges("role_column_grants"),
		enabledRoles,
		tablePrivileges("table_privileges"),
		tablePrivileges("role_table_grants"),
	)
}

// grant is what a role may do to a relation.
type grant struct {
	relation
	right string
	item  catalog.ACLItem
}

// grantsOf are the privileges on a relation that the current role has given or has.
func grantsOf(r relation, yield func(grant)) {
	for _, item := range r.rel.Access().List(r.rel.Kind.Access()) {
		if !concerns(r.v, item) {
			continue
		}
		item.Rights.Each(func(_ catalog.Privilege, right string) { yield(grant{r, right, item}) })
	}
}

// concerns says whether an enabled role is the grantor or the grantee, or all are.
func concerns(v View, item catalog.ACLItem) bool {
	return item.Grantee == catalog.PublicRole || enabled(v, item.Grantee) || enabled(v, item.Grantor)
}

// enabled is pg_has_role(oid, 'USAGE').
func enabled(v View, oid catalog.OID) bool {
	return catalog.HasPrivsOf(v.Catalog(), catalog.RoleByName(v.Catalog(), v.User()), oid)
}

func (g grant) grantor() any { return roleName(g.v, g.item.Grantor) }

func (g grant) grantee() any {
	if g.item.Grantee == catalog.PublicRole {
		return "PUBLIC"
	}
	return roleName(g.v, g.item.Grantee)
}

// grantable: an owner can always grant.
func (g grant) grantable() any {
	return yesNo(g.item.Grantee == g.rel.Owner || g.item.Grantable&catalog.PrivilegeOf(g.right) != 0)
}

func tablePrivileges(name string) virtual.Table {
	return virtual.Rel[grant]{
		Of: name,
		Rows: func(v View, yield func(grant)) {
			eachRelation(v, func(r relation) { grantsOf(r, yield) })
		},
		Columns: virtual.Columns[grant]{
			"grantor":        grant.grantor,
			"grantee":        grant.grantee,
			"table_catalog":  func(g grant) any { return g.catalog() },
			"table_schema":   func(g grant) any { return g.schema() },
			"table_name":     func(g grant) any { return g.name() },
			"privilege_type": func(g grant) any { return g.right },
			"is_grantable":   grant.grantable,
			"with_hierarchy": func(g grant) any { return yesNo(g.right == "SELECT") },
		},
		Lookups: byTable("table_schema", "table_name", grantsOf),
	}
}

type columnGrant struct {
	grant
	col *catalog.Column
}

// columnGrantsOf are the privileges on columns: the relation's, and their own.
func columnGrantsOf(r relation, yield func(columnGrant)) {
	columnsOf(r, func(c column) {
		acl := slices.Concat(r.rel.Access().List(r.rel.Kind.Access()), r.rel.ColumnACL[c.col.Num])
		for _, item := range acl {
			if !concerns(r.v, item) {
				continue
			}
			(item.Rights & catalog.ACLColumns).Each(func(_ catalog.Privilege, right string) {
				yield(columnGrant{grant{r, right, item}, c.col})
			})
		}
	})
}

func columnPrivileges(name string) virtual.Table {
	return virtual.Rel[columnGrant]{
		Of:   name,
		Rows: expand(columnGrantsOf),
		Columns: virtual.Columns[columnGrant]{
			"grantor":        func(g columnGrant) any { return g.grantor() },
			"grantee":        func(g columnGrant) any { return g.grantee() },
			"table_catalog":  func(g columnGrant) any { return g.catalog() },
			"table_schema":   func(g columnGrant) any { return g.schema() },
			"table_name":     func(g columnGrant) any { return g.name() },
			"column_name":    func(g columnGrant) any { return g.col.Name },
			"privilege_type": func(g columnGrant) any { return g.right },
			"is_grantable":   func(g columnGrant) any { return g.grantable() },
		},
		Lookups: byTable("table_schema", "table_name", columnGrantsOf),
	}
}

var enabledRoles = virtual.Rel[*catalog.Role]{
	Of: "enabled_roles",
	Rows: func(v View, yield func(*catalog.Role)) {
		for _, r := range v.Catalog().Roles() {
			if enabled(v, r.OID) {
				yield(r)
			}
		}
	},
	Columns: virtual.Columns[*catalog.Role]{"role_name": func(r *catalog.Role) any { return r.Name }},
}
