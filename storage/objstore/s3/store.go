package s3

import (
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Store is an objstore.Store in a bucket.
type Store struct {
	client *client
	caps   atomic.Pointer[objstore.Capabilities]
	// opaqueETags: ETags of this bucket are not MD5s (encryption with the bucket
	// owner's keys): bodies can't be held against them.
	opaqueETags atomic.Bool
}

// assumed are the capabilities of AWS S3, until a probe has been adopted.
func assumed() *objstore.Capabilities {
	return &objstore.Capabilities{
		ConditionalPut: true, ReplacesMetadata: true, OrderedList: true, Durable: true,
		MaxMetadata: objstore.MaxMetadata, Name: "S3",
	}
}

// Capabilities implements objstore.Store: AWS's until Adopt says better.
func (s *Store) Capabilities() objstore.Capabilities { return *s.caps.Load() }

// Adopt takes over what a probe has found, and works by it from then on.
func (s *Store) Adopt(c objstore.Capabilities) { s.caps.Store(&c) }

// Close gives idle connections back; requests under way end by themselves.
func (s *Store) Close() error {
	if t, ok := s.client.transport.(*http.Transport); ok {
		t.CloseIdleConnections()
	}
	return nil
}

// drop reads what is left of a body, so that the connection can be used again.
func drop(resp *http.Response) {
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
	_ = resp.Body.Close()
}

// Head implements objstore.Store. A missing bucket looks like a missing key: a
// HEAD has no answer that could tell.
func (s *Store) Head(ctx context.Context, key string) (objstore.Info, error) {
	if err := objstore.CheckKey(opHead, key); err != nil {
		return objstore.Info{}, err
	}
	resp, err := s.client.do(ctx, &call{op: opHead, method: http.MethodHead, key: key})
	if err != nil {
		return objstore.Info{}, err
	}
	drop(resp)
	return readInfo(opHead, key, resp, resp.ContentLength)
}

// Get implements objstore.Store. A small object is read in full and held against
// its ETag (verify.go).
func (s *Store) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	if err := objstore.CheckKey(opGet, key); err != nil {
		return nil, err
	}
	if opt.Length > 0 {
		return s.getRange(ctx, key, opt)
	}
	return s.getVerified(ctx, key)
}

func (s *Store) getRange(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	last := strconv.FormatInt(opt.Offset+opt.Length-1, 10)
	resp, err := s.client.do(ctx, &call{op: opGet, method: http.MethodGet, key: key,
		header: http.Header{"Range": {"bytes=" + strconv.FormatInt(opt.Offset, 10) + "-" + last}}})
	if err != nil {
		return nil, err
	}
	size, err := wholeSize(key, resp)
	return object(key, resp, size, err)
}

// object is the object that resp answers with, unless there is an error already.
func object(key string, resp *http.Response, size int64, err error) (*objstore.Object, error) {
	info := objstore.Info{}
	if err == nil {
		info, err = readInfo(opGet, key, resp, size)
	}
	if err != nil {
		drop(resp)
		return nil, err
	}
	return &objstore.Object{Info: info, Body: resp.Body}, nil
}

// wholeSize is the size behind the slash of Content-Range: bytes 0-1/10.
func wholeSize(key string, resp *http.Response) (int64, error) {
	header := resp.Header.Get("Content-Range")
	_, total, _ := strings.Cut(header, "/")
	size, err := strconv.ParseInt(total, 10, 64)
	if err != nil || resp.StatusCode != http.StatusPartialContent {
		return 0, objstore.Errorf(objstore.Unavailable, opGet, key, "the server does not honour ranges")
	}
	return size, nil
}

// Put implements objstore.Store. A Precondition that is Ambiguous may be the
// put's own doing, after a repetition.
func (s *Store) Put(ctx context.Context, key string, req objstore.PutRequest) (objstore.PutResult, error) {
	caps := s.caps.Load()
	if err := req.Check(key, caps.MaxMetadata, caps.MetadataOverhead); err != nil {
		return objstore.PutResult{}, err
	}
	body, err := s.payload(key, req)
	if err != nil {
		return objstore.PutResult{}, err
	}
	resp, err := s.client.do(ctx, &call{
		op: opPut, method: http.MethodPut, key: key, header: putHeader(req, caps.UnquotedIfMatch), body: body,
		unrepeatable: req.IfMatch != "" || req.IfNoneMatch,
	})
	if err != nil {
		return objstore.PutResult{}, err
	}
	drop(resp)
	return objstore.PutResult{ETag: quoted(resp.Header.Get("ETag"))}, nil
}

func (s *Store) payload(key string, req objstore.PutRequest) (payload, error) {
	if req.Stream != nil {
		return streamPayload(key, req.Stream, req.Size)
	}
	if len(req.Body) == 0 {
		return payload{}, nil
	}
	return bytesPayload(req.Body), nil
}

// Delete implements objstore.Store.
func (s *Store) Delete(ctx context.Context, key string, opt objstore.DeleteOptions) error {
	if err := objstore.CheckKey(opDelete, key); err != nil {
		return err
	}
	call := &call{op: opDelete, method: http.MethodDelete, key: key, unrepeatable: true}
	if opt.IfMatch != "" {
		call.header = http.Header{"If-Match": {ifMatch(opt.IfMatch, s.caps.Load().UnquotedIfMatch)}}
	}
	resp, err := s.client.do(ctx, call)
	if err != nil {
		if opt.IfMatch == "" && objstore.IsNotFound(err) { // some servers say so
			return nil
		}
		return err
	}
	drop(resp)
	return nil
}

// readInfo describes the object that an answer's headers speak of.
func readInfo(op, key string, resp *http.Response, size int64) (objstore.Info, error) {
	modified, err := http.ParseTime(resp.Header.Get("Last-Modified"))
	etag := resp.Header.Get("ETag")
	if err != nil || etag == "" || size < 0 {
		return objstore.Info{}, objstore.Errorf(objstore.Unavailable, op, key,
			"the answer lacks an ETag, a date or a length: is this an S3 server?")
	}
	return objstore.Info{
		Key: key, ETag: quoted(etag), Size: size, LastModified: modified.UTC().Truncate(time.Second),
		ContentType: resp.Header.Get("Content-Type"), Metadata: readMetadata(resp.Header),
	}, nil
}
