package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// searchPath is the path with the schemas that come first without being named:
// the temporary one and pg_catalog (recomputeNamespacePath).
func (b *binder) searchPath() []string {
	path := b.env.SearchPath
	if !slices.Contains(path, "pg_catalog") {
		path = append([]string{"pg_catalog"}, path...)
	}
	if b.env.TempSchema != "" && !slices.Contains(path, b.env.TempSchema) {
		path = append([]string{b.env.TempSchema}, path...)
	}
	return path
}

// tempAlias stands for the session's temporary schema in names.
const tempAlias = "pg_temp"

// schemaName resolves a qualifier: pg_temp is the session's own temporary schema.
func (b *binder) schemaName(schema string) string {
	if schema == tempAlias && b.env.TempSchema != "" {
		return b.env.TempSchema
	}
	return schema
}

// findRelation looks a name up; nil if there is none.
func (b *binder) findRelation(schema, name string) *catalog.Relation {
	if b.env.Catalog == nil {
		return nil
	}
	if schema != "" {
		b.mayUseSchema(b.schemaName(schema))
		return b.env.Catalog.Relation(b.schemaName(schema), name)
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
		b.refers(catalog.ClassRelation, r.OID, 0)
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
	if schema != "" && schema != "pg_catalog" && schema != tempAlias && b.env.Catalog != nil && b.env.Catalog.SchemaByName(schema) == nil {
		failAt(pos, pgerr.InvalidSchemaName, "schema \"%s\" does not exist", schema)
	}
	if schema != "" {
		b.mayUseSchema(schema)
	}
}

func rangeVarName(rv *parser.RangeVar) string {
	if rv.Schemaname != "" {
		return rv.Schemaname + "." + rv.Relname
	}
	return rv.Relname
}

// creationSchema is where CREATE puts a relation
// (RangeVarGetAndCheckCreationNamespace): 3F000 where there is no such schema,
// 42P16 where its persistence is not the schema's.
func (b *binder) creationSchema(rv *parser.RangeVar) string {
	b.checkDatabase(rv)
	schema := b.namedCreationSchema(rv)
	checkCreatable(schema, rv.Relname)
	b.checkPersistence(rv, schema)
	return schema
}

func (b *binder) namedCreationSchema(rv *parser.RangeVar) string {
	schema := b.schemaName(rv.Schemaname)
	switch {
	case schema != "" && schema != b.env.TempSchema && b.env.Catalog.SchemaByName(schema) == nil:
		failAt(b.at(rv.Location), pgerr.InvalidSchemaName, "schema \"%s\" does not exist", rv.Schemaname)
	case schema != "":
		return schema
	case rv.Relpersistence == temporary:
		return b.env.TempSchema
	}
	for _, ns := range b.env.SearchPath {
		if ns == b.env.TempSchema || b.env.Catalog.SchemaByName(ns) != nil {
			return ns
		}
	}
	failAt(b.at(rv.Location), pgerr.InvalidSchemaName, "no schema has been selected to create in")
	return ""
}

// temporary and unlogged are RangeVar's relpersistence. The rows of an unlogged table are
// kept as any others.
const (
	temporary = "t"
	unlogged  = "u"
)

// checkPersistence is RangeVarAdjustRelationPersistence.
func (b *binder) checkPersistence(rv *parser.RangeVar, schema string) {
	own := schema == b.env.TempSchema
	switch {
	case own && rv.Relpersistence == unlogged:
		failAt(-1, pgerr.InvalidTableDefinition, "only temporary relations may be created in temporary schemas")
	case rv.Relpersistence != temporary:
	case schema == "": // a binder without a session
		unsupported(b.at(rv.Location), "a temporary relation")
	case !own:
		failAt(-1, pgerr.InvalidTableDefinition, "cannot create temporary relation in non-temporary schema")
	}
}
