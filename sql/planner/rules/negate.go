package rules

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// negate is NOT e for an e that is folded: operators become their negators, NOT moves
// into AND and OR (negate_clause of prepqual.c). not is the NOT that it stands for; it
// is returned where nothing better is known.
func negate(not *plan.Not, e plan.Expr) plan.Expr {
	switch e := e.(type) {
	case *plan.Const:
		if e.Value == nil {
			return e
		}
		return boolConst(not, e.Value == false)
	case *plan.Call:
		if op := negator(e.Op); op != nil {
			c := *e
			c.Op, c.Func = op, op.Func
			return &c
		}
	case *plan.ArrayOp:
		if op := negator(e.Op); op != nil {
			c := *e
			c.Op, c.Func, c.All = op, op.Func, !e.All
			return &c
		}
	case *plan.And:
		return &plan.Or{Meta: e.Meta, Args: negateAll(e.Meta, e.Args)}
	case *plan.Or:
		return &plan.And{Meta: e.Meta, Args: negateAll(e.Meta, e.Args)}
	case *plan.Not:
		return e.Arg
	case *plan.NullTest:
		if !e.RowWise {
			c := *e
			c.Not = !e.Not
			return &c
		}
	case *plan.BoolTest:
		c := *e
		c.Test = oppositeTests[e.Test]
		return &c
	}
	if e == not.Arg {
		return not
	}
	return &plan.Not{Meta: not.Meta, Arg: e}
}

func negateAll(m plan.Meta, args []plan.Expr) []plan.Expr {
	out := make([]plan.Expr, len(args))
	for i, a := range args {
		out[i] = negate(&plan.Not{Meta: m}, a)
	}
	return out
}

// negator is nil where op has none, or where it is a user's.
func negator(op *funcs.Operator) *funcs.Operator {
	if op == nil || op.Negator == 0 {
		return nil
	}
	return funcs.OperatorByOID(op.Negator)
}

var oppositeTests = map[plan.BoolTestKind]plan.BoolTestKind{
	plan.IsTrue: plan.IsNotTrue, plan.IsNotTrue: plan.IsTrue,
	plan.IsFalse: plan.IsNotFalse, plan.IsNotFalse: plan.IsFalse,
	plan.IsUnknown: plan.IsNotUnknown, plan.IsNotUnknown: plan.IsUnknown,
}
