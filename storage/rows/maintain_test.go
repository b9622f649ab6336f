package rows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// TestBuildIndex: what is missing is made, what is stale removed, nothing else.
func TestBuildIndex(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			c.unique = true
			w := newWorld(t, c)
			w.insert(crowd(40)...)
			want := w.keys("")
			require.NoError(t, w.table.DropIndex(ctx, "byRegion"))
			require.NoError(t, w.table.DropIndex(ctx, "people_email_key"))
			require.Len(t, w.keys(""), 80)
			for _, key := range []string{"partition=byRegion/region=EU/id=p0001", "partition=byRegion/region=EU/id=gone"} {
				_, err := w.mem.Put(ctx, "resource=people/"+key, objstore.PutRequest{Metadata: objstore.Metadata{"_v": "v1"}})
				require.NoError(t, err)
			}
			var told int64
			require.NoError(t, w.table.BuildIndex(ctx, "byRegion", func(n int64) { told = n }))
			require.Equal(t, int64(40), told)
			require.NoError(t, w.table.BuildIndex(ctx, "people_email_key", nil))
			require.Equal(t, want, w.keys(""))
			require.NoError(t, w.table.BuildIndex(ctx, "byRegion", nil))
			require.NoError(t, w.table.BuildIndex(ctx, "people_email_key", nil))
			require.Equal(t, want, w.keys(""))
			require.Len(t, w.scan(w.table, storage.ScanSpec{Path: inRegion(storage.Covering, "EU"), Columns: []int16{colID}}), 14)
		})
	}
}

// TestBuildIndexStamps: a row of s3db.js gets a stamp where the table has them, so that the
// next one who reads it does not take the index for unverified.
func TestBuildIndexStamps(t *testing.T) {
	for _, foreign := range []bool{true, false} {
		w := newWorld(t, config{plain: true, foreign: foreign, partitions: true})
		w.mem.Seed(objstore.Info{Key: "resource=people/data/id=a", Metadata: objstore.Metadata{"_v": "v1", "0": "A", "2": "EU"}}, nil)
		before := w.snapshot()["data/id=a"]
		require.NoError(t, w.table.BuildIndex(ctx, "byRegion", nil))
		told := false
		w.env.Foreign = func(types.OID) { told = true }
		require.Equal(t, []string{"a"}, w.ids(storage.Path{}))
		w.image(w.table, "a")
		require.False(t, told)
		require.Equal(t, foreign, before == w.snapshot()["data/id=a"])
		info, err := w.mem.Head(ctx, "resource=people/data/id=a")
		require.NoError(t, err)
		require.Equal(t, objstore.Metadata{"_v": "v1", "0": "A", "2": "EU"}, info.Metadata)
		require.Contains(t, w.keys(""), "partition=byRegion/region=EU/id=a")
	}
}

func TestBuildUniqueIndexOverDuplicates(t *testing.T) {
	w := newWorld(t, config{plain: true})
	w.insert(person{id: "a", email: "e"}, person{id: "b", email: "e"}, person{id: "c"})
	c := w.config
	c.unique = true
	table := rows.Open(people(t, c), w.env)
	err := table.BuildIndex(ctx, "people_email_key", nil)
	require.Equal(t, pgerr.UniqueViolation, pgerr.CodeOf(err))
	require.EqualError(t, err, `could not create unique index "people_email_key"`)
	require.Equal(t, "Key (email)=(e) is duplicated.", pgerr.As(err).Detail)
	// What the first attempt left behind is the key of one row, not of the other.
	require.Equal(t, pgerr.UniqueViolation, pgerr.CodeOf(table.BuildIndex(ctx, "people_email_key", nil)))
	require.NoError(t, table.DropIndex(ctx, "people_email_key"))
	require.Empty(t, w.keys("unique="))
}

// TestDropKeepsTheNeighbours: people is no prefix of peopleX.
func TestDropKeepsTheNeighbours(t *testing.T) {
	for _, drop := range []bool{false, true} {
		w := newWorld(t, config{plain: true, partitions: true, unique: true})
		w.insert(crowd(2100)...)
		for _, key := range []string{"resource=peopleX/data/id=a", "resource=peopl/data/id=a", "resource=people/sequence=n/value"} {
			w.mem.Seed(objstore.Info{Key: key}, nil)
		}
		if drop {
			require.NoError(t, w.table.Drop(ctx))
			require.Equal(t, 2, w.mem.Len())
			require.Equal(t, -1.0, w.table.Stats().Rows)
			continue
		}
		require.NoError(t, w.table.Truncate(ctx))
		require.Equal(t, 3, w.mem.Len())
		require.Zero(t, w.table.Stats().Rows)
	}
}
