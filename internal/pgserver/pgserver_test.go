package pgserver

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestStart(t *testing.T) {
	conn, err := pgx.Connect(context.Background(), Start(t).URL("postgres"))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	for sql, want := range map[string]string{
		"SHOW server_encoding":                       "UTF8",
		"SELECT datcollate FROM pg_database LIMIT 1": "C",
		"SHOW TimeZone":                              "UTC",
	} {
		var got string
		require.NoError(t, conn.QueryRow(context.Background(), sql).Scan(&got))
		require.Equal(t, want, got, sql)
	}
}
