package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// workTable is the rows of the last round of a recursive union.
type workTable struct{ rows *spill.Rows }

// recursiveUnion puts out its seed, then runs its step over the rows of the
// last round until a round has none.
type recursiveUnion struct {
	seed, step Operator
	all        bool
	cols       []plan.Col
	acct       *spill.Account
	work       *workTable

	seen    *columns.Table // rows so far, of a UNION without ALL
	current Operator       // the one that is open
	round   *spill.Rows    // rows of the round under way
}

func (b *builder) recursiveUnion(n *plan.RecursiveUnion) (Operator, error) {
	r := &recursiveUnion{all: n.All, cols: n.Cols, acct: b.account(n), work: &workTable{}}
	var err error
	if r.seed, err = b.build(n.Seed); err != nil {
		return nil, err
	}
	b.works[n.ID] = r.work
	step := *b
	step.repeated = true
	r.step, err = step.build(n.Step)
	return r, err
}

func (r *recursiveUnion) Open(ctx context.Context) error {
	r.seen = columns.NewTable(plan.ColumnTypes(r.cols))
	r.round = spill.NewRows(r.acct, plan.ColumnTypes(r.cols))
	r.current = r.seed
	return r.seed.Open(ctx)
}

func (r *recursiveUnion) Close() error {
	if r.round != nil {
		r.round.Close()
	}
	if r.work.rows != nil {
		r.work.rows.Close()
	}
	r.round, r.work.rows, r.seen = nil, nil, nil
	if r.current == nil {
		return nil
	}
	err := r.current.Close()
	r.current = nil
	return err
}

func (r *recursiveUnion) Next(ctx context.Context) (*vec.Batch, error) {
	for r.current != nil {
		b, err := r.current.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			if err := r.nextRound(ctx); err != nil {
				return nil, err
			}
			continue
		}
		b = r.fresh(b)
		if err := r.round.Append(b); err != nil {
			return nil, err
		}
		if b.Rows() > 0 {
			return b, nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
	return nil, nil
}

// fresh drops, for UNION, the rows that have come before.
func (r *recursiveUnion) fresh(b *vec.Batch) *vec.Batch {
	b = retyped(b, r.cols)
	if r.all {
		return b
	}
	numbers := make([]int32, b.Rows())
	next := int32(r.seen.Insert(b.Cols, b.Sel, b.N, r.seen.Hash(b.Cols, b.Sel, b.N), numbers))
	sel := make([]int32, 0, len(numbers))
	for k, at := range numbers {
		if at == next {
			next++
			sel = append(sel, int32(b.Row(k)))
		}
	}
	return b.WithSel(sel)
}

func retyped(b *vec.Batch, cols []plan.Col) *vec.Batch {
	out := make([]vec.Vector, len(b.Cols))
	for c, v := range b.Cols {
		out[c] = v
		if v.Type() != cols[c].Type && v.Type().Rep == cols[c].Type.Rep {
			out[c] = v.WithType(cols[c].Type)
		}
	}
	return &vec.Batch{Cols: out, N: b.N, Sel: b.Sel}
}

func (r *recursiveUnion) nextRound(ctx context.Context) error {
	err := r.current.Close()
	r.current = nil
	if err != nil || r.round.Len() == 0 {
		return err
	}
	if r.work.rows != nil {
		r.work.rows.Close()
	}
	r.work.rows, r.round = r.round, spill.NewRows(r.acct, plan.ColumnTypes(r.cols))
	r.current = r.step
	return r.step.Open(ctx)
}

// workScan reads the last round.
type workScan struct {
	work *workTable
	next int
}

func (b *builder) workTable(n *plan.WorkTable) (Operator, error) {
	w := b.works[n.ID]
	if w == nil {
		return nil, pgerr.Internal("work table %d is not defined here", n.ID)
	}
	return &workScan{work: w}, nil
}

func (s *workScan) Open(context.Context) error { s.next = 0; return nil }

func (s *workScan) Close() error { return nil }

func (s *workScan) Next(ctx context.Context) (*vec.Batch, error) {
	if s.work.rows == nil || s.next >= s.work.rows.Batches() {
		return nil, nil
	}
	s.next++
	return s.work.rows.Batch(ctx, s.next-1)
}
