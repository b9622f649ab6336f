package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/updatable"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// insertColumn is a column that an INSERT names (or means, without a list); path
// is the part of it that gets the value, nil for the whole.
type insertColumn struct {
	*catalog.Column
	path *storePath
	pos  int
}

// insertion is an INSERT being bound.
type insertion struct {
	*scope
	*writeTarget
	cols     []insertColumn
	explicit bool // a column list was written
	override parser.OverridingKind
	// system are the hidden columns that RETURNING and ON CONFLICT name.
	system             namedSystem
	existing, excluded *systemRow
}

// insert is transformInsertStmt.
func (s *scope) insert(ins *parser.InsertStmt) plan.Node {
	to := s.b.writeTarget(ins.Relation, inserting)
	in := &insertion{scope: s, writeTarget: to, explicit: len(ins.Cols) > 0, override: ins.Override}
	in.cols = in.columns(ins.Cols)
	out := &plan.Insert{Rel: to.table, Shown: s.b.shown(to.base)}
	name := to.named.Name
	if ins.Relation.Alias != nil {
		name = ins.Relation.Alias.Aliasname
	}
	var row *nsItem
	out.Target, out.TargetNums, row = s.rowOf(to.table, name)
	to.own(row)
	target := in.system.row(s, row, name)
	it := to.item(s, row, name)
	s.all = append(s.all, it)
	in.source(ins.SelectStmt.GetSelectStmt(), out)
	in.inserts()
	if s.rules != nil && len(s.rules.unless) > 0 {
		cond := s.unless(s.rules, ruleRow("new", to.table, s.insertedValues(to.table, out)))
		out.Input = &plan.Filter{Input: out.Input, Cond: cond}
	}
	out.Generated = s.generatedValues(to.table, row, nil)
	out.Checks = append(s.insertPolicies(to, row, ins.OnConflictClause), to.checks(s, row)...)
	out.OnConflict = in.onConflict(ins.OnConflictClause, name)
	out.Routing = s.insertRouting(to, out, row)
	out.Triggers = s.b.insertTriggers(out)
	out.Returning, out.Cols = s.returningOf(s.rules, ins.ReturningList, []*nsItem{it})
	out.Target, out.TargetNums = append(out.Target, target.cols...), append(out.TargetNums, in.system.nums...)
	if c := out.OnConflict; c != nil && !c.DoNothing {
		c.Existing, c.Excluded = append(c.Existing, in.existing.cols...), append(c.Excluded, in.excluded.cols...)
	}
	return out
}

// inserts notes the columns that get values.
func (in *insertion) inserts() {
	for _, c := range in.cols {
		in.writes(catalog.ACLInsert, c.Num)
	}
}

// columns is checkInsertTargets.
func (in *insertion) columns(ns []*parser.Node) []insertColumn {
	var out []insertColumn
	for _, n := range ns {
		rt := n.GetResTarget()
		pos := in.b.at(rt.Location)
		c, path := in.assignPath(in.named, in.b.writableColumn(in.named, rt.Name, pos), rt, pos)
		if slices.ContainsFunc(out, func(have insertColumn) bool { return have.Num == c.Num && (have.path == nil || path == nil) }) {
			failAt(pos, pgerr.DuplicateColumn, "column \"%s\" specified more than once", c.Name)
		}
		out = append(out, insertColumn{c, path, pos})
	}
	if ns != nil {
		return out
	}
	for _, c := range in.named.VisibleColumns() {
		if slices.ContainsFunc(out, func(have insertColumn) bool { return have.Num == c.Num }) { // a view has it twice
			failAt(-1, pgerr.SyntaxError, "multiple assignments to same column \"%s\"", in.table.Column(c.Num).Name)
		}
		out = append(out, insertColumn{c, nil, -1})
	}
	return out
}

// source binds what is inserted into Input and Nums.
func (in *insertion) source(sel *parser.SelectStmt, out *plan.Insert) {
	switch {
	case sel == nil:
		in.cols = nil
		in.values([][]plan.Expr{{}}, out)
	case plainValues(sel):
		in.values(in.valuesLists(sel.ValuesLists), out)
	default:
		in.query(sel, out)
	}
}

// plainValues says that VALUES has no clause of a query around it.
func plainValues(sel *parser.SelectStmt) bool {
	return len(sel.ValuesLists) > 0 && sel.SortClause == nil && sel.LimitCount == nil && sel.LimitOffset == nil &&
		sel.LockingClause == nil && sel.WithClause == nil
}

// valuesLists binds VALUES with DEFAULT allowed in it; each row is fitted to the
// columns by itself (transformInsertRow).
func (in *insertion) valuesLists(lists []*parser.Node) [][]plan.Expr {
	kind := kindValues
	if len(lists) == 1 {
		kind = kindValuesSingle
	}
	width := -1
	var rows [][]plan.Expr
	for _, n := range lists {
		items := n.GetList().GetItems()
		if width >= 0 && len(items) != width {
			failAt(in.b.at(listLocation(items)), pgerr.SyntaxError, "VALUES lists must all be the same length")
		}
		width = len(items)
		rows = append(rows, in.row(items, kind))
	}
	return rows
}

func (in *insertion) row(items []*parser.Node, kind exprKind) []plan.Expr {
	row := in.valueList(items, kind)
	in.checkWidth(row, items)
	return row
}

// checkWidth compares the number of expressions with that of the columns.
func (in *insertion) checkWidth(row []plan.Expr, items []*parser.Node) {
	if len(row) > len(in.cols) {
		failAt(row[len(in.cols)].Pos(), pgerr.SyntaxError, "INSERT has more expressions than target columns")
	}
	if in.explicit && len(row) < len(in.cols) {
		e := pgerr.New(pgerr.SyntaxError, "INSERT has more target columns than expressions").AtByte(in.cols[len(row)].pos)
		if len(row) == 1 {
			if r, ok := row[0].(*plan.RowExpr); ok && len(r.Fields) == len(in.cols) {
				e.WithHint("The insertion source is a row expression containing the same number of columns expected by the INSERT. " +
					"Did you accidentally use extra parentheses?")
			}
		}
		fail(e)
	}
	if !in.explicit && len(row) < len(in.cols) {
		in.cols = in.cols[:len(row)]
	}
}

// values makes the Input of constant rows. A column whose value is DEFAULT in
// every row, and that has no default expression, is left to storage.
func (in *insertion) values(rows [][]plan.Expr, out *plan.Insert) {
	keep := in.givenColumns(rows)
	defaults := in.missingDefaults(keep)
	node := &plan.Values{}
	for _, row := range rows {
		es := in.fit(row, keep)
		for _, d := range defaults {
			es = append(es, d.expr)
		}
		node.Rows = append(node.Rows, es)
	}
	node.Cols, out.Nums = in.inputColumns(keep, defaults)
	out.Input = in.withSets(node)
	in.sortByNum(out)
}

// withSets runs set-returning calls of a single row.
func (in *insertion) withSets(v *plan.Values) plan.Node {
	if len(in.srfs) == 0 {
		return v
	}
	q := &selection{scope: in.scope, node: oneRow(), group: &grouping{}}
	q.addSets(in.srfs)
	return &plan.Project{Input: q.node, Values: v.Rows[0], Cols: v.Cols}
}

// givenColumns are those that some row gives a value, and parts of columns, which have
// no default.
func (in *insertion) givenColumns(rows [][]plan.Expr) []bool {
	keep := make([]bool, len(in.cols))
	for i, c := range in.cols {
		keep[i] = c.path != nil
		for _, row := range rows {
			_, isDefault := row[i].(*plan.Default)
			keep[i] = keep[i] || !isDefault && !in.overridden(i)
		}
	}
	return keep
}

// overridden says that OVERRIDING USER VALUE drops what is given for a column.
func (in *insertion) overridden(i int) bool {
	return in.cols[i].Identity != 0 && in.override == parser.OverridingKind_OVERRIDING_USER_VALUE
}

// defaultValue is a column that gets its default expression.
type defaultValue struct {
	col  *catalog.Column
	expr plan.Expr
}

// missingDefaults are the columns with a default that no row gives a value. Those
// that rows give must be writable.
func (in *insertion) missingDefaults(keep []bool) []defaultValue {
	in.checkGiven(keep)
	var out []defaultValue
	for _, c := range in.table.VisibleColumns() {
		given := false
		c = in.defaultOf(c)
		for i, have := range in.cols {
			given = given || have.Num == c.Num && keep[i]
		}
		if !given && (c.Identity != 0 || in.viewDefault(c) || c.Generated == 0 && hasDefault(c)) {
			out = append(out, defaultValue{c, in.defaultValue(c, -1)})
		}
	}
	return out
}

// viewDefault says that a column gets the default of a view instead of what the table
// has; OVERRIDING USER VALUE drops it.
func (in *insertion) viewDefault(c *catalog.Column) bool {
	return in.view != nil && !(c.Identity != 0 && in.override == parser.OverridingKind_OVERRIDING_USER_VALUE) &&
		slices.ContainsFunc(in.view.Columns, func(v updatable.Column) bool { return v.Column == c && v.ViewDefault })
}

// defaultValue is what a column gets without a value. A view's default is a value for the
// table: 428C9 where that is always generated.
func (in *insertion) defaultValue(c *catalog.Column, pos int) plan.Expr {
	if in.viewDefault(c) {
		in.checkGenerated(c)
		given := *c
		given.Identity, given.Generated = 0, 0
		c = &given
	}
	return in.b.defaultOrNull(in.table, c, pos)
}

// checkGiven refuses columns of a view that can't be written, those too that get
// a default of the view's.
func (in *insertion) checkGiven(keep []bool) {
	for i, c := range in.cols {
		if keep[i] {
			in.checkWritable(c.Num)
		}
	}
	for _, c := range in.named.Columns {
		if c.Default != "" {
			in.checkWritable(c.Num)
		}
	}
}

// fit makes the values of the columns from those of a row, parts of one column
// together.
func (in *insertion) fit(row []plan.Expr, keep []bool) []plan.Expr {
	var out []plan.Expr
	at := map[int16]int{}
	for i, e := range row {
		if !keep[i] {
			continue
		}
		c := in.cols[i]
		k, seen := at[c.Num]
		if seen {
			out[k] = in.assignPart(e, c, out[k])
			continue
		}
		at[c.Num] = len(out)
		if c.path != nil {
			// parts go into NULL, which no domain checks (transformAssignedExpr)
			out = append(out, in.assignPart(e, c, &plan.Const{Meta: plan.Meta{Typ: c.Type, Mod: c.Typmod, At: -1}}))
		} else {
			out = append(out, in.assignValue(e, c))
		}
	}
	return out
}

// inputColumns are the columns that fit makes, and those that get defaults.
func (in *insertion) inputColumns(keep []bool, defaults []defaultValue) (cols []plan.Col, nums []int16) {
	add := func(c *catalog.Column) {
		if !slices.Contains(nums, c.Num) {
			nums, cols = append(nums, c.Num), append(cols, in.b.outputCol(c.Name, c.Type, c.Typmod))
		}
	}
	for i, c := range in.cols {
		if keep[i] {
			add(c.Column)
		}
	}
	for _, d := range defaults {
		add(d.col)
	}
	return cols, nums
}

func (in *insertion) assignPart(e plan.Expr, c insertColumn, before plan.Expr) plan.Expr {
	return in.assignment(in.table, c.Column, c.path, assignedExpr(e), before, nil, c.pos)
}

func (in *insertion) assignValue(e plan.Expr, c insertColumn) plan.Expr {
	if d, ok := e.(*plan.Default); ok {
		return in.defaultValue(c.Column, d.At)
	}
	in.checkGenerated(c.Column)
	return in.b.assign(e, c.Column)
}

// checkGenerated refuses values for columns that are always generated (428C9).
func (in *insertion) checkGenerated(c *catalog.Column) {
	switch {
	case c.Generated == 's':
		fail(pgerr.New(pgerr.GeneratedAlways, "cannot insert a non-DEFAULT value into column \"%s\"", c.Name).
			WithDetail("Column \"%s\" is a generated column.", c.Name))
	case c.Identity == 'a' && in.override != parser.OverridingKind_OVERRIDING_SYSTEM_VALUE:
		fail(pgerr.New(pgerr.GeneratedAlways, "cannot insert a non-DEFAULT value into column \"%s\"", c.Name).
			WithDetail("Column \"%s\" is an identity column defined as GENERATED ALWAYS.", c.Name).
			WithHint("Use OVERRIDING SYSTEM VALUE to override."))
	}
}

// query makes the Input of INSERT … SELECT: untyped literals of the select list
// take the columns' types.
func (in *insertion) query(sel *parser.SelectStmt, out *plan.Insert) {
	sub := in.b.newScope(in.scope)
	sub.resolveUnknowns = false
	node := in.b.selectStmt(sel, sub)
	es := outputs(node)
	in.checkWidth(es, nil)
	keep := make([]bool, len(in.cols))
	for i := range keep {
		keep[i] = !in.overridden(i)
	}
	p := &plan.Project{Input: node, Values: in.fit(es, keep)}
	if len(p.Values) == len(es) {
		settle(node, es, p.Values)
	}
	defaults := in.missingDefaults(keep)
	for _, d := range defaults {
		p.Values = append(p.Values, d.expr)
	}
	p.Cols, out.Nums = in.inputColumns(keep, defaults)
	out.Input = p
	in.sortByNum(out)
}

// sortByNum brings the columns of Input into the order of their numbers.
func (in *insertion) sortByNum(out *plan.Insert) {
	order := make([]int, len(out.Nums))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return int(out.Nums[a]) - int(out.Nums[b]) })
	if slices.IsSorted(order) {
		return
	}
	switch n := out.Input.(type) {
	case *plan.Values:
		n.Cols = permute(n.Cols, order)
		for i := range n.Rows {
			n.Rows[i] = permute(n.Rows[i], order)
		}
	case *plan.Project:
		n.Cols, n.Values = permute(n.Cols, order), permute(n.Values, order)
	}
	out.Nums = permute(out.Nums, order)
}

func permute[T any](s []T, order []int) []T {
	out := make([]T, len(s))
	for i, from := range order {
		out[i] = s[from]
	}
	return out
}
