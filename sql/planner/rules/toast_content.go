package rules

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// toastContent leaves large content out of line where the plan only hands it on: from a
// table to the client, from a parameter or the data of COPY into a table. The columns on
// such a way become types.ExternalBytea. Whatever computes with content, or takes its
// input by position, is given it whole. It runs once, at the end.
func toastContent(root plan.Node, c *Context) plan.Node {
	if !c.External {
		return root
	}
	u := toastUses{made: map[plan.ColumnID]maker{}, whole: plan.ColumnSet{}}
	if !u.gather(root) {
		return root
	}
	external := u.external(sinks(root))
	if update, ok := root.(*plan.Update); ok {
		root = toastSets(update)
	}
	if len(external) == 0 {
		return root
	}
	return plan.RewriteNodes(root, func(n plan.Node) plan.Node { return toasted(n, external) })
}

// toastUses is where the columns of a plan come from and where they must be whole.
type toastUses struct {
	made     map[plan.ColumnID]maker
	projects []*plan.Project
	whole    plan.ColumnSet
}

// maker is the node that puts out a column first, under that number.
type maker struct {
	node plan.Node
	at   int
}

// gather reads the plan; false where nothing of it may be out of line.
func (u *toastUses) gather(root plan.Node) bool {
	can := true
	plan.WalkNodes(root, func(n plan.Node) bool {
		switch t := n.(type) {
		case *plan.LockRows, *plan.Merge:
			can = false
		case *plan.Scan:
			u.makes(n, t.Cols)
		case *plan.CopyScan:
			u.makes(n, t.Cols)
		case *plan.Values:
			u.makes(n, t.Cols)
		case *plan.Project:
			u.makes(n, t.Cols)
			u.projects = append(u.projects, t)
			for _, v := range t.Values {
				if _, handedOn := v.(*plan.Column); !handedOn {
					addExpr(u.whole, v)
				}
			}
			return true
		case *plan.Insert:
		default:
			addPositional(u.whole, n)
		}
		if n != root {
			addPositional(u.whole, n)
		}
		for _, e := range n.Exprs() {
			addExpr(u.whole, e)
		}
		return true
	})
	return can
}

func (u *toastUses) makes(n plan.Node, cols []plan.Col) {
	for i, c := range cols {
		u.made[c.ID] = maker{n, i}
	}
}

// sinks are the columns that may leave the plan out of line: all of a SELECT's, the
// content of an INSERT that nothing else of the statement looks at.
func sinks(root plan.Node) (out []plan.ColumnID) {
	switch t := root.(type) {
	case *plan.Insert:
		if t.OnConflict != nil || t.Routing != nil || slices.Contains(t.TargetNums, catalog.ColContent) {
			return nil
		}
		for i, num := range t.Nums {
			if num == catalog.ColContent {
				out = append(out, t.Input.Columns()[i].ID)
			}
		}
	case *plan.Update, *plan.Delete, *plan.With:
	default:
		for _, c := range root.Columns() {
			out = append(out, c.ID)
		}
	}
	return out
}

// external are all columns on the ways to the sinks that are content and nothing but
// handed on.
func (u *toastUses) external(sinks []plan.ColumnID) plan.ColumnSet {
	for {
		set := plan.ColumnSet{}
		for _, id := range sinks {
			u.trace(id, set)
		}
		if u.closed(set) {
			return set
		}
	}
}

// trace adds a column and what it is handed on from.
func (u *toastUses) trace(id plan.ColumnID, set plan.ColumnSet) bool {
	m, ok := u.made[id]
	if !ok || u.whole[id] {
		return false
	}
	switch t := m.node.(type) {
	case *plan.Scan:
		ok = t.Nums[m.at] == catalog.ColContent && len(t.Members) == 0 && t.Parts == nil && t.Content == nil
	case *plan.CopyScan:
		ok = t.Cols[m.at].Type.OID == types.ByteaOID
	case *plan.Values:
		ok = true
		for _, row := range t.Rows {
			ok = ok && isBytesParam(row[m.at])
		}
	case *plan.Project:
		if c, handedOn := t.Values[m.at].(*plan.Column); handedOn {
			ok = u.trace(c.ID, set)
		} else {
			ok = isBytesParam(t.Values[m.at])
		}
	}
	if ok {
		set[id] = true
	}
	return ok
}

// closed says that nobody hands a column of the set on as one that is not in it; one that
// is must be whole.
func (u *toastUses) closed(set plan.ColumnSet) bool {
	for _, p := range u.projects {
		for i, v := range p.Values {
			if c, ok := v.(*plan.Column); ok && set[c.ID] && !set[p.Cols[i].ID] {
				u.whole[c.ID] = true
				return false
			}
		}
	}
	return true
}

func isBytesParam(e plan.Expr) bool {
	p, ok := e.(*plan.Param)
	return ok && p.Typ.OID == types.ByteaOID
}

// toasted is a node whose columns in the set are out of line.
func toasted(n plan.Node, set plan.ColumnSet) plan.Node {
	switch t := n.(type) {
	case *plan.Scan:
		out := *t
		out.Cols, out.Nums = toastedCols(t.Cols, set), append([]int16(nil), t.Nums...)
		for i, c := range t.Cols {
			if set[c.ID] {
				out.Nums[i] = storage.ColContentToast
			}
		}
		return &out
	case *plan.CopyScan:
		out := *t
		out.Cols = toastedCols(t.Cols, set)
		return &out
	case *plan.Project:
		out := *t
		out.Cols, out.Values = toastedCols(t.Cols, set), toastedValues(t.Cols, t.Values, set)
		return &out
	case *plan.Values:
		out := *t
		out.Cols, out.Rows = toastedCols(t.Cols, set), nil
		for _, row := range t.Rows {
			out.Rows = append(out.Rows, toastedValues(t.Cols, row, set))
		}
		return &out
	}
	return n
}

func toastedCols(cols []plan.Col, set plan.ColumnSet) []plan.Col {
	out := append([]plan.Col(nil), cols...)
	for i, c := range out {
		if set[c.ID] {
			out[i].Type = types.ExternalBytea
		}
	}
	return out
}

func toastedValues(cols []plan.Col, values []plan.Expr, set plan.ColumnSet) []plan.Expr {
	out := append([]plan.Expr(nil), values...)
	for i, c := range cols {
		if set[c.ID] {
			out[i] = toastedValue(values[i])
		}
	}
	return out
}

func toastedValue(e plan.Expr) plan.Expr {
	switch t := e.(type) {
	case *plan.Column:
		out := *t
		out.Typ = types.ExternalBytea
		return &out
	case *plan.Param:
		out := *t
		out.Typ = types.ExternalBytea
		return &out
	}
	return e
}

// toastSets has an UPDATE take content from a parameter out of line, where nothing else
// of the statement looks at it.
func toastSets(u *plan.Update) plan.Node {
	if u.Members != nil || u.Routing != nil || slices.Contains(u.TargetNums, catalog.ColContent) {
		return u
	}
	out := *u
	out.Sets = append([]plan.Assignment(nil), u.Sets...)
	for i, s := range u.Sets {
		if s.Num == catalog.ColContent && isBytesParam(s.Value) {
			out.Sets[i].Value = toastedValue(s.Value)
		}
	}
	return &out
}
