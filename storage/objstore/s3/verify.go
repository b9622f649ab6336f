package s3

import (
	"bytes"
	"context"
	"io"
	"net/http"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

const (
	// verifyMax is the size up to which Get reads a body at once and verifies it.
	verifyMax = 64 << 10
	// rereads is how often a body that does not match its ETag is read again.
	rereads = 8
)

// getVerified reads an object and, if it is small, holds its body against its
// ETag. A server may pair the body with the ETag of a write that happens at the
// same moment (versitygw reads them one after the other): then it is read again.
// A pair that stays the same is no such race: this bucket's ETags are not MD5s.
func (s *Store) getVerified(ctx context.Context, key string) (*objstore.Object, error) {
	var last *objstore.Object
	var lastBody []byte
	for range rereads {
		o, body, err := s.getWhole(ctx, key)
		if err != nil || body == nil {
			return o, err
		}
		if s.opaqueETags.Load() || len(o.ETag) != plainETag || o.ETag == objstore.ETagOf(body) {
			return o, nil
		}
		if last != nil && last.ETag == o.ETag && bytes.Equal(lastBody, body) {
			s.opaqueETags.Store(true)
			return o, nil
		}
		last, lastBody = o, body
	}
	return nil, objstore.Errorf(objstore.Unavailable, opGet, key, "the body and the ETag changed in each of %d reads", rereads)
}

// getWhole reads an object; a small one with its body, which it returns beside.
func (s *Store) getWhole(ctx context.Context, key string) (o *objstore.Object, body []byte, err error) {
	resp, err := s.client.do(ctx, &call{op: opGet, method: http.MethodGet, key: key, read: func(resp *http.Response) error {
		if resp.ContentLength < 0 || resp.ContentLength > verifyMax {
			return nil
		}
		body = make([]byte, resp.ContentLength)
		if _, err := io.ReadFull(resp.Body, body); err != nil {
			return err
		}
		drop(resp) // the end of the body lets the connection be used again
		return nil
	}})
	if err != nil {
		return nil, nil, err
	}
	if o, err = object(key, resp, resp.ContentLength, nil); err != nil {
		return nil, nil, err
	}
	if body != nil {
		o.Body = io.NopCloser(bytes.NewReader(body))
	}
	return o, body, nil
}

// plainETag is the length of a quoted MD5: that of a multipart upload is longer.
const plainETag = 2 + 32
