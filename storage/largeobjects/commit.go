package largeobjects

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// upload is a chunk to be put.
type upload struct {
	key    string
	buffer *buffer
}

// Commit implements storage.LargeObjectTx: all chunks first, which nobody sees yet, then
// the heads.
func (t *tx) Commit(ctx context.Context) error {
	changed, uploads, err := t.prepare(ctx)
	if err != nil {
		return err
	}
	err = sideBySide(len(uploads), func(i int) error { return t.upload(ctx, uploads[i]) })
	ctx = context.WithoutCancel(ctx) // the outcome of what has begun is to be known
	if err == nil {
		err = sideBySide(len(changed), func(i int) error { return t.publish(ctx, changed[i]) })
	}
	if err == nil {
		return nil
	}
	if undo := t.Undo(ctx); undo != nil {
		return pgerr.New(pgerr.TransactionResolutionUnknown, "transaction could not be committed, nor taken back in full").WithDetail("%v; %v", err, undo)
	}
	return objstore.ToPG(err)
}

// prepare makes the heads, and collects the chunks that they will name.
func (t *tx) prepare(ctx context.Context) (changed []*object, uploads []upload, err error) {
	version := t.store.newVersion()
	for _, o := range t.objects {
		if !o.changed || !o.exists && o.base == nil {
			continue
		}
		h, err := t.headOf(ctx, o, version)
		if err != nil {
			return nil, nil, err
		}
		o.put = nil
		h.each(func(c stored) {
			if c.in == version {
				key := c.key(o.oid)
				o.put = append(o.put, key)
				uploads = append(uploads, upload{key, o.chunks[c.index].buffer})
			}
		})
		o.written, o.tag, o.done, o.unsure = h, "", false, false
		changed = append(changed, o)
	}
	slices.SortFunc(changed, func(a, b *object) int { return cmp.Compare(a.oid, b.oid) })
	return changed, uploads, nil
}

// headOf is the head of an object as the transaction leaves it.
func (t *tx) headOf(ctx context.Context, o *object, version string) (*head, error) {
	h := &head{Version: version, Size: o.size, Access: o.access}
	if !o.exists {
		return &head{Version: version, Gone: true}, nil
	}
	if o.size <= inline {
		h.Data = make([]byte, o.size)
		_, err := t.ReadAt(ctx, o.oid, h.Data, 0, false)
		return h, err
	}
	if s, ok := o.stored(0); ok && s.in == "" { // it was small
		if _, err := t.own(ctx, o, 0, 0, 0); err != nil {
			return nil, err
		}
	}
	all := map[int64]stored{}
	o.base.each(func(c stored) {
		if c.index < o.cut {
			all[c.index] = c
		}
	})
	for index, c := range o.chunks {
		if delete(all, index); c.size > 0 {
			all[index] = stored{index, version, c.size}
		}
	}
	for _, index := range slices.Sorted(maps.Keys(all)) {
		h.add(all[index])
	}
	return h, nil
}

func (t *tx) upload(ctx context.Context, u upload) error {
	data, err := t.buffers.read(u.buffer)
	if err != nil {
		return err
	}
	_, err = t.store.objects.Put(ctx, u.key, objstore.PutRequest{Body: data, ContentType: "application/octet-stream"})
	return err
}

// publish replaces an object's head. Where the store deletes conditionally an object that
// is unlinked is gone at once.
func (t *tx) publish(ctx context.Context, o *object) (err error) {
	if o.written.Gone && t.store.objects.Capabilities().ConditionalDelete {
		err = t.store.objects.Delete(ctx, headKey(o.oid), objstore.DeleteOptions{IfMatch: o.etag})
	} else if o.tag, err = t.store.putHead(ctx, o.oid, o.written, o.etag); err == nil {
		t.store.remember(o.oid, o.written, o.tag)
	}
	switch {
	case err == nil:
		o.done = true
		return nil
	case !objstore.IsPrecondition(err) && !objstore.IsNotFound(err):
		o.unsure = true
		return err
	case o.etag == "":
		return taken(o.oid)
	}
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update")
}

// Undo implements storage.LargeObjectTx. Chunks that a head may still name stay.
func (t *tx) Undo(ctx context.Context) error {
	var first error
	for _, o := range t.objects {
		var err error
		switch {
		case o.written == nil:
			continue
		case o.unsure:
			err = pgerr.New(pgerr.IoError, "the outcome for large object %d is unknown", o.oid)
		case o.done:
			err = t.restore(ctx, o)
		}
		if err == nil {
			t.remove(ctx, o.put)
		}
		first = cmp.Or(first, err)
		o.written, o.put, o.done = nil, nil, false
	}
	return first
}

// restore puts the head back that COMMIT has replaced.
func (t *tx) restore(ctx context.Context, o *object) (err error) {
	back := o.base
	if back == nil {
		back = &head{Version: t.store.newVersion(), Gone: true}
	}
	if o.tag, err = t.store.putHead(ctx, o.oid, back, o.tag); err != nil {
		return objstore.ToPG(err)
	}
	if back.Gone {
		t.bury(ctx, o)
	}
	return nil
}
