package largeobjects

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
)

var (
	ctx   = context.Background()
	owner = json.RawMessage(`{"owner":10}`)
)

// server is one process over a store, with its meter.
func server(objects objstore.Store) (*Store, *objstore.Meter) {
	meter := objstore.NewMeter(nil)
	return New(wrap.Metered(objects, meter), clock.System, rng.System), meter
}

// do runs f in a transaction that commits.
func do(t *testing.T, s *Store, f func(x storage.LargeObjectTx)) {
	t.Helper()
	x := s.Begin(t.TempDir(), 0)
	f(x)
	require.NoError(t, x.Commit(ctx))
	x.Close(ctx)
}

func create(t *testing.T, s *Store, oid types.OID, data []byte) types.OID {
	t.Helper()
	do(t, s, func(x storage.LargeObjectTx) {
		var err error
		oid, err = x.Create(ctx, oid, owner)
		require.NoError(t, err)
		require.NoError(t, x.WriteAt(ctx, oid, data, 0))
	})
	return oid
}

func contentIn(t *testing.T, x storage.LargeObjectTx, oid types.OID) []byte {
	t.Helper()
	info, err := x.Info(ctx, oid)
	require.NoError(t, err)
	require.NotNil(t, info)
	data := make([]byte, info.Size+10)
	n, err := x.ReadAt(ctx, oid, data, 0, false)
	require.NoError(t, err)
	require.EqualValues(t, info.Size, n)
	return data[:n]
}

func content(t *testing.T, s *Store, oid types.OID) []byte {
	x := s.Begin(t.TempDir(), 0)
	defer x.Close(ctx)
	return contentIn(t, x, oid)
}

func keys(t *testing.T, objects objstore.Store) (out []string) {
	page, err := objects.List(ctx, objstore.ListRequest{})
	require.NoError(t, err)
	for _, o := range page.Objects {
		out = append(out, o.Key)
	}
	return out
}

func noise(n int) []byte {
	p := make([]byte, n)
	rng.Seeded(uint64(n)).Read(p)
	return p
}

// A small object is a put when it is made, and a get when it is read; writes of 2 kB
// cost nothing of their own, and a range only its chunks.
func TestRequests(t *testing.T) {
	objects := mem.New(clock.System)
	s, meter := server(objects)
	used := func(f func()) map[string]int64 {
		before := meter.Usage()
		f()
		u := meter.Usage().Sub(before)
		return map[string]int64{"get": u.Requests[objstore.ReqGet], "put": u.Requests[objstore.ReqPut], "list": u.Requests[objstore.ReqList]}
	}
	require.Equal(t, map[string]int64{"get": 1, "put": 1, "list": 0}, used(func() { create(t, s, 7, []byte("small")) }))
	require.Equal(t, map[string]int64{"get": 1, "put": 0, "list": 0}, used(func() { content(t, s, 7) }))

	big := noise(5*chunkSize + 100)
	require.Equal(t, map[string]int64{"get": 1, "put": 7, "list": 0}, used(func() {
		do(t, s, func(x storage.LargeObjectTx) {
			_, err := x.Create(ctx, 8, owner)
			require.NoError(t, err)
			for off := 0; off < len(big); off += 2048 {
				require.NoError(t, x.WriteAt(ctx, 8, big[off:min(off+2048, len(big))], int64(off)))
			}
		})
	}))
	require.Equal(t, map[string]int64{"get": 3, "put": 0, "list": 0}, used(func() {
		x := s.Begin("", 0)
		defer x.Close(ctx)
		p := make([]byte, 20)
		_, err := x.ReadAt(ctx, 8, p, 2*chunkSize-10, false)
		require.NoError(t, err)
		require.Equal(t, big[2*chunkSize-10:2*chunkSize+10], p)
	}), "the head and the ends of two chunks")
	require.Equal(t, map[string]int64{"get": 7, "put": 0, "list": 0}, used(func() {
		x := s.Begin("", 0)
		defer x.Close(ctx)
		for off := 0; off < len(big); off += 8192 {
			_, err := x.ReadAt(ctx, 8, make([]byte, 8192), int64(off), true)
			require.NoError(t, err)
		}
	}), "the head and each chunk once")
	require.Equal(t, map[string]int64{"get": 2, "put": 2, "list": 0}, used(func() {
		do(t, s, func(x storage.LargeObjectTx) { require.NoError(t, x.WriteAt(ctx, 8, []byte("x"), 3*chunkSize+5)) })
	}), "one byte: its chunk and the head")
	big[3*chunkSize+5] = 'x'
	require.Equal(t, big, content(t, s, 8))
	require.Len(t, keys(t, objects), 2+6, "the old chunk is gone")
	do(t, s, func(x storage.LargeObjectTx) { require.NoError(t, x.Unlink(ctx, 8)) })
	require.Len(t, keys(t, objects), 1)
}

// A list reads each head once: after that, tags vouch for them.
func TestList(t *testing.T) {
	objects := mem.New(clock.System)
	first, _ := server(objects)
	for i := range 5 {
		create(t, first, types.OID(20+i), make([]byte, i))
	}
	s, meter := server(objects)
	x := s.Begin("", 0)
	defer x.Close(ctx)
	for range 2 {
		all, err := x.List(ctx)
		require.NoError(t, err)
		require.Len(t, all, 5)
		require.Equal(t, storage.LargeObject{OID: 23, Size: 3, Access: owner}, all[3])
	}
	require.EqualValues(t, 2, meter.Usage().Requests[objstore.ReqList])
	_, err := x.Create(ctx, 3, owner)
	require.NoError(t, err)
	require.NoError(t, x.Unlink(ctx, 21))
	all, err := x.List(ctx)
	require.NoError(t, err)
	require.Equal(t, []types.OID{3, 20, 22, 23, 24}, []types.OID{all[0].OID, all[1].OID, all[2].OID, all[3].OID, all[4].OID})
}

// A transaction that fails leaves nothing, one that is taken back what was there before.
func TestRollback(t *testing.T) {
	objects := mem.New(clock.System)
	s, _ := server(objects)
	big := noise(3 * chunkSize)
	create(t, s, 5, big)
	create(t, s, 6, []byte("six"))
	before := keys(t, objects)
	change := func(x storage.LargeObjectTx) {
		require.NoError(t, x.WriteAt(ctx, 5, []byte("changed"), chunkSize))
		require.NoError(t, x.Unlink(ctx, 6))
		_, err := x.Create(ctx, 9, owner)
		require.NoError(t, err)
	}
	x := s.Begin("", 0)
	change(x)
	x.Close(ctx)
	require.Equal(t, before, keys(t, objects))

	x = s.Begin("", 0)
	change(x)
	require.NoError(t, x.Commit(ctx))
	require.NoError(t, x.Undo(ctx))
	x.Close(ctx)
	require.Equal(t, before, keys(t, objects))
	require.Equal(t, big, content(t, s, 5))

	x, y := s.Begin("", 0), s.Begin("", 0)
	change(x)
	require.NoError(t, y.WriteAt(ctx, 5, []byte("y"), 0))
	require.NoError(t, y.Commit(ctx))
	_ = y
}

var _ = bytes.Equal
var _ = fmt.Sprint
var _ = rand.IntN
var _ = pgerr.New
