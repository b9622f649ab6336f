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
	if c.view != nil || c.instead {
		failAt(-1, pgerr.FeatureNotSupported, "WHERE CURRENT OF on a view is not implemented")
	}
	if s.b.env.CurrentOf == nil {
		failAt(-1, pgerr.InvalidCursorName, "cursor \"%s\" does not exist", cur.CursorName)
	}
	s.b.currentOf = true
	tables := c.members
	if tables == nil {
		tables = []*catalog.Relation{c.table}
	}
	name := s.cursorNamed(cur.CursorName)
	for _, rel := range tables {
		id, err := s.b.env.CurrentOf(name, rel)
		if err != nil {
			fail(err)
		}
		if id != "" {
			c.scan.RowID = id
			return s.ofTable(c, rel)
		}
	}
	return s.b.value(types.BoolOID, false, -1) // the row is of another table of the tree
}

// cursorNamed is the cursor that a name in CURRENT OF means: a variable's, if
// there is such a one (transformCurrentOfExpr).
func (s *scope) cursorNamed(name string) string {
	if !s.b.hasVariables() {
		return name
	}
	v, err := s.b.env.Variables.Variable([]string{name}, true)
	if err != nil || v == nil || v.Type.OID != types.RefcursorOID {
		return name
	}
	value, _ := v.Value.(string)
	return value
}

// ofTable is the condition that a row is of one table of the tree; nil without a tree.
func (s *scope) ofTable(c *changed, rel *catalog.Relation) plan.Expr {
	if c.members == nil {
		return nil
	}
	return s.b.makeOp(opName{name: "="}, c.row.hidden("tableoid", false).expr, s.b.value(types.OidOID, rel.OID, -1), -1)
}

// cursorRow tells which table rows a cursor's row is of: those that it locks, or
// that of the one table that it reads row by row (search_plan_tree: a sort, too,
// would part a row from its table).
func (b *binder) cursorRow(q *plan.Query) {
	if p, ok := q.Root.(*plan.Project); ok {
		in := p.Input
		if limit, ok := in.(*plan.Limit); ok {
			in = limit.Input
		}
		if l, ok := in.(*plan.LockRows); ok {
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
	c := &plan.Project{Input: p.Input, Cols: slices.Clone(p.Cols), Values: slices.Clone(p.Values)}
	for _, r := range l.Rels {
		id := b.outputCol("", b.typ(types.TextOID), -1)
		c.Cols, c.Values = append(c.Cols, id), append(c.Values, r.ID)
		row := plan.CursorRow{Relation: r.OID, Column: id.ID, Members: r.Members}
		if r.TableOID != nil {
			table := b.outputCol("", b.typ(types.OidOID), -1)
			c.Cols, c.Values, row.TableOID = append(c.Cols, table), append(c.Values, r.TableOID), table.ID
		}
		q.Cursor = append(q.Cursor, row)
	}
	q.Root = c
}

func (b *binder) withRowID(n plan.Node) (plan.Node, *plan.CursorRow) {
	switch n := n.(type) {
	case *plan.Scan:
		if n.Rel.Virtual || n.Rel.Kind != catalog.Table {
			return n, nil
		}
		c := *n
		c.Cols, c.Nums = slices.Clip(n.Cols), slices.Clip(n.Nums)
		row := &plan.CursorRow{Relation: n.Rel.OID, Column: b.identity(&c, catalog.ColRowID)}
		if len(n.Members) > 0 {
			row.Members, row.TableOID = oidsOf(n.Members), b.identity(&c, catalog.ColTableOID)
		}
		return &c, row
	case *plan.Filter, *plan.SecurityBarrier, *plan.Limit:
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
		out := &plan.Project{Input: in, Cols: slices.Clip(n.Cols), Values: slices.Clip(n.Values)}
		row.Column = b.passOn(out, row.Column, types.TextOID)
		if row.TableOID != 0 {
			row.TableOID = b.passOn(out, row.TableOID, types.OidOID)
		}
		return out, row
	}
	return n, nil
}

// identity adds a column of lockTypes to a scan.
func (b *binder) identity(scan *plan.Scan, num int16) plan.ColumnID {
	col := b.outputCol("", b.typ(lockTypes[num]), -1)
	col.Relation, col.Num = scan.Rel.OID, num
	scan.Cols, scan.Nums = append(scan.Cols, col), append(scan.Nums, num)
	return col.ID
}

// passOn adds a column of p's input to what it puts out.
func (b *binder) passOn(p *plan.Project, id plan.ColumnID, typ types.OID) plan.ColumnID {
	col := b.outputCol("", b.typ(typ), -1)
	from := col
	from.ID = id
	p.Cols, p.Values = append(p.Cols, col), append(p.Values, colExpr(from, -1))
	return col.ID
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
	case *plan.Project, *plan.Filter, *plan.SecurityBarrier, *plan.Limit:
		return ScansBackward(n.Inputs()[0])
	case *plan.With:
		return ScansBackward(n.Body)
	case *plan.SetOp:
		return n.Kind == plan.Union && n.All && ScansBackward(n.Left) && ScansBackward(n.Right)
	}
	return false
}
