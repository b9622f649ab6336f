package faults

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// vault is a second table, to each account of which money goes and from which it comes.
var vault = []string{
	`CREATE TABLE vault (no int PRIMARY KEY, n int NOT NULL, note int)`,
	fmt.Sprintf(`INSERT INTO vault SELECT i, 0, 0 FROM generate_series(1, %d) i`, accounts),
}

// moments are statements that read both tables, by different plans, and what they find.
var moments = []struct{ sql, want string }{
	{`SELECT (SELECT sum(n) FROM account) + (SELECT sum(n) FROM vault)`, fmt.Sprint(accounts * opening)},
	{`SELECT sum(n), count(*) FROM (SELECT n FROM vault UNION ALL SELECT n FROM account) both_of_them`, fmt.Sprint(accounts*opening, "|", 2*accounts)},
	{`SELECT DISTINCT a.n + v.n FROM account a JOIN vault v USING (no)`, fmt.Sprint(opening)},
	{`SELECT DISTINCT a.n + (SELECT v.n FROM vault v WHERE v.no = a.no) FROM account a`, fmt.Sprint(opening)},
	{`SELECT DISTINCT a.n + v.n FROM account a, LATERAL (SELECT n FROM vault v WHERE v.no = a.no) v WHERE a.branch = 'b1'`, fmt.Sprint(opening)},
	{`SELECT count(*) FROM account x JOIN account y USING (id) WHERE x.n <> y.n`, "0"},
}

// TestOneMoment: in the embedded store each statement reads all that it reads as of one moment,
// while money moves between two tables, and single rows are written after that.
func TestOneMoment(t *testing.T) {
	f := newFleet(t, "folder", 8, append(append([]string(nil), bank...), vault...)...)
	b := &books{t: t, counts: map[string]int{}}
	f.work(3, stormy()/2, func(c *client) {
		no, n := 1+c.chance.IntN(accounts), 1+c.chance.IntN(9)
		switch kind := c.chance.IntN(6); kind {
		case 0:
			b.count("transfers", exactly(c, 2, fmt.Sprintf(`UPDATE account SET n = n - %d WHERE no = %d`, n, no),
				fmt.Sprintf(`UPDATE vault SET n = n + %d WHERE no = %d`, n, no)))
		case 1: // a single row after a transfer of the same client
			_, err := rowsOf(c, fmt.Sprintf(`UPDATE vault SET note = note + 1 WHERE no = %d`, no))
			b.count("notes", err)
		case 2:
			_, err := rowsOf(c, fmt.Sprintf(`WITH taken AS (UPDATE account SET n = n - %d WHERE no = %d RETURNING no)
				UPDATE vault v SET n = v.n + %[1]d FROM taken WHERE v.no = taken.no`, n, no))
			b.count("transfers", err)
		default:
			m := moments[c.chance.IntN(len(moments))]
			rows, err := read(c.conn, m.sql)
			if b.count("reads", err); err == nil && strings.Join(rows, " ") != m.want {
				t.Errorf("%s: %s, want %s", m.sql, strings.Join(rows, " "), m.want)
			}
		}
	})
	t.Logf("%v", b.counts)
	require.Greater(t, b.counts["transfers done"], 10)
	require.Greater(t, b.counts["notes done"], 5)
	require.Greater(t, b.counts["reads done"], 20)
}
