package lock

import "context"

// Wait says what becomes of a row that another transaction has locked.
type Wait uint8

// LockWaitPolicy.
const (
	WaitBlock Wait = iota
	WaitSkip       // SKIP LOCKED
	WaitError      // NOWAIT
)

// AcquireRow locks a row until the end of o's transaction, or until Restore or
// ReleaseRows. It waits as Acquire does; false where wait says not to.
func (m *Manager) AcquireRow(ctx context.Context, o *Owner, tag Tag, mode Mode, wait Wait) (bool, error) {
	m.mu.Lock()
	if l := m.locks[tag]; l != nil && l.covers(o, mode) {
		m.mu.Unlock()
		return true, nil
	}
	if !m.tryLocked(o, tag, mode) {
		if wait != WaitBlock {
			m.forget(tag)
			m.mu.Unlock()
			return false, nil
		}
		if err := m.wait(ctx, o, tag, mode); err != nil {
			return false, err
		}
	}
	o.rows = append(o.rows, rowHold{tag, mode})
	m.mu.Unlock()
	return true, nil
}

// covers says whether o has a lock of the row that is as strong.
func (l *lock) covers(o *Owner, mode Mode) bool {
	for _, h := range l.held {
		if h.owner == o && h.mode >= mode {
			return true
		}
	}
	return false
}

// Rows is how many rows o has locked, to come back to.
func (o *Owner) Rows() int { return len(o.rows) }

// ReleaseRows gives back the locks of rows but the first n.
func (m *Manager) ReleaseRows(o *Owner, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.releaseRows(o, n)
}

func (m *Manager) releaseRows(o *Owner, n int) {
	for _, h := range o.rows[n:] {
		m.locks[h.tag].revoke(o, h.mode, 1)
		m.wake(h.tag)
	}
	clear(o.rows[n:])
	if o.rows = o.rows[:n]; n == 0 {
		o.rows = nil
	}
}
