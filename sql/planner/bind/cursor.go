package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// whichRows binds the WHERE clause of UPDATE and DELETE: a condition, or
// CURRENT OF a cursor, which is found now.
func (s *scope) whichRows(c *changed, where *parser.Node) plan.Expr {
	cur := where.GetCurrentOfExpr()
	if cur == nil {
		return s.condition(where, kindWhere, "WHERE")
	}
	if c.view != nil {
		failAt(-1, pgerr.FeatureNotSupported, "WHERE CURRENT OF on a view is not implemented")
	}
	if len(c.members) > 0 {
		unsupported(-1, "WHERE CURRENT OF of a table that others inherit from")
	}
	if s.b.env.CurrentOf == nil {
		failAt(-1, pgerr.InvalidCursorName, "cursor \"%s\" does not exist", cur.CursorName)
	}
	id, err := s.b.env.CurrentOf(cur.CursorName, c.table)
	if err != nil {
		fail(err)
	}
	c.scan.RowID, s.b.currentOf = id, true
	return nil
}

// cursorRow tells which table rows a cursor's row is of: those that it locks, or
// that of the one table that it reads row by row (search_plan_tree: a sort, too,
// would part a row from its table).
func (b *binder) cursorRow(q *plan.Query) {
	if p, ok := q.Root.(*plan.Project); ok {
		if l, ok := p.Input.(*plan.LockRows); ok {
			b.lockedRows(q, p, l)
			return
		}
	}
	if root, row := b.withRowID(q.Root); row != nil {
		q.Root, q.Cursor = root, []plan.CursorRow{*row}
	}
}

// lockedRows adds the ids of the rows that l locks to what p makes of them.
func (b *binder) lockedRows(q *plan.Query, p *plan.Project, l *plan.LockRows) {
	c := &plan.Project{Input: l, Cols: slices.Clone(p.Cols), Values: slices.Clone(p.Values)}
	for _, r := range l.Rels {
		id := b.outputCol("", b.typ(types.TextOID), -1)
		c.Cols, c.Values = append(c.Cols, id), append(c.Values, r.ID)
		q.Cursor = append(q.Cursor, plan.CursorRow{Relation: r.OID, Column: id.ID})
	}
	q.Root = c
}

func (b *binder) withRowID(n plan.Node) (plan.Node, *plan.CursorRow) {
	switch n := n.(type) {
	case *plan.Scan:
		if n.Rel.Virtual || n.Rel.Kind != catalog.Table || len(n.Members) > 0 {
			return n, nil
		}
		c := *n
		id := b.outputCol("", b.typ(types.TextOID), -1)
		id.Relation, id.Num = n.Rel.OID, catalog.ColRowID
		c.Cols, c.Nums = append(c.Cols[:len(c.Cols):len(c.Cols)], id), append(c.Nums[:len(c.Nums):len(c.Nums)], catalog.ColRowID)
		return &c, &plan.CursorRow{Relation: n.Rel.OID, Column: id.ID}
	case *plan.Filter, *plan.Limit:
		in, row := b.withRowID(n.Inputs()[0])
		if row == nil {
			return n, nil
		}
		return n.WithInputs([]plan.Node{in}), row
	case *plan.Project:
		in, row := b.withRowID(n.Input)
		if row == nil {
			return n, nil
		}
		id := b.outputCol("", b.typ(types.TextOID), -1)
		from := id
		from.ID = row.Column
		return &plan.Project{
			Input: in, Cols: append(n.Cols[:len(n.Cols):len(n.Cols)], id),
			Values: append(n.Values[:len(n.Values):len(n.Values)], colExpr(from, -1)),
		}, &plan.CursorRow{Relation: row.Relation, Column: id.ID}
	}
	return n, nil
}

// ScansBackward says whether PostgreSQL's plan of a query could run backwards
// without keeping its rows (ExecSupportsBackwardScan): such a cursor scrolls
// though nobody said SCROLL.
func ScansBackward(n plan.Node) bool {
	switch n := n.(type) {
	case *plan.Scan:
		return true
	case *plan.Values:
		return len(n.Rows) > 1
	case *plan.FuncScan, *plan.Sort, *plan.CTEScan:
		return true
	case *plan.Project, *plan.Filter, *plan.Limit:
		return ScansBackward(n.Inputs()[0])
	case *plan.With:
		return ScansBackward(n.Body)
	case *plan.SetOp:
		return n.Kind == plan.Union && n.All && ScansBackward(n.Left) && ScansBackward(n.Right)
	}
	return false
}
