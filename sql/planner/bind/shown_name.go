package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ShownName is a relation's name as messages show it: with its schema unless a search path
// finds it without (RelationIsVisible).
func ShownName(cat catalog.Reader, path []string, rel *catalog.Relation) string {
	return shownName(cat, path, rel.Schema, rel.Name, rel.OID)
}

// ShownIndex is ShownName of an index of rel, of a key too.
func ShownIndex(cat catalog.Reader, path []string, rel *catalog.Relation, name string, oid types.OID) string {
	return shownName(cat, path, rel.Schema, name, oid)
}

func shownName(cat catalog.Reader, path []string, schema, name string, oid types.OID) string {
	for _, on := range path {
		found := catalog.OID(0)
		if rel := cat.Relation(on, name); rel != nil {
			found = rel.OID
		} else if _, ix := cat.IndexByName(on, name); ix != nil {
			found = ix.OID
		}
		if found == oid {
			return quoteIdent(name)
		}
		if found != 0 {
			break
		}
	}
	return quoteIdent(schema) + "." + quoteIdent(name)
}

// tableText is a table as messages describe it (getRelationDescription).
func (b *binder) tableText(rel *catalog.Relation) string {
	return "table " + ShownName(b.env.Catalog, b.searchPath(), rel)
}
