package rows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// TestAnnouncedAgain: a unit has announced a row that another one writes before it can; it
// reads the row again, announces it again, and writes it, between any two requests of a scan
// by another process. The scan finds what the other one has written, in all of its rows.
func TestAnnouncedAgain(t *testing.T) {
	for at := range 40 {
		w := newWorld(t, config{plain: true})
		w.mem = mem.New(clock.System)
		w.open(w.mem, clock.System)
		w.insert(crowd(3)...)
		renamed := func(id, name string) []storage.Change {
			return []storage.Change{w.valid(w.table, storage.Change{Op: storage.Update, Old: w.image(w.table, id),
				Columns: []int16{colName}, Values: []any{name}})}
		}
		begin := func() (storage.Unit, func(changes []storage.Change)) {
			u := w.table.(storage.Uniter).NewUnit()
			in := w.table.(storage.Uniter).In(u)
			return u, func(changes []storage.Change) {
				for _, r := range in.Apply(ctx, changes) {
					require.Equal(t, storage.Applied, r.Outcome, "%v", r.Err)
				}
			}
		}
		slow, writeSlow := begin()
		first := append(renamed("p0000", "slow"), renamed("p0001", "slow")...)
		announce(t, slow, w.table, first)
		writeSlow(first[:1])

		fast, writeFast := begin()
		both := append(renamed("p0001", "fast"), renamed("p0002", "fast")...)
		announce(t, fast, w.table, both)
		writeFast(both)
		require.NoError(t, fast.Commit(ctx))

		reader := &stepped{Store: w.faulty}
		table := rows.Open(w.def, &rows.Env{Objects: reader, Clock: w.timer, Rand: rng.System, FanOut: 1})
		reader.before(1+at, func() {
			again := renamed("p0001", "slow")
			announce(t, slow, w.table, again)
			writeSlow(again)
		})
		got, err := scan(table, storage.ScanSpec{Columns: []int16{colID, colName}})
		require.NoError(t, err)
		require.Equal(t, [][]any{{"p0000", "name 0"}, {"p0001", "fast"}, {"p0002", "fast"}}, got, "before request %d", at)
		reader.rest()
		require.NoError(t, slow.Commit(ctx))
	}
}

// paused is the clock of a server that does nothing by itself.
type paused struct{ *clock.Fake }

// After implements clock.Clock.
func (paused) After(time.Duration) <-chan time.Time { return nil }

// TestPausedOwner: a server that was paused, and that another one has taken for dead, adds
// nothing to its transaction.
func TestPausedOwner(t *testing.T) {
	w := newWorld(t, config{plain: true})
	w.insert(crowd(2)...)
	slept := paused{clock.NewFake(noon)}
	table := rows.Open(w.def, &rows.Env{Objects: w.faulty, Clock: slept, Rand: rng.System})
	u := table.(storage.Uniter).NewUnit()
	announce(t, u, table, []storage.Change{w.valid(table, person{id: "q"}.change())})

	require.NoError(t, w.env.Sweep(ctx))
	w.clock.Advance(time.Hour)
	slept.Advance(time.Hour)
	require.NoError(t, w.env.Sweep(ctx))

	_, err := u.Announce(ctx, []storage.Announced{{Table: table, Changes: []storage.Change{w.valid(table, person{id: "r"}.change())}}})
	require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(err))
	records, err := w.store.List(ctx, objstore.ListRequest{Prefix: "_tx/"})
	require.NoError(t, err)
	require.Len(t, records.Objects, 1, "the record without a segment")
}
