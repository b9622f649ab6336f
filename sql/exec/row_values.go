package exec

import (
	"context"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// RowKey compiles the key of an index over the values of cols: the result gives
// one value for each of keys, or ok false where predicate, if there is one, is not
// true. It is safe for concurrent use.
func RowKey(keys []plan.Expr, predicate plan.Expr, cols []plan.Col, env *Env) (func(row []any) (key []any, ok bool, err error), error) {
	b := newBuilder(env)
	b.rt.Ctx = context.Background()
	c := b.compiler(cols)
	k := &rowKey{cols: cols, keys: make([]expr.Expr, len(keys))}
	var err error
	for i, e := range keys {
		if k.keys[i], err = c.Compile(e); err != nil {
			return nil, err
		}
	}
	if predicate != nil {
		if k.predicate, err = c.Compile(predicate); err != nil {
			return nil, err
		}
	}
	return k.of, nil
}

type rowKey struct {
	mu        sync.Mutex // evaluators keep what they have computed
	cols      []plan.Col
	keys      []expr.Expr
	predicate expr.Expr
}

func (k *rowKey) of(row []any) (key []any, ok bool, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	in := &vec.Batch{N: 1}
	for i, c := range k.cols {
		in.Cols = append(in.Cols, vec.Const(c.Type, row[i], 1))
	}
	if k.predicate != nil {
		if v, err := k.predicate.Eval(in, nil); err != nil || v.Value(0) != true {
			return nil, false, err
		}
	}
	key = make([]any, len(k.keys))
	for i, e := range k.keys {
		v, err := e.Eval(in, nil)
		if err != nil {
			return nil, false, err
		}
		key[i] = v.Value(0)
	}
	return key, true, nil
}
