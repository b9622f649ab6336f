package txn_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/sql/txn"
)

// TestRestate: rows that wait for COMMIT follow a value that is called otherwise, those on
// disk too, and those that are deleted stay so.
func TestRestate(t *testing.T) {
	table := newFake()
	old, gone := table.put("b", "blue"), table.put("d", "blue")
	tx := new(txn.Shared).Begin(fakeTables{table}, false)
	tx.Bound(t.TempDir(), 1) // the first row is in memory, the others in a file
	defer tx.Close()
	write(t, tx, insert("a", "red"))
	write(t, tx, update(old, "red"))
	write(t, tx, insert("c", nil))
	write(t, tx, remove(gone))
	require.NoError(t, tx.Restate(1, func(num int16, v any) any {
		require.Equal(t, valueColumn, num)
		return v.(string) + "dish"
	}))
	require.NoError(t, tx.Commit(ctx, true))
	final, _ := rows(t, new(txn.Shared).Begin(fakeTables{table}, true))
	require.Equal(t, map[string]any{"a": "reddish", "b": "reddish", "c": nil}, final)
}
