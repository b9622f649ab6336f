package rows_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// checkIndexes holds every index path against the full scan, and the unique
// keys against the rows: none missing, none of two rows.
func checkIndexes(t *testing.T, w *world) {
	t.Helper()
	byRegion, emails := map[string][]string{}, map[string]string{}
	for _, r := range w.scan(w.table, storage.ScanSpec{Columns: []int16{colID, colRegion, colEmail}}) {
		if r[1] != nil {
			byRegion[r[1].(string)] = append(byRegion[r[1].(string)], r[0].(string))
		}
		if r[2] != nil && w.config.unique {
			require.NotContains(t, emails, r[2].(string), "two rows with one unique key")
			emails[r[2].(string)] = r[0].(string)
		}
	}
	for region, ids := range byRegion {
		slices.Sort(ids)
		require.Equal(t, ids, w.ids(inRegion(storage.Partition, region)), region)
	}
	require.Equal(t, len(slices.Concat(slices.Collect(maps.Values(byRegion))...)), len(w.ids(inRegion(storage.Partition))))
	if !w.config.unique {
		return
	}
	keys := w.keys("unique=")
	for email, id := range emails {
		require.Contains(t, keys, "unique=people_email_key/"+email)
		require.Equal(t, []string{id}, w.ids(byEmail(email)))
	}
}

// try applies one change that may fail, and says whether it was acknowledged.
func (w *world) try(op storage.Op, id string, cols []int16, vals ...any) bool {
	ch := storage.Change{Op: op, Columns: cols, Values: vals}
	if op == storage.Insert {
		ch.Columns, ch.Values = append(ch.Columns, colID), append(ch.Values, id)
	} else {
		got, err := scan(w.table, storage.ScanSpec{Path: storage.Path{Kind: storage.PointGet, IDs: []string{id}}, Columns: []int16{storage.ColRowImage}})
		if err != nil || len(got) == 0 {
			return false
		}
		ch.Old = got[0][0].(*storage.RowImage)
	}
	return w.table.Apply(ctx, []storage.Change{w.valid(w.table, ch)})[0].Outcome == storage.Applied
}

// regions is the full scan: id to region.
func (w *world) regions() map[string]any {
	out := map[string]any{}
	for _, r := range w.scan(w.table, storage.ScanSpec{Columns: []int16{colID, colRegion}}) {
		out[r[0].(string)] = r[1]
	}
	return out
}

// TestCrashes kills the writer at each of its requests in turn, once before and
// once after the request has reached the store, and looks at what is left with
// another one: what was acknowledged reads, every index path answers as the full
// scan, and what the dead one held can be had.
func TestCrashes(t *testing.T) {
	crash := &objstore.Error{Kind: objstore.Unavailable, Msg: "crashed", Ambiguous: true}
	steps := 0
	for _, c := range []config{
		{plain: true, partitions: true, unique: true, fanOut: 1},
		{plain: true, partitions: true, unique: true, graves: true, fanOut: 1},
		{partitions: true, covering: true, unique: true, fanOut: 1},
	} {
		for _, reached := range []bool{false, true} {
			for at, survived := 0, false; !survived; at++ {
				w := newWorld(t, c)
				w.insert(crowd(3)...)
				first := 0
				if reached {
					w.faulty.Inject(wrap.Fault{After: at, Times: 1, Err: crash, LostReply: true})
					first = 1
				}
				w.faulty.Inject(wrap.Fault{After: at + first, Err: crash})
				inserted := w.try(storage.Insert, "new", []int16{colRegion, colEmail, colCity}, "EU", "n", "x")
				updated := w.try(storage.Update, "p0000", []int16{colRegion, colEmail}, "ASIA", "changed")
				deleted := w.try(storage.Delete, "p0001", nil)
				w.faulty.Heal()

				w.table = rows.Open(w.def, w.newEnv())
				now := w.regions()
				at := fmt.Sprintf("request %d, reached %v, %+v", at, reached, c)
				if inserted {
					require.Equal(t, "EU", now["new"], at)
				}
				if updated {
					require.Equal(t, "ASIA", now["p0000"], at)
				} else {
					require.Contains(t, []any{"EU", "ASIA"}, now["p0000"], at)
				}
				if deleted {
					require.NotContains(t, now, "p0001", at)
				}
				require.Equal(t, "USA", now["p0002"])
				checkIndexes(t, w)

				w.insertInTheEnd(now, person{id: "new", region: "EU", email: "n"})
				w.insertInTheEnd(now, person{id: "p0001", region: "US", email: "e1@x.org"})
				checkIndexes(t, w)
				survived = inserted && updated && deleted
				steps++
			}
		}
	}
	require.Greater(t, steps, 60)
}

// insertInTheEnd inserts a row that is not there: at once, or after what a dead
// writer holds of it has been seen for long enough.
func (w *world) insertInTheEnd(now map[string]any, p person) {
	if _, there := now[p.id]; there {
		return
	}
	ch := w.valid(w.table, p.change())
	res := w.table.Apply(ctx, []storage.Change{ch})[0]
	for range 2 { // it may hold the unique key, and behind it the place
		if res.Outcome == storage.Applied {
			return
		}
		require.Equal(w.t, pgerr.SerializationFailure, pgerr.CodeOf(res.Err))
		w.clock.Advance(time.Hour)
		res = w.table.Apply(ctx, []storage.Change{ch})[0]
	}
	require.Equal(w.t, storage.Applied, res.Outcome, "%v", res.Err)
}

// TestAmbiguousWrites: a write whose reply was lost is learned from the object. What a
// DELETE has left does not tell whose it was.
func TestAmbiguousWrites(t *testing.T) {
	for _, graves := range []bool{false, true} {
		w := newWorld(t, config{plain: true, partitions: true, unique: true, graves: graves, fanOut: 1})
		lose := func(op, under string) {
			w.faulty.Inject(wrap.Fault{Ops: []string{op}, Times: 1, LostReply: true, Key: func(k string) bool { return strings.Contains(k, under) }})
		}
		lose("PUT", "/data/")
		lose("PUT", "/unique=")
		w.insert(person{id: "a", region: "EU", email: "e"})
		lose("PUT", "/data/")
		require.Equal(t, storage.Applied, w.update("a", []int16{colRegion}, "US").Outcome)
		lose("DELETE", "/data/")
		lose("PUT", "/data/")
		want := storage.Failed
		if graves {
			want = storage.Applied
		}
		require.Equal(t, want, w.delete("a").Outcome)
		require.Empty(t, w.regions())
	}
}

// TestOvertakenWrites: a write whose reply was lost, and whose row another writer has
// changed before it was looked at, is not taken for refused: it would be made twice.
func TestOvertakenWrites(t *testing.T) {
	w := newWorld(t, config{plain: true})
	w.insert(person{id: "a", name: "x"})
	old := w.image(w.table, "a")
	row := func(k string) bool { return strings.Contains(k, "/data/") }
	w.faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, Times: 1, LostReply: true, Key: row})
	w.faulty.Inject(wrap.Fault{Ops: []string{"GET"}, Times: 1, Key: func(k string) bool {
		if row(k) {
			_, err := w.faulty.Store.Put(ctx, k, objstore.PutRequest{Body: []byte("another one's")})
			require.NoError(t, err)
		}
		return false
	}})
	require.Equal(t, storage.Failed, w.updateImage(w.table, old, []int16{colName}, "y").Outcome)
}

// TestInsertOfAnExistingID takes back what was made for the new row, and
// nothing of what the old one has.
func TestInsertOfAnExistingID(t *testing.T) {
	for _, graves := range []bool{false, true} {
		w := newWorld(t, config{plain: true, partitions: true, unique: true, graves: graves})
		w.insert(person{id: "a", region: "EU", city: "x", email: "e"})
		before := w.keys("")
		for _, p := range []person{
			{id: "a", region: "US", city: "x", email: "f"},
			{id: "a", region: "EU", city: "x", email: "e"},
			{id: "a", region: "EU", city: "y"},
		} {
			require.Equal(t, storage.Exists, w.table.Apply(ctx, []storage.Change{w.valid(w.table, p.change())})[0].Outcome)
			require.Equal(t, before, w.keys(""))
		}
	}
}

// TestConflictingUpdates: of several updates of one version one wins, and the
// others leave nothing.
func TestConflictingUpdates(t *testing.T) {
	for _, graves := range []bool{false, true} {
		w := newWorld(t, config{plain: true, partitions: true, unique: true, graves: graves})
		w.insert(person{id: "a", region: "EU", email: "e"})
		old := w.image(w.table, "a")
		require.Equal(t, storage.Applied, w.updateImage(w.table, old, []int16{colRegion}, "US").Outcome)
		before := w.keys("")
		require.Equal(t, storage.Conflict, w.updateImage(w.table, old, []int16{colRegion, colEmail}, "ASIA", "f").Outcome)
		require.Equal(t, before, w.keys(""))
		del := w.valid(w.table, storage.Change{Op: storage.Delete, Old: old})
		require.Equal(t, storage.Conflict, w.table.Apply(ctx, []storage.Change{del})[0].Outcome)
		require.Equal(t, before, w.keys(""))
		now := w.image(w.table, "a")
		require.Equal(t, storage.Applied, w.delete("a").Outcome)
		require.Equal(t, storage.Conflict, w.updateImage(w.table, now, []int16{colRegion}, "EU").Outcome)
		require.Empty(t, w.keys(""))
	}
}

// TestUniqueKeySoughtTwice: rows of one call that get the same unique key at the same time,
// of which one has claimed it and is not written yet. In a unit and without one.
func TestUniqueKeySoughtTwice(t *testing.T) {
	for _, united := range []bool{false, true} {
		w := newWorld(t, config{unique: true, fanOut: 4})
		w.open(w.mem, clock.System)
		w.insert(person{id: "a", email: "a"}, person{id: "b", email: "b"})
		var changes []storage.Change
		for _, id := range []string{"a", "b"} {
			changes = append(changes, w.valid(w.table, storage.Change{Op: storage.Update, Old: w.image(w.table, id), Columns: []int16{colEmail}, Values: []any{"same"}}))
		}
		table := w.table
		if united {
			u := table.(storage.Uniter).NewUnit()
			table = table.(storage.Uniter).In(u)
			announce(t, u, table, changes)
		}
		w.faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, Latency: 30 * time.Millisecond,
			Key: func(k string) bool { return strings.Contains(k, "/data/") }})
		results := table.Apply(ctx, changes)
		outcomes := []storage.Outcome{results[0].Outcome, results[1].Outcome}
		require.ElementsMatch(t, []storage.Outcome{storage.Applied, storage.Violated}, outcomes)
	}
}

func announce(t *testing.T, u storage.Unit, table storage.Table, changes []storage.Change) {
	t.Helper()
	_, err := u.Announce(ctx, []storage.Announced{{Table: table, Changes: changes}})
	require.NoError(t, err)
}

// TestRowInThePlaceOfItsTombstone: a unit deletes a row and makes it anew; the request is
// carried out, and its repetition refused. The row stays when the unit takes its tombstones away.
func TestRowInThePlaceOfItsTombstone(t *testing.T) {
	w := newWorld(t, config{plain: true})
	w.insert(person{id: "a"}, person{id: "b"})
	u := w.table.(storage.Uniter).NewUnit()
	table := w.table.(storage.Uniter).In(u)
	changes := []storage.Change{
		{Op: storage.Delete, ID: "a", Old: w.image(w.table, "a")},
		w.valid(w.table, storage.Change{Op: storage.Update, Old: w.image(w.table, "b"), Columns: []int16{colAge}, Values: []any{int64(1)}}),
		w.valid(w.table, person{id: "a", age: 7}.change()),
	}
	announce(t, u, table, changes[:2])
	require.Equal(t, storage.Applied, table.Apply(ctx, changes[:2])[0].Outcome)
	announce(t, u, table, changes[2:])
	w.faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, After: 1, Times: 1, LostReply: true, Err: &objstore.Error{Kind: objstore.Precondition},
		Key: func(k string) bool { return strings.HasSuffix(k, "/id=a") }})
	require.Equal(t, storage.Applied, table.Apply(ctx, changes[2:])[0].Outcome)
	require.NoError(t, u.Commit(ctx))
	require.Len(t, w.scan(w.table, storage.ScanSpec{Columns: []int16{colAge}}), 2)
}

// TestUniqueKeysInOneCall: a key that one row gives up is another row's.
func TestUniqueKeysInOneCall(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, unique: true})
	w.insert(person{id: "a", email: "e"}, person{id: "b", email: "f"})
	changes := []storage.Change{
		w.valid(w.table, person{id: "c", email: "e"}.change()),
		w.valid(w.table, person{id: "d", email: "f"}.change()),
		w.valid(w.table, storage.Change{Op: storage.Delete, Old: w.image(w.table, "a")}),
		w.valid(w.table, storage.Change{Op: storage.Update, Old: w.image(w.table, "b"), Columns: []int16{colEmail}, Values: []any{"g"}}),
		w.valid(w.table, person{id: "h", email: "g"}.change()),
	}
	var outcomes []storage.Outcome
	for _, r := range w.table.Apply(ctx, changes) {
		outcomes = append(outcomes, r.Outcome)
	}
	require.Equal(t, []storage.Outcome{storage.Applied, storage.Applied, storage.Applied, storage.Applied, storage.Violated}, outcomes)
	checkIndexes(t, w)
}

// TestTombstones: readers do not see them, inserts wait for them, and one that
// was left behind is swept when it is old.
func TestTombstones(t *testing.T) {
	for _, c := range []config{{plain: true, graves: true, partitions: true}, {graves: true, partitions: true}} {
		w := newWorld(t, c)
		w.insert(person{id: "a", region: "EU"}, person{id: "b", region: "EU"})
		w.faulty.Inject(wrap.Fault{Ops: []string{"DELETE"}, Err: &objstore.Error{Kind: objstore.Unavailable}})
		require.Equal(t, storage.Applied, w.delete("a").Outcome)
		w.faulty.Heal()
		require.Contains(t, w.keys(""), "data/id=a")
		for _, path := range []storage.Path{{}, {Kind: storage.KeyOnly}, inRegion(storage.Partition, "EU"), {Kind: storage.PointGet, IDs: []string{"a", "b"}}} {
			require.Equal(t, []string{"b"}, w.ids(path))
			require.Len(t, w.scan(w.table, storage.ScanSpec{Path: path}), 1)
		}
		ch := w.valid(w.table, person{id: "a", region: "US"}.change())
		res := w.table.Apply(ctx, []storage.Change{ch})[0]
		require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(res.Err), "its owner may be at work")
		w.clock.Advance(time.Hour)
		require.Equal(t, storage.Applied, w.table.Apply(ctx, []storage.Change{ch})[0].Outcome)
		require.Equal(t, []string{"a", "b"}, w.ids(storage.Path{}))
		checkIndexes(t, w)
	}
}

// TestForeignRows: a row without a stamp that changed since it was read is a
// conflict though its ETag is the same, and gets a stamp where the resource has
// them.
func TestForeignRows(t *testing.T) {
	for _, foreign := range []bool{true, false} {
		w := newWorld(t, config{plain: true, foreign: foreign, partitions: true})
		put := func(name string) {
			w.mem.Seed(objstore.Info{Key: "resource=people/data/id=a", Metadata: objstore.Metadata{"_v": "v1", "0": name, "2": "EU"}}, nil)
		}
		told := false
		w.env.Foreign = func(oid types.OID) { told = oid == w.def.OID }
		put("A")
		old := w.image(w.table, "a")
		require.Equal(t, !foreign, told)
		put("B")
		require.Equal(t, old.ETag, w.image(w.table, "a").ETag)
		require.Equal(t, storage.Conflict, w.updateImage(w.table, old, []int16{colName}, "C").Outcome)
		del := storage.Change{Op: storage.Delete, ID: "a", Old: old}
		require.Equal(t, storage.Conflict, w.table.Apply(ctx, []storage.Change{del})[0].Outcome)
		require.Equal(t, storage.Applied, w.update("a", []int16{colName}, "C").Outcome)
		info, err := w.mem.Head(ctx, "resource=people/data/id=a")
		require.NoError(t, err)
		require.Equal(t, objstore.Metadata{"_v": "v1", "0": "C", "2": "EU"}, info.Metadata)
		require.Equal(t, !foreign, info.Size == s3db.StampLen)
		require.Equal(t, storage.Applied, w.delete("a").Outcome)
	}
}

// snapshot is every object of the store.
func (w *world) snapshot() map[string]string {
	out := map[string]string{}
	for _, key := range w.keys("") {
		o, err := w.mem.Get(ctx, "resource=people/"+key, objstore.GetOptions{})
		require.NoError(w.t, err)
		body, err := objstore.ReadBody(o, 1<<20)
		require.NoError(w.t, err)
		out[key] = fmt.Sprintf("%v %q %s", o.Metadata, body, o.ContentType)
	}
	return out
}

// TestUndo takes changes back byte for byte, but for the unique keys' stamps.
func TestUndo(t *testing.T) {
	for name, c := range stores {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, c)
			w.insert(crowd(6)...)
			before := w.snapshot()
			changes := []storage.Change{
				w.valid(w.table, person{id: "new", region: "EU", city: "x"}.change()),
				w.valid(w.table, storage.Change{Op: storage.Update, Old: w.image(w.table, "p0000"), Columns: []int16{colRegion, colName}, Values: []any{"Z", "z"}}),
				w.valid(w.table, storage.Change{Op: storage.Delete, Old: w.image(w.table, "p0001")}),
				w.valid(w.table, person{id: "p0002"}.change()), // exists: nothing to undo
			}
			results := w.table.Apply(ctx, changes)
			require.NotEqual(t, before, w.snapshot())
			require.NoError(t, w.table.Undo(ctx, changes, results))
			require.Equal(t, before, w.snapshot())

			results = w.table.Apply(ctx, changes)
			w.update("p0000", []int16{colName}, "another writer")
			require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(w.table.Undo(ctx, changes, results)))
			require.Equal(t, "another writer", w.scan(w.table, storage.ScanSpec{Columns: []int16{colName},
				Path: storage.Path{Kind: storage.PointGet, IDs: []string{"p0000"}}})[0][0])
			require.Len(t, w.regions(), 6)
			checkIndexes(t, w)
		})
	}
}

func TestPreviewAndDecode(t *testing.T) {
	w := newWorld(t, config{plain: true, timestamps: true})
	ch := w.valid(w.table, person{id: "a", name: "A", age: 1, country: "pt", city: "Porto"}.change())
	var im *storage.RowImage
	used := w.requests(func() {
		var err error
		im, err = w.table.Preview(ch)
		require.NoError(t, err)
	})
	require.Empty(t, used)
	cols := []int16{colID, colName, colAge, colCity, colCreated, colUpdated, storage.ColVersion}
	decode := func(im *storage.RowImage) []any {
		b, err := w.table.Decode([]*storage.RowImage{im}, cols)
		require.NoError(t, err)
		return boxed(b)[0]
	}
	at := types.TimestampFromTime(noon)
	require.Equal(t, []any{"a", "A", int64(1), "Porto", at, at, int32(1)}, decode(im))
	require.Empty(t, im.ETag)

	// A preview is the old image of the next one's.
	w.clock.Advance(time.Second)
	ch = w.valid(w.table, storage.Change{Op: storage.Update, Old: im, Columns: []int16{colCity, colAge}, Values: []any{"Braga", nil}})
	next, err := w.table.Preview(ch)
	require.NoError(t, err)
	require.Equal(t, []any{"a", "A", nil, "Braga", at, at + 1_000_000, int32(1)}, decode(next))

	stored := w.insert(person{id: "b", name: "B"})[0].Image
	now := w.image(w.table, "b")
	require.Equal(t, now.ETag, stored.ETag)
	require.Equal(t, decode(now), decode(stored))
	require.Equal(t, storage.Applied, w.updateImage(w.table, stored, []int16{colName}, "C").Outcome)
}

func TestReplace(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true})
	w.insert(person{id: "a", name: "A", age: 7, region: "EU", country: "pt", city: "Porto"})
	ch := w.valid(w.table, storage.Change{Op: storage.Update, Replace: true, Old: w.image(w.table, "a"),
		Columns: []int16{colRegion}, Values: []any{"US"}})
	require.Equal(t, storage.Applied, w.table.Apply(ctx, []storage.Change{ch})[0].Outcome)
	require.Equal(t, [][]any{{"a", nil, nil, "US", nil, nil}},
		w.scan(w.table, storage.ScanSpec{Columns: []int16{colID, colName, colAge, colRegion, colProfile, colCity}}))
	require.Equal(t, []string{"data/id=a", "partition=byRegion/region=US/id=a"}, w.keys(""))
}

func TestValidate(t *testing.T) {
	w := newWorld(t, config{plain: true, timestamps: true})
	// An id is made where none is given, and every column comes back.
	ch := w.valid(w.table, storage.Change{Op: storage.Insert, Columns: []int16{colID, colCity}, Values: []any{nil, "Porto"}})
	got := map[int16]any{}
	for i, num := range ch.Columns {
		got[num] = ch.Values[i]
	}
	require.Len(t, ch.ID, s3db.DefaultIDSize)
	require.Equal(t, ch.ID, got[colID])
	require.Equal(t, "Porto", got[colCity])
	require.Equal(t, `{"city": "Porto"}`, jsonText(got[colProfile]))
	require.Equal(t, types.TimestampFromTime(noon), got[colCreated])
	require.Contains(t, got, colAge)

	_, err := w.table.Validate(storage.Change{Op: storage.Insert, Columns: []int16{colAge}, Values: []any{int64(-1)}})
	require.Equal(t, pgerr.CheckViolation, pgerr.CodeOf(err))
	require.Contains(t, pgerr.As(err).Detail, "age (rule min)")

	w.insert(person{id: "a", age: 3, country: "pt", city: "Porto"})
	old := w.image(w.table, "a")
	_, err = w.table.Validate(storage.Change{Op: storage.Update, Old: old, Columns: []int16{colAge}, Values: []any{int64(-1)}})
	require.Equal(t, pgerr.CheckViolation, pgerr.CodeOf(err))
	w.clock.Advance(time.Minute)
	ch = w.valid(w.table, storage.Change{Op: storage.Update, Old: old, Columns: []int16{colCity}, Values: []any{nil}})
	clear(got)
	for i, num := range ch.Columns {
		got[num] = ch.Values[i]
	}
	require.Equal(t, types.TimestampFromTime(noon.Add(time.Minute)), got[colUpdated])
	require.NotContains(t, got, colCreated)
	require.Equal(t, `{"country": "pt"}`, jsonText(got[colProfile]))

	w.def.NewID = nil
	_, err = rows.Open(w.def, w.env).Validate(storage.Change{Op: storage.Insert})
	require.Equal(t, pgerr.NotNullViolation, pgerr.CodeOf(err))
	require.EqualError(t, err, `null value in column "id" of relation "people" violates not-null constraint`)
}

func TestReadOnly(t *testing.T) {
	w := newWorld(t, config{})
	w.insert(person{id: "a"})
	im := w.image(w.table, "a")
	w.def.ReadOnly = true
	table := rows.Open(w.def, w.env)
	_, err := table.Validate(person{id: "b"}.change())
	require.Equal(t, pgerr.WrongObjectType, pgerr.CodeOf(err))
	res := table.Apply(ctx, []storage.Change{{Op: storage.Delete, ID: "a", Old: im}})[0]
	require.Equal(t, pgerr.WrongObjectType, pgerr.CodeOf(res.Err))
	for _, err := range []error{table.Truncate(ctx), table.Drop(ctx), table.BuildIndex(ctx, "x", nil), table.DropIndex(ctx, "x")} {
		require.Equal(t, pgerr.WrongObjectType, pgerr.CodeOf(err))
	}
	require.Len(t, w.keys(""), 1)
}

// TestTooLarge: what does not fit is 54000 before anything is written.
func TestTooLarge(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, behavior: s3db.EnforceLimits})
	ch := w.valid(w.table, person{id: "a", region: "EU", name: strings.Repeat("x", 3000)}.change())
	used := w.requests(func() {
		require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(w.table.Apply(ctx, []storage.Change{ch})[0].Err))
	})
	require.Empty(t, used)
	w = newWorld(t, config{plain: true, behavior: s3db.UserManaged})
	res := w.insert(person{id: "a", name: strings.Repeat("x", 3000)})[0]
	require.Len(t, res.Warnings, 1)
	require.Equal(t, strings.Repeat("x", 3000), w.scan(w.table, storage.ScanSpec{Columns: []int16{colName}})[0][0])
}
