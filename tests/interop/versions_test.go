package interop

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestVersions: the library changes a definition, then SQL does; rows of each version,
// written by either, are read by both in today's shape, and found by the version that
// they were written with until they are written again.
func TestVersions(t *testing.T) {
	s := s3test.Versitygw(t)
	for i, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "versions" + e.version
			l := e.start(t)
			l.connect(s.Location(prefix))
			conn := serve(t, s, prefix)
			for j, b := range behaviors {
				if (i+j)%len(behaviors) < *size {
					t.Run(b, func(t *testing.T) { changeVersions(t, s.Location(prefix), conn, l, b) })
				}
			}
		})
	}
}

func changeVersions(t *testing.T, location string, conn *pgx.Conn, l *library, behavior string) {
	table := "v_" + tableOf(behavior)
	define := func(attributes object) {
		l.create(object{"name": table, "behavior": behavior, "attributes": attributes, "partitions": object{"byTitle": object{"fields": object{"title": "string"}}}})
		l.settle()
	}
	learned := func(column string) {
		require.Eventually(t, func() bool {
			var there bool
			err := conn.QueryRow(context.Background(), "SELECT EXISTS (SELECT FROM information_schema.columns WHERE table_name = $1 AND column_name = $2)", table, column).Scan(&there)
			return err == nil && there
		}, patience, tick)
	}
	define(object{"title": "string", "gone": "string|optional", "size": "number|optional"})
	learned("gone")
	l.call(table, "insert", object{"id": "js1", "title": "a", "gone": "x", "size": 1.5})
	testserver.Exec(t, conn, "INSERT INTO "+table+" (id, title, gone, size) VALUES ('sql1', 'a', 'x', 1.5)")

	l.connect(location)
	define(object{"title": "string", "added": "string|optional", "size": "number|optional"})
	learned("added")
	l.call(table, "insert", object{"id": "js2", "title": "a", "added": "y", "size": 2.5})
	testserver.Exec(t, conn, "INSERT INTO "+table+" (id, title, added, size) VALUES ('sql2', 'a', 'y', 2.5)")
	sameVersions(t, conn, l, table, "js1=v1 a,-,1.5", "js2=v2 a,y,2.5", "sql1=v1 a,-,1.5", "sql2=v2 a,y,2.5")
	require.Equal(t, []string{"js1", "sql1"}, column1(t, conn, "SELECT id FROM "+table+" WHERE _v = 1 ORDER BY id"))

	testserver.Exec(t, conn, "ALTER RESOURCE "+table+" ADD COLUMN later 'string|optional'", "UPDATE "+table+" SET added = 'z' WHERE id = 'js1'")
	l.connect(location)
	l.call(table, "update", "sql1", object{"added": "z"})
	l.call(table, "insert", object{"id": "js3", "title": "a", "later": "w", "size": 3})
	l.settle()
	sameVersions(t, conn, l, table, "js1=v3 a,z,1.5", "js2=v2 a,y,2.5", "js3=v3 a,-,3", "sql1=v3 a,z,1.5", "sql2=v2 a,y,2.5")
	require.Equal(t, "w", one(t, conn, "SELECT later FROM "+table+" WHERE id = 'js3'"))
	testserver.Exec(t, conn, "VERIFY RESOURCE "+table)
	require.Equal(t, "5", one(t, conn, "SELECT count(*)::text FROM "+table+" WHERE title = 'a'"))
}

// sameVersions compares the rows as SQL has them, and their fields as the library does.
func sameVersions(t *testing.T, conn *pgx.Conn, l *library, table string, want ...string) {
	t.Helper()
	require.Equal(t, want, column1(t, conn, "SELECT id || '=v' || _v || ' ' || title || ',' || coalesce(added, '-') || ',' || size FROM "+table+" ORDER BY id"))
	for _, row := range want {
		id, rest, _ := strings.Cut(row, "=")
		_, values, _ := strings.Cut(rest, " ")
		d := l.get(table, id)
		if d["added"] == nil {
			d["added"] = "-"
		}
		fields := strings.Split(values, ",")
		require.Equal(t, []any{fields[0], fields[1]}, []any{d["title"], d["added"]}, id)
	}
}
