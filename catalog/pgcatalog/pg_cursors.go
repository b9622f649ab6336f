package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgCursors, pgPreparedStatements) }

var pgCursors = virtual.Rel[virtual.Cursor]{
	Of: "pg_cursors",
	Rows: func(v View, yield func(virtual.Cursor)) {
		for _, c := range v.Cursors() {
			yield(c)
		}
	},
	Columns: virtual.Columns[virtual.Cursor]{
		"name":          func(c virtual.Cursor) any { return c.Name },
		"statement":     func(c virtual.Cursor) any { return c.Statement },
		"is_holdable":   func(c virtual.Cursor) any { return c.Holdable },
		"is_binary":     func(c virtual.Cursor) any { return c.Binary },
		"is_scrollable": func(c virtual.Cursor) any { return c.Scrollable },
		"creation_time": func(c virtual.Cursor) any { return timeOrNull(c.Created) },
	},
}

var pgPreparedStatements = virtual.Rel[virtual.PreparedStatement]{
	Of: "pg_prepared_statements",
	Rows: func(v View, yield func(virtual.PreparedStatement)) {
		for _, p := range v.PreparedStatements() {
			yield(p)
		}
	},
	Columns: virtual.Columns[virtual.PreparedStatement]{
		"name":            func(p virtual.PreparedStatement) any { return p.Name },
		"statement":       func(p virtual.PreparedStatement) any { return p.Statement },
		"prepare_time":    func(p virtual.PreparedStatement) any { return timeOrNull(p.Prepared) },
		"parameter_types": func(p virtual.PreparedStatement) any { return arrayOf(types.RegTypeOID, p.Params) },
		"from_sql":        func(p virtual.PreparedStatement) any { return p.FromSQL },
		"generic_plans":   func(p virtual.PreparedStatement) any { return p.Runs },
		"custom_plans":    is[virtual.PreparedStatement](int64(0)),
	},
}
