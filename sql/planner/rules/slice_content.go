package rules

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The functions of bytea that need not read all of it (pg_proc.dat).
var (
	substringOIDs = map[types.OID]bool{2012: true, 2013: true, 2085: true, 2086: true} // substring, substr
	lengthOIDs    = map[types.OID]bool{720: true, 2010: true}                          // octet_length, length
)

// sliceContent spares reading content that a query wants the length of, or one part: the
// scan gives the length as a column, or the part by a ranged request. It runs once, at
// the end, and leaves statements alone that write.
func sliceContent(root plan.Node, c *Context) plan.Node {
	s := contentUses{scans: map[plan.ColumnID]*plan.Scan{}, whole: plan.ColumnSet{}, parts: map[plan.ColumnID][]*plan.Call{}, sized: plan.ColumnSet{}}
	if !s.find(root) {
		return root
	}
	for _, col := range root.Columns() {
		s.whole[col.ID] = true
	}
	s.count(root)
	lengths := map[plan.ColumnID]plan.Col{}
	for id := range s.scans {
		if s.sized[id] {
			lengths[id] = plan.Col{ID: c.NewColumn(), Name: "_content_size", Type: types.ByOID(types.Int8OID), Mod: -1}
		}
	}
	return plan.RewriteNodes(root, func(n plan.Node) plan.Node {
		return plan.MapExprs(s.scan(n, lengths), func(e plan.Expr) plan.Expr { return s.expr(e, lengths) })
	})
}

// contentUses is what a plan does with the column _content of each of its scans.
type contentUses struct {
	scans map[plan.ColumnID]*plan.Scan
	whole plan.ColumnSet // needed whole
	sized plan.ColumnSet // whose length is asked for
	parts map[plan.ColumnID][]*plan.Call
}

// find lists the scans; false if there is none, or if the statement writes.
func (s *contentUses) find(root plan.Node) bool {
	reads := true
	plan.WalkNodes(root, func(n plan.Node) bool {
		switch t := n.(type) {
		case *plan.Insert, *plan.Update, *plan.Delete, *plan.Merge:
			reads = false
		case *plan.Scan:
			for i, num := range t.Nums {
				if num == catalog.ColContent && len(t.Members) == 0 && t.Parts == nil && t.Content == nil {
					s.scans[t.Cols[i].ID] = t
				}
			}
		}
		return true
	})
	return reads && len(s.scans) > 0
}

func (s *contentUses) count(root plan.Node) {
	plan.WalkNodes(root, func(n plan.Node) bool {
		addPositional(s.whole, n)
		for _, e := range n.Exprs() {
			plan.Walk(e, s.use)
		}
		return true
	})
}

// use notes one use of a content column; what it looks into is not walked again.
func (s *contentUses) use(e plan.Expr) bool {
	switch t := e.(type) {
	case *plan.Column:
		s.whole[t.ID] = true
	case *plan.Subquery:
		for _, id := range t.Outer {
			s.whole[id] = true
		}
		if t.Kind != plan.SubExists {
			addAll(s.whole, t.Plan)
		}
	case *plan.Call:
		id, ok := s.contentOf(t)
		switch {
		case ok && lengthOIDs[t.Func.OID]:
			s.sized[id] = true
			return false
		case ok && substringOIDs[t.Func.OID] && fixed(t.Args[1:]):
			s.parts[id] = append(s.parts[id], t)
			return false
		}
	}
	return true
}

// contentOf is the content column that a call's first argument is.
func (s *contentUses) contentOf(c *plan.Call) (plan.ColumnID, bool) {
	if len(c.Args) == 0 {
		return 0, false
	}
	col, ok := c.Args[0].(*plan.Column)
	if !ok || s.scans[col.ID] == nil {
		return 0, false
	}
	return col.ID, true
}

// fixed says that expressions have one value for all rows.
func fixed(es []plan.Expr) bool {
	for _, e := range es {
		alike := !plan.IsVolatile(e) && len(plan.ColumnsOf(e)) == 0
		plan.Walk(e, func(e plan.Expr) bool {
			_, query := e.(*plan.Subquery)
			alike = alike && !query
			return alike
		})
		if !alike {
			return false
		}
	}
	return true
}

// slice is the one part of a content column that is wanted, nil if it is more.
func (s *contentUses) slice(id plan.ColumnID) *plan.Call {
	if s.whole[id] || len(s.parts[id]) != 1 {
		return nil
	}
	return s.parts[id][0]
}

// scan gives a scan the part that is wanted of its content, and the length.
func (s *contentUses) scan(n plan.Node, lengths map[plan.ColumnID]plan.Col) plan.Node {
	t, ok := n.(*plan.Scan)
	if !ok {
		return n
	}
	for i, num := range t.Nums {
		if num != catalog.ColContent || s.scans[t.Cols[i].ID] == nil {
			continue
		}
		id, out := t.Cols[i].ID, *t
		if call := s.slice(id); call != nil {
			out.Content = &plan.ContentSlice{From: call.Args[1]}
			if len(call.Args) > 2 {
				out.Content.Length = call.Args[2]
			}
		}
		if col, ok := lengths[id]; ok {
			out.Cols, out.Nums = append(append([]plan.Col(nil), t.Cols...), col), append(append([]int16(nil), t.Nums...), catalog.ColContentSize)
		}
		return &out
	}
	return n
}

// expr is a call with what the scan gives now.
func (s *contentUses) expr(e plan.Expr, lengths map[plan.ColumnID]plan.Col) plan.Expr {
	c, ok := e.(*plan.Call)
	if !ok {
		return e
	}
	id, ok := s.contentOf(c)
	switch {
	case ok && lengthOIDs[c.Func.OID]:
		col := lengths[id]
		out := *c
		out.Func = funcs.FindCast(types.Int8OID, types.Int4OID).Func
		out.Args = []plan.Expr{&plan.Column{Meta: plan.M(col.Type, c.At), ID: col.ID, Name: col.Name}}
		return &out
	case ok && s.slice(id) != nil && substringOIDs[c.Func.OID]:
		out := *c
		out.Func = funcs.ContentSlice(c.Func)
		return &out
	}
	return e
}
