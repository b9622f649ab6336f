package infoschema

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/pgcatalog"
	"github.com/s3db-sql/s3db-sql/catalog/virtual"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func init() { registry.Declare(columns) }

// column is a visible column of a relation.
type column struct {
	relation
	col *catalog.Column
}

func columnsOf(r relation, yield func(column)) {
	for _, c := range r.rel.VisibleColumns() {
		yield(column{r, c})
	}
}

func (c column) typed() typed {
	t, mod := c.col.Type, c.col.Typmod
	if t.Domain != nil {
		t, mod = t.Domain.Base, t.Domain.Typmod
	}
	return typed{v: c.v, typ: t, mod: mod, collation: c.col.Collation}
}

// domain is an attribute of a column's domain, NULL without one.
func (c column) domain(attribute func(*types.Type) any) any {
	if c.col.Type.Domain == nil {
		return nil
	}
	return attribute(c.col.Type)
}

func (c column) nullable() bool {
	d := c.col.Type.Domain
	return !c.col.NotNull && (d == nil || !d.NotNull)
}

var columns = virtual.Rel[column]{
	Of:   "columns",
	Rows: expand(columnsOf),
	Columns: withType(virtual.Columns[column]{
		"table_catalog":         func(c column) any { return c.catalog() },
		"table_schema":          func(c column) any { return c.schema() },
		"table_name":            func(c column) any { return c.name() },
		"column_name":           func(c column) any { return c.col.Name },
		"ordinal_position":      func(c column) any { return int32(c.col.Num) },
		"column_default":        func(c column) any { return c.ifGenerated(false) },
		"is_nullable":           func(c column) any { return yesNo(c.nullable()) },
		"domain_catalog":        func(c column) any { return c.domain(func(*types.Type) any { return c.v.Database() }) },
		"domain_schema":         func(c column) any { return c.domain(func(t *types.Type) any { return t.Namespace }) },
		"domain_name":           func(c column) any { return c.domain(func(t *types.Type) any { return t.Name }) },
		"dtd_identifier":        func(c column) any { return decimal(int(c.col.Num)) },
		"is_self_referencing":   is[column]("NO"),
		"is_identity":           func(c column) any { return yesNo(c.col.Identity != 0) },
		"identity_generation":   func(c column) any { return orNull(identities[c.col.Identity]) },
		"identity_start":        func(c column) any { return c.identity(func(q *catalog.SequenceInfo) int64 { return q.Start }) },
		"identity_increment":    func(c column) any { return c.identity(func(q *catalog.SequenceInfo) int64 { return q.Increment }) },
		"identity_maximum":      func(c column) any { return c.identity(func(q *catalog.SequenceInfo) int64 { return q.Max }) },
		"identity_minimum":      func(c column) any { return c.identity(func(q *catalog.SequenceInfo) int64 { return q.Min }) },
		"identity_cycle":        func(c column) any { return yesNo(c.cycles()) },
		"is_generated":          func(c column) any { return generated(c.col) },
		"generation_expression": func(c column) any { return c.ifGenerated(true) },
		"is_updatable":          func(c column) any { return yesNo(pgcatalog.ColumnUpdatable(c.v, c.rel, c.col)) },
	}, column.typed, "udt"),
	Lookups: byTable("table_schema", "table_name", columnsOf),
}

// identity is an attribute of an identity column's sequence, NULL for other
// columns.
func (c column) identity(attribute func(*catalog.SequenceInfo) int64) any {
	if seq := c.sequence(); seq != nil {
		return decimal(int(attribute(seq)))
	}
	return nil
}

func (c column) cycles() bool {
	seq := c.sequence()
	return seq != nil && seq.Cycle
}

func (c column) sequence() *catalog.SequenceInfo {
	if c.col.Identity == 0 {
		return nil
	}
	if rel := catalog.ColumnSequence(c.v.Catalog(), c.rel.OID, c.col.Num, true); rel != nil {
		return rel.Sequence
	}
	return nil
}

var identities = map[byte]string{'a': "ALWAYS", 'd': "BY DEFAULT"}

func generated(c *catalog.Column) any {
	if c.Generated != 0 {
		return "ALWAYS"
	}
	return "NEVER"
}

// ifGenerated is the expression of a generated column, or the default of any
// other.
func (c column) ifGenerated(want bool) any {
	if (c.col.Generated != 0) != want || c.col.Default == "" {
		return nil
	}
	return pgcatalog.DefaultText(c.v, c.rel, c.col)
}
