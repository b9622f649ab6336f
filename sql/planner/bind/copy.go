package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/copyfmt"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// copy is DoCopy, up to where the data begin.
func (b *binder) copy(c *parser.CopyStmt) plan.Statement {
	b.copyFile(c)
	out := &plan.Copy{From: c.IsFrom}
	switch {
	case c.Relation == nil:
		b.copyQuery(c, out)
	case c.IsFrom:
		b.copyFrom(c, out)
	default:
		b.copyTo(c, out)
	}
	return out
}

// copyFile refuses files and programs of the server: those who may not have them as
// PostgreSQL does.
func (b *binder) copyFile(c *parser.CopyStmt) {
	if c.Filename == "" {
		return
	}
	need, what, noun := catalog.RoleReadServerFiles, "pg_read_server_files role to COPY from a file", "file"
	switch {
	case c.IsProgram:
		need, what, noun = catalog.RoleExecuteServerProgram, "pg_execute_server_program role to COPY to or from an external program", "program"
	case !c.IsFrom:
		need, what = catalog.RoleWriteServerFiles, "pg_write_server_files role to COPY to a file"
	}
	if role := b.restricted(); role != nil && !catalog.HasPrivsOf(b.env.Catalog, role, need) {
		fail(pgerr.New(pgerr.InsufficientPrivilege, "must be superuser or have privileges of the %s", what).
			WithHint("Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone."))
	}
	unsupported(-1, "COPY with a %s of the server", noun)
}

// copyQuery is COPY (query) TO (BeginCopyTo).
func (b *binder) copyQuery(c *parser.CopyStmt, out *plan.Copy) {
	b.copyOptions(c, out)
	if _, into := parser.Into(c.Query); into != nil {
		failAt(-1, pgerr.FeatureNotSupported, "COPY (SELECT INTO) is not supported")
	}
	out.Query = b.topQuery(c.Query)
	if len(out.Query.Output) == 0 && out.Query.Kind != plan.SelectQuery {
		failAt(-1, pgerr.FeatureNotSupported, "COPY query must have a RETURNING clause")
	}
	for _, col := range out.Query.Output {
		out.Columns = append(out.Columns, copyfmt.Column{Name: col.Name, Type: col.Type, Typmod: col.Mod})
	}
	b.forceColumns(c, out)
}

// notCopied are the kinds of relation that COPY does not read or write.
var notCopied = map[catalog.RelKind]string{
	catalog.View: "view", catalog.MaterializedView: "materialized view", catalog.Sequence: "sequence",
}

// copyTo is COPY table TO: a query of its columns.
func (b *binder) copyTo(c *parser.CopyStmt, out *plan.Copy) {
	rel := b.definedRelation(c.Relation)
	cols := b.copyColumns(c, rel)
	b.mayCopy(rel, catalog.ACLSelect, cols)
	if noun := notCopied[rel.Kind]; noun != "" {
		e := pgerr.New(pgerr.WrongObjectType, "cannot copy from %s \"%s\"", noun, rel.Name)
		if rel.Kind != catalog.Sequence {
			e.WithHint("Try the COPY (SELECT ...) TO variant.")
		}
		fail(e)
	}
	b.copyOptions(c, out)
	out.Relation = rel
	sel := &parser.SelectStmt{
		LimitOption: parser.LimitOption_LIMIT_OPTION_DEFAULT, Op: parser.SetOperation_SETOP_NONE,
		FromClause: []*parser.Node{{Node: &parser.Node_RangeVar{RangeVar: &parser.RangeVar{
			Schemaname: rel.Schema, Relname: rel.Name, Relpersistence: "p", Location: -1,
		}}}},
	}
	for _, col := range cols {
		sel.TargetList = append(sel.TargetList, columnTarget(rel.Name, col.Name))
		out.Columns = append(out.Columns, copyfmt.Column{Name: col.Name, Type: col.Type, Typmod: col.Typmod})
	}
	out.Query = b.topQuery(&parser.Node{Node: &parser.Node_SelectStmt{SelectStmt: sel}})
	b.forceColumns(c, out)
}

// mayCopy asks for a right on the columns of a COPY. It returns what errors may show of rows.
func (b *binder) mayCopy(rel *catalog.Relation, right catalog.Privilege, cols []*catalog.Column) *plan.Shown {
	e := b.rangeEntry(rel, right)
	for _, c := range cols {
		e.selected[topColumn(rel, c)], e.inserted[topColumn(rel, c)] = true, true
	}
	shown := b.shown(e)
	b.checkEntries()
	return shown
}

// copyColumns is CopyGetAttnums: those of the list, or all but the generated.
func (b *binder) copyColumns(c *parser.CopyStmt, rel *catalog.Relation) []*catalog.Column {
	if len(c.Attlist) == 0 {
		return slices.DeleteFunc(rel.VisibleColumns(), func(col *catalog.Column) bool { return col.Generated != 0 })
	}
	var out []*catalog.Column
	for _, n := range c.Attlist {
		name := n.GetString_().GetSval()
		col := findWritable(rel, name)
		switch {
		case col == nil || col.Num < 0 && col.Num != catalog.ColContent && col.Num != catalog.ColContentType:
			failAt(-1, pgerr.UndefinedColumn, "column \"%s\" of relation \"%s\" does not exist", name, rel.Name)
		case col.Generated != 0:
			fail(pgerr.New(pgerr.InvalidColumnReference, "column \"%s\" is a generated column", name).
				WithDetail("Generated columns cannot be used in COPY."))
		case slices.Contains(out, col):
			failAt(-1, pgerr.DuplicateColumn, "column \"%s\" specified more than once", name)
		}
		out = append(out, col)
	}
	return out
}

// checkCopyWhere refuses conditions over generated columns (42P10), which are computed
// only for the rows that meet them.
func (b *binder) checkCopyWhere(rel *catalog.Relation, where plan.Expr) {
	if where == nil {
		return
	}
	used := plan.ColumnsOf(where)
	for _, c := range rel.VisibleColumns() {
		if c.Generated == 0 {
			continue
		}
		for id := range used {
			if info := b.columns[id]; info != nil && info.rel == rel.OID && info.num == c.Num {
				fail(pgerr.New(pgerr.InvalidColumnReference, "generated columns are not supported in COPY FROM WHERE conditions").
					WithDetail("Column \"%s\" is a generated column.", c.Name))
			}
		}
	}
}

// copyFrom is COPY table FROM: an INSERT of what the client sends, with the
// defaults of the columns that it does not send.
func (b *binder) copyFrom(c *parser.CopyStmt, out *plan.Copy) {
	rel := b.definedRelation(c.Relation)
	s := b.newScope(nil)
	ins := &plan.Insert{Rel: rel}
	var it *nsItem
	ins.Target, ins.TargetNums, it = s.rowOf(rel, rel.Name)
	s.items, s.all = []*nsItem{it}, append(s.all, it)
	where := s.condition(c.WhereClause, kindCopyWhere, "WHERE")
	b.checkCopyWhere(rel, where)
	cols := b.copyColumns(c, rel)
	ins.Shown = b.mayCopy(rel, catalog.ACLInsert, cols)
	if b.secures(rel, b.restricted()) {
		fail(pgerr.New(pgerr.FeatureNotSupported, "COPY FROM not supported with row-level security").WithHint("Use INSERT statements instead."))
	}
	b.copyOptions(c, out)
	b.checkCopyTarget(c, rel)
	out.Relation = rel
	if out.Freeze && rel.Kind == catalog.PartitionedTable {
		failAt(-1, pgerr.FeatureNotSupported, "cannot perform COPY FREEZE on a partitioned table")
	}
	for _, col := range cols {
		out.Columns = append(out.Columns, copyfmt.Column{Name: col.Name, Type: col.Type, Typmod: col.Typmod})
	}
	b.forceColumns(c, out)
	b.copyInput(s, cols, out, ins)
	if where != nil {
		ins.Input = &plan.Filter{Input: ins.Input, Cond: b.overInput(where, ins)}
	}
	ins.Generated, ins.Checks = s.generatedValues(rel, it, nil), s.checks(rel, it)
	ins.Triggers = b.insertTriggers(ins)
	ins.Routing = s.insertRouting(&writeTarget{table: rel, named: rel}, ins, it)
	b.writes = true
	out.Query = &plan.Query{Root: ins, Kind: plan.InsertQuery}
	b.finish(out.Query)
}

// checkCopyTarget is checkTarget with COPY's words.
func (b *binder) checkCopyTarget(c *parser.CopyStmt, rel *catalog.Relation) {
	if rel.HasTrigger(catalog.TriggerInsteadOf | catalog.TriggerRow | catalog.TriggerInsert) {
		return
	}
	if noun := notCopied[rel.Kind]; noun != "" {
		e := pgerr.New(pgerr.WrongObjectType, "cannot copy to %s \"%s\"", noun, rel.Name)
		if rel.Kind == catalog.View {
			e.WithHint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.")
		}
		fail(e)
	}
	b.checkTarget(rel, c.Relation)
}

// copyInput makes what the INSERT reads: the client's columns, then defaults, in
// the order of the table, then the line's number.
func (b *binder) copyInput(s *scope, cols []*catalog.Column, out *plan.Copy, ins *plan.Insert) {
	in := &insertion{scope: s, writeTarget: &writeTarget{table: ins.Rel, named: ins.Rel, verb: inserting}, explicit: true}
	scan := &plan.CopyScan{}
	var values []plan.Expr
	keep := make([]bool, len(cols))
	for i, col := range cols {
		in.cols = append(in.cols, insertColumn{col, nil, -1})
		sent := out.Columns[i]
		c := b.outputCol(col.Name, sent.Type, sent.Typmod)
		scan.Cols = append(scan.Cols, c)
		values, keep[i] = append(values, b.assign(colExpr(c, -1), col)), true
	}
	line := b.outputCol("line", b.typ(types.Int8OID), -1)
	scan.Cols = append(scan.Cols, line)
	if out.Options.Default != nil {
		b.copyDefaults(in, out, scan, values)
	}
	p := &plan.Project{Input: scan, Values: values}
	defaults := in.missingDefaults(keep)
	for _, d := range defaults {
		p.Values = append(p.Values, d.expr)
	}
	p.Cols, ins.Nums = in.inputColumns(keep, defaults)
	ins.Input = p
	in.sortByNum(ins)
	out2 := b.outputCol("line", line.Type, -1)
	p.Cols, p.Values = append(p.Cols, out2), append(p.Values, colExpr(line, -1))
	ins.Line = out2.ID
}

// copyDefaults lets the string of DEFAULT stand for the columns' defaults: the data
// say in a column of their own where it does.
func (b *binder) copyDefaults(in *insertion, out *plan.Copy, scan *plan.CopyScan, values []plan.Expr) {
	for i, c := range in.cols {
		if c.Identity == 0 && b.defaultOf(in.table, c.Column) == nil {
			continue
		}
		out.Columns[i].HasDefault = true
		marker := b.outputCol("default", b.typ(types.BoolOID), -1)
		scan.Cols = append(scan.Cols, marker)
		values[i] = &plan.Case{
			Meta:  plan.Meta{Typ: c.Type, Mod: c.Typmod, At: -1},
			Whens: []plan.When{{Cond: colExpr(marker, -1), Result: b.defaultOrNull(in.table, c.Column, -1)}},
			Else:  values[i],
		}
	}
}

// overInput makes a condition over the target's row one over the rows of Input:
// a column that is not sent and has no default is NULL.
func (b *binder) overInput(cond plan.Expr, ins *plan.Insert) plan.Expr {
	input := ins.Input.Columns()
	return plan.Rewrite(cond, func(e plan.Expr) plan.Expr {
		c, ok := e.(*plan.Column)
		if !ok {
			return e
		}
		t := slices.IndexFunc(ins.Target, func(t plan.Col) bool { return t.ID == c.ID })
		if t < 0 {
			return e
		}
		if i := slices.Index(ins.Nums, ins.TargetNums[t]); i >= 0 {
			return colExpr(input[i], c.At)
		}
		return &plan.Const{Meta: c.Meta}
	})
}
