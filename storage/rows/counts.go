package rows

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// scanned counts a scan by its path.
func (c *StatsCache) scanned(oid types.OID, kind storage.PathKind) {
	c.update(oid, func(l *learned) {
		if kind == storage.FullScan || kind == storage.KeyOnly {
			l.counts.Scans++
		} else {
			l.counts.Lookups++
		}
	})
}

// wrote counts rows, and adjusts the known number of them.
func (c *StatsCache) wrote(oid types.OID, inserted, updated, deleted int64) {
	c.update(oid, func(l *learned) {
		l.counts.Inserted += inserted
		l.counts.Updated += updated
		l.counts.Deleted += deleted
		if l.rows >= 0 {
			l.rows = max(0, l.rows+float64(inserted-deleted))
		}
	})
}

// listed records what a listing of all rows found: how many, and the bytes of their
// keys, bodies and of the metadata that the listing has; 0 unknown.
func (c *StatsCache) listed(oid types.OID, rows, bytes int64) {
	c.update(oid, func(l *learned) {
		l.rows = float64(rows)
		if rows > 0 && bytes > 0 {
			l.rowBytes = float64(bytes) / float64(rows)
		}
	})
}

// update changes what is known of a table. Nil-safe.
func (c *StatsCache) update(oid types.OID, f func(l *learned)) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	f(c.of(oid))
}
