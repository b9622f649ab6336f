package bind

import (
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func (s *scope) boolExpr(e *parser.BoolExpr) plan.Expr {
	b := s.b
	word := map[parser.BoolExprType]string{
		parser.BoolExprType_AND_EXPR: "AND", parser.BoolExprType_OR_EXPR: "OR", parser.BoolExprType_NOT_EXPR: "NOT",
	}[e.Boolop]
	args := make([]plan.Expr, len(e.Args))
	for i, n := range e.Args {
		args[i] = b.boolean(s.expr(n), word)
	}
	meta := plan.M(b.typ(types.BoolOID), b.at(e.Location))
	switch e.Boolop {
	case parser.BoolExprType_AND_EXPR:
		return &plan.And{Meta: meta, Args: args}
	case parser.BoolExprType_OR_EXPR:
		return &plan.Or{Meta: meta, Args: args}
	}
	return &plan.Not{Meta: meta, Arg: args[0]}
}

func (b *binder) and(args []plan.Expr, pos int) plan.Expr {
	if len(args) == 1 {
		return args[0]
	}
	return &plan.And{Meta: plan.M(b.typ(types.BoolOID), pos), Args: args}
}

func (b *binder) or(args []plan.Expr, pos int) plan.Expr {
	if len(args) == 1 {
		return args[0]
	}
	return &plan.Or{Meta: plan.M(b.typ(types.BoolOID), pos), Args: args}
}

func (b *binder) not(e plan.Expr, pos int) plan.Expr {
	return &plan.Not{Meta: plan.M(b.typ(types.BoolOID), pos), Arg: e}
}

func (s *scope) nullTest(t *parser.NullTest) plan.Expr {
	arg := s.expr(t.Arg)
	_, row := arg.(*plan.RowExpr)
	row = row || arg.Type().OID == types.RecordOID || s.b.isComplex(arg.Type().OID)
	return &plan.NullTest{
		Meta: plan.M(s.b.typ(types.BoolOID), s.b.at(t.Location)), Arg: arg, RowWise: row,
		Not: t.Nulltesttype == parser.NullTestType_IS_NOT_NULL,
	}
}

type boolTest struct {
	kind plan.BoolTestKind
	word string
}

var boolTests = map[parser.BoolTestType]boolTest{
	parser.BoolTestType_IS_TRUE:        {plan.IsTrue, "IS TRUE"},
	parser.BoolTestType_IS_NOT_TRUE:    {plan.IsNotTrue, "IS NOT TRUE"},
	parser.BoolTestType_IS_FALSE:       {plan.IsFalse, "IS FALSE"},
	parser.BoolTestType_IS_NOT_FALSE:   {plan.IsNotFalse, "IS NOT FALSE"},
	parser.BoolTestType_IS_UNKNOWN:     {plan.IsUnknown, "IS UNKNOWN"},
	parser.BoolTestType_IS_NOT_UNKNOWN: {plan.IsNotUnknown, "IS NOT UNKNOWN"},
}

func (s *scope) booleanTest(t *parser.BooleanTest) plan.Expr {
	test := boolTests[t.Booltesttype]
	arg := s.b.boolean(s.expr(t.Arg), test.word)
	return &plan.BoolTest{Meta: plan.M(s.b.typ(types.BoolOID), s.b.at(t.Location)), Arg: arg, Test: test.kind}
}
