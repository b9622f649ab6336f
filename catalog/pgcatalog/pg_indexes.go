package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgIndexes) }

var pgIndexes = virtual.Rel[index]{
	Of:   "pg_indexes",
	Size: virtual.Size{PerRelation: 2},
	Rows: pgIndex.Rows,
	Columns: virtual.Columns[index]{
		"schemaname": func(i index) any { return i.rel.Schema },
		"tablename":  func(i index) any { return i.rel.Name },
		"indexname":  func(i index) any { return i.ix.Name },
		"indexdef":   func(i index) any { return indexDefinition(i.v, i.rel, i.ix, qualified, false) },
	},
	Lookups: []virtual.Lookup[index]{
		{By: []string{"tablename"}, Each: 2, Find: func(v View, keys []any, yield func(index)) {
			eachSchema(v, func(schema string) *catalog.Relation { return v.Catalog().Relation(schema, keys[0].(string)) },
				func(rel *catalog.Relation) { indexesOf(v, rel, yield) })
		}},
		{By: []string{"indexname"}, Find: func(v View, keys []any, yield func(index)) {
			for _, s := range v.Catalog().Schemas() {
				if rel, ix := indexByName(v, s.Name, keys[0].(string)); ix != nil {
					yield(index{v, rel, ix})
				}
			}
		}},
	},
}

// eachSchema yields what find finds in each schema.
func eachSchema[T any](v View, find func(schema string) *T, yield func(*T)) {
	for _, s := range v.Catalog().Schemas() {
		if x := find(s.Name); x != nil {
			yield(x)
		}
	}
}
