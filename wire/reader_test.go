package wire_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/wire"
)

// TestReaderTakesTurns: whoever reads, the conversation or the reader ahead of it, no
// message is waited for that nobody reads.
func TestReaderTakesTurns(t *testing.T) {
	for _, patience := range []time.Duration{1, 20 * time.Microsecond, 100 * time.Microsecond} {
		t.Run(patience.String(), func(t *testing.T) {
			defer wire.SetPatience(patience)()
			server := startServer(t)
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			done := make(chan error)
			const clients, statements = 8, 500
			for range clients {
				go func() { done <- askAndAsk(ctx, server.url("postgres", ""), statements) }()
			}
			for range clients {
				require.NoError(t, <-done)
			}
			server.shutdown(t)
		})
	}
}

func askAndAsk(ctx context.Context, url string, statements int) error {
	c, err := pgconn.Connect(ctx, url)
	if err != nil {
		return err
	}
	defer c.Close(ctx)
	for range statements {
		if r := c.ExecParams(ctx, "SELECT $1::int4", [][]byte{[]byte("7")}, nil, nil, nil).Read(); r.Err != nil {
			return r.Err
		}
		if _, err := c.Exec(ctx, "SELECT 1").ReadAll(); err != nil {
			return err
		}
	}
	return nil
}

// TestReaderGivesBack: a reader that was slow to end its turn, after its message was
// answered, does not leave the conversation waiting.
func TestReaderGivesBack(t *testing.T) { require.True(t, wire.GaveBack()) }
