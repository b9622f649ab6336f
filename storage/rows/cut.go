package rows

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// A scan of several rows sees each unit whole or not at all: those that had committed when
// it began, its cut. Of a unit that commits meanwhile it takes the rows' old objects, for
// which records stay for a while after their commit (Env.grace).
//
// Of the process's own units a counter tells which they are. Where other processes write,
// the scan lists the records when it begins: a unit counts whose record is listed as it is
// after its commit, or is gone when the scan asks for it. As long as nobody is known to be at
// work it makes no list: if it meets somebody's work all the same it begins anew, with one.
type cut struct {
	taken bool
	at    uint64            // units.seq
	list  map[uint64]string // ETags of the records; nil where the process is alone
	began time.Time
	rows  string // what the keys of rows begin with
	// stale says that the scan is to be made again, with a new cut: it has met what the
	// cut can't tell, or has come too late to find what it should.
	stale atomic.Bool
	gap   atomic.Bool
}

// maxCuts bounds how often a scan takes a cut: then it is 40001.
const maxCuts = 10

// grace is how long the record of a committed transaction stays.
func (e *Env) grace() time.Duration { return e.lease() / 6 }

// takeCut begins a scan. force: although nobody is known to be at work.
func (s *scanner) takeCut(ctx context.Context, force bool) error {
	t, v := s.t, &s.verdicts
	if !t.def.Stamps || t.env.Fleeting || single(s.src) && !t.momentous() || storage.IsStrict(ctx) {
		return nil
	}
	if t.env.alone() {
		if v.taken = true; t.moment != nil && !force {
			s.cutOf, v.at = t.moment, t.moment.take()
		} else {
			s.cutOf, v.at = v, t.env.units.open(v)
		}
		s.remember()
		return nil
	}
	v.env = t.env
	v.began, v.at = t.env.Clock.Now(), t.env.units.moment()
	v.rows = t.schema.DataPrefix()
	if !force && t.moment.over(v) {
		s.remember()
		return nil
	}
	if !force && !s.large() && !t.env.look.stirred(v.rows, v.began.Add(-t.env.lease())) {
		return nil
	}
	v.list, v.taken = map[uint64]string{}, true
	s.remember()
	err := t.env.eachRecord(ctx, func(tag uint64, o objstore.Info) error {
		v.list[tag] = o.ETag
		return nil
	})
	if err == nil {
		t.moment.share(v)
	}
	return objstore.ToPG(err)
}

// remember has the scan know what it gives, so that at its end it can add what it has missed;
// one in order adds it at its place (byKey).
func (s *scanner) remember() {
	if !s.Sorted() {
		s.gave = given{}
	}
}

// large says that a scan fetches so many rows that it gives some before it could begin anew.
func (s *scanner) large() bool {
	l, ok := s.src.(*rowList)
	return ok && !l.settled && l.learn && s.spec.Limit == 0 && s.t.env.Stats.read(s.t.def.OID).rows > vec.BatchSize
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
	if s.src, err = s.t.source(&s.spec, s.p); err != nil {
		return err
	}
	err = s.takeCut(ctx, true)
	s.watch()
	return err
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
	v.taken, v.list, v.olds, v.fine, v.questions = false, nil, nil, nil, nil
	v.stale.Store(false)
	v.gap.Store(false)
}

// vanished is told that a row is gone that was listed: somebody may have moved it to where the
// scan was before, or has left a reference behind.
func (v *verdicts) vanished() { v.gap.Store(true) }

// met is told of a unit that is at work, or has committed perhaps since the scan began.
func (v *verdicts) met() {
	if v == nil || v.env == nil {
		return
	}
	v.env.look.stir(v.env.Clock.Now(), v.rows)
	if !v.taken {
		v.stale.Store(true)
	}
}

// metSince is met of a unit of the process that has committed.
func (v *verdicts) metSince(seq uint64) {
	if v != nil && seq > v.at {
		v.met()
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
	// A unit of which another server has removed the record at once has no ETag.
	return u.seq <= v.at || u.etag != "" && v.list[u.tag()] == u.etag
}

// seesRecord says whether a committed record counts for the scan.
func (v *verdicts) seesRecord(tag uint64, etag string) bool {
	return v == nil || !v.taken || v.list == nil || v.list[tag] == etag || v.env.units.settledBefore(tag, v.at)
}

// knew says that a unit was known to count when the scan began; nil is now.
func (v *verdicts) knew(e *Env, tag uint64) bool {
	if v == nil {
		_, k := e.units.find(tag)
		return k == settled
	}
	return e.units.settledBefore(tag, v.at)
}

// decided is told of a record that was listed as open, and counts by the catalog since a
// moment that nobody knows: the next cut does.
func (v *verdicts) decided(tag uint64) {
	if v.taken && v.list != nil && !v.env.units.settledBefore(tag, v.at) {
		v.stale.Store(true)
	}
}

// gone is told of a tag without a record: it counted when the scan began, unless the
// record went meanwhile.
func (v *verdicts) gone() {
	if v != nil && v.env != nil {
		v.late()
	}
}

// late marks a scan that has taken so long that records may be gone of what it does not
// see.
func (v *verdicts) late() {
	if v.overdue() {
		v.stale.Store(true)
	}
}

func (v *verdicts) overdue() bool { return v.env.Clock.Now().Sub(v.began) > v.env.grace() }

// records are those of committed units that wait for their removal, the oldest first.
type records struct {
	mu   sync.Mutex
	list []expiring
}

// expiring are the keys of one of records.
type expiring struct {
	unit  *unit
	keys  []string
	until time.Time
}

// expire has a unit's record removed later, not before scans of the process that began
// before its commit have ended.
func (e *Env) expire(u *unit, keys []string) {
	e.records.mu.Lock()
	defer e.records.mu.Unlock()
	e.records.list = append(e.records.list, expiring{u, keys, e.Clock.Now().Add(e.grace())})
}

// expired are the keys of records whose time is over.
func (e *Env) expired() (keys []string) {
	e.records.mu.Lock()
	defer e.records.mu.Unlock()
	now := e.Clock.Now()
	e.records.list = slices.DeleteFunc(e.records.list, func(x expiring) bool {
		over := x.until.Before(now) && e.units.lateOne(x.unit.tag(), 0) == nil
		if over {
			keys = append(keys, x.keys...)
		}
		return over
	})
	return keys
}
