package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Evaluate computes an expression without columns: a constant to be folded, an
// argument of EXECUTE. The result is boxed.
func Evaluate(ctx context.Context, e plan.Expr, env *Env) (any, error) {
	b := newBuilder(env)
	b.rt.Ctx = ctx
	x, err := b.compiler(nil).Compile(e)
	if err != nil {
		return nil, err
	}
	v, err := x.Eval(vec.NewBatch(nil, 1), nil)
	if err != nil {
		return nil, err
	}
	return v.Value(0), nil
}
