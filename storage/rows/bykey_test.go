package rows_test

import (
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage"
)

// keyParts make texts of which many have a common beginning, and whose keys are listed
// in another order.
var keyParts = []string{"a", "b", "0", "-", "/", "%", "=", "~", `\`, "\t", "}", "é", "日", "ab"}

// plainParts are those that s3db.js takes in an id.
var plainParts = []string{"a", "b", "0", "-", "~", "}", "é", "日", "ab"}

func randomText(r *rand.Rand, parts []string) string {
	var b strings.Builder
	for range r.Intn(4) {
		b.WriteString(parts[r.Intn(len(parts))])
	}
	return b.String()
}

// firstIDs reads a scan of the first rows to its end.
func (w *world) firstIDs(path storage.Path, first int64, columns ...int16) []string {
	s, err := w.table.Scan(ctx, storage.ScanSpec{Path: path, Columns: append([]int16{colID}, columns...), First: first})
	require.NoError(w.t, err)
	defer s.Close()
	require.True(w.t, storage.IsSorted(s))
	var ids []string
	for {
		b, err := s.Next(ctx)
		require.NoError(w.t, err)
		if b == nil {
			return ids
		}
		for _, r := range boxed(b) {
			ids = append(ids, r[0].(string))
		}
	}
}

// TestByKey: rows come in the order of their keys, wherever their escaped keys are listed
// and however the listing's pages fall; those of a partition's value as those of the table.
func TestByKey(t *testing.T) {
	for seed := range 60 {
		r := rand.New(rand.NewSource(int64(seed)))
		foreign, parts, regions := seed%5 == 0, keyParts, []string{"EU", "EU/id=", "E"}
		if foreign {
			parts, regions = plainParts, []string{"EU", "EU0", "E"}
		}
		w := newWorld(t, config{plain: seed%2 == 0, partitions: true, foreign: foreign, page: 1 + r.Intn(9), fanOut: 4})
		region := map[string]string{}
		for range 1 + r.Intn(60) {
			if id := randomText(r, parts); region[id] == "" && (id != "" || !foreign) {
				region[id] = regions[r.Intn(len(regions))]
				w.insert(person{id: id, name: "n", region: region[id]})
			}
		}
		rowIDs := slices.Sorted(maps.Keys(region))
		for range 30 {
			path, columns := storage.Path{Kind: storage.FullScan}, []int16{colName}
			all := rowIDs
			switch r.Intn(3) {
			case 0:
				path, columns = storage.Path{Kind: storage.KeyOnly}, nil
			case 1:
				value := regions[r.Intn(len(regions))]
				path = storage.Path{Kind: storage.Partition, Partition: "byRegion", Prefixes: [][]any{{value}}}
				all = slices.DeleteFunc(slices.Clone(all), func(id string) bool { return region[id] != value })
			}
			keep := func(string) bool { return true }
			if r.Intn(4) > 0 {
				low, inclusive := randomText(r, parts), r.Intn(2) == 0
				path.KeyLow = &storage.Bound{Value: low, Inclusive: inclusive}
				keep = func(id string) bool { return id > low || inclusive && id == low }
			}
			if r.Intn(3) == 0 {
				high, inclusive, above := randomText(r, parts), r.Intn(2) == 0, keep
				path.KeyHigh = &storage.Bound{Value: high, Inclusive: inclusive}
				keep = func(id string) bool { return above(id) && (id < high || inclusive && id == high) }
			}
			var want []string
			for _, id := range all {
				if keep(id) {
					want = append(want, id)
				}
			}
			require.Equal(t, want, w.firstIDs(path, 1+int64(r.Intn(8)), columns...), "seed %d: %v %v of %q", seed, path.KeyLow, path.KeyHigh, all)
		}
	}
}

// TestByKeyRequests: a page of rows behind a key costs a listing and the rows.
func TestByKeyRequests(t *testing.T) {
	w := newWorld(t, config{plain: true, fanOut: 16})
	var people []person
	for i := range 2500 {
		people = append(people, person{id: fmt.Sprintf("u%05d", i), name: "n"})
	}
	w.insert(people...)
	page := func(after string, n int) map[string]int64 {
		return w.requests(func() {
			path := storage.Path{Kind: storage.FullScan}
			if after != "" {
				path.KeyLow = &storage.Bound{Value: after}
			}
			s, err := w.table.Scan(ctx, storage.ScanSpec{Path: path, Columns: []int16{colName}, First: int64(n)})
			require.NoError(t, err)
			b, err := s.Next(ctx)
			require.NoError(t, err)
			require.Equal(t, n, b.Rows())
			s.Close()
		})
	}
	require.Equal(t, map[string]int64{"LIST": 1, "GET": 10}, page("u00100", 10))
	require.Equal(t, map[string]int64{"LIST": 1, "GET": 20}, page("u02000", 20))
	// At the beginning anything may come first that begins with an escaped character.
	require.Equal(t, map[string]int64{"LIST": 3, "GET": 10}, page("", 10))
	// One that comes first, but is listed far behind: all is listed.
	w.insert(person{id: "u0/1", name: "n"})
	require.Equal(t, map[string]int64{"LIST": 1, "GET": 10}, page("u00100", 10))
	require.Equal(t, map[string]int64{"LIST": 5, "GET": 10}, page("u0", 10))
}

// TestBoundsOfPartition: the bounds of the key narrow a partition's listings, in no order and
// of several values too, and what they leave out is not fetched.
func TestBoundsOfPartition(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, page: 10, fanOut: 4})
	for i := range 40 {
		w.insert(person{id: fmt.Sprintf("u%02d", i), name: "n", region: []string{"EU", "US"}[i%2]})
	}
	path := storage.Path{Kind: storage.Partition, Partition: "byRegion", Prefixes: [][]any{{"EU"}, {"US"}},
		KeyLow: &storage.Bound{Value: "u30"}, KeyHigh: &storage.Bound{Value: "u33", Inclusive: true}}
	read := func(path storage.Path, first int64) (ids []string) {
		s, err := w.table.Scan(ctx, storage.ScanSpec{Path: path, Columns: []int16{colID, colName}, First: first})
		require.NoError(t, err)
		defer s.Close()
		require.Equal(t, first > 0 && len(path.Prefixes) == 1, storage.IsSorted(s))
		for {
			b, err := s.Next(ctx)
			require.NoError(t, err)
			if b == nil {
				slices.Sort(ids)
				return ids
			}
			for _, r := range boxed(b) {
				ids = append(ids, r[0].(string))
			}
		}
	}
	for _, first := range []int64{0, 5} {
		require.Equal(t, map[string]int64{"LIST": 2, "GET": 3}, w.requests(func() {
			require.Equal(t, []string{"u31", "u32", "u33"}, read(path, first))
		}))
	}
	path.Prefixes = [][]any{{"US"}}
	require.Equal(t, map[string]int64{"LIST": 1, "GET": 2}, w.requests(func() {
		require.Equal(t, []string{"u31", "u33"}, read(path, 5))
	}))
}
