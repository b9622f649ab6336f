package interop

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/s3test"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestPasswordsBothWays: each program verifies the passwords that the other hashed, and
// keeps its hashes when it updates the row. 19 verifies what it hashed with its default
// rounds only, and hashes a hash again when it updates the row.
func TestPasswordsBothWays(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			modern := e.node != ""
			l := e.start(t)
			prefix := "passwords" + e.version
			l.connect(s.Location(prefix))
			attributes := object{"name": "string", "pw": "password"}
			if modern {
				attributes["strong"] = "password:argon2id|optional"
			}
			l.create(object{"name": "acc", "attributes": attributes})
			theirs := object{"id": "theirs", "name": "n", "pw": "MyPassw0rd é"}
			if modern {
				theirs["strong"] = "Argon é"
			}
			l.call("acc", "insert", theirs)

			conn := serve(t, s, prefix)
			verify := func(column, password string) bool {
				var ok bool
				require.NoError(t, conn.QueryRow(t.Context(), `SELECT s3db.verify_password($1, `+column+`) FROM acc WHERE id = 'theirs'`, password).Scan(&ok))
				return ok
			}
			require.True(t, verify("pw", "MyPassw0rd é"))
			require.False(t, verify("pw", "MyPassw0rd"))
			testserver.Exec(t, conn, `INSERT INTO acc (id, name, pw) VALUES ('ours', 'n', 'OurPassw0rd é')`,
				`UPDATE acc SET name = 'm' WHERE id = 'theirs'`)
			require.True(t, verify("pw", "MyPassw0rd é"))
			ours := l.get("acc", "ours")
			require.Equal(t, one(t, conn, `SELECT pw FROM acc WHERE id = 'ours'`), ours["pw"])
			require.Equal(t, true, l.verify("OurPassw0rd é", ours["pw"]))
			require.Equal(t, false, l.verify("OurPassw0rd", ours["pw"]))
			if !modern {
				require.Len(t, ours["pw"], 53)
				return
			}
			l.call("acc", "update", "ours", object{"name": "again"})
			require.Equal(t, ours["pw"], l.get("acc", "ours")["pw"])
			require.True(t, verify("strong", "Argon é"))
			testserver.Exec(t, conn, `UPDATE acc SET strong = 'Our argon é' WHERE id = 'ours'`)
			strong := l.get("acc", "ours")["strong"]
			require.Equal(t, true, l.verify("Our argon é", strong))
			require.Equal(t, false, l.verify("our argon é", strong))
		})
	}
}
