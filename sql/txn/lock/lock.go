package lock

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Tag is what is locked: LOCKTAG_ADVISORY's fields. SubID is 1 for a key of 64
// bits, whose high half is ClassID, and 2 for two keys of 32 bits.
type Tag struct {
	Database       uint32 // its oid
	ClassID, ObjID uint32
	SubID          int16
}

// Mode is ShareLock or ExclusiveLock.
type Mode uint8

// The modes.
const (
	Share Mode = iota
	Exclusive
)

// String is the mode's name in pg_locks and messages.
func (m Mode) String() string {
	if m == Share {
		return "ShareLock"
	}
	return "ExclusiveLock"
}

func conflict(a, b Mode) bool { return a == Exclusive || b == Exclusive }

// Owner is a session that locks. Its fields belong to the Manager.
type Owner struct {
	PID  int32
	held map[hold]int
	wait *waiter // what it waits for, if it does
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
	held  map[*Owner]*[2]int
	queue []*waiter
}

func (l *lock) holds(o *Owner, m Mode) bool { return l.held[o] != nil && l.held[o][m] > 0 }

// blockers are the owners whose locks conflict with m, beside o's own.
func (l *lock) blockers(o *Owner, m Mode) []*Owner {
	var out []*Owner
	for other, n := range l.held {
		if other != o && (n[Exclusive] > 0 || n[Share] > 0 && conflict(Share, m)) {
			out = append(out, other)
		}
	}
	return out
}

// ahead are the waiters before w (all of them if w does not wait) whose modes
// conflict with m.
func (l *lock) ahead(w *waiter, m Mode) []*Owner {
	var out []*Owner
	for _, q := range l.queue {
		if q == w {
			break
		}
		if conflict(q.mode, m) {
			out = append(out, q.owner)
		}
	}
	return out
}

// Acquire locks tag for o, until the end of its transaction if xact. It waits its
// turn until ctx ends (its cause is the error); 40P01 if that would be forever.
func (m *Manager) Acquire(ctx context.Context, o *Owner, tag Tag, mode Mode, xact bool) error {
	m.mu.Lock()
	if m.tryLocked(o, tag, mode, xact) {
		m.mu.Unlock()
		return nil
	}
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
	defer m.mu.Unlock()
	if o.wait != nil { // still in the queue
		m.leave(w)
		return context.Cause(ctx)
	}
	o.held[hold{tag, mode, xact}]++
	return nil
}

// Try is Acquire that does not wait: false if it would have to.
func (m *Manager) Try(o *Owner, tag Tag, mode Mode, xact bool) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	ok := m.tryLocked(o, tag, mode, xact)
	m.forget(tag)
	return ok
}

func (m *Manager) tryLocked(o *Owner, tag Tag, mode Mode, xact bool) bool {
	if m.locks == nil {
		m.locks = map[Tag]*lock{}
	}
	l := m.locks[tag]
	if l == nil {
		l = &lock{held: map[*Owner]*[2]int{}}
		m.locks[tag] = l
	}
	if !l.holds(o, mode) && len(l.blockers(o, mode))+len(l.ahead(nil, mode)) > 0 {
		return false
	}
	l.grant(o, mode)
	o.held[hold{tag, mode, xact}]++
	return true
}

func (l *lock) grant(o *Owner, mode Mode) {
	if l.held[o] == nil {
		l.held[o] = &[2]int{}
	}
	l.held[o][mode]++
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
		if len(l.blockers(w.owner, w.mode))+len(l.ahead(w, w.mode)) > 0 {
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
	l := m.locks[h.tag]
	counts := l.held[o]
	if counts[h.mode] -= n; *counts == [2]int{} {
		delete(l.held, o)
	}
	m.wake(h.tag)
}

// ReleaseAll gives back all locks of the session.
func (m *Manager) ReleaseAll(o *Owner) { m.restore(o, false, nil) }

// Mark is the state of a transaction's locks, to come back to.
type Mark map[hold]int

// Mark notes the locks of o's transaction.
func (m *Manager) Mark(o *Owner) Mark {
	m.mu.Lock()
	defer m.mu.Unlock()
	mark := Mark{}
	for h, n := range o.held {
		if h.xact {
			mark[h] = n
		}
	}
	return mark
}

// Restore gives back what the transaction has locked since mark; nil is its begin.
func (m *Manager) Restore(o *Owner, mark Mark) { m.restore(o, true, mark) }

func (m *Manager) restore(o *Owner, xact bool, mark Mark) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for h, n := range o.held {
		if h.xact == xact && n > mark[h] {
			m.drop(o, h, n-mark[h])
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
		for o, n := range l.held {
			for mode, count := range n {
				if count > 0 {
					out = append(out, Held{tag, o.PID, Mode(mode), true})
				}
			}
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
		lines[i] = fmt.Sprintf("Process %d waits for %s on advisory lock [%d,%d,%d,%d]; blocked by process %d.",
			q.owner.PID, q.mode, q.tag.Database, q.tag.ClassID, q.tag.ObjID, q.tag.SubID, circle[(i+1)%len(circle)].owner.PID)
	}
	return pgerr.New(pgerr.DeadlockDetected, "deadlock detected").WithDetail("%s", strings.Join(lines, "\n")).
		WithHint("See server log for query details.")
}

// reaches returns the waits by which w waits for target, w first; nil if it does
// not.
func (m *Manager) reaches(w *waiter, target *Owner, seen map[*Owner]bool) []*waiter {
	l := m.locks[w.tag]
	for _, o := range append(l.blockers(w.owner, w.mode), l.ahead(w, w.mode)...) {
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
