package requests

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// pathSetup makes a resource with partitions of every kind and 1,500 rows, and one
// whose partition covers.
var pathSetup = []string{
	`CREATE RESOURCE visits (country 'string', city 'string', third 'string', fifth 'string', level 'number|integer', day 'string', at timestamptz NOT NULL,
		place (zone 'string'), opt 'string|optional', name 'string', note 'string|optional')
		PARTITION by_country BY (country), PARTITION by_city BY (city), PARTITION by_third BY (third), PARTITION by_fifth BY (fifth),
		PARTITION by_pair BY (country, level), PARTITION by_day BY (day 'date|maxlength:10'), PARTITION by_at BY (at 'date|maxlength:10'),
		PARTITION by_zone BY (place.zone), PARTITION by_opt BY (opt), PARTITION by_short BY (name 'string|maxlength:2')
		WITH (versioning = true)`,
	`INSERT INTO visits (id, country, city, third, fifth, level, day, at, place, opt, name) SELECT 'v' || lpad(i::text, 4, '0'), (ARRAY['BR', 'DE', 'US', 'BRA'])[1 + i % 4],
		'c' || i % 50, 't' || i % 3, 'f' || i % 5, i % 10, '2024-01-' || lpad((1 + i % 30)::text, 2, '0'), '2024-01-01 12:00Z'::timestamptz + i % 30 * interval '1 day',
		jsonb_build_object('zone', 'z' || i % 10), CASE WHEN i % 5 = 0 THEN 'o' || i % 50 END, chr(97 + i % 20) || 'xy' || i FROM generate_series(1, 1500) i`,
	`CREATE TABLE covered (id int PRIMARY KEY, region text NOT NULL, kind text NOT NULL, note text)`,
	`CREATE INDEX covered_rk ON covered (region, kind) WITH (covering = on)`,
	`INSERT INTO covered SELECT i, 'r' || i % 10, 'k' || i % 4, 'n' FROM generate_series(1, 1500) i`,
	`ANALYZE visits`, `ANALYZE covered`,
	`CREATE TABLE towns (id int PRIMARY KEY, city text)`,
	`INSERT INTO towns SELECT i, 'c' || i % 3 FROM generate_series(1, 12) i`,
	`ANALYZE towns`,
	`CREATE RESOURCE aged (a 'string|optional') WITH (versioning = true)`,
	`INSERT INTO aged SELECT i::text, 'x' FROM generate_series(1, 5) i`,
	`ALTER RESOURCE aged ADD COLUMN b 'string|optional'`,
	`INSERT INTO aged SELECT i::text, 'x' FROM generate_series(6, 20) i`,
}

// pathCosts have a statement for each way to reach rows. The first run of each
// partition tells how many rows a value has.
var pathCosts = []cost{
	{"= over a partition", `SELECT note FROM visits WHERE city = 'c3'`, "LIST 1, GET 30", "the value's references, their rows"},
	{"IN", `SELECT note FROM visits WHERE city IN ('c3', 'c4', 'none')`, "LIST 3, GET 60", "a listing for each value"},
	{"= ANY($1), with NULL and a value twice", `PREPARE a AS SELECT note FROM visits WHERE city = ANY($1); EXECUTE a ('{c3,c4,c3,NULL}')`, "LIST 2, GET 60", ""},
	{"a composite partition", `SELECT note FROM visits WHERE country = 'DE' AND level = 5`, "LIST 1, GET 75", ""},
	{"its leading run", `SELECT note FROM visits WHERE country = 'DE'`, "LIST 1, GET 375", ""},
	{"a leading run of several values", `SELECT note FROM visits WHERE country IN ('DE', 'US') AND level IN (1, 2)`, "LIST 4, GET 150", "a listing for each pair"},
	{"a nested field", `SELECT note FROM visits WHERE place->>'zone' = 'z3'`, "LIST 1, GET 150", ""},
	{"a nested field, as jsonb", `SELECT note FROM visits WHERE place['zone'] = '"z3"'`, "LIST 1, GET 150", ""},
	{"IN of a nested field, as jsonb", `SELECT note FROM visits WHERE place->'zone' IN ('"z3"', '"z4"', '"none"')`, "LIST 3, GET 300", ""},
	{"a range of texts", `SELECT note FROM visits WHERE city BETWEEN 'c10' AND 'c12'`, "LIST 1, GET 90", "texts order as their keys"},
	{"LIKE 'x%'", `SELECT note FROM visits WHERE city LIKE 'c2%'`, "LIST 1, GET 330", ""},
	{"a range of numbers", `SELECT note FROM visits WHERE level BETWEEN 3 AND 4`, "LIST 4, GET 1500", "no order in keys: a full scan"},
	{"a small range of numbers behind a value", `SELECT note FROM visits WHERE country = 'DE' AND level BETWEEN 3 AND 6`, "LIST 4, GET 150", "a listing for each"},
	{"a date rule over a time", `SELECT note FROM visits WHERE at >= '2024-01-05' AND at < '2024-01-07'`, "LIST 1, GET 150", "whole days, that of the upper bound too"},
	{"the day of a time", `SELECT note FROM visits WHERE at::date = '2024-01-05'`, "LIST 1, GET 50", ""},
	{"the day of a time, by a parameter", `PREPARE day(date) AS SELECT note FROM visits WHERE at::date = $1; EXECUTE day ('2024-01-06')`, "LIST 1, GET 50", ""},
	{"a time cut to its day", `SELECT note FROM visits WHERE date_trunc('day', at) = '2024-01-05'`, "LIST 1, GET 50", ""},
	{"days in a row", `SELECT note FROM visits WHERE at::date BETWEEN '2024-01-05' AND '2024-01-06'`, "LIST 1, GET 100", ""},
	{"a date rule over a text", `SELECT note FROM visits WHERE day = '2024-01-05'`, "LIST 1, GET 50", ""},
	{"a cut text", `SELECT note FROM visits WHERE name = 'cxy2'`, "LIST 1, GET 75", "all that begin alike, then the row's own value"},
	{"a field that may be NULL", `SELECT note FROM visits WHERE opt = 'o5'`, "LIST 1, GET 30", ""},
	{"IS NULL", `SELECT note FROM visits WHERE opt IS NULL`, "LIST 4, GET 1500", "NULL has no reference"},
	{"a partition of many rows", `SELECT count(note) FROM visits WHERE third = 't1'`, "LIST 1, GET 500", ""},
	{"a page of a value's rows", `SELECT note FROM visits WHERE third = 't1' ORDER BY id LIMIT 10`, "LIST 1, GET 10", "references are listed by id below a value"},
	{"the next one, behind a key", `SELECT note FROM visits WHERE third = 't1' AND id > 'v0028' ORDER BY id LIMIT 10`, "LIST 1, GET 10", "references are listed by id below a value"},
	{"one by parameters", `PREPARE value AS SELECT note FROM visits WHERE country = $1 AND level = $2 AND id > $3 ORDER BY id LIMIT $4; EXECUTE value ('DE', 5, 'v0700', 3)`, "LIST 1, GET 3", ""},
	{"one of several values", `SELECT note FROM visits WHERE city IN ('c3', 'c4') AND id > 'v1400' ORDER BY id LIMIT 2`, "LIST 2, GET 4", "each value's references behind the key, their rows"},
	{"a value's rows behind a key", `SELECT note FROM visits WHERE third = 't1' AND id > 'v1400'`, "LIST 1, GET 33", ""},
	{"another one", `SELECT count(note) FROM visits WHERE fifth = 'f2'`, "LIST 1, GET 300", ""},
	{"two partitions: their intersection", `SELECT note FROM visits WHERE third = 't1' AND fifth = 'f2'`, "LIST 2, GET 100", "what both list"},
	{"OR over one field", `SELECT note FROM visits WHERE city = 'c3' OR city = 'c4'`, "LIST 2, GET 60", ""},
	{"OR over several", `SELECT note FROM visits WHERE city = 'c3' OR place->>'zone' = 'z4'`, "LIST 2, GET 180", "each row once"},
	{"OR with the key", `SELECT note FROM visits WHERE city = 'c3' OR id = 'v0001'`, "LIST 1, GET 31", ""},
	{"OR with what no key answers", `SELECT note FROM visits WHERE city = 'c3' OR note = 'x'`, "LIST 4, GET 1500", ""},
	{"join over a partition", `SELECT count(note) FROM towns t JOIN visits v ON v.city = t.city`, "LIST 4, GET 102", "12 rows with 3 values: 3 listings"},
	{"rows of an old version", `SELECT count(*) FROM visits WHERE _v = 0`, "LIST 1", "byVersion"},
	{"an update of a row of an old version", `UPDATE aged SET b = 'y' WHERE id = '1'`, "GET 1, PUT 2, DELETE 1", "read + row and its reference in byVersion"},
	{"VACUUM RESOURCE with 4 rows of an old version among 20", `VACUUM RESOURCE aged`, "LIST 2, GET 4, PUT 8, DELETE BATCH 1", "byVersion; rows and references"},
	{"count over a covering partition", `SELECT count(*) FROM covered WHERE region = 'r1'`, "LIST 4", "references and rows: the same ETag says which are current"},
	{"GROUP BY over a covering partition", `SELECT region, kind, count(*) FROM covered GROUP BY region, kind`, "LIST 4", ""},
	{"DISTINCT over a covering partition", `SELECT DISTINCT region FROM covered`, "LIST 4", ""},
	{"count without covering", `SELECT count(*) FROM visits WHERE city = 'c3'`, "LIST 1, GET 30", "a reference may be left over from a crash"},
	{"count, references trusted", `SET s3db.trust_partitions = on; SELECT count(*) FROM visits WHERE city = 'c3'`, "LIST 1", ""},
	{"GROUP BY, references trusted", `SELECT country, count(*) FROM visits GROUP BY country`, "LIST 2", ""},
	{"GROUP BY of a field that may be NULL", `SELECT opt, count(*) FROM visits GROUP BY opt; SET s3db.trust_partitions = off`, "LIST 4, GET 1500", "its NULLs have no reference"},
}

// TestExplainSaysWhich: the plan names the partition, what of the condition became
// the key, and why others are not used.
func TestExplainSaysWhich(t *testing.T) {
	s := testserver.Start(t, testserver.Options{Store: s3fake.New(t, clock.System).Location("db")})
	conn := s.Connect(t)
	testserver.Exec(t, conn, pathSetup...)
	testserver.Exec(t, conn, `SELECT count(note) FROM visits WHERE third = 't1'`, `SELECT count(note) FROM visits WHERE fifth = 'f1'`)
	for _, c := range []struct{ where, says string }{
		{`place['zone'] = '"z3"'`, "Partition Scan using visits_by_zone on visits|Partition Prefix: place.zone=z3|Index Cond: (place['zone'::text] = '\"z3\"'::jsonb)"},
		{`country = 'DE' AND level = 5`, "Partition Scan using visits_by_pair on visits|Partition Prefix: country=DE/level=5|Not used: by_country (costs more)"},
		{`third = 't1' AND fifth = 'f2'`, "Partition Intersection on visits|Arm: Partition Scan using visits_by_third (third=t1)|Arm: Partition Scan using visits_by_fifth (fifth=f2)"},
		{`city = 'c3' OR id = 'v0001'`, "Partition Union on visits|Arm: Partition Scan using visits_by_city (city=c3)|Arm: Point Get"},
		{`level > 3`, "Full Scan on visits|Filter: (level > 3)|Not used: by_pair (no condition on country that a key can answer)"},
		{`_v = 0`, `Partition Scan using "visits_byVersion"|Partition Prefix: _v=0`},
		{`opt IS DISTINCT FROM 'o5'`, "Full Scan on visits"},
	} {
		rows, err := conn.Query(context.Background(), `EXPLAIN SELECT note FROM visits WHERE `+c.where)
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		for _, part := range strings.Split(c.says, "|") {
			require.Contains(t, strings.Join(lines, "\n"), part, c.where)
		}
	}
}

// TestBodiesAreFetchedWhereNeeded: a row whose fields are in metadata costs its head;
// what overflowed comes over the wire only for a column that is there.
func TestBodiesAreFetchedWhereNeeded(t *testing.T) {
	store := s3fake.New(t, clock.System)
	store.Turn(s3fake.Knobs{Older: time.Hour}) // a fresh row's stamp is asked for
	s := testserver.Start(t, testserver.Options{Store: store.Location("db")})
	conn := s.Connect(t)
	for _, behavior := range []string{"body-overflow", "user-managed", "truncate-data", "enforce-limits"} {
		table := strings.ReplaceAll(behavior, "-", "_")
		testserver.Exec(t, conn, `CREATE TABLE `+table+` (id int PRIMARY KEY, short text, long text) WITH (behavior = '`+behavior+`')`,
			`INSERT INTO `+table+` VALUES (1, 'short', 'fits')`)
		small := usage(t, s, func() { testserver.Exec(t, conn, `SELECT * FROM `+table+` WHERE id = 1`) })
		require.Equal(t, "GET 1", counts(small), behavior)
		require.Less(t, small.BytesIn, int64(100), behavior)
	}
	testserver.Exec(t, conn, `UPDATE body_overflow SET long = repeat('x', 2000000)`)
	short := usage(t, s, func() { testserver.Exec(t, conn, `SELECT short FROM body_overflow WHERE id = 1`) })
	long := usage(t, s, func() { testserver.Exec(t, conn, `SELECT length(long) FROM body_overflow WHERE id = 1`) })
	require.Equal(t, []string{"GET 1", "GET 1"}, []string{counts(short), counts(long)})
	require.Less(t, short.BytesIn, int64(100_000), "the body stays where it is")
	require.Greater(t, long.BytesIn, int64(2_000_000))
}
