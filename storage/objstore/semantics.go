package objstore

import "io"

// The rules below are S3's; stores that keep the objects themselves share them.

// Range is the part of a body of size bytes that the options select. A range
// that begins behind the end is Invalid, as S3's 416.
func (o GetOptions) Range(key string, size int64) (from, to int64, err error) {
	if o.Length <= 0 {
		return 0, size, nil
	}
	if o.Offset < 0 || o.Offset >= size {
		return 0, 0, Errorf(Invalid, "GET", key, "the range begins at byte %d of %d", o.Offset, size)
	}
	return o.Offset, min(size, o.Offset+o.Length), nil
}

// CheckCondition holds the request's condition against the ETag that the key
// has now, empty if there is no object.
func (r *PutRequest) CheckCondition(key, etag string) error {
	switch {
	case r.IfNoneMatch && etag != "":
		return Errorf(Precondition, "PUT", key, "the object exists already")
	case r.IfMatch != "":
		return matchETag("PUT", key, r.IfMatch, etag)
	}
	return nil
}

// CheckCondition is the same for a delete.
func (o DeleteOptions) CheckCondition(key, etag string) error {
	if o.IfMatch == "" {
		return nil
	}
	return matchETag("DELETE", key, o.IfMatch, etag)
}

func matchETag(op, key, want, got string) error {
	if got == "" {
		return Errorf(NotFound, op, key, "there is no object to match")
	}
	if got != want {
		return Errorf(Precondition, op, key, "the object has changed")
	}
	return nil
}

// ReadAll returns the whole body, also of a stream.
func (r *PutRequest) ReadAll(key string) ([]byte, error) {
	if r.Stream == nil {
		return r.Body, nil
	}
	body := make([]byte, r.Size)
	if _, err := io.ReadFull(r.Stream, body); err != nil {
		return nil, Wrap(Invalid, "PUT", key, err)
	}
	if n, _ := r.Stream.Read(make([]byte, 1)); n > 0 {
		return nil, Errorf(Invalid, "PUT", key, "the stream is longer than %d bytes", r.Size)
	}
	return body, nil
}
