package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgCollation) }

// collationRow is a collation in a snapshot.
type collationRow struct {
	*types.Collation
	namespace types.OID
	owner     types.OID
}

// eachCollation calls yield for each collation, the built-in ones first.
func eachCollation(v View, yield func(collationRow)) {
	for _, c := range v.Catalog().Types().Collations() {
		collation(v, c, yield)
	}
}

// collation yields the row of one, if its schema is there.
func collation(v View, c *types.Collation, yield func(collationRow)) {
	row := collationRow{c, catalog.PgCatalogOID, catalog.BootstrapSuperuser}
	if c.Namespace != "" {
		s := v.Catalog().SchemaByName(c.Namespace)
		if s == nil {
			return
		}
		row.namespace = s.OID
		row.owner = v.Catalog().Access(catalog.Object{Class: catalog.ClassCollation, OID: c.OID}).Owner
	}
	yield(row)
}

var pgCollation = virtual.Rel[collationRow]{
	Of:   "pg_collation",
	Size: virtual.Size{Fixed: 620},
	Rows: eachCollation,
	Columns: virtual.Columns[collationRow]{
		"oid":                 func(c collationRow) any { return c.OID },
		"collname":            func(c collationRow) any { return c.Name },
		"collnamespace":       func(c collationRow) any { return c.namespace },
		"collowner":           func(c collationRow) any { return c.owner },
		"collprovider":        func(c collationRow) any { return string(c.Provider) },
		"collisdeterministic": func(c collationRow) any { return !c.Nondeterministic },
		"collencoding":        func(c collationRow) any { return c.Encoding },
		"collcollate":         func(c collationRow) any { return orNull(c.Collate) },
		"collctype":           func(c collationRow) any { return orNull(c.Ctype) },
		"colliculocale":       func(c collationRow) any { return orNull(c.ICULocale) },
		"collversion":         func(c collationRow) any { return orNull(c.Version()) },
	},
	Lookups: []virtual.Lookup[collationRow]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(collationRow)) {
			if c := v.Catalog().Types().CollationByOID(keys[0].(types.OID)); c != nil {
				collation(v, c, yield)
			}
		}},
	},
}
