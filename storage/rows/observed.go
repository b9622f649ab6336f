package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// A write of one row is one PUT, or one DELETE, and needs no record. A scan is to see it in
// its order among the others all the same, and not without a transaction that it follows on
// and that the scan leaves out. So in a store that only this process writes to it is a unit
// while scans go on, of which nothing is in the store.

// maxObserved bounds the units that are kept for scans that began before: beyond it a write of one
// row shows as soon as it is there.
const maxObserved = 1 << 12

// applyObserved is Apply where scans go on that may see a part of what is written; false
// where it need not be.
func (t *table) applyObserved(ctx context.Context, changes []storage.Change) ([]storage.Result, bool) {
	if len(changes) != 1 || !t.def.Stamps || t.unit.open() || givesContent(changes[0]) || !t.env.alone() || !t.env.units.observe() {
		return nil, false
	}
	entry, ok := t.observedEntry(changes[0])
	if !ok {
		return nil, false
	}
	u := t.env.newUnit()
	u.beginObserved(t, entry)
	in := *t
	in.unit = u
	results := in.apply(ctx, changes)
	u.endObserved(context.WithoutCancel(ctx), results[0].Outcome == storage.Applied)
	return results, true
}

// observe says that scans go on for which another unit can be kept.
func (s *units) observe() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return len(s.cuts) > 0 && len(s.late) < maxObserved
}

// observedEntry is what a change finds; false for content that is out of line.
func (t *table) observedEntry(ch storage.Change) (txEntry, bool) {
	if ch.Old == nil {
		return txEntry{Key: t.schema.DataKey(ch.ID)}, ch.Op == storage.Insert
	}
	r, err := recordOf(ch.Old)
	if err != nil || r.external != nil {
		return txEntry{}, false
	}
	return txEntry{Key: t.schema.DataKey(ch.Old.ID), Old: oldOf(r), Gone: ch.Op == storage.Delete}, true
}

// beginObserved announces the row to the process alone.
func (u *unit) beginObserved(t *table, e txEntry) {
	u.observed = e.Key
	u.done = make(chan struct{})
	u.garbage, u.touched = map[string]garbage{}, map[types.OID]*table{t.def.OID: t}
	if e.Gone {
		u.graves.announce(e.Key)
	}
	u.ledger.add([]txEntry{e})
	u.state = pending
	u.env.units.add(u)
}

// endObserved is the commit point, and the clean-up. Of a write that failed the store alone
// tells whether it was done.
func (u *unit) endObserved(ctx context.Context, applied bool) {
	defer u.env.units.remove(u, settled)
	if !applied {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.end(unresolved)
		return
	}
	if unlock, err := u.env.locks.lock(ctx, u.cleaned()); err == nil {
		defer unlock()
	}
	u.mu.Lock()
	u.end(committed)
	u.mu.Unlock()
	u.cleanUp(ctx)
}
