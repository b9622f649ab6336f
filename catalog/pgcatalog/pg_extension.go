package pgcatalog

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgExtension, pgAvailableExtensions, pgAvailableExtensionVersions) }

// extension is what is built in and can't be dropped. Its oid is one of initdb's:
// pg_dump leaves such an extension, and with it its members, out of every dump.
type extension struct {
	oid, namespace        types.OID
	schema, name, version string
	doc                   string
	// members yields what pg_depend names as its parts.
	members func(v View, yield func(object))
}

var extensions = []extension{
	{13559, Schema.OID, Schema.Name, "plpgsql", "1.0", "PL/pgSQL procedural language", languageMembers(catalog.PLpgSQLLanguageOID)},
	{13920, catalog.S3DBSchemaOID, "s3db", "s3db", "1.0", "requests to the store and their cost", schemaMembers(catalog.S3DBSchemaOID)},
}

// languageMembers are languages and their functions.
func languageMembers(oids ...types.OID) func(v View, yield func(object)) {
	return func(_ View, yield func(object)) {
		for _, l := range catalog.Languages {
			if !slices.Contains(oids, l.OID) {
				continue
			}
			for _, f := range []types.OID{l.Call, l.Inline, l.Validator} {
				if f != 0 {
					yield(object{classProc, f, 0})
				}
			}
			yield(object{classLanguage, l.OID, 0})
		}
	}
}

// schemaMembers are a schema, its relations and its functions.
func schemaMembers(oid types.OID) func(v View, yield func(object)) {
	return func(v View, yield func(object)) {
		yield(object{classNamespace, oid, 0})
		schema := schemaByOID(v, oid)
		if schema == nil {
			return
		}
		for _, rel := range Outlines(v) {
			if rel.Schema == schema.Name {
				yield(object{classClass, rel.OID, 0})
			}
		}
		for _, f := range procs().all {
			if f.Schema() == schema.Name {
				yield(object{classProc, f.OID, 0})
			}
		}
	}
}

// allExtensions are those whose schema the catalog has.
func allExtensions(v View, yield func(extension)) {
	for _, e := range extensions {
		if schemaByOID(v, e.namespace) != nil {
			yield(e)
		}
	}
}

var pgExtension = virtual.Rel[extension]{
	Of:   "pg_extension",
	Size: virtual.Size{Fixed: 3},
	Rows: allExtensions,
	Columns: virtual.Columns[extension]{
		"oid":            func(e extension) any { return e.oid },
		"extname":        func(e extension) any { return e.name },
		"extowner":       is[extension](catalog.BootstrapSuperuser),
		"extnamespace":   func(e extension) any { return e.namespace },
		"extrelocatable": is[extension](false),
		"extversion":     func(e extension) any { return e.version },
	},
}

var pgAvailableExtensions = virtual.Rel[extension]{
	Of:   "pg_available_extensions",
	Rows: allExtensions,
	Columns: virtual.Columns[extension]{
		"name":              func(e extension) any { return e.name },
		"default_version":   func(e extension) any { return e.version },
		"installed_version": func(e extension) any { return e.version },
		"comment":           func(e extension) any { return e.doc },
	},
}

var pgAvailableExtensionVersions = virtual.Rel[extension]{
	Of:   "pg_available_extension_versions",
	Rows: allExtensions,
	Columns: virtual.Columns[extension]{
		"name":        func(e extension) any { return e.name },
		"version":     func(e extension) any { return e.version },
		"installed":   is[extension](true),
		"superuser":   is[extension](true),
		"trusted":     is[extension](true),
		"relocatable": is[extension](false),
		"schema":      func(e extension) any { return e.schema },
		"comment":     func(e extension) any { return e.doc },
	},
}

func availableExtensions(q *call) (any, error) {
	var out [][]any
	allExtensions(q.View, func(e extension) { out = append(out, []any{e.name, e.version, e.doc}) })
	return out, nil
}

// extensions adds the members of extensions.
func (c *dependencies) extensions() {
	allExtensions(c.v, func(e extension) {
		e.members(c.v, func(o object) { c.add(o, object{classExtension, e.oid, 0}, member) })
	})
}
