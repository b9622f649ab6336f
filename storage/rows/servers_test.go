package rows_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// TestServers runs the life of a table over real S3 servers, with what they
// honour and what not.
func TestServers(t *testing.T) {
	for name, start := range map[string]func(testing.TB) *s3test.Server{"versitygw": s3test.Versitygw, "minio": s3test.MinIO} {
		t.Run(name, func(t *testing.T) {
			loc, err := location.Parse(start(t).Location("db"))
			require.NoError(t, err)
			st, prefix, err := open.Open(t.Context(), loc, open.Options{})
			require.NoError(t, err)
			t.Cleanup(func() { _ = st.Close() })
			for k, c := range []config{
				{partitions: true, covering: true, unique: true, timestamps: true},
				{partitions: true, unique: true, plain: true, graves: true},
			} {
				t.Run(fmt.Sprint(k), func(t *testing.T) {
					w := &world{t: t, meter: objstore.NewMeter(nil), config: c}
					w.open(wrap.Prefixed(st, fmt.Sprintf("%s/%d", prefix, k)), clock.System)
					live(t, w)
				})
			}
		})
	}
}

func live(t *testing.T, w *world) {
	w.insert(crowd(30)...)
	checkIndexes(t, w)
	require.Len(t, w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Covering, "EU"), Columns: []int16{colID, colRegion}}), 10)
	require.Equal(t, storage.Exists, w.table.Apply(ctx, []storage.Change{w.valid(w.table, person{id: "p0001"}.change())})[0].Outcome)
	require.Equal(t, storage.Violated, w.table.Apply(ctx, []storage.Change{w.valid(w.table, person{id: "q", email: "e1@x.org"}.change())})[0].Outcome)

	old := w.image(w.table, "p0000")
	require.Equal(t, storage.Applied, w.update("p0000", []int16{colRegion, colCity}, "Ásia", "日本").Outcome)
	require.Equal(t, storage.Conflict, w.updateImage(w.table, old, []int16{colRegion}, "US").Outcome)
	require.Equal(t, []string{"p0000"}, w.ids(inRegion(storage.Partition, "Ásia")))

	del := []storage.Change{w.valid(w.table, storage.Change{Op: storage.Delete, Old: w.image(w.table, "p0003")})}
	res := w.table.Apply(ctx, del)
	require.Equal(t, storage.Applied, res[0].Outcome)
	require.Nil(t, w.image(w.table, "p0003"))
	require.NoError(t, w.table.Undo(ctx, del, res))
	require.NotNil(t, w.image(w.table, "p0003"))

	tables := []storage.Table{w.table, rows.Open(w.def, w.newEnv())}
	w.insert(person{id: "sum", region: "R0"})
	var wg sync.WaitGroup
	for n := range 4 {
		wg.Go(func() {
			for done := 0; done < 5; {
				if w.addOneTo(tables[n%2], "sum") {
					done++
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, int64(20), w.scan(w.table, storage.ScanSpec{Columns: []int16{colAge},
		Path: storage.Path{Kind: storage.PointGet, IDs: []string{"sum"}}})[0][0])
	require.NoError(t, w.table.BuildIndex(ctx, "byRegion", nil))
	checkIndexes(t, w)
	require.NoError(t, w.table.Drop(ctx))
	require.Empty(t, w.keys(""))
}
