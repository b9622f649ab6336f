package faults

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

var (
	seed = flag.Uint64("seed", 1, "what is random follows from it")
	long = flag.Bool("long", false, "run all of it: every request, every store, for minutes")
)

func TestMain(m *testing.M) {
	testserver.Main()
	m.Run()
}

// timeout is the servers' --s3-timeout.
const timeout = 500 * time.Millisecond

// ground is a store that servers are started over.
type ground struct {
	t     testing.TB // the servers end with it
	at    string
	proxy *proxy // nil over a folder
}

var grounds = map[string]func(t *testing.T) ground{
	"folder":    func(t *testing.T) ground { return ground{t: t, at: t.TempDir()} },
	"fake":      func(t *testing.T) ground { return behind(t, s3fake.New(t, clock.System).Location("db")) },
	"versitygw": func(t *testing.T) ground { return behind(t, s3test.Versitygw(t).Location("db")) },
	"minio":     func(t *testing.T) ground { return behind(t, s3test.MinIO(t).Location("db")) },
}

func behind(t *testing.T, location string) ground {
	p, at := newProxy(t, location)
	return ground{t: t, at: at, proxy: p}
}

func (g ground) start(args ...string) *testserver.Process {
	return testserver.StartProcess(g.t, g.at, append([]string{"--s3-timeout", timeout.String(), "--transaction-lease", lease.String()}, args...)...)
}

// lease is the servers' --transaction-lease.
const lease = time.Second

// arm has the process killed at its n-th write from now on.
func (g ground) arm(t *testing.T, p *testserver.Process, n int, after bool) {
	if g.proxy == nil {
		p.Arm(t, n, after)
		return
	}
	var mu sync.Mutex
	seen := 0
	kill := func() { p.Kill() }
	g.proxy.set(func(r *http.Request) (f fault) {
		mu.Lock()
		defer mu.Unlock()
		if !isWrite(r) {
			return f
		}
		seen++
		switch {
		case seen <= n:
			return f
		case seen > n+1:
			<-r.Context().Done() // the process is about to be dead
			return fault{cut: true}
		case after:
			return fault{answering: kill, lose: true}
		}
		return fault{sending: kill, cut: true}
	})
}

// tables of the scenarios: partitions, unique keys, a foreign key with its own
// partition.
var tables = []string{
	`CREATE TABLE person (id int PRIMARY KEY, name text NOT NULL, email text UNIQUE, region text, n int)`,
	`CREATE INDEX person_region ON person (region)`,
	`CREATE TABLE pet (id int PRIMARY KEY, owner int REFERENCES person, tag text, UNIQUE (tag, owner))`,
	`CREATE INDEX pet_owner ON pet (owner)`,
	`CREATE TABLE log (id int PRIMARY KEY, v text)`,
}

// base brings the tables into the state that each round begins with.
var base = []string{
	`DELETE FROM pet`, `DELETE FROM person`, `DELETE FROM log`,
	`INSERT INTO person SELECT i, 'p' || i, 'm' || i, 'r' || i % 2, i FROM generate_series(1, 4) i`,
	`INSERT INTO pet VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 2, NULL)`,
	`INSERT INTO log VALUES (1, 'x')`,
}

// scenario is what runs when the server dies: statement by statement, or, where the first is
// pipeline, all others before one Sync.
type scenario struct {
	name string
	sql  []string
}

const pipeline = "in a pipeline"

func block(sql ...string) []string { return append(append([]string{"BEGIN"}, sql...), "COMMIT") }

var scenarios = []scenario{
	{"insert of one row", []string{`INSERT INTO person VALUES (9, 'p9', 'm9', 'r1', 9)`}},
	{"update of one row", []string{`UPDATE person SET email = 'new', region = 'r7' WHERE id = 1`}},
	{"delete of one row", []string{`DELETE FROM person WHERE id = 3`}},
	{"upsert", []string{`INSERT INTO person VALUES (8, 'p8', 'm1', 'r1', 9) ON CONFLICT (email) DO UPDATE SET region = 'r9', n = person.n + 1`}},
	{"insert of rows", []string{`INSERT INTO person SELECT i, 'p' || i, 'm' || i, 'r' || i % 3, i FROM generate_series(5, 8) i`}},
	{"update of rows", []string{`UPDATE person SET email = 'n' || id, region = 'r' || id, n = n + 1`}},
	{"delete of rows", []string{`DELETE FROM pet`}},
	{"cascade in a block", block(`DELETE FROM pet WHERE owner = 2`, `DELETE FROM person WHERE id = 2`, `INSERT INTO log VALUES (2, 'gone')`)},
	{"transfer", block(`UPDATE person SET n = n - 1 WHERE id = 1`, `UPDATE person SET n = n + 1 WHERE id = 2`)},
	{"block over tables", block(`INSERT INTO person VALUES (7, 'p7', 'm7', 'r0', 7)`, `INSERT INTO pet VALUES (7, 7, 'c')`,
		`UPDATE person SET email = 'moved', region = 'r5' WHERE id = 4`, `DELETE FROM pet WHERE id = 1`, `UPDATE log SET v = 'y'`)},
	{"pipeline", []string{pipeline, `INSERT INTO person VALUES (9, 'p9', 'm9', 'r1', 9)`, `UPDATE person SET region = 'r7' WHERE id = 1`, `DELETE FROM pet WHERE id = 3`}},
	{"a unique value goes on", block(`UPDATE person SET email = 'm1x' WHERE id = 1`, `UPDATE person SET email = 'm1' WHERE id = 2`)},
}

// TestKilled kills a server at each of its writes in turn.
func TestKilled(t *testing.T) {
	stores := []string{"folder", "fake"}
	if *long {
		stores = append(stores, "versitygw", "minio")
	}
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			g := grounds[store](t)
			p := g.start()
			testserver.Exec(t, p.Connect(t), tables...)
			for i, sc := range scenarios {
				t.Run(sc.name, func(t *testing.T) { p = killed(t, g, p, sc, uint64(i)) })
				if t.Failed() {
					return
				}
			}
		})
	}
}

// sample: without -long one of so many kills is made.
const sample = 10

// killed kills the server at the writes of one scenario. It returns the server
// that lives at the end.
func killed(t *testing.T, g ground, p *testserver.Process, sc scenario, salt uint64) *testserver.Process {
	chance := rand.New(rand.NewPCG(*seed, salt))
	conn := p.Connect(t)
	testserver.Exec(t, conn, base...)
	before := dump(t, conn)
	patiently(t, sc.name, conn, sc.sql)
	done := dump(t, conn)
	require.NotEqual(t, before, done)
	rounds, kills := 0, 0
	for n := 0; ; n++ {
		for _, after := range []bool{false, true} {
			if !*long && chance.IntN(sample) > 0 {
				continue
			}
			rounds++
			what := fmt.Sprintf("killed at write %d, carried out: %v", n, after)
			// What the last one has left stands in nobody's way for longer than a lease.
			patiently(t, what, conn, base)
			patiently(t, what, conn, sc.sql)
			patiently(t, what, conn, base)
			require.Equal(t, before, dump(t, conn), what)
			g.arm(t, p, n, after)
			err := run(conn, sc.sql)
			if err == nil && !p.Ended() {
				g.disarm(t, p)
			}
			acknowledged := err == nil
			if err != nil {
				require.Eventually(t, p.Ended, 10*time.Second, time.Millisecond, "%s: %v", what, err)
			}
			dead := p.Ended()
			if dead {
				kills++
				if g.proxy != nil {
					g.proxy.set(nil)
				}
				p = g.start()
				conn = p.Connect(t)
			}
			now := dump(t, conn)
			switch {
			case acknowledged:
				require.Equal(t, done, now, "%s: what was acknowledged", what)
			case now != before:
				require.Equal(t, done, now, "%s: half of it", what)
			}
			checkIndexes(t, conn, what)
			if !dead {
				t.Logf("%d kills, %d writes", kills, n)
				return p
			}
		}
	}
}

func (g ground) disarm(t *testing.T, p *testserver.Process) {
	if g.proxy == nil {
		p.Arm(t, -1, false)
		return
	}
	g.proxy.set(nil)
}

// patiently runs statements, each again while it is told to (40001): what a dead
// server has left is taken for living until its lease ends.
func patiently(t *testing.T, what string, conn *pgx.Conn, texts []string) {
	t.Helper()
	for end := time.Now().Add(5 * lease); ; {
		err := run(conn, texts)
		if err == nil {
			return
		}
		if state(err) != "40001" || time.Now().After(end) {
			t.Fatalf("%s: %s: %v", what, texts, detailed(err))
		}
	}
}

// dump is the rows of all tables, as full scans read them.
func dump(t *testing.T, conn *pgx.Conn) string {
	t.Helper()
	var out []string
	for _, table := range []string{"person", "pet", "log"} {
		for _, row := range query(t, conn, `SELECT * FROM `+table) {
			out = append(out, table+" "+row)
		}
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

// keyed are the columns that an index answers for, by table.
var keyed = map[string][]string{"person": {"id", "email", "region"}, "pet": {"id", "owner"}}

// checkIndexes asks the indexes for every value that there may be, and for the
// number of rows, and compares with what full scans give.
func checkIndexes(t *testing.T, conn *pgx.Conn, what string) {
	t.Helper()
	for table, columns := range keyed {
		rows := query(t, conn, `SELECT `+strings.Join(columns, ", ")+` FROM `+table)
		require.Equal(t, []string{fmt.Sprint(len(rows))}, query(t, conn, `SELECT count(*) FROM `+table), "%s: count of %s", what, table)
		for k, column := range columns {
			want := map[string]int{}
			for _, row := range rows {
				want[strings.Split(row, "|")[k]]++
			}
			for _, v := range values(column) {
				got := query(t, conn, fmt.Sprintf(`SELECT count(id + 0) FROM %s WHERE %s = '%s'`, table, column, v))
				require.Equal(t, []string{fmt.Sprint(want[v])}, got, "%s: %s = %s", what, column, v)
			}
		}
	}
}

// values are those that a column has or had in any scenario.
func values(column string) (out []string) {
	prefixes := map[string][]string{"id": {""}, "owner": {""}, "email": {"m", "n"}, "region": {"r"}}[column]
	for _, p := range prefixes {
		for i := range 10 {
			out = append(out, fmt.Sprint(p, i))
		}
	}
	if column == "email" {
		out = append(out, "new", "moved", "m1x")
	}
	return out
}

// query gives rows as their fields with bars between.
func query(t *testing.T, conn *pgx.Conn, text string) []string {
	t.Helper()
	rows, err := readSoon(conn, text)
	require.NoError(t, err, text)
	return rows
}

// readSoon is read, again while it is told to (40001): on a machine that has much to do a scan
// takes longer than the sixth of a lease for which it finds what it needs.
func readSoon(conn *pgx.Conn, text string) (rows []string, err error) {
	for end := time.Now().Add(5 * lease); ; {
		if rows, err = read(conn, text); state(err) != "40001" || time.Now().After(end) {
			return rows, err
		}
	}
}

func read(conn *pgx.Conn, text string) ([]string, error) {
	results, err := conn.PgConn().Exec(context.Background(), text).ReadAll()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, r := range results {
		for _, row := range r.Rows {
			out = append(out, string(bytesJoin(row)))
		}
	}
	return out, nil
}
