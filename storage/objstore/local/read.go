package local

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Get implements objstore.Store. A body that lies in chunks is read from a
// snapshot: an overwrite does not disturb its reader.
func (s *Store) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	if err := s.enterKey(ctx, "GET", key); err != nil {
		return nil, err
	}
	defer s.leave()
	o, large, err := s.object(s.db, key, opt)
	if err != nil || large == nil {
		return o, s.fail("GET", key, err)
	}
	snapshot := s.db.NewSnapshot()
	o, large, err = s.object(snapshot, key, opt)
	if err != nil || large == nil { // it was removed, or has become small
		return o, s.fail("GET", key, errors.Join(err, snapshot.Close()))
	}
	large.from = snapshot
	s.bodies.add(large)
	return o, nil
}

// object reads the record of key. A large body has no reader to read from yet.
func (s *Store) object(from pebble.Reader, key string, opt objstore.GetOptions) (o *objstore.Object, large *largeBody, err error) {
	err = read(from, key, func(r record) error {
		info, err := r.info(key, true)
		if err != nil {
			return err
		}
		lo, hi, err := opt.Range(key, r.size)
		if err != nil {
			return err
		}
		o = &objstore.Object{Info: info}
		if r.chunked() {
			large = &largeBody{store: s, key: key, blob: r.blob(), at: lo, end: hi}
			o.Body = large
			return nil
		}
		o.Body = io.NopCloser(bytes.NewReader(slices.Clone(r.tail[lo:hi])))
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	return o, large, nil
}

// largeBody reads a blob chunk by chunk.
type largeBody struct {
	store   *Store
	key     string
	from    *pebble.Snapshot
	blob    uint64
	at, end int64
	chunk   []byte // what is left of the chunk at hand
}

func (b *largeBody) Read(p []byte) (int, error) {
	if b.at >= b.end {
		return 0, io.EOF
	}
	if len(b.chunk) == 0 {
		if err := b.load(); err != nil {
			return 0, err
		}
	}
	n := copy(p, b.chunk)
	b.chunk = b.chunk[n:]
	b.at += int64(n)
	return n, nil
}

// load fetches the chunk that holds position at.
func (b *largeBody) load() error {
	s := b.store
	s.life.RLock()
	defer s.life.RUnlock()
	if s.closed {
		return objstore.Errorf(objstore.Unavailable, "GET", b.key, "the store is closed")
	}
	chunk, err := readChunk(b.from, b.blob, b.at, b.end)
	if err != nil {
		return objstore.Wrap(objstore.Corrupt, "GET", b.key, err)
	}
	b.chunk = chunk
	return nil
}

// readChunk returns the bytes of a blob from at to the end of their chunk, or to
// end.
func readChunk(from pebble.Reader, blob uint64, at, end int64) ([]byte, error) {
	value, closer, err := from.Get(chunkKey(blob, uint32(at/chunkLen)))
	if err != nil {
		return nil, err
	}
	skip := at % chunkLen
	if skip >= int64(len(value)) {
		return nil, errors.Join(errRecord, closer.Close())
	}
	return slices.Clone(value[skip:min(int64(len(value)), skip+end-at)]), closer.Close()
}

// Close gives the snapshot back.
func (b *largeBody) Close() error {
	if !b.store.bodies.remove(b) {
		return nil
	}
	return b.from.Close()
}

// bodies are the large bodies that are being read.
type bodies struct {
	mu   sync.Mutex
	open map[*largeBody]struct{}
}

func (o *bodies) add(b *largeBody) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.open == nil {
		o.open = map[*largeBody]struct{}{}
	}
	o.open[b] = struct{}{}
}

// remove says whether b was still open.
func (o *bodies) remove(b *largeBody) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	_, ok := o.open[b]
	delete(o.open, b)
	return ok
}

func (o *bodies) closeAll() (err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for b := range o.open {
		err = errors.Join(err, b.from.Close())
	}
	o.open = nil
	return err
}

// cursor is a paging.Cursor over the objects of a snapshot.
type cursor struct {
	iter *pebble.Iterator
	from pebble.Reader
	key  string
}

func (c *cursor) Seek(key string) bool { return c.keep(c.iter.SeekGE(objectKey(key))) }
func (c *cursor) Next() bool           { return c.keep(c.iter.Next()) }
func (c *cursor) Key() string          { return c.key }
func (c *cursor) Err() error           { return c.iter.Error() }

func (c *cursor) keep(ok bool) bool {
	if ok {
		c.key = string(c.iter.Key()[1:])
	}
	return ok
}

func (c *cursor) Object(metadata, body bool) (objstore.Info, []byte, error) {
	info, b, err := c.object(metadata, body)
	if err != nil {
		return info, nil, objstore.Wrap(objstore.Corrupt, "LIST", c.key, err)
	}
	return info, b, nil
}

func (c *cursor) object(metadata, body bool) (objstore.Info, []byte, error) {
	value, err := c.iter.ValueAndErr()
	if err != nil {
		return objstore.Info{}, nil, err
	}
	r, err := decode(value)
	if err != nil {
		return objstore.Info{}, nil, err
	}
	info, err := r.info(c.key, metadata)
	if err != nil || !body || r.size > objstore.MaxListBody {
		return info, nil, err
	}
	if !r.chunked() {
		return info, slices.Clone(r.tail), nil
	}
	b, err := readBlob(c.from, r.blob(), r.size)
	return info, b, err
}

func readBlob(from pebble.Reader, blob uint64, size int64) ([]byte, error) {
	b := make([]byte, 0, size)
	for int64(len(b)) < size {
		chunk, err := readChunk(from, blob, int64(len(b)), size)
		if err != nil {
			return nil, err
		}
		b = append(b, chunk...)
	}
	return b, nil
}
