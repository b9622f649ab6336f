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

// joinRun joins one pair of inputs that fits in memory, or finds that it does
// not and divides it.
type joinRun struct {
	*hashJoin
	left, right batchSource
	level       int
	files       joinFiles

	built   bool
	batches []*vec.Batch // right rows while building
	bytes   int64
	cols    []vec.Vector // right rows
	rows    int
	table   *joinTable
	matched vec.Bitmap // right rows, of a right or full join
	nulls   []int32    // right rows with a NULL key

	probe *probe
	tail  int // next right row to be looked at for unmatched ones
	ended bool
}

func (r *joinRun) close() {
	r.acct.Add(-r.bytes)
	r.bytes = 0
	r.files.close()
}

func (r *joinRun) next(ctx context.Context) (*vec.Batch, error) {
	if !r.built {
		r.built = true
		whole, err := r.build(ctx)
		if err != nil || !whole {
			return nil, err
		}
	}
	for !r.ended {
		if r.probe == nil {
			if err := r.nextProbe(ctx); err != nil {
				return nil, err
			}
			continue
		}
		b, err := r.probe.next()
		if b != nil || err != nil {
			return b, err
		}
		r.probe = nil
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
	return r.loneRights(), nil
}

func (r *joinRun) nextProbe(ctx context.Context) error {
	if r.rows == 0 && !r.unmatchedEver() {
		r.ended = true
		return nil
	}
	b, err := r.left.Next(ctx)
	if err != nil {
		return err
	}
	if b == nil {
		r.ended = true
		return nil
	}
	r.probe, err = r.newProbe(b)
	return err
}

// build reads the right input; whole is false if it was divided.
func (r *joinRun) build(ctx context.Context) (whole bool, err error) {
	for {
		b, err := r.nextRight(ctx)
		if err != nil {
			return false, err
		}
		if b == nil {
			return true, r.index()
		}
		if b.N == 0 {
			continue
		}
		r.batches = append(r.batches, b)
		r.rows += b.N
		size := b.MemSize() + int64(b.N)*20
		r.bytes += size
		if !r.acct.Add(size) && r.divides(r.level) && r.rows > b.N {
			return false, r.divide(ctx)
		}
	}
}

// nextRight reads a dense batch of the right input and remembers, for a
// null-aware join, what that holds.
func (r *joinRun) nextRight(ctx context.Context) (*vec.Batch, error) {
	b, err := r.right.Next(ctx)
	if b == nil || err != nil {
		return nil, err
	}
	b = b.Compact()
	if !r.nullAware || r.level > 0 {
		return b, nil
	}
	keys, err := r.keysOf(r.rightKeys, b)
	if err != nil {
		return nil, err
	}
	_, null := splitNulls(keys, b)
	r.rightRows += b.N
	r.rightNull = r.rightNull || len(null) > 0
	return b, nil
}

// divide writes both inputs to files by hash.
func (r *joinRun) divide(ctx context.Context) error {
	parts := make([]joinFiles, fanOut)
	files := make([]*spill.File, fanOut)
	err := r.divideInput(ctx, &heldThen{r}, r.rightKeys, r.pairing.right, files)
	for p, f := range files {
		parts[p].right = f
	}
	files = make([]*spill.File, fanOut)
	if err == nil {
		err = r.divideInput(ctx, r.left, r.leftKeys, r.pairing.left, files)
	}
	for p, f := range files {
		parts[p].left, parts[p].level = f, r.level+1
		r.pending = append(r.pending, parts[p])
	}
	return err
}

func (r *joinRun) divideInput(ctx context.Context, in batchSource, keyExprs []expr.Expr, ts []*types.Type,
	files []*spill.File) error {
	var hashes []uint64
	for {
		b, err := in.Next(ctx)
		if err != nil || b == nil {
			return err
		}
		keys, err := r.keysOf(keyExprs, b)
		if err != nil {
			return err
		}
		if len(hashes) < b.N {
			hashes = make([]uint64, b.N)
		}
		columns.HashRows(r.hashers, keys, b.Sel, b.N, hashes)
		parts := make([][]int32, fanOut)
		for k := range b.Rows() {
			i := b.Row(k)
			p := columns.Remix(hashes[i], r.level) % fanOut
			parts[p] = append(parts[p], int32(i))
		}
		if err := spillParts(r.acct, ts, files, b, parts); err != nil {
			return err
		}
	}
}

// heldThen yields the right batches held, giving up their memory, then those
// still to be read.
type heldThen struct{ *joinRun }

func (h *heldThen) Next(ctx context.Context) (*vec.Batch, error) {
	if len(h.batches) > 0 {
		b := h.batches[0]
		h.batches = h.batches[1:]
		return b, nil
	}
	h.acct.Add(-h.bytes)
	h.bytes = 0
	return h.nextRight(ctx)
}

// index makes the hash table of the right rows.
func (r *joinRun) index() error {
	r.cols = concatBatches(r.pairing.right, r.batches, r.rows)
	r.batches = nil
	b := vec.NewBatch(r.cols, r.rows)
	keys, err := r.keysOf(r.rightKeys, b)
	if err != nil {
		return err
	}
	whole, null := splitNulls(keys, b)
	r.nulls = null
	if r.level == 0 {
		r.feed(keys, whole)
	}
	hashes := make([]uint64, r.rows)
	columns.HashRows(r.hashers, keys, nil, r.rows, hashes)
	r.table = newJoinTable(r.keyTypes, keys, hashes, whole)
	if r.keepsRight() || r.filtersRight() {
		r.matched = vec.NewBitmap(r.rows)
	}
	return nil
}

// loneRights puts out unmatched right rows, a batch at a time; of a join that filters
// the right input, the rows that it passes.
func (r *joinRun) loneRights() *vec.Batch {
	if !r.keepsRight() && !r.filtersRight() {
		return nil
	}
	for r.tail < r.rows {
		from := r.tail
		r.tail = min(from+r.size, r.rows)
		rows := ofMatch(r.matched, from, r.tail, r.kind == plan.RightSemiJoin)
		switch {
		case len(rows) == 0:
			continue
		case r.filtersRight():
			return vec.NewBatch(columns.GatherAll(r.cols, rows), len(rows))
		}
		return r.loneRight(r.cols, rows)
	}
	return nil
}

// joinTable finds the rows with given keys: chains of rows with the same slot,
// in row order.
type joinTable struct {
	keys   []columns.KeyColumn
	hashes []uint64
	heads  []int32 // row + 1
	next   []int32 // row + 1
}

func newJoinTable(ts []*types.Type, keys []vec.Vector, hashes []uint64, rows []int32) *joinTable {
	n := len(hashes)
	slots := 16
	for slots < 2*len(rows) {
		slots *= 2
	}
	t := &joinTable{hashes: hashes, heads: make([]int32, slots), next: make([]int32, n)}
	for c, typ := range ts {
		col := columns.NewKeyColumn(typ)
		col.Bind(keys[c])
		for i := range n {
			col.Append(i)
		}
		t.keys = append(t.keys, col)
	}
	for k := len(rows) - 1; k >= 0; k-- {
		i := rows[k]
		s := hashes[i] & uint64(slots-1)
		t.next[i] = t.heads[s]
		t.heads[s] = i + 1
	}
	return t
}

func (t *joinTable) bind(keys []vec.Vector) {
	for c, col := range t.keys {
		col.Bind(keys[c])
	}
}

// first is the first row + 1 whose keys equal row i of the bound keys, 0 if
// there is none; after is the one after row at-1.
func (t *joinTable) first(h uint64, i int) int32 {
	return t.match(t.heads[h&uint64(len(t.heads)-1)], h, i)
}

func (t *joinTable) after(at int32, h uint64, i int) int32 { return t.match(t.next[at-1], h, i) }

func (t *joinTable) match(at int32, h uint64, i int) int32 {
	for ; at != 0; at = t.next[at-1] {
		if t.hashes[at-1] == h && t.equal(i, at-1) {
			return at
		}
	}
	return 0
}

func (t *joinTable) equal(i int, at int32) bool {
	for _, k := range t.keys {
		if !k.Equal(i, at) {
			return false
		}
	}
	return true
}
