package txn_test

import (
	"context"
	"fmt"
	"maps"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

var ctx = context.Background()

// rows reads what a transaction sees: id → value, and the images.
func rows(t *testing.T, tx *txn.Tx) (map[string]any, map[string]*storage.RowImage) {
	t.Helper()
	table, err := tx.Table(1)
	require.NoError(t, err)
	s, err := table.Scan(ctx, storage.ScanSpec{Columns: []int16{1, valueColumn, catalog.ColRowImage}})
	require.NoError(t, err)
	defer s.Close()
	values, images := map[string]any{}, map[string]*storage.RowImage{}
	for {
		b, err := s.Next(ctx)
		require.NoError(t, err)
		if b == nil {
			return values, images
		}
		for k := range b.Rows() {
			i := b.Row(k)
			id := vec.Of[string](b.Cols[0]).At(i)
			_, twice := values[id]
			require.False(t, twice, "row %s came twice", id)
			values[id] = b.Cols[1].Value(i)
			images[id] = b.Cols[2].Value(i).(*storage.RowImage)
		}
	}
}

func insert(id string, v any) storage.Change {
	return storage.Change{Op: storage.Insert, ID: id, Columns: []int16{valueColumn}, Values: []any{v}}
}

func update(old *storage.RowImage, v any) storage.Change {
	return storage.Change{Op: storage.Update, ID: old.ID, Old: old, Columns: []int16{valueColumn}, Values: []any{v}}
}

func remove(old *storage.RowImage) storage.Change {
	return storage.Change{Op: storage.Delete, ID: old.ID, Old: old}
}

func write(t *testing.T, tx *txn.Tx, ch storage.Change) storage.Outcome {
	t.Helper()
	res, err := tx.Write(ctx, 1, []storage.Change{ch}, false)
	require.NoError(t, err)
	return res[0].Outcome
}

// TestAgainstModel does random writes, savepoints and rollbacks in a block and
// in autocommit, and compares what the transaction sees after each step, and
// what the table holds at the end, with a map.
func TestAgainstModel(t *testing.T) {
	for seed := range uint64(300) {
		for _, immediate := range []bool{true, false} {
			t.Run(fmt.Sprintf("seed %d immediate %v", seed, immediate), func(t *testing.T) { model(t, seed, immediate) })
		}
	}
}

func model(t *testing.T, seed uint64, immediate bool) {
	src := rng.Seeded(seed)
	table := newFake()
	want := map[string]any{}
	for _, id := range []string{"a", "b", "c"} {
		table.put(id, "old "+id)
		want[id] = "old " + id
	}
	before := maps.Clone(want)
	tx := new(txn.Shared).Begin(fakeTables{table}, immediate)
	if seed%2 == 0 {
		tx.Bound(t.TempDir(), 1) // new rows but the first go to disk
	}
	defer tx.Close()
	type mark struct {
		sp   txn.Savepoint
		want map[string]any
	}
	var marks []mark
	for step := range 30 {
		id := string(rune('a' + src.Uint64()%6))
		_, images := rows(t, tx)
		switch old := images[id]; src.Uint64() % 14 {
		case 0, 1:
			marks = append(marks, mark{tx.Save(), maps.Clone(want)})
		case 2, 3:
			if n := len(marks); n > 0 {
				require.NoError(t, tx.RollbackTo(ctx, marks[n-1].sp))
				want, marks = marks[n-1].want, marks[:n-1]
			}
		case 4, 5:
			if old != nil {
				require.Equal(t, storage.Applied, write(t, tx, remove(old)))
				delete(want, id)
			}
		case 6:
			require.NoError(t, tx.Truncate(1))
			want = map[string]any{}
		default:
			v := fmt.Sprint("step ", step)
			if old == nil {
				require.Equal(t, storage.Applied, write(t, tx, insert(id, v)))
			} else {
				require.Equal(t, storage.Exists, write(t, tx, insert(id, "no")))
				require.Equal(t, storage.Applied, write(t, tx, update(old, v)))
			}
			want[id] = v
		}
		got, _ := rows(t, tx)
		require.Equal(t, want, got, "step %d", step)
	}
	if src.Uint64()%2 == 0 {
		require.NoError(t, tx.Commit(ctx, true))
	} else {
		require.NoError(t, tx.Rollback(ctx))
		want = before
	}
	final, _ := rows(t, new(txn.Shared).Begin(fakeTables{table}, true))
	require.Equal(t, want, final)
}

// TestBlockWritesAtCommit: a block sends nothing before COMMIT, and one change
// for each row then.
func TestBlockWritesAtCommit(t *testing.T) {
	table := newFake()
	old := table.put("a", "1")
	tx := new(txn.Shared).Begin(fakeTables{table}, false)
	write(t, tx, update(old, "2"))
	_, images := rows(t, tx)
	write(t, tx, update(images["a"], "3"))
	write(t, tx, insert("b", "x"))
	_, images = rows(t, tx)
	write(t, tx, remove(images["b"]))
	require.Empty(t, table.applied)
	require.NoError(t, tx.Commit(ctx, true))
	require.Len(t, table.applied, 1)
	require.Len(t, table.applied[0], 1)
	require.Equal(t, []any{"3"}, table.applied[0][0].Values)
}

// TestConflictAtCommit: a row that another writer changed is 40001, and the
// transaction's other rows are as they were.
func TestConflictAtCommit(t *testing.T) {
	table := newFake()
	a, b := table.put("a", "1"), table.put("b", "1")
	tx := new(txn.Shared).Begin(fakeTables{table}, false)
	write(t, tx, update(a, "2"))
	write(t, tx, update(b, "2"))
	write(t, tx, insert("c", "2"))
	table.put("b", "another's")
	err := tx.Commit(ctx, true)
	require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
	final, _ := rows(t, new(txn.Shared).Begin(fakeTables{table}, true))
	require.Equal(t, map[string]any{"a": "1", "b": "another's"}, final)
}

// TestTruncateAtCommit: rows that are there at COMMIT go, though they came after
// TRUNCATE; those of the transaction's ids are replaced; and all come back where the
// COMMIT fails.
func TestTruncateAtCommit(t *testing.T) {
	for _, fails := range []bool{false, true} {
		table, other := newFake(), newFake()
		table.put("a", "old")
		table.put("b", "old")
		contested := other.put("x", "1")
		tx := new(txn.Shared).Begin(fakePair{table, other}, false)
		require.NoError(t, tx.Truncate(1))
		write(t, tx, insert("b", "new"))
		_, err := tx.Write(ctx, 2, []storage.Change{update(contested, "2")}, false)
		require.NoError(t, err)
		table.put("c", "another's")
		want := map[string]any{"b": "new"}
		if fails {
			other.put("x", "another's")
			want = map[string]any{"a": "old", "b": "old", "c": "another's"}
		}
		err = tx.Commit(ctx, true)
		require.Equal(t, fails, err != nil, err)
		got, _ := rows(t, new(txn.Shared).Begin(fakePair{table, other}, true))
		require.Equal(t, want, got)
	}
}

// fakePair has two tables.
type fakePair [2]*fakeTable

func (f fakePair) Table(oid types.OID) (storage.Table, error) { return f[oid-1], nil }

// TestLoad has a block insert so many rows that it keeps no images of the last ones,
// and writes them in pieces: they are read, changed and deleted like any others, and
// gone if COMMIT fails.
func TestLoad(t *testing.T) {
	for _, fails := range []bool{false, true} {
		table := newFake()
		tx := new(txn.Shared).Begin(fakeTables{table}, false)
		tx.Bound(t.TempDir(), 1<<20)
		defer tx.Close()
		const n = 9000
		changes := make([]storage.Change, n)
		for i := range changes {
			changes[i] = insert(fmt.Sprintf("%06d", i), "v")
		}
		_, err := tx.Write(ctx, 1, changes, false)
		require.NoError(t, err)
		seen, images := rows(t, tx)
		require.Len(t, seen, n)
		require.Equal(t, storage.Exists, write(t, tx, insert("008000", "again")))
		require.Equal(t, storage.Applied, write(t, tx, update(images["008000"], "changed")))
		require.Equal(t, storage.Applied, write(t, tx, remove(images["008001"])))
		seen, _ = rows(t, tx)
		require.Len(t, seen, n-1)
		require.Equal(t, "changed", seen["008000"])
		if fails {
			table.put("008999", "another's")
		}
		err = tx.Commit(ctx, true)
		final, _ := rows(t, new(txn.Shared).Begin(fakeTables{table}, true))
		if fails {
			require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
			require.Equal(t, map[string]any{"008999": "another's"}, final)
			continue
		}
		require.NoError(t, err)
		require.Equal(t, seen, final)
		require.Len(t, table.applied, 2)
	}
}
