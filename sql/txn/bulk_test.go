package txn_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/storage"
)

// TestBulk has a block change so many rows that COMMIT writes them in pieces: unique
// values go from deleted rows to new ones, and along chains of changed ones, and all is as
// it was if the last piece fails.
func TestBulk(t *testing.T) {
	const n = 9000
	id := func(i int) string { return fmt.Sprintf("%06d", i) }
	value := func(i int) string { return fmt.Sprint("!", i) }
	for _, fails := range []bool{false, true} {
		table := newFake()
		var shift, back, rest []storage.Change
		before := map[string]any{}
		for i := range 3 * n {
			im := table.put(id(i), value(i))
			before[id(i)] = value(i)
			switch {
			case i < n: // chains of 100 rows: each gets what the next one had
				next := value(i + 1)
				if i%100 == 99 {
					next = fmt.Sprint("new!", i)
				}
				shift = append(shift, update(im, fmt.Sprint("meanwhile!", i)))
				back = append(back, storage.Change{Op: storage.Update, ID: im.ID, Old: im, Columns: []int16{valueColumn}, Values: []any{next}})
			case i < 2*n:
				rest = append(rest, remove(im))
			default:
				rest = append(rest, update(im, "plain"))
			}
		}
		for i := range n {
			rest = append(rest, insert(id(3*n+i), value(n+i)))
		}
		tx := new(txn.Shared).Begin(fakeTables{table}, false)
		tx.Bound(t.TempDir(), 1<<20)
		defer tx.Close()
		want := maps.Clone(before)
		for _, changes := range [][]storage.Change{shift, back, rest} {
			results, err := tx.Write(ctx, 1, changes, false)
			require.NoError(t, err)
			for i, ch := range changes {
				require.Equal(t, storage.Applied, results[i].Outcome)
				if ch.Op == storage.Delete {
					delete(want, ch.ID)
				} else {
					want[ch.ID] = ch.Values[0]
				}
			}
		}
		seen, _ := rows(t, tx)
		require.Equal(t, want, seen)
		require.Empty(t, table.applied)
		if fails {
			table.put(id(4*n-1), "another's")
			before[id(4*n-1)] = "another's"
		}
		err := tx.Commit(ctx, true)
		final, _ := rows(t, new(txn.Shared).Begin(fakeTables{table}, true))
		if fails {
			require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
			require.Equal(t, before, final)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, want, final)
		largest := slices.MaxFunc(table.applied, func(a, b []storage.Change) int { return len(a) - len(b) })
		require.LessOrEqual(t, len(largest), 8192)
	}
}

// TestBulkTruncate empties a table of many rows, and fills it again: the old ones go in
// pieces, and come back where COMMIT fails.
func TestBulkTruncate(t *testing.T) {
	const n = 9000
	for _, fails := range []bool{false, true} {
		table, other := newFake(), newFake()
		before, want := map[string]any{}, map[string]any{}
		for i := range n {
			id := fmt.Sprintf("%06d", i)
			table.put(id, "!"+id)
			before[id], want[id] = "!"+id, fmt.Sprintf("!%06d", n-i)
		}
		contested := other.put("x", "1")
		tx := new(txn.Shared).Begin(fakePair{table, other}, false)
		tx.Bound(t.TempDir(), 1<<20)
		defer tx.Close()
		require.NoError(t, tx.Truncate(1))
		for id, v := range want {
			require.Equal(t, storage.Applied, write(t, tx, insert(id, v)))
		}
		_, err := tx.Write(ctx, 2, []storage.Change{update(contested, "2")}, false)
		require.NoError(t, err)
		if fails {
			other.put("x", "another's")
			want = before
		}
		require.Equal(t, fails, tx.Commit(ctx, true) != nil)
		got, _ := rows(t, new(txn.Shared).Begin(fakePair{table, other}, true))
		require.Equal(t, want, got)
	}
}
