package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgOpfamily) }

// pgOpfamily has the families of pg_opclass's rows.
var pgOpfamily = virtual.Rel[*opclass.Family]{
	Of: "pg_opfamily",
	Rows: func(_ View, yield func(*opclass.Family)) {
		used := map[types.OID]bool{}
		for _, c := range opclass.Classes() {
			used[c.Family] = used[c.Family] || known(c.In)
		}
		for _, f := range opclass.Families() {
			if used[f.OID] {
				yield(f)
			}
		}
	},
	Columns: virtual.Columns[*opclass.Family]{
		"oid":          func(f *opclass.Family) any { return f.OID },
		"opfmethod":    func(f *opclass.Family) any { return f.Method.OID },
		"opfname":      func(f *opclass.Family) any { return f.Name },
		"opfnamespace": is[*opclass.Family](catalog.PgCatalogOID),
		"opfowner":     is[*opclass.Family](catalog.BootstrapSuperuser),
	},
}
