package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// getCall is get_func_expr and get_oper_expr.
func (d *deparser) getCall(e *plan.Call, showImplicit bool) {
	switch e.Display {
	case plan.DisplayOperator:
		d.operator(e)
		return
	case plan.DisplayExplicitCast, plan.DisplayImplicitCast:
		d.cast(e, e.Args[0], e.Mod, e.Display == plan.DisplayImplicitCast && !showImplicit)
		return
	case plan.DisplaySQLSyntax:
		if e.Syntax != "" {
			d.put(e.Syntax)
			return
		}
		if write := sqlSyntax[e.Func.Name]; write != nil && write(d, e) {
			return
		}
	}
	d.put(d.functionName(e.Func, d.grouping) + "(")
	d.arguments(e)
	d.put(")")
}

func (d *deparser) operator(e *plan.Call) {
	name := d.operatorName(e.Op)
	d.open()
	if len(e.Args) == 2 {
		d.getRuleExprParen(e.Args[0], true, e)
		d.put(" " + name + " ")
		d.getRuleExprParen(e.Args[1], true, e)
	} else {
		d.put(name + " ")
		d.getRuleExprParen(e.Args[0], true, e)
	}
	d.shut()
}

// arguments writes them as the call has them. A function with a variadic array gets
// it as VARIADIC, however it was called, so that no other function fits.
func (d *deparser) arguments(e *plan.Call) {
	if e.Written != nil {
		d.list(len(e.Written), func(i int) {
			w := e.Written[i]
			if w.Name != "" {
				d.put(quoteIdent(w.Name) + " => ")
			}
			d.getRuleExpr(e.Args[w.Index], true)
		})
		return
	}
	args, variadic := packed(e.Func, e.Args, e.VariadicArray)
	d.list(len(args), func(i int) {
		d.putIf(variadic && i == len(args)-1, "VARIADIC ")
		d.getRuleExpr(args[i], true)
	})
}

// packed are the arguments with those behind the last declared one in an array.
func packed(f *funcs.Func, args []plan.Expr, array bool) ([]plan.Expr, bool) {
	switch {
	case f.Variadic == 0:
		return args, false
	case array || f.User && f.Variadic != types.AnyOID:
		return args, len(args) > 0
	case f.Variadic == types.AnyOID || len(args) < len(f.Args):
		return args, false
	}
	n := len(f.Args) - 1
	rest := &plan.ArrayExpr{Meta: plan.M(args[n].Type(), -1), Elems: args[n:]}
	return append(append([]plan.Expr{}, args[:n]...), rest), true
}

// getConvert writes RelabelType, CoerceViaIO, ArrayCoerceExpr, CoerceToDomain and
// CollateExpr.
func (d *deparser) getConvert(e *plan.Convert, showImplicit bool) {
	if e.Collate {
		d.open()
		d.getRuleExprParen(e.Arg, showImplicit, e)
		d.put(" COLLATE " + d.collationName(e.Typ.Collation))
		d.shut()
		return
	}
	if e.Typ.OID == e.Arg.Type().OID && e.Mod == e.Arg.Typmod() {
		d.getRuleExpr(e.Arg, showImplicit) // the same with another collation
		return
	}
	d.cast(e, e.Arg, e.Mod, e.Display == plan.DisplayImplicitCast && !showImplicit)
}

// cast is get_coercion_expr, or the argument alone where the cast is hidden.
func (d *deparser) cast(e, arg plan.Expr, typmod int32, hidden bool) {
	if hidden {
		d.getRuleExprParen(arg, false, e)
		return
	}
	if c, ok := arg.(*plan.Const); ok && c.Typ.OID == e.Type().OID && c.Mod == -1 {
		d.getConst(c, typeNever)
	} else {
		d.open()
		d.getRuleExprParen(arg, false, e)
		d.shut()
	}
	d.put("::" + d.TypeName(e.Type(), typmod))
}
