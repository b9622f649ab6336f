package faults

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestKilledUnderLoad kills a server at random moments while clients write, and starts
// it at once, again and again: each client finds what it was told, of what it was not
// told all or nothing, and no money is lost between the accounts of all.
func TestKilledUnderLoad(t *testing.T) {
	stores := []string{"folder", "versitygw"}
	if *long {
		stores = append(stores, "fake", "minio")
	}
	for i, store := range stores {
		t.Run(store, func(t *testing.T) {
			l := &load{t: t, g: grounds[store](t), chance: rand.New(rand.NewPCG(*seed, 1000+uint64(i)))}
			p := l.g.start()
			testserver.Exec(t, p.Connect(t), append(slices.Clone(bank), goods...)...)
			for n := range loadClients {
				l.writers = append(l.writers, &writer{n: n, chance: rand.New(rand.NewPCG(*seed, uint64(n))), has: map[int]item{}})
			}
			kills, end := 0, time.Now().Add(loadTime())
			for ; time.Now().Before(end); kills++ {
				l.round(p)
				p = l.g.start()
				l.check(p)
			}
			t.Logf("%d kills, %d transactions, %d of them not answered and there", kills, l.done, l.silent)
			require.Greater(t, l.done, kills)
		})
	}
}

func loadTime() time.Duration {
	if *long {
		return 3 * time.Minute
	}
	return 8 * time.Second
}

const loadClients = 5

// accounts, in branches of four, between which no money goes.
const (
	accounts = 12
	opening  = 100
)

// bank is where money moves between rows.
var bank = []string{
	`CREATE TABLE account (id int PRIMARY KEY, branch text NOT NULL, n int NOT NULL, no int UNIQUE)`,
	`CREATE INDEX account_branch ON account (branch)`,
	fmt.Sprintf(`INSERT INTO account SELECT i, 'b' || i %% 3, %d, i FROM generate_series(1, %d) i`, opening, accounts),
}

// goods are rows with all kinds of indexes, each of one client.
var goods = []string{
	`CREATE TABLE owner (id int PRIMARY KEY)`,
	fmt.Sprintf(`INSERT INTO owner SELECT generate_series(0, %d)`, loadClients-1),
	`CREATE TABLE item (id int PRIMARY KEY, owner int NOT NULL REFERENCES owner, v int, region text, email text UNIQUE)`,
	`CREATE INDEX item_owner ON item (owner)`,
	`CREATE INDEX item_region ON item (region, v)`,
}

// item is a row of one.
type item struct {
	v             int
	region, email string
}

func (it item) row(id, owner int) string {
	return fmt.Sprintf("(%d, %d, %d, '%s', '%s')", id, owner, it.v, it.region, it.email)
}

// writer is a client with its rows: as they are if its last transaction did not happen,
// and if it did.
type writer struct {
	n       int
	chance  *rand.Rand
	has     map[int]item
	pending map[int]item // nil where nothing is unclear
	last    int
}

// load is a server's clients.
type load struct {
	t       *testing.T
	g       ground
	chance  *rand.Rand
	writers []*writer

	mu           sync.Mutex
	done, silent int
}

// round has all clients write until the server is killed.
func (l *load) round(p *testserver.Process) {
	var all sync.WaitGroup
	for _, w := range l.writers {
		conn := p.Connect(l.t)
		all.Go(func() {
			for w.step(conn) {
				l.mu.Lock()
				l.done++
				l.mu.Unlock()
			}
		})
	}
	time.Sleep(time.Duration(20+l.chance.IntN(400)) * time.Millisecond)
	p.Kill()
	all.Wait()
}

// step makes one transaction; false where the server has not answered.
func (w *writer) step(conn *pgx.Conn) bool {
	next := maps.Clone(w.has)
	texts := w.transaction(next)
	w.pending = next
	switch outcomeOf(run(conn, texts)) {
	case done:
		w.has, w.pending = next, nil
	case refused:
		w.pending = nil
	default:
		return false
	}
	return true
}

// fresh is a new row.
func (w *writer) fresh() (id int, it item) {
	w.last++
	id = w.last*loadClients + w.n
	return id, item{v: w.chance.IntN(5), region: fmt.Sprint("r", w.chance.IntN(4)), email: w.email()}
}

// email is one that only this client uses, and may use again.
func (w *writer) email() string {
	w.last++
	return fmt.Sprint("m", w.n, "-", w.last)
}

// some are ids of up to n rows.
func (w *writer) some(n int) []int {
	ids := slices.Sorted(maps.Keys(w.has))
	w.chance.Shuffle(len(ids), func(i, k int) { ids[i], ids[k] = ids[k], ids[i] })
	return ids[:min(n, len(ids))]
}

// transaction is a random one, with what it makes of the rows.
func (w *writer) transaction(rows map[int]item) []string {
	if len(rows) > 60 {
		return w.remove(rows, 40)
	}
	switch w.chance.IntN(8) {
	case 0:
		return w.insert(rows, 1)
	case 1:
		return w.insert(rows, 2+w.chance.IntN(10))
	case 2:
		return w.update(rows, 1)
	case 3:
		return w.update(rows, 2+w.chance.IntN(10))
	case 4:
		return w.remove(rows, 1+w.chance.IntN(6))
	case 5:
		return w.exchange(rows)
	case 6:
		return w.transfer()
	}
	return block(slices.Concat(w.insert(rows, 1+w.chance.IntN(3)), w.update(rows, 3), w.transfer()[1:3])...)
}

func (w *writer) insert(rows map[int]item, n int) []string {
	var values []string
	for range n {
		id, it := w.fresh()
		rows[id] = it
		values = append(values, it.row(id, w.n))
	}
	return []string{`INSERT INTO item VALUES ` + strings.Join(values, ", ")}
}

func (w *writer) update(rows map[int]item, n int) []string {
	ids := w.some(n)
	var values []string
	for _, id := range ids {
		it := rows[id]
		_, now := w.fresh()
		if w.chance.IntN(2) == 0 {
			now.email = it.email
		}
		now.v = it.v + 1
		rows[id] = now
		values = append(values, now.row(id, w.n))
	}
	if len(ids) == 0 {
		return w.insert(rows, 2)
	}
	if len(ids) == 1 {
		it := rows[ids[0]]
		return []string{fmt.Sprintf(`UPDATE item SET v = v + 1, region = '%s', email = '%s' WHERE id = %d`, it.region, it.email, ids[0])}
	}
	return []string{`UPDATE item SET v = item.v + 1, region = n.region, email = n.email FROM (VALUES ` +
		strings.Join(values, ", ") + `) n(id, owner, v, region, email) WHERE item.id = n.id`}
}

func (w *writer) remove(rows map[int]item, n int) []string {
	var ids []string
	for _, id := range w.some(n) {
		delete(rows, id)
		ids = append(ids, strconv.Itoa(id))
	}
	if len(ids) == 0 {
		return w.insert(rows, 3)
	}
	return []string{`DELETE FROM item WHERE id IN (` + strings.Join(ids, ", ") + `)`}
}

// exchange hands the unique value of one row to another one, which gets a new one.
func (w *writer) exchange(rows map[int]item) []string {
	ids := w.some(2)
	if len(ids) < 2 {
		return w.insert(rows, 2)
	}
	a, b := rows[ids[0]], rows[ids[1]]
	a.email, b.email = w.email(), a.email
	rows[ids[0]], rows[ids[1]] = a, b
	return block(fmt.Sprintf(`UPDATE item SET email = '%s' WHERE id = %d`, a.email, ids[0]),
		fmt.Sprintf(`UPDATE item SET email = '%s' WHERE id = %d`, b.email, ids[1]))
}

func (w *writer) transfer() []string {
	ids := w.chance.Perm(accounts)
	n := 1 + w.chance.IntN(9)
	return block(fmt.Sprintf(`UPDATE account SET n = n - %d WHERE id = %d`, n, ids[0]+1),
		fmt.Sprintf(`UPDATE account SET n = n + %d WHERE id = %d`, n, ids[1]+1))
}

// check compares what a new server finds with what its clients know.
func (l *load) check(p *testserver.Process) {
	conn := p.Connect(l.t)
	require.Equal(l.t, []string{fmt.Sprint(accounts * opening)}, query(l.t, conn, `SELECT sum(n) FROM account`))
	for _, w := range l.writers {
		found := w.rows(l.t, conn, `SELECT id, v, region, email FROM item WHERE id % `+strconv.Itoa(loadClients)+` = `+strconv.Itoa(w.n))
		switch {
		case maps.Equal(found, w.has):
		case w.pending != nil && maps.Equal(found, w.pending):
			l.silent++
		default:
			require.Equal(l.t, w.has, found, "client %d; or %v", w.n, w.pending)
		}
		w.has, w.pending = found, nil
		require.Equal(l.t, found, w.rows(l.t, conn, fmt.Sprintf(`SELECT id, v, region, email FROM item WHERE owner = %d`, w.n)), "by owner")
	}
	l.checkIndexes(conn)
}

// checkIndexes asks the indexes for all values.
func (l *load) checkIndexes(conn *pgx.Conn) {
	regions, rows := map[string]int{}, 0
	for _, w := range l.writers {
		for id, it := range w.has {
			regions[fmt.Sprint(it.region, "|", it.v)]++
			rows++
			require.Equal(l.t, []string{strconv.Itoa(id)}, query(l.t, conn, `SELECT id FROM item WHERE email = '`+it.email+`'`), it.email)
		}
	}
	require.Equal(l.t, []string{strconv.Itoa(rows)}, query(l.t, conn, `SELECT count(*) FROM item`))
	for value, n := range regions {
		region, v, _ := strings.Cut(value, "|")
		require.Equal(l.t, []string{strconv.Itoa(n)}, query(l.t, conn, fmt.Sprintf(`SELECT count(email) FROM item WHERE region = '%s' AND v = %s`, region, v)), value)
	}
}

// rows reads a client's rows.
func (w *writer) rows(t *testing.T, conn *pgx.Conn, text string) map[int]item {
	out := map[int]item{}
	for _, row := range query(t, conn, text) {
		f := strings.Split(row, "|")
		id, _ := strconv.Atoi(f[0])
		v, _ := strconv.Atoi(f[1])
		out[id] = item{v, f[2], f[3]}
	}
	return out
}
