package interop

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// contents are bodies that a reader could take for something else.
var contents = []struct{ id, body, typ string }{
	{"binary", "\x00\xff\x89PNG\r\n" + strings.Repeat("\x01\x02\x03", 50_000), "image/png"},
	{"text", "plain text, ümlaut", "text/plain; charset=utf-8"},
	{"object", `{"name": "from the content", "0": "leaked"}`, "application/json"},
	{"array", `[1, 2]`, "application/json"},
	{"blank", strings.Repeat(" \t\n", 40), "text/plain"},
}

// TestContentBothWays: in every behavior what SQL sets as content the library reads, type
// and all, and what it sets, SQL; deleted on one side it is gone on the other; and the
// row's fields stay.
func TestContentBothWays(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "content" + e.version
			conn := serve(t, s, prefix)
			for _, b := range behaviors {
				testserver.Exec(t, conn, "CREATE RESOURCE "+tableOf(b)+" (name 'string', note 'string|optional') WITH (behavior = '"+b+"')")
			}
			l := e.start(t)
			l.connect(s.Location(prefix))
			for _, b := range behaviors {
				t.Run(b, func(t *testing.T) {
					ourContent(t, conn, l, tableOf(b))
					theirContent(t, conn, l, tableOf(b))
					contentGoes(t, conn, l, tableOf(b))
				})
			}
		})
	}
}

func ourContent(t *testing.T, conn *pgx.Conn, l *library, table string) {
	for _, c := range contents {
		_, err := conn.Exec(t.Context(), "INSERT INTO "+table+" (id, name, note, _content, _content_type) VALUES ($1, 'Ana', 'né', $2, $3)",
			c.id, []byte(c.body), c.typ)
		require.NoError(t, err)
		require.Equal(t, object{"buffer": c.body, "contentType": c.typ}, contentOf(l, table, c.id), c.id)
		require.Equal(t, true, l.call(table, "hasContent", c.id))
		if c.id != "object" && (c.id != "array" || !strings.HasSuffix(table, "body_only")) { // whose members s3db.js takes for fields (s3db-format.md, section 11)
			require.Equal(t, object{"id": c.id, "name": "Ana", "note": "né"}, l.get(table, c.id), c.id)
		}
		testserver.Exec(t, conn, "UPDATE "+table+" SET note = 'changed' WHERE id = '"+c.id+"'")
		require.Equal(t, object{"buffer": c.body, "contentType": c.typ}, contentOf(l, table, c.id), c.id)
	}
	testserver.Exec(t, conn, "DELETE FROM "+table)
}

func theirContent(t *testing.T, conn *pgx.Conn, l *library, table string) {
	for _, c := range contents {
		body := object{"$bytes": base64.StdEncoding.EncodeToString([]byte(c.body))}
		l.call(table, "insert", object{"id": c.id, "name": "Bea"})
		l.call(table, "setContent", object{"id": c.id, "buffer": body, "contentType": c.typ})
		require.Equal(t, "Bea|t|"+c.typ, one(t, conn, "SELECT concat_ws('|', name, _has_content, _content_type) FROM "+table+" WHERE id = $1", c.id), c.id)
		require.Equal(t, c.body, bytesOf(t, conn, table, c.id), c.id)
		if l.version == "19.5.10" || strings.HasSuffix(table, "body_only") {
			continue // no insert with content
		}
		l.call(table, "insert", object{"id": c.id + "2", "name": "Cid"}, object{"content": body, "contentType": c.typ})
		require.Equal(t, "Cid|"+c.typ, one(t, conn, "SELECT concat_ws('|', name, _content_type) FROM "+table+" WHERE id = $1", c.id+"2"), c.id)
		require.Equal(t, c.body, bytesOf(t, conn, table, c.id+"2"), c.id)
	}
	l.settle()
}

// contentGoes deletes content on either side, and gives a row without some.
func contentGoes(t *testing.T, conn *pgx.Conn, l *library, table string) {
	testserver.Exec(t, conn, "UPDATE "+table+" SET _content = NULL WHERE id = 'binary'")
	require.Equal(t, object{"id": "binary", "name": "Bea"}, l.get(table, "binary"))
	require.Equal(t, "false", one(t, conn, "SELECT _has_content::text FROM "+table+" WHERE id = 'binary'"))
	l.call(table, "deleteContent", "text")
	require.Equal(t, "Bea|f", one(t, conn, "SELECT concat_ws('|', name, _has_content) FROM "+table+" WHERE id = 'text'"))
	testserver.Exec(t, conn, "UPDATE "+table+" SET _content = 'again' WHERE id = 'text'")
	require.Equal(t, object{"buffer": "again", "contentType": "application/octet-stream"}, contentOf(l, table, "text"))
	require.Equal(t, object{"id": "text", "name": "Bea"}, l.get(table, "text"))
}

func contentOf(l *library, table, id string) object {
	got := l.call(table, "content", id).(object)
	data, err := base64.StdEncoding.DecodeString(got["buffer"].(object)["$bytes"].(string))
	require.NoError(l.t, err)
	return object{"buffer": string(data), "contentType": got["contentType"]}
}

func bytesOf(t *testing.T, conn *pgx.Conn, table, id string) string {
	t.Helper()
	var out []byte
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT _content FROM "+table+" WHERE id = $1", id).Scan(&out))
	return string(out)
}
