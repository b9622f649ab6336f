package txn

import (
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Shared is what the transactions of one process have in common. The zero Shared is
// ready.
type Shared struct {
	// Locks are the advisory locks and those of rows.
	Locks   lock.Manager
	history history

	mu      sync.Mutex
	latches map[types.OID]*sync.RWMutex
}

// latch returns a table's latch: who writes rows of it holds it shared for as long
// as a COMMIT or a call of Apply takes, who validates reads of it exclusively. It
// stands above what the storage locks, and is never held while the client or a row's
// lock is waited for.
func (s *Shared) latch(oid types.OID) *sync.RWMutex {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.latches == nil {
		s.latches = map[types.OID]*sync.RWMutex{}
	}
	l := s.latches[oid]
	if l == nil {
		l = new(sync.RWMutex)
		s.latches[oid] = l
	}
	return l
}

// hold takes the latches of tables, in the order of their oids so that two can't
// wait for each other: exclusively where the value is true.
func (s *Shared) hold(tables map[types.OID]bool) (release func()) {
	oids := make([]types.OID, 0, len(tables))
	for oid := range tables {
		oids = append(oids, oid)
	}
	slices.Sort(oids)
	var held []func()
	for _, oid := range oids {
		l := s.latch(oid)
		if tables[oid] {
			l.Lock()
			held = append(held, l.Unlock)
		} else {
			l.RLock()
			held = append(held, l.RUnlock)
		}
	}
	return func() {
		for _, f := range held {
			f()
		}
	}
}
