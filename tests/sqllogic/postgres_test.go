package sqllogic

import (
	"context"
	"flag"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
)

var update = flag.Bool("update", false, "write PostgreSQL's answers into the scripts")

// TestPostgres holds the scripts against a real PostgreSQL, or with -update
// writes its answers.
func TestPostgres(t *testing.T) {
	pg := pgserver.Start(t)
	for _, name := range topics(t) {
		t.Run(name, func(t *testing.T) {
			s := load(t, name)
			if *update {
				rewrite(t, pg, s, name)
			}
			for _, extended := range []bool{false, true} {
				check(t, s, postgresTarget(t, pg, name, extended))
			}
		})
	}
}

func rewrite(t *testing.T, pg *pgserver.Server, s *script, name string) {
	r := newRunner(postgresTarget(t, pg, name, false))
	defer r.close()
	require.NoError(t, r.run(s, func(p *paragraph, got *answer) {
		if err := p.record.adopt(got); err != nil {
			t.Errorf("%s:%d: %s\n%v", s.path, p.line, p.record.sql, err)
		}
	}))
	require.NoError(t, s.write())
}

// postgresTarget makes an empty database for one script.
func postgresTarget(t *testing.T, pg *pgserver.Server, name string, extended bool) target {
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, pg.URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, "DROP DATABASE IF EXISTS slt_"+name+" WITH (FORCE)")
	require.NoError(t, err)
	_, err = conn.Exec(ctx, "CREATE DATABASE slt_"+name)
	require.NoError(t, err)
	return target{url: pg.URL("slt_" + name), extended: extended, labels: labels("postgresql", extended)}
}
