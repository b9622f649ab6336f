package wire_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// BenchmarkPrepared is the cost of a round trip of Bind, Describe, Execute and
// Sync with an engine that does nothing. S3DB_TEST_POSTGRES measures PostgreSQL
// instead.
func BenchmarkPrepared(b *testing.B) {
	url := "postgres://postgres@" + os.Getenv("S3DB_TEST_POSTGRES") + "/postgres?sslmode=disable"
	if os.Getenv("S3DB_TEST_POSTGRES") == "" {
		url = startServer(b).url("postgres", "")
	}
	ctx := context.Background()
	c, err := pgconn.Connect(ctx, url)
	require.NoError(b, err)
	defer c.Close(ctx)
	_, err = c.Prepare(ctx, "s", "SELECT $1::int4", nil)
	require.NoError(b, err)
	for b.Loop() {
		r := c.ExecPrepared(ctx, "s", [][]byte{[]byte("7")}, nil, nil).Read()
		if r.Err != nil || string(r.Rows[0][0]) != "7" {
			b.Fatal(r.Err)
		}
	}
}

// BenchmarkConnect is the cost of a connection.
func BenchmarkConnect(b *testing.B) {
	url := "postgres://postgres@" + os.Getenv("S3DB_TEST_POSTGRES") + "/postgres?sslmode=disable"
	if os.Getenv("S3DB_TEST_POSTGRES") == "" {
		url = startServer(b).url("postgres", "")
	}
	for b.Loop() {
		c, err := pgconn.Connect(context.Background(), url)
		require.NoError(b, err)
		require.NoError(b, c.Close(context.Background()))
	}
}
