package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// What an index is able to do is what PostgreSQL says of its access method
// (amutils.c); a property that is not known is NULL.

func init() {
	answersOf(map[string]answer{
		"pg_indexam_has_property":      methodProperty,
		"pg_index_has_property":        indexProperty,
		"pg_index_column_has_property": keyProperty,
		"pg_filenode_relation":         filenodeRelation,
	})
}

// exclusion and the others are the access methods with a property that package opclass
// has no use for.
var (
	exclusion   = methods("btree", "hash", "gist", "spgist") // amgettuple
	clusterable = methods("btree", "gist")
	backward    = methods("btree", "hash")
	arrayKeys   = methods("btree")
	nullKeys    = methods("btree", "gist", "spgist", "brin")
)

func methods(names ...string) func(*opclass.Method) bool {
	return func(m *opclass.Method) bool {
		for _, n := range names {
			if m.Name == n {
				return true
			}
		}
		return false
	}
}

var methodProperties = map[string]func(*opclass.Method) bool{
	"can_order":     func(m *opclass.Method) bool { return m.Ordered },
	"can_unique":    func(m *opclass.Method) bool { return m.Unique },
	"can_multi_col": func(m *opclass.Method) bool { return m.MultiColumn },
	"can_exclude":   exclusion,
	"can_include":   func(m *opclass.Method) bool { return m.Include },
}

func methodProperty(q *call) (any, error) {
	has := methodProperties[strings.ToLower(q.text(1))]
	for _, m := range opclass.Methods {
		if m.OID == q.oid(0) && has != nil {
			return has(m), nil
		}
	}
	return nil, nil
}

var indexProperties = map[string]func(*opclass.Method) bool{
	"clusterable":   clusterable,
	"index_scan":    exclusion,
	"bitmap_scan":   func(*opclass.Method) bool { return true },
	"backward_scan": backward,
}

func indexProperty(q *call) (any, error) {
	has := indexProperties[strings.ToLower(q.text(1))]
	if _, ix := indexByOID(q.View, q.oid(0)); ix != nil && has != nil {
		return has(methodOf(ix)), nil
	}
	return nil, nil
}

// keyProperties are of columns that are part of the key.
var keyProperties = map[string]func(m *opclass.Method, k *catalog.IndexKey) bool{
	"asc":                func(m *opclass.Method, k *catalog.IndexKey) bool { return m.Ordered && !k.Desc },
	"desc":               func(m *opclass.Method, k *catalog.IndexKey) bool { return m.Ordered && k.Desc },
	"nulls_first":        func(m *opclass.Method, k *catalog.IndexKey) bool { return m.Ordered && k.NullsFirst },
	"nulls_last":         func(m *opclass.Method, k *catalog.IndexKey) bool { return m.Ordered && !k.NullsFirst },
	"orderable":          func(m *opclass.Method, _ *catalog.IndexKey) bool { return m.Ordered },
	"distance_orderable": ordersByDistance,
	"returnable":         returnable,
	"search_array":       func(m *opclass.Method, _ *catalog.IndexKey) bool { return arrayKeys(m) },
	"search_nulls":       func(m *opclass.Method, _ *catalog.IndexKey) bool { return nullKeys(m) },
}

// ordersByDistance says whether the key's operator family has an ordering operator.
func ordersByDistance(m *opclass.Method, k *catalog.IndexKey) bool {
	c := classOfKey(m, k)
	for _, o := range opclass.Operators() {
		if c != nil && o.Family == c.Family && o.Purpose == "o" && o.Left == c.In {
			return true
		}
	}
	return false
}

func classOfKey(m *opclass.Method, k *catalog.IndexKey) *opclass.Class {
	if c := opclass.ByOID(k.OpClass); c != nil {
		return c
	}
	return opclass.Default(m, k.Type)
}

// The support functions of GiST that a class returns its values with (gist.h).
const gistCompress, gistFetch = 3, 9

// returnable: an index of GiST or SP-GiST gives back what its class keeps unchanged
// (gistcanreturn, spgcanreturn).
func returnable(m *opclass.Method, k *catalog.IndexKey) bool {
	c := classOfKey(m, k)
	switch {
	case m.Name == opclass.BTree:
		return true
	case m.Name == "spgist":
		return c != nil && (c.Key == 0 || c.Key == c.In)
	case m.Name != "gist" || c == nil:
		return false
	}
	has := map[int16]bool{}
	for _, p := range opclass.Functions() {
		if p.Family == c.Family && p.Left == c.In {
			has[p.Number] = true
		}
	}
	return has[gistFetch] || !has[gistCompress]
}

func keyProperty(q *call) (any, error) {
	name := strings.ToLower(q.text(2))
	_, ix := indexByOID(q.View, q.oid(0))
	n := int(q.args[1].(int32))
	has := keyProperties[name]
	if ix == nil || has == nil || n < 1 || n > len(ix.Keys)+len(ix.Include) {
		return nil, nil
	}
	if n <= len(ix.Keys) {
		return has(methodOf(ix), &ix.Keys[n-1]), nil
	}
	return includedProperty[name], nil
}

// includedProperty is what holds of a column that is only stored.
var includedProperty = map[string]any{"orderable": false, "distance_orderable": false, "returnable": true}

func filenodeRelation(q *call) (any, error) {
	if q.oid(0) != 0 && q.oid(0) != defaultTablespace {
		return nil, nil
	}
	var found any
	classByOID(q.View, q.oid(1), func(c class) {
		if c.fileNode() == q.oid(1) && q.oid(1) != 0 {
			found = types.OID(c.oid())
		}
	})
	return found, nil
}
