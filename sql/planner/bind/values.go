package bind

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// valuesRows binds the lists of VALUES.
func (s *scope) valuesRows(lists []*parser.Node, kind exprKind) (rows [][]plan.Expr, names []string) {
	saved := s.kind
	s.kind = kind
	defer func() { s.kind = saved }()
	for _, n := range lists {
		items := n.GetList().GetItems()
		row := s.plainList(items, kind)
		if len(rows) > 0 && len(row) != len(rows[0]) {
			failAt(s.b.at(listLocation(items)), pgerr.SyntaxError, "VALUES lists must all be the same length")
		}
		rows = append(rows, row)
	}
	for i := range rows[0] {
		names = append(names, fmt.Sprintf("column%d", i+1))
	}
	return rows, names
}

// valueList is transformExpressionList with DEFAULT allowed: stars expand.
func (s *scope) valueList(items []*parser.Node, kind exprKind) []plan.Expr {
	var out []plan.Expr
	for _, n := range items {
		if d := n.GetSetToDefault(); d != nil {
			out = append(out, &plan.Default{Meta: plan.M(nil, s.b.at(d.Location))})
			continue
		}
		out = append(out, s.plainList([]*parser.Node{n}, kind)...)
	}
	return out
}

// plainList is transformExpressionList.
func (s *scope) plainList(items []*parser.Node, kind exprKind) []plan.Expr {
	var out []plan.Expr
	for _, n := range items {
		if star := starOf(n); star != nil {
			for _, c := range s.expandStar(star) {
				out = append(out, c.expr)
			}
			continue
		}
		out = append(out, s.bind(n, kind))
	}
	return out
}

// unifyRows gives each column of VALUES its common type, in place.
func (s *scope) unifyRows(rows [][]plan.Expr) []plan.Col {
	cols := make([]plan.Col, len(rows[0]))
	for i := range cols {
		column := make([]plan.Expr, len(rows))
		for k := range rows {
			column[k] = rows[k][i]
		}
		column, t := s.b.unify(column, "VALUES")
		for k := range rows {
			rows[k][i] = column[k]
		}
		mod := commonTypmod(column, t)
		if s.b.collating {
			t = s.b.commonlyCollated(t, s.b.states(column), true)
		}
		cols[i] = s.b.outputCol("", t, mod)
	}
	return cols
}
