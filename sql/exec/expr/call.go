package expr

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// NewCall makes the call-site state of a function called with args.
func (rt *Runtime) NewCall(f *funcs.Func, args []*types.Type, result *types.Type, typmod int32) *funcs.Call {
	return &funcs.Call{
		Ctx: rt.Ctx, Env: rt.Types, Session: rt.Session, Func: f, Args: args, Result: result, Typmod: typmod,
	}
}

// CallOf makes the call-site state of a plan call.
func (rt *Runtime) CallOf(e *plan.Call) *funcs.Call {
	c := rt.NewCall(e.Func, typesOf(e.Args), e.Typ, e.Mod)
	c.VariadicExpanded = e.Func.Variadic != 0 && !e.VariadicArray
	c.Columns = e.Columns
	return c
}

func typesOf(es []plan.Expr) []*types.Type {
	ts := make([]*types.Type, len(es))
	for i, e := range es {
		ts[i] = e.Type()
	}
	return ts
}

type call struct {
	rt   *Runtime
	call *funcs.Call
	args []Expr
	vecs []vec.Vector
}

func (c *Compiler) call(e *plan.Call) (Expr, error) {
	if e.Func.Kernel == nil {
		return nil, pgerr.Internal("function %s cannot be called as a value", e.Func.Name)
	}
	args, err := c.CompileAll(e.Args)
	if err != nil {
		return nil, err
	}
	out := &call{rt: c.rt, call: c.rt.CallOf(e), args: args, vecs: make([]vec.Vector, len(args))}
	c.rt.reuse(out)
	return out, nil
}

func (e *call) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	for i, a := range e.args {
		var err error
		if e.vecs[i], err = a.Eval(b, sel); err != nil {
			return nil, err
		}
	}
	e.call.Ctx = e.rt.Ctx
	return e.call.Func.Kernel(e.call, e.vecs, sel, b.N)
}
