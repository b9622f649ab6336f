package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgNamespace) }

var pgNamespace = virtual.Rel[*catalog.Schema]{
	Of: "pg_namespace",
	Rows: func(v View, yield func(*catalog.Schema)) {
		for _, s := range v.Catalog().Schemas() {
			yield(s)
		}
	},
	Columns: virtual.Columns[*catalog.Schema]{
		"oid":      func(s *catalog.Schema) any { return s.OID },
		"nspname":  func(s *catalog.Schema) any { return s.Name },
		"nspowner": func(s *catalog.Schema) any { return s.Owner },
	},
	Lookups: []virtual.Lookup[*catalog.Schema]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(*catalog.Schema)) {
			if s := schemaByOID(v, keys[0].(types.OID)); s != nil {
				yield(s)
			}
		}},
		{By: []string{"nspname"}, Find: func(v View, keys []any, yield func(*catalog.Schema)) {
			if s := v.Catalog().SchemaByName(keys[0].(string)); s != nil {
				yield(s)
			}
		}},
	},
}
