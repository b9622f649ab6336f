package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// index is a primary key, a partition or a set of unique keys.
type index struct {
	rel *catalog.Relation
	ix  *catalog.Index
}

// pgIndex: a partition that was not verified is not valid, since a listing of it
// may miss rows (storage.md section 1).
var pgIndex = virtual.Rel[index]{
	Of: "pg_index",
	Rows: func(v View, yield func(index)) {
		owned(v, func(rel *catalog.Relation) { indexesOf(rel, yield) })
	},
	Columns: virtual.Columns[index]{
		"indexrelid":     func(i index) any { return i.ix.OID },
		"indrelid":       func(i index) any { return i.rel.OID },
		"indnatts":       func(i index) any { return int16(len(i.ix.Columns)) },
		"indnkeyatts":    func(i index) any { return int16(len(i.ix.Columns)) },
		"indisunique":    func(i index) any { return i.ix.Unique },
		"indisprimary":   func(i index) any { return i.ix.Primary },
		"indimmediate":   is[index](true),
		"indisvalid":     func(i index) any { return i.ix.Complete },
		"indisready":     is[index](true),
		"indislive":      is[index](true),
		"indkey":         func(i index) any { return int2Vector(i.keys()) },
		"indcollation":   func(i index) any { return oidVector(i.collations()) },
		"indclass":       func(i index) any { return oidVector(i.opclasses()) },
		"indoption":      func(i index) any { return int2Vector(make([]int16, len(i.ix.Columns))) },
		"indexprs":       func(i index) any { return orNull(i.expressions()) },
		"indisexclusion": is[index](false),
	},
	Lookups: []virtual.Lookup[index]{
		{By: []string{"indexrelid"}, Find: func(v View, keys []any, yield func(index)) {
			if rel, ix := indexByOID(v, keys[0].(types.OID)); ix != nil {
				yield(index{rel, ix})
			}
		}},
		{By: []string{"indrelid"}, Find: func(v View, keys []any, yield func(index)) {
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) { indexesOf(rel, yield) })
		}},
	},
}

func indexesOf(rel *catalog.Relation, yield func(index)) {
	for _, ix := range Indexes(rel) {
		yield(index{rel, ix})
	}
}

// indexFields are the fields in the order in which the user wrote them, where
// that is known; a partition's keys have them by name.
func indexFields(ix *catalog.Index) []catalog.IndexColumn {
	if len(ix.Declared) != len(ix.Columns) {
		return ix.Columns
	}
	out := make([]catalog.IndexColumn, 0, len(ix.Columns))
	for _, num := range ix.Declared {
		for _, c := range ix.Columns {
			if c.Num == num {
				out = append(out, c)
				break
			}
		}
	}
	if len(out) != len(ix.Columns) {
		return ix.Columns
	}
	return out
}

// column is the visible column of a field, nil for a nested leaf or a system
// column: those are expressions, as far as pg_index can say.
func (i index) column(f catalog.IndexColumn) *catalog.Column {
	if c := i.rel.Column(f.Num); c != nil && !c.Hidden && c.Num > 0 {
		return c
	}
	return nil
}

func (i index) keys() []int16 {
	var out []int16
	for _, f := range indexFields(i.ix) {
		num := int16(0)
		if c := i.column(f); c != nil {
			num = c.Num
		}
		out = append(out, num)
	}
	return out
}

func (i index) collations() []types.OID {
	var out []types.OID
	for _, f := range indexFields(i.ix) {
		out = append(out, fieldColumn(i.rel, f).Collation)
	}
	return out
}

func (i index) opclasses() []types.OID {
	var out []types.OID
	for _, f := range indexFields(i.ix) {
		out = append(out, defaultOpclass(fieldColumn(i.rel, f).Type))
	}
	return out
}

// fieldColumn is the column of a field, hidden or not; a text column stands for
// a field whose column is gone.
func fieldColumn(rel *catalog.Relation, f catalog.IndexColumn) *catalog.Column {
	if c := rel.Column(f.Num); c != nil {
		return c
	}
	return &catalog.Column{Type: types.ByOID(types.TextOID), Typmod: -1, Collation: catalog.CollationDefault}
}

func (i index) expressions() string {
	var out []string
	for _, f := range indexFields(i.ix) {
		if i.column(f) == nil {
			out = append(out, fieldText(f))
		}
	}
	return strings.Join(out, ", ")
}
