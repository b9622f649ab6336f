package clients

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// heard are the notifications that wait for a client, up to one that it sends itself.
func heard(t *testing.T, listener *pgx.Conn) (out []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	_, err := listener.Exec(ctx, `LISTEN "end"`)
	require.NoError(t, err)
	_, err = listener.Exec(ctx, `NOTIFY "end"`)
	require.NoError(t, err)
	for {
		n, err := listener.WaitForNotification(ctx)
		require.NoError(t, err)
		if n.Channel == "end" {
			return out
		}
		out = append(out, n.Channel+" "+n.Payload)
	}
}

const users = `CREATE RESOURCE users (name 'string|optional', age 'number|optional', password 'secret|optional', tags 'array|items:string|optional',
	profile (city 'string|optional', token 'secret|optional'))`

// TestEvents: each change of a resource is told to those who listen to it, by
// s3db.js's names, when it has been committed.
func TestEvents(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	listener, writer := s.Connect(t), s.Connect(t)
	testserver.Exec(t, writer, users, `CREATE TABLE plain (id int PRIMARY KEY)`)
	testserver.Exec(t, listener, `LISTEN users`, `LISTEN plain`)
	for _, c := range []struct {
		name string
		do   []string
		want []string
	}{
		{"insert", []string{`INSERT INTO users (id, name, age, password, tags, profile) VALUES ('u1', 'Ana', 7, 'pw', '{a,b}', '{"city":"Rio","token":"t"}')`},
			[]string{`{"event":"inserted","resource":"users","id":"u1","data":{"id":"u1","name":"Ana","age":7,"tags":["a","b"],"profile":{"city": "Rio"}}}`}},
		{"update", []string{`UPDATE users SET age = 8 WHERE id = 'u1'`},
			[]string{`{"event":"updated","resource":"users","id":"u1","$before":{"id":"u1","name":"Ana","age":7,"tags":["a","b"],"profile":{"city": "Rio"}},` +
				`"$after":{"id":"u1","name":"Ana","age":8,"tags":["a","b"],"profile":{"city": "Rio"}}}`}},
		{"delete", []string{`DELETE FROM users`},
			[]string{`{"event":"deleted","resource":"users","id":"u1","$before":{"id":"u1","name":"Ana","age":8,"tags":["a","b"],"profile":{"city": "Rio"}},"$after":null}`}},
		{"many", []string{`INSERT INTO users (id) VALUES ('a'), ('b')`, `DELETE FROM users`}, []string{
			`{"event":"inserted","resource":"users","id":"a","data":{"id":"a","name":null,"age":null,"tags":null,"profile":null}}`,
			`{"event":"inserted","resource":"users","id":"b","data":{"id":"b","name":null,"age":null,"tags":null,"profile":null}}`,
			`{"event":"inserted-many","resource":"users","count":2}`,
			`{"event":"deleted","resource":"users","id":"a","$before":{"id":"a","name":null,"age":null,"tags":null,"profile":null},"$after":null}`,
			`{"event":"deleted","resource":"users","id":"b","$before":{"id":"b","name":null,"age":null,"tags":null,"profile":null},"$after":null}`,
			`{"event":"deleted-many","resource":"users","count":2}`}},
		{"truncate", []string{`TRUNCATE users`}, []string{`{"event":"deleted-all","resource":"users"}`}},
		{"content", []string{`INSERT INTO users (id, name, _content, _content_type) VALUES ('c', 'x', 'abc', 'text/plain')`, `UPDATE users SET _content = NULL`, `DELETE FROM users`}, []string{
			`{"event":"content-set","resource":"users","id":"c","contentLength":3,"contentType":"text/plain"}`,
			`{"event":"inserted","resource":"users","id":"c","data":{"id":"c","name":"x","age":null,"tags":null,"profile":null}}`,
			`{"event":"content-deleted","resource":"users","id":"c"}`,
			`{"event":"updated","resource":"users","id":"c","$before":{"id":"c","name":"x","age":null,"tags":null,"profile":null},"$after":{"id":"c","name":"x","age":null,"tags":null,"profile":null}}`,
			`{"event":"deleted","resource":"users","id":"c","$before":{"id":"c","name":"x","age":null,"tags":null,"profile":null},"$after":null}`}},
		{"rolled back", []string{`BEGIN; INSERT INTO users (id) VALUES ('x'); ROLLBACK`,
			`BEGIN; SAVEPOINT s; INSERT INTO users (id) VALUES ('x'); ROLLBACK TO s; COMMIT`,
			`DO $$ BEGIN BEGIN INSERT INTO users (id) VALUES ('x'); RAISE 'no'; EXCEPTION WHEN OTHERS THEN END; END $$`}, nil},
		{"a block", []string{`BEGIN; NOTIFY users, 'first'; INSERT INTO users (id) VALUES ('x'); UPDATE users SET name = 'n'; NOTIFY users, 'last'; COMMIT`, `TRUNCATE users`}, []string{
			`first`,
			`{"event":"inserted","resource":"users","id":"x","data":{"id":"x","name":null,"age":null,"tags":null,"profile":null}}`,
			`{"event":"updated","resource":"users","id":"x","$before":{"id":"x","name":null,"age":null,"tags":null,"profile":null},"$after":{"id":"x","name":"n","age":null,"tags":null,"profile":null}}`,
			`last`, `{"event":"deleted-all","resource":"users"}`}},
		{"too long", []string{`INSERT INTO users (id, name) VALUES ('l', repeat('x', 8000))`, `TRUNCATE users`}, []string{
			`{"event":"inserted","resource":"users","id":"l","truncated":true}`, `{"event":"deleted-all","resource":"users"}`}},
		{"a table", []string{`INSERT INTO plain VALUES (1)`}, nil},
		{"a table with events", []string{`ALTER TABLE plain SET (events = on)`, `INSERT INTO plain VALUES (2)`}, []string{`{"event":"inserted","resource":"plain","id":"2","data":{"id":2}}`}},
		{"off", []string{`ALTER RESOURCE users SET (events = off)`, `INSERT INTO users (id) VALUES ('q')`, `ALTER RESOURCE users RESET (events)`, `TRUNCATE users`}, []string{`{"event":"deleted-all","resource":"users"}`}},
		{"new version", []string{`ALTER RESOURCE users ADD email 'email|optional'`}, []string{`{"event":"versionUpdated","resource":"users","oldVersion":"v1","newVersion":"v2"}`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			testserver.Exec(t, writer, c.do...)
			var got []string
			for _, line := range heard(t, listener) {
				_, payload, _ := strings.Cut(line, " ")
				got = append(got, payload)
			}
			require.Equal(t, c.want, got)
		})
	}
}

// TestEventChannels: s3db.js's resource.on('updated:u1') is a channel of its own.
func TestEventChannels(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	listener, writer := s.Connect(t), s.Connect(t)
	testserver.Exec(t, writer, `CREATE SCHEMA app`, `CREATE RESOURCE app.users (name 'string')`)
	testserver.Exec(t, listener, `LISTEN "app.users:deleted"`, `LISTEN "app.users:updated:u1"`)
	testserver.Exec(t, writer, `INSERT INTO app.users (id, name) VALUES ('u1', 'a'), ('u2', 'b')`,
		`UPDATE app.users SET name = 'c' WHERE id = 'u2'`, `UPDATE app.users SET name = 'd' WHERE id = 'u1'`, `DELETE FROM app.users WHERE id = 'u2'`)
	require.Equal(t, []string{
		`app.users:updated:u1 {"event":"updated","resource":"app.users","id":"u1","$before":{"id":"u1","name":"a"},"$after":{"id":"u1","name":"d"}}`,
		`app.users:deleted {"event":"deleted","resource":"app.users","id":"u2","$before":{"id":"u2","name":"c"},"$after":null}`,
	}, heard(t, listener))
}

// TestEventRights: who may not read a row is told nothing of it, who may not read a
// column nothing of that.
func TestEventRights(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	writer := s.Connect(t)
	testserver.Exec(t, writer, `CREATE ROLE "some"`, `CREATE ROLE nobody`, `CREATE ROLE keyless`, `CREATE RESOURCE users (name 'string', salary 'number')`,
		`GRANT SELECT (id, name) ON users TO "some"`, `GRANT SELECT (name) ON users TO keyless`)
	listeners := map[string]*pgx.Conn{}
	for _, role := range []string{"some", "nobody", "keyless"} {
		listeners[role] = s.Connect(t)
		testserver.Exec(t, listeners[role], `SET ROLE "`+role+`"`, `LISTEN users`)
	}
	testserver.Exec(t, writer, `INSERT INTO users (id, name, salary) VALUES ('u', 'Ana', 1)`, `NOTIFY users, 'to all'`)
	for role, want := range map[string][]string{
		"some": {`users {"event":"inserted","resource":"users","id":"u","data":{"id":"u","name":"Ana"}}`}, "nobody": nil, "keyless": nil,
	} {
		require.Equal(t, append(want, "users to all"), heard(t, listeners[role]), role)
	}
	testserver.Exec(t, writer, `ALTER TABLE users ENABLE ROW LEVEL SECURITY`, `CREATE POLICY p ON users USING (true)`, `DELETE FROM users`)
	require.Empty(t, heard(t, listeners["some"]), "row-level security")
}

// TestExceedsLimit: a user-managed row that is too large for its metadata is a WARNING,
// in a block too, and an event.
func TestExceedsLimit(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	listener := s.Connect(t)
	cfg, err := pgx.ParseConfig(s.URL("s3db"))
	require.NoError(t, err)
	notice := ""
	cfg.OnNotice = func(_ *pgconn.PgConn, n *pgconn.Notice) { notice += n.Severity + n.Message }
	writer, err := pgx.ConnectConfig(context.Background(), cfg)
	require.NoError(t, err)
	defer writer.Close(context.Background())
	testserver.Exec(t, writer, `CREATE RESOURCE notes (body 'string') WITH (behavior = 'user-managed')`)
	testserver.Exec(t, listener, `LISTEN "notes:exceedsLimit"`)
	for i, block := range []bool{false, true} {
		text := fmt.Sprintf(`INSERT INTO notes (id, body) VALUES ('n%d', repeat('x', 3000))`, i)
		if block {
			text = "BEGIN; " + text + "; COMMIT"
		}
		testserver.Exec(t, writer, text)
		got := heard(t, listener)
		require.Len(t, got, 1)
		require.Contains(t, notice, "exceeds the metadata limit")
		notice = ""
		require.Regexp(t, fmt.Sprintf(`^notes:exceedsLimit \{"event":"exceedsLimit","resource":"notes","id":"n%d","operation":"insert","totalSize":3005,"limit":2047,"effectiveLimit":2043,"excess":958,"data":`, i), got[0])
	}
}

// TestManyEvents: beyond a bound a transaction's rows are only counted.
func TestManyEvents(t *testing.T) {
	s := testserver.Start(t, testserver.Options{})
	listener, writer := s.Connect(t), s.Connect(t)
	testserver.Exec(t, writer, `CREATE RESOURCE notes (body 'string')`)
	testserver.Exec(t, listener, `LISTEN "notes:inserted-many"`)
	testserver.Exec(t, writer, `INSERT INTO notes (id, body) SELECT 'n' || i, repeat('x', 10000) FROM generate_series(1, 4000) i`)
	require.Equal(t, []string{`notes:inserted-many {"event":"inserted-many","resource":"notes","count":4000,"truncated":true}`}, heard(t, listener))
}
