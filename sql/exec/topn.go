package exec

import (
	"context"
	"math"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/scan"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// topNMax is the number of rows from which a top-N is a sort and a limit.
const topNMax = 1 << 16

// topN keeps the first rows of an order: candidates are gathered, and cut to
// the best n whenever they are several times that; rows behind the n-th are
// dropped as they come.
type topN struct {
	input  Operator
	keys   []expr.Expr
	orders columns.Orders
	types  []*types.Type
	width  int
	size   int
	bounds bounds
	acct   *spill.Account
	// presorted is the scan below, whose rows may come in order; nil for none.
	presorted *scan.Table

	n, offset int64
	batches   []*vec.Batch // columns and keys
	rows      int
	worst     []vec.Vector // keys of the n-th row, once there are n
	out       batchSource
}

func (b *builder) topN(n *plan.TopN) (Operator, error) {
	below := b.orderedScan(n)
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	t := &topN{input: in, presorted: b.ordered[below], size: b.batchSize(), width: len(n.Input.Columns()), acct: b.account(n)}
	if t.bounds, err = b.bounds(n.Count, n.Offset); err != nil {
		return nil, err
	}
	t.keys, t.orders, err = b.sortKeys(n.Keys, n.Input.Columns())
	t.types = append(plan.ColumnTypes(n.Input.Columns()), keyTypes(n.Keys)...)
	return t, err
}

// orderedScan is the scan below a presorted TopN, which is noted when it is built; nil
// for none.
func (b *builder) orderedScan(n *plan.TopN) *plan.TableScan {
	if !n.Presorted {
		return nil
	}
	below := n.Input
	for {
		s, ok := below.(*plan.TableScan)
		if ok {
			if b.ordered == nil {
				b.ordered = map[*plan.TableScan]*scan.Table{}
			}
			b.ordered[s] = nil
			return s
		}
		in := below.Inputs()
		if len(in) != 1 {
			return nil
		}
		below = in[0]
	}
}

func (t *topN) Open(ctx context.Context) error {
	count, offset, err := t.bounds.eval()
	if err != nil {
		return err
	}
	t.n, t.offset = count+offset, offset
	if count > math.MaxInt64-offset {
		t.n = math.MaxInt64
	}
	t.batches, t.rows, t.worst, t.out = nil, 0, nil, nil
	if t.presorted != nil {
		t.presorted.Spec.First = min(max(t.n, 1), topNMax+1)
	}
	return t.input.Open(ctx)
}

func (t *topN) Close() error {
	if s, ok := t.out.(*sortedRest); ok {
		s.sorter.close()
	}
	t.batches, t.out = nil, nil
	t.acct.Set(0)
	return t.input.Close()
}

func (t *topN) Next(ctx context.Context) (*vec.Batch, error) {
	if t.out == nil {
		if err := t.consume(ctx); err != nil {
			return nil, err
		}
	}
	b, err := t.out.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	b.Cols = b.Cols[:t.width:t.width]
	return b, nil
}

func (t *topN) consume(ctx context.Context) error {
	if t.n > topNMax {
		return t.sortAll(ctx)
	}
	for t.n > 0 {
		b, err := t.input.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if err := t.add(b); err != nil {
			return err
		}
		if int64(t.rows) >= t.n && t.presorted != nil && t.presorted.Sorted() {
			break // all others come behind these
		}
	}
	t.cut()
	order := vec.All(t.rows)
	t.out = &gathered{concatBatches(t.types, t.batches, t.rows), order[min(int(t.offset), t.rows):], t.size}
	return nil
}

func (t *topN) add(b *vec.Batch) error {
	keys, err := evalAll(t.keys, b)
	if err != nil {
		return err
	}
	sel := b.Sel
	if t.worst != nil {
		sel = t.better(b, keys)
		if len(sel) == 0 {
			return nil
		}
	}
	all := &vec.Batch{Cols: append(append([]vec.Vector(nil), b.Cols...), keys...), N: b.N, Sel: sel}
	all = all.Compact()
	t.batches = append(t.batches, all)
	t.rows += all.N
	t.acct.Add(all.MemSize())
	if int64(t.rows) >= 2*t.n+int64(vec.BatchSize) {
		t.cut()
	}
	return nil
}

// better lists the rows that come before the n-th row so far.
func (t *topN) better(b *vec.Batch, keys []vec.Vector) []int32 {
	sel := []int32{}
	for k := range b.Rows() {
		if i := b.Row(k); t.orders.Compare(keys, i, t.worst, 0) < 0 {
			sel = append(sel, int32(i))
		}
	}
	return sel
}

// cut sorts the candidates and keeps the best n.
func (t *topN) cut() {
	if t.rows == 0 {
		return
	}
	cols := concatBatches(t.types, t.batches, t.rows)
	order := t.orders.Sort(cols[t.width:], t.rows)
	if int64(len(order)) > t.n {
		order = order[:t.n]
	}
	best := vec.NewBatch(columns.GatherAll(cols, order), len(order))
	t.batches, t.rows = []*vec.Batch{best}, len(order)
	t.acct.Set(best.MemSize())
	if int64(t.rows) == t.n {
		t.worst = columns.GatherAll(best.Cols[t.width:], []int32{int32(t.rows - 1)})
	}
}

// sortAll is the way of a large n.
func (t *topN) sortAll(ctx context.Context) error {
	s := newSorter(t.acct, t.orders, t.types[:t.width], t.types[t.width:])
	rest := &sortedRest{sorter: s, skip: t.offset, left: t.n - t.offset}
	t.out = rest
	for {
		b, err := t.input.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		keys, err := evalAll(t.keys, b)
		if err != nil {
			return err
		}
		if err := s.add(b, keys); err != nil {
			return err
		}
	}
	var err error
	rest.in, err = s.finish()
	return err
}

// sortedRest is rows [skip, skip+left) of a sorter.
type sortedRest struct {
	sorter     *sorter
	in         batchSource
	skip, left int64
}

func (r *sortedRest) Next(ctx context.Context) (*vec.Batch, error) {
	for r.left > 0 {
		b, err := r.in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		n := int64(b.Rows())
		if r.skip >= n {
			r.skip -= n
			continue
		}
		b = b.Limit(int(r.skip), int(min(n, r.skip+r.left)))
		r.skip = 0
		r.left -= int64(b.Rows())
		return b, nil
	}
	return nil, nil
}
