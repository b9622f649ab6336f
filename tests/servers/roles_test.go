package servers

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// as connects as another user.
func as(p *testserver.Process, user, password string) (*pgx.Conn, error) {
	return pgx.Connect(context.Background(), "postgres://"+user+":"+password+"@"+p.Addr+"/postgres?sslmode=disable")
}

// learns waits until a server has learned of what another one did: the statement fails
// with that SQLSTATE.
func learns(t *testing.T, state pgerr.Code, try func() error) {
	t.Helper()
	var err error
	for range 150 {
		if err = try(); err != nil {
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	var e *pgconn.PgError
	require.ErrorAs(t, err, &e)
	require.Equal(t, string(state), e.Code, e.Message)
}

// TestRightsReachTheOtherServer: what GRANT gave is gone there too after REVOKE, and a
// role that may not log in any more, or that is dropped, is refused.
func TestRightsReachTheOtherServer(t *testing.T) {
	servers := two(t, `CREATE TABLE t (id int PRIMARY KEY)`, `CREATE ROLE app LOGIN`, `GRANT SELECT ON t TO app`)
	admin := servers[0].Connect(t)
	app, err := as(servers[1], "app", "")
	require.NoError(t, err)
	require.Empty(t, numbers(t, app, `SELECT id FROM t`))

	testserver.Exec(t, admin, `REVOKE SELECT ON t FROM app`)
	learns(t, pgerr.InsufficientPrivilege, func() error { return run(app, `SELECT id FROM t`) })

	login := func() error {
		conn, err := as(servers[1], "app", "")
		if err == nil {
			err = conn.Close(context.Background())
		}
		return err
	}
	require.NoError(t, login())
	testserver.Exec(t, admin, `ALTER ROLE app NOLOGIN`)
	learns(t, pgerr.InvalidAuthorizationSpecification, login)

	testserver.Exec(t, admin, `ALTER ROLE app LOGIN`, `DROP ROLE app`)
	learns(t, pgerr.UndefinedObject, func() error { return run(app, `SELECT 1`) })
	require.ErrorContains(t, login(), `role "app" does not exist`)
}

// TestOwnersAreKnownEverywhere: a superuser whom one server's users file names owns what
// it makes, on a server that has no such file too.
func TestOwnersAreKnownEverywhere(t *testing.T) {
	at := s3fake.New(t, clock.System).Location("db")
	users := filepath.Join(t.TempDir(), "users")
	require.NoError(t, os.WriteFile(users, []byte(`"ana" "a-long-secret"`), 0o600))
	first := testserver.StartProcess(t, at, "--auth-file", users)
	ana, err := as(first, "ana", "a-long-secret")
	require.NoError(t, err)
	roles := `SELECT array_agg(rolname ORDER BY oid) FROM pg_roles WHERE rolname !~ '^pg_'`
	require.Equal(t, []string{"postgres", "ana"}, names(t, ana, roles))
	testserver.Exec(t, ana, `CREATE TABLE t (id int PRIMARY KEY)`)

	second := testserver.StartProcess(t, at).Connect(t)
	require.Equal(t, []string{"postgres", "ana"}, names(t, second, roles))
	require.Equal(t, []string{"ana"}, names(t, second, `SELECT array_agg(tableowner) FROM pg_tables WHERE tablename = 't'`))
	require.ErrorContains(t, run(ana, `DROP ROLE ana`), "current user cannot be dropped")
	testserver.Exec(t, second, `REASSIGN OWNED BY ana TO postgres`, `DROP ROLE ana`)
	require.Equal(t, []string{"postgres"}, names(t, second, roles))
}

func names(t *testing.T, conn *pgx.Conn, query string) (out []string) {
	t.Helper()
	require.NoError(t, conn.QueryRow(context.Background(), query).Scan(&out))
	return out
}
