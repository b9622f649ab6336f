package s3db_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/mem"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
	"github.com/s3db-sql/s3db-sql/storage/s3db/fixture"
)

var noon = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// manifests calls f with every catalog of the fixtures, snapshots not included.
func manifests(t *testing.T, f func(t *testing.T, m *s3db.Manifest, raw []byte)) {
	for _, v := range append([]string{"handwritten"}, fixture.Versions...) {
		for _, db := range fixture.All(t, v) {
			for i := range db.Objects {
				if o := &db.Objects[i]; strings.HasSuffix(o.Key, "/"+s3db.ManifestKey) || o.Key == s3db.ManifestKey {
					m, err := s3db.ParseManifest(o.Body())
					require.NoError(t, err, "%s/%s", v, db.Scenario)
					f(t, m, o.Body())
				}
			}
		}
	}
}

func TestManifestIsKeptByteForByte(t *testing.T) {
	manifests(t, func(t *testing.T, m *s3db.Manifest, raw []byte) {
		require.Equal(t, string(raw), string(m.Bytes()))
		require.Equal(t, string(raw), string(m.Clone().Bytes()))
	})
}

func TestDefinitionHashes(t *testing.T) {
	n := 0
	manifests(t, func(t *testing.T, m *s3db.Manifest, _ []byte) {
		for _, name := range m.Resources() {
			r := m.Resource(name)
			for _, v := range r.Versions() {
				require.Equal(t, r.Hash(v), r.Definition(v).Hash(), "%s %s", name, v)
				n++
			}
		}
	})
	require.GreaterOrEqual(t, n, 239)
}

// TestSameDefinitionChangesNothing: setting what is there makes no new version
// and leaves the file as it was.
func TestSameDefinitionChangesNothing(t *testing.T) {
	manifests(t, func(t *testing.T, m *s3db.Manifest, raw []byte) {
		for _, name := range m.Resources() {
			r := m.Resource(name)
			changed, err := r.SetDefinition(r.Definition(r.CurrentVersion()), noon)
			require.NoError(t, err)
			require.False(t, changed, name)
		}
		require.JSONEq(t, string(raw), string(m.Bytes()))
	})
}

// TestHandwrittenCatalog makes the handwritten catalog from nothing.
func TestHandwrittenCatalog(t *testing.T) {
	db := fixture.Load(t, "handwritten", "basic")
	m := s3db.NewManifest(noon)
	for _, r := range []struct {
		name     string
		behavior s3db.Behavior
	}{{"over", s3db.BodyOverflow}, {"only", s3db.BodyOnly}, {"user", s3db.UserManaged}} {
		def, exact, err := s3db.BuildDefinition(s3db.TableSpec{
			Behavior: r.behavior, Paranoid: true,
			Columns: []s3db.ColumnSpec{
				{Name: "name", Rule: "string|optional"}, {Name: "qty", Rule: "number|optional"},
				{Name: "price", Rule: "number|optional"}, {Name: "active", Rule: "boolean|optional"},
				{Name: "tags", Rule: "array|items:string|optional"}, {Name: "nums", Rule: "array|items:number|optional"},
				{Name: "info", Rule: "json|optional"},
				{Name: "profile", Children: []s3db.ColumnSpec{{Name: "city", Rule: "string|optional"}, {Name: "zip", Rule: "string|optional"}}},
				{Name: "region", Rule: "string|optional"},
			},
			Partitions: []s3db.PartitionDef{{Name: "byRegion", Fields: []s3db.PartitionFieldDef{{Name: "region"}}}},
		})
		require.NoError(t, err)
		require.Empty(t, exact)
		_, err = m.Create(r.name, def, noon)
		require.NoError(t, err)
	}
	require.Equal(t, string(db.Object(s3db.ManifestKey).Body()), string(m.Bytes()))
}

func build(t *testing.T, cols ...s3db.ColumnSpec) *s3db.Definition {
	t.Helper()
	d, _, err := s3db.BuildDefinition(s3db.TableSpec{Columns: cols})
	require.NoError(t, err)
	return d
}

func shortKeys(t *testing.T, m *s3db.Manifest, name string) map[string]string {
	t.Helper()
	s, err := s3db.Open(m, name, s3db.Options{RowStamps: false})
	require.NoError(t, err)
	keys := map[string]string{}
	for i, c := range s.Columns {
		row := s.NewRow("x")
		row.Values[i] = "v"
		o, err := s.Encode(row, nil, true)
		require.NoError(t, err)
		for k := range o.Metadata {
			if k != "_v" {
				keys[c.Name] = k
			}
		}
	}
	return keys
}

// TestRegistry: indexes stay for life, removed ones are burned, and a name that
// comes back gets a new one.
func TestRegistry(t *testing.T) {
	text := func(n string) s3db.ColumnSpec { return s3db.ColumnSpec{Name: n, Rule: "string|optional"} }
	m := s3db.NewManifest(noon)
	r, err := m.Create("t", build(t, text("one"), text("two"), text("three")), noon)
	require.NoError(t, err)
	require.Equal(t, map[string]string{"one": "0", "two": "1", "three": "2"}, shortKeys(t, m, "t"))

	changed, err := r.SetDefinition(build(t, text("three"), text("four"), text("one")), noon)
	require.NoError(t, err)
	require.True(t, changed)
	require.Equal(t, "v2", r.CurrentVersion())
	require.Equal(t, map[string]string{"one": "0", "three": "2", "four": "3"}, shortKeys(t, m, "t"))
	require.Contains(t, string(m.Bytes()), `"reason": "removed"`)

	_, err = r.SetDefinition(build(t, text("two"), text("one"), text("three"), text("four")), noon)
	require.NoError(t, err)
	require.Equal(t, "4", shortKeys(t, m, "t")["two"])

	require.NoError(t, r.RenameAttribute("two", "zwei"))
	d := r.Definition(r.CurrentVersion()).Clone()
	require.NoError(t, d.RenameColumn([]string{"two"}, "zwei"))
	_, err = r.SetDefinition(d, noon)
	require.NoError(t, err)
	require.Equal(t, "4", shortKeys(t, m, "t")["zwei"])

	s, err := s3db.Open(m, "t", s3db.Options{})
	require.NoError(t, err)
	row, err := s.Decode("k", "x", s3db.Object{Metadata: map[string]string{"_v": "v3", "0": "1", "4": "2"}}, nil)
	require.NoError(t, err)
	require.Equal(t, "2", row.Values[s.Column("zwei")], "rows of before the renaming")
	require.Equal(t, "1", row.Values[s.Column("one")])
}

// TestNamesLikeShortKeys: trap 2. A column called a takes the index of short key
// a out of use; where that is in use already, the column is refused.
func TestNamesLikeShortKeys(t *testing.T) {
	var cols []s3db.ColumnSpec
	for _, n := range strings.Fields("a b c col4 col5 col6 col7 col8 col9 col10 col11 col12 col13") {
		cols = append(cols, s3db.ColumnSpec{Name: n, Rule: "string|optional"})
	}
	m := s3db.NewManifest(noon)
	_, err := m.Create("t", build(t, cols...), noon)
	require.NoError(t, err)
	keys := shortKeys(t, m, "t")
	require.Equal(t, "d", keys["col11"], "10, 11 and 12 would be a, b and c")

	r, err := m.Create("u", build(t, cols[3:]...), noon)
	require.NoError(t, err)
	_, err = r.SetDefinition(build(t, append(cols[3:len(cols):len(cols)], s3db.ColumnSpec{Name: "5", Rule: "string"})...), noon)
	require.Equal(t, pgerr.InvalidName, pgerr.CodeOf(err))
}

func TestDamagedManifest(t *testing.T) {
	for _, text := range []string{"", "{", "[]", `{"resources":[]}`, `{"resources":{"r":{}}}`,
		`{"resources":{"r":{"currentVersion":"v1","versions":{}}}}`,
		`{"resources":{"r":{"currentVersion":"v1","versions":{"v1":{}}}}}`} {
		_, err := s3db.ParseManifest([]byte(text))
		require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err), text)
	}
}

func writer(st objstore.Store, clk clock.Clock) *s3db.ManifestWriter {
	return &s3db.ManifestWriter{Store: st, Clock: clk, Rand: rng.Seeded(3), Holder: "test"}
}

const lockKey = "plugin=s3db-core/locks/namespace=metadata/s3db-metadata.json"

func TestManifestWriter(t *testing.T) {
	ctx := context.Background()
	clk := clock.NewFake(noon)
	st := mem.New(clk)
	create := func(name string) func(*s3db.Manifest, string) error {
		return func(m *s3db.Manifest, _ string) error {
			_, err := m.Create(name, build(t, s3db.ColumnSpec{Name: "v", Rule: "string"}), clk.Now())
			return err
		}
	}
	m, etag, err := writer(st, clk).Update(ctx, create("one"), nil)
	require.NoError(t, err)
	require.Equal(t, []string{"one"}, m.Resources())
	info, err := st.Head(ctx, s3db.ManifestKey)
	require.NoError(t, err)
	require.Equal(t, info.ETag, etag)
	require.Equal(t, "application/json", info.ContentType)
	_, err = st.Head(ctx, lockKey)
	require.True(t, objstore.IsNotFound(err), "the lock is released")

	t.Run("nothing to write", func(t *testing.T) {
		_, again, err := writer(st, clk).Update(ctx, func(*s3db.Manifest, string) error { return nil }, nil)
		require.NoError(t, err)
		require.Equal(t, etag, again)
	})
	t.Run("what it wrote itself it does not read again", func(t *testing.T) {
		gets := &countGets{Store: st}
		w := writer(gets, clk)
		_, _, err := w.Update(ctx, create("again"), nil)
		require.NoError(t, err)
		gets.n = 0
		_, _, err = w.Update(ctx, func(m *s3db.Manifest, digest string) error {
			require.Equal(t, []string{"one", "again"}, m.Resources())
			require.Equal(t, m.Digest(), digest)
			m.Drop("again")
			return nil
		}, nil)
		require.NoError(t, err)
		require.Zero(t, gets.n)
		_, _, err = writer(st, clk).Update(ctx, create("other"), nil) // another process
		require.NoError(t, err)
		_, _, err = w.Update(ctx, func(m *s3db.Manifest, _ string) error { m.Drop("other"); return nil }, nil)
		require.NoError(t, err)
		require.Equal(t, 1, gets.n)
		_, etag, err = w.Update(ctx, func(m *s3db.Manifest, _ string) error {
			require.Equal(t, []string{"one"}, m.Resources())
			return nil
		}, nil)
		require.NoError(t, err)
	})
	t.Run("an error writes nothing", func(t *testing.T) {
		_, _, err := writer(st, clk).Update(ctx, create("one"), nil)
		require.Equal(t, pgerr.DuplicateTable, pgerr.CodeOf(err))
		info, _ := st.Head(ctx, s3db.ManifestKey)
		require.Equal(t, etag, info.ETag)
	})
	t.Run("a race is repeated on the fresh catalog", func(t *testing.T) {
		calls := 0
		_, _, err := writer(st, clk).Update(ctx, func(m *s3db.Manifest, _ string) error {
			if calls++; calls == 1 { // s3db.js 6 takes no lock
				other, _, err := s3db.LoadManifest(ctx, st, clk)
				require.NoError(t, err)
				require.NoError(t, create("intruder")(other, ""))
				_, err = st.Put(ctx, s3db.ManifestKey, objstore.PutRequest{Body: other.Bytes()})
				require.NoError(t, err)
			}
			return create("two")(m, "")
		}, nil)
		require.NoError(t, err)
		require.Equal(t, 2, calls)
		m, _, err := s3db.LoadManifest(ctx, st, clk)
		require.NoError(t, err)
		require.Equal(t, []string{"one", "intruder", "two"}, m.Resources())
	})
}

// countGets counts the GETs of a store.
type countGets struct {
	objstore.Store
	n int
}

func (c *countGets) Get(ctx context.Context, key string, opt objstore.GetOptions) (*objstore.Object, error) {
	c.n++
	return c.Store.Get(ctx, key, opt)
}

func TestManifestLock(t *testing.T) {
	ctx := context.Background()
	clk := clock.NewFake(noon)
	st := mem.New(clk)
	lock := func(expires time.Time) {
		_, err := st.Put(ctx, lockKey, objstore.PutRequest{Body: []byte(`{"lockId":"l","holderId":"js","acquiredAt":1,"expiresAt":` +
			itoa(expires.UnixMilli()) + `}`)})
		require.NoError(t, err)
	}
	nothing := func(*s3db.Manifest, string) error { return nil }
	lock(noon.Add(time.Hour))
	_, _, err := writer(st, clk).Update(ctx, nothing, nil)
	require.Equal(t, pgerr.LockNotAvailable, pgerr.CodeOf(err))

	lock(clk.Now().Add(5 * time.Second)) // expires while we wait
	_, _, err = writer(st, clk).Update(ctx, nothing, nil)
	require.NoError(t, err)
	_, err = st.Head(ctx, lockKey)
	require.True(t, objstore.IsNotFound(err))
}
