package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var pgRange = virtual.Rel[*types.RangeDef]{
	Of: "pg_range",
	Rows: func(v View, yield func(*types.RangeDef)) {
		for _, t := range v.Catalog().Types().All() {
			if t.Kind == 'r' {
				yield(t.Range)
			}
		}
	},
	Columns: virtual.Columns[*types.RangeDef]{
		"rngtypid":      func(d *types.RangeDef) any { return d.Range.OID },
		"rngsubtype":    func(d *types.RangeDef) any { return d.Subtype.OID },
		"rngmultitypid": func(d *types.RangeDef) any { return d.Multirange.OID },
		"rngcollation":  func(d *types.RangeDef) any { return d.Subtype.Collation },
		"rngsubopc":     func(d *types.RangeDef) any { return defaultClass(opclass.FindMethod(opclass.BTree), d.Subtype) },
		"rngcanonical":  func(d *types.RangeDef) any { return procOID(d.CanonicalProc) },
		"rngsubdiff":    func(d *types.RangeDef) any { return procOID(d.SubtypeDiff) },
	},
}

// procOID is the oid of the only function of a name, 0 for none.
func procOID(name string) types.OID {
	for _, f := range funcs.ByName(name) {
		return f.OID
	}
	return 0
}
