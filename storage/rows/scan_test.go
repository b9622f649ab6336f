package rows_test

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// stores are the kinds of store that paths differ over.
var stores = map[string]config{
	"plain":  {plain: true, partitions: true, covering: true, fanOut: 7},
	"bodies": {partitions: true, covering: true, fanOut: 7},
	"graves": {plain: true, partitions: true, covering: true, graves: true},
}

func TestPathsAgree(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			people := crowd(50)
			w.insert(people...)
			var want []string
			for _, p := range people {
				if p.region == "US" {
					want = append(want, p.id)
				}
			}
			for _, kind := range []storage.PathKind{storage.Partition, storage.TrustedPartition} {
				require.Equal(t, want, w.ids(inRegion(kind, "US")), kind)
			}
			covered := w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Covering, "US"), Columns: []int16{colID, colRegion}})
			require.Len(t, covered, len(want))
			for i, r := range covered {
				require.Equal(t, []any{want[i], "US"}, r)
			}
			require.Len(t, w.ids(storage.Path{}), 50)
			require.Len(t, w.ids(inRegion(storage.Partition)), 50)
			require.Len(t, w.ids(inRegion(storage.Partition, "EU", "US", "none")), 34)
		})
	}
}

// TestBatches: the same rows in the same order whatever the batch size, none
// larger than asked.
func TestBatches(t *testing.T) {
	for name, c := range stores {
		for _, size := range []int{1, 3, 1024} {
			t.Run(fmt.Sprintf("%s/%d", name, size), func(t *testing.T) {
				w := newWorld(t, c)
				w.insert(crowd(1200)...)
				s, err := w.table.Scan(ctx, storage.ScanSpec{Columns: []int16{colID, colAge, colCity, colProfile}, BatchSize: size})
				require.NoError(t, err)
				defer s.Close()
				n := 0
				for {
					b, err := s.Next(ctx)
					require.NoError(t, err)
					if b == nil {
						break
					}
					require.LessOrEqual(t, b.N, size)
					for _, r := range boxed(b) {
						require.Equal(t, []any{fmt.Sprintf("p%04d", n), int64(n % 90), fmt.Sprintf("city%d", n%5)}, r[:3])
						require.Equal(t, fmt.Sprintf(`{"city": "city%d", "country": "c"}`, n%5), jsonText(r[3]))
						n++
					}
				}
				require.Equal(t, 1200, n)
			})
		}
	}
}

func jsonText(v any) string {
	return string(types.ByOID(types.JSONBOID).Out(types.DefaultEnv(), nil, v))
}

func TestLimitStopsEarly(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, fanOut: 64})
	w.insert(crowd(3000)...)
	used := w.requests(func() {
		require.Len(t, w.scan(w.table, storage.ScanSpec{Columns: []int16{colName}, Limit: 10}), 10)
	})
	require.Equal(t, map[string]int64{"LIST": 1, "GET": 10}, used)
	used = w.requests(func() {
		require.Len(t, w.scan(w.table, storage.ScanSpec{Columns: []int16{colName}, Limit: 1007}), 1007)
	})
	require.Equal(t, map[string]int64{"LIST": 2, "GET": 1007}, used)
	used = w.requests(func() {
		require.Len(t, w.scan(w.table, storage.ScanSpec{Path: storage.Path{Kind: storage.KeyOnly}, Limit: 3}), 3)
	})
	require.Equal(t, map[string]int64{"LIST": 2}, used)

	// References whose rows are gone do not count, and more are asked for.
	require.NoError(t, w.mem.DeleteBatch(ctx, []string{"resource=people/data/id=p0000", "resource=people/data/id=p0006"}))
	used = w.requests(func() {
		require.Len(t, w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Partition, "EU"), Columns: []int16{colName}, Limit: 5}), 5)
	})
	require.Equal(t, int64(7), used["GET"])
	require.LessOrEqual(t, used["LIST"], int64(3))
}

// TestReadAheadIsBounded: a reader that stops reading stops the requests.
func TestReadAheadIsBounded(t *testing.T) {
	w := newWorld(t, config{plain: true, fanOut: 8})
	w.insert(crowd(2500)...)
	used := w.requests(func() {
		s, err := w.table.Scan(ctx, storage.ScanSpec{Columns: []int16{colName}, BatchSize: 1})
		require.NoError(t, err)
		_, err = s.Next(ctx)
		require.NoError(t, err)
		time.Sleep(20 * time.Millisecond)
		s.Close()
	})
	require.LessOrEqual(t, used["GET"], int64(1+3*8+1))
	require.LessOrEqual(t, used["LIST"], int64(2))
}

func TestNoGoroutineSurvives(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			w.insert(crowd(1500)...)
			for _, take := range []int{0, 1, 2} {
				s, err := w.table.Scan(ctx, storage.ScanSpec{Columns: []int16{colName}, BatchSize: 5})
				require.NoError(t, err)
				for range take {
					_, err := s.Next(ctx)
					require.NoError(t, err)
				}
				s.Close()
				s.Close()
				requireNoScan(t)
			}
			_ = w.scan(w.table, storage.ScanSpec{Columns: []int16{colName}, Limit: 9})
			requireNoScan(t)
		})
	}
}

// requireNoScan: no goroutine is in a scanner's code. (One that has told so may
// take a moment to vanish.)
func requireNoScan(t *testing.T) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	require.Eventually(t, func() bool {
		return !strings.Contains(string(stacks[:runtime.Stack(stacks, true)]), "rows.(*scanner)")
	}, 5*time.Second, time.Millisecond)
}

func TestCancel(t *testing.T) {
	w := newWorld(t, config{plain: true})
	w.insert(crowd(100)...)
	c, cancel := context.WithCancel(ctx)
	s, err := w.table.Scan(c, storage.ScanSpec{Columns: []int16{colName}, BatchSize: 1})
	require.NoError(t, err)
	defer s.Close()
	_, err = s.Next(c)
	require.NoError(t, err)
	cancel()
	for b := (*vec.Batch)(nil); err == nil; {
		if b, err = s.Next(c); b == nil {
			break
		}
	}
	require.Equal(t, pgerr.QueryCanceled, pgerr.CodeOf(err))
	results := w.table.Apply(c, []storage.Change{w.valid(w.table, person{id: "z"}.change())})
	require.Equal(t, storage.Failed, results[0].Outcome)
	require.Equal(t, pgerr.QueryCanceled, pgerr.CodeOf(results[0].Err))
}

// TestRecheck: references that their row does not have any more are skipped,
// and so is what is no reference.
func TestRecheck(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			w.insert(person{id: "a", region: "US"}, person{id: "b", region: "US"}, person{id: "u", region: "USA"})
			put := func(key string) {
				_, err := w.mem.Put(ctx, "resource=people/"+key, objstore.PutRequest{Metadata: objstore.Metadata{"_v": "v1"}})
				require.NoError(t, err)
			}
			put("partition=byRegion/region=EU/id=a")      // a stale one
			put("partition=byRegion/region=US/id=gone")   // of no row
			put("partition=byRegion/region=US/junk")      // none
			put("partition=byRegion/other=US/id=a")       // none
			put("partition=byRegionX/region=US/id=other") // of another partition
			put("data/notes.txt")                         // no row
			require.Equal(t, []string{"a", "b"}, w.ids(inRegion(storage.Partition, "US")))
			require.Empty(t, w.ids(inRegion(storage.Partition, "EU")))
			require.Equal(t, []string{"a", "b"}, w.ids(inRegion(storage.Partition, "EU", "US")))
			covered := func(regions ...string) int {
				return len(w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Covering, regions...), Columns: []int16{colRegion}}))
			}
			require.Equal(t, 2, covered("US"))
			require.Zero(t, covered("EU"))
			require.Equal(t, 2, covered("EU", "US"))
			require.Len(t, w.scan(w.table, storage.ScanSpec{Path: storage.Path{Kind: storage.KeyOnly}}), 3)
		})
	}
}

// TestCoveringFetchesOnlyWhatDiffers: a reference with another stamp than its
// row is held against the row.
func TestCoveringFetchesOnlyWhatDiffers(t *testing.T) {
	w := newWorld(t, stores["plain"])
	w.insert(crowd(30)...)
	_, err := w.mem.Put(ctx, "resource=people/partition=byRegion/region=EU/id=p0003", objstore.PutRequest{Metadata: objstore.Metadata{"_v": "v1"}})
	require.NoError(t, err)
	used := w.requests(func() {
		require.Len(t, w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Covering, "EU"), Columns: []int16{colID, colRegion}}), 10)
	})
	require.Equal(t, map[string]int64{"LIST": 3, "GET": 1}, used)
	w.update("p0003", []int16{colName}, "again")
	used = w.requests(func() {
		require.Len(t, w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Covering, "EU"), Columns: []int16{colID, colRegion}}), 10)
	})
	require.Equal(t, map[string]int64{"LIST": 3}, used)
}

func bound(v any, prefix bool) *storage.Bound {
	return &storage.Bound{Value: v, Inclusive: true, Prefix: prefix}
}

// TestBounds holds ranges against the rows that they must give. They may give
// more: what lies outside is counted for one case, to see that they bound at all.
func TestBounds(t *testing.T) {
	values := []string{"", "A", "A/", "A0", "B", "a", "ab", "ab c", "ab/c", "abc", "ab~", "abé", "b", "~", "é", "日本"}
	for _, foreign := range []bool{false, true} {
		w := newWorld(t, config{plain: true, partitions: true, foreign: foreign})
		for i, v := range values {
			if foreign && strings.Contains(v, "/") {
				continue
			}
			p := person{id: fmt.Sprintf("r%02d", i), name: v}
			ch := p.change()
			ch.Columns, ch.Values = append(ch.Columns, colRegion), append(ch.Values, v)
			require.Equal(t, storage.Applied, w.table.Apply(ctx, []storage.Change{w.valid(w.table, ch)})[0].Outcome)
			if v != "" {
				w.insert(person{id: v, name: "key"})
			}
		}
		got := func(path storage.Path, col int16) []string {
			var out []string
			for _, r := range w.scan(w.table, storage.ScanSpec{Path: path, Columns: []int16{col}}) {
				out = append(out, r[0].(string))
			}
			return out
		}
		for _, low := range values {
			for _, high := range values {
				ranged := got(storage.Path{Kind: storage.Partition, Partition: "byRegion", Low: bound(low, false), High: bound(high, false)}, colRegion)
				keys := got(storage.Path{Kind: storage.KeyOnly, KeyLow: bound(low, false), KeyHigh: bound(high, false)}, colID)
				for _, v := range values {
					if low <= v && v <= high && !(foreign && strings.Contains(v, "/")) {
						require.Contains(t, ranged, v, "%q..%q", low, high)
						if v != "" {
							require.Contains(t, keys, v, "%q..%q", low, high)
						}
					}
				}
			}
			begin := got(storage.Path{Kind: storage.Partition, Partition: "byRegion", Low: bound(low, true)}, colRegion)
			keys := got(storage.Path{Kind: storage.FullScan, KeyLow: bound(low, true)}, colID)
			for _, v := range values {
				if strings.HasPrefix(v, low) && !(foreign && strings.Contains(v, "/")) {
					require.Contains(t, begin, v, "%q%%", low)
					require.True(t, v == "" || slices.Contains(keys, v), "%q%%", low)
				}
			}
		}
		require.Less(t, len(got(storage.Path{Kind: storage.KeyOnly, KeyLow: bound("ab", true)}, colID)), 8)
	}
}

// TestStrangeIDs: an id is found by its text, whatever is in it, and leaves as
// it came.
func TestStrangeIDs(t *testing.T) {
	w := newWorld(t, config{plain: true})
	odd := []string{"a/b", "a=b", "a%b", `a"b'c`, `back\slash`, "日本", "~", "a~2Fb", " spaced ", "..", ".", strings.Repeat("x", 240)}
	for _, id := range odd {
		w.insert(person{id: id, name: id})
		require.Equal(t, []string{id}, w.ids(storage.Path{Kind: storage.PointGet, Keys: [][]any{{id}}}), id)
	}
	require.Len(t, w.ids(storage.Path{}), len(odd))
	for id, code := range map[string]pgerr.Code{strings.Repeat("x", 1024): pgerr.ProgramLimitExceeded} {
		_, err := w.table.Validate(person{id: id}.change())
		require.Equal(t, code, pgerr.CodeOf(err))
		require.Empty(t, w.ids(storage.Path{Kind: storage.PointGet, Keys: [][]any{{id}}}))
	}
	// What s3db.js wrote under a name that we would escape is found too.
	w.mem.Seed(objstore.Info{Key: "resource=people/data/id=w~x", Metadata: objstore.Metadata{"_v": "v1", "0": "foreign"}}, nil)
	require.Equal(t, []string{"w~x"}, w.ids(storage.Path{Kind: storage.PointGet, Keys: [][]any{{"w~x"}}}))

	f := newWorld(t, config{plain: true, foreign: true})
	for _, id := range []string{"a/b", "a=b", "a%b", `a\b`} {
		_, err := f.table.Validate(person{id: id}.change())
		require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(err), id)
	}
	f.mem.Seed(objstore.Info{Key: "resource=people/data/id=a/b", Metadata: objstore.Metadata{"_v": "v1", "0": "old"}}, nil)
	require.Equal(t, []string{"a/b"}, f.ids(storage.Path{Kind: storage.PointGet, Keys: [][]any{{"a/b"}}}))
	require.Equal(t, []string{"a/b"}, f.ids(storage.Path{}))
}

func TestDamagedRows(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			w.insert(person{id: "a", age: 1}, person{id: "c", age: 2})
			w.mem.Seed(objstore.Info{Key: "resource=people/data/id=b", Metadata: objstore.Metadata{"_v": "v1", "1": "?!"}}, nil)
			spec := storage.ScanSpec{Columns: []int16{colID, colAge}}
			_, err := scan(w.table, spec)
			require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
			require.ErrorContains(t, err, "resource=people/data/id=b")
			require.Equal(t, "The stored value is \"?!\".", pgerr.As(err).Detail)
			spec.SkipDamaged = true
			require.Len(t, w.scan(w.table, spec), 2)
			// Who does not ask for the column does not meet the damage.
			require.Len(t, w.scan(w.table, storage.ScanSpec{Columns: []int16{colID, colName}}), 3)
		})
	}
}

func TestSystemColumns(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			w.insert(person{id: "a", name: "A", region: "EU"})
			info, err := w.mem.Head(ctx, "resource=people/data/id=a")
			require.NoError(t, err)
			all := []int16{storage.ColVersion, storage.ColETag, storage.ColLastModified, storage.ColContentLength,
				storage.ColHasContent, storage.ColContent, storage.ColContentType, storage.ColTableOID, storage.ColRowID}
			want := []any{int32(1), info.ETag, types.TimestampFromTime(noon), int64(0), false, nil, nil, uint32(20000), "a"}
			require.Equal(t, [][]any{want}, w.scan(w.table, storage.ScanSpec{Columns: all}))
			require.Equal(t, [][]any{want}, w.scan(w.table, storage.ScanSpec{Columns: all, Path: inRegion(storage.Partition, "EU")}))
			listed := []int16{storage.ColETag, storage.ColLastModified, colID}
			for _, path := range []storage.Path{{Kind: storage.KeyOnly}, inRegion(storage.TrustedPartition, "EU"), inRegion(storage.Covering, "EU")} {
				require.Equal(t, [][]any{{info.ETag, types.TimestampFromTime(noon), "a"}}, w.scan(w.table, storage.ScanSpec{Columns: listed, Path: path}))
			}
		})
	}
}

// TestContent: what setContent left (s3db-format.md section 11).
func TestContent(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			body := strings.Repeat("binary\x00", 20_000)
			w.mem.Seed(objstore.Info{Key: "resource=people/data/id=a", ContentType: "image/png",
				Metadata: objstore.Metadata{"_v": "v1", "0": "A", "id": "a", "_hascontent": "true", "_contentlength": "140000"}}, []byte(body))
			got := w.scan(w.table, storage.ScanSpec{Columns: []int16{colName, storage.ColHasContent, storage.ColContentLength,
				storage.ColContentType, storage.ColContent}})
			require.Equal(t, [][]any{{"A", true, int64(len(body)), "image/png", []byte(body)}}, got)
			require.Equal(t, [][]any{{"A"}}, w.scan(w.table, storage.ScanSpec{Columns: []int16{colName}}))

			require.Equal(t, storage.Applied, w.update("a", []int16{colName}, "B").Outcome)
			got = w.scan(w.table, storage.ScanSpec{Columns: []int16{colName, storage.ColContent}})
			require.Equal(t, [][]any{{"B", []byte(body)}}, got)
		})
	}
}

func TestFilterIDAndProgress(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true})
	w.insert(crowd(20)...)
	var listed, fetched int64
	spec := storage.ScanSpec{Columns: []int16{colID}, FilterID: func(id string) bool { return id < "p0005" }}
	require.Len(t, w.scan(w.table, spec), 5)
	spec.Columns = []int16{colName}
	calls := make(chan [2]int64, 100)
	spec.Progress = func(l, f int64) { calls <- [2]int64{l, f} }
	require.Len(t, w.scan(w.table, spec), 5)
	close(calls)
	for c := range calls {
		listed, fetched = listed+c[0], fetched+c[1]
	}
	require.Equal(t, []int64{5, 5}, []int64{listed, fetched})
	spec.Path = inRegion(storage.Partition, "EU")
	spec.Progress = nil
	require.Len(t, w.scan(w.table, spec), 2)
}

func TestStats(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true})
	require.Equal(t, -1.0, w.table.Stats().Rows)
	w.insert(crowd(30)...)
	w.scan(w.table, storage.ScanSpec{Path: storage.Path{Kind: storage.KeyOnly}})
	require.Equal(t, 30.0, w.table.Stats().Rows)
	w.delete("p0001")
	require.Equal(t, 29.0, rows.Open(w.def, w.env).Stats().Rows)
	w.ids(inRegion(storage.Partition, "EU", "US"))
	require.Equal(t, map[string]float64{"byRegion": 9.5}, w.table.Stats().RowsPerValue)
	require.False(t, w.table.Stats().ScanYieldsRows)
	require.True(t, newWorld(t, config{}).table.Stats().ScanYieldsRows)
	require.False(t, newWorld(t, config{plain: true, behavior: s3db.EnforceLimits}).table.Stats().ScanYieldsRows)
}
