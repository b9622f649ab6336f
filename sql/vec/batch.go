package vec

import "github.com/s3db-sql/s3db-sql/sql/types"

// Batch is up to a few thousand rows by column. N is the length of every
// column. Sel, if not nil, lists the rows that are alive, in order; rows
// outside it must not be evaluated (they may hold values that would raise
// errors).
type Batch struct {
	Cols []Vector
	N    int
	Sel  []int32
}

// NewBatch makes a batch of columns with n rows, all alive.
func NewBatch(cols []Vector, n int) *Batch { return &Batch{Cols: cols, N: n} }

// Rows is the number of rows alive.
func (b *Batch) Rows() int {
	if b.Sel != nil {
		return len(b.Sel)
	}
	return b.N
}

// Row returns the position of the k-th row alive.
func (b *Batch) Row(k int) int {
	if b.Sel != nil {
		return int(b.Sel[k])
	}
	return k
}

// Compact returns a batch of only the rows alive, dense.
func (b *Batch) Compact() *Batch {
	if b.Sel == nil {
		return b
	}
	cols := make([]Vector, len(b.Cols))
	for i, c := range b.Cols {
		cols[i] = c.Gather(b.Sel)
	}
	return NewBatch(cols, len(b.Sel))
}

// WithSel returns the batch with another selection.
func (b *Batch) WithSel(sel []int32) *Batch { return &Batch{Cols: b.Cols, N: b.N, Sel: sel} }

// Limit returns the rows alive in [from, to).
func (b *Batch) Limit(from, to int) *Batch {
	if b.Sel != nil {
		return b.WithSel(b.Sel[from:to])
	}
	cols := make([]Vector, len(b.Cols))
	for i, c := range b.Cols {
		cols[i] = c.Slice(from, to)
	}
	return NewBatch(cols, to-from)
}

// MemSize estimates the bytes held.
func (b *Batch) MemSize() int64 {
	var n int64
	for _, c := range b.Cols {
		n += c.MemSize()
	}
	return n
}

// All returns the identity selection of n rows.
func All(n int) []int32 {
	sel := make([]int32, n)
	for i := range sel {
		sel[i] = int32(i)
	}
	return sel
}

// NewBuilders makes one builder per type.
func NewBuilders(ts []*types.Type, capacity int) []Builder {
	bs := make([]Builder, len(ts))
	for i, t := range ts {
		bs[i] = NewBuilder(t, capacity)
	}
	return bs
}

// BuildBatch builds the builders into a batch.
func BuildBatch(bs []Builder) *Batch {
	cols := make([]Vector, len(bs))
	n := 0
	for i, b := range bs {
		n = b.Len()
		cols[i] = b.Build()
	}
	return NewBatch(cols, n)
}
