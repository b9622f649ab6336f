package rows_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/rows"
)

// TestScansOfOneMoment: rows are written one by one and in units, one after the other, between
// any two requests of a scan. The scan finds what was there before one of them, and nothing
// of what comes behind it.
func TestScansOfOneMoment(t *testing.T) {
	chance := rand.New(rand.NewPCG(11, 12))
	specs := []storage.ScanSpec{
		{Columns: []int16{colID, colName}},
		{Columns: []int16{colID}},
		{Columns: []int16{colID, colName}, First: 1},
		{Path: inRegion(storage.Partition, "EU"), Columns: []int16{colID, colName}, First: 2},
		{Path: inRegion(storage.Partition, "EU", "US", "USA"), Columns: []int16{colID, colName}},
		{Path: inRegion(storage.Covering, "EU", "US", "USA"), Columns: []int16{colID, colRegion}},
		{Columns: []int16{colID, colName}, First: 2},
		{Path: inRegion(storage.Partition, "EU"), Columns: []int16{colID, colName}, First: 2},
	}
	met := 0
	for range 2000 {
		w := newWorld(t, config{partitions: true, covering: true, plain: chance.IntN(2) == 0, graves: chance.IntN(3) == 0})
		w.mem = mem.New(clock.System)
		w.open(w.mem, clock.System)
		w.insert(crowd(4)...)
		spec := specs[chance.IntN(len(specs))]
		reader := &stepped{Store: w.faulty, watchable: w.mem}
		table := rows.Open(w.def, &rows.Env{Objects: reader, Clock: w.timer, Rand: rng.System, FanOut: 1})
		// The states between the writes, as such a scan finds them.
		states := []string{sorted(w.scan(table, spec))}
		points := []int{8, 16}[chance.IntN(2)]
		reader.n = 0
		reader.before(1+chance.IntN(points), func() {
			for range 1 + chance.IntN(3) {
				w.writesSome(table, chance)
				states = append(states, sorted(w.scan(table, spec)))
			}
		})
		got, err := scan(table, spec)
		require.NoError(t, err)
		if len(states) > 1 {
			met++
		}
		require.Contains(t, states, sorted(got), "%v", spec)
	}
	require.Greater(t, met, 500)
}

// sorted are rows as a text, in the order of their texts.
func sorted(rows [][]any) string {
	texts := make([]string, len(rows))
	for k, r := range rows {
		texts[k] = fmt.Sprint(r...)
	}
	slices.Sort(texts)
	return fmt.Sprint(texts)
}

// TestMoments: rows are written, one by one and in units, between any two requests of two
// reads at one moment, by any path or from memory. Both find what was there before one of the
// writes, and nothing of what comes behind it.
func TestMoments(t *testing.T) {
	chance := rand.New(rand.NewPCG(7, 8))
	all := []string{"EU", "US", "USA"}
	specs := []storage.ScanSpec{
		{Columns: []int16{colID, colName}},
		{Columns: []int16{colID, colRegion}},
		{Columns: []int16{colID}},
		{Columns: []int16{colID, colName}, First: 2},
		{Path: inRegion(storage.Partition, "EU"), Columns: []int16{colID, colName}, First: 1},
		{Path: inRegion(storage.Partition, all...), Columns: []int16{colID, colName}},
		{Path: inRegion(storage.Covering, all...), Columns: []int16{colID, colRegion}},
		{Path: storage.Path{Kind: storage.PointGet, IDs: []string{"p0001"}}, Columns: []int16{colID, colName}},
		{Path: storage.Path{Kind: storage.PointGet, IDs: []string{"p0000", "p0005"}}, Columns: []int16{colID, colName}},
		{Path: storage.Path{Kind: storage.UniqueGet, Partition: "people_email_key", Keys: [][]any{{"e1@x.org"}}}, Columns: []int16{colID, colEmail}},
	}
	met := 0
	for range 2000 {
		w := newWorld(t, config{partitions: true, covering: true, unique: true, plain: chance.IntN(2) == 0, graves: chance.IntN(3) == 0})
		w.mem = mem.New(clock.System)
		w.open(w.mem, clock.System)
		w.insert(crowd(4)...)
		reads := [2]storage.ScanSpec{specs[chance.IntN(len(specs))], specs[chance.IntN(len(specs))]}
		reader := &stepped{Store: w.faulty, watchable: w.mem}
		env := &rows.Env{Objects: reader, Clock: w.timer, Rand: rng.System, FanOut: 1}
		if chance.IntN(2) == 0 {
			env.Cache = rows.NewCache(1 << 20)
		}
		table := rows.Open(w.def, env)
		both := func(table storage.Table) (out [2]string) {
			for k, spec := range reads {
				out[k] = sorted(w.asked(table, spec))
			}
			return out
		}
		states := [][2]string{both(table)}
		reader.n = 0
		reader.before(1+chance.IntN(20), func() {
			for range 1 + chance.IntN(3) {
				w.writesSome(table, chance)
				states = append(states, both(table))
			}
		})
		m := table.(storage.Timely).NewMoment()
		got := both(table.(storage.Timely).At(m))
		m.Close()
		if len(states) > 1 {
			met++
		}
		require.Contains(t, states, got, "%v", reads)
		reader.rest()
		require.Equal(t, states[len(states)-1], both(table), "what is kept is as it is now")
	}
	require.Greater(t, met, 500)
}

// asked are the rows of a scan that its path asks for.
func (w *world) asked(table storage.Table, spec storage.ScanSpec) [][]any {
	return slices.DeleteFunc(w.scan(table, spec), func(r []any) bool {
		switch spec.Path.Kind {
		case storage.PointGet:
			return !slices.Contains(spec.Path.IDs, r[0].(string))
		case storage.UniqueGet:
			return r[1] != spec.Path.Keys[0][0]
		}
		return false
	})
}

// writesSome makes a write of one row, or a unit of two.
func (w *world) writesSome(table storage.Table, chance *rand.Rand) {
	change := func(id string) storage.Change {
		old := w.image(table, id)
		switch {
		case old == nil:
			return w.valid(table, person{id: id, name: "new", region: "EU", email: id}.change())
		case chance.IntN(3) == 0:
			return storage.Change{Op: storage.Delete, ID: id, Old: old}
		}
		return w.valid(table, storage.Change{Op: storage.Update, Old: old, Columns: []int16{colName, colRegion},
			Values: []any{fmt.Sprint(chance.Int64()), []string{"EU", "US", "USA"}[chance.IntN(3)]}})
	}
	ids := chance.Perm(6)
	id := func(k int) string { return "p000" + string(rune('0'+ids[k])) }
	if chance.IntN(2) == 0 {
		require.Equal(w.t, storage.Applied, table.Apply(ctx, []storage.Change{change(id(0))})[0].Outcome)
		return
	}
	u := table.(storage.Uniter).NewUnit()
	in := table.(storage.Uniter).In(u)
	changes := []storage.Change{change(id(0)), change(id(1))}
	announce(w.t, u, in, changes)
	for _, r := range in.Apply(ctx, changes) {
		require.Equal(w.t, storage.Applied, r.Outcome, "%v", r.Err)
	}
	require.NoError(w.t, u.Commit(ctx))
}

// TestSnapshotTooOld: what is kept for a scan that is not read to its end has a bound. Beyond
// it that scan can't go on, and others can.
func TestSnapshotTooOld(t *testing.T) {
	w := newWorld(t, config{})
	env := w.newEnv()
	env.Objects, env.Late = &stepped{Store: w.faulty, watchable: w.mem}, 20<<10
	table := rows.Open(w.def, env)
	w.insert(crowd(4)...)
	old, err := table.Scan(ctx, storage.ScanSpec{Columns: []int16{colName}, BatchSize: 1})
	require.NoError(t, err)
	defer old.Close()
	_, err = old.Next(ctx)
	require.NoError(t, err)
	m := table.(storage.Timely).NewMoment()
	defer m.Close()
	require.Len(t, w.scan(table.(storage.Timely).At(m), storage.ScanSpec{Columns: []int16{colName}}), 4)

	chance := rand.New(rand.NewPCG(9, 9))
	for range 100 {
		w.writesSome(table, chance)
	}
	_, err = old.Next(ctx)
	require.Equal(t, pgerr.SnapshotTooOld, pgerr.CodeOf(err))
	_, err = scan(table.(storage.Timely).At(m), storage.ScanSpec{Columns: []int16{colName}})
	require.Equal(t, pgerr.SnapshotTooOld, pgerr.CodeOf(err))
	_, err = scan(table, storage.ScanSpec{Columns: []int16{colName}})
	require.NoError(t, err)
}
