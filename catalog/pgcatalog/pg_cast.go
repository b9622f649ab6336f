package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgCast) }

var pgCast = virtual.Rel[*funcs.Cast]{
	Of:   "pg_cast",
	Size: virtual.Size{Fixed: 230},
	Rows: eachCast,
	Columns: virtual.Columns[*funcs.Cast]{
		"oid":         func(c *funcs.Cast) any { return c.OID },
		"castsource":  func(c *funcs.Cast) any { return c.From },
		"casttarget":  func(c *funcs.Cast) any { return c.To },
		"castfunc":    func(c *funcs.Cast) any { return castFunction(c) },
		"castcontext": func(c *funcs.Cast) any { return letter(c.Context) },
		"castmethod":  func(c *funcs.Cast) any { return castMethod(c) },
	},
}

// eachCast lists the casts, the database's own after the built-in ones.
func eachCast(v View, yield func(*funcs.Cast)) {
	for _, c := range funcs.Casts() {
		if known(c.From, c.To) {
			yield(c)
		}
	}
	for _, c := range v.Catalog().Routines().Casts() {
		own := &funcs.Cast{OID: c.OID, From: c.From, To: c.To, Context: funcs.CastContext(c.Context), InOut: c.Method == 'i'}
		if c.Func != 0 {
			own.Func = &funcs.Func{OID: c.Func}
		}
		yield(own)
	}
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
