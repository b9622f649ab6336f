package mem_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/conformance"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, func(*testing.T) objstore.Store { return mem.New(clock.System) }, conformance.Options{Rounds: 50})
}

// TestAgainstMap holds the sorted list against Go's map under random puts and
// deletes.
func TestAgainstMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	s, want := mem.New(clock.System), map[string]bool{}
	for range 50_000 {
		key := fmt.Sprintf("k%05d", r.IntN(8000))
		if want[key] && r.IntN(3) > 0 {
			require.NoError(t, s.Delete(t.Context(), key, objstore.DeleteOptions{}))
			delete(want, key)
			continue
		}
		_, err := s.Put(t.Context(), key, objstore.PutRequest{})
		require.NoError(t, err)
		want[key] = true
	}
	require.Equal(t, len(want), s.Len())
	n, last := 0, ""
	for req := (objstore.ListRequest{}); ; {
		page, err := s.List(t.Context(), req)
		require.NoError(t, err)
		for _, o := range page.Objects {
			require.Less(t, last, o.Key)
			require.True(t, want[o.Key])
			last = o.Key
			n++
		}
		if !page.More {
			break
		}
		req.StartAfter = page.Next
	}
	require.Equal(t, len(want), n)
}

// TestMillion: a million objects go in by key order and come out by pages in
// the time of a unit test.
func TestMillion(t *testing.T) {
	if testing.Short() {
		t.Skip("long")
	}
	s := mem.New(clock.System)
	for i := range 1_000_000 {
		s.Seed(objstore.Info{Key: fmt.Sprintf("data/id=%07d", i)}, nil)
	}
	n := 0
	for req := (objstore.ListRequest{Prefix: "data/", WithMetadata: true}); ; {
		page, err := s.List(t.Context(), req)
		require.NoError(t, err)
		n += len(page.Objects)
		if !page.More {
			break
		}
		req.StartAfter = page.Next
	}
	require.Equal(t, 1_000_000, n)
}

func TestSeedKeepsWhatOthersWrote(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 678_000_000, time.UTC)
	s := mem.New(clock.NewFake(now))
	s.Seed(objstore.Info{Key: "a//b", ETag: `"x-2"`, Metadata: objstore.Metadata{"0": "caf\xe9"}}, []byte("body"))
	page, err := s.List(t.Context(), objstore.ListRequest{WithMetadata: true, WithBodies: true})
	require.NoError(t, err)
	require.Equal(t, []objstore.Info{{Key: "a//b", ETag: `"x-2"`, Size: 4, LastModified: now,
		Metadata: objstore.Metadata{"0": "caf\xe9"}}}, page.Objects)
	require.Equal(t, [][]byte{[]byte("body")}, page.Bodies)
}

func TestPageBytesAreBounded(t *testing.T) {
	s := mem.New(clock.System)
	for i := range 20 {
		_, err := s.Put(t.Context(), fmt.Sprintf("k%02d", i), objstore.PutRequest{Body: make([]byte, objstore.MaxListBody)})
		require.NoError(t, err)
	}
	page, err := s.List(t.Context(), objstore.ListRequest{WithBodies: true})
	require.NoError(t, err)
	require.Len(t, page.Objects, objstore.MaxListBytes/objstore.MaxListBody)
	require.True(t, page.More)
	require.Equal(t, "k07", page.Next)
}
