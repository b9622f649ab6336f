package badinput

import (
	"context"
	"fmt"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
)

var ctx = context.Background()

// secret stands in each location that must not show it.
const secret = "do-not-show-this"

// startFails starts a server over a store that it must refuse.
func startFails(t *testing.T, store string, args ...string) error {
	t.Helper()
	srv, err := testserver.TryStart(testserver.Options{Store: store, Args: append(args, "--s3-attempts", "1", "--s3-timeout", "2s")})
	if err == nil {
		_ = srv.Stop()
		t.Fatal("the server started")
	}
	t.Log(err)
	assert.NotContains(t, err.Error(), secret)
	return err
}

func TestUnreachableEndpoint(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0") // a port that nobody listens on
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	err = startFails(t, "http://key:"+secret+"@"+addr+"/bucket/prefix")
	assert.Equal(t, objstore.Unavailable, objstore.KindOf(err))
	assert.Contains(t, err.Error(), addr)
}

func TestWrongKeys(t *testing.T) {
	gateway := s3test.Versitygw(t)
	right := gateway.Location("wrongkeys")
	for name, store := range map[string]string{
		"secret": "http://" + s3test.AccessKey + ":" + secret + "@" + strings.TrimPrefix(gateway.Endpoint, "http://") + "/" + s3test.Bucket + "/p",
		"user":   "http://nobody:" + secret + "@" + strings.TrimPrefix(gateway.Endpoint, "http://") + "/" + s3test.Bucket + "/p",
	} {
		t.Run(name, func(t *testing.T) {
			err := startFails(t, store)
			assert.Equal(t, objstore.Denied, objstore.KindOf(err))
		})
	}
	testserver.Start(t, testserver.Options{Store: right}) // it is not the gateway that refuses
}

func TestMissingBucket(t *testing.T) {
	gateway := s3test.Versitygw(t)
	store := strings.Replace(gateway.Location("p"), "/"+s3test.Bucket+"/", "/no-such-bucket/", 1)
	err := startFails(t, store)
	assert.Equal(t, objstore.NoBucket, objstore.KindOf(err))
	assert.Contains(t, err.Error(), "no-such-bucket")
}

func TestMalformedLocation(t *testing.T) {
	for _, store := range []string{"ftp://host/x", "s3://", "http://", "s3://k:" + secret + "@", "http://key:" + secret + "@host:99999/b"} {
		t.Run(store, func(t *testing.T) { startFails(t, store) })
	}
}

// TestEndpointGoesAway kills the S3 server under a running server: statements
// fail with 58030, the session lives on.
func TestEndpointGoesAway(t *testing.T) {
	gateway := s3test.Versitygw(t)
	srv := testserver.Start(t, testserver.Options{Store: gateway.Location("gone"), Args: []string{"--s3-attempts", "1", "--s3-timeout", "2s"}})
	conn := srv.Connect(t)
	testserver.Exec(t, conn, "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'x')")
	gateway.Stop()
	for _, sql := range []string{"SELECT * FROM t", "SELECT * FROM t WHERE id = 1", "INSERT INTO t VALUES (2, 'y')", "DELETE FROM t", "CREATE TABLE u (a int)"} {
		fails(t, conn, sql, pgerr.IoError)
	}
	var one int
	require.NoError(t, conn.QueryRow(ctx, "SELECT 1").Scan(&one))
}

// fails runs a statement that must fail with a code.
func fails(t *testing.T, conn *pgx.Conn, sql string, code pgerr.Code) *pgconn.PgError {
	t.Helper()
	_, err := conn.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
	var pe *pgconn.PgError
	if !assert.ErrorAs(t, err, &pe, shorten(sql)) {
		return &pgconn.PgError{}
	}
	assert.Equal(t, string(code), pe.Code, "%s: %s", shorten(sql), pe.Message)
	return pe
}

func shorten(s string) string { return s[:min(len(s), 120)] }

// database is an embedded store that a test damages while no server has it.
type database struct{ folder string }

// with runs statements on it.
func (d database) with(t *testing.T, statements ...string) {
	srv, err := testserver.TryStart(testserver.Options{Store: "file://" + d.folder})
	require.NoError(t, err)
	conn, err := pgx.Connect(ctx, srv.URL("postgres"))
	require.NoError(t, err)
	testserver.Exec(t, conn, statements...)
	require.NoError(t, conn.Close(ctx))
	require.NoError(t, srv.Stop())
}

// change opens its objects.
func (d database) change(t *testing.T, f func(objstore.Store)) {
	loc, err := location.Parse("file://" + d.folder)
	require.NoError(t, err)
	s, _, err := open.Open(ctx, loc, open.Options{})
	require.NoError(t, err)
	f(s)
	require.NoError(t, s.Close())
}

// keys lists the objects below a prefix.
func keys(t *testing.T, s objstore.Store, prefix string) []string {
	page, err := s.List(ctx, objstore.ListRequest{Prefix: prefix})
	require.NoError(t, err)
	require.False(t, page.More)
	var out []string
	for _, o := range page.Objects {
		out = append(out, o.Key)
	}
	return out
}

func put(t *testing.T, s objstore.Store, key string, metadata map[string]string, body string) {
	_, err := s.Put(ctx, key, objstore.PutRequest{Metadata: metadata, Body: []byte(body)})
	require.NoError(t, err)
}

func TestDamagedManifest(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON": "{not json", "cut": `{"version": "1", "resources": {"t": {`, "an array": "[1, 2]", "empty": "",
		"resources is text": `{"version":"1","resources":"none"}`,
	} {
		t.Run(name, func(t *testing.T) {
			d := database{t.TempDir()}
			d.with(t, "CREATE TABLE t (id int PRIMARY KEY, v text)", "INSERT INTO t VALUES (1, 'x')")
			d.change(t, func(s objstore.Store) { put(t, s, "s3db.json", nil, text) })
			err := startFails(t, "file://"+d.folder)
			assert.Equal(t, pgerr.DataCorrupted, pgerr.CodeOf(err))
			assert.Contains(t, err.Error(), "s3db.json")
			d.change(t, func(s objstore.Store) { assert.Len(t, keys(t, s, "resource=t/data/"), 1, "rows are untouched") })
		})
	}
}

// TestDamagedRow damages the second of three rows in one way or another.
func TestDamagedRow(t *testing.T) {
	for name, c := range map[string]struct {
		value  string // of the column that is damaged, as SQL
		damage func(info map[string]string, body string) string
	}{
		"a number is none": {"2", func(info map[string]string, body string) string {
			for name, v := range info {
				if v == "2" {
					info[name] = "zz"
				}
			}
			return body
		}},
		"the body of a large row is cut":  {"10::numeric ^ 5000", func(_ map[string]string, body string) string { return body[:len(body)/2] }},
		"the body of a large row is gone": {"10::numeric ^ 5000", func(map[string]string, string) string { return "" }},
	} {
		t.Run(name, func(t *testing.T) {
			d := database{t.TempDir()}
			d.with(t, "CREATE TABLE t (id int PRIMARY KEY, n numeric)", "INSERT INTO t VALUES (1, 1), (2, "+c.value+"), (3, 3)")
			var damaged string
			d.change(t, func(s objstore.Store) {
				damaged = keys(t, s, "resource=t/data/")[1]
				o, err := s.Get(ctx, damaged, objstore.GetOptions{})
				require.NoError(t, err)
				body, err := objstore.ReadBody(o, 1<<20)
				require.NoError(t, err)
				put(t, s, damaged, o.Metadata, c.damage(o.Metadata, string(body)))
			})
			conn := testserver.Start(t, testserver.Options{Store: "file://" + d.folder}).Connect(t)
			pe := fails(t, conn, "SELECT * FROM t", pgerr.DataCorrupted)
			assert.Contains(t, pe.Message+pe.Detail, damaged, "names the object")
			assert.Equal(t, "1", text(t, conn, "SELECT n FROM t WHERE id = 1"), "the rest is readable")
			testserver.Exec(t, conn, "SET s3db.skip_damaged = on")
			assert.Equal(t, "1 3", text(t, conn, "SELECT string_agg(n::text, ' ' ORDER BY id) FROM t"))
		})
	}
}

// TestTooLarge writes rows that metadata can't hold, per behavior: enforce-limits
// refuses them and leaves nothing, the others keep what s3db.js keeps.
func TestTooLarge(t *testing.T) {
	gateway := s3test.Versitygw(t)
	for name, store := range map[string]string{"local": "file://" + t.TempDir(), "s3": gateway.Location("large")} {
		t.Run(name, func(t *testing.T) {
			conn := testserver.Start(t, testserver.Options{Store: store}).Connect(t)
			testserver.Exec(t, conn,
				"CREATE RESOURCE strict (v 'string') WITH (behavior = 'enforce-limits')",
				"CREATE RESOURCE body (v 'string') WITH (behavior = 'body-overflow')",
				"CREATE RESOURCE bodyonly (v 'string') WITH (behavior = 'body-only')",
				"CREATE RESOURCE cut (v 'string') WITH (behavior = 'truncate-data')")
			pe := fails(t, conn, "INSERT INTO strict (id, v) VALUES ('a', repeat('x', 5000))", pgerr.ProgramLimitExceeded)
			assert.Contains(t, pe.Message+pe.Detail, "limit", "names the limit")
			fails(t, conn, "INSERT INTO strict (id, v) VALUES ('ok', 'x'), ('b', repeat('é', 3000))", pgerr.ProgramLimitExceeded)
			assert.Equal(t, "0", text(t, conn, "SELECT count(*) FROM strict"))
			testserver.Exec(t, conn, "INSERT INTO strict (id, v) VALUES ('ok', repeat('x', 1500))")
			fails(t, conn, "UPDATE strict SET v = repeat('x', 5000)", pgerr.ProgramLimitExceeded)
			assert.Equal(t, "1500", text(t, conn, "SELECT length(v) FROM strict"))
			for _, table := range []string{"body", "bodyonly"} {
				testserver.Exec(t, conn, "INSERT INTO "+table+" (id, v) VALUES ('a', repeat('xé', 500000))")
				assert.Equal(t, text(t, conn, "SELECT md5(repeat('xé', 500000))"), text(t, conn, "SELECT md5(v) FROM "+table), table)
			}
			testserver.Exec(t, conn, "INSERT INTO cut (id, v) VALUES ('a', repeat('x', 5000))")
			assert.Less(t, len(text(t, conn, "SELECT v FROM cut")), 2048)
		})
	}
}

// text is the value of a query with one row and column, as text.
func text(t *testing.T, conn *pgx.Conn, sql string) string {
	t.Helper()
	results, err := conn.PgConn().Exec(ctx, sql).ReadAll()
	require.NoError(t, err, sql)
	require.Len(t, results, 1)
	require.Len(t, results[0].Rows, 1, sql)
	return string(results[0].Rows[0][0])
}

var ids = []string{
	"a/b", "/", "//", "a//b", "a/", "/a", "a=b", "id=x", "100%", "%2F", "%", "%%", `"`, "'", `it's "quoted"`, `back\slash`,
	"ünïcödé", "漢字", "😀", "e\u0301", "\u00e9", " ", " lead", "trail ", "a b", "a+b", "?", "#", "&", ";", ",", "<xml>", "]]>",
	".", "..", "...", "./x", "../x", "~", "*", "$1", "\n", "\t", "\r\n", "\u0001", "\u007f", "\u200b", "\ufeff", "null", "NULL", "undefined",
	"data", "resource=t", "__proto__", "0", "-1", "1e3", strings.Repeat("k", 180), strings.Repeat("漢", 60), // versitygw keeps a segment as a file name
}

// TestIDs writes, reads, lists, updates and deletes a row under each awkward id.
func TestIDs(t *testing.T) {
	gateway := s3test.Versitygw(t)
	for name, store := range map[string]string{"mem": "memory://", "local": "file://" + t.TempDir(), "s3": gateway.Location("ids")} {
		t.Run(name, func(t *testing.T) {
			conn := testserver.Start(t, testserver.Options{Store: store}).Connect(t)
			testserver.Exec(t, conn,
				"CREATE TABLE t (k text PRIMARY KEY, v int, w text UNIQUE)", "CREATE INDEX t_w ON t (w, v)")
			for i, id := range ids {
				_, err := conn.Exec(ctx, "INSERT INTO t VALUES ($1, $2, $1)", id, i)
				require.NoError(t, err, "%q", id)
			}
			for i, id := range ids {
				var v int
				var k, w string
				require.NoError(t, conn.QueryRow(ctx, "SELECT k, v, w FROM t WHERE k = $1", id).Scan(&k, &v, &w), "%q", id)
				assert.Equal(t, []any{id, i, id}, []any{k, v, w})
				require.NoError(t, conn.QueryRow(ctx, "SELECT k FROM t WHERE w = $1 AND v = $2", id, i).Scan(&k), "%q by index", id)
				assert.Equal(t, id, k)
				_, err := conn.Exec(ctx, "INSERT INTO t VALUES ($1, 0, NULL)", id)
				assert.Equal(t, "23505", code(err), "%q", id)
				_, err = conn.Exec(ctx, "INSERT INTO t VALUES ($1 || '-other', 0, $1)", id)
				assert.Equal(t, "23505", code(err), "%q", id)
			}
			rows, err := conn.Query(ctx, "SELECT k FROM t")
			require.NoError(t, err)
			all, err := pgx.CollectRows(rows, pgx.RowTo[string])
			require.NoError(t, err)
			assert.ElementsMatch(t, ids, all)
			for _, id := range ids {
				tag, err := conn.Exec(ctx, "UPDATE t SET v = v + 1000 WHERE k = $1", id)
				require.NoError(t, err)
				assert.EqualValues(t, 1, tag.RowsAffected(), "%q", id)
				tag, err = conn.Exec(ctx, "DELETE FROM t WHERE k = $1 AND v >= 1000", id)
				require.NoError(t, err)
				assert.EqualValues(t, 1, tag.RowsAffected(), "%q", id)
			}
			assert.Equal(t, "0", text(t, conn, "SELECT count(*) FROM t"))
		})
	}
}

// TestLongIDs: an id of 1 KB does not fit a key of S3's: it works where the
// store can hold it, and is refused with 54000 where it can't. Nothing is left
// of it then.
func TestLongIDs(t *testing.T) {
	gateway := s3test.Versitygw(t)
	for name, store := range map[string]string{"mem": "memory://", "local": "file://" + t.TempDir(), "s3": gateway.Location("long")} {
		t.Run(name, func(t *testing.T) {
			conn := testserver.Start(t, testserver.Options{Store: store}).Connect(t)
			testserver.Exec(t, conn, "CREATE TABLE t (k text PRIMARY KEY, w text UNIQUE)", "CREATE INDEX t_w ON t (w)")
			for _, size := range []int{900, 1024, 5000} {
				id := strings.Repeat("x", size)
				_, err := conn.Exec(ctx, "INSERT INTO t VALUES ($1, $2)", id, fmt.Sprint("w", size))
				if err != nil {
					assert.Contains(t, []string{"54000", "22023"}, code(err), err)
					assert.Equal(t, "0", text(t, conn, fmt.Sprintf("SELECT count(*) FROM t WHERE w = 'w%d'", size)))
					_, err = conn.Exec(ctx, "INSERT INTO t VALUES ($1, $2)", fmt.Sprint("short", size), fmt.Sprint("w", size))
					require.NoError(t, err, "the unique key of the refused row must be free")
					continue
				}
				var n int
				require.NoError(t, conn.QueryRow(ctx, "SELECT length(k) FROM t WHERE k = $1", id).Scan(&n))
				assert.Equal(t, size, n)
			}
		})
	}
}

func code(err error) string {
	if pe, ok := err.(*pgconn.PgError); ok {
		return pe.Code
	}
	return fmt.Sprint(err)
}
