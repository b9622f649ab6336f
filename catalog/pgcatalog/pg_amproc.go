package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgAmproc) }

// pgAmproc has the support functions of the types that exist here.
var pgAmproc = virtual.Rel[*opclass.Function]{
	Of:   "pg_amproc",
	Size: virtual.Size{Fixed: 700},
	Rows: func(v View, yield func(*opclass.Function)) {
		for _, p := range opclass.Functions() {
			if known(p.Left, p.Right) && procs().byOID[p.Proc] != nil {
				yield(p)
			}
		}
		for _, p := range opclass.Of(v.Catalog()).OwnFunctions() {
			yield(p)
		}
	},
	Columns: virtual.Columns[*opclass.Function]{
		"oid":             func(p *opclass.Function) any { return p.OID },
		"amprocfamily":    func(p *opclass.Function) any { return p.Family },
		"amproclefttype":  func(p *opclass.Function) any { return p.Left },
		"amprocrighttype": func(p *opclass.Function) any { return p.Right },
		"amprocnum":       func(p *opclass.Function) any { return p.Number },
		"amproc":          func(p *opclass.Function) any { return p.Proc },
	},
}
