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
	id    string
	index string
	key   keyHash
}

// postpone notes the deferrable keys that a row has got.
func (w *writeSet) postpone(id string, old *pending, keys []storage.UniqueKey) {
	for _, k := range keys {
		if k.Deferrable && !old.has(k.Key) {
			w.unchecked = append(w.unchecked, uncheckedKey{id, k.Index, hashKey(k.Key)})
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
			if deferred(oid, u.index) {
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

// checkedKeys is how many keys are looked up at a time.
const checkedKeys = 4096

func (w *writeSet) checkKeys(ctx context.Context, keys []uncheckedKey) error {
	for piece := range slices.Chunk(keys, checkedKeys) {
		if err := w.checkPiece(ctx, piece); err != nil {
			return err
		}
	}
	return nil
}

func (w *writeSet) checkPiece(ctx context.Context, keys []uncheckedKey) error {
	var ask []storage.UniqueKey
	holder := map[keyHash]string{}
	for _, u := range keys {
		k, err := w.unchecks(u)
		if err != nil {
			return err
		}
		if k == nil {
			continue // it has another one by now
		}
		if w.shared[u.key] > 1 {
			return k.Taken
		}
		if holder[u.key] == "" {
			ask = append(ask, *k)
		}
		holder[u.key] = u.id
	}
	if len(ask) == 0 || w.emptied {
		return nil
	}
	owners, err := w.base.UniqueOwners(ctx, ask)
	if err != nil {
		return err
	}
	for _, k := range ask {
		if owner := owners[k.Key]; owner != "" && owner != holder[hashKey(k.Key)] && !w.rows.has(owner) {
			return k.Taken
		}
	}
	return nil
}

// unchecks finds a key that its row still has, nil for one that it has not.
func (w *writeSet) unchecks(u uncheckedKey) (*storage.UniqueKey, error) {
	p := w.rows.get(u.id)
	if p == nil || p.dead {
		return nil, nil
	}
	image, err := p.image(w.base)
	if err != nil {
		return nil, err
	}
	keys, err := w.base.UniqueKeys(image)
	for i, k := range keys {
		if hashKey(k.Key) == u.key {
			return &keys[i], err
		}
	}
	return nil, err
}

// waits says whether writes to a table have to wait for COMMIT.
func waits(t storage.Table) bool {
	d, ok := t.(storage.Deferrer)
	return ok && d.Defers()
}
