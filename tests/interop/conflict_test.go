package interop

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestTheirWriteIsNotLost: between the reading and the writing of an UPDATE the
// library changes another field of the row. Row stamps make that a conflict; the
// library's change is there afterwards, whether COMMIT fails or not.
func TestTheirWriteIsNotLost(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "conflict" + e.version
			conn := serve(t, s, prefix)
			for _, b := range behaviors {
				testserver.Exec(t, conn, `CREATE TABLE `+tableOf(b)+` (id text PRIMARY KEY, name text, note text) WITH (behavior = '`+b+`')`,
					`INSERT INTO `+tableOf(b)+` VALUES ('update', 'Ana', 'x'), ('patch', 'Ana', 'x')`)
			}
			l := e.start(t)
			l.connect(s.Location(prefix))
			for _, b := range behaviors {
				for _, method := range []string{"update", "patch"} {
					t.Run(b+"/"+method, func(t *testing.T) {
						testserver.Exec(t, conn, `BEGIN`, `UPDATE `+tableOf(b)+` SET note = 'ours' WHERE id = '`+method+`'`)
						l.call(tableOf(b), method, method, object{"name": "theirs"})
						_, err := conn.Exec(t.Context(), `COMMIT`)
						if err != nil {
							require.ErrorContains(t, err, "40001")
						}
						require.Equal(t, "theirs", one(t, conn, `SELECT name FROM `+tableOf(b)+` WHERE id = $1`, method), "COMMIT: %v", err)
					})
				}
			}
		})
	}
}

// TestConditionalUpdates: the one conditional write that 21 has and ours respect each
// other on a row with a stamp: the library's fails if the row has changed since it was
// read, and SQL's change stays.
func TestConditionalUpdates(t *testing.T) {
	s := s3test.Versitygw(t)
	conn := serve(t, s, "conditional")
	for _, b := range behaviors {
		testserver.Exec(t, conn, `CREATE TABLE `+tableOf(b)+` (id text PRIMARY KEY, name text, note text) WITH (behavior = '`+b+`')`,
			`INSERT INTO `+tableOf(b)+` VALUES ('a', 'Ana', 'x')`)
	}
	l := editions[1].start(t)
	l.connect(s.Location("conditional"))
	for _, b := range behaviors {
		t.Run(b, func(t *testing.T) {
			etag := func() any { return l.call(tableOf(b), "get", "a").(object)["_etag"] }
			before := etag()
			testserver.Exec(t, conn, `UPDATE `+tableOf(b)+` SET note = 'ours' WHERE id = 'a'`)
			refused := l.call(tableOf(b), "updateConditional", "a", object{"name": "late"}, object{"ifMatch": before}).(object)
			require.Equal(t, false, refused["success"])
			require.Equal(t, "Ana|ours", one(t, conn, `SELECT name || '|' || note FROM `+tableOf(b)))
			done := l.call(tableOf(b), "updateConditional", "a", object{"name": "in time"}, object{"ifMatch": etag()}).(object)
			require.Equal(t, true, done["success"], "%v", done)
			require.Equal(t, "in time|ours", one(t, conn, `SELECT name || '|' || note FROM `+tableOf(b)))
		})
	}
}
