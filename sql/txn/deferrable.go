package txn

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Deferrable unique keys are checked at the end of a statement, or when the transaction
// says so. Rows that have them wait for COMMIT: the store never sees two rows with one.

// uncheckedKey is a deferrable key that a row has got.
type uncheckedKey struct {
	id  string
	key storage.UniqueKey
}

// postpone notes the deferrable keys that a row has got.
func (w *writeSet) postpone(id string, old, now *pending) {
	for _, k := range now.keys {
		same := func(had storage.UniqueKey) bool { return had.Key == k.Key }
		if k.Deferrable && (old == nil || !slices.ContainsFunc(old.keys, same)) {
			w.unchecked = append(w.unchecked, uncheckedKey{id, k})
		}
	}
}

// CheckUnique is the 23505 of a deferrable key that two rows have; deferred says which
// indexes of a table are checked later.
func (t *Tx) CheckUnique(ctx context.Context, deferred func(table types.OID, index string) bool) error {
	for _, oid := range t.order {
		w := t.tables[oid]
		if len(w.unchecked) == 0 {
			continue
		}
		var now, later []uncheckedKey
		for _, u := range w.unchecked {
			if deferred(oid, u.key.Index) {
				later = append(later, u)
			} else {
				now = append(now, u)
			}
		}
		if err := w.checkKeys(ctx, now); err != nil {
			return err
		}
		w.unchecked = later
	}
	return nil
}

func (w *writeSet) checkKeys(ctx context.Context, keys []uncheckedKey) error {
	var ask []storage.UniqueKey
	holder := map[string]string{}
	for _, u := range keys {
		p := w.rows[u.id]
		if p == nil || p.dead || !slices.ContainsFunc(p.keys, func(k storage.UniqueKey) bool { return k.Key == u.key.Key }) {
			continue // it has another one by now
		}
		if w.shared[u.key.Key] > 1 {
			return u.key.Taken
		}
		if holder[u.key.Key] == "" {
			ask = append(ask, u.key)
		}
		holder[u.key.Key] = u.id
	}
	if len(ask) == 0 || w.emptied {
		return nil
	}
	owners, err := w.base.UniqueOwners(ctx, ask)
	if err != nil {
		return err
	}
	for _, k := range ask {
		if owner := owners[k.Key]; owner != "" && owner != holder[k.Key] && w.rows[owner] == nil {
			return k.Taken
		}
	}
	return nil
}

// waits says whether writes to a table have to wait for COMMIT.
func waits(t storage.Table) bool {
	d, ok := t.(storage.Deferrer)
	return ok && d.Defers()
}
