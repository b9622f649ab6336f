package interop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/tests/jsdoc"
)

var behaviors = []string{"user-managed", "enforce-limits", "truncate-data", "body-overflow", "body-only"}

// serve starts our server over a prefix of the bucket.
func serve(t *testing.T, s *s3test.Server, prefix string) *pgx.Conn {
	t.Helper()
	return testserver.Start(t, testserver.Options{Store: s.Location(prefix), Args: []string{"--passphrase", passphrase}}).Connect(t)
}

// tableOf is the name of the table of a behavior.
func tableOf(behavior string) string { return "t_" + strings.ReplaceAll(behavior, "-", "_") }

// makeTables makes, for each behavior, a table with every type and a row for
// every value: its id is COLUMN_N, and it has only that value.
func makeTables(t *testing.T, conn *pgx.Conn) map[string]value {
	want := map[string]value{}
	var defs []string
	for _, c := range columns {
		defs = append(defs, c.name+" "+c.typ)
		for i, v := range c.values {
			want[rowID(c, i)] = v
		}
	}
	for _, b := range behaviors {
		testserver.Exec(t, conn, fmt.Sprintf("CREATE TABLE %s (id text PRIMARY KEY, %s) WITH (behavior = '%s')", tableOf(b), strings.Join(defs, ", "), b))
		for _, c := range columns {
			for i, v := range c.values {
				insert := fmt.Sprintf("INSERT INTO %s (id, %s) VALUES ('%s', $1::text::%s)", tableOf(b), c.name, rowID(c, i), c.typ)
				_, err := conn.Exec(t.Context(), insert, v.sql)
				require.NoError(t, err, "%s: %s", insert, v.sql)
			}
		}
	}
	return want
}

func rowID(c column, i int) string { return fmt.Sprintf("%s_%d", c.name, i) }

func columnOf(id string) string { return id[:strings.LastIndexByte(id, '_')] }

// TestTheyReadOurs: what SQL writes, both versions of the library get, list and
// count, in every behavior and of every type.
func TestTheyReadOurs(t *testing.T) {
	s := s3test.Versitygw(t)
	conn := serve(t, s, "ours")
	want := makeTables(t, conn)
	for _, b := range behaviors {
		checkOurs(t, conn, tableOf(b))
	}
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			l := e.start(t)
			l.connect(s.Location("ours"))
			for _, b := range behaviors {
				t.Run(b, func(t *testing.T) { checkTheirs(t, l, tableOf(b), want) })
			}
		})
	}
}

// checkTheirs holds what the library reads against the values.
func checkTheirs(t *testing.T, l *library, table string, want map[string]value) {
	ids := l.ids(table)
	slices.Sort(ids)
	require.Len(t, ids, len(want))
	require.Equal(t, len(want), l.count(table))
	documents := l.list(table, object{"limit": len(want) + 1})
	require.Len(t, documents, len(want))
	for id, v := range want {
		expected := object{"id": id, columnOf(id): v.js}
		if !jsdoc.Same(expected, documents[id]) {
			t.Errorf("list: %s = %q: want %s, got %s", id, v.sql, jsdoc.Brief(v.js), jsdoc.Brief(documents[id]))
		}
	}
	for _, c := range columns { // get takes another way through the library than list
		got := l.get(table, rowID(c, 0))
		if expected := (object{"id": rowID(c, 0), c.name: c.values[0].js}); !jsdoc.Same(expected, got) {
			t.Errorf("get: %s = %q: want %s, got %s", rowID(c, 0), c.values[0].sql, jsdoc.Brief(expected), jsdoc.Brief(got))
		}
	}
}

// checkOurs: each value comes back as it was given.
func checkOurs(t *testing.T, conn *pgx.Conn, table string) {
	for _, c := range columns {
		for i, v := range c.values {
			sql := fmt.Sprintf("SELECT %s, $1::text::%s FROM %s WHERE id = '%s'", c.name, c.typ, table, rowID(c, i))
			got := conn.PgConn().ExecParams(context.Background(), sql, [][]byte{[]byte(v.sql)}, nil, nil, nil).Read() // as text
			require.NoError(t, got.Err, sql)
			require.Len(t, got.Rows, 1, sql)
			require.Equal(t, string(got.Rows[0][1]), string(got.Rows[0][0]), "%s %s", table, rowID(c, i))
		}
	}
}
