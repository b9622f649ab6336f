package txn

import (
	"compress/gzip"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// TestColdRows writes rows of every kind of value, and reads them before and after
// they are on disk.
func TestColdRows(t *testing.T) {
	jsonb, err := types.ParseJSONB(`{"a": [1.50, null, "é"]}`)
	require.NoError(t, err)
	number := func(s string) any {
		v, err := types.NumericType.In(nil, s, -1)
		require.NoError(t, err)
		return v
	}
	odd := new(struct{ n int }) // a value without a form on disk
	values := []any{"a secret", odd, types.NewArray(types.ByOID(types.TextOID), []any{"x", nil, ""}), &types.Array{Elem: types.ByOID(types.Int4OID)}, nil, true, false, int16(-3), int32(math.MinInt32), int64(math.MaxInt64), uint32(math.MaxUint32), float32(0.1), math.Inf(-1),
		"", "é\x01", []byte{}, []byte{0, 255}, types.UUID{1, 2, 15: 3}, number("-1234567890.12300"), number("NaN"), number("Infinity"),
		types.Interval{Months: -1, Days: 2, Micros: 3}, jsonb}
	old := &storage.RowImage{ID: "né", ETag: "\"1\"", State: odd}
	ch := storage.Change{Op: storage.Update, ID: "né", Old: old, Replace: true, Columns: make([]int16, len(values)), Values: values}
	for i := range ch.Columns {
		ch.Columns[i] = int16(i - 2)
	}
	c := &coldRows{dir: t.TempDir()}
	defer c.close()
	at, size, err := c.put(ch)
	require.NoError(t, err)
	read := func() {
		got, err := c.get(at, size)
		require.NoError(t, err)
		require.Equal(t, ch, got)
	}
	read()
	for c.end == 0 {
		_, _, err = c.put(ch)
		require.NoError(t, err)
	}
	read()

	form := make([]byte, c.end)
	_, err = c.f.ReadAt(form, 0)
	require.NoError(t, err)
	require.NotContains(t, string(form), "a secret", "the file is encrypted")
	var entropy strings.Builder
	gz := gzip.NewWriter(&entropy)
	_, err = gz.Write(form)
	require.NoError(t, err)
	require.NoError(t, gz.Close())
	require.Greater(t, entropy.Len(), len(form), "repeated rows are not to be told from the file")
}

// TestColdDisk: a row that the disk does not take is an error, not lost.
func TestColdDisk(t *testing.T) {
	c := &coldRows{dir: "/nowhere/at/all"}
	var err error
	for n := 0; err == nil; n++ {
		require.Less(t, n, coldBuffer/1000+1)
		_, _, err = c.put(storage.Change{ID: "x", Columns: []int16{1}, Values: []any{make([]byte, 1000)}})
	}
	require.ErrorContains(t, err, "could not use a temporary file")
}
