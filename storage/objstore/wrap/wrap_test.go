package wrap_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/conformance"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, func(t *testing.T) objstore.Store {
		below := mem.New(clock.System)
		for _, key := range []string{"databases/ap", "databases/app", "databases/app.json", "databases/apq/x"} {
			below.Seed(objstore.Info{Key: key}, []byte("a neighbour"))
		}
		t.Cleanup(func() { require.Equal(t, 4, neighbours(t, below), "a neighbour is gone") })
		store := objstore.Store(wrap.NewFaulty(below, clock.System))
		return wrap.Limited(wrap.Metered(wrap.Prefixed(store, "/databases/app/"), objstore.NewMeter(nil)), 8)
	}, conformance.Options{Rounds: 5, Keys: 1100})
}

// neighbours counts the objects outside databases/app/.
func neighbours(t *testing.T, s objstore.Store) (n int) {
	page, err := s.List(context.Background(), objstore.ListRequest{Prefix: "databases/", Delimiter: "/"})
	require.NoError(t, err)
	for _, p := range page.CommonPrefixes {
		if p != "databases/app/" {
			n++
		}
	}
	return n + len(page.Objects)
}

func TestPrefixedJoinsAndStrips(t *testing.T) {
	below := mem.New(clock.System)
	s := wrap.Prefixed(below, "/a/b/")
	_, err := s.Put(t.Context(), "k/1", objstore.PutRequest{})
	require.NoError(t, err)
	info, err := below.Head(t.Context(), "a/b/k/1")
	require.NoError(t, err)
	require.Equal(t, "a/b/k/1", info.Key)
	page, err := s.List(t.Context(), objstore.ListRequest{Delimiter: "/"})
	require.NoError(t, err)
	require.Equal(t, []string{"k/"}, page.CommonPrefixes)
	require.Same(t, below, wrap.Prefixed(below, "/"))
}

func TestMeteredCountsEachRequestOnceAtEachLevel(t *testing.T) {
	server := objstore.NewMeter(nil)
	s := wrap.Metered(mem.New(clock.System), server)
	session := objstore.NewMeter(server)
	stranger := objstore.NewMeter(nil)
	below, beside := objstore.WithMeter(t.Context(), session), objstore.WithMeter(t.Context(), stranger)

	_, err := s.Put(below, "k", objstore.PutRequest{Body: []byte("12345"), Metadata: objstore.Metadata{"a": "bcd"}})
	require.NoError(t, err)
	_, err = s.Head(beside, "none")
	require.True(t, objstore.IsNotFound(err), "a request that finds nothing is billed too")
	o, err := s.Get(t.Context(), "k", objstore.GetOptions{Offset: 1, Length: 2})
	require.NoError(t, err)
	_, err = objstore.ReadBody(o, 10)
	require.NoError(t, err)
	_, err = s.List(below, objstore.ListRequest{})
	require.NoError(t, err)
	require.NoError(t, s.Delete(below, "k", objstore.DeleteOptions{}))
	require.NoError(t, s.DeleteBatch(below, make1001()))
	_, err = s.Put(below, "bad//key", objstore.PutRequest{})
	require.Equal(t, objstore.Invalid, objstore.KindOf(err))

	want := objstore.Usage{BytesIn: 4 + 2 + 1, BytesOut: 9}
	want.Requests = [objstore.NumRequests]int64{1, 1, 1, 1, 1, 2}
	require.Equal(t, want, server.Usage())
	require.Equal(t, [objstore.NumRequests]int64{0, 0, 1, 1, 1, 2}, session.Usage().Requests)
	require.Equal(t, [objstore.NumRequests]int64{1}, stranger.Usage().Requests)
	require.InDelta(t, (2*0.0004+2*0.005)/1000, server.Usage().Dollars(), 1e-12)
}

func make1001() []string {
	keys := make([]string, 1001)
	for i := range keys {
		keys[i] = "x" + strings.Repeat("y", i%7)
	}
	return keys
}

// slow blocks in Head until its gate opens, and counts who is inside.
type slow struct {
	objstore.Store
	mu          sync.Mutex
	inside, top int
	gate        chan struct{}
}

func (s *slow) Head(context.Context, string) (objstore.Info, error) {
	s.mu.Lock()
	s.inside++
	s.top = max(s.top, s.inside)
	s.mu.Unlock()
	<-s.gate
	s.mu.Lock()
	s.inside--
	s.mu.Unlock()
	return objstore.Info{}, nil
}

func TestLimitedBoundsAndHonoursTheContext(t *testing.T) {
	below := &slow{gate: make(chan struct{})}
	s := wrap.Limited(below, 3)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _, _ = s.Head(t.Context(), "k") })
	}
	require.Eventually(t, func() bool {
		below.mu.Lock()
		defer below.mu.Unlock()
		return below.inside == 3
	}, 5*time.Second, time.Millisecond)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	_, err := s.Head(ctx, "waiting")
	require.Equal(t, objstore.Cancelled, objstore.KindOf(err))
	close(below.gate)
	wg.Wait()
	require.Equal(t, 3, below.top)
}

func TestFaulty(t *testing.T) {
	below := mem.New(clock.System)
	clk := clock.NewFake(time.Unix(0, 0))
	s := wrap.NewFaulty(below, clk)
	s.Inject(wrap.Fault{Ops: []string{"PUT"}, Key: func(k string) bool { return strings.HasPrefix(k, "a") }, After: 1, Times: 1,
		Err: objstore.Errorf(objstore.Throttled, "", "", "slow down")})
	s.Inject(wrap.Fault{Ops: []string{"PUT"}, Key: func(k string) bool { return k == "lost" }, LostReply: true})
	s.Inject(wrap.Fault{Ops: []string{"HEAD"}, Latency: time.Minute})

	put := func(key string) error {
		_, err := s.Put(t.Context(), key, objstore.PutRequest{})
		return err
	}
	require.NoError(t, put("a1"))
	require.EqualError(t, put("a2"), "PUT a2: throttled: slow down")
	require.NoError(t, put("a3"))
	require.NoError(t, put("b"))

	err := put("lost")
	var e *objstore.Error
	require.ErrorAs(t, err, &e)
	require.True(t, e.Ambiguous)
	require.Equal(t, objstore.Unavailable, e.Kind)
	_, err = s.Head(t.Context(), "lost")
	require.NoError(t, err, "the write was done")
	require.Equal(t, time.Unix(60, 0), clk.Now())

	s.Inject(wrap.Fault{After: 2, Err: objstore.Errorf(objstore.Unavailable, "", "", "the process is dead")})
	require.NoError(t, put("c"))
	require.NoError(t, put("d"))
	require.Error(t, put("e"))
	require.Error(t, s.DeleteBatch(t.Context(), []string{"c"}))
	s.Heal()
	require.NoError(t, put("e"))
}
