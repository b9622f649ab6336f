package pgcatalog

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

func init() { registry.Declare(pgInherits) }

// inheritance is a table and one of its parents.
type inheritance struct {
	child  *catalog.Relation
	parent int // in Parents
}

func parentsOf(rel *catalog.Relation, yield func(inheritance)) {
	for i := range rel.Parents {
		yield(inheritance{rel, i})
	}
}

var pgInherits = virtual.Rel[inheritance]{
	Of: "pg_inherits",
	Rows: func(v View, yield func(inheritance)) {
		for _, rel := range Outlines(v) {
			parentsOf(rel, yield)
		}
	},
	Columns: virtual.Columns[inheritance]{
		"inhrelid":  func(i inheritance) any { return i.child.OID },
		"inhparent": func(i inheritance) any { return i.child.Parents[i.parent] },
		"inhseqno":  func(i inheritance) any { return int32(i.parent + 1) },
	},
	Lookups: []virtual.Lookup[inheritance]{
		{By: []string{"inhrelid"}, Find: func(v View, keys []any, yield func(inheritance)) {
			byOID(v, keys[0].(catalog.OID), func(rel *catalog.Relation) { parentsOf(rel, yield) })
		}},
		{By: []string{"inhparent"}, Find: func(v View, keys []any, yield func(inheritance)) {
			for _, child := range v.Catalog().Inheriting(keys[0].(catalog.OID)) {
				parentsOf(child, func(i inheritance) {
					if child.Parents[i.parent] == keys[0].(catalog.OID) {
						yield(i)
					}
				})
			}
		}},
	},
}
