package bind

import (
	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// userAggregate is the code of an aggregate that CREATE AGGREGATE made. The
// types of its state and arguments are known at the call only.
func (b *binder) userAggregate(r *catalog.Function) funcs.AggFunc {
	return funcs.NewTransition(func(c *funcs.Call) (t *funcs.Transition, err error) {
		defer recoverBind(&err)
		a := r.Aggregate
		state := b.typ(b.resolved(r, a.State, c.Args))
		t = &funcs.Transition{Step: b.callable(a.Transition), State: state, FinalExtra: a.FinalExtra}
		if a.Final != 0 {
			t.Final = b.callable(a.Final)
		}
		if a.Init != nil {
			t.Init, err = state.In(c.Env, *a.Init, -1)
		}
		return t, err
	})
}

// callable is the function with that oid, which must be there and have code.
func (b *binder) callable(oid types.OID) *funcs.Func {
	f := b.function(oid)
	if f == nil || f.Kernel == nil {
		fail(pgerr.Internal("cache lookup failed for function %d", oid))
	}
	return f
}
