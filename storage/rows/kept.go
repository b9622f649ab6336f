package rows

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// cacheable says whether a scan's columns may be kept: values that stand in the row,
// and are not encrypted there.
func (t *table) cacheable(nums []int16) bool {
	for _, n := range nums {
		c := t.columns[n]
		if c == nil || c.Attr >= 0 && t.hasSecret(c.Attr) {
			return false
		}
	}
	return true
}

// hasSecret says that a column is, or is around, a secret: what a session's passphrase
// opens is not another session's.
func (t *table) hasSecret(attr int) bool {
	c := t.schema.Columns[attr]
	return c.Secret() || slices.ContainsFunc(c.Children, t.hasSecret)
}

// fromCache answers a scan of the whole table, or of a range of its keys, by what is
// kept; nil where that lacks something. A caller rechecks conditions on keys.
func (t *table) fromCache(spec *storage.ScanSpec) storage.Scanner {
	whole := spec.Path.Kind == storage.FullScan || spec.Path.Kind == storage.KeyOnly
	if !whole || t.unit.wrote(t.def.OID) || spec.Limit > 0 || !t.cacheable(spec.Columns) {
		return nil
	}
	e := t.keptAt()
	if e == nil {
		return nil
	}
	cols := e.columns(spec.Columns)
	if cols == nil {
		return nil
	}
	size := spec.BatchSize
	if size <= 0 {
		size = vec.BatchSize
	}
	return &cacheScanner{cols: cols, rows: e.rows, size: size}
}

// Kept implements storage.Keeper.
func (t *table) Kept(columns []int16) *storage.Kept {
	if !t.cacheable(columns) || t.unit.wrote(t.def.OID) {
		return nil
	}
	e := t.keptAt()
	if e == nil {
		return nil
	}
	if k := e.latest.Load(); k != nil && slices.Equal(k.nums, columns) {
		return &k.Kept
	}
	cols := e.columns(columns)
	if cols == nil {
		return nil
	}
	k := &keptColumns{slices.Clone(columns), storage.Kept{Columns: cols, Rows: e.rows, Derived: e.derive}}
	e.latest.Store(k)
	return &k.Kept
}

// Changes implements storage.Counted.
func (t *table) Changes() (uint64, bool) {
	n, ok := objstore.Watch(t.store, t.schema.DataPrefix())
	if !ok {
		return 0, false
	}
	return n.Load(), true
}

// columns are those with the given numbers; nil where one is missing.
func (e *cached) columns(nums []int16) []vec.Vector {
	cols := make([]vec.Vector, len(nums))
	for i, n := range nums {
		at := slices.Index(e.nums, n)
		if at < 0 {
			return nil
		}
		cols[i] = e.cols[at]
	}
	return cols
}

// cacheScanner yields kept columns in batches.
type cacheScanner struct {
	cols           []vec.Vector
	rows, size, at int
}

// Next implements storage.Scanner.
func (s *cacheScanner) Next(ctx context.Context) (*vec.Batch, error) {
	if s.at == s.rows {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, cancelled(ctx)
	}
	from, to := s.at, min(s.at+s.size, s.rows)
	s.at = to
	out := make([]vec.Vector, len(s.cols))
	for i, c := range s.cols {
		out[i] = c.Slice(from, to)
	}
	return vec.NewBatch(out, to-from), nil
}

// Close implements storage.Scanner.
func (s *cacheScanner) Close() {}

// recording is a full scan whose rows are kept if nothing changes until its end. It
// reads the columns that are kept already too, so that what is kept grows with use.
type recording struct {
	*scanner
	e       *cached // nil: nothing will be kept
	batches []*vec.Batch
	width   int // the columns asked for, which come first
}

// recorded makes a scan that will be kept, nil where it may not be.
func (t *table) recorded(ctx context.Context, spec storage.ScanSpec) (*recording, error) {
	bounded := spec.Path.KeyLow != nil || spec.Path.KeyHigh != nil || spec.FilterID != nil || spec.SkipDamaged
	if spec.Path.Kind != storage.FullScan || spec.Limit > 0 || spec.First > 0 || bounded || len(spec.Columns) == 0 || !t.cacheable(spec.Columns) {
		return nil, nil
	}
	if !t.env.Cache.fits(0) || t.unit.wrote(t.def.OID) {
		return nil, nil
	}
	changes, ok := objstore.Watch(t.store, t.schema.DataPrefix())
	if !ok {
		return nil, nil
	}
	width := len(spec.Columns)
	if e := t.env.Cache.get(t.def); e != nil {
		nums := spec.Columns
		for _, n := range e.nums {
			if !slices.Contains(nums, n) {
				nums = append(nums[:len(nums):len(nums)], n)
			}
		}
		spec.Columns = nums
	}
	e := &cached{def: t.def, changes: changes, version: changes.Load(), nums: spec.Columns, derived: map[string]*derived{}}
	if !t.unchanged() {
		return nil, nil
	}
	s, err := t.scan(ctx, spec)
	if err != nil {
		return nil, err
	}
	return &recording{scanner: s, e: e, width: width}, nil
}

// Next implements storage.Scanner.
func (r *recording) Next(ctx context.Context) (*vec.Batch, error) {
	b, err := r.scanner.Next(ctx)
	if err != nil {
		r.giveUp()
		return nil, err
	}
	if b == nil {
		r.keep()
		return nil, nil
	}
	if r.e != nil {
		r.add(b)
	}
	return vec.NewBatch(slices.Clone(b.Cols[:r.width]), b.N), nil // keep takes b.Cols apart
}

func (r *recording) giveUp() { r.e, r.batches = nil, nil }

func (r *recording) add(b *vec.Batch) {
	r.batches = append(r.batches, b)
	r.e.rows += b.N
	r.e.size += b.MemSize()
	if r.e.size > r.t.env.Cache.limit {
		r.giveUp()
	}
}

// keep joins the batches' columns, one after the other so that no more than one
// column is in memory twice.
func (r *recording) keep() {
	e, batches := r.e, r.batches
	r.giveUp()
	if e == nil || e.rows == 0 || e.changes.Load() != e.version {
		return
	}
	e.size = 0
	parts := make([]vec.Vector, len(batches))
	for c := range e.nums {
		for i, b := range batches {
			parts[i], b.Cols[c] = b.Cols[c], nil
		}
		e.cols = append(e.cols, vec.Packed(parts[0].Type(), parts, e.rows))
		e.size += e.cols[c].MemSize()
	}
	r.t.env.Cache.put(e)
}
