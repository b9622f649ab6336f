package s3db

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// Content is a body that s3db.js's setContent gave a document, or insert with the
// option content (section 11). An object has one body: beside content all fields
// stand in the metadata, in every behavior, or the row is refused. s3db.js itself
// loses fields or content where the two meet; we write only what keeps both.

// DefaultContentType is what s3db.js gives content without a type.
const DefaultContentType = "application/octet-stream"

// maxContentType is the longest content type in bytes (RFC 6838 allows 127 for each of
// its halves).
const maxContentType = 255

// SetContent makes body the row's content: nil deletes it. What is given of a type
// counts, else the row's older one, else the default.
func (r *Row) SetContent(body []byte) {
	r.Content, r.Body, r.External, r.ContentLength = body != nil, body, nil, int64(len(body))
	if !r.Content {
		r.ContentType = ""
	}
	if r.Content && r.ContentType == "" {
		r.ContentType = DefaultContentType
	}
}

// SetExternalContent is SetContent for a body that lies out of line.
func (r *Row) SetExternalContent(body *types.External) {
	r.SetContent([]byte{})
	r.External, r.ContentLength = body, body.Size
}

// SetContentType gives the row's content a type, "" the default one. 22023 for what is
// no header's value, 55000 for a row without content.
func (r *Row) SetContentType(typ string) error {
	switch {
	case !r.Content && typ == "":
		return nil
	case !r.Content:
		return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "row \"%s\" has no content that could have a type", r.ID).
			WithHint("Set _content too.")
	case typ == "":
		typ = DefaultContentType
	case len(typ) > maxContentType || !printable(typ):
		return pgerr.New(pgerr.InvalidParameterValue, "invalid content type: \"%s\"", clip(typ)).
			WithDetail("A content type is at most %d printable ASCII characters, without a space at either end.", maxContentType)
	}
	r.ContentType = typ
	return nil
}

// contentMarks says that metadata declares a body of that size content. Updates
// leave the library's fields of the read before behind, those of a JSON body among
// them, but then never the id (only setContent and patch keep it), and always the
// ETag (which insert with content does not know).
func contentMarks(md objstore.Metadata, size int64) bool {
	if md["_hascontent"] != "true" || md["_contentlength"] != strconv.FormatInt(size, 10) {
		return false
	}
	_, id := md["id"]
	_, left := md["_etag"]
	return id || !left
}

// noteContent decides whether the body is content. Without marks only the behavior and
// the body can tell: s3db.js has none where a document was rewritten since.
func (d *decoder) noteContent(o Object) {
	switch {
	case d.marked:
	case len(d.body) == 0, d.usedBody, strings.TrimSpace(string(d.body[:min(64, len(d.body))])) == "":
		return
	default:
		if v, err := ojson.Parse(string(d.body)); err == nil && v.IsObject() {
			return // the document's own JSON, written by an update (19, 21)
		}
	}
	d.row.Content, d.row.Stamped, d.row.Stamp = true, false, 0
	d.row.Body, d.row.External, d.row.ContentType, d.row.ContentLength = o.Body, o.External, o.ContentType, o.BodySize()
}

// BodySize is the size of the object's body, which may not have been read.
func (o Object) BodySize() int64 {
	if o.External != nil {
		return o.External.Size
	}
	return max(o.Size, int64(len(o.Body)))
}

// HeadContent says whether an object's body is content, from its head alone;
// sure is false where only the body itself can tell.
func (s *Schema) HeadContent(info objstore.Info) (has, sure bool) {
	switch {
	case contentMarks(info.Metadata, info.Size):
		return true, true
	case info.Size == 0, info.Size == StampLen && info.ContentType != jsonType:
		return false, true
	case s.layoutOf(info.Metadata).inBody(info.Metadata):
		return false, s.hasFields(info.Metadata)
	}
	return info.ContentType != jsonType, false
}

// beside puts all fields into the metadata: the body is the content's. Behaviors that
// never use the body keep their own rules.
func (w *writer) beside() (Object, error) {
	switch w.s.Behavior {
	case EnforceLimits:
		return w.enforceLimits()
	case TruncateData:
		return w.truncateData()
	case BodyOnly:
		if w.s.Era == EraSeed {
			return Object{}, pgerr.Unsupported("content in a resource of s3db.js 6 with behavior \"body-only\"")
		}
	}
	return Object{Metadata: w.headers(w.mapped)}, nil
}

// tooLargeBeside is 54000 for fields that have no place beside content.
func (w *writer) tooLargeBeside(size, limit int) *pgerr.Error {
	return pgerr.New(pgerr.ProgramLimitExceeded, "row \"%s\" of resource \"%s\" does not fit beside its content", w.row.ID, w.s.Name).
		WithDetail("An object has one body: with content in it all fields stand in the metadata. Their size is %d bytes, the limit %d, the excess %d.",
			size, limit, size-limit).
		WithHint("Delete the content with SET _content = NULL, or keep it in another row.")
}

// markContent adds what setContent leaves in the metadata: by it JSON content is told
// from a document's own JSON.
func (w *writer) markContent(md objstore.Metadata) {
	if !w.row.Content {
		return
	}
	md["id"] = w.header(w.row.ID)
	md["_hascontent"] = "true"
	md["_contentlength"] = strconv.FormatInt(w.row.ContentLength, 10)
	md["_mimetype"] = w.header(w.row.ContentType)
}
