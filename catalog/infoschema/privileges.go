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

func grantsOf(r relation, yield func(grant)) {
	acl := r.rel.ACL
	if acl == nil {
		acl = catalog.DefaultACL(r.rel.Kind, r.rel.Owner)
	}
	for _, item := range acl {
		for _, right := range item.Rights.Words() {
			yield(grant{r, right, item})
		}
	}
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

var columnRights = []string{"SELECT", "INSERT", "UPDATE", "REFERENCES"}

func columnGrantsOf(r relation, yield func(columnGrant)) {
	columnsOf(r, func(c column) {
		grantsOf(r, func(g grant) {
			if slices.Contains(columnRights, g.right) {
				yield(columnGrant{g, c.col})
			}
		})
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
			yield(r)
		}
	},
	Columns: virtual.Columns[*catalog.Role]{"role_name": func(r *catalog.Role) any { return r.Name }},
}
