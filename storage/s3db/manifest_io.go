package s3db

import (
	"context"
	"strconv"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// maxManifest bounds what LoadManifest reads.
const maxManifest = 256 << 20

// LoadManifest reads the catalog and its ETag; a missing one is an empty
// manifest with ETag "". Errors of the store are *objstore.Error, a damaged
// catalog is XX001.
func LoadManifest(ctx context.Context, st objstore.Store, clk clock.Clock) (*Manifest, string, error) {
	o, err := st.Get(ctx, ManifestKey, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		m := NewManifest(clk.Now())
		m.missing = true
		return m, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	data, err := objstore.ReadBody(o, maxManifest)
	if err != nil {
		return nil, "", err
	}
	m, err := ParseManifest(data)
	return m, o.ETag, err
}

// ManifestWriter changes the catalog as sections 3 and 15 say: under the lock
// object that s3db.js 19 and 21 take, on a fresh read, with If-Match. Update is for one
// caller at a time.
type ManifestWriter struct {
	Store objstore.Store
	Clock clock.Clock
	Rand  rng.Source
	// Holder names this process in the lock object.
	Holder string

	last written
}

// written is a manifest as it stands in the store, nil for none.
type written struct {
	m            *Manifest
	etag, digest string
}

// read returns the manifest. One that has not changed since this writer wrote it is not
// read again.
func (w *ManifestWriter) read(ctx context.Context) (written, error) {
	if w.last.m != nil {
		info, err := w.Store.Head(ctx, ManifestKey)
		if err != nil && !objstore.IsNotFound(err) {
			return written{}, err
		}
		if info.ETag == w.last.etag {
			return w.last, nil
		}
	}
	m, etag, err := LoadManifest(ctx, w.Store, w.Clock)
	if err != nil {
		return written{}, err
	}
	return written{m, etag, m.Digest()}, nil
}

// The lock of s3db.js's S3Mutex: how long it holds, what PluginStorage adds to
// that, and how long we wait for another's.
const (
	lockKey     = "plugin=s3db-core/locks/namespace=metadata/s3db-metadata.json"
	lockTTL     = 30 * time.Second
	lockSlack   = 60 * time.Second
	lockPatient = 40 * time.Second
	lockPause   = 100 * time.Millisecond
	saveTries   = 3
)

// Update reads the catalog, applies change, and writes it if it differs; change gets its
// digest too, and is called again when another writer was faster. seal, which may be nil, is called right
// before the write, with the catalog's digest as it was read and as it will be (Digest). An
// error of either ends it with nothing written. 55P03 if the lock can't be had, 40001 after
// three lost races; an error of the store that is Ambiguous may have written it.
func (w *ManifestWriter) Update(ctx context.Context, change func(m *Manifest, digest string) error, seal func(was, is string) error) (*Manifest, string, error) {
	lock, err := w.lock(ctx)
	if err != nil {
		return nil, "", err
	}
	defer w.unlock(ctx, lock)
	for try := 0; ; try++ {
		m, etag, err := w.update(ctx, change, seal)
		if !objstore.IsPrecondition(err) && !objstore.IsNotFound(err) {
			return m, etag, err
		}
		if try+1 == saveTries {
			return nil, "", pgerr.New(pgerr.SerializationFailure, "could not write the catalog %s due to concurrent update", ManifestKey).WithCause(err)
		}
	}
}

func (w *ManifestWriter) update(ctx context.Context, change func(m *Manifest, digest string) error, seal func(was, is string) error) (*Manifest, string, error) {
	was, err := w.read(ctx)
	if err != nil {
		return nil, "", err
	}
	m := was.m.Clone()
	if err := change(m, was.digest); err != nil {
		return nil, "", err
	}
	var body []byte
	is := was
	if was.etag == "" || !m.equal(was.m) {
		m.Touch(w.Clock.Now())
		body = m.Bytes()
		is = written{m: m, digest: digestOf(body)}
	}
	if seal != nil {
		if err := seal(was.digest, is.digest); err != nil {
			return nil, "", err
		}
	}
	if body == nil {
		return m, was.etag, nil
	}
	is.etag, err = objstore.PutSettled(ctx, w.Store, ManifestKey, objstore.PutRequest{
		Body: body, ContentType: jsonType, IfMatch: was.etag, IfNoneMatch: was.etag == "",
	})
	if err == nil {
		w.last = is
	}
	return m, is.etag, err
}

// jsonType is the content type of JSON bodies.
const jsonType = "application/json"

// held is a lock that we have.
type held struct{ id, etag string }

func (w *ManifestWriter) lock(ctx context.Context) (held, error) {
	deadline := w.Clock.Now().Add(lockPatient)
	pause := lockPause
	for {
		l, holder, err := w.tryLock(ctx)
		if err != nil || l.etag != "" {
			return l, err
		}
		if w.Clock.Now().After(deadline) {
			return held{}, pgerr.New(pgerr.LockNotAvailable, "could not lock the catalog %s", ManifestKey).
				WithDetail("The lock %s is held by %s.", lockKey, holder)
		}
		select {
		case <-ctx.Done():
			return held{}, objstore.CtxError(ctx, "PUT", lockKey)
		case <-w.Clock.After(pause):
		}
		pause = min(2*pause, 2*time.Second)
	}
}

// tryLock takes the lock if it is free or expired; else it returns no ETag and
// who has it.
func (w *ManifestWriter) tryLock(ctx context.Context) (held, string, error) {
	l, err := w.putLock(ctx, objstore.PutRequest{IfNoneMatch: true})
	if !objstore.IsPrecondition(err) {
		return l, "", err
	}
	o, err := w.Store.Get(ctx, lockKey, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return held{}, "", nil // released meanwhile: try again
	}
	if err != nil {
		return held{}, "", err
	}
	body, err := objstore.ReadBody(o, 1<<20)
	if err != nil {
		return held{}, "", err
	}
	holder, expired := w.readLock(body)
	if !expired {
		return held{}, holder, nil
	}
	l, err = w.putLock(ctx, objstore.PutRequest{IfMatch: o.ETag})
	if objstore.IsPrecondition(err) || objstore.IsNotFound(err) {
		return held{}, holder, nil
	}
	return l, holder, err
}

// readLock says who holds a lock and whether its time is over. What can't be
// read is nobody's.
func (w *ManifestWriter) readLock(body []byte) (holder string, expired bool) {
	v, err := ojson.Parse(string(body))
	if err != nil {
		return "nobody", true
	}
	holder, _ = v.GetStr("holderId")
	until, ok := v.GetInt("expiresAt")
	return holder, !ok || int64(until) <= w.Clock.Now().UnixMilli()
}

func (w *ManifestWriter) putLock(ctx context.Context, req objstore.PutRequest) (held, error) {
	now := w.Clock.Now()
	id := "lock-" + w.Holder + "-" + strconv.FormatInt(now.UnixMilli(), 10) + "-" + strconv.FormatUint(w.Rand.Uint64(), 36)
	v := ojson.Obj()
	v.Set("lockId", ojson.Str(id))
	v.Set("holderId", ojson.Str(w.Holder))
	v.Set("acquiredAt", ojson.Int(int(now.UnixMilli())))
	v.Set("expiresAt", ojson.Int(int(now.Add(lockTTL).UnixMilli())))
	v.Set("_expiresAt", ojson.Int(int(now.Add(lockTTL+lockSlack).UnixMilli())))
	req.Body, req.ContentType = []byte(v.Compact()), jsonType
	res, err := w.Store.Put(ctx, lockKey, req)
	return held{id, res.ETag}, err
}

// unlock gives the lock back if it is still ours. It must happen even when the
// statement was cancelled; a failure only makes others wait for the lock to
// expire.
func (w *ManifestWriter) unlock(ctx context.Context, l held) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lockTTL)
	defer cancel()
	if w.Store.Capabilities().ConditionalDelete {
		_ = w.Store.Delete(ctx, lockKey, objstore.DeleteOptions{IfMatch: l.etag})
		return
	}
	info, err := w.Store.Head(ctx, lockKey)
	if err == nil && info.ETag == l.etag {
		_ = w.Store.Delete(ctx, lockKey, objstore.DeleteOptions{})
	}
}

// Unlock removes the lock, whoever holds it: for who knows that there is no other writer.
func (w *ManifestWriter) Unlock(ctx context.Context) error {
	return w.Store.Delete(ctx, lockKey, objstore.DeleteOptions{})
}
