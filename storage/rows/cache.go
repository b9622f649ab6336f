package rows

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// minCached is the least number of rows that are kept: reading fewer again costs
// nothing worth the memory.
const minCached = 5000

// Cache keeps the columns that full scans have read, as long as nothing below the
// table has changed: only over a store that tells (objstore.Watchable), so that a
// hit is as true as a scan. It is safe for concurrent use; its memory is bounded by
// limit, the tables used last staying.
type Cache struct {
	limit  int64
	mu     sync.Mutex
	used   int64
	clock  uint64
	tables map[types.OID]*cached
}

// cached is what a scan has read of one table: batches of the columns nums, at the
// time when the counter of changes stood at version.
type cached struct {
	def     *Definition
	changes *atomic.Uint64
	version uint64
	nums    []int16
	batches []*vec.Batch
	rows    int64
	size    int64
	touched uint64
}

// NewCache returns an empty cache of so many bytes; 0 keeps nothing.
func NewCache(limit int64) *Cache { return &Cache{limit: limit, tables: map[types.OID]*cached{}} }

// get returns what is kept of a table and still true.
func (c *Cache) get(def *Definition) *cached {
	if c == nil {
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.tables[def.OID]
	if e == nil {
		return nil
	}
	if e.def != def || e.changes.Load() != e.version {
		c.drop(def.OID)
		return nil
	}
	c.clock++
	e.touched = c.clock
	return e
}

// put keeps e instead of what there was, dropping the tables that were not used for
// longest.
func (c *Cache) put(e *cached) {
	if e.size > c.limit {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(e.def.OID)
	for c.used+e.size > c.limit {
		c.drop(c.oldest())
	}
	c.clock++
	e.touched = c.clock
	c.tables[e.def.OID], c.used = e, c.used+e.size
}

func (c *Cache) drop(oid types.OID) {
	if e := c.tables[oid]; e != nil {
		c.used -= e.size
		delete(c.tables, oid)
	}
}

func (c *Cache) oldest() (oid types.OID) {
	least := c.clock + 1
	for o, e := range c.tables {
		if e.touched < least {
			oid, least = o, e.touched
		}
	}
	return oid
}

// Forget drops what is kept of a table.
func (c *Cache) Forget(oid types.OID) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(oid)
}

// cacheable says whether a scan's columns may be kept: values that stand in the row,
// and are not encrypted there.
func (t *table) cacheable(nums []int16) bool {
	for _, n := range nums {
		c := t.columns[n]
		if c == nil || c.Attr >= 0 && t.schema.Columns[c.Attr].Secret() {
			return false
		}
	}
	return true
}

// fromCache answers a scan of the whole table, or of a range of its keys, by what is
// kept; nil where that lacks something. A caller rechecks conditions on keys.
func (t *table) fromCache(spec *storage.ScanSpec) storage.Scanner {
	whole := spec.Path.Kind == storage.FullScan || spec.Path.Kind == storage.KeyOnly
	if !whole || spec.Limit > 0 || !t.cacheable(spec.Columns) {
		return nil
	}
	e := t.env.Cache.get(t.def)
	if e == nil {
		return nil
	}
	cols := make([]int, len(spec.Columns))
	for i, n := range spec.Columns {
		if cols[i] = e.column(n); cols[i] < 0 {
			return nil
		}
	}
	return &cacheScanner{e: e, cols: cols, size: spec.BatchSize}
}

func (e *cached) column(num int16) int {
	return slices.Index(e.nums, num)
}

// cacheScanner yields the kept batches.
type cacheScanner struct {
	e       *cached
	cols    []int
	size    int // 0 is as they are kept
	at, row int
}

// Next implements storage.Scanner.
func (s *cacheScanner) Next(ctx context.Context) (*vec.Batch, error) {
	if s.at == len(s.e.batches) {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, cancelled(ctx)
	}
	from := s.e.batches[s.at]
	to := from.N
	if s.size > 0 {
		to = min(to, s.row+s.size)
	}
	out := make([]vec.Vector, len(s.cols))
	for i, c := range s.cols {
		if out[i] = from.Cols[c]; s.row > 0 || to < from.N {
			out[i] = out[i].Slice(s.row, to)
		}
	}
	n := to - s.row
	if s.row = to; to == from.N {
		s.at, s.row = s.at+1, 0
	}
	return vec.NewBatch(out, n), nil
}

// Close implements storage.Scanner.
func (s *cacheScanner) Close() {}

// recording is a full scan whose rows are kept if nothing changes until its end. It
// reads the columns that are kept already too, so that what is kept grows with use.
type recording struct {
	*scanner
	e     *cached
	width int // the columns asked for, which come first
}

// recorded makes a scan that will be kept, nil where it may not be.
func (t *table) recorded(ctx context.Context, spec storage.ScanSpec) (*recording, error) {
	bounded := spec.Path.KeyLow != nil || spec.Path.KeyHigh != nil || spec.FilterID != nil || spec.SkipDamaged
	if spec.Path.Kind != storage.FullScan || spec.Limit > 0 || bounded || len(spec.Columns) == 0 || !t.cacheable(spec.Columns) {
		return nil, nil
	}
	if t.env.Cache == nil || t.env.Cache.limit == 0 {
		return nil, nil
	}
	if rows := t.rowsOf(t.env.Stats.read(t.def.OID)); rows >= 0 && rows < minCached {
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
	e := &cached{def: t.def, changes: changes, version: changes.Load(), nums: spec.Columns}
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
		r.e = nil
		return nil, err
	}
	if b == nil {
		r.keep()
		return nil, nil
	}
	if r.e != nil {
		r.e.add(b)
		if r.e.size > r.t.env.Cache.limit {
			r.e = nil
		}
	}
	return vec.NewBatch(b.Cols[:r.width:r.width], b.N), nil
}

func (e *cached) add(b *vec.Batch) {
	e.batches = append(e.batches, b)
	e.rows += int64(b.N)
	for _, c := range b.Cols {
		e.size += c.MemSize()
	}
}

func (r *recording) keep() {
	if e := r.e; e != nil && e.rows >= minCached && e.changes.Load() == e.version {
		r.t.env.Cache.put(e)
	}
	r.e = nil
}
