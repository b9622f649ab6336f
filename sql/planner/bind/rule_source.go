package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// ruleAlias is the FROM item that a rule's action gets: the rows of the statement that
// makes the rule fire. No user can write the name.
const ruleAlias = "*OLD*NEW*"

// ruleSource binds the rows of a statement for the action of a rule, anew for each
// action: as OLD what they are, as NEW what they are to be.
type ruleSource struct {
	bind func(s *scope) fromResult
}

// sourceOf is the source of one action. The target of an UPDATE or DELETE is read only
// where the action, its condition or the statement's own asks for it.
func (w *rewriting) sourceOf(rule *catalog.Rule, action, n *parser.Node, rel *catalog.Relation, of querySource) *ruleSource {
	kind, parent := ruledOf(n).kind, w.parent
	uses := rule.Where != "" || namesRow(action, "old") || namesRow(action, "new") && kind != plan.DeleteQuery
	owner := w.viewOwner
	return &ruleSource{bind: func(s *scope) fromResult {
		saved, savedOwner := w.inlined, w.viewOwner
		w.inlined, w.viewOwner = of != originalQuery, owner // the client's own text
		defer func() { w.inlined, w.viewOwner = saved, savedOwner }()
		src := &sourceRows{scope: w.newScope(parent), rel: rel, uses: uses}
		switch kind {
		case plan.InsertQuery:
			src.inserted(n.GetInsertStmt())
		case plan.UpdateQuery:
			u := n.GetUpdateStmt()
			src.changed(u.Relation, u.FromClause, u.WhereClause, u.TargetList)
		default:
			d := n.GetDeleteStmt()
			src.changed(d.Relation, d.UsingClause, d.WhereClause, nil)
		}
		return src.result(s, rule)
	}}
}

// namesRow says whether a tree refers to the row old or new.
func namesRow(n *parser.Node, row string) bool {
	found := false
	parser.Walk(n, func(n *parser.Node) bool {
		if fields := n.GetColumnRef().GetFields(); len(fields) > 0 && fields[0].GetString_().GetSval() == row {
			found = true
		}
		return !found
	})
	return found
}

// sourceRows are the rows of a statement: the values of the relation's columns, old and
// new, over node.
type sourceRows struct {
	*scope
	rel      *catalog.Relation
	uses     bool // somebody refers to them
	node     plan.Node
	old, new []plan.Expr
}

// inserted are the rows of an INSERT; columns that it leaves out have their defaults.
func (r *sourceRows) inserted(ins *parser.InsertStmt) {
	in := &insertion{scope: r.scope, writeTarget: &writeTarget{table: r.rel, named: r.rel, verb: inserting}, explicit: len(ins.Cols) > 0, override: ins.Override}
	in.cols = in.columns(ins.Cols)
	out := &plan.Insert{Rel: r.rel}
	in.source(ins.SelectStmt.GetSelectStmt(), out)
	r.node, r.new = out.Input, r.insertedValues(r.rel, out)
}

// insertedValues are the values that the rows of an Insert give the visible columns.
func (s *scope) insertedValues(rel *catalog.Relation, in *plan.Insert) []plan.Expr {
	var out []plan.Expr
	for _, c := range rel.VisibleColumns() {
		if i := slices.Index(in.Nums, c.Num); i >= 0 {
			out = append(out, colExpr(in.Input.Columns()[i], -1))
		} else {
			out = append(out, &plan.Const{Meta: plan.Meta{Typ: c.Type, Mod: c.Typmod, At: -1}})
		}
	}
	return s.generatedAgain(rel, out, nil)
}

// generatedAgain computes the generated columns among a row's values: those of changed
// columns, or all (build_generation_expression in RewriteQuery).
func (s *scope) generatedAgain(rel *catalog.Relation, row []plan.Expr, changed func(num int16) bool) []plan.Expr {
	out := slices.Clone(row)
	for _, a := range s.generatedValues(rel, ruleRow(rel.Name, rel, row), changed) {
		i := slices.IndexFunc(rel.VisibleColumns(), func(c *catalog.Column) bool { return c.Num == a.Num })
		out[i] = a.Value
	}
	return out
}

// changed are the rows of an UPDATE (with its SET list) or DELETE.
func (r *sourceRows) changed(target *parser.RangeVar, from []*parser.Node, where *parser.Node, sets []*parser.Node) {
	if where.GetCurrentOfExpr() != nil {
		unsupported(-1, "WHERE CURRENT OF in a statement that rules rewrite")
	}
	r.ruleTarget = true
	f := r.rangeVar(target)
	r.ruleTarget = false
	r.items = f.items
	r.node = f.node
	var others plan.Node
	if len(from) > 0 {
		f.main.lateralOnly, f.main.lateralOK = true, false
		others = r.fromBeside(f.main, from)
		r.node = &plan.Join{Kind: plan.InnerJoin, Left: f.node, Right: others}
	}
	cond := r.condition(where, kindWhere, "WHERE")
	if !r.uses && !readsColumns(cond, f.node) {
		if r.node = others; others == nil {
			r.node = oneRow()
		}
	}
	for _, c := range f.main.cols {
		r.old = append(r.old, c.expr)
	}
	r.new = slices.Clone(r.old)
	if r.uses {
		r.assigned(f.main, sets)
	}
	if cond != nil {
		r.node = &plan.Filter{Input: r.node, Cond: cond}
	}
}

func readsColumns(e plan.Expr, n plan.Node) bool {
	if e == nil {
		return false
	}
	used := plan.ColumnsOf(e)
	return slices.ContainsFunc(n.Columns(), func(c plan.Col) bool { _, ok := used[c.ID]; return ok })
}

// assigned puts the values of a SET list into the new row.
func (r *sourceRows) assigned(it *nsItem, sets []*parser.Node) {
	to := &writeTarget{table: r.rel, named: r.rel, verb: updating}
	assigned := r.assignments(to, sets, it)
	for _, a := range assigned {
		for i, c := range r.rel.VisibleColumns() {
			if c.Num == a.Num {
				r.new[i] = a.Value
			}
		}
	}
	r.new = r.generatedAgain(r.rel, r.new, assigns(assigned))
}

// result makes a FROM item of scope s of the rows that meet the rule's condition.
func (r *sourceRows) result(s *scope, rule *catalog.Rule) fromResult {
	p := &plan.Project{Input: r.node}
	var columns []*catalog.Column
	if r.uses || r.old == nil {
		for _, row := range [][]plan.Expr{r.old, r.new} {
			if row != nil {
				columns = append(columns, r.rel.VisibleColumns()...)
				p.Values = append(p.Values, row...)
			}
		}
	}
	for i, e := range p.Values {
		p.Cols = append(p.Cols, r.b.outputCol(columns[i].Name, e.Type(), e.Typmod()))
	}
	node := plan.Node(p)
	items := r.rows(s, p.Cols)
	if rule.Where != "" {
		node = &plan.Filter{Input: node, Cond: r.b.ruleCondition(rule, items)}
	}
	out := fromResult{node: node, items: items, lateral: false}
	if len(items) > 0 {
		out.main = items[0]
	}
	s.all = append(s.all, items...)
	return out
}

// rows are the items old and new over columns, which belong to s from now on.
func (r *sourceRows) rows(s *scope, cols []plan.Col) []*nsItem {
	n := len(r.rel.VisibleColumns())
	var items []*nsItem
	add := func(name string, cols []plan.Col) {
		it := s.derivedItem(name, cols)
		it.source, it.rel, it.relVisible = r.rel, r.rel, true
		items = append(items, it)
	}
	switch len(cols) {
	case 2 * n:
		add("old", cols[:n])
		add("new", cols[n:])
	case n:
		add("new", cols)
	}
	return items
}

// injectSource adds the source, of a statement on rel, to what an action reads. restore
// puts the action back as it was written.
func injectSource(b *binder, n *parser.Node, rv *parser.RangeVar, rel *catalog.Relation) (restore func()) {
	src := &parser.Node{Node: &parser.Node_RangeVar{RangeVar: rv}}
	add := func(list *[]*parser.Node) func() {
		saved := *list
		lateral := letSee(saved)
		*list = append([]*parser.Node{src}, saved...)
		return func() {
			*list = saved
			for _, sub := range lateral {
				sub.Lateral = false
			}
		}
	}
	switch v := n.GetNode().(type) {
	case *parser.Node_UpdateStmt:
		return add(&v.UpdateStmt.FromClause)
	case *parser.Node_DeleteStmt:
		return add(&v.DeleteStmt.UsingClause)
	case *parser.Node_InsertStmt:
		sel := v.InsertStmt.SelectStmt.GetSelectStmt()
		if sel != nil && !plainValues(sel) {
			if sel.Op != parser.SetOperation_SETOP_NONE || len(sel.ValuesLists) > 0 {
				failAt(-1, pgerr.FeatureNotSupported, "conditional UNION/INTERSECT/EXCEPT statements are not implemented")
			}
			return add(&sel.FromClause)
		}
		return valuesOverSource(b, v.InsertStmt, src, rel)
	}
	unsupported(-1, "a rule whose action is no INSERT, UPDATE or DELETE")
	return nil
}

// letSee makes the subqueries in FROM that name old or new lateral ones, and returns
// them (rewriteRuleAction).
func letSee(from []*parser.Node) []*parser.RangeSubselect {
	var out []*parser.RangeSubselect
	for _, n := range from {
		if sub := n.GetRangeSubselect(); sub != nil && !sub.Lateral && (namesRow(n, "old") || namesRow(n, "new")) {
			sub.Lateral = true
			out = append(out, sub)
		}
	}
	return out
}

// valuesOverSource makes INSERT … SELECT … FROM the source of INSERT … VALUES; a column
// that gets DEFAULT is left out.
func valuesOverSource(b *binder, ins *parser.InsertStmt, src *parser.Node, rel *catalog.Relation) (restore func()) {
	savedSelect, savedCols := ins.SelectStmt, ins.Cols
	var rows [][]*parser.Node
	for _, n := range ins.SelectStmt.GetSelectStmt().GetValuesLists() {
		rows = append(rows, expandRows(n.GetList().GetItems(), rel))
	}
	if len(rows) > 0 {
		ins.Cols = withoutDefaults(rows, namedColumns(b, ins, len(rows[0])))
	}
	sel := &parser.SelectStmt{FromClause: []*parser.Node{src}, LimitOption: parser.LimitOption_LIMIT_OPTION_DEFAULT, Op: parser.SetOperation_SETOP_NONE}
	switch len(rows) {
	case 0:
	case 1:
		for _, item := range rows[0] {
			sel.TargetList = append(sel.TargetList, resTarget(item))
		}
	default:
		sel.FromClause = append(sel.FromClause, lateralValues(rows))
		sel.TargetList = []*parser.Node{resTarget(columnOf("*VALUES*", &parser.Node{Node: &parser.Node_AStar{AStar: &parser.A_Star{}}}))}
	}
	ins.SelectStmt = &parser.Node{Node: &parser.Node_SelectStmt{SelectStmt: sel}}
	return func() { ins.SelectStmt, ins.Cols = savedSelect, savedCols }
}

// expandRows writes old.* and new.* out.
func expandRows(items []*parser.Node, rel *catalog.Relation) []*parser.Node {
	var out []*parser.Node
	for _, item := range items {
		star := starOf(item)
		if star == nil || len(star.Fields) != 2 {
			out = append(out, item)
			continue
		}
		for _, c := range rel.VisibleColumns() {
			out = append(out, columnOf(star.Fields[0].GetString_().GetSval(), stringNode(c.Name)))
		}
	}
	return out
}

func columnOf(row string, field *parser.Node) *parser.Node {
	return &parser.Node{Node: &parser.Node_ColumnRef{ColumnRef: &parser.ColumnRef{Location: -1, Fields: []*parser.Node{stringNode(row), field}}}}
}

func stringNode(s string) *parser.Node {
	return &parser.Node{Node: &parser.Node_String_{String_: &parser.String{Sval: s}}}
}

// withoutDefaults takes the columns that get DEFAULT out of the rows, and returns the
// others: 0A000 for a column that gets it in some rows only.
func withoutDefaults(rows [][]*parser.Node, cols []*parser.Node) []*parser.Node {
	for i := len(cols) - 1; i >= 0; i-- {
		n := 0
		for _, row := range rows {
			if i < len(row) && row[i].GetSetToDefault() != nil {
				n++
			}
		}
		switch n {
		case 0:
		case len(rows):
			cols = slices.Delete(slices.Clone(cols), i, i+1)
			for k := range rows {
				rows[k] = slices.Delete(rows[k], i, i+1)
			}
		default:
			unsupported(-1, "DEFAULT in some rows of a rule's VALUES")
		}
	}
	return cols
}

func lateralValues(rows [][]*parser.Node) *parser.Node {
	values := &parser.SelectStmt{LimitOption: parser.LimitOption_LIMIT_OPTION_DEFAULT, Op: parser.SetOperation_SETOP_NONE}
	for _, row := range rows {
		values.ValuesLists = append(values.ValuesLists, &parser.Node{Node: &parser.Node_List{List: &parser.List{Items: row}}})
	}
	sub := &parser.RangeSubselect{Lateral: true, Alias: &parser.Alias{Aliasname: "*VALUES*"},
		Subquery: &parser.Node{Node: &parser.Node_SelectStmt{SelectStmt: values}}}
	return &parser.Node{Node: &parser.Node_RangeSubselect{RangeSubselect: sub}}
}

func resTarget(val *parser.Node) *parser.Node {
	return &parser.Node{Node: &parser.Node_ResTarget{ResTarget: &parser.ResTarget{Val: val, Location: -1}}}
}

// namedColumns is the column list of an INSERT, or the first n columns of its table.
func namedColumns(b *binder, ins *parser.InsertStmt, n int) []*parser.Node {
	if len(ins.Cols) > 0 {
		return ins.Cols
	}
	var out []*parser.Node
	for _, c := range b.relation(ins.Relation).VisibleColumns() {
		if len(out) < n {
			out = append(out, &parser.Node{Node: &parser.Node_ResTarget{ResTarget: &parser.ResTarget{Name: c.Name, Location: -1}}})
		}
	}
	return out
}

// returningList is the place of an action's RETURNING list.
func returningList(n *parser.Node) *[]*parser.Node {
	switch v := n.GetNode().(type) {
	case *parser.Node_InsertStmt:
		return &v.InsertStmt.ReturningList
	case *parser.Node_UpdateStmt:
		return &v.UpdateStmt.ReturningList
	case *parser.Node_DeleteStmt:
		return &v.DeleteStmt.ReturningList
	}
	return new([]*parser.Node)
}
