package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var pgOperator = virtual.Rel[*funcs.Operator]{
	Of: "pg_operator",
	Rows: func(_ View, yield func(*funcs.Operator)) {
		for _, o := range funcs.Operators() {
			yield(o)
		}
	},
	Columns: virtual.Columns[*funcs.Operator]{
		"oid":          func(o *funcs.Operator) any { return o.OID },
		"oprname":      func(o *funcs.Operator) any { return o.Name },
		"oprnamespace": is[*funcs.Operator](catalog.PgCatalogOID),
		"oprowner":     is[*funcs.Operator](catalog.BootstrapSuperuser),
		"oprkind":      func(o *funcs.Operator) any { return operatorKind(o) },
		"oprcanmerge":  func(o *funcs.Operator) any { return o.Merges },
		"oprcanhash":   func(o *funcs.Operator) any { return o.Hashes },
		"oprleft":      func(o *funcs.Operator) any { return o.Left },
		"oprright":     func(o *funcs.Operator) any { return o.Right },
		"oprresult":    func(o *funcs.Operator) any { return o.Result },
		"oprcom":       func(o *funcs.Operator) any { return o.Commutator },
		"oprnegate":    func(o *funcs.Operator) any { return o.Negator },
		"oprcode":      func(o *funcs.Operator) any { return o.Func.OID },
	},
	Lookups: []virtual.Lookup[*funcs.Operator]{
		{By: []string{"oid"}, Find: func(_ View, keys []any, yield func(*funcs.Operator)) {
			if o := funcs.OperatorByOID(keys[0].(types.OID)); o != nil {
				yield(o)
			}
		}},
		{By: []string{"oprname"}, Find: func(_ View, keys []any, yield func(*funcs.Operator)) {
			for _, o := range funcs.OperatorsByName(keys[0].(string)) {
				yield(o)
			}
		}},
	},
}

// operatorKind is b for infix, l for prefix operators.
func operatorKind(o *funcs.Operator) string {
	if o.Left == 0 {
		return "l"
	}
	return "b"
}
