package session

import (
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// IndexProgress is how far the building, or checking, of an index has come
// (pg_stat_progress_create_index).
type IndexProgress struct {
	Relation, Index types.OID
	// Command is CREATE INDEX, REINDEX or VERIFY RESOURCE.
	Command string
	// Total is the estimated number of rows, -1 unknown; Done were looked at.
	Total, Done int64
}

type indexProgress struct {
	IndexProgress
	done atomic.Int64
}

// snapshot is nil for no index.
func (p *indexProgress) snapshot() *IndexProgress {
	if p == nil {
		return nil
	}
	out := p.IndexProgress
	out.Done = p.done.Load()
	return &out
}

// indexing shows the building of an index to others until end is called; done takes the
// number of rows looked at.
func (s *Session) indexing(command string, rel types.OID, ix *catalog.Index, t storage.Table) (done func(rows int64), end func()) {
	p := &indexProgress{IndexProgress: IndexProgress{Relation: rel, Index: ix.OID, Command: command, Total: int64(t.Stats().Rows)}}
	s.building.Store(p)
	return p.done.Store, func() { s.building.Store(nil) }
}
