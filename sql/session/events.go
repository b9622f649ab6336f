package session

import (
	"context"
	"errors"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/event"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// s3db.js's events, for those who LISTEN on a resource: noted as rows are written, sent
// when the transaction has committed. Where nobody listens nothing is made of them.

// maxTold bounds the rows that the events of a transaction hold, in bytes: what is
// written beyond is told of by its count alone.
const maxTold = 32 << 20

// eventWriter takes the writes of one statement, and notes their events.
type eventWriter struct {
	*txn.Tx
	s *Session
	// counts are the events of rows, by relation and event, of those that are noted and
	// those that are not.
	counts []eventCount
}

type eventCount struct {
	relation  types.OID
	resource  string
	name      string
	n         int64
	truncated bool // not every row has an event of its own
}

// manyEvents are the events that tell of all rows that a statement has written;
// s3db.js has no updateMany.
var manyEvents = map[string]string{
	event.Inserted: event.InsertedMany, event.Updated: "updated-many", event.Deleted: event.DeletedMany,
}

// Write implements dml.Writer.
func (w *eventWriter) Write(ctx context.Context, oid types.OID, changes []storage.Change, all bool) ([]storage.Result, error) {
	results, err := w.Tx.Write(ctx, oid, changes, all)
	if err != nil {
		return results, err
	}
	rel := w.s.catalog().RelationByOID(oid)
	if !w.s.told(rel) {
		return results, nil
	}
	return results, w.note(rel, changes, results)
}

// told says whether anybody is told of what happens to a relation.
func (s *Session) told(rel *catalog.Relation) bool {
	switch {
	case rel == nil || rel.Resource == nil || rel.Resource.Events == catalog.EventsOff:
		return false
	case s.db.Board != nil && shared(rel):
		return true
	}
	return s.db.channels.hears(event.Channel(rel))
}

// note notes the events of what was written.
func (w *eventWriter) note(rel *catalog.Relation, changes []storage.Change, results []storage.Result) error {
	table, err := w.Tx.Table(rel.OID)
	if err != nil {
		return err
	}
	r := &rowEvents{rel: rel, table: table, columns: event.Columns(rel)}
	for i, ch := range changes {
		if results[i].Outcome != storage.Applied {
			continue
		}
		full := w.s.tx.told > maxTold
		w.count(rel, eventNames[ch.Op], full)
		if full {
			continue
		}
		events, err := r.of(ch, results[i])
		if err != nil {
			return err
		}
		for _, e := range events {
			w.s.tx.told += e.Size()
			w.s.tx.notes = append(w.s.tx.notes, notification{event: e, by: w})
		}
	}
	return nil
}

func (w *eventWriter) count(rel *catalog.Relation, name string, truncated bool) {
	for i := range w.counts {
		if c := &w.counts[i]; c.relation == rel.OID && c.name == name {
			c.n, c.truncated = c.n+1, c.truncated || truncated
			return
		}
	}
	w.counts = append(w.counts, eventCount{rel.OID, event.Channel(rel), name, 1, truncated})
}

// many are the events that count the statement's rows, where they are several.
func (w *eventWriter) many() (out []notification) {
	for _, c := range w.counts {
		if c.n < 2 {
			continue
		}
		e := &event.Event{Relation: c.relation, Resource: c.resource, Name: manyEvents[c.name], More: []event.Member{event.Number("count", c.n)}}
		if c.truncated {
			e.More = append(e.More, event.Member{Key: "truncated", Value: []byte("true")})
		}
		out = append(out, notification{event: e})
	}
	return out
}

// announced are the transaction's notifications in their order, with those that count
// the rows of a statement behind its last one.
func (t *transaction) announced() []notification {
	last := map[*eventWriter]int{}
	for i, n := range t.notes {
		if n.by != nil {
			last[n.by] = i
		}
	}
	if len(last) == 0 {
		return t.notes
	}
	out := make([]notification, 0, len(t.notes)+len(last))
	for i, n := range t.notes {
		if out = append(out, n); n.by != nil && last[n.by] == i {
			out = append(out, n.by.many()...)
		}
	}
	return out
}

var eventNames = map[storage.Op]string{storage.Insert: event.Inserted, storage.Update: event.Updated, storage.Delete: event.Deleted}

// rowEvents makes the events of rows of a table.
type rowEvents struct {
	rel     *catalog.Relation
	table   storage.Table
	columns []*catalog.Column
}

// of are the events of one change: that of the row, and before it those of its size and
// its content.
func (r *rowEvents) of(ch storage.Change, res storage.Result) (out []*event.Event, err error) {
	e := r.event(eventNames[ch.Op], ch.ID)
	if ch.Old != nil {
		if e.Before, err = r.decode(ch.Old); err != nil {
			return nil, err
		}
	}
	switch {
	case ch.Op == storage.Insert:
		e.After = r.given(ch)
	case ch.Op == storage.Update && res.Image != nil:
		e.After, err = r.decode(res.Image)
	}
	for _, w := range res.Warnings {
		if x := (*storage.Exceeded)(nil); errors.As(w, &x) {
			out = append(out, r.exceeds(ch, x, e.After))
		}
	}
	if c := r.content(ch); c != nil {
		out = append(out, c)
	}
	return append(out, e), err
}

func (r *rowEvents) event(name, id string) *event.Event {
	return &event.Event{Relation: r.rel.OID, Resource: event.Channel(r.rel), Name: name, ID: id}
}

func (r *rowEvents) exceeds(ch storage.Change, x *storage.Exceeded, row event.Document) *event.Event {
	operation := "update"
	if ch.Op == storage.Insert {
		operation = "insert"
	}
	e := r.event(event.ExceedsLimit, ch.ID)
	e.More = []event.Member{event.Text("operation", operation), event.Number("totalSize", int64(x.Size)),
		event.Number("limit", int64(x.Limit)), event.Number("effectiveLimit", int64(x.Effective)), event.Number("excess", int64(x.Size-x.Limit))}
	e.After = row
	return e
}

// content is the event of a row whose content was set or taken away; nil for others.
func (r *rowEvents) content(ch storage.Change) *event.Event {
	v, set := changed(ch, storage.ColContent)
	if content := types.AsExternal(v); content != nil {
		e := r.event(event.ContentSet, ch.ID)
		e.More = []event.Member{event.Number("contentLength", content.Size)}
		if t, _ := changed(ch, storage.ColContentType); t != nil {
			e.More = append(e.More, event.Text("contentType", t.(string)))
		}
		return e
	}
	if set && ch.Op == storage.Update {
		return r.event(event.ContentDeleted, ch.ID)
	}
	return nil
}

// changed is the value that a change gives a column.
func changed(ch storage.Change, num int16) (v any, set bool) {
	for i, n := range ch.Columns {
		if n == num {
			return ch.Values[i], true
		}
	}
	return nil, false
}

// given is the row of an insert, whose change has all of its columns.
func (r *rowEvents) given(ch storage.Change) event.Document {
	values := make([]any, len(r.columns))
	for i, c := range r.columns {
		values[i], _ = changed(ch, c.Num)
	}
	return event.Render(r.rel, r.columns, values)
}

func (r *rowEvents) decode(image *storage.RowImage) (event.Document, error) {
	nums := make([]int16, len(r.columns))
	for i, c := range r.columns {
		nums[i] = c.Num
	}
	b, err := r.table.Decode([]*storage.RowImage{image}, nums)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(nums))
	for i := range values {
		values[i] = b.Cols[i].Value(b.Row(0))
	}
	return event.Render(r.rel, r.columns, values), nil
}

// noteTruncate notes deleted-all, s3db.js's event of deleteAll.
func (s *Session) noteTruncate(oid types.OID) {
	if rel := s.catalog().RelationByOID(oid); s.told(rel) {
		s.tx.notes = append(s.tx.notes, notification{event: &event.Event{Relation: oid, Resource: event.Channel(rel), Name: event.DeletedAll}})
	}
}

// noteVersions notes the resources that a transaction's DDL has given a new version.
func (s *Session) noteVersions(t *transaction) {
	if t.ddl == nil || s.db.Board == nil && !s.db.Listens() {
		return
	}
	for _, rel := range s.cat.Snapshot().Relations() {
		old := t.snapshot.RelationByOID(rel.OID)
		if old == nil || old.Resource == nil || rel.Resource == nil || old.Resource.CurrentVersion == rel.Resource.CurrentVersion || !s.told(rel) {
			continue
		}
		t.notes = append(t.notes, notification{event: &event.Event{Relation: rel.OID, Resource: event.Channel(rel), Name: event.VersionUpdated, More: []event.Member{
			event.Text("oldVersion", old.Resource.CurrentVersion), event.Text("newVersion", rel.Resource.CurrentVersion)}}})
	}
}
