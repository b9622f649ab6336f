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
		if len(rows) > 0 && len(items) != len(rows[0]) {
			failAt(s.b.at(listLocation(items)), pgerr.SyntaxError, "VALUES lists must all be the same length")
		}
		rows = append(rows, s.exprs(items))
	}
	for i := range rows[0] {
		names = append(names, fmt.Sprintf("column%d", i+1))
	}
	return rows, names
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
		cols[i] = s.b.outputCol("", t, commonTypmod(column, t))
	}
	return cols
}
