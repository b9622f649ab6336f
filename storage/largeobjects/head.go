package largeobjects

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Where the objects are; see storage/sequences for their neighbours.
const (
	headPrefix  = "plugin=s3db-sql/largeobjects/"
	chunkPrefix = "plugin=s3db-sql/largeobject-chunks/"
)

const (
	// chunkSize is what one S3 object holds at most.
	chunkSize = 1 << 20
	// inline is the largest object that is kept in its head.
	inline = 32 << 10
	// maxHead bounds what is read of a head: some hundred thousand chunks.
	maxHead = 64 << 20
)

// head is an object in the store.
type head struct {
	// Version names the COMMIT that wrote it: two heads are never the same bytes.
	Version string `json:"version"`
	// Gone: the object is unlinked, and the head about to be deleted. Nobody sees it.
	Gone   bool            `json:"gone,omitempty"`
	Size   int64           `json:"size"`
	Access json.RawMessage `json:"access,omitempty"`
	// Data is the whole content, up to its last byte that was written, if it is small.
	Data []byte `json:"data,omitempty"`
	// Chunks are those that were written, in order; what is between them is zeros.
	Chunks []run `json:"chunks,omitempty"`
}

// run is a number of chunks of one COMMIT.
type run struct {
	First int64 `json:"first"`
	Last  int64 `json:"last"`
	// In is the version that wrote them.
	In string `json:"in"`
	// Bytes of each; what follows up to the next chunk is zeros.
	Bytes int `json:"bytes"`
}

// stored is one chunk in the store.
type stored struct {
	index int64
	in    string
	bytes int
}

func headKey(oid types.OID) string { return fmt.Sprintf("%s%010d.json", headPrefix, oid) }

func chunksOf(oid types.OID) string { return chunkPrefix + strconv.FormatUint(uint64(oid), 10) + "/" }

func (c stored) key(oid types.OID) string {
	return chunksOf(oid) + c.in + "/" + strconv.FormatInt(c.index, 10)
}

// oidOf is the oid of a head's key; false for what is none.
func oidOf(key string) (types.OID, bool) {
	name, ok := strings.CutSuffix(strings.TrimPrefix(key, headPrefix), ".json")
	n, err := strconv.ParseUint(name, 10, 32)
	return types.OID(n), ok && err == nil
}

// chunk finds the chunk of that index.
func (h *head) chunk(index int64) (stored, bool) {
	if h == nil {
		return stored{}, false
	}
	for _, r := range h.Chunks {
		if r.First <= index && index <= r.Last {
			return stored{index, r.In, r.Bytes}, true
		}
	}
	return stored{}, false
}

// each calls yield with every chunk.
func (h *head) each(yield func(stored)) {
	if h == nil {
		return
	}
	for _, r := range h.Chunks {
		for i := r.First; i <= r.Last; i++ {
			yield(stored{i, r.In, r.Bytes})
		}
	}
}

// add appends a chunk behind those there are.
func (h *head) add(c stored) {
	if n := len(h.Chunks); n > 0 {
		last := &h.Chunks[n-1]
		if last.Last+1 == c.index && last.In == c.in && last.Bytes == c.bytes {
			last.Last++
			return
		}
	}
	h.Chunks = append(h.Chunks, run{First: c.index, Last: c.index, In: c.in, Bytes: c.bytes})
}

func (h *head) info(oid types.OID) storage.LargeObject {
	return storage.LargeObject{OID: oid, Size: h.Size, Access: h.Access}
}

func parseHead(oid types.OID, data []byte) (*head, error) {
	h := &head{}
	if err := json.Unmarshal(data, h); err != nil {
		return nil, pgerr.New(pgerr.DataCorrupted, "large object %d can't be read", oid).WithDetail("%s: %v", headKey(oid), err)
	}
	return h, nil
}

// readHead is nil where there is none.
func (s *Store) readHead(ctx context.Context, oid types.OID) (*head, objstore.Info, error) {
	o, err := s.objects.Get(ctx, headKey(oid), objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return nil, objstore.Info{}, nil
	}
	if err != nil {
		return nil, objstore.Info{}, objstore.ToPG(err)
	}
	data, err := objstore.ReadBody(o, maxHead)
	if err != nil {
		return nil, objstore.Info{}, objstore.ToPG(err)
	}
	h, err := parseHead(oid, data)
	return h, o.Info, err
}

// putHead puts a head in the place of the one with that tag, or where there is none. A
// request whose outcome is unknown is looked up.
func (s *Store) putHead(ctx context.Context, oid types.OID, h *head, etag string) (string, error) {
	body, err := json.Marshal(h)
	if err != nil {
		return "", err
	}
	res, err := s.objects.Put(ctx, headKey(oid), objstore.PutRequest{
		Body: body, ContentType: "application/json", IfMatch: etag, IfNoneMatch: etag == "",
	})
	if err == nil {
		return res.ETag, nil
	}
	now, found, readErr := s.readHead(context.WithoutCancel(ctx), oid)
	if readErr == nil && now != nil && now.Version == h.Version && now.Gone == h.Gone {
		return found.ETag, nil
	}
	return "", err
}
