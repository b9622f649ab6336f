package rows

import (
	"context"
	"iter"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Announce implements storage.Unit. The first call makes the record; later ones
// add a segment to it.
func (u *unit) Announce(ctx context.Context, writes []storage.Announced) (span storage.Span, err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	var entries []txEntry
	span.Whole = true
	for _, w := range writes {
		t, ok := w.Table.(*table)
		if !ok || t.env != u.env || !t.def.Stamps {
			span.Whole = false
			continue // its rows have no place for a tag
		}
		if u.touched == nil {
			u.garbage, u.touched = map[string]garbage{}, map[types.OID]*table{}
		}
		u.touched[t.def.OID] = t
		for _, ch := range w.Changes {
			e, recorded, err := u.entry(ctx, t, ch)
			if err != nil {
				return span, err
			}
			if e.Key != "" {
				entries = append(entries, e)
			}
			span.Whole = span.Whole && recorded
		}
	}
	span.From = u.ledger.len()
	for segment, size := range segments(entries) {
		write := u.extend
		if u.state == idle {
			write = u.begin
		}
		if err := write(ctx, segment); err != nil {
			return span, err
		}
		span.Bytes += int64(size + rowOverhead*len(segment))
	}
	span.To = u.ledger.len()
	return span, nil
}

// maxSegment is about how many bytes of old objects one segment of a record has.
const maxSegment = 4 << 20

// segments parts entries so that each part is no larger, but for one entry; with the size of
// each.
func segments(entries []txEntry) iter.Seq2[[]txEntry, int] {
	return func(yield func([]txEntry, int) bool) {
		for len(entries) > 0 {
			n, size := 1, entries[0].size()
			for n < len(entries) && size+entries[n].size() <= maxSegment {
				size += entries[n].size()
				n++
			}
			if !yield(entries[:n], size) {
				return
			}
			entries = entries[n:]
		}
	}
}

// size is about what the entry takes in a record.
func (e *txEntry) size() int {
	n := len(e.Key) + 64
	if e.Old == nil {
		return n
	}
	for name, value := range e.Old.Metadata {
		n += len(name) + len(value)*4/3
	}
	return n + len(e.Old.Body)*4/3
}

// entry is what a change finds; nothing where that is what the unit itself has written, and
// was announced before. recorded: the record alone can take the change back.
func (u *unit) entry(ctx context.Context, t *table, ch storage.Change) (e txEntry, recorded bool, err error) {
	if ch.Old == nil {
		e.Key = t.schema.DataKey(ch.ID)
		if own, err := u.buried(ctx, e.Key); own || err != nil {
			return txEntry{}, false, err
		}
		return e, !givesContent(ch), nil
	}
	r, err := recordOf(ch.Old)
	if err != nil {
		return e, false, err
	}
	if tag, ok := tagOf(r.info, r.body); ok && tag == u.tag() {
		return e, false, nil
	}
	e = txEntry{Key: t.schema.DataKey(ch.Old.ID), Gone: ch.Op == storage.Delete}
	if e.Gone {
		u.graves.announce(e.Key)
	}
	e.Old = oldOf(r)
	switch content, sure := t.schema.HeadContent(r.info); {
	case content && sure && !takesContent(ch):
		e.Old.Body = nil // a row with content has no tag: nobody asks for what was before it
		return e, false, nil
	case r.external != nil:
		err = u.saveBody(ctx, e.Old, r.external)
		return e, takesContent(ch), err
	case !sure && !takesContent(ch):
		row, err := t.schema.Decode(e.Key, r.id, r.object(), make([]bool, len(t.schema.Columns)))
		if err != nil || row.Content {
			return e, false, err
		}
	}
	return e, !givesContent(ch), nil
}

// saveBody copies content that a change takes away, for readers and for who puts it
// back.
func (u *unit) saveBody(ctx context.Context, old *oldObject, body *types.External) error {
	stream, err := body.Localize(ctx, u.env.TempDir)
	if err != nil {
		return err
	}
	key := bodyKey(u.tag(), len(u.bodies))
	u.bodies = append(u.bodies, key)
	if _, err := u.env.Objects.Put(ctx, key, objstore.PutRequest{Stream: stream, Size: body.Size}); err != nil {
		return objstore.ToPG(err)
	}
	old.At, old.Size = key, body.Size
	return nil
}

func (u *unit) begin(ctx context.Context, entries []txEntry) error {
	u.done = make(chan struct{})
	u.record = txRecord{State: statePending, Rows: entries}
	u.ledger.add(entries)
	u.env.units.add(u)
	u.state = pending
	if err := u.put(ctx, ""); err != nil {
		u.end(aborted)
		return err
	}
	if !u.env.alone() {
		go u.keepAlive()
	}
	return nil
}

func (u *unit) extend(ctx context.Context, entries []txEntry) error {
	if u.state != pending {
		return busy("The transaction took so long that another server has taken it for dead")
	}
	// A server that was paused may have been taken for dead meanwhile: nobody looks for what
	// it adds after that.
	if !u.env.alone() && u.env.Clock.Now().Sub(u.written) > u.env.lease()/2 {
		if err := u.put(ctx, u.etag); err != nil {
			return err
		}
	}
	u.record.Segments++
	u.ledger.add(entries)
	if err := u.env.putJSON(ctx, segmentKey(u.tag(), u.record.Segments), entries); err != nil {
		u.spoiled = "A part of the transaction's record is missing" // none that follows it would be found
		return objstore.ToPG(err)
	}
	return nil
}
