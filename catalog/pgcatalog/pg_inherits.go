package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgInherits) }

// inheritance is a relation and one of its parents: of a table, or of an index of a
// partition.
type inheritance struct {
	child, parent catalog.OID
	seq           int32
}

func parentsOf(v View, rel *catalog.Relation, yield func(inheritance)) {
	for i, parent := range rel.Parents {
		yield(inheritance{rel.OID, parent, int32(i + 1)})
	}
	if rel.Bound == nil {
		return
	}
	rel = v.Catalog().RelationByOID(rel.OID)
	for _, ix := range Indexes(rel) {
		indexParent(v, rel, ix, yield)
	}
}

func indexParent(v View, rel *catalog.Relation, ix *catalog.Index, yield func(inheritance)) {
	if above := catalog.IndexAbove(v.Catalog(), rel, ix); above != nil {
		yield(inheritance{ix.OID, above.OID, 1})
	}
}

var pgInherits = virtual.Rel[inheritance]{
	Of: "pg_inherits",
	Rows: func(v View, yield func(inheritance)) {
		for _, rel := range Outlines(v) {
			parentsOf(v, rel, yield)
		}
	},
	Columns: virtual.Columns[inheritance]{
		"inhrelid":  func(i inheritance) any { return i.child },
		"inhparent": func(i inheritance) any { return i.parent },
		"inhseqno":  func(i inheritance) any { return i.seq },
	},
	Lookups: []virtual.Lookup[inheritance]{
		{By: []string{"inhrelid"}, Find: func(v View, keys []any, yield func(inheritance)) {
			child := keys[0].(catalog.OID)
			if rel, ix := indexByOID(v, child); ix != nil {
				indexParent(v, rel, ix, yield)
				return
			}
			byOID(v, child, func(rel *catalog.Relation) {
				for i, parent := range rel.Parents {
					yield(inheritance{child, parent, int32(i + 1)})
				}
			})
		}},
		{By: []string{"inhparent"}, Each: 4, Find: func(v View, keys []any, yield func(inheritance)) {
			parent := keys[0].(catalog.OID)
			if rel, ix := indexByOID(v, parent); ix != nil {
				for _, below := range catalog.IndexesBelow(v.Catalog(), rel, ix) {
					yield(inheritance{below.OID, parent, 1})
				}
			}
			for _, child := range v.Catalog().Inheriting(parent) {
				for i, p := range child.Parents {
					if p == parent {
						yield(inheritance{child.OID, parent, int32(i + 1)})
					}
				}
			}
		}},
	},
}
