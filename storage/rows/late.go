package rows

import (
	"maps"
	"math"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// In a store of the process alone, units that have committed are kept for the scans and
// moments that began before.

// maxLate is how many bytes of them are kept: beyond it who has been reading for longest can't
// go on.
const maxLate = 256 << 20

// open notes a scan, or a moment: units that commit from now on are kept until it is closed.
func (s *units) open(of any) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	put(&s.cuts, of, s.seq)
	return s.seq
}

func (s *units) close(of any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, open := s.cuts[of]; open {
		s.drop(of, at)
	}
}

// drop forgets what is kept for a cut alone. The units are locked.
func (s *units) drop(of any, at uint64) {
	delete(s.cuts, of)
	oldest := s.oldest()
	if oldest <= at {
		return
	}
	maps.DeleteFunc(s.late, func(_ uint64, u *unit) bool {
		if u.seq > oldest {
			return false
		}
		s.lateBytes -= u.weight
		return true
	})
}

// oldest is the moment of the oldest cut. The units are locked.
func (s *units) oldest() uint64 {
	oldest := uint64(math.MaxUint64)
	for _, at := range s.cuts {
		oldest = min(oldest, at)
	}
	return oldest
}

// held is 72000 where what a cut needs is not kept any more.
func (s *units) held(of any) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, open := s.cuts[of]; !open {
		return pgerr.New(pgerr.SnapshotTooOld, "snapshot too old").
			WithDetail("Too much has been written since the statement began to read.")
	}
	return nil
}

// lateBytes is how many bytes of units are kept.
func (e *Env) lateBytes() int {
	if e.Late > 0 {
		return e.Late
	}
	return maxLate
}

// count gives a unit that commits its number, and keeps it for scans that began before. The
// unit is locked.
func (s *units) count(u *unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	u.seq = s.seq
	for oid := range u.touched {
		put(&s.commits, oid, s.seq)
	}
	if len(s.cuts) == 0 {
		return
	}
	u.weight = u.ledger.bytes() + rowOverhead
	put(&s.late, u.tag(), u)
	for s.lateBytes += u.weight; s.lateBytes > u.env.lateBytes(); {
		oldest := s.oldest()
		for of, at := range s.cuts {
			if at == oldest {
				s.drop(of, at)
			}
		}
	}
}

// moment is the present one, to be held against when something was learned.
func (s *units) moment() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seq
}

// committedTo is when a unit of the process that has written to a table has last committed.
func (s *units) committedTo(oid types.OID) uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.commits[oid]
}

// lateOne is the unit of a tag that has committed after a moment, nil for none.
func (s *units) lateOne(tag, at uint64) *unit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if u := s.late[tag]; u != nil && u.seq > at {
		return u
	}
	return nil
}

// lateFor are the units that write to a table and have committed after a moment.
func (s *units) lateFor(oid types.OID, at uint64) []*unit {
	s.mu.RLock()
	late := slices.Collect(maps.Values(s.late))
	s.mu.RUnlock()
	return slices.DeleteFunc(late, func(u *unit) bool { return u.seq <= at || !u.wrote(oid) })
}

// scanned says that scans go on.
func (s *units) scanned() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.cuts) > 0
}
