package exec

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// filter keeps rows that pass a predicate.
type filter struct {
	Operator
	pred   *expr.Predicate
	prefix expr.Prefix
}

func (b *builder) filter(n *plan.Filter) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	p, err := b.compiler(n.Input.Columns()).Predicate(n.Cond)
	return &filter{in, p, b.prefix(n.Cond)}, err
}

func (f *filter) Open(ctx context.Context) error {
	f.prefix.Open()
	return f.Operator.Open(ctx)
}

func (f *filter) Next(ctx context.Context) (*vec.Batch, error) {
	for f.prefix.Err() == nil {
		b, err := f.Operator.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		if b, err = f.prefix.Compute(f.pred, b); err != nil {
			return nil, err
		}
		if b.Rows() > 0 {
			return expr.Dense(b), nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
	return nil, f.prefix.Err()
}

// project computes new columns.
type project struct {
	Operator
	values *expr.List
	prefix expr.Prefix
}

func (b *builder) project(n *plan.Project) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	values, err := b.compiler(n.Input.Columns()).List(n.Values)
	return &project{in, values, b.prefix(n.Values...)}, err
}

// prefix says what an operator that computes es does where a row fails.
func (b *builder) prefix(es ...plan.Expr) expr.Prefix {
	return expr.Prefix{Whole: b.whole || slices.ContainsFunc(es, func(e plan.Expr) bool { return e != nil && plan.IsVolatile(e) })}
}

func (p *project) Open(ctx context.Context) error {
	p.prefix.Open()
	return p.Operator.Open(ctx)
}

func (p *project) Next(ctx context.Context) (*vec.Batch, error) {
	if err := p.prefix.Err(); err != nil {
		return nil, err
	}
	b, err := p.Operator.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	return p.prefix.Compute(p, b)
}

// Compute implements expr.Computation.
func (p *project) Compute(b *vec.Batch) (*vec.Batch, error) {
	cols, err := p.values.Eval(b, b.Sel)
	if err != nil {
		return nil, err
	}
	return &vec.Batch{Cols: cols, N: b.N, Sel: b.Sel}, nil
}

func evalAll(es []expr.Expr, b *vec.Batch) ([]vec.Vector, error) {
	cols := make([]vec.Vector, len(es))
	for i, e := range es {
		var err error
		if cols[i], err = e.Eval(b, b.Sel); err != nil {
			return nil, err
		}
	}
	return cols, nil
}

// values puts out rows of expressions.
type values struct {
	rows [][]expr.Expr
	cols []plan.Col
	size int
	next int
}

func (b *builder) values(n *plan.Values) (Operator, error) {
	v := &values{cols: n.Cols, size: b.batchSize()}
	c := b.compiler(nil)
	for _, row := range n.Rows {
		es, err := c.CompileAll(row)
		if err != nil {
			return nil, err
		}
		v.rows = append(v.rows, es)
	}
	return v, nil
}

func (v *values) Open(context.Context) error { v.next = 0; return nil }

func (v *values) Close() error { return nil }

func (v *values) Next(ctx context.Context) (*vec.Batch, error) {
	n := min(v.size, len(v.rows)-v.next)
	if n == 0 {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, spill.Cancelled(ctx)
	}
	out := vec.NewBuilders(plan.ColumnTypes(v.cols), n)
	one := vec.NewBatch(nil, 1)
	for _, row := range v.rows[v.next : v.next+n] {
		for c, e := range row {
			x, err := e.Eval(one, nil)
			if err != nil {
				return nil, err
			}
			out[c].Append(x.Value(0))
		}
	}
	v.next += n
	b := vec.BuildBatch(out)
	b.N = n
	return b, nil
}
