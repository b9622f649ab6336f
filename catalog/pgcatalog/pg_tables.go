package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgTables, pgMatviews, pgViews) }

// relation is a relation in outline, and who asks.
type relation struct {
	v   View
	rel *catalog.Relation
}

func (r relation) owner() any { return RoleName(r.v, r.rel.Owner) }

// relations lists those of some kind.
func relations(want func(*catalog.Relation) bool) func(v View, yield func(relation)) {
	return func(v View, yield func(relation)) {
		for _, rel := range Outlines(v) {
			if want(rel) {
				yield(relation{v, rel})
			}
		}
	}
}

// named finds relations by name as the system views show them.
func named(schema, name string, want func(*catalog.Relation) bool) []virtual.Lookup[relation] {
	find := func(v View, schema, name string, yield func(relation)) {
		if rel := v.Catalog().Relation(schema, name); rel != nil && want(rel) {
			yield(relation{v, rel})
		}
	}
	return []virtual.Lookup[relation]{
		{By: []string{schema, name}, Find: func(v View, keys []any, yield func(relation)) {
			find(v, keys[0].(string), keys[1].(string), yield)
		}},
		{By: []string{name}, Find: func(v View, keys []any, yield func(relation)) {
			for _, s := range v.Catalog().Schemas() {
				find(v, s.Name, keys[0].(string), yield)
			}
		}},
	}
}

func isTable(rel *catalog.Relation) bool { return rel.IsTable() }

func isView(rel *catalog.Relation) bool { return rel.Kind == catalog.View }

var pgTables = virtual.Rel[relation]{
	Of:   "pg_tables",
	Rows: relations(isTable),
	Columns: virtual.Columns[relation]{
		"schemaname":  func(r relation) any { return r.rel.Schema },
		"tablename":   func(r relation) any { return r.rel.Name },
		"tableowner":  relation.owner,
		"hasindexes":  func(r relation) any { return len(Indexes(r.rel)) > 0 },
		"hasrules":    func(r relation) any { return len(r.rel.Rules) > 0 },
		"hastriggers": func(r relation) any { return class{v: r.v, rel: r.rel}.hasTriggers() },
		"rowsecurity": func(r relation) any { return r.rel.RowSecurity },
	},
	Lookups: named("schemaname", "tablename", isTable),
}

var pgViews = virtual.Rel[relation]{
	Of:   "pg_views",
	Rows: relations(isView),
	Columns: virtual.Columns[relation]{
		"schemaname": func(r relation) any { return r.rel.Schema },
		"viewname":   func(r relation) any { return r.rel.Name },
		"viewowner":  relation.owner,
		"definition": func(r relation) any { return orNull(ViewText(r.v, r.rel)) },
	},
	Lookups: named("schemaname", "viewname", isView),
}

func isMaterializedView(rel *catalog.Relation) bool { return rel.Kind == catalog.MaterializedView }

var pgMatviews = virtual.Rel[relation]{
	Of:   "pg_matviews",
	Rows: relations(isMaterializedView),
	Columns: virtual.Columns[relation]{
		"schemaname":   func(r relation) any { return r.rel.Schema },
		"matviewname":  func(r relation) any { return r.rel.Name },
		"matviewowner": relation.owner,
		"hasindexes":   func(r relation) any { return len(Indexes(r.rel)) > 0 },
		"ispopulated":  func(r relation) any { return r.rel.Populated },
		"definition":   func(r relation) any { return orNull(ViewText(r.v, r.rel)) },
	},
	Lookups: named("schemaname", "matviewname", isMaterializedView),
}
