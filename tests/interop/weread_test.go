package interop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/tests/jsdoc"
)

// attributes are of the rules that both versions of the library know, but secrets, which
// TestMatrix has.
var attributes = object{
	"name": "string|min:2|max:100", "email": "email|optional", "link": "url|optional", "note": "string|optional",
	"age": "number|integer|optional", "score": "number|optional", "active": "boolean|optional",
	"tags": "array|items:string|optional", "marks": "array|items:number|optional",
	"info": "json|optional", "thing": "object|optional",
	"price": "money|optional", "rate": "decimal:4|optional", "host": "ip4|optional", "ref": "uuid|optional",
	"profile": object{"bio": "string|optional", "country": "string|optional", "home": object{"city": "string|optional"}},
}

// documents are what the library writes. The fields that not every rule has are
// added by attributesOf.
func documents() map[string]object {
	full := object{
		"name": "Ana", "email": "ana@example.org", "link": "https://example.org/a?b=c", "note": "naïve 日本 👋",
		"age": 30.0, "score": -1.5, "active": true, "tags": []any{"a|b", `c\d`, "é"}, "marks": []any{1.0, 2.5, -3.0},
		"info": object{"a": []any{1.0, nil, "x"}}, "thing": object{"k": "v"},
		"price": 19.99, "rate": 3.1416, "host": "192.168.1.10", "ref": "550e8400-e29b-41d4-a716-446655440000",
		"profile": object{"bio": "b", "country": "BR", "home": object{"city": "Rio"}},
	}
	return map[string]object{
		"full":   full,
		"little": {"name": "Bob"},
		"empty":  {"name": "Eve", "note": "", "tags": []any{}, "active": false, "age": 0.0, "score": 0.0, "info": object{}},
		"big":    {"name": "Big", "age": 123456789.0, "profile": object{"country": "US"}, "note": long},
		"odd":    {"name": "Odd", "note": "line1\nline2\ttab", "profile": object{"country": "USA"}},
	}
}

// TestWeReadTheirs: what the library writes with every rule, behavior and
// partition, SELECT reads; and what it changes then, SELECT sees.
func TestWeReadTheirs(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "theirs" + e.version
			l := e.start(t)
			l.connect(s.Location(prefix))
			written := map[string]map[string]object{}
			for _, b := range behaviors {
				written[b] = insertTheirs(t, l, b)
			}
			l.settle()
			conn := serve(t, s, prefix)
			for _, b := range behaviors {
				t.Run(b, func(t *testing.T) {
					sameRows(t, conn, tableOf(b), written[b])
					samePartition(t, conn, l, tableOf(b))
					changeTheirs(l, tableOf(b), written[b])
					sameRows(t, conn, tableOf(b), written[b])
					samePartition(t, conn, l, tableOf(b))
				})
			}
			t.Run("resources made while we run", func(t *testing.T) { seeNewResources(t, l, conn) })
		})
	}
}

func insertTheirs(t *testing.T, l *library, behavior string) map[string]object {
	l.create(object{"name": tableOf(behavior), "behavior": behavior, "attributes": attributes,
		"partitions": object{"byCountry": object{"fields": object{"profile.country": "string"}},
			"byAge": object{"fields": object{"age": "number", "active": "boolean"}}}})
	out := documents()
	switch behavior {
	case "enforce-limits":
		delete(out, "big") // refused
	case "truncate-data":
		delete(out, "big") // the library may never end (s3db-format.md, section 8)
	}
	for id, document := range out {
		document["id"] = id
		l.call(tableOf(behavior), "insert", document)
	}
	return out
}

// changeTheirs updates and deletes with the library, and does the same to what
// we expect.
func changeTheirs(l *library, table string, written map[string]object) {
	l.call(table, "update", "full", object{"name": "Anabel", "age": 31, "profile": object{"country": "PT"}})
	full := written["full"]
	full["name"], full["age"] = "Anabel", 31.0
	full["profile"] = object{"bio": "b", "country": "PT", "home": object{"city": "Rio"}}
	l.call(table, "update", "little", object{"note": "more"})
	written["little"]["note"] = "more"
	l.call(table, "delete", "odd")
	delete(written, "odd")
	l.call(table, "insert", object{"id": "new", "name": "New", "profile": object{"country": "BR"}})
	written["new"] = object{"id": "new", "name": "New", "profile": object{"country": "BR"}}
	l.settle()
}

// sameRows holds a table against documents.
func sameRows(t *testing.T, conn *pgx.Conn, table string, want map[string]object) {
	t.Helper()
	got := map[string]object{}
	for _, row := range query(t, conn, "SELECT * FROM "+table) {
		got[row["id"].(string)] = row
	}
	for id, document := range want {
		require.Contains(t, got, id)
		for name := range names(document, got[id]) {
			if w, g := field(document, name), field(got[id], name); !jsdoc.Same(w, g) {
				t.Errorf("%s %s.%s: the library wrote %s, we read %s", table, id, name, jsdoc.Brief(w), jsdoc.Brief(g))
			}
		}
	}
	require.Len(t, got, len(want), table)
	require.Equal(t, float64(len(want)), query(t, conn, "SELECT count(*) AS n FROM "+table)[0]["n"])
}

// samePartition compares what both sides find along a partition.
func samePartition(t *testing.T, conn *pgx.Conn, l *library, table string) {
	t.Helper()
	testserver.Exec(t, conn, "SET s3db.trust_partitions = on")
	defer testserver.Exec(t, conn, "RESET s3db.trust_partitions")
	for _, country := range []string{"BR", "PT", "US", "XX"} {
		theirs := []string{}
		for id, document := range l.list(table, object{"partition": "byCountry", "partitionValues": object{"profile.country": country}}) {
			if document["profile"].(object)["country"] == country { // "US" lists "USA" too (trap 13)
				theirs = append(theirs, id)
			}
		}
		slices.Sort(theirs)
		sql := "SELECT id FROM " + table + " WHERE profile->>'country' = '" + country + "'"
		require.Equal(t, theirs, column1(t, conn, sql+" ORDER BY id"), "%s %s", table, country)
		require.Contains(t, strings.Join(column1(t, conn, "EXPLAIN "+sql), "\n"), "byCountry")
	}
}

// seeNewResources: the server follows the catalog that others write.
func seeNewResources(t *testing.T, l *library, conn *pgx.Conn) {
	l.create(object{"name": "later", "attributes": object{"name": "string"}})
	l.call("later", "insert", object{"id": "a", "name": "Ana"})
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		var name string
		if conn.QueryRow(context.Background(), "SELECT name FROM later").Scan(&name) != nil || name != "Ana" {
			c.Errorf("not seen yet")
		}
	}, patience, tick)
}

func names(documents ...object) map[string]bool {
	out := map[string]bool{}
	for _, d := range documents {
		for name := range d {
			out[name] = true
		}
	}
	return out
}

func field(document object, name string) any {
	if v, ok := document[name]; ok {
		return jsdoc.Untag(v)
	}
	return jsdoc.Absent
}

// query gives the rows as documents.
func query(t *testing.T, conn *pgx.Conn, sql string) (out []object) {
	t.Helper()
	rows, err := conn.Query(context.Background(), sql)
	require.NoError(t, err, sql)
	defer rows.Close()
	for rows.Next() {
		values, err := rows.Values()
		require.NoError(t, err, sql)
		row := object{}
		for i, f := range rows.FieldDescriptions() {
			row[f.Name] = jsdoc.FromSQL(f.DataTypeOID, values[i])
		}
		out = append(out, row)
	}
	require.NoError(t, rows.Err(), sql)
	return out
}

// column1 is the first column as text.
func column1(t *testing.T, conn *pgx.Conn, sql string) []string {
	t.Helper()
	rows, err := conn.Query(context.Background(), sql)
	require.NoError(t, err, sql)
	out, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err, sql)
	return append([]string{}, out...)
}

// one is the single value of a query, as text; "NULL" is null.
func one(t *testing.T, conn *pgx.Conn, sql string, args ...any) string {
	t.Helper()
	var v any
	require.NoError(t, conn.QueryRow(context.Background(), sql, args...).Scan(&v), sql)
	if v == nil {
		return "NULL"
	}
	return fmt.Sprint(v)
}
