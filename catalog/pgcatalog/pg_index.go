package pgcatalog

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(pgIndex) }

// index is a primary key, a partition or a set of unique keys.
type index struct {
	v   View
	rel *catalog.Relation
	ix  *catalog.Index
}

// pgIndex: a partition that was not verified is not valid, since a listing of it
// may miss rows (storage.md section 1).
var pgIndex = virtual.Rel[index]{
	Of:   "pg_index",
	Size: virtual.Size{PerRelation: 2},
	Rows: func(v View, yield func(index)) {
		owned(v, func(rel *catalog.Relation) { indexesOf(v, rel, yield) })
	},
	Columns: virtual.Columns[index]{
		"indexrelid":     func(i index) any { return i.ix.OID },
		"indrelid":       func(i index) any { return i.rel.OID },
		"indnatts":       func(i index) any { return int16(len(i.ix.Keys) + len(i.ix.Include)) },
		"indnkeyatts":    func(i index) any { return int16(len(i.ix.Keys)) },
		"indpred":        func(i index) any { return i.predicate() },
		"indisunique":    func(i index) any { return i.ix.Unique },
		"indisprimary":   func(i index) any { return i.primary() },
		"indisclustered": func(i index) any { return i.ix.OID == i.rel.ClusteredOn },
		"indisreplident": func(i index) any { return i.rel.ReplicaIdentity == 'i' && i.ix.OID == i.rel.ReplicaIndex },
		"indimmediate":   func(i index) any { return i.immediate() },
		"indisvalid":     func(i index) any { return catalog.IndexWhole(i.v.Catalog(), i.rel, i.ix) },
		"indisready":     is[index](true),
		"indislive":      is[index](true),
		"indkey":         func(i index) any { return int2Vector(i.keys()) },
		"indcollation":   func(i index) any { return oidVector(i.collations()) },
		"indclass":       func(i index) any { return oidVector(i.opclasses()) },
		"indoption":      func(i index) any { return int2Vector(i.options()) },
		"indexprs":       func(i index) any { return orNull(i.expressions()) },
		"indisexclusion": is[index](false),

		"indnullsnotdistinct": func(i index) any { return i.ix.NullsNotDistinct },
	},
	Lookups: []virtual.Lookup[index]{
		{By: []string{"indexrelid"}, Find: func(v View, keys []any, yield func(index)) {
			if rel, ix := indexByOID(v, keys[0].(types.OID)); ix != nil {
				yield(index{v, rel, ix})
			}
		}},
		{By: []string{"indrelid"}, Each: 2, Find: func(v View, keys []any, yield func(index)) {
			byOID(v, keys[0].(types.OID), func(rel *catalog.Relation) { indexesOf(v, rel, yield) })
		}},
	},
}

func indexesOf(v View, rel *catalog.Relation, yield func(index)) {
	for _, ix := range Indexes(rel) {
		yield(index{v, rel, ix})
	}
}

// column is the visible column of a key, nil for an expression, a nested leaf or a
// system column: those are expressions, as far as pg_index can say.
func (i index) column(k *catalog.IndexKey) *catalog.Column {
	if c := i.rel.Column(k.Num); c != nil && !c.Hidden && c.Num > 0 {
		return c
	}
	return nil
}

// each maps the parts of the key.
func each[T any](ix *catalog.Index, f func(k *catalog.IndexKey) T) []T {
	var out []T
	for n := range ix.Keys {
		out = append(out, f(&ix.Keys[n]))
	}
	return out
}

func (i index) keys() []int16 {
	nums := each(i.ix, func(k *catalog.IndexKey) int16 {
		if c := i.column(k); c != nil {
			return c.Num
		}
		return 0
	})
	return append(nums, i.ix.Include...)
}

func (i index) collations() []types.OID {
	return each(i.ix, func(k *catalog.IndexKey) types.OID { return k.Collation })
}

func (i index) opclasses() []types.OID {
	return each(i.ix, func(k *catalog.IndexKey) types.OID { return classOf(i.ix, k) })
}

// indoption's bits (pg_index.h).
const (
	indoptionDesc       = 1
	indoptionNullsFirst = 2
)

func (i index) options() []int16 {
	return each(i.ix, func(k *catalog.IndexKey) int16 {
		bits := int16(0)
		if k.Desc {
			bits |= indoptionDesc
		}
		if k.NullsFirst {
			bits |= indoptionNullsFirst
		}
		return bits
	})
}

// constraint is that which the index serves, nil for none.
func (i index) constraint() *catalog.Constraint {
	for _, c := range i.rel.Constraints {
		if c.Index == i.ix.OID && c.Kind != catalog.ForeignConstraint {
			return c
		}
	}
	return nil
}

func (i index) primary() bool {
	c := i.constraint()
	return c != nil && c.Kind == catalog.PrimaryConstraint
}

// immediate says that duplicates are refused at once, not at the end of the
// statement.
func (i index) immediate() bool {
	c := i.constraint()
	return c == nil || !c.Deferrable
}

// expression is a part of the key that is no column, for pg_get_expr.
func (i index) expression(k *catalog.IndexKey) string {
	if k.Expr == "" {
		return keyText(i.v, i.rel, k, false)
	}
	return deparsed(i.v, catalog.KeptExpr{Text: k.Expr, Rel: i.rel}, false)
}

func (i index) predicate() any {
	if i.ix.Predicate == "" {
		return nil
	}
	return deparsed(i.v, catalog.KeptExpr{Text: i.ix.Predicate, Rel: i.rel}, false)
}

func (i index) expressions() string {
	var out []string
	for n := range i.ix.Keys {
		if k := &i.ix.Keys[n]; i.column(k) == nil {
			out = append(out, i.expression(k))
		}
	}
	return strings.Join(out, ", ")
}
