package session

import (
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// CopyProgress is how far a COPY has come (pg_stat_progress_copy).
type CopyProgress struct {
	Relation types.OID // 0 for COPY (query)
	From     bool
	// Bytes came from the client or went to it; Rows were written to the table or to
	// the client; Excluded are those that WHERE left out.
	Bytes, Rows, Excluded int64
}

// copyProgress is what a running COPY counts and others read.
type copyProgress struct {
	relation              types.OID
	from                  bool
	bytes, rows, excluded atomic.Int64
}

// snapshot is nil for no COPY.
func (p *copyProgress) snapshot() *CopyProgress {
	if p == nil {
		return nil
	}
	return &CopyProgress{Relation: p.relation, From: p.from, Bytes: p.bytes.Load(), Rows: p.rows.Load(), Excluded: p.excluded.Load()}
}

// begin shows the COPY to others until the returned function is called.
func (r *copyRun) begin() (end func()) {
	r.progress = &copyProgress{from: r.c.From}
	if r.c.Relation != nil {
		r.progress.relation = r.c.Relation.OID
	}
	outer := r.s.copying.Swap(r.progress) // of a function that COPY calls
	return func() { r.s.copying.Store(outer) }
}
