package store

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// foreignRows are the tables in which a row of s3db.js was met where ours are stamped:
// their partitions may miss references by now (storage.md, "Foreign writers"). This
// server stops to believe them with its next statement; Refresh tells the others.
type foreignRows struct {
	mu      sync.Mutex
	tables  map[types.OID]bool // true: an index is to be marked for the other servers
	version atomic.Uint64      // counts what was added to tables
}

// met is called while rows are read, and must not wait.
func (f *foreignRows) met(oid types.OID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, known := f.tables[oid]; known {
		return
	}
	if f.tables == nil {
		f.tables = map[types.OID]bool{}
	}
	f.tables[oid] = false
	f.version.Add(1)
}

// all are the tables; those alone for which mark was called if marked.
func (f *foreignRows) all(marked bool) (out []types.OID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for oid, m := range f.tables {
		if m || !marked {
			out = append(out, oid)
		}
	}
	return out
}

func (f *foreignRows) mark(oid types.OID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.tables[oid] = true
}

// forget is for tables about which nothing is to be told any more.
func (f *foreignRows) forget(oids []types.OID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, oid := range oids {
		delete(f.tables, oid)
	}
}

// doubted is a state in which no index of a table with foreign rows is complete.
func (s *Store) doubted(st *state) *state {
	out := st
	for _, oid := range s.foreign.all(false) {
		if r := st.resourceOf(oid); r != "" && slices.ContainsFunc(st.table(r, st.assigned()).Indexes, complete) {
			if out == st {
				out = st.clone()
			}
			out.distrust(r)
			s.foreign.mark(oid)
		}
	}
	return out
}

func complete(ix ownIndex) bool { return ix.Complete }

func (st *state) distrust(resource string) {
	t := st.adopt(resource)
	for i := range t.Indexes {
		t.Indexes[i].Complete = false
	}
}

// doubt is the current snapshot, made anew if it believes an index of a table in which
// foreign rows were met since.
func (s *Store) doubt() *snapshot {
	s.mu.Lock()
	defer s.mu.Unlock()
	cur := s.current.Load()
	version := s.foreign.version.Load()
	if st := s.doubted(cur.state); st != cur.state {
		s.replace(st, s.etags[0], s.etags[1])
		return s.current.Load()
	}
	cur.doubts.Store(version)
	return cur
}

// distrust marks the indexes of tables with foreign rows as not complete, for all servers.
func (s *Store) distrust(ctx context.Context) error {
	tx := s.Begin().(*tx) // marks what it doubts
	met, told := s.foreign.all(true), s.foreign.all(false)
	for _, oid := range met {
		if err := tx.apply(func(st *state) error {
			if r := st.resourceOf(oid); r != "" {
				st.distrust(r)
			}
			return nil
		}); err != nil {
			return err
		}
	}
	if err := tx.Commit(ctx, nil); err != nil {
		return err
	}
	s.foreign.forget(told)
	return nil
}
