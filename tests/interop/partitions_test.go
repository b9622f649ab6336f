package interop

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestPartitions: in tables that either program has made, with a partition of every kind,
// rows that one has written the other moves, and either deletes. After each step there is
// no reference too few or too many but where s3db.js forgets one (byVersion, section 9),
// SQL finds the same rows along each partition as without, and so does the library after
// VERIFY RESOURCE.
func TestPartitions(t *testing.T) {
	s := s3test.Versitygw(t)
	for k, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "partitions" + e.version
			l := e.start(t)
			versioned := func() {
				l.must(object{"op": "connect", "url": s.Location(prefix), "passphrase": passphrase, "options": object{"versioningEnabled": true}})
			}
			versioned()
			for _, b := range behaviors {
				l.create(object{"name": "js_" + tableOf(b), "behavior": b, "attributes": placed, "partitions": placesOfJS(), "timestamps": true})
			}
			l.settle()
			conn := serve(t, s, prefix)
			for _, b := range behaviors {
				testserver.Exec(t, conn, "CREATE RESOURCE sql_"+tableOf(b)+" ("+placedColumns+") "+placesOfSQL()+
					" WITH (behavior = '"+b+"', timestamps = true, versioning = true)")
			}
			versioned()
			for i, b := range behaviors {
				for j, maker := range []program{js, sql} {
					if turn := (2*i + j + k) % (2 * len(behaviors)); turn < 2**size && (turn == 0 || *size > 1) {
						name := string(maker) + "_" + tableOf(b)
						t.Run(name, func(t *testing.T) { moves{s, conn, l, prefix, name}.run(t) })
					}
				}
			}
		})
	}
}

var placed = object{"txt": "string|optional", "num": "number|optional", "flag": "boolean|optional", "area": "string|optional", "zone": "string|optional",
	"ats": "string|optional", "note": "string|optional", "home": object{"city": "string|optional"}}

const placedColumns = `txt 'string|optional', num 'number|optional', flag 'boolean|optional', area 'string|optional', zone 'string|optional',
	ats 'string|optional', note 'string|optional', home (city 'string|optional')`

func placesOfJS() object {
	out := object{}
	for _, p := range partitions {
		out[p.name] = p.js()
	}
	return out
}

func placesOfSQL() string {
	var out []string
	for _, p := range partitions {
		out = append(out, p.sql())
	}
	return strings.Join(out, ", ")
}

// placedRow is the i-th row; each field is null in some.
func placedRow(i int) object {
	some := func(n int, values ...any) any {
		if i%n == n-1 {
			return nil
		}
		return values[i%len(values)]
	}
	return object{
		"txt": some(7, "EU", "US", "USA", "", "with space", "é日", "a+b", "a&b?c#d", "UPPER", "a-b_c.d"), "num": some(5, 7.0, 77.0, -1.5, 0.0),
		"flag": some(1000, true, false, true), "area": some(6, "a1", "a2"), "zone": some(4, "z1", "z2", "z1"), "ats": some(9, "2024-01-15T10:30:00.000Z", "2024-01-16", "2024-02-29T23:59:59.999Z"),
		"home": object{"city": some(8, "Rio", "Rio Claro", "São Paulo")},
	}
}

const placedRows = 24

type moves struct {
	server *s3test.Server
	conn   *pgx.Conn
	l      *library
	prefix string
	table  string
}

func (m moves) run(t *testing.T) {
	var inserts, changes []any
	for i := range placedRows {
		row := placedRow(i)
		row["id"] = fmt.Sprintf("r%02d", i)
		if i%2 == 0 {
			inserts = append(inserts, []any{row})
		} else {
			m.exec(t, "INSERT INTO "+m.table+" (id, txt, num, flag, area, zone, ats, home) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", row)
		}
	}
	m.calls(t, "insert", inserts)
	m.check(t)
	for i := range placedRows {
		row := placedRow(i + 3)
		id := fmt.Sprintf("r%02d", i)
		switch {
		case i%5 == 0: // stays
		case i%2 != 0:
			changes = append(changes, []any{id, row})
		default:
			row["id"] = id
			m.exec(t, "UPDATE "+m.table+" SET txt = $2, num = $3, flag = $4, area = $5, zone = $6, ats = $7, home = $8 WHERE id = $1", row)
		}
	}
	m.calls(t, "update", changes)
	m.check(t)
	testserver.Exec(t, m.conn, "DELETE FROM "+m.table+" WHERE id IN ('r01', 'r02', 'r05')")
	m.calls(t, "delete", []any{[]any{"r03"}, []any{"r04"}, []any{"r10"}})
	m.check(t)
	testserver.Exec(t, m.conn, "VERIFY RESOURCE "+m.table)
	missing, dangling := references(t, m.server, m.conn, m.prefix, m.table, slices.Concat(partitions, own))
	require.Empty(t, missing)
	require.Empty(t, dangling)
	m.sameLists(t)
}

func (m moves) calls(t *testing.T, method string, calls []any) {
	for i, outcome := range m.l.all(m.table, method, calls) {
		require.Empty(t, outcome, "%s %v", method, calls[i])
	}
	m.l.settle()
}

// exec runs a statement over the fields of a row, as text.
func (m moves) exec(t *testing.T, statement string, row object) {
	var args [][]byte
	for _, name := range []string{"id", "txt", "num", "flag", "area", "zone", "ats", "home"} {
		var text []byte
		switch v := row[name].(type) {
		case nil:
		case string:
			text = []byte(v)
		default:
			text, _ = json.Marshal(v)
		}
		args = append(args, text)
	}
	require.NoError(t, m.conn.PgConn().ExecParams(t.Context(), statement, args, nil, nil, nil).Read().Err, "%v", row)
}

// check: no reference is missing or dangles, and no query along a partition finds other
// rows than one without.
func (m moves) check(t *testing.T) {
	t.Helper()
	missing, dangling := references(t, m.server, m.conn, m.prefix, m.table, slices.Concat(partitions, own[:2]))
	require.Empty(t, missing)
	require.Empty(t, dangling)
	require.Equal(t, one(t, m.conn, "SELECT count(*)::text FROM "+m.table), one(t, m.conn, "SELECT count(id)::text FROM "+m.table+" WHERE _v = 1"))
	for _, p := range slices.Concat(partitions, own) {
		for _, f := range p.parts {
			along := column1(t, m.conn, "SELECT "+f.rendered+" || '=' || string_agg(id, ',' ORDER BY id) FROM "+m.table+" WHERE "+f.rendered+" IS NOT NULL GROUP BY "+f.rendered)
			for _, line := range along {
				value, ids, _ := strings.Cut(line, "=")
				if f.name == "createdAt" || f.name == "updatedAt" {
					continue // compared as times, which the day is not
				}
				require.Equal(t, ids, one(t, m.conn, "SELECT coalesce(string_agg(id, ',' ORDER BY id), '') FROM "+m.table+" WHERE "+f.rendered+" = $1", value), "%s = %q", f.rendered, value)
			}
		}
	}
}

// sameLists: along each partition the library lists what its keys say.
func (m moves) sameLists(t *testing.T) {
	t.Helper()
	lists := map[string][]string{}
	for _, key := range expected(t, m.conn, m.table, partitions) {
		folder, id, _ := strings.Cut(key, "/id=")
		lists[folder] = append(lists[folder], id)
	}
	for folder, want := range lists {
		name, rest, _ := strings.Cut(folder, "/")
		values := object{}
		for _, segment := range strings.Split(rest, "/") {
			field, value, _ := strings.Cut(segment, "=")
			values[field] = value
		}
		got := m.l.ids(m.table, object{"partition": name, "partitionValues": values})
		for _, id := range want {
			require.Contains(t, got, id, folder)
		}
	}
}
