package session

import (
	"context"
	"sort"

	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// cursorRows are the rows that a cursor has seen: all of them if it may go back,
// in memory up to work_mem and then on disk, else those of the newest batch.
type cursorRows struct {
	pull   func(ctx context.Context) (*vec.Batch, error)
	kept   *spill.Rows // nil: only the newest batch
	starts []int64     // of kept's batches: the rows before each
	last   *vec.Batch
	before int64 // rows before last
	n      int64 // rows so far
	ended  bool
}

// keep keeps the rows from now on, and the newest batch.
func (r *cursorRows) keep(q *queryRun) {
	cols := q.q.Root.Columns()
	ts := make([]*types.Type, len(cols))
	for i, c := range cols {
		ts[i] = c.Type
	}
	r.kept = spill.NewRows(q.s.spillAccount(), ts)
	if r.last != nil {
		r.starts = append(r.starts, r.before)
		_ = r.kept.Append(r.last) // the first batch stays in memory
	}
}

// next reads a batch.
func (r *cursorRows) next(ctx context.Context) error {
	b, err := r.pull(ctx)
	if err != nil {
		return err
	}
	if b == nil {
		r.ended = true
		return nil
	}
	if b.Rows() == 0 {
		return nil
	}
	if r.kept != nil {
		r.starts = append(r.starts, r.n)
		if err := r.kept.Append(b); err != nil {
			return err
		}
	}
	r.last, r.before = b, r.n
	r.n += int64(b.Rows())
	return nil
}

// toEnd reads all rows, or those before the first that fails.
func (r *cursorRows) toEnd(ctx context.Context) error {
	for !r.ended {
		if err := r.next(ctx); err != nil {
			return err
		}
	}
	return nil
}

// at returns the batch with a row, counted from 1, and its position there; nil
// behind the last row.
func (r *cursorRows) at(ctx context.Context, row int64) (*vec.Batch, int, error) {
	for row > r.n && !r.ended {
		if err := r.next(ctx); err != nil {
			return nil, 0, err
		}
	}
	switch {
	case row > r.n || row <= 0:
		return nil, 0, nil
	case row > r.before:
		return r.last, int(row - r.before - 1), nil
	}
	i := sort.Search(len(r.starts), func(i int) bool { return r.starts[i] >= row }) - 1
	b, err := r.kept.Batch(ctx, i)
	return b, int(row - r.starts[i] - 1), err
}

func (r *cursorRows) close() {
	if r.kept != nil {
		r.kept.Close()
	}
}
