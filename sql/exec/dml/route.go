package dml

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Route is INSERT into a partitioned table: each row of Input goes to the operator of
// its partition.
type Route struct {
	// Target is the partitioned table, which lays out the rows for Router and
	// RETURNING; nothing is written to it.
	Target
	Input     Input
	InputNums []int16
	Leaves    map[types.OID]*Insert
	Origin    Origin
	Line      int
	// InOrder: rows are written in their order, as somebody sees it.
	InOrder bool
	// Operations are those whose statement triggers it fires.
	Operations []funcs.TriggerOp

	opened map[types.OID]bool
}

// Open implements the operator.
func (r *Route) Open(context.Context) error {
	r.out, r.at, r.done = spill.NewRows(r.Acct, r.OutTypes), 0, false
	r.opened = map[types.OID]bool{}
	return nil
}

// Close implements the operator.
func (r *Route) Close() error {
	r.close()
	return nil
}

// Affected is the number of rows written so far.
func (r *Route) Affected() int64 {
	n := int64(0)
	for oid := range r.opened {
		n += r.Leaves[oid].affected
	}
	return n
}

// Next implements the operator.
func (r *Route) Next(ctx context.Context) (*vec.Batch, error) {
	return r.next(ctx, func(ctx context.Context) error {
		return r.statement(ctx, r.Input, func(ctx context.Context) error {
			return r.Written.each(ctx, r.Input, func(b *vec.Batch) error { return r.batch(ctx, b) })
		}, r.Operations...)
	})
}

// batch writes the rows before the first that has no partition, and raises its error
// then, as if rows were written one by one.
func (r *Route) batch(ctx context.Context, b *vec.Batch) error {
	runs, routeErr := r.runs(b)
	for _, run := range runs {
		leaf, err := r.leaf(run.oid)
		if err != nil {
			return err
		}
		if err := leaf.batch(ctx, b.WithSel(run.sel)); err != nil {
			return err
		}
	}
	return routeErr
}

// run are rows of a batch that go to one partition.
type run struct {
	oid types.OID
	sel []int32
}

// runs divides the rows of b: those of one partition together or, InOrder, only those
// that follow each other.
func (r *Route) runs(b *vec.Batch) ([]run, error) {
	rows := r.given(b)
	in := r.rowsOf(rows)
	var out []run
	for k := range rows {
		rel, err := r.Router.find(in, k)
		if rel == nil && err == nil {
			err = r.partitionViolation(r.Router.Root, rows[k])
		}
		if err != nil {
			return out, r.blame(err, b, b.Row(k))
		}
		at := slices.IndexFunc(out, func(x run) bool { return x.oid == rel.OID })
		if r.InOrder && at != len(out)-1 {
			at = -1
		}
		if at < 0 {
			at, out = len(out), append(out, run{oid: rel.OID})
		}
		out[at].sel = append(out[at].sel, int32(b.Row(k)))
	}
	return out, nil
}

// given are the values that Input yields, by the partitioned table's numbers.
func (r *Route) given(b *vec.Batch) []row {
	rows := make([]row, b.Rows())
	for k := range rows {
		rows[k] = row{}
		for c, num := range r.InputNums {
			rows[k][num] = b.Cols[c].Value(b.Row(k))
		}
	}
	return rows
}

func (r *Route) blame(err error, b *vec.Batch, i int) error {
	if r.Origin == nil {
		return err
	}
	return r.Origin.Blame(err, vec.Of[int64](b.Cols[r.Line]).At(i), true)
}

// leaf is the operator of a partition, opened for its first row.
func (r *Route) leaf(oid types.OID) (*Insert, error) {
	n := r.Leaves[oid]
	if r.opened[oid] {
		return n, nil
	}
	if err := n.open(); err != nil {
		return nil, err
	}
	n.out.Close()
	n.out, r.opened[oid] = r.out, true
	return n, nil
}
