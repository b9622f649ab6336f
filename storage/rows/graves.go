package rows

import (
	"context"
	"maps"
	"slices"
)

// graves are the tombstones of a unit. Of rows that were announced to go the ledger has the
// keys; what is in memory are the exceptions.
type graves struct {
	// announced is the number of rows that were announced to go, spared those of them that
	// have no tombstone, not yet or not any more.
	announced int
	spared    map[string]bool
	// others have a tombstone though it was not announced: what the unit wrote before.
	others map[string]bool
}

func (g *graves) announce(key string) {
	g.announced++
	put(&g.spared, key, true)
}

func (g *graves) bury(key string) {
	if !g.spared[key] {
		put(&g.others, key, true)
	}
	delete(g.spared, key)
}

func (g *graves) exhume(key string) {
	if !g.others[key] {
		put(&g.spared, key, true)
	}
	delete(g.others, key)
}

// stands says whether a row that was announced has a tombstone.
func (g *graves) stands(e *txEntry) bool { return e != nil && e.Gone && !g.spared[e.Key] }

// put sets an entry of a map that is made when it is first needed.
func put[K comparable, V any](m *map[K]V, key K, value V) {
	if *m == nil {
		*m = map[K]V{}
	}
	(*m)[key] = value
}

// buried says that the unit has a tombstone in a row's place. The unit is locked.
func (u *unit) buried(ctx context.Context, key string) (bool, error) {
	if u.graves.others[key] || u.graves.announced == 0 || u.graves.spared[key] {
		return u.graves.others[key], nil
	}
	e, err := u.ledger.find(ctx, key)
	return u.graves.stands(e), err
}

// eachGrave calls f with the keys of tombstones, a segment's at a time.
func (u *unit) eachGrave(ctx context.Context, f func(keys []string) error) error {
	var keys []string
	for key := range u.graves.others {
		keys = append(keys, key)
	}
	if err := f(keys); err != nil || u.graves.announced == 0 {
		return err
	}
	return u.ledger.each(ctx, func(rows []txEntry) error {
		keys = keys[:0]
		for i := range rows {
			if u.graves.stands(&rows[i]) {
				keys = append(keys, rows[i].Key)
			}
		}
		return f(keys)
	})
}

// eachRemoved calls f with the rows that listings do not find any more where they were, and
// what was there before the unit, which has committed.
func (u *unit) eachRemoved(ctx context.Context, f func(key string, old *oldObject) error) error {
	u.mu.Lock()
	removed := u.removed()
	u.mu.Unlock()
	for _, key := range removed {
		old, err := u.ledger.old(ctx, key)
		if err != nil {
			return err
		}
		if err := f(key, old); err != nil {
			return err
		}
	}
	if u.graves.announced == 0 {
		return nil
	}
	return u.ledger.each(ctx, func(rows []txEntry) error {
		for i := range rows {
			if !u.graves.stands(&rows[i]) {
				continue
			}
			if err := f(rows[i].Key, rows[i].Old); err != nil {
				return err
			}
		}
		return nil
	})
}

// bury remembers a tombstone; exhumed forgets one that a row has taken the place of, if there
// was one. Nil-safe.
func (u *unit) bury(key string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.graves.bury(key)
}

func (u *unit) exhumed(key string) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.graves.exhume(key)
}

// removed are the rows that a committed record has taken away, or from where a listing
// found them.
func (rec *txRecord) removed() []string {
	gone := map[string]bool{}
	for _, e := range rec.Rows {
		if e.Gone {
			gone[e.Key] = true
		}
	}
	for _, key := range rec.Spared {
		delete(gone, key)
	}
	return slices.AppendSeq(slices.Clone(rec.Removed), maps.Keys(gone))
}
