package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// writeVerb is the words of "cannot insert into view"; columns those of "cannot
// insert into column".
type writeVerb struct {
	verb, using, columns string
	event                catalog.TriggerType
}

var (
	inserting = writeVerb{"insert into", "inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule", "insert into", catalog.TriggerInsert}
	updating  = writeVerb{"update", "updating the view, provide an INSTEAD OF UPDATE trigger or an unconditional ON UPDATE DO INSTEAD rule", "update", catalog.TriggerUpdate}
	deleting  = writeVerb{"delete from", "deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule", "", catalog.TriggerDelete}
)

// freezeTarget makes the name of a body's target lasting. The actions of rules are kept
// as they were written.
func (b *binder) freezeTarget(rv *parser.RangeVar, rel *catalog.Relation) {
	if b.freezing && !b.ruleDefinition {
		rv.Schemaname = rel.Schema
	}
}

// checkTarget is CheckValidResultRel.
func (b *binder) checkTarget(rel *catalog.Relation, rv *parser.RangeVar) {
	switch {
	case rel.Virtual:
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for table %s", rel.Name)
	case rel.Kind == catalog.MaterializedView:
		failAt(-1, pgerr.WrongObjectType, "cannot change materialized view \"%s\"", rel.Name)
	case rel.Kind == catalog.IndexRel:
		fail(pgerr.New(pgerr.WrongObjectType, "cannot open relation \"%s\"", rel.Name).
			WithDetail("This operation is not supported for indexes.").AtByte(b.at(rv.Location)))
	case rel.Kind == catalog.Sequence:
		failAt(-1, pgerr.WrongObjectType, "cannot change sequence \"%s\"", rel.Name)
	case rel.Resource != nil && rel.Resource.ReadOnly:
		failAt(-1, pgerr.InsufficientPrivilege, "permission denied for table %s", rel.Name)
	}
}

// rowOf makes columns for a row of the table, with a namespace item over them.
// They belong to no scan, so leaves are taken out of the row's own jsonb.
func (s *scope) rowOf(rel *catalog.Relation, name string) ([]plan.Col, []int16, *nsItem) {
	var cols []plan.Col
	var nums []int16
	it := &nsItem{name: name, source: rel, relVisible: true, colsVisible: true}
	if it.aliased = name != rel.Name; !it.aliased {
		it.rel = rel
	}
	for _, c := range rel.VisibleColumns() {
		col := s.b.newColumn(s, c.Name, c.Type, c.Typmod, tableColumn)
		col.Relation, col.Num = rel.OID, c.Num
		info := s.b.columns[col.ID]
		info.table, info.rel, info.num = name, rel.OID, c.Num
		cols, nums = append(cols, col), append(nums, c.Num)
		it.cols = append(it.cols, &nsCol{name: c.Name, expr: colExpr(col, -1), rel: rel.OID, num: c.Num})
	}
	it.hidden = func(name string, fold bool) *nsCol { return s.leafOfRow(it, name, fold) }
	if rel.Kind == catalog.PartitionedTable {
		cols, nums = s.partitionOID(it, cols, nums)
	}
	return cols, nums, it
}

// partitionOID adds the column that tells the partition of a partitioned table's row.
func (s *scope) partitionOID(it *nsItem, cols []plan.Col, nums []int16) ([]plan.Col, []int16) {
	col := s.b.newColumn(s, "tableoid", s.b.typ(types.OidOID), -1, tableColumn)
	it.hidden = func(name string, _ bool) *nsCol {
		if name != "tableoid" {
			return nil
		}
		return &nsCol{name: name, expr: colExpr(col, -1)}
	}
	return append(cols, col), append(nums, catalog.ColTableOID)
}

// leafOfRow computes a nested leaf from the jsonb column above it.
func (s *scope) leafOfRow(it *nsItem, name string, fold bool) *nsCol {
	for _, c := range it.source.Columns {
		if c.Path == nil || !sameName(c.Name, name, fold) {
			continue
		}
		top := it.findColumn(c.Path[0], false, -1)
		if top == nil {
			return nil
		}
		e := top.expr
		for i, key := range c.Path[1:] {
			op := "->"
			if i == len(c.Path)-2 {
				op = "->>"
			}
			e = s.b.makeOp(opName{name: op}, e, s.b.value(types.TextOID, key, -1), -1)
		}
		return &nsCol{name: c.Name, expr: s.b.explicitCast(e, c.Type, c.Typmod, -1, -1), needs: top.needs, att: top.att}
	}
	if name == "tableoid" {
		return &nsCol{name: name, expr: s.b.value(types.OidOID, it.source.OID, -1)}
	}
	return nil
}

// writableColumn finds a column by the name in a column list or SET: 42703,
// 0A000 for a system column.
func (b *binder) writableColumn(rel *catalog.Relation, name string, pos int) *catalog.Column {
	c := findWritable(rel, name)
	if c == nil {
		failAt(pos, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
	}
	if c.Num < 0 && c.Num != catalog.ColContent && c.Num != catalog.ColContentType {
		failAt(pos, pgerr.FeatureNotSupported, "cannot assign to system column \"%s\"", c.Name)
	}
	return c
}

// findWritable prefers an exact match to one without case.
func findWritable(rel *catalog.Relation, name string) *catalog.Column {
	if c := rel.ColumnByName(name); c != nil && c.Num != catalog.ColRowImage {
		return c
	}
	if !foldable(name) {
		return nil
	}
	i := slices.IndexFunc(rel.Columns, func(c *catalog.Column) bool { return sameName(c.Name, name, true) })
	if i < 0 {
		return nil
	}
	return rel.Columns[i]
}

// assign is transformAssignedExpr: an assignment coercion, 42804 with
// PostgreSQL's words where there is none.
func (b *binder) assign(e plan.Expr, c *catalog.Column) plan.Expr {
	out := b.coerceToTarget(e, c.Type, c.Typmod, coerceAssignment, plan.DisplayImplicitCast, -1)
	if out == nil {
		fail(pgerr.New(pgerr.DatatypeMismatch, "column \"%s\" is of type %s but expression is of type %s",
			c.Name, b.typeName(c.Type), b.typeName(e.Type())).
			WithHint("You will need to rewrite or cast the expression.").AtByte(e.Pos()))
	}
	return out
}

// defaultOf is the default of a column of rel, or its domain's; nil where it has
// none. An identity column's is the next number of its sequence
// (build_column_default).
func (b *binder) defaultOf(rel *catalog.Relation, c *catalog.Column) plan.Expr {
	if c.Identity != 0 {
		return b.nextValue(rel, c)
	}
	text := c.Default
	for t := c.Type; text == "" && t.Domain != nil; t = t.Domain.Base {
		text = t.Domain.Default
	}
	if text == "" && c.Generated == 0 {
		return b.typeDefault(c)
	}
	if text == "" || c.Generated != 0 {
		return nil
	}
	return b.assign(b.textExpr(text, nil, kindDefault), c)
}

// typeDefault is the default that a base type has, nil for none (get_typdefault).
func (b *binder) typeDefault(c *catalog.Column) plan.Expr {
	base, _ := c.Type.BaseType(-1)
	if base.BaseDef == nil || base.BaseDef.Default == nil {
		return nil
	}
	return b.assign(&plan.Const{Meta: plan.M(base, -1), Value: b.parseLiteral(*base.BaseDef.Default, base, -1, -1)}, c)
}

// hasDefault says whether a column that gets no value must be given one: its
// default, or the NULL that its domain has to allow.
func hasDefault(c *catalog.Column) bool {
	return c.Default != "" || c.Type.Constrained() || c.Type.HasDefault()
}

func (b *binder) nextValue(rel *catalog.Relation, c *catalog.Column) plan.Expr {
	seq := catalog.ColumnSequence(b.env.Catalog, rel.OID, c.Num, true)
	if seq == nil {
		failAt(-1, pgerr.InternalError, "no owned sequence found")
	}
	oid := b.value(types.RegClassOID, seq.OID, -1)
	return b.assign(b.mustCall("nextval", []plan.Expr{oid}, -1), c)
}

// defaultOrNull is what DEFAULT says.
func (b *binder) defaultOrNull(rel *catalog.Relation, c *catalog.Column, pos int) plan.Expr {
	if e := b.defaultOf(rel, c); e != nil {
		return e
	}
	base, typmod := c.Type.BaseType(c.Typmod)
	null := &plan.Const{Meta: plan.Meta{Typ: base, Mod: typmod, At: pos}}
	return b.toDomain(null, c.Type, coerceImplicit, plan.DisplayImplicitCast)
}

// checks binds the CHECK constraints over a row.
func (s *scope) checks(rel *catalog.Relation, it *nsItem) []plan.Check {
	var out []plan.Check
	for _, c := range rel.Constraints {
		if c.Kind == catalog.CheckConstraint {
			cond := s.b.boolean(s.b.itemExpr(c.Expr, it), "CHECK")
			out = append(out, plan.Check{Name: c.Name, Cond: cond})
		}
	}
	slices.SortFunc(out, func(a, b plan.Check) int {
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return out
}

// itemExpr binds the text of a CHECK over a row's columns.
func (b *binder) itemExpr(text string, it *nsItem) plan.Expr { return b.textExpr(text, it, kindCheck) }

// returning binds a RETURNING list.
func (s *scope) returning(ns []*parser.Node, items []*nsItem) ([]plan.Expr, []plan.Col) {
	if len(ns) == 0 {
		return nil, nil
	}
	saved := s.items
	s.items = items
	defer func() { s.items = saved }()
	var es []plan.Expr
	var cols []plan.Col
	for _, t := range s.targetList(ns, kindReturning) {
		e := s.b.textIfUnknown(t.expr)
		col := s.b.outputCol(t.name, e.Type(), e.Typmod())
		col.Relation, col.Num = t.rel, t.num
		es, cols = append(es, e), append(cols, col)
	}
	return es, cols
}
