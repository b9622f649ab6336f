package bind

import (
	"fmt"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// maxGroupingSets is the bound of expand_grouping_sets.
const maxGroupingSets = 4096

// grouping is a GROUP BY clause.
type grouping struct {
	present bool
	plain   bool // without grouping sets
	exprs   []plan.Expr
	keys    []string
	// targets are where exprs stand in the target list; nil for one added later.
	targets []*target
	// sets by position in exprs; nil for one set of all.
	sets [][]int
	// below marks set-returning calls that run before grouping.
	below map[*srfEntry]bool
}

// groupBy is transformGroupClause.
func (q *selection) groupBy(ns []*parser.Node, distinct bool) *grouping {
	g := &grouping{present: len(ns) > 0, below: map[*srfEntry]bool{}}
	sets := [][]int{{}}
	g.plain = !slices.ContainsFunc(ns, func(n *parser.Node) bool { return n.GetGroupingSet() != nil })
	for _, n := range ns {
		sets = product(sets, q.groupingSets(g, n))
		if len(sets) > maxGroupingSets {
			failAt(q.b.at(nodeLocation(n)), pgerr.StatementTooComplex, "too many grouping sets present (maximum %d)", maxGroupingSets)
		}
	}
	if !g.plain {
		g.sets = tidySets(sets, distinct)
	}
	return g
}

// product combines each set of a with each of b.
func product(a, b [][]int) [][]int {
	out := make([][]int, 0, len(a)*len(b))
	for _, x := range a {
		for _, y := range b {
			out = append(out, slices.Concat(x, y))
		}
	}
	return out
}

func tidySets(sets [][]int, distinct bool) [][]int {
	var out [][]int
	for _, s := range sets {
		s = slices.Clone(s)
		slices.Sort(s)
		s = slices.Compact(s)
		if distinct && slices.ContainsFunc(out, func(have []int) bool { return slices.Equal(have, s) }) {
			continue
		}
		if s == nil {
			s = []int{}
		}
		out = append(out, s)
	}
	return out
}

// groupingSets are the sets that one item of GROUP BY stands for.
func (q *selection) groupingSets(g *grouping, n *parser.Node) [][]int {
	gs := n.GetGroupingSet()
	if gs == nil {
		return [][]int{q.groupingList(g, n)}
	}
	switch gs.Kind {
	case parser.GroupingSetKind_GROUPING_SET_ROLLUP:
		return rollup(q.groupingLists(g, gs.Content))
	case parser.GroupingSetKind_GROUPING_SET_CUBE:
		if len(gs.Content) > 12 {
			failAt(q.b.at(gs.Location), pgerr.TooManyColumns, "CUBE is limited to 12 elements")
		}
		return cube(q.groupingLists(g, gs.Content))
	case parser.GroupingSetKind_GROUPING_SET_SETS:
		var out [][]int
		for _, c := range gs.Content {
			out = append(out, q.groupingSets(g, c)...)
		}
		return out
	}
	return [][]int{{}}
}

func (q *selection) groupingLists(g *grouping, ns []*parser.Node) [][]int {
	out := make([][]int, len(ns))
	for i, n := range ns {
		out[i] = q.groupingList(g, n)
	}
	return out
}

// groupingList is one expression, or several in parentheses.
func (q *selection) groupingList(g *grouping, n *parser.Node) []int {
	if row := n.GetRowExpr(); row != nil && row.RowFormat == parser.CoercionForm_COERCE_IMPLICIT_CAST {
		var out []int
		for _, a := range row.Args {
			out = append(out, q.groupingList(g, a)...)
		}
		return out
	}
	t := q.findTarget(n, kindGroupBy)
	t.expr = q.b.textIfUnknown(t.expr)
	q.b.checkGroupable(t.expr, q.b.at(nodeLocation(n)))
	q.markBelow(g, t.expr)
	return []int{g.addTarget(t)}
}

// addTarget is addTargetToGroupList: grouping sets tell equal expressions of
// several targets apart, since a set may null one and keep the other.
func (g *grouping) addTarget(t *target) int {
	if i := g.indexOf(t); i >= 0 {
		return i
	}
	if i := slices.Index(g.keys, plan.Key(t.expr)); i >= 0 && g.plain {
		return i
	}
	return g.append(t.expr, t)
}

// indexOf is where the target itself is a grouping expression, -1 if nowhere.
func (g *grouping) indexOf(t *target) int { return slices.Index(g.targets, t) }

func (g *grouping) append(e plan.Expr, t *target) int {
	g.exprs, g.keys, g.targets = append(g.exprs, e), append(g.keys, plan.Key(e)), append(g.targets, t)
	return len(g.exprs) - 1
}

// markBelow notes the set-returning calls that a grouping expression needs.
func (q *selection) markBelow(g *grouping, e plan.Expr) {
	used := plan.ColumnsOf(e)
	for i := len(q.srfs) - 1; i >= 0; i-- {
		if e := q.srfs[i]; used[e.col.ID] && !g.below[e] {
			g.below[e] = true
			for _, a := range e.call.Args {
				q.markBelow(g, a)
			}
		}
	}
}

func rollup(lists [][]int) [][]int {
	var out [][]int
	for n := len(lists); n >= 0; n-- {
		out = append(out, slices.Concat(lists[:n]...))
	}
	return out
}

func cube(lists [][]int) [][]int {
	var out [][]int
	for mask := 1<<len(lists) - 1; mask >= 0; mask-- {
		set := []int{}
		for i, l := range lists {
			if mask&(1<<(len(lists)-1-i)) != 0 {
				set = append(set, l...)
			}
		}
		out = append(out, set)
	}
	return out
}

// aggregate puts the Aggregate node in and rewrites everything after it to its
// columns: parseCheckAggregates.
func (q *selection) aggregate() {
	g := q.group
	if !g.present && len(q.aggs) == 0 && len(q.groupings) == 0 && q.having == nil {
		return
	}
	if q.selfRef && len(q.aggs) > 0 {
		failAt(q.aggs[0].agg.At, pgerr.InvalidRecursion, "aggregate functions are not allowed in a recursive query's recursive term")
	}
	if !g.present && len(q.aggs) == 0 && len(q.groupings) == 0 {
		q.node = oneRow() // create_degenerate_grouping: HAVING alone doesn't look at rows
	}
	q.setsBelow()
	node := &plan.Aggregate{Input: q.node, Sets: g.sets}
	r := &regrouper{q: q, g: g, node: node}
	for _, e := range g.exprs {
		r.addGroup(e)
	}
	q.regroup(r)
	for _, a := range q.aggs {
		r.checkDirect(a.agg)
		node.Aggs, node.AggCols = append(node.Aggs, a.agg), append(node.AggCols, a.col)
	}
	for _, e := range q.groupings {
		node.Groupings, node.GroupingCols = append(node.Groupings, r.grouping(e)), append(node.GroupingCols, e.col)
	}
	node.GroupBy, node.Sets = g.exprs, g.sets
	q.node = node
}

// setsBelow runs the set-returning calls that grouping needs.
func (q *selection) setsBelow() {
	var below, above []*srfEntry
	for _, e := range q.srfs {
		if q.group.below[e] {
			below = append(below, e)
		} else {
			above = append(above, e)
		}
	}
	q.addSets(below)
	q.srfs = above
}

// regroup rewrites what is evaluated after grouping.
func (q *selection) regroup(r *regrouper) {
	rep := replacer{f: r.replace}
	for _, t := range q.targets {
		if i := r.g.indexOf(t); i >= 0 {
			t.expr = colExpr(r.node.GroupCols[i], t.expr.Pos())
			continue
		}
		t.expr = rep.replace(t.expr)
	}
	if q.having != nil {
		q.having = rep.replace(q.having)
	}
	for _, w := range q.windows {
		w.win = rep.replace(w.win).(*plan.Win)
		w.spec.rewrite(rep)
	}
	for _, e := range q.srfs {
		e.call = rep.replace(e.call).(*plan.Call)
	}
}

// regrouper replaces grouping expressions by the Aggregate's columns and
// refuses other uses of the input: check_ungrouped_columns.
type regrouper struct {
	q    *selection
	g    *grouping
	node *plan.Aggregate
}

func (r *regrouper) addGroup(e plan.Expr) plan.Col {
	name := "?column?"
	if c, ok := e.(*plan.Column); ok {
		name = c.Name
	}
	col := r.q.b.newColumn(r.q.scope, name, e.Type(), e.Typmod(), groupColumn)
	col.Relation, col.Num = r.q.b.origin(e)
	info := r.q.b.columns[col.ID]
	info.rel, info.num = col.Relation, col.Num
	r.node.GroupCols = append(r.node.GroupCols, col)
	return col
}

func (r *regrouper) replace(e plan.Expr, depth int) (plan.Expr, bool) {
	if i := r.find(e); i >= 0 {
		return colExpr(r.node.GroupCols[i], e.Pos()), true
	}
	c, ok := e.(*plan.Column)
	if !ok {
		return nil, false
	}
	info := r.q.b.columns[c.ID]
	if info == nil || info.owner != r.q.scope || info.made != tableColumn {
		return e, true
	}
	if r.dependent(info) {
		return colExpr(r.addDependent(c), c.At), true
	}
	r.ungrouped(c, info, depth)
	return nil, false
}

// find compares keys only where type and kind agree: most expressions are no
// grouping expression.
func (r *regrouper) find(e plan.Expr) int {
	key := ""
	for i, g := range r.g.exprs {
		if g.Type().OID != e.Type().OID || fmt.Sprintf("%T", g) != fmt.Sprintf("%T", e) {
			continue
		}
		if key == "" {
			key = plan.Key(e)
		}
		if r.g.keys[i] == key {
			return i
		}
	}
	return -1
}

func (r *regrouper) ungrouped(c *plan.Column, info *columnInfo, depth int) {
	if r.q.b.trees != nil {
		return // a tree's joins have columns of their own, which hide their tables' keys
	}
	if depth > 0 {
		failAt(c.At, pgerr.GroupingError, "subquery uses ungrouped column \"%s.%s\" from outer query", info.table, info.name)
	}
	failAt(c.At, pgerr.GroupingError, "column \"%s.%s\" must appear in the GROUP BY clause or be used in an aggregate function",
		info.table, info.name)
}

// dependent says whether the column's table is grouped by its primary key, so
// that the column has one value per group (check_functional_grouping): the query needs
// the constraint.
func (r *regrouper) dependent(info *columnInfo) bool {
	if info.item == nil || info.item.source == nil || info.num == 0 {
		return false
	}
	if c := info.item.source.Column(info.num); c != nil && c.Path != nil && c.Num > 0 {
		if top := info.item.source.ColumnByName(c.Path[0]); top != nil && r.grouped(info.item, top.Num) {
			return true // a leaf is a part of its object
		}
	}
	pk := info.item.source.PrimaryConstraint()
	if pk == nil || len(pk.Columns) == 0 {
		return false
	}
	for _, num := range pk.Columns {
		if !r.grouped(info.item, num) {
			return false
		}
	}
	r.q.b.refers(catalog.ClassConstraint, pk.OID, 0)
	return true
}

// grouped says whether every set groups by that column of the item.
func (r *regrouper) grouped(it *nsItem, num int16) bool {
	for i, e := range r.g.exprs {
		c, ok := e.(*plan.Column)
		if !ok {
			continue
		}
		info := r.q.b.columns[c.ID]
		if info == nil || info.item != it || info.num != num {
			continue
		}
		return !slices.ContainsFunc(r.g.sets, func(s []int) bool { return !slices.Contains(s, i) })
	}
	return false
}

// addDependent groups by the dependent column too: it makes no new groups.
func (r *regrouper) addDependent(c *plan.Column) plan.Col {
	i := r.g.append(c, nil)
	for k := range r.g.sets {
		r.g.sets[k] = append(r.g.sets[k], i)
	}
	return r.addGroup(c)
}

func (r *regrouper) grouping(e *groupingEntry) *plan.GroupingCall {
	out := &plan.GroupingCall{Meta: plan.M(e.col.Type, e.pos)}
	for _, a := range e.args {
		i := slices.Index(r.g.keys, plan.Key(a))
		if i < 0 {
			failAt(a.Pos(), pgerr.GroupingError, "arguments to GROUPING must be grouping expressions of the associated query level")
		}
		out.Groups = append(out.Groups, i)
	}
	return out
}

// checkDirect requires the direct arguments of an ordered-set aggregate, which
// are evaluated once per group, to use grouped columns only.
func (r *regrouper) checkDirect(a *plan.Agg) {
	if a.Func.Agg.OrderedSet != 'o' && a.Func.Agg.OrderedSet != 'h' {
		return
	}
	for _, e := range a.Args[:len(a.Args)-len(a.Order)] {
		plan.Walk(e, func(e plan.Expr) bool {
			if r.find(e) >= 0 {
				return false
			}
			c, ok := e.(*plan.Column)
			if !ok {
				return true
			}
			if info := r.q.b.columns[c.ID]; info != nil && info.owner == r.q.scope && info.made == tableColumn && !r.dependent(info) {
				fail(pgerr.New(pgerr.GroupingError, "column \"%s.%s\" must appear in the GROUP BY clause or be used in an aggregate function",
					info.table, info.name).WithDetail("Direct arguments of an ordered-set aggregate must use only grouped columns.").AtByte(c.At))
			}
			return true
		})
	}
}
