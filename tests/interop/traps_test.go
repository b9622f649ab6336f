package interop

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// TestTraps: each of the traps of s3db-format.md section 14, in its order, is one that we
// do not share or are guarded against. docs/traps.md has the rest of what proves it.
func TestTraps(t *testing.T) {
	s := s3test.Versitygw(t)
	for i, trap := range traps {
		t.Run(fmt.Sprintf("%02d %s", i+1, trap.name), func(t *testing.T) {
			t.Parallel()
			trap.test(t, &trapped{server: s, prefix: fmt.Sprintf("trap%d", i+1)})
		})
	}
}

var traps = []struct {
	name string
	test func(*testing.T, *trapped)
}{
	{"words in definitions", trapWords}, {"decoding twice", trapTwice}, {"text that is JSON", trapJSON}, {"the words null and undefined", trapNullWords},
	{"dictionary prefixes", trapPrefixes}, {"numbers", trapNumbers}, {"null, missing, undefined", trapNulls}, {"names without case", trapNames},
	{"left-over fields", trapLeftOvers}, {"two kilobytes", trapLimit}, {"fields only in the body", trapBody}, {"content types", trapContent},
	{"prefix listings", trapPrefix}, {"paths in partition values", trapPaths}, {"slashes in ids", trapSlashes}, {"case of ids", trapCase},
	{"blind updates", trapBlind}, {"moving references", trapMoves}, {"cleaning up", trapCleaning}, {"two catalogs", trapCatalogs},
	{"two listings", trapListings}, {"swallowed errors", trapSwallowed}, {"orphans and neighbours", trapOrphans}, {"plugins", trapPlugins}, {"opening writes", trapOpening},
}

// trapped is a database with one of our servers and, if asked for, the library.
type trapped struct {
	server *s3test.Server
	prefix string
	conn   *pgx.Conn
}

func (d *trapped) sql(t *testing.T, statements ...string) *pgx.Conn {
	if d.conn == nil {
		d.conn = serve(t, d.server, d.prefix)
	}
	testserver.Exec(t, d.conn, statements...)
	return d.conn
}

func (d *trapped) library(t *testing.T) *library {
	l := editions[1].start(t)
	l.connect(d.server.Location(d.prefix))
	return l
}

func (d *trapped) raw(t *testing.T) (objstore.Store, string) { return open(t, d.server, d.prefix) }

// fails holds an error against a SQLSTATE.
func fails(t *testing.T, conn *pgx.Conn, code, statement string) {
	t.Helper()
	_, err := conn.Exec(t.Context(), statement)
	var pg *pgconn.PgError
	require.ErrorAs(t, err, &pg, statement)
	require.Equal(t, code, pg.Code, pg.Message)
}

func trapWords(t *testing.T, d *trapped) {
	conn := d.sql(t)
	for _, rule := range []string{"string|pattern:number", "string|default:secret", "string|pattern:^array$"} {
		fails(t, conn, "22023", "CREATE RESOURCE r (v '"+rule+"')")
	}
	d.sql(t, "CREATE RESOURCE r (numberOfThings 'string', secretName 'string')", "INSERT INTO r (id, numberOfThings, secretName) VALUES ('1', 'x', 'y')")
	require.Equal(t, object{"id": "1", "numberofthings": "x", "secretname": "y"}, d.library(t).get("r", "1"))
}

func trapTwice(t *testing.T, d *trapped) {
	columns, values, want := "", "", object{"id": "1"}
	for i := range 14 { // short keys up to d
		name := fmt.Sprintf("field%d", i)
		columns, values, want[name] = columns+", "+name+" text", values+", 'v"+name+"'", "v"+name
	}
	columns, values = columns+", b text", values+", 'its own'"
	want["b_"] = "its own" // the library's name of it: b is a short key in use
	conn := d.sql(t, "CREATE TABLE wide (id text PRIMARY KEY"+columns+")", "INSERT INTO wide VALUES ('1'"+values+")",
		"CREATE TABLE twice (id text PRIMARY KEY, doc jsonb)", `INSERT INTO twice VALUES ('1', '"{\"a\": \"[1]\"}"')`)
	require.Equal(t, "its own", one(t, conn, "SELECT b FROM wide"))
	require.Equal(t, want, d.library(t).get("wide", "1"))
	require.Equal(t, "string", one(t, conn, "SELECT jsonb_typeof(doc) FROM twice"))
}

func trapJSON(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE TABLE r (id text PRIMARY KEY, v text)", `INSERT INTO r VALUES ('1', '{"a": 1}'), ('2', '[1]'), ('3', '[object Object]')`)
	require.Equal(t, []string{`{"a": 1}`, `[1]`, `[object Object]`}, column1(t, conn, "SELECT v FROM r ORDER BY id"))
	require.Equal(t, "1", one(t, conn, `SELECT id FROM r WHERE v = '{"a": 1}'`))
}

func trapNullWords(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE TABLE r (id text PRIMARY KEY, word text)", `INSERT INTO r VALUES ('1', 'null'), ('2', 'undefined'), ('3', '  padded  '), ('4', '')`)
	require.Equal(t, []string{"null", "undefined", "  padded  ", ""}, column1(t, conn, "SELECT word FROM r WHERE word IS NOT NULL ORDER BY id"))
	l := d.library(t)
	for id, v := range map[string]string{"1": "null", "2": "undefined", "3": "  padded  ", "4": ""} {
		require.Equal(t, v, l.get("r", id)["word"])
	}
}

func trapPrefixes(t *testing.T, d *trapped) {
	for i, b := range behaviors {
		conn := d.sql(t, "CREATE TABLE "+tableOf(b)+" (id text PRIMARY KEY, url text) WITH (behavior = '"+b+"')",
			"INSERT INTO "+tableOf(b)+" VALUES ('1', 'https://example.org/日本'), ('2', 'https://example.org/café')")
		require.Equal(t, []string{"https://example.org/日本", "https://example.org/café"}, column1(t, conn, "SELECT url FROM "+tableOf(b)+" ORDER BY id"))
		if i > 0 {
			continue
		}
		l := d.library(t)
		require.Equal(t, "https://example.org/日本", l.get(tableOf(b), "1")["url"])
		require.Equal(t, "https://example.org/café", l.get(tableOf(b), "2")["url"])
	}
}

func trapNumbers(t *testing.T, d *trapped) {
	numbers := []string{"1e-07", "5e-324", "1.5e+22", "9007199254740991", "-0.5", "1.7976931348623157e+308"}
	conn := d.sql(t, "CREATE TABLE r (id text PRIMARY KEY, num float8, big bigint)")
	for i, n := range numbers {
		testserver.Exec(t, conn, fmt.Sprintf("INSERT INTO r VALUES ('%d', %s, 9223372036854775807)", i, n))
	}
	require.Equal(t, "6", one(t, conn, "SELECT count(*)::text FROM r WHERE num IN ("+strings.Join(numbers, ", ")+") AND big = 9223372036854775807"))
	l := d.library(t)
	require.Equal(t, 1e-7, l.get("r", "0")["num"])
	require.Equal(t, 1.5e22, l.get("r", "2")["num"])
	require.Equal(t, "9223372036854775807", l.get("r", "0")["big"])
}

func trapNulls(t *testing.T, d *trapped) {
	l := d.library(t)
	l.create(object{"name": "r", "attributes": object{"v": "string|optional", "n": "number|optional", "flag": "boolean|optional", "keep": "string|optional"}})
	l.call("r", "insert", object{"id": "null", "v": nil, "n": nil, "flag": nil, "keep": "x"})
	l.call("r", "insert", object{"id": "missing", "keep": "x"})
	l.call("r", "insert", object{"id": "undefined", "v": object{"$undefined": true}, "n": object{"$undefined": true}, "keep": "x"})
	conn := d.sql(t, "INSERT INTO r (id, v, n, flag) VALUES ('ours', NULL, NULL, NULL)")
	require.Equal(t, "4", one(t, conn, "SELECT count(*)::text FROM r WHERE v IS NULL AND n IS NULL"))
	require.Equal(t, []string{"null"}, column1(t, conn, "SELECT id FROM r WHERE NOT flag"), "the library stores a null boolean as false")
	require.Equal(t, object{"id": "ours"}, l.get("r", "ours"))
}

func trapNames(t *testing.T, d *trapped) {
	conn := d.sql(t, `CREATE TABLE r (id text PRIMARY KEY, "Name" text, name text, "NAME" text)`, `INSERT INTO r VALUES ('1', 'a', 'b', 'c')`)
	l := d.library(t)
	require.Equal(t, object{"id": "1", "Name": "a", "name": "b", "NAME": "c"}, l.get("r", "1"))
	l.call("r", "insert", object{"id": "2", "name": "x", "notDeclared": "y", "NOTDECLARED": "z"})
	require.Equal(t, "x", one(t, conn, `SELECT name FROM r WHERE id = '2'`))
	testserver.Exec(t, conn, `UPDATE r SET name = 'new' WHERE id = '2'`)
	require.Equal(t, "new", l.get("r", "2")["name"])
}

func trapLeftOvers(t *testing.T, d *trapped) {
	for _, b := range behaviors {
		d.sql(t, "CREATE TABLE "+tableOf(b)+" (id text PRIMARY KEY, v text) WITH (behavior = '"+b+"')", "INSERT INTO "+tableOf(b)+" VALUES ('1', 'a')")
	}
	l := d.library(t)
	st, root := d.raw(t)
	for _, b := range behaviors {
		l.call(tableOf(b), "update", "1", object{"v": "b"})
		l.settle()
		require.Len(t, textRows(t, d.conn, tableOf(b))["1"], 2, b)
		testserver.Exec(t, d.conn, "UPDATE "+tableOf(b)+" SET v = 'c'")
		o, err := st.Get(t.Context(), root+"resource="+tableOf(b)+"/data/id=1", objstore.GetOptions{})
		require.NoError(t, err)
		body, err := io.ReadAll(o.Body)
		require.NoError(t, err)
		for _, left := range []string{"etag", "mimetype", "contentlength", "lastmodified"} {
			require.NotContains(t, strings.ToLower(fmt.Sprint(o.Metadata)+string(body)), left, b)
		}
	}
}

func trapLimit(t *testing.T, d *trapped) {
	// 2047 - _v - v1, which are in the sum too, - the name 0.
	most := 2047 - 4 - 4 - 1
	conn := d.sql(t, "CREATE RESOURCE r (v 'string') WITH (behavior = 'enforce-limits')")
	l := d.library(t)
	testserver.Exec(t, conn, fmt.Sprintf("INSERT INTO r (id, v) VALUES ('ours', repeat('x', %d))", most))
	fails(t, conn, "54000", fmt.Sprintf("INSERT INTO r (id, v) VALUES ('over', repeat('x', %d))", most+1))
	l.call("r", "insert", object{"id": "theirs", "v": strings.Repeat("x", most)})
	_, err := l.tryCall("r", "insert", object{"id": "over", "v": strings.Repeat("x", most+1)})
	require.Error(t, err)
	require.Equal(t, []string{"ours", "theirs"}, column1(t, conn, "SELECT id FROM r ORDER BY id"))
}

func trapBody(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE RESOURCE r (v 'string|optional', w 'string|optional') WITH (behavior = 'user-managed')", "INSERT INTO r (id, v, w) VALUES ('1', 'a', 'b')")
	l := d.library(t)
	l.call("r", "update", "1", object{"v": "in metadata and body"})
	testserver.Exec(t, conn, "UPDATE r SET v = NULL")
	require.Equal(t, object{"id": "1", "w": "b"}, l.get("r", "1"))
	require.Equal(t, "true", one(t, conn, "SELECT (v IS NULL)::text FROM r"))
}

func trapContent(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE RESOURCE r (v 'string|optional', long 'string|optional')", "INSERT INTO r (id, v) VALUES ('plain', 'a'), ('content', 'b')",
		"INSERT INTO r (id, v, long) VALUES ('overflows', 'c', repeat('x', 5000))")
	l := d.library(t)
	l.call("r", "setContent", object{"id": "content", "buffer": `{"v": "not a field"}`, "contentType": "application/json"})
	require.Equal(t, []string{"content=b:true", "overflows=c:false", "plain=a:false"}, column1(t, conn, "SELECT id || '=' || v || ':' || _has_content FROM r ORDER BY id"))
}

func trapPrefix(t *testing.T, d *trapped) {
	conn := d.sql(t, `CREATE RESOURCE r (region 'string') PARTITION by_region BY (region)`, "INSERT INTO r (id, region) VALUES ('1', 'US'), ('2', 'USA'), ('3', 'U')",
		"SET s3db.trust_partitions = on")
	require.Equal(t, "1", one(t, conn, "SELECT string_agg(id, ',') FROM r WHERE region = 'US'"))
	require.Contains(t, strings.Join(column1(t, conn, "EXPLAIN SELECT id FROM r WHERE region = 'US'"), "\n"), "by_region")
	require.Equal(t, "1", one(t, conn, "SELECT count(*)::text FROM r WHERE region = 'US'"))
}

func trapPaths(t *testing.T, d *trapped) {
	l := d.library(t)
	l.create(object{"name": "theirs", "attributes": object{"region": "string"}, "partitions": object{"byRegion": object{"fields": object{"region": "string"}}}})
	conn := d.sql(t, `CREATE RESOURCE ours (region 'string') PARTITION by_region BY (region)`)
	for _, table := range []string{"ours", "theirs"} {
		testserver.Exec(t, conn, "INSERT INTO "+table+" (id, region) VALUES ('victim', 'EU')")
		for i, value := range []string{"x/../../data", "..", ".", "a/b", "a/id=victim", "x/../../../../up"} {
			id := fmt.Sprint("r", i)
			_, err := conn.Exec(t.Context(), "INSERT INTO "+table+" (id, region) VALUES ($1, $2)", id, value)
			found := one(t, conn, "SELECT coalesce(string_agg(id, ','), '') FROM "+table+" WHERE region = $1", value)
			if table == "ours" || value == "a/b" || err == nil {
				require.NoError(t, err)
				require.Equal(t, id, found, value)
			} else { // no key can hold it as s3db.js would write it
				require.ErrorContains(t, err, "22023", value)
				require.Empty(t, found, value)
			}
		}
		require.Equal(t, "EU", one(t, conn, "SELECT region FROM "+table+" WHERE id = 'victim'"))
	}
	for _, key := range keys(t, d.server, d.prefix, "") {
		require.NotContains(t, strings.Split(key, "/"), "..")
		require.False(t, strings.HasPrefix(key, "up"), key)
	}
}

func trapSlashes(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE TABLE r (id text PRIMARY KEY, v text)")
	for _, id := range []string{"a/b", "a/../b", "../c", "a=b", "50%", "b"} {
		_, err := conn.Exec(t.Context(), "INSERT INTO r VALUES ($1, $1)", id)
		require.NoError(t, err, id)
		require.Equal(t, id, one(t, conn, "SELECT v FROM r WHERE id = $1", id))
	}
	require.Equal(t, []string{"../c", "50%", "a/../b", "a/b", "a=b", "b"}, column1(t, conn, "SELECT id FROM r WHERE id = v ORDER BY id"))
}

func trapCase(t *testing.T, d *trapped) {
	conn := d.sql(t, `CREATE TABLE "Users" (id text PRIMARY KEY, v text)`, "CREATE TABLE users (id text PRIMARY KEY, v text)",
		`INSERT INTO "Users" VALUES ('a', '1'), ('A', '2')`, "INSERT INTO users VALUES ('a', '3')", `UPDATE "Users" SET v = '4' WHERE id = 'A'`)
	require.Equal(t, "A4,a1", one(t, conn, `SELECT string_agg(id || v, ',' ORDER BY id) FROM "Users"`))
	require.Equal(t, "a3", one(t, conn, `SELECT string_agg(id || v, ',') FROM users`))
}

func trapBlind(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE TABLE r (id text PRIMARY KEY, v int)", "INSERT INTO r VALUES ('1', 0)")
	other := serve(t, d.server, d.prefix)
	var both sync.WaitGroup
	for _, c := range []*pgx.Conn{conn, other} {
		both.Go(func() {
			for range 10 {
				_, err := c.Exec(t.Context(), "UPDATE r SET v = v + 1")
				assert.NoError(t, err)
			}
		})
	}
	both.Wait()
	require.Equal(t, "20", one(t, conn, "SELECT v::text FROM r"))
}

func trapMoves(t *testing.T, d *trapped) {
	conn := d.sql(t, `CREATE RESOURCE r (region 'string') PARTITION by_region BY (region)`, "INSERT INTO r (id, region) VALUES ('1', 'r0')")
	var all sync.WaitGroup
	for i := range 4 {
		c := serve(t, d.server, d.prefix)
		all.Go(func() {
			for n := range 4 {
				_, err := c.Exec(t.Context(), fmt.Sprintf("UPDATE r SET region = 'r%d'", 4*i+n))
				assert.NoError(t, err)
			}
		})
	}
	all.Wait()
	missing, _ := references(t, d.server, conn, d.prefix, "r", []place{{"by_region", []part{{"region", "string", "region"}}}})
	require.Empty(t, missing)
	require.Equal(t, "1", one(t, conn, "SELECT id FROM r WHERE region = $1", one(t, conn, "SELECT region FROM r")))
}

func trapCleaning(t *testing.T, d *trapped) {
	conn := d.sql(t, `CREATE RESOURCE r (region 'string') PARTITION by_region BY (region)`, "INSERT INTO r (id, region) SELECT g::text, 'EU' FROM generate_series(1, 50) g")
	lists := func() string {
		return one(t, conn, "SELECT requests::text FROM s3db.requests WHERE pid IS NULL AND kind = 'LIST'")
	}
	before := lists()
	testserver.Exec(t, conn, "UPDATE r SET region = 'US' WHERE id = '7'", "DELETE FROM r WHERE id = '8'")
	require.Equal(t, before, lists())
}

func trapCatalogs(t *testing.T, d *trapped) {
	d.server = s3test.MinIO(t) // versitygw refuses a PUT beside a DELETE of the same key
	conn := d.sql(t)
	l := d.library(t)
	var both sync.WaitGroup
	both.Go(func() {
		for i := range 5 {
			_, err := conn.Exec(t.Context(), fmt.Sprintf("CREATE RESOURCE ours%d (v 'string')", i))
			assert.NoError(t, err)
		}
	})
	for i := range 5 {
		// The library tries three times to get the lock that both take.
		var err error
		for range 20 {
			_, err = l.try(object{"op": "create", "args": []any{object{"name": fmt.Sprintf("theirs%d", i), "attributes": object{"v": "string"}}}})
			if err == nil {
				break
			}
		}
		require.NoError(t, err)
	}
	both.Wait()
	l.connect(d.server.Location(d.prefix))
	require.Len(t, l.must(object{"op": "resources"}), 10)
	require.Equal(t, "10", one(t, serve(t, d.server, d.prefix), "SELECT count(*)::text FROM pg_tables WHERE schemaname = 'public'"))
}

func trapListings(t *testing.T, d *trapped) {
	conn := d.sql(t)
	for i := range 4 {
		testserver.Exec(t, conn, fmt.Sprintf("CREATE TABLE r%d (id text PRIMARY KEY)", i), fmt.Sprintf("INSERT INTO r%d SELECT '%d-' || g FROM generate_series(1, 9) g", i, i))
	}
	var all sync.WaitGroup
	server := testserver.Start(t, testserver.Options{Store: d.server.Location(d.prefix)})
	for i := range 4 {
		c := server.Connect(t)
		all.Go(func() {
			for range 10 {
				var ids string
				assert.NoError(t, c.QueryRow(t.Context(), fmt.Sprintf("SELECT count(*) || ' ' || min(left(id, 1)) || ' ' || max(left(id, 1)) FROM r%d", i)).Scan(&ids))
				assert.Equal(t, fmt.Sprintf("9 %d %d", i, i), ids)
			}
		})
	}
	all.Wait()
}

func trapSwallowed(t *testing.T, d *trapped) {
	conn := d.sql(t, "CREATE TABLE r (id text PRIMARY KEY, v int)", "INSERT INTO r VALUES ('1', 1), ('2', 2)")
	st, root := d.raw(t)
	_, err := st.Put(t.Context(), root+"resource=r/data/id=3", objstore.PutRequest{Metadata: objstore.Metadata{"_v": "v1", "0": "!damaged!"}})
	require.NoError(t, err)
	fails(t, conn, "XX001", "SELECT v FROM r")
	require.Equal(t, "1,2", one(t, d.sql(t, "SET s3db.skip_damaged = on"), "SELECT string_agg(v::text, ',' ORDER BY v) FROM r"))
}

func trapOrphans(t *testing.T, d *trapped) {
	conn := d.sql(t)
	fill := func() {
		for _, name := range []string{"account", "accounts"} {
			d.sql(t, "CREATE RESOURCE IF NOT EXISTS "+name+" (region 'string') PARTITION by_region BY (region)", "INSERT INTO "+name+" (id, region) VALUES ('1', 'EU'), ('2', 'US')")
		}
	}
	left := func(name string) int { return len(keys(t, d.server, d.prefix, "resource="+name+"/")) }
	for _, all := range []string{"DELETE FROM account WHERE id IN ('1', '2')", "DELETE FROM account", "TRUNCATE account", "DROP TABLE account"} {
		fill()
		testserver.Exec(t, conn, all)
		require.Zero(t, left("account"), all)
		require.Equal(t, 4, left("accounts"), all)
		testserver.Exec(t, conn, "DROP TABLE accounts")
	}
}

func trapPlugins(t *testing.T, d *trapped) {
	l := d.library(t)
	l.create(object{"name": "plg_audits", "createdBy": "plugin", "attributes": object{"v": "string"}})
	l.call("plg_audits", "insert", object{"id": "1", "v": "a"})
	conn := d.sql(t)
	require.Equal(t, "a", one(t, conn, "SELECT v FROM plg_audits"))
	for _, write := range []string{"INSERT INTO plg_audits (id, v) VALUES ('2', 'b')", "UPDATE plg_audits SET v = 'b'", "DELETE FROM plg_audits", "TRUNCATE plg_audits"} {
		_, err := conn.Exec(t.Context(), write)
		require.Error(t, err, write)
	}
	require.Equal(t, object{"id": "1", "v": "a"}, l.get("plg_audits", "1"))
}

func trapOpening(t *testing.T, d *trapped) {
	l := d.library(t)
	l.create(object{"name": "r", "attributes": object{"v": "string", "region": "string"}, "timestamps": true, "partitions": object{"byRegion": object{"fields": object{"region": "string"}}}})
	l.call("r", "insert", object{"id": "1", "v": "a", "region": "EU"})
	l.settle()
	before := contentsOf(t, d)
	conn := serve(t, d.server, d.prefix)
	require.Equal(t, "a", one(t, conn, "SELECT v FROM r WHERE region = 'EU'"))
	require.Equal(t, before, contentsOf(t, d))
}

// contentsOf says of every object which it is, and when it was written.
func contentsOf(t *testing.T, d *trapped) (out []string) {
	st, root := d.raw(t)
	page, err := st.List(t.Context(), objstore.ListRequest{Prefix: root})
	require.NoError(t, err)
	for _, o := range page.Objects {
		out = append(out, o.Key+" "+o.ETag+" "+o.LastModified.String())
	}
	return out
}
