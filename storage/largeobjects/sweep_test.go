package largeobjects

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

// TestSweep: chunks that a COMMIT has put before its process died are removed after a day,
// of new objects and of those that were there; what heads name stays.
func TestSweep(t *testing.T) {
	now := clock.NewFake(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	objects := mem.New(now)
	s := New(objects, now, rng.System)
	long := bytes.Repeat([]byte("x"), 3*chunkSize)
	whole, changed, small := create(t, s, 1, long), create(t, s, 2, long), create(t, s, 3, []byte("small"))
	now.Advance(time.Hour)
	do(t, s, func(x storage.LargeObjectTx) {
		require.NoError(t, x.WriteAt(ctx, changed, []byte("changed"), chunkSize))
	})
	lost := []string{
		stored{index: 1, in: "dead"}.key(whole), stored{index: 0, in: "dead"}.key(changed), stored{index: 0, in: "dead"}.key(small), stored{index: 7, in: "dead"}.key(4),
	}
	for _, key := range lost {
		_, err := objects.Put(ctx, key, objstore.PutRequest{Body: []byte("lost")})
		require.NoError(t, err)
	}
	chunks := func() (out []string) {
		require.NoError(t, s.eachListed(ctx, chunkPrefix, func(o objstore.Info) error {
			out = append(out, o.Key)
			return nil
		}))
		return out
	}
	require.Len(t, chunks(), 6+len(lost))

	now.Advance(keepUnnamed - time.Minute)
	require.NoError(t, s.Sweep(ctx))
	require.Len(t, chunks(), 6+len(lost), "a COMMIT may be about to name them")

	now.Advance(2 * time.Minute)
	x := s.Begin(t.TempDir(), 0)
	contentIn(t, x, whole)
	require.NoError(t, s.Sweep(ctx))
	require.Subset(t, chunks(), lost[:1], "of an object that is read nothing is removed")
	x.Close(ctx)
	require.NoError(t, s.Sweep(ctx))
	require.Len(t, chunks(), 6)
	for _, key := range lost {
		require.NotContains(t, chunks(), key)
	}
	x = s.Begin(t.TempDir(), 0)
	defer x.Close(ctx)
	require.Equal(t, long, contentIn(t, x, whole))
	require.Equal(t, []byte("changed"), contentIn(t, x, changed)[chunkSize:chunkSize+7])
}
