package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore/location"
	"github.com/s3db-sql/s3db-sql/storage/objstore/open"
	"github.com/s3db-sql/s3db-sql/storage/objstore/wrap"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// stock brings the database into the state that each round of TestKilledDefinitions
// begins with.
var stock = []string{
	`DROP TABLE IF EXISTS made, part, thing CASCADE`, `DROP TYPE IF EXISTS mood`, `DROP SEQUENCE IF EXISTS numbers`,
	`CREATE TABLE thing (id int PRIMARY KEY, a text, n int)`,
	`INSERT INTO thing SELECT i, 'a' || i % 2, i FROM generate_series(1, 4) i`,
	`CREATE TABLE part (id int PRIMARY KEY, thing int REFERENCES thing)`,
	`INSERT INTO part VALUES (1, 1)`,
}

var definitions = []scenario{
	{"copy", []string{`COPY thing FROM STDIN`}},
	{"copy in a block", []string{`BEGIN`, `UPDATE thing SET n = 0 WHERE id = 1`, `COPY thing FROM STDIN`, `COMMIT`}},
	{"create table as", []string{`CREATE TABLE made AS SELECT id, a FROM thing`}},
	{"create table with rows", block(`CREATE TABLE made (id int PRIMARY KEY, u text UNIQUE)`, `INSERT INTO made VALUES (1, 'x'), (2, 'y')`)},
	{"a table and rows of another", block(`CREATE TABLE made (id int PRIMARY KEY)`, `INSERT INTO thing VALUES (9, 'z', 9)`, `UPDATE thing SET n = 7 WHERE id = 1`)},
	{"add a column", []string{`ALTER TABLE thing ADD COLUMN c text DEFAULT 'c'`}},
	{"add a column, and fill it", block(`ALTER TABLE thing ADD COLUMN c text`, `UPDATE thing SET c = a`)},
	{"drop a column", []string{`ALTER TABLE thing DROP COLUMN a`}},
	{"change a type", []string{`ALTER TABLE thing ALTER COLUMN n TYPE text USING 'n' || n`}},
	{"change a type in a block", block(`UPDATE thing SET n = 8 WHERE id = 2`, `ALTER TABLE thing ALTER COLUMN n TYPE numeric(6,2) USING n / 2.0`)},
	{"create an index", []string{`CREATE INDEX thing_a ON thing (a)`}},
	{"create a unique index", []string{`CREATE UNIQUE INDEX thing_n ON thing (n)`}},
	{"an index and rows", block(`CREATE INDEX thing_a ON thing (a)`, `INSERT INTO thing VALUES (5, 'a0', 5), (6, 'a9', 6)`)},
	{"drop a table", []string{`DROP TABLE part`}},
	{"drop a table, and rows of another", block(`DROP TABLE part`, `DELETE FROM thing WHERE id > 2`)},
	{"truncate", []string{`TRUNCATE thing, part`}},
	{"truncate and fill", block(`TRUNCATE thing, part`, `INSERT INTO thing VALUES (1, 'new', 1), (2, 'new', 2)`)},
	{"rename", []string{`ALTER TABLE thing RENAME COLUMN a TO b`}},
	{"rename a table", []string{`ALTER TABLE part RENAME TO made`}},
	{"a type, a sequence and a table", block(`CREATE TYPE mood AS ENUM ('sad', 'ok')`, `CREATE SEQUENCE numbers`,
		`CREATE TABLE made (id int PRIMARY KEY DEFAULT nextval('numbers'), m mood)`, `INSERT INTO made (m) VALUES ('ok'), ('sad')`)},
}

// lines are what COPY sends.
const lines = "10\ta0\t10\n11\ta1\t11\n12\ta7\t12\n13\ta8\t13\n14\ta0\t14\n"

// TestKilledDefinitions kills a server at each of its writes of COPY, of definitions, and
// of blocks of definitions and rows.
func TestKilledDefinitions(t *testing.T) {
	stores := []string{"folder"}
	if *long {
		stores = append(stores, "fake", "versitygw")
	}
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			g := grounds[store](t)
			p := g.start()
			for i, sc := range definitions {
				if sc.name == "truncate" && g.proxy != nil {
					continue // it is finished after a lease: TestKilledTruncation
				}
				t.Run(sc.name, func(t *testing.T) { p = killedDefinition(t, g, p, sc, uint64(i)+100) })
			}
		})
	}
}

// define runs statements, COPY's with its lines.
func define(conn *pgx.Conn, texts []string) error {
	for _, text := range texts {
		if !strings.HasPrefix(text, "COPY") {
			if err := run(conn, []string{text}); err != nil {
				return err
			}
			continue
		}
		if _, err := conn.PgConn().CopyFrom(context.Background(), strings.NewReader(lines), text); err != nil {
			return err
		}
	}
	return nil
}

func killedDefinition(t *testing.T, g ground, p *testserver.Process, sc scenario, salt uint64) *testserver.Process {
	chance := rand.New(rand.NewPCG(*seed, salt))
	conn := p.Connect(t)
	patiently(t, "", conn, stock)
	before := inventory(t, conn)
	require.NoError(t, define(conn, sc.sql))
	done := inventory(t, conn)
	require.NotEqual(t, before, done)
	for n := 0; ; n++ {
		for _, after := range []bool{false, true} {
			if !*long && chance.IntN(sample) > 0 {
				continue
			}
			what := fmt.Sprintf("killed at write %d, carried out: %v", n, after)
			patiently(t, what, conn, stock)
			require.Equal(t, before, inventory(t, conn), what)
			g.arm(t, p, n, after)
			err := define(conn, sc.sql)
			if err == nil && !p.Ended() {
				g.disarm(t, p)
				return p
			}
			if err != nil {
				require.Eventually(t, p.Ended, 10*time.Second, time.Millisecond, "%s: %v", what, err)
			}
			if g.proxy != nil {
				g.proxy.set(nil)
				g.unlock(t)
			}
			p = g.start()
			conn = p.Connect(t)
			now := inventory(t, conn)
			if err == nil && now != done || err != nil && now != before && now != done {
				t.Errorf("%s: acknowledged %v\n%s\nbefore\n%s\nafter\n%s", what, err == nil, now, before, done)
				return p
			}
		}
	}
}

// unlock ends the time of the catalog's lock, which s3db.js gives half a minute.
func (g ground) unlock(t *testing.T) {
	at, err := location.Parse(g.at)
	require.NoError(t, err)
	st, prefix, err := open.Open(context.Background(), at, open.Options{})
	require.NoError(t, err)
	defer st.Close()
	require.NoError(t, (&s3db.ManifestWriter{Store: wrap.Prefixed(st, prefix)}).Unlock(context.Background()))
}

// inventory is all definitions and all rows, those by index too.
func inventory(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var out []string
	add := func(title, text string) []string {
		rows, err := readSoon(conn, text)
		if err != nil {
			rows = []string{err.Error()}
		}
		for _, row := range rows {
			out = append(out, title+": "+row)
		}
		return rows
	}
	add("column", `SELECT c.relname, attname, format_type(atttypid, atttypmod), attnotnull, pg_get_expr(adbin, adrelid) FROM pg_class c
		JOIN pg_attribute a ON attrelid = c.oid LEFT JOIN pg_attrdef d ON adrelid = c.oid AND adnum = attnum
		WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'S') ORDER BY 1, 2`)
	add("index", `SELECT pg_get_indexdef(indexrelid), indisvalid FROM pg_index WHERE indrelid >= 16384 ORDER BY 1`)
	add("constraint", `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1`)
	add("type", `SELECT enumlabel FROM pg_enum ORDER BY 1`)
	for _, table := range add("table", `SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`) {
		add(table, `SELECT * FROM `+table+` ORDER BY 1`)
		add(table+" has", `SELECT count(*) FROM `+table)
	}
	for i := range 3 {
		add("by a", fmt.Sprintf(`SELECT id FROM thing WHERE a = 'a%d' ORDER BY 1`, i))
		add("by u", fmt.Sprintf(`SELECT id FROM made WHERE u = '%c' ORDER BY 1`, 'x'+i))
		add("by n", fmt.Sprintf(`SELECT id FROM thing WHERE n::text = '%d' ORDER BY 1`, i))
	}
	return strings.Join(out, "\n")
}
