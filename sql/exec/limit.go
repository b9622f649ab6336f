package exec

import (
	"context"
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// bounds are LIMIT and OFFSET, evaluated when the operator opens.
type bounds struct{ count, offset expr.Expr }

func (b *builder) bounds(count, offset plan.Expr) (out bounds, err error) {
	c := b.compiler(nil)
	if count != nil {
		if out.count, err = c.Compile(count); err != nil {
			return out, err
		}
	}
	if offset != nil {
		out.offset, err = c.Compile(offset)
	}
	return out, err
}

// eval returns the number of rows to pass (math.MaxInt64 for all) and to skip.
// NULL means no limit and no offset; a negative number is 2201W or 2201X.
func (l bounds) eval() (count, offset int64, err error) {
	offset, _, err = rowCount(l.offset)
	if err == nil && offset < 0 {
		err = pgerr.New(pgerr.InvalidRowCountInResultOffsetClause, "OFFSET must not be negative")
	}
	if err != nil {
		return 0, 0, err
	}
	count, given, err := rowCount(l.count)
	if err == nil && count < 0 {
		err = pgerr.New(pgerr.InvalidRowCountInLimitClause, "LIMIT must not be negative")
	}
	if !given {
		count = math.MaxInt64
	}
	return count, offset, err
}

func rowCount(e expr.Expr) (n int64, given bool, err error) {
	if e == nil {
		return 0, false, nil
	}
	v, err := e.Eval(vec.NewBatch(nil, 1), nil)
	if err != nil || v.IsNull(0) {
		return 0, false, err
	}
	switch x := v.Value(0).(type) {
	case int64:
		return x, true, nil
	case int32:
		return int64(x), true, nil
	case int16:
		return int64(x), true, nil
	}
	return 0, false, pgerr.Internal("LIMIT of type %s", v.Type().Name)
}

// limit passes rows [offset, offset+count), and with ties the peers of the last.
type limit struct {
	Operator
	bounds
	skip, left int64
	// Ties: the sort keys and, once the count is used up, those of the last row.
	ties   bool
	keys   []expr.Expr
	orders columns.Orders
	last   []vec.Vector
}

func (b *builder) limit(n *plan.Limit) (Operator, error) {
	some := b.own()
	some.whole = false // it may need no more than the rows before an error
	in, err := some.build(n.Input)
	if err != nil {
		return nil, err
	}
	l := &limit{Operator: in, ties: n.WithTies}
	if l.bounds, err = b.bounds(n.Count, n.Offset); err != nil {
		return nil, err
	}
	if n.WithTies {
		l.keys, l.orders, err = b.sortKeys(n.Keys, n.Input.Columns())
	}
	return l, err
}

func (l *limit) Open(ctx context.Context) error {
	var err error
	if l.left, l.skip, err = l.eval(); err != nil {
		return err
	}
	l.last = nil
	return l.Operator.Open(ctx)
}

func (l *limit) Next(ctx context.Context) (*vec.Batch, error) {
	for l.left > 0 || l.last != nil {
		b, err := l.Operator.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		n := int64(b.Rows())
		if l.skip >= n {
			l.skip -= n
			continue
		}
		b = b.Limit(int(l.skip), int(n))
		l.skip = 0
		if b, err = l.cut(b); b != nil || err != nil {
			return b, err
		}
	}
	return nil, nil
}

// cut passes what the count still allows.
func (l *limit) cut(b *vec.Batch) (*vec.Batch, error) {
	n := int64(b.Rows())
	if l.last == nil && n < l.left {
		l.left -= n
		return b, nil
	}
	pass := int(l.left)
	if !l.ties {
		l.left = 0
		return b.Limit(0, pass), nil
	}
	keys, err := evalAll(l.keys, b)
	if err != nil {
		return nil, err
	}
	if l.last == nil {
		l.last = columns.GatherAll(keys, []int32{int32(b.Row(pass - 1))})
	}
	l.left = 0
	for pass < int(n) && l.orders.Compare(keys, b.Row(pass), l.last, 0) == 0 {
		pass++
	}
	if pass < int(n) {
		l.last = nil
	}
	if pass == 0 {
		return nil, nil
	}
	return b.Limit(0, pass), nil
}
