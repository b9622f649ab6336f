package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAmop) }

type amop struct {
	oid, family, left, right types.OID
	strategy                 int16
	operator, method         types.OID
	purpose                  string // s for searches, o for orders
	sortFamily               types.OID
}

var amops = parsed(&amopsTSV, func(f []string) amop {
	return amop{number(f[0]), number(f[1]), number(f[2]), number(f[3]), int16(number(f[4])), number(f[5]), number(f[6]), f[7], number(f[8])}
})

// pgAmop has the members of operator families that exist here.
var pgAmop = virtual.Rel[amop]{
	Of: "pg_amop",
	Rows: func(_ View, yield func(amop)) {
		for _, o := range amops() {
			if funcs.OperatorByOID(o.operator) != nil {
				yield(o)
			}
		}
	},
	Columns: virtual.Columns[amop]{
		"oid":            func(o amop) any { return o.oid },
		"amopfamily":     func(o amop) any { return o.family },
		"amoplefttype":   func(o amop) any { return o.left },
		"amoprighttype":  func(o amop) any { return o.right },
		"amopstrategy":   func(o amop) any { return o.strategy },
		"amoppurpose":    func(o amop) any { return o.purpose },
		"amopopr":        func(o amop) any { return o.operator },
		"amopmethod":     func(o amop) any { return o.method },
		"amopsortfamily": func(o amop) any { return o.sortFamily },
	},
}
