package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAmproc) }

type amproc struct {
	oid, family, left, right types.OID
	num                      int16
	proc                     types.OID
}

// exists says whether the types that it supports exist here.
func (p amproc) exists() bool { return known(p.left, p.right) }

var amprocs = parsed(&amprocsTSV, func(f []string) amproc {
	return amproc{number(f[0]), number(f[1]), number(f[2]), number(f[3]), int16(number(f[4])), number(f[5])}
})

// pgAmproc has the support functions that exist here.
var pgAmproc = virtual.Rel[amproc]{
	Of: "pg_amproc",
	Rows: func(_ View, yield func(amproc)) {
		for _, p := range amprocs() {
			if p.exists() && procs().byOID[p.proc] != nil {
				yield(p)
			}
		}
	},
	Columns: virtual.Columns[amproc]{
		"oid":             func(p amproc) any { return p.oid },
		"amprocfamily":    func(p amproc) any { return p.family },
		"amproclefttype":  func(p amproc) any { return p.left },
		"amprocrighttype": func(p amproc) any { return p.right },
		"amprocnum":       func(p amproc) any { return p.num },
		"amproc":          func(p amproc) any { return p.proc },
	},
}
