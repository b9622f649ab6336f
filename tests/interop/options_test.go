package interop

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestLaterOptions: options that ALTER RESOURCE changes are what s3db.js finds: versioning is its
// partition byVersion, which old rows have too, and paranoid keeps deleteAll off, as long as it
// is on.
func TestLaterOptions(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			prefix := "options" + e.version
			conn := serve(t, s, prefix)
			testserver.Exec(t, conn, `CREATE RESOURCE later (a 'string|optional')`, `INSERT INTO later (id, a) VALUES ('1', 'x'), ('2', 'y')`,
				`ALTER RESOURCE later ADD COLUMN b 'string|optional'`, `INSERT INTO later (id, a) VALUES ('3', 'z')`,
				`ALTER RESOURCE later SET (versioning = on, paranoid = on)`, `INSERT INTO later (id, a) VALUES ('4', 'z')`)
			l := e.start(t)
			l.connect(s.Location(prefix))
			for version, ids := range map[string][]string{"v1": {"1", "2"}, "v2": {"3"}, "v3": {"4"}} {
				require.ElementsMatch(t, ids, l.ids("later", object{"partition": "byVersion", "partitionValues": object{"_v": version}}))
			}
			_, err := l.tryCall("later", "deleteAll")
			require.ErrorContains(t, err, "paranoid")
			testserver.Exec(t, conn, `ALTER RESOURCE later SET (paranoid = off, versioning = off)`)
			l.connect(s.Location(prefix))
			l.call("later", "deleteAll")
			require.Empty(t, column1(t, conn, `SELECT id FROM later`))
		})
	}
}
