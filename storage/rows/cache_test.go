package rows_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// cachedWorld is a table over a store that nobody else writes, with a cache.
func cachedWorld(t *testing.T, limit int64) *world {
	w := newWorld(t, config{fanOut: 8})
	w.env.Objects = wrap.Metered(w.mem, w.meter)
	w.env.Cache = rows.NewCache(limit)
	w.table = rows.Open(w.def, w.env)
	return w
}

// names reads a column of the whole table and the requests that it took.
func (w *world) names(column int16) (values []any, requests int64) {
	before := w.meter.Usage().Total()
	s, err := w.table.Scan(ctx, storage.ScanSpec{Columns: []int16{column}, BatchSize: 100})
	require.NoError(w.t, err)
	defer s.Close()
	for {
		b, err := s.Next(ctx)
		require.NoError(w.t, err)
		if b == nil {
			return values, w.meter.Usage().Total() - before
		}
		require.LessOrEqual(w.t, b.N, 100)
		for i := range b.N {
			values = append(values, b.Cols[0].Value(i))
		}
	}
}

func TestCache(t *testing.T) {
	w := cachedWorld(t, 64<<20)
	w.insert(crowd(6000)...)

	first, requests := w.names(colName)
	require.Equal(t, int64(6), requests)
	require.Equal(t, []int16{colName}, w.table.Stats().Cached)
	again, requests := w.names(colName)
	require.Zero(t, requests)
	require.Equal(t, first, again)

	_, requests = w.names(colAge)
	require.Equal(t, int64(6), requests, "a column that was not read")
	for _, column := range []int16{colName, colAge} {
		_, requests = w.names(column)
		require.Zero(t, requests, "both are kept now")
	}

	w.delete("p0001")
	require.Nil(t, w.table.Stats().Cached)
	after, requests := w.names(colName)
	require.Equal(t, int64(6), requests)
	require.Len(t, after, 5999)
	w.insert(person{id: "zz", name: "new"})
	after, _ = w.names(colName)
	require.Equal(t, "new", after[5999])

	other := rows.Open(people(t, w.config), w.env)
	require.Nil(t, other.Stats().Cached, "another definition decodes in another way")
}

func TestCacheKeepsWithinItsLimit(t *testing.T) {
	w := cachedWorld(t, 10_000)
	w.insert(crowd(6000)...)
	for range 2 {
		_, requests := w.names(colName)
		require.Equal(t, int64(6), requests)
	}
}

// TestDerived computes what is derived from kept columns once, counts its memory, and
// forgets it with the rows.
func TestDerived(t *testing.T) {
	w := cachedWorld(t, 64<<20)
	w.insert(crowd(100)...)
	kept := func() *storage.Kept { return storage.KeptColumns(w.table, []int16{colName}) }
	require.Nil(t, kept())
	w.names(colName)
	made := 0
	derive := func() any {
		return kept().Derived("n", func() (any, int64) { made++; return made, 1000 })
	}
	before := w.env.Cache.Used()
	require.Equal(t, 1, derive())
	require.Equal(t, 1, derive())
	require.Equal(t, before+1000, w.env.Cache.Used())
	w.names(colAge)
	require.Equal(t, 2, derive(), "columns of another scan: row numbers of the first mean nothing in them")
	old := kept()
	w.delete("p0001")
	require.Nil(t, kept())
	require.Equal(t, 100, old.Rows, "a snapshot stays what it was")
	w.names(colName)
	require.Equal(t, 3, derive())

	tight := cachedWorld(t, 20_000)
	tight.insert(crowd(100)...)
	tight.names(colName)
	tight.table.(storage.Keeper).Kept([]int16{colName}).Derived("big", func() (any, int64) { return nil, 50_000 })
	require.Nil(t, storage.KeptColumns(tight.table, []int16{colName}), "over the limit")
}

// TestCacheIsNeverBehind reads while others write: every acknowledged row is there.
func TestCacheIsNeverBehind(t *testing.T) {
	w := cachedWorld(t, 64<<20)
	w.insert(crowd(5000)...)
	var acknowledged atomic.Int64
	var g errgroup.Group
	g.Go(func() error {
		for i := range 200 {
			w.insert(person{id: fmt.Sprintf("q%04d", i), name: "q"})
			acknowledged.Add(1)
		}
		return nil
	})
	for range 3 {
		g.Go(func() error {
			for {
				known := acknowledged.Load()
				values, _ := w.names(colName)
				if int64(len(values)) < 5000+known {
					return fmt.Errorf("%d rows, %d were acknowledged", len(values), 5000+known)
				}
				if known == 200 {
					return nil
				}
			}
		})
	}
	require.NoError(t, g.Wait())
}

func TestWatch(t *testing.T) {
	w := newWorld(t, config{})
	st := wrap.Prefixed(wrap.Limited(wrap.Metered(w.mem, w.meter), 4), "db")
	c, ok := objstore.Watch(st, "a/")
	require.True(t, ok)
	_, err := st.Put(ctx, "b/1", objstore.PutRequest{})
	require.NoError(t, err)
	require.Zero(t, c.Load())
	_, err = st.Put(ctx, "a/1", objstore.PutRequest{})
	require.NoError(t, err)
	require.Equal(t, uint64(1), c.Load())
	require.NoError(t, st.DeleteBatch(ctx, []string{"a/1", "b/1"}))
	require.Equal(t, uint64(2), c.Load())
	_, ok = objstore.Watch(w.faulty, "a/")
	require.False(t, ok, "a store that may be shared")
}
