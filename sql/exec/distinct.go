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

// distinct passes the first row of each group of equal rows, as it comes. When
// its table is over the memory limit, rows not in the table go to files, which
// are looked through later; DISTINCT ON never does so, because its rows must
// come in order.
type distinct struct {
	input  Operator
	on     []expr.Expr // nil: all columns
	types  []*types.Type
	cols   []*types.Type
	acct   *spill.Account
	table  *columns.Table
	in     batchSource
	level  int
	frozen bool
	parts  []*spill.File
	queue  []groupFile
	file   *spill.File
}

func (b *builder) distinct(n *plan.DistinctRows) (Operator, error) {
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	d := &distinct{input: in, acct: b.account(n), cols: plan.ColumnTypes(n.Columns())}
	d.types = d.cols
	if n.On != nil {
		d.types = nil
		for _, e := range n.On {
			d.types = append(d.types, e.Type())
		}
		d.on, err = b.compiler(n.Input.Columns()).CompileAll(n.On)
	}
	return d, err
}

func (d *distinct) Open(ctx context.Context) error {
	d.start(d.input, 0)
	return d.input.Open(ctx)
}

func (d *distinct) start(in batchSource, level int) {
	d.table, d.in, d.level, d.frozen = columns.NewTable(d.types), in, level, false
}

func (d *distinct) Close() error {
	for _, f := range append(d.parts, d.file) {
		if f != nil {
			f.Close()
		}
	}
	for _, q := range d.queue {
		q.file.Close()
	}
	d.parts, d.queue, d.file, d.table = nil, nil, nil, nil
	d.acct.Set(0)
	return d.input.Close()
}

func (d *distinct) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		b, err := d.in.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			if !d.nextFile() {
				return nil, nil
			}
			continue
		}
		if b, err = d.fresh(b); err != nil {
			return nil, err
		}
		if b.Rows() > 0 {
			return expr.Dense(b), nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
}

// nextFile goes on with rows put aside.
func (d *distinct) nextFile() bool {
	for _, f := range d.parts {
		if f != nil {
			d.queue = append(d.queue, groupFile{file: f, level: d.level + 1})
		}
	}
	if d.parts = nil; d.file != nil {
		d.file.Close()
		d.file = nil
	}
	if len(d.queue) == 0 {
		return false
	}
	next := d.queue[0]
	d.queue = d.queue[1:]
	d.file = next.file
	d.start(next.file.Reader(), next.level)
	return true
}

// fresh returns the rows of b that are the first of their group.
func (d *distinct) fresh(b *vec.Batch) (*vec.Batch, error) {
	keys := b.Cols
	if d.on != nil {
		var err error
		if keys, err = evalAll(d.on, b); err != nil {
			return nil, err
		}
	}
	hashes := d.table.Hash(keys, b.Sel, b.N)
	numbers := make([]int32, b.Rows())
	if d.frozen {
		d.table.Find(keys, b.Sel, b.N, hashes, numbers)
		return b.WithSel([]int32{}), d.putAside(b, hashes, numbers)
	}
	next := int32(d.table.Insert(keys, b.Sel, b.N, hashes, numbers))
	sel := make([]int32, 0, len(numbers))
	for k, at := range numbers {
		if at == next {
			next++
			sel = append(sel, int32(b.Row(k)))
		}
	}
	d.frozen = !d.acct.Set(d.table.MemSize()) && d.on == nil && d.level < maxLevel
	return b.WithSel(sel), nil
}

func (d *distinct) putAside(b *vec.Batch, hashes []uint64, numbers []int32) error {
	parts := make([][]int32, fanOut)
	for k, at := range numbers {
		if at < 0 {
			i := b.Row(k)
			p := columns.Remix(hashes[i], d.level) % fanOut
			parts[p] = append(parts[p], int32(i))
		}
	}
	if d.parts == nil {
		d.parts = make([]*spill.File, fanOut)
	}
	return spillParts(d.acct, d.cols, d.parts, b, parts)
}
