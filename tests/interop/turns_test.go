package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/tests/jsdoc"
)

// TestInTurns: 19, 21 and two of our servers over one table write the same rows in turns,
// by chance: inserts, updates of some fields, upserts, deletes, with fields that become
// null, move to the body and back. After each write the row is for all what it should be.
func TestInTurns(t *testing.T) {
	s := s3test.Versitygw(t)
	for i, b := range behaviors {
		if (i+2)%len(behaviors) >= *size { // body-overflow is the first
			continue // a sample
		}
		t.Run(b, func(t *testing.T) {
			g := newGame(t, s, b)
			for turn := range 60 * *size {
				g.turn(t, turn)
			}
			g.end(t)
		})
	}
}

// game is a table, what should be in it, and who plays.
type game struct {
	server  *s3test.Server
	prefix  string
	table   string
	long    bool // whether the behavior takes rows of any size
	chance  *rand.Rand
	want    map[string]object
	ours    []*pgx.Conn
	theirs  []*library
	history []string
}

var gamePlaces = []place{
	{"byRegion", []part{{"region", "string", "region"}}},
	{"byCity", []part{{"home.city", "string", "home->>'city'"}, {"region", "string", "region"}}},
}

func newGame(t *testing.T, s *s3test.Server, behavior string) *game {
	g := &game{server: s, prefix: "turns-" + behavior, table: "game", chance: rand.New(rand.NewPCG(7, uint64(*size))), want: map[string]object{},
		long: behavior == "body-overflow" || behavior == "body-only"}
	for range 2 {
		g.ours = append(g.ours, serve(t, s, g.prefix))
		if len(g.ours) == 1 {
			testserver.Exec(t, g.ours[0], `CREATE RESOURCE game (name 'string|optional', n 'number|optional', flag 'boolean|optional', tags 'array|items:string|optional',
				region 'string|optional', home (city 'string|optional', zip 'string|optional'), doc 'json|optional', story 'string|optional')
				`+gamePlaces[0].sql()+", "+gamePlaces[1].sql()+` WITH (behavior = '`+behavior+`')`)
		}
	}
	for _, e := range editions {
		l := e.start(t)
		l.connect(s.Location(g.prefix))
		g.theirs = append(g.theirs, l)
	}
	return g
}

// some gives each field at times, and null at times.
func (g *game) some() object {
	all := object{
		"name": g.pick("Ana", "Bob", "naïve 日本 👋", ""), "n": g.pick(0.0, 1.5, -7.0, 123456789.0), "flag": g.pick(true, false),
		"tags": g.pick([]any{}, []any{"a|b", "é"}, []any{"x"}), "region": g.pick("EU", "US", "USA"), "doc": g.pick(object{"k": "é"}, object{"k": 2.0}), // the library merges objects
		"home": g.pick(object{"city": "Rio", "zip": "1"}, object{"city": "São Paulo", "zip": ""}), "story": g.story(),
	}
	out := object{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		switch g.chance.IntN(6) {
		case 0, 1, 2:
			out[name] = all[name]
		case 3:
			if name != "flag" && name != "home" { // s3db.js makes false of a null boolean
				out[name] = nil
			}
		}
	}
	return out
}

func (g *game) pick(values ...any) any { return values[g.chance.IntN(len(values))] }

const tale = "é 日本 tale"

func (g *game) story() any {
	n := []int{0, 3, 10, 40}[g.chance.IntN(4)]
	if g.long {
		n *= 15
	}
	return strings.TrimSpace(strings.Repeat(tale+" ", n))
}

// turn is one write, and what everybody then sees of the row.
func (g *game) turn(t *testing.T, turn int) {
	id := fmt.Sprintf("r%d", g.chance.IntN(4))
	player := g.chance.IntN(len(g.ours) + len(g.theirs))
	row := g.some()
	exists := g.want[id] != nil
	method := "insert"
	if exists {
		method = []string{"update", "update", "update", "upsert", "delete", "insert"}[g.chance.IntN(6)]
	} else if g.chance.IntN(3) == 0 {
		method = "upsert"
	}
	text, _ := json.Marshal(row)
	text = bytes.ReplaceAll(text, []byte(tale+" "+tale+" "+tale), []byte("…"))
	g.history = append(g.history, fmt.Sprintf("%d: player %d: %s %s %s", turn, player, method, id, text))
	err := g.play(t, player, method, id, row)
	if method == "insert" && exists {
		require.Error(t, err, "%s", g.told())
		return
	}
	require.NoError(t, err, "%s", g.told())
	g.remember(method, id, row)
	g.compare(t, id)
}

func (g *game) remember(method, id string, row object) {
	if method == "delete" {
		delete(g.want, id)
		return
	}
	if g.want[id] == nil {
		g.want[id] = object{"id": id}
	}
	maps.Copy(g.want[id], row)
}

func (g *game) play(t *testing.T, player int, method, id string, row object) error {
	if player < len(g.ours) {
		return g.playSQL(t, g.ours[player], method, id, row)
	}
	l := g.theirs[player-len(g.ours)]
	args := []any{id, row}
	switch method {
	case "insert", "upsert":
		row = maps.Clone(row)
		row["id"] = id
		args = []any{row}
	case "delete":
		args = []any{id}
	}
	_, err := l.tryCall(g.table, method, args...)
	l.settle() // its references, which a write that comes too soon would make wrong (trap 18)
	return err
}

func (g *game) playSQL(t *testing.T, conn *pgx.Conn, method, id string, row object) error {
	args := [][]byte{[]byte(id)}
	columns, places, sets := "id", "$1", "id = $1"
	for _, name := range slices.Sorted(maps.Keys(row)) {
		args = append(args, sqlText(row[name]))
		columns += ", " + name
		places += fmt.Sprintf(", $%d", len(args))
		sets += fmt.Sprintf(", %s = $%d", name, len(args))
	}
	insert := "INSERT INTO game (" + columns + ") VALUES (" + places + ")"
	statement := map[string]string{"insert": insert, "upsert": insert + " ON CONFLICT (id) DO UPDATE SET " + sets,
		"update": "UPDATE game SET " + sets + " WHERE id = $1", "delete": "DELETE FROM game WHERE id = $1"}[method]
	if method == "delete" {
		args = args[:1]
	}
	return conn.PgConn().ExecParams(t.Context(), statement, args, nil, nil, nil).Read().Err
}

// sqlText is a value of a document as SQL takes it.
func sqlText(v any) []byte {
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return []byte(v)
	case []any:
		var parts []string
		for _, e := range v {
			parts = append(parts, `"`+e.(string)+`"`)
		}
		return []byte("{" + strings.Join(parts, ",") + "}")
	}
	out, _ := json.Marshal(v)
	return out
}

// compare holds the row against what it should be, for everybody.
func (g *game) compare(t *testing.T, id string) {
	t.Helper()
	for i, conn := range g.ours {
		got := query(t, conn, "SELECT * FROM game WHERE id = '"+id+"'")
		if g.want[id] == nil {
			require.Empty(t, got, "server %d\n%s", i, g.told())
			continue
		}
		require.Len(t, got, 1, "server %d\n%s", i, g.told())
		g.same(t, fmt.Sprint("server ", i), id, got[0])
	}
	for _, l := range g.theirs {
		if g.want[id] == nil {
			_, err := l.tryCall(g.table, "get", id)
			require.Error(t, err, "%s\n%s", l.version, g.told())
			continue
		}
		g.same(t, l.version, id, l.get(g.table, id))
	}
}

func (g *game) same(t *testing.T, who, id string, got object) {
	t.Helper()
	for name := range names(g.want[id], got) {
		if w, h := field(g.want[id], name), field(got, name); !jsdoc.Same(w, h) && !hollow(w, h) {
			t.Fatalf("%s reads %s.%s as %s, not %s\n%s", who, id, name, jsdoc.Brief(h), jsdoc.Brief(w), g.told())
		}
	}
}

// hollow says whether both are nothing: a nested object without fields is none in SQL.
func hollow(a, b any) bool {
	empty := func(v any) bool {
		m, ok := v.(object)
		return v == jsdoc.Absent || ok && len(m) == 0
	}
	return empty(a) && empty(b)
}

func (g *game) told() string { return strings.Join(g.history[max(0, len(g.history)-12):], "\n") }

// end: all rows, along every partition, and no reference missing or dangling.
func (g *game) end(t *testing.T) {
	for _, id := range slices.Sorted(maps.Keys(g.want)) {
		g.compare(t, id)
	}
	for _, l := range g.theirs {
		require.Len(t, l.list(g.table), len(g.want))
	}
	missing, dangling := references(t, g.server, g.ours[0], g.prefix, g.table, gamePlaces)
	require.Empty(t, missing, g.told())
	require.Empty(t, dangling, g.told())
}
