package objstore

import (
	"bytes"
	"context"
	"errors"
)

// settleTries bounds how often PutSettled puts.
const settleTries = 4

// PutSettled puts a body that nobody else would put, under the request's condition. Where
// an answer is lost it looks, and puts again: the condition lets it land once. An error
// that is still Ambiguous says that the store does not tell.
func PutSettled(ctx context.Context, st Store, key string, req PutRequest) (etag string, err error) {
	for range settleTries {
		var res PutResult
		if res, err = st.Put(ctx, key, req); err == nil {
			return res.ETag, nil
		}
		var e *Error
		lost := errors.As(err, &e) && e.Ambiguous
		if !lost && !IsPrecondition(err) {
			return "", err
		}
		now, etag, readErr := whole(context.WithoutCancel(ctx), st, key, int64(len(req.Body)))
		switch {
		case readErr == nil && bytes.Equal(now, req.Body):
			return etag, nil
		case !lost:
			return "", err
		case readErr == nil && etag != req.IfMatch:
			return "", Errorf(Precondition, "PUT", key, "another writer was faster")
		}
	}
	return "", err
}

// whole reads an object as far as limit; etag "" for none.
func whole(ctx context.Context, st Store, key string, limit int64) (body []byte, etag string, err error) {
	o, err := st.Get(ctx, key, GetOptions{})
	if IsNotFound(err) {
		return nil, "", nil
	}
	if err != nil {
		return nil, "", err
	}
	if o.Size != limit {
		return nil, o.ETag, o.Body.Close()
	}
	body, err = ReadBody(o, limit)
	return body, o.ETag, err
}
