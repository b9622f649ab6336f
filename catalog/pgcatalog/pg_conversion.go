package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgConversion) }

// pgConversion are PostgreSQL's own conversions: others can't be created.
var pgConversion = virtual.Rel[mb.Entry]{
	Of: "pg_conversion",
	Rows: func(_ View, yield func(mb.Entry)) {
		for _, c := range mb.Catalog {
			yield(c)
		}
	},
	Columns: virtual.Columns[mb.Entry]{
		"oid":            func(c mb.Entry) any { return types.OID(c.OID) },
		"conname":        func(c mb.Entry) any { return c.Name },
		"connamespace":   func(mb.Entry) any { return catalog.PgCatalogOID },
		"conowner":       func(mb.Entry) any { return catalog.BootstrapSuperuser },
		"conforencoding": func(c mb.Entry) any { return int32(c.From) },
		"contoencoding":  func(c mb.Entry) any { return int32(c.To) },
		"conproc":        func(c mb.Entry) any { return types.OID(c.Proc) },
		"condefault":     func(mb.Entry) any { return true },
	},
}

// conversionByOID finds a conversion, nil if there is none.
func conversionByOID(oid types.OID) *mb.Entry {
	for i := range mb.Catalog {
		if c := &mb.Catalog[i]; types.OID(c.OID) == oid {
			return c
		}
	}
	return nil
}

// conversionFunctions are what pg_conversion names.
func conversionFunctions() []types.OID {
	var out []types.OID
	for _, c := range mb.Catalog {
		out = append(out, types.OID(c.Proc))
	}
	return out
}
