package rows

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// move takes one row from one object to another: a create has no old, a remove
// no next.
type move struct {
	id        string
	old, next *state
	warnings  []error
	// gaveUp are the unique keys that it lost before it was made.
	gaveUp []uniqueKey
}

// state is a row as it lies, or is to lie, in the store.
type state struct {
	*record
	version
	stamp   uint64
	stamped bool
}

// state reads what a write must know of an object. Every value of its partitions must
// be fit for a key, but in the indexes passed.
func (t *table) state(r *record, passed func(*index, error) bool) (*state, error) {
	s := &state{record: r}
	row, err := t.fields(r)
	if err != nil {
		return nil, err
	}
	s.stamp, s.stamped = row.Stamp, row.Stamped
	s.version, err = t.derive(row, passed)
	return s, err
}

// fields decodes what derived objects are made of.
func (t *table) fields(r *record) (*s3db.Row, error) {
	return t.schema.Decode(t.schema.DataKey(r.id), r.id, r.object(), t.derived)
}

// nextState is the state of an object that is to be written in place of old, nil for
// an insert. A value that s3db.js has put where we would not stays possible where it is.
func (t *table) nextState(r, old *record) (*state, error) {
	s, err := t.state(r, noIndex)
	if old == nil || !unkeyable(err) {
		return s, err
	}
	before, err := t.fields(old)
	if err != nil {
		return nil, err
	}
	after, err := t.fields(r)
	if err != nil {
		return nil, err
	}
	return t.state(r, func(x *index, _ error) bool {
		return x.Partition.SameTexts(x.fieldValues(before), x.fieldValues(after))
	})
}

func (t *table) stateOf(ri *storage.RowImage) (*state, error) {
	r, err := recordOf(ri)
	if err != nil {
		return nil, err
	}
	return t.state(r, anyIndex)
}

// move plans a change: whatever a request is not needed for fails here.
func (t *table) move(ch storage.Change) (*move, error) {
	if err := t.readOnly(); err != nil {
		return nil, err
	}
	m := &move{id: ch.ID}
	if ch.Op != storage.Insert {
		if ch.Old == nil {
			return nil, pgerr.Internal("a change of row \"%s\" without its old image", ch.ID)
		}
		var err error
		if m.old, err = t.stateOf(ch.Old); err != nil {
			return nil, err
		}
		m.id = ch.Old.ID
	}
	if ch.Op == storage.Delete {
		return m, nil
	}
	r, warnings, err := t.encode(ch)
	if err != nil {
		return nil, err
	}
	m.warnings = warnings
	var old *record
	if m.old != nil {
		old = m.old.record
	}
	m.next, err = t.nextState(r, old)
	return m, err
}

// encode makes the new object of an insert or update.
func (t *table) encode(ch storage.Change) (*record, []error, error) {
	row, set, err := t.newRow(ch)
	if err != nil {
		return nil, nil, err
	}
	e, err := t.schema.Encode(row, set, ch.Op == storage.Insert)
	if err != nil {
		return nil, nil, err
	}
	if t.unit.open() && e.Stamp != 0 {
		e.Body = s3db.AppendStamp(e.Body[:len(e.Body)-s3db.StampLen], t.unit.stamp())
	}
	r := &record{id: row.ID, body: e.Body, external: e.External, whole: e.External == nil, info: objstore.Info{
		Size: e.BodySize(), ContentType: e.ContentType, Metadata: e.Metadata, LastModified: t.env.Clock.Now(),
	}}
	if ch.Old != nil {
		r.info.ETag = ch.Old.ETag
	}
	return r, t.warnings(row.ID, e.Warnings), nil
}

// newRow is the row to be encoded, and the columns that do not keep their
// stored form; nil for all.
func (t *table) newRow(ch storage.Change) (row *s3db.Row, set []bool, err error) {
	row = t.schema.NewRow(ch.ID)
	if ch.Op == storage.Update {
		row.ID = ch.Old.ID
	}
	if ch.Op == storage.Update && !ch.Replace {
		set = make([]bool, len(t.schema.Columns))
		r, err := recordOf(ch.Old)
		if err != nil {
			return nil, nil, err
		}
		if err := t.decode(r, set); err != nil {
			return nil, nil, err
		}
		row = r.row
	}
	return row, set, t.setValues(row, set, ch)
}

// setValues puts a change's values into a row.
func (t *table) setValues(row *s3db.Row, set []bool, ch storage.Change) error {
	for i, num := range ch.Columns {
		c := t.columns[num]
		switch {
		case c == nil && num > 0:
			// Dropped by the transaction that made the change: numbers are not used again.
		case num == storage.ColContent, num == storage.ColContentType: // setContent
		case c == nil:
			return pgerr.Unsupported("writing system column %s", systemName(num))
		case c.Attr >= 0:
			row.Values[c.Attr] = ch.Values[i]
			if set != nil {
				set[c.Attr] = true
			}
		case ch.Op == storage.Update:
			if err := t.sameKey(row.ID, c, ch.Values[i]); err != nil {
				return err
			}
		}
	}
	return setContent(row, ch)
}

// sameKey refuses a change of the key: the executor makes it a delete and an
// insert.
func (t *table) sameKey(id string, c *Column, v any) error {
	key, err := t.keyValues(id)
	if err != nil {
		return err
	}
	if v == nil || c.Type.Compare == nil || c.Type.Compare(key[c.Key], v) != 0 {
		return pgerr.Unsupported("changing key column \"%s\" of a row in its place", c.Name)
	}
	return nil
}

func systemName(num int16) string {
	names := map[int16]string{
		storage.ColVersion: "_v", storage.ColETag: "_etag", storage.ColLastModified: "_last_modified",
		storage.ColContentLength: "_content_length", storage.ColHasContent: "_has_content",
		storage.ColContent: "_content", storage.ColContentType: "_content_type", storage.ColTableOID: "tableoid",
	}
	return names[num]
}

// warnings are s3db.js's events that its users listen to: data cut off, and a
// user-managed row that went into the body.
func (t *table) warnings(id string, ws []s3db.Warning) []error {
	var out []error
	for _, w := range ws {
		switch {
		case len(w.Truncated) > 0:
			out = append(out, pgerr.Notice(pgerr.SeverityWarning, pgerr.WarningStringDataRightTruncation,
				"row \"%s\" of \"%s\" was truncated", id, t.def.Name).
				WithDetail("Its size is %d bytes, the limit %d; attributes that lost data: %v.", w.Size, w.Limit, w.Truncated))
		case t.schema.Behavior == s3db.UserManaged:
			warning := pgerr.Notice(pgerr.SeverityWarning, pgerr.Warning,
				"row \"%s\" of \"%s\" exceeds the metadata limit and was stored in the body", id, t.def.Name).
				WithDetail("Its size is %d bytes, the limit %d, the excess %d.", w.Size, w.Limit, w.Excess)
			out = append(out, &storage.Exceeded{Warning: warning, Size: w.Size, Limit: w.Metadata, Effective: w.Limit})
		}
	}
	return out
}

// Preview implements storage.Table.
func (t *table) Preview(ch storage.Change) (*storage.RowImage, error) {
	if err := t.readOnly(); err != nil {
		return nil, err
	}
	r, warnings, err := t.encode(ch)
	if err != nil {
		return nil, err
	}
	image := r.image()
	image.Warnings = warnings
	return image, nil
}
