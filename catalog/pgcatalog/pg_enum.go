package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgEnum) }

// enumLabel is one value of an enum.
type enumLabel struct {
	of    types.OID
	label types.EnumLabel
}

var pgEnum = virtual.Rel[enumLabel]{
	Of: "pg_enum",
	Rows: func(v View, yield func(enumLabel)) {
		for _, t := range v.Catalog().Types().All() {
			enumLabels(t, yield)
		}
	},
	Columns: virtual.Columns[enumLabel]{
		"oid":           func(l enumLabel) any { return l.label.OID },
		"enumtypid":     func(l enumLabel) any { return l.of },
		"enumsortorder": func(l enumLabel) any { return l.label.Order },
		"enumlabel":     func(l enumLabel) any { return l.label.Name },
	},
	Lookups: []virtual.Lookup[enumLabel]{
		{By: []string{"enumtypid"}, Each: 4, Find: func(v View, keys []any, yield func(enumLabel)) {
			if t := v.Catalog().Types().ByOID(keys[0].(types.OID)); t != nil {
				enumLabels(t, yield)
			}
		}},
	},
}

// enumLabels yields the values of an enum; a domain over one has none.
func enumLabels(t *types.Type, yield func(enumLabel)) {
	for _, l := range t.Labels {
		yield(enumLabel{t.OID, l})
	}
}
