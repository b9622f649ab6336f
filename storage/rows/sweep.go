package rows

import (
	"context"
	"errors"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// The record of a transaction that another server has aborted stays for keepAborted: a
// server that was paused for less and comes back writes rows that nobody believes. That of
// one that its owner has taken back stays for keepRolledBack: after that no store carries
// out a request of before.
const (
	keepAborted    = 24 * time.Hour
	keepRolledBack = 2 * maxSkew
)

// kept is how long the record of a transaction that was taken back stays.
func (rec *txRecord) kept() time.Duration {
	if rec.State == stateRolledBack {
		return keepRolledBack
	}
	return keepAborted
}

// Sweep finishes what dead servers have left: transactions whose record has not
// changed for a lease are taken back, or cleaned up after if they were committed. In a
// store that only this process writes to there is nobody to wait for.
func (e *Env) Sweep(ctx context.Context) error {
	errs := []error{deleteAll(ctx, e.Objects, e.expired())}
	err := e.eachRecord(ctx, func(tag uint64, o objstore.Info) error {
		if u, _ := e.units.find(tag); u == nil && (e.alone() || e.old(o.Key, o.ETag)) {
			errs = append(errs, e.sweepOne(ctx, tag, o.LastModified))
		}
		return nil
	})
	if !e.alone() && err == nil {
		_, _, err = e.lookAgain(ctx, nil)
	}
	return objstore.ToPG(errors.Join(append(errs, err)...))
}

func (e *Env) sweepOne(ctx context.Context, tag uint64, modified time.Time) error {
	rec, etag, err := e.readHead(ctx, tag)
	if rec == nil || err != nil {
		return err
	}
	over := rec.over()
	if over && !e.alone() && e.Clock.Now().Sub(modified) < rec.kept() {
		return nil
	}
	if err := e.askCatalog(ctx, tag, rec, true); err != nil {
		return err
	}
	if rec.State == stateCommitted {
		err = e.finish(ctx, tag, rec)
	} else {
		_, err = e.takeBack(ctx, tag, rec, etag)
	}
	if err == nil && (e.alone() || rec.State == stateCommitted || over) {
		err = e.removeRecord(ctx, tag)
		e.over(tag)
	}
	return err
}

// askCatalog asks for the fate of a record that the catalog decides, and makes it that of
// the record that was read. refuse: where it has not decided yet, the unit is dead.
func (e *Env) askCatalog(ctx context.Context, tag uint64, rec *txRecord, refuse bool) error {
	if rec == nil || !rec.Catalog || rec.State != statePending || e.Decided == nil {
		return nil
	}
	counts, err := e.Decided(ctx, tag, refuse)
	if counts {
		rec.State = stateCommitted
	}
	return err
}

func (e *Env) over(tag uint64) {
	if e.Over != nil {
		e.Over(tag)
	}
}

// takeBack puts the rows of a dead server's unit back: open where its owner lives.
func (e *Env) takeBack(ctx context.Context, tag uint64, rec *txRecord, etag string) (unitFate, error) {
	if rec.State == statePending && !e.alone() {
		rec.State, rec.Beat = stateAborted, e.Rand.Uint64()
		switch _, f, err := e.putRecord(ctx, tag, *rec, etag); f {
		case refused: // another server was first, or its owner lives
			return fateOpen, nil
		case broken, unknown:
			return fateOpen, err
		}
	}
	if err := e.restore(ctx, tag, rec); err != nil {
		return fateOpen, err
	}
	if rec.State == stateRolledBack {
		return fateSettled, nil
	}
	return fateDead, nil
}

// fate is what has become of a unit.
type unitFate uint8

const (
	fateOpen    unitFate = iota
	fateSettled          // its rows are as they are to be
	fateDead             // another server aborted it: its owner is gone
)

// fateOf asks for the fate of a tag. A dead server's unit is finished on the way.
func (e *Env) fateOf(ctx context.Context, tag uint64) (unitFate, error) {
	u, k := e.units.find(tag)
	switch {
	case u != nil && u.open():
		return fateOpen, nil
	case u != nil, k == settled, (k == undone || k == nothing) && e.alone():
		return fateSettled, nil
	}
	rec, etag, err := e.readHead(ctx, tag)
	if err == nil {
		err = e.askCatalog(ctx, tag, rec, rec != nil && rec.State == statePending && e.old(recordKey(tag), etag))
	}
	switch {
	case err != nil:
		return fateOpen, err
	case rec == nil, rec.State == stateCommitted:
		e.units.settle(tag)
		return fateSettled, nil
	case rec.State == statePending && !e.old(recordKey(tag), etag):
		return fateOpen, nil
	}
	f, err := e.takeBack(ctx, tag, rec, etag)
	return f, objstore.ToPG(err)
}

func ignoreNotFound(err error) error {
	if objstore.IsNotFound(err) {
		return nil
	}
	return err
}

// restore puts the rows of an aborted transaction back, those that it has written
// and nobody has restored.
func (e *Env) restore(ctx context.Context, tag uint64, rec *txRecord) error {
	return e.eachSegment(ctx, tag, rec, func(rows []txEntry) error {
		return e.sideways(len(rows), func(k int) error {
			key, old := rows[k].Key, rows[k].Old
			etag, is, err := e.under(ctx, tag, key)
			if !is || err != nil {
				return err
			}
			if old == nil {
				return e.takeAway(ctx, key, etag)
			}
			return changedSince(e.putBack(ctx, key, old, etag))
		})
	})
}

// finish does what the owner of a committed record was about to do.
func (e *Env) finish(ctx context.Context, tag uint64, rec *txRecord) error {
	for _, resource := range rec.Empty {
		if err := e.empty(ctx, resource); err != nil {
			return err
		}
	}
	if err := e.removeDoomed(ctx, tag, rec.Doomed); err != nil {
		return err
	}
	return e.unbury(ctx, tag, rec)
}

// putBack writes a row's old object in the place of the one that has an ETag.
func (e *Env) putBack(ctx context.Context, key string, old *oldObject, etag string) error {
	o := s3db.Object{Body: old.Body, Metadata: objstore.Metadata(old.Metadata), ContentType: old.Type, External: old.external(e)}
	req, done, err := e.upload(ctx, o)
	if err != nil {
		return err
	}
	defer done()
	req.IfMatch = etag
	_, err = e.Objects.Put(ctx, key, req)
	return err
}

// unbury removes the tombstones of a committed transaction.
func (e *Env) unbury(ctx context.Context, tag uint64, rec *txRecord) error {
	return e.eachSegment(ctx, tag, rec, func(rows []txEntry) error {
		return e.sideways(len(rows), func(k int) error {
			if rows[k].Old == nil {
				return nil
			}
			info, err := e.Objects.Head(ctx, rows[k].Key)
			if err != nil {
				return ignoreNotFound(err)
			}
			if got, ok := tagOf(info, nil); !isTombstone(info) || !ok || got != tag {
				return nil
			}
			return e.takeAway(ctx, rows[k].Key, info.ETag)
		})
	})
}

// under says whether the object at key was written under a tag, and its ETag.
func (e *Env) under(ctx context.Context, tag uint64, key string) (etag string, is bool, err error) {
	o, err := e.Objects.Get(ctx, key, objstore.GetOptions{})
	if err != nil {
		return "", false, ignoreNotFound(err)
	}
	if o.Size > types.ToastThreshold { // what has a tag is smaller, but for JSON of that size
		_ = o.Body.Close()
		if o, err = e.Objects.Get(ctx, key, objstore.GetOptions{Offset: o.Size - s3db.StampLen, Length: s3db.StampLen}); err != nil {
			return "", false, ignoreNotFound(err)
		}
		o.Size = s3db.StampLen
	}
	body, err := objstore.ReadBody(o, maxBody)
	if err != nil {
		return "", false, err
	}
	got, ok := tagOf(o.Info, body)
	return o.ETag, ok && got == tag, nil
}

// takeAway removes the object that has an ETag: where DELETE takes no condition, by
// a tombstone first (rowwrite.go, exhume).
func (e *Env) takeAway(ctx context.Context, key, etag string) error {
	if e.Objects.Capabilities().ConditionalDelete {
		return changedSince(e.Objects.Delete(ctx, key, objstore.DeleteOptions{IfMatch: etag}))
	}
	o := tombstone("", e.Rand)
	_, err := e.Objects.Put(ctx, key, objstore.PutRequest{Body: o.Body, Metadata: o.Metadata, IfMatch: etag})
	if objstore.IsPrecondition(err) || objstore.IsNotFound(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return e.Objects.Delete(ctx, key, objstore.DeleteOptions{})
}

// changedSince: an object that has changed was restored, or written, by another one.
func changedSince(err error) error {
	if objstore.IsPrecondition(err) {
		return nil
	}
	return ignoreNotFound(err)
}

// sideways runs f for 0 to n-1, FanOut at a time.
func (e *Env) sideways(n int, f func(k int) error) error {
	var first firstError
	limit := e.FanOut
	if limit <= 0 {
		limit = defaultFanOut
	}
	sideways(n, limit, func(k int) {
		if err := f(k); err != nil {
			first.set(err)
		}
	})
	return first.get()
}
