package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgDatabase) }

// utf8 is pg_enc's number of the only encoding.
const utf8 int32 = 6

// databaseRow is a row of pg_database, and who asks.
type databaseRow struct {
	*catalog.Database
	v View
}

var pgDatabase = virtual.Rel[databaseRow]{
	Of:   "pg_database",
	Size: virtual.Size{Fixed: 4},
	Rows: func(v View, yield func(databaseRow)) {
		for _, d := range v.Catalog().Databases() {
			yield(databaseRow{d, v})
		}
	},
	Columns: virtual.Columns[databaseRow]{
		"oid":            func(d databaseRow) any { return d.OID },
		"datname":        func(d databaseRow) any { return d.Name },
		"datdba":         func(d databaseRow) any { return d.Owner },
		"datacl":         func(d databaseRow) any { return aclArray(d.v, d.ACL) },
		"encoding":       is[databaseRow](utf8),
		"datlocprovider": localeProvider,
		"daticulocale":   func(d databaseRow) any { return orNull(d.ICULocale) },
		"datallowconn":   is[databaseRow](true),
		"datconnlimit":   is[databaseRow](int32(-1)),
		"dattablespace":  is[databaseRow](defaultTablespace),
		"datcollate":     func(d databaseRow) any { return d.Collation },
		"datctype":       func(d databaseRow) any { return d.Collation },
	},
}

func localeProvider(d databaseRow) any {
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
