package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgDatabase) }

// utf8 is pg_enc's number of the only encoding.
const utf8 int32 = 6

var pgDatabase = virtual.Rel[*catalog.Database]{
	Of: "pg_database",
	Rows: func(v View, yield func(*catalog.Database)) {
		for _, d := range v.Catalog().Databases() {
			yield(d)
		}
	},
	Columns: virtual.Columns[*catalog.Database]{
		"oid":            func(d *catalog.Database) any { return d.OID },
		"datname":        func(d *catalog.Database) any { return d.Name },
		"datdba":         func(d *catalog.Database) any { return d.Owner },
		"encoding":       is[*catalog.Database](utf8),
		"datlocprovider": localeProvider,
		"daticulocale":   func(d *catalog.Database) any { return orNull(d.ICULocale) },
		"datallowconn":   is[*catalog.Database](true),
		"datconnlimit":   is[*catalog.Database](int32(-1)),
		"dattablespace":  is[*catalog.Database](defaultTablespace),
		"datcollate":     func(d *catalog.Database) any { return d.Collation },
		"datctype":       func(d *catalog.Database) any { return d.Collation },
	},
}

func localeProvider(d *catalog.Database) any {
	if d.ICULocale != "" {
		return string(types.ProviderICU)
	}
	return string(types.ProviderLibc)
}

// databaseByName returns the database, or nil.
func databaseByName(v View, name string) *catalog.Database {
	for _, d := range v.Catalog().Databases() {
		if d.Name == name {
			return d
		}
	}
	return nil
}
