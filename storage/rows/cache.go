package rows

import (
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

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

// cached is what a scan has read of one table: the columns nums, at the time when
// the counter of changes stood at version.
type cached struct {
	cache   *Cache
	def     *Definition
	changes *atomic.Uint64
	version uint64
	nums    []int16
	cols    []vec.Vector
	rows    int
	size    int64 // of the columns and what is derived from them
	touched uint64
	derived map[string]*derived
	// latest is what Kept has given last.
	latest atomic.Pointer[keptColumns]
}

// keptColumns are some columns of a table, as Kept gives them.
type keptColumns struct {
	nums []int16
	storage.Kept
}

// derived is computed once.
type derived struct {
	once  sync.Once
	value any
	size  int64
}

// NewCache returns an empty cache of so many bytes; 0 keeps nothing.
func NewCache(limit int64) *Cache { return &Cache{limit: limit, tables: map[types.OID]*cached{}} }

// Used is the bytes of all that is kept.
func (c *Cache) Used() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.used
}

// fits says whether so many bytes may be kept.
func (c *Cache) fits(size float64) bool { return c != nil && c.limit > 0 && size <= float64(c.limit) }

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
// longest. What was derived from the old columns goes with them: of two scans at one
// version the later one may see a row that is written but not counted yet, so that
// row numbers of one mean nothing in the other.
func (c *Cache) put(e *cached) {
	if e.size > c.limit {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drop(e.def.OID)
	c.clock++
	e.cache, e.touched = c, c.clock
	c.tables[e.def.OID], c.used = e, c.used+e.size
	c.shrink()
}

// shrink drops tables until the limit is kept.
func (c *Cache) shrink() {
	for c.used > c.limit {
		c.drop(c.oldest())
	}
}

// derive is storage.Kept.Derived.
func (e *cached) derive(key string, make func() (any, int64)) any {
	c := e.cache
	c.mu.Lock()
	d := e.derived[key]
	if d == nil {
		d = &derived{}
		e.derived[key] = d
	}
	c.mu.Unlock()
	d.once.Do(func() {
		value, size := make()
		c.mu.Lock()
		defer c.mu.Unlock()
		d.value, d.size = value, size
		if c.tables[e.def.OID] == e {
			e.size += size
			c.used += size
			c.shrink()
		}
	})
	return d.value
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
