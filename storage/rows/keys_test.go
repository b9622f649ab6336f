package rows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// declared is a table over w's store with PRIMARY KEY (a text, b int4), a column
// and a secret.
func declared(t *testing.T, w *world, secrets *s3db.Secrets) storage.Table {
	t.Helper()
	text, int4 := types.ByOID(types.TextOID), types.ByOID(types.Int4OID)
	js, exact, err := s3db.BuildDefinition(s3db.TableSpec{Columns: []s3db.ColumnSpec{
		{Name: "note", Type: s3db.SQLType{OID: types.TextOID, Typmod: -1}}, {Name: "hidden", Rule: "secret|optional"}}})
	require.NoError(t, err)
	m := s3db.NewManifest(noon)
	_, err = m.Create("people", js, noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "people", s3db.Options{Types: exact, EscapeKeys: true, RowStamps: true, Rand: rng.Seeded(3), Secrets: secrets})
	require.NoError(t, err)
	return rows.Open(&rows.Definition{
		OID: 20001, Name: "people", Schema: s, Stamps: true, CreatedAt: -1, UpdatedAt: -1, Rows: -1,
		Columns: []rows.Column{
			{Num: 1, Attr: -1, Key: 0, Type: text, Typmod: -1, Name: "a"}, {Num: 2, Attr: -1, Key: 1, Type: int4, Typmod: -1, Name: "b"},
			{Num: 3, Attr: 0, Key: -1, Type: text, Typmod: -1, Name: "note"}, {Num: 4, Attr: 1, Key: -1, Type: text, Typmod: -1, Name: "hidden"}},
		Key: []rows.KeyColumn{{Num: 1, Name: "a", Type: text, Typmod: -1}, {Num: 2, Name: "b", Type: int4, Typmod: -1}},
	}, w.env)
}

func TestDeclaredKeys(t *testing.T) {
	w := newWorld(t, config{plain: true})
	table := declared(t, w, s3db.NewSecrets("p", rng.Seeded(1)))
	insert := func(a, b any) (storage.Result, error) {
		ch, err := table.Validate(storage.Change{Op: storage.Insert, Columns: []int16{1, 2, 3, 4}, Values: []any{a, b, "n", "s"}})
		if err != nil {
			return storage.Result{}, err
		}
		return table.Apply(ctx, []storage.Change{ch})[0], nil
	}
	for _, a := range []string{"x", "x~-1", "x/y", ""} {
		for _, b := range []int32{1, -1} {
			res, err := insert(a, b)
			require.NoError(t, err)
			require.Equal(t, storage.Applied, res.Outcome)
			require.Equal(t, [][]any{{a, b, "n"}}, w.scan(table, storage.ScanSpec{Columns: []int16{1, 2, 3},
				Path: storage.Path{Kind: storage.PointGet, Keys: [][]any{{a, b}}}}))
		}
	}
	res, err := insert("x", int32(1))
	require.NoError(t, err)
	require.Equal(t, storage.Exists, res.Outcome)
	_, err = insert("x", nil)
	require.EqualError(t, err, `null value in column "b" of relation "people" violates not-null constraint`)
	require.Len(t, w.scan(table, storage.ScanSpec{Columns: []int16{1, 2}, Path: storage.Path{Kind: storage.KeyOnly}}), 8)
	// A key with a NULL finds nothing; a row whose id is no key is damaged.
	require.Empty(t, w.scan(table, storage.ScanSpec{Columns: []int16{1}, Path: storage.Path{Kind: storage.PointGet, Keys: [][]any{{"x", nil}}}}))
	w.mem.Seed(objstore.Info{Key: "resource=people/data/id=foreign", Metadata: objstore.Metadata{"_v": "v1"}}, nil)
	_, err = scan(table, storage.ScanSpec{Columns: []int16{1}, Path: storage.Path{Kind: storage.KeyOnly}})
	require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
}

// TestSecretsOnlyWhenAsked: without the passphrase the other columns can be
// read and written.
func TestSecretsOnlyWhenAsked(t *testing.T) {
	w := newWorld(t, config{plain: true})
	owner := declared(t, w, s3db.NewSecrets("p", rng.Seeded(1)))
	ch := w.valid(owner, storage.Change{Op: storage.Insert, Columns: []int16{1, 2, 3, 4}, Values: []any{"x", int32(1), "n", "s3cret"}})
	require.Equal(t, storage.Applied, owner.Apply(ctx, []storage.Change{ch})[0].Outcome)

	stranger := declared(t, w, nil)
	require.Equal(t, [][]any{{"n"}}, w.scan(stranger, storage.ScanSpec{Columns: []int16{3}}))
	_, err := scan(stranger, storage.ScanSpec{Columns: []int16{4}})
	require.Equal(t, pgerr.InvalidPassword, pgerr.CodeOf(err))
	im := w.image(stranger, ch.ID)
	require.Equal(t, storage.Applied, w.updateImage(stranger, im, []int16{3}, "m").Outcome)
	require.Equal(t, [][]any{{"m", "s3cret"}}, w.scan(owner, storage.ScanSpec{Columns: []int16{3, 4}}))
}

// TestLateOwners: who was too slow leaves what it no longer has: another
// process may have taken it over.
func TestLateOwners(t *testing.T) {
	w := newWorld(t, config{plain: true, partitions: true, unique: true})
	w.insert(person{id: "a", region: "EU", email: "e"})
	w.faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, Times: 1, Latency: 10 * time.Minute, Key: func(k string) bool { return k == "resource=people/data/id=a" }})
	require.Equal(t, storage.Applied, w.update("a", []int16{colRegion, colEmail}, "US", "f").Outcome)
	require.Contains(t, w.keys(""), "partition=byRegion/region=EU/id=a")
	require.Contains(t, w.keys(""), "unique=people_email_key/e")
	checkIndexes(t, w)

	// And who held a unique key for too long does not write its row.
	w.faulty.Inject(wrap.Fault{Ops: []string{"PUT"}, Times: 1, Latency: 10 * time.Minute, Key: func(k string) bool { return k == "resource=people/unique=people_email_key/g" }})
	res := w.table.Apply(ctx, []storage.Change{w.valid(w.table, person{id: "b", email: "g"}.change())})[0]
	require.Equal(t, pgerr.SerializationFailure, pgerr.CodeOf(res.Err))
	require.Equal(t, []string{"a"}, w.ids(storage.Path{}))
}
