package rows_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// TestImageBytes: an image that was in a file is the one that was read: byte for byte, and
// good for a conditional write.
func TestImageBytes(t *testing.T) {
	for _, behavior := range []s3db.Behavior{s3db.UserManaged, s3db.BodyOverflow, s3db.BodyOnly} {
		w := newWorld(t, config{behavior: behavior, partitions: true, unique: true, timestamps: true})
		w.insert(person{id: "né/1", name: "n\x01é", region: "eu", email: "a@b", city: "c", country: "d", age: 3}, person{id: "2"})
		coder := w.table.(storage.ImageCoder)
		read := w.scan(w.table, storage.ScanSpec{Columns: []int16{storage.ColRowImage}})
		require.Len(t, read, 2)
		for _, r := range read {
			im := r[0].(*storage.RowImage)
			form, ok := coder.AppendImage([]byte("x"), im)
			require.True(t, ok)
			back, err := coder.ReadImage(form[1:])
			require.NoError(t, err)
			require.Equal(t, im, back)
			for n := range len(form) - 1 {
				if got, err := coder.ReadImage(form[1 : n+1]); err == nil {
					require.NotEqual(t, im, got, "%d bytes of %d", n, len(form)-1)
				}
			}
			require.Equal(t, storage.Applied, w.updateImage(w.table, back, []int16{colAge}, int64(4)).Outcome)
			require.Equal(t, storage.Conflict, w.updateImage(w.table, back, []int16{colAge}, int64(5)).Outcome)
		}
		require.Equal(t, int64(4), w.scan(w.table, storage.ScanSpec{Columns: []int16{colAge}})[1][0])

		warned := *w.image(w.table, "2")
		warned.Warnings = []error{&storage.Exceeded{}}
		form, ok := coder.AppendImage([]byte("x"), &warned)
		require.False(t, ok)
		require.Equal(t, "x", string(form))
	}
}
