package pgcatalog

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/ext"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgExtension, pgAvailableExtensions, pgAvailableExtensionVersions) }

// extension is what is built in and can't be dropped. Its oid is one of initdb's:
// pg_dump leaves such an extension, and with it its members, out of every dump.
type extension struct {
	oid, namespace        types.OID
	schema, name, version string
	doc                   string
	// created is what CREATE EXTENSION made, nil for what is built in.
	created              *catalog.Extension
	relocatable, trusted bool
	// members yields what pg_depend names as its parts.
	members func(v View, yield func(object))
}

var extensions = []extension{
	{oid: 13559, namespace: Schema.OID, schema: Schema.Name, name: "plpgsql", version: "1.0", doc: "PL/pgSQL procedural language",
		members: languageMembers(catalog.PLpgSQLLanguageOID)},
	{oid: 13920, namespace: catalog.S3DBSchemaOID, schema: "s3db", name: "s3db", version: "1.0", doc: "requests to the store and their cost",
		members: schemaMembers(catalog.S3DBSchemaOID)},
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

// allExtensions are the built-in ones whose schema the catalog has, and those of CREATE
// EXTENSION.
func allExtensions(v View, yield func(extension)) {
	for _, e := range extensions {
		if schemaByOID(v, e.namespace) != nil {
			yield(e)
		}
	}
	for _, e := range v.Catalog().Routines().Extensions() {
		yield(createdExtension(v, e))
	}
}

// createdExtension shows what CREATE EXTENSION made.
func createdExtension(v View, e *catalog.Extension) extension {
	out := extension{oid: e.OID, schema: e.Schema, name: e.Name, version: e.Version, doc: e.Comment, created: e,
		members: func(_ View, yield func(object)) {
			for _, m := range e.Members {
				yield(object{m.Class, m.OID, 0})
			}
		}}
	if s := v.Catalog().SchemaByName(e.Schema); s != nil {
		out.namespace = s.OID
	}
	return out
}

func extensionByOID(v View, oid types.OID) (found extension, ok bool) {
	allExtensions(v, func(e extension) {
		if e.oid == oid {
			found, ok = e, true
		}
	})
	return found, ok
}

// availableExtension is an extension that there is, installed or not.
type availableExtension struct {
	extension
	installed bool
}

// availableExtensionRows are all of them: what the server has, of the version it has.
func availableExtensionRows(v View, yield func(availableExtension)) {
	for _, e := range extensions {
		if schemaByOID(v, e.namespace) != nil {
			yield(availableExtension{e, true})
		}
	}
	for _, e := range ext.All() {
		yield(availableExtension{extension{name: e.Name, version: e.Version, doc: e.Comment, relocatable: true, trusted: e.Trusted},
			v.Catalog().Routines().Extension(e.Name) != nil})
	}
}

var pgExtension = virtual.Rel[extension]{
	Of:   "pg_extension",
	Size: virtual.Size{Fixed: 3},
	Rows: allExtensions,
	Columns: virtual.Columns[extension]{
		"oid":            func(e extension) any { return e.oid },
		"extname":        func(e extension) any { return e.name },
		"extowner":       func(e extension) any { return e.owner() },
		"extnamespace":   func(e extension) any { return e.namespace },
		"extrelocatable": func(e extension) any { return e.created != nil },
		"extversion":     func(e extension) any { return e.version },
	},
}

func (e extension) owner() types.OID {
	if e.created == nil {
		return catalog.BootstrapSuperuser
	}
	return e.created.Owner
}

var pgAvailableExtensions = virtual.Rel[availableExtension]{
	Of:   "pg_available_extensions",
	Rows: availableExtensionRows,
	Columns: virtual.Columns[availableExtension]{
		"name":            func(e availableExtension) any { return e.name },
		"default_version": func(e availableExtension) any { return e.version },
		"installed_version": func(e availableExtension) any {
			if !e.installed {
				return nil
			}
			return e.version
		},
		"comment": func(e availableExtension) any { return e.doc },
	},
}

var pgAvailableExtensionVersions = virtual.Rel[availableExtension]{
	Of:   "pg_available_extension_versions",
	Rows: availableExtensionRows,
	Columns: virtual.Columns[availableExtension]{
		"name":        func(e availableExtension) any { return e.name },
		"version":     func(e availableExtension) any { return e.version },
		"installed":   func(e availableExtension) any { return e.installed },
		"superuser":   is[availableExtension](true),
		"trusted":     func(e availableExtension) any { return e.trusted || !e.relocatable },
		"relocatable": func(e availableExtension) any { return e.relocatable },
		"schema":      func(e availableExtension) any { return orNull(e.schema) },
		"comment":     func(e availableExtension) any { return e.doc },
	},
}

func availableExtensions(q *call) (any, error) {
	var out [][]any
	availableExtensionRows(q.View, func(e availableExtension) { out = append(out, []any{e.name, e.version, e.doc}) })
	return out, nil
}

// extensions adds the members of extensions.
func (c *dependencies) extensions() {
	allExtensions(c.v, func(e extension) {
		e.members(c.v, func(o object) { c.add(o, object{classExtension, e.oid, 0}, member) })
		if e.created != nil {
			c.add(object{classExtension, e.oid, 0}, object{classNamespace, e.namespace, 0}, normal)
		}
	})
}
