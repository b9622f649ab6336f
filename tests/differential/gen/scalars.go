package gen

// A scalar script is one expression over constants: its errors do not depend on the
// order of evaluation.

// numberTexts and the others are what a type's input may be given, odd ones among
// them.
var (
	numberTexts = words(`0 1 -1 42 -0 +5 32767 32768 -32768 -32769 2147483647 2147483648 -2147483648 9223372036854775807
		9223372036854775808 -9223372036854775808 1.5 2.5 0.5 -0.5 -1.5 -2.5 .5 1. 1e3 1e-3 1.5e2 NaN nan Infinity -inf inf 1e38 1e39 1e308 1e309
		1e-45 1e-46 1e-323 1e-324 99999.995 123.456 -123.455 12345678901234567890.123456789 0.1 0.30000000000000004 1e131071 1e-16383
		0x1A 1_000 -- +-1 1e 1e+ 1.2.3 abc . e5 3.4028235e38 16777217 0.000001 0.0000001 123456789012345.6 1234567890123456.7 1e15 1e16 1e21`)
	boolTexts = words("t f true false TRUE tru yes y no n on of off o 1 0 2 T maybe")
	dateTexts = append(lines(`
2024-02-29
2023-02-29
0001-01-01
0001-01-01 BC
4713-01-01 BC
4714-11-24 BC
4714-11-23 BC
5874897-12-31
5874898-01-01
294276-12-31 23:59:59.999999
294277-01-01 00:00
infinity
-infinity
epoch
January 8, 1999
Jan 8 99 04:05
1/8/1999
13/8/1999
1/18/1999
990108
19990108
1999.008
J2451187
08-Jan-99
99-Jan-08
1999-Jan-08
1999-01-08 04:05:06
1999-01-08T04:05:06.789Z
20240102T030405
2024-01-01 24:00:00
2024-01-01 24:00:01
2024-01-01 23:59:60
2024-01-01 23:60:00
2024-06-15 12:00:00+02
2024-06-15 12:00:00-0730
2024-06-15 12:00:00+15:59:59
2024-06-15 12:00:00+16
2024-06-15 12:00:00 Europe/Berlin
2024-06-15 12:00:00 PST
2024-06-15 12:00:00 EST5EDT
2024-03-31 02:30:00 Europe/Berlin
2024-10-27 02:30:00 Europe/Berlin
1899-12-31 00:00 Europe/Berlin
2024-06-15 12:00:00.1234567
2024-06-15 12:00:00.9999995
12:34:56.789
12:34:56.789+05:30
24:00
24:00:00.1
04:05 PM
12:00 AM
12:30 PM
13:05 PM
040506
04:05:06 America/New_York
2003-04-12 04:05:06 America/New_York
allballs
2024-W01
2024-001
Sat Feb 29 2020
Thu 29 Feb 10:20:30 2024 GMT
1997-02-30
2024-00-10
2024-13-01
2024-1-1
24-1-1
1-1-24
0099-01-01
2024-02-29 BC
x
`), " 2024-01-01 ", "")
	intervalTexts = lines(`
1 day
0
1 year 2 mons
-1 year 2 mons -3 days
P1Y2M3DT4H5M6S
P0001-02-03T04:05:06
P1.5Y
PT36H
P-1M
-1-2 +3 -4:05:06
1.5 months
1.5 days
0.5 years
1 week ago
@ 1 minute 2.5 secs ago
1 day -00:00:01
100:200
1:2:3.4567
12:34:56.1234567
178000000 years
200000000 years
2147483648 days
0.1 decade
3 centuries 2 millennia
1e3 s
1000000000000 us
1.23456789 ms
1 mon -1 hour
-00:00:00.000001
9223372036854775807 us
4:05
1 2:03
1-2
1 y 2 m
3 w
1 fortnight
x
`)
	jsonTexts = lines(`
1
{"a": 1}
[1,2
{"a":1,"a":2,"b":null}
"\u00e9\n"
"\ud83d\ude00"
"\ud800"
"\u0000"
nul
null
true
1e400
[1e-5, 1.500, -0, 0.0]
{"a":[{"b":[]}], "c":{}}
 [ 1 , "x" ] 
{"a":}
"a
{"":""}
01
-
[[],[[]],{}]
{"b":1,"aa":2,"a":3}
`)
	arrayTexts = lines(`
{}
{1,2}
{{1,2},{3,4}}
[0:1]={1,2}
[2:3][-1:0]={{1,2},{3,4}}
{1,NULL}
{"a,b","c\"d",e f}
{{1},{2,3}}
{
{{}}
{a,"",null,"null"}
[2:1]={}
[1:3]={1,2}
 { 1 , 2 } 
{1.5,2.5}
{1,}
{"1"x}
{1}}
`)
	otherTexts = append(lines(`
abc
 abc  
äöü€
\x0aff
\xZZ
\x0
abc\000\\
\
A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11
{a0eebc999c0b4ef8bb6d6bb9bd380a11}
a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11
a0eebc99-9c0b-4ef8-bb6d
192.168.1.5/24
::1
10.0.0.0/8
10.1
192.168.1.5/33
::ffff:1.2.3.4/96
2001:db8::1/64
1.2.3.256
08:00:2b:01:02:03
08002b-010203
0800.2b01.0203
08:00:2b:01:02
16/B374D848
FFFFFFFF/FFFFFFFF
0/G
1010
10101
x1F
B101
(1,2)
( 1.5 , -2e3 )
int4
pg_class
a & b | !c
the quick:1A,2B fox:3
a & (b
integer[]
no_such_name
abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz
`), "")
)

var castGrammar = grammar{
	"start": {"SELECT «text»::«type»", "SELECT «text»::«type»::«type»", "SELECT «value»::«type»", "SELECT «value»::«type»::«type»",
		"SELECT CAST(NULL::«type» AS «type»)", "SELECT pg_typeof(«text»::«type»::«type»)", "SELECT ARRAY[«value»]::«array»", "SELECT «array_text»::«array»::«array»",
		"SELECT «text»::«type» = «text»::«type»", "SELECT «text»::«type»::text = «text»", "SELECT «value» «compare» «value»", "SELECT quote_literal(«value»::«type»)"},
	"compare": {"=", "<", ">=", "<>", "IS DISTINCT FROM"},
	"type": words(`int4 text int8 int2 numeric float8 float4 bool date timestamp timestamptz time timetz interval json jsonb uuid bytea varchar(3) char(5)
		"char" name numeric(5,2) numeric(3,-1) numeric(3,5) oid varchar bpchar time(1) timestamp(0) timestamptz(2) timetz(0) interval(1) bit(4) varbit(5) bit int4[] text[] numeric[] date[]
		bool[] inet cidr macaddr macaddr8 pg_lsn regtype regclass tsvector tsquery point xid regproc json[] float8[] varchar(2)[] timestamp[] unknown`),
	"array":      words("int4[] text[] int8[] numeric[] float8[] date[] timestamp[] bool[] jsonb[] varchar(2)[] int2[] uuid[] interval[] numeric(4,1)[]"),
	"text":       nil,
	"array_text": quoted(arrayTexts),
	"value": append(words("1 1.5 -2.5 100000 3000000000 1e10 true false NULL 0.5::float8 1.5::float4 'NaN'::float8 '-Infinity'::float4 32768::int8 65::int2 -1::int8 123.456::numeric(6,2) 1e20::numeric 'NaN'::numeric"),
		"'abc'::text", "' 12 '::varchar", "'x'::char(3)", "'12'::\"char\"", "'tbl'::name", "'2024-02-29'::date", "'2024-02-29 12:34:56.789'::timestamp", "'2024-02-29 12:34:56+05'::timestamptz",
		"'12:34:56.789'::time", "'12:34:56+02'::timetz", "'1 mon 2 days 03:04:05'::interval", "'infinity'::date", "'-infinity'::timestamp", "'[1,\"a\",null]'::jsonb", "'1.0'::jsonb", "'\"t\"'::jsonb", "'true'::jsonb",
		"'{\"a\":1}'::json", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "'\\x00ff41'::bytea", "B'1010'", "B'11111111111111111111111111111111'", "X'1F'", "'{1,2}'::int4[]", "'{a,NULL}'::text[]", "'10.1.2.3/8'::inet",
		"'10.0.0.0/8'::cidr", "'08:00:2b:01:02:03'::macaddr", "23::oid", "'int4'::regtype", "'a b'::tsvector", "'16/B374D848'::pg_lsn", "ROW(1,'a')", "ROW(1,2)", "ARRAY[1.5,2]", "ARRAY[[1,2],[3,4]]", "(SELECT 1)"),
}

func init() {
	var texts []string
	for _, list := range [][]string{numberTexts, boolTexts, dateTexts, intervalTexts, jsonTexts, arrayTexts, otherTexts} {
		texts = append(texts, quoted(list)...)
	}
	castGrammar["text"] = texts
}

// quoted makes literals of texts.
func quoted(texts []string) []string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = quote(t)
	}
	return out
}

func (g *Gen) cast() Script { return single(g.write(castGrammar, "start")) }
