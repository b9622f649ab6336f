package scale

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

const clients = 200

// TestManyClients lets 200 connections read and write side by side. Each knows
// what its own rows must hold; counters that all of them increase lose nothing.
func TestManyClients(t *testing.T) {
	before := runtime.NumGoroutine()
	t.Run("traffic", func(t *testing.T) {
		srv := testserver.Start(t, testserver.Options{Store: "file://" + t.TempDir()})
		setup := srv.Connect(t)
		testserver.Exec(t, setup,
			"CREATE TABLE own (id int PRIMARY KEY, client int, n int, v text)", "CREATE INDEX own_client ON own (client)",
			"CREATE TABLE counter (id int PRIMARY KEY, n bigint)", "INSERT INTO counter SELECT i, 0 FROM generate_series(0, 9) i")
		duration := 10 * time.Second
		if long {
			duration = time.Minute
		}
		var all traffic
		var wg sync.WaitGroup
		end := time.Now().Add(duration)
		for i := range clients {
			wg.Go(func() {
				c := &client{number: i, end: end, all: &all, random: rand.New(rand.NewPCG(uint64(i), 1)), rows: map[int]int{}}
				if err := c.run(srv.URL("postgres")); err != nil {
					t.Errorf("client %d: %v", i, err)
				}
			})
		}
		wg.Wait()
		t.Logf("%d statements, %d increments, %d serialization failures tried again", all.statements.Load(), all.increments.Load(), all.conflicts.Load())
		assert.Positive(t, all.increments.Load())
		var sum int64
		require.NoError(t, setup.QueryRow(ctx, "SELECT sum(n) FROM counter").Scan(&sum))
		assert.Equal(t, all.increments.Load(), sum, "increments were lost")
	})
	waitForGoroutines(t, before)
}

// traffic counts what the clients did.
type traffic struct{ statements, increments, conflicts atomic.Int64 }

type client struct {
	number int
	end    time.Time
	all    *traffic
	random *rand.Rand
	conn   *pgx.Conn
	rows   map[int]int // id → n of the client's own rows
}

func (c *client) run(url string) (err error) {
	if c.conn, err = pgx.Connect(ctx, url); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.conn.Close(ctx)) }()
	actions := []func() error{c.insert, c.insert, c.get, c.get, c.update, c.remove, c.count, c.transaction, c.increment}
	for time.Now().Before(c.end) {
		if err := actions[c.random.IntN(len(actions))](); err != nil {
			return err
		}
	}
	return c.count()
}

func (c *client) exec(sql string, args ...any) (int64, error) {
	c.all.statements.Add(1)
	tag, err := c.conn.Exec(ctx, sql, args...)
	if err != nil {
		err = fmt.Errorf("%s: %w", sql, err)
	}
	return tag.RowsAffected(), err
}

// any is one of the client's rows, 0 if it has none.
func (c *client) any() int {
	for id := range c.rows {
		return id
	}
	return 0
}

func (c *client) insert() error {
	id := c.number*1_000_000 + len(c.rows) + c.random.IntN(900_000) + 1
	if _, taken := c.rows[id]; taken {
		return nil
	}
	_, err := c.exec("INSERT INTO own VALUES ($1, $2, 1, $3)", id, c.number, fmt.Sprint("row ", id))
	c.rows[id] = 1
	return err
}

func (c *client) get() error {
	id := c.any()
	var n int
	c.all.statements.Add(1)
	err := c.conn.QueryRow(ctx, "SELECT n FROM own WHERE id = $1", id).Scan(&n)
	switch {
	case id == 0 && errors.Is(err, pgx.ErrNoRows):
		return nil
	case err == nil && n != c.rows[id]:
		return fmt.Errorf("row %d has %d, not %d", id, n, c.rows[id])
	}
	return err
}

func (c *client) update() error { return c.change(c.any(), "UPDATE own SET n = n + 1 WHERE id = $1") }

func (c *client) change(id int, sql string) error {
	n, err := c.exec(sql, id)
	if err == nil && id != 0 && n != 1 {
		return fmt.Errorf("%s (%d): %d rows", sql, id, n)
	}
	if id != 0 {
		c.rows[id]++
	}
	return err
}

func (c *client) remove() error {
	id := c.any()
	err := c.change(id, "DELETE FROM own WHERE id = $1")
	delete(c.rows, id)
	return err
}

// count reads the client's rows through their partition.
func (c *client) count() error {
	var n, sum int
	c.all.statements.Add(1)
	err := c.conn.QueryRow(ctx, "SELECT count(*), coalesce(sum(n), 0) FROM own WHERE client = $1", c.number).Scan(&n, &sum)
	want := 0
	for _, v := range c.rows {
		want += v
	}
	if err == nil && (n != len(c.rows) || sum != want) {
		return fmt.Errorf("%d rows with sum %d, not %d with %d", n, sum, len(c.rows), want)
	}
	return err
}

// transaction updates two rows and takes it back.
func (c *client) transaction() error {
	if _, err := c.exec("BEGIN"); err != nil {
		return err
	}
	for _, sql := range []string{"UPDATE own SET n = n + 100 WHERE client = $1", "DELETE FROM own WHERE client = $1"} {
		if n, err := c.exec(sql, c.number); err != nil || n != int64(len(c.rows)) {
			return fmt.Errorf("%s: %d rows, not %d: %w", sql, n, len(c.rows), err)
		}
	}
	_, err := c.exec("ROLLBACK")
	return err
}

// increment adds one to a counter that others increase too: it may be told to
// try again (40001), and does.
func (c *client) increment() error {
	for {
		n, err := c.exec("UPDATE counter SET n = n + 1 WHERE id = $1", c.random.IntN(10))
		var pe *pgconn.PgError
		if errors.As(err, &pe) && pe.Code == "40001" {
			c.all.conflicts.Add(1)
			continue
		}
		c.all.increments.Add(n)
		return err
	}
}

// waitForGoroutines waits until there are no more than before.
func waitForGoroutines(t *testing.T, before int) {
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			buf := make([]byte, 1<<20)
			t.Fatalf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), buf[:runtime.Stack(buf, true)])
		}
	}
}
