package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog/opclass"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// orderItem is one ORDER BY entry over the select list.
type orderItem struct {
	target *target
	key    plan.SortKey // without Expr
}

// orderBy is transformSortClause.
func (q *selection) orderBy(ns []*parser.Node) []orderItem {
	var out []orderItem
	for _, n := range ns {
		by := n.GetSortBy()
		t := q.findTarget(by.Node, kindOrderBy)
		t.expr = q.b.textIfUnknown(t.expr)
		key := q.b.sortKey(t.expr, by)
		if !containsTarget(out, t) {
			out = append(out, orderItem{target: t, key: key})
		}
	}
	return out
}

func containsTarget(items []orderItem, t *target) bool {
	for _, o := range items {
		if o.target == t {
			return true
		}
	}
	return false
}

// sortKeys are the keys over the projected columns.
func (q *selection) sortKeys() []plan.SortKey {
	keys := make([]plan.SortKey, len(q.order))
	for i, o := range q.order {
		keys[i] = o.key
		keys[i].Expr = colExpr(o.target.col, o.target.expr.Pos())
	}
	return keys
}

// sortKey is addTargetToSortList: direction, place of NULLs, and that the type
// has an order (42883).
func (b *binder) sortKey(e plan.Expr, by *parser.SortBy) plan.SortKey {
	key := plan.SortKey{Expr: e, Using: usingOperator(by)}
	switch by.SortbyDir {
	case parser.SortByDir_SORTBY_DESC:
		key.Desc = true
	case parser.SortByDir_SORTBY_USING:
		key.Desc = b.orderingOperator(e, by)
	}
	b.checkSortable(e, b.at(nodeLocation(by.Node)))
	b.checkCollation(e, comparisonUse)
	switch by.SortbyNulls {
	case parser.SortByNulls_SORTBY_NULLS_FIRST:
		key.NullsFirst = true
	case parser.SortByNulls_SORTBY_NULLS_LAST:
	default:
		key.NullsFirst = key.Desc
	}
	return key
}

func (b *binder) checkSortable(e plan.Expr, pos int) {
	if t := e.Type(); !b.sortable(t.OID) {
		b.checkOwnOrder(t)
		fail(pgerr.New(pgerr.UndefinedFunction, "could not identify an ordering operator for type %s", b.typeName(t)).
			WithHint("Use an explicit ordering operator or modify the query.").AtByte(pos))
	}
}

// checkOwnOrder is 0A000 for a type whose default operator class compares by
// functions of the database's own.
func (b *binder) checkOwnOrder(t *types.Type) {
	if b.ownComparison(t, opclass.BTree) {
		unsupported(-1, "ordering values of type %s by its operator class", b.typeName(t))
	}
}

func (b *binder) ownComparison(t *types.Type, method string) bool {
	class := b.opclasses().Default(opclass.FindMethod(method), t)
	return class != nil && class.Namespace != ""
}

// sortable says whether a type has a default btree order.
func (b *binder) sortable(oid uint32) bool {
	t := b.reg.ByOID(b.baseType(oid))
	if t == nil {
		return false
	}
	if t.IsArray() {
		return b.sortable(t.Elem)
	}
	return t.Compare != nil && !t.Unordered
}

// orderingOperator is ORDER BY … USING <operator>: whether it descends.
func (b *binder) orderingOperator(e plan.Expr, by *parser.SortBy) bool {
	pos := b.at(by.Location)
	name := operatorName(by.UseOp)
	b.operator(name, e.Type().OID, e.Type().OID, pos)
	switch name.name {
	case "<", "~<~":
		return false
	case ">", "~>~":
		return true
	}
	fail(pgerr.New(pgerr.WrongObjectType, "operator %s is not a valid ordering operator", name.name).
		WithHint("Ordering operators must be \"<\" or \">\" members of btree operator families.").AtByte(pos))
	return false
}

// findTarget is findTargetlistEntrySQL92: a bare name is an output column, an
// integer its number, anything else an expression.
func (q *selection) findTarget(n *parser.Node, kind exprKind) *target {
	if name := bareName(n); name != "" && !(kind == kindGroupBy && q.localColumn(name, false, -1) != nil) {
		if t := q.targetByName(name, kind, q.b.at(nodeLocation(n))); t != nil {
			return t
		}
	}
	if c := n.GetAConst(); c != nil {
		return q.targetByNumber(c, kind)
	}
	return q.targetByExpr(n, kind)
}

func bareName(n *parser.Node) string {
	ref := n.GetColumnRef()
	if ref == nil || len(ref.Fields) != 1 {
		return ""
	}
	return ref.Fields[0].GetString_().GetSval()
}

func (q *selection) targetByName(name string, kind exprKind, pos int) *target {
	var found *target
	for _, t := range q.targets {
		if t.junk || t.name != name {
			continue
		}
		if found != nil && plan.Key(found.expr) != plan.Key(t.expr) {
			failAt(pos, pgerr.AmbiguousColumn, "%s \"%s\" is ambiguous", kindNames[kind], name)
		}
		if found == nil {
			found = t
		}
	}
	if found != nil {
		q.checkTarget(found, kind)
	}
	return found
}

// checkTarget is checkTargetlistEntrySQL92.
func (q *selection) checkTarget(t *target, kind exprKind) {
	if kind != kindGroupBy {
		return
	}
	used := plan.ColumnsOf(t.expr)
	if q.lowestLevel(used, func(i *columnInfo) bool { return i.made == aggregateColumn && i.owner == q.scope }) == 0 {
		failAt(q.madePos(t.expr, 0, aggregateColumn), pgerr.GroupingError, "aggregate functions are not allowed in %s", kindNames[kind])
	}
	if q.lowestLevel(used, func(i *columnInfo) bool { return i.made == windowColumn && i.owner == q.scope }) == 0 {
		failAt(q.madePos(t.expr, 0, windowColumn), pgerr.WindowingError, "window functions are not allowed in %s", kindNames[kind])
	}
}

func (q *selection) targetByNumber(c *parser.A_Const, kind exprKind) *target {
	pos := q.b.at(c.Location)
	if _, ok := c.Val.(*parser.A_Const_Ival); !ok || c.Isnull {
		failAt(pos, pgerr.SyntaxError, "non-integer constant in %s", kindNames[kind])
	}
	n := int(c.GetIval().GetIval())
	i := 0
	for _, t := range q.targets {
		if t.junk {
			continue
		}
		if i++; i == n {
			q.checkTarget(t, kind)
			return t
		}
	}
	failAt(pos, pgerr.InvalidColumnReference, "%s position %d is not in select list", kindNames[kind], n)
	return nil
}

// targetByExpr is findTargetlistEntrySQL99: an equal entry, or a junk one.
func (q *selection) targetByExpr(n *parser.Node, kind exprKind) *target {
	e := q.bind(n, kind)
	key := plan.Key(e)
	for _, t := range q.targets {
		if plan.Key(t.expr) == key || plan.Key(uncast(t.expr)) == key {
			return t
		}
	}
	if q.outputOnly {
		fail(pgerr.New(pgerr.FeatureNotSupported, "invalid UNION/INTERSECT/EXCEPT ORDER BY clause").
			WithDetail("Only result column names can be used, not expressions or functions.").
			WithHint("Add the expression/function to every SELECT, or move the UNION into a FROM clause.").
			AtByte(q.b.at(nodeLocation(n))))
	}
	t := &target{expr: e, name: q.b.figureName(n), junk: true}
	q.targets = append(q.targets, t)
	return t
}

// distinctClause is transformDistinctClause and transformDistinctOnClause.
func (q *selection) distinctClause(ns []*parser.Node) {
	switch {
	case len(ns) == 0:
	case ns[0] == nil || ns[0].GetNode() == nil:
		q.distinctAll()
	default:
		q.distinctOnClause(ns)
	}
}

func (q *selection) distinctAll() {
	q.distinct = true
	for _, o := range q.order {
		if o.target.junk {
			failAt(exprLocation(o.target.expr), pgerr.InvalidColumnReference, "for SELECT DISTINCT, ORDER BY expressions must appear in select list")
		}
	}
	for _, t := range q.targets {
		if !t.junk {
			t.expr = q.b.textIfUnknown(t.expr)
			q.b.checkGroupable(t.expr, t.expr.Pos())
		}
	}
}

// checkGroupable requires an equality operator: 42883.
func (b *binder) checkGroupable(e plan.Expr, pos int) {
	if t := e.Type(); !b.sortable(t.OID) && t.Hash == nil && t.OID != 2249 {
		if b.ownComparison(t, opclass.BTree) || b.ownComparison(t, "hash") {
			unsupported(pos, "grouping values of type %s by its operator class", b.typeName(t))
		}
		failAt(pos, pgerr.UndefinedFunction, "could not identify an equality operator for type %s", b.typeName(t))
	}
	b.checkCollation(e, hashingUse)
}

func (q *selection) distinctOnClause(ns []*parser.Node) {
	var places []int
	for _, n := range ns {
		t := q.findTarget(n, kindDistinctOn)
		t.expr = q.b.textIfUnknown(t.expr)
		pos := q.b.at(nodeLocation(n))
		q.b.checkGroupable(t.expr, pos)
		if !hasTarget(q.distinctOn, t) {
			q.distinctOn, places = append(q.distinctOn, t), append(places, pos)
		}
	}
	q.checkDistinctOrder(places)
}

// checkDistinctOrder requires the DISTINCT ON expressions to lead ORDER BY.
func (q *selection) checkDistinctOrder(places []int) {
	const msg = "SELECT DISTINCT ON expressions must match initial ORDER BY expressions"
	skipped := false
	seen := 0
	for _, o := range q.order {
		if !hasTarget(q.distinctOn, o.target) {
			skipped = true
			continue
		}
		seen++
		if skipped {
			failAt(places[slices.Index(q.distinctOn, o.target)], pgerr.InvalidColumnReference, msg)
		}
	}
	if skipped && seen < len(q.distinctOn) {
		for i, t := range q.distinctOn {
			if !containsTarget(q.order, t) {
				failAt(places[i], pgerr.InvalidColumnReference, msg)
			}
		}
	}
}

func hasTarget(ts []*target, t *target) bool { return slices.Contains(ts, t) }
