package bind

import (
	"fmt"
	"slices"

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
	out := q.finishSorted(sel)
	if s.b.trees != nil {
		s.tree = q.setOpTree(sel, s.b.trees.leafTree(node))
	}
	return out
}

// setOperation binds one node of the tree of set operations.
func (s *scope) setOperation(sel *parser.SelectStmt) plan.Node {
	info := setOps[sel.Op]
	left := s.setSide(sel, sel.Larg, sel.All && info.kind != plan.Union)
	right := s.setSide(sel, sel.Rarg, sel.All && info.kind == plan.Intersect || info.kind == plan.Except)
	return s.combine(info, sel.All, left, right, sel.Rarg)
}

// setSide binds one side; blocked: a recursive reference must not be in it.
func (s *scope) setSide(sel, side *parser.SelectStmt, blocked bool) plan.Node {
	if blocked {
		defer s.b.within(setOps[sel.Op].word)()
	}
	return s.setOperand(side)
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
	node := s.b.selectStmt(sel, leaf)
	it := &nsItem{name: fmt.Sprintf("*SELECT* %d", len(s.all)+1)}
	for _, c := range node.Columns() {
		it.cols = append(it.cols, &nsCol{name: c.Name})
	}
	s.all = append(s.all, it)
	return node
}

func (s *scope) combine(info setOpInfo, all bool, left, right plan.Node, rarg *parser.SelectStmt) plan.Node {
	l, r := left.Columns(), right.Columns()
	if len(l) != len(r) {
		failAt(s.b.at(selectLocation(rarg)), pgerr.SyntaxError, "each %s query must have the same number of columns", info.word)
	}
	out := &plan.SetOp{Kind: info.kind, All: all}
	ls, rs := outputs(left), outputs(right)
	before := [2][]plan.Expr{slices.Clone(ls), slices.Clone(rs)}
	for i := range l {
		pair := []plan.Expr{ls[i], rs[i]}
		t := s.b.commonType(pair, info.word)
		mod := commonTypmod(pair, t)
		ls[i], rs[i] = s.b.toCommon(ls[i], t, info.word), s.b.toCommon(rs[i], t, info.word)
		if s.b.collating {
			states := []collateState{s.b.columnState(left, l[i], ls[i]), s.b.columnState(right, r[i], rs[i])}
			t = s.b.commonlyCollated(t, states, info.kind == plan.Union && all)
		}
		if !all {
			s.b.checkGroupable(ls[i], ls[i].Pos())
		}
		out.Cols = append(out.Cols, s.b.outputCol(l[i].Name, t, mod))
	}
	if m := s.b.trees; m != nil {
		l, r := m.leafTree(left), m.leafTree(right)
		m.settleTree(l, before[0], ls)
		m.settleTree(r, before[1], rs)
		m.setOps[out] = &plan.TreeSetOp{Kind: info.kind, All: all, Left: l, Right: r}
	}
	settle(left, before[0], ls)
	settle(right, before[1], rs)
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
	case *plan.SetOp:
		for i, c := range n.Cols {
			if c.ID == id {
				return definition(n.Left, n.Left.Columns()[i].ID)
			}
		}
	}
	return nil
}

// settle puts the literals and parameters that got a type back into the select
// list they come from; what stands for them above is the column again.
func settle(n plan.Node, before, after []plan.Expr) {
	for i, c := range n.Columns() {
		if c.Type.OID == types.UnknownOID && before[i] != after[i] {
			retype(n, c.ID, after[i])
			after[i] = colExpr(n.Columns()[i], after[i].Pos())
		}
	}
}

// retype changes the definition of a column, in place: the plan is still being
// made.
func retype(n plan.Node, id plan.ColumnID, e plan.Expr) {
	switch n := n.(type) {
	case *plan.Project:
		for i := range n.Cols {
			if n.Cols[i].ID != id {
				continue
			}
			n.Cols[i].Type, n.Cols[i].Mod = e.Type(), e.Typmod()
			if v, ok := n.Values[i].(*plan.Column); ok && v.ID == id {
				n.Values[i] = colExpr(n.Cols[i], v.At)
				retype(n.Input, id, e)
			} else {
				n.Values[i] = e
			}
		}
	case *plan.Sort:
		for i, k := range n.Keys {
			if v, ok := k.Expr.(*plan.Column); ok && v.ID == id {
				n.Keys[i].Expr = &plan.Column{Meta: plan.Meta{Typ: e.Type(), Mod: e.Typmod(), At: v.At}, ID: id, Name: v.Name}
			}
		}
		retype(n.Input, id, e)
	case *plan.Limit:
		retype(n.Input, id, e)
	case *plan.DistinctRows:
		retype(n.Input, id, e)
	case *plan.With:
		retype(n.Body, id, e)
	}
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
	if !q.outputOnly {
		q.all = q.items
	}
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
