package conformance

import (
	"errors"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

var awkward = []string{
	"id=a%2Fb", "id=%", "id=100%25", "id=a=b", "id=a b", "id=a  b", "id=a+b", "id=a&b", "id=?q", "id=#h", "id='x'", `id="x"`,
	"id=é", "id=e\u0301", "id=日本", "id=👋", "id=～", "id=\u00a0x", "id=a;b", "id=a,b", "id=a:b", "id=a@b.c", "id=<a>", "id={a}",
	"id=[a]", "id=a|b", "id=a^b", "id=`a`", "id=~", "id=!*()", "id=$", "id=...", "id=.hidden", "id=-", "id=\\", "id=UPPER", "id=upper",
	"deep/a/b/c/d/e/id=1", "id=trailing ",
}

func (s *suite) awkwardKeys() {
	keys := slices.Clone(awkward)
	long := strings.Repeat("k", 200) + "/"
	keys = append(keys, strings.Repeat(long, 4)+strings.Repeat("x", 150))
	if s.opt.MaxSegment == 0 {
		keys = append(keys, "long="+strings.Repeat("é", 300)+strings.Repeat("x", 350))
	} else {
		keys = append(keys, "long="+strings.Repeat("x", s.opt.MaxSegment-5))
	}
	for _, key := range keys {
		s.put(key, objstore.PutRequest{Body: []byte(key), Metadata: objstore.Metadata{"n": "1"}})
	}
	for _, key := range keys {
		if info := s.head(key); info.Key != key || info.Size != int64(len(key)) {
			s.Errorf("Head %q: %+v", key, info)
		}
		if _, body := s.get(key, objstore.GetOptions{}); body != key {
			s.Errorf("Get %q: body %q", key, body)
		}
		if got, _ := s.list(objstore.ListRequest{Prefix: key, MaxKeys: 1}); !slices.Contains(got, key) {
			s.Errorf("List with prefix %q: %q", key, got)
		}
	}
	slices.Sort(keys)
	got, _ := s.list(objstore.ListRequest{})
	s.wantKeys("all awkward keys", got, keys)
	half := len(keys) / 2
	for _, key := range keys[:half] {
		if err := s.s.Delete(s.ctx, key, objstore.DeleteOptions{}); err != nil {
			s.Errorf("Delete %q: %v", key, err)
		}
	}
	if err := s.s.DeleteBatch(s.ctx, keys[half:]); err != nil {
		s.Errorf("DeleteBatch: %v", err)
	}
	got, _ = s.list(objstore.ListRequest{})
	s.wantKeys("after deleting them", got, nil)
}

func (s *suite) keysRefused() {
	for _, key := range []string{"a\tb", "a\nb", "a\x01b", "a\x7f"} {
		_, err := s.s.Put(s.ctx, key, objstore.PutRequest{})
		s.wantKind(err, "Put "+key, objstore.Invalid)
		_, err = s.s.Head(s.ctx, key)
		s.wantKind(err, "Head "+key, objstore.NotFound)
		if err := s.s.DeleteBatch(s.ctx, []string{key, "none"}); err != nil {
			s.Errorf("DeleteBatch %q: %v", key, err)
		}
	}
	for _, key := range []string{"", "/a", "a/", "a//b", "a/./b", "../a", "a/..", "a\x00b", "a\xffb"} {
		_, err := s.s.Put(s.ctx, key, objstore.PutRequest{})
		s.wantKind(err, "Put "+key, objstore.Invalid)
		_, err = s.s.Head(s.ctx, key)
		s.wantKind(err, "Head "+key, objstore.Invalid)
		_, err = s.s.Get(s.ctx, key, objstore.GetOptions{})
		s.wantKind(err, "Get "+key, objstore.Invalid)
		s.wantKind(s.s.Delete(s.ctx, key, objstore.DeleteOptions{}), "Delete "+key, objstore.Invalid)
		s.wantKind(s.s.DeleteBatch(s.ctx, []string{key}), "DeleteBatch "+key, objstore.Invalid)
	}
	long := strings.Repeat(strings.Repeat("a", 127)+"/", 8) + "b"
	_, err := s.s.Put(s.ctx, long, objstore.PutRequest{})
	s.wantKind(err, "Put of a key of 1,025 bytes", objstore.TooLarge)
	got, _ := s.list(objstore.ListRequest{})
	s.wantKeys("after refused puts", got, nil)
}

func (s *suite) delete() {
	s.put("a", objstore.PutRequest{})
	s.put("ab", objstore.PutRequest{})
	for range 2 { // the second time there is nothing to delete
		if err := s.s.Delete(s.ctx, "a", objstore.DeleteOptions{}); err != nil {
			s.Fatal(err)
		}
	}
	_, err := s.s.Head(s.ctx, "a")
	s.wantKind(err, "Head after Delete", objstore.NotFound)
	got, _ := s.list(objstore.ListRequest{})
	s.wantKeys("after Delete", got, []string{"ab"})
}

// deleteBesidePut moves the only key below a prefix to and fro, as a row's reference
// moves between partitions: a store of files removes folders that become empty.
func (s *suite) deleteBesidePut() {
	keys := []string{"t/part=x/v=a/id=1", "t/part=x/v=b/id=1"}
	s.put(keys[0], objstore.PutRequest{})
	for i := range 10 * s.opt.Rounds {
		last, next := keys[i%2], keys[(i+1)%2]
		errs := parallel(2, 2, func(i int) error {
			if i == 0 {
				return s.s.Delete(s.ctx, last, objstore.DeleteOptions{})
			}
			_, err := s.s.Put(s.ctx, next, objstore.PutRequest{IfNoneMatch: true})
			return err
		})
		if err := errors.Join(errs...); err != nil {
			s.Fatal(err)
		}
		got, _ := s.list(objstore.ListRequest{})
		s.wantKeys("after the move", got, []string{next})
	}
}

func (s *suite) deleteBatch() {
	keys := numbered("batch/id=%05d", max(s.opt.Keys, 1001))
	s.fill(keys)
	s.put("batch/keep", objstore.PutRequest{})
	s.put("keep", objstore.PutRequest{})
	if err := s.s.DeleteBatch(s.ctx, append(slices.Clone(keys), "none", "batch/none")); err != nil {
		s.Fatal(err)
	}
	got, _ := s.list(objstore.ListRequest{})
	s.wantKeys("after DeleteBatch", got, []string{"batch/keep", "keep"})
	if err := s.s.DeleteBatch(s.ctx, nil); err != nil {
		s.Fatal(err)
	}
}
