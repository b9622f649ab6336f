package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// namedSystem are the hidden columns (_content, _etag …) that an INSERT's expressions
// name. The rows that such an expression sees (the new one, and for ON CONFLICT the
// existing and the excluded one) have their columns side by side, so that a column that
// one of them needs all of them get, behind the table's own.
type namedSystem struct {
	nums []int16
	rows []*systemRow
}

// systemRow are the system columns of one row, in the order of namedSystem.nums.
type systemRow struct {
	s    *scope
	it   *nsItem
	name string
	cols []plan.Col
}

// row lets a row's item find system columns; tableoid is known without a row. A partitioned table's rows have none of
// their own.
func (c *namedSystem) row(s *scope, it *nsItem, name string) *systemRow {
	r := &systemRow{s: s, it: it, name: name}
	c.rows = append(c.rows, r)
	if it.source.Kind == catalog.PartitionedTable {
		return r
	}
	others := it.hidden
	it.hidden = func(name string, fold bool) *nsCol {
		for _, col := range it.source.Columns {
			if col.Hidden && col.Num < 0 && col.Num != catalog.ColTableOID && sameName(col.Name, name, fold) {
				return c.find(r, col)
			}
		}
		return others(name, fold)
	}
	return r
}

func (c *namedSystem) find(r *systemRow, col *catalog.Column) *nsCol {
	i := slices.Index(c.nums, col.Num)
	if i < 0 {
		i, c.nums = len(c.nums), append(c.nums, col.Num)
		for _, row := range c.rows {
			row.add(col)
		}
	}
	return &nsCol{name: col.Name, expr: colExpr(r.cols[i], -1), rel: r.it.source.OID, num: col.Num, needs: r.it.needs, att: col.Num}
}

func (r *systemRow) add(c *catalog.Column) {
	col := r.s.b.newColumn(r.s, c.Name, c.Type, c.Typmod, tableColumn)
	col.Relation, col.Num = r.it.source.OID, c.Num
	info := r.s.b.columns[col.ID]
	info.table, info.rel, info.num = r.name, r.it.source.OID, c.Num
	r.cols = append(r.cols, col)
}

// withSystem are the target's columns with the system columns that the statement names,
// which are written anew with the row.
func (c *changed) withSystem() ([]plan.Col, []int16) {
	cols, nums := slices.Clone(c.cols), slices.Clone(c.nums)
	if c.scan == nil || c.members != nil {
		return cols, nums
	}
	for i, num := range c.scan.Nums {
		if num < 0 && !slices.Contains(nums, num) {
			cols, nums = append(cols, c.scan.Cols[i]), append(nums, num)
		}
	}
	return cols, nums
}
