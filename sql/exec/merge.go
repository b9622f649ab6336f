package exec

import (
	"container/heap"
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// merge merges sorted runs. Of equal rows those of the earlier run come first.
type merge struct {
	orders columns.Orders
	width  int
	types  []*types.Type
	size   int
	runs   []*runCursor // a heap
	fresh  []*runCursor // not yet read
}

// runCursor is one run and the row that it stands at.
type runCursor struct {
	reader *spill.Reader
	number int
	batch  *vec.Batch
	keys   []vec.Vector
	row    int
}

func newMerge(runs []*spill.Reader, orders columns.Orders, width int, ts []*types.Type, size int) *merge {
	m := &merge{orders: orders, width: width, types: ts, size: size}
	for i, r := range runs {
		m.fresh = append(m.fresh, &runCursor{reader: r, number: i})
	}
	return m
}

func (m *merge) Len() int { return len(m.runs) }

func (m *merge) Less(i, j int) bool {
	a, b := m.runs[i], m.runs[j]
	c := m.orders.Compare(a.keys, a.row, b.keys, b.row)
	return c < 0 || c == 0 && a.number < b.number
}

func (m *merge) Swap(i, j int) { m.runs[i], m.runs[j] = m.runs[j], m.runs[i] }

// Push and Pop implement heap.Interface.
func (m *merge) Push(x any) { m.runs = append(m.runs, x.(*runCursor)) }

// Pop implements heap.Interface.
func (m *merge) Pop() any {
	last := m.runs[len(m.runs)-1]
	m.runs = m.runs[:len(m.runs)-1]
	return last
}

func (m *merge) start(ctx context.Context) error {
	for _, r := range m.fresh {
		ok, err := m.load(ctx, r)
		if err != nil {
			return err
		}
		if ok {
			m.runs = append(m.runs, r)
		}
	}
	m.fresh = nil
	heap.Init(m)
	return nil
}

func (m *merge) load(ctx context.Context, r *runCursor) (bool, error) {
	b, err := r.reader.Next(ctx)
	if b == nil || err != nil {
		return false, err
	}
	r.batch, r.keys, r.row = b, b.Cols[m.width:], 0
	return true, nil
}

func (m *merge) Next(ctx context.Context) (*vec.Batch, error) {
	if m.fresh != nil {
		if err := m.start(ctx); err != nil {
			return nil, err
		}
	}
	if len(m.runs) == 0 {
		return nil, nil
	}
	out := vec.NewBuilders(m.types, m.size)
	for n := 0; n < m.size && len(m.runs) > 0; n++ {
		r := m.runs[0]
		for c, v := range r.batch.Cols {
			out[c].AppendFrom(v, r.row)
		}
		if err := m.advance(ctx, r); err != nil {
			return nil, err
		}
	}
	return vec.BuildBatch(out), nil
}

// advance moves the least run on and puts it in its new place.
func (m *merge) advance(ctx context.Context, r *runCursor) error {
	r.row++
	if r.row == r.batch.N {
		ok, err := m.load(ctx, r)
		if err != nil {
			return err
		}
		if !ok {
			heap.Pop(m)
			return nil
		}
	}
	heap.Fix(m, 0)
	return nil
}
