package txn_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/storage"
)

// TestUniqueAgainstModel writes values of a few at random in a block. Each write
// is refused at once if another row has the value, whether the row is the
// transaction's own or the store's, and then COMMIT refuses nothing but rows
// that have swapped their values.
func TestUniqueAgainstModel(t *testing.T) {
	for seed := range uint64(500) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) { uniqueModel(t, seed) })
	}
}

func uniqueModel(t *testing.T, seed uint64) {
	src := rng.Seeded(seed)
	table := newFake()
	want := map[string]any{}
	for _, id := range []string{"a", "b", "c"} {
		table.put(id, "!"+id)
		want[id] = "!" + id
	}
	before := maps.Clone(want)
	tx := new(txn.Shared).Begin(fakeTables{table}, false)
	start, saved := tx.Save(), maps.Clone(want)
	for step := range 30 {
		id, v := string(rune('a'+src.Uint64()%5)), any("!"+string(rune('a'+src.Uint64()%5)))
		_, images := rows(t, tx)
		old := images[id]
		switch op := src.Uint64() % 16; {
		case op < 2:
			start, saved = tx.Save(), maps.Clone(want)
		case op < 4:
			require.NoError(t, tx.RollbackTo(ctx, start))
			want = maps.Clone(saved)
		case op < 6:
			if old != nil {
				require.Equal(t, storage.Applied, write(t, tx, remove(old)))
				delete(want, id)
			}
		case op == 6:
			require.NoError(t, tx.Truncate(1))
			want = map[string]any{}
		default:
			ch := insert(id, v)
			if old != nil {
				ch = update(old, v)
			}
			if heldByAnother(want, id, v) {
				requireTaken(t, tx, ch)
			} else {
				require.Equal(t, storage.Applied, write(t, tx, ch), "step %d", step)
				want[id] = v
			}
		}
		got, _ := rows(t, tx)
		require.Equal(t, want, got, "step %d", step)
	}
	err := tx.Commit(ctx, true)
	final, _ := rows(t, new(txn.Shared).Begin(fakeTables{table}, true))
	if circular(before, want) {
		require.Equal(t, pgerr.UniqueViolation, pgerr.CodeOf(err))
		require.Equal(t, before, final)
		return
	}
	require.NoError(t, err)
	require.Equal(t, want, final)
}

func heldByAnother(rows map[string]any, id string, v any) bool {
	for other, w := range rows {
		if other != id && w == v {
			return true
		}
	}
	return false
}

func requireTaken(t *testing.T, tx *txn.Tx, ch storage.Change) {
	t.Helper()
	res, err := tx.Write(ctx, 1, []storage.Change{ch}, false)
	require.NoError(t, err)
	require.Equal(t, storage.Violated, res[0].Outcome)
	require.Equal(t, pgerr.UniqueViolation, pgerr.CodeOf(res[0].Err))
}

// circular says that some rows want each other's values, so that none can be
// written first.
func circular(before, after map[string]any) bool {
	for start := range after {
		id := start
		for range len(before) {
			next := ""
			for other, v := range before {
				if other != id && v == after[id] {
					next = other
				}
			}
			if _, stays := after[next]; next == "" || !stays {
				break
			}
			if id = next; id == start {
				return true
			}
		}
	}
	return false
}

// TestUniqueIsAskedOnce: what a row has and what the transaction's rows hold is
// not looked up in the store.
func TestUniqueIsAskedOnce(t *testing.T) {
	table := newFake()
	a := table.put("a", "!a")
	tx := new(txn.Shared).Begin(fakeTables{table}, false)
	require.Equal(t, storage.Applied, write(t, tx, update(a, "!a")))
	require.Zero(t, table.asked, "the row's own value")
	require.Equal(t, storage.Applied, write(t, tx, insert("b", "!b")))
	require.Equal(t, 1, table.asked)
	requireTaken(t, tx, insert("c", "!b"))
	require.Equal(t, 1, table.asked, "a value of the transaction's own row")

	res, err := tx.Write(ctx, 1, []storage.Change{insert("d", "!d"), insert("e", "!d"), insert("f", "f")}, false)
	require.NoError(t, err)
	require.Equal(t, 2, table.asked, "one look for all rows of a write")
	outcomes := []storage.Outcome{res[0].Outcome, res[1].Outcome, res[2].Outcome}
	require.Equal(t, []storage.Outcome{storage.Applied, storage.Violated, storage.Applied}, outcomes)
}

// TestTableSeesLaterWrites: a table that was opened before the first write, as a
// statement opens its target.
func TestTableSeesLaterWrites(t *testing.T) {
	fake := newFake()
	tx := new(txn.Shared).Begin(fakeTables{fake}, false)
	table, err := tx.Table(1)
	require.NoError(t, err)
	write(t, tx, insert("a", "!a"))
	s, err := table.Scan(ctx, storage.ScanSpec{Columns: []int16{1}})
	require.NoError(t, err)
	defer s.Close()
	var ids []any
	for b, err := s.Next(ctx); b != nil; b, err = s.Next(ctx) {
		require.NoError(t, err)
		for k := range b.Rows() {
			ids = append(ids, b.Cols[0].Value(b.Row(k)))
		}
	}
	require.True(t, slices.Equal([]any{"a"}, ids), ids)
}

// TestSavepointTwice: a savepoint is as it was made, however often it is gone
// back to.
func TestSavepointTwice(t *testing.T) {
	fake := newFake()
	tx := new(txn.Shared).Begin(fakeTables{fake}, false)
	write(t, tx, insert("a", "!a"))
	sp := tx.Save()
	for range 2 {
		require.Equal(t, storage.Applied, write(t, tx, insert("b", "!b")))
		require.NoError(t, tx.RollbackTo(ctx, sp))
		got, _ := rows(t, tx)
		require.Equal(t, map[string]any{"a": "!a"}, got)
	}
}
