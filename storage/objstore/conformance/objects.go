package conformance

import (
	"bytes"
	"crypto/md5"
	"strings"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

func (s *suite) capabilities() {
	c := s.s.Capabilities()
	if !c.ReplacesMetadata || !c.OrderedList || !c.ConditionalPut {
		s.Fatalf("a database cannot stand on this store: %+v", c)
	}
	if c.MaxMetadata < objstore.MaxMetadata || c.Name == "" {
		s.Fatalf("incomplete: %+v", c)
	}
}

func (s *suite) putAndRead() {
	md := objstore.Metadata{"_v": "v1", "0": "x", "a-b": "1,2"}
	tag := s.put("resource=r/data/id=1", objstore.PutRequest{
		Body: []byte(`{"a":1}`), Metadata: md, ContentType: "application/json",
	})
	info := s.head("resource=r/data/id=1")
	got, body := s.get("resource=r/data/id=1", objstore.GetOptions{})
	for op, i := range map[string]objstore.Info{"Head": info, "Get": got} {
		s.wantMetadata(op, i.Metadata, md)
		if i.Key != "resource=r/data/id=1" || i.ETag != tag || i.Size != 7 || i.ContentType != "application/json" {
			s.Errorf("%s: %+v", op, i)
		}
		if i.LastModified.IsZero() || i.LastModified.Location() != time.UTC {
			s.Errorf("%s: last modified %v", op, i.LastModified)
		}
	}
	if body != `{"a":1}` {
		s.Errorf("body %q", body)
	}
	s.put("empty", objstore.PutRequest{})
	info, body = s.get("empty", objstore.GetOptions{})
	if info.Size != 0 || body != "" || len(info.Metadata) != 0 {
		s.Errorf("empty object: %+v %q", info, body)
	}
}

func (s *suite) overwrite() {
	s.put("k", objstore.PutRequest{Body: []byte("long body"), ContentType: "text/plain",
		Metadata: objstore.Metadata{"a": "1", "b": "2"}})
	s.put("k", objstore.PutRequest{Body: []byte("b2"), ContentType: "application/json",
		Metadata: objstore.Metadata{"a": "3"}})
	info, body := s.get("k", objstore.GetOptions{})
	s.wantMetadata("after the second put", info.Metadata, objstore.Metadata{"a": "3"})
	if body != "b2" || info.ContentType != "application/json" || info.Size != 2 {
		s.Errorf("%+v %q", info, body)
	}
	s.put("k", objstore.PutRequest{})
	s.wantMetadata("after an empty put", s.head("k").Metadata, objstore.Metadata{})
}

func (s *suite) etag() {
	sum := md5.Sum([]byte("stamp"))
	want := objstore.QuoteETag(sum[:])
	first := s.put("k", objstore.PutRequest{Body: []byte("stamp"), Metadata: objstore.Metadata{"a": "1"}})
	if first != want {
		s.Fatalf("ETag %s, want the quoted MD5 %s", first, want)
	}
	if same := s.put("k", objstore.PutRequest{Body: []byte("stamp")}); same != first {
		s.Errorf("the ETag changed with the metadata alone: %s", same)
	}
	if other := s.put("k", objstore.PutRequest{Body: []byte("Stamp")}); other == first {
		s.Error("the ETag did not change with the body")
	}
	page, err := s.s.List(s.ctx, objstore.ListRequest{})
	if err != nil || len(page.Objects) != 1 {
		s.Fatalf("List: %+v, %v", page, err)
	}
	listed, head := page.Objects[0], s.head("k")
	if listed.ETag != head.ETag || listed.Size != head.Size || listed.LastModified.Location() != time.UTC ||
		!listed.LastModified.Truncate(time.Second).Equal(head.LastModified.Truncate(time.Second)) {
		s.Errorf("LIST says %+v, HEAD %+v", listed, head)
	}
}

func (s *suite) mapNotKept() {
	md := objstore.Metadata{"a": "1"}
	body := []byte("body")
	s.put("k", objstore.PutRequest{Body: body, Metadata: md})
	md["a"], md["b"] = "2", "2"
	body[0] = 'X'
	info, got := s.get("k", objstore.GetOptions{})
	s.wantMetadata("after changing the caller's map", info.Metadata, objstore.Metadata{"a": "1"})
	if got != "body" {
		s.Errorf("body %q", got)
	}
}

func (s *suite) metadataValues() {
	var printable strings.Builder
	for c := byte('!'); c <= '~'; c++ {
		printable.WriteByte(c)
	}
	md := objstore.Metadata{
		"all": printable.String(), "empty": "", "spaces": "a  b   c", "quotes": `"a", 'b'`, "_v": "v0",
		"percent": "100%41", "plus": "a+b", "json": `{"a":["b",1]}`, "b64": "b:4pi6", "comma": ",", "0": "0", "10": "{",
	}
	s.put("k", objstore.PutRequest{Body: []byte("x"), Metadata: md})
	s.wantMetadata("Head", s.head("k").Metadata, md)
	info, _ := s.get("k", objstore.GetOptions{})
	s.wantMetadata("Get", info.Metadata, md)
}

func (s *suite) metadataRefused() {
	bad := []objstore.Metadata{
		{"a": "é"}, {"a": " x"}, {"a": "x "}, {"a": " "}, {"a": "a\tb"}, {"a": "a\nb"}, {"a": "a\x00b"}, {"a": "\x7f"},
		{"a": "=?UTF-8?Q?x?="}, {"A": "x"}, {"": "x"}, {"a b": "x"}, {"a:b": "x"}, {"é": "x"}, {"a\r\nb": "x"},
	}
	for _, md := range bad {
		_, err := s.s.Put(s.ctx, "k", objstore.PutRequest{Body: []byte("x"), Metadata: md})
		s.wantKind(err, "Put with a bad pair", objstore.Invalid)
	}
	_, err := s.s.Head(s.ctx, "k")
	s.wantKind(err, "Head after refused puts", objstore.NotFound)
}

func (s *suite) metadataLimit() {
	c := s.s.Capabilities()
	at := func(pairs, size int) objstore.Metadata {
		md := objstore.Metadata{}
		for i := range pairs {
			md[string(rune('a'+i))] = ""
		}
		md["a"] = strings.Repeat("v", size-objstore.MetadataSize(md, c.MetadataOverhead))
		return md
	}
	for _, pairs := range []int{1, 10} {
		fits := at(pairs, c.MaxMetadata)
		s.put("fits", objstore.PutRequest{Body: []byte("x"), Metadata: fits})
		s.wantMetadata("at the limit", s.head("fits").Metadata, fits)
	}
	_, err := s.s.Put(s.ctx, "over", objstore.PutRequest{Body: []byte("x"), Metadata: at(10, c.MaxMetadata+1)})
	s.wantKind(err, "one byte over the limit", objstore.TooLarge)
	_, err = s.s.Put(s.ctx, "over", objstore.PutRequest{Body: []byte("x"), Metadata: at(1, 7000)})
	s.wantKind(err, "7,000 bytes of metadata", objstore.TooLarge)
	_, err = s.s.Head(s.ctx, "over")
	s.wantKind(err, "Head after refused puts", objstore.NotFound)
}

func (s *suite) missingKey() {
	_, err := s.s.Head(s.ctx, "none")
	s.wantKind(err, "Head", objstore.NotFound)
	_, err = s.s.Get(s.ctx, "none", objstore.GetOptions{})
	s.wantKind(err, "Get", objstore.NotFound)
	_, err = s.s.Get(s.ctx, "none", objstore.GetOptions{Length: 3})
	s.wantKind(err, "Get of a range", objstore.NotFound)
	s.put("none/such", objstore.PutRequest{})
	_, err = s.s.Head(s.ctx, "none")
	s.wantKind(err, "Head of a folder", objstore.NotFound)
}

func (s *suite) ranges() {
	s.put("k", objstore.PutRequest{Body: []byte("0123456789"), Metadata: objstore.Metadata{"a": "1"}})
	for _, c := range []struct {
		off, n int64
		want   string
	}{{0, 1, "0"}, {3, 4, "3456"}, {8, 100, "89"}, {0, 10, "0123456789"}, {9, 1, "9"}, {5, 0, "0123456789"}} {
		info, body := s.get("k", objstore.GetOptions{Offset: c.off, Length: c.n})
		if body != c.want || info.Size != 10 {
			s.Errorf("%d bytes from %d: %q of %d, want %q of 10", c.n, c.off, body, info.Size, c.want)
		}
		s.wantMetadata("range", info.Metadata, objstore.Metadata{"a": "1"})
	}
	_, err := s.s.Get(s.ctx, "k", objstore.GetOptions{Offset: 10, Length: 1})
	s.wantKind(err, "a range behind the end", objstore.Invalid)
}

func (s *suite) largeBody() {
	body := make([]byte, 5<<20+3)
	for i := range body {
		body[i] = byte(i * 31 >> 3)
	}
	sum := md5.Sum(body)
	tag := s.put("big", objstore.PutRequest{Stream: bytes.NewReader(body), Size: int64(len(body)),
		Metadata: objstore.Metadata{"a": "1"}, ContentType: "image/png"})
	if tag != objstore.QuoteETag(sum[:]) {
		s.Errorf("ETag %s", tag)
	}
	info, got := s.get("big", objstore.GetOptions{})
	s.wantMetadata("Get", info.Metadata, objstore.Metadata{"a": "1"})
	if got != string(body) || info.Size != int64(len(body)) || info.ContentType != "image/png" {
		s.Errorf("%d bytes came back: %+v", len(got), info)
	}
	for _, r := range [][2]int64{{1<<20 - 5, 11}, {5 << 20, 100}, {3, 2 << 20}} {
		_, got = s.get("big", objstore.GetOptions{Offset: r[0], Length: r[1]})
		if got != string(body[r[0]:min(r[0]+r[1], int64(len(body)))]) {
			s.Errorf("range %v differs", r)
		}
	}
	s.put("big", objstore.PutRequest{Body: []byte("small")})
	if _, got = s.get("big", objstore.GetOptions{}); got != "small" {
		s.Errorf("after the overwrite: %d bytes", len(got))
	}
	_, err := s.s.Put(s.ctx, "short", objstore.PutRequest{Stream: strings.NewReader("abc"), Size: 4})
	s.wantKind(err, "a stream shorter than its size", objstore.Invalid)
	_, err = s.s.Head(s.ctx, "short")
	s.wantKind(err, "Head after a refused stream", objstore.NotFound)
}
