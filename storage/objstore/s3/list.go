package s3

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/internal/paging"
)

// List implements objstore.Store.
func (s *Store) List(ctx context.Context, req objstore.ListRequest) (*objstore.ListPage, error) {
	query := url.Values{
		"list-type": {"2"}, "encoding-type": {"url"}, "max-keys": {strconv.Itoa(paging.Limit(req))},
	}
	for name, value := range map[string]string{
		"prefix": req.Prefix, "start-after": req.StartAfter, "delimiter": req.Delimiter,
	} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if req.WithMetadata {
		query.Set("metadata", "true") // MinIO's extension
	}
	for {
		list, err := s.listOnce(ctx, req, query)
		if err != nil {
			return nil, err
		}
		// An empty page that is not the last one gives no key to go on from.
		if list.empty() && list.truncated && list.token != "" {
			query.Set("continuation-token", list.token)
			continue
		}
		return list.page(), nil
	}
}

// buffers are for the documents of listings, some hundred kilobytes each.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

func (s *Store) listOnce(ctx context.Context, req objstore.ListRequest, query url.Values) (*listing, error) {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	_, err := s.client.do(ctx, &call{
		op: opList, method: http.MethodGet, key: req.Prefix, bucket: true, query: query.Encode(),
		read: func(resp *http.Response) error {
			buf.Reset()
			_, err := io.Copy(buf, resp.Body)
			return errors.Join(err, resp.Body.Close())
		},
	})
	if err != nil {
		return nil, err
	}
	list := &listing{metadata: req.WithMetadata}
	if err := list.parse(buf.Bytes()); err != nil {
		return nil, objstore.Wrap(objstore.Unavailable, opList, req.Prefix, err)
	}
	return list, nil
}

// listing is a ListBucketResult.
type listing struct {
	metadata  bool // wanted
	objects   []objstore.Info
	prefixes  []string
	truncated bool
	token     string
	urlKeys   bool
}

func (l *listing) empty() bool { return len(l.objects)+len(l.prefixes) == 0 }

func (l *listing) page() *objstore.ListPage {
	page := &objstore.ListPage{Objects: l.objects, CommonPrefixes: l.prefixes, More: l.truncated}
	if !page.More {
		return page
	}
	if n := len(l.objects); n > 0 {
		page.Next = l.objects[n-1].Key
	}
	if n := len(l.prefixes); n > 0 && l.prefixes[n-1] > page.Next {
		page.Next = paging.NextAfter(l.prefixes[n-1])
	}
	return page
}

// each calls f with the name of each child of the innermost element; f reads or
// skips it.
func (x *xmlScanner) each(f func(name string) error) error {
	for {
		name, err := x.child()
		if err != nil || name == nil {
			return err
		}
		if err := f(string(name)); err != nil {
			return err
		}
	}
}

func (l *listing) parse(doc []byte) error {
	x := &xmlScanner{b: doc}
	if err := x.document("ListBucketResult"); err != nil {
		return err
	}
	complete := false
	err := x.each(func(name string) (err error) {
		switch name {
		case "Contents":
			return l.parseObject(x)
		case "CommonPrefixes":
			return l.parsePrefix(x)
		case "IsTruncated":
			complete = true
			l.truncated, err = x.bool()
		case "EncodingType":
			l.urlKeys = x.string() == "url"
		case "NextContinuationToken":
			l.token = x.string()
		default:
			return x.skip()
		}
		return err
	})
	if err = errors.Join(err, x.finish()); err != nil {
		return err
	}
	if !complete {
		return errXML
	}
	return l.decodeKeys()
}

func (x *xmlScanner) bool() (bool, error) {
	text, err := x.text()
	if err != nil {
		return false, err
	}
	return strconv.ParseBool(string(text))
}

func (l *listing) parsePrefix(x *xmlScanner) error {
	return x.each(func(name string) error {
		if name != "Prefix" {
			return x.skip()
		}
		text, err := x.text()
		l.prefixes = append(l.prefixes, string(text))
		return err
	})
}

func (l *listing) parseObject(x *xmlScanner) error {
	if l.objects == nil {
		l.objects = make([]objstore.Info, 0, objstore.MaxListKeys)
	}
	var info objstore.Info
	for {
		name, err := x.child()
		if err != nil {
			return err
		}
		if name == nil {
			break
		}
		if err := l.readField(x, string(name), &info); err != nil {
			return err
		}
	}
	if info.Key == "" || info.ETag == "" || info.LastModified.IsZero() {
		return errXML
	}
	l.objects = append(l.objects, info)
	return nil
}

// readField reads one child of a Contents element.
func (l *listing) readField(x *xmlScanner, name string, info *objstore.Info) error {
	switch name {
	case "Key", "ETag", "Size", "LastModified":
	case "UserMetadata":
		if l.metadata {
			return readUserMetadata(x, info)
		}
		return x.skip()
	default:
		return x.skip()
	}
	text, err := x.text()
	if err != nil {
		return err
	}
	switch name {
	case "Key":
		info.Key = string(text)
	case "ETag":
		info.ETag = quoted(string(text))
	case "Size":
		info.Size, err = strconv.ParseInt(string(text), 10, 64)
	case "LastModified":
		info.LastModified, err = time.Parse(time.RFC3339Nano, string(text))
		info.LastModified = info.LastModified.UTC()
	}
	return err
}

// readUserMetadata reads MinIO's <UserMetadata><X-Amz-Meta-A>1</…>…, in which
// the content type and other headers stand too. An object without the element
// keeps a nil map: its metadata is not known.
func readUserMetadata(x *xmlScanner, info *objstore.Info) error {
	info.Metadata = objstore.Metadata{}
	return x.each(func(name string) error {
		text, err := x.text()
		if err != nil {
			return err
		}
		lower := strings.ToLower(name)
		if short, ok := strings.CutPrefix(lower, "x-amz-meta-"); ok {
			info.Metadata[short] = decodeValue(string(text))
		} else if lower == "content-type" {
			info.ContentType = string(text)
		}
		return nil
	})
}

// decodeKeys undoes encoding-type=url, where the server has followed it.
func (l *listing) decodeKeys() error {
	if !l.urlKeys {
		return nil
	}
	for i := range l.objects {
		if err := decodeKey(&l.objects[i].Key); err != nil {
			return err
		}
	}
	for i := range l.prefixes {
		if err := decodeKey(&l.prefixes[i]); err != nil {
			return err
		}
	}
	return nil
}

func decodeKey(key *string) error {
	if !strings.ContainsAny(*key, "%+") {
		return nil
	}
	decoded, err := url.QueryUnescape(*key)
	if err != nil {
		return errXML
	}
	*key = decoded
	return nil
}
