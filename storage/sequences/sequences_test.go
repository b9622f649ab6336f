package sequences

import (
	"context"
	"math"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
)

var ctx = context.Background()

func testCounter() storage.Counter {
	return storage.Counter{Object: "c1", Name: "s", Increment: 1, Min: 1, Max: math.MaxInt64, Cache: 1}
}

// server is one process over a store, with its meter.
func server(objects objstore.Store) (*Store, *objstore.Meter) {
	meter := objstore.NewMeter(nil)
	return New(wrap.Metered(objects, meter)), meter
}

func take(t *testing.T, s *Store, c storage.Counter, n int) []int64 {
	t.Helper()
	var out []int64
	for range n {
		r, err := s.Next(ctx, c)
		require.NoError(t, err)
		out = append(out, r.First)
	}
	return out
}

func upTo(from, to int64) []int64 {
	var out []int64
	for ; from <= to; from++ {
		out = append(out, from)
	}
	return out
}

// A process alone numbers without gaps, with one put per claim.
func TestRequests(t *testing.T) {
	objects := mem.New(clock.System)
	first, meter := server(objects)
	require.NoError(t, first.Create(ctx, testCounter(), storage.SequenceState{Last: 1}))
	before := meter.Usage()
	require.Equal(t, upTo(1, 33), take(t, first, testCounter(), 33)) // the first number and 32 ahead
	used := meter.Usage().Sub(before)
	require.EqualValues(t, 1, used.Requests[objstore.ReqPut])
	require.Zero(t, used.Requests[objstore.ReqGet], "it made the counter itself")

	before = meter.Usage()
	require.Equal(t, upTo(34, 98), take(t, first, testCounter(), 65)) // 64 ahead now
	require.EqualValues(t, 1, meter.Usage().Sub(before).Requests[objstore.ReqPut])

	st, err := first.State(ctx, testCounter())
	require.NoError(t, err)
	require.Equal(t, storage.SequenceState{Last: 98, Called: true}, st)

	require.Equal(t, upTo(99, 100), take(t, first, testCounter(), 2))
	require.NoError(t, first.Close(ctx))
	second, meter := server(objects)
	require.Equal(t, []int64{101}, take(t, second, testCounter(), 1), "Close gave the rest back")
	require.EqualValues(t, 1, meter.Usage().Requests[objstore.ReqGet])
	require.EqualValues(t, 1, meter.Usage().Requests[objstore.ReqPut])
}

// A process that ends without Close costs its claim, never a duplicate.
func TestCrash(t *testing.T) {
	objects := mem.New(clock.System)
	first, _ := server(objects)
	require.NoError(t, first.Create(ctx, testCounter(), storage.SequenceState{Last: 1}))
	take(t, first, testCounter(), 3)
	second, _ := server(objects)
	require.Equal(t, []int64{34}, take(t, second, testCounter(), 1))
	require.Equal(t, upTo(4, 33), take(t, first, testCounter(), 30), "the first one still has its claim")
	require.NotContains(t, take(t, first, testCounter(), 1), int64(34))
}

// Servers that share a counter never give the same number.
func TestShared(t *testing.T) {
	objects := mem.New(clock.System)
	first, _ := server(objects)
	require.NoError(t, first.Create(ctx, testCounter(), storage.SequenceState{Last: 1}))
	const servers, each = 4, 3000
	seen := make([][]int64, servers)
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() {
			s, _ := server(objects)
			for range each {
				r, err := s.Next(ctx, testCounter())
				if err != nil {
					t.Error(err)
					return
				}
				seen[i] = append(seen[i], r.First)
			}
		})
	}
	wg.Wait()
	all := map[int64]bool{}
	for _, numbers := range seen {
		for _, n := range numbers {
			require.False(t, all[n], "%d twice", n)
			all[n] = true
		}
	}
	require.Len(t, all, servers*each)
}

// A put whose outcome is unknown costs a claim.
func TestAmbiguousPut(t *testing.T) {
	objects := mem.New(clock.System)
	faulty := wrap.NewFaulty(objects, clock.System)
	s := New(faulty)
	require.NoError(t, s.Create(ctx, testCounter(), storage.SequenceState{Last: 1}))
	faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, Times: 1, LostReply: true})
	_, err := s.Next(ctx, testCounter())
	require.Error(t, err)
	require.Equal(t, []int64{34}, take(t, s, testCounter(), 1))
}

func TestGone(t *testing.T) {
	objects := mem.New(clock.System)
	first, _ := server(objects)
	require.NoError(t, first.Create(ctx, testCounter(), storage.SequenceState{Last: 1}))
	require.NoError(t, first.Drop(ctx, testCounter()))
	require.NoError(t, first.Drop(ctx, testCounter()))
	_, err := first.Next(ctx, testCounter())
	require.Equal(t, pgerr.ObjectNotInPrerequisiteState, pgerr.CodeOf(err))
}

func TestEnd(t *testing.T) {
	for _, x := range []struct {
		name  string
		c     storage.Counter
		start int64
		want  []int64 // then 2200H, unless it cycles
	}{
		{"up", storage.Counter{Increment: 2, Min: 1, Max: 6}, 1, []int64{1, 3, 5}},
		{"down", storage.Counter{Increment: -1, Min: -2, Max: 0}, 0, []int64{0, -1, -2}},
		{"cycle", storage.Counter{Increment: 1, Min: 1, Max: 3, Cycle: true}, 2, []int64{2, 3, 1, 2}},
		{"to the last int8", storage.Counter{Increment: 1, Min: 1, Max: math.MaxInt64}, math.MaxInt64 - 1, []int64{math.MaxInt64 - 1, math.MaxInt64}},
		{"to the first int8", storage.Counter{Increment: -1, Min: math.MinInt64, Max: -1}, math.MinInt64 + 1, []int64{math.MinInt64 + 1, math.MinInt64}},
	} {
		t.Run(x.name, func(t *testing.T) {
			s := New(mem.New(clock.System))
			x.c.Object, x.c.Cache = x.name, 1
			require.NoError(t, s.Create(ctx, x.c, storage.SequenceState{Last: x.start}))
			require.Equal(t, x.want, take(t, s, x.c, len(x.want)))
			if _, err := s.Next(ctx, x.c); !x.c.Cycle {
				require.Equal(t, pgerr.SequenceGeneratorLimitExceeded, pgerr.CodeOf(err))
			}
		})
	}
}

// CACHE gives a session several numbers, as many as there are before the end.
func TestCache(t *testing.T) {
	s := New(mem.New(clock.System))
	c := storage.Counter{Object: "c", Increment: 1, Min: 1, Max: 15, Cache: 10}
	require.NoError(t, s.Create(ctx, c, storage.SequenceState{Last: 1}))
	r, err := s.Next(ctx, c)
	require.NoError(t, err)
	require.Equal(t, storage.SequenceRange{First: 1, Last: 10}, r)
	r, err = s.Next(ctx, c)
	require.NoError(t, err)
	require.Equal(t, storage.SequenceRange{First: 11, Last: 15}, r)
	_, err = s.Next(ctx, c)
	require.Equal(t, pgerr.SequenceGeneratorLimitExceeded, pgerr.CodeOf(err))
}
