package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgRange) }

var pgRange = virtual.Rel[*types.RangeDef]{
	Of:   "pg_range",
	Size: virtual.Size{Fixed: 8},
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
		"rngcollation":  func(d *types.RangeDef) any { return d.Collation },
		"rngsubopc":     func(d *types.RangeDef) any { return defaultClass(opclass.FindMethod(opclass.BTree), d.Subtype) },
		"rngcanonical":  func(d *types.RangeDef) any { return d.CanonicalProc },
		"rngsubdiff":    func(d *types.RangeDef) any { return d.SubtypeDiff },
	},
	Lookups: []virtual.Lookup[*types.RangeDef]{
		{By: []string{"rngtypid"}, Find: func(v View, keys []any, yield func(*types.RangeDef)) {
			if t := v.Catalog().Types().ByOID(keys[0].(types.OID)); t != nil && t.Kind == 'r' {
				yield(t.Range)
			}
		}},
	},
}
