package gen

// productions are the ways to make an expression of a type out of others: {int4}
// stands for an expression of that type, {=} for the one before once more. The simpler come first. None may fail
// whatever its operands are: divisors are not zero, factors and lengths are bounded.
var productions = map[Type][]string{
	Int: {
		"({int4} + {int4} % 100)", "({int4} % 1000 - {int4} % 1000)", "(({int4} % 1000) * ({int4} % 1000))",
		"({int4} / nullif({int4}, 0))", "({int4} % nullif({int4}, 0))", "(- ({int4} % 1000))", "abs({int4})", "length({text})",
		"octet_length({text})", "strpos({text}, {text})", "ascii({text})", "sign({int4})::int4", "({bool})::int4",
		"greatest({int4}, {int4})", "least({int4}, {int4}, 5)", "coalesce({int4}, {int4})", "nullif({int4}, {int4})",
		"({date} - {date})", "cardinality({int4[]})", "array_length({int4[]}, 1)", "array_position({int4[]}, {int4})",
		"({int4[]})[1]", "({int4[]})[{int4} % 5]", "extract(year from {date})::int4", "date_part('dow', {timestamp})::int4",
		"({int4} & {int4})", "({int4} | {int4})", "({int4} # {int4})", "(~ {int4})", "({int4} % 100 << 3)", "({int2})::int4",
		"width_bucket({int4}, 0, 100, 10)", "position({text} in {text})", "char_length({varchar})", "gcd({int4} % 1000, 12)",
		"({int2} + {int4} % 100)", "array_ndims({int4[]})", "num_nulls({int4}, {text}, {date})", "cardinality({text[]})", "array_upper({int4[]}, 1)", "jsonb_array_length(jsonb_build_array({int4}, {jsonb}))", "octet_length({bytea})", "num_nonnulls({text}, {bool})", "array_length({text[]}, 1)", "scale({numeric})", "strpos(lower({text}), 'b')", "(extract(epoch from {interval}) % 1000)::int4", "bit_count({bytea})::int4", "bit_length({text})",
		"get_byte('\\x0102'::bytea, abs({int4} % 2))", "regexp_count({text}, '[a-z]')", "div({int4}, 7)::int4",
	},
	Small: {"({int2} % 10::int2)", "({int2} / nullif({int2}, 0::int2))", "abs({int2} % 100::int2)", "coalesce({int2}, {int2})",
		"({int4} % 100)::int2", "greatest({int2}, {int2})", "(- ({int2} % 100::int2))"},
	Big: {"({int8} % 1000 + {int4} % 1000)", "({int8} % 1000 * ({int4} % 1000))", "({int4})::int8", "({int8} / nullif({int4}, 0))",
		"abs({int8})", "coalesce({int8}, {int4})", "greatest({int8}, {int4})", "(coalesce(nullif({numeric}, 'NaN'), 5) % 1000)::int8", "mod({int8}, 17)",
		"({int8} & 255)", "(({int8} % 1000) << 2)", "lcm({int8} % 100, 6)"},
	Numeric: {"({numeric} + {numeric})", "({numeric} - {int4})", "({numeric} * 1.5)", "({numeric} / nullif({int4}, 0))",
		"round({numeric}, 2)", "trunc({numeric}, 1)", "ceil({numeric})", "floor({numeric})", "abs({numeric})", "(- {numeric})",
		"({int4})::numeric", "({int8})::numeric", "coalesce({numeric}, {int4})", "greatest({numeric}, {numeric})",
		"({numeric})::numeric(40,3)", "mod({numeric}, 7)", "extract(epoch from {timestamp})", "extract(day from {interval})",
		"sign({numeric})", "round({numeric})", "({numeric} % 3.5)", "({int4} / 3.0)", "extract(second from {time})",
		"trim_scale({numeric})", "scale({numeric})::numeric", "sqrt(abs(({int4})::numeric))"},
	Float: {"({float8} + {int4})", "({float8} * 2)", "({float8} - 0.5::float8)", "({int4})::float8", "abs({float8})", "floor({float8})",
		"ceil({float8})", "round({float8})", "coalesce({float8}, {int4})", "({float8} / nullif(({int4})::float8, 0))", "trunc({float8})",
		"greatest({float8}, {float8})", "sqrt(abs({int4})::float8)", "date_part('hour', {timestamp})", "sign({float8})"},
	Text: {"({text} || {text})", "upper({text})", "lower({text})", "substr({text}, 2)", "left({text}, {int4} % 5)", "right({text}, {int4} % 5)",
		"({int4})::text", "coalesce({text}, {text})", "nullif({text}, {text})", "trim({text})", "replace({text}, 'a', {text})",
		"repeat({text}, abs({int4} % 3))", "reverse({text})", "lpad({text}, abs({int4} % 8), '*')", "rpad({text}, abs({int4} % 8))",
		"split_part({text}, ' ', 1)", "({date})::text", "({numeric})::text", "({bool})::text", "({varchar} || {text})", "md5({text})",
		"initcap({text})", "translate({text}, 'abc', 'xy')", "to_char({date}, 'YYYY-MM-DD Day')", "to_char({int4}, 'FM99990')",
		"to_char({timestamp}, 'HH24:MI:SS.MS')", "concat({text}, {int4}, {bool})", "concat_ws('-', {text}, {int4})",
		"({jsonb} ->> 'a')", "({jsonb} #>> '{a,b}')", "quote_literal({text})", "quote_ident({text})", "format('%s|%I|%L', {int4}, coalesce({text}, ''), {text})",
		"regexp_replace({text}, '[aeiou]', '#', 'g')", "substring({text} from '[a-c]+')", "array_to_string({text[]}, ',', '?')",
		"({text[]})[1]", "overlay({text} placing 'zz' from 2 for 1)", "({interval})::text", "encode({bytea}, 'hex')", "btrim({text}, ' a')",
		"({int4} || {text})", "greatest({text}, {text})", "({jsonb})::text", "jsonb_typeof({jsonb})", "to_char({numeric}, '999,990.99')",
		"({float8})::text", "({timestamp})::text", "substring({text}, 2, 3)", "ltrim({text})", "chr(65 + abs({int4} % 26))", "to_hex({int4})",
		"({int4[]})::text", "encode({bytea}, 'base64')", "pg_typeof({int4})::text", "(CASE WHEN {bool} THEN {int4} END)::text", "jsonb_pretty({jsonb})", "({jsonb} #>> '{}')", "jsonb_path_query_array({jsonb}, '$.*')::text", "normalize({text})", "to_char({interval}, 'DD HH24:MI')", "to_char({timestamptz}, 'YYYY-MM-DD TZ')", "regexp_substr({text}, '[a-z]+')", "regexp_match({text}, '([a-z])(.)')::text", "array_to_string({int4[]}, '+')", "quote_nullable({int4})", "left(sha256({bytea})::text, 10)", "({timestamptz} AT TIME ZONE 'Asia/Tokyo')::text", "format('%5s|%-5s|', {int4}, {text})", "to_char({float8}, '9.99EEEE')"},
	Varchar: {"({text})::varchar", "({varchar})::varchar(3)", "coalesce({varchar}, 'none')"},
	Bool: {"({int4} = {int4})", "({int4} < {int4})", "({text} = {text})", "({text} < {text})", "(NOT {bool})", "({bool} AND {bool})",
		"({bool} OR {bool})", "({int4} IS NULL)", "({text} IS NOT NULL)", "({numeric} > {int4})", "({date} <= {date})", "({text} LIKE 'a%')",
		"({text} ILIKE '%B%')", "({text} ~ '^[a-z]+$')", "({int4} IN (1, 2, {int4}))", "({int4} NOT IN ({int4}, {int4}))",
		"({int4} BETWEEN {int4} AND {int4})", "({int4} IS DISTINCT FROM {int4})", "({text} IS NOT DISTINCT FROM {text})", "({bool} IS TRUE)",
		"({bool} IS NOT FALSE)", "({bool} IS UNKNOWN)", "coalesce({bool}, false)", "({int4} = ANY ({int4[]}))", "({int4} > ALL ({int4[]}))",
		"({jsonb} @> {jsonb})", "({jsonb} ? 'a')", "({timestamp} < {timestamp})", "({interval} > {interval})", "({int8} <> {int4})",
		"({float8} >= {numeric})", "(({int4}, {text}) = ({int4}, {text}))", "(({int4}, {int4}) < ({int4}, {int4}))", "({text} SIMILAR TO '(a|b)%')",
		"({int4[]} @> {int4[]})", "({int4[]} && {int4[]})", "({uuid} = {uuid})", "({time} < {time})", "starts_with({text}, {text})",
		"({text} ~* 'h.*o')", "({text} NOT LIKE '%\\_%')", "({int4[]} = {int4[]})", "({jsonb} = {jsonb})", "({bool} = {bool})",
		"({timestamptz} >= {timestamptz})", "({date} < {timestamp})", "(({int4}, {text}) IS NULL)", "({bytea} < {bytea})",
		"(({date}, {interval}) OVERLAPS ({date}, {interval}))", "({bool} IS DISTINCT FROM {bool})", "({text} = ANY ({text[]}))",
		"({int4} BETWEEN SYMMETRIC {int4} AND {int4})", "({int2} = {int8})", "({jsonb} @? '$.a')", "({jsonb} @@ '$.a == 1')", "({jsonb} ?| ARRAY['a', 'c'])", "({jsonb} <@ {jsonb})", "(({int4}, {text}, {date}) IN (({int4}, {text}, {date}), (1, 'a', NULL)))", "(ROW({int4}, {text}) IS DISTINCT FROM ROW({int4}, {text}))", "({numeric} IN ({int4}, {numeric}))", "({text} BETWEEN {text} AND {text})", "({interval} BETWEEN {interval} AND {interval})", "({date} IN ({date}, {date}))", "({text} COLLATE \"C\" < {text})", "({float8} = {int4})", "({varchar} = {text})", "({int4[]} < {int4[]})", "({uuid} < {uuid})", "({bytea} = {bytea})", "({text} !~ 'a')", "({text} LIKE {text})", "({text[]} <@ {text[]})", "isfinite({date})"},
	Date: {"({date} + {int4} % 1000)", "({date} - {int4} % 1000)", "({timestamp})::date", "coalesce({date}, {date})", "greatest({date}, {date})",
		"make_date(2000 + {int4} % 30, 1 + abs({int4} % 12), 1 + abs({int4} % 28))", "to_date('2024-03-0' || abs({int4} % 9 + 1), 'YYYY-MM-DD')",
		"date_trunc('month', {timestamp})::date"},
	Time: {"({timestamp})::time", "({time} + interval '1 hour')", "coalesce({time}, {time})", "make_time(abs({int4} % 24), 30, 1.5)"},
	Timestamp: {"({date})::timestamp", "({timestamp} + {interval})", "({timestamp} - {interval})", "date_trunc('hour', {timestamp})",
		"date_trunc('month', {timestamp})", "coalesce({timestamp}, {timestamp})", "({date} + {time})", "({timestamptz} AT TIME ZONE 'UTC')",
		"({timestamptz} AT TIME ZONE 'Europe/Berlin')", "date_bin('15 minutes', {timestamp}, '2001-01-01'::timestamp)", "greatest({timestamp}, {date})"},
	Timestamptz: {"({timestamp} AT TIME ZONE 'America/New_York')", "({timestamptz} + {interval})", "coalesce({timestamptz}, {timestamptz})",
		"to_timestamp({int4})", "date_trunc('day', {timestamptz})", "({timestamp})::timestamptz"},
	Interval: {"({timestamp} - {timestamp})", "({interval} + {interval})", "({interval} * ({int4} % 10))", "({interval} / 2)", "(- {interval})",
		"age({timestamp}, {timestamp})", "make_interval(days => {int4} % 100)", "coalesce({interval}, {interval})", "justify_hours({interval})",
		"justify_interval({interval})", "({time} - {time})", "(({int4} % 100) || ' minutes')::interval", "({time})::interval"},
	JSON: {"to_jsonb({int4})", "to_jsonb(({text})::text)", "jsonb_build_object('a', {int4}, 'b', {text})", "jsonb_build_array({int4}, {bool}, {jsonb})",
		"({jsonb} -> 'a')", "({jsonb} -> 0)", "({jsonb} #> '{a,b}')", "coalesce({jsonb}, '{}')", "to_jsonb({date})", "to_jsonb({int4[]})",
		"jsonb_strip_nulls({jsonb})", "to_jsonb({numeric} % 10)", "jsonb_build_object('k', {jsonb})", "(jsonb_build_object('a', {int4}) || {jsonb})",
		"jsonb_set(jsonb_build_object('a', 1), '{a}', coalesce({jsonb}, '0'))", "(jsonb_build_object('a', {text}) - {text})", "to_jsonb({timestamp})",
		"row_to_json(row({int4}, {text}))::jsonb"},
	UUID:  {"coalesce({uuid}, {uuid})", "md5({text})::uuid"},
	Bytea: {"({bytea} || {bytea})", "convert_to({text}, 'UTF8')", "substr({bytea}, 1, 2)", "decode(md5({text}), 'hex')"},
	Ints: {"ARRAY[{int4}, {int4}]", "({int4[]} || {int4})", "array_append({int4[]}, {int4})", "array_remove({int4[]}, {int4})",
		"({int4[]})[1:2]", "coalesce({int4[]}, '{}')", "array_replace({int4[]}, 1, {int4})", "array_fill({int4}, ARRAY[coalesce(abs({int4} % 3), 1)])"},
	Texts: {"ARRAY[{text}, {text}]", "string_to_array({text}, ' ')", "({text[]} || {text})", "array_prepend({text}, {text[]})", "({int4[]})::text[]",
		"regexp_split_to_array({text}, '[ab]')", "coalesce({text[]}, '{}')"},
}

// polymorphic are the ways that any type has: {self} is an expression of it.
var polymorphic = []string{
	"CASE WHEN {bool} THEN {self} ELSE {self} END",
	"coalesce({self}, {self})",
	"CASE {int4} WHEN 1 THEN {self} WHEN {int4} THEN {self} END",
	"nullif({self}, {self})",
}

// aggregates give one value for a group, by the type of that value. None depends
// on the order of the rows.
var aggregates = map[Type][]string{
	Int:         {"min({int4})", "max({int4})", "count(*)::int4", "bit_and({int4})", "bit_or({int4})", "cardinality(array_agg({int4}))"},
	Small:       {"min({int2})", "max({int2})"},
	Big:         {"count(*)", "count({text})", "count(DISTINCT {int4})", "sum({int4})", "sum({int2})", "max({int8})", "count(*) FILTER (WHERE {bool})", "count(DISTINCT {text})"},
	Numeric:     {"sum({numeric})", "avg({int4})", "avg({numeric})", "sum({int8})", "sum(DISTINCT {int4})", "stddev({int4})", "percentile_cont(0.5) WITHIN GROUP (ORDER BY ({int4} % 100)::float8)::numeric", "corr(({int4} % 100)::float8, 2)::numeric", "stddev_samp({numeric})", "var_samp({int8})", "var_pop({int4})", "variance({numeric})"},
	Float:       {"max({int4})::float8", "avg(({int4})::float8)", "sum(({int4} % 100)::float8)"},
	Text:        {"min({text})", "max({text})", "string_agg({text}, ',' ORDER BY {=})", "max({text}) FILTER (WHERE {bool})", "mode() WITHIN GROUP (ORDER BY {bool})::text", "percentile_disc(ARRAY[0.25, 0.5]) WITHIN GROUP (ORDER BY {text})::text", "string_agg(DISTINCT {text}, ';' ORDER BY {=})"},
	Varchar:     {"min({varchar})::varchar", "max({varchar})::varchar"},
	Bool:        {"bool_and({bool})", "bool_or({bool})", "every({bool})", "(count(*) > 1)"},
	Date:        {"min({date})", "max({date})", "percentile_disc(0.5) WITHIN GROUP (ORDER BY {date})"},
	Time:        {"min({time})", "max({time})"},
	Timestamp:   {"min({timestamp})", "max({timestamp})"},
	Timestamptz: {"min({timestamptz})", "max({timestamptz})"},
	Interval:    {"sum({interval})"},
	JSON:        {"jsonb_agg({int4} ORDER BY {=})", "to_jsonb(array_agg({text} ORDER BY {=}))", "to_jsonb(count(*))"},
	UUID:        {"min({uuid}::text)::uuid"},
	Bytea:       {"string_agg({bytea}, '\\x00' ORDER BY {=})"},
	Ints:        {"array_agg({int4} ORDER BY {=})", "array_agg(DISTINCT {int4} ORDER BY {=})", "min({int4[]})"},
	Texts:       {"array_agg({text} ORDER BY {=} DESC)", "array_agg({text} ORDER BY {=} NULLS FIRST) FILTER (WHERE {bool})"},
}

// windows are the window functions that rows of equal order agree on, and those
// that need a total order.
var (
	windows = map[Type][]string{
		Big: {"count(*)", "rank()", "dense_rank()", "sum({int4})", "count({text})"},
		Int: {"min({int4})", "max({int4})"}, Numeric: {"avg({int4})", "sum({numeric})"}, Text: {"max({text})", "min({text})"},
		Float: {"percent_rank()", "cume_dist()"}, Bool: {"bool_or({bool})"}, Date: {"max({date})"},
	}
	orderedWindows = map[Type][]string{
		Big: {"row_number()"}, Int: {"lag({int4})", "lead({int4}, 2)", "first_value({int4})", "ntile(3)", "nth_value({int4}, 2)", "lag({int4}, 1, 0)"},
		Text: {"last_value({text})", "lead({text})", "first_value({text})"}, Date: {"lag({date})"}, Ints: {"array_agg({int4})"},
	}
	frames = []string{"", "ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING", "ROWS UNBOUNDED PRECEDING",
		"ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING",
		"ROWS BETWEEN 1 PRECEDING AND 2 FOLLOWING EXCLUDE CURRENT ROW"}
	peerFrames = []string{"", "RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING", "GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW",
		"RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING", "GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE GROUP"}
)

// tableFunctions are the set-returning functions of FROM, and the types that they
// yield.
var tableFunctions = []struct {
	call  string
	types []Type
}{
	{"generate_series(1, abs({int4} % 4))", []Type{Int}},
	{"unnest({int4[]})", []Type{Int}},
	{"unnest({int4[]}, {text[]})", []Type{Int, Text}},
	{"unnest({text[]}) WITH ORDINALITY", []Type{Text, Big}},
	{"string_to_table({text}, ' ')", []Type{Text}},
	{"regexp_split_to_table({text}, '[ab]')", []Type{Text}},
	{"jsonb_each(jsonb_build_object('k', {int4}, 'l', {text}))", []Type{Text, JSON}},
	{"jsonb_each_text(jsonb_build_object('k', {int4}, 'l', {text}))", []Type{Text, Text}},
	{"jsonb_array_elements(jsonb_build_array({int4}, {text}, {jsonb}))", []Type{JSON}},
	{"jsonb_object_keys(jsonb_build_object('k', {int4}, 'l', 1))", []Type{Text}},
	{"generate_series({timestamp}, {timestamp}, '100 years')", []Type{Timestamp}},
	{"generate_subscripts({int4[]}, 1)", []Type{Int}},
	{"ROWS FROM (unnest({int4[]}), string_to_table({text}, ' '))", []Type{Int, Text}},
}
