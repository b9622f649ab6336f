package faults

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// names is how many values TestUnique has.
const names = 8

// TestUnique: three servers in bad weather give out a few values that must be of one row
// each. No moment that a transaction at REPEATABLE READ has read has one twice, and in the
// end the index answers as the rows do.
func TestUnique(t *testing.T) {
	stores := []string{"fake"}
	if *long {
		stores = append(stores, "versitygw", "minio")
	}
	for _, store := range stores {
		t.Run(store, func(t *testing.T) {
			f := newFleet(t, store, 3, `CREATE TABLE named (id int PRIMARY KEY, name text UNIQUE, n int)`)
			b := &books{t: t, counts: map[string]int{}}
			f.work(3, stormy()/2, b.name)
			t.Logf("%v", b.counts)
			require.Greater(t, b.counts["writes done"], 10)
			for _, s := range f.servers {
				c := &client{conn: s.Connect(t)}
				require.NoError(t, b.twice(c))
				for i := range names {
					byKey, err := read(c.conn, fmt.Sprintf(`SELECT id, n FROM named WHERE name = 'n%d'`, i))
					require.NoError(t, err)
					byScan, err := read(c.conn, fmt.Sprintf(`SELECT id, n FROM named WHERE name || '' = 'n%d'`, i))
					require.NoError(t, err)
					require.Equal(t, byScan, byKey, "n%d", i)
				}
			}
		})
	}
}

// twice looks for values that several rows have.
func (b *books) twice(c *client) error {
	if _, err := read(c.conn, `BEGIN ISOLATION LEVEL REPEATABLE READ`); err != nil {
		return err
	}
	rows, err := read(c.conn, `SELECT name, array_agg(id) FROM named GROUP BY name HAVING count(*) > 1`)
	if err == nil {
		_, err = read(c.conn, `COMMIT`)
	}
	if err == nil && len(rows) > 0 {
		b.t.Errorf("several rows have %s", strings.Join(rows, "; "))
	}
	return rollBack(c, err)
}

// name makes, renames or removes rows, each time with values that others want.
func (b *books) name(c *client) {
	id, i, k := b.number(), c.chance.IntN(names), c.chance.IntN(names)
	var err error
	switch c.chance.IntN(8) {
	case 0, 1:
		b.count("reads", b.twice(c))
		return
	case 2:
		_, err = rowsOf(c, fmt.Sprintf(`INSERT INTO named VALUES (%d, 'n%d', 0)`, id, i))
	case 3:
		_, err = rowsOf(c, fmt.Sprintf(`INSERT INTO named VALUES (%d, 'n%d', 0), (%d, 'n%d', 0)`, id, i, id+10000, k))
	case 4:
		_, err = rowsOf(c, fmt.Sprintf(`INSERT INTO named VALUES (%d, 'n%d', 0) ON CONFLICT (name) DO UPDATE SET n = named.n + 1`, id, i))
	case 5:
		_, err = rowsOf(c, fmt.Sprintf(`UPDATE named SET name = 'n%d' WHERE name = 'n%d'`, i, k))
	case 6:
		_, err = rowsOf(c, fmt.Sprintf(`DELETE FROM named WHERE name IN ('n%d', 'n%d')`, i, k))
	default:
		err = run(c.conn, block(fmt.Sprintf(`DELETE FROM named WHERE name = 'n%d'`, i), fmt.Sprintf(`INSERT INTO named VALUES (%d, 'n%d', 1)`, id, i)))
	}
	b.count("writes", err)
}
