package interop

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestStorm: several processes of the library and several clients of two of our servers
// insert, update, upsert, move and delete rows of one table at once, in a table of either
// program. Each write gives every field of the row, under a word of its own. What must
// hold, whoever wins:
//
//   - no row ever shows the fields of two writes, and every row stays readable to both;
//   - a row is as the last write left it: never as one that had ended before another,
//     acknowledged one began. s3db.js overwrites without looking, so a write at the same
//     moment as one of its own may be the one that goes (s3db-format.md, trap 17);
//   - what only one client writes is there as it wrote it last, whatever goes on around;
//   - what only SQL writes, in a table with row stamps, loses no update: UPDATE … SET
//     v = v + 1 by two servers adds up;
//   - along each partition SQL finds the rows that it finds without; VERIFY RESOURCE
//     leaves no reference missing or dangling.
func TestStorm(t *testing.T) {
	s := s3test.Versitygw(t)
	for i, e := range editions {
		for j, b := range []string{"body-overflow", "user-managed", "body-only", "truncate-data", "enforce-limits"} {
			for k, maker := range []program{sql, js} {
				if *size == 1 && (j > 0 || i != k) || *size < 5 && j > *size {
					continue // a sample
				}
				t.Run(fmt.Sprintf("%s/%s/made by %s", e.version, b, maker), func(t *testing.T) {
					newStorm(t, s, e, b, maker).run(t)
				})
			}
		}
	}
}

// The shared rows and what is in them.
const (
	contested = 5  // rows that everybody writes
	blows     = 20 // writes of each client, times *size
	counters  = 2  // rows that only SQL counts up
)

var stormPlaces = []place{
	{"byRegion", []part{{"region", "string", "region"}}},
	{"byBoth", []part{{"a", "string", "a"}, {"region", "string", "region"}}},
}

const stormAttributes = `a 'string|optional', b 'string|optional', region 'string|optional', long 'string|optional', v 'number|optional'`

// storm is one run.
type storm struct {
	server  *s3test.Server
	prefix  string
	table   string
	pad     string // what follows a word in the field long
	clients []client
	libs    []*library
	// Connections to our servers, one each: to look with, and to count with.
	conns, counting []*pgx.Conn

	mu  sync.Mutex
	log []write
}

// client writes rows, one call at a time. An error with certain says that nothing was
// written.
type client interface {
	insert(id string, row stormRow) (written bool, err error)
	update(id string, row stormRow) (written bool, err error)
	upsert(id string, row stormRow) (written bool, err error)
	remove(id string) (written bool, err error)
}

type stormRow struct{ word, region, long string }

// write is what a client has done to a contested row. word is "" for a delete.
type write struct {
	id, word   string
	begin, end time.Time
	known      bool // acknowledged; else it may have happened or not
}

func newStorm(t *testing.T, s *s3test.Server, e edition, behavior string, maker program) *storm {
	st := &storm{server: s, prefix: fmt.Sprintf("storm-%s-%s-%s", e.version, behavior, maker), table: "rows_", pad: strings.Repeat("x", 100)}
	if behavior == "body-overflow" || behavior == "body-only" {
		st.pad = strings.Repeat("x", 2500)
	}
	places := object{}
	var clauses []string
	for _, p := range stormPlaces {
		places[p.name] = p.js()
		clauses = append(clauses, p.sql())
	}
	first := e.start(t)
	first.connect(s.Location(st.prefix))
	if maker == js {
		first.create(object{"name": st.table, "behavior": behavior, "partitions": places, "attributes": object{"a": "string|optional", "b": "string|optional",
			"region": "string|optional", "long": "string|optional", "v": "number|optional"}})
		first.settle()
	}
	for range 2 {
		ours := testserver.Start(t, testserver.Options{Store: s.Location(st.prefix), Args: []string{"--passphrase", passphrase}})
		st.conns = append(st.conns, ours.Connect(t))
		switch {
		case len(st.conns) > 1:
		case maker == sql:
			testserver.Exec(t, st.conns[0], "CREATE RESOURCE "+st.table+" ("+stormAttributes+") "+strings.Join(clauses, ", ")+" WITH (behavior = '"+behavior+"')")
		default: // before the other server starts, which would learn it in seconds
			testserver.Exec(t, st.conns[0], "ALTER RESOURCE "+st.table+" SET (row_stamps = on)")
		}
		st.counting = append(st.counting, ours.Connect(t))
		st.clients = append(st.clients, &ourClient{ours.Connect(t), st.table}, &ourClient{ours.Connect(t), st.table})
	}
	testserver.Exec(t, st.conns[0], "INSERT INTO "+st.table+" (id, v) VALUES ('count0', 0), ('count1', 0)")
	for _, l := range []*library{first, e.start(t)} {
		l.connect(s.Location(st.prefix))
		st.libs = append(st.libs, l)
		st.clients = append(st.clients, &theirClient{l, st.table})
	}
	return st
}

func (st *storm) run(t *testing.T) {
	var clients, reader sync.WaitGroup
	watching, stop := context.WithCancel(t.Context())
	reader.Go(func() { st.watch(t, watching) })
	added := make([]atomic.Int64, counters)
	for i, c := range st.clients {
		clients.Go(func() { st.blow(t, i, c, rand.New(rand.NewPCG(uint64(i), uint64(*size)))) })
	}
	for _, conn := range st.counting {
		clients.Go(func() { st.count(t, conn, added) })
	}
	clients.Wait()
	stop()
	reader.Wait()
	for _, l := range st.libs {
		l.settle()
	}
	for i := range added {
		require.Equal(t, fmt.Sprint(added[i].Load()), one(t, st.conns[0], fmt.Sprintf("SELECT v::text FROM %s WHERE id = 'count%d'", st.table, i)), "an update was lost")
	}
	st.settled(t)
	st.repaired(t)
}

// blow is the work of a client: rows that all write, and one of its own.
func (st *storm) blow(t *testing.T, number int, c client, chance *rand.Rand) {
	mine := fmt.Sprintf("mine%d", number)
	for i := range blows * *size {
		row := st.row(number, i, chance)
		var err error
		if i == 0 {
			_, err = c.insert(mine, row)
		} else {
			_, err = c.update(mine, row)
		}
		if !assert.NoError(t, err, mine) {
			return
		}
		st.strike(c, chance, number, i)
	}
}

func (st *storm) row(number, i int, chance *rand.Rand) stormRow {
	word := fmt.Sprintf("w%d-%d", number, i)
	return stormRow{word, []string{"EU", "US", "USA"}[chance.IntN(3)], word + st.pad}
}

// strike writes a contested row.
func (st *storm) strike(c client, chance *rand.Rand, number, i int) {
	w := write{id: fmt.Sprintf("all%d", chance.IntN(contested)), begin: time.Now()}
	row := st.row(number, i, chance)
	row.word = "all-" + row.word
	row.long = row.word + st.pad
	w.word = row.word
	var written bool
	var err error
	switch chance.IntN(6) {
	case 0:
		written, err = c.insert(w.id, row)
	case 1:
		w.word = ""
		written, err = c.remove(w.id)
	case 2:
		written, err = c.upsert(w.id, row)
	default:
		written, err = c.update(w.id, row)
	}
	if w.end = time.Now(); err != nil || written {
		w.known = err == nil
		st.mu.Lock()
		st.log = append(st.log, w)
		st.mu.Unlock()
	}
}

// count counts the counters up, as a client of the other server does too.
func (st *storm) count(t *testing.T, conn *pgx.Conn, added []atomic.Int64) {
	for i := range blows * *size {
		n := i % counters
		tag, err := conn.Exec(t.Context(), fmt.Sprintf("UPDATE %s SET v = v + 1 WHERE id = 'count%d'", st.table, n))
		if assert.NoError(t, err) && assert.EqualValues(t, 1, tag.RowsAffected()) {
			added[n].Add(1)
		}
	}
}

// watch reads all rows again and again: none is damaged, or of two writes.
func (st *storm) watch(t *testing.T, ctx context.Context) {
	for ctx.Err() == nil {
		st.whole(t)
	}
}

// whole reads all rows; words are the contested ones'.
func (st *storm) whole(t *testing.T) (words map[string]string) {
	rows, err := st.conns[0].Query(t.Context(), "SELECT id, coalesce(a, ''), coalesce(b, ''), coalesce(region, ''), coalesce(long, '') FROM "+st.table)
	words = map[string]string{}
	if !assert.NoError(t, err) {
		return nil
	}
	var id, a, b, region, long string
	_, err = pgx.ForEachRow(rows, []any{&id, &a, &b, &region, &long}, func() error {
		if !strings.HasPrefix(id, "count") && (a != b || long != a+st.pad) {
			t.Errorf("row %s mixes two writes: a %s, b %s, long %.20s… of %d", id, a, b, long, len(long))
		}
		words[id] = a
		return nil
	})
	assert.NoError(t, err)
	return words
}

// settled looks when all is quiet.
func (st *storm) settled(t *testing.T) {
	words := st.whole(t)
	for i := range st.clients {
		require.Equal(t, fmt.Sprintf("w%d-%d", i, blows**size-1), words[fmt.Sprintf("mine%d", i)], "a row that one client alone writes")
	}
	for i := range contested {
		id := fmt.Sprintf("all%d", i)
		st.explain(t, id, words[id])
	}
	for _, l := range st.libs {
		theirs := l.list(st.table)
		require.Len(t, theirs, len(words))
		for id, d := range theirs {
			if a, ok := d["a"].(string); ok {
				require.Equal(t, words[id], a, id)
				require.Equal(t, a, d["b"], id)
				require.Equal(t, a+st.pad, d["long"], id)
			}
		}
	}
	for _, conn := range st.conns {
		for _, region := range []string{"EU", "US", "USA"} {
			require.Equal(t, column1(t, conn, "SELECT id FROM "+st.table+" WHERE region || '' = '"+region+"' ORDER BY id"),
				column1(t, conn, "SELECT id FROM "+st.table+" WHERE region = '"+region+"' ORDER BY id"), region)
		}
	}
}

// explain holds the state of a contested row against what was done to it: it is the
// outcome of a write after whose end no acknowledged one began.
func (st *storm) explain(t *testing.T, id, word string) {
	var last time.Time // when the latest of the acknowledged writes began
	found := word == ""
	for _, w := range st.log {
		if w.id == id && w.known && w.begin.After(last) {
			last = w.begin
		}
	}
	if word == "" && last.IsZero() {
		return // never written
	}
	for _, w := range st.log {
		if w.id == id && w.word == word && !w.end.Before(last) {
			return
		}
		found = found || w.id == id && w.word == word
	}
	t.Errorf("row %s is %q (a write of it is known: %t), though a later one was acknowledged", id, word, found)
}

// repaired: VERIFY RESOURCE leaves the references that the rows should have.
func (st *storm) repaired(t *testing.T) {
	testserver.Exec(t, st.conns[0], "VERIFY RESOURCE "+st.table)
	missing, dangling := references(t, st.server, st.conns[0], st.prefix, st.table, stormPlaces)
	require.Empty(t, missing)
	require.Empty(t, dangling)
}

// ourClient writes by SQL.
type ourClient struct {
	conn  *pgx.Conn
	table string
}

func (c *ourClient) exec(sql string, args ...any) (bool, error) {
	tag, err := c.conn.Exec(context.Background(), fmt.Sprintf(sql, c.table), args...)
	var refused *pgconn.PgError
	if errors.As(err, &refused) && (refused.Code == "40001" || refused.Code == "23505") {
		return false, nil // nothing is written
	}
	return err == nil && tag.RowsAffected() > 0, err
}

func (c *ourClient) insert(id string, r stormRow) (bool, error) {
	return c.exec("INSERT INTO %s (id, a, b, region, long) VALUES ($1, $2, $2, $3, $4)", id, r.word, r.region, r.long)
}

func (c *ourClient) update(id string, r stormRow) (bool, error) {
	return c.exec("UPDATE %s SET a = $2, b = $2, region = $3, long = $4 WHERE id = $1", id, r.word, r.region, r.long)
}

func (c *ourClient) upsert(id string, r stormRow) (bool, error) {
	return c.exec("INSERT INTO %s (id, a, b, region, long) VALUES ($1, $2, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET a = $2, b = $2, region = $3, long = $4",
		id, r.word, r.region, r.long)
}

func (c *ourClient) remove(id string) (bool, error) {
	return c.exec("DELETE FROM %s WHERE id = $1", id)
}

// theirClient writes by the library. Of its errors nobody knows whether it has written.
type theirClient struct {
	l     *library
	table string
}

func (c *theirClient) call(method string, args ...any) (bool, error) {
	_, err := c.l.tryCall(c.table, method, args...)
	return err == nil, err
}

func (r stormRow) document() object {
	return object{"a": r.word, "b": r.word, "region": r.region, "long": r.long}
}

func (c *theirClient) insert(id string, r stormRow) (bool, error) {
	d := r.document()
	d["id"] = id
	return c.call("insert", d)
}

func (c *theirClient) update(id string, r stormRow) (bool, error) {
	return c.call("update", id, r.document())
}

func (c *theirClient) upsert(id string, r stormRow) (bool, error) {
	d := r.document()
	d["id"] = id
	return c.call("upsert", d)
}

func (c *theirClient) remove(id string) (bool, error) { return c.call("delete", id) }
