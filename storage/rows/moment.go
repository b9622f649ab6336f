package rows

import (
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/storage"
)

// moment implements storage.Moment: scans at it have one cut. In a store that only this
// process writes to that holds for all that they read; over a bucket for what they do not
// have to begin anew for.
type moment struct {
	env   *Env
	mu    sync.Mutex
	begun bool
	at    uint64            // units.seq
	list  map[uint64]string // as of cut
	began time.Time
}

// NewMoment implements storage.Timely.
func (t *table) NewMoment() storage.Moment {
	if t.env.Fleeting {
		return nil
	}
	return &moment{env: t.env}
}

// At implements storage.Timely.
func (t *table) At(m storage.Moment) storage.Table {
	own, ok := m.(*moment)
	if !ok || own.env != t.env {
		return t
	}
	c := *t
	c.moment = own
	return &c
}

// Close implements storage.Moment.
func (m *moment) Close() { m.env.units.close(m) }

// take is the moment, in a store of the process alone.
func (m *moment) take() uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.begun {
		m.at, m.begun = m.env.units.open(m), true
	}
	return m.at
}

// over gives a scan over a bucket the cut of an earlier one, if there was one. Nil-safe.
func (m *moment) over(v *verdicts) bool {
	if m == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.list == nil {
		return false
	}
	v.at, v.list, v.began, v.taken = m.at, m.list, m.began, true
	return true
}

// share keeps a scan's cut for later ones. Nil-safe.
func (m *moment) share(v *verdicts) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.at, m.list, m.began = v.at, v.list, v.began
}

// momentous says that the table's reads are as of a moment, whatever they are.
func (t *table) momentous() bool {
	return t.moment != nil && t.def.Stamps && t.env.alone()
}

// keptAt is what is in memory of the table, if that is how it was at the moment: which comes
// first, so that nothing can be counted that the columns do not have.
func (t *table) keptAt() *cached {
	if !t.momentous() {
		return t.env.Cache.get(t.def)
	}
	t.moment.take()
	e := t.env.Cache.get(t.def)
	if !t.unchanged() {
		return nil
	}
	return e
}

// unchanged says that no unit has committed to the table since the moment.
func (t *table) unchanged() bool {
	return !t.momentous() || t.env.units.committedTo(t.def.OID) <= t.moment.take()
}
