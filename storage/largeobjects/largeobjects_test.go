package largeobjects

import (
	"bytes"
	"context"
	"encoding/json"
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

}

// Of two transactions that change an object the second one fails, on one server or on
// two, and leaves nothing; so does the second one to make it.
func TestConflict(t *testing.T) {
	objects := mem.New(clock.System)
	first, _ := server(objects)
	second, _ := server(objects)
	big := noise(2*chunkSize + 5)
	create(t, first, 5, big)
	for _, other := range []*Store{first, second} {
		x, y := first.Begin("", 0), other.Begin("", 0)
		require.NoError(t, x.WriteAt(ctx, 5, []byte("x"), 0))
		require.NoError(t, y.WriteAt(ctx, 5, []byte("y"), 1))
		_, err := x.Create(ctx, 6, owner)
		require.NoError(t, err)
		require.NoError(t, y.Commit(ctx))
		y.Close(ctx)
		err = x.Commit(ctx)
		require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
		x.Close(ctx)
		require.Len(t, keys(t, objects), 1+3)
		require.Equal(t, append([]byte{big[0], 'y'}, big[2:]...), content(t, first, 5))
	}
	x, y := first.Begin("", 0), second.Begin("", 0)
	for _, tx := range []storage.LargeObjectTx{x, y} {
		_, err := tx.Create(ctx, 7, owner)
		require.NoError(t, err)
	}
	require.NoError(t, x.Commit(ctx))
	err := y.Commit(ctx)
	require.Equal(t, pgerr.UniqueViolation, pgerr.CodeOf(err))
	_, err = first.Begin("", 0).Create(ctx, 7, owner)
	require.Equal(t, pgerr.UniqueViolation, pgerr.CodeOf(err))
}

// A reader goes on reading what it began with, as long as its server knows of it; on
// another one it gets 40001, never bytes of both versions.
func TestReaders(t *testing.T) {
	objects := mem.New(clock.System)
	first, _ := server(objects)
	second, _ := server(objects)
	old := noise(3 * chunkSize)
	create(t, first, 5, old)
	x, y := first.Begin("", 0), second.Begin("", 0)
	p := make([]byte, 10)
	for _, tx := range []storage.LargeObjectTx{x, y} {
		_, err := tx.ReadAt(ctx, 5, p, 0, false)
		require.NoError(t, err)
	}
	do(t, first, func(z storage.LargeObjectTx) { require.NoError(t, z.WriteAt(ctx, 5, noise(chunkSize), chunkSize)) })
	require.Equal(t, old, contentIn(t, x, 5))
	require.Len(t, keys(t, objects), 1+3+1, "the old chunk waits for its reader")
	x.Close(ctx)
	require.Len(t, keys(t, objects), 1+3)
	_, err := y.ReadAt(ctx, 5, p, chunkSize, false)
	require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
	y.Refresh(func(types.OID) bool { return false })
	_, err = y.ReadAt(ctx, 5, p, chunkSize, false)
	require.NoError(t, err)
}

// A request that fails at any moment of COMMIT leaves the old state or the new one.
func TestFaults(t *testing.T) {
	for _, lost := range []bool{false, true} {
		for n := range 6 {
			objects := mem.New(clock.System)
			faulty := wrap.NewFaulty(objects, clock.System)
			s, _ := server(faulty)
			old := noise(2 * chunkSize)
			create(t, s, 5, old)
			x := s.Begin("", 0)
			require.NoError(t, x.WriteAt(ctx, 5, make([]byte, 2*chunkSize), 0))
			_, err := x.Create(ctx, 6, owner)
			require.NoError(t, err)
			faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, After: n, Times: 1, LostReply: lost})
			err = x.Commit(ctx)
			x.Close(ctx)
			if err != nil {
				require.Equal(t, old, content(t, s, 5))
				require.Len(t, keys(t, objects), 3)
				continue
			}
			require.Equal(t, make([]byte, 2*chunkSize), content(t, s, 5))
			require.Len(t, keys(t, objects), 4)
		}
	}
}

// Any sequence of writes, truncations, savepoints and commits gives what it gives on
// bytes in memory, spilled or not.
func TestModel(t *testing.T) {
	const limit = 6 * chunkSize
	for seed := range uint64(3) {
		r := rand.New(rand.NewPCG(seed, 1))
		s, _ := server(mem.New(clock.System))
		var want []byte
		create(t, s, 5, nil)
		x := s.Begin(t.TempDir(), 0)
		type saved struct {
			mark int
			data []byte
		}
		var saves []saved
		committed := want
		for range 100 {
			switch at := r.IntN(limit); r.IntN(9) {
			case 0, 1, 2:
				data := make([]byte, r.IntN([]int{100, 5000, 2 * chunkSize}[r.IntN(3)]))
				for i := range data {
					data[i] = byte(at + i)
				}
				require.NoError(t, x.WriteAt(ctx, 5, data, int64(at)))
				if n := at + len(data); len(data) > 0 && n > len(want) {
					want = append(bytes.Clone(want), make([]byte, n-len(want))...)
				}
				want = bytes.Clone(want)
				copy(want[min(at, len(want)):], data)
			case 3:
				require.NoError(t, x.Truncate(ctx, 5, int64(at)))
				want = append(bytes.Clone(want), make([]byte, limit)...)[:at]
			case 4:
				saves = append(saves, saved{x.Save(), want})
			case 5:
				if len(saves) > 0 {
					i := r.IntN(len(saves))
					x.RollbackTo(saves[i].mark)
					want, saves = saves[i].data, saves[:i+1]
					saves[i].mark = x.Save()
				}
			case 6:
				if r.IntN(3) > 0 {
					require.NoError(t, x.Commit(ctx))
					committed = want
				}
				x.Close(ctx)
				x, saves, want = s.Begin(t.TempDir(), 0), nil, committed
			default:
				p := make([]byte, r.IntN(2*chunkSize))
				n, err := x.ReadAt(ctx, 5, p, int64(at), r.IntN(2) == 0)
				require.NoError(t, err)
				require.True(t, bytes.Equal(want[min(at, len(want)):min(at+len(p), len(want))], p[:n]))
			}
		}
		require.True(t, bytes.Equal(want, contentIn(t, x, 5)))
		x.Close(ctx)
	}
}

// What is beyond the limit is in a file, and memory holds no more than that.
func TestSpill(t *testing.T) {
	s, _ := server(mem.New(clock.System))
	dir := t.TempDir()
	x := s.Begin(dir, 4*chunkSize).(*tx)
	defer x.Close(ctx)
	oid, err := x.Create(ctx, 0, owner)
	require.NoError(t, err)
	data := noise(24 * chunkSize)
	for off := 0; off < len(data); off += 8192 {
		require.NoError(t, x.WriteAt(ctx, oid, data[off:off+8192], int64(off)))
		require.LessOrEqual(t, x.buffers.used, int64(6*chunkSize))
	}
	require.Greater(t, x.buffers.slots, int64(16))
	require.True(t, bytes.Equal(data, contentIn(t, x, oid)))
	require.NoError(t, x.Commit(ctx))
	require.True(t, bytes.Equal(data, content(t, s, oid)))
}
