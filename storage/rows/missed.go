package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// At its end a scan adds the rows that others have moved past it.

// given are the rows that a scan has given: their hashes, of which two are the same once in
// 10^9 scans.
type given map[uint64]struct{}

// maxGiven bounds them: a scan of more rows adds none.
const maxGiven = 1 << 17

func (g given) add(id string) { g[hashKey(id)] = struct{}{} }

func (g given) has(id string) bool {
	_, ok := g[hashKey(id)]
	return ok
}

// gives remembers a row that is given.
func (s *scanner) gives(id string) {
	if s.gave == nil {
		return
	}
	if s.gave.add(id); len(s.gave) > maxGiven {
		s.gave = nil
		s.endWatch()
	}
}

// missed adds the rows that were moved past the scan. Who reads a path checks its condition on
// every row, so that those that were elsewhere do no harm.
func (s *scanner) missed(ctx context.Context) error {
	v, k := &s.verdicts, &task{}
	if v.env != nil && !v.taken {
		if err := s.t.overlooked(ctx, v); err != nil {
			return err
		}
	}
	if s.gave == nil {
		return nil
	}
	var err error
	if s.moved != nil {
		err = s.caughtUp(ctx, k)
	}
	if err == nil {
		err = s.t.eachLate(ctx, v, func(key string, old *oldObject) error { return s.miss(ctx, k, key, old) })
	}
	s.gave = nil
	if len(k.records) > 0 {
		s.cur, s.pos = k, 0
	}
	return objstore.ToPG(err)
}

// eachLate calls f with the rows of a table that units have removed from where scans look since
// a scan took its cut, and what was there before: they are not listed any more. A row may come
// more than once.
func (t *table) eachLate(ctx context.Context, v *verdicts, f func(key string, old *oldObject) error) error {
	switch {
	case !v.taken:
		return nil
	case v.list == nil: // the process knows all units itself
		for _, u := range t.env.units.lateFor(t.def.OID, v.at) {
			if err := u.eachRemoved(ctx, f); err != nil {
				return err
			}
		}
		return nil
	}
	err := t.env.eachRecord(ctx, func(tag uint64, o objstore.Info) error {
		if v.list[tag] == o.ETag {
			return nil
		}
		rec, etag, err := t.env.readRecord(ctx, tag)
		if rec == nil || err != nil || rec.State != stateCommitted || v.seesRecord(tag, etag) {
			return err
		}
		olds := oldsIn(rec.Rows)
		for _, key := range rec.removed() {
			if err := f(key, olds[key]); err != nil {
				return err
			}
		}
		return nil
	})
	v.late()
	return err
}

// wasThere is a row that a scan in order was led to and did not find, as it was before a unit
// removed it: such a scan can't add rows at its end. Nil for none.
func (s *scanner) wasThere(ctx context.Context, id string) (found *record, err error) {
	if !s.Sorted() {
		return nil, nil
	}
	key := s.t.schema.DataKey(id)
	err = s.t.eachLate(ctx, &s.verdicts, func(at string, old *oldObject) (err error) {
		if at == key && old != nil && found == nil {
			found, err = s.t.judge(ctx, old.record(s.t.env, id, key), &s.verdicts)
		}
		return err
	})
	if found == nil || err != nil {
		return nil, objstore.ToPG(err)
	}
	return found, s.t.complete(found, s.p)
}

// overlooked has a scan without a cut begin anew where units may have moved rows past it.
func (t *table) overlooked(ctx context.Context, v *verdicts) error {
	v.metSince(t.env.units.committedTo(t.def.OID))
	if !v.gap.Load() || v.stale.Load() {
		return nil
	}
	_, fresh, err := t.env.lookAgain(ctx, v)
	if fresh[v.rows] {
		v.met()
	}
	v.late()
	return err
}

// miss adds a row that was not given, as it was when the scan began.
func (s *scanner) miss(ctx context.Context, k *task, key string, old *oldObject) error {
	id, ok := s.t.schema.ParseDataKey(key)
	if old == nil || !ok {
		return nil
	}
	return s.add(k, id, func() (*record, error) { return s.t.judge(ctx, old.record(s.t.env, id, key), &s.verdicts) })
}

// add adds what there is of a row, unless it was given. Where there is nothing another unit
// may tell more: one that has deleted the row before it was made anew.
func (s *scanner) add(k *task, id string, read func() (*record, error)) error {
	if s.gave.has(id) || s.spec.FilterID != nil && !s.spec.FilterID(id) {
		return nil
	}
	r, err := read()
	if r == nil || err != nil {
		return err // of several units that have removed it one knows what was there for the scan
	}
	s.gave.add(id)
	if err := s.t.complete(r, s.p); err != nil {
		return err
	}
	k.records = append(k.records, r)
	return nil
}

// watch has the scan told of rows on their way, where it may miss one.
func (s *scanner) watch() {
	switch s.src.(type) {
	case *rowList, *byKey, *points:
		return
	}
	if single(s.src) {
		return
	}
	s.endWatch()
	s.moved, s.unwatch = s.t.env.transits.watch(s.t.def.OID)
	if s.gave == nil {
		s.gave = given{}
	}
}

func (s *scanner) endWatch() {
	if s.unwatch != nil {
		s.unwatch()
	}
}

// caughtUp are the rows that were on their way and have not been given, as they are now.
func (s *scanner) caughtUp(ctx context.Context, k *task) error {
	for _, id := range s.moved() {
		if err := s.add(k, id, func() (*record, error) { return s.fetch(ctx, id) }); err != nil {
			return err
		}
	}
	return nil
}
