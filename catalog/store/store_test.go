package store_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

var ctx = context.Background()

func open(t *testing.T, objects objstore.Store) *store.Store {
	t.Helper()
	return openWith(t, objects, "")
}

// openWith opens with a default collation.
func openWith(t *testing.T, objects objstore.Store, locale string) *store.Store {
	t.Helper()
	s, err := store.Open(ctx, &store.Env{
		Locale: locale, Objects: objects, Clock: clock.NewFake(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), Rand: rng.Seeded(1), Database: "db", FanOut: 4,
	})
	require.NoError(t, err)
	return s
}

func column(name string, oid types.OID) catalog.ColumnDef {
	return catalog.ColumnDef{Name: name, Type: oid, Typmod: -1}
}

func people() *catalog.TableDef {
	return &catalog.TableDef{
		Schema: "public", Name: "people", PrimaryKey: []string{"no"},
		Columns: []catalog.ColumnDef{column("no", types.Int4OID), column("name", types.TextOID), column("id", types.Int8OID),
			column("x", types.NumericOID), column("a.b", types.TimestamptzOID)},
		Unique: []catalog.UniqueDef{{Name: "people_name_key", Columns: []string{"name"}}},
		Checks: []catalog.CheckDef{{Name: "people_x_check", Expr: "x > 0"}},
	}
}

// apply runs one change and commits it.
func apply(t *testing.T, s *store.Store, f func(tx catalog.Tx) error) {
	t.Helper()
	tx := s.Begin()
	require.NoError(t, f(tx))
	require.NoError(t, tx.Commit(ctx, nil))
}

func createPeople(tx catalog.Tx) error { _, err := tx.CreateTable(ctx, people()); return err }

// TestSurvivesReopening: what a transaction made is the same after a restart,
// oids and column numbers included.
func TestSurvivesReopening(t *testing.T) {
	objects := mem.New(clock.System)
	s := open(t, objects)
	apply(t, s, createPeople)
	apply(t, s, func(tx catalog.Tx) error {
		_, err := tx.CreateIndex(ctx, tx.Relation("public", "people").OID, &catalog.IndexDef{Name: "by_x", Fields: []catalog.IndexField{{Name: "x"}}})
		return err
	})
	before := s.Snapshot().Relation("public", "people")
	after := open(t, objects).Snapshot().Relation("public", "people")
	require.Equal(t, before, after)
	require.Equal(t, []string{"no", "name", "id", "x", "a.b"}, visible(after))
	require.Equal(t, types.NumericOID, after.ColumnByName("x").Type.OID)
	require.False(t, after.Indexes[1].Complete, "an index is complete only once it was filled")
}

func visible(r *catalog.Relation) []string {
	var names []string
	for _, c := range r.Columns {
		if !c.Hidden {
			names = append(names, c.Name)
		}
	}
	return names
}

// TestNamesThatS3dbJSWouldMisread: the attributes of such columns have other
// names in s3db.json.
func TestNamesThatS3dbJSWouldMisread(t *testing.T) {
	objects := mem.New(clock.System)
	apply(t, open(t, objects), createPeople)
	attributes := attributesOf(t, objects, "people")
	require.ElementsMatch(t, []string{"name", "id_", "x_", "a_b"}, attributes)
}

func attributesOf(t *testing.T, objects objstore.Store, resource string) []string {
	o, err := objects.Get(ctx, "s3db.json", objstore.GetOptions{})
	require.NoError(t, err)
	data, err := objstore.ReadBody(o, 1<<20)
	require.NoError(t, err)
	var m struct {
		Resources map[string]struct {
			CurrentVersion string
			Versions       map[string]struct{ Attributes map[string]any }
		}
	}
	require.NoError(t, json.Unmarshal(data, &m))
	r := m.Resources[resource]
	var names []string
	for name := range r.Versions[r.CurrentVersion].Attributes {
		names = append(names, name)
	}
	return names
}

// TestSavepoints: a rollback to a mark forgets what came after it.
func TestSavepoints(t *testing.T) {
	s := open(t, mem.New(clock.System))
	tx := s.Begin()
	require.NoError(t, createPeople(tx))
	mark := tx.Save()
	require.NoError(t, tx.CreateSchema(ctx, "s", false))
	_, err := tx.AlterTable(ctx, tx.Relation("public", "people").OID, []catalog.AlterAction{catalog.RenameColumn{From: "name", To: "title"}})
	require.NoError(t, err)
	tx.RollbackTo(mark)
	require.Nil(t, tx.SchemaByName("s"))
	require.NotNil(t, tx.Relation("public", "people").ColumnByName("name"))
	require.Nil(t, s.Snapshot().Relation("public", "people"), "nothing is visible before the commit")
	require.NoError(t, tx.Commit(ctx, nil))
	require.NotNil(t, s.Snapshot().Relation("public", "people"))
}

// TestTwoServers: changes of different tables merge, the same name is refused,
// and Refresh shows what the other has made.
func TestTwoServers(t *testing.T) {
	objects := mem.New(clock.System)
	a, b := open(t, objects), open(t, objects)
	apply(t, a, createPeople)
	other := people()
	other.Name, other.Unique[0].Name = "others", "others_name_key"
	apply(t, b, func(tx catalog.Tx) error { _, err := tx.CreateTable(ctx, other); return err })
	require.NotNil(t, b.Snapshot().Relation("public", "people"), "a commit reads what is there")

	require.NoError(t, createPeople(open(t, mem.New(clock.System)).Begin()))
	require.NoError(t, a.Refresh(ctx))
	require.NotNil(t, a.Snapshot().Relation("public", "others"))
	stale := open(t, objects)
	apply(t, a, func(tx catalog.Tx) error { return tx.DropRelation(ctx, tx.Relation("public", "people").OID) })
	old := stale.Begin()
	_, err := old.AlterTable(ctx, old.Relation("public", "people").OID, []catalog.AlterAction{catalog.SetDefault{Name: "name", Default: "'x'"}})
	require.NoError(t, err)
	require.Equal(t, pgerr.UndefinedTable, pgerr.CodeOf(old.Commit(ctx, nil)), "the table is gone meanwhile")
}

// TestAlter goes through the actions and looks at what is left.
func TestAlter(t *testing.T) {
	objects := mem.New(clock.System)
	s := open(t, objects)
	apply(t, s, createPeople)
	oid := s.Snapshot().Relation("public", "people").OID
	alter := func(a catalog.AlterAction) {
		apply(t, s, func(tx catalog.Tx) error { _, err := tx.AlterTable(ctx, oid, []catalog.AlterAction{a}); return err })
	}
	numbers := func(name string) int16 { return s.Snapshot().RelationByOID(oid).ColumnByName(name).Num }
	x := numbers("x")
	alter(catalog.AddColumn{Column: catalog.ColumnDef{Name: "born", Type: types.DateOID, Typmod: -1, Default: "'2000-01-01'"}})
	born := numbers("born")
	alter(catalog.DropColumn{Name: "id"})
	alter(catalog.RenameColumn{From: "name", To: "title"})
	alter(catalog.SetNotNull{Name: "x", NotNull: true})
	alter(catalog.DropConstraint{Name: "people_x_check"})
	alter(catalog.RenameTable{To: "folk"})

	for _, r := range []*catalog.Relation{s.Snapshot().RelationByOID(oid), open(t, objects).Snapshot().RelationByOID(oid)} {
		require.Equal(t, "folk", r.Name)
		require.Equal(t, []string{"no", "title", "x", "a.b", "born"}, visible(r))
		require.Equal(t, x, r.ColumnByName("x").Num, "numbers never change")
		require.Equal(t, born, r.ColumnByName("born").Num)
		require.True(t, r.ColumnByName("x").NotNull)
		require.Equal(t, "'2000-01-01'", r.ColumnByName("born").Default)
		require.Equal(t, r.ColumnByName("title").Num, r.Indexes[1].Columns[0].Num, "the unique key follows its column")
	}
}

// TestForeignRows: a row that s3db.js put into a stamped table makes its
// partitions untrustworthy, once the catalog is refreshed.
func TestForeignRows(t *testing.T) {
	objects := mem.New(clock.System)
	s := open(t, objects)
	apply(t, s, createPeople)
	oid := s.Snapshot().Relation("public", "people").OID
	apply(t, s, func(tx catalog.Tx) error {
		ix, err := tx.CreateIndex(ctx, oid, &catalog.IndexDef{Name: "by_x", Fields: []catalog.IndexField{{Name: "x"}}})
		if err != nil {
			return err
		}
		return tx.MarkIndexComplete(ctx, ix.OID, true)
	})
	complete := func(s *store.Store) bool {
		_, ix := s.Snapshot().IndexByName("public", "people_by_x")
		return ix.Complete
	}
	if _, ix := s.Snapshot().IndexByName("public", "people_by_x"); ix == nil {
		complete = func(s *store.Store) bool { _, ix := s.Snapshot().IndexByName("public", "by_x"); return ix.Complete }
	}
	require.True(t, complete(s))
	_, err := objects.Put(ctx, "resource=people/data/id=7", objstore.PutRequest{Metadata: objstore.Metadata{"_v": "v1", "0": "Jo"}})
	require.NoError(t, err)
	table, err := s.Snapshot().(storage.Tables).Table(oid)
	require.NoError(t, err)
	scan, err := table.Scan(ctx, storage.ScanSpec{Columns: []int16{2}})
	require.NoError(t, err)
	b, err := scan.Next(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, b.Rows())
	scan.Close()
	require.False(t, complete(s))
	require.NoError(t, s.Refresh(ctx))
	require.False(t, complete(s))
	require.False(t, complete(open(t, objects)))
}

func TestDamagedOwnObject(t *testing.T) {
	for _, body := range []string{"{", `{"format": 99}`} {
		objects := mem.New(clock.System)
		_, err := objects.Put(ctx, "plugin=s3db-sql/catalog.json", objstore.PutRequest{Body: []byte(body)})
		require.NoError(t, err)
		_, err = store.Open(ctx, &store.Env{Objects: objects, Clock: clock.System, Rand: rng.System, Database: "db"})
		require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
	}
}
