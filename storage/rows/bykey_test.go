package rows_test

import (
	"fmt"
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

func randomText(r *rand.Rand) string {
	var b strings.Builder
	for range r.Intn(4) {
		b.WriteString(keyParts[r.Intn(len(keyParts))])
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
// and however the listing's pages fall.
func TestByKey(t *testing.T) {
	for seed := range 60 {
		r := rand.New(rand.NewSource(int64(seed)))
		w := newWorld(t, config{plain: seed%2 == 0, page: 1 + r.Intn(9), fanOut: 4})
		var all []string
		for range 1 + r.Intn(60) {
			if id := randomText(r); !slices.Contains(all, id) {
				all = append(all, id)
				w.insert(person{id: id, name: "n"})
			}
		}
		slices.Sort(all)
		for range 30 {
			path, columns := storage.Path{Kind: storage.FullScan}, []int16{colName}
			if r.Intn(2) == 0 {
				path, columns = storage.Path{Kind: storage.KeyOnly}, nil
			}
			keep := func(string) bool { return true }
			if r.Intn(4) > 0 {
				low, inclusive := randomText(r), r.Intn(2) == 0
				path.KeyLow = &storage.Bound{Value: low, Inclusive: inclusive}
				keep = func(id string) bool { return id > low || inclusive && id == low }
			}
			if r.Intn(3) == 0 {
				high, inclusive, above := randomText(r), r.Intn(2) == 0, keep
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
