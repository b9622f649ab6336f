package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// operatorExpr binds an A_Expr by its kind.
func (s *scope) operatorExpr(e *parser.A_Expr) plan.Expr {
	if f := operatorKinds[e.Kind]; f != nil {
		return f(s, e)
	}
	unsupported(s.b.at(e.Location), "operator expression %s", e.Kind)
	return nil
}

var operatorKinds map[parser.A_Expr_Kind]func(*scope, *parser.A_Expr) plan.Expr

func init() {
	operatorKinds = map[parser.A_Expr_Kind]func(*scope, *parser.A_Expr) plan.Expr{
		parser.A_Expr_Kind_AEXPR_OP:              (*scope).plainOp,
		parser.A_Expr_Kind_AEXPR_OP_ANY:          (*scope).opAny,
		parser.A_Expr_Kind_AEXPR_OP_ALL:          (*scope).opAll,
		parser.A_Expr_Kind_AEXPR_DISTINCT:        (*scope).distinct,
		parser.A_Expr_Kind_AEXPR_NOT_DISTINCT:    (*scope).distinct,
		parser.A_Expr_Kind_AEXPR_NULLIF:          (*scope).nullIf,
		parser.A_Expr_Kind_AEXPR_IN:              (*scope).in,
		parser.A_Expr_Kind_AEXPR_LIKE:            (*scope).plainOp,
		parser.A_Expr_Kind_AEXPR_ILIKE:           (*scope).plainOp,
		parser.A_Expr_Kind_AEXPR_SIMILAR:         (*scope).plainOp,
		parser.A_Expr_Kind_AEXPR_BETWEEN:         (*scope).between,
		parser.A_Expr_Kind_AEXPR_NOT_BETWEEN:     (*scope).between,
		parser.A_Expr_Kind_AEXPR_BETWEEN_SYM:     (*scope).between,
		parser.A_Expr_Kind_AEXPR_NOT_BETWEEN_SYM: (*scope).between,
	}
}

// plainOp is transformAExprOp: rows compare field by field, a row and a
// subquery by ROWCOMPARE, everything else by its operator.
func (s *scope) plainOp(e *parser.A_Expr) plan.Expr {
	name, pos := operatorName(e.Name), s.b.at(e.Location)
	if e.Lexpr.GetRowExpr() != nil {
		if sub := e.Rexpr.GetSubLink(); sub != nil && sub.SubLinkType == parser.SubLinkType_EXPR_SUBLINK {
			return s.rowSubquery(name, e.Lexpr, sub, pos)
		}
	}
	if e.Lexpr == nil {
		return s.b.freezeOperator(e, name, s.b.makeOp(name, nil, s.expr(e.Rexpr), pos))
	}
	left := s.expr(e.Lexpr)
	right := s.expr(e.Rexpr)
	if l, r := writtenRow(e.Lexpr, left), writtenRow(e.Rexpr, right); l != nil && r != nil {
		return s.b.rowComparison(name, l.Fields, r.Fields, pos)
	}
	return s.b.leafOp(s.b.freezeOperator(e, name, s.b.makeOp(name, left, right, pos)))
}

// makeComparison compares two expressions, rows field by field.
func (b *binder) makeComparison(name opName, left, right operand, pos int) plan.Expr {
	if l, r := left.row(), right.row(); l != nil && r != nil {
		return b.rowComparison(name, l.Fields, r.Fields, pos)
	}
	return b.makeOp(name, left.expr, right.expr, pos)
}

// operand is one of an operator, as written and bound.
type operand struct {
	written *parser.Node
	expr    plan.Expr
}

// row is the operand if it is written as a row, ROW(…) or (a, b); nil for other ones, also
// for the row of a table, which is one value.
func (o operand) row() *plan.RowExpr { return writtenRow(o.written, o.expr) }

func (s *scope) operand(n *parser.Node) operand { return operand{n, s.expr(n)} }

func writtenRow(n *parser.Node, e plan.Expr) *plan.RowExpr {
	if r, ok := e.(*plan.RowExpr); ok && n.GetRowExpr() != nil {
		return r
	}
	return nil
}

func (s *scope) opAny(e *parser.A_Expr) plan.Expr { return s.arrayOp(e, false) }
func (s *scope) opAll(e *parser.A_Expr) plan.Expr { return s.arrayOp(e, true) }

func (s *scope) arrayOp(e *parser.A_Expr, all bool) plan.Expr {
	left := s.expr(e.Lexpr)
	right := s.expr(e.Rexpr)
	return s.b.makeArrayOp(operatorName(e.Name), left, right, all, s.b.at(e.Location))
}

// distinct is IS [NOT] DISTINCT FROM; with a literal NULL it is a null test.
func (s *scope) distinct(e *parser.A_Expr) plan.Expr {
	pos := s.b.at(e.Location)
	not := e.Kind == parser.A_Expr_Kind_AEXPR_NOT_DISTINCT
	boolean := plan.M(s.b.typ(types.BoolOID), pos)
	left, right := s.expr(e.Lexpr), s.expr(e.Rexpr)
	switch {
	case isNullLiteral(e.Rexpr):
		return &plan.NullTest{Meta: boolean, Arg: left, Not: !not}
	case isNullLiteral(e.Lexpr):
		return &plan.NullTest{Meta: boolean, Arg: right, Not: !not}
	}
	if l, r := writtenRow(e.Lexpr, left), writtenRow(e.Rexpr, right); l != nil && r != nil {
		return s.b.rowDistinct(l, r, not, pos)
	}
	return s.b.makeDistinct(left, right, not, pos)
}

func isNullLiteral(n *parser.Node) bool { return n.GetAConst() != nil && n.GetAConst().Isnull }

func (b *binder) makeDistinct(left, right plan.Expr, not bool, pos int) plan.Expr {
	eq := b.makeOp(opName{name: "="}, left, right, pos)
	if eq.Typ.OID != types.BoolOID {
		failAt(pos, pgerr.DatatypeMismatch, "IS DISTINCT FROM requires = operator to yield boolean")
	}
	return &plan.Distinct{Meta: plan.M(b.typ(types.BoolOID), pos), Left: eq.Args[0], Right: eq.Args[1], Eq: eq, Not: not}
}

func (b *binder) rowDistinct(l, r *plan.RowExpr, not bool, pos int) plan.Expr {
	if len(l.Fields) != len(r.Fields) {
		failAt(pos, pgerr.SyntaxError, "unequal number of entries in row expressions")
	}
	if len(l.Fields) == 0 {
		return b.boolConst(not, pos)
	}
	tests := make([]plan.Expr, len(l.Fields))
	for i := range l.Fields {
		tests[i] = b.makeDistinct(l.Fields[i], r.Fields[i], false, pos)
	}
	out := b.or(tests, pos)
	if not {
		out = b.not(out, pos)
	}
	return out
}

func (s *scope) nullIf(e *parser.A_Expr) plan.Expr {
	pos := s.b.at(e.Location)
	left, right := s.expr(e.Lexpr), s.expr(e.Rexpr)
	cmp := s.b.makeOp(operatorName(e.Name), left, right, pos)
	if cmp.Typ.OID != types.BoolOID {
		failAt(pos, pgerr.DatatypeMismatch, "NULLIF requires = operator to yield boolean")
	}
	// The result has the type of the first operand as the comparison sees it.
	l := cmp.Args[0]
	return &plan.NullIf{Meta: plan.Meta{Typ: l.Type(), Mod: l.Typmod(), At: pos}, Left: l, Right: cmp.Args[1], Eq: cmp}
}

// in is transformAExprIn: a list becomes = ANY of an array where the items have
// a common type and no columns, and OR (AND for NOT IN) of comparisons
// otherwise.
func (s *scope) in(e *parser.A_Expr) plan.Expr {
	b, pos := s.b, s.b.at(e.Location)
	name := operatorName(e.Name)
	notIn := name.name == "<>"
	left := s.operand(e.Lexpr)
	var constants []plan.Expr
	var others, items []operand
	for _, n := range e.Rexpr.GetList().GetItems() {
		item := s.operand(n)
		items = append(items, item)
		if len(plan.ColumnsOf(item.expr)) > 0 {
			others = append(others, item)
		} else {
			constants = append(constants, item.expr)
		}
	}
	var tests []plan.Expr
	if test := b.inArray(name, left, constants, notIn, pos); test != nil {
		tests = append(tests, test)
	} else {
		others = items
	}
	for _, item := range others {
		tests = append(tests, b.boolean(b.makeComparison(name, left, item, pos), "IN"))
	}
	if notIn {
		return b.and(tests, pos)
	}
	return b.or(tests, pos)
}

// inArray is nil where the items don't make an array.
func (b *binder) inArray(name opName, of operand, items []plan.Expr, all bool, pos int) plan.Expr {
	if len(items) < 2 || of.row() != nil {
		return nil
	}
	left := of.expr
	t := b.commonType(append([]plan.Expr{left}, items...), "")
	if t == nil || t.Array == 0 || t.OID == types.RecordOID {
		return nil
	}
	for _, e := range append([]plan.Expr{left}, items...) {
		if !b.canCoerce([]types.OID{e.Type().OID}, []types.OID{t.OID}, coerceImplicit) {
			return nil
		}
	}
	elems := make([]plan.Expr, len(items))
	for i, e := range items {
		elems[i] = b.toCommon(e, t, "IN")
	}
	array := &plan.ArrayExpr{Meta: plan.M(b.typ(t.Array), -1), Elems: elems}
	return b.makeArrayOp(name, left, array, all, pos)
}

// between is transformAExprBetween.
func (s *scope) between(e *parser.A_Expr) plan.Expr {
	b, pos := s.b, s.b.at(e.Location)
	bounds := e.Rexpr.GetList().GetItems()
	test := func(op string, bound int) plan.Expr {
		return b.makeComparison(opName{name: op}, s.operand(e.Lexpr), s.operand(bounds[bound]), pos)
	}
	inside := func(lo, hi int) plan.Expr { return b.and([]plan.Expr{test(">=", lo), test("<=", hi)}, pos) }
	outside := func(lo, hi int) plan.Expr { return b.or([]plan.Expr{test("<", lo), test(">", hi)}, pos) }
	switch e.Kind {
	case parser.A_Expr_Kind_AEXPR_BETWEEN:
		return inside(0, 1)
	case parser.A_Expr_Kind_AEXPR_NOT_BETWEEN:
		return outside(0, 1)
	case parser.A_Expr_Kind_AEXPR_BETWEEN_SYM:
		return b.or([]plan.Expr{inside(0, 1), inside(1, 0)}, pos)
	}
	return b.and([]plan.Expr{outside(0, 1), outside(1, 0)}, pos)
}
