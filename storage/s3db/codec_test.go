package s3db_test

import (
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/passhash"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// sqlTexts are values of SQL types as PostgreSQL's text, that must come back
// exactly from a column of CREATE TABLE.
var sqlTexts = map[types.OID][]string{
	types.TextOID:         {"", " padded ", "null", "undefined", "{\"a\":1}", "[1]", "日本 👋", "d:x", "a|b\\c", "tab\t\n", "=?utf-8?"},
	types.VarcharOID:      {"x", ""},
	types.BpcharOID:       {"x   "},
	types.BoolOID:         {"true", "false"},
	types.Int2OID:         {"0", "-32768", "32767"},
	types.Int4OID:         {"0", "-2147483648", "2147483647", "62"},
	types.Int8OID:         {"0", "-9223372036854775808", "9223372036854775807", "9007199254740993"},
	types.Float4OID:       {"0.1", "NaN", "Infinity", "-Infinity", "1e-45", "3.4028235e+38", "-0"},
	types.Float8OID:       {"0.1", "1e-7", "NaN", "Infinity", "-Infinity", "5e-324", "1.7976931348623157e+308", "-0", "1e21"},
	types.NumericOID:      {"0", "1.50", "-0.000000000000000000001", "123456789012345678901234567890.10", "NaN", "Infinity"},
	types.ByteaOID:        {`\x`, `\x00ff10`},
	types.UUIDOID:         {"550e8400-e29b-41d4-a716-446655440000"},
	types.JSONOID:         {`{"b": 1,  "a":2}`, `"null"`, "null", "123", `"x"`},
	types.JSONBOID:        {`{"a": [1, null, "x"]}`, "null", `"null"`, `"undefined"`, `"123"`, `""`, `"{}"`, "1.50", "true", "[]", "{}"},
	types.TextArrayOID:    {"{}", "{a,NULL,\"\",\"NULL\"}", "{{a,b},{c,d}}", "[2:3]={x,y}", `{"a|b","c\\d","{}"}`},
	types.Int8ArrayOID:    {"{9223372036854775807,-1}"},
	types.Float8ArrayOID:  {"{1.5,NaN,-0}"},
	types.BoolArrayOID:    {"{t,NULL,f}"},
	types.NumericArrayOID: {"{1.10,2}"},
	types.DateOID:         {"2024-02-29", "0044-03-15 BC", "infinity", "99999-01-01"},
	types.TimeOID:         {"00:00:00", "23:59:59.999999", "24:00:00"},
	types.TimestampOID:    {"2024-01-15 10:30:45.123456", "infinity", "-infinity", "0044-03-15 00:00:00 BC"},
	types.TimestamptzOID:  {"2024-01-15 10:30:45.123+00", "1969-12-31 23:59:59.999999+00", "infinity"},
	types.IntervalOID:     {"1 year 2 mons 3 days 04:05:06.789", "-1 days +00:00:01"},
	types.InetOID:         {"192.168.0.1", "10.0.0.0/8", "::1"},
	types.TimetzOID:       {"10:30:45.5+02"},
	types.OidOID:          {"4294967295"},
	types.NameOID:         {"name"},
	types.BitOID:          {"101"},
}

// TestSQLTypesComeBack: in every behavior, through metadata and bodies.
func TestSQLTypesComeBack(t *testing.T) {
	for oid, values := range sqlTexts {
		ty := types.Builtin().ByOID(oid)
		if ty == nil || ty.In == nil {
			t.Logf("type %d is not registered yet", oid)
			continue
		}
		for _, b := range []s3db.Behavior{s3db.BodyOverflow, s3db.BodyOnly, s3db.UserManaged} {
			s := ownAs(t, b, sqlColumn("val", oid), s3db.ColumnSpec{Name: "obj", Children: []s3db.ColumnSpec{sqlColumn("leaf", oid)}})
			require.Equal(t, oid, s.Columns[0].Type.OID)
			for _, text := range values {
				v, err := ty.In(types.DefaultEnv(), text, -1)
				require.NoError(t, err, "%s %s", ty.Name, text)
				want := string(ty.Out(types.DefaultEnv(), nil, v))
				row := s.NewRow("x")
				row.Values[0] = v
				o, err := s.Encode(row, nil, true)
				require.NoError(t, err, "%s %s", ty.Name, text)
				for _, h := range o.Metadata {
					require.Equal(t, strings.TrimSpace(h), h)
				}
				back, err := s.Decode("k", "x", o.Object, nil)
				require.NoError(t, err, "%s %s %v", ty.Name, text, o.Metadata)
				require.NotNil(t, back.Values[0], "%s %s", ty.Name, text)
				require.Equal(t, want, string(ty.Out(types.DefaultEnv(), nil, back.Values[0])), "%s in %s: %v %s", ty.Name, b, o.Metadata, o.Body)
				require.Equal(t, o.Stamp, back.Stamp)
			}
		}
	}
}

func ownAs(t *testing.T, b s3db.Behavior, cols ...s3db.ColumnSpec) *s3db.Schema {
	t.Helper()
	m := s3db.NewManifest(noon)
	def, exact, err := s3db.BuildDefinition(s3db.TableSpec{Columns: cols, Behavior: b})
	require.NoError(t, err)
	_, err = m.Create("t", def, noon)
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", options(exact))
	require.NoError(t, err)
	return s
}

// TestNestedLeaves: a nested object is one jsonb column and its leaves are
// columns of their own; both ways of setting them agree.
func TestNestedLeaves(t *testing.T) {
	s := ownAs(t, s3db.BodyOverflow, s3db.ColumnSpec{Name: "profile", Children: []s3db.ColumnSpec{
		rule("bio", "string|optional"), rule("age", "number|optional"),
		{Name: "address", Children: []s3db.ColumnSpec{rule("city", "string|optional"), rule("tags", "array|items:string|optional")}},
	}})
	col := func(n string) int { require.GreaterOrEqual(t, s.Column(n), 0, n); return s.Column(n) }
	for _, text := range []string{
		`{"bio": "B", "age": 42, "address": {"city": "Bern", "tags": ["a", "b|c"]}}`, `{}`, `{"address": {}}`,
		`{"bio": null}`, `{"age": 0}`, `{"address": {"city": null}}`,
	} {
		row := s.NewRow("x")
		row.Values[col("profile")] = jsonb(t, text)
		o, err := s.Encode(row, nil, true)
		require.NoError(t, err)
		back, err := s.Decode("k", "x", o.Object, nil)
		require.NoError(t, err)
		require.Equal(t, jsonb(t, text).String(), back.Values[col("profile")].(*types.JSON).String(), "%v", o.Metadata)
	}

	row := s.NewRow("x")
	row.Values[col("profile")] = jsonb(t, `{"bio":"B","age":42}`)
	o, err := s.Encode(row, nil, true)
	require.NoError(t, err)
	back, err := s.Decode("k", "x", o.Object, make([]bool, len(s.Columns)))
	require.NoError(t, err)
	require.Nil(t, back.Values[col("profile")], "nothing was wanted")
	set := make([]bool, len(s.Columns))
	set[col("profile.address.city")] = true
	back.Values[col("profile.address.city")] = "Rio"
	o, err = s.Encode(back, set, false)
	require.NoError(t, err)
	back, err = s.Decode("k", "x", o.Object, nil)
	require.NoError(t, err)
	require.Equal(t, `{"age": 42, "bio": "B", "address": {"city": "Rio"}}`, back.Values[col("profile")].(*types.JSON).String())
	require.Equal(t, "Rio", back.Values[col("profile.address.city")])
	require.Equal(t, 42.0, back.Values[col("profile.age")])

	for _, bad := range []string{`{"extra":1}`, `[1]`, `{"age":"many"}`, `{"address":5}`} {
		row.Values[col("profile")] = jsonb(t, bad)
		_, err := s.Encode(row, nil, true)
		require.Equal(t, pgerr.CheckViolation, pgerr.CodeOf(err), bad)
	}
}

// TestRefusedValues: what an s3db.js type has no form for is an error, not
// another value.
func TestRefusedValues(t *testing.T) {
	for text, values := range map[string][]any{
		"array|items:string": {texts(""), texts("a", nil), &types.Array{Elem: types.ByOID(types.TextOID), Dims: []types.Dim{{Len: 1, Lower: 1}, {Len: 1, Lower: 1}}, Elems: []any{"x"}}},
		"number|integer":     {int64(1<<53 + 1), int64(math.MaxInt64), int64(math.MinInt64 + 1)},
		"money":              {numeric(t, "1.001"), numeric(t, "NaN"), numeric(t, "1e20")},
		"decimal:4":          {numeric(t, "0.00001")},
		"secret":             {"null", "undefined"},
		"geo:lat":            {90.5, math.NaN()},
		"any":                {jsonb(t, `"[1]"`)},
		"array":              {jsonb(t, `{}`)},
		"embedding:2":        {types.NewArray(types.ByOID(types.Float4OID), []any{float32(math.NaN())})},
		"duration":           {types.Interval{Months: 1}, types.Interval{Micros: -1000}, types.Interval{Micros: 1}},
		"datetime":           {int64(1), int64(math.MaxInt64)},
	} {
		s := own(t, []s3db.ColumnSpec{rule("val", text)})
		for _, v := range values {
			row := s.NewRow("x")
			row.Values[0] = v
			_, err := s.Encode(row, nil, true)
			require.Error(t, err, "%s %v", text, v)
			require.Contains(t, []string{"22", "54"}, pgerr.CodeOf(err).Class(), "%s %v: %v", text, v, err)
		}
	}
}

func TestSecrets(t *testing.T) {
	s := ownAs(t, s3db.BodyOverflow, rule("pw", "secret|optional"), rule("name", "string|optional"))
	row := s.NewRow("x")
	row.Values[0], row.Values[1] = "hunter2 é", "n"
	o, err := s.Encode(row, nil, true)
	require.NoError(t, err)
	require.NotContains(t, o.Metadata["0"], "hunter2")
	back, err := s.Decode("k", "x", o.Object, nil)
	require.NoError(t, err)
	require.Equal(t, "hunter2 é", back.Values[0])

	// an update of another column keeps the stored text, as it is
	set := []bool{false, true}
	back.Values[1] = "m"
	again, err := s.Encode(back, set, false)
	require.NoError(t, err)
	require.Equal(t, o.Metadata["0"], again.Metadata["0"])

	wrong := options(nil)
	wrong.Secrets = s3db.NewSecrets("wrong", wrong.Rand)
	for _, opt := range []s3db.Options{wrong, {}} {
		s := reopen(t, opt, rule("pw", "secret|optional"), rule("name", "string|optional"))
		_, err = s.Decode("some/key", "x", o.Object, nil)
		require.Equal(t, pgerr.InvalidPassword, pgerr.CodeOf(err))
		require.Contains(t, pgerr.As(err).Detail, "some/key")
		row, err := s.Decode("k", "x", o.Object, []bool{false, true})
		require.NoError(t, err, "a secret that is not wanted is not opened")
		require.Equal(t, "n", row.Values[1])
	}
}

func TestPasswords(t *testing.T) {
	const form = `[./A-Za-z0-9]{53}$`
	s := ownAs(t, s3db.BodyOverflow, rule("pw", "password|optional"), rule("strong", "password:argon2id|optional"))
	row := s.NewRow("x")
	row.Values[0], row.Values[1] = "MyPassw0rd", "Argon"
	nested, err := s.HashPasswords(row, nil)
	require.NoError(t, err)
	require.Nil(t, nested)
	require.Regexp(t, `^\$c\$`+form, row.Values[0])
	require.Regexp(t, `^\$j\|g\|3\|4\$`, row.Values[1])
	hash := row.Values[0]
	_, err = s.HashPasswords(row, nil)
	require.NoError(t, err)
	require.Equal(t, hash, row.Values[0], "a hash is kept")
	o, err := s.Encode(row, nil, true)
	require.NoError(t, err)
	require.Equal(t, hash, o.Metadata["0"])

	// 19 knows no rounds but its own, and stores none.
	m, err := s3db.ParseManifest([]byte(`{"s3dbVersion":"19.5.10","resources":{"t":{"currentVersion":"v1","versions":{"v1":{"attributes":{"pw":"password","word":"string|contains:password"}}}}}}`))
	require.NoError(t, err)
	s, err = s3db.Open(m, "t", options(nil))
	require.NoError(t, err)
	row = s.NewRow("x")
	row.Values[0], row.Values[1] = "MyPassw0rd", "a password"
	_, err = s.HashPasswords(row, nil)
	require.NoError(t, err)
	require.Regexp(t, `^`+form, row.Values[0])
	require.Equal(t, "a password", row.Values[1], "the word alone hashes nothing")
	ok, err := passhash.Verify("MyPassw0rd", "$2b$10$"+row.Values[0].(string))
	require.NoError(t, err)
	require.True(t, ok)
}

func TestCorruptValues(t *testing.T) {
	s := ownAs(t, s3db.BodyOverflow, rule("num", "number|optional"), rule("int", "number|integer|optional"), rule("day", "dateonly|optional"), rule("name", "string|optional"))
	for short, text := range map[string]string{"0": "a b", "1": "1.5", "2": "x y"} {
		_, err := s.Decode("resource=t/data/id=x", "x", s3db.Object{Metadata: map[string]string{"_v": "v1", short: text, "3": "fine"}}, nil)
		e := pgerr.As(err)
		require.NotNil(t, e, text)
		require.Equal(t, pgerr.DataCorrupted, e.Code)
		require.Contains(t, e.Message, "resource=t/data/id=x")
		require.Contains(t, e.Message, s.Columns[short[0]-'0'].Name)
		row, err := s.Decode("k", "x", s3db.Object{Metadata: map[string]string{"_v": "v1", short: text, "3": "fine"}}, []bool{false, false, false, true})
		require.NoError(t, err)
		require.Equal(t, "fine", row.Values[3])
	}
	_, err := s.Decode("k", "x", s3db.Object{Metadata: map[string]string{"1": "ZZZZZZZZZZZZ"}}, nil)
	require.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
}
