package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/catalog/store"
	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
)

func createMood(tx catalog.Tx) error {
	_, err := tx.CreateType(ctx, &catalog.TypeDef{Schema: "public", Name: "mood", Kind: 'e', Labels: []string{"sad", "happy"}})
	return err
}

func typeNamed(r catalog.Reader, name string) *types.Type { return r.Types().ByName("public", name) }

func addLabel(label, after string) func(tx catalog.Tx) error {
	return func(tx catalog.Tx) error {
		return tx.AlterType(ctx, typeNamed(tx, "mood").OID, []catalog.TypeAction{catalog.AddLabel{Label: label, After: after}})
	}
}

func labels(t *types.Type) []string {
	var out []string
	for _, l := range t.Labels {
		out = append(out, l.Name)
	}
	return out
}

// TestTypesSurviveReopening: oids, array types and row types included.
func TestTypesSurviveReopening(t *testing.T) {
	objects := mem.New(clock.System)
	s := open(t, objects)
	apply(t, s, createMood)
	apply(t, s, createPeople)
	apply(t, s, addLabel("ok", "sad"))
	before := s.Snapshot()
	after := open(t, objects).Snapshot()
	for _, name := range []string{"mood", "_mood", "people", "_people"} {
		was, is := typeNamed(before, name), typeNamed(after, name)
		require.NotNil(t, is, name)
		require.Equal(t, was.OID, is.OID)
		require.Same(t, is, after.Types().ByOID(is.OID), "one type, one pointer")
	}
	require.Equal(t, []string{"sad", "ok", "happy"}, labels(typeNamed(after, "mood")))
	require.Equal(t, "a.b", typeNamed(after, "people").Columns[4].Name)
}

// TestBaseTypeSurvivesReopening: a shell has no array type until it is a base type,
// whose columns keep its values as the built-in type's.
func TestBaseTypeSurvivesReopening(t *testing.T) {
	objects := mem.New(clock.System)
	s := open(t, objects)
	apply(t, s, func(tx catalog.Tx) error {
		shell, err := tx.CreateType(ctx, &catalog.TypeDef{Schema: "public", Name: "whole", Kind: 'p'})
		require.True(t, shell.Shell)
		require.Zero(t, shell.Array)
		return err
	})
	text := "7"
	apply(t, s, func(tx catalog.Tx) error {
		made, err := tx.CreateType(ctx, &catalog.TypeDef{Schema: "public", Name: "whole", Kind: 'b', Base: types.Int4OID,
			BaseType: &catalog.BaseType{Len: 4, ByVal: true, Align: 'i', Storage: 'p', Category: 'U', Delim: ',', Out: types.Int4OID, Default: &text}})
		require.Equal(t, typeNamed(s.Snapshot(), "whole").OID, made.OID, "the shell's oid stays")
		return err
	})
	apply(t, s, func(tx catalog.Tx) error {
		_, err := tx.CreateTable(ctx, &catalog.TableDef{Schema: "public", Name: "t", Columns: []catalog.ColumnDef{column("w", typeNamed(tx, "whole").OID)}})
		return err
	})
	snap := open(t, objects).Snapshot()
	whole := typeNamed(snap, "whole")
	require.Equal(t, "7", *whole.BaseDef.Default)
	require.NotNil(t, typeNamed(snap, "_whole"))
	require.Equal(t, whole.OID, snap.Relation("public", "t").ColumnByName("w").Type.OID)
}

// TestTypesMakeNoCircle: what one writer's binder allows another writer may have
// made a circle of.
func TestTypesMakeNoCircle(t *testing.T) {
	s := open(t, mem.New(clock.System))
	apply(t, s, func(tx catalog.Tx) error {
		pair, err := tx.CreateType(ctx, &catalog.TypeDef{Schema: "public", Name: "pair", Kind: 'c',
			Attributes: []catalog.ColumnDef{{Name: "a", Type: types.Int4OID, Typmod: -1}}})
		if err != nil {
			return err
		}
		_, err = tx.CreateType(ctx, &catalog.TypeDef{Schema: "public", Name: "pairs", Kind: 'r', Base: pair.OID,
			MultirangeSchema: "public", Multirange: "many_pairs"})
		return err
	})
	for _, name := range []string{"pair", "pairs", "_pairs", "many_pairs", "_many_pairs"} {
		tx := s.Begin()
		err := tx.AlterType(ctx, typeNamed(tx, "pair").OID, []catalog.TypeAction{
			catalog.AddAttribute{Attribute: catalog.ColumnDef{Name: "b", Type: typeNamed(tx, name).OID, Typmod: -1}}})
		require.Equal(t, pgerr.InvalidTableDefinition, pgerr.CodeOf(err), name)
	}
}

// TestTwoWritersOfOneType: each one's label stays, wherever the other's stands.
func TestTwoWritersOfOneType(t *testing.T) {
	objects := mem.New(clock.System)
	a := open(t, objects)
	apply(t, a, createMood)
	b := open(t, objects)

	first, second := a.Begin(), b.Begin()
	require.NoError(t, addLabel("ok", "sad")(first))
	require.NoError(t, addLabel("angry", "happy")(second))
	require.NoError(t, first.Commit(ctx, nil))
	require.NoError(t, second.Commit(ctx, nil))
	require.Equal(t, []string{"sad", "ok", "happy", "angry"}, labels(typeNamed(b.Snapshot(), "mood")))

	first, second = a.Begin(), b.Begin()
	require.NoError(t, addLabel("new", "")(first))
	require.NoError(t, addLabel("new", "")(second))
	require.NoError(t, first.Commit(ctx, nil))
	require.Equal(t, pgerr.DuplicateObject, pgerr.CodeOf(second.Commit(ctx, nil)))
}

// TestTypeDroppedBesideItsUse: whoever commits second is told.
func TestTypeDroppedBesideItsUse(t *testing.T) {
	def := func(tx catalog.Tx) *catalog.TableDef {
		return &catalog.TableDef{Schema: "public", Name: "t", Columns: []catalog.ColumnDef{column("m", typeNamed(tx, "mood").OID)}}
	}
	use := func(tx catalog.Tx) error { _, err := tx.CreateTable(ctx, def(tx)); return err }
	drop := func(tx catalog.Tx) error { return tx.DropType(ctx, typeNamed(tx, "mood").OID) }
	race := func(t *testing.T, one, two func(tx catalog.Tx) error) error {
		objects := mem.New(clock.System)
		a := open(t, objects)
		apply(t, a, createMood)
		b := open(t, objects)
		first, second := a.Begin(), b.Begin()
		require.NoError(t, one(first))
		require.NoError(t, two(second))
		require.NoError(t, first.Commit(ctx, nil))
		return second.Commit(ctx, nil)
	}
	require.Equal(t, pgerr.DependentObjectsStillExist, pgerr.CodeOf(race(t, use, drop)))
	require.Equal(t, pgerr.UndefinedObject, pgerr.CodeOf(race(t, drop, use)))
}

// TestFormsAtRest: what rows keep does not change when labels and columns are
// renamed, added and dropped.
func TestFormsAtRest(t *testing.T) {
	s := open(t, mem.New(clock.System))
	apply(t, s, createMood)
	apply(t, s, func(tx catalog.Tx) error {
		_, err := tx.CreateType(ctx, &catalog.TypeDef{Schema: "public", Name: "pair", Kind: 'c',
			Attributes: []catalog.ColumnDef{column("a", types.Int4OID), column("m", typeNamed(tx, "mood").OID)}})
		return err
	})
	text := func(typ *types.Type, v any) string { return string(typ.Out(nil, nil, v)) }
	read := func(name, stored string) string {
		snap := s.Snapshot()
		typ := typeNamed(snap, name)
		at := snap.(store.Outer).AtRest().ByOID(typ.OID)
		v, err := at.In(nil, stored, -1)
		require.NoError(t, err)
		require.Equal(t, stored, text(at, v), "written as it was read")
		return text(typ, v)
	}
	require.Equal(t, "(1,sad)", read("pair", "(1,sad)"))
	apply(t, s, func(tx catalog.Tx) error {
		return tx.AlterType(ctx, typeNamed(tx, "mood").OID, []catalog.TypeAction{catalog.RenameLabel{From: "sad", To: "blue"}})
	})
	apply(t, s, addLabel("sad", ""))
	require.Equal(t, "(1,blue)", read("pair", "(1,sad)"))
	require.Equal(t, "{blue,sad}", read("_mood", "{sad,sad~1}"))
	apply(t, s, func(tx catalog.Tx) error {
		return tx.AlterType(ctx, typeNamed(tx, "pair").OID, []catalog.TypeAction{
			catalog.DropAttribute{Name: "a"}, catalog.AddAttribute{Attribute: column("c", types.TextOID)}})
	})
	require.Equal(t, "(blue,\"x y\")", read("pair", "(,sad,\"x y\")"))
}
