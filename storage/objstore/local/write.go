package local

import (
	"context"
	"crypto/md5"
	"encoding/binary"
	"errors"
	"io"
	"slices"

	"github.com/cockroachdb/pebble/v2"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Put implements objstore.Store. It returns when the object is on disk.
func (s *Store) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	if err := req.Check(key, objstore.MaxMetadata, 0); err != nil {
		return objstore.PutResult{}, err
	}
	if err := s.enter(ctx, "PUT", key); err != nil {
		return objstore.PutResult{}, err
	}
	defer s.leave()
	if req.Len() > inlineMax {
		return s.putLarge(ctx, key, req)
	}
	body, err := req.ReadAll(key)
	if err != nil {
		return objstore.PutResult{}, err
	}
	sum := md5.Sum(body)
	return s.putRecord(key, req, 0, sum[:], body)
}

// putRecord makes the object visible: its record replaces the old one, if the
// request's condition holds, together with the old one's chunks.
func (s *Store) putRecord(key string, req objstore.PutRequest, flags byte, sum, tail []byte) (objstore.PutResult, error) {
	defer s.Changed(key)
	head := encodeHead(flags, sum, req.Len(), s.clock.Now().UnixMilli(), req.ContentType, req.Metadata)
	defer s.lockKeys(key)()
	old, err := s.current(key)
	if err != nil {
		return objstore.PutResult{}, s.fail("PUT", key, err)
	}
	if err := req.CheckCondition(key, old.etag); err != nil {
		return objstore.PutResult{}, err
	}
	b := s.db.NewBatch()
	op := b.SetDeferred(1+len(key), len(head)+len(tail))
	op.Key[0] = spaceObject
	copy(op.Key[1:], key)
	copy(op.Value[copy(op.Value, head):], tail)
	err = errors.Join(op.Finish(), old.dropChunks(b))
	if flags&flagChunked != 0 {
		err = errors.Join(err, b.Delete(pendingKey(binary.BigEndian.Uint64(tail)), nil))
	}
	if err != nil {
		return objstore.PutResult{}, s.fail("PUT", key, errors.Join(err, b.Close()))
	}
	return objstore.PutResult{ETag: objstore.QuoteETag(sum)}, commit(b, "PUT", key)
}

// commit writes b to disk and closes it.
func commit(b *pebble.Batch, op, key string) error {
	err := errors.Join(b.Commit(pebble.Sync), b.Close())
	if err == nil {
		return nil
	}
	e := objstore.Wrap(objstore.Unavailable, op, key, err)
	e.Ambiguous = true
	return e
}

// state is what a writer must know of the object that it replaces.
type state struct {
	etag string // empty: there is none
	blob uint64 // of a large body
	has  bool   // has a blob
}

func (s *Store) current(key string) (st state, err error) {
	err = read(s.db, key, func(r record) error {
		st.etag = r.etag()
		if st.has = r.chunked(); st.has {
			st.blob = r.blob()
		}
		return nil
	})
	if errors.Is(err, pebble.ErrNotFound) {
		return state{}, nil
	}
	return st, err
}

func (st state) dropChunks(b *pebble.Batch) error {
	if !st.has {
		return nil
	}
	from, to := blobRange(st.blob)
	return b.DeleteRange(from, to, nil)
}

// putLarge writes the body as a blob, which nobody sees, and then the record
// that names it. A blob that a crash leaves is marked pending; sweep finds it.
func (s *Store) putLarge(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	blob := s.nextBlob.Add(1)
	if err := s.db.Set(pendingKey(blob), nil, pebble.NoSync); err != nil {
		return objstore.PutResult{}, s.fail("PUT", key, err)
	}
	sum, err := s.writeChunks(ctx, key, blob, req)
	if err != nil {
		return objstore.PutResult{}, errors.Join(err, s.dropBlob(blob))
	}
	res, err := s.putRecord(key, req, flagChunked, sum, binary.BigEndian.AppendUint64(nil, blob))
	if err != nil {
		return res, errors.Join(err, s.dropBlob(blob))
	}
	return res, nil
}

func (s *Store) writeChunks(ctx context.Context, key string, blob uint64, req objstore.PutRequest) ([]byte, error) {
	sum, next := md5.New(), chunksOf(req)
	for n, left := uint32(0), req.Len(); left > 0; n++ {
		if err := objstore.CtxError(ctx, "PUT", key); err != nil {
			return nil, err
		}
		chunk, err := next(min(left, chunkLen))
		if err != nil {
			return nil, objstore.Wrap(objstore.Invalid, "PUT", key, err)
		}
		sum.Write(chunk)
		if err := s.db.Set(chunkKey(blob, n), chunk, pebble.NoSync); err != nil {
			return nil, s.fail("PUT", key, err)
		}
		left -= int64(len(chunk))
	}
	if _, err := next(1); err == nil {
		return nil, objstore.Errorf(objstore.Invalid, "PUT", key, "the stream is longer than %d bytes", req.Size)
	}
	return sum.Sum(nil), nil
}

// chunksOf returns a function that gives the next n bytes of the body.
func chunksOf(req objstore.PutRequest) func(n int64) ([]byte, error) {
	if req.Stream != nil {
		buf := make([]byte, chunkLen)
		return func(n int64) ([]byte, error) {
			_, err := io.ReadFull(req.Stream, buf[:n])
			return buf[:n], err
		}
	}
	rest := req.Body
	return func(n int64) ([]byte, error) {
		if n > int64(len(rest)) {
			return nil, io.ErrUnexpectedEOF
		}
		chunk := rest[:n]
		rest = rest[n:]
		return chunk, nil
	}
}

// dropBlob removes a blob that no record names.
func (s *Store) dropBlob(blob uint64) error {
	b := s.db.NewBatch()
	err := errors.Join(state{blob: blob, has: true}.dropChunks(b), b.Delete(pendingKey(blob), nil))
	return errors.Join(err, b.Commit(pebble.NoSync), b.Close())
}

// sweep removes the blobs of puts that did not finish and finds the number of
// the next blob.
func (s *Store) sweep() error {
	iter, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{spacePending}, UpperBound: []byte{spacePending + 1}})
	if err != nil {
		return err
	}
	var last uint64
	for ok := iter.First(); ok; ok = iter.Next() {
		last = binary.BigEndian.Uint64(iter.Key()[1:])
		err = errors.Join(err, s.dropBlob(last))
	}
	if err = errors.Join(err, iter.Close()); err != nil {
		return err
	}
	chunks, err := s.db.NewIter(&pebble.IterOptions{LowerBound: []byte{spaceChunk}, UpperBound: []byte{spaceChunk + 1}})
	if err != nil {
		return err
	}
	if chunks.Last() {
		last = max(last, binary.BigEndian.Uint64(chunks.Key()[1:]))
	}
	s.nextBlob.Store(last)
	return chunks.Close()
}

// Delete implements objstore.Store.
func (s *Store) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	if err := s.enterKey(ctx, "DELETE", key); err != nil {
		return err
	}
	defer s.leave()
	return s.remove([]string{key}, opt)
}

// DeleteBatch implements objstore.Store.
func (s *Store) DeleteBatch(ctx context.Context, keys []string) error {
	for batch := range slices.Chunk(keys, objstore.MaxListKeys) {
		for _, key := range batch {
			if err := objstore.CheckKey("DELETE", key); err != nil {
				return err
			}
		}
		if err := s.enter(ctx, "DELETE", batch[0]); err != nil {
			return err
		}
		err := s.remove(batch, objstore.DeleteOptions{})
		s.leave()
		if err != nil {
			return err
		}
	}
	return nil
}

// remove deletes keys in one atomic write.
func (s *Store) remove(keys []string, opt objstore.DeleteOptions) error {
	defer s.lockKeys(keys...)()
	b := s.db.NewBatch()
	for _, key := range keys {
		err := s.removeIn(b, key, opt)
		if err != nil {
			return errors.Join(err, b.Close())
		}
	}
	if b.Empty() {
		return b.Close()
	}
	defer s.Changed(keys...)
	return commit(b, "DELETE", keys[0])
}

func (s *Store) removeIn(b *pebble.Batch, key string, opt objstore.DeleteOptions) error {
	old, err := s.current(key)
	if err != nil {
		return s.fail("DELETE", key, err)
	}
	if err := opt.CheckCondition(key, old.etag); err != nil {
		return err
	}
	if old.etag == "" {
		return nil
	}
	return s.fail("DELETE", key, errors.Join(b.Delete(objectKey(key), nil), old.dropChunks(b)))
}
