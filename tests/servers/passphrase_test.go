package servers

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// TestPassphraseIsNotSeen: whichever way a session sets its passphrase, no other session
// sees it, no catalog shows it, and no log has it.
func TestPassphraseIsNotSeen(t *testing.T) {
	const passphrase = "hunter2"
	s := testserver.Start(t, testserver.Options{Args: []string{"--log-level", "debug"}})
	watcher := s.Connect(t)
	seen := func(when string) {
		t.Helper()
		for _, table := range []string{"pg_stat_activity", "pg_settings", "pg_prepared_statements", "pg_cursors", "pg_db_role_setting"} {
			var text string
			require.NoError(t, watcher.QueryRow(t.Context(), `SELECT coalesce(string_agg(t::text, E'\n'), '') FROM `+table+` t`).Scan(&text))
			require.NotContains(t, text, passphrase, "%s: %s", when, table)
		}
	}
	for when, set := range map[string]func(*pgx.Conn) error{
		"SET":           simple("SET s3db.passphrase = 'hunter2'"),
		"SET SESSION":   simple(`/* a */ set session "s3db" . passphrase to hunter2`),
		"among others":  simple("SELECT 1; SET s3db.passphrase = 'hunter2'; SELECT 2"),
		"set_config":    simple("SELECT set_config('s3db.passphrase', 'hunter2', false)"),
		"computed name": simple("SELECT set_config('s3db.' || 'passphrase', 'hunter2', false)"),
		"DO":            simple("DO $$ BEGIN PERFORM set_config('s3db.passphrase', 'hunter2', false); END $$"),
		"parameter": func(c *pgx.Conn) error {
			_, err := c.Exec(context.Background(), "SELECT set_config('s3db.passphrase', $1, false)", passphrase)
			return err
		},
		"prepared": func(c *pgx.Conn) error {
			_, err := c.Prepare(context.Background(), "p", "SET s3db.passphrase = 'hunter2'")
			if err == nil {
				_, err = c.Exec(context.Background(), "p")
			}
			return err
		},
	} {
		conn := s.Connect(t)
		require.NoError(t, set(conn), when)
		seen(when)
		var shown string
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT concat(current_setting('s3db.passphrase'), (SELECT string_agg(p::text, '') FROM pg_prepared_statements p),
			(SELECT string_agg(p::text, '') FROM pg_settings p), (SELECT string_agg(p::text, '') FROM pg_cursors p))`, pgx.QueryExecModeSimpleProtocol).Scan(&shown))
		require.NotContains(t, shown, passphrase, when)
		require.True(t, strings.HasPrefix(shown, "********"), when)
	}
	for _, wrong := range []string{"SET s3db.passphrase = 'hunter2", "SET s3db.passphrase = 'hunter2' 'x' y", "DO $$ BEGIN PERFORM set_config('s3db.passphrase', 'hunter2', false) $$"} {
		conn := s.Connect(t)
		require.Error(t, simple(wrong)(conn))
		seen(wrong)
	}
	cfg, err := pgx.ParseConfig(s.URL("postgres"))
	require.NoError(t, err)
	cfg.RuntimeParams["options"] = "-c s3db.passphrase=" + passphrase
	conn, err := pgx.ConnectConfig(t.Context(), cfg)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.Background()) }()
	seen("options")
	testserver.Exec(t, conn, `CREATE RESOURCE k (token 'secret')`, `INSERT INTO k (id, token) VALUES ('a', 's')`)
	require.NoError(t, simple("SELECT token FROM k")(conn))
	require.ErrorContains(t, simple("SELECT token FROM k")(watcher), "28P01")
	require.NotContains(t, s.Log(), passphrase)
}

func simple(sql string) func(*pgx.Conn) error {
	return func(c *pgx.Conn) error {
		_, err := c.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
		if err != nil {
			return fmt.Errorf("%s: %w", sql, err)
		}
		return nil
	}
}
