package rows

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// A scan of several rows sees each unit whole or not at all: those that had committed when
// it began, its cut. Of a unit that commits meanwhile it takes the rows' old objects, for
// which records stay for a while after their commit (Env.grace).
//
// Of the process's own units a counter tells which they are. Where other processes write,
// the scan lists the records when it begins: a unit counts whose record is listed as it is
// after its commit, or is gone when the scan asks for it. Tables that nobody has written
// to of late need no list: a scan that meets a row under a tag there although it has none
// begins anew, with one.
type cut struct {
	taken bool
	at    uint64            // units.seq
	list  map[uint64]string // ETags of the records; nil where the process is alone
	began time.Time
	// stale says that the scan is to be made again, with a new cut: it has met what the
	// cut can't tell, or has come too late to find what it should.
	stale atomic.Bool
}

// maxCuts bounds how often a scan takes a cut: then it is 40001.
const maxCuts = 10

// grace is how long the record of a committed transaction stays.
func (e *Env) grace() time.Duration { return e.lease() / 6 }

// takeCut begins a scan. force: although nothing is known to write to the table.
func (s *scanner) takeCut(ctx context.Context, force bool) error {
	t, v := s.t, &s.verdicts
	if !t.def.Stamps || t.env.Fleeting || single(s.src) || storage.IsStrict(ctx) {
		return nil
	}
	if t.env.alone() {
		v.at, v.taken = t.env.units.open(v), true
		return nil
	}
	v.env = t.env
	v.began, v.at = t.env.Clock.Now(), t.env.units.moment()
	if !force && !t.env.warm(t.def.OID) {
		return nil
	}
	v.list, v.taken = map[uint64]string{}, true
	if s.spec.Limit == 0 && s.spec.First == 0 { // what is added comes last
		s.gave = map[string]bool{}
	}
	err := t.env.eachRecord(ctx, func(tag uint64, o objstore.Info) error {
		v.list[tag] = o.ETag
		return nil
	})
	return objstore.ToPG(err)
}

// again begins the scan anew, with a new cut.
func (s *scanner) again(ctx context.Context) (err error) {
	s.stop()
	s.verdicts.reset()
	s.ctx, s.cancel = context.WithCancel(s.parent)
	s.spec, s.left, s.end, s.err = s.asked, s.asked.Limit, false, nil
	s.tasks, s.cur, s.pos, s.seen, s.budget = nil, nil, 0, nil, nil
	s.first = 0
	s.ahead.Store(0)
	s.listed.Store(false)
	if s.src, err = s.t.source(&s.spec, s.p); err != nil {
		return err
	}
	return s.takeCut(ctx, true)
}

// missed adds the rows that units have removed from where the scan looks since it began:
// what they have removed is not listed any more. Who reads a path checks its condition on
// every row, so that those that were elsewhere do no harm.
func (s *scanner) missed(ctx context.Context) error {
	given := s.gave
	if s.gave = nil; given == nil {
		return nil
	}
	v, k := &s.verdicts, &task{}
	err := s.t.env.eachRecord(ctx, func(tag uint64, o objstore.Info) error {
		if v.list[tag] == o.ETag {
			return nil
		}
		rec, etag, err := s.t.env.readRecord(ctx, tag)
		if rec == nil || err != nil || rec.State != stateCommitted || v.seesRecord(tag, etag) {
			return err
		}
		olds := rec.olds()
		for _, key := range rec.Removed {
			if err := s.miss(ctx, k, given, key, olds[key]); err != nil {
				return err
			}
		}
		return nil
	})
	if len(k.records) > 0 {
		s.cur, s.pos = k, 0
	}
	v.late()
	return objstore.ToPG(err)
}

// miss adds a row that was not given, as it was when the scan began.
func (s *scanner) miss(ctx context.Context, k *task, given map[string]bool, key string, old *oldObject) error {
	id, ok := s.t.schema.ParseDataKey(key)
	if old == nil || !ok || given[id] || s.spec.FilterID != nil && !s.spec.FilterID(id) {
		return nil
	}
	given[id] = true
	r, err := s.t.judge(ctx, old.record(s.t.env, id, key), &s.verdicts)
	if r == nil || err != nil {
		return err
	}
	if err := s.t.complete(r, s.p); err != nil {
		return err
	}
	k.records = append(k.records, r)
	return nil
}

// closeCut ends it.
func (s *scanner) closeCut() {
	if s.t.env.alone() {
		s.t.env.units.close(&s.verdicts)
	}
}

// reset forgets all verdicts.
func (v *verdicts) reset() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.taken, v.list, v.olds, v.fine = false, nil, nil, nil
	v.stale.Store(false)
}

// vanished is told that an object may be gone that a row of the cut has: where a unit of the
// process has removed some since, the scan is to be made again.
func (v *verdicts) vanished(t *table) {
	if v != nil && v.taken && t.env.units.lateFor(t.def.OID, v.at, true) {
		v.stale.Store(true)
	}
}

// met is told of a row under a tag of late.
func (v *verdicts) met(oid types.OID) {
	if v == nil || v.env == nil {
		return
	}
	v.env.heat(oid)
	if !v.taken {
		v.stale.Store(true)
	}
}

// sees says whether a committed unit of the process counts for the scan.
func (v *verdicts) sees(u *unit) bool {
	switch {
	case v == nil || !v.taken:
		return true
	case v.list == nil:
		return u.seq <= v.at
	}
	return v.list[u.tag()] == u.etag
}

// seesRecord says whether a committed record counts for the scan.
func (v *verdicts) seesRecord(tag uint64, etag string) bool {
	return v == nil || !v.taken || v.list == nil || v.list[tag] == etag
}

// gone is told of a tag without a record: it counted when the scan began, unless the
// record went meanwhile.
func (v *verdicts) gone() {
	if v != nil && v.taken && v.list != nil {
		v.late()
	}
}

// late marks a scan that has taken so long that records may be gone of what it does not
// see.
func (v *verdicts) late() {
	if v.env.Clock.Now().Sub(v.began) > v.env.grace() {
		v.stale.Store(true)
	}
}

// heats are when tables were last seen to be written to by units.
type heats struct {
	mu sync.Mutex
	at map[types.OID]time.Time
}

// records are those of committed units that wait for their removal, the oldest first.
type records struct {
	mu   sync.Mutex
	list []expiring
}

// warm says that units have written to a table of late, as far as is known here.
func (e *Env) warm(oid types.OID) bool {
	e.heats.mu.Lock()
	defer e.heats.mu.Unlock()
	at, ok := e.heats.at[oid]
	return ok && e.Clock.Now().Sub(at) < maxSkew
}

func (e *Env) heat(oid types.OID) {
	e.heats.mu.Lock()
	defer e.heats.mu.Unlock()
	if e.heats.at == nil {
		e.heats.at = map[types.OID]time.Time{}
	}
	e.heats.at[oid] = e.Clock.Now()
}

// open notes a scan over a store of the process alone: units that commit from now on are
// kept until it is closed.
func (s *units) open(v *verdicts) uint64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cuts == nil {
		s.cuts = map[*verdicts]uint64{}
	}
	s.cuts[v] = s.seq
	return s.seq
}

func (s *units) close(v *verdicts) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, open := s.cuts[v]; !open {
		return
	}
	delete(s.cuts, v)
	s.late = slices.DeleteFunc(s.late, func(u *unit) bool {
		for _, at := range s.cuts {
			if at < u.seq {
				return false
			}
		}
		return true
	})
}

// moment is the present one, to be held against when something was learned.
func (s *units) moment() uint64 {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.seq
}

// count gives a unit that commits its number, and keeps it for scans that began before.
func (s *units) count(u *unit) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seq++
	u.seq = s.seq
	if len(s.cuts) > 0 {
		s.late = append(s.late, u)
	}
}

// lateOne is the unit of a tag that has committed after a moment, nil for none.
func (s *units) lateOne(tag, at uint64) *unit {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, u := range s.late {
		if u.tag() == tag && u.seq > at {
			return u
		}
	}
	return nil
}

// lateFor says whether a unit that writes to a table has committed after a moment.
// removing: one that has removed objects of it since.
func (s *units) lateFor(oid types.OID, at uint64, removing bool) bool {
	s.mu.RLock()
	late := slices.Clone(s.late)
	s.mu.RUnlock()
	return slices.ContainsFunc(late, func(u *unit) bool {
		return u.seq > at && u.wrote(oid) && (!removing || len(u.cleaned()) > 0)
	})
}

// expiring are the keys of one of records.
type expiring struct {
	keys  []string
	until time.Time
}

// expire has a record removed later.
func (e *Env) expire(keys []string) {
	e.records.mu.Lock()
	defer e.records.mu.Unlock()
	e.records.list = append(e.records.list, expiring{keys, e.Clock.Now().Add(e.grace())})
}

// expired are the keys of records whose time is over.
func (e *Env) expired() (keys []string) {
	e.records.mu.Lock()
	defer e.records.mu.Unlock()
	now, n := e.Clock.Now(), 0
	for ; n < len(e.records.list) && e.records.list[n].until.Before(now); n++ {
		keys = append(keys, e.records.list[n].keys...)
	}
	e.records.list = e.records.list[n:]
	return keys
}

// scanned says that scans go on.
func (s *units) scanned() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.cuts) > 0
}
