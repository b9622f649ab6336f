package s3db_test

import (
	"context"
	"slices"
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
	"github.com/s3db-sql/s3db-sql/storage/s3db/fixture"
)

// wrongReferences are references in the fixtures that do not follow from their
// documents, with the reason.
var wrongReferences = map[string]string{
	// and 6.2's byDay: see PartitionField.Usable of its date attributes
	"byVer":     "section 9: lost on update, or made on update only",
	"byVersion": "section 9: lost on update, or made on update only",
}

// TestReferences: of every recorded document, the references that we would
// write are those that lie in the bucket.
func TestReferences(t *testing.T) {
	n := 0
	for _, v := range append([]string{"handwritten"}, fixture.Versions...) {
		for _, db := range fixture.All(t, v) {
			if strings.HasPrefix(db.Scenario, "partitions-characters") {
				continue
			}
			st, _, schemas := openAll(t, db)
			for name, s := range schemas {
				for _, p := range s.Partitions {
					if wrongReferences[p.Name] == "" && !(v == "6.2.0" && p.Name == "byDay") {
						n += compareReferences(t, db, st, s, p, name)
					}
				}
			}
		}
	}
	require.Greater(t, n, 100)
}

func list(t *testing.T, st objstore.Store, prefix string) (keys []string) {
	t.Helper()
	for after := ""; ; {
		page, err := st.List(context.Background(), objstore.ListRequest{Prefix: prefix, StartAfter: after})
		require.NoError(t, err)
		for _, o := range page.Objects {
			keys = append(keys, o.Key)
		}
		if !page.More {
			return keys
		}
		after = page.Next
	}
}

func compareReferences(t *testing.T, db *fixture.Database, st objstore.Store, s *s3db.Schema, p *s3db.Partition, name string) int {
	var want, got []string
	refused := map[string]bool{}
	for _, key := range list(t, st, p.Root()) {
		texts, id, ok := p.ParseReference(key)
		require.True(t, ok, key)
		require.Len(t, texts, len(p.Fields))
		if _, err := st.Head(context.Background(), s.DataKey(id)); err == nil && id != "nullify" {
			want = append(want, key) // else trap 23: its document is gone
		}
	}
	for _, key := range list(t, st, s.DataPrefix()) {
		id, ok := s.ParseDataKey(key)
		require.True(t, ok)
		o, err := read(t, st, key)
		require.NoError(t, err)
		row, err := s.Decode(key, id, o, nil)
		if err != nil {
			continue
		}
		ref, ok, err := p.Reference(row)
		if p.Name == "byDayS" && id == "neg" {
			require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(err), "15/01/2024 under a date rule")
			refused[id] = true
			continue
		}
		require.NoError(t, err)
		if id == "nullify" {
			continue // 6.2 reads its null as text, and 6.2 to 21 keep its other references
		}
		if ok {
			got = append(got, ref)
			texts, back, ok := p.ParseReference(ref)
			require.True(t, ok)
			require.Equal(t, id, back)
			checkLossless(t, p, row, texts)
		}
	}
	sort.Strings(got)
	want = slices.DeleteFunc(want, func(key string) bool { _, id, _ := p.ParseReference(key); return refused[id] })
	require.Equal(t, want, got, "%s/%s %s %s", db.Version, db.Scenario, name, p.Name)
	return len(got)
}

func checkLossless(t *testing.T, p *s3db.Partition, row *s3db.Row, texts []string) {
	for i, f := range p.Fields {
		if f.Lossless && f.Column >= 0 {
			v, err := f.Parse(texts[i])
			require.NoError(t, err)
			require.Equal(t, row.Values[f.Column], v, f.Name)
		}
	}
}

// TestSlashesInPartitionValues: trap 14. What 6.2 to 21 wrote can be read back, and is
// written as they do; a value that climbs out, or would come back as another, is refused.
func TestSlashesInPartitionValues(t *testing.T) {
	for _, v := range fixture.Versions {
		db := fixture.Load(t, v, "partitions-characters")
		st, _, schemas := openAll(t, db)
		s := schemas["pc"]
		p := s.Partitions[0]
		found := map[string]string{}
		for _, key := range list(t, st, p.Root()) {
			texts, id, ok := p.ParseReference(key)
			require.True(t, ok, key)
			found[id] = texts[0]
		}
		require.Equal(t, "a/b", found["slash"])
		require.Equal(t, "k=v", found["eq"])
		require.Equal(t, "..", found["dotdot"])

		row := s.NewRow("x")
		for value, fit := range map[string]bool{"a/b": true, "/a": true, "a/b/c.d": true, "image/svg+xml": true, "..": true, "k=v": true,
			"x/../../data": false, "a/..": false, "a/.": false, "a//b": false, "a/": false, "https://x.org": false, "a/id=b": false, "a/v=b": false, "a\tb": false} {
			row.Values[s.Column("v")] = value
			key, _, err := p.Reference(row)
			if !fit {
				require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(err), value)
				continue
			}
			require.NoError(t, err, value)
			require.Equal(t, p.Root()+"v="+value+"/id=x", key)
			texts, id, ok := p.ParseReference(key)
			require.Equal(t, []any{[]string{value}, "x", true}, []any{texts, id, ok})
		}
	}
}

// TestForeignIDs: ids of 6.2 come back whole, and listings of one resource never
// hold another's whose name begins alike.
func TestForeignIDs(t *testing.T) {
	db := fixture.Load(t, "6.2.0", "ids")
	st, _, schemas := openAll(t, db)
	s := schemas["idt"]
	ids := map[string]bool{}
	for _, key := range list(t, st, s.DataPrefix()) {
		id, ok := s.ParseDataKey(key)
		require.True(t, ok)
		ids[id] = true
		require.Equal(t, key, s.DataKey(id))
	}
	for _, id := range []string{"simple", "with space", "a/b", "k=v", "50%", "café", ".", ".."} {
		require.True(t, ids[id], id)
	}
	for _, id := range []string{"a/b", `a\b`, "k=v", "50%", "", "a\nb"} {
		require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(s.CheckID(id)), "%q", id)
	}
	require.NoError(t, s.CheckID("é: #?&+'\"~"))
	require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(s.CheckID(strings.Repeat("x", 253))))
	require.NoError(t, s.CheckID(strings.Repeat("x", 252)))
}

func own(t *testing.T, cols []s3db.ColumnSpec, parts ...s3db.PartitionDef) *s3db.Schema {
	t.Helper()
	m := s3db.NewManifest(noon)
	def, exact, err := s3db.BuildDefinition(s3db.TableSpec{Columns: cols, Partitions: parts})
	require.NoError(t, err)
	_, err = m.Create("t", def, noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", s3db.Options{Types: exact, EscapeKeys: true, RowStamps: true, Rand: rng.Seeded(4),
		Secrets: s3db.NewSecrets("p", rng.Seeded(5))})
	require.NoError(t, err)
	return s
}

func sqlColumn(name string, oid types.OID) s3db.ColumnSpec {
	return s3db.ColumnSpec{Name: name, Type: s3db.SQLType{OID: oid, Typmod: -1}}
}

func partition(name string, fields ...string) s3db.PartitionDef {
	p := s3db.PartitionDef{Name: name}
	for _, f := range fields {
		p.Fields = append(p.Fields, s3db.PartitionFieldDef{Name: f})
	}
	return p
}

var text = s3db.SQLType{OID: types.TextOID, Typmod: -1}

// TestEscapedIDs: every text can be a key of a resource of ours, and comes back.
func TestEscapedIDs(t *testing.T) {
	s := own(t, []s3db.ColumnSpec{sqlColumn("v", types.TextOID)})
	for _, v := range []string{"", "~", "~~", "~2F", "plain", "a/b", `\`, "=%", "tab\tnew\nline", "\x7f", "..", "日本 👋", "a~-b", " x "} {
		id, err := s.EncodeID([]s3db.SQLType{text}, []any{v})
		require.NoError(t, err, "%q", v)
		require.NoError(t, s.CheckID(id))
		require.NotContains(t, id, "/")
		back, ok := s.DecodeID([]s3db.SQLType{text}, id)
		require.True(t, ok, id)
		require.Equal(t, []any{v}, back)

		two := []s3db.SQLType{text, text}
		id, err = s.EncodeID(two, []any{v, "x" + v})
		require.NoError(t, err)
		back, ok = s.DecodeID(two, id)
		require.True(t, ok, id)
		require.Equal(t, []any{v, "x" + v}, back)
	}
	for _, id := range []string{"", "~2", "~zz", "~2f", "~41", "a/b", "x~"} {
		_, ok := s.DecodeID([]s3db.SQLType{text}, id)
		require.False(t, ok, "%q is no escaped text", id)
	}
}

// TestIDsOfTypes: the values of every key type come back from the id.
func TestIDsOfTypes(t *testing.T) {
	for _, c := range []struct {
		oid    types.OID
		values []string
	}{
		{types.BoolOID, []string{"t", "f"}},
		{types.Int2OID, []string{"0", "-32768", "32767"}},
		{types.Int4OID, []string{"0", "-2147483648", "2147483647"}},
		{types.Int8OID, []string{"0", "-9223372036854775808", "9223372036854775807"}},
		{types.NumericOID, []string{"0", "-1.5", "123456789012345678901234567890.123", "NaN", "Infinity", "-Infinity"}},
		{types.Float8OID, []string{"0", "-1.5", "1e-300", "1.7976931348623157e+308", "NaN", "Infinity", "-Infinity"}},
		{types.Float4OID, []string{"1.5", "-0.1", "3.4028235e+38", "NaN"}},
		{types.TextOID, []string{"", "a/b", "=", "%41", "~", ".", "..", "'\"", "é日本👋", " x "}},
		{types.VarcharOID, []string{"", "/=%~"}},
		{types.BpcharOID, []string{"", "ab", "a/b"}},
		{types.ByteaOID, []string{`\x`, `\x00`, `\xff00ff`, `\x414243`, `\xfbefbe`}},
		{types.UUIDOID, []string{"00000000-0000-0000-0000-000000000000", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"}},
		{types.DateOID, []string{"2024-02-29", "0001-01-01", "0044-03-15 BC", "20000-01-01", "infinity", "-infinity"}},
		{types.TimeOID, []string{"00:00:00", "23:59:59.999999", "24:00:00"}},
		{types.TimestampOID, []string{"2024-02-29 12:30:45.123456", "0044-03-15 00:00:00 BC", "20000-01-01 00:00:00", "infinity"}},
		{types.TimestamptzOID, []string{"2024-02-29 12:30:45.1+00", "0044-03-15 00:00:00+00 BC", "-infinity"}},
		{types.OidOID, []string{"0", "4294967295"}},
		{types.InetOID, []string{"192.168.0.1/24", "::1"}},
	} {
		typ := types.ByOID(c.oid)
		key := s3db.SQLType{OID: c.oid, Typmod: -1}
		s := own(t, []s3db.ColumnSpec{sqlColumn("v", types.TextOID)})
		seen := map[string]bool{}
		for _, in := range c.values {
			v, err := typ.In(types.DefaultEnv(), in, -1)
			require.NoError(t, err, "%s %q", typ.Name, in)
			for _, ts := range [][]s3db.SQLType{{key}, {key, text, key}} {
				values := []any{v, "a/~-", v}[:len(ts)]
				id, err := s.EncodeID(ts, values)
				require.NoError(t, err, "%s %q", typ.Name, in)
				require.False(t, seen[id], "two %s have the id %q", typ.Name, id)
				seen[id] = true
				back, ok := s.DecodeID(ts, id)
				require.True(t, ok, "%s %q: %q", typ.Name, in, id)
				for i := range ts {
					column := types.ByOID(ts[i].OID)
					require.Equal(t, string(column.Out(types.DefaultEnv(), nil, values[i])), string(column.Out(types.DefaultEnv(), nil, back[i])), "%s: %q", typ.Name, id)
				}
			}
		}
	}
	s := own(t, []s3db.ColumnSpec{sqlColumn("v", types.TextOID)})
	_, err := s.EncodeID([]s3db.SQLType{text}, []any{strings.Repeat("x", 1024)})
	require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(err))
}

func TestUniqueKeys(t *testing.T) {
	s := own(t, []s3db.ColumnSpec{sqlColumn("v", types.TextOID)})
	key, ok, err := s.UniqueKey("t_v_key", []s3db.SQLType{text}, []any{"a/b@c"}, false)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, "resource=t/unique=t_v_key/a~2Fb@c", key)
	_, ok, _ = s.UniqueKey("k", []s3db.SQLType{text, text}, []any{"a", nil}, false)
	require.False(t, ok)
	long1, _, _ := s.UniqueKey("k", []s3db.SQLType{text}, []any{strings.Repeat("x", 3000) + "1"}, false)
	long2, _, _ := s.UniqueKey("k", []s3db.SQLType{text}, []any{strings.Repeat("x", 3000) + "2"}, false)
	require.NotEqual(t, long1, long2)
	require.NoError(t, objstore.CheckKey("PUT", long1))
	empty, _, _ := s.UniqueKey("k", []s3db.SQLType{text}, []any{""}, false)
	require.NoError(t, objstore.CheckKey("PUT", empty))
}

// TestPartitionFieldOrder: as JavaScript's localeCompare sorts (checked with
// Node 20).
func TestPartitionFieldOrder(t *testing.T) {
	want := strings.Fields("a A a_b a-b a1 ab aB b B e é z")
	cols := make([]s3db.ColumnSpec, len(want))
	for i, n := range want {
		cols[len(want)-1-i] = sqlColumn(n, types.TextOID)
	}
	names := make([]string, len(want))
	for i := range want {
		names[i] = want[(i*5)%len(want)]
	}
	s := own(t, cols, partition("p", names...))
	var got []string
	for _, f := range s.Partitions[0].Fields {
		got = append(got, f.Name)
	}
	require.Equal(t, want, got)
}

// TestRanges: a range of keys holds every row whose value is between the bounds,
// whatever characters it has.
func TestRanges(t *testing.T) {
	values := []string{"", "!", "a", "a!", "a/", "a/b", "a0", "a\n", "ab", "ab/z", "abc", "a~", "aé", "b", "b/", "~", "é", "日本"}
	for _, escape := range []bool{true, false} {
		s := own(t, []s3db.ColumnSpec{sqlColumn("v", types.TextOID)}, partition("p", "v"))
		if !escape {
			m := s3db.NewManifest(noon)
			def, _, err := s3db.BuildDefinition(s3db.TableSpec{Columns: []s3db.ColumnSpec{sqlColumn("v", types.TextOID)}, Partitions: []s3db.PartitionDef{partition("p", "v")}})
			require.NoError(t, err)
			_, err = m.Create("t", def, noon)
			require.NoError(t, err)
			s, err = s3db.Open(m, "t", s3db.Options{Rand: rng.Seeded(4)})
			require.NoError(t, err)
		}
		p := s.Partitions[0]
		require.True(t, p.Fields[0].Ordered)
		bounds := []any{nil}
		for _, v := range values {
			bounds = append(bounds, v)
		}
		for _, low := range bounds {
			for _, high := range bounds {
				r, ok, err := p.Range(nil, low, high)
				require.NoError(t, err)
				require.True(t, ok)
				for _, v := range values {
					row := s.NewRow("id")
					row.Values[0] = v
					key, ok, err := p.Reference(row)
					if err != nil {
						require.False(t, escape)
						continue
					}
					require.True(t, ok)
					if (low == nil || v >= low.(string)) && (high == nil || v <= high.(string)) {
						in := strings.HasPrefix(key, r.Prefix) && key > r.After && (r.Stop == "" || key < r.Stop)
						require.True(t, in, "%q in [%v %v]: key %q, range %+v", v, low, high, key, r)
					}
				}
			}
		}
	}
}

func TestPartitionTraits(t *testing.T) {
	cols := []s3db.ColumnSpec{
		{Name: "s", Rule: "string|optional"}, {Name: "n", Rule: "number|optional"}, {Name: "f", Rule: "boolean|optional"},
		{Name: "dt", Rule: "datetime|optional"}, {Name: "sec", Rule: "secret|optional"}, sqlColumn("big", types.Int8OID),
		sqlColumn("num", types.NumericOID), sqlColumn("at", types.TimestamptzOID),
	}
	field := func(n, rule string) s3db.PartitionFieldDef { return s3db.PartitionFieldDef{Name: n, Rule: rule} }
	def := s3db.PartitionDef{Name: "p", Fields: []s3db.PartitionFieldDef{
		field("s", "string"), field("n", "number"), field("f", "boolean"), field("dt", "date|maxlength:10"), field("sec", "string"),
		field("big", "string"), field("num", "string"), field("at", "string"), field("_v", "string")}}
	type trait struct{ usable, lossless, ordered bool }
	want := map[string]trait{"s": {true, true, true}, "n": {true, true, false}, "f": {true, true, true}, "dt": {true, false, true},
		"sec": {}, "big": {true, true, false}, "num": {true, false, false}, "at": {true, true, true}, "_v": {true, true, false}}
	for _, f := range own(t, cols, def).Partitions[0].Fields {
		require.Equal(t, want[f.Name], trait{f.Usable, f.Lossless, f.Ordered}, f.Name)
	}
	cut := own(t, cols, s3db.PartitionDef{Name: "p", Fields: []s3db.PartitionFieldDef{field("s", "string|maxlength:3")}}).Partitions[0].Fields[0]
	require.False(t, cut.Lossless)
	got, _, err := cut.Render("a👋b")
	require.NoError(t, err)
	require.Equal(t, "a👋", got, "UTF-16 units")
	got, _, _ = cut.Render("ab👋")
	require.Equal(t, "ab", got, "half a pair is dropped")
	day := own(t, cols, s3db.PartitionDef{Name: "p", Fields: []s3db.PartitionFieldDef{field("s", "date")}}).Partitions[0].Fields[0]
	require.Equal(t, trait{true, false, false}, trait{day.Usable, day.Lossless, day.Ordered})
}
