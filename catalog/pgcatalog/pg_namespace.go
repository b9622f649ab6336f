package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgNamespace) }

// namespace is a row of pg_namespace, and who asks.
type namespace struct {
	*catalog.Schema
	v View
}

var pgNamespace = virtual.Rel[namespace]{
	Of:   "pg_namespace",
	Size: virtual.Size{Fixed: 8},
	Rows: func(v View, yield func(namespace)) {
		for _, s := range v.Catalog().Schemas() {
			yield(namespace{s, v})
		}
	},
	Columns: virtual.Columns[namespace]{
		"oid":      func(s namespace) any { return s.OID },
		"nspname":  func(s namespace) any { return s.Name },
		"nspowner": func(s namespace) any { return s.Owner },
		"nspacl":   func(s namespace) any { return aclArray(s.v, s.ACL) },
	},
	Lookups: []virtual.Lookup[namespace]{
		{By: []string{"oid"}, Find: func(v View, keys []any, yield func(namespace)) {
			if s := schemaByOID(v, keys[0].(types.OID)); s != nil {
				yield(namespace{s, v})
			}
		}},
		{By: []string{"nspname"}, Find: func(v View, keys []any, yield func(namespace)) {
			if s := v.Catalog().SchemaByName(keys[0].(string)); s != nil {
				yield(namespace{s, v})
			}
		}},
	},
}
