package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// changed is the table that UPDATE or DELETE changes, with the rows it reads.
type changed struct {
	*writeTarget
	row   *nsItem // of the table
	item  *nsItem // as the statement names it
	scan  *plan.Scan
	cols  []plan.Col // visible columns and the row image
	nums  []int16
	image plan.ColumnID
	// members are the table and those that inherit from it, none if none does;
	// tableOID is the column that tells which of them a row is of.
	members  []*catalog.Relation
	tableOID plan.ColumnID
}

// fires says whether a table that the statement changes has triggers of a kind.
func (c *changed) fires(at catalog.TriggerType) bool {
	return c.table.HasTrigger(at) || slices.ContainsFunc(c.members, func(m *catalog.Relation) bool { return m.HasTrigger(at) })
}

// changedTable is setTargetTable and the FROM or USING clause after it.
func (s *scope) changedTable(rv *parser.RangeVar, from []*parser.Node, verb writeVerb) (*changed, plan.Node) {
	to := s.b.writeTarget(rv, verb)
	to.tree = to.readsTree(rv)
	return s.changedRows(to, rv.Alias, from)
}

func (s *scope) changedRows(to *writeTarget, alias *parser.Alias, from []*parser.Node) (*changed, plan.Node) {
	if to.instead {
		return s.changedView(to, alias, from)
	}
	row, scan, it := s.targetItems(to, alias)
	members, tableOID := s.targetTree(to, row, scan)
	it.relVisible, it.colsVisible, it.target = true, true, true
	c := &changed{writeTarget: to, row: row, item: it, scan: scan, cols: slices.Clone(scan.Cols), nums: slices.Clone(scan.Nums),
		members: members, tableOID: tableOID}
	image := s.b.outputCol("", plan.RowImageType, -1)
	image.Relation, image.Num = to.table.OID, catalog.ColRowImage
	scan.Cols, scan.Nums = append(scan.Cols, image), append(scan.Nums, catalog.ColRowImage)
	c.cols, c.nums, c.image = append(c.cols, image), append(c.nums, catalog.ColRowImage), image.ID
	s.all = append(s.all, it)
	s.items = []*nsItem{it}
	return c, s.besideTarget(it, to.shown(s, row, s.securedTarget(to, row, scan)), from)
}

// besideTarget joins the rows of FROM to those of the target.
func (s *scope) besideTarget(it *nsItem, node plan.Node, from []*parser.Node) plan.Node {
	if len(from) == 0 {
		return node
	}
	it.lateralOnly, it.lateralOK = true, false
	s.items = nil
	other := s.fromBeside(it, from)
	return &plan.Join{Kind: plan.InnerJoin, Left: node, Right: other}
}

// changedView is changedRows for a view with INSTEAD OF triggers, which get the
// rows that its query yields; the statement may name it through other views.
func (s *scope) changedView(to *writeTarget, alias *parser.Alias, from []*parser.Node) (*changed, plan.Node) {
	var own *parser.Alias
	if to.view == nil {
		own = alias
	}
	f := s.viewItem(to.table, &parser.RangeVar{Alias: own}, to.base)
	row, it := f.main, f.main
	if to.view != nil {
		it = to.aliasedItem(s, row, alias)
		s.all[len(s.all)-1] = it
	}
	it.relVisible, it.colsVisible, it.target = true, true, true
	c := &changed{writeTarget: to, row: row, item: it}
	for i, col := range f.node.Columns()[:len(row.cols)] {
		col.Relation, col.Num = to.table.OID, row.cols[i].num
		c.cols, c.nums = append(c.cols, col), append(c.nums, col.Num)
	}
	s.items = []*nsItem{it}
	return c, s.besideTarget(it, to.shown(s, row, f.node), from)
}

// aliasedItem is item under the name and column names of an alias.
func (t *writeTarget) aliasedItem(s *scope, row *nsItem, alias *parser.Alias) *nsItem {
	name := t.named.Name
	if alias != nil {
		name = alias.Aliasname
	}
	it := t.item(s, row, name)
	for i, n := range nameParts(alias.GetColnames()) {
		it.cols[i].name = n
	}
	return it
}

// targetItems are the row of the table that is changed, its scan, and the item
// that the statement names: for a view, over the row.
func (s *scope) targetItems(to *writeTarget, alias *parser.Alias) (row *nsItem, scan *plan.Scan, it *nsItem) {
	if to.view == nil {
		row, scan = s.relationItem(to.table, alias, to.base)
		return row, scan, row
	}
	row, scan = s.relationItem(to.table, nil, to.base)
	return row, scan, to.aliasedItem(s, row, alias)
}

// fromBeside binds FROM where subqueries can't see the target table.
func (s *scope) fromBeside(target *nsItem, from []*parser.Node) plan.Node {
	s.items = []*nsItem{target}
	return s.fromItems(from)
}

// rows puts the target's columns first, as Update and Delete want them.
func (c *changed) rows(node plan.Node) plan.Node {
	p := &plan.Project{Input: node}
	for _, col := range c.cols {
		p.Values, p.Cols = append(p.Values, colExpr(col, -1)), append(p.Cols, col)
	}
	for _, col := range node.Columns() {
		if !slices.ContainsFunc(c.cols, func(t plan.Col) bool { return t.ID == col.ID }) {
			p.Values, p.Cols = append(p.Values, colExpr(col, -1)), append(p.Cols, col)
		}
	}
	return p
}

// update is transformUpdateStmt.
func (s *scope) update(up *parser.UpdateStmt) plan.Node {
	c, node := s.changedTable(up.Relation, up.FromClause, updating)
	where := s.whichRows(c, up.WhereClause)
	// PostgreSQL binds RETURNING first, of two mistakes its own is told. What it stands
	// for is known after SET.
	s.returning(up.ReturningList, append([]*nsItem{c.item}, s.items[1:]...))
	out, after := s.updateOf(c, up.TargetList)
	items := append([]*nsItem{c.itemOver(s, after)}, s.items[1:]...)
	out.Returning, out.Cols = s.returningOf(s.rules, up.ReturningList, items)
	out.Target, out.TargetNums = c.withSystem()
	if where != nil {
		node = &plan.Filter{Input: node, Cond: where}
	}
	if s.rules != nil && len(s.rules.unless) > 0 {
		after := s.generatedAgain(c.table, c.values(out.Sets), assigns(out.Sets))
		node = &plan.Filter{Input: node, Cond: s.unless(s.rules, ruleRow("old", c.table, c.values(nil)), ruleRow("new", c.table, after))}
	}
	out.Input = c.rows(node)
	return out
}

// updateOf binds a SET list, with the generated columns and the checks of the row
// after it.
func (s *scope) updateOf(c *changed, list []*parser.Node) (*plan.Update, *nsItem) {
	out := &plan.Update{Rel: c.table, Target: c.cols, TargetNums: c.nums, Image: c.image, Shown: s.b.shown(c.base)}
	out.Sets = s.assignments(c.writeTarget, list, c.item)
	after := s.rowAfter(c, out.Sets)
	out.Triggers = s.b.triggers(c.table, catalog.TriggerUpdate)
	out.Generated = s.generatedBy(c.table, out.Triggers, out.Sets, after)
	after = s.rowAfter(c, append(slices.Clip(out.Sets), out.Generated...))
	out.Checks = append(s.updatePolicies(c.writeTarget, after), c.checks(s, after)...)
	s.memberUpdates(c, out)
	return out, after
}

// generatedBy are the generated columns that an UPDATE computes: those that depend
// on what it assigns, or, where a trigger may assign more, all
// (ExecInitStoredGenerated). The triggers are told which columns change.
func (s *scope) generatedBy(rel *catalog.Relation, triggers *plan.Triggers, sets []plan.Assignment, after *nsItem) []plan.Assignment {
	changed := assigns(sets)
	if triggers != nil && triggers.Has(catalog.TriggerBefore|catalog.TriggerRow|catalog.TriggerUpdate) {
		changed = nil
	}
	out := s.generatedValues(rel, after, changed)
	if triggers != nil {
		for _, a := range append(slices.Clip(sets), out...) {
			triggers.Updated = append(triggers.Updated, a.Num)
		}
	}
	return out
}

// values are those of the table's columns, after assignments.
func (c *changed) values(sets []plan.Assignment) []plan.Expr {
	var out []plan.Expr
	for _, col := range c.row.cols {
		e := col.expr
		for _, a := range sets {
			if a.Num == col.num {
				e = a.Value
			}
		}
		out = append(out, e)
	}
	return out
}

// itemOver is the item that the statement names over another row of the table.
func (c *changed) itemOver(s *scope, row *nsItem) *nsItem {
	if c.view == nil {
		return row
	}
	it := c.writeTarget.item(s, row, c.item.name)
	for i, col := range c.item.cols {
		it.cols[i].name = col.name
	}
	return it
}

// assigns says whether a SET list assigns to a column.
func assigns(sets []plan.Assignment) func(num int16) bool {
	return func(num int16) bool {
		return slices.ContainsFunc(sets, func(a plan.Assignment) bool { return a.Num == num })
	}
}

// rowAfter is the namespace item that CHECK and RETURNING see: assigned columns
// have their new values. Leaves come out of the new row.
func (s *scope) rowAfter(c *changed, sets []plan.Assignment) *nsItem {
	it := *c.row
	it.cols = cloneCols(c.row.cols)
	it.leaf = nil
	for _, col := range it.cols {
		for _, a := range sets {
			if a.Num == col.num {
				old := col.expr.(*plan.Column)
				col.expr = &plan.Column{Meta: old.Meta, ID: a.New, Name: old.Name}
			}
		}
	}
	after := &it
	system := c.row.hidden
	it.hidden = func(name string, fold bool) *nsCol {
		if name == "tableoid" && c.members != nil {
			return system(name, fold)
		}
		if leaf := s.leafOfRow(after, name, fold); leaf != nil {
			return leaf
		}
		if system == nil {
			return nil
		}
		col := system(name, fold)
		if col != nil && c.members != nil { // each table's own, as they were: not what the row has now
			failAt(-1, pgerr.FeatureNotSupported, "system column \"%s\" of updated rows of a table with children is not supported", col.name)
		}
		return col
	}
	return after
}

// delete is transformDeleteStmt.
func (s *scope) delete(del *parser.DeleteStmt) plan.Node {
	c, node := s.changedTable(del.Relation, del.UsingClause, deleting)
	where := s.whichRows(c, del.WhereClause)
	out := &plan.Delete{Rel: c.table, Target: c.cols, TargetNums: c.nums, Image: c.image, Members: s.b.deletedMembers(c.memberRows()),
		TableOID: c.tableOID, Triggers: s.b.triggers(c.table, catalog.TriggerDelete)}
	out.Returning, out.Cols = s.returningOf(s.rules, del.ReturningList, s.items)
	if where != nil {
		node = &plan.Filter{Input: node, Cond: where}
	}
	if s.rules != nil && len(s.rules.unless) > 0 {
		node = &plan.Filter{Input: node, Cond: s.unless(s.rules, ruleRow("old", c.table, c.values(nil)))}
	}
	out.Input = c.rows(node)
	return out
}

// assignments is transformUpdateTargetList: the values first, then the columns;
// several assignments into parts of one column apply one after the other.
func (s *scope) assignments(to *writeTarget, ns []*parser.Node, it *nsItem) []plan.Assignment {
	values := s.assignedValues(ns)
	a := &assigner{scope: s, to: to, item: it, whole: map[int16]bool{}}
	for i, n := range ns {
		a.assign(n.GetResTarget(), values[i])
	}
	return a.sets
}

// assigner collects the assignments of a SET list.
type assigner struct {
	*scope
	to    *writeTarget
	item  *nsItem
	sets  []plan.Assignment
	whole map[int16]bool // columns assigned as a whole
}

func (a *assigner) assign(rt *parser.ResTarget, v assigned) {
	pos := a.b.at(rt.Location)
	col, path := a.assignPath(a.to.named, a.b.writableColumn(a.to.named, rt.Name, pos), rt, pos)
	a.to.checkWritable(col.Num)
	a.to.writes(catalog.ACLUpdate, col.Num)
	at := slices.IndexFunc(a.sets, func(s plan.Assignment) bool { return s.Num == col.Num })
	if at >= 0 {
		if a.whole[col.Num] || path == nil {
			failAt(-1, pgerr.SyntaxError, "multiple assignments to same column \"%s\"", col.Name)
		}
		a.sets[at].Value = a.assignment(a.to.table, col, path, v, a.sets[at].Value, a.item, pos)
		return
	}
	a.whole[col.Num] = path == nil
	if path == nil && v.isDefault && a.to.view != nil {
		v = assigned{expr: a.viewDefault(col, v.pos), pos: v.pos}
	}
	value := a.assignment(a.to.table, col, path, v, nil, a.item, pos)
	a.sets = append(a.sets, plan.Assignment{Num: col.Num, Value: value, New: a.newValue(col)})
}

// viewDefault is what SET column = DEFAULT assigns through a view: the default that this
// very view has, or NULL. What the table, or a view below, has counts for INSERT alone
// (rewriteTargetListIU).
func (a *assigner) viewDefault(c *catalog.Column, pos int) plan.Expr {
	i := slices.Index(a.to.named.Columns, c)
	shown := *a.to.view.Rel.VisibleColumns()[i]
	shown.Identity, shown.Generated = 0, 0
	return a.b.defaultOrNull(a.to.view.Rel, &shown, pos)
}

// newValue makes the column under which CHECK and RETURNING see the new value.
func (a *assigner) newValue(c *catalog.Column) plan.ColumnID {
	col := a.b.newColumn(a.scope, c.Name, c.Type, c.Typmod, tableColumn)
	info := a.b.columns[col.ID]
	info.table, info.rel, info.num = a.item.name, a.to.table.OID, c.Num
	return col.ID
}

// assignedValues binds the right sides of a SET list.
func (s *scope) assignedValues(ns []*parser.Node) []assigned {
	out := make([]assigned, len(ns))
	var multi []plan.Expr // of the (a, b) = … at hand
	for i, n := range ns {
		val := n.GetResTarget().Val
		d, m := val.GetSetToDefault(), val.GetMultiAssignRef()
		switch {
		case d != nil:
			out[i] = assigned{isDefault: true, pos: s.b.at(d.Location)}
		case m != nil:
			if m.Colno == 1 {
				multi = s.multiSource(m)
			}
			out[i] = assignedExpr(multi[m.Colno-1])
		default:
			out[i] = assignedExpr(s.bind(val, kindUpdateSource))
		}
	}
	return out
}

func assignedExpr(e plan.Expr) assigned {
	if d, ok := e.(*plan.Default); ok {
		return assigned{isDefault: true, pos: d.At}
	}
	return assigned{expr: e, pos: e.Pos()}
}

// assigned is a value of SET: an expression or DEFAULT.
type assigned struct {
	expr      plan.Expr
	isDefault bool
	pos       int
}

// multiSource binds the source of (a, b) = (…), one expression for each column:
// transformMultiAssignRef.
func (s *scope) multiSource(m *parser.MultiAssignRef) []plan.Expr {
	if sub := m.Source.GetSubLink(); sub != nil && sub.SubLinkType == parser.SubLinkType_EXPR_SUBLINK {
		pos := s.b.at(sub.Location)
		q := s.subselect(sub.Subselect, pos)
		cols := q.Plan.Columns()
		s.checkMulti(len(cols), m, pos)
		row := s.b.subqueryRow(q)
		out := make([]plan.Expr, len(cols))
		for i, c := range cols {
			out[i] = &plan.FieldSelect{Meta: plan.Meta{Typ: c.Type, Mod: c.Mod, At: pos}, Arg: row, Index: i, Name: c.Name}
		}
		return out
	}
	row := m.Source.GetRowExpr()
	if row == nil {
		failAt(s.b.at(nodeLocation(m.Source)), pgerr.FeatureNotSupported, "source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression")
	}
	out := s.valueList(row.Args, kindUpdateSource)
	s.checkMulti(len(out), m, s.b.at(row.Location))
	return out
}

func (s *scope) checkMulti(n int, m *parser.MultiAssignRef, pos int) {
	if n != int(m.Ncolumns) {
		failAt(pos, pgerr.SyntaxError, "number of columns does not match number of values")
	}
}

// assignPath says which top-level column an assignment changes, and the place
// below it: subscripts, or a nested leaf named as "profile.country" or
// profile.country. nil for the whole column.
func (s *scope) assignPath(rel *catalog.Relation, col *catalog.Column, rt *parser.ResTarget, pos int) (*catalog.Column, *storePath) {
	if col.Path != nil {
		return rel.ColumnByName(col.Path[0]), &storePath{keys: col.Path[1:], leaf: col}
	}
	if len(rt.Indirection) == 0 {
		return col, nil
	}
	p := &storePath{steps: rt.Indirection}
	for _, n := range rt.Indirection {
		if i := n.GetAIndices(); i != nil {
			p.subs = append(p.subs, i)
			continue
		}
		p.keys = append(p.keys, n.GetString_().GetSval())
	}
	if len(p.keys) > 0 {
		s.findLeaf(rel, col, p)
	}
	return col, p
}

type storePath struct {
	// steps are the parts as written; leaf is a nested leaf of a jsonb column, with
	// its keys.
	steps []*parser.Node
	subs  []*parser.A_Indices
	keys  []string
	leaf  *catalog.Column
}

// findLeaf finds the leaf of SET profile.country on nested objects.
func (s *scope) findLeaf(rel *catalog.Relation, col *catalog.Column, p *storePath) {
	if len(p.subs) == 0 {
		path := append([]string{col.Name}, p.keys...)
		for _, c := range rel.Columns {
			if slices.Equal(c.Path, path) {
				p.leaf = c
			}
		}
		if p.leaf != nil {
			return
		}
	}
}

// assignment makes the new value of a column. before is the result of earlier
// assignments into parts of it, nil for none.
func (s *scope) assignment(rel *catalog.Relation, c *catalog.Column, p *storePath, v assigned, before plan.Expr, it *nsItem, pos int) plan.Expr {
	if p == nil {
		return s.wholeAssignment(rel, c, v, it)
	}
	if v.isDefault {
		what := "a subfield"
		if len(p.subs) > 0 {
			what = "an array element"
		}
		failAt(pos, pgerr.FeatureNotSupported, "cannot set %s to DEFAULT", what)
	}
	if before == nil {
		before = it.valueOf(c)
	}
	if p.leaf == nil {
		return s.assignPart(c, p.steps, v, before, pos)
	}
	out := &plan.SubscriptStore{Meta: plan.Meta{Typ: c.Type, Mod: c.Typmod, At: pos}, Arg: withPos(before, pos)}
	s.leafStore(out, p, v)
	return out
}

// valueOf is the value of a table's column in the row, nil if the item doesn't show it.
func (it *nsItem) valueOf(c *catalog.Column) plan.Expr {
	for _, col := range it.cols {
		if col.num == c.Num {
			return col.expr
		}
	}
	return nil
}

func (s *scope) wholeAssignment(rel *catalog.Relation, c *catalog.Column, v assigned, it *nsItem) plan.Expr {
	if c.Generated == 's' && !v.isDefault || c.Identity == 'a' && !v.isDefault {
		e := pgerr.New(pgerr.GeneratedAlways, "column \"%s\" can only be updated to DEFAULT", c.Name)
		if c.Generated == 's' {
			fail(e.WithDetail("Column \"%s\" is a generated column.", c.Name))
		}
		fail(e.WithDetail("Column \"%s\" is an identity column defined as GENERATED ALWAYS.", c.Name))
	}
	if v.isDefault && c.Generated != 0 { // it is computed where what it depends on changes
		return it.valueOf(c)
	}
	if v.isDefault {
		return s.b.defaultOrNull(rel, c, v.pos)
	}
	return s.b.assign(v.expr, c)
}

// leafStore assigns a typed value to a leaf of a nested object.
func (s *scope) leafStore(out *plan.SubscriptStore, p *storePath, v assigned) {
	for _, k := range p.keys {
		out.Indexes = append(out.Indexes, plan.SubscriptIndex{Upper: s.b.value(types.TextOID, k, -1)})
	}
	value := s.b.assign(v.expr, p.leaf)
	out.Value = s.b.mustCall("to_jsonb", []plan.Expr{value}, v.pos)
}
