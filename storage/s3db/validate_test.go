package s3db_test

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

func rule(name, text string) s3db.ColumnSpec { return s3db.ColumnSpec{Name: name, Rule: text} }

func texts(elems ...any) *types.Array { return types.NewArray(types.ByOID(types.TextOID), elems) }

func floats(elems ...any) *types.Array { return types.NewArray(types.ByOID(types.Float8OID), elems) }

func jsonb(t *testing.T, s string) *types.JSON {
	t.Helper()
	j, err := types.ParseJSONB(s)
	require.NoError(t, err)
	return j
}

func numeric(t *testing.T, s string) types.Numeric {
	t.Helper()
	n, err := types.ParseNumeric(s)
	require.NoError(t, err)
	return n
}

// TestRules: what fastest-validator 1.19 accepts and refuses.
func TestRules(t *testing.T) {
	type bad map[any]string // value → failing rule, "" for none
	for text, cases := range map[string]bad{
		"string|min:2|max:4":             {"a": "min", "ab": "", "abcd": "", "abcde": "max", "👋": "", "👋👋👋": "max"},
		"string|length:3":                {"ab": "length", "abc": ""},
		"string|min:1|empty:true":        {"": ""},
		"string|empty:false":             {"": "empty", " ": "empty", " a ": ""},
		"string|pattern:^[a-z]+$":        {"abc": "", "aBc": "pattern"},
		"string|contains:@":              {"a@b": "", "ab": "contains"},
		"string|alphanum":                {"a1": "", "a-1": "alphanum"},
		"string|alphadash":               {"a-1_": "", "a 1": "alphadash"},
		"string|alpha":                   {"abc": "", "a1": "alpha"},
		"string|numeric":                 {"-1.5": "", "1e5": "numeric"},
		"string|hex":                     {"00ff": "", "0": "hex", "zz": "hex"},
		"string|base64":                  {"YQ==": "", "YQ": "base64"},
		"string|singleLine":              {"a": "", "a\nb": "singleLine"},
		"email":                          {"a.b+c@example.org": "", "nope": "email", "": "empty"},
		"email|mode:precise":             {"a@b.co": "", "a@b.c": "email"},
		"url":                            {"https://example.org/p": "", "ftp://x": "url"},
		"number|min:1|max:3":             {1.0: "", 3.0: "", 0.5: "min", 3.5: "max"},
		"number|positive":                {0.1: "", 0.0: "positive", -1.0: "positive"},
		"number|negative":                {-0.1: "", 0.0: "negative"},
		"number|integer|positive":        {int64(7): "", int64(0): "positive"},
		"number|equal:5":                 {5.0: "", 6.0: "equal"},
		"number|notEqual:5":              {6.0: "", 5.0: "notEqual"},
		"money":                          {numeric(t, "19.99"): "", numeric(t, "-0.01"): "min"},
		"money|min:-5":                   {numeric(t, "-5"): "", numeric(t, "-5.01"): "min"},
		"array|items:string|min:1|max:2": {texts("a"): "", texts(): "min", texts("a", "b", "c"): "max"},
		"array|items:string|unique":      {texts("a", "b"): "", texts("a", "a"): "unique"},
		"array|items:number|length:2":    {floats(1.0, 2.0): "", floats(1.0): "length"},
		"array|items:number|contains:2":  {floats(1.0, 2.0): "", floats(1.0): "contains"},
		"array|items:string|empty:false": {texts("a"): "", texts(): "empty"},
		"luhn":                           {"4111 1111 1111 1111": "", "4111111111111112": "luhn"},
		"semver":                         {"1.2.3": "", "1.2": "semver"},
		"country":                        {"BR": "", "BRA": "country"},
		"ean":                            {"4006381333931": "", "123": "ean"},
		"cron":                           {"*/5 * * * *": "", "0 1,2 3-4 * 5/2": "", "* * * *": "cron"},
		"secret|min:8":                   {"12345678": "", "1234": "min"},
		"string|unknownRule:5":           {"x": ""},
	} {
		s := own(t, []s3db.ColumnSpec{rule("val", text)})
		for v, want := range cases {
			row := s.NewRow("id")
			row.Values[0] = v
			vs, err := s.Validate(row, nil)
			require.NoError(t, err)
			got := ""
			if len(vs) > 0 {
				got = vs[0].Rule
				require.Equal(t, "val", vs[0].Attribute)
				require.Contains(t, vs[0].Message, "'val'")
			}
			require.Equal(t, want, got, "%s: %v", text, v)
		}
	}
}

func TestEveryViolationIsTold(t *testing.T) {
	s := own(t, []s3db.ColumnSpec{
		rule("name", "string|min:3"), rule("mail", "email"), rule("age", "number|optional|min:18"), rule("nick", "string|nullable"),
		{Name: "profile", Children: []s3db.ColumnSpec{rule("city", "string"), rule("zip", "string|length:4|optional"), rule("n", "number|optional")}},
	})
	row := s.NewRow("x")
	row.Values[s.Column("name")] = "ab"
	row.Values[s.Column("age")] = 17.0
	row.Values[s.Column("profile")] = jsonb(t, `{"zip":"123","n":"many"}`)
	vs, err := s.Validate(row, nil)
	require.NoError(t, err)
	var got []string
	for _, v := range vs {
		got = append(got, v.Attribute+" "+v.Rule)
	}
	require.Equal(t, []string{"name min", "mail required", "age min", "profile.city required", "profile.zip length", "profile.n number"}, got)

	e := pgerr.As(s.ViolationError(vs))
	require.Equal(t, pgerr.NotNullViolation, e.Code)
	require.Equal(t, `null value in column "mail" of relation "t" violates not-null constraint`, e.Message)
	require.Len(t, strings.Split(e.Detail, "\n"), len(vs))
	require.Equal(t, pgerr.CheckViolation, pgerr.CodeOf(s.ViolationError(vs[:1])))
	require.NoError(t, s.ViolationError(nil))

	// a nested object may be missing as a whole, and a column alone is checked alone
	row.Values[s.Column("profile")] = nil
	set := make([]bool, len(s.Columns))
	set[s.Column("profile")] = true
	vs, err = s.Validate(row, set)
	require.NoError(t, err)
	require.Empty(t, vs)
}

func TestObjectFormRules(t *testing.T) {
	m, err := s3db.ParseManifest([]byte(`{"version":"1","s3dbVersion":"21.6.2","resources":{"t":{"currentVersion":"v1","schemaRegistry":{"nextIndex":0,"mapping":{},"burned":[]},
	 "versions":{"v1":{"behavior":"body-only","attributes":{
	  "color":{"type":"enum","values":["red","green"]},
	  "n":{"type":"number","min":1,"optional":true,"messages":{"numberMin":"too small"}},
	  "list":{"type":"array","optional":true,"items":{"type":"object","props":{"a":"string|min:2","b":"number|optional"}}},
	  "no":{"type":"string","optional":false}
	 }}}}}}`))
	require.NoError(t, err)
	s, err := s3db.Open(m, "t", s3db.Options{})
	require.NoError(t, err)
	row := s.NewRow("x")
	row.Values[s.Column("color")] = "blue"
	row.Values[s.Column("n")] = 0.5
	row.Values[s.Column("list")] = jsonb(t, `[{"a":"xx"},{"a":"x","b":"no"},{},3]`)
	vs, err := s.Validate(row, nil)
	require.NoError(t, err)
	var got []string
	for _, v := range vs {
		got = append(got, v.Attribute+" "+v.Rule)
	}
	require.Equal(t, []string{"color values", "n min", "list[1].a min", "list[1].b number", "list[2].a required", "list[3] object", "no required"}, got)
	require.Equal(t, "too small", vs[1].Message)
}

// TestPatterns: a pattern is a JavaScript regular expression.
func TestPatterns(t *testing.T) {
	for pattern, cases := range map[string]map[string]bool{
		`^(?=.*\d)(?!.*x).{3,}$`: {"ab1": true, "abc": false, "ab1x": false},
		`^(.)\1$`:                {"aa": true, "ab": false},
		`^..$`:                   {"👋": true, "é": false}, // two UTF-16 units
		`^👋+$`:                   {"👋": true, "👍": false},
		`^/a/[^]b$`:              {"/a/\nb": true, "/a/b": false},
		`^(a+)+$`:                {strings.Repeat("a", 40) + "b": false}, // gives up in time
	} {
		s := openAttributes(t, `{"v":{"type":"string","pattern":`+strconv.Quote(pattern)+`}}`)
		for text, want := range cases {
			require.Equal(t, want, verdict(t, s, `{"v":`+strconv.Quote(text)+`}`) == nil, "%s: %s", pattern, text)
		}
	}
	require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(s3db.CheckRule("a", "string|pattern:(")))
}

func TestDefaultsAndSanitizing(t *testing.T) {
	s := own(t, []s3db.ColumnSpec{
		rule("str", "string|default:dflt"), rule("num", "number|default:7"), rule("flag", "boolean|default:true"), rule("int", "number|integer|default:3"),
		rule("list", "array|items:string|optional"), rule("clean", "string|trim|lowercase|optional"), rule("padded", "string|padStart:5|padChar:0|optional"),
		rule("tel", "phone|optional"), rule("col", "color|optional"), rule("ver", "semver|optional"), rule("loc", "locale|optional"), rule("keep", "string|optional"),
		{Name: "obj", Children: []s3db.ColumnSpec{rule("deep", "string|default:d"), rule("up", "string|uppercase|optional")}},
	})
	row := s.NewRow("x")
	set := func(c string, v any) { row.Values[s.Column(c)] = v }
	set("clean", "  ABC ")
	set("padded", "42")
	set("tel", "55 (11) 99988-7766")
	set("col", "#F57")
	set("ver", "v01.2.3")
	set("loc", "pt_br")
	set("keep", "  kept ")
	set("obj", jsonb(t, `{"up":"x"}`))
	require.NoError(t, s.ApplyDefaults(row))
	require.NoError(t, s.Sanitize(row, nil))
	for c, want := range map[string]any{"str": "dflt", "num": 7.0, "flag": true, "int": int64(3), "list": nil, "clean": "abc", "padded": "00042",
		"tel": "+5511999887766", "col": "#ff5577", "ver": "1.2.3", "loc": "pt-BR", "keep": "  kept "} {
		require.Equal(t, want, row.Values[s.Column(c)], c)
	}
	require.Equal(t, `{"up": "X", "deep": "d"}`, row.Values[s.Column("obj")].(*types.JSON).String())
	vs, err := s.Validate(row, nil)
	require.NoError(t, err)
	require.Empty(t, vs)
	require.False(t, math.IsNaN(row.Values[s.Column("num")].(float64)))
}
