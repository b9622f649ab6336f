package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// grant is what the owner of a relation may do to it; other privileges are not
// kept yet.
type grant struct {
	relation
	right string
}

var tableRights = []string{"INSERT", "SELECT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"}

func grantsOf(r relation, yield func(grant)) {
	for _, right := range tableRights {
		yield(grant{r, right})
	}
}

func (g grant) owner() any { return roleName(g.v, g.rel.Owner) }

func tablePrivileges(name string) virtual.Table {
	return virtual.Rel[grant]{
		Of: name,
		Rows: func(v View, yield func(grant)) {
			eachRelation(v, func(r relation) { grantsOf(r, yield) })
		},
		Columns: virtual.Columns[grant]{
			"grantor":        grant.owner,
			"grantee":        grant.owner,
			"table_catalog":  func(g grant) any { return g.catalog() },
			"table_schema":   func(g grant) any { return g.schema() },
			"table_name":     func(g grant) any { return g.name() },
			"privilege_type": func(g grant) any { return g.right },
			"is_grantable":   is[grant]("YES"),
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
		for _, right := range columnRights {
			yield(columnGrant{grant{r, right}, c.col})
		}
	})
}

func columnPrivileges(name string) virtual.Table {
	return virtual.Rel[columnGrant]{
		Of:   name,
		Rows: expand(columnGrantsOf),
		Columns: virtual.Columns[columnGrant]{
			"grantor":        func(g columnGrant) any { return g.owner() },
			"grantee":        func(g columnGrant) any { return g.owner() },
			"table_catalog":  func(g columnGrant) any { return g.catalog() },
			"table_schema":   func(g columnGrant) any { return g.schema() },
			"table_name":     func(g columnGrant) any { return g.name() },
			"column_name":    func(g columnGrant) any { return g.col.Name },
			"privilege_type": func(g columnGrant) any { return g.right },
			"is_grantable":   is[columnGrant]("YES"),
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
