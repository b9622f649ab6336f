package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
)

// is is a column that is the same in every row.
func is[T any](v any) func(T) any { return func(T) any { return v } }

// orNull is nil for the empty text.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// yesNo is the standard's way to say a truth.
func yesNo(b bool) any {
	if b {
		return "YES"
	}
	return "NO"
}

// relation is a table or view, and who asks.
type relation struct {
	v   View
	rel *catalog.Relation
}

func (r relation) catalog() any { return r.v.Database() }
func (r relation) schema() any  { return r.rel.Schema }
func (r relation) name() any    { return r.rel.Name }

// isBase says whether SQL calls it a base table.
func (r relation) isBase() bool { return r.rel.IsTable() }

// writable says whether UPDATE and DELETE may change it.
func (r relation) writable() bool { return r.may(pgcatalog.UpdateBit | pgcatalog.DeleteBit) }

// may says whether all statements of these bits may change it.
func (r relation) may(bits int) bool { return pgcatalog.Updatable(r.v, r.rel)&bits == bits }

// unlisted are the kinds of relation that the standard's tables do not have.
var unlisted = map[catalog.RelKind]bool{catalog.Sequence: true, catalog.MaterializedView: true, catalog.CompositeType: true}

// eachRelation lists relations, in outline where that is enough. Sequences have
// a view of their own, and the standard knows no materialized views.
func eachRelation(v View, yield func(relation)) {
	for _, rel := range pgcatalog.Outlines(v) {
		if !unlisted[rel.Kind] {
			yield(relation{v, rel})
		}
	}
}

// eachFull lists relations with their columns and constraints.
func eachFull(v View, yield func(relation)) {
	eachRelation(v, func(r relation) {
		if rel := v.Catalog().RelationByOID(r.rel.OID); rel != nil {
			yield(relation{v, rel})
		}
	})
}

// expand makes a row source of what each relation has.
func expand[T any](of func(r relation, yield func(T))) func(v View, yield func(T)) {
	return func(v View, yield func(T)) {
		eachFull(v, func(r relation) { of(r, yield) })
	}
}

// byTable makes the look-ups by the relation's name that a view of what
// relations have offers.
func byTable[T any](schema, name string, of func(r relation, yield func(T))) []virtual.Lookup[T] {
	find := func(v View, schema, name string, yield func(T)) {
		if rel := v.Catalog().Relation(schema, name); rel != nil && !unlisted[rel.Kind] {
			of(relation{v, rel}, yield)
		}
	}
	return []virtual.Lookup[T]{
		{By: []string{schema, name}, Find: func(v View, keys []any, yield func(T)) {
			find(v, keys[0].(string), keys[1].(string), yield)
		}},
		{By: []string{name}, Find: func(v View, keys []any, yield func(T)) {
			for _, s := range v.Catalog().Schemas() {
				find(v, s.Name, keys[0].(string), yield)
			}
		}},
	}
}

func itself(r relation, yield func(relation)) { yield(r) }

func roleName(v View, oid catalog.OID) any { return pgcatalog.RoleName(v, oid) }
