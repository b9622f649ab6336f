package s3_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// fakeClock stands at the machine's time, as TLS and the fake server want it, and
// does not wait.
func fakeClock() *clock.Fake { return clock.NewFake(clock.System.Now()) }

// faulty is a store over a fake server; the waits between attempts take no time.
func faulty(t *testing.T) (*s3.Store, *s3fake.Server) {
	clk := fakeClock()
	fake := s3fake.New(t, clk)
	return open(t, fake.Location(""), s3.Options{Clock: clk, Rand: rng.Seeded(1), Timeout: 2 * time.Second}), fake
}

func asError(t *testing.T, err error) *objstore.Error {
	t.Helper()
	var e *objstore.Error
	require.ErrorAs(t, err, &e)
	return e
}

func TestWhatIsRetried(t *testing.T) {
	put := func(s *s3.Store, req objstore.PutRequest) error {
		req.Body = []byte("body")
		_, err := s.Put(context.Background(), "k", req)
		return err
	}
	plainPut := func(s *s3.Store) error { return put(s, objstore.PutRequest{}) }
	create := func(s *s3.Store) error { return put(s, objstore.PutRequest{IfNoneMatch: true}) }
	head := func(s *s3.Store) error { _, err := s.Head(context.Background(), "seed"); return err }
	get := func(s *s3.Store) error {
		_, err := s.Get(context.Background(), "seed", objstore.GetOptions{})
		return err
	}
	list := func(s *s3.Store) error { _, err := s.List(context.Background(), objstore.ListRequest{}); return err }
	del := func(s *s3.Store) error { return s.Delete(context.Background(), "seed", objstore.DeleteOptions{}) }
	batch := func(s *s3.Store) error { return s.DeleteBatch(context.Background(), []string{"seed"}) }

	slow := s3fake.Fault{Status: 503, Code: "SlowDown", Times: 2}
	internal := s3fake.Fault{Status: 500, Code: "InternalError", Times: 2}
	lost := s3fake.Fault{LostReply: true, Times: 1}
	cut := s3fake.Fault{Cut: true, Times: 1}
	conflict := s3fake.Fault{Status: 409, Code: "ConditionalRequestConflict", Times: 2}

	const fine = objstore.Kind(255)
	for _, c := range []struct {
		name      string
		op        func(*s3.Store) error
		fault     s3fake.Fault
		kind      objstore.Kind
		requests  int
		ambiguous bool
	}{
		{"a throttled get", get, slow, fine, 3, false},
		{"a throttled put", plainPut, slow, fine, 3, false},
		{"a throttled create", create, slow, fine, 3, false},
		{"a throttled delete", del, slow, fine, 3, false},
		{"a throttled batch", batch, slow, fine, 3, false},
		{"a head after 500", head, internal, fine, 3, false},
		{"a list after 500", list, internal, fine, 3, false},
		{"a put after 500", plainPut, internal, fine, 3, false},
		{"a create after 500", create, internal, objstore.Unavailable, 1, true},
		{"a delete after 500", del, internal, objstore.Unavailable, 1, true},
		{"a batch after 500", batch, internal, objstore.Unavailable, 1, true},
		{"a lost reply to a get", get, lost, fine, 2, false},
		{"a lost reply to a put", plainPut, lost, fine, 2, false},
		{"a lost reply to a create", create, lost, objstore.Unavailable, 1, true},
		{"a lost reply to a delete", del, lost, objstore.Unavailable, 1, true},
		{"a cut list", list, cut, fine, 2, false},
		{"a conflict of a create", create, conflict, fine, 3, false},
		{"an endless conflict", create, s3fake.Fault{Status: 409, Code: "ConditionalRequestConflict"}, objstore.Precondition, 6, false},
		{"endless throttling of a get", get, s3fake.Fault{Status: 503, Code: "SlowDown"}, objstore.Throttled, 6, false},
		{"endless throttling of a put", plainPut, s3fake.Fault{Status: 503}, objstore.Throttled, 6, true},
		{"a refusal", get, s3fake.Fault{Status: 403, Code: "AccessDenied"}, objstore.Denied, 1, false},
		{"an unknown refusal", get, s3fake.Fault{Status: 418, Code: "Teapot"}, objstore.Invalid, 1, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, fake := faulty(t)
			fake.Objects().Seed(objstore.Info{Key: "seed"}, []byte("body"))
			fake.Inject(c.fault)
			err := c.op(s)
			require.Len(t, fake.Requests(), c.requests)
			if c.kind == fine {
				require.NoError(t, err)
				return
			}
			e := asError(t, err)
			require.Equal(t, c.kind, e.Kind, err)
			require.Equal(t, c.ambiguous, e.Ambiguous, err)
			fake.Heal()
		})
	}
}

// A create whose first attempt was throttled, but done all the same, meets its
// own object: the store must say that it may have been itself.
func TestOwnWriteAfterThrottlingIsAmbiguous(t *testing.T) {
	s, fake := faulty(t)
	fake.Inject(s3fake.Fault{Op: "PUT", Status: 503, Code: "SlowDownWrite", Times: 1})
	fake.Objects().Seed(objstore.Info{Key: "k"}, []byte("perhaps our own"))
	_, err := s.Put(t.Context(), "k", objstore.PutRequest{Body: []byte("x"), IfNoneMatch: true})
	require.True(t, objstore.IsPrecondition(err))
	require.True(t, asError(t, err).Ambiguous)
}

func TestLostReplyHasWritten(t *testing.T) {
	s, fake := faulty(t)
	fake.Inject(s3fake.Fault{Op: "PUT", LostReply: true, Times: 1})
	_, err := s.Put(t.Context(), "k", objstore.PutRequest{Body: []byte("stamp"), IfNoneMatch: true})
	require.True(t, asError(t, err).Ambiguous)
	o, err := s.Get(t.Context(), "k", objstore.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, objstore.ETagOf([]byte("stamp")), o.ETag)
}

func TestStreamIsSentAgainFromItsStart(t *testing.T) {
	s, fake := faulty(t)
	body := strings.Repeat("0123456789", 300_000)
	stream := strings.NewReader("skipped" + body)
	_, err := stream.Seek(7, io.SeekStart)
	require.NoError(t, err)
	fake.Inject(s3fake.Fault{Op: "PUT", Status: 503, Times: 2})
	res, err := s.Put(t.Context(), "k", objstore.PutRequest{Stream: stream, Size: int64(len(body))})
	require.NoError(t, err)
	require.Equal(t, objstore.ETagOf([]byte(body)), res.ETag)
	require.Len(t, fake.Requests(), 3)
}

func TestSilentServer(t *testing.T) {
	clk := fakeClock()
	fake := s3fake.New(t, clk)
	s := open(t, fake.Location(""), s3.Options{Clock: clk, Timeout: 50 * time.Millisecond, Attempts: 3})
	fake.Inject(s3fake.Fault{Op: "HEAD", Latency: 10 * time.Second, Times: 1})
	_, err := s.Head(t.Context(), "k")
	require.True(t, objstore.IsNotFound(err), "the second attempt is answered")
	fake.Inject(s3fake.Fault{Latency: 10 * time.Second})
	_, err = s.Put(t.Context(), "k", objstore.PutRequest{IfNoneMatch: true})
	e := asError(t, err)
	require.Equal(t, objstore.Unavailable, e.Kind)
	require.True(t, e.Ambiguous)
	require.Contains(t, err.Error(), fake.Endpoint()+": no answer within 50ms")

	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err = s.Put(ctx, "k", objstore.PutRequest{})
	e = asError(t, err)
	require.Equal(t, objstore.Cancelled, e.Kind)
	require.True(t, e.Ambiguous, "it had been sent")
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestWrongClockIsLearnt(t *testing.T) {
	clk := fakeClock()
	fake := s3fake.New(t, clock.System)
	clk.Advance(-3 * time.Hour)
	s := open(t, fake.Location(""), s3.Options{Clock: clk})
	for range 2 {
		_, err := s.Put(t.Context(), "k", objstore.PutRequest{})
		require.NoError(t, err)
	}
	require.Len(t, fake.Requests(), 3, "refused once, then right")
}

// tornServer answers the first GETs of an object with another write's ETag.
func tornServer(t *testing.T, torn int, etag func(n int) string) (*s3.Store, *int) {
	n := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n++
		w.Header().Set("ETag", objstore.ETagOf([]byte("body")))
		if n <= torn {
			w.Header().Set("ETag", etag(n))
		}
		w.Header().Set("Last-Modified", "Sun, 22 Nov 2026 20:00:00 GMT")
		_, _ = w.Write([]byte("body"))
	}))
	t.Cleanup(server.Close)
	return open(t, strings.Replace(server.URL, "://", "://K:S@", 1)+"/b", s3.Options{}), &n
}

func TestTornReadIsReadAgain(t *testing.T) {
	s, n := tornServer(t, 2, func(n int) string { return objstore.ETagOf([]byte{byte(n)}) })
	o, err := s.Get(t.Context(), "k", objstore.GetOptions{})
	require.NoError(t, err)
	require.Equal(t, objstore.ETagOf([]byte("body")), o.ETag)
	require.Equal(t, 3, *n)
}

func TestOpaqueETagsAreBelieved(t *testing.T) {
	s, n := tornServer(t, 1000, func(int) string { return objstore.ETagOf([]byte("encrypted")) })
	for range 3 {
		o, err := s.Get(t.Context(), "k", objstore.GetOptions{})
		require.NoError(t, err)
		require.Equal(t, objstore.ETagOf([]byte("encrypted")), o.ETag)
	}
	require.Equal(t, 2+1+1, *n, "one object is read twice to find out")
}

func TestPlainWords(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	good := fake.Location("")
	noAnswer := freePort(t)
	moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Amz-Bucket-Region", "eu-west-1")
		w.WriteHeader(http.StatusMovedPermanently)
		_, _ = w.Write([]byte("<Error><Code>PermanentRedirect</Code><Message>Use K7KEY and S7SECRET elsewhere</Message></Error>"))
	}))
	t.Cleanup(moved.Close)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) }))
	t.Cleanup(web.Close)
	for _, c := range []struct {
		name, at string
		kind     objstore.Kind
		want     string
	}{
		{"no bucket", strings.Replace(good, "/"+s3fake.Bucket, "/nowhere", 1), objstore.NoBucket,
			`bucket "nowhere" does not exist at ` + fake.Endpoint()},
		{"wrong secret", strings.Replace(good, "fake%2Fsecret", "S7SECRET", 1), objstore.Denied,
			fake.Endpoint() + ` refused the keys for bucket "bucket" (SignatureDoesNotMatch: `},
		{"wrong key", strings.Replace(good, s3fake.AccessKey, "K7KEY", 1), objstore.Denied, "InvalidAccessKeyId"},
		{"wrong region", good + "?region=eu-west-1", objstore.Denied, "give region= in the location"},
		{"nobody there", "http://K7KEY:S7SECRET@" + noAnswer + "/b", objstore.Unavailable,
			"cannot reach http://" + noAnswer + ": dial tcp " + noAnswer + ": connect: connection refused"},
		{"no such host", "http://K7KEY:S7SECRET@nowhere.invalid/b", objstore.Unavailable, "cannot reach http://nowhere.invalid: "},
		{"another region", strings.Replace(moved.URL, "://", "://K7KEY:S7SECRET@", 1) + "/b", objstore.Invalid,
			`the region of bucket "b" is eu-west-1, not us-east-1: give region= in the location (PermanentRedirect: Use *** and *** elsewhere)`},
		{"no S3 server", strings.Replace(web.URL, "://", "://K7KEY:S7SECRET@", 1) + "/b", objstore.Unavailable,
			"the answer is not the XML that S3 sends"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := open(t, c.at, s3.Options{Clock: fakeClock()})
			_, err := s.List(t.Context(), objstore.ListRequest{Prefix: "databases/app"})
			require.Equal(t, c.kind, objstore.KindOf(err), err)
			require.ErrorContains(t, err, c.want)
			require.ErrorContains(t, objstore.ToPG(err), "object store: LIST databases/app")
			for _, secret := range []string{"S7SECRET", "K7KEY", s3fake.SecretKey, "fake%2Fsecret", "fake/secret"} {
				for e := err; e != nil; e = errors.Unwrap(e) {
					require.NotContains(t, e.Error(), secret)
				}
			}
		})
	}
}

func freePort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func TestTooLargeAtTheServer(t *testing.T) {
	s, fake := faulty(t)
	// Without a probe the store does not know that the server counts the prefix.
	_, err := s.Put(t.Context(), "k", objstore.PutRequest{Metadata: objstore.Metadata{"a": strings.Repeat("x", 2040)}})
	require.Equal(t, objstore.TooLarge, objstore.KindOf(err))
	require.ErrorContains(t, err, "MetadataTooLarge")
	require.Equal(t, []string{"PUT k"}, fake.Requests())
}

func TestForeignMetadataIsDecoded(t *testing.T) {
	s, fake := faulty(t)
	fake.Objects().Seed(objstore.Info{Key: "k", Metadata: objstore.Metadata{"0": "café 日本", "1": "=plain"}}, nil)
	info, err := s.Head(t.Context(), "k")
	require.NoError(t, err)
	require.Equal(t, objstore.Metadata{"0": "café 日本", "1": "=plain"}, info.Metadata)
}

func TestForeignKeysAreListed(t *testing.T) {
	s, fake := faulty(t)
	keys := []string{"a//b", "a\x01b", "folder/", "über & <x>"}
	for _, key := range keys {
		fake.Objects().Seed(objstore.Info{Key: key}, nil)
	}
	page, err := s.List(t.Context(), objstore.ListRequest{})
	require.NoError(t, err)
	var got []string
	for _, o := range page.Objects {
		got = append(got, o.Key)
	}
	require.ElementsMatch(t, keys, got)
}

// TestDefaultCredentialChain: keys, region and endpoint from the environment.
func TestDefaultCredentialChain(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": s3fake.AccessKey, "AWS_SECRET_ACCESS_KEY": s3fake.SecretKey, "AWS_REGION": s3fake.Region,
		"AWS_ENDPOINT_URL": fake.Endpoint(), "AWS_EC2_METADATA_DISABLED": "true",
		"AWS_CONFIG_FILE": os.DevNull, "AWS_SHARED_CREDENTIALS_FILE": os.DevNull,
	} {
		t.Setenv(name, value)
	}
	s := open(t, "s3://bucket/p?path_style=true", s3.Options{})
	_, err := s.Put(t.Context(), "p/k", objstore.PutRequest{})
	require.NoError(t, err)

	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	s = open(t, "s3://bucket/p?path_style=true", s3.Options{})
	_, err = s.Put(t.Context(), "p/k", objstore.PutRequest{})
	require.Equal(t, objstore.Denied, objstore.KindOf(err), err)
	require.ErrorContains(t, err, "put KEY:SECRET@ into the location")
}
