package store

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Store is the catalog of one database. It is safe for concurrent use.
type Store struct {
	env     *Env
	rowsEnv *rows.Env
	writer  *s3db.ManifestWriter

	current atomic.Pointer[snapshot]
	mu      sync.Mutex // serialises loads and commits of this process
	etags   [2]string  // of the manifest and our own object, as loaded
	loads   uint64
	kept    kept

	foreign foreignRows
}

var _ catalog.Catalog = (*Store)(nil)

// Open loads the catalog; a database without s3db.json is empty, and nothing is
// written. Errors of the store are *objstore.Error; XX001 for a damaged catalog.
func Open(ctx context.Context, env *Env) (*Store, error) {
	env.done = &doneNames{}
	var err error
	if env.ordered, err = s3db.NewIDGenerator("ulid", 0, env.Rand, env.Clock); err != nil {
		return nil, err
	}
	s := &Store{
		env: env,
		rowsEnv: &rows.Env{Objects: env.Objects, Clock: env.Clock, Rand: env.Rand, FanOut: env.FanOut, Stats: rows.NewStatsCache(), Lease: env.Lease, Fleeting: env.Temporary != "",
			TempDir: env.TempDir,
			Cache:   rows.NewCache(env.CacheMemory)},
		writer: &s3db.ManifestWriter{Store: env.Objects, Clock: env.Clock, Rand: env.Rand, Holder: "s3db-sql"},
	}
	s.rowsEnv.Foreign, s.rowsEnv.Decided, s.rowsEnv.Over = s.foreign.met, s.decided, func(tag uint64) { env.done.add(tagName(tag)) }
	s.rowsEnv.Dropped = env.done.add
	return s, s.load(ctx)
}

// Sweep finishes the transactions of servers that are gone (rows.Env.Sweep).
func (s *Store) Sweep(ctx context.Context) error { return s.rowsEnv.Sweep(ctx) }

// Recover is the first Sweep of a process. In a store that only this process writes to
// nobody else holds the catalog's lock either.
func (s *Store) Recover(ctx context.Context) error {
	if _, alone := objstore.Watch(s.env.Objects, ""); alone {
		if err := s.writer.Unlock(ctx); err != nil {
			return err
		}
	}
	return errors.Join(s.Sweep(ctx), s.clear(ctx))
}

// load reads both objects and replaces the snapshot.
func (s *Store) load(ctx context.Context) error {
	m, etag, err := s3db.LoadManifest(ctx, s.env.Objects, s.env.Clock)
	if err != nil {
		return err
	}
	w, ownETag, err := loadOwn(ctx, s.env.Objects, m.Digest())
	if err != nil {
		return err
	}
	s.replace(&state{env: s.env, manifest: m, own: w}, etag, ownETag)
	return nil
}

// kept is our own object as this process wrote it last, and its text without what it was
// before. It stands while the store says the same ETag.
type kept struct {
	own  *own
	text []byte
	etag string
}

// readOwn reads our own object for a commit, as it counts with the manifest of that
// digest: a copy to be changed, its text, and the ETag.
func (s *Store) readOwn(ctx context.Context, digest string) (*own, []byte, string, error) {
	if s.kept.own != nil {
		info, err := s.env.Objects.Head(ctx, ownKey)
		if err != nil && !objstore.IsNotFound(err) {
			return nil, nil, "", err
		}
		if info.ETag == s.kept.etag && digest != s.kept.own.Was {
			return s.kept.own.clone(), s.kept.text, s.kept.etag, nil
		}
	}
	w, etag, err := loadOwn(ctx, s.env.Objects, digest)
	if err != nil {
		return nil, nil, "", err
	}
	w.Before = nil
	text, err := w.text()
	return w, text, etag, err
}

func (s *Store) replace(st *state, manifestETag, ownETag string) {
	s.loads++
	s.etags = [2]string{manifestETag, ownETag}
	doubts := s.foreign.version.Load()
	sn := newSnapshot(s.env, s.doubted(st), s.loads, s.rowsEnv, s.current.Load())
	sn.doubts.Store(doubts)
	s.current.Store(sn)
}

// Snapshot implements catalog.Catalog.
func (s *Store) Snapshot() catalog.Reader { return s.fresh() }

// Refresh implements catalog.Catalog: two HEADs, and two GETs if something
// changed. It also writes down which tables another writer was seen in.
func (s *Store) Refresh(ctx context.Context) error {
	if err := s.distrust(ctx); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, key := range []string{s3db.ManifestKey, ownKey} {
		info, err := s.env.Objects.Head(ctx, key)
		if err != nil && !objstore.IsNotFound(err) {
			return err
		}
		if info.ETag != s.etags[i] {
			return s.load(ctx)
		}
	}
	return nil
}

// Begin implements catalog.Catalog.
func (s *Store) Begin() catalog.Tx {
	base := s.fresh()
	return &tx{store: s, base: base, state: base.state, view: base}
}

// commit replays changes on a fresh read under the manifest's lock. An error after which
// nobody knows whether it did is 08007.
func (s *Store) commit(ctx context.Context, changes []change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &committing{store: s, changes: changes, done: s.env.done.all()}
	m, etag, err := s.writer.Update(ctx, func(m *s3db.Manifest, digest string) error { return c.change(ctx, m, digest) },
		func(was, is string) error { return c.seal(ctx, was, is) })
	if err != nil {
		return c.failure(err)
	}
	c.state.manifest, c.state.retired = m, nil
	c.state.own.settle()
	s.env.done.forget(c.done)
	s.kept = kept{c.state.own, c.text, c.etag}
	s.replace(c.state, etag, c.etag)
	return nil
}

// committing is one commit.
type committing struct {
	store   *Store
	changes []change
	done    map[string]bool

	state  *state
	read   string // ETag of our own object as it was read
	before []byte // it, as it counts until the manifest is written
	text   []byte // as it will count
	etag   string // as it was written
}

// change makes the changes. What an earlier try of this commit has written of our own
// object does not count.
func (c *committing) change(ctx context.Context, m *s3db.Manifest, digest string) error {
	w, text, read, err := c.store.readOwn(ctx, digest)
	if err == nil && c.etag != "" && read == c.etag {
		text = c.before
		w, err = parseOwn(text)
	}
	if err != nil {
		return err
	}
	c.read, c.before, c.state = read, text, &state{env: c.store.env, manifest: m, own: w}
	w.forget(c.done, c.store.env.Clock.Now())
	for _, change := range c.changes {
		if err := change(c.state); err != nil {
			return err
		}
	}
	w.Changes++
	return nil
}

// seal writes our own object, which waits for the manifest that is written next.
func (c *committing) seal(ctx context.Context, was, is string) (err error) {
	w := c.state.own
	w.Nonce = c.store.env.Rand.Uint64()
	before := w.seal(was, is, c.before)
	if c.text, err = w.text(); err != nil {
		return err
	}
	etag, err := saveOwn(ctx, c.store.env.Objects, withBefore(c.text, before), c.read)
	if err == nil {
		c.etag = etag
	}
	return err
}

// failure is what has become of a commit that ended with an error. Our own object, where
// it was written, is put back: a manifest that yet another writer changes does not tell
// that it waits.
func (c *committing) failure(err error) error {
	var e *objstore.Error
	if errors.As(err, &e) && e.Ambiguous {
		return pgerr.New(pgerr.TransactionResolutionUnknown, "the store does not say whether the definitions were changed").WithCause(err)
	}
	if c.etag != "" {
		// It waits in vain if this fails.
		_, _ = c.store.env.Objects.Put(context.Background(), ownKey, objstore.PutRequest{Body: c.before, ContentType: "application/json", IfMatch: c.etag})
	}
	return objstore.ToPG(err)
}
