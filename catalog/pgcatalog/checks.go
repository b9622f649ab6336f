package pgcatalog

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// ConstraintColumns are the columns that a constraint concerns, in the order of
// their first use. Those of a CHECK are only in its text.
func ConstraintColumns(rel *catalog.Relation, con *catalog.Constraint) []int16 {
	if con.Kind != catalog.CheckConstraint || len(con.Columns) > 0 {
		return con.Columns
	}
	expr, err := parser.ParseExpr(con.Expr)
	if err != nil {
		return nil // shown without columns; using the table raises why
	}
	var nums []int16
	parser.Walk(expr, func(n *parser.Node) bool {
		if c := columnOf(rel, n.GetColumnRef()); c != nil && !slices.Contains(nums, c.Num) {
			nums = append(nums, c.Num)
		}
		return true
	})
	return nums
}

// columnOf is the visible column that a reference begins with, or ends with
// where it names the table first.
func columnOf(rel *catalog.Relation, ref *parser.ColumnRef) *catalog.Column {
	for _, f := range ref.GetFields() {
		if c := rel.ColumnByName(f.GetString_().GetSval()); c != nil && !c.Hidden {
			return c
		}
	}
	return nil
}
