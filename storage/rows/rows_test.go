package rows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/storage"
)

func TestColumnNumbersAreTheCatalogs(t *testing.T) {
	for ours, theirs := range map[int16]int16{
		storage.ColVersion: catalog.ColVersion, storage.ColETag: catalog.ColETag,
		storage.ColLastModified: catalog.ColLastModified, storage.ColContentLength: catalog.ColContentLength,
		storage.ColHasContent: catalog.ColHasContent, storage.ColContent: catalog.ColContent,
		storage.ColContentType: catalog.ColContentType, storage.ColTableOID: catalog.ColTableOID,
		storage.ColRowID: catalog.ColRowID, storage.ColRowImage: catalog.ColRowImage,
	} {
		require.Equal(t, theirs, ours)
	}
}

// TestRequests is docs/requests.md: what each operation costs.
func TestRequests(t *testing.T) {
	alice := person{id: "a", name: "Alice", age: 30, region: "EU", email: "a@x.org", country: "pt", city: "Porto"}
	point := storage.Path{Kind: storage.PointGet, Keys: [][]any{{"a"}}}
	read := func(path storage.Path, cols ...int16) func(w *world) {
		return func(w *world) { w.scan(w.table, storage.ScanSpec{Path: path, Columns: cols}) }
	}
	change := func(op storage.Op, cols []int16, vals ...any) func(w *world) {
		return func(w *world) {
			ch := w.valid(w.table, storage.Change{Op: op, Old: w.image(w.table, "a"), Columns: cols, Values: vals})
			require.Equal(w.t, storage.Applied, w.table.Apply(ctx, []storage.Change{ch})[0].Outcome)
		}
	}
	for _, c := range []struct {
		name   string
		config config
		crowd  int
		do     func(w *world)
		want   map[string]int64
	}{
		{"point get", config{plain: true}, 0, read(point, colID, colName), map[string]int64{"GET": 1}},
		{"point get of 3 keys, one twice, one missing", config{plain: true}, 0,
			read(storage.Path{Kind: storage.PointGet, Keys: [][]any{{"a"}, {"b"}, {"a"}}}, colName), map[string]int64{"GET": 2}},
		{"count", config{plain: true}, 1500, read(storage.Path{Kind: storage.KeyOnly}), map[string]int64{"LIST": 3}},
		{"full scan", config{plain: true}, 1500, read(storage.Path{}, colName), map[string]int64{"LIST": 2, "GET": 1501}},
		{"full scan of a store that lists rows", config{}, 1500, read(storage.Path{}, colName), map[string]int64{"LIST": 2}},
		{"partition", config{plain: true, partitions: true}, 30, read(inRegion(storage.Partition, "EU"), colName),
			map[string]int64{"LIST": 1, "GET": 11}},
		{"partition, two values", config{plain: true, partitions: true}, 30, read(inRegion(storage.Partition, "EU", "US", "EU"), colName),
			map[string]int64{"LIST": 2, "GET": 21}},
		{"covering", config{plain: true, partitions: true, covering: true}, 30, read(inRegion(storage.Covering, "EU"), colID, colRegion),
			map[string]int64{"LIST": 3}},
		{"trusted", config{plain: true, partitions: true}, 30, read(inRegion(storage.TrustedPartition, "EU"), colID, colRegion),
			map[string]int64{"LIST": 1}},
		{"insert", config{plain: true}, 0, func(w *world) { w.insert(person{id: "n"}) }, map[string]int64{"PUT": 1}},
		{"insert with two partitions", config{plain: true, partitions: true}, 0,
			func(w *world) { w.insert(person{id: "n", region: "EU", city: "Porto"}) }, map[string]int64{"PUT": 3}},
		{"insert with two partitions, NULL in both", config{plain: true, partitions: true}, 0,
			func(w *world) { w.insert(person{id: "n"}) }, map[string]int64{"PUT": 1}},
		{"insert with a unique key", config{plain: true, unique: true}, 0,
			func(w *world) { w.insert(person{id: "n", email: "n@x.org"}) }, map[string]int64{"PUT": 2}},
		{"insert 3 rows with two partitions", config{plain: true, partitions: true}, 0, func(w *world) {
			w.insert(person{id: "n", region: "EU", city: "x"}, person{id: "m", region: "EU", city: "x"}, person{id: "o", region: "EU", city: "x"})
		}, map[string]int64{"PUT": 9}},
		{"update of no index", config{plain: true, partitions: true, unique: true}, 0,
			change(storage.Update, []int16{colName}, "Eve"), map[string]int64{"GET": 1, "PUT": 1}},
		{"update that moves one partition", config{plain: true, partitions: true}, 0,
			change(storage.Update, []int16{colCity}, "Braga"), map[string]int64{"GET": 1, "PUT": 2, "DELETE": 1}},
		{"update that moves two partitions", config{plain: true, partitions: true}, 0,
			change(storage.Update, []int16{colRegion}, "US"), map[string]int64{"GET": 1, "PUT": 3, "DELETE BATCH": 1}},
		{"update of a covering partition's row", config{plain: true, partitions: true, covering: true}, 0,
			change(storage.Update, []int16{colName}, "Eve"), map[string]int64{"GET": 1, "PUT": 2}},
		{"update of a unique key", config{plain: true, unique: true}, 0,
			change(storage.Update, []int16{colEmail}, "b@x.org"), map[string]int64{"GET": 1, "PUT": 2, "DELETE": 1}},
		{"update of a row without stamp", config{plain: true, foreign: true}, 0,
			change(storage.Update, []int16{colName}, "Eve"), map[string]int64{"GET": 2, "PUT": 1}},
		{"delete", config{plain: true, partitions: true, unique: true}, 0,
			change(storage.Delete, nil), map[string]int64{"GET": 1, "DELETE": 1, "DELETE BATCH": 1}},
		{"delete where DELETE takes no condition", config{plain: true, partitions: true, graves: true}, 0,
			change(storage.Delete, nil), map[string]int64{"GET": 1, "PUT": 1, "DELETE BATCH": 1, "DELETE": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t, c.config)
			w.insert(alice)
			w.insert(crowd(c.crowd)...)
			require.Equal(t, c.want, w.requests(func() { c.do(w) }))
		})
	}
}

// TestWriteOrder: new references, then the row, then what it no longer has.
func TestWriteOrder(t *testing.T) {
	one := config{plain: true, partitions: true, unique: true, fanOut: 1}
	w := newWorld(t, one)
	w.insert(person{id: "a", region: "EU", city: "x", email: "e"})
	require.Equal(t, []string{"PUT unique=people_email_key/e", "PUT partition=byRegion/region=EU/id=a",
		"PUT partition=byPlace/profile.city=x/region=EU/id=a", "PUT data/id=a"}, w.log.take())

	w.update("a", []int16{colRegion, colEmail}, "US", "f")
	require.Equal(t, []string{"GET data/id=a", "PUT unique=people_email_key/f", "PUT partition=byRegion/region=US/id=a",
		"PUT partition=byPlace/profile.city=x/region=US/id=a", "PUT data/id=a",
		"DELETE partition=byRegion/region=EU/id=a", "DELETE partition=byPlace/profile.city=x/region=EU/id=a",
		"DELETE unique=people_email_key/e"}, w.log.take())

	w.delete("a")
	require.Equal(t, []string{"GET data/id=a", "DELETE data/id=a", "DELETE partition=byRegion/region=US/id=a",
		"DELETE partition=byPlace/profile.city=x/region=US/id=a", "DELETE unique=people_email_key/f"}, w.log.take())
	require.Empty(t, w.keys(""))

	one.graves = true
	w = newWorld(t, one)
	w.insert(person{id: "a", region: "EU"})
	w.log.take()
	w.delete("a")
	require.Equal(t, []string{"GET data/id=a", "PUT data/id=a", "DELETE partition=byRegion/region=EU/id=a", "DELETE data/id=a"}, w.log.take())
	require.Empty(t, w.keys(""))
}
