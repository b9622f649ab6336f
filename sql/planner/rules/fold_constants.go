package rules

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// foldConstants evaluates immutable expressions over constants and simplifies
// AND, OR, CASE and COALESCE with constant arms (PostgreSQL's
// eval_const_expressions): left to right, a query before its subqueries, and what a
// constant decides is not looked at. An error is the statement's error, before it
// begins.
func foldConstants(n plan.Node, c *Context) plan.Node {
	return plan.RewriteNodesDown(n, func(n plan.Node) plan.Node { return foldNode(n, c) })
}

func foldNode(n plan.Node, c *Context) plan.Node {
	if es, changed := foldAll(n.Exprs(), c); changed {
		n = dropFoldedSets(n, n.WithExprs(es))
	}
	if out := foldFilter(n); out != n {
		return foldNode(out, c)
	}
	return n
}

// foldFilter drops a filter that is always true and empties one that never is.
func foldFilter(n plan.Node) plan.Node {
	f, ok := n.(*plan.Filter)
	if !ok {
		return n
	}
	k, ok := f.Cond.(*plan.Const)
	if !ok {
		return n
	}
	if k.Value == true {
		return f.Input
	}
	return &plan.Values{Cols: f.Input.Columns()}
}

func fold(e plan.Expr, c *Context) plan.Expr {
	switch e := e.(type) {
	case *plan.And:
		return foldLogic(e, e.Args, false, c, func(args []plan.Expr) plan.Expr { return &plan.And{Meta: e.Meta, Args: args} })
	case *plan.Or:
		return foldLogic(e, e.Args, true, c, func(args []plan.Expr) plan.Expr { return e.WithChildren(args) })
	case *plan.Not:
		return negate(e, fold(e.Arg, c))
	case *plan.Case:
		return foldCase(e, c)
	case *plan.Coalesce:
		return foldCoalesce(e, c)
	}
	e = foldChildren(e, c)
	if neverCalled(e) {
		return &plan.Const{Meta: plan.Meta{Typ: e.Type(), Mod: e.Typmod(), At: e.Pos()}}
	}
	if n, ok := e.(*plan.NullIf); ok && (isNullConst(n.Left) || isNullConst(n.Right)) {
		return n.Left // nothing equals NULL
	}
	if !foldable(e) || c.Err != nil {
		return e
	}
	v, err := c.Evaluate(e)
	if err != nil {
		c.Err = err
		return e
	}
	return &plan.Const{Meta: plan.Meta{Typ: e.Type(), Mod: e.Typmod(), At: e.Pos()}, Value: v}
}

func foldChildren(e plan.Expr, c *Context) plan.Expr {
	children := e.Children()
	out, changed := foldAll(children, c)
	if !changed {
		return e
	}
	return e.WithChildren(out)
}

func foldAll(es []plan.Expr, c *Context) (out []plan.Expr, changed bool) {
	out = make([]plan.Expr, len(es))
	for i, e := range es {
		out[i] = fold(e, c)
		changed = changed || out[i] != e
	}
	return out, changed
}

// neverCalled says that e is NULL because a constant argument is and its function is
// strict, whatever the other arguments are, and whatever it would do
// (evaluate_function of clauses.c).
func neverCalled(e plan.Expr) bool {
	call, ok := e.(*plan.Call)
	if !ok || call.Func.NotStrict || call.Func.ReturnSet || call.Func.Kind != funcs.Normal {
		return false
	}
	for _, a := range call.Args {
		if isNullConst(a) {
			return true
		}
	}
	return false
}

func isNullConst(e plan.Expr) bool {
	k, ok := e.(*plan.Const)
	return ok && k.Value == nil
}

// foldable says whether e is an operation on constants alone whose result can
// never differ.
func foldable(e plan.Expr) bool {
	switch e := e.(type) {
	case *plan.Const, *plan.Param, *plan.Column, *plan.CaseOperand, *plan.Default,
		*plan.Subquery, *plan.Agg, *plan.Win, *plan.SetReturning, *plan.GroupingCall:
		return false
	case *plan.Call:
		if e.Func.Volatility != funcs.Immutable || e.Func.ReturnSet || e.Func.Kind != funcs.Normal {
			return false
		}
	case *plan.Convert:
		if !e.Immutable() || e.Kind == plan.ConvertDomain && e.Typ.Constrained() {
			return false // a domain's constraints may change
		}
	case *plan.RowExpr, *plan.FieldStore:
		return false
	}
	for _, c := range e.Children() {
		if _, ok := c.(*plan.Const); !ok {
			return false
		}
	}
	return true
}

// foldLogic folds AND (absorbing false) or OR (absorbing true), pulls up the arguments
// of those of its own kind, and puts one NULL, if there is any, at the end
// (simplify_and_arguments).
func foldLogic(e plan.Expr, args []plan.Expr, absorbing bool, c *Context, rebuild func([]plan.Expr) plan.Expr) plan.Expr {
	var kept []plan.Expr
	var null plan.Expr
	for _, a := range args {
		for _, f := range pulled(fold(a, c), absorbing) {
			k, ok := f.(*plan.Const)
			switch {
			case ok && k.Value == absorbing:
				return k
			case ok && k.Value == nil: // NULL AND false is false: only the others decide
				null = k
			case !ok:
				kept = append(kept, f)
			}
		}
	}
	if null != nil {
		kept = append(kept, null)
	}
	switch {
	case slices.Equal(kept, args):
		return e
	case len(kept) == 0:
		return boolConst(e, !absorbing)
	case len(kept) == 1:
		return kept[0]
	}
	return rebuild(kept)
}

// pulled are the arguments of an argument of AND or OR (inOr) that is the same.
func pulled(e plan.Expr, inOr bool) []plan.Expr {
	switch e := e.(type) {
	case *plan.And:
		if !inOr {
			return e.Args
		}
	case *plan.Or:
		if inOr {
			return e.Args
		}
	}
	return []plan.Expr{e}
}

// foldCase drops arms that can't be taken and everything after one that is.
func foldCase(e *plan.Case, c *Context) plan.Expr {
	out := &plan.Case{Meta: e.Meta}
	changed := false
	if e.Operand != nil {
		out.Operand = fold(e.Operand, c)
		changed = out.Operand != e.Operand
	}
	value, known := out.Operand.(*plan.Const)
	if known {
		out.Operand, changed = nil, true
	}
	for _, w := range e.Whens {
		cond := w.Cond
		if known {
			cond = withOperand(cond, value)
		}
		cond = fold(cond, c)
		k, ok := cond.(*plan.Const)
		if ok && k.Value != true {
			changed = true
			continue
		}
		result := fold(w.Result, c)
		if ok {
			return foldedCase(out, result)
		}
		changed = changed || cond != w.Cond || result != w.Result
		out.Whens = append(out.Whens, plan.When{Cond: cond, Result: result})
	}
	last := fold(e.Else, c)
	if !changed && last == e.Else {
		return e
	}
	return foldedCase(out, last)
}

// withOperand puts the operand's value into a comparison of CASE. A CASE in
// there has an operand of its own.
func withOperand(e plan.Expr, value *plan.Const) plan.Expr {
	if _, ok := e.(*plan.CaseOperand); ok {
		return value
	}
	children := slices.Clone(e.Children())
	inner, isCase := e.(*plan.Case)
	for i, child := range children {
		if !isCase || inner.Operand == nil || i == 0 {
			children[i] = withOperand(child, value)
		}
	}
	if len(children) == 0 {
		return e
	}
	return e.WithChildren(children)
}

// foldedCase is a case with the arms of c and that last one.
func foldedCase(c *plan.Case, last plan.Expr) plan.Expr {
	if len(c.Whens) == 0 {
		return last
	}
	c.Else = last
	return c
}

// foldCoalesce drops NULL constants and everything after a constant that is not
// NULL.
func foldCoalesce(e *plan.Coalesce, c *Context) plan.Expr {
	var args []plan.Expr
	changed := false
	for i, a := range e.Args {
		f := fold(a, c)
		changed = changed || f != a
		k, ok := f.(*plan.Const)
		if ok && k.Value == nil {
			changed = true
			continue
		}
		args = append(args, f)
		if ok {
			changed = changed || i+1 < len(e.Args)
			break
		}
	}
	switch {
	case len(args) == 0:
		return &plan.Const{Meta: e.Meta}
	case len(args) == 1:
		return args[0]
	case !changed:
		return e
	}
	return &plan.Coalesce{Meta: e.Meta, Args: args}
}
