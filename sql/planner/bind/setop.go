package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type setOpInfo struct {
	kind plan.SetOpKind
	word string
}

var setOps = map[parser.SetOperation]setOpInfo{
	parser.SetOperation_SETOP_UNION:     {plan.Union, "UNION"},
	parser.SetOperation_SETOP_INTERSECT: {plan.Intersect, "INTERSECT"},
	parser.SetOperation_SETOP_EXCEPT:    {plan.Except, "EXCEPT"},
}

// setOperationStmt is transformSetOperationStmt: ORDER BY and LIMIT belong to
// the whole, and see its output columns only.
func (s *scope) setOperationStmt(sel *parser.SelectStmt) plan.Node {
	if len(sel.LockingClause) > 0 {
		failAt(-1, pgerr.FeatureNotSupported, "%s is not allowed with UNION/INTERSECT/EXCEPT", lockNames[sel.LockingClause[0].GetLockingClause().Strength])
	}
	node := s.setOperation(sel)
	q := &selection{scope: s, node: node, group: &grouping{}, outputOnly: true}
	q.columnTargets(node.Columns())
	return q.finishSorted(sel)
}

// setOperation binds one node of the tree of set operations.
func (s *scope) setOperation(sel *parser.SelectStmt) plan.Node {
	info := setOps[sel.Op]
	left := s.setOperand(sel.Larg)
	right := s.setOperand(sel.Rarg)
	return s.combine(info, sel.All, left, right, sel.Rarg)
}

// setOperand binds a leaf as a query of its own (its untyped literals wait for
// the other side), or a nested set operation.
func (s *scope) setOperand(sel *parser.SelectStmt) plan.Node {
	if sel.Op != parser.SetOperation_SETOP_NONE && sel.SortClause == nil && sel.LimitCount == nil && sel.LimitOffset == nil &&
		sel.WithClause == nil && sel.LockingClause == nil {
		return s.setOperation(sel)
	}
	leaf := s.b.newScope(s.parent)
	leaf.ctes = s.ctes
	leaf.resolveUnknowns = false
	return s.b.selectStmt(sel, leaf)
}

func (s *scope) combine(info setOpInfo, all bool, left, right plan.Node, rarg *parser.SelectStmt) plan.Node {
	l, r := left.Columns(), right.Columns()
	if len(l) != len(r) {
		failAt(s.b.at(selectLocation(rarg)), pgerr.SyntaxError, "each %s query must have the same number of columns", info.word)
	}
	out := &plan.SetOp{Kind: info.kind, All: all}
	ls, rs := outputs(left), outputs(right)
	for i := range l {
		pair := []plan.Expr{ls[i], rs[i]}
		t := s.b.commonType(pair, info.word)
		mod := commonTypmod(pair, t)
		ls[i], rs[i] = s.b.toCommon(ls[i], t, info.word), s.b.toCommon(rs[i], t, info.word)
		if !all {
			s.b.checkGroupable(rs[i], rs[i].Pos())
		}
		out.Cols = append(out.Cols, s.b.outputCol(l[i].Name, t, mod))
	}
	out.Left, out.Right = s.b.projected(left, ls), s.b.projected(right, rs)
	return out
}

// selectLocation is where the first column of a query stands.
func selectLocation(sel *parser.SelectStmt) int32 {
	for sel.Op != parser.SetOperation_SETOP_NONE {
		sel = sel.Larg
	}
	if len(sel.ValuesLists) > 0 {
		return listLocation(sel.ValuesLists[0].GetList().GetItems())
	}
	for _, n := range sel.TargetList {
		if l := nodeLocation(n.GetResTarget().GetVal()); l >= 0 {
			return l
		}
	}
	return -1
}

// outputs are expressions for the columns of n: references, but an untyped
// literal or parameter stands for itself, so that it can still get a type.
func outputs(n plan.Node) []plan.Expr {
	cols := n.Columns()
	out := make([]plan.Expr, len(cols))
	for i, c := range cols {
		out[i] = colExpr(c, -1)
		if v := definition(n, c.ID); v != nil {
			if c.Type.OID == types.UnknownOID {
				out[i] = v
			} else {
				out[i] = colExpr(c, v.Pos())
			}
		}
	}
	return out
}

// definition is the expression that a projection below n computes a column
// from; nil if it is not simply that.
func definition(n plan.Node, id plan.ColumnID) plan.Expr {
	switch n := n.(type) {
	case *plan.Project:
		for i, c := range n.Cols {
			if c.ID != id {
				continue
			}
			if v, ok := n.Values[i].(*plan.Column); ok && v.ID == id {
				return definition(n.Input, id)
			}
			return n.Values[i]
		}
	case *plan.Sort:
		return definition(n.Input, id)
	case *plan.Limit:
		return definition(n.Input, id)
	case *plan.DistinctRows:
		return definition(n.Input, id)
	case *plan.With:
		return definition(n.Body, id)
	}
	return nil
}

// projected computes es over n, unless they are n's columns as they are.
func (b *binder) projected(n plan.Node, es []plan.Expr) plan.Node {
	p := &plan.Project{Input: n, Values: es}
	same := true
	for i, c := range n.Columns() {
		e, ok := es[i].(*plan.Column)
		same = same && ok && e.ID == c.ID
		p.Cols = append(p.Cols, b.outputCol(c.Name, es[i].Type(), es[i].Typmod()))
	}
	if same {
		return n
	}
	return p
}

// finishSorted adds ORDER BY, LIMIT and locking to a query whose columns are
// the select list already.
func (q *selection) finishSorted(sel *parser.SelectStmt) plan.Node {
	q.items = []*nsItem{q.outputItem()}
	q.all = q.items
	q.order = q.orderBy(sel.SortClause)
	q.items = nil
	q.limit = q.limitOffset(sel)
	q.checkWithTies(sel)
	q.projectJunk()
	keys := q.sortKeys()
	q.sort(keys)
	q.node = q.limit.apply(q.node, keys)
	return q.stripJunk()
}

func (q *selection) outputItem() *nsItem {
	it := &nsItem{name: "*VALUES*", colsVisible: true}
	for _, t := range q.targets {
		it.cols = append(it.cols, &nsCol{name: t.name, expr: t.expr})
	}
	return it
}

// projectJunk computes the junk columns beside the existing ones.
func (q *selection) projectJunk() {
	p := &plan.Project{Input: q.node}
	junk := false
	for _, t := range q.targets {
		if t.junk {
			junk = true
			t.col = q.b.outputCol(t.name, t.expr.Type(), t.expr.Typmod())
		}
		p.Values, p.Cols = append(p.Values, t.expr), append(p.Cols, t.col)
	}
	if junk {
		q.node = p
	}
}
