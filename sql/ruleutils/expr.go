package ruleutils

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Expr writes an expression over the columns of one table, which stand there without
// its name (deparse_expression).
func (c *Context) Expr(e *plan.TreeExpr, o Options) string {
	d := c.deparser(e.Vars, o)
	if e.Over != nil { // a policy's subqueries tell its columns from their own
		d.levels = []map[string]bool{{e.Over.Name: true}}
	}
	d.standalone(e)
	return string(d.buf)
}

func (d *deparser) standalone(e *plan.TreeExpr) {
	d.list(len(e.Exprs), func(i int) { d.getRuleExpr(e.Exprs[i], false) })
}

// QualifiedExpr is Expr with the tables' names before columns: a trigger's condition,
// over OLD and NEW.
func (c *Context) QualifiedExpr(e *plan.TreeExpr, o Options) string {
	d := c.deparser(e.Vars, o)
	d.prefix = true
	d.standalone(e)
	return string(d.buf)
}

// getRuleExprParen is get_rule_expr_paren.
func (d *deparser) getRuleExprParen(e plan.Expr, showImplicit bool, parent plan.Expr) {
	paren := d.Paren && !d.isSimpleNode(e, parent)
	d.putIf(paren, "(")
	d.getRuleExpr(e, showImplicit)
	d.putIf(paren, ")")
}

func (d *deparser) exprs(es []plan.Expr) {
	d.list(len(es), func(i int) { d.getRuleExpr(es[i], true) })
}

// getRuleExpr is get_rule_expr: showImplicit writes implicit casts, too, as the
// arguments of functions and operators need them to mean the same again.
func (d *deparser) getRuleExpr(e plan.Expr, showImplicit bool) {
	switch e := e.(type) {
	case nil:
	case *plan.Const:
		d.getConst(e, typeIfNeeded)
	case *plan.Param:
		d.getParameter(e)
	case *plan.Column:
		d.getVariable(e)
	case *plan.Call:
		d.getCall(e, showImplicit)
	case *plan.Convert:
		d.getConvert(e, showImplicit)
	case *plan.And:
		d.boolean(e, e.Args, " AND ")
	case *plan.Or:
		d.boolean(e, e.Args, " OR ")
	case *plan.Not:
		d.not(func() { d.getRuleExprParen(e.Arg, false, e) })
	case *plan.NullTest:
		d.nullTest(e)
	case *plan.BoolTest:
		d.open()
		d.getRuleExprParen(e.Arg, false, e)
		d.put(" IS " + boolTests[e.Test])
		d.shut()
	case *plan.Case:
		d.caseExpr(e)
	case *plan.Subquery:
		d.getSublink(e)
	default:
		d.rareExpr(e)
	}
}

func (d *deparser) rareExpr(e plan.Expr) {
	switch e := e.(type) {
	case *plan.ArrayOp:
		d.arrayOp(e)
	case *plan.Distinct:
		d.distinct(e)
	case *plan.Coalesce:
		d.function("COALESCE", e.Args)
	case *plan.NullIf:
		d.function("NULLIF", []plan.Expr{e.Left, e.Right})
	case *plan.MinMax:
		d.function(map[bool]string{true: "GREATEST", false: "LEAST"}[e.Greatest], e.Args)
	case *plan.ArrayExpr:
		d.array(e)
	case *plan.RowExpr:
		d.row(e)
	case *plan.RowCompare:
		d.put("(ROW(")
		d.exprs(e.Left)
		d.put(") " + e.Op + " ROW(")
		d.exprs(e.Right)
		d.put("))")
	case *plan.FieldSelect:
		d.fieldSelect(e)
	case *plan.Subscript:
		d.subscript(e)
	case *plan.Agg:
		d.getAgg(e)
	case *plan.CaseOperand:
		d.put("CASE_TEST_EXPR")
	case *plan.Default:
		d.put("DEFAULT")
	}
}

var boolTests = map[plan.BoolTestKind]string{
	plan.IsTrue: "TRUE", plan.IsNotTrue: "NOT TRUE", plan.IsFalse: "FALSE", plan.IsNotFalse: "NOT FALSE",
	plan.IsUnknown: "UNKNOWN", plan.IsNotUnknown: "NOT UNKNOWN",
}

func (d *deparser) function(name string, args []plan.Expr) {
	d.put(name + "(")
	d.exprs(args)
	d.put(")")
}

func (d *deparser) boolean(e plan.Expr, args []plan.Expr, word string) {
	d.open()
	for i, a := range args {
		d.putIf(i > 0, word)
		d.getRuleExprParen(a, false, e)
	}
	d.shut()
}

func (d *deparser) not(arg func()) {
	d.open()
	d.put("NOT ")
	arg()
	d.shut()
}

// nullTest: a scalar test of a row (which IS NULL is not) is one for distinctness.
func (d *deparser) nullTest(e *plan.NullTest) {
	d.open()
	d.getRuleExprParen(e.Arg, true, e)
	scalar := !e.RowWise && e.Arg.Type().Kind == 'c'
	switch {
	case scalar && e.Not:
		d.put(" IS DISTINCT FROM NULL")
	case scalar:
		d.put(" IS NOT DISTINCT FROM NULL")
	case e.Not:
		d.put(" IS NOT NULL")
	default:
		d.put(" IS NULL")
	}
	d.shut()
}

// distinct: PostgreSQL keeps IS NOT DISTINCT FROM as a negation.
func (d *deparser) distinct(e *plan.Distinct) {
	if e.Not {
		positive := *e
		positive.Not = false
		d.not(func() { d.distinct(&positive) })
		return
	}
	d.open()
	d.getRuleExprParen(e.Left, true, e)
	d.put(" IS DISTINCT FROM ")
	d.getRuleExprParen(e.Right, true, e)
	d.shut()
}

func (d *deparser) arrayOp(e *plan.ArrayOp) {
	name := e.Func.Name
	if e.Op != nil {
		name = d.operatorName(e.Op)
	}
	d.open()
	d.getRuleExprParen(e.Left, true, e)
	d.put(" " + name + map[bool]string{true: " ALL (", false: " ANY ("}[e.All])
	d.getRuleExprParen(e.Array, true, e)
	// A bare subquery there would be one whose rows are compared.
	if sub, ok := e.Array.(*plan.Subquery); ok && sub.Kind == plan.SubScalar {
		d.put("::" + d.TypeName(sub.Typ, sub.Mod))
	}
	d.put(")")
	d.shut()
}

// caseExpr: of "operand = value" only the value is shown.
func (d *deparser) caseExpr(e *plan.Case) {
	d.keyword("CASE", 0, prettyIndentVar, 0)
	if e.Operand != nil {
		d.put(" ")
		d.getRuleExpr(e.Operand, true)
	}
	for _, w := range e.Whens {
		d.putIf(!d.Indent, " ")
		d.keyword("WHEN ", 0, 0, 0)
		d.getRuleExpr(whenValue(e, w.Cond), false)
		d.put(" THEN ")
		d.getRuleExpr(w.Result, true)
	}
	d.putIf(!d.Indent, " ")
	d.keyword("ELSE ", 0, 0, 0)
	d.getRuleExpr(e.Else, true)
	d.putIf(!d.Indent, " ")
	d.keyword("END", -prettyIndentVar, 0, 0)
}

func whenValue(e *plan.Case, cond plan.Expr) plan.Expr {
	if c, ok := cond.(*plan.Call); ok && e.Operand != nil && len(c.Args) == 2 && c.Op != nil {
		if _, ok := stripImplicit(c.Args[0]).(*plan.CaseOperand); ok {
			return c.Args[1]
		}
	}
	return cond
}

// stripImplicit is strip_implicit_coercions.
func stripImplicit(e plan.Expr) plan.Expr {
	for {
		switch x := e.(type) {
		case *plan.Call:
			if x.Display != plan.DisplayImplicitCast {
				return e
			}
			e = x.Args[0]
		case *plan.Convert:
			if x.Display != plan.DisplayImplicitCast || x.Collate {
				return e
			}
			e = x.Arg
		default:
			return e
		}
	}
}

func (d *deparser) array(e *plan.ArrayExpr) {
	d.put("ARRAY[")
	d.exprs(e.Elems)
	d.put("]")
	if len(e.Elems) == 0 {
		d.put("::" + d.TypeName(e.Typ, -1))
	}
}

func (d *deparser) row(e *plan.RowExpr) {
	if e.Whole != nil {
		d.put(quoteIdent(d.entryName(e.Whole)) + ".*")
		return
	}
	d.put("ROW(")
	d.list(len(e.Fields), func(i int) { d.toplevel(e.Fields[i], true) })
	d.put(")")
	if e.Display == plan.DisplayExplicitCast && e.Typ.OID != types.RecordOID {
		d.put("::" + d.TypeName(e.Typ, -1))
	}
}

// toplevel is get_rule_expr_toplevel: where row.* would be read as its columns, a
// whole row is written with its type.
func (d *deparser) toplevel(e plan.Expr, showImplicit bool) {
	row, ok := e.(*plan.RowExpr)
	if !ok || row.Whole == nil {
		d.getRuleExpr(e, showImplicit)
		return
	}
	d.row(row)
	d.put("::" + d.TypeName(row.Typ, -1))
}

func (d *deparser) fieldSelect(e *plan.FieldSelect) {
	paren := true
	switch e.Arg.(type) {
	case *plan.Subscript, *plan.FieldSelect:
		paren = false
	}
	d.putIf(paren, "(")
	d.getRuleExpr(e.Arg, true)
	d.putIf(paren, ")")
	d.put("." + quoteIdent(e.Name))
}

func (d *deparser) subscript(e *plan.Subscript) {
	paren := d.tagOf(e.Arg) != tagField
	if c, ok := e.Arg.(*plan.Column); ok && d.tagOf(c) == tagWord && c.ID != plan.ElemColumn {
		paren = false
	}
	d.putIf(paren, "(")
	d.getRuleExpr(e.Arg, true)
	d.putIf(paren, ")")
	d.indexes(e.Indexes, e.Slice)
}

// indexes is printSubscripts.
func (d *deparser) indexes(list []plan.SubscriptIndex, slice bool) {
	for _, ix := range list {
		d.put("[")
		d.getRuleExpr(ix.Lower, false)
		d.putIf(slice, ":")
		d.getRuleExpr(ix.Upper, false)
		d.put("]")
	}
}
