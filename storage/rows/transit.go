package rows

import (
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// A scan that makes several listings, or goes from references to rows, may look for a row
// first where it is not yet and then where it is no more. Of the rows that this process
// moves meanwhile, each by a write of its own, it is told, and looks at those that it has
// not met at its end. (What units move, cuts see to; of single rows that other processes
// move nobody tells.)

// transits are the rows of which references or unique keys are changing.
type transits struct {
	mu       sync.Mutex
	watchers int
	going    map[transit]int
	told     []transit // since the first of the watchers
}

type transit struct {
	oid types.OID
	id  string
}

// begin says that a row is going to be written that loses references or unique keys; end
// that it has been.
func (s *transits) begin(oid types.OID, id string) (end func()) {
	t := transit{oid, id}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.going == nil {
		s.going = map[transit]int{}
	}
	s.going[t]++
	if s.watchers > 0 {
		s.told = append(s.told, t)
	}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.going[t]--; s.going[t] == 0 {
			delete(s.going, t)
		}
	}
}

// transit tells of a move, if scans may miss the row for it.
func (w *writer) transit(m *move) (end func()) {
	if m.old == nil || m.next == nil || w.t.unit.open() {
		return func() {}
	}
	if refs, uniques := m.old.minus(m.next.version); len(refs)+len(uniques) == 0 {
		return func() {}
	}
	return w.t.env.transits.begin(w.t.def.OID, m.id)
}

// watch returns what gives the rows of a table that have been on their way since; stop ends
// it.
func (s *transits) watch(oid types.OID) (ids func() []string, stop func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers++
	from := len(s.told)
	for t := range s.going {
		s.told = append(s.told, t)
	}
	ids = func() (ids []string) {
		s.mu.Lock()
		defer s.mu.Unlock()
		for _, t := range s.told[from:] {
			if t.oid == oid {
				ids = append(ids, t.id)
			}
		}
		return ids
	}
	return ids, sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.watchers--; s.watchers == 0 {
			s.told = nil
		}
	})
}
