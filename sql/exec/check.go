package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Over compiles an expression over one value of type t, which stands in it as
// the column plan.ElemColumn (a domain's CHECK). One goroutine at a time may call
// the result.
func Over(ctx context.Context, e plan.Expr, t *types.Type, env *Env) (func(v any) (any, error), error) {
	b := newBuilder(env)
	b.rt.Ctx = ctx
	x, err := b.compiler([]plan.Col{{ID: plan.ElemColumn, Type: t, Mod: -1}}).Compile(e)
	if err != nil {
		return nil, err
	}
	return func(v any) (any, error) {
		out, err := x.Eval(vec.NewBatch([]vec.Vector{vec.Const(t, v, 1)}, 1), nil)
		if err != nil {
			return nil, err
		}
		return out.Value(0), nil
	}, nil
}
