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

// TestRotatedSecrets: after ROTATE SECRET each version of the library reads all with the
// new passphrase, nested secrets and rows that 19 encrypted twice among them, and nothing
// with the old one.
func TestRotatedSecrets(t *testing.T) {
	s := s3test.Versitygw(t)
	for _, e := range editions {
		t.Run(e.version, func(t *testing.T) {
			l := e.start(t)
			prefix := "rotated" + e.version
			l.connect(s.Location(prefix))
			l.create(object{"name": "k", "attributes": object{"name": "string", "token": "secret|optional", "at": object{"pin": "secret|optional"}}, "behavior": "body-overflow"})
			l.call("k", "insert", object{"id": "theirs", "name": "n", "token": "t é", "at": object{"pin": "p"}})
			l.call("k", "insert", object{"id": "updated", "name": "n", "token": "first"})
			l.call("k", "update", "updated", object{"name": "m", "token": "second"})
			l.call("k", "insert", object{"id": "none", "name": "n"})

			const next = "the next passphrase"
			rotating := testserver.Start(t, testserver.Options{Store: s.Location(prefix), Args: []string{"--passphrase", next, "--old-passphrase", passphrase}}).Connect(t)
			testserver.Exec(t, rotating, `INSERT INTO k (id, name, token) VALUES ('ours', 'n', 'o')`, `ALTER RESOURCE k ROTATE SECRET`)

			l.must(object{"op": "connect", "url": s.Location(prefix), "passphrase": next})
			require.Equal(t, "t é", l.get("k", "theirs")["token"])
			require.Equal(t, object{"pin": "p"}, l.get("k", "theirs")["at"])
			require.Equal(t, "second", l.get("k", "updated")["token"])
			require.Equal(t, "o", l.get("k", "ours")["token"])
			require.Nil(t, l.get("k", "none")["token"])
			_, err := serve(t, s, prefix).Exec(t.Context(), `SELECT token FROM k`)
			require.ErrorContains(t, err, "28P01")
			present := testserver.Start(t, testserver.Options{Store: s.Location(prefix), Args: []string{"--passphrase", next}}).Connect(t)
			require.Equal(t, "second", one(t, present, `SELECT token FROM k WHERE id = 'updated'`))
		})
	}
}
