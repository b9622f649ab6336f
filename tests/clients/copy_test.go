package clients

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestPgxCopy loads by pgx's CopyFrom, which is binary, and reads by CopyTo.
func TestPgxCopy(t *testing.T) {
	ctx := context.Background()
	conn := connect(t)
	_, err := conn.Exec(ctx, "CREATE TABLE loaded (id int PRIMARY KEY, name text, price numeric, at timestamptz DEFAULT '2020-01-01', tags text[])")
	require.NoError(t, err)
	const rows = 3000 // more than a batch
	n, err := conn.CopyFrom(ctx, pgx.Identifier{"loaded"}, []string{"id", "name", "price", "tags"},
		pgx.CopyFromSlice(rows, func(i int) ([]any, error) {
			var name any
			if i%2 == 0 {
				name = fmt.Sprint("name ", i)
			}
			return []any{i, name, float64(i) / 4, []string{"a", "b c"}}, nil
		}))
	require.NoError(t, err)
	assert.EqualValues(t, rows, n)

	var out bytes.Buffer
	tag, err := conn.PgConn().CopyTo(ctx, &out, "COPY (SELECT * FROM loaded WHERE id IN (2, 3) ORDER BY id) TO STDOUT")
	require.NoError(t, err)
	assert.Equal(t, "COPY 2", tag.String())
	assert.Equal(t, "2\tname 2\t0.5\t2020-01-01 00:00:00+00\t{a,\"b c\"}\n3\t\\N\t0.75\t2020-01-01 00:00:00+00\t{a,\"b c\"}\n", out.String())

	var count, sum int64
	require.NoError(t, conn.QueryRow(ctx, "SELECT count(*), sum(id) FROM loaded WHERE price = id / 4.0").Scan(&count, &sum))
	assert.EqualValues(t, rows, count)
	assert.EqualValues(t, rows*(rows-1)/2, sum)

	// A bad row takes everything back, and the connection goes on.
	_, err = conn.PgConn().CopyFrom(ctx, strings.NewReader(numbered(5000, 2500)+"x\n"), "COPY loaded (id) FROM STDIN")
	assert.ErrorContains(t, err, `invalid input syntax for type integer: "x"`)
	_, err = conn.PgConn().CopyFrom(ctx, strings.NewReader(numbered(5000, 2500)+"7\n"), "COPY loaded (id) FROM STDIN")
	assert.ErrorContains(t, err, "duplicate key")
	require.NoError(t, conn.QueryRow(ctx, "SELECT count(*) FROM loaded").Scan(&count))
	assert.EqualValues(t, rows, count)
}

func numbered(from, n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintln(&b, from+i)
	}
	return b.String()
}
