package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Evaluator is an expression without columns and subqueries, compiled once and
// evaluated for one set of parameters after the other. It is not reentrant: a
// function in the expression must not evaluate it again.
type Evaluator struct {
	rt    *expr.Runtime
	x     expr.Expr
	one   *vec.Batch
	slots []paramSlot
}

type paramSlot struct {
	index int
	slot  *expr.Slot
}

// NewEvaluator compiles an expression; its parameters are given to Eval.
func NewEvaluator(e plan.Expr, env *Env) (*Evaluator, error) {
	b := newBuilder(env)
	v := &Evaluator{rt: b.rt, one: vec.NewBatch(nil, 1)}
	b.rt.Slots = map[int]*expr.Slot{}
	plan.Walk(e, func(e plan.Expr) bool {
		if p, ok := e.(*plan.Param); ok && b.rt.Slots[p.Index] == nil {
			s := &expr.Slot{Type: p.Typ}
			b.rt.Slots[p.Index] = s
			v.slots = append(v.slots, paramSlot{p.Index, s})
		}
		return true
	})
	x, err := b.compiler(nil).Compile(e)
	v.x = x
	return v, err
}

// Eval computes the expression for the values of $1 …, boxed; env reads and
// writes values.
func (v *Evaluator) Eval(ctx context.Context, env *types.Env, params []any) (any, error) {
	for _, s := range v.slots {
		s.slot.Set(params[s.index-1])
	}
	v.rt.Ctx, v.rt.Types = ctx, env
	out, err := v.x.Eval(v.one, nil)
	if err != nil {
		return nil, err
	}
	return out.Value(0), nil
}
