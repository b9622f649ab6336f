package rows

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// txPrefix is where transaction records are: _tx/<tag>, and _tx/<tag>.<n> for
// what was announced after the record was made (not below it: a store of files can't have
// an object under another one).
const (
	txPrefix  = "_tx/"
	tagDigits = 12
)

// The states of a record: its owner at work, its rows as they are count, its rows as they
// were count. Another server aborts what it takes for dead; the owner rolls back.
const (
	statePending    = "pending"
	stateCommitted  = "committed"
	stateRolledBack = "rolled back"
	stateAborted    = "aborted"
)

// txRecord is the body of a record.
type txRecord struct {
	State string `json:"state"`
	// Catalog: pending as long as the catalog does not say that it counts.
	Catalog bool `json:"catalog,omitempty"`
	// Beat is another one in each version of the record.
	Beat     uint64    `json:"beat"`
	Segments int       `json:"segments,omitempty"`
	Rows     []txEntry `json:"rows"`
	// Removed are the keys of rows that a committed transaction has taken away, or has
	// taken from where a listing found them, beside those that were announced to go; of
	// these, Spared stayed: what was announced need not have been done.
	Removed []string `json:"removed,omitempty"`
	Spared  []string `json:"spared,omitempty"`
	// Empty are the resources that a TRUNCATE empties: what a crash has left of it is
	// finished, not taken back.
	Empty []string `json:"empty,omitempty"`
	// Doomed is how many lists there are of what a TRUNCATE removes (doomedKey), where
	// other servers write.
	Doomed int `json:"doomed,omitempty"`
}

// txEntry is a row that the transaction writes, and what was there before.
type txEntry struct {
	Key string     `json:"key"`
	Old *oldObject `json:"old,omitempty"`
	// Gone: it is to be deleted.
	Gone bool `json:"gone,omitempty"`
}

// oldObject is a row's object before the transaction.
type oldObject struct {
	ETag     string       `json:"etag"`
	Type     string       `json:"type,omitempty"`
	Metadata metadataJSON `json:"metadata,omitempty"`
	Body     []byte       `json:"body,omitempty"`
	// At is the key of a copy of the body where that is out of line; Size is its own.
	At       string    `json:"at,omitempty"`
	Size     int64     `json:"size,omitempty"`
	Modified time.Time `json:"modified"`
}

// metadataJSON is metadata whose values need be no UTF-8.
type metadataJSON objstore.Metadata

// MarshalJSON implements json.Marshaler.
func (m metadataJSON) MarshalJSON() ([]byte, error) {
	out := make(map[string][]byte, len(m))
	for k, v := range m {
		out[k] = []byte(v)
	}
	return json.Marshal(out)
}

// UnmarshalJSON implements json.Unmarshaler.
func (m *metadataJSON) UnmarshalJSON(text []byte) error {
	var in map[string][]byte
	err := json.Unmarshal(text, &in)
	*m = make(metadataJSON, len(in))
	for k, v := range in {
		(*m)[k] = string(v)
	}
	return err
}

func oldOf(r *record) *oldObject {
	return &oldObject{ETag: r.info.ETag, Type: r.info.ContentType, Metadata: metadataJSON(r.info.Metadata), Body: r.body,
		Modified: r.info.LastModified}
}

func (o *oldObject) info(key string) objstore.Info {
	return objstore.Info{Key: key, ETag: o.ETag, Size: max(o.Size, int64(len(o.Body))), ContentType: o.Type, Metadata: objstore.Metadata(o.Metadata), LastModified: o.Modified}
}

func (o *oldObject) tagged(tag uint64) bool {
	got, ok := tagOf(o.info(""), o.Body)
	return ok && got == tag
}

// newTag makes the tag of a unit: chance (s3db.TagStamp).
func newTag(src rng.Source) uint64 { return src.Uint64() >> (64 - s3db.TagBits) }

// tagOf is the tag that an object was written under; body is whole.
func tagOf(info objstore.Info, body []byte) (tag uint64, ok bool) {
	if isTombstone(info) {
		tag, err := strconv.ParseUint(info.Metadata[tombstoneMark], 16, 64)
		return tag, err == nil
	}
	_, stamp, ok := s3db.SplitStamp(body)
	if !ok {
		return 0, false
	}
	return s3db.TagOf(stamp)
}

func recordKey(tag uint64) string { return fmt.Sprintf("%s%0*x", txPrefix, tagDigits, tag) }

func segmentKey(tag uint64, n int) string { return fmt.Sprintf("%s.%06d", recordKey(tag), n) }

// putJSON writes an object.
func (e *Env) putJSON(ctx context.Context, key string, value any) error {
	body, err := json.Marshal(value)
	if err != nil {
		return err
	}
	_, err = e.Objects.Put(ctx, key, objstore.PutRequest{Body: body, ContentType: "application/json"})
	return err
}

// putRecord writes a record, and learns what became of a request without an answer.
func (e *Env) putRecord(ctx context.Context, tag uint64, rec txRecord, ifMatch string) (etag string, f fate, err error) {
	body, err := json.Marshal(rec)
	if err != nil {
		return "", broken, err
	}
	res, err := e.Objects.Put(ctx, recordKey(tag), objstore.PutRequest{Body: body, ContentType: "application/json",
		IfMatch: ifMatch, IfNoneMatch: ifMatch == ""})
	if err == nil {
		return res.ETag, landed, nil
	}
	maybe := ambiguous(err) || objstore.IsPrecondition(err)
	if !maybe {
		if objstore.IsNotFound(err) {
			return "", refused, err
		}
		return "", broken, err
	}
	got, etag, readErr := e.readHead(context.WithoutCancel(ctx), tag)
	switch {
	case readErr != nil:
		return "", unknown, err
	case got != nil && got.Beat == rec.Beat && got.State == rec.State:
		return etag, landed, nil
	case objstore.IsPrecondition(err), got != nil && etag != ifMatch:
		return "", refused, err
	}
	return "", unknown, err
}

// maxRecord bounds what is read of a record.
const maxRecord = 1 << 30

// readHead reads a record without its segments; nil if there is none.
func (e *Env) readHead(ctx context.Context, tag uint64) (rec *txRecord, etag string, err error) {
	rec = &txRecord{}
	if etag, err = e.readJSON(ctx, recordKey(tag), rec); etag == "" || err != nil {
		return nil, "", err
	}
	return rec, etag, nil
}

// readRecord reads a record with its segments; nil if there is none. The record tells of
// segments when it is written next: those that it does not know of are looked for.
func (e *Env) readRecord(ctx context.Context, tag uint64) (rec *txRecord, etag string, err error) {
	if rec, etag, err = e.readHead(ctx, tag); rec == nil || err != nil {
		return nil, "", err
	}
	return rec, etag, e.readSegments(ctx, tag, rec)
}

func (e *Env) readSegments(ctx context.Context, tag uint64, rec *txRecord) error {
	most := math.MaxInt
	if rec.State == stateCommitted {
		most = rec.Segments
	}
	rows, read, err := e.segmentsAfter(ctx, tag, 0, most)
	rec.Rows, rec.Segments = append(rec.Rows, rows...), max(rec.Segments, read)
	return err
}

// segmentsAfter are the rows of the segments behind the nth, up to one that there is not yet;
// read is the number of the last one.
func (e *Env) segmentsAfter(ctx context.Context, tag uint64, n, most int) (rows []txEntry, read int, err error) {
	for ; n < most; n++ {
		var more []txEntry
		found, err := e.readJSON(ctx, segmentKey(tag, n+1), &more)
		if found == "" || err != nil {
			return rows, n, err
		}
		rows = append(rows, more...)
	}
	return rows, n, nil
}

// readJSON reads an object; etag "" if there is none.
func (e *Env) readJSON(ctx context.Context, key string, into any) (etag string, err error) {
	o, err := e.Objects.Get(ctx, key, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return "", nil
	}
	if err != nil {
		return "", objstore.ToPG(err)
	}
	body, err := objstore.ReadBody(o, maxRecord)
	if err != nil {
		return "", objstore.ToPG(err)
	}
	if err := json.Unmarshal(body, into); err != nil {
		return "", pgerr.New(pgerr.DataCorrupted, "transaction record \"%s\" is damaged", key).WithCause(err)
	}
	return o.ETag, nil
}

// bodyKey is where a unit keeps content that it takes away.
func bodyKey(tag uint64, n int) string { return fmt.Sprintf("%s.body.%06d", recordKey(tag), n) }

// external is the body of an old object that is out of line, nil for another one.
func (o *oldObject) external(e *Env) *types.External {
	if o.At == "" {
		return nil
	}
	return e.external(o.At, "", o.Size)
}

// record is the row as it was.
func (o *oldObject) record(e *Env, id, key string) *record {
	return &record{id: id, info: o.info(key), body: o.Body, external: o.external(e), whole: o.At == ""}
}

// over says that it was taken back, and stays as it is.
func (rec *txRecord) over() bool {
	return rec.State == stateAborted || rec.State == stateRolledBack
}

// keys are its rows'.
func (rec *txRecord) keys() []string {
	keys := make([]string, len(rec.Rows))
	for i, r := range rec.Rows {
		keys[i] = r.Key
	}
	return keys
}

// deleteRecord removes a record with its segments, after other objects.
func (e *Env) deleteRecord(ctx context.Context, tag uint64, segments int, others ...string) error {
	return deleteAll(ctx, e.Objects, append(others, recordKeys(tag, segments)...))
}

// recordKeys are those of a record with its segments, its own last.
func recordKeys(tag uint64, segments int) (keys []string) {
	for n := range segments {
		keys = append(keys, segmentKey(tag, n+1))
	}
	return append(keys, recordKey(tag))
}

func deleteAll(ctx context.Context, st objstore.Store, keys []string) error {
	switch len(keys) {
	case 0:
		return nil
	case 1:
		return st.Delete(ctx, keys[0], objstore.DeleteOptions{})
	}
	return st.DeleteBatch(ctx, keys)
}

// parseRecordKey is the tag of a record's key; false for a segment's.
func parseRecordKey(key string) (tag uint64, ok bool) {
	name, ok := strings.CutPrefix(key, txPrefix)
	if !ok || len(name) != tagDigits {
		return 0, false
	}
	tag, err := strconv.ParseUint(name, 16, 64)
	return tag, err == nil
}
