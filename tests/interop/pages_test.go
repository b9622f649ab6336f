package interop

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestPages: what a reader can take up again after a break, another reader can, too. With
// s3db.js 21 those are pages by a cursor, of a resource and of one of its partitions; its
// streams begin anew. In SQL it is the rows behind a key, with the same rows on each page.
func TestPages(t *testing.T) {
	s := s3test.Versitygw(t)
	e := editions[1]
	l := e.start(t)
	l.connect(s.Location("pages"))
	l.create(object{"name": "p", "attributes": object{"name": "string", "region": "string"},
		"partitions": object{"byRegion": object{"fields": object{"region": "string"}}}})
	conn := serve(t, s, "pages")
	testserver.Exec(t, conn, `INSERT INTO p (id, name, region) SELECT 'r' || lpad(g::text, 3, '0'), 'n', CASE g % 3 WHEN 0 THEN 'EU' ELSE 'EUR' END FROM generate_series(1, 50) g`)
	for _, c := range []struct {
		of    object
		where string
		rows  int
	}{
		{object{}, "true", 50},
		{object{"partition": "byRegion", "partitionValues": object{"region": "EUR"}}, "region = 'EUR'", 34},
	} {
		const size = 7
		last, read := "", 0
		for cursor := any(nil); ; {
			l.connect(l.url) // a new reader
			params := object{"size": size, "cursor": cursor}
			for name, v := range c.of {
				params[name] = v
			}
			page := l.call("p", "page", params).(object)
			var theirs []string
			for _, d := range page["items"].([]any) {
				theirs = append(theirs, d.(object)["id"].(string))
			}
			ours := column1(t, serve(t, s, "pages"), fmt.Sprintf("SELECT id FROM p WHERE %s AND id > '%s' ORDER BY id LIMIT %d", c.where, last, size))
			require.Equal(t, theirs, ours)
			read += len(ours)
			if cursor = page["nextCursor"]; cursor == nil {
				break
			}
			last = ours[len(ours)-1]
		}
		require.Equal(t, c.rows, read)
	}
}
