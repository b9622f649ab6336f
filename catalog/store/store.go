package store

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/catalog"
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

	foreign foreignRows
}

var _ catalog.Catalog = (*Store)(nil)

// Open loads the catalog; a database without s3db.json is empty, and nothing is
// written. Errors of the store are *objstore.Error; XX001 for a damaged catalog.
func Open(ctx context.Context, env *Env) (*Store, error) {
	var err error
	if env.ordered, err = s3db.NewIDGenerator("ulid", 0, env.Rand, env.Clock); err != nil {
		return nil, err
	}
	s := &Store{
		env: env,
		rowsEnv: &rows.Env{Objects: env.Objects, Clock: env.Clock, Rand: env.Rand, FanOut: env.FanOut, Stats: rows.NewStatsCache(), Lease: env.Lease, Fleeting: env.Temporary != "",
			Cache: rows.NewCache(env.CacheMemory)},
		writer: &s3db.ManifestWriter{Store: env.Objects, Clock: env.Clock, Rand: env.Rand, Holder: "s3db-sql"},
	}
	s.rowsEnv.Foreign = s.foreign.met
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
	return s.Sweep(ctx)
}

// load reads both objects and replaces the snapshot.
func (s *Store) load(ctx context.Context) error {
	m, etag, err := s3db.LoadManifest(ctx, s.env.Objects, s.env.Clock)
	if err != nil {
		return err
	}
	w, ownETag, err := loadOwn(ctx, s.env.Objects)
	if err != nil {
		return err
	}
	s.replace(&state{env: s.env, manifest: m, own: w}, etag, ownETag)
	return nil
}

func (s *Store) replace(st *state, manifestETag, ownETag string) {
	s.loads++
	s.etags = [2]string{manifestETag, ownETag}
	doubts := s.foreign.version.Load()
	sn := newSnapshot(s.env, s.doubted(st), s.loads, s.rowsEnv)
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
	t := &tx{store: s, base: base}
	t.use(base.state)
	return t
}

// commit replays changes on a fresh read under the manifest's lock.
func (s *Store) commit(ctx context.Context, changes []change) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var st *state
	var ownETag string
	m, etag, err := s.writer.Update(ctx, func(m *s3db.Manifest) error {
		w, read, err := loadOwn(ctx, s.env.Objects)
		if err != nil {
			return err
		}
		st = &state{env: s.env, manifest: m, own: w}
		for _, c := range changes {
			if err := c(st); err != nil {
				return err
			}
		}
		st.own.Changes++
		ownETag, err = st.own.save(ctx, s.env.Objects, read)
		return err
	})
	if err != nil {
		return objstore.ToPG(err)
	}
	st.manifest, st.retired = m, nil
	st.own.settle()
	s.replace(st, etag, ownETag)
	return nil
}
