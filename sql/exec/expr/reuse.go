package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Compiled expressions may serve one execution after another, with other parameters:
// what is bound to one of them is told of the next, and lets go of the rows of the last.

// reuser is an expression that keeps something of an execution.
type reuser interface {
	// rebind makes it ready for the next execution.
	rebind(rt *Runtime)
	// release forgets the rows of the last one.
	release()
}

// Reusable says whether a compiled expression may be kept for other executions: all of
// it is known to keep nothing but what Rebind changes.
func Reusable(e plan.Expr) bool {
	ok := true
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Const, *plan.Param, *plan.Column, *plan.And, *plan.Or, *plan.Not, *plan.NullTest, *plan.BoolTest:
		case *plan.Call:
			ok = ok && !e.Func.User
		case *plan.Convert:
			ok = ok && e.Kind != plan.ConvertArray && !e.Typ.Constrained()
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// Rebind makes the expressions compiled with rt ready for another execution.
func (rt *Runtime) Rebind(params []any) {
	rt.Params = params
	for _, r := range rt.reusers {
		r.rebind(rt)
	}
}

// Release lets go of the rows of the last execution: the expressions may wait for long.
func (rt *Runtime) Release() {
	for _, r := range rt.reusers {
		r.release()
	}
}

func (rt *Runtime) reuse(r reuser) {
	if rt.Reuse {
		rt.reusers = append(rt.reusers, r)
	}
}

// param is a parameter that keeps its value for an execution.
type param struct {
	constant
	index int
}

func (e *param) rebind(rt *Runtime) {
	e.last = nil
	e.set(rt)
}

// set takes the execution's value, in the form of its type.
func (e *param) set(rt *Runtime) {
	if e.val = rt.Params[e.index-1]; e.val != nil && e.typ == types.ExternalBytea {
		e.val = types.AsExternal(e.val)
	}
}

func (e *param) release() { e.val, e.last = nil, nil }

func (e *call) rebind(rt *Runtime) { e.call.State = nil }

func (e *call) release() { clear(e.vecs) }
