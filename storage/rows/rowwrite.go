package rows

import (
	"bytes"
	"context"
	"errors"
	"maps"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// writeRow writes or removes the row's own object. known is false where the
// outcome can't be learned: the write may still land, so what belongs to it must
// stay.
func (w *writer) writeRow(m *move) (res storage.Result, known bool) {
	switch {
	case m.old == nil:
		res, known = w.create(m)
	case m.next != nil:
		res, known = w.replace(m)
	default:
		res, known = w.remove(m)
	}
	res.Warnings = m.warnings
	return res, known
}

// written is the result of a row that now has the move's object.
func (t *table) written(m *move, etag string) storage.Result {
	r := *m.next.record
	r.info.ETag = etag
	if r.external != nil {
		r.external = t.external(m.id, r.info)
		if m.old != nil && m.old.external == m.next.external {
			m.old.external.Moved(r.external)
		}
	}
	return storage.Result{Outcome: storage.Applied, Image: r.image()}
}

func removed() storage.Result { return storage.Result{Outcome: storage.Applied} }

// create puts a new row. Where a tombstone stands in its place it waits until
// that is gone.
func (w *writer) create(m *move) (storage.Result, bool) {
	for {
		etag, fate, err := w.put(m.id, m.next.object(), "")
		switch fate {
		case landed:
			return w.t.written(m, etag), true
		case unknown:
			return failed(err), false
		case broken:
			return failed(err), true
		}
		now, err := w.standing(m.id)
		switch {
		case err != nil:
			return failed(err), true
		case now == nil: // gone meanwhile
		case m.next.is(now): // perhaps in the place of the unit's own tombstone
			w.t.unit.exhumed(w.t.schema.DataKey(m.id))
			return w.t.written(m, now.info.ETag), true
		case !isTombstone(now.info):
			return storage.Result{Outcome: storage.Exists}, true
		case w.own(now):
			res, known, again := w.replaceGrave(m, now)
			if !again {
				return res, known
			}
		default:
			if err := w.exhume(m.id, &now.info); err != nil {
				return failed(err), true
			}
		}
	}
}

// own says that an object is the unit's.
func (w *writer) own(r *record) bool {
	tag, ok := tagOf(r.info, r.body)
	return ok && w.t.unit.is(tag)
}

// replaceGrave puts a row in the place of a tombstone of its own unit.
func (w *writer) replaceGrave(m *move, grave *record) (res storage.Result, known, again bool) {
	etag, fate, err := w.put(m.id, m.next.object(), grave.info.ETag)
	switch fate {
	case landed:
		w.t.unit.exhumed(w.t.schema.DataKey(m.id))
		return w.t.written(m, etag), true, false
	case refused:
		return res, true, true
	}
	return failed(err), fate == broken, false
}

// is says that an object is the state, written already: a request may be carried out
// twice on its way. Only a stamp tells.
func (s *state) is(r *record) bool {
	return s.stamped && bytes.Equal(r.body, s.body) && maps.Equal(r.info.Metadata, s.info.Metadata)
}

// standing is the object that has a row's place, nil for none. A row that another
// transaction has under its tag, and has not ended, is in the way.
func (w *writer) standing(id string) (*record, error) {
	var now *record
	err := w.request(func() (err error) {
		now, err = w.t.fetchObject(w.ctx, id, w.t.inLine)
		return err
	})
	if now == nil || err != nil {
		return nil, err
	}
	tag, ok := tagOf(now.info, now.body)
	if !ok || w.t.unit.is(tag) {
		return now, nil
	}
	f, err := w.t.env.fateOf(w.ctx, tag)
	if err == nil && f != fateSettled {
		err = &blocked{"Another transaction is writing the row", tag}
	}
	return now, err
}

// exhume removes a tombstone whose owner crashed: it is taken over by a conditional
// PUT, so that of two sweepers one wins, and then deleted once. Until then it is in the
// way.
func (w *writer) exhume(id string, grave *objstore.Info) error {
	key := w.t.schema.DataKey(id)
	if !w.t.env.old(key, grave.ETag) {
		return &blocked{"The row is being deleted", 0}
	}
	_, fate, err := w.put(id, tombstone(w.t.schema.Version, w.t.env.Rand), grave.ETag)
	if fate == refused {
		return nil // another one sweeps
	}
	if fate != landed {
		return err
	}
	return w.request(func() error { return w.t.store.Delete(w.ctx, key, objstore.DeleteOptions{}) })
}

// replace puts a row in the place of the one that was read.
func (w *writer) replace(m *move) (storage.Result, bool) {
	if res, ok := w.recheck(m); !ok {
		return res, true
	}
	if err := w.saveOld(m); err != nil {
		return unsaved(err), true
	}
	etag, fate, err := w.put(m.id, m.next.object(), m.old.info.ETag)
	switch fate {
	case landed:
		return w.t.written(m, etag), true
	case refused:
		return w.conflict(m)
	}
	return failed(err), fate == broken
}

// conflict is what became of a write that was refused: it was carried out before, or
// another writer was first.
func (w *writer) conflict(m *move) (storage.Result, bool) {
	now, err := w.standing(m.id)
	switch {
	case err != nil:
		return failed(err), true
	case now != nil && m.next != nil && m.next.is(now):
		return w.t.written(m, now.info.ETag), true
	}
	return storage.Result{Outcome: storage.Conflict}, true
}

// recheck reads a row without a stamp again: its ETag does not change with its
// metadata, so that the condition of the write alone protects nothing. What
// stays is the time between this read and the write, in which a change of the
// metadata alone is lost; rows that we have written once have it no more where
// the resource has stamps.
func (w *writer) recheck(m *move) (storage.Result, bool) {
	if m.old.stamped && !w.t.bodiesStay() {
		return storage.Result{}, true
	}
	var now *record
	err := w.request(func() (err error) {
		now, err = w.t.fetch(w.ctx, m.id, func(objstore.Info) bool { return false }, nil)
		return err
	})
	switch {
	case err != nil:
		return failed(err), false
	case now == nil || !sameObject(now, m.old.record):
		return storage.Result{Outcome: storage.Conflict}, false
	}
	return storage.Result{}, true
}

// bodiesStay: s3db.js updates rows of these behaviors without a new body (its
// patch, and truncate-data's update), so that a stamp outlives its change.
func (t *table) bodiesStay() bool { return !t.bodies() }

// sameObject compares bodies only where they are small: the ETag speaks for others.
func sameObject(a, b *record) bool {
	return a.info.ETag == b.info.ETag && a.info.Size == b.info.Size &&
		maps.Equal(a.info.Metadata, b.info.Metadata) && (!a.whole || bytes.Equal(a.body, b.body))
}

// remove deletes a row: by a conditional DELETE, or by a tombstone that cleanUp
// removes.
func (w *writer) remove(m *move) (storage.Result, bool) {
	if res, ok := w.recheck(m); !ok {
		return res, true
	}
	if err := w.saveOld(m); err != nil {
		return unsaved(err), true
	}
	key := w.t.schema.DataKey(m.id)
	// A row that the unit itself has made goes at once: nobody else has seen it.
	inUnit, err := w.inUnit(key)
	if err != nil {
		return failed(err), true
	}
	if !inUnit && w.t.store.Capabilities().ConditionalDelete {
		return w.removeIf(m)
	}
	grave := tombstone(w.t.schema.Version, w.t.env.Rand)
	if inUnit {
		grave = tombstoneOf(w.t.schema.Version, w.t.unit)
	}
	_, fate, err := w.put(m.id, grave, m.old.info.ETag)
	switch fate {
	case landed:
		w.bury(key, inUnit)
		return removed(), true
	case refused:
		return w.conflictOfRemoval(m, grave, key, inUnit)
	}
	return failed(err), fate == broken
}

// inUnit says that a row was there before the open unit.
func (w *writer) inUnit(key string) (bool, error) {
	if !w.t.unit.open() {
		return false, nil
	}
	return w.t.unit.replaces(w.ctx, key)
}

// bury remembers a tombstone to be removed: when the call ends, or its unit.
func (w *writer) bury(key string, inUnit bool) {
	if inUnit {
		w.t.unit.bury(key)
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.graves = append(w.graves, key)
}

// conflictOfRemoval is conflict for a tombstone.
func (w *writer) conflictOfRemoval(m *move, grave s3db.Object, key string, inUnit bool) (storage.Result, bool) {
	now, err := w.standing(m.id)
	switch {
	case err != nil:
		return failed(err), true
	case now != nil && bytes.Equal(now.body, grave.Body):
		w.bury(key, inUnit)
		return removed(), true
	}
	return storage.Result{Outcome: storage.Conflict}, true
}

func (w *writer) removeIf(m *move) (storage.Result, bool) {
	key := w.t.schema.DataKey(m.id)
	err := w.request(func() error {
		return w.t.store.Delete(w.ctx, key, objstore.DeleteOptions{IfMatch: m.old.info.ETag})
	})
	switch {
	case err == nil:
		return removed(), true
	case ambiguous(err):
		return w.learnRemoval(m, err)
	case objstore.IsPrecondition(err) || objstore.IsNotFound(err):
		return storage.Result{Outcome: storage.Conflict}, true
	}
	return failed(err), true
}

// learnRemoval reads what became of a DELETE. A row that is gone may have been deleted by
// another process; what is taken back is gone all the same.
func (w *writer) learnRemoval(m *move, cause error) (storage.Result, bool) {
	if !w.undoing && !w.t.env.alone() {
		return failed(cause), false
	}
	now, err := w.t.fetchWhole(context.WithoutCancel(w.ctx), m.id)
	switch {
	case err != nil || now != nil && now.info.ETag == m.old.info.ETag:
		return failed(cause), false
	case now == nil:
		return removed(), true
	}
	return storage.Result{Outcome: storage.Conflict}, true
}

// fate is what became of a conditional PUT.
type fate uint8

const (
	landed  fate = iota
	refused      // the condition did not hold
	broken       // it failed, and has not been done
	unknown      // it failed, and may have been done, or be done yet
)

// put writes a row's object; ifMatch "" creates only. An ambiguous outcome is
// learned by reading the object back: with a stamp no other write looks alike.
func (w *writer) put(id string, o s3db.Object, ifMatch string) (etag string, f fate, err error) {
	var req objstore.PutRequest
	err = w.request(func() error {
		var done func()
		if req, done, err = w.t.env.upload(w.ctx, o); err != nil {
			return err
		}
		defer done()
		req.IfMatch, req.IfNoneMatch = ifMatch, ifMatch == ""
		res, err := w.t.store.Put(w.ctx, w.t.schema.DataKey(id), req)
		etag = res.ETag
		return err
	})
	switch {
	case err == nil:
		return etag, landed, nil
	case ambiguous(err):
		return w.learn(id, o, ifMatch, err)
	case objstore.IsPrecondition(err) || ifMatch != "" && objstore.IsNotFound(err), isChanged(err):
		return "", refused, err
	}
	return "", broken, err
}

func (w *writer) learn(id string, o s3db.Object, ifMatch string, cause error) (string, fate, error) {
	got, err := w.t.store.Get(context.WithoutCancel(w.ctx), w.t.schema.DataKey(id), objstore.GetOptions{})
	if err != nil {
		return "", unknown, cause
	}
	same, err := sameBody(got, o)
	switch {
	case err != nil:
		return "", unknown, cause
	case same && maps.Equal(got.Metadata, o.Metadata):
		return got.ETag, landed, nil
	case got.ETag != ifMatch && w.t.unit.open():
		return "", refused, cause // nobody overwrites a row of an open unit
	}
	return "", unknown, cause // landed, and overwritten since, or not landed yet
}

// ambiguous says that a write may have been done although it failed.
func ambiguous(err error) bool {
	var e *objstore.Error
	return errors.As(err, &e) && e.Ambiguous
}
