package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Inline is inline_function: the expression that a call of a function stands
// for, where its body is SELECT of one expression and the answer is the same;
// nil where it must be called.
func Inline(env *Env, f *catalog.Function, c *plan.Call) (out plan.Expr, err error) {
	defer recoverBind(&err)
	if f.Language != "sql" || f.Kind != 'f' || f.ReturnSet || f.SecurityDefiner || len(f.Config) > 0 || f.Result == types.RecordOID || f.Result == types.VoidOID {
		return nil, nil
	}
	stmts, err := BodyStatements(env, f)
	if err != nil {
		return nil, err
	}
	if len(stmts) != 1 || !oneExpression(stmts[0].Node.GetSelectStmt()) {
		return nil, nil
	}
	body, err := NewBody(env, f, exprTypes(c.Args), c.Typ)
	if err != nil || body.Columns != nil {
		return nil, err
	}
	e := *env
	e.Body = body
	b := newBinder(&e)
	b.inlined = true
	q := b.topQuery(stmts[0].Node)
	b.finalStatement(q, body)
	expr := onlyValue(q.Root)
	if expr == nil || !inlinable(f, expr, c.Args) {
		return nil, nil
	}
	return plan.Rewrite(expr, func(e plan.Expr) plan.Expr {
		if p, ok := e.(*plan.Param); ok {
			return c.Args[p.Index-1]
		}
		return e
	}), nil
}

// oneExpression says whether a query is SELECT of one expression and nothing
// else.
func oneExpression(s *parser.SelectStmt) bool {
	return s != nil && len(s.TargetList) == 1 && s.Op == parser.SetOperation_SETOP_NONE && s.DistinctClause == nil &&
		s.IntoClause == nil && s.FromClause == nil && s.WhereClause == nil && s.GroupClause == nil && s.HavingClause == nil &&
		s.WindowClause == nil && s.ValuesLists == nil && s.SortClause == nil && s.LimitOffset == nil && s.LimitCount == nil &&
		s.LockingClause == nil && s.WithClause == nil
}

func exprTypes(es []plan.Expr) []*types.Type {
	out := make([]*types.Type, len(es))
	for i, e := range es {
		out[i] = e.Type()
	}
	return out
}

// onlyValue is the one expression that a plan computes without input; nil if it
// does more.
func onlyValue(n plan.Node) plan.Expr {
	p, ok := n.(*plan.Project)
	if !ok || len(p.Values) != 1 {
		return nil
	}
	if v, ok := p.Input.(*plan.Values); ok && len(v.Cols) == 0 && len(v.Rows) == 1 {
		return p.Values[0]
	}
	inner := onlyValue(p.Input)
	if inner == nil {
		return nil
	}
	id := p.Input.Columns()[0].ID
	return plan.Rewrite(p.Values[0], func(e plan.Expr) plan.Expr {
		if c, ok := e.(*plan.Column); ok && c.ID == id {
			return inner
		}
		return e
	})
}

// inlinable says whether a body in the place of the call gives what the call
// would: no less stable than declared, NULL where a strict function is, and
// each argument evaluated as often as before.
func inlinable(f *catalog.Function, body plan.Expr, args []plan.Expr) bool {
	used := make([]int, len(args))
	ok := true
	plan.Walk(body, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Param:
			used[e.Index-1]++
		case *plan.Subquery, *plan.SetReturning, *plan.CaseOperand:
			ok = false
		case *plan.Call:
			ok = ok && stability[e.Func.Volatility] <= stability[funcs.Volatility(f.Volatility)]
		}
		if f.Strict && !strictNode(e) {
			ok = false
		}
		return ok
	})
	for i, n := range used {
		if f.Strict && n == 0 || n != 1 && (plan.IsVolatile(args[i]) || n > 1 && costly(args[i])) {
			return false
		}
	}
	return ok
}

var stability = map[funcs.Volatility]int{funcs.Immutable: 0, funcs.Stable: 1, funcs.Volatile: 2}

// strictNode says whether an expression is NULL as soon as one of its operands
// is (contain_nonstrict_functions).
func strictNode(e plan.Expr) bool {
	switch e := e.(type) {
	case *plan.Const, *plan.Param, *plan.Column, *plan.Convert, *plan.Not, *plan.FieldSelect, *plan.Subscript:
		return true
	case *plan.Call:
		return !e.Func.NotStrict
	}
	return false
}

// costly says whether an argument should not be computed twice: a subquery, or
// a user's function.
func costly(e plan.Expr) bool {
	found := false
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Subquery:
			found = true
		case *plan.Call:
			found = found || e.Func.User
		}
		return !found
	})
	return found
}
