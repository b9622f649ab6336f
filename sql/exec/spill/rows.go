package spill

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Rows is an append-only list of batches: in memory as long as the account
// allows, then on disk. Batches keep their order; many readers may read what
// was appended.
type Rows struct {
	acct  *Account
	types []*types.Type
	mem   []*vec.Batch
	bytes int64
	file  *File
	rows  int
}

// NewRows makes an empty list.
func NewRows(acct *Account, ts []*types.Type) *Rows { return &Rows{acct: acct, types: ts} }

// Append adds the rows of b that are alive.
func (r *Rows) Append(b *vec.Batch) error {
	n := b.Rows()
	if n == 0 {
		return nil
	}
	b = b.Compact()
	r.rows += n
	if r.file == nil {
		size := b.MemSize()
		if r.acct.Add(size) || len(r.mem) == 0 {
			r.mem = append(r.mem, b)
			r.bytes += size
			return nil
		}
		r.acct.Add(-size)
		r.file = NewFile(r.acct, r.types)
	}
	return r.file.Append(b)
}

// Len is the number of rows, Batches that of batches.
func (r *Rows) Len() int { return r.rows }

// Batches is the number of batches appended.
func (r *Rows) Batches() int {
	n := len(r.mem)
	if r.file != nil {
		n += r.file.Batches()
	}
	return n
}

// Batch returns batch i.
func (r *Rows) Batch(ctx context.Context, i int) (*vec.Batch, error) {
	if i < len(r.mem) {
		return r.mem[i], nil
	}
	if ctx.Err() != nil {
		return nil, Cancelled(ctx)
	}
	return r.file.Batch(i - len(r.mem))
}

// Close drops the rows.
func (r *Rows) Close() {
	if r.file != nil {
		r.file.Close()
	}
	r.acct.Add(-r.bytes)
	r.mem, r.file, r.bytes, r.rows = nil, nil, 0, 0
}
