package gen

var regexGrammar = grammar{
	"start": {
		"SELECT «str» ~ «re»", "SELECT regexp_replace(«str», «re», «rep»«flagarg»)", "SELECT regexp_match(«str», «re»«flagarg»)", "SELECT regexp_matches(«str», «re», 'g')",
		"SELECT regexp_split_to_array(«str», «re»«flagarg»)", "SELECT substring(«str» from «re»)", "SELECT regexp_count(«str», «re», «pos»)", "SELECT regexp_instr(«str», «re», «pos», «pos», «bit», 'i', «pos»)",
		"SELECT regexp_substr(«str», «re», «pos», «pos», '«flags»', «sub»)", "SELECT regexp_replace(«str», «re», «rep», «pos», «pos», '«flags»')", "SELECT regexp_like(«str», «re», '«flags»')",
		"SELECT «str» SIMILAR TO «sim»", "SELECT substring(«str» similar «simsub» escape '#')", "SELECT «str» LIKE «like»", "SELECT «str» ILIKE «like»", "SELECT «str» LIKE «like» ESCAPE «esc»", "SELECT «str» ~* «re»", "SELECT «str» !~ «re»",
		"SELECT regexp_split_to_table(«str», «re»)", "SELECT «str» NOT SIMILAR TO «sim» ESCAPE «esc»",
	},
	"str": quoted(append(lines(`
abc
aabbcc
Hello World
foo.bar(baz)
a1b22c333
äöü ß
aaaaaaaa
line1
  two  words  
x_y%z
2024-02-29
the quick brown fox
[a]^$|
ab`+"\u00e9"+`c
foobarbequebaz
`), "", "a\nb\nc", "a\\b", "tab\there")),
	"re":      {"'«alt»'", "'«atom»«quant»'", "'^«alt»$'", "'«alt»|«alt»'", "'(?«emb»)«alt»'", "'***=«plain»'", "'***:«alt»'", "'(«alt»)(«alt»)'", "'^«alt»'", "'(«atom»)\\1'", "'(«atom»)«atom»\\1'"},
	"alt":     {"«atom»", "«atom»«quant»", "«atom»«quant»«atom»", "«atom»«atom»«quant»«atom»", "(«alt»)", "(«alt»|«alt»)«quant»", "(?:«alt»)«quant»", "«alt»«look»", "«atom»«quant»«atom»«quant»", "«look»«alt»"},
	"atom":    words(`a b c o . [a-c] [^a] [[:alpha:]] [[:digit:]] \\d \\w \\s \\S \\m \\M \\y [[:space:]x] 1 [0-9] ab x \\. \\x61 \\u0062 [[.a.]] [[=a=]] \\A \\Z ^ $ [a\\]b] [] [a \\D [z-a] [[:<:]] \\q \\B`),
	"quant":   words("+ * ? +? *? {2} {1,2} {2,} {0} {3,1} {1,2}? ?? {,3} {256} ++ {1"),
	"look":    {"(?=b)", "(?!b)", "(?<=a)", "(?<!a)", "(?=«atom»)"},
	"emb":     words("i n s x c q p w iq z"),
	"plain":   {"a.b", "abc", "(x", "foo.bar"},
	"rep":     {"'X'", "'[\\&]'", "'\\1-\\2'", "'\\\\'", "''", "'\\0'", "'\\9'", "'$1'"},
	"flagarg": {"", ", ''", ", 'g'", ", 'i'", ", 'gi'", ", 'n'", ", 'x'", ", 'z'", ", 's'"},
	"flags":   words("i g c n x s q ic p w"),
	"pos":     words("1 2 3 0 100 5"), "bit": words("0 1 2"), "sub": words("0 1 2 -1"),
	"sim":     {"'«simpart»'", "'%«simpart»%'", "'(«simpart»|«simpart»)%'", "'«simpart»«simpart»'"},
	"simpart": words(`a b _ % [a-z] a* (ab)+ a{2} \\% b? [^a]% . ^ ^a $ [[:alpha:]] (a|b)* \\ (`),
	"simsub":  {"'#\"a%#\"%'", "'%#\"b+#\"%'", "'%#\"[a-c]#\"_%'", "'#\"%#\"'", "'a#%'", "'%#\"o_b#\"%'", "'#\"#\"#\"'"},
	"like":    {"'%'", "'a%'", "'%b%'", "'_b_'", "'\\%'", "'a\\'", "''", "'%\\_%'", "'A%'", "'%ö%'", "'x!_y!%z'", "'__%'", "'%%%c'", "'_'"},
	"esc":     {"'!'", "''", "'\\'", "'xx'", "'_'", "'%'", "NULL"},
}

func (g *Gen) regex() Script { return single(g.write(regexGrammar, "start")) }

var textGrammar = grammar{
	"start": {"SELECT «s»", "SELECT «n»", "SELECT «y»", "SELECT «x»", "SELECT «s» || «s»"},
	"s": {"«str»", "upper(«s»)", "lower(«s»)", "initcap(«s»)", "substr(«s», «int»)", "substr(«s», «int», «int»)", "substring(«s» from «int» for «int»)", "left(«s», «int»)", "right(«s», «int»)", "lpad(«s», «int», «s»)", "rpad(«s», «int»)", "repeat(«s», «small»)",
		"replace(«s», «s», «s»)", "translate(«s», «s», «s»)", "trim(«both» «s» from «s»)", "ltrim(«s», «s»)", "rtrim(«s»)", "btrim(«s»)", "split_part(«s», «s», «int»)", "overlay(«s» placing «s» from «int» for «int»)", "overlay(«s» placing «s» from «int»)", "reverse(«s»)",
		"concat(«s», «val», «val»)", "concat_ws(«s», «val», «val», «s»)", "quote_literal(«s»)", "quote_ident(«s»)", "quote_nullable(«s»)", "md5(«s»)", "to_hex(«int»)", "chr(«cp»)", "encode(«y», '«enc»')", "convert_from(«y», '«charset»')",
		"normalize(«s», «nf»)", "unistr(«uni»)", "(«s»)::char(4)", "(«s»)::varchar(2)", "(«s»)::name", "greatest(«s», «s»)", "nullif(«s», «s»)", "btrim(«s», «s»)", "array_to_string(string_to_array(«s», «s», «s»), '|', 'N')"},
	"n": {"length(«s»)", "char_length(«s»)", "octet_length(«s»)", "bit_length(«s»)", "position(«s» in «s»)", "strpos(«s», «s»)", "ascii(«s»)", "string_to_array(«s», «s»)", "string_to_array(«s», NULL)", "length(«y»)", "get_byte(«y», «int»)", "get_bit(«y», «int»)", "length(«y», '«charset»')", "starts_with(«s», «s»)", "parse_ident(«s»)", "«s» < «s»", "(«s»)::char(5) = «s»",
		"«s» IS NORMALIZED", "bit_count(«y»)", "position(«y» in «y»)", "levenshtein(«s», «s»)", "crc32(«y»)"},
	"y": {"'\\x00ff41'::bytea", "''::bytea", "'\\x'::bytea", "decode(«s», '«enc»')", "convert_to(«s», '«charset»')", "substr(«y», «int», «int»)", "set_byte(«y», «int», «cp»)", "set_bit(«y», «int», «small»)", "«y» || «y»", "sha256(«y»)", "overlay(«y» placing «y» from «int»)", "trim(«y» from «y»)", "(«str»)::bytea", "md5(«y»)::bytea", "ltrim(«y», «y»)", "convert(«y», '«charset»', '«charset»')"},
	"x": {"string_to_table(«s», «s»)", "unnest(string_to_array(«s», ''))", "regexp_split_to_table(«s», '')", "«s» COLLATE \"C\" > «s»", "ARRAY[«s», «s»]", "ROW(«s», «val»)", "«s» = ANY (ARRAY[«s», «s»])", "«s» BETWEEN «s» AND «s»"},
	"str": quoted(append(lines(`
abc
Hello World
  spaced  
äöü
日本語
a,b,,c
it's
select
a"b
x.y.z
"Q u".b
ÀÉ ǆ ﬁ
e`+"\u0301"+`
616263
YWJj
YQ==
zz
`), "", "a\\b", "\\\\000\\\\377", "a b")),
	"val":     words("1 NULL 'x'::text true 1.50 '{1,2}'::int[] '2024-01-01'::date -1.5e10::float8 '\\x00'::bytea 'a\\b'::text"),
	"int":     words("1 2 0 -1 3 -2 5 10 100 2147483647 -2147483648"),
	"small":   words("1 0 2 3 -1"),
	"cp":      words("65 0 255 256 8364 128512 1114111 1114112 -1 55296 97 10"),
	"both":    {"both", "leading", "trailing", ""},
	"enc":     words("hex base64 escape HEX base32"),
	"charset": words("UTF8 LATIN1 SQL_ASCII WIN1252 LATIN9 utf-8 KOI8R nope"),
	"nf":      words("NFC NFD NFKC NFKD"),
	"uni":     {"'\\0061'", "'d\\0061t\\+000061'", "'\\u0441\\U0001F600'", "'\\d83d\\de00'", "'\\'", "'\\00'", "'a\\\\b'"},
}

func (g *Gen) text() Script { return single(g.write(textGrammar, "start")) }

var searchGrammar = grammar{
	"start": {"SELECT «v»", "SELECT «q»", "SELECT «v» @@ «q»", "SELECT «n»", "SELECT ts_headline(«conf», «doc», «q», '«opt»')", "SELECT ts_headline(«doc», «q»)", "SELECT * FROM ts_parse('default', «doc»)", "SELECT * FROM ts_debug(«conf», «doc»)", "SELECT * FROM unnest(«v»)", "SELECT ts_lexize('«dict»', «word»)"},
	"v":     {"to_tsvector(«conf», «doc»)", "to_tsvector(«doc»)", "«vec»::tsvector", "setweight(«v», '«w»')", "setweight(«v», '«w»', ARRAY[«word», 'fox'])", "strip(«v»)", "«v» || «v»", "ts_delete(«v», «word»)", "ts_delete(«v», ARRAY[«word», 'quick'])", "ts_filter(«v», '{«w»,b}')", "array_to_tsvector(ARRAY[«word», «word»])", "to_tsvector(«conf», «json»::jsonb)", "jsonb_to_tsvector(«conf», «json»::jsonb, '[\"all\"]')"},
	"q":     {"to_tsquery(«conf», «qtext»)", "«qtext»::tsquery", "plainto_tsquery(«conf», «doc»)", "phraseto_tsquery(«conf», «doc»)", "websearch_to_tsquery(«conf», «web»)", "«q» && «q»", "«q» || «q»", "!! «q»", "«q» <-> «q»", "tsquery_phrase(«q», «q», «int»)", "ts_rewrite(«q», «q», «q»)"},
	"n":     {"ts_rank(«v», «q»)", "ts_rank_cd(«v», «q», «norm»)", "ts_rank('{0.1,0.2,0.4,1}', «v», «q», «norm»)", "length(«v»)", "numnode(«q»)", "querytree(«q»)", "«v» = «v»", "«v» < «v»", "«q» @> «q»", "«q» = «q»", "tsvector_to_array(«v»)", "«q» < «q»", "ts_rank_cd(«v», «q»)", "get_current_ts_config()"},
	"conf":  {"'simple'", "'english'", "'german'", "'french'", "'spanish'", "'russian'", "'portuguese'", "'nope'"},
	"doc": quoted(lines(`
the quick brown fox jumps over the lazy dog
The Cats are running; running cats!
a fat cat sat on a mat and ate a fat rat
http://example.com/a/b?c=d foo@bar.org /usr/local/x.txt
1.5e10 -42 12.5 v1.2.3 a-b-c up-to-date
<b>bold</b> &amp; text
Die schönen Häuser und Gärten
les chevaux mangeaient
it's Supernovae stars
x
`)),
	"vec": quoted(lines(`
a b c
quick:2A fox:4B,7 the:1
a:1,2,3 a:16384
'it''s':1 b:2C
fat:2,11 cat:3 rat:12D
a:0
b:70000 c
'a b' \\x
`)),
	"qtext": quoted(lines(`
fox
quick & fox
fat | rat
!cat
fat <-> cat
cat & (dog | !rat)
fox:AB
qui:*
super:*B & star
fat <2> cat
(a & b) <-> c
a & 
!!a
running
the
'it''s' & x
a <0> b
`)),
	"web": quoted(lines(`
quick fox
"fat cat" -dog
cat or dog
-"a b" or c
or
the "
a -
`)),
	"w":    words("a b C D A e"),
	"word": quoted(words("fox running cats quick the Häuser stars a")),
	"dict": words("simple english_stem german_stem nope"),
	"json": quoted(lines(`
{"a": "the cats", "b": ["dog runs", 1, true]}
"fox"
[]
`)),
	"opt":  {"StartSel=<, StopSel=>", "MaxWords=5, MinWords=2", "HighlightAll=true", "MaxFragments=2, MaxWords=4, MinWords=1", "ShortWord=0", "FragmentDelimiter=..., MaxFragments=1", "nope=1", "MinWords=10, MaxWords=3", ""},
	"int":  words("1 2 0 -1 16385"),
	"norm": words("0 1 2 4 8 16 32 3"),
}

func (g *Gen) search() Script { return single(g.write(searchGrammar, "start")) }
