package lock

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Tag is what is locked: LOCKTAG_ADVISORY's fields, a relation, or a row. SubID is 1 for
// a key of 64 bits, whose high half is ClassID, and 2 for two keys of 32 bits.
type Tag struct {
	Database       uint32 // its oid
	ClassID, ObjID uint32
	SubID          int16
	// Relation and Row are a row's table and id; without a Row it is the relation.
	Relation uint32
	Row      string
}

// String is the tag as messages show it (DescribeLockTag).
func (t Tag) String() string {
	switch {
	case t.Relation != 0 && t.Row == "":
		return fmt.Sprintf("relation %d of database %d", t.Relation, t.Database)
	case t.Relation != 0:
		return fmt.Sprintf("row \"%s\" of relation %d of database %d", t.Row, t.Relation, t.Database)
	}
	return fmt.Sprintf("advisory lock [%d,%d,%d,%d]", t.Database, t.ClassID, t.ObjID, t.SubID)
}

// Mode is one of PostgreSQL's lock modes.
type Mode uint8

// The modes, by lockdefs.h's numbers. Advisory locks are Share or Exclusive; rows have
// the modes by which PostgreSQL locks tuples (tupleLockExtraInfo): AccessShare is FOR KEY
// SHARE, RowShare FOR SHARE, Exclusive FOR NO KEY UPDATE, AccessExclusive FOR UPDATE. Of
// the latter each forbids what the one before it does.
const (
	AccessShare Mode = iota + 1
	RowShare
	RowExclusive
	ShareUpdateExclusive
	Share
	ShareRowExclusive
	Exclusive
	AccessExclusive
	modes
)

var modeNames = [modes]string{"", "AccessShareLock", "RowShareLock", "RowExclusiveLock", "ShareUpdateExclusiveLock",
	"ShareLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock"}

// String is the mode's name in pg_locks and messages.
func (m Mode) String() string { return modeNames[m] }

func set(of ...Mode) (bits uint16) {
	for _, m := range of {
		bits |= 1 << m
	}
	return bits
}

// conflicts is LockConflicts.
var conflicts = [modes]uint16{
	AccessShare:          set(AccessExclusive),
	RowShare:             set(Exclusive, AccessExclusive),
	RowExclusive:         set(Share, ShareRowExclusive, Exclusive, AccessExclusive),
	ShareUpdateExclusive: set(ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
	Share:                set(RowExclusive, ShareUpdateExclusive, ShareRowExclusive, Exclusive, AccessExclusive),
	ShareRowExclusive:    set(RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
	Exclusive:            set(RowShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive, AccessExclusive),
	AccessExclusive: set(AccessShare, RowShare, RowExclusive, ShareUpdateExclusive, Share, ShareRowExclusive, Exclusive,
		AccessExclusive),
}

func conflict(a, b Mode) bool { return conflicts[a]&(1<<b) != 0 }

// Owner is a session that locks. Its fields belong to the Manager.
type Owner struct {
	PID  int32
	held map[hold]int
	// rows are its locks of rows, in the order in which it got them.
	rows []rowHold
	wait *waiter // what it waits for, if it does
}

type rowHold struct {
	tag  Tag
	mode Mode
}

// NewOwner makes the owner of a session.
func NewOwner(pid int32) *Owner { return &Owner{PID: pid, held: map[hold]int{}} }

// hold is a lock of an owner; those of a transaction are apart from those of the
// session.
type hold struct {
	tag  Tag
	mode Mode
	xact bool
}

type waiter struct {
	owner *Owner
	tag   Tag
	mode  Mode
	ready chan struct{} // closed when it has the lock
}

// Manager holds the locks of a process. The zero Manager has none.
type Manager struct {
	mu    sync.Mutex
	locks map[Tag]*lock
}

// lock is one tag's state: how often each owner holds each mode, and who waits, in
// order.
type lock struct {
	held  []holding
	queue []*waiter
}

type holding struct {
	owner *Owner
	mode  Mode
	n     int
}

func (l *lock) holds(o *Owner, m Mode) bool {
	return slices.ContainsFunc(l.held, func(h holding) bool { return h.owner == o && h.mode == m })
}

// blockers are the owners whose locks conflict with m, beside o's own.
func (l *lock) blockers(o *Owner, m Mode) []*Owner {
	var out []*Owner
	for _, h := range l.held {
		if h.owner != o && conflict(h.mode, m) {
			out = append(out, h.owner)
		}
	}
	return out
}

// ahead are the waiters before w (all of them if w does not wait) whose modes
// conflict with m, but for those who wait for o itself: it goes before them (ProcSleep).
func (l *lock) ahead(o *Owner, w *waiter, m Mode) []*Owner {
	var out []*Owner
	for _, q := range l.queue {
		if q == w {
			break
		}
		if conflict(q.mode, m) && !slices.Contains(l.blockers(q.owner, q.mode), o) {
			out = append(out, q.owner)
		}
	}
	return out
}

// Acquire locks tag for o, until the end of its transaction if xact. It waits its
// turn until ctx ends (its cause is the error); 40P01 if that would be forever.
func (m *Manager) Acquire(ctx context.Context, o *Owner, tag Tag, mode Mode, xact bool) error {
	m.mu.Lock()
	if m.tryLocked(o, tag, mode) {
		o.held[hold{tag, mode, xact}]++
		m.mu.Unlock()
		return nil
	}
	if err := m.wait(ctx, o, tag, mode); err != nil {
		return err
	}
	defer m.mu.Unlock()
	o.held[hold{tag, mode, xact}]++
	return nil
}

// wait waits for a lock, with the Manager locked; it stays so without an error.
func (m *Manager) wait(ctx context.Context, o *Owner, tag Tag, mode Mode) error {
	l := m.locks[tag]
	w := &waiter{owner: o, tag: tag, mode: mode, ready: make(chan struct{})}
	l.queue, o.wait = append(l.queue, w), w
	if err := m.deadlock(w); err != nil {
		m.leave(w)
		m.mu.Unlock()
		return err
	}
	m.mu.Unlock()
	select {
	case <-w.ready:
	case <-ctx.Done():
	}
	m.mu.Lock()
	if o.wait != nil { // still in the queue
		m.leave(w)
		m.mu.Unlock()
		return context.Cause(ctx)
	}
	return nil
}

// Try is Acquire that does not wait: false if it would have to.
func (m *Manager) Try(o *Owner, tag Tag, mode Mode, xact bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	ok := m.tryLocked(o, tag, mode)
	if ok {
		o.held[hold{tag, mode, xact}]++
	}
	m.forget(tag)
	return ok
}

func (m *Manager) tryLocked(o *Owner, tag Tag, mode Mode) bool {
	if m.locks == nil {
		m.locks = map[Tag]*lock{}
	}
	l := m.locks[tag]
	if l == nil {
		l = &lock{}
		m.locks[tag] = l
	}
	if !l.holds(o, mode) && len(l.blockers(o, mode))+len(l.ahead(o, nil, mode)) > 0 {
		return false
	}
	l.grant(o, mode)
	return true
}

func (l *lock) grant(o *Owner, mode Mode) {
	for i := range l.held {
		if h := &l.held[i]; h.owner == o && h.mode == mode {
			h.n++
			return
		}
	}
	l.held = append(l.held, holding{o, mode, 1})
}

// revoke takes back n grants.
func (l *lock) revoke(o *Owner, mode Mode, n int) {
	for i := range l.held {
		if h := &l.held[i]; h.owner == o && h.mode == mode {
			if h.n -= n; h.n == 0 {
				l.held = slices.Delete(l.held, i, i+1)
			}
			return
		}
	}
}

// leave takes a waiter out of its queue.
func (m *Manager) leave(w *waiter) {
	l := m.locks[w.tag]
	l.queue = slices.DeleteFunc(l.queue, func(q *waiter) bool { return q == w })
	w.owner.wait = nil
	m.wake(w.tag)
}

// wake gives the lock to those who wait and need not any longer (ProcLockWakeup),
// and forgets a lock that nobody has or wants.
func (m *Manager) wake(tag Tag) {
	l := m.locks[tag]
	for _, w := range slices.Clone(l.queue) {
		if len(l.blockers(w.owner, w.mode))+len(l.ahead(w.owner, w, w.mode)) > 0 {
			continue
		}
		l.queue = slices.DeleteFunc(l.queue, func(q *waiter) bool { return q == w })
		l.grant(w.owner, w.mode)
		w.owner.wait = nil
		close(w.ready)
	}
	m.forget(tag)
}

func (m *Manager) forget(tag Tag) {
	if l := m.locks[tag]; l != nil && len(l.held)+len(l.queue) == 0 {
		delete(m.locks, tag)
	}
}

// Release gives back one session lock; false if o has none of that mode.
func (m *Manager) Release(o *Owner, tag Tag, mode Mode) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	h := hold{tag: tag, mode: mode}
	if o.held[h] == 0 {
		return false
	}
	m.drop(o, h, 1)
	return true
}

func (m *Manager) drop(o *Owner, h hold, n int) {
	if o.held[h] -= n; o.held[h] == 0 {
		delete(o.held, h)
	}
	m.locks[h.tag].revoke(o, h.mode, n)
	m.wake(h.tag)
}

// ReleaseAll gives back all locks of the session.
func (m *Manager) ReleaseAll(o *Owner) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.restore(o, false, nil)
}

// Mark is the state of a transaction's locks, to come back to.
type Mark struct {
	held map[hold]int
	rows int
}

// Mark notes the locks of o's transaction.
func (m *Manager) Mark(o *Owner) Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	mark := Mark{rows: len(o.rows)}
	for h, n := range o.held {
		if h.xact {
			if mark.held == nil {
				mark.held = map[hold]int{}
			}
			mark.held[h] = n
		}
	}
	return mark
}

// Restore gives back what the transaction has locked since mark; the zero Mark is its
// begin.
func (m *Manager) Restore(o *Owner, mark Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.restore(o, true, mark.held)
	m.releaseRows(o, mark.rows)
}

func (m *Manager) restore(o *Owner, xact bool, kept map[hold]int) {
	for h, n := range o.held {
		if h.xact == xact && n > kept[h] {
			m.drop(o, h, n-kept[h])
		}
	}
}

// Held is one row of pg_locks.
type Held struct {
	Tag     Tag
	PID     int32
	Mode    Mode
	Granted bool
}

// List shows all locks, and who waits for one.
func (m *Manager) List() []Held {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []Held
	for tag, l := range m.locks {
		for _, h := range l.held {
			out = append(out, Held{tag, h.owner.PID, h.mode, true})
		}
		for _, w := range l.queue {
			out = append(out, Held{tag, w.owner.PID, w.mode, false})
		}
	}
	return out
}

// deadlock is 40P01 if w, directly or by others, waits for itself (DeadLockReport).
func (m *Manager) deadlock(w *waiter) error {
	circle := m.reaches(w, w.owner, map[*Owner]bool{})
	if circle == nil {
		return nil
	}
	lines := make([]string, len(circle))
	for i, q := range circle {
		lines[i] = fmt.Sprintf("Process %d waits for %s on %s; blocked by process %d.",
			q.owner.PID, q.mode, q.tag, circle[(i+1)%len(circle)].owner.PID)
	}
	return pgerr.New(pgerr.DeadlockDetected, "deadlock detected").WithDetail("%s", strings.Join(lines, "\n")).
		WithHint("See server log for query details.")
}

// reaches returns the waits by which w waits for target, w first; nil if it does
// not.
func (m *Manager) reaches(w *waiter, target *Owner, seen map[*Owner]bool) []*waiter {
	l := m.locks[w.tag]
	for _, o := range append(l.blockers(w.owner, w.mode), l.ahead(w.owner, w, w.mode)...) {
		if o == target {
			return []*waiter{w}
		}
		if seen[o] || o.wait == nil {
			continue
		}
		seen[o] = true
		if rest := m.reaches(o.wait, target, seen); rest != nil {
			return append([]*waiter{w}, rest...)
		}
	}
	return nil
}
