package interop

import (
	"strings"
)

// value is one value of a SQL type and what s3db.js must read of it.
type value struct {
	sql string // a literal of the type
	js  any
}

// column is a column of the tables that both sides read, with its values.
type column struct {
	name, typ string
	values    []value
}

// columns has every type. What JavaScript's numbers can't hold exactly travels as
// text: bigint, numeric, microseconds. Texts that are JSON objects or arrays
// come out of s3db.js as these (s3db-format.md, trap 3).
var columns = []column{
	{"flag", "boolean", []value{{"true", true}, {"false", false}}},
	{"small", "smallint", []value{{"0", 0.0}, {"-32768", -32768.0}}},
	{"number", "integer", []value{{"2147483647", 2147483647.0}, {"-1", -1.0}, {"62", 62.0}}},
	{"big", "bigint", []value{{"9007199254740993", "9007199254740993"}, {"-9223372036854775808", "-9223372036854775808"}, {"7", "7"}}},
	{"single", "real", []value{{"1.5", 1.5}, {"0.1", 0.1}, {"-3.4028235e38", -3.4028235e38}}},
	{"double", "float8", []value{{"0", 0.0}, {"0.1", 0.1}, {"-0.5", -0.5}, {"100.05", 100.05}, {"3.141592653589793", 3.141592653589793},
		{"1e-7", 1e-7}, {"1.5e-7", 1.5e-7}, {"5e-324", 5e-324}, {"1e15", 1e15}, {"1e21", 1e21}, {"1.5e22", 1.5e22}, {"1.7976931348623157e308", 1.7976931348623157e308},
		{"123456789.123456", 123456789.123456}, {"9007199254740991", 9007199254740991.0}}},
	{"exact", "numeric", []value{{"123456789012345678901234567890.123456789", "123456789012345678901234567890.123456789"},
		{"0.10", "0.10"}, {"-7", "-7"}, {"0", "0"}, {"NaN", "NaN"}}},
	{"price", "numeric(10,2)", []value{{"12.3", "12.30"}, {"-99999999.99", "-99999999.99"}}},
	{"label", "varchar(20)", []value{{"vc", "vc"}}},
	{"code", "char(5)", []value{{"c", "c    "}}},
	{"day", "date", []value{{"2024-01-15", "2024-01-15"}, {"1969-12-31", "1969-12-31"}}},
	{"clock", "time", []value{{"10:30:45.123456", "10:30:45.123456"}, {"00:00:00", "00:00:00.000"}}},
	{"local", "timestamp", []value{{"2024-01-15 10:30:45.123456", "2024-01-15T10:30:45.123456"}}},
	{"moment", "timestamptz", []value{{"2024-01-15 10:30:45.123456+00", "2024-01-15T10:30:45.123456Z"},
		{"2024-01-15 10:30:45+02", "2024-01-15T08:30:45.000Z"}, {"1969-12-31 23:59:59.999999+00", "1969-12-31T23:59:59.999999Z"}}},
	{"span", "interval", []value{{"1 mon 2 days 03:04:05.6", "1 mon 2 days 03:04:05.6"}}},
	{"ident", "uuid", []value{{"550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000"}}},
	{"bytes", "bytea", []value{{`\x00ff41`, "AP9B"}, {`\x`, ""}}},
	{"addr", "inet", []value{{"10.0.0.1", "10.0.0.1"}, {"2001:db8::1/64", "2001:db8::1/64"}}},
	{"net", "cidr", []value{{"10.0.0.0/8", "10.0.0.0/8"}}},
	{"mac", "macaddr", []value{{"00:1b:44:11:3a:b7", "00:1b:44:11:3a:b7"}}},
	{"place", "point", []value{{"(1,2.5)", "(1,2.5)"}}},
	{"doc", "jsonb", []value{{`{"a": 1, "n": {"x": [1, null, "é日"]}}`, object{"a": 1.0, "n": object{"x": []any{1.0, nil, "é日"}}}},
		{`[1, "two", null]`, []any{1.0, "two", nil}}, {`"plain"`, "plain"}, {"5", 5.0}, {"true", true}, {"{}", object{}}, {"[]", []any{}},
		{`"{\"a\":1}"`, object{"a": 1.0}}, {`""`, ""}}},
	{"raw", "json", []value{{`{"b": [1.50, 2]}`, object{"b": []any{1.5, 2.0}}}}},
	{"words", "text[]", []value{{`{a,b}`, []any{"a", "b"}}, {"{}", []any{}}, {`{""}`, []any{""}}, {`{a|b,"c\\d","","null","é日",NULL}`, []any{"a|b", `c\d`, "", "null", "é日", nil}}}},
	{"counts", "integer[]", []value{{"{1,-62,2147483647}", []any{1.0, -62.0, 2147483647.0}}, {"{}", []any{}}, {"{1,NULL}", []any{1.0, nil}}}},
	{"ratios", "float8[]", []value{{"{0.5,-1e-7,3}", []any{0.5, -1e-7, 3.0}}}},
	{"flags", "boolean[]", []value{{"{t,f}", []any{true, false}}}},
	{"moments", "timestamptz[]", []value{{`{"2024-01-15 10:30:45.123456+00"}`, []any{"2024-01-15T10:30:45.123456Z"}}}},
	{"docs", "jsonb[]", []value{{`{"{\"a\": 1}","[2]"}`, []any{object{"a": 1.0}, []any{2.0}}}}},
	{"body", "text", texts()},
}

// texts are the awkward ones: words of the text layer, its prefixes, spaces that
// HTTP trims, what no header can carry, and what looks like something else.
func texts() []value {
	out := []value{
		{`{"a":1}`, object{"a": 1.0}}, {"[1,2]", []any{1.0, 2.0}}, {"[object Object]", object{}},
		{"{not json", "{not json"}, {"[oops", "[oops"},
	}
	for _, s := range []string{
		"hello world", "", " ", "  lead and trail  ", "\t", "null", "undefined", "true", "NaN", "123", "007", "1e5", `"quoted"`,
		"é", "naïve café", "日本語", "a long ascii text with one 日 sign in it", "👋🌍🚀", "שלום", "e\u0301", "\ufeffx", "a\u00a0b", "\u0085",
		"line1\nline2", "a\tb", "a\r\nb", "bell\u0007here", "x\u007fy",
		"u:abc", "u:", "b:abc", "b:", "b:aGk=", "d:j", "d:zzz", "z:abc", "z85:abc", "$5", "^abc", "~x",
		"completed", "failed", "font/woff2", "application/json", "https://www.example.org/a?b=c", "https://example.org/日本", "https://example.org/café",
		"/api/v1/users", "/v1/x", "http://localhost:8080/x",
		"a|b|c", `a\b\|c`, "100% sure %20", `'single' "double"`, "../../etc", "2024-01-15T10:30:45.123Z",
	} {
		out = append(out, value{s, s})
	}
	return out
}

// long is text that no metadata can hold: it goes to the body. The library trims
// what it writes.
var long = strings.TrimSpace(strings.Repeat("long text, 日本 é ", 400))
