package interop

import (
	"math"
	"strings"
)

// kind is one of s3db.js's rules, and what a field of it may hold.
type kind struct {
	name    string
	rule    any    // as the library takes it: text, or a nested object
	fields  string // of a nested object, as CREATE RESOURCE takes them
	since21 bool
	secret  bool // in a table of its own, as each row of it takes a key derivation
	samples []sample
}

// sample is a value as the library writes and reads it, and as SQL does.
type sample struct {
	class class
	js    any
	sql   string
	by    program // the only one that can write and keep it; "" both
}

// class says what a value is there for.
type class string

const (
	ordinary class = "ordinary"
	empty    class = "empty"
	null     class = "null"
	unicode  class = "unicode"
	limit    class = "limit" // the largest, smallest or most awkward of its kind
)

// program is a side of the interplay.
type program string

const (
	sql program = "sql"
	js  program = "js"
)

// none is SQL's null among texts.
const none = "\x00"

// nothing is null on both sides.
var nothing = sample{null, nil, none, ""}

// kinds has every rule of both versions of the library but those that the library itself
// breaks (s3db-format.md, section 6: date, buffer, bits, any with objects), and passwords,
// which TestPasswordsBothWays compares.
var kinds = []kind{
	{name: "string_", rule: "string|optional", samples: append(strings_(), nothing)},
	{name: "email_", rule: "email|optional", samples: []sample{{ordinary, "ana@example.org", "ana@example.org", ""}, nothing}},
	{name: "url_", rule: "url|optional", samples: []sample{{ordinary, "https://example.org/a?b=c", "https://example.org/a?b=c", ""}, nothing}},
	{name: "number_", rule: "number|optional", samples: []sample{{ordinary, 1.5, "1.5", ""}, {ordinary, -100.05, "-100.05", ""}, {empty, 0.0, "0", ""},
		{limit, math.MaxFloat64, "1.7976931348623157e+308", ""}, {limit, 5e-324, "5e-324", sql}, {limit, 1e-7, "1e-07", sql}, {limit, 1e21, "1e+21", ""},
		{limit, 9007199254740991.0, "9.007199254740991e+15", ""}, {limit, -9007199254740991.0, "-9.007199254740991e+15", ""}, nothing}},
	{name: "whole", rule: "number|integer|optional", samples: []sample{{ordinary, 62.0, "62", ""}, {ordinary, -1.0, "-1", ""}, {empty, 0.0, "0", ""},
		{limit, 9007199254740991.0, "9007199254740991", ""}, {limit, -9007199254740991.0, "-9007199254740991", ""}, nothing}},
	{name: "flag", rule: "boolean|optional", samples: []sample{{ordinary, true, "t", ""}, {empty, false, "f", ""}, {null, nil, none, sql}}},
	{name: "words", rule: "array|items:string|optional", samples: []sample{{ordinary, []any{"a", "b"}, "{a,b}", ""}, {empty, []any{}, "{}", ""},
		{unicode, []any{"é", "日本", "👋"}, "{é,日本,👋}", ""}, {limit, []any{"a|b", `c\d`, "", "null"}, `{a|b,"c\\d","","null"}`, ""}, nothing}},
	{name: "marks", rule: "array|items:number|optional", samples: []sample{{ordinary, []any{1.0, -2.5, 62.0}, "{1,-2.5,62}", ""}, {empty, []any{}, "{}", ""},
		{limit, []any{9007199254740991.0, 0.0}, "{9.007199254740991e+15,0}", ""}, nothing}},
	{name: "json_", rule: "json|optional", samples: documents_()},
	{name: "object_", rule: "object|optional", samples: documents_()},
	{name: "nested", rule: object{"city": "string|optional", "geo": object{"lat": "number|optional", "tags": "array|items:string|optional"}},
		fields: "city 'string|optional', geo (lat 'number|optional', tags 'array|items:string|optional')", samples: []sample{
			{ordinary, object{"city": "Rio", "geo": object{"lat": -22.5, "tags": []any{"x"}}}, `{"geo": {"lat": -22.5, "tags": ["x"]}, "city": "Rio"}`, ""},
			{unicode, object{"city": "São Paulo 日本"}, `{"city": "São Paulo 日本"}`, ""}, {empty, object{"city": ""}, `{"city": ""}`, ""}}},
	{name: "hidden", secret: true, rule: "secret|optional", samples: []sample{{ordinary, "s3cret", "s3cret", ""}, {empty, "", "", ""}, {unicode, "naïve 日本 👋", "naïve 日本 👋", ""},
		{limit, strings.Repeat("k", 200), strings.Repeat("k", 200), ""}, nothing}},
	{name: "deep", secret: true, rule: object{"token": "secret|optional"}, fields: "token 'secret|optional'", samples: []sample{{ordinary, object{"token": "né"}, `{"token": "né"}`, ""}}},
	{name: "money_", rule: "money|optional", samples: []sample{{ordinary, 19.99, "19.99", ""}, {empty, 0.0, "0.00", ""}, {limit, 90071992547409.0, "90071992547409.00", ""}, nothing}},
	{name: "crypto_", rule: "crypto|optional", samples: []sample{{ordinary, 0.00000001, "0.00000001", ""}, {empty, 0.0, "0.00000000", ""}, nothing}},
	{name: "decimal_", rule: "decimal:4|optional", samples: []sample{{ordinary, 3.1416, "3.1416", ""}, {ordinary, -2.5, "-2.5000", ""}, {empty, 0.0, "0.0000", ""}, nothing}},
	{name: "lat", rule: "geo:lat|optional", samples: []sample{{ordinary, -23.550519, "-23.550519", ""}, {empty, 0.0, "0", ""}, {limit, 90.0, "90", ""}, {limit, -90.0, "-90", ""}, nothing}},
	{name: "lon", rule: "geo:lon|optional", samples: []sample{{ordinary, -46.633309, "-46.633309", ""}, {limit, 180.0, "180", ""}, {limit, -180.0, "-180", ""}, nothing}},
	{name: "addr4", rule: "ip4|optional", samples: []sample{{ordinary, "192.168.1.10", "192.168.1.10", ""}, {limit, "0.0.0.0", "0.0.0.0", ""}, {limit, "255.255.255.255", "255.255.255.255", ""}, nothing}},
	{name: "addr6", rule: "ip6|optional", samples: []sample{{ordinary, "2001:db8::ff00:42:8329", "2001:db8::ff00:42:8329", ""}, {limit, "::1", "::1", ""}, nothing}},
	{name: "ident", rule: "uuid|optional", samples: []sample{{ordinary, "550e8400-e29b-41d4-a716-446655440000", "550e8400-e29b-41d4-a716-446655440000", ""},
		{limit, "ffffffff-ffff-4fff-bfff-ffffffffffff", "ffffffff-ffff-4fff-bfff-ffffffffffff", ""}, nothing}},

	{name: "moment", rule: "datetime|optional", since21: true, samples: []sample{{ordinary, "2024-01-15T10:30:45.123Z", "2024-01-15 10:30:45.123+00", ""},
		{limit, "1969-12-31T23:59:59.999Z", "1969-12-31 23:59:59.999+00", ""}, {limit, "1970-01-01T00:00:00.000Z", "1970-01-01 00:00:00+00", ""}, nothing}},
	{name: "day", rule: "dateonly|optional", since21: true, samples: []sample{{ordinary, "2024-02-29", "2024-02-29", ""}, {limit, "1969-12-31", "1969-12-31", ""}, nothing}},
	{name: "mac_", rule: "mac|optional", since21: true, samples: []sample{{ordinary, "00:1b:44:11:3a:b7", "00:1b:44:11:3a:b7", ""}, {limit, "ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff", ""}, nothing}},
	{name: "net", rule: "cidr|optional", since21: true, samples: []sample{{ordinary, "10.0.0.0/8", "10.0.0.0/8", ""}, {limit, "0.0.0.0/0", "0.0.0.0/0", ""}, {limit, "192.168.0.1/32", "192.168.0.1/32", ""}, nothing}},
	{name: "release", rule: "semver|optional", since21: true, samples: []sample{{ordinary, "12.345.678", "12.345.678", ""}, {empty, "0.0.0", "0.0.0", ""}, nothing}},
	{name: "phone_", rule: "phone|optional", since21: true, samples: []sample{{ordinary, "+5511999887766", "+5511999887766", ""}, nothing}},
	{name: "color_", rule: "color|optional", since21: true, samples: []sample{{ordinary, "#ff8800", "#ff8800", ""}, {empty, "#000000", "#000000", ""}, nothing}},
	{name: "span", rule: "duration|optional", since21: true, samples: []sample{{ordinary, "P1DT2H3M4.500S", "1 day 02:03:04.5", ""}, {empty, "PT0S", "00:00:00", ""}, nothing}},
	{name: "ean_", rule: "ean|optional", since21: true, samples: []sample{{ordinary, "4006381333931", "4006381333931", ""}, {limit, "96385074", "96385074", ""}, nothing}},
	{name: "cron_", rule: "cron|optional", since21: true, samples: []sample{{ordinary, "*/5 * * * *", "*/5 * * * *", ""}, nothing}},
	{name: "locale_", rule: "locale|optional", since21: true, samples: []sample{{ordinary, "pt-BR", "pt-BR", ""}, nothing}},
	{name: "currency_", rule: "currency|optional", since21: true, samples: []sample{{ordinary, "USD", "USD", ""}, nothing}},
	{name: "country_", rule: "country|optional", since21: true, samples: []sample{{ordinary, "BR", "BR", ""}, nothing}},
}

// strings_ are the awkward texts of values_test.go. The library trims what it writes, takes
// the words null and undefined for these, has two words of its dictionary under one letter,
// and refuses or loses some (s3db-format.md, traps 4 and 5): these only SQL can write.
func strings_() []sample {
	out := []sample{{ordinary, "hello", "hello", ""}, {empty, "", "", ""}, {limit, strings.Repeat("x", 1200), strings.Repeat("x", 1200), ""}}
	for _, v := range texts() {
		s := sample{unicode, v.js, v.sql, ""}
		if strings.TrimSpace(v.sql) != v.sql || strings.HasPrefix(v.sql, "https://example.org/") || v.sql == "null" || v.sql == "undefined" || v.sql == "\ufeffx" || v.sql == "\u0085" || v.sql == "font/woff2" {
			s.by = sql
		}
		if _, text := v.js.(string); !text {
			s.by = sql // the library's validator wants text
		}
		out = append(out, s)
	}
	return out
}

func documents_() []sample {
	return []sample{{ordinary, object{"a": 1.0, "n": object{"x": []any{1.0, nil}}}, `{"a": 1, "n": {"x": [1, null]}}`, ""}, {empty, object{}, `{}`, ""},
		{unicode, object{"é": "日本 👋"}, `{"é": "日本 👋"}`, ""}, nothing}
}
