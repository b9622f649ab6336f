package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The trees of INSERT, UPDATE and DELETE, which bodies of functions and actions of rules
// have. What is bound for them has been bound before, for its errors; here the target is
// what the statement names, a view too, and defaults, checks and triggers are left aside.

// writing is one of these being bound for its tree.
type writing struct {
	*scope
	rel  *catalog.Relation
	item *nsItem
	tree *plan.QueryTree
	out  *plan.TreeWrite
}

// writeTree makes the tree; the node stands for the rows of RETURNING.
func (s *scope) writeTree(n *parser.Node) plan.Node {
	var ctes []*plan.CTE
	w := &writing{scope: s, out: &plan.TreeWrite{}}
	w.tree = &plan.QueryTree{Vars: s.b.trees.vars, Write: w.out}
	var with *parser.WithClause
	begin := func(clause *parser.WithClause, target *parser.RangeVar, kind plan.QueryKind) {
		with, ctes, w.out.Kind = clause, s.with(clause), kind
		w.target(target)
	}
	var returning []*parser.Node
	switch v := n.GetNode().(type) {
	case *parser.Node_InsertStmt:
		begin(v.InsertStmt.WithClause, v.InsertStmt.Relation, plan.InsertQuery)
		w.insert(v.InsertStmt)
		returning = v.InsertStmt.ReturningList
	case *parser.Node_UpdateStmt:
		begin(v.UpdateStmt.WithClause, v.UpdateStmt.Relation, plan.UpdateQuery)
		w.reads(v.UpdateStmt.FromClause, v.UpdateStmt.WhereClause)
		w.out.Sets = w.sets(v.UpdateStmt.TargetList)
		returning = v.UpdateStmt.ReturningList
	case *parser.Node_DeleteStmt:
		begin(v.DeleteStmt.WithClause, v.DeleteStmt.Relation, plan.DeleteQuery)
		w.reads(v.DeleteStmt.UsingClause, v.DeleteStmt.WhereClause)
		returning = v.DeleteStmt.ReturningList
	default:
		noTree(parser.CommandTag(n))
	}
	node := wrapWith(ctes, w.returned(returning))
	s.withTree(w.tree, with)
	s.b.trees.queries[node] = w.tree
	return node
}

// noTree is for what no tree is made of: its text stays as it is.
func noTree(what string) { failAt(-1, pgerr.FeatureNotSupported, "no tree of %s", what) }

// target makes the item of the relation that is written.
func (w *writing) target(rv *parser.RangeVar) {
	w.rel = w.b.relation(rv)
	name := rv.Relname
	if rv.Alias != nil {
		name = rv.Alias.Aliasname
	}
	w.out.Target = w.b.newEntry(rv.Alias)
	w.out.Target.Only = !rv.Inh && w.rel.Kind != catalog.PartitionedTable
	w.item = w.treeRow(w.rel, name, w.out.Target)
	w.all = append(w.all, w.item)
	w.items = []*nsItem{w.item}
}

// treeRow makes the item of a row of rel, which the tree shows as e.
func (s *scope) treeRow(rel *catalog.Relation, name string, e *plan.TreeEntry) *nsItem {
	_, _, it := s.rowOf(rel, name)
	leaf := it.hidden
	it.hidden = func(name string, fold bool) *nsCol {
		if name == "tableoid" {
			noTree("a system column")
		}
		return leaf(name, fold)
	}
	e.Rel = rel
	s.b.showAs(it, e)
	it.nameColumns()
	return it
}

// reads binds FROM or USING, and WHERE.
func (w *writing) reads(from []*parser.Node, where *parser.Node) {
	if where.GetCurrentOfExpr() != nil {
		noTree("WHERE CURRENT OF")
	}
	if len(from) > 0 {
		w.item.lateralOnly, w.item.lateralOK = true, false
		w.fromItems(from)
	}
	w.tree.From, w.tree.Where = w.from, w.condition(where, kindWhere, "WHERE")
}

func (w *writing) insert(ins *parser.InsertStmt) {
	in := &insertion{scope: w.scope, writeTarget: &writeTarget{table: w.rel, named: w.rel, verb: inserting}, explicit: len(ins.Cols) > 0, override: ins.Override}
	in.cols = in.columns(ins.Cols)
	w.out.Overriding = overridings[ins.Override]
	items := w.items
	w.items = nil // VALUES does not see the target
	switch sel := ins.SelectStmt.GetSelectStmt(); {
	case sel == nil:
		in.cols = nil
	case plainValues(sel):
		for _, row := range in.valuesLists(sel.ValuesLists) {
			w.out.Rows = append(w.out.Rows, w.fitted(in, row))
		}
	default:
		w.source(in, sel)
	}
	w.items = items
	for _, c := range in.cols {
		w.out.Columns = append(w.out.Columns, c.Num)
	}
	if ins.OnConflictClause != nil {
		w.onConflict(ins.OnConflictClause)
	}
}

var overridings = map[parser.OverridingKind]string{
	parser.OverridingKind_OVERRIDING_USER_VALUE: "OVERRIDING USER VALUE", parser.OverridingKind_OVERRIDING_SYSTEM_VALUE: "OVERRIDING SYSTEM VALUE",
}

// fitted are the values of one row as the columns take them.
func (w *writing) fitted(in *insertion, row []plan.Expr) []plan.Expr {
	out := make([]plan.Expr, len(row))
	for i, e := range row {
		c := in.cols[i]
		switch out[i] = e; {
		case c.path != nil:
			out[i] = w.part(c.Column, c.path, assignedExpr(e))
		case !isDefault(e):
			out[i] = w.b.assign(e, c.Column)
		}
	}
	return out
}

// part is the assignment of a value to a part of a column: the stores that lead to it.
func (w *writing) part(c *catalog.Column, path *storePath, v assigned) plan.Expr {
	if path.leaf != nil {
		noTree("a leaf of a nested object")
	}
	return w.assignment(w.rel, c, path, v, &plan.Const{Meta: plan.Meta{Typ: c.Type, Mod: c.Typmod, At: -1}}, nil, -1)
}

func isDefault(e plan.Expr) bool {
	_, ok := e.(*plan.Default)
	return ok
}

// source binds the query of INSERT … SELECT. Its untyped literals become values of the
// database's own types, so that they follow these.
func (w *writing) source(in *insertion, sel *parser.SelectStmt) {
	sub := w.b.newScope(w.scope)
	sub.resolveUnknowns = false
	node := w.b.selectStmt(sel, sub)
	es := outputs(node)
	in.checkWidth(es, nil)
	if slices.ContainsFunc(in.cols, func(c insertColumn) bool { return c.path != nil }) {
		noTree("a part of a column")
	}
	after := w.fitted(in, es)
	for i, e := range after {
		if e.Type().OID < types.FirstNormalOID {
			after[i] = es[i]
		}
	}
	w.b.trees.settleTree(w.b.trees.leafTree(node), es, after)
	w.out.Source = w.b.trees.queries[node]
}

func (w *writing) onConflict(oc *parser.OnConflictClause) {
	c := &plan.TreeConflict{}
	w.out.Conflict = c
	if inf := oc.Infer; inf != nil {
		w.inferred(c, inf)
	}
	if oc.Action == parser.OnConflictAction_ONCONFLICT_NOTHING {
		return
	}
	c.Excluded = &plan.TreeEntry{Alias: "excluded"}
	excluded := w.treeRow(w.rel, "excluded", c.Excluded)
	saved := w.items
	w.items, w.all = []*nsItem{w.item, excluded}, append(w.all, excluded)
	c.Sets = w.sets(oc.TargetList)
	c.SetWhere = w.condition(oc.WhereClause, kindWhere, "WHERE")
	w.items = saved
}

// inferred is the target of ON CONFLICT.
func (w *writing) inferred(c *plan.TreeConflict, inf *parser.InferClause) {
	for _, k := range w.rel.DeclaredConstraints() {
		if inf.Conname != "" && k.Name == inf.Conname {
			c.Constraint = k.OID
		}
	}
	for _, n := range inf.IndexElems {
		el := n.GetIndexElem()
		if len(el.Opclass) > 0 {
			noTree("an operator class in ON CONFLICT")
		}
		e := plan.TreeInferred{}
		if el.Expr != nil {
			e.Expr = w.b.textIfUnknown(w.bind(el.Expr, kindIndexExpression))
		} else if col := w.item.findColumn(el.Name, false, -1); col != nil {
			e.Expr = w.b.use(col).expr
		} else {
			noTree("a part of a column")
		}
		if len(el.Collation) > 0 {
			e.Collation = w.b.collation(nameParts(el.Collation), -1).OID
		}
		c.Elems = append(c.Elems, e)
	}
	if inf.WhereClause != nil {
		c.Where = w.b.boolean(w.bind(inf.WhereClause, kindIndexPredicate), "WHERE")
	}
}

// sets binds a SET list.
func (w *writing) sets(list []*parser.Node) []plan.TreeSet {
	var out []plan.TreeSet
	column := func(rt *parser.ResTarget) (*catalog.Column, *storePath) {
		return w.assignPath(w.rel, w.b.writableColumn(w.rel, rt.Name, -1), rt, -1)
	}
	for i := 0; i < len(list); i++ {
		rt := list[i].GetResTarget()
		if m := rt.Val.GetMultiAssignRef(); m != nil && m.Source.GetSubLink() != nil {
			q := w.subselect(m.Source.GetSubLink().Subselect, -1)
			q.Kind = plan.SubScalar
			set := plan.TreeSet{Value: q}
			for k := range int(m.Ncolumns) {
				col, path := column(list[i+k].GetResTarget())
				if path != nil {
					noTree("a part of a column")
				}
				set.Nums = append(set.Nums, col.Num)
			}
			out = append(out, set)
			i += int(m.Ncolumns) - 1
			continue
		}
		col, path := column(rt)
		out = append(out, plan.TreeSet{Nums: []int16{col.Num}, Value: w.setValue(rt.Val, col, path)})
	}
	return out
}

// setValue is what one column gets.
func (w *writing) setValue(n *parser.Node, col *catalog.Column, path *storePath) plan.Expr {
	if m := n.GetMultiAssignRef(); m != nil {
		n = m.Source.GetRowExpr().Args[m.Colno-1]
	}
	if n.GetSetToDefault() != nil {
		return &plan.Default{}
	}
	e := w.bind(n, kindUpdateSource)
	if path != nil {
		return w.part(col, path, assignedExpr(e))
	}
	return w.b.assign(e, col)
}

// returned is a node with the columns of RETURNING.
func (w *writing) returned(list []*parser.Node) plan.Node {
	out := &plan.Values{}
	if len(list) == 0 {
		return out
	}
	for _, t := range w.targetList(list, kindReturning) {
		e := w.b.textIfUnknown(t.expr)
		w.out.Returning = append(w.out.Returning, &plan.TreeTarget{Expr: e, Name: t.name})
		out.Cols = append(out.Cols, w.b.outputCol(t.name, e.Type(), e.Typmod()))
	}
	return out
}

// statementTree is the tree of a query or modification whose columns may belong to the
// entries around it.
func (b *binder) statementTree(n *parser.Node, parent *scope) *plan.QueryTree {
	var node plan.Node
	if n.GetSelectStmt() != nil {
		node = b.query(n, parent)
	} else {
		node = b.newScope(parent).writeTree(n)
	}
	b.finishVars()
	out := b.trees.queries[node]
	if out == nil {
		fail(pgerr.Internal("a statement without a tree"))
	}
	return out
}

// RuleTree binds the texts of a rule of rel for their trees.
func RuleTree(env *Env, rel *catalog.Relation, rule *catalog.Rule) (out *plan.TreeRule, err error) {
	defer recoverBind(&err)
	out = &plan.TreeRule{}
	if rule.Where != "" {
		b := newTreeBinder(env)
		rows, entries := b.ruleRows(rel, rule.Event)
		out.Around = entries
		out.Where = b.newScope(nil).overRows(rows.items).condition(parseText(rule.Where), kindWhere, "WHERE")
		b.finishVars()
		out.Vars = b.trees.vars
	}
	for _, text := range rule.Actions {
		stmts, err := parser.Parse(text)
		if err != nil {
			return nil, err
		}
		b := newTreeBinder(env)
		rows, entries := b.ruleRows(rel, rule.Event)
		action := b.statementTree(stmts[0].Node, rows)
		if action.Write == nil {
			noTree("SELECT in a rule")
		}
		action.Write.Around = entries
		out.Actions = append(out.Actions, action)
	}
	return out, nil
}

// ruleRows is a scope with the rows old and new, which have no bare names there. The
// entries are PostgreSQL's two, whatever the event.
func (b *binder) ruleRows(rel *catalog.Relation, event catalog.RuleEvent) (*scope, []*plan.TreeEntry) {
	s := b.newScope(nil)
	var entries []*plan.TreeEntry
	for _, name := range []string{"old", "new"} {
		e := &plan.TreeEntry{Alias: name}
		it := s.treeRow(rel, name, e)
		it.colsVisible = false
		entries = append(entries, e)
		if name == "old" && event == catalog.RuleInsert || name == "new" && event == catalog.RuleDelete {
			continue
		}
		s.items = append(s.items, it)
	}
	s.all = s.items
	return s, entries
}

// BodyTrees binds the statements of an SQL-standard body for their trees.
func BodyTrees(env *Env, f *catalog.Function) (out []*plan.QueryTree, err error) {
	defer recoverBind(&err)
	own := *env
	b := newBinder(env)
	var args []*types.Type
	for _, oid := range f.InputTypes() {
		args = append(args, b.typ(oid))
	}
	if own.Body, err = NewBody(env, f, args, b.typ(f.Result)); err != nil {
		return nil, err
	}
	stmts, err := BodyStatements(env, f)
	if err != nil {
		return nil, err
	}
	for _, stmt := range stmts {
		out = append(out, newTreeBinder(&own).statementTree(stmt.Node, nil))
	}
	if f.Return { // transformReturnStmt gives it no name
		out[0].Targets[0].Name = ""
	}
	return out, nil
}
