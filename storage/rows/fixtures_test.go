package rows_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/rows"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
	"github.com/s3db-sql/s3db-sql/storage/s3db/fixture"
)

// foreignTable opens a resource as the catalog does one that s3db.js made.
func foreignTable(s *s3db.Schema, st objstore.Store) (storage.Table, *rows.Definition) {
	text := types.ByOID(types.TextOID)
	def := &rows.Definition{OID: 1, Name: s.Name, Schema: s, CreatedAt: -1, UpdatedAt: -1, Rows: -1,
		Columns: []rows.Column{{Num: 1, Attr: -1, Type: text, Typmod: -1, Name: "id"}},
		Key:     []rows.KeyColumn{{Num: 1, Name: "id", Type: text, Typmod: -1}}}
	for i, c := range s.Columns {
		def.Columns = append(def.Columns, rows.Column{Num: int16(i + 2), Attr: i, Key: -1, Type: types.ByOID(c.Type.OID), Typmod: -1, Name: c.Name})
	}
	for _, p := range s.Partitions {
		def.Indexes = append(def.Indexes, rows.Index{Name: p.Name, Partition: p})
	}
	return rows.Open(def, &rows.Env{Objects: st, Clock: clock.System, Rand: rng.Seeded(1), Stats: rows.NewStatsCache()}), def
}

// TestFixtures: every document that s3db.js has written comes out of a scan, each
// column as the format decodes its object (which the tests of s3db hold against
// what s3db.js reads), by listing and by id, from stores that list whole rows and
// from those that list keys.
func TestFixtures(t *testing.T) {
	documents := 0
	for _, v := range fixture.Versions {
		for _, db := range fixture.All(t, v) {
			st := db.Store()
			m, _, err := s3db.LoadManifest(ctx, st, clock.System)
			require.NoError(t, err)
			for _, name := range m.Resources() {
				s, err := s3db.Open(m, name, s3db.Options{Secrets: s3db.NewSecrets(db.Passphrase, rng.Seeded(1)), Rand: rng.Seeded(2)})
				require.NoError(t, err)
				for _, plain := range []bool{false, true} {
					table, def := foreignTable(s, &capable{st, config{plain: plain}})
					documents += compareResource(t, v+"/"+db.Scenario+"/"+name, db, table, def, st)
					comparePartitions(t, table, def, st)
				}
			}
		}
	}
	require.Greater(t, documents, 500)
}

func compareResource(t *testing.T, at string, db *fixture.Database, table storage.Table, def *rows.Definition, st objstore.Store) int {
	s := def.Schema
	var ids []string
	for _, r := range mustScan(t, table, storage.ScanSpec{Path: storage.Path{Kind: storage.KeyOnly}, Columns: []int16{1}}) {
		ids = append(ids, r[0].(string))
	}
	for id, doc := range db.Documents[s.Name] {
		if doc["$error"] == nil && !strings.Contains(id, "..") {
			require.Contains(t, ids, id, at)
		}
	}
	for i, c := range s.Columns {
		want := map[string]any{}
		for _, id := range ids {
			if v, err := decodeColumn(s, st, id, i); err == nil {
				want[id] = printed(def.Columns[i+1].Type, v)
			}
		}
		for _, path := range []storage.Path{{}, {Kind: storage.PointGet, IDs: ids}} {
			got := map[string]any{}
			for _, r := range mustScan(t, table, storage.ScanSpec{Path: path, Columns: []int16{1, int16(i + 2)}, SkipDamaged: true}) {
				got[r[0].(string)] = printed(def.Columns[i+1].Type, r[1])
			}
			require.Equal(t, want, got, "%s.%s", at, c.Name)
		}
	}
	return len(ids)
}

// printed makes values comparable: NaN is not itself.
func printed(typ *types.Type, v any) any {
	if v == nil {
		return nil
	}
	return string(typ.Out(types.DefaultEnv(), nil, v))
}

func mustScan(t *testing.T, table storage.Table, spec storage.ScanSpec) [][]any {
	t.Helper()
	out, err := scan(table, spec)
	require.NoError(t, err)
	return out
}

func decodeColumn(s *s3db.Schema, st objstore.Store, id string, column int) (any, error) {
	o, err := st.Get(ctx, s.DataKey(id), objstore.GetOptions{})
	if err != nil {
		return nil, err
	}
	body, err := objstore.ReadBody(o, 1<<30)
	if err != nil {
		return nil, err
	}
	want := make([]bool, len(s.Columns))
	want[column] = true
	r, err := s.Decode(s.DataKey(id), id, s3db.Object{Metadata: o.Metadata, Body: body, ContentType: o.ContentType}, want)
	if err != nil {
		return nil, err
	}
	return r.Values[column], nil
}

// comparePartitions: a partition's path yields the rows whose own reference is
// listed, each once.
func comparePartitions(t *testing.T, table storage.Table, def *rows.Definition, st objstore.Store) {
	for _, p := range def.Schema.Partitions {
		page, err := st.List(ctx, objstore.ListRequest{Prefix: p.Root()})
		require.NoError(t, err)
		var listed []string
		for _, o := range page.Objects {
			if _, id, ok := p.ParseReference(o.Key); ok {
				listed = append(listed, id)
			}
		}
		var got []string
		for _, r := range mustScan(t, table, storage.ScanSpec{SkipDamaged: true, Columns: []int16{1},
			Path: storage.Path{Kind: storage.Partition, Partition: p.Name, Prefixes: [][]any{{}}}}) {
			got = append(got, r[0].(string))
		}
		require.Subset(t, listed, got)
		slices.Sort(got)
		require.Equal(t, slices.Compact(slices.Clone(got)), got, "a row twice")
	}
}
