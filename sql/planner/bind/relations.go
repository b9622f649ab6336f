package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// searchPath is the path with the implicit pg_catalog.
func (b *binder) searchPath() []string {
	if slices.Contains(b.env.SearchPath, "pg_catalog") {
		return b.env.SearchPath
	}
	return append([]string{"pg_catalog"}, b.env.SearchPath...)
}

// findRelation looks a name up; nil if there is none.
func (b *binder) findRelation(schema, name string) *catalog.Relation {
	if b.env.Catalog == nil {
		return nil
	}
	if schema != "" {
		return b.env.Catalog.Relation(schema, name)
	}
	for _, ns := range b.searchPath() {
		if r := b.env.Catalog.Relation(ns, name); r != nil {
			return r
		}
	}
	return nil
}

// relation finds what a RangeVar names: 42P01, 3F000 where there is none.
func (b *binder) relation(rv *parser.RangeVar) *catalog.Relation {
	if r := b.maybeRelation(rv); r != nil {
		b.relations[r.OID] = true
		return r
	}
	failAt(b.at(rv.Location), pgerr.UndefinedTable, "relation \"%s\" does not exist", rangeVarName(rv))
	return nil
}

// definedRelation is relation for the statements that change definitions, whose
// error PostgreSQL reports without a place.
func (b *binder) definedRelation(rv *parser.RangeVar) *catalog.Relation {
	if b.maybeRelation(rv) == nil {
		failAt(-1, pgerr.UndefinedTable, "relation \"%s\" does not exist", rangeVarName(rv))
	}
	return b.relation(rv)
}

// maybeRelation is relation without the error.
func (b *binder) maybeRelation(rv *parser.RangeVar) *catalog.Relation {
	b.checkDatabase(rv)
	return b.findRelation(rv.Schemaname, rv.Relname)
}

func (b *binder) checkDatabase(rv *parser.RangeVar) {
	if rv.Catalogname != "" && rv.Catalogname != b.databaseName() {
		failAt(b.at(rv.Location), pgerr.FeatureNotSupported, "cross-database references are not implemented: \"%s.%s.%s\"",
			rv.Catalogname, rv.Schemaname, rv.Relname)
	}
}

// virtualSchemas hold what the server itself fills.
var virtualSchemas = map[string]bool{"pg_catalog": true, "information_schema": true, "s3db": true}

func checkCreatable(schema, name string) {
	if virtualSchemas[schema] {
		fail(pgerr.New(pgerr.InsufficientPrivilege, "permission denied to create \"%s.%s\"", schema, name).
			WithDetail("System catalog modifications are currently disallowed."))
	}
}

// checkSchema is LookupExplicitNamespace: 3F000 for a qualifier that is no
// schema.
func (b *binder) checkSchema(schema string, pos int) {
	if schema != "" && schema != "pg_catalog" && b.env.Catalog != nil && b.env.Catalog.SchemaByName(schema) == nil {
		failAt(pos, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
}

func rangeVarName(rv *parser.RangeVar) string {
	if rv.Schemaname != "" {
		return rv.Schemaname + "." + rv.Relname
	}
	return rv.Relname
}

// creationSchema is where CREATE puts an unqualified name: 3F000 where the path
// has no such schema.
func (b *binder) creationSchema(rv *parser.RangeVar) string {
	b.checkDatabase(rv)
	if rv.Schemaname != "" {
		if b.env.Catalog.SchemaByName(rv.Schemaname) == nil {
			failAt(b.at(rv.Location), pgerr.InvalidSchemaName, "schema \"%s\" does not exist", rv.Schemaname)
		}
		checkCreatable(rv.Schemaname, rv.Relname)
		return rv.Schemaname
	}
	for _, ns := range b.env.SearchPath {
		if b.env.Catalog.SchemaByName(ns) != nil {
			checkCreatable(ns, rv.Relname)
			return ns
		}
	}
	failAt(b.at(rv.Location), pgerr.InvalidSchemaName, "no schema has been selected to create in")
	return ""
}
