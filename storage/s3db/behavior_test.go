package s3db_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// plain opens a resource without stamps: two texts and nothing else.
func plain(t *testing.T, b s3db.Behavior, caps objstore.Capabilities) *s3db.Schema {
	t.Helper()
	m := s3db.NewManifest(noon)
	def, _, err := s3db.BuildDefinition(s3db.TableSpec{Columns: []s3db.ColumnSpec{rule("one", "string|optional"), rule("two", "string|optional")}, Behavior: b})
	require.NoError(t, err)
	_, err = m.Create("t", def, noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", s3db.Options{Capabilities: caps})
	require.NoError(t, err)
	return s
}

func encodeTexts(s *s3db.Schema, id string, insert bool, one, two string) (*s3db.Encoded, error) {
	row := s.NewRow(id)
	row.Values[0], row.Values[1] = one, two
	return s.Encode(row, nil, insert)
}

// TestLimits: section 8's line, to the byte. With version v1 and no timestamps
// an insert has 2043 bytes for all names and values, _v and v1 among them; an
// update has 2+len(id) less.
func TestLimits(t *testing.T) {
	const names = len("0") + len("1") + len("_v") + len("v1")
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		insert bool
		room   int
	}{{true, 2043 - names}, {false, 2043 - names - len("id") - len("key")}} {
		s := plain(t, s3db.EnforceLimits, objstore.Capabilities{})
		_, err := encodeTexts(s, "key", c.insert, x(c.room-1), "y")
		require.NoError(t, err)
		_, err = encodeTexts(s, "key", c.insert, x(c.room), "y")
		e := pgerr.As(err)
		require.Equal(t, pgerr.ProgramLimitExceeded, e.Code)
		require.Contains(t, e.Detail, "the excess 1.")

		// the same in characters of three bytes
		_, err = encodeTexts(s, "key", c.insert, strings.Repeat("日", (c.room-1)/3), "y")
		require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(err), "fits as counted, but not as sent")

		s = plain(t, s3db.UserManaged, objstore.Capabilities{})
		o, err := encodeTexts(s, "key", c.insert, x(c.room-1), "y")
		require.NoError(t, err)
		require.Empty(t, o.Body)
		require.Empty(t, o.Warnings)
		o, err = encodeTexts(s, "key", c.insert, x(c.room), "y")
		require.NoError(t, err)
		require.Equal(t, objstore.Metadata{"_v": "v1"}, o.Metadata)
		require.Equal(t, `{"0":"`+x(c.room)+`","1":"y","_v":"v1"}`, string(o.Body))
		require.Equal(t, []s3db.Warning{{Event: "exceedsLimit", Size: c.room + 1 + names, Limit: c.room + names, Excess: 1, Metadata: 2047}}, o.Warnings)
	}
}

// TestOverflow: values are counted, names are not; and what encoding makes too
// large for S3 goes to the body too.
func TestOverflow(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	s := plain(t, s3db.BodyOverflow, objstore.Capabilities{})
	const room = 2043 - len("v1")
	o, err := encodeTexts(s, "key", true, x(room-1), "y")
	require.NoError(t, err)
	require.Empty(t, o.Body)
	o, err = encodeTexts(s, "key", true, x(room), "y")
	require.NoError(t, err)
	require.Equal(t, objstore.Metadata{"_v": "v1", "1": "y", "_overflow": "true"}, o.Metadata)
	require.Equal(t, `{"0":"`+x(room)+`"}`, string(o.Body))

	for _, text := range []string{strings.Repeat("日", 600), strings.Repeat("é", 900), strings.Repeat("\n", 1800), strings.Repeat("👋 ", 400)} {
		o, err = encodeTexts(s, "key", true, text, "y")
		require.NoError(t, err)
		require.NotEmpty(t, o.Body)
		require.LessOrEqual(t, objstore.MetadataSize(o.Metadata, 0), 2048)
		row, err := s.Decode("k", "key", o.Object, nil)
		require.NoError(t, err)
		require.Equal(t, []any{text, "y"}, row.Values)
	}

	// a store that counts x-amz-meta- has less room
	o, err = encodeTexts(plain(t, s3db.BodyOverflow, objstore.Capabilities{MaxMetadata: 2048, MetadataOverhead: 11}), "key", true, x(room-1), "y")
	require.NoError(t, err)
	require.Equal(t, "true", o.Metadata["_overflow"])
	_, err = encodeTexts(plain(t, s3db.EnforceLimits, objstore.Capabilities{MaxMetadata: 2048, MetadataOverhead: 11}), "key", true, x(2034), "y")
	require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(err))
}

// TestTruncate: never inside a character, always to an end, and told.
func TestTruncate(t *testing.T) {
	s := plain(t, s3db.TruncateData, objstore.Capabilities{})
	for _, c := range [][2]string{
		{strings.Repeat("x", 3000), "y"},
		{strings.Repeat("日", 1000), strings.Repeat("é", 100)},
		{strings.Repeat("x", 1500), strings.Repeat("y", 1400)}, // the library never ends here
		{strings.Repeat("👋", 600), ""},
		{strings.Repeat("é", 1000), strings.Repeat("é", 1000)},
	} {
		o, err := encodeTexts(s, "key", true, c[0], c[1])
		require.NoError(t, err)
		require.LessOrEqual(t, objstore.MetadataSize(o.Metadata, 0), 2048)
		require.Equal(t, "true", o.Metadata["_truncated"])
		require.Equal(t, "truncated", o.Warnings[0].Event)
		require.NotEmpty(t, o.Warnings[0].Truncated)
		row, err := s.Decode("k", "key", o.Object, nil)
		require.NoError(t, err)
		for i, v := range row.Values {
			if v != nil {
				require.True(t, strings.HasPrefix(c[i], v.(string)))
			}
		}
	}
	o, err := encodeTexts(s, "key", true, strings.Repeat("x", 2000), "y")
	require.NoError(t, err)
	require.NotContains(t, o.Metadata, "_truncated")
}

// TestContent: the content of a row is kept by updates, and never shares its
// body with fields.
func TestContent(t *testing.T) {
	for _, b := range []s3db.Behavior{s3db.UserManaged, s3db.EnforceLimits, s3db.TruncateData, s3db.BodyOverflow} {
		s := ownAs(t, b, rule("one", "string|optional"))
		for _, content := range []string{"\x00\x01binary", "text", `{"one":"from content"}`, "ends in stamp characters " + strings.Repeat(" ", 40)} {
			row := s.NewRow("x")
			row.Values[0] = "field"
			row.Content, row.ContentType, row.Body, row.ContentLength = true, "text/plain", []byte(content), int64(len(content))
			o, err := s.Encode(row, nil, true)
			require.NoError(t, err)
			require.Equal(t, content, string(o.Body))
			require.Equal(t, "text/plain", o.ContentType)
			back, err := s.Decode("k", "x", o.Object, nil)
			require.NoError(t, err)
			require.True(t, back.Content, "%s %q", b, content)
			require.False(t, back.Stamped)
			has, sure := s.HeadContent(objstore.Info{Metadata: o.Metadata, Size: int64(len(o.Body)), ContentType: o.ContentType})
			require.True(t, has && sure)
			require.Equal(t, "field", back.Values[0])
			back.Values[0] = "changed"
			o, err = s.Encode(back, nil, false)
			require.NoError(t, err)
			require.Equal(t, content, string(o.Body))
		}
	}
}

// TestContentTakesTheBody: fields that do not fit beside content are refused, whatever
// the behavior would do with them alone.
func TestContentTakesTheBody(t *testing.T) {
	for b, want := range map[s3db.Behavior]pgerr.Code{s3db.UserManaged: pgerr.ProgramLimitExceeded, s3db.EnforceLimits: pgerr.ProgramLimitExceeded,
		s3db.BodyOverflow: pgerr.ProgramLimitExceeded, s3db.BodyOnly: pgerr.ProgramLimitExceeded, s3db.TruncateData: ""} {
		s := ownAs(t, b, rule("one", "string|optional"))
		row := s.NewRow("x")
		row.Values[0] = strings.Repeat("x", 3000)
		row.SetContent([]byte("c"))
		o, err := s.Encode(row, nil, true)
		require.Equal(t, want, pgerr.CodeOf(err), b)
		if err == nil { // cut, as its owner asked for
			require.NotEmpty(t, o.Warnings)
			require.Equal(t, "c", string(o.Body))
		}
	}
}

// TestContentOfNoBytes is content still, and its end leaves no mark.
func TestContentOfNoBytes(t *testing.T) {
	s := ownAs(t, s3db.BodyOverflow, rule("one", "string|optional"))
	row := s.NewRow("x")
	row.SetContent([]byte{})
	o, err := s.Encode(row, nil, true)
	require.NoError(t, err)
	back, err := s.Decode("k", "x", o.Object, nil)
	require.NoError(t, err)
	require.True(t, back.Content)
	require.Zero(t, back.ContentLength)
	require.Equal(t, s3db.DefaultContentType, back.ContentType)
	back.SetContent(nil)
	o, err = s.Encode(back, nil, false)
	require.NoError(t, err)
	require.Equal(t, objstore.Metadata{"_v": "v1"}, o.Metadata)
	require.Empty(t, o.ContentType)
}

// TestNeedsBody: a HEAD is enough wherever the row is in the metadata.
func TestNeedsBody(t *testing.T) {
	long := strings.Repeat("x", 3000)
	for _, c := range []struct {
		b          s3db.Behavior
		two        string
		all, short bool // body needed for all columns, for the short one
	}{
		{s3db.UserManaged, "y", false, false}, {s3db.UserManaged, long, true, true},
		{s3db.BodyOverflow, "y", false, false}, {s3db.BodyOverflow, long, true, false},
		{s3db.BodyOnly, "y", true, true}, {s3db.EnforceLimits, "y", false, false},
	} {
		s := ownAs(t, c.b, rule("one", "string|optional"), rule("two", "string|optional"))
		o, err := encodeTexts(s, "x", true, "short", c.two)
		require.NoError(t, err)
		require.Equal(t, c.all, s.NeedsBody(o.Metadata, int64(len(o.Body)), nil), "%s", c.b)
		require.Equal(t, c.short, s.NeedsBody(o.Metadata, int64(len(o.Body)), []bool{true, false}), "%s", c.b)
		if !c.short {
			row, err := s.Decode("k", "x", s3db.Object{Metadata: o.Metadata}, []bool{true, false})
			require.NoError(t, err)
			require.Equal(t, "short", row.Values[0])
		}
	}
}

// TestExtraFields: what the definition does not declare survives our updates.
func TestExtraFields(t *testing.T) {
	for _, b := range []s3db.Behavior{s3db.UserManaged, s3db.BodyOverflow} {
		s := ownAs(t, b, rule("one", "string|optional"))
		md := objstore.Metadata{"_v": "v1", "0": "x", "notdeclared": "b:bnVsbA==", "other": "null", "_contentlength": "0", "_etag": `"x"`, "id": "x"}
		row, err := s.Decode("k", "x", s3db.Object{Metadata: md}, nil)
		require.NoError(t, err)
		row.Values[0] = "y"
		o, err := s.Encode(row, []bool{true}, false)
		require.NoError(t, err)
		require.Equal(t, objstore.Metadata{"_v": "v1", "0": "y", "notdeclared": "b:bnVsbA==", "other": "null"}, o.Metadata)
	}
}

// TestOldVersions: rows of older versions come out in today's shape, and are
// written in it.
func TestOldVersions(t *testing.T) {
	m := s3db.NewManifest(noon)
	r, err := m.Create("t", build(t, rule("name", "string"), rule("age", "number|optional"), rule("gone", "string|optional")), noon)
	require.NoError(t, err)
	v1 := objstore.Metadata{"_v": "v1", "0": "A", "1": "1C.05", "2": "old"}
	_, err = r.SetDefinition(build(t, rule("city", "string|optional"), rule("age", "string|optional"), rule("name", "string")), noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", s3db.Options{})
	require.NoError(t, err)
	row, err := s.Decode("k", "x", s3db.Object{Metadata: v1}, nil)
	require.NoError(t, err)
	require.Equal(t, "v1", row.Version)
	require.Equal(t, []any{nil, "100.05", "A"}, row.Values, "age was a number and is a text now")
	set := make([]bool, len(s.Columns))
	set[s.Column("city")] = true
	row.Values[s.Column("city")] = "Bern"
	o, err := s.Encode(row, set, false)
	require.NoError(t, err)
	require.Equal(t, objstore.Metadata{"_v": "v2", "0": "A", "1": "100.05", "3": "Bern"}, o.Metadata, "the removed attribute is gone")

	_, err = r.SetDefinition(build(t, rule("age", "number|integer|optional")), noon)
	require.NoError(t, err)
	s, err = s3db.Open(m, "t", s3db.Options{})
	require.NoError(t, err)
	_, err = s.Decode("k", "x", s3db.Object{Metadata: v1}, nil)
	require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err), "100.05 is no bigint")
}

// TestSeedWrites: a resource of 6.2 is written in its own form.
func TestSeedWrites(t *testing.T) {
	const manifest = `{"version":"1","s3dbVersion":"latest","resources":{"t":{"currentVersion":"v0","versions":{"v0":{"behavior":"BEHAVIOR",
		"attributes":{"name":"string|optional","n":"number|optional","ok":"boolean|optional","tags":"array|items:string|optional","at":"date|optional"}}}}}}`
	at, err := types.ByOID(types.TimestamptzOID).In(types.DefaultEnv(), "2024-01-15 10:30:45.123+00", -1)
	require.NoError(t, err)
	values := []any{"abc", 100.5, true, texts("a", "b|c"), at}
	for _, b := range []s3db.Behavior{s3db.UserManaged, s3db.BodyOverflow, s3db.BodyOnly} {
		m, err := s3db.ParseManifest([]byte(strings.Replace(manifest, "BEHAVIOR", string(b), 1)))
		require.NoError(t, err)
		s, err := s3db.Open(m, "t", s3db.Options{})
		require.NoError(t, err)
		require.Equal(t, s3db.EraSeed, s.Era)
		row := s.NewRow("x")
		copy(row.Values, values)
		o, err := s.Encode(row, nil, true)
		require.NoError(t, err)
		if b == s3db.UserManaged {
			require.Equal(t, objstore.Metadata{"_v": "v0", "0": "abc", "1": "2s.i", "2": "1", "3": `a|b\|c`, "4": `"2024-01-15T10:30:45.123Z"`}, o.Metadata)
		}
		back, err := s.Decode("k", "x", o.Object, nil)
		require.NoError(t, err)
		require.Equal(t, row.Values, back.Values)

		row.Values[0] = "日本"
		o, err = s.Encode(row, nil, true)
		if b == s3db.UserManaged {
			require.Equal(t, pgerr.UntranslatableCharacter, pgerr.CodeOf(err))
			continue
		}
		require.NoError(t, err)
		require.Contains(t, string(o.Body), "日本")
		back, err = s.Decode("k", "x", o.Object, nil)
		require.NoError(t, err)
		require.Equal(t, row.Values, back.Values)
	}
	wrongEra, err := s3db.ParseManifest([]byte(strings.Replace(manifest, "BEHAVIOR", "user-managed", 1)))
	require.NoError(t, err)
	s, err := s3db.Open(wrongEra, "t", s3db.Options{})
	require.NoError(t, err)
	_, err = s.Decode("k", "x", s3db.Object{Metadata: objstore.Metadata{"_v": "v0", "1": "1C"}}, nil)
	require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
	require.Contains(t, pgerr.As(err).Hint, "newer")
}

// TestChangedBehavior: a row is read by the behavior that it was written with, whatever
// today's is, and written by today's.
func TestChangedBehavior(t *testing.T) {
	all := []s3db.Behavior{s3db.UserManaged, s3db.EnforceLimits, s3db.TruncateData, s3db.BodyOverflow, s3db.BodyOnly}
	for _, from := range all {
		for _, to := range all {
			for _, two := range []string{"short", strings.Repeat("x", 3000)} {
				changeBehavior(t, from, to, two)
			}
		}
	}
}

func changeBehavior(t *testing.T, from, to s3db.Behavior, two string) {
	of := func(b s3db.Behavior) *s3db.Definition {
		d := build(t, rule("one", "string|optional"), rule("two", "string|optional"))
		d.Behavior = b
		return d
	}
	m := s3db.NewManifest(noon)
	r, err := m.Create("t", of(from), noon)
	require.NoError(t, err)
	before, err := s3db.Open(m, "t", options(nil))
	require.NoError(t, err)
	o, err := encodeTexts(before, "x", true, "one", two)
	if err != nil || len(o.Warnings) > 0 && from == s3db.TruncateData {
		return
	}
	_, err = r.SetDefinition(of(to), noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", options(nil))
	require.NoError(t, err)
	head := o.Object
	if !s.NeedsBody(o.Metadata, int64(len(o.Body)), nil) {
		head.Body = nil
	}
	row, err := s.Decode("k", "x", head, nil)
	require.NoError(t, err, "%s to %s", from, to)
	require.Equal(t, []any{"one", two}, row.Values, "%s to %s", from, to)
	require.False(t, row.Content)

	row, err = s.Decode("k", "x", o.Object, nil)
	require.NoError(t, err)
	_, err = s.Encode(row, []bool{true, false}, false)
	if to == s3db.EnforceLimits && len(two) > 2000 {
		require.Equal(t, pgerr.ProgramLimitExceeded, pgerr.CodeOf(err))
		return
	}
	require.NoError(t, err)
}
