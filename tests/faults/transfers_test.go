package faults

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// TestTransfers: money moves between rows, in blocks and in single statements, and
// accounts between ids, on three servers in bad weather, and on one
// over a folder. Every statement that reads all
// of it finds all of it.
func TestTransfers(t *testing.T) {
	stores := []string{"fake", "folder"}
	if *long {
		stores = append(stores, "versitygw", "minio")
	}
	for _, store := range stores {
		for _, moving := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, accounts move: %v", store, moving), func(t *testing.T) {
				f := newFleet(t, store, 2, bank...)
				b := &books{t: t, moving: moving, counts: map[string]int{}}
				f.work(3, stormy()/2, b.step)
				t.Logf("%v", b.counts)
				require.Greater(t, b.counts["transfers done"], 10)
				require.Greater(t, b.counts["reads done"], 20)
				for _, s := range f.servers {
					c := &client{conn: s.Connect(t)}
					for _, r := range audits {
						if err := b.audit(c, r); err != nil {
							t.Errorf("%s: %s", r.name, detailed(err))
						}
					}
					checkBank(t, c)
				}
			})
		}
	}
}

// books are what clients have done.
type books struct {
	t      *testing.T
	moving bool
	mu     sync.Mutex
	counts map[string]int
	last   int
}

func (b *books) count(what string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.counts[what+" "+[]string{"done", "refused", "unclear"}[outcomeOf(err)]]++
}

// number is another one each time, above those of the accounts at the beginning.
func (b *books) number() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.last++
	return 1000 + b.last
}

// audits are statements that read all money, or a branch's, and what they find.
var audits = []struct{ name, sql, want string }{
	{"sum", `SELECT sum(n), count(*) FROM account`, fmt.Sprint(accounts*opening, "|", accounts)},
	{"count", `SELECT count(*) FROM account`, fmt.Sprint(accounts)},
	{"a branch", `SELECT sum(n), count(n) FROM account WHERE branch = 'b1'`, fmt.Sprint(accounts/3*opening, "|", accounts/3)},
	{"branches", `SELECT branch, sum(n), count(*) FROM account GROUP BY branch ORDER BY branch`,
		fmt.Sprintf("b0|%d|%d b1|%[1]d|%[2]d b2|%[1]d|%[2]d", accounts/3*opening, accounts/3)},
}

func (b *books) audit(c *client, a struct{ name, sql, want string }) error {
	rows, err := read(c.conn, a.sql)
	if err != nil {
		return err
	}
	if got := strings.Join(rows, " "); got != a.want {
		b.t.Errorf("%s: %s, want %s", a.name, got, a.want)
	}
	return nil
}

func (b *books) step(c *client) {
	switch kind := c.chance.IntN(8); {
	case kind < 3:
		b.count("reads", b.audit(c, audits[c.chance.IntN(len(audits))]))
	case kind == 3 && b.moving:
		b.count("moves", b.move(c))
	default:
		b.count("transfers", b.transfer(c))
	}
}

// three accounts of a branch.
func three(c *client) (out [3]int) {
	branch := c.chance.IntN(3)
	for i, k := range c.chance.Perm(accounts / 3)[:3] {
		out[i] = 1 + branch + 3*k // ids go round the branches, see bank
	}
	return out
}

// transfer moves money between two or three rows. Where accounts move, a statement may
// miss one, and the block is rolled back.
func (b *books) transfer(c *client) error {
	a, n := three(c), 1+c.chance.IntN(9)
	kind := c.chance.IntN(4)
	if b.moving {
		kind %= 2
	}
	switch kind {
	case 0:
		return exactly(c, 2, fmt.Sprintf(`UPDATE account SET n = n - %d WHERE no = %d`, n, a[0]),
			fmt.Sprintf(`UPDATE account SET n = n + %d WHERE no = %d`, n, a[1]))
	case 1:
		return exactly(c, 3, fmt.Sprintf(`UPDATE account SET n = n - %d WHERE no = %d`, 2*n, a[0]),
			fmt.Sprintf(`UPDATE account SET n = n + %d WHERE no IN (%d, %d)`, n, a[1], a[2]))
	case 2:
		_, err := rowsOf(c, fmt.Sprintf(`UPDATE account SET n = CASE no WHEN %d THEN n - %d ELSE n + %[2]d END WHERE no IN (%[1]d, %[3]d)`, a[0], n, a[1]))
		return err
	}
	_, err := rowsOf(c, fmt.Sprintf(`UPDATE account SET n = n + d FROM (VALUES (%d, %d), (%d, %d), (%d, %d)) v(k, d) WHERE no = k`,
		a[0], -2*n, a[1], n, a[2], n))
	return err
}

// move gives an account another id, and so another row.
func (b *books) move(c *client) error {
	no, id := three(c)[0], b.number()
	if c.chance.IntN(2) == 0 {
		return exactly(c, 1, fmt.Sprintf(`UPDATE account SET id = %d WHERE no = %d`, id, no))
	}
	return exactly(c, 2, fmt.Sprintf(`CREATE TEMP TABLE IF NOT EXISTS moved (branch text, n int); DELETE FROM moved;
		WITH gone AS (DELETE FROM account WHERE no = %d RETURNING branch, n) INSERT INTO moved SELECT * FROM gone`, no),
		fmt.Sprintf(`INSERT INTO account SELECT %d, branch, n, %d FROM moved`, id, no))
}

// exactly runs a block, and rolls it back unless its statements write so many rows.
func exactly(c *client, want int, texts ...string) error {
	_, err := rowsOf(c, `BEGIN`)
	got := 0
	for _, text := range texts {
		if err == nil {
			var n int
			n, err = rowsOf(c, text)
			got += n
		}
	}
	end := `COMMIT`
	if got != want {
		end = `ROLLBACK`
	}
	if err == nil {
		_, err = rowsOf(c, end)
	}
	if err == nil && got != want {
		err = errMissed
	}
	return rollBack(c, err)
}

var errMissed = &pgconn.PgError{Code: "40001"}

// checkBank compares what the indexes answer with a full scan.
func checkBank(t *testing.T, c *client) {
	t.Helper()
	for no := 1; no <= accounts; no++ {
		byKey, err := read(c.conn, fmt.Sprintf(`SELECT id, n FROM account WHERE no = %d`, no))
		require.NoError(t, err)
		byScan, err := read(c.conn, fmt.Sprintf(`SELECT id, n FROM account WHERE no + 0 = %d`, no))
		require.NoError(t, err)
		require.Equal(t, byScan, byKey)
		require.Len(t, byKey, 1)
	}
}
