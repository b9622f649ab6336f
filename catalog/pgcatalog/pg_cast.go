package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var pgCast = virtual.Rel[*funcs.Cast]{
	Of: "pg_cast",
	Rows: func(_ View, yield func(*funcs.Cast)) {
		for _, c := range funcs.Casts() {
			yield(c)
		}
	},
	Columns: virtual.Columns[*funcs.Cast]{
		"oid":         func(c *funcs.Cast) any { return c.OID },
		"castsource":  func(c *funcs.Cast) any { return c.From },
		"casttarget":  func(c *funcs.Cast) any { return c.To },
		"castfunc":    func(c *funcs.Cast) any { return castFunction(c) },
		"castcontext": func(c *funcs.Cast) any { return letter(c.Context) },
		"castmethod":  func(c *funcs.Cast) any { return castMethod(c) },
	},
}

func castFunction(c *funcs.Cast) types.OID {
	if c.Func == nil {
		return 0
	}
	return c.Func.OID
}

// castMethod is f for a function, i through text, b where nothing changes.
func castMethod(c *funcs.Cast) string {
	switch {
	case c.Func != nil:
		return "f"
	case c.InOut:
		return "i"
	}
	return "b"
}
