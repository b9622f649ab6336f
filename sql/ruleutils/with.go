package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// withClause is get_with_clause.
func (d *deparser) withClause(q *plan.QueryTree) {
	if len(q.With) == 0 {
		return
	}
	if d.Indent {
		d.indentLevel += prettyIndentStd
		d.put(" ")
	}
	sep := "WITH "
	if q.Recursive {
		sep = "WITH RECURSIVE "
	}
	for _, c := range q.With {
		d.put(sep)
		d.cte(c)
		sep = ", "
	}
	if d.Indent {
		d.indentLevel -= prettyIndentStd
		d.keyword("", 0, 0, 0)
	} else {
		d.put(" ")
	}
}

var materializedWords = map[byte]string{'a': "MATERIALIZED ", 'n': "NOT MATERIALIZED "}

func (d *deparser) cte(c *plan.TreeCTE) {
	d.put(quoteIdent(c.Name))
	if len(c.Columns) > 0 {
		d.put("(")
		d.identifiers(c.Columns)
		d.put(")")
	}
	d.put(" AS " + materializedWords[c.Materialized] + "(")
	if d.Indent {
		d.keyword("", 0, 0, 0)
	}
	d.getQueryDef(c.Query, nil, true)
	if d.Indent {
		d.keyword("", 0, 0, 0)
	}
	d.put(")")
	d.search(c.Search)
	d.cycle(c.Cycle)
}

func (d *deparser) search(s *plan.TreeSearch) {
	if s == nil {
		return
	}
	d.put(" SEARCH " + map[bool]string{true: "BREADTH", false: "DEPTH"}[s.Breadth] + " FIRST BY ")
	d.identifiers(s.Columns)
	d.put(" SET " + quoteIdent(s.Set))
}

func (d *deparser) cycle(c *plan.TreeCycle) {
	if c == nil {
		return
	}
	d.put(" CYCLE ")
	d.identifiers(c.Columns)
	d.put(" SET " + quoteIdent(c.Set))
	if c.Mark != nil {
		d.put(" TO ")
		d.getRuleExpr(c.Mark, false)
		d.put(" DEFAULT ")
		d.getRuleExpr(c.Unmark, false)
	}
	d.put(" USING " + quoteIdent(c.Using))
}
