package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// View is the SELECT of a view with these columns, and its semicolon (make_viewdef).
func (c *Context) View(q *plan.QueryTree, columns []string, o Options) string {
	d := c.deparser(q.Vars, o)
	// A rule's range table begins with OLD and NEW, whose names no entry gets.
	d.levels = []map[string]bool{{"old": true, "new": true}}
	d.getQueryDef(q, columns, true)
	return string(d.buf) + ";"
}

// Query is a query, of which no more is known than its tree.
func (c *Context) Query(q *plan.QueryTree, o Options) string {
	d := c.deparser(q.Vars, o)
	d.getQueryDef(q, nil, true)
	return string(d.buf)
}

// getQueryDef is get_query_def: columns are the names of the result, nil for those of
// the select list, which are always written if namesVisible.
func (d *deparser) getQueryDef(q *plan.QueryTree, columns []string, namesVisible bool) {
	saved, savedPrefix, savedIndent, savedGrouping := d.tree, d.prefix, d.indentLevel, d.grouping
	d.tree, d.grouping = q, false
	entries := entriesOf(q)
	d.nameEntries(q, entries)
	// One table alone needs no prefix, but in a subquery and in a rule.
	d.prefix = len(d.levels) > 1 || len(entries) != 1
	if q.Write != nil {
		d.getWriteDef(q, namesVisible)
	} else {
		d.getSelectQueryDef(q, columns, namesVisible)
	}
	d.levels = d.levels[:len(d.levels)-1]
	d.tree, d.prefix, d.indentLevel, d.grouping = saved, savedPrefix, savedIndent, savedGrouping
}

func (d *deparser) getSelectQueryDef(q *plan.QueryTree, columns []string, namesVisible bool) {
	d.withClause(q)
	if q.SetOps != nil {
		d.getSetOp(q.SetOps, columns, namesVisible)
	} else {
		d.getBasicSelect(q, columns, namesVisible)
	}
	if len(q.Order) > 0 {
		d.clause(" ORDER BY ", 1)
		d.orderBy(q.Order, q.SetOps != nil)
	}
	d.limits(q)
	d.locks(q)
}

func (d *deparser) limits(q *plan.QueryTree) {
	if q.Offset != nil {
		d.clause(" OFFSET ", 0)
		d.getRuleExpr(q.Offset, false)
	}
	switch {
	case q.WithTies:
		d.clause(" FETCH FIRST ", 0)
		d.put("(")
		d.getRuleExpr(q.Limit, false)
		d.put(") ROWS WITH TIES")
	case q.LimitAll:
		d.clause(" LIMIT ", 0)
		d.put("ALL")
	case q.Limit != nil:
		d.clause(" LIMIT ", 0)
		d.getRuleExpr(q.Limit, false)
	}
}

func (d *deparser) locks(q *plan.QueryTree) {
	for _, l := range q.Locks {
		d.clause(" "+l.Strength, 0)
		d.put(" OF " + quoteIdent(d.entryName(l.Entry)))
		d.putIf(l.Wait != "", " "+l.Wait)
	}
}

// getBasicSelect is get_basic_select_query.
func (d *deparser) getBasicSelect(q *plan.QueryTree, columns []string, namesVisible bool) {
	if d.Indent {
		d.indentLevel += prettyIndentStd
		d.put(" ")
	}
	if v := simpleValues(q, columns); v != nil {
		d.values(v.Values)
		return
	}
	word := "SELECT"
	if d.isReturn {
		word, d.isReturn = "RETURN", false // of subqueries it is SELECT
	}
	d.put(word)
	d.distinctClause(q)
	d.targetList(q.Targets, columns, namesVisible)
	d.fromClause(q.From)
	d.where(q.Where)
	d.groupClause(q)
	if q.Having != nil {
		d.clause(" HAVING ", 0)
		d.getRuleExpr(q.Having, false)
	}
	d.windowClause(q.Windows)
}

func (d *deparser) distinctClause(q *plan.QueryTree) {
	switch {
	case len(q.DistinctOn) > 0:
		d.put(" DISTINCT ON (")
		d.list(len(q.DistinctOn), func(i int) { d.sortExpr(q.DistinctOn[i]) })
		d.put(")")
	case q.Distinct:
		d.put(" DISTINCT")
	}
}

func (d *deparser) groupClause(q *plan.QueryTree) {
	if len(q.Group) == 0 && len(q.Sets) == 0 {
		return
	}
	d.clause(" GROUP BY ", 1)
	d.putIf(q.GroupAll, "DISTINCT ")
	d.grouping = true
	if q.Sets == nil {
		d.list(len(q.Group), func(i int) { d.sortExpr(q.Group[i]) })
	} else {
		d.list(len(q.Sets), func(i int) { d.groupingSet(q.Sets[i], true) })
	}
	d.grouping = false
}

var groupingSetWords = map[plan.GroupingSetKind]string{
	plan.GroupingSetRollup: "ROLLUP(", plan.GroupingSetCube: "CUBE(", plan.GroupingSetSets: "GROUPING SETS (",
}

// groupingSet is get_rule_groupingset.
func (d *deparser) groupingSet(s *plan.TreeGroupingSet, omitParens bool) {
	switch s.Kind {
	case plan.GroupingSetEmpty:
		d.put("()")
		return
	case plan.GroupingSetSimple:
		paren := !omitParens || len(s.Exprs) != 1
		d.putIf(paren, "(")
		d.list(len(s.Exprs), func(i int) { d.sortExpr(s.Exprs[i]) })
		d.putIf(paren, ")")
		return
	}
	d.put(groupingSetWords[s.Kind])
	d.list(len(s.Content), func(i int) { d.groupingSet(s.Content[i], s.Kind != plan.GroupingSetSets) })
	d.put(")")
}

// sortExpr is get_rule_sortgroupclause: what could be read as a column's number or as
// a grouping set must not look like one.
func (d *deparser) sortExpr(e plan.Expr) {
	if c, ok := e.(*plan.Const); ok {
		d.getConst(c, typeAlways)
		return
	}
	paren := false
	switch d.tagOf(e) {
	case tagWord:
	case tagCall, tagCast:
		paren = true
	case tagFunction:
		paren = d.Paren || d.isCall(e)
	default:
		paren = d.Paren
	}
	d.putIf(paren, "(")
	d.getRuleExpr(e, true)
	d.putIf(paren, ")")
}

// isCall says whether e is an Aggref, WindowFunc or FuncExpr.
func (d *deparser) isCall(e plan.Expr) bool {
	c, ok := e.(*plan.Column)
	return ok && !d.isGrouping(c)
}

// orderBy is get_rule_orderby; by number in a set operation.
func (d *deparser) orderBy(keys []plan.TreeSort, numbers bool) {
	d.list(len(keys), func(i int) {
		if numbers {
			d.putNumber(keys[i].Target + 1)
		} else {
			d.sortExpr(keys[i].Expr)
		}
		d.direction(keys[i].SortKey)
	})
}

// direction writes what is not the default of the order.
func (d *deparser) direction(k plan.SortKey) {
	switch {
	case k.Using != "" && k.NullsFirst:
		d.put(" USING " + k.Using + " NULLS FIRST")
	case k.Using != "":
		d.put(" USING " + k.Using + " NULLS LAST")
	case k.Desc && k.NullsFirst:
		d.put(" DESC")
	case k.Desc:
		d.put(" DESC NULLS LAST")
	case k.NullsFirst:
		d.put(" NULLS FIRST")
	}
}

var setOpWords = map[plan.SetOpKind]string{plan.Union: "UNION ", plan.Intersect: "INTERSECT ", plan.Except: "EXCEPT "}

// getSetOp is get_setop_query.
func (d *deparser) getSetOp(s *plan.TreeSetOp, columns []string, namesVisible bool) {
	if s.Leaf != nil {
		q := s.Leaf
		paren := len(q.With) > 0 || len(q.Order) > 0 || len(q.Locks) > 0 || q.Offset != nil || q.Limit != nil || q.LimitAll || q.SetOps != nil
		d.putIf(paren, "(")
		d.getQueryDef(q, columns, namesVisible)
		d.putIf(paren, ")")
		return
	}
	d.leftOperand(s, columns, namesVisible)
	d.put(setOpWords[s.Kind])
	d.putIf(s.All, "ALL ")
	paren, subindent := s.Right.Leaf == nil, 0
	if paren {
		d.put("(")
		subindent = prettyIndentStd
	}
	d.keyword("", subindent, 0, 0)
	d.getSetOp(s.Right, columns, false)
	if d.Indent {
		d.indentLevel -= subindent
	}
	if paren {
		d.keyword(")", 0, 0, 0)
	}
}

// leftOperand: another operation of the same kind needs no parentheses there.
func (d *deparser) leftOperand(s *plan.TreeSetOp, columns []string, namesVisible bool) {
	l := s.Left
	paren, subindent := l.Leaf == nil && (l.Kind != s.Kind || l.All != s.All), 0
	if paren {
		d.put("(")
		subindent = prettyIndentStd
		d.keyword("", subindent, 0, 0)
	}
	d.getSetOp(l, columns, namesVisible)
	switch {
	case paren:
		d.keyword(") ", -subindent, 0, 0)
	case d.Indent:
		d.keyword("", -subindent, 0, 0)
	default:
		d.put(" ")
	}
}

// simpleValues is get_simple_values_rte: SELECT * FROM (VALUES …) is written as VALUES.
func simpleValues(q *plan.QueryTree, columns []string) *plan.TreeEntry {
	if len(q.From) != 1 || q.Where != nil || q.Distinct || len(q.DistinctOn) > 0 {
		return nil
	}
	v, ok := q.From[0].(*plan.TreeEntry)
	if !ok || v.Values == nil || len(q.Targets) != len(v.Columns) {
		return nil
	}
	for i, t := range q.Targets {
		name := t.Name
		if i < len(columns) {
			name = columns[i]
		}
		if t.Junk || name != v.Columns[i] {
			return nil
		}
	}
	return v
}

// values is get_values_def.
func (d *deparser) values(rows [][]plan.Expr) {
	d.put("VALUES ")
	d.list(len(rows), func(i int) {
		d.put("(")
		for k, e := range rows[i] {
			d.putIf(k > 0, ",")
			d.toplevel(e, false)
		}
		d.put(")")
	})
}
