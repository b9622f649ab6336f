package interop

import (
	"flag"
	"fmt"
	"maps"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/tests/jsdoc"
)

// size is how much of the matrix, and how many rounds of the storms, a run takes.
var size = flag.Int("size", 1, "of the 5 behaviors, in how many each value is tried (5: the whole matrix); rounds of writing at once")

// cell is one value in one table, written by one program.
type cell struct {
	kind   kind
	sample sample
	by     program
	number int // of the sample
}

func (c cell) id() string {
	return fmt.Sprintf("%s-%s-%d-%s", c.kind.name, c.sample.class, c.number, c.by)
}

// TestMatrix: every rule, in every behavior, in resources that either program has made:
// what one writes both read, and after the other has changed another field of the row
// both read it still.
func TestMatrix(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "matrix" + e.version
			l := e.start(t)
			l.connect(s.Location(prefix))
			all := tables(e)
			for _, m := range all {
				if m.maker == js {
					l.create(object{"name": m.name(), "behavior": m.behavior, "attributes": m.attributes()})
				}
			}
			l.settle()
			conn := serve(t, s, prefix)
			for _, m := range all {
				if m.maker == sql {
					testserver.Exec(t, conn, "CREATE RESOURCE "+m.name()+" ("+m.columns()+") WITH (behavior = '"+m.behavior+"')")
				}
			}
			l.connect(s.Location(prefix))
			for i, m := range all {
				t.Run(m.name(), func(t *testing.T) { matrix{m, conn, l, m.cells(i)}.run(t) })
			}
		})
	}
}

// table is one that a program makes, of the kinds that it has room for.
type table struct {
	maker    program
	behavior string
	secret   bool
	kinds    []kind
}

func tables(e edition) (out []table) {
	for i, b := range behaviors {
		for j, maker := range []program{js, sql} {
			for _, secret := range []bool{false, true} {
				if secret && *size < len(behaviors) && (i+j)%2 == 1 {
					continue // a sample
				}
				m := table{maker, b, secret, nil}
				for _, k := range kinds {
					if (!k.since21 || e.version == "21.6.2") && k.secret == secret {
						m.kinds = append(m.kinds, k)
					}
				}
				out = append(out, m)
			}
		}
	}
	return out
}

func (m table) name() string {
	if m.secret {
		return string(m.maker) + "_secret_" + tableOf(m.behavior)
	}
	return string(m.maker) + "_" + tableOf(m.behavior)
}

func (m table) attributes() object {
	out := object{"touched": "string|optional"}
	for _, k := range m.kinds {
		out[k.name] = k.rule
	}
	return out
}

func (m table) columns() string {
	out := "touched 'string|optional'"
	for _, k := range m.kinds {
		if k.fields != "" {
			out += fmt.Sprintf(", %s (%s)", k.name, k.fields)
		} else {
			out += fmt.Sprintf(", %s '%s'", k.name, k.rule)
		}
	}
	return out
}

// cells are those of the table: with *size below 5, each value is in that many behaviors.
func (m table) cells(turn int) (out []cell) {
	n := turn
	for _, k := range m.kinds {
		for i, s := range k.samples {
			if n++; n%len(behaviors) >= *size {
				continue
			}
			for _, by := range []program{js, sql} {
				if s.by == "" || s.by == by {
					out = append(out, cell{k, s, by, i})
				}
			}
		}
	}
	return out
}

type matrix struct {
	table
	conn  *pgx.Conn
	l     *library
	cells []cell
}

func (m matrix) run(t *testing.T) {
	m.write(t, action{
		method: "insert", who: func(c cell) program { return c.by },
		call: func(c cell) []any { return []any{object{"id": c.id(), c.kind.name: c.sample.js}} },
		statement: func(c cell) (string, string) {
			return "INSERT INTO %s (id, " + c.kind.name + ") VALUES ($1, $2)", c.sample.sql
		},
	})
	m.compare(t, object{})
	m.write(t, action{
		method: "update", who: cell.other,
		call:      func(c cell) []any { return []any{c.id(), object{"touched": "yes"}} },
		statement: func(cell) (string, string) { return "UPDATE %s SET touched = $2 WHERE id = $1", "yes" },
	})
	m.compare(t, object{"touched": "yes"})
}

// other is the program that has not written the row, if it can keep the value.
func (c cell) other() program {
	if c.by == js || c.sample.by == sql {
		return sql
	}
	return js
}

// action is what is done to each cell by one of the programs.
type action struct {
	method    string
	who       func(cell) program
	call      func(cell) []any
	statement func(cell) (text, value string) // %s the table, $1 the id, $2 the value
}

func (m matrix) write(t *testing.T, a action) {
	var calls []any
	for _, c := range m.cells {
		if a.who(c) == js {
			calls = append(calls, a.call(c))
			continue
		}
		text, value := a.statement(c)
		args := [][]byte{[]byte(c.id()), []byte(value)}
		if value == none {
			args[1] = nil
		}
		require.NoError(t, m.conn.PgConn().ExecParams(t.Context(), fmt.Sprintf(text, m.name()), args, nil, nil, nil).Read().Err, c.id())
	}
	for i, outcome := range m.l.all(m.name(), a.method, calls) {
		require.Empty(t, outcome, "%s %v", a.method, calls[i])
	}
	m.l.settle()
}

// compare holds what both programs read against what was written; more is in every row.
func (m matrix) compare(t *testing.T, more object) {
	theirs, ours := m.l.list(m.name(), object{"limit": len(m.cells) + 1}), textRows(t, m.conn, m.name())
	require.Len(t, theirs, len(m.cells))
	require.Len(t, ours, len(m.cells))
	for _, c := range m.cells {
		want, got := object{"id": c.id(), c.kind.name: c.sample.js}, theirs[c.id()]
		maps.Copy(want, more)
		if !m.inner(c) && !jsdoc.Same(want, got) {
			t.Errorf("%s: the library reads %s, not %s", c.id(), jsdoc.Brief(got), jsdoc.Brief(want))
		}
		g := ours[c.id()][c.kind.name]
		if g == "null" && c.sample.class == null {
			g = none // JSON's null in a body, where s3db.js makes no difference
		}
		if g != c.sample.sql {
			t.Errorf("%s: SQL reads %q, not %q", c.id(), g, c.sample.sql)
		}
	}
}

// inner says whether 19 reads its own secrets wrong: it encrypts twice, nested ones again
// at each update, and does not see all layers (s3db-format.md, section 7).
func (m matrix) inner(c cell) bool {
	return c.kind.secret && m.l.version == "19.5.10" && (m.behavior == "body-only" || c.kind.fields != "")
}

// textRows are the rows of a table by their ids, as PostgreSQL's text.
func textRows(t *testing.T, conn *pgx.Conn, table string) map[string]map[string]string {
	t.Helper()
	got := conn.PgConn().ExecParams(t.Context(), "SELECT * FROM "+table, nil, nil, nil, nil).Read()
	require.NoError(t, got.Err)
	out := map[string]map[string]string{}
	for _, row := range got.Rows {
		r := map[string]string{}
		for i, f := range got.FieldDescriptions {
			r[f.Name] = string(row[i])
			if row[i] == nil {
				r[f.Name] = none
			}
		}
		out[r["id"]] = r
	}
	return out
}
