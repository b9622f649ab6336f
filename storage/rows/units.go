package rows

import (
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// units are what a process knows of units: its own, and tags whose fate will not
// change. In a store that only this process writes to that is all there is to know:
// what was left by the last process was finished at the start (Env.Sweep).
type units struct {
	mu   sync.RWMutex
	live map[uint64]*unit
	// seq counts what is learned; late are committed units that scans in cuts began before.
	seq uint64
	// commits are when units have last committed to tables.
	commits map[types.OID]uint64
	cuts    map[any]uint64 // of scans (*verdicts) and moments
	late    map[uint64]*unit
	// lateBytes is what they have in memory.
	lateBytes int
	// known are the fates of tags that are not live any more, older those before them.
	known, older map[uint64]fact
	rolledBack   uint64 // how often
}

// fact is what was learned of a tag, and when (units.seq).
type fact struct {
	knowledge
	at uint64
}

// knowledge is what is known of a tag that is not live.
type knowledge uint8

const (
	nothing knowledge = iota
	settled           // it counts, or whatever it wrote was put back
	undone            // it was one of the process's own, and was put back
	unclear           // it was one of the process's own; its record tells
)

// maxKnown bounds each of the maps: an old tag may, by chance, be a new one's.
const maxKnownTags = 1 << 12

func (s *units) add(u *unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.live == nil {
		s.live = map[uint64]*unit{}
	}
	s.live[u.tag()] = u
}

// remove drops a unit that is over.
func (s *units) remove(u *unit, k knowledge) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.live, u.tag())
	s.learn(u.tag(), k)
	if k == undone {
		s.rolledBack++
	}
}

func (s *units) learn(tag uint64, k knowledge) {
	if s.known == nil || len(s.known) >= maxKnownTags {
		s.known, s.older = map[uint64]fact{}, s.known
	}
	s.seq++
	if old, ok := s.known[tag]; ok && old.knowledge == k {
		return
	}
	s.known[tag] = fact{k, s.seq}
}

// settle remembers that a tag of another process counts.
func (s *units) settle(tag uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.learn(tag, settled)
}

// find is the live unit of a tag, or else what is known of it.
func (s *units) find(tag uint64) (*unit, knowledge) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if u := s.live[tag]; u != nil {
		return u, nothing
	}
	f := s.fact(tag)
	return nil, f.knowledge
}

// settledBefore says that a tag was known to count at a moment.
func (s *units) settledBefore(tag, at uint64) bool { return s.settledAt(tag) <= at }

// settledAt is since when a tag is known to count; never if it is not.
func (s *units) settledAt(tag uint64) uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if f := s.fact(tag); f.knowledge == settled {
		return f.at
	}
	return math.MaxUint64
}

// fact is what is known of a tag that is not live.
func (s *units) fact(tag uint64) fact {
	if f, ok := s.known[tag]; ok {
		return f
	}
	return s.older[tag]
}

// rollbacks counts the units of the process that were put back.
func (s *units) rollbacks() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.rolledBack
}

func (s *units) all() []*unit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.live))
}

// givesUp says that a unit of the process is going to remove a unique key's object.
func (s *units) givesUp(key string) bool {
	return slices.ContainsFunc(s.all(), func(u *unit) bool { return u.gaveUp(key) })
}

// unsure says of which keys of a table's rows the process does not know by itself whether they
// count as a listing has shown them: a unit that writes to it is live, or one was put back
// since, or one has committed after the scan began.
func (s *units) unsure(t *table, since uint64, v *verdicts) func(key string) bool {
	all, some := s.rollbacks() != since, map[string]bool{}
	meet := func(u *unit) {
		switch {
		case u == t.unit || !u.wrote(t.def.OID):
		case u.observed != "":
			some[u.observed] = true
		default:
			all = true
		}
	}
	if v.taken {
		for _, u := range s.lateFor(t.def.OID, v.at) {
			meet(u)
		}
	}
	for _, u := range s.all() {
		meet(u)
	}
	return func(key string) bool { return all || some[key] }
}

// alone says that only this process writes to the store, so that it knows all units
// itself.
func (e *Env) alone() bool {
	_, ok := objstore.Watch(e.Objects, txPrefix)
	return ok
}
