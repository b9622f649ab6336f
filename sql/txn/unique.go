package txn

import (
	"context"
	"hash/maphash"
	"slices"

	"github.com/s3db-sql/s3db-sql/storage"
)

// A block learns of a duplicate key when it writes the row, not when it
// commits: the store's unique keys are looked up, and those of the transaction's
// own rows are kept.

// preview is a row as a change will leave it; the zero preview of a Delete.
type preview struct {
	image *storage.RowImage
	keys  []storage.UniqueKey
	// gains: some of the keys are not those of the row that the change replaces.
	gains bool
	err   error
}

// keyHash stands for a unique key, by 128 bits of chance: a block may hold a great many,
// and two of these are never the same.
type keyHash [2]uint64

var keySeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func hashKey(key string) keyHash {
	return keyHash{maphash.String(keySeeds[0], key), maphash.String(keySeeds[1], key)}
}

// heldKey is a unique key that a row of the block holds.
type heldKey struct {
	keyHash
	deferrable bool
}

func held(keys []storage.UniqueKey) []heldKey {
	if len(keys) == 0 {
		return nil
	}
	out := make([]heldKey, len(keys))
	for i, k := range keys {
		out[i] = heldKey{hashKey(k.Key), k.Deferrable}
	}
	return out
}

// has says whether the row holds a key.
func (p *pending) has(key string) bool {
	h := hashKey(key)
	return p != nil && slices.ContainsFunc(p.keys, func(k heldKey) bool { return k.keyHash == h })
}

func (w *writeSet) previews(changes []storage.Change) []preview {
	out := make([]preview, len(changes))
	for i, ch := range changes {
		if ch.Op != storage.Delete {
			out[i] = w.preview(ch)
		}
	}
	return out
}

func (w *writeSet) preview(ch storage.Change) (p preview) {
	if p.image, p.err = w.base.Preview(ch); p.err == nil {
		p.keys, p.err = w.base.UniqueKeys(p.image)
	}
	return p
}

// taken is what the store has of what changes want.
type taken struct {
	ids    map[string]bool   // of inserts
	owners map[string]string // ids by unique key
}

func (w *writeSet) taken(ctx context.Context, changes []storage.Change, next []preview) (t taken, err error) {
	if t.ids, err = w.existing(ctx, changes); err != nil {
		return t, err
	}
	wanted, err := w.wanted(changes, next)
	if len(wanted) == 0 || w.emptied || err != nil {
		return t, err
	}
	t.owners, err = w.base.UniqueOwners(ctx, wanted)
	return t, err
}

// wanted are the keys that rows gain, each once: a key that a row of the
// transaction holds, and one that the row had before, need not be looked up. It notes in
// next which rows gain any.
func (w *writeSet) wanted(changes []storage.Change, next []preview) ([]storage.UniqueKey, error) {
	var out []storage.UniqueKey
	seen := map[string]bool{}
	for i, ch := range changes {
		if len(next[i].keys) == 0 {
			continue
		}
		had, err := w.had(ch)
		if err != nil {
			return nil, err
		}
		for _, k := range next[i].keys {
			next[i].gains = next[i].gains || !had[k.Key]
			if !k.Deferrable && w.holders[hashKey(k.Key)] == "" && !had[k.Key] && !seen[k.Key] {
				seen[k.Key] = true
				out = append(out, k)
			}
		}
	}
	return out, nil
}

// had are the keys of the row that a change replaces.
func (w *writeSet) had(ch storage.Change) (map[string]bool, error) {
	if ch.Old == nil {
		return nil, nil
	}
	keys, err := w.base.UniqueKeys(ch.Old)
	out := make(map[string]bool, len(keys))
	for _, k := range keys {
		out[k.Key] = true
	}
	return out, err
}

// violation is the 23505 of the first key that another row holds: a row of the
// transaction, or one of the store that the transaction has not written.
func (w *writeSet) violation(id string, keys []storage.UniqueKey, owners map[string]string) error {
	for _, k := range keys {
		if k.Deferrable {
			continue
		}
		holder := w.holders[hashKey(k.Key)]
		if owner := owners[k.Key]; holder == "" && !w.rows.has(owner) {
			holder = owner
		}
		if holder != "" && holder != id {
			return k.Taken
		}
	}
	return nil
}

func (w *writeSet) hold(id string, p *pending) {
	for _, k := range p.keys {
		if k.deferrable {
			w.shared[k.keyHash]++
		} else {
			w.holders[k.keyHash] = id
		}
	}
}

// release gives up the keys of a row's earlier state, nil for none.
func (w *writeSet) release(id string, p *pending) {
	if p == nil {
		return
	}
	for _, k := range p.keys {
		if k.deferrable {
			if w.shared[k.keyHash]--; w.shared[k.keyHash] == 0 {
				delete(w.shared, k.keyHash)
			}
		}
		if w.holders[k.keyHash] == id {
			delete(w.holders, k.keyHash)
		}
	}
}
