package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
)

func init() { registry.Declare(pgAmop) }

// pgAmop has the members of operator families that exist here.
var pgAmop = virtual.Rel[*opclass.Operator]{
	Of:   "pg_amop",
	Size: virtual.Size{Fixed: 950},
	Rows: func(v View, yield func(*opclass.Operator)) {
		for _, o := range opclass.Operators() {
			if funcs.OperatorByOID(o.Operator) != nil {
				yield(o)
			}
		}
		for _, o := range opclass.Of(v.Catalog()).OwnOperators() {
			yield(o)
		}
	},
	Columns: virtual.Columns[*opclass.Operator]{
		"oid":            func(o *opclass.Operator) any { return o.OID },
		"amopfamily":     func(o *opclass.Operator) any { return o.Family },
		"amoplefttype":   func(o *opclass.Operator) any { return o.Left },
		"amoprighttype":  func(o *opclass.Operator) any { return o.Right },
		"amopstrategy":   func(o *opclass.Operator) any { return o.Strategy },
		"amoppurpose":    func(o *opclass.Operator) any { return o.Purpose },
		"amopopr":        func(o *opclass.Operator) any { return o.Operator },
		"amopmethod":     func(o *opclass.Operator) any { return o.Method },
		"amopsortfamily": func(o *opclass.Operator) any { return o.SortFamily },
	},
}
