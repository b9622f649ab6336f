package interop

import (
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// most is how long a text can be in metadata beside a note of one byte: 2047, less _v and
// v1, which count twice, the note and two short keys.
const most = 2047 - 4 - 4 - 1 - 2

// lengths are texts of a length below, at and over the limit.
func lengths() map[string]string {
	out := map[string]string{"none": ""}
	for _, n := range []int{1, most - 1, most, most + 1, 2 * most, 20_000} {
		out[fmt.Sprintf("ascii%d", n)] = strings.Repeat("x", n)
		out[fmt.Sprintf("latin%d", n)] = strings.Repeat("é", n/2)
		out[fmt.Sprintf("cjk%d", n)] = strings.Repeat("日", n/3)
	}
	return out
}

// TestLimits: in every behavior texts of every length have one fate, whoever writes them:
// both programs refuse them, or both read the same, cut in the same place if it is to be
// cut. The one exception: what S3 refuses of the library, as it grows when it is encoded,
// we may find a place for.
func TestLimits(t *testing.T) {
	s := s3test.Versitygw(t)
	for i, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "limits" + e.version
			conn := serve(t, s, prefix)
			for _, b := range behaviors {
				testserver.Exec(t, conn, "CREATE RESOURCE "+tableOf(b)+" (note 'string|optional', story 'string|optional') WITH (behavior = '"+b+"')")
			}
			l := e.start(t)
			l.connect(s.Location(prefix))
			for j, b := range behaviors {
				if (i+2*j)%len(behaviors) < 2**size {
					t.Run(b, func(t *testing.T) { sameLimits(t, conn, l, tableOf(b)) })
				}
			}
		})
	}
}

func sameLimits(t *testing.T, conn *pgx.Conn, l *library, table string) {
	for name, story := range lengths() {
		_, theirs := l.tryCall(table, "insert", object{"id": "js-" + name, "note": "n", "story": story})
		_, ours := conn.Exec(t.Context(), "INSERT INTO "+table+" (id, note, story) VALUES ($1, 'n', $2)", "sql-"+name, story)
		if theirs != nil && ours != nil {
			require.ErrorContains(t, ours, "54000", name)
			continue
		}
		if !strings.HasPrefix(name, "ascii") && theirs != nil {
			require.Equal(t, story, l.get(table, "sql-"+name)["story"], name) // S3 has refused the library's
			continue
		}
		require.Equal(t, theirs == nil, ours == nil, "%s: s3db.js %v, SQL %v", name, theirs, ours)
		mine := l.get(table, "sql-"+name)["story"]
		require.Equal(t, l.get(table, "js-"+name)["story"], mine, name)
		require.Equal(t, []string{fmt.Sprint(mine), fmt.Sprint(mine)}, column1(t, conn, "SELECT coalesce(story, '') FROM "+table+" WHERE id IN ('js-"+name+"', 'sql-"+name+"')"), name)
		if !strings.HasSuffix(table, "truncate_data") {
			require.Equal(t, story, mine, name)
		}
	}
}
