package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Trees are made where package ruleutils needs one: the binder then keeps, beside the
// plan, what the plan forgets of the query (plan.QueryTree). What it binds for that is
// never run, and was bound before: privileges and rules are left aside.

// treeMaker is what is kept while a statement is bound for its tree.
type treeMaker struct {
	vars *plan.TreeVars
	// queries and setOps are the trees of what has been bound, by its plan.
	queries map[plan.Node]*plan.QueryTree
	setOps  map[plan.Node]*plan.TreeSetOp
}

func newTreeBinder(env *Env) *binder {
	own := *env
	own.NoRules, own.User = true, "" // and no privileges
	b := newBinder(&own)
	b.inlined = true
	b.trees = &treeMaker{
		vars: &plan.TreeVars{
			Columns: map[plan.ColumnID]plan.TreeVar{}, Computed: map[plan.ColumnID]plan.Expr{},
			Windows: map[plan.ColumnID]plan.TreeWindowCall{}, Groupings: map[plan.ColumnID][]plan.Expr{},
		},
		queries: map[plan.Node]*plan.QueryTree{}, setOps: map[plan.Node]*plan.TreeSetOp{},
	}
	return b
}

// Tree binds the text of a SELECT, such as a view keeps, for its tree.
func Tree(env *Env, text string) (out *plan.QueryTree, err error) {
	defer recoverBind(&err)
	stmts, err := parser.Parse(text)
	if err != nil {
		return nil, err
	}
	if len(stmts) != 1 {
		return nil, pgerr.Internal("not one statement: %s", text)
	}
	return treeOf(env, stmts[0].Node)
}

func treeOf(env *Env, query *parser.Node) (out *plan.QueryTree, err error) {
	defer recoverBind(&err)
	b := newTreeBinder(env)
	node := b.query(query, nil)
	b.finishVars()
	if out = b.trees.queries[node]; out == nil {
		return nil, pgerr.Internal("a query without a tree")
	}
	return out, nil
}

// ExprTree binds the text of an expression, or of several with commas between them, over
// the columns of rel (nil for one without columns) for its tree, coerced to t as a default is; nil leaves its type.
func ExprTree(env *Env, text string, rel *catalog.Relation, t *types.Type, typmod int32) (out *plan.TreeExpr, err error) {
	defer recoverBind(&err)
	b := newTreeBinder(env)
	s := b.newScope(nil)
	var over *plan.TreeEntry
	if rel != nil {
		_, _, item := s.rowOf(rel, rel.Name)
		over = &plan.TreeEntry{Rel: rel, Name: rel.Name}
		b.showAs(item, over)
		b.namesTableOID(item)
		s.items, s.all = []*nsItem{item}, []*nsItem{item}
	}
	out = &plan.TreeExpr{Vars: b.trees.vars, Over: over}
	for _, n := range parseList(text) {
		e := s.bind(n, kindNone)
		if t != nil {
			if c := b.coerceToTarget(e, t, typmod, coerceAssignment, plan.DisplayImplicitCast, -1); c != nil {
				e = c
			}
		}
		out.Exprs = append(out.Exprs, e)
	}
	b.finishVars()
	return out, nil
}

// parseList is parseText of expressions with commas between them, such as indexprs shows.
func parseList(text string) []*parser.Node {
	stmts, err := parser.Parse("SELECT " + text)
	if err != nil {
		fail(err)
	}
	var out []*parser.Node
	if len(stmts) == 1 && len(stmts[0].Node.GetSelectStmt().GetFromClause()) == 0 {
		for _, t := range stmts[0].Node.GetSelectStmt().GetTargetList() {
			out = append(out, t.GetResTarget().GetVal())
		}
	}
	if len(out) == 0 {
		fail(pgerr.Internal("not an expression: %s", text))
	}
	return out
}

// showAs makes an item over given columns one of a tree.
func (b *binder) showAs(it *nsItem, e *plan.TreeEntry) {
	it.entry = e
	for _, c := range it.cols {
		if col, ok := c.expr.(*plan.Column); ok && b.columns[col.ID] != nil {
			info := b.columns[col.ID]
			info.item, info.name = it, c.name
		}
	}
}

// DomainTree is ExprTree of a domain's CHECK, over VALUE.
func DomainTree(env *Env, text string, base *types.Type) (out *plan.TreeExpr, err error) {
	defer recoverBind(&err)
	b := newTreeBinder(env)
	item := b.columnsItem("", []plan.Col{{ID: plan.ElemColumn, Name: domainValue, Type: base, Mod: -1}})
	e := b.textExpr(text, item, kindNone)
	b.finishVars()
	return &plan.TreeExpr{Exprs: []plan.Expr{e}, Vars: b.trees.vars}, nil
}

// finishVars says of every column what it is in the trees.
func (b *binder) finishVars() {
	for id, info := range b.columns {
		if info.item == nil || info.item.entry == nil {
			continue
		}
		place := slices.IndexFunc(info.item.cols, func(c *nsCol) bool {
			col, ok := c.expr.(*plan.Column)
			return ok && col.ID == id
		})
		b.trees.vars.Columns[id] = plan.TreeVar{Entry: info.item.entry, Place: place, Name: info.name}
	}
}

// newEntry begins the entry of an item of FROM; nil where no tree is made.
func (b *binder) newEntry(alias *parser.Alias) *plan.TreeEntry {
	if b.trees == nil {
		return nil
	}
	e := &plan.TreeEntry{}
	if alias != nil {
		e.Alias, e.AliasColumns = alias.Aliasname, len(alias.Colnames)
	}
	return e
}

// dropOwnAlias: an alias that is the relation's name and stands there for the sake of a
// column list follows the relation to its next name.
func dropOwnAlias(e *plan.TreeEntry) {
	if e.Alias == e.Rel.Name && e.AliasColumns > 0 {
		e.Alias = ""
	}
}

// nameColumns ends it with the names of the item's columns.
func (it *nsItem) nameColumns() {
	for _, c := range it.cols {
		it.entry.Columns, it.entry.Nums = append(it.entry.Columns, c.name), append(it.entry.Nums, c.num)
	}
}

// treeColumn makes a column that stands for one of a join in a tree.
func (s *scope) treeColumn(it *nsItem, c *nsCol) {
	col := s.b.newColumn(s, c.name, c.expr.Type(), c.expr.Typmod(), tableColumn)
	s.b.columns[col.ID].item = it
	c.expr = colExpr(col, -1)
}

// queryTree is the tree of a plain SELECT that has been bound and is not yet planned.
func (q *selection) queryTree(sel *parser.SelectStmt) *plan.QueryTree {
	t := &plan.QueryTree{Vars: q.b.trees.vars, From: q.from, Where: q.where, Having: q.having, Distinct: q.distinct}
	for _, target := range q.targets {
		t.Targets = append(t.Targets, &plan.TreeTarget{Expr: target.expr, Name: target.name, Junk: target.junk})
	}
	for _, e := range q.group.exprs {
		t.Group = append(t.Group, e)
	}
	t.GroupAll = sel.GroupDistinct
	if !q.group.plain {
		for _, n := range sel.GroupClause {
			t.Sets = append(t.Sets, q.groupingTree(n))
		}
	}
	for _, w := range q.windowDefs {
		if w.def.Name != "" {
			t.Windows = append(t.Windows, w.tree)
		}
	}
	t.DistinctOn = q.distinctOnTree()
	q.sortTree(t, sel)
	return t
}

// distinctOnTree: what is sorted by comes first (transformDistinctOnClause).
func (q *selection) distinctOnTree() []plan.Expr {
	var out []plan.Expr
	for _, o := range q.order {
		if hasTarget(q.distinctOn, o.target) {
			out = append(out, o.target.expr)
		}
	}
	for _, t := range q.distinctOn {
		if !containsTarget(q.order, t) {
			out = append(out, t.expr)
		}
	}
	return out
}

// sortTree is what follows the query proper: ORDER BY, the limits and locks.
func (q *selection) sortTree(t *plan.QueryTree, sel *parser.SelectStmt) {
	for _, o := range q.order {
		key := o.key
		key.Expr = o.target.expr
		t.Order = append(t.Order, plan.TreeSort{SortKey: key, Target: q.placeOf(o.target)})
	}
	t.Offset, t.Limit, t.WithTies = q.limit.offset, q.limit.count, q.limit.withTies
	t.LimitAll = sel.LimitCount != nil && t.Limit == nil
	for _, n := range sel.LockingClause {
		q.lockTree(t, n.GetLockingClause())
	}
}

func (q *selection) placeOf(t *target) int {
	for i, have := range q.targets {
		if have == t {
			return i
		}
	}
	return -1
}

var lockWaits = map[parser.LockWaitPolicy]string{
	parser.LockWaitPolicy_LockWaitSkip: "SKIP LOCKED", parser.LockWaitPolicy_LockWaitError: "NOWAIT",
}

// lockTree: a clause without names locks every table and subquery.
func (q *selection) lockTree(t *plan.QueryTree, lc *parser.LockingClause) {
	named := map[string]bool{}
	for _, r := range lc.LockedRels {
		named[r.GetRangeVar().Relname] = true
	}
	for _, it := range q.all {
		if it.entry == nil || len(named) > 0 && !named[it.name] || len(named) == 0 && it.unlockable != "" {
			continue
		}
		t.Locks = append(t.Locks, plan.TreeLock{Strength: lockNames[lc.Strength], Entry: it.entry, Wait: lockWaits[lc.WaitPolicy]})
	}
}

var groupingSetKinds = map[parser.GroupingSetKind]plan.GroupingSetKind{
	parser.GroupingSetKind_GROUPING_SET_EMPTY:  plan.GroupingSetEmpty,
	parser.GroupingSetKind_GROUPING_SET_ROLLUP: plan.GroupingSetRollup,
	parser.GroupingSetKind_GROUPING_SET_CUBE:   plan.GroupingSetCube,
	parser.GroupingSetKind_GROUPING_SET_SETS:   plan.GroupingSetSets,
}

// groupingTree is an item of GROUP BY as it was written.
func (q *selection) groupingTree(n *parser.Node) *plan.TreeGroupingSet {
	gs := n.GetGroupingSet()
	if gs == nil {
		out := &plan.TreeGroupingSet{Kind: plan.GroupingSetSimple}
		for _, i := range q.groupingList(q.group, n) {
			out.Exprs = append(out.Exprs, q.group.exprs[i])
		}
		return out
	}
	out := &plan.TreeGroupingSet{Kind: groupingSetKinds[gs.Kind]}
	for _, c := range gs.Content {
		out.Content = append(out.Content, q.groupingTree(c))
	}
	return out
}

// valuesTree is the tree of VALUES as a query: a SELECT of all columns of the list.
func (q *selection) valuesTree(sel *parser.SelectStmt, rows [][]plan.Expr, it *nsItem) *plan.QueryTree {
	it.entry = &plan.TreeEntry{Name: it.name, Values: rows}
	it.nameColumns()
	t := &plan.QueryTree{Vars: q.b.trees.vars, From: []plan.TreeFrom{it.entry}}
	for _, target := range q.targets {
		t.Targets = append(t.Targets, &plan.TreeTarget{Expr: target.expr, Name: target.name, Junk: target.junk})
	}
	q.sortTree(t, sel)
	return t
}

// setOpTree is the tree of a set operation, whose targets have the names of its
// leftmost query.
func (q *selection) setOpTree(sel *parser.SelectStmt, op *plan.TreeSetOp) *plan.QueryTree {
	t := &plan.QueryTree{Vars: q.b.trees.vars, SetOps: op}
	for _, target := range q.targets {
		t.Targets = append(t.Targets, &plan.TreeTarget{Expr: target.expr, Name: target.name, Junk: target.junk})
	}
	q.sortTree(t, sel)
	return t
}

// leafTree is the tree of one side of a set operation.
func (m *treeMaker) leafTree(n plan.Node) *plan.TreeSetOp {
	if op := m.setOps[n]; op != nil {
		return op
	}
	return &plan.TreeSetOp{Leaf: m.queries[n]}
}

// settleTree gives the untyped literals in the select lists of a side the types that
// the set operation found for them.
func (m *treeMaker) settleTree(op *plan.TreeSetOp, before, after []plan.Expr) {
	if op.Leaf == nil {
		return
	}
	i := 0
	for _, t := range op.Leaf.Targets {
		if t.Junk {
			continue
		}
		if i < len(after) && t.Expr.Type() != nil && t.Expr.Type().OID == types.UnknownOID && before[i] != after[i] {
			t.Expr = after[i]
		}
		i++
	}
}

// withTree adds the WITH clause to a query's tree.
func (s *scope) withTree(t *plan.QueryTree, w *parser.WithClause) {
	if w == nil || t == nil {
		return
	}
	t.Recursive = w.Recursive
	for _, e := range s.defined {
		t.With = append(t.With, e.treeCTE())
	}
}

func (e *cteEntry) treeCTE() *plan.TreeCTE {
	out := &plan.TreeCTE{Name: e.def.Ctename, Columns: nameParts(e.def.Aliascolnames), Materialized: materialization[e.def.Ctematerialized], Query: e.tree}
	if c := e.def.SearchClause; c != nil {
		out.Search = &plan.TreeSearch{Breadth: c.SearchBreadthFirst, Columns: nameParts(c.SearchColList), Set: c.SearchSeqColumn}
	}
	if c := e.def.CycleClause; c != nil {
		out.Cycle = &plan.TreeCycle{Columns: nameParts(c.CycleColList), Set: c.CycleMarkColumn, Using: c.CyclePathColumn}
		if t := e.tracking; t != nil && !plainMark(t) {
			out.Cycle.Mark, out.Cycle.Unmark = t.mark, t.unmark
		}
	}
	return out
}

// plainMark: the values of the mark column are true and false, which need not be said.
func plainMark(t *tracking) bool {
	mark, ok1 := t.mark.(*plan.Const)
	unmark, ok2 := t.unmark.(*plan.Const)
	return ok1 && ok2 && mark.Value == true && unmark.Value == false
}

// windowTree is the window that a spec says.
func (s *scope) windowTree(spec *windowSpec, def *parser.WindowDef, base *windowSpec) {
	if s.b.trees == nil {
		return
	}
	t := spec.tree
	t.Ref, t.Frame, t.Framed, t.Between = def.Refname, spec.frame, spec.framed, def.FrameOptions&frameBetween != 0
	t.Partition = append(t.Partition, spec.partition...)
	for _, k := range spec.order {
		t.Order = append(t.Order, plan.TreeSort{SortKey: k, Target: -1})
	}
	t.CopiedOrder = base != nil && len(def.OrderClause) == 0
}

// usingOperator is the operator of ORDER BY … USING that ASC and DESC do not say.
func usingOperator(by *parser.SortBy) string {
	if by.SortbyDir != parser.SortByDir_SORTBY_USING {
		return ""
	}
	if name := operatorName(by.UseOp).name; name != "<" && name != ">" {
		return name
	}
	return ""
}

// written are the arguments of a call as it has them; nil where that is the function's
// own order.
func (t callTarget) written(a callArgs) []plan.WrittenArg {
	if t.order == nil {
		return nil
	}
	out := make([]plan.WrittenArg, len(a.exprs))
	for i, from := range t.order {
		if from >= 0 {
			out[from] = plan.WrittenArg{Index: i, Name: a.names[from]}
		}
	}
	return out
}

func (b *binder) noteComputed(id plan.ColumnID, e plan.Expr) {
	if b.trees != nil {
		b.trees.vars.Computed[id] = e
	}
}

// subqueryEntry is the entry of a subquery in FROM.
func (b *binder) subqueryEntry(r *parser.RangeSubselect, node plan.Node) *plan.TreeEntry {
	e := b.newEntry(r.Alias)
	if e != nil {
		e.Query, e.Lateral = b.trees.queries[node], r.Lateral
	}
	return e
}

// functionEntry makes e one of calls in FROM.
func functionEntry(e *plan.TreeEntry, r *parser.RangeFunction, scan *plan.FuncScan, defs [][]types.Column) {
	e.Name, e.Calls, e.Defs = scan.Alias, scan.Calls, defs
	e.Lateral, e.Ordinality = r.Lateral, r.Ordinality
}

// definedList is a column definition list; nil for none.
func definedList(defs []*parser.Node, cols []plan.Col) []types.Column {
	var out []types.Column
	for i := range defs {
		out = append(out, types.Column{Name: cols[i].Name, Type: cols[i].Type, Typmod: cols[i].Mod})
	}
	return out
}

// joinTree is the tree of a join, nil where none is made.
func (s *scope) joinTree(kind plan.JoinKind, left, right fromResult, using []string, quals []plan.Expr) *plan.TreeJoin {
	if s.b.trees == nil {
		return nil
	}
	out := &plan.TreeJoin{Kind: kind, Left: left.tree, Right: right.tree, Using: using}
	if len(quals) > 0 {
		out.On = quals[0]
	}
	for _, name := range using {
		l, r := usingColumn(left.main, name, "left"), usingColumn(right.main, name, "right")
		out.UsingColumns = append(out.UsingColumns, [2]plan.Expr{l.expr, r.expr})
	}
	return out
}

// nameJoinTree gives a join's alias an entry, whose columns hide those of its sides.
func (s *scope) nameJoinTree(t *plan.TreeJoin, j *parser.JoinExpr, out *fromResult) {
	if t == nil {
		return
	}
	out.tree = t
	if j.Alias != nil {
		for _, c := range out.main.cols {
			t.Columns = append(t.Columns, c.expr)
		}
		t.Names = s.joinEntry(j.Alias, out.main)
	}
	if j.JoinUsingAlias != nil {
		it := out.items[len(out.items)-1]
		it.cols = cloneCols(it.cols)
		t.UsingNames = s.joinEntry(j.JoinUsingAlias, it)
	}
}

func (s *scope) joinEntry(alias *parser.Alias, it *nsItem) *plan.TreeEntry {
	it.entry = s.b.newEntry(alias)
	for _, c := range it.cols {
		s.treeColumn(it, c)
	}
	it.nameColumns()
	return it.entry
}

// recursiveTree is one term of a recursive query.
func (s *scope) recursiveTree(n plan.Node) *plan.TreeSetOp {
	if s.b.trees == nil {
		return nil
	}
	return s.b.trees.leafTree(n)
}

// recursiveTree makes the tree of a recursive query of both terms.
func (e *cteEntry) recursiveTree(inner *scope, sel *parser.SelectStmt, seed, step *plan.TreeSetOp) {
	if inner.b.trees == nil {
		return
	}
	e.tree = &plan.QueryTree{Vars: inner.b.trees.vars, SetOps: &plan.TreeSetOp{Kind: plan.Union, All: sel.All, Left: seed, Right: step}}
	inner.withTree(e.tree, sel.WithClause)
}

// TriggerTree is ExprTree of a trigger's condition, over OLD and NEW.
func TriggerTree(env *Env, text string, rel *catalog.Relation) (out *plan.TreeExpr, err error) {
	defer recoverBind(&err)
	b := newTreeBinder(env)
	s, _ := b.triggerScope(rel)
	for _, it := range s.items {
		b.showAs(it, &plan.TreeEntry{Alias: it.name, Rel: rel})
	}
	e := s.condition(parseText(text), kindTriggerWhen, "WHEN")
	b.finishVars()
	return &plan.TreeExpr{Exprs: []plan.Expr{e}, Vars: b.trees.vars}, nil
}
