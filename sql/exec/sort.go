package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// sortKeys compiles sort keys over an input.
func (b *builder) sortKeys(keys []plan.SortKey, cols []plan.Col) ([]expr.Expr, columns.Orders, error) {
	c := b.compiler(cols)
	es := make([]expr.Expr, len(keys))
	orders := make([]columns.Order, len(keys))
	for i, k := range keys {
		var err error
		if es[i], err = c.Compile(k.Expr); err != nil {
			return nil, nil, err
		}
		orders[i] = columns.Order{Type: k.Expr.Type(), Desc: k.Desc, NullsFirst: k.NullsFirst}
	}
	return es, columns.NewOrders(orders), nil
}

func keyTypes(keys []plan.SortKey) []*types.Type {
	ts := make([]*types.Type, len(keys))
	for i, k := range keys {
		ts[i] = k.Expr.Type()
	}
	return ts
}

// sorter sorts rows of columns and keys: in memory, or in runs on disk that are
// merged. Rows that compare equal come as PostgreSQL leaves them (columns.Orders.Sort), as
// far as one run goes.
type sorter struct {
	acct   *spill.Account
	orders columns.Orders
	types  []*types.Type // of the columns, then the keys
	width  int           // number of columns without the keys
	size   int           // rows per batch put out

	batches []*vec.Batch
	rows    int
	bytes   int64
	file    *spill.File // sorted runs, one after the other
	runs    []*spill.Reader
}

func newSorter(acct *spill.Account, orders columns.Orders, cols, keys []*types.Type) *sorter {
	ts := append(append([]*types.Type(nil), cols...), keys...)
	return &sorter{acct: acct, orders: orders, types: ts, width: len(cols), size: acct.BatchSize}
}

// add takes the rows of b that are alive with their keys.
func (s *sorter) add(b *vec.Batch, keys []vec.Vector) error {
	if b.Rows() == 0 {
		return nil
	}
	all := &vec.Batch{Cols: append(append([]vec.Vector(nil), b.Cols...), keys...), N: b.N, Sel: b.Sel}
	all = all.Compact()
	s.batches = append(s.batches, all)
	s.rows += all.N
	size := all.MemSize()
	s.bytes += size
	if !s.acct.Add(size) {
		return s.flush()
	}
	return nil
}

// sorted returns the rows in memory in order, with their keys.
func (s *sorter) sorted() (cols []vec.Vector, order []int32) {
	cols = concatBatches(s.types, s.batches, s.rows)
	order = s.orders.Sort(cols[s.width:], s.rows)
	s.batches = nil
	return cols, order
}

func concatBatches(ts []*types.Type, batches []*vec.Batch, n int) []vec.Vector {
	cols := make([]vec.Vector, len(ts))
	parts := make([]vec.Vector, len(batches))
	for c, t := range ts {
		for i, b := range batches {
			parts[i] = b.Cols[c]
		}
		cols[c] = vec.Concat(t, parts, n)
	}
	return cols
}

// flush writes the rows in memory as one sorted run.
func (s *sorter) flush() error {
	if s.rows == 0 {
		return nil
	}
	if s.file == nil {
		s.file = spill.NewFile(s.acct, s.types)
	}
	first := s.file.Batches()
	cols, order := s.sorted()
	for from := 0; from < len(order); from += s.size {
		part := order[from:min(from+s.size, len(order))]
		if err := s.file.Append(vec.NewBatch(columns.GatherAll(cols, part), len(part))); err != nil {
			return err
		}
	}
	s.runs = append(s.runs, s.file.Range(first, s.file.Batches()))
	s.acct.Add(-s.bytes)
	s.bytes, s.rows = 0, 0
	return nil
}

// finish returns the rows in order, keys after the columns.
func (s *sorter) finish() (batchSource, error) {
	if len(s.runs) == 0 {
		cols, order := s.sorted()
		return &gathered{cols, order, s.size}, nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	return newMerge(s.runs, s.orders, s.width, s.types, s.size), nil
}

func (s *sorter) close() {
	if s.file != nil {
		s.file.Close()
	}
	s.acct.Add(-s.bytes)
	s.batches, s.file, s.runs, s.rows, s.bytes = nil, nil, nil, 0, 0
}

// batchSource yields batches; nil at the end.
type batchSource interface {
	Next(ctx context.Context) (*vec.Batch, error)
}

// gathered puts out rows of columns in a given order.
type gathered struct {
	cols  []vec.Vector
	order []int32
	size  int
}

func (g *gathered) Next(ctx context.Context) (*vec.Batch, error) {
	n := min(g.size, len(g.order))
	if n == 0 {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, spill.Cancelled(ctx)
	}
	part := g.order[:n]
	g.order = g.order[n:]
	return vec.NewBatch(columns.GatherAll(g.cols, part), n), nil
}

// sortOp is ORDER BY.
type sortOp struct {
	input  Operator
	keys   []expr.Expr
	sorter func() *sorter
	run    *sorter
	out    batchSource
	width  int
}

func (b *builder) sort(n *plan.Sort) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Columns()
	keys, orders, err := b.sortKeys(n.Keys, cols)
	if err != nil {
		return nil, err
	}
	acct := b.account(n)
	return &sortOp{input: in, keys: keys, width: len(cols), sorter: func() *sorter {
		return newSorter(acct, orders, plan.ColumnTypes(cols), keyTypes(n.Keys))
	}}, nil
}

func (s *sortOp) Open(ctx context.Context) error {
	s.run, s.out = s.sorter(), nil
	return s.input.Open(ctx)
}

func (s *sortOp) Next(ctx context.Context) (*vec.Batch, error) {
	if s.out == nil {
		if err := s.consume(ctx); err != nil {
			return nil, err
		}
	}
	b, err := s.out.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	b.Cols = b.Cols[:s.width:s.width]
	return b, nil
}

func (s *sortOp) consume(ctx context.Context) error {
	for {
		b, err := s.input.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		keys, err := evalAll(s.keys, b)
		if err != nil {
			return err
		}
		if err := s.run.add(b, keys); err != nil {
			return err
		}
	}
	var err error
	s.out, err = s.run.finish()
	return err
}

func (s *sortOp) Close() error {
	if s.run != nil {
		s.run.close()
	}
	s.out = nil
	return s.input.Close()
}
