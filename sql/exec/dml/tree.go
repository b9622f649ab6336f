package dml

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Member is the UPDATE or DELETE of one table of a tree; its own Input is not read.
type Member interface {
	start() error
	// batch takes rows that are all of the table, finish what it held back.
	batch(ctx context.Context, b *vec.Batch) error
	finish(ctx context.Context) error
	target() *Target
}

// Tree is UPDATE or DELETE of a table and those that inherit from it: each row of
// Input goes to the operator of the table that its column TableOID names.
type Tree struct {
	Input    Input
	TableOID int
	Members  map[types.OID]Member
	Acct     *spill.Account
	OutTypes []*types.Type
	// Triggers are the root's; members fire their own for rows.
	Triggers *Triggers
	// Written is what all parts of the statement write.
	Written *Written
	// Op is what the statement does. Late: members hold their rows back until all
	// are read.
	Op   funcs.TriggerOp
	Late bool

	result Target // RETURNING of all of them
}

// Open implements the operator.
func (t *Tree) Open(context.Context) error {
	t.result = Target{out: spill.NewRows(t.Acct, t.OutTypes), Triggers: t.Triggers, Written: t.Written}
	for _, m := range t.Members {
		if err := m.start(); err != nil {
			return err
		}
		m.target().out.Close()
		m.target().out = t.result.out
	}
	return nil
}

// Close implements the operator.
func (t *Tree) Close() error {
	t.result.close()
	return nil
}

// Affected is the number of rows written so far.
func (t *Tree) Affected() int64 {
	var n int64
	for _, m := range t.Members {
		n += m.target().affected
	}
	return n
}

// Next implements the operator.
func (t *Tree) Next(ctx context.Context) (*vec.Batch, error) { return t.result.next(ctx, t.run) }

func (t *Tree) run(ctx context.Context) error {
	if t.Late { // what BEFORE triggers write is not for the statement to see
		if err := t.read(ctx); err != nil {
			return err
		}
		return t.result.statement(ctx, nil, t.finish, t.Op)
	}
	return t.result.statement(ctx, t.Input, func(ctx context.Context) error {
		if err := t.read(ctx); err != nil {
			return err
		}
		return t.finish(ctx)
	}, t.Op)
}

func (t *Tree) read(ctx context.Context) error {
	return t.Written.each(ctx, t.Input, func(b *vec.Batch) error { return t.split(ctx, b) })
}

func (t *Tree) finish(ctx context.Context) error {
	for _, oid := range slices.Sorted(maps.Keys(t.Members)) {
		if err := t.Members[oid].finish(ctx); err != nil {
			return err
		}
	}
	return nil
}

// split gives each run of rows of one table to its operator.
func (t *Tree) split(ctx context.Context, b *vec.Batch) error {
	of := func(k int) types.OID {
		oid, _ := b.Cols[t.TableOID].Value(b.Row(k)).(types.OID)
		return oid
	}
	for k := 0; k < b.Rows(); {
		oid := of(k)
		var sel []int32
		for ; k < b.Rows() && of(k) == oid; k++ {
			sel = append(sel, int32(b.Row(k)))
		}
		m := t.Members[oid]
		if m == nil {
			return pgerr.Internal("a row of table %d, which is not in the tree", oid)
		}
		if err := m.batch(ctx, b.WithSel(sel)); err != nil {
			return err
		}
	}
	return nil
}

func (f *Found) target() *Target { return &f.Target }

// mine says whether row i of an input is of the table.
func (f *Found) mine(b *vec.Batch, i int) bool {
	if !f.InTree {
		return true
	}
	oid, _ := b.Cols[f.TableOID].Value(i).(types.OID)
	return oid == f.Rel.OID
}
