package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// target is an entry of the select list, or a junk column that ORDER BY, GROUP
// BY or DISTINCT ON added.
type target struct {
	expr plan.Expr
	name string
	junk bool
	// late: computed after ORDER BY and LIMIT.
	late bool
	col  plan.Col
	rel  types.OID
	num  int16
}

// query binds a statement that yields rows as a subquery of parent (nil at the
// top): SELECT, VALUES, set operations, and DML with RETURNING in WITH.
func (b *binder) query(n *parser.Node, parent *scope) plan.Node {
	sel := n.GetSelectStmt()
	if sel == nil {
		fail(pgerr.Internal("unexpected statement in a subquery"))
	}
	return b.selectStmt(sel, b.newScope(parent))
}

// selectStmt dispatches over the forms of SELECT: transformStmt.
func (b *binder) selectStmt(sel *parser.SelectStmt, s *scope) plan.Node {
	if sel.IntoClause != nil {
		failAt(b.at(sel.IntoClause.Rel.GetLocation()), pgerr.SyntaxError, "SELECT ... INTO is not allowed here")
	}
	ctes := s.with(sel.WithClause)
	var out plan.Node
	switch {
	case len(sel.ValuesLists) > 0:
		out = s.valuesStmt(sel)
	case sel.Op != parser.SetOperation_SETOP_NONE:
		out = s.setOperationStmt(sel)
	default:
		out = s.plainSelect(sel)
	}
	out = wrapWith(ctes, out)
	if s.b.trees != nil {
		s.withTree(s.tree, sel.WithClause)
		s.b.trees.queries[out] = s.tree
	}
	return out
}

// selection is one SELECT … FROM being put together.
type selection struct {
	*scope
	targets    []*target
	node       plan.Node
	where      plan.Expr
	having     plan.Expr
	order      []orderItem
	group      *grouping
	distinct   bool
	distinctOn []*target
	limit      limitClause
	locks      []lockTarget
	// outputOnly: ORDER BY can name output columns only (set operations).
	outputOnly bool
}

// plainSelect is transformSelectStmt, in its order, so that the first error is
// PostgreSQL's.
func (s *scope) plainSelect(sel *parser.SelectStmt) plan.Node {
	q := &selection{scope: s}
	s.locking = sel.LockingClause
	q.node = s.fromClause(sel.FromClause)
	for _, n := range sel.WindowClause {
		s.newWindow(n.GetWindowDef())
	}
	q.targets = s.targetList(sel.TargetList, kindSelectTarget)
	if s.b.freezing {
		sel.TargetList = s.freezeStars(sel.TargetList)
	}
	q.where = s.condition(sel.WhereClause, kindWhere, "WHERE")
	q.having = s.condition(sel.HavingClause, kindHaving, "HAVING")
	q.order = q.orderBy(sel.SortClause)
	q.group = q.groupBy(sel.GroupClause, sel.GroupDistinct)
	q.distinctClause(sel.DistinctClause)
	q.limit = s.limitOffset(sel)
	s.checkWithTies(sel)
	s.windowDefinitions()
	if s.resolveUnknowns {
		q.resolveTargets()
	}
	q.lockRows(sel)
	if s.b.trees != nil {
		s.tree = q.queryTree(sel)
	}
	if s.tracking != nil {
		s.tracking.passOn(q)
	}
	return q.build()
}

// condition is transformWhereClause.
func (s *scope) condition(n *parser.Node, kind exprKind, construct string) plan.Expr {
	if n == nil {
		return nil
	}
	return s.b.boolean(s.bind(n, kind), construct)
}

// resolveTargets is resolveTargetListUnknowns.
func (q *selection) resolveTargets() {
	for _, t := range q.targets {
		t.expr = q.b.textIfUnknown(t.expr)
	}
}

// build stacks the nodes in the order of evaluation.
func (q *selection) build() plan.Node {
	if q.where != nil {
		q.node = &plan.Filter{Input: q.node, Cond: q.where}
	}
	q.aggregate()
	if q.having != nil {
		q.node = &plan.Filter{Input: q.node, Cond: q.having}
	}
	q.windowNodes()
	q.addSets(q.srfs)
	q.postpone()
	q.project()
	keys := q.sortKeys()
	switch {
	case q.distinctOn != nil:
		q.sort(keys)
		q.node = &plan.DistinctRows{Input: q.node, On: targetColumns(q.distinctOn)}
	case q.distinct:
		q.node = &plan.DistinctRows{Input: q.node}
		q.sort(keys)
	default:
		q.sort(keys)
	}
	q.lockNode()
	if q.limit.offset != nil {
		q.projectLate() // the rows that OFFSET skips are computed too
	}
	q.node = q.limit.apply(q.node, keys)
	q.projectLate()
	return q.stripJunk()
}

func (q *selection) sort(keys []plan.SortKey) {
	if len(keys) > 0 {
		q.node = &plan.Sort{Input: q.node, Keys: keys}
	}
}

// project computes the select list and the junk columns.
func (q *selection) project() {
	p := &plan.Project{Input: q.node}
	for _, t := range q.targets {
		if t.junk && q.distinct {
			continue // GROUP BY's: what is distinct is only what is seen
		}
		t.col = q.b.outputCol(t.name, t.expr.Type(), t.expr.Typmod())
		t.col.Relation, t.col.Num = t.rel, t.num
		if t.late {
			q.letThrough(p, t.expr)
			continue
		}
		p.Values, p.Cols = append(p.Values, t.expr), append(p.Cols, t.col)
	}
	q.node = p
}

// postpone is make_sort_input_target: volatile entries that don't decide the
// order are computed once the rows are in order and cut off, as many times as
// rows are seen.
func (q *selection) postpone() {
	if len(q.order) == 0 && q.limit.count == nil || q.distinct || q.distinctOn != nil {
		return
	}
	for _, t := range q.targets {
		isKey := slices.ContainsFunc(q.order, func(o orderItem) bool { return o.target == t })
		t.late = !t.junk && !isKey && plan.IsVolatile(t.expr)
	}
}

// letThrough adds the columns of p's input that a late entry needs.
func (q *selection) letThrough(p *plan.Project, e plan.Expr) {
	used := plan.ColumnsOf(e)
	for _, c := range p.Input.Columns() {
		has := slices.ContainsFunc(p.Cols, func(o plan.Col) bool { return o.ID == c.ID })
		if used[c.ID] && !has {
			p.Values, p.Cols = append(p.Values, colExpr(c, -1)), append(p.Cols, c)
		}
	}
}

// projectLate computes the entries that waited.
func (q *selection) projectLate() {
	p := &plan.Project{Input: q.node}
	any := false
	for _, t := range q.targets {
		v := plan.Expr(colExpr(t.col, -1))
		if t.late {
			v, any, t.late = t.expr, true, false
		}
		p.Values, p.Cols = append(p.Values, v), append(p.Cols, t.col)
	}
	if any {
		q.node = p
	}
}

func targetColumns(ts []*target) []plan.Expr {
	out := make([]plan.Expr, len(ts))
	for i, t := range ts {
		out[i] = colExpr(t.col, t.expr.Pos())
	}
	return out
}

// stripJunk drops the columns that only sorting needed.
func (q *selection) stripJunk() plan.Node {
	p := &plan.Project{Input: q.node}
	junk := false
	for _, t := range q.targets {
		if t.junk {
			junk = true
			continue
		}
		p.Values, p.Cols = append(p.Values, colExpr(t.col, -1)), append(p.Cols, t.col)
	}
	if !junk {
		return q.node
	}
	return p
}

// addSets adds a ProjectSet for each depth of set-returning calls: the input's
// columns pass through.
func (q *selection) addSets(entries []*srfEntry) {
	for depth, left := 0, len(entries); left > 0; depth++ {
		left -= q.projectSet(depth, entries)
	}
}

func (q *selection) projectSet(depth int, entries []*srfEntry) int {
	p := &plan.ProjectSet{Input: q.node}
	for _, c := range q.node.Columns() {
		p.Values, p.Cols = append(p.Values, colExpr(c, -1)), append(p.Cols, c)
	}
	n := 0
	for _, e := range entries {
		if e.depth == depth {
			p.Values = append(p.Values, &plan.SetReturning{Meta: e.call.Meta, Call: e.call})
			p.Cols = append(p.Cols, e.col)
			n++
		}
	}
	if n > 0 {
		q.node = p
	}
	return n
}

// valuesStmt is VALUES as a query: transformValuesClause.
func (s *scope) valuesStmt(sel *parser.SelectStmt) plan.Node {
	rows, names := s.valuesRows(sel.ValuesLists, kindValues)
	cols := s.unifyRows(rows)
	for i := range cols {
		cols[i].Name = names[i]
	}
	q := &selection{scope: s, node: &plan.Values{Rows: rows, Cols: cols}, group: &grouping{}}
	it := q.columnTargets(cols)
	out := q.finishSorted(sel)
	if s.b.trees != nil {
		s.tree = q.valuesTree(sel, rows, it)
	}
	return out
}

// columnTargets makes the node's columns the select list.
func (q *selection) columnTargets(cols []plan.Col) *nsItem {
	it := &nsItem{name: "*VALUES*"}
	for _, c := range cols {
		q.b.columns[c.ID] = &columnInfo{owner: q.scope, table: it.name, name: c.Name, item: it}
		e := colExpr(c, -1)
		q.targets = append(q.targets, &target{expr: e, name: c.Name, rel: c.Relation, num: c.Num, col: c})
		it.cols = append(it.cols, &nsCol{name: c.Name, expr: e})
	}
	return it
}
