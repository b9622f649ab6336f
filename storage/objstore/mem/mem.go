package mem

import (
	"bytes"
	"context"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/internal/paging"
)

// Store is an objstore.Store in memory.
type Store struct {
	clock clock.Clock
	mu    sync.RWMutex
	keys  sorted
	objstore.Watchers
}

// object is never changed once it is in the store.
type object struct {
	info objstore.Info
	body []byte
}

// New returns an empty store whose objects are dated by clk.
func New(clk clock.Clock) *Store { return &Store{clock: clk} }

// Capabilities implements objstore.Store: everything, but durability.
func (s *Store) Capabilities() objstore.Capabilities {
	return objstore.Capabilities{
		ConditionalPut: true, ConditionalDelete: true, ListMetadata: true, ListBodies: true,
		ReplacesMetadata: true, OrderedList: true, MaxMetadata: objstore.MaxMetadata, Name: "memory",
	}
}

// Close implements objstore.Store; the objects stay.
func (s *Store) Close() error { return nil }

// Len is the number of objects.
func (s *Store) Len() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.keys.n
}

// Seed puts an object as some other writer left it: without checking its key
// and metadata, and with the info's ETag and date where they are given.
func (s *Store) Seed(info objstore.Info, body []byte) {
	o := s.object(info.Key, body, info.ContentType, info.Metadata)
	if info.ETag != "" {
		o.info.ETag = info.ETag
	}
	if !info.LastModified.IsZero() {
		o.info.LastModified = info.LastModified
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keys.put(o)
	s.Changed(o.info.Key)
}

func (s *Store) object(key string, body []byte, contentType string, md objstore.Metadata) *object {
	if md = maps.Clone(md); md == nil {
		md = objstore.Metadata{}
	}
	return &object{body: slices.Clone(body), info: objstore.Info{
		Key: key, ETag: objstore.ETagOf(body), Size: int64(len(body)), ContentType: contentType,
		LastModified: s.clock.Now().UTC().Truncate(time.Millisecond), Metadata: md,
	}}
}

// find is the start of every operation on one key.
func (s *Store) find(ctx context.Context, op, key string) (*object, error) {
	if err := objstore.CtxError(ctx, op, key); err != nil {
		return nil, err
	}
	if err := objstore.CheckKey(op, key); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	if o := s.keys.get(key); o != nil {
		return o, nil
	}
	return nil, objstore.Errorf(objstore.NotFound, op, key, "")
}

// Head implements objstore.Store.
func (s *Store) Head(ctx context.Context, key string) (objstore.Info, error) {
	o, err := s.find(ctx, "HEAD", key)
	if err != nil {
		return objstore.Info{}, err
	}
	return o.info, nil
}

// Get implements objstore.Store.
func (s *Store) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	o, err := s.find(ctx, "GET", key)
	if err != nil {
		return nil, err
	}
	from, to, err := opt.Range(key, o.info.Size)
	if err != nil {
		return nil, err
	}
	return &objstore.Object{Info: o.info, Body: io.NopCloser(bytes.NewReader(o.body[from:to]))}, nil
}

// Put implements objstore.Store.
func (s *Store) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	if err := objstore.CtxError(ctx, "PUT", key); err != nil {
		return objstore.PutResult{}, err
	}
	if err := req.Check(key, objstore.MaxMetadata, 0); err != nil {
		return objstore.PutResult{}, err
	}
	body, err := req.ReadAll(key)
	if err != nil {
		return objstore.PutResult{}, err
	}
	o := s.object(key, body, req.ContentType, req.Metadata)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := req.CheckCondition(key, etag(s.keys.get(key))); err != nil {
		return objstore.PutResult{}, err
	}
	s.keys.put(o)
	s.Changed(key)
	return objstore.PutResult{ETag: o.info.ETag}, nil
}

// etag is empty where there is no object.
func etag(o *object) string {
	if o == nil {
		return ""
	}
	return o.info.ETag
}

// Delete implements objstore.Store.
func (s *Store) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	if err := objstore.CtxError(ctx, "DELETE", key); err != nil {
		return err
	}
	if err := objstore.CheckKey("DELETE", key); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := opt.CheckCondition(key, etag(s.keys.get(key))); err != nil {
		return err
	}
	s.keys.remove(key)
	s.Changed(key)
	return nil
}

// DeleteBatch implements objstore.Store.
func (s *Store) DeleteBatch(ctx context.Context, keys []string) error {
	for batch := range slices.Chunk(keys, objstore.MaxListKeys) {
		if err := s.deleteChunk(ctx, batch); err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) deleteChunk(ctx context.Context, keys []string) error {
	if err := objstore.CtxError(ctx, "DELETE", keys[0]); err != nil {
		return err
	}
	for _, key := range keys {
		if err := objstore.CheckKey("DELETE", key); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		s.keys.remove(key)
	}
	s.Changed(keys...)
	return nil
}

// List implements objstore.Store.
func (s *Store) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	if err := objstore.CtxError(ctx, "LIST", req.Prefix); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return paging.Build(&cursor{keys: &s.keys}, req)
}

// cursor is a paging.Cursor; the store is locked as long as it lives.
type cursor struct {
	keys *sorted
	at   place
}

func (c *cursor) Seek(key string) bool {
	c.at, _ = c.keys.find(key)
	return c.keys.at(c.at) != nil
}

func (c *cursor) Next() bool {
	c.at = c.keys.next(c.at)
	return c.keys.at(c.at) != nil
}

func (c *cursor) Key() string { return c.keys.at(c.at).info.Key }
func (c *cursor) Err() error  { return nil }

func (c *cursor) Object(metadata, body bool) (objstore.Info, []byte, error) {
	o := c.keys.at(c.at)
	info := o.info
	if !metadata {
		info.Metadata, info.ContentType = nil, ""
	}
	if body && len(o.body) <= objstore.MaxListBody {
		return info, o.body, nil
	}
	return info, nil, nil
}
