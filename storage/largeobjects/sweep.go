package largeobjects

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// A COMMIT puts its chunks before the head that names them: a process that dies between
// the two leaves chunks that nobody reads.

// keepUnnamed is how old a chunk without a name must be to be removed: no COMMIT takes
// longer, whose head may be about to name it.
const keepUnnamed = 24 * time.Hour

// written are the chunks of one object in the store.
type written struct {
	oid      types.OID
	keys     []string // of those older than keepUnnamed
	versions map[string]bool
	newest   time.Time
}

// Sweep removes the chunks that no head names. It lists heads and chunks, and reads the
// heads of objects whose chunks are of several COMMITs or younger than the head.
func (s *Store) Sweep(ctx context.Context) error {
	before := s.clock.Now().Add(-keepUnnamed)
	heads := map[types.OID]time.Time{}
	err := s.eachListed(ctx, headPrefix, func(o objstore.Info) error {
		if oid, ok := oidOf(o.Key); ok {
			heads[oid] = o.LastModified
		}
		return nil
	})
	if err != nil {
		return err
	}
	w := &written{}
	err = s.eachListed(ctx, chunkPrefix, func(o objstore.Info) error {
		oid, version, ok := ofChunk(o.Key)
		if !ok {
			return nil
		}
		if oid != w.oid {
			if err := s.sweepObject(ctx, w, heads); err != nil {
				return err
			}
			w = &written{oid: oid, versions: map[string]bool{}}
		}
		w.versions[version] = true
		if o.LastModified.After(w.newest) {
			w.newest = o.LastModified
		}
		if o.LastModified.Before(before) {
			w.keys = append(w.keys, o.Key)
		}
		return nil
	})
	return errors.Join(err, s.sweepObject(ctx, w, heads))
}

// sweepObject removes the old chunks of an object that its head does not name, unless a
// transaction of this process reads it.
func (s *Store) sweepObject(ctx context.Context, w *written, heads map[types.OID]time.Time) error {
	head, exists := heads[w.oid]
	if len(w.keys) == 0 || exists && len(w.versions) == 1 && !w.newest.After(head) || s.held(w.oid) {
		return nil
	}
	h, _, err := s.readHead(ctx, w.oid)
	if err != nil {
		return err
	}
	named := map[string]bool{}
	h.each(func(c stored) { named[c.key(w.oid)] = true })
	var unnamed []string
	for _, key := range w.keys {
		if !named[key] {
			unnamed = append(unnamed, key)
		}
	}
	for some := range slices.Chunk(unnamed, objstore.MaxListKeys) {
		if err := s.objects.DeleteBatch(ctx, some); err != nil {
			return objstore.ToPG(err)
		}
	}
	return nil
}

// held says whether a transaction of this process uses an object.
func (s *Store) held(oid types.OID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.readers[oid] > 0
}

// eachListed calls f with every object below a prefix, in the order of their keys.
func (s *Store) eachListed(ctx context.Context, prefix string, f func(objstore.Info) error) error {
	return s.eachPage(ctx, objstore.ListRequest{Prefix: prefix}, func(page *objstore.ListPage) error {
		for _, o := range page.Objects {
			if err := f(o); err != nil {
				return err
			}
		}
		return nil
	})
}

// ofChunk is the object and the version that a chunk's key says; false for what is none.
func ofChunk(key string) (oid types.OID, version string, ok bool) {
	parts := strings.Split(strings.TrimPrefix(key, chunkPrefix), "/")
	if len(parts) != 3 {
		return 0, "", false
	}
	n, err := strconv.ParseUint(parts[0], 10, 32)
	return types.OID(n), parts[1], err == nil
}
