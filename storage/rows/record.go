package rows

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func isText(t s3db.SQLType) bool { return t.OID == types.TextOID || t.OID == types.VarcharOID }

// record is one row on its way from the store into a batch.
type record struct {
	id   string
	info objstore.Info // as listed or fetched; metadata may be missing
	body []byte
	// external is a body that lies out of line: large content.
	external *types.External
	// whole says that body is the object's.
	whole bool
	// sliced: body is the part of the content that the scan wants.
	sliced bool
	row    *s3db.Row // nil where the listing alone gave the answer
	key    []any     // the key's columns, where they are wanted
}

// image is RowImage.State: the object as it lies in the store. It is decoded
// again by whoever needs values, with the definition of that moment.
type image struct {
	object   s3db.Object
	size     int64
	modified time.Time
}

// image makes the RowImage of a record that has its whole object.
func (r *record) image() *storage.RowImage {
	return &storage.RowImage{ID: r.id, ETag: r.info.ETag, State: &image{
		object: r.object(), size: r.info.Size, modified: r.info.LastModified,
	}}
}

func (r *record) object() s3db.Object {
	return s3db.Object{Metadata: r.info.Metadata, Body: r.body, ContentType: r.info.ContentType, Size: r.info.Size, External: r.external}
}

// recordOf is the inverse of image.
func recordOf(ri *storage.RowImage) (*record, error) {
	im, ok := ri.State.(*image)
	if !ok {
		return nil, pgerr.Internal("a row image of another storage (%T)", ri.State)
	}
	return &record{id: ri.ID, body: im.object.Body, external: im.object.External, whole: im.object.External == nil, info: objstore.Info{
		ETag: ri.ETag, Size: im.size, LastModified: im.modified,
		ContentType: im.object.ContentType, Metadata: im.object.Metadata,
	}}, nil
}

// decode fills the record's row with the columns of want.
func (t *table) decode(r *record, want []bool) (err error) {
	r.row, err = t.schema.Decode(t.schema.DataKey(r.id), r.id, r.object(), want)
	if err == nil && t.def.Stamps && r.whole && !r.row.Stamped && !r.row.Content && t.env.Foreign != nil {
		t.env.Foreign(t.def.OID)
	}
	return err
}

// fetch reads the row that counts.
func (t *table) fetch(ctx context.Context, id string, needs func(objstore.Info) bool, v *verdicts) (*record, error) {
	r, err := t.fetchObject(ctx, id, needs)
	if r == nil || err != nil {
		return nil, err
	}
	return t.judge(ctx, r, v)
}

// fetchObject reads a row's object in one GET: it gives the body if there is one, and
// unlike a HEAD never the metadata of one write with the ETag of another
// (objstore.Store.Head). The body is read if needs says so, and if it is small; large
// content that is not is out of line. nil if there is no such row.
func (t *table) fetchObject(ctx context.Context, id string, needs func(objstore.Info) bool) (*record, error) {
	key := t.schema.DataKey(id)
	if objstore.CheckKey("GET", key) != nil {
		return nil, nil // no store has such a key
	}
	o, err := t.store.Get(ctx, key, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, objstore.ToPG(err)
	}
	r := &record{id: id, info: o.Info}
	if isTombstone(o.Info) || o.Size > drainBody && !needs(o.Info) {
		_ = o.Body.Close()
		if t.outOfLine(o.Info) {
			r.external = t.external(id, o.Info)
		}
		return r, nil
	}
	r.body, err = objstore.ReadBody(o, maxBody)
	r.whole = true
	return r, objstore.ToPG(err)
}

// fetchSlice is fetch for a scan that wants a part of the content: it asks for no more of
// an object whose head says that it has content. What else lies in a body is read whole.
func (t *table) fetchSlice(ctx context.Context, id string, part storage.ByteRange, needs func(objstore.Info) bool, v *verdicts) (*record, error) {
	needsWhole := func(info objstore.Info) bool {
		has, sure := t.schema.HeadContent(info)
		return needs(info) && !(has && sure)
	}
	key := t.schema.DataKey(id)
	if part.Length <= 0 || objstore.CheckKey("GET", key) != nil {
		return t.fetchHead(ctx, id, needsWhole, v)
	}
	o, err := t.store.Get(ctx, key, objstore.GetOptions{Offset: part.Offset, Length: part.Length})
	switch {
	case objstore.KindOf(err) == objstore.Invalid: // it begins behind the end
		return t.fetchHead(ctx, id, needsWhole, v)
	case objstore.IsNotFound(err):
		return nil, nil
	case err != nil:
		return nil, objstore.ToPG(err)
	}
	if has, sure := t.schema.HeadContent(o.Info); isTombstone(o.Info) || !has || !sure { // it may have a tag
		_ = o.Body.Close()
		return t.fetchHead(ctx, id, needsWhole, v)
	}
	r := &record{id: id, info: o.Info, sliced: true}
	o.Size = min(part.Length, o.Size-part.Offset) // of what is to be read
	r.body, err = objstore.ReadBody(o, maxBody)
	return r, objstore.ToPG(err)
}

// fetchHead is fetch where nothing of the content is wanted.
func (t *table) fetchHead(ctx context.Context, id string, needs func(objstore.Info) bool, v *verdicts) (*record, error) {
	r, err := t.fetch(ctx, id, needs, v)
	if r != nil && !r.whole {
		r.sliced = true
	}
	return r, err
}

func (r *record) unlessTombstone() *record {
	if isTombstone(r.info) {
		return nil
	}
	return r
}

// fetchWhole is fetch with the body, for a row that is to be written back.
func (t *table) fetchWhole(ctx context.Context, id string) (*record, error) {
	return t.fetch(ctx, id, t.inLine, nil)
}
