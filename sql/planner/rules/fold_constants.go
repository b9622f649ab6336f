package rules

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// foldConstants evaluates immutable expressions over constants and simplifies
// AND, OR, NOT and CASE with constant arms (PostgreSQL's
// eval_const_expressions). What raises an error is left alone: it may never be
// evaluated.
func foldConstants(n plan.Node, c *Context) plan.Node {
	return plan.RewriteNodes(n, func(n plan.Node) plan.Node {
		n = plan.MapExprs(n, func(e plan.Expr) plan.Expr { return fold(e, c) })
		return foldFilter(n)
	})
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
		return foldLogic(e, e.Args, false, func(args []plan.Expr) plan.Expr { return &plan.And{Meta: e.Meta, Args: args} })
	case *plan.Or:
		return foldLogic(e, e.Args, true, func(args []plan.Expr) plan.Expr { return &plan.Or{Meta: e.Meta, Args: args} })
	case *plan.Case:
		return foldCase(e)
	case *plan.Coalesce:
		return foldCoalesce(e)
	}
	if !foldable(e) {
		return e
	}
	v, err := c.Evaluate(e)
	if err != nil {
		return e
	}
	return &plan.Const{Meta: plan.Meta{Typ: e.Type(), Mod: e.Typmod(), At: e.Pos()}, Value: v}
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
		if e.Kind == plan.ConvertInOut && !immutableText(e.Arg.Type(), e.Type()) {
			return false
		}
	case *plan.RowExpr:
		return false
	}
	for _, c := range e.Children() {
		if _, ok := c.(*plan.Const); !ok {
			return false
		}
	}
	return true
}

// immutableText says whether a conversion through text does not depend on the
// session's settings: times and floats do, reg* types depend on the catalog.
func immutableText(from, to *types.Type) bool {
	return !textDepends[from.Category] && !textDepends[to.Category] &&
		from.OID != types.ByteaOID && to.Len != 4
}

var textDepends = map[types.Category]bool{
	types.DateTime: true, types.Timespan: true, types.Array_: true,
	types.Composite: true, types.Pseudo: true, types.UserDefined: true,
}

// foldLogic folds AND (absorbing false) or OR (absorbing true).
func foldLogic(e plan.Expr, args []plan.Expr, absorbing bool, rebuild func([]plan.Expr) plan.Expr) plan.Expr {
	var kept []plan.Expr
	for _, a := range args {
		k, ok := a.(*plan.Const)
		switch {
		case !ok:
			kept = append(kept, a)
		case k.Value == nil: // NULL AND false is false: only the others decide
			kept = append(kept, a)
		case k.Value == absorbing:
			return k
		}
	}
	if len(kept) == len(args) {
		return e
	}
	if len(kept) == 0 {
		return &plan.Const{Meta: plan.Meta{Typ: e.Type(), Mod: -1, At: e.Pos()}, Value: !absorbing}
	}
	if len(kept) == 1 {
		return kept[0]
	}
	return rebuild(kept)
}

// foldCase drops arms that can't be taken and everything after one that is.
func foldCase(e *plan.Case) plan.Expr {
	if e.Operand != nil {
		return e
	}
	var whens []plan.When
	for _, w := range e.Whens {
		k, ok := w.Cond.(*plan.Const)
		if !ok {
			whens = append(whens, w)
			continue
		}
		if k.Value == true {
			if len(whens) == 0 {
				return w.Result
			}
			return &plan.Case{Meta: e.Meta, Whens: whens, Else: w.Result}
		}
	}
	if len(whens) == 0 {
		return e.Else
	}
	if len(whens) == len(e.Whens) {
		return e
	}
	return &plan.Case{Meta: e.Meta, Whens: whens, Else: e.Else}
}

// foldCoalesce drops NULL constants and everything after a constant that is not
// NULL.
func foldCoalesce(e *plan.Coalesce) plan.Expr {
	var args []plan.Expr
	for _, a := range e.Args {
		k, ok := a.(*plan.Const)
		if ok && k.Value == nil {
			continue
		}
		args = append(args, a)
		if ok {
			break
		}
	}
	switch {
	case len(args) == 0:
		return e.Args[0]
	case len(args) == 1:
		return args[0]
	case len(args) == len(e.Args):
		return e
	}
	return &plan.Coalesce{Meta: e.Meta, Args: args}
}
