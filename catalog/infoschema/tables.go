package infoschema

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(informationSchemaCatalogName, schemata, tables, views) }

var tables = virtual.Rel[relation]{
	Of:   "tables",
	Rows: eachRelation,
	Columns: virtual.Columns[relation]{
		"table_catalog":      relation.catalog,
		"table_schema":       relation.schema,
		"table_name":         relation.name,
		"table_type":         func(r relation) any { return tableType(r) },
		"is_insertable_into": func(r relation) any { return yesNo(r.insertable()) },
		"is_typed":           func(r relation) any { return yesNo(r.rel.OfType != 0) },

		"user_defined_type_catalog": func(r relation) any { return r.ofType(func(*types.Type) string { return r.v.Database() }) },
		"user_defined_type_schema":  func(r relation) any { return r.ofType(func(t *types.Type) string { return t.Namespace }) },
		"user_defined_type_name":    func(r relation) any { return r.ofType(func(t *types.Type) string { return t.Name }) },
	},
	Lookups: byTable("table_schema", "table_name", itself),
}

// ofType is a property of the type that the table is of, NULL for none.
func (r relation) ofType(property func(*types.Type) string) any {
	if t := r.v.Catalog().Types().ByOID(r.rel.OfType); t != nil {
		return property(t)
	}
	return nil
}

func tableType(r relation) string {
	switch {
	case !r.isBase():
		return "VIEW"
	case r.rel.Temporary:
		return "LOCAL TEMPORARY"
	}
	return "BASE TABLE"
}

// insertable says whether INSERT may change a relation that may be an outline.
func (r relation) insertable() bool {
	return relation{r.v, r.v.Catalog().RelationByOID(r.rel.OID)}.may(pgcatalog.InsertBit)
}

// checkOptionOf is a view's WITH CHECK OPTION.
func checkOptionOf(r relation) any {
	if option := r.rel.Option("check_option"); option != "" {
		return strings.ToUpper(option)
	}
	return "NONE"
}

func viewsOf(r relation, yield func(relation)) {
	if r.rel.Kind == catalog.View {
		yield(r)
	}
}

// definition is for the owner to see.
func (r relation) definition() any {
	if !enabled(r.v, r.rel.Owner) {
		return nil
	}
	return orNull(pgcatalog.ViewText(r.v, r.rel))
}

var views = virtual.Rel[relation]{
	Of: "views",
	Rows: func(v View, yield func(relation)) {
		eachRelation(v, func(r relation) { viewsOf(r, yield) })
	},
	Columns: virtual.Columns[relation]{
		"table_catalog":              relation.catalog,
		"table_schema":               relation.schema,
		"table_name":                 relation.name,
		"view_definition":            relation.definition,
		"check_option":               checkOptionOf,
		"is_updatable":               func(r relation) any { return yesNo(r.writable()) },
		"is_insertable_into":         func(r relation) any { return yesNo(r.insertable()) },
		"is_trigger_updatable":       func(r relation) any { return yesNo(r.instead(catalog.TriggerUpdate)) },
		"is_trigger_deletable":       func(r relation) any { return yesNo(r.instead(catalog.TriggerDelete)) },
		"is_trigger_insertable_into": func(r relation) any { return yesNo(r.instead(catalog.TriggerInsert)) },
	},
	Lookups: byTable("table_schema", "table_name", viewsOf),
}

// schema is a namespace, and who asks.
type schema struct {
	v View
	*catalog.Schema
}

var schemata = virtual.Rel[schema]{
	Of: "schemata",
	Rows: func(v View, yield func(schema)) {
		for _, s := range v.Catalog().Schemas() {
			yield(schema{v, s})
		}
	},
	Columns: virtual.Columns[schema]{
		"catalog_name": func(s schema) any { return s.v.Database() },
		"schema_name":  func(s schema) any { return s.Name },
		"schema_owner": func(s schema) any { return roleName(s.v, s.Owner) },
	},
}

var informationSchemaCatalogName = virtual.Rel[View]{
	Of:      "information_schema_catalog_name",
	Rows:    func(v View, yield func(View)) { yield(v) },
	Columns: virtual.Columns[View]{"catalog_name": func(v View) any { return v.Database() }},
}

// instead says whether a view has an INSTEAD OF trigger for an event.
func (r relation) instead(event catalog.TriggerType) bool {
	return r.rel.HasTrigger(catalog.TriggerInsteadOf | catalog.TriggerRow | event)
}
