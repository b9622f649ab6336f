package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// caseExpr is transformCaseExpr.
func (s *scope) caseExpr(c *parser.CaseExpr) plan.Expr {
	defer s.noSetReturning("CASE")()
	out := &plan.Case{Meta: plan.Meta{Mod: -1, At: s.b.at(c.Location)}}
	var operand plan.Expr
	if c.Arg != nil {
		out.Operand = s.b.assignCollations(s.caseOperand(c.Arg))
		operand = &plan.CaseOperand{Meta: plan.Meta{Typ: out.Operand.Type(), Mod: out.Operand.Typmod(), At: out.Operand.Pos()}}
	}
	results := make([]plan.Expr, 0, len(c.Args)+1)
	conds := make([]plan.Expr, len(c.Args))
	for i, n := range c.Args {
		w := n.GetCaseWhen()
		conds[i] = s.caseCondition(w, operand)
		results = append(results, s.expr(w.Result))
	}
	results = append([]plan.Expr{s.caseElse(c)}, results...)
	results, t := s.b.unifyNamed(results, "CASE", "CASE/ELSE", "CASE/WHEN")
	out.Typ, out.Mod = t, commonTypmod(results, t)
	out.Else = results[0]
	for i, r := range results[1:] {
		out.Whens = append(out.Whens, plan.When{Cond: conds[i], Result: r})
	}
	return out
}

// caseOperand binds CASE's operand; an untyped literal becomes text.
func (s *scope) caseOperand(n *parser.Node) plan.Expr {
	e := s.expr(n)
	if e.Type().OID == types.UnknownOID {
		e = s.b.coerce(e, s.b.typ(types.TextOID), -1, coerceImplicit, plan.DisplayImplicitCast, -1)
	}
	return e
}

func (s *scope) caseCondition(w *parser.CaseWhen, operand plan.Expr) plan.Expr {
	if operand == nil {
		return s.b.boolean(s.expr(w.Expr), "CASE/WHEN")
	}
	value := s.expr(w.Expr)
	cmp := s.b.makeOp(opName{name: "="}, operand, value, s.b.at(w.Location))
	return s.b.boolean(cmp, "CASE/WHEN")
}

func (s *scope) caseElse(c *parser.CaseExpr) plan.Expr {
	if c.Defresult == nil {
		return s.b.null(s.b.typ(types.UnknownOID), -1)
	}
	return s.expr(c.Defresult)
}

// unifyNamed is unify with other names for the first and the following
// expressions in coercion errors.
func (b *binder) unifyNamed(es []plan.Expr, context, first, rest string) ([]plan.Expr, *types.Type) {
	t := b.commonType(es, context)
	out := make([]plan.Expr, len(es))
	for i, e := range es {
		name := rest
		if i == 0 {
			name = first
		}
		out[i] = b.toCommon(e, t, name)
	}
	return out, t
}

func (s *scope) coalesce(c *parser.CoalesceExpr) plan.Expr {
	defer s.noSetReturning("COALESCE")()
	args, t := s.b.unify(s.exprs(c.Args), "COALESCE")
	return &plan.Coalesce{Meta: plan.Meta{Typ: t, Mod: commonTypmod(args, t), At: s.b.at(c.Location)}, Args: args}
}

func (s *scope) minMax(m *parser.MinMaxExpr) plan.Expr {
	name := "GREATEST"
	if m.Op == parser.MinMaxOp_IS_LEAST {
		name = "LEAST"
	}
	args, t := s.b.unify(s.exprs(m.Args), name)
	s.b.checkOrderable(t, -1)
	return &plan.MinMax{
		Meta: plan.Meta{Typ: t, Mod: commonTypmod(args, t), At: s.b.at(m.Location)}, Greatest: name == "GREATEST", Args: args,
	}
}

// checkOrderable requires a btree operator class: 42883.
func (b *binder) checkOrderable(t *types.Type, pos int) {
	if (t.Compare == nil || t.Unordered) && !t.IsArray() && t.Rep != types.RepRecord {
		b.checkOwnOrder(t)
		failAt(pos, pgerr.UndefinedFunction, "could not identify a comparison function for type %s", b.typeName(t))
	}
}

// noSetReturning makes set-returning functions an error while the construct is
// bound; the result undoes it.
func (s *scope) noSetReturning(construct string) func() {
	before := len(s.setsAt)
	return func() {
		if len(s.setsAt) > before {
			fail(pgerr.New(pgerr.FeatureNotSupported, "set-returning functions are not allowed in %s", construct).
				WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").
				AtByte(s.setsAt[before]))
		}
	}
}
