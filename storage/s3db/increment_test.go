package s3db_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func TestParseIncremental(t *testing.T) {
	for name, want := range map[string]string{
		"incremental": "7", "incremental:1000": "7", "incremental:fast": "7", "incremental:fast:10": "7",
		"incremental:ORD-0001": "ORD-0007", "incremental:INV001": "INV007",
	} {
		inc, ok, err := s3db.ParseIncremental(name)
		require.NoError(t, err)
		require.True(t, ok, name)
		require.Equal(t, want, inc.Format(7), name)
	}
	_, ok, err := s3db.ParseIncremental("incremental:a b")
	require.True(t, ok)
	require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(err))
	_, ok, err = s3db.ParseIncremental("incrementally")
	require.NoError(t, err)
	require.False(t, ok)
}

// TestTake: the counter is as s3db.js writes it, and keeps what it does not know.
func TestTake(t *testing.T) {
	noon := time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC)
	inc := &s3db.Incremental{Start: 5, Increment: 1}
	first, body, err := inc.Take("k", nil, 3, noon)
	require.NoError(t, err)
	require.EqualValues(t, 5, first)
	require.Equal(t, `{"value":8,"name":"id","createdAt":"2026-01-02T12:00:00.000Z"}`, string(body))
	first, body, err = inc.Take("k", []byte(`{"value":8,"name":"id","createdAt":1,"x":[]}`), 1, noon)
	require.NoError(t, err)
	require.EqualValues(t, 8, first)
	require.Equal(t, `{"value":9,"name":"id","createdAt":1,"x":[],"updatedAt":1767355200000}`, string(body))
	_, _, err = inc.Take("k", []byte(`{"value":9007199254740991}`), 1, noon)
	require.Equal(t, pgerr.SequenceGeneratorLimitExceeded, pgerr.CodeOf(err))
	_, _, err = inc.Take("k", []byte(`[]`), 1, noon)
	require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
}
