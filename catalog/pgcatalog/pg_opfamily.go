package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type opfamily struct {
	oid, method types.OID
	name        string
}

var opfamilies = parsed(&opfamiliesTSV, func(f []string) opfamily { return opfamily{number(f[0]), amOf[f[1]], f[2]} })

// pgOpfamily has the families of pg_opclass's rows.
var pgOpfamily = virtual.Rel[opfamily]{
	Of: "pg_opfamily",
	Rows: func(_ View, yield func(opfamily)) {
		used := map[types.OID]bool{}
		for _, c := range opclasses() {
			used[c.family] = used[c.family] || known(c.in, c.key)
		}
		for _, f := range opfamilies() {
			if used[f.oid] {
				yield(f)
			}
		}
	},
	Columns: virtual.Columns[opfamily]{
		"oid":          func(f opfamily) any { return f.oid },
		"opfmethod":    func(f opfamily) any { return f.method },
		"opfname":      func(f opfamily) any { return f.name },
		"opfnamespace": is[opfamily](catalog.PgCatalogOID),
		"opfowner":     is[opfamily](catalog.BootstrapSuperuser),
	},
}
