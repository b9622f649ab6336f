package local

import (
	"context"
	"errors"
	"hash/maphash"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/cockroachdb/pebble/v2"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/internal/paging"
)

// stripes is the number of locks that writers of different keys share.
const stripes = 256

// Store is an objstore.Store in a folder.
type Store struct {
	objstore.Watchers // the folder's lock keeps other processes out
	db                *pebble.DB
	lock              *pebble.Lock
	clock             clock.Clock
	seed              maphash.Seed
	write             [stripes]sync.Mutex

	nextBlob atomic.Uint64

	// life is held for reading by each operation, and for writing by Close.
	life   sync.RWMutex
	closed bool
	bodies bodies
}

// Open opens or creates the store in dir. Objects are dated by clk. An error is
// Unavailable and says in plain words what is wrong with the folder.
func Open(dir string, clk clock.Clock) (*Store, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, objstore.Wrap(objstore.Unavailable, "OPEN", dir, err)
	}
	db, lock, err := openFolder(abs)
	if err != nil {
		return nil, objstore.Wrap(objstore.Unavailable, "OPEN", abs, err)
	}
	s := &Store{db: db, lock: lock, clock: clk, seed: maphash.MakeSeed()}
	if err := s.sweep(); err != nil {
		return nil, errors.Join(s.fail("OPEN", abs, err), s.Close())
	}
	return s, nil
}

// Capabilities implements objstore.Store: everything.
func (s *Store) Capabilities() objstore.Capabilities {
	return objstore.Capabilities{
		ConditionalPut: true, ConditionalDelete: true, ListMetadata: true, ListBodies: true, ReplacesMetadata: true,
		OrderedList: true, MaxMetadata: objstore.MaxMetadata, Durable: true, Name: "local",
	}
}

// Close waits for operations under way, closes the bodies that are still open
// and gives the folder free. Later operations are Unavailable.
func (s *Store) Close() error {
	s.life.Lock()
	defer s.life.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	return errors.Join(s.bodies.closeAll(), s.db.Close(), s.lock.Close())
}

// enter begins an operation; leave must follow if err is nil.
func (s *Store) enter(ctx context.Context, op, key string) error {
	if err := objstore.CtxError(ctx, op, key); err != nil {
		return err
	}
	s.life.RLock()
	if s.closed {
		s.life.RUnlock()
		return objstore.Errorf(objstore.Unavailable, op, key, "the store is closed")
	}
	return nil
}

func (s *Store) leave() { s.life.RUnlock() }

// enterKey is enter for an operation on one key.
func (s *Store) enterKey(ctx context.Context, op, key string) error {
	if err := objstore.CheckKey(op, key); err != nil {
		return err
	}
	return s.enter(ctx, op, key)
}

// fail classifies an error of the database; what is classified stays.
func (s *Store) fail(op, key string, err error) error {
	var known *objstore.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case errors.Is(err, pebble.ErrNotFound):
		return objstore.Errorf(objstore.NotFound, op, key, "")
	case errors.Is(err, errRecord), pebble.IsCorruptionError(err):
		return objstore.Wrap(objstore.Corrupt, op, key, err)
	default:
		return objstore.Wrap(objstore.Unavailable, op, key, err)
	}
}

// read calls f with the record of key, whose bytes are good until f returns.
func read(from pebble.Reader, key string, f func(record) error) error {
	value, closer, err := from.Get(objectKey(key))
	if err != nil {
		return err
	}
	r, err := decode(value)
	if err == nil {
		err = f(r)
	}
	return errors.Join(err, closer.Close())
}

// Head implements objstore.Store.
func (s *Store) Head(ctx context.Context, key string) (info objstore.Info, err error) {
	if err := s.enterKey(ctx, "HEAD", key); err != nil {
		return info, err
	}
	defer s.leave()
	err = read(s.db, key, func(r record) (err error) {
		info, err = r.info(key, true)
		return err
	})
	return info, s.fail("HEAD", key, err)
}

// List implements objstore.Store.
func (s *Store) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	if err := s.enter(ctx, "LIST", req.Prefix); err != nil {
		return nil, err
	}
	defer s.leave()
	page, err := s.list(ctx, req)
	if err != nil {
		return nil, s.fail("LIST", req.Prefix, err)
	}
	return page, nil
}

func (s *Store) list(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	snapshot := s.db.NewSnapshot()
	from, to := prefixRange(req.Prefix)
	iter, err := snapshot.NewIterWithContext(ctx, &pebble.IterOptions{LowerBound: from, UpperBound: to})
	if err != nil {
		return nil, errors.Join(err, snapshot.Close())
	}
	page, err := paging.Build(&cursor{iter: iter, from: snapshot}, req)
	return page, errors.Join(err, iter.Close(), snapshot.Close())
}

// stripesOf are the numbers of the locks of keys, in the order to take them.
func (s *Store) stripesOf(keys ...string) []int {
	numbers := make([]int, len(keys))
	for i, key := range keys {
		numbers[i] = int(maphash.String(s.seed, key) % stripes)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// lockKeys keeps other writers of keys away until unlock.
func (s *Store) lockKeys(keys ...string) (unlock func()) {
	numbers := s.stripesOf(keys...)
	for _, n := range numbers {
		s.write[n].Lock()
	}
	return func() {
		for _, n := range numbers {
			s.write[n].Unlock()
		}
	}
}
