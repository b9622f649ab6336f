package rows

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Incremental ids are taken from s3db.js's own counter, under its own lock, so that both
// sides can number the rows of one resource at once. The lock alone protects nobody from
// a holder that sleeps past its time; so the counter is also put under the condition that
// it is as it was read, and not put at all once a third of the lock's time is over.
const (
	sequenceTTL   = 10 * time.Second // s3db.js's
	sequenceTries = 8
)

// NewIDs implements storage.Table: five requests however many ids are wanted.
func (t *table) NewIDs(ctx context.Context, n int) ([]string, error) {
	inc := t.def.Incremental
	if inc == nil || n == 0 {
		return nil, nil
	}
	if err := t.readOnly(); err != nil {
		return nil, err
	}
	_, key := t.schema.SequenceKeys()
	unlock, err := t.env.locks.lock(ctx, []string{key}) // of this process one at a time
	if err != nil {
		return nil, err
	}
	defer unlock()
	for range sequenceTries {
		first, ok, err := t.takeLocked(ctx, inc, n)
		if err != nil {
			return nil, objstore.ToPG(err)
		}
		if !ok {
			continue // another writer was faster, or the lock's time is over
		}
		ids := make([]string, n)
		for i := range ids {
			ids[i] = inc.Format(first + int64(i)*inc.Increment)
		}
		return ids, nil
	}
	return nil, busy("Other writers are numbering the rows of this table")
}

func (t *table) takeLocked(ctx context.Context, inc *s3db.Incremental, n int) (first int64, ok bool, err error) {
	lock, err := t.lockSequence(ctx)
	if err != nil {
		return 0, false, err
	}
	defer lock.release(ctx)
	key, _ := t.schema.SequenceKeys()
	o, err := t.store.Get(ctx, key, objstore.GetOptions{})
	var body []byte
	req := objstore.PutRequest{IfNoneMatch: true, ContentType: "application/json"}
	switch {
	case err == nil:
		if body, err = objstore.ReadBody(o, maxClaim); err != nil {
			return 0, false, err
		}
		req.IfMatch, req.IfNoneMatch = o.ETag, false
	case !objstore.IsNotFound(err):
		return 0, false, err
	}
	if first, req.Body, err = inc.Take(key, body, n, t.env.Clock.Now()); err != nil || lock.late() {
		return 0, false, err
	}
	_, err = t.store.Put(ctx, key, req)
	if objstore.IsPrecondition(err) || objstore.IsNotFound(err) || ambiguous(err) {
		return 0, false, nil // of an unknown outcome: numbers may be left out, none is given twice
	}
	return first, err == nil, err
}

// sequenceLock is a lock that this process holds.
type sequenceLock struct {
	t     *table
	key   string
	token string
	etag  string
	until time.Time
}

// lockSequence takes the lock: 40001 if its holder does not give it back in time.
func (t *table) lockSequence(ctx context.Context) (*sequenceLock, error) {
	_, key := t.schema.SequenceKeys()
	l := &sequenceLock{t: t, key: key, token: s3db.NewToken(t.env.Rand)}
	for p := t.newWait(); ; {
		now := t.env.Clock.Now()
		l.until = now.Add(sequenceTTL)
		res, err := t.store.Put(ctx, key, objstore.PutRequest{IfNoneMatch: true, ContentType: "application/json",
			Body: s3db.SequenceLock{Token: l.token, Expires: l.until}.Body(now)})
		if err == nil {
			l.etag = res.ETag
			return l, nil
		}
		if !objstore.IsPrecondition(err) && !ambiguous(err) {
			return nil, err
		}
		etag, mine, err := t.lookAtLock(ctx, l)
		if err != nil || mine {
			l.etag = etag
			return l, err
		}
		if err := p.again(ctx, "The ids of the table are being numbered by another writer"); err != nil {
			return nil, err
		}
	}
}

// lookAtLock reads the lock that is in the way, and removes one whose time is over, as
// s3db.js does. mine: the put did land.
func (t *table) lookAtLock(ctx context.Context, l *sequenceLock) (etag string, mine bool, err error) {
	o, err := t.store.Get(ctx, l.key, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return "", false, nil
	}
	if err != nil {
		return "", false, err
	}
	body, err := objstore.ReadBody(o, maxClaim)
	if err != nil {
		return "", false, err
	}
	held := s3db.ReadSequenceLock(body)
	if held.Token == l.token {
		return o.ETag, true, nil
	}
	if t.env.Clock.Now().After(held.Expires) {
		err = t.deleteIf(ctx, l.key, o.ETag)
	}
	return "", false, err
}

// deleteIf deletes an object that is still the one with the ETag, as well as the store
// can tell.
func (t *table) deleteIf(ctx context.Context, key, etag string) error {
	if t.store.Capabilities().ConditionalDelete {
		err := t.store.Delete(ctx, key, objstore.DeleteOptions{IfMatch: etag})
		if objstore.IsPrecondition(err) || objstore.IsNotFound(err) {
			return nil
		}
		return err
	}
	info, err := t.store.Head(ctx, key)
	if objstore.IsNotFound(err) || err == nil && info.ETag != etag {
		return nil
	}
	if err != nil {
		return err
	}
	return t.store.Delete(ctx, key, objstore.DeleteOptions{})
}

// late says that the lock may not be ours any more by the time that a request is done.
func (l *sequenceLock) late() bool {
	return l.t.env.Clock.Now().After(l.until.Add(-2 * sequenceTTL / 3))
}

// release gives the lock back, whatever became of the statement; one that stays ends
// with its time.
func (l *sequenceLock) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sequenceTTL)
	defer cancel()
	_ = l.t.deleteIf(ctx, l.key, l.etag)
}

// noID is 23502 for a row without an id where none is made here.
func (t *table) noID(column string) error {
	return pgerr.New(pgerr.NotNullViolation,
		"null value in column \"%s\" of relation \"%s\" violates not-null constraint", column, t.def.Name).
		WithRelation("", t.def.Name, column, "")
}
