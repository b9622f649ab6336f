package conformance

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

func (s *suite) listOrder() {
	keys := []string{
		"B", "a", "d-", "d.", "d/x", "d0", "d=", "da", "dir/a", "dir/b", "dir-x", "dir.x", "dira", "z", "~", "é", "～", "😀",
		"p/id=1", "p/id=10", "p/id=2", "p/id=A", "p/id=a", "p/id=_", "p/id=%", "p/id= ",
	}
	s.fill(keys)
	slices.Sort(keys)
	got, _ := s.list(objstore.ListRequest{})
	s.wantKeys("byte order", got, keys)
	got, _ = s.list(objstore.ListRequest{MaxKeys: 3})
	s.wantKeys("byte order in pages of 3", got, keys)
}

func (s *suite) listFrom() {
	keys := []string{"a/1", "a/2", "a/3", "ab/1", "b", "b/c=1/x", "b/c=2/x", "b=", "c"}
	keys = slices.DeleteFunc(keys, func(k string) bool { return k == "b" }) // no key is another's folder
	s.fill(keys)
	slices.Sort(keys)
	after := func(from, prefix string) []string {
		var want []string
		for _, k := range keys {
			if k > from && strings.HasPrefix(k, prefix) {
				want = append(want, k)
			}
		}
		return want
	}
	for _, prefix := range []string{"", "a", "a/", "b", "b/c=", "b/c=2", "zz", "a/1"} {
		for _, from := range []string{"", "a", "a/1", "a/15", "a/2x", "a/3", "aa", "b/c=1/x", "b/c=1/y", "c", "zzz", "é"} {
			got, _ := s.list(objstore.ListRequest{Prefix: prefix, StartAfter: from})
			s.wantKeys(fmt.Sprintf("prefix %q after %q", prefix, from), got, after(from, prefix))
		}
	}
	page, err := s.s.List(s.ctx, objstore.ListRequest{Prefix: "a/", MaxKeys: 3})
	if err != nil || len(page.Objects) != 3 || page.More {
		s.Errorf("a page that is just full: %+v, %v", page, err)
	}
}

func (s *suite) listDelimiter() {
	s.fill([]string{"r=a/data/id=1", "r=a/data/id=2", "r=a/p=x/v=1/id=1", "r=b/data/id=1", "s3db.json", "s3db.json.bak", "r=c"})
	for _, c := range []struct {
		req            objstore.ListRequest
		keys, prefixes []string
	}{
		{objstore.ListRequest{Delimiter: "/"}, []string{"r=c", "s3db.json", "s3db.json.bak"}, []string{"r=a/", "r=b/"}},
		{objstore.ListRequest{Prefix: "r=a/", Delimiter: "/"}, nil, []string{"r=a/data/", "r=a/p=x/"}},
		{objstore.ListRequest{Prefix: "r=a/data/", Delimiter: "/"}, []string{"r=a/data/id=1", "r=a/data/id=2"}, nil},
		{objstore.ListRequest{Prefix: "r=a", Delimiter: "/"}, nil, []string{"r=a/"}},
		{objstore.ListRequest{Prefix: "none/", Delimiter: "/"}, nil, nil},
	} {
		for _, c.req.MaxKeys = range []int{0, 1, 2} {
			keys, prefixes := s.list(c.req)
			what := fmt.Sprintf("%+v", c.req)
			s.wantKeys(what, keys, c.keys)
			s.wantKeys(what+" prefixes", prefixes, c.prefixes)
		}
	}
}

func (s *suite) listPages() {
	keys := numbered("resource=r/data/id=%05d", s.opt.Keys)
	s.fill(keys)
	s.fill([]string{"resource=r/dat", "resource=r/datb"})
	got, _ := s.list(objstore.ListRequest{Prefix: "resource=r/data/"})
	s.wantKeys("all pages", got, keys)
	got, _ = s.list(objstore.ListRequest{Prefix: "resource=r/data/", MaxKeys: 5000})
	s.wantKeys("pages of 5,000 are pages of 1,000", got, keys)
	page, err := s.s.List(s.ctx, objstore.ListRequest{Prefix: "resource=r/data/", MaxKeys: 5000})
	if err != nil || len(page.Objects) > objstore.MaxListKeys || !page.More {
		s.Errorf("the first page: %d keys, more: %v, %v", len(page.Objects), page.More, err)
	}
	from := len(keys) / 2
	got, _ = s.list(objstore.ListRequest{Prefix: "resource=r/data/", StartAfter: keys[from], MaxKeys: 333})
	s.wantKeys("pages of 333 from the middle", got, keys[from+1:])
}

func (s *suite) listDelimiterPages() {
	var keys, want []string
	for i := range 130 {
		folder := fmt.Sprintf("p/f%03d/", i)
		want = append(want, folder)
		for j := range 3 {
			keys = append(keys, fmt.Sprintf("%sid=%d", folder, j))
		}
	}
	s.fill(keys)
	for _, size := range []int{0, 1, 7, 130} {
		got, prefixes := s.list(objstore.ListRequest{Prefix: "p/", Delimiter: "/", MaxKeys: size})
		s.wantKeys("keys", got, nil)
		s.wantKeys(fmt.Sprintf("folders in pages of %d", size), prefixes, want)
	}
}

func (s *suite) listMetadata() {
	c := s.s.Capabilities()
	if !c.ListMetadata {
		s.Skip("the store's listings have no metadata")
	}
	want := objstore.Metadata{"_v": "v1", "0": "a <b> & \"c\"", "1": "x%20y+z", "2": ""}
	s.put("a", objstore.PutRequest{Body: []byte("body"), Metadata: want, ContentType: "application/json"})
	s.put("b", objstore.PutRequest{})
	s.put("big", objstore.PutRequest{Body: make([]byte, objstore.MaxListBody+1)})
	page, err := s.s.List(s.ctx, objstore.ListRequest{WithMetadata: true, WithBodies: c.ListBodies})
	if err != nil || len(page.Objects) != 3 {
		s.Fatalf("%+v, %v", page, err)
	}
	s.wantMetadata("a", page.Objects[0].Metadata, want)
	s.wantMetadata("b", page.Objects[1].Metadata, objstore.Metadata{})
	if page.Objects[1].Metadata == nil {
		s.Error("an object without metadata must have an empty map: nil means not known")
	}
	if page.Objects[0].ContentType != "application/json" {
		s.Errorf("content type %q", page.Objects[0].ContentType)
	}
	if !c.ListBodies {
		return
	}
	if len(page.Bodies) != 3 || string(page.Bodies[0]) != "body" || len(page.Bodies[1]) != 0 || page.Bodies[2] != nil {
		s.Errorf("bodies %.20q", page.Bodies)
	}
}

func (s *suite) cancelled() {
	s.put("k", objstore.PutRequest{Body: []byte("1")})
	ended, cancel := context.WithCancel(s.ctx)
	cancel()
	late, cancel := context.WithDeadline(s.ctx, time.Unix(1, 0))
	defer cancel()
	for _, ctx := range []context.Context{ended, late} {
		_, err := s.s.Head(ctx, "k")
		s.wantKind(err, "Head", objstore.Cancelled)
		_, err = s.s.Get(ctx, "k", objstore.GetOptions{})
		s.wantKind(err, "Get", objstore.Cancelled)
		_, err = s.s.List(ctx, objstore.ListRequest{})
		s.wantKind(err, "List", objstore.Cancelled)
		_, err = s.s.Put(ctx, "k", objstore.PutRequest{Body: []byte("2")})
		s.wantKind(err, "Put", objstore.Cancelled)
		s.wantKind(s.s.Delete(ctx, "k", objstore.DeleteOptions{}), "Delete", objstore.Cancelled)
		s.wantKind(s.s.DeleteBatch(ctx, []string{"k"}), "DeleteBatch", objstore.Cancelled)
	}
	if _, body := s.get("k", objstore.GetOptions{}); body != "1" {
		s.Errorf("body %q", body)
	}
}
