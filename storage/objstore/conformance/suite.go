package conformance

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Options says where a store differs from AWS S3, and how hard to press it.
type Options struct {
	// MaxSegment is the most bytes between two slashes of a key; 0: no limit but
	// the key's. Servers that keep objects as files have 255.
	MaxSegment int
	// Rounds of each race; 0 means 10.
	Rounds int
	// Keys of the paging tests; 0 means 2,345.
	Keys int
}

// Run holds the stores that open gives to the suite. Each test gets a store of
// its own, which must be empty (a new prefix of a bucket will do) and which
// open closes, where necessary, by t.Cleanup.
func Run(t *testing.T, open func(t *testing.T) objstore.Store, opt Options) {
	if opt.Rounds == 0 {
		opt.Rounds = 10
	}
	if opt.Keys == 0 {
		opt.Keys = 2345
	}
	tests := []struct {
		name string
		run  func(s *suite)
	}{
		{"capabilities", (*suite).capabilities},
		{"put and read", (*suite).putAndRead},
		{"overwrite replaces everything", (*suite).overwrite},
		{"etag", (*suite).etag},
		{"the caller's map is not kept", (*suite).mapNotKept},
		{"metadata values", (*suite).metadataValues},
		{"metadata refused", (*suite).metadataRefused},
		{"metadata limit", (*suite).metadataLimit},
		{"missing key", (*suite).missingKey},
		{"awkward keys", (*suite).awkwardKeys},
		{"keys refused", (*suite).keysRefused},
		{"ranges", (*suite).ranges},
		{"large body", (*suite).largeBody},
		{"create only", (*suite).createOnly},
		{"if-match", (*suite).ifMatch},
		{"conditional delete", (*suite).conditionalDelete},
		{"delete race", (*suite).deleteRace},
		{"create race", (*suite).createRace},
		{"swap race", (*suite).swapRace},
		{"no torn read", (*suite).noTornRead},
		{"delete", (*suite).delete},
		{"delete beside a put", (*suite).deleteBesidePut},
		{"delete batch", (*suite).deleteBatch},
		{"list order", (*suite).listOrder},
		{"list from", (*suite).listFrom},
		{"list delimiter", (*suite).listDelimiter},
		{"list pages", (*suite).listPages},
		{"list delimiter pages", (*suite).listDelimiterPages},
		{"list metadata", (*suite).listMetadata},
		{"cancelled", (*suite).cancelled},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			test.run(&suite{T: t, s: open(t), opt: opt, ctx: t.Context()})
		})
	}
}

type suite struct {
	*testing.T
	s   objstore.Store
	opt Options
	ctx context.Context
}

// put writes an object that must be accepted and returns its ETag.
func (s *suite) put(key string, req objstore.PutRequest) string {
	s.Helper()
	res, err := s.s.Put(s.ctx, key, req)
	if err != nil {
		s.Fatalf("Put %q: %v", key, err)
	}
	return res.ETag
}

func (s *suite) head(key string) objstore.Info {
	s.Helper()
	info, err := s.s.Head(s.ctx, key)
	if err != nil {
		s.Fatalf("Head %q: %v", key, err)
	}
	return info
}

func (s *suite) get(key string, opt objstore.GetOptions) (objstore.Info, string) {
	s.Helper()
	o, err := s.s.Get(s.ctx, key, opt)
	if err != nil {
		s.Fatalf("Get %q: %v", key, err)
	}
	body, err := objstore.ReadBody(o, 64<<20)
	if err != nil {
		s.Fatalf("Get %q: %v", key, err)
	}
	return o.Info, string(body)
}

// list reads all pages, which must be no longer than asked for.
func (s *suite) list(req objstore.ListRequest) (keys, prefixes []string) {
	s.Helper()
	limit := req.MaxKeys
	if limit == 0 {
		limit = objstore.MaxListKeys
	}
	for {
		page, err := s.s.List(s.ctx, req)
		if err != nil {
			s.Fatalf("List %+v: %v", req, err)
		}
		if n := len(page.Objects) + len(page.CommonPrefixes); n > limit {
			s.Fatalf("List %+v: %d entries on a page of %d", req, n, limit)
		}
		for _, o := range page.Objects {
			keys = append(keys, o.Key)
		}
		prefixes = append(prefixes, page.CommonPrefixes...)
		if !page.More {
			return keys, prefixes
		}
		if page.Next <= req.StartAfter {
			s.Fatalf("List %+v goes on at %q: it does not advance", req, page.Next)
		}
		req.StartAfter = page.Next
	}
}

// wantKind fails unless err is an *objstore.Error of one of the kinds.
func (s *suite) wantKind(err error, what string, kinds ...objstore.Kind) {
	s.Helper()
	var e *objstore.Error
	if !errors.As(err, &e) {
		s.Fatalf("%s: got %v (%T), want an *objstore.Error", what, err, err)
	}
	if !slices.Contains(kinds, e.Kind) {
		s.Fatalf("%s: got kind %v, want %v (%v)", what, e.Kind, kinds, err)
	}
}

func (s *suite) wantKeys(what string, got, want []string) {
	s.Helper()
	if !slices.Equal(got, want) {
		s.Fatalf("%s:\n got %q\nwant %q", what, got, want)
	}
}

func (s *suite) wantMetadata(what string, got, want objstore.Metadata) {
	s.Helper()
	if !maps.Equal(got, want) {
		s.Fatalf("%s:\n got %q\nwant %q", what, got, want)
	}
}

// parallel calls f(0) … f(n-1) side by side, at most width at a time, and
// returns the errors.
func parallel(n, width int, f func(i int) error) []error {
	errs := make([]error, n)
	slots := make(chan struct{}, width)
	var wg sync.WaitGroup
	for i := range n {
		slots <- struct{}{}
		wg.Go(func() {
			errs[i] = f(i)
			<-slots
		})
	}
	wg.Wait()
	return errs
}

// fill puts empty objects with the given keys.
func (s *suite) fill(keys []string) {
	s.Helper()
	errs := parallel(len(keys), 32, func(i int) error {
		_, err := s.s.Put(s.ctx, keys[i], objstore.PutRequest{Body: []byte(keys[i])})
		return err
	})
	if err := errors.Join(errs...); err != nil {
		s.Fatal(err)
	}
}

func numbered(format string, n int) []string {
	keys := make([]string, n)
	for i := range keys {
		keys[i] = fmt.Sprintf(format, i)
	}
	return keys
}
