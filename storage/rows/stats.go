package rows

import (
	"maps"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// StatsCache keeps what finished listings taught about tables, by oid. All
// definitions of a table share it, so a new version of a table starts with what
// the last one knew. It is safe for concurrent use, and its memory is bounded by
// the number of tables and indexes.
type StatsCache struct {
	mu     sync.Mutex
	tables map[types.OID]*learned
}

// learned is what is known of one table; -1 and absent entries are unknown.
type learned struct {
	rows     float64
	rowBytes float64 // of a row when all were last listed; 0 unknown
	perValue map[string]float64
	counts   storage.Counts
}

// NewStatsCache returns a cache that knows nothing.
func NewStatsCache() *StatsCache {
	return &StatsCache{tables: map[types.OID]*learned{}}
}

// of returns the entry of a table, made if missing. The caller holds c.mu.
func (c *StatsCache) of(oid types.OID) *learned {
	l := c.tables[oid]
	if l == nil {
		l = &learned{rows: -1, perValue: map[string]float64{}}
		c.tables[oid] = l
	}
	return l
}

// Forget drops what is known of a table: it was dropped.
func (c *StatsCache) Forget(oid types.OID) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.tables, oid)
}

// setRows records an exact count. Nil-safe: an Env without a cache learns
// nothing.
func (c *StatsCache) setRows(oid types.OID, rows float64) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of(oid).rows = rows
}

// setPerValue records how many references a value of an index has.
func (c *StatsCache) setPerValue(oid types.OID, index string, n float64) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of(oid).perValue[index] = n
}

// read returns what is known of a table; the map is a copy.
func (c *StatsCache) read(oid types.OID) learned {
	out := learned{rows: -1, perValue: map[string]float64{}}
	if c == nil {
		return out
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if l := c.tables[oid]; l != nil {
		out.rows, out.rowBytes, out.counts = l.rows, l.rowBytes, l.counts
		maps.Copy(out.perValue, l.perValue)
	}
	return out
}
