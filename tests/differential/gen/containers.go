package gen

var jsonGrammar = grammar{
	"start": {"SELECT «j»", "SELECT «j»::text", "SELECT «b»", "SELECT «t»", "SELECT * FROM «set»", "SELECT «pathfn»", "SELECT «set»", "SELECT «pathfn»"},
	"j": {"«lit»::jsonb", "«j» || «j»", "«j» - «key»", "«j» - «int»", "«j» #- «keys»", "«j» -> «key»", "«j» -> «int»", "«j» #> «keys»", "jsonb_set(«j», «keys», «j»)", "jsonb_set(«j», «keys», «j», false)", "jsonb_insert(«j», «keys», «j»)", "jsonb_insert(«j», «keys», «j», true)",
		"jsonb_set_lax(«j», «keys», NULL, true, '«lax»')", "jsonb_strip_nulls(«j»)", "jsonb_build_object(«key», «val», 'z', «j»)", "jsonb_build_array(«val», «j»)", "to_jsonb(«val»)", "jsonb_object('{a,1,b,NULL}')", "jsonb_object(ARRAY[«key»], ARRAY['v'])", "jsonb_path_query_array(«j», «path»)", "jsonb_path_query_first(«j», «path»)", "«j» - ARRAY[«key», 'b']", "(«j»)[«key»]", "(«j»)[«int»]", "row_to_json(ROW(«val», «val»))::jsonb", "array_to_json(ARRAY[1,2])::jsonb", "json_strip_nulls(«lit»::json)::jsonb", "(SELECT jsonb_agg(x) FROM jsonb_array_elements('[3,1,2]') x)", "(SELECT jsonb_object_agg(k, v) FROM (VALUES ('a', 1), ('b', NULL)) t(k, v))"},
	"b":      {"«j» @> «j»", "«j» <@ «j»", "«j» ? «key»", "«j» ?| ARRAY[«key», 'b']", "«j» ?& ARRAY[«key», 'b']", "«j» = «j»", "«j» < «j»", "«j» >= «j»", "«j» @? «path»", "«j» @@ «path»", "jsonb_path_exists(«j», «path», «vars», «bool»)", "jsonb_path_match(«j», «path», «vars», «bool»)"},
	"t":      {"«j» ->> «key»", "«j» ->> «int»", "«j» #>> «keys»", "jsonb_typeof(«j»)", "json_typeof(«lit»::json)", "jsonb_array_length(«j»)", "jsonb_pretty(«j»)", "«lit»::json ->> «key»", "«lit»::json #>> «keys»", "(«j»)::int", "(«j»)::numeric", "(«j»)::bool", "(«j»)::float8", "«lit»::json -> «int»", "json_array_length(«lit»::json)", "json_build_object(«key», «val»)", "json_build_array(«val», «val»)", "to_json(«val»)", "row_to_json(ROW(«val», «val»), true)", "json_object('{a,1,b,2}')", "array_to_json(ARRAY[«val»], true)"},
	"set":    {"jsonb_each(«j»)", "jsonb_each_text(«j»)", "jsonb_array_elements(«j»)", "jsonb_array_elements_text(«j»)", "jsonb_object_keys(«j»)", "jsonb_path_query(«j», «path»)", "json_each(«lit»::json)", "json_array_elements(«lit»::json)", "json_object_keys(«lit»::json)", "jsonb_path_query(«j», «path», «vars», «bool»)", "json_each_text(«lit»::json)"},
	"pathfn": {"jsonb_path_query_array(«lit»::jsonb, '«p»')", "jsonb_path_query_first(«lit»::jsonb, '«p»', «vars»)", "jsonb_path_exists(«lit»::jsonb, '«p»')", "'«p»'::jsonpath", "jsonb_path_query_array(«lit»::jsonb, '«mode»«p»', «vars», «bool»)"},
	"path":   {"'«p»'", "'strict «p»'"},
	"mode":   {"", "lax ", "strict "},
	"p":      {"«pe»", "«pe»", "«pe» ? («pred»)", "«pe» «pop» «pe»", "- «pe»", "«pred»", "(«pe»).«meth»()", "«pe» ? («pred»).«meth»()"},
	"pe":     {"$", "$.a", "$.b", "$[*]", "$.*", "$[0]", "$.a[*]", "$[0 to 1]", "$[last]", "$.**", "$.**{1}", "$.a.b", "1", "\"x\"", "$.«meth»()", "$v", "$[last - 1]", "$.**{1 to 2}.b", "$.\"a b\"", "null", "1.5", "$[*].a", "$.keyvalue()", "$[0, 2]", "true"},
	"pred":   {"@ > 1", "@.a == 1", "@ == «scalar»", "exists(@.b)", "@ like_regex \"^a\"", "@ starts with \"x\"", "@.a > 0 && @.b < 5", "!(@ > 1)", "(@ > 1) is unknown", "@.type() == \"number\"", "$ > 1", "@ != null", "@ <= $v", "@ like_regex \"A\" flag \"i\"", "@.a == 1 || @ == 2", "@ < \"b\"", "@.a like_regex \"(\""},
	"scalar": words(`1 "x" null true 2 1.5`),
	"pop":    words("+ - * / %"),
	"meth":   words("type size double ceiling floor abs keyvalue datetime"),
	"vars":   {"'{}'", "'{\"v\": 1}'", "'{\"v\": \"x\"}'", "'[1]'", "'{\"v\": [1,2]}'"},
	"bool":   {"false", "true"},
	"lit": quoted(lines(`
{"a": 1, "b": 2}
[1, 2, 3]
{}
[]
null
"x"
1.50
{"a": [1, 2, {"b": null}], "b": {"c": "d"}}
[{"a": 1}, {"a": "2"}, {"b": [true]}]
[[1, 2], [3]]
"2024-02-29"
{"a": {"b": {"c": [1, "a", null]}}}
["a", "b", "abc", 1, null, true]
[1e3, -0.0, 1.000, 12345678901234567890]
{"a b": "é", "": 0}
-5
true
`)),
	"key":  {"'a'", "'b'", "'c'", "'x'", "''", "'0'", "NULL", "'a b'"},
	"keys": {"'{a}'", "'{0}'", "'{a,b}'", "'{a,0}'", "'{}'", "'{-1}'", "'{b,c,d}'", "'{a,2,b}'", "'{1,NULL}'", "'{x}'", "'{a,-5}'", "'{a,99}'"},
	"int":  words("0 1 -1 2 5 -5"),
	"lax":  words("use_json_null raise_exception delete_key return_target nope"),
	"val":  {"1", "'x'::text", "NULL", "true", "1.50", "ARRAY[1,NULL]", "'2024-01-01'::date", "'2024-01-01 12:00'::timestamp", "'{\"z\":1}'::json", "ROW(1,'b')", "'2024-01-01 12:00+02'::timestamptz", "'Infinity'::float8", "'1 day'::interval", "'\\x00'::bytea", "0.1::float4", "'NaN'::numeric", "'infinity'::date", "ARRAY[[1,2],[3,4]]", "''::text", "'a\"b\\c'::text", "'{}'::int[]"},
}

func (g *Gen) json() Script { return single(g.write(jsonGrammar, "start")) }

var arrayGrammar = grammar{
	"start": {"SELECT «a»", "SELECT «n»", "SELECT «b»", "SELECT * FROM «set»", "SELECT «ta»", "SELECT «set»"},
	"a":     {"«lit»::int[]", "«a» || «a»", "«a» || «i»", "«i» || «a»", "array_append(«a», «i»)", "array_prepend(«i», «a»)", "array_cat(«a», «a»)", "array_remove(«a», «i»)", "array_replace(«a», «i», «i»)", "(«a»)[«s»:«s»]", "(«a»)[:«s»]", "(«a»)[«s»:]", "ARRAY[«i», «i»]", "ARRAY[«a», «a»]", "(«a»)[«s»:«s»][1:1]", "array_fill(«i», ARRAY[«s»])", "array_fill(«i», ARRAY[«s», 2], ARRAY[«s», 0])", "array_positions(«a», «i»)", "trim_array(«a», «s»)", "ARRAY(SELECT generate_series(1, «s»))", "(SELECT array_agg(x ORDER BY x DESC) FROM unnest(«a») x)", "nullif(«a», «a»)", "(«a»)[:]", "string_to_array('1,2,,3', ',', '')::int[]", "(SELECT array_agg(y) FROM (VALUES («lit»::int[]), («lit»::int[])) t(y))"},
	"ta":    {"«tlit»::text[]", "«a»::text[]", "array_to_string(«tlit»::text[], '|', '*')", "array_to_string(«a», ',')", "«tlit»::text[] || 'x'::text", "«tlit»::varchar(2)[]", "array_remove(«tlit»::text[], NULL)", "(«a»)::numeric(4,1)[]", "«tlit»::char(3)[]", "string_to_array('a b  c', «sep», «sep»)"},
	"n":     {"array_length(«a», «s»)", "cardinality(«a»)", "array_ndims(«a»)", "array_dims(«a»)", "array_lower(«a», «s»)", "array_upper(«a», «s»)", "array_position(«a», «i»)", "array_position(«a», «i», «s»)", "(«a»)[«s»]", "(«a»)[«s»][«s»]", "num_nulls(VARIADIC «a»)", "width_bucket(«i», «a»)", "(SELECT count(*) FROM unnest(«a»))", "greatest(«a», «a»)", "(«a»)[1][1:2]", "coalesce(«a», «a»)"},
	"b":     {"«a» = «a»", "«a» < «a»", "«a» @> «a»", "«a» <@ «a»", "«a» && «a»", "«i» = ANY («a»)", "«i» < ALL («a»)", "«i» <> ALL («a»)", "«a» IS DISTINCT FROM «a»", "«a» IS NULL", "«a» >= «a»", "«i» > SOME («a»)"},
	"set":   {"unnest(«a»)", "generate_subscripts(«a», «s»)", "unnest(«a», «tlit»::text[]) AS t(x, y)", "generate_subscripts(«a», 1, true)", "unnest(«a») WITH ORDINALITY"},
	"lit": quoted(lines(`
{}
{1,2,3}
{1,NULL,3}
{{1,2},{3,4}}
[0:2]={5,6,7}
[-1:0][2:3]={{1,2},{3,4}}
{3,1,2,1}
{{{1},{2}}}
{NULL}
`)),
	"tlit": quoted(lines(`
{}
{a,b}
{a,NULL,"c d","x,y"}
{{a,b},{"",NULL}}
[2:3]={x,"\"q\""}
{null,"NULL",abc}
`)),
	"i":   words("1 2 0 NULL -1 3 7"),
	"s":   words("1 2 0 -1 3 4"),
	"sep": {"' '", "''", "NULL", "'b'"},
}

func (g *Gen) array() Script { return single(g.write(arrayGrammar, "start")) }

var numberGrammar = grammar{
	"start": {"SELECT «n»", "SELECT «f»", "SELECT «i»", "SELECT «n»::numeric(«p»,«sc»)", "SELECT «f»::«it»", "SELECT «n»::«it»", "SELECT «n» «cmp» «f»", "SELECT «i» «cmp» «n»", "SELECT «i»::«it»", "SELECT «bits»", "SELECT «n»::float8", "SELECT «f»::numeric"},
	"n":     {"«num»", "«n» + «n»", "«n» - «n»", "«n» * «n»", "«n» / «n»", "«n» % «n»", "round(«n», «sc»)", "trunc(«n», «sc»)", "round(«n»)", "ceil(«n»)", "floor(«n»)", "abs(«n»)", "sign(«n»)", "sqrt(«n»)", "exp(«n»)", "ln(«n»)", "log(«n»)", "log(«n», «n»)", "power(«n», «n»)", "«n» ^ «n»", "div(«n», «n»)", "mod(«n», «n»)", "trim_scale(«n»)", "min_scale(«n»)::numeric", "scale(«n»)::numeric", "gcd(«n», «n»)", "lcm(«n», «n»)", "- «num»", "factorial(«small»)", "width_bucket(«n», «n», «n», 5)::numeric", "«i»::numeric", "(SELECT avg(x) FROM (VALUES («n»), («n»)) t(x))", "(SELECT stddev(x) FROM (VALUES («n»), («n»), («n»)) t(x))", "(SELECT sum(x) FROM (VALUES («n»), («n»)) t(x))"},
	"f":     {"«flt»", "«f» + «f»", "«f» - «f»", "«f» * «f»", "«f» / «f»", "round(«f»)", "trunc(«f»)", "ceil(«f»)", "floor(«f»)", "abs(«f»)", "sign(«f»)", "sqrt(«f»)", "cbrt(«f»)", "«f»::float4", "«f»::float4::float8", "degrees(«f»)", "radians(«f»)", "width_bucket(«f», «f», «f», 4)", "- «flt»", "greatest(«f», «f»)", "(SELECT sum(x) FROM (VALUES («f»), («f»)) t(x))", "«i»::float8", "(SELECT avg(x) FROM (VALUES («f»), («f»)) t(x))", "float8 '«txt»'", "float4 '«txt»'"},
	"i":     {"«int»", "«i» + «i»", "«i» - «i»", "«i» * «i»", "«i» / «i»", "«i» % «i»", "abs(«i»)", "«i» & «i»", "«i» | «i»", "«i» # «i»", "~ «int»", "«i» << «small»", "«i» >> «small»", "gcd(«i», «i»)", "lcm(«i», «i»)", "«i»::int8", "«i»::int2", "- «int»", "mod(«i», «i»)", "div(«i», «i»)::int8", "bit_count(«i»::bit(32))", "(SELECT sum(x) FROM (VALUES («i»), («i»)) t(x))", "«i»::int4", "to_hex(«i»)::text"},
	"bits":  {"B'«b»' & B'«b»'", "B'«b»' || B'«b»'", "~ B'«b»'", "B'«b»' << «small»", "substring(B'«b»' from «small» for 2)", "B'«b»'::int", "«i»::bit(8)", "length(B'«b»')", "get_bit(B'«b»', «small»)", "set_bit(B'«b»', «small», 1)", "B'«b»' < B'«b»'", "overlay(B'«b»' placing B'«b»' from «small»)", "position(B'«b»' in B'«b»')", "B'«b»'::bit(3)", "B'«b»'::varbit(2)"},
	"b":     words("1010 0 1111 10101010 1 0011"),
	"num":   words("0.0 1.5 -2.25 1e10 1e-10 123456789.987654321 'NaN'::numeric 'Infinity'::numeric '-Infinity'::numeric 0.5 2.5 -0.5 1e100 99999999999999999999 1.000 3 1e-30 0.1 1e1000 -7 100.00"),
	"flt":   words("0::float8 1.5::float8 -2.25::float8 1e300::float8 1e-300::float8 'NaN'::float8 'Infinity'::float8 '-Infinity'::float8 0.1::float8 -0.0::float8 2.5::float8 0.5::float8 1e15::float8 123456789.123::float8 '-0'::float8"),
	"int":   words("0 1 -1 7 100 32767::int2 -32768::int2 2147483647 -2147483648 9223372036854775807 (-9223372036854775808) 3::int2 5::int8 12 -12 1000000"),
	"small": words("0 1 2 5 31 32 33 63 64 -1 20 170"),
	"sc":    words("0 2 -2 5 -5 20 1000 -1000 1 -1 2000 -3000 16383 -131072"),
	"p":     words("5 10 1 38 1000 0"),
	"it":    words("int4 int2 int8 float4 text numeric bool oid"),
	"cmp":   words("= < >= <>"),
	"txt":   numberTexts,
}

func (g *Gen) number() Script { return single(g.write(numberGrammar, "start")) }
