package rows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// inCity is the path of the rows of a city by the partition byPlace.
func inCity(city string) storage.Path {
	return storage.Path{Kind: storage.Partition, Partition: "byPlace", Prefixes: [][]any{{city}}}
}

// TestPathsCombine: an intersection and a union lead to the rows that a full scan
// finds, each once, though references are left over, and count only requests that
// they need.
func TestPathsCombine(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, fanOut: 7})
	people := crowd(60)
	w.insert(people...)
	var both, either []string
	for _, p := range people {
		us, here := p.region == "US", p.city == "city3"
		if us && here {
			both = append(both, p.id)
		}
		if us || here || p.id == "p0001" {
			either = append(either, p.id)
		}
	}
	// a crash left references of a row that is elsewhere by now, and of one that is gone
	for _, key := range []string{"byRegion/region=US/id=p0001", "byRegion/region=US/id=gone", "byPlace/profile.city=city3/region=EU/id=p0001"} {
		_, err := w.mem.Put(ctx, "resource=people/partition="+key, objstore.PutRequest{Metadata: objstore.Metadata{"_v": "v1"}})
		require.NoError(t, err)
	}
	arms := []storage.Path{inRegion(storage.Partition, "US"), inCity("city3")}
	var got []string
	used := w.requests(func() { got = w.ids(storage.Path{Kind: storage.Intersection, Arms: arms}) })
	require.Subset(t, got, both)
	require.LessOrEqual(t, len(got), len(both)+1, "whoever scans looks at the condition again")
	require.Equal(t, map[string]int64{"LIST": 2, "GET": int64(len(got))}, used)

	arms = append(arms, storage.Path{Kind: storage.PointGet, Keys: [][]any{{"p0001"}, {"p0003"}, {"nobody"}}})
	got = w.ids(storage.Path{Kind: storage.Union, Arms: arms})
	slices.Sort(got)
	require.Equal(t, slices.Compact(slices.Clone(got)), got, "each row once")
	require.Subset(t, got, either)

	// a value that no key can carry: the rows themselves tell
	long := inCity(strings.Repeat("x", 2000))
	require.Len(t, w.ids(storage.Path{Kind: storage.Union, Arms: []storage.Path{arms[0], long}}), 60)
	require.Subset(t, w.ids(storage.Path{Kind: storage.Intersection, Arms: []storage.Path{arms[0], long}}), both)
}
