package txn

import (
	"math"
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
	values := []any{nil, true, false, int16(-3), int32(math.MinInt32), int64(math.MaxInt64), uint32(math.MaxUint32), float32(0.1), math.Inf(-1),
		"", "é\x01", []byte{}, []byte{0, 255}, types.UUID{1, 2, 15: 3}, number("-1234567890.12300"), number("NaN"), number("Infinity"),
		types.Interval{Months: -1, Days: 2, Micros: 3}, jsonb}
	ch := storage.Change{Op: storage.Insert, ID: "né", Columns: make([]int16, len(values)), Values: values}
	for i := range ch.Columns {
		ch.Columns[i] = int16(i - 2)
	}
	c := &coldRows{dir: t.TempDir()}
	defer c.close()
	at, size, ok, err := c.put(ch)
	require.NoError(t, err)
	require.True(t, ok)
	read := func() {
		got, err := c.get(at, size)
		require.NoError(t, err)
		require.Equal(t, ch, got)
	}
	read()
	for c.end == 0 {
		_, _, _, err = c.put(ch)
		require.NoError(t, err)
	}
	read()

	_, _, ok, err = c.put(storage.Change{ID: "x", Columns: []int16{1}, Values: []any{struct{}{}}})
	require.NoError(t, err)
	require.False(t, ok, "a value without a form on disk")
	read()
}

// TestColdDisk: a row that the disk does not take is an error, not lost.
func TestColdDisk(t *testing.T) {
	c := &coldRows{dir: "/nowhere/at/all"}
	for {
		_, _, ok, err := c.put(storage.Change{ID: "x", Columns: []int16{1}, Values: []any{make([]byte, 1000)}})
		if err != nil {
			require.ErrorContains(t, err, "could not use a temporary file")
			return
		}
		require.True(t, ok)
	}
}
