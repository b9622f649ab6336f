package largeobjects

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// span is a part of one chunk: bytes [from, to) of it, which stand at at in the caller's.
type span struct {
	index    int64
	from, to int
	at       int
}

// spans cuts n bytes at off along the chunks.
func spans(off int64, n int) []span {
	var out []span
	for at := 0; at < n; {
		index, from := off/chunkSize, int(off%chunkSize)
		length := min(chunkSize-from, n-at)
		out = append(out, span{index, from, from + length, at})
		at += length
		off += int64(length)
	}
	return out
}

// stored is base's chunk of that index, as far as it is still part of the object. Small
// content is a chunk without a name.
func (o *object) stored(index int64) (stored, bool) {
	if index >= o.cut || o.base == nil {
		return stored{}, false
	}
	if index == 0 && len(o.base.Data) > 0 {
		return stored{bytes: len(o.base.Data)}, true
	}
	return o.base.chunk(index)
}

// ReadAt implements storage.LargeObjectTx.
func (t *tx) ReadAt(ctx context.Context, oid types.OID, p []byte, off int64, ahead bool) (int, error) {
	o, err := t.existing(ctx, oid)
	if err != nil || off >= o.size {
		return 0, err
	}
	p = p[:min(int64(len(p)), o.size-off)]
	clear(p)
	for _, sp := range spans(off, len(p)) {
		if err := t.readSpan(ctx, o, sp, p[sp.at:sp.at+sp.to-sp.from], ahead); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

func (t *tx) readSpan(ctx context.Context, o *object, sp span, p []byte, ahead bool) error {
	var data []byte
	var err error
	if c := o.chunks[sp.index]; c != nil {
		if data, err = t.buffers.get(c.buffer); err == nil && sp.from < len(data) {
			copy(p, data[sp.from:])
		}
		return err
	}
	c, ok := o.stored(sp.index)
	if !ok || sp.from >= c.bytes {
		return nil
	}
	to := min(sp.to, c.bytes)
	if data, err = t.fetch(ctx, o, c, sp.from, to, ahead); err == nil {
		copy(p, data)
	}
	return err
}

// fetch reads bytes [from, to) of a chunk that has them, and remembers what it read.
func (t *tx) fetch(ctx context.Context, o *object, c stored, from, to int, ahead bool) ([]byte, error) {
	if c.in == "" {
		return o.base.Data[from:to], nil
	}
	if p := o.piece; p.chunk == c && from >= p.from && to <= p.from+len(p.data) {
		return p.data[from-p.from : to-p.from], nil
	}
	end := to
	if ahead {
		end = c.bytes
	}
	data, err := t.store.readChunk(ctx, o.oid, c, from, end)
	if err != nil {
		return nil, err
	}
	o.piece = piece{c, from, data}
	return data[:to-from], nil
}

// readChunk is one GET. 40001 for a chunk that is gone: the object has another version.
func (s *Store) readChunk(ctx context.Context, oid types.OID, c stored, from, to int) ([]byte, error) {
	opt := objstore.GetOptions{Offset: int64(from), Length: int64(to - from)}
	if to-from == c.bytes {
		opt = objstore.GetOptions{}
	}
	obj, err := s.objects.Get(ctx, c.key(oid), opt)
	if objstore.IsNotFound(err) {
		return nil, pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").
			WithDetail("Another server has changed large object %d since this transaction first used it.", oid)
	}
	if err != nil {
		return nil, objstore.ToPG(err)
	}
	obj.Size = int64(to - from) // a range's body, not the whole object's
	data, err := objstore.ReadBody(obj, chunkSize)
	if err == nil && len(data) != to-from {
		err = pgerr.New(pgerr.DataCorrupted, "a chunk of large object %d is not as long as it was", oid).WithDetail("%s", c.key(oid))
	}
	return data, objstore.ToPG(err)
}

// WriteAt implements storage.LargeObjectTx.
func (t *tx) WriteAt(ctx context.Context, oid types.OID, p []byte, off int64) error {
	o, err := t.existing(ctx, oid)
	if err != nil || len(p) == 0 {
		return err
	}
	t.touch(o)
	o.changed = true
	for _, sp := range spans(off, len(p)) {
		c, err := t.own(ctx, o, sp.index, sp.from, sp.to)
		if err != nil {
			return err
		}
		if err := t.write(c, p[sp.at:sp.at+sp.to-sp.from], sp.from); err != nil {
			return err
		}
	}
	o.size = max(o.size, off+int64(len(p)))
	return nil
}

func (t *tx) write(c *chunk, p []byte, from int) error {
	data, err := t.buffers.get(c.buffer)
	if err != nil {
		return err
	}
	if n := from + len(p); n > len(data) {
		old := len(data)
		data = slices.Grow(data, n-old)[:n]
		clear(data[old:])
	}
	copy(data[from:], p)
	return t.buffers.set(c.buffer, data)
}

// own is the chunk of that index as one to be changed since the last savepoint; bytes
// [from, to) of it are about to be overwritten.
func (t *tx) own(ctx context.Context, o *object, index int64, from, to int) (*chunk, error) {
	old := o.chunks[index]
	if old != nil && old.epoch == t.epoch {
		return old, nil
	}
	c := &chunk{buffer: &buffer{}, epoch: t.epoch}
	if old != nil {
		var err error
		if c.buffer, err = t.buffers.copyOf(old.buffer); err != nil {
			return nil, err
		}
	} else if s, ok := o.stored(index); ok && (from > 0 || to < s.bytes) {
		data, err := t.fetch(ctx, o, s, 0, s.bytes, false)
		if err != nil {
			return nil, err
		}
		o.piece = piece{}
		if err := t.buffers.set(c.buffer, append(make([]byte, 0, len(data)), data...)); err != nil {
			return nil, err
		}
	}
	o.chunks[index] = c
	t.undo = append(t.undo, func() {
		t.buffers.drop(c.buffer)
		if o.chunks[index] = old; old == nil {
			delete(o.chunks, index)
		}
	})
	return c, nil
}

// dropChunks forgets the changed chunks from one on.
func (t *tx) dropChunks(o *object, first int64) {
	for index, c := range o.chunks {
		if index >= first {
			delete(o.chunks, index)
			t.undo = append(t.undo, func() { o.chunks[index] = c })
		}
	}
}

// Truncate implements storage.LargeObjectTx.
func (t *tx) Truncate(ctx context.Context, oid types.OID, size int64) error {
	o, err := t.existing(ctx, oid)
	if err != nil || size == o.size {
		return err
	}
	t.touch(o)
	o.changed = true
	if size < o.size {
		if err := t.shorten(ctx, o, size); err != nil {
			return err
		}
	}
	o.size = size
	return nil
}

func (t *tx) shorten(ctx context.Context, o *object, size int64) error {
	last, within := size/chunkSize, int(size%chunkSize)
	keep := last
	if within > 0 {
		keep++
		if err := t.shortenChunk(ctx, o, last, within); err != nil {
			return err
		}
	}
	t.dropChunks(o, keep)
	o.cut = min(o.cut, keep)
	return nil
}

// shortenChunk makes sure that a chunk is zeros from a place on.
func (t *tx) shortenChunk(ctx context.Context, o *object, index int64, within int) error {
	if s, ok := o.stored(index); o.chunks[index] == nil && (!ok || s.bytes <= within) {
		return nil
	}
	c, err := t.own(ctx, o, index, 0, 0)
	if err != nil {
		return err
	}
	data, err := t.buffers.get(c.buffer)
	if err != nil || len(data) <= within {
		return err
	}
	return t.buffers.set(c.buffer, data[:within:within])
}

// Extents implements storage.LargeObjectTx.
func (t *tx) Extents(ctx context.Context, oid types.OID) ([]storage.Extent, error) {
	o, err := t.existing(ctx, oid)
	if err != nil {
		return nil, err
	}
	lengths := map[int64]int{}
	if s, ok := o.stored(0); ok {
		lengths[0] = s.bytes
	}
	o.base.each(func(c stored) {
		if c.index < o.cut {
			lengths[c.index] = c.bytes
		}
	})
	for index, c := range o.chunks {
		lengths[index] = c.size
	}
	var out []storage.Extent
	for _, index := range slices.Sorted(maps.Keys(lengths)) {
		if off := index * chunkSize; off < o.size && lengths[index] > 0 {
			out = append(out, storage.Extent{Offset: off, Length: min(int64(lengths[index]), o.size-off)})
		}
	}
	return out, nil
}
