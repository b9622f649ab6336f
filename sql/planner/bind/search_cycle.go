package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// SEARCH and CYCLE of WITH RECURSIVE add columns to the query: PostgreSQL's
// rewriteSearchAndCycle. The recursive term passes on those of the row that it
// came from, and they are computed anew from them and the term's own row.

// tracking is the SEARCH and CYCLE clause of one recursive query.
type tracking struct {
	s      *scope
	def    *parser.CommonTableExpr
	search *parser.CTESearchClause
	cycle  *parser.CTECycleClause
	// mark and unmark are the values of the mark column.
	mark, unmark plan.Expr
	// base are the query's own columns, added those of the clauses.
	base, added []plan.Col
	// item is the recursive reference, in the scope of the recursive term.
	item  *nsItem
	where *scope
}

// track is analyzeCTE's part for the two clauses; nil if there are none.
func (s *scope) track(def *parser.CommonTableExpr, sel *parser.SelectStmt) *tracking {
	if def.SearchClause == nil && def.CycleClause == nil {
		return nil
	}
	for _, side := range []struct {
		sel  *parser.SelectStmt
		name string
		code pgerr.Code
	}{{sel.Larg, "left", pgerr.FeatureNotSupported}, {sel.Rarg, "right", pgerr.SyntaxError}} {
		if side.sel.Op != parser.SetOperation_SETOP_NONE {
			failAt(-1, side.code, "with a SEARCH or CYCLE clause, the %s side of the UNION must be a SELECT", side.name)
		}
	}
	t := &tracking{s: s, def: def, search: def.SearchClause, cycle: def.CycleClause}
	if t.cycle != nil {
		t.bindMarks()
	}
	return t
}

// notRecursive: the clauses stand on a query that does not refer to itself.
func (s *scope) notRecursive(def *parser.CommonTableExpr) {
	if def.SearchClause != nil || def.CycleClause != nil {
		failAt(s.b.at(def.Location), pgerr.SyntaxError, "WITH query is not recursive")
	}
}

func (t *tracking) bindMarks() {
	b := t.s.b
	marks := []plan.Expr{t.s.expr(t.cycle.CycleMarkValue), t.s.expr(t.cycle.CycleMarkDefault)}
	typ := b.commonType(marks, "CYCLE")
	t.mark, t.unmark = b.toCommon(marks[0], typ, "CYCLE/SET/TO"), b.toCommon(marks[1], typ, "CYCLE/SET/DEFAULT")
	if b.eqOperator(typ) == nil {
		failAt(-1, pgerr.UndefinedFunction, "could not identify an equality operator for type %s", b.typeName(typ))
	}
}

// columns checks the clauses against the query's columns and adds theirs.
func (t *tracking) columns(base []plan.Col) []plan.Col {
	t.base = base
	b := t.s.b
	recordArray := b.typ(types.RecordArrayOID)
	if c := t.search; c != nil {
		t.checkColumns("search", c.SearchColList, c.Location)
		t.checkNew("search sequence", c.SearchSeqColumn, c.Location)
		typ := recordArray
		if c.SearchBreadthFirst {
			typ = b.typ(types.RecordOID)
		}
		t.added = append(t.added, b.outputCol(c.SearchSeqColumn, typ, -1))
	}
	if c := t.cycle; c != nil {
		t.checkColumns("cycle", c.CycleColList, c.Location)
		t.checkNew("cycle mark", c.CycleMarkColumn, c.Location)
		t.checkNew("cycle path", c.CyclePathColumn, c.Location)
		t.checkDistinct()
		t.added = append(t.added, b.outputCol(c.CycleMarkColumn, t.mark.Type(), -1), b.outputCol(c.CyclePathColumn, recordArray, -1))
	}
	return append(slices.Clip(base), t.added...)
}

func (t *tracking) column(name string) int {
	return slices.IndexFunc(t.base, func(c plan.Col) bool { return c.Name == name })
}

func (t *tracking) checkColumns(clause string, names []*parser.Node, loc int32) {
	seen := map[string]bool{}
	for _, name := range nameParts(names) {
		if t.column(name) < 0 {
			failAt(t.s.b.at(loc), pgerr.SyntaxError, "%s column \"%s\" not in WITH query column list", clause, name)
		}
		if seen[name] {
			failAt(t.s.b.at(loc), pgerr.DuplicateColumn, "%s column \"%s\" specified more than once", clause, name)
		}
		seen[name] = true
	}
}

func (t *tracking) checkNew(what, name string, loc int32) {
	if t.column(name) >= 0 {
		failAt(t.s.b.at(loc), pgerr.SyntaxError, "%s column name \"%s\" already used in WITH query column list", what, name)
	}
}

func (t *tracking) checkDistinct() {
	same := func(a, b string, loc int32) {
		failAt(t.s.b.at(loc), pgerr.SyntaxError, "%s column name and %s column name are the same", a, b)
	}
	c := t.cycle
	if c.CycleMarkColumn == c.CyclePathColumn {
		same("cycle mark", "cycle path", c.Location)
	}
	if t.search == nil {
		return
	}
	switch t.search.SearchSeqColumn {
	case c.CycleMarkColumn:
		same("search sequence", "cycle mark", t.search.Location)
	case c.CyclePathColumn:
		same("search sequence", "cycle path", t.search.Location)
	}
}

// hidden yields the added columns of the recursive reference by name: they are
// not in its *.
func (t *tracking) hidden(name string, fold bool) *nsCol {
	for _, c := range t.item.cols[len(t.base):] {
		if sameName(c.name, name, fold) {
			return c
		}
	}
	return nil
}

// reference notes the recursive reference and takes the added columns out of
// its sight.
func (t *tracking) reference(s *scope, it *nsItem) {
	full := *it
	t.item, t.where = &full, s
	it.cols = it.cols[:len(t.base):len(t.base)]
	it.hidden = t.hidden
}

// passOn adds the added columns of the recursive reference to the recursive
// term's select list, and stops at rows that close a cycle.
func (t *tracking) passOn(q *selection) {
	if t.where != q.scope {
		failAt(-1, pgerr.FeatureNotSupported,
			"with a SEARCH or CYCLE clause, the recursive reference to WITH query \"%s\" must be at the top level of its right-hand SELECT", t.def.Ctename)
	}
	passed := t.item.cols[len(t.base):]
	for _, c := range passed {
		q.targets = append(q.targets, &target{expr: c.expr, name: c.name})
	}
	if t.cycle == nil {
		return
	}
	b := t.s.b
	open := b.boolean(b.makeOp(opName{name: "<>"}, passed[len(passed)-2].expr, t.mark, -1), "WHERE")
	if q.where != nil {
		open = b.and([]plan.Expr{q.where, open}, -1)
	}
	q.where = open
}

// seed computes the added columns of the non-recursive term.
func (t *tracking) seed(n plan.Node) plan.Node {
	es := outputs(n)
	own := slices.Clone(es)
	if t.search != nil {
		row := t.row(own, t.search.SearchColList)
		if t.search.SearchBreadthFirst {
			es = append(es, t.deep(t.s.b.value(types.Int8OID, int64(0), -1), row))
		} else {
			es = append(es, t.array(row))
		}
	}
	if t.cycle != nil {
		es = append(es, t.unmark, t.array(t.row(own, t.cycle.CycleColList)))
	}
	return t.computed(n, es)
}

// step computes the added columns of the recursive term from those that it
// passes on.
func (t *tracking) step(n plan.Node) plan.Node {
	b := t.s.b
	own := outputs(n)
	passed := own[len(t.base):]
	own = own[:len(t.base)]
	es := slices.Clone(own)
	if t.search != nil {
		row := t.row(own, t.search.SearchColList)
		if t.search.SearchBreadthFirst {
			depth := &plan.FieldSelect{Meta: plan.M(b.typ(types.Int8OID), -1), Arg: passed[0], Index: 0, Name: "*DEPTH*"}
			es = append(es, t.deep(b.mustCall("int8inc", []plan.Expr{depth}, -1), row))
		} else {
			es = append(es, t.longer(passed[0], row))
		}
		passed = passed[1:]
	}
	if t.cycle != nil {
		row := t.row(own, t.cycle.CycleColList)
		closes := b.makeArrayOp(opName{name: "="}, row, passed[1], false, -1)
		mark := &plan.Case{Meta: plan.M(t.mark.Type(), -1), Whens: []plan.When{{Cond: closes, Result: t.mark}}, Else: t.unmark}
		es = append(es, mark, t.longer(passed[1], row))
	}
	return t.computed(n, es)
}

func (t *tracking) computed(n plan.Node, es []plan.Expr) plan.Node {
	p := &plan.Project{Input: n}
	for i, c := range append(slices.Clip(t.base), t.added...) {
		p.Values, p.Cols = append(p.Values, es[i]), append(p.Cols, t.s.b.outputCol(c.Name, c.Type, c.Mod))
	}
	return p
}

// row is ROW(the named columns).
func (t *tracking) row(own []plan.Expr, names []*parser.Node) *plan.RowExpr {
	r := &plan.RowExpr{Meta: plan.M(t.s.b.typ(types.RecordOID), -1)}
	for _, name := range nameParts(names) {
		r.Fields, r.Names = append(r.Fields, own[t.column(name)]), append(r.Names, name)
	}
	return r
}

// deep is ROW(depth, the fields of row).
func (t *tracking) deep(depth plan.Expr, row *plan.RowExpr) plan.Expr {
	return &plan.RowExpr{Meta: row.Meta, Fields: append([]plan.Expr{depth}, row.Fields...), Names: append([]string{"*DEPTH*"}, row.Names...)}
}

func (t *tracking) array(row plan.Expr) plan.Expr {
	return &plan.ArrayExpr{Meta: plan.M(t.s.b.typ(types.RecordArrayOID), -1), Elems: []plan.Expr{row}}
}

// longer is path || ARRAY[row].
func (t *tracking) longer(path plan.Expr, row plan.Expr) plan.Expr {
	return t.s.b.mustCall("array_cat", []plan.Expr{path, t.array(row)}, -1)
}
