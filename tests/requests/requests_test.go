package requests

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

var update = flag.Bool("update", false, "rewrite docs/requests.md")

const page = "../../docs/requests.md"

// cost is a statement and what it may cost over plain S3.
type cost struct {
	what string // for people
	sql  string
	want string // requests by kind, as EXPLAIN ANALYZE says them
	note string
}

// setup makes 2,500 rows: three listing pages; 12 of them are from Brazil.
var setup = []string{
	`CREATE RESOURCE users (
		name 'string', email 'string|optional' UNIQUE, country 'string', age 'number|integer|optional', tier 'string|length:2|optional'
	) PARTITION by_country BY (country)`,
	`INSERT INTO users (id, name, country) SELECT 'u' || lpad(i::text, 5, '0'), 'n' || i, 'XX' FROM generate_series(1, 2488) i`,
	`INSERT INTO users (id, name, country) SELECT 'b' || lpad(i::text, 5, '0'), 'n' || i, 'BR' FROM generate_series(1, 12) i`,
	`CREATE TABLE plain (id int PRIMARY KEY, v text)`,
	`INSERT INTO plain SELECT i, 'v' || i FROM generate_series(1, 20) i`,
	`CREATE TABLE parent (id int PRIMARY KEY, code text UNIQUE)`,
	`INSERT INTO parent SELECT i, 'c' || i FROM generate_series(1, 20) i`,
	`CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)`,
	`CREATE INDEX ON child (parent)`,
	`CREATE TABLE watched (id int PRIMARY KEY, v text)`,
	`CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'`,
	`CREATE TRIGGER s AFTER INSERT ON watched EXECUTE FUNCTION nothing()`,
	`CREATE TRIGGER r BEFORE UPDATE ON watched FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
	`CREATE TABLE guarded (id int PRIMARY KEY)`,
	`INSERT INTO guarded SELECT generate_series(1, 3)`,
	`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE javascript AS $$ throw new Error('no') $$`,
	`CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON guarded FOR EACH ROW EXECUTE FUNCTION refuse()`,
	`CREATE TABLE coded (id int PRIMARY KEY, code text REFERENCES parent (code))`,
	`CREATE TABLE sale (id int, year int, PRIMARY KEY (id, year)) PARTITION BY RANGE (year)`,
	`CREATE TABLE sale_2023 PARTITION OF sale FOR VALUES FROM (2023) TO (2024)`,
	`CREATE TABLE sale_2024 PARTITION OF sale FOR VALUES FROM (2024) TO (2025)`,
	`CREATE TABLE sale_later PARTITION OF sale FOR VALUES FROM (2025) TO (MAXVALUE) PARTITION BY HASH (id)`,
	`CREATE TABLE sale_later_0 PARTITION OF sale_later FOR VALUES WITH (MODULUS 2, REMAINDER 0)`,
	`CREATE TABLE sale_later_1 PARTITION OF sale_later FOR VALUES WITH (MODULUS 2, REMAINDER 1)`,
	`INSERT INTO sale SELECT i, 2023 + i % 3 FROM generate_series(1, 12) i`,
	`CREATE TABLE file (id int PRIMARY KEY, v text)`,
	`INSERT INTO file (id, v, _content) VALUES (1, 'x', convert_to(repeat('0123456789', 20000), 'UTF8'))`,
	`INSERT INTO file (id, v, _content) VALUES (2, 'x', convert_to(repeat('0123456789', 200000), 'UTF8'))`,
}

var costs = []cost{
	{"point get", `SELECT * FROM users WHERE id = 'u00007'`, "GET 1", ""},
	{"point get, no such row", `SELECT * FROM users WHERE id = 'nobody'`, "GET 1", ""},
	{"three rows by id", `SELECT name FROM users WHERE id IN ('u00001', 'u00002', 'u00003')`, "GET 3", ""},
	{"point get by an integer key", `SELECT v FROM plain WHERE id = 7`, "GET 1", ""},
	{"an impossible condition", `SELECT * FROM users WHERE id = NULL`, "none", "nothing can match"},
	{"count of 2,500 rows", `SELECT count(*) FROM users`, "LIST 3", "listing pages of 1,000 keys"},
	{"ids only", `SELECT id FROM users WHERE id LIKE 'b%'`, "LIST 1", "the prefix bounds the listing"},
	{"EXISTS", `SELECT EXISTS (SELECT 1 FROM users)`, "LIST 1", "stops at the first page"},
	{"a partition of 12 rows", `SELECT name FROM users WHERE country = 'BR'`, "LIST 1, GET 12", "listing pages + one per row"},
	{"a partition of no rows", `SELECT name FROM users WHERE country = 'ZZ'`, "LIST 1", ""},
	{"two partitions", `SELECT count(age) FROM users WHERE country IN ('BR', 'ZZ')`, "LIST 2, GET 12", ""},
	{"LIMIT 10 of a full scan", `SELECT name FROM users LIMIT 10`, "LIST 1, GET 10", "stops early"},
	{"full scan of 20 rows", `SELECT v FROM plain`, "LIST 1, GET 20", "listing pages + one per row"},
	{"insert, no partition", `INSERT INTO plain VALUES (100, 'x')`, "PUT 1", "the row"},
	{"insert, one partition", `INSERT INTO users (id, name, country) VALUES ('n1', 'n', 'BR')`, "PUT 2", "reference, row"},
	{"insert, one partition, one unique key", `INSERT INTO users (id, name, country, email) VALUES ('n2', 'n', 'BR', 'a@b')`, "PUT 3", "unique key, reference, row"},
	{"a row by its unique key", `SELECT * FROM users WHERE email = 'a@b'`, "GET 2", "unique key, row"},
	{"a unique key that no row has", `SELECT * FROM users WHERE email = 'x@y'`, "GET 1", ""},
	{"upsert by a unique key", `INSERT INTO users (name, country, email) VALUES ('n', 'BR', 'a@b') ON CONFLICT (email) DO UPDATE SET name = 'm'`,
		"GET 4, PUT 2", "the claim and who has it, the row by its key, the row"},
	{"insert with a NULL partition field", `INSERT INTO plain VALUES (101, NULL)`, "PUT 1", ""},
	{"insert of 50 rows", `INSERT INTO plain SELECT 200 + i, 'x' FROM generate_series(1, 50) i`, "PUT 52", "side by side; + 2: the transaction's record"},
	{"update that moves no partition", `UPDATE users SET name = 'm' WHERE id = 'n1'`, "GET 1, PUT 1", "read + 1"},
	{"update that moves one partition", `UPDATE users SET country = 'DE' WHERE id = 'n1'`, "GET 1, PUT 2, DELETE 1", "read + 3"},
	{"delete, one partition", `DELETE FROM users WHERE id = 'n1'`, "GET 1, DELETE 2", "read + row + reference"},
	{"join by key", `SELECT p.v FROM users u JOIN plain p ON p.id = u.age WHERE u.id = 'u00001'`, "GET 1", "no age, nothing to look up"},
	{"insert of a row with a foreign key", `INSERT INTO child VALUES (1, 1)`, "GET 1, PUT 2", "reference, row; + 1: its parent"},
	{"insert of a row whose foreign key is NULL", `INSERT INTO child VALUES (2, NULL)`, "PUT 1", "the row"},
	{"insert of 6 rows that share 2 parents", `INSERT INTO child SELECT 10 + i, 1 + i % 2 FROM generate_series(1, 6) i`,
		"GET 2, PUT 14", "+ 1 for each parent; + 2: the record"},
	{"insert with a foreign key over a unique key", `INSERT INTO coded VALUES (1, 'c1')`, "GET 2, PUT 1", "row; + 2: the unique key, its row"},
	{"update that leaves the foreign key as it is", `UPDATE child SET parent = parent WHERE id = 1`, "GET 1, PUT 1", "read + 1"},
	{"update of a foreign key", `UPDATE child SET parent = 3 WHERE id = 1`, "GET 2, PUT 2, DELETE 1", "read + 3; + 1: its parent"},
	{"delete of a parent", `DELETE FROM parent WHERE id = 20`, "LIST 2, GET 2, DELETE 2",
		"read + 2; + 1: the children by their partition; + 2: a scan of the table without one, which has one row"},
	{"update of a parent that leaves its keys", `UPDATE parent SET code = code WHERE id = 19`, "GET 1, PUT 1", "read + 1; no look at the children"},
	{"delete of a parent with children, refused", `DELETE FROM parent WHERE id = 2`,
		"LIST 1, GET 5, PUT 2, DELETE 2", "read + 2, children, undone"},
	{"insert of 20 rows into a table with a statement trigger", `INSERT INTO watched SELECT i, 'x' FROM generate_series(1, 20) i`, "PUT 22", "side by side, as without it; + 2: the record"},
	{"update with a BEFORE trigger that skips the row", `UPDATE watched SET v = v WHERE id = 1`, "GET 1", "read"},
	{"insert with a BEFORE trigger that throws, refused", `INSERT INTO guarded SELECT generate_series(11, 30)`, "none", "an error there comes before the row's first request"},
	{"update with a BEFORE trigger that throws, refused", `UPDATE guarded SET id = id WHERE id = 1`, "GET 1", "read"},
	{"delete with a BEFORE trigger that throws, refused", `DELETE FROM guarded WHERE id = 1`, "GET 1", "read"},
	{"a row that breaks a rule", `INSERT INTO users (id, country) VALUES ('n9', 'BR')`, "none", "refused before any request"},
	{"50 rows of which the last breaks a rule", `INSERT INTO users (id, name, country, tier) SELECT 'm' || i, 'n', 'BR', CASE WHEN i < 50 THEN 'aa' ELSE 'x' END FROM generate_series(1, 50) i`,
		"none", ""},
	{"an upsert that breaks a rule", `INSERT INTO users (id, name, country, tier) VALUES ('u00001', 'n', 'BR', 'x') ON CONFLICT (id) DO UPDATE SET name = 'm'`, "none", ""},
	{"an update that breaks a rule", `UPDATE users SET tier = 'x' WHERE id = 'u00001'`, "GET 1", "read"},
	{"scan of a partitioned table", `SELECT count(*) FROM sale`, "LIST 4", "listing pages of each partition"},
	{"one partition of four", `SELECT count(*) FROM sale WHERE year = 2023`, "LIST 1", "a partition that is pruned costs nothing"},
	{"two partitions of four", `SELECT count(*) FROM sale WHERE year >= 2024 AND id = 5`, "LIST 2", "of the hash partitions one"},
	{"no partition of four", `SELECT * FROM sale WHERE year < 2000`, "none", ""},
	{"partitions by a parameter", `PREPARE p AS SELECT count(*) FROM sale WHERE year BETWEEN $1 AND $1 + 1; EXECUTE p (2023)`, "LIST 2", "pruned when it runs"},
	{"partitions by a subquery", `SELECT count(*) FROM sale WHERE year = (SELECT max(y) FROM (VALUES (2024), (2023)) v(y))`, "LIST 4", "not pruned"},
	{"insert into a partitioned table", `INSERT INTO sale VALUES (13, 2023)`, "PUT 1", "the row"},
	{"update that moves a row to another partition", `UPDATE sale SET year = 2024 WHERE id = 13 AND year = 2023`, "GET 1, PUT 5, DELETE 1", "read + row + the old row + 3"},
	{"a row that no partition takes, refused", `INSERT INTO sale VALUES (1, 1999)`, "none", "refused before any request"},
	{"a page of ids behind a key", `SELECT id FROM users WHERE id > 'u00100' ORDER BY id LIMIT 10`, "LIST 1", "the listing starts there"},
	{"a page of rows behind a key", `SELECT * FROM users WHERE id > 'u00100' ORDER BY id LIMIT 10`, "LIST 1, GET 10", "no more rows than are wanted"},
	{"a page behind a key, by parameters", `PREPARE page AS SELECT name FROM users WHERE id > $1 ORDER BY id LIMIT $2; EXECUTE page ('u01000', 5)`, "LIST 1, GET 5", ""},
	{"a page behind a key, of some rows", `SELECT name FROM users WHERE id > 'u00100' AND right(name, 1) IN ('5', '7') ORDER BY id LIMIT 10`, "LIST 1, GET 50", "10 rows, then 4 times as many"},
	{"the first page", `SELECT name FROM users ORDER BY id LIMIT 10`, "LIST 2, GET 10", "+ a look for ids with / and its like, which are listed behind others and may come before them"},
	{"the last page", `SELECT id FROM users ORDER BY id DESC LIMIT 10`, "LIST 3", "S3 lists forwards only: all ids"},
	{"delete of 50 rows of 72", `DELETE FROM plain WHERE id BETWEEN 201 AND 250`, "GET 50, PUT 52, DELETE BATCH 1", "few integers, each by its key; each if it is as it was read, side by side"},
	{"delete of 13 rows with references", `DELETE FROM users WHERE country = 'BR'`, "LIST 1, GET 13, PUT 15, DELETE BATCH 2", "references in batches of 1,000"},
	{"truncate of 2,488 rows with references", `TRUNCATE users`, "LIST 10, PUT 3, DELETE BATCH 7", "rows, references and unique keys, 1,000 in each batch; a list of the rows and its record, for a crash"},
	{"a part of content", `SELECT substring(_content FROM 100001 FOR 10) FROM file WHERE id = 1`, "GET 1", "of that range"},
	{"a part of content by parameters", `PREPARE part(int) AS SELECT substr(_content, $1, 65536) FROM file WHERE id = 1; EXECUTE part (65537)`, "GET 1", "of that range"},
	{"the length of content", `SELECT length(_content), _content_type FROM file WHERE id = 1`, "GET 1", "its body is not read"},
	{"content of 2 MB", `SELECT v, _content FROM file WHERE id = 2`, "GET 2", "the row, then its content as a stream"},
	{"its other columns", `SELECT * FROM file WHERE id = 2`, "GET 1", "its body is not read"},
	{"update of another column", `UPDATE file SET v = 'y' WHERE id = 2`, "GET 3, PUT 1", "the row, the row again (it has no stamp), its content"},
	{"update of another column, content of 200 kB", `UPDATE file SET v = 'y' WHERE id = 1`, "GET 2, PUT 1", "the row, the row again"},
	{"content of 2 MB in another's place", `UPDATE file SET _content = convert_to(repeat('0123456789', 200000), 'UTF8') WHERE id = 2`, "GET 3, PUT 1", "the old content is kept until the statement ends"},
	{"delete of a row with content of 2 MB", `DELETE FROM file WHERE id = 2`, "GET 3, DELETE 1", "likewise"},
	{"a catalog query", `SELECT count(*) FROM pg_class`, "none", "the catalog is in memory"},
}

// run counts one statement's requests by EXPLAIN ANALYZE's own meter: the
// session's before and after.
func usage(t *testing.T, s *testserver.Server, f func()) objstore.Usage {
	before := s.Meter.Usage()
	f()
	return s.Meter.Usage().Sub(before)
}

func counts(u objstore.Usage) string {
	var parts []string
	for r := range objstore.NumRequests {
		if n := u.Requests[r]; n > 0 {
			parts = append(parts, fmt.Sprintf("%s %d", r, n))
		}
	}
	if parts = order(parts); len(parts) == 0 {
		return "none"
	}
	return strings.Join(parts, ", ")
}

// order puts LIST before GET, as requests are made. HEADs are the server's, which
// looks every few seconds whether the catalog has changed.
func order(parts []string) []string {
	var out []string
	for _, kind := range []string{"LIST", "GET", "PUT", "DELETE"} {
		for _, p := range parts {
			if strings.HasPrefix(p, kind+" ") {
				out = append(out, p)
			}
		}
	}
	return out
}

func TestCounts(t *testing.T) {
	// Its rows are older than maxSkew: younger ones cost a LIST more for ten listing pages.
	store := s3fake.New(t, clock.System)
	store.Turn(s3fake.Knobs{Older: time.Hour})
	// Records of transactions stay for longer than the test takes.
	s := testserver.Start(t, testserver.Options{Store: store.Location("db"), Args: []string{"--transaction-lease", "1h"}})
	conn := s.Connect(t)
	testserver.Exec(t, conn, append(setup, pathSetup...)...)
	var table strings.Builder
	for _, c := range append(costs, pathCosts...) {
		t.Run(c.what, func(t *testing.T) {
			got := usage(t, s, func() {
				_, err := conn.Exec(context.Background(), c.sql, pgx.QueryExecModeSimpleProtocol)
				if strings.Contains(c.what, "breaks") || strings.Contains(c.what, "refused") {
					require.Error(t, err)
				} else {
					require.NoError(t, err)
				}
			})
			require.Equal(t, c.want, counts(got), c.sql)
		})
		fmt.Fprintf(&table, "| %s | `%s` | %s | %s |\n", c.what, strings.ReplaceAll(c.sql, "|", `\|`), c.want, c.note)
	}
	checkPage(t, table.String())
}

// TestPreparedPointGet: a statement that is prepared once costs one request
// each time it runs, and nothing for the catalog.
func TestPreparedPointGet(t *testing.T) {
	s := testserver.Start(t, testserver.Options{Store: s3fake.New(t, clock.System).Location("db")})
	conn := s.Connect(t)
	testserver.Exec(t, conn, setup[3:]...)
	_, err := conn.Prepare(context.Background(), "get", "SELECT v FROM plain WHERE id = $1")
	require.NoError(t, err)
	got := usage(t, s, func() {
		for i := range 10 {
			var v string
			require.NoError(t, conn.QueryRow(context.Background(), "get", i+1).Scan(&v))
			require.Equal(t, fmt.Sprint("v", i+1), v)
		}
	})
	require.Equal(t, "GET 10", counts(got))
}

// TestEventsCostNothing: who listens to a resource costs its writers no request.
func TestEventsCostNothing(t *testing.T) {
	s := testserver.Start(t, testserver.Options{Store: s3fake.New(t, clock.System).Location("db")})
	conn, listener := s.Connect(t), s.Connect(t)
	testserver.Exec(t, conn, setup[0])
	for _, listens := range []bool{false, true} {
		if listens {
			require.Equal(t, "none", counts(usage(t, s, func() { testserver.Exec(t, listener, `LISTEN users`) })))
		}
		for _, c := range []struct{ sql, want string }{
			{`INSERT INTO users (id, name, country) VALUES ('n1', 'n', 'BR')`, "PUT 2"},
			{`UPDATE users SET country = 'DE' WHERE id = 'n1'`, "GET 1, PUT 2, DELETE 1"},
			{`DELETE FROM users WHERE id = 'n1'`, "GET 1, DELETE 2"},
		} {
			require.Equal(t, c.want, counts(usage(t, s, func() { testserver.Exec(t, conn, c.sql) })), c.sql)
		}
	}
}

// TestTemporaryTables: they are made, written, read and dropped without any
// request.
func TestTemporaryTables(t *testing.T) {
	s := testserver.Start(t, testserver.Options{Store: s3fake.New(t, clock.System).Location("db")})
	conn := s.Connect(t)
	got := usage(t, s, func() {
		testserver.Exec(t, conn,
			`CREATE TEMP TABLE t (id int PRIMARY KEY, v text UNIQUE)`,
			`INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 50) i`,
			`CREATE INDEX ON t (v)`,
			`UPDATE t SET v = 'w' WHERE id = 3`,
			`BEGIN`, `DELETE FROM t WHERE id > 40`, `CREATE TEMP TABLE u ON COMMIT DROP AS SELECT * FROM t`, `COMMIT`,
			`CREATE TEMP VIEW tv AS SELECT * FROM t`,
			`SELECT count(*) FROM tv`,
			`DROP TABLE t CASCADE`,
		)
	})
	require.Equal(t, "none", counts(got))
}

const head = `# What statements cost

Requests over plain S3 (conditional writes and deletes, no metadata in listings), counted by ` + "`tests/requests`" + `, which fails
when one changes. Prices are AWS's, us-east-1: GET and HEAD $0.0004, PUT and LIST $0.005 per 1,000, DELETE free. The embedded
store and MinIO yield rows with their listings: a scan costs its listing pages there and no GET.

A transaction of more than one row (ADR 15) costs three writes beside its rows and their references: its record, the commit
point, and the record's removal, which comes a sixth of ` + "`--transaction-lease`" + ` later, together with others; one more for each
8,192 rows, and for each call in which BEFORE triggers or changed keys have rows written one by one.

Where units are at work on a table, or were within a lease, as far as the server knows, a scan of several rows begins with a LIST of the
records, so that it sees each transaction whole or not at all, and ends with one; so does one that fetches all of a table of more than a batch
(1,024 rows). A scan that meets what may have been committed since it began, begins anew. The records of other servers' transactions are asked for
once. A listing that is answered from without a fetch (count(*), keys) of rows that are less than twenty minutes old costs one more for ten pages;
those counted here are older.

| statement | SQL | requests | why |
|---|---|---|---|
`

const tail = `
What goes on beside statements:

| what | requests | test |
|---|---|---|
| LISTEN, NOTIFY, the events of a resource, among the clients of one server | none | TestEventsCostNothing |
| the same between servers (` + "`--share-notifications=1s`" + `; docs/events.md): of a server that tells something | PUT 1 for each interval in which it does (one more for each 4 MB), LIST 1 when it first does: $0.43 for a day in which every second tells something | tests/servers TestSharedNotificationsCost |
| … of a server with a client that listens | LIST 1 for each interval: $0.43 a day, and GET 1 for each object of another server; LIST 1 when listening begins | storage/notices TestBoard |
| … of a server without | none | tests/servers TestSharedNotificationsCost |
`

func checkPage(t *testing.T, table string) {
	want := head + table + tail
	if *update {
		require.NoError(t, os.WriteFile(page, []byte(want), 0o644))
		return
	}
	got, err := os.ReadFile(page)
	require.NoError(t, err)
	require.Equal(t, want, string(got), "docs/requests.md is not current: go test ./tests/requests -update")
}
