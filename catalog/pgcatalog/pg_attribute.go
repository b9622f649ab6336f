package pgcatalog

import (
	"cmp"
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgAttribute) }

// attribute is a column of a relation or of an index.
type attribute struct {
	of   types.OID // pg_class.oid
	num  int16
	name string
	typ  *types.Type
	col  *catalog.Column
	ix   bool // of an index
	view bool
	v    View
	acl  []catalog.ACLItem
}

func (a attribute) target() any {
	if a.ix {
		return int32(-1)
	}
	return a.col.StatTarget()
}

func (a attribute) options() any {
	if a.ix {
		return nil
	}
	return arrayOrNull(types.TextOID, a.col.AttOptions)
}

// pgAttribute has no rows for nested leaves, which are no columns of *; system
// columns have negative numbers, as in PostgreSQL.
var pgAttribute = virtual.Rel[attribute]{
	Of:   "pg_attribute",
	Size: virtual.Size{Fixed: 3000, PerRelation: 12},
	Rows: func(v View, yield func(attribute)) {
		for _, o := range Outlines(v) {
			byOID(v, o.OID, func(rel *catalog.Relation) {
				attributesOf(v, rel, yield)
				for _, ix := range Indexes(rel) {
					indexAttributes(rel, ix, yield)
				}
			})
		}
	},
	Columns: virtual.Columns[attribute]{
		"attrelid":       func(a attribute) any { return a.of },
		"attname":        func(a attribute) any { return a.name },
		"atttypid":       func(a attribute) any { return a.typ.OID },
		"attstattarget":  func(a attribute) any { return a.target() },
		"attlen":         func(a attribute) any { return a.typ.Len },
		"attnum":         func(a attribute) any { return a.num },
		"attndims":       func(a attribute) any { return a.dims() },
		"attcacheoff":    is[attribute](int32(-1)),
		"atttypmod":      func(a attribute) any { return a.col.Typmod },
		"attbyval":       func(a attribute) any { return a.typ.ByVal },
		"attalign":       func(a attribute) any { return letter(a.typ.Align) },
		"attstorage":     func(a attribute) any { return letter(cmp.Or(a.col.Storage, a.typ.Storage)) },
		"attcompression": func(a attribute) any { return letter(a.col.Compression) },
		"attoptions":     func(a attribute) any { return a.options() },
		"attnotnull":     func(a attribute) any { return !a.ix && a.col.NotNull },
		"atthasdef":      func(a attribute) any { return !a.ix && a.col.Default != "" },
		"attidentity":    func(a attribute) any { return letter(a.ifColumn(a.col.Identity)) },
		"attgenerated":   func(a attribute) any { return letter(a.ifColumn(a.col.Generated)) },
		"attislocal":     func(a attribute) any { return a.ix || !a.col.NotLocal },
		"attinhcount":    func(a attribute) any { return int32(a.col.Inherited) },
		"attcollation":   func(a attribute) any { return a.col.Collation },
		"attacl":         func(a attribute) any { return aclArray(a.v, a.acl) },
	},
	Lookups: []virtual.Lookup[attribute]{
		{By: []string{"attrelid"}, Each: 12, Find: func(v View, keys []any, yield func(attribute)) {
			attributesByClass(v, keys[0].(types.OID), yield)
		}},
	},
}

func attributesByClass(v View, oid types.OID, yield func(attribute)) {
	if rel := v.Catalog().RelationByOID(oid); rel != nil {
		attributesOf(v, rel, yield)
	} else if rel, ix := indexByOID(v, oid); ix != nil {
		indexAttributes(rel, ix, yield)
	}
}

func attributesOf(v View, rel *catalog.Relation, yield func(attribute)) {
	for _, c := range rel.Columns {
		if internal := c.Num == catalog.ColRowID || c.Num == catalog.ColRowImage; internal || c.Hidden && c.Num > 0 {
			continue
		}
		yield(attribute{of: rel.OID, num: c.Num, name: c.Name, typ: c.Type, col: c, view: rel.Kind == catalog.View, v: v, acl: rel.ColumnACL[c.Num]})
	}
}

func indexAttributes(rel *catalog.Relation, ix *catalog.Index, yield func(attribute)) {
	n := int16(0)
	add := func(col *catalog.Column, name string) {
		n++
		yield(attribute{of: ix.OID, num: n, name: name, typ: col.Type, col: col, ix: true})
	}
	for i := range ix.Keys {
		k := &ix.Keys[i]
		add(keyColumn(ix, k), k.Name)
	}
	for _, num := range ix.Include {
		c := rel.Column(num)
		add(c, c.Name)
	}
}

// keyColumn is a key as the index keeps it: of another type where the access method or
// the operator class says so (ConstructTupleDescriptor of index.c).
func keyColumn(ix *catalog.Index, k *catalog.IndexKey) *catalog.Column {
	m := methodOf(ix)
	kept := m.KeyType
	if c := classOfKey(m, k); c != nil && c.Key != 0 {
		kept = c.Key
	}
	if kept == types.AnyElementOID {
		kept = k.Type.Elem
	}
	if t := types.Builtin().ByOID(kept); t != nil && kept != k.Type.OID {
		return &catalog.Column{Type: t, Typmod: -1, Collation: k.Collation}
	}
	return &catalog.Column{Type: k.Type, Typmod: k.Typmod, Collation: k.Collation}
}

// dims is what the declaration said: views and indexes declare nothing.
func (a attribute) dims() int32 {
	if a.view || a.ix || !a.typ.IsArray() {
		return 0
	}
	return max(int32(a.col.Dims), 1)
}

func (a attribute) ifColumn(b byte) byte {
	if a.ix {
		return 0
	}
	return b
}
