package gen

// Type is a type by its SQL name.
type Type string

// The types that expressions have.
const (
	Int         Type = "int4"
	Small       Type = "int2"
	Big         Type = "int8"
	Numeric     Type = "numeric"
	Float       Type = "float8"
	Text        Type = "text"
	Varchar     Type = "varchar"
	Bool        Type = "bool"
	Date        Type = "date"
	Time        Type = "time"
	Timestamp   Type = "timestamp"
	Timestamptz Type = "timestamptz"
	Interval    Type = "interval"
	JSON        Type = "jsonb"
	UUID        Type = "uuid"
	Bytea       Type = "bytea"
	Ints        Type = "int4[]"
	Texts       Type = "text[]"
)

// Types of columns, the simpler first.
var Types = []Type{Int, Text, Bool, Numeric, Big, Date, Timestamp, Float, JSON, Small, Varchar, Interval, Timestamptz,
	Time, UUID, Bytea, Ints, Texts}

func (t Type) letter() string {
	switch t {
	case Ints:
		return "ai"
	case Texts:
		return "at"
	case Timestamptz:
		return "tz"
	case Interval:
		return "iv"
	}
	return string(t[0])
}

// sortsAsText says that equal values of the type have the same text, so that an
// order over it leaves nothing open.
func (t Type) sortsAsText() bool {
	switch t {
	case Numeric, Interval, JSON, Float:
		return false
	}
	return true
}

// constants are few for each type, so that rows meet in joins and groups.
var constants = map[Type][]string{
	Int:       {"0", "1", "2", "3", "-1", "7", "42", "100", "-50"},
	Small:     {"0::int2", "1::int2", "2::int2", "-3::int2", "100::int2"},
	Big:       {"0::int8", "1::int8", "2::int8", "-7::int8", "3000000000"},
	Numeric:   {"0.0", "1.0", "1.50", "-2.25", "0.001", "12345678901234567890.123", "'NaN'::numeric"},
	Float:     {"0::float8", "1::float8", "1.5::float8", "-0.25::float8", "1024::float8", "'Infinity'::float8", "'NaN'::float8"},
	Text:      {"'a'", "''", "'b'", "'abc'", "'Hello World'", "'äöü'", "'a%b_c'", "' x '", "'10'"},
	Varchar:   {"'a'::varchar", "'b'::varchar", "'Zed'::varchar", "''::varchar"},
	Bool:      {"true", "false"},
	Date:      {"'2024-01-01'::date", "'2024-02-29'::date", "'1999-12-31'::date", "'2000-01-01'::date"},
	Time:      {"'00:00'::time", "'12:34:56.789'::time", "'23:59:59'::time"},
	Timestamp: {"'2024-01-01 00:00:00'::timestamp", "'2024-02-29 12:34:56.789'::timestamp", "'1999-12-31 23:59:59'::timestamp"},
	Timestamptz: {"'2024-01-01 00:00:00+00'::timestamptz", "'2024-06-15 12:00:00+02'::timestamptz",
		"'1970-01-01 00:00:00+00'::timestamptz"},
	Interval: {"'1 day'::interval", "'2 hours'::interval", "'1 mon -3 days'::interval", "'0'::interval", "'24:00:00'::interval"},
	JSON: {`'{"a": 1}'::jsonb`, `'[]'::jsonb`, `'[1, 2, "x"]'::jsonb`, `'{"a": {"b": [1, null]}, "c": "t"}'::jsonb`, `'null'::jsonb`,
		`'"s"'::jsonb`, `'1.50'::jsonb`, `'{}'::jsonb`},
	UUID:  {"'00000000-0000-0000-0000-000000000001'::uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid"},
	Bytea: {`'\x'::bytea`, `'\x00ff'::bytea`, `'\x616263'::bytea`},
	Ints:  {"'{}'::int4[]", "'{1,2,3}'::int4[]", "'{1,NULL}'::int4[]"},
	Texts: {"'{}'::text[]", "'{a,b}'::text[]", "'{a,NULL,\"c d\"}'::text[]"},
}

func literal(c *Choices, t Type) string { return pick(c, constants[t]) }
