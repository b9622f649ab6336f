package interop

import (
	"bytes"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestSurface: on a database that s3db.js 21 has made, each of its methods in SQL, as
// docs/compatibility.md has them; and s3db.js sees what they did.
func TestSurface(t *testing.T) {
	s := s3test.Versitygw(t)
	l := editions[1].start(t)
	l.connect(s.Location("surface"))
	l.create(object{"name": "users", "attributes": object{"name": "string|min:2", "age": "number|integer|optional", "country": "string|optional",
		"profile": object{"bio": "string|optional"}, "tags": "array|items:string|optional"},
		"partitions": object{"byCountry": object{"fields": object{"country": "string"}}}, "timestamps": true, "behavior": "body-overflow"})
	l.settle()
	conn := serve(t, s, "surface")
	for _, row := range []struct {
		name string
		test func(*testing.T, *pgx.Conn, *library)
	}{
		{"insert, insertMany", surfaceInsert}, {"get, getMany, exists", surfaceGet}, {"update, upsert, replace", surfaceUpdate},
		{"list, page, query, getAll", surfaceList}, {"listIds, count", surfaceCount}, {"list of a partition", surfacePartition},
		{"readable, writable", surfaceStreams}, {"setContent, content, hasContent, deleteContent", surfaceContent},
		{"resourceExists", surfaceExists}, {"hooks", surfaceHooks}, {"delete, deleteMany, deleteAll", surfaceDelete},
		{"behaviors", surfaceBehaviors}, {"plugins", surfacePlugins},
	} {
		t.Run(row.name, func(t *testing.T) { row.test(t, conn, l) })
	}
}

func surfaceInsert(t *testing.T, conn *pgx.Conn, l *library) {
	id := one(t, conn, "INSERT INTO users (name, age, country, profile) VALUES ('Ana', 30, 'BR', '{\"bio\": \"b\"}') RETURNING id")
	require.Len(t, id, 22)
	require.Equal(t, "Ana", l.get("users", id)["name"])
	testserver.Exec(t, conn, "INSERT INTO users (id, name, age, country) VALUES ('u1', 'Bob', 1, 'PT'), ('u2', 'Cid', 2, 'PT'), ('u3', 'Dea', 3, 'BR')")
	n, err := conn.CopyFrom(t.Context(), pgx.Identifier{"users"}, []string{"id", "name", "age"}, pgx.CopyFromRows([][]any{{"c1", "Eva", int64(4)}, {"c2", "Flo", int64(5)}}))
	require.NoError(t, err)
	require.EqualValues(t, 2, n)
	require.Equal(t, 6, l.count("users"))
	_, err = conn.Exec(t.Context(), "INSERT INTO users (name) VALUES ('x')")
	require.ErrorContains(t, err, "23514")
}

func surfaceGet(t *testing.T, conn *pgx.Conn, _ *library) {
	require.Equal(t, "Bob", one(t, conn, "SELECT name FROM users WHERE id = $1", "u1"))
	require.Equal(t, "Bob,Cid", one(t, conn, "SELECT string_agg(name, ',' ORDER BY id) FROM users WHERE id = ANY($1)", []string{"u2", "u1", "none"}))
	require.Equal(t, "true", one(t, conn, "SELECT EXISTS (SELECT FROM users WHERE id = 'u3')"))
}

func surfaceUpdate(t *testing.T, conn *pgx.Conn, l *library) {
	testserver.Exec(t, conn, "UPDATE users SET profile['bio'] = '\"new\"', age = age + 1 WHERE id = 'u1'",
		"INSERT INTO users (id, name) VALUES ('u1', 'Bob II'), ('u4', 'Gil') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
		"MERGE INTO users u USING (VALUES ('u2', 'Cid II'), ('u5', 'Hal')) v (id, name) ON u.id = v.id WHEN MATCHED THEN UPDATE SET name = v.name WHEN NOT MATCHED THEN INSERT (id, name) VALUES (v.id, v.name)")
	u1 := l.get("users", "u1")
	require.Equal(t, []any{"Bob II", 2.0, object{"bio": "new"}}, []any{u1["name"], u1["age"], u1["profile"]})
	require.Equal(t, "Cid II", l.get("users", "u2")["name"])
	require.Equal(t, "Hal", l.get("users", "u5")["name"])
	testserver.Exec(t, conn, "UPDATE users SET (age, country, profile, tags) = (NULL, NULL, NULL, NULL) WHERE id = 'u5'") // replace
	require.NotContains(t, l.get("users", "u5"), "age")
}

func surfaceList(t *testing.T, conn *pgx.Conn, _ *library) {
	require.Equal(t, []string{"u1", "u2"}, column1(t, conn, "SELECT id FROM users WHERE id LIKE 'u%' ORDER BY id LIMIT 2"))
	require.Equal(t, []string{"u3", "u4"}, column1(t, conn, "SELECT id FROM users WHERE id LIKE 'u%' ORDER BY id LIMIT 2 OFFSET 2"))
	require.Equal(t, []string{"u2"}, column1(t, conn, "SELECT id FROM users WHERE country = 'PT' AND age = 2 AND name LIKE 'C%'"))
	require.Len(t, query(t, conn, "SELECT * FROM users"), 8)
}

func surfaceCount(t *testing.T, conn *pgx.Conn, l *library) {
	fetched := func() string {
		return one(t, conn, "SELECT sum(requests)::text FROM s3db.requests WHERE pid IS NULL AND kind IN ('GET', 'HEAD')")
	}
	before := fetched()
	require.Equal(t, "8", one(t, conn, "SELECT count(*)::text FROM users"))
	require.ElementsMatch(t, l.ids("users"), column1(t, conn, "SELECT id FROM users"))
	require.Equal(t, before, fetched())
}

func surfacePartition(t *testing.T, conn *pgx.Conn, _ *library) {
	plan := func() string {
		return strings.Join(column1(t, conn, "EXPLAIN SELECT name FROM users WHERE country = 'PT'"), "\n")
	}
	require.Contains(t, plan(), "not verified")
	testserver.Exec(t, conn, "VERIFY RESOURCE users")
	require.Contains(t, plan(), "country=PT")
	require.Equal(t, []string{"Bob II", "Cid II"}, column1(t, conn, "SELECT name FROM users WHERE country = 'PT' ORDER BY id"))
}

func surfaceStreams(t *testing.T, conn *pgx.Conn, l *library) {
	var out bytes.Buffer
	_, err := conn.PgConn().CopyTo(t.Context(), &out, "COPY (SELECT id FROM users WHERE id LIKE 'u%' ORDER BY id) TO STDOUT")
	require.NoError(t, err)
	require.Equal(t, "u1\nu2\nu3\nu4\nu5\n", out.String())
	_, err = conn.PgConn().CopyFrom(t.Context(), strings.NewReader("w1,Ida\nw2,Jon\n"), "COPY users (id, name) FROM STDIN (FORMAT csv)")
	require.NoError(t, err)
	require.Equal(t, "Jon", l.get("users", "w2")["name"])
	testserver.Exec(t, conn, "BEGIN", "DECLARE c CURSOR FOR SELECT id FROM users WHERE id < 'd' AND id > 'c' ORDER BY id")
	require.Equal(t, []string{"c1", "c2"}, column1(t, conn, "FETCH 2 FROM c"))
	testserver.Exec(t, conn, "COMMIT")
}

func surfaceContent(t *testing.T, conn *pgx.Conn, l *library) {
	testserver.Exec(t, conn, "UPDATE users SET _content = 'picture', _content_type = 'image/png' WHERE id = 'u1'")
	require.Equal(t, object{"buffer": "picture", "contentType": "image/png"}, contentOf(l, "users", "u1"))
	require.Equal(t, "true", one(t, conn, "SELECT _has_content FROM users WHERE id = 'u1'"))
	testserver.Exec(t, conn, "UPDATE users SET _content = NULL WHERE id = 'u1'")
	require.Equal(t, "false", one(t, conn, "SELECT _has_content FROM users WHERE id = 'u1'"))
}

func surfaceExists(t *testing.T, conn *pgx.Conn, _ *library) {
	require.Equal(t, "true", one(t, conn, "SELECT to_regclass('users') IS NOT NULL"))
	require.Equal(t, "false", one(t, conn, "SELECT to_regclass('nobody') IS NOT NULL"))
	testserver.Exec(t, conn, "CREATE RESOURCE IF NOT EXISTS users (name 'string')", "DROP RESOURCE IF EXISTS nobody")
}

func surfaceHooks(t *testing.T, conn *pgx.Conn, l *library) {
	testserver.Exec(t, conn, `CREATE FUNCTION stamp() RETURNS trigger LANGUAGE javascript AS $$ NEW.name = NEW.name + '!'; return NEW; $$`,
		"CREATE TRIGGER stamp BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION stamp()", "INSERT INTO users (id, name) VALUES ('h1', 'Kai')", "DROP TRIGGER stamp ON users")
	require.Equal(t, "Kai!", l.get("users", "h1")["name"])
}

func surfaceDelete(t *testing.T, conn *pgx.Conn, l *library) {
	testserver.Exec(t, conn, "DELETE FROM users WHERE id = 'h1'", "DELETE FROM users WHERE id = ANY('{w1,w2}')")
	require.Equal(t, 8, l.count("users"))
	testserver.Exec(t, conn, "TRUNCATE users")
	require.Zero(t, l.count("users"))
	require.Empty(t, l.ids("users", object{"partition": "byCountry", "partitionValues": object{"country": "PT"}}))
}

func surfaceBehaviors(t *testing.T, conn *pgx.Conn, l *library) {
	for _, b := range behaviors {
		testserver.Exec(t, conn, "CREATE RESOURCE "+tableOf(b)+" (name 'string') WITH (behavior = '"+b+"')", "INSERT INTO "+tableOf(b)+" (id, name) VALUES ('1', 'Ana')")
	}
	_, err := conn.Exec(t.Context(), "CREATE RESOURCE none (name 'string') WITH (behavior = 'none')")
	require.ErrorContains(t, err, "22023")
	l.connect(l.url)
	for _, b := range behaviors {
		require.Equal(t, object{"id": "1", "name": "Ana"}, l.get(tableOf(b), "1"))
	}
}

func surfacePlugins(t *testing.T, conn *pgx.Conn, _ *library) {
	_, err := conn.Exec(t.Context(), "CREATE PLUGIN cache WITH (ttl = '5 min')")
	require.Error(t, err)
}
