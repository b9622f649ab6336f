package largeobjects

import (
	"cmp"
	"context"
	"encoding/hex"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// fanOut is how many requests of one transaction are under way at a time.
const fanOut = 8

// maxKnown bounds the heads that the process remembers for List.
const maxKnown = 100_000

// Store implements storage.LargeObjects over an object store.
type Store struct {
	objects objstore.Store
	clock   clock.Clock
	rand    rng.Source

	mu sync.Mutex
	// readers counts the transactions that have used an object, garbage are its chunks
	// that no head names, to be removed with the last of them.
	readers map[types.OID]int
	garbage map[types.OID][]string
	// known are heads without their content, each as true as its tag.
	known map[types.OID]knownHead
}

type knownHead struct {
	etag string
	gone bool
	info storage.LargeObject
}

var _ storage.LargeObjects = (*Store)(nil)

// New makes a Store; it makes no request.
func New(objects objstore.Store, c clock.Clock, rand rng.Source) *Store {
	return &Store{objects: objects, clock: c, rand: rand, readers: map[types.OID]int{}, garbage: map[types.OID][]string{}, known: map[types.OID]knownHead{}}
}

// Begin implements storage.LargeObjects.
func (s *Store) Begin(dir string, limit int64) storage.LargeObjectTx {
	return &tx{store: s, buffers: buffers{dir: dir, limit: max(limit, 2*chunkSize)}, objects: map[types.OID]*object{}}
}

// newVersion names a COMMIT's writes.
func (s *Store) newVersion() string {
	var b [8]byte
	s.rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// hold keeps an object's chunks until as many calls of release.
func (s *Store) hold(oid types.OID) {
	s.mu.Lock()
	s.readers[oid]++
	s.mu.Unlock()
}

// release gives an object back, with chunks of it that no head names any more, and
// returns those that nobody reads.
func (s *Store) release(oid types.OID, dropped []string) (unread []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := append(s.garbage[oid], dropped...)
	if s.readers[oid]--; s.readers[oid] > 0 {
		if len(all) > 0 {
			s.garbage[oid] = all
		}
		return nil
	}
	delete(s.readers, oid)
	delete(s.garbage, oid)
	return all
}

// list reads what is kept of every object, by oid.
func (s *Store) list(ctx context.Context) ([]storage.LargeObject, error) {
	var out []storage.LargeObject
	req := objstore.ListRequest{Prefix: headPrefix, WithBodies: s.objects.Capabilities().ListBodies}
	err := s.eachPage(ctx, req, func(page *objstore.ListPage) error {
		infos, err := s.listed(ctx, page)
		out = append(out, infos...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(out, func(a, b storage.LargeObject) int { return cmp.Compare(a.OID, b.OID) })
	return out, nil
}

// eachPage calls f with the pages of a listing.
func (s *Store) eachPage(ctx context.Context, req objstore.ListRequest, f func(*objstore.ListPage) error) error {
	for {
		page, err := s.objects.List(ctx, req)
		if err != nil {
			return objstore.ToPG(err)
		}
		if err := f(page); err != nil {
			return err
		}
		if !page.More {
			return nil
		}
		req.StartAfter = page.Next
	}
}

// listed are the objects of a page: from memory where the tag vouches for it.
func (s *Store) listed(ctx context.Context, page *objstore.ListPage) ([]storage.LargeObject, error) {
	found := make([]knownHead, len(page.Objects))
	err := sideBySide(len(found), func(i int) (err error) {
		var body []byte
		if page.Bodies != nil {
			body = page.Bodies[i]
		}
		found[i], err = s.headOf(ctx, page.Objects[i], body)
		return err
	})
	var out []storage.LargeObject
	for _, k := range found {
		if !k.gone {
			out = append(out, k.info)
		}
	}
	return out, err
}

func (s *Store) headOf(ctx context.Context, listed objstore.Info, body []byte) (knownHead, error) {
	oid, ok := oidOf(listed.Key)
	if !ok {
		return knownHead{gone: true}, nil
	}
	s.mu.Lock()
	k := s.known[oid]
	s.mu.Unlock()
	if k.etag != "" && k.etag == listed.ETag {
		return k, nil
	}
	var h *head
	var err error
	if body != nil {
		h, err = parseHead(oid, body)
	} else {
		h, listed, err = s.readHead(ctx, oid)
	}
	if err != nil || h == nil {
		return knownHead{gone: true}, err
	}
	return s.remember(oid, h, listed.ETag), nil
}

// remember keeps what a head says for List.
func (s *Store) remember(oid types.OID, h *head, etag string) knownHead {
	k := knownHead{etag: etag, gone: h.Gone, info: h.info(oid)}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.known) >= maxKnown {
		clear(s.known)
	}
	s.known[oid] = k
	return k
}

// sideBySide calls f for 0 … n-1, some at a time, and returns the first error; nothing
// begins after it.
func sideBySide(n int, f func(i int) error) error {
	g, failed := errgroup.WithContext(context.Background())
	g.SetLimit(fanOut)
	for i := 0; i < n && failed.Err() == nil; i++ {
		g.Go(func() error { return f(i) })
	}
	return g.Wait()
}
