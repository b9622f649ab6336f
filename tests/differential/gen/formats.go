package gen

var formatGrammar = grammar{
	"start": {
		"SELECT to_char(«number», '«numfmt»')", "SELECT to_char(«stamp», '«datefmt»')", "SELECT to_char(«interval», '«datefmt»')",
		"SELECT to_number('«numtext»', '«numfmt»')", "SELECT to_date('«datetext»', '«datefmt»')", "SELECT to_timestamp('«datetext»', '«datefmt»')",
		"SELECT to_date(to_char(«date», '«isofmt»'), '«isofmt»')", "SELECT format('«fmt»', «arg», «arg», «arg»)", "SELECT to_timestamp(to_char(«stamp», '«isofmt»'), '«isofmt»')",
		"SELECT to_number(to_char(«number», '«plainfmt»'), '«plainfmt»')", "SELECT format('«fmt»')", "SELECT format('«fmt»', VARIADIC ARRAY['a', NULL, 'c d'])",
	},
	"number": words(`0 1 -1 42 -42.5 1234.567 -1234567.891 0.5 0.005 12345678901234567890 -0.0 999.995 485 -485 3999 4000 0.1::float8 1e20::float8 -1.5e-7::float8 'NaN'::float8
		'Infinity'::float8 'NaN'::numeric 12.3::float4 1e10::float4 32767::int2 9223372036854775807 NULL::int4 1e-5 100 148.5 'infinity'::numeric`),
	"numfmt":   {"«numpart»", "«numpart»«numpart»", "«numpart»«numpart»«numpart»", "«prefix»«plainfmt»", "«plainfmt»«suffix»", "«prefix»«plainfmt»«suffix»", "«numpart»«numpart»«numpart»«numpart»«numpart»«numpart»"},
	"numpart":  words(`9 0 99 000 . D , G S MI PL SG PR RN rn TH th V EEEE FM L B "x" \\ 9.99 0.0 999 990 $ - + FM9 9.`),
	"plainfmt": words("9 99 999 9990 9999.99 0000 0.00 999,999 9G999D99 FM999 FM9990.009 99V9 9.99EEEE FM0000 999D9 .99 FM.9 99999999999999999999 S9999 9999S"),
	"prefix":   {"S", "MI", "PL", "SG", "FM", "L", "$", "B", " ", "-", "FMS", "SFM"},
	"suffix":   {"S", "MI", "PL", "SG", "PR", "TH", "th", "EEEE", "V99", " ", "%", "L"},
	"numtext": append(words("1 -1 12 1,234.56 -12.5 12.5- <12> +5 .5 1. 1e5 XIV xiv IIX MCMXCIX $5 abc 00012 1,2,3 12th 1-2 123456789"),
		"", " 12", "1 234", "- 5", "- 0.01"),
	"date": {"'2024-02-29'::date", "'1999-12-31'::date", "'0044-03-15 BC'::date", "'2000-01-01'::date", "'12345-06-07'::date", "'infinity'::date", "'0001-01-01'::date", "'2021-01-03'::date"},
	"stamp": {"'2024-02-29 13:34:56.789012'::timestamp", "'1999-12-31 23:59:59.999'::timestamp", "'0044-03-15 00:00:00 BC'::timestamp", "'2024-06-15 12:00:00+02'::timestamptz",
		"'2000-01-01'::date", "'2021-01-03 00:30:00'::timestamp", "'infinity'::timestamptz", "'1970-01-01 12:00'::timestamp", "'12345-06-07 01:02:03'::timestamp", "NULL::timestamp"},
	"interval": {"'1 day'::interval", "'1 year 2 mons 3 days 04:05:06.789'::interval", "'-1 day -02:03:04'::interval", "'100 hours'::interval", "'-14 mons'::interval", "'0'::interval", "'25 years 11 mons'::interval", "'13:14:15'::time::interval"},
	"datefmt":  {"«datepart»", "«datepart»«sep»«datepart»", "«datepart»«sep»«datepart»«sep»«datepart»", "«isofmt»", "«datepart»«datepart»«datepart»«datepart»", "«isofmt» «datepart»", "«isofmt»«sep»«datepart»«sep»«datepart»"},
	"datepart": words(`YYYY YYY YY Y Y,YYY IYYY IYY IY I MM MON Mon mon MONTH Month month DD DDD D DAY Day day DY Dy dy ID IDDD W WW IW HH HH12 HH24 MI SS MS US
		FF1 FF3 FF6 FF2 SSSS SSSSS AM PM am p.m. A.M. BC bc AD a.d. CC J Q RM rm TZ tz OF TZH TZM FMMonth FMDD FMMM FMHH24 TMDay FXYYYY DDth DDTH Dsp "quo\"ted" SS.MS MMth X`),
	"sep":    {"-", " ", ":", "", "/", ".", ",", "  ", "\"T\"", "x"},
	"isofmt": {"YYYY-MM-DD", "YYYY-MM-DD HH24:MI:SS", "YYYYMMDD", "DD Mon YYYY", "IYYY-IW-ID", "YYYY-DDD", "HH24:MI:SS.US", "J", "YYYY-MM-DD HH12:MI:SS.MS PM", "YY-MM-DD", "Day, DD Month YYYY BC", "FMMonth DDth, YYYY", "YYYY Q", "CC YY", "YYYY-MM-DD HH24:MI TZH:TZM"},
	"datetext": append(words("2024-02-29 20240229 2023-02-29 2024-366 2023-366 12:34:56 24-1-1 J2451187 2460370 99 5 1999 -44-03-15 2024-13-01 2024-00-00 infinity 13 0 1,999 2024W05 12:34:56.789 -1 240229"),
		"29 Feb 2024", "Feb 29, 2024", "2024-02-29 13:34:56", "2024-02-29 01:34:56 PM", "Thursday, 29 February 2024", "44 BC", "2024 02 29", " 2024-2-9 ", "", "2024-02-29 25:00:00", "2024-02-29 12:60:00", "2024-05-3-1", "feb", "FEBRUARY", "XII 2024", "2024-02-29 12:00 +05:30", "2024-02-29 12:00 -08", "p.m. 03", "12 AM", "13 PM", "4th"),
	"fmt":     {"«fmtpart»", "«fmtpart»«fmtpart»", "«fmtpart»|«fmtpart»|«fmtpart»", "«fmtpart» «fmtpart»", "x%"},
	"fmtpart": words("%s %I %L %% %1$s %2$I %3$L %10s %-10s| %1$-5s| %*s %*1$s %-*s| %5L %5I %0$s %4$s %s%s %d %1s %$s abc %2$*1$s %*2$s %- %12345678901s"),
	"arg":     {"'a'::text", "NULL::text", "1", "'it''s'::text", "'select'::text", "'A b'::text", "10", "-7", "true", "1.50", "'\\x'::text", "ARRAY[1,2]", "'{}'::jsonb", "''::text", "'2024-01-01'::date", "NULL::int4"},
}

func (g *Gen) format() Script { return single(g.write(formatGrammar, "start")) }

var datetimeGrammar = grammar{
	"start": {"SELECT «ts»", "SELECT «iv»", "SELECT «d»", "SELECT «n»", "SELECT «t»", "SELECT «bool»", "SELECT «n», «ts»", "SELECT «any»::text", "SELECT «any»::text"},
	"any":   {"(«ts»)", "(«tz»)", "(«iv»)", "(«d»)", "(«t»)", "(«n»)"},
	"ts": {"«tsval»", "«ts» + «iv»", "«ts» - «iv»", "«d» + «t»", "date_trunc('«field»', «ts»)", "«tz» AT TIME ZONE '«zone»'", "date_bin(«iv», «ts», «ts»)", "make_timestamp(«int», «small», «small», «small», «small», «sec»)",
		"«d» + «iv»", "«ts»::timestamp(«prec»)", "greatest(«ts», «ts»)", "(«tz»)::timestamp", "(«d»)::timestamp", "«iv» + «d»"},
	"tz": {"«tzval»", "«tz» + «iv»", "«tz» - «iv»", "«ts» AT TIME ZONE '«zone»'", "date_trunc('«field»', «tz»)", "date_trunc('«field»', «tz», '«zone»')", "to_timestamp(«sec»)", "make_timestamptz(«int», «small», «small», «small», «small», «sec», '«zone»')", "(«ts»)::timestamptz", "date_bin(«iv», «tz», «tz»)", "«ts» AT TIME ZONE «iv»"},
	"iv": {"«ivval»", "«ts» - «ts»", "«tz» - «tz»", "«iv» + «iv»", "«iv» - «iv»", "- «ivval»", "«iv» * «factor»", "«iv» / «factor»", "age(«ts», «ts»)", "age(«tz», «tz»)", "justify_days(«iv»)", "justify_hours(«iv»)", "justify_interval(«iv»)",
		"«t» - «t»", "make_interval(«int», «int», «int», «int», «int», «int», «sec»)", "(«iv»)::interval «ivtype»", "date_trunc('«field»', «iv»)", "«factor» * «iv»", "(«t»)::interval", "(«ivval»)::interval(«prec»)"},
	"d": {"«dval»", "«d» + «int»", "«d» - «int»", "(«ts»)::date", "(«tz»)::date", "make_date(«int», «small», «small»)", "«int» + «d»"},
	"t": {"«tval»", "«t» + «iv»", "«t» - «iv»", "(«ts»)::time", "make_time(«small», «small», «sec»)", "(«iv»)::time", "(«t»)::time(«prec»)"},
	"n": {"extract(«field» from «ts»)", "extract(«field» from «iv»)", "extract(«field» from «d»)", "extract(«field» from «t»)", "extract(«field» from «tz»)", "date_part('«field»', «ts»)", "date_part('«field»', «iv»)", "«d» - «d»", "date_part('«field»', «t»)",
		"extract(«field» from «ttz»)", "date_part('«field»', «d»)"},
	"ttz":    {"'12:34:56.789+02'::timetz", "'00:00:00-12:30'::timetz", "timezone('«zone»', '10:00+00'::timetz)", "'10:00+00'::timetz AT TIME ZONE «iv»", "'10:00+01'::timetz + «iv»"},
	"bool":   {"«ts» < «ts»", "«iv» = «iv»", "«d» >= «ts»", "«tz» > «ts»", "(«ts», «ts») OVERLAPS («ts», «ts»)", "(«d», «iv») OVERLAPS («d», «iv»)", "(«t», «t») OVERLAPS («t», «iv»)", "isfinite(«ts»)", "isfinite(«iv»)", "«iv» < «iv»", "«d» = «tz»"},
	"tsval":  {"'2024-01-01'::timestamp", "'2024-02-29 12:34:56.789'::timestamp", "'1999-12-31 23:59:59.999999'::timestamp", "'0001-01-01 BC'::timestamp", "'294276-12-31 23:59:59'::timestamp", "'infinity'::timestamp", "'4713-01-01 BC'::timestamp", "'1582-10-15'::timestamp", "'2000-02-29'::timestamp", "'-infinity'::timestamp", "'2024-03-31 02:30'::timestamp", "'2024-10-27 02:30'::timestamp"},
	"tzval":  {"'2024-01-01 00:00+00'::timestamptz", "'2024-06-15 12:34:56.789+02'::timestamptz", "'2024-03-31 01:00+00'::timestamptz", "'1900-01-01 00:00+00'::timestamptz", "'infinity'::timestamptz", "'0044-03-15 BC'::timestamptz", "'2024-11-03 06:00+00'::timestamptz"},
	"ivval":  {"'1 day'::interval", "'1 mon'::interval", "'-1 mon 30 days'::interval", "'24:00:00'::interval", "'1 year -1 day 00:00:00.000001'::interval", "'100000 hours'::interval", "'0'::interval", "'178000000 years'::interval", "'-2147483648 days'::interval", "'15 minutes'::interval", "'1.5 days'::interval", "'-00:00:00.5'::interval", "'2562047788:00:54.775807'::interval", "'1 week'::interval", "'11 mons 29 days 23:59:59.999999'::interval"},
	"dval":   {"'2024-02-29'::date", "'2024-12-31'::date", "'0001-01-01'::date", "'0001-12-31 BC'::date", "'5874897-12-31'::date", "'infinity'::date", "'2000-01-01'::date", "'1970-01-01'::date", "'4714-11-24 BC'::date"},
	"tval":   {"'00:00'::time", "'24:00'::time", "'12:34:56.789'::time", "'23:59:59.999999'::time"},
	"field":  words("year month day hour minute second millisecond microsecond century decade millennium quarter week dow isodow doy isoyear epoch julian timezone timezone_hour timezone_minute y h us decades milliseconds foo"),
	"zone":   words("UTC Europe/Berlin America/New_York Asia/Kolkata +05:30 -8 EST5EDT Australia/Lord_Howe utc PST8PDT cet Asia/Kathmandu Nowhere/City <+03>-3 america/st_johns"),
	"int":    words("1 0 -1 7 30 365 100 1000 2024 -5 100000 2147483647 12 60"),
	"small":  words("1 0 12 13 28 29 30 31 23 24 59 60 -1"),
	"sec":    words("0 1.5 59.999999 60 -0.5 1e10 0.0000005 86400 1700000000.123456"),
	"prec":   words("0 1 3 6 7"),
	"factor": words("2 0.5 -1 1.5 0 1e-3 0.1 -2.25 1e10 'NaN'::float8 'Infinity'::float8 3"),
	"ivtype": {"YEAR", "YEAR TO MONTH", "DAY", "DAY TO HOUR", "DAY TO SECOND", "HOUR TO MINUTE", "MINUTE", "SECOND(2)", "MONTH", "MINUTE TO SECOND(0)"},
}

func (g *Gen) datetime() Script { return single(g.write(datetimeGrammar, "start")) }
