package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgOpfamily) }

// opfamily is a row of pg_opfamily.
type opfamily struct {
	*opclass.Family
	namespace, owner types.OID
}

// pgOpfamily has the families of pg_opclass's rows, and the database's own.
var pgOpfamily = virtual.Rel[opfamily]{
	Of:   "pg_opfamily",
	Size: virtual.Size{Fixed: 150},
	Rows: func(v View, yield func(opfamily)) {
		used := map[types.OID]bool{}
		for _, c := range opclass.Classes() {
			used[c.Family] = used[c.Family] || known(c.In)
		}
		for _, f := range opclass.Families() {
			if used[f.OID] {
				yield(opfamily{f, catalog.PgCatalogOID, catalog.BootstrapSuperuser})
			}
		}
		for _, f := range opclass.Of(v.Catalog()).OwnFamilies() {
			yield(opfamily{f, namespaceOID(v, f.Namespace), v.Catalog().Access(catalog.Object{Class: catalog.ClassOpfamily, OID: f.OID}).Owner})
		}
	},
	Columns: virtual.Columns[opfamily]{
		"oid":          func(f opfamily) any { return f.OID },
		"opfmethod":    func(f opfamily) any { return f.Method.OID },
		"opfname":      func(f opfamily) any { return f.Name },
		"opfnamespace": func(f opfamily) any { return f.namespace },
		"opfowner":     func(f opfamily) any { return f.owner },
	},
}
