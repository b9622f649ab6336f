package paging

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Cursor walks objects in byte order of their keys.
type Cursor interface {
	// Seek goes to the first key >= key.
	Seek(key string) bool
	Next() bool
	Key() string
	// Object describes the object under the cursor: with its metadata, and with
	// its body if that has at most objstore.MaxListBody bytes, if asked for.
	Object(metadata, body bool) (objstore.Info, []byte, error)
	// Err says why Seek or Next answered false, nil at the end of the keys.
	Err() error
}

// afterAll is a suffix that sorts after every key below a common prefix: the
// highest code point.
const afterAll = "\U0010FFFF"

// NextAfter is the StartAfter that goes on behind a common prefix.
func NextAfter(commonPrefix string) string { return commonPrefix + afterAll }

// Build reads one page from c.
func Build(c Cursor, req objstore.ListRequest) (*objstore.ListPage, error) {
	b := builder{c: c, req: req, page: &objstore.ListPage{}}
	for ok := c.Seek(start(req)); ok; {
		if !strings.HasPrefix(c.Key(), req.Prefix) {
			return b.page, nil
		}
		if b.full() {
			b.page.More = true
			return b.page, nil
		}
		var err error
		if ok, err = b.take(); err != nil {
			return nil, err
		}
	}
	b.page.Next = ""
	return b.page, c.Err()
}

// start is the first key that may be listed.
func start(req objstore.ListRequest) string {
	if req.StartAfter < req.Prefix {
		return req.Prefix
	}
	if req.StartAfter == "" {
		return ""
	}
	return req.StartAfter + "\x00"
}

// Limit is the page size that a request means.
func Limit(req objstore.ListRequest) int {
	if req.MaxKeys <= 0 || req.MaxKeys > objstore.MaxListKeys {
		return objstore.MaxListKeys
	}
	return req.MaxKeys
}

type builder struct {
	c     Cursor
	req   objstore.ListRequest
	page  *objstore.ListPage
	bytes int
}

func (b *builder) full() bool {
	return len(b.page.Objects)+len(b.page.CommonPrefixes) >= Limit(b.req) || b.bytes >= objstore.MaxListBytes
}

// take puts the key under the cursor on the page and moves on.
func (b *builder) take() (bool, error) {
	if cp, ok := b.rollUp(); ok {
		b.page.CommonPrefixes = append(b.page.CommonPrefixes, cp)
		b.page.Next = NextAfter(cp)
		return b.c.Seek(b.page.Next), nil
	}
	info, body, err := b.c.Object(b.req.WithMetadata, b.req.WithBodies)
	if err != nil {
		return false, err
	}
	b.page.Objects = append(b.page.Objects, info)
	if b.req.WithBodies {
		b.page.Bodies = append(b.page.Bodies, body)
		b.bytes += len(body)
	}
	b.page.Next = info.Key
	return b.c.Next(), nil
}

func (b *builder) rollUp() (string, bool) {
	if b.req.Delimiter == "" {
		return "", false
	}
	key := b.c.Key()
	i := strings.Index(key[len(b.req.Prefix):], b.req.Delimiter)
	if i < 0 {
		return "", false
	}
	return key[:len(b.req.Prefix)+i+len(b.req.Delimiter)], true
}
