package wire_test

import (
	"context"
	"log/slog"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/wire"
	"github.com/s3db-sql/s3db-sql/wire/auth"
	"github.com/s3db-sql/s3db-sql/wire/pgtest"
)

// testServer is a server that runs for one test.
type testServer struct {
	h    *fakeHandler
	srv  *wire.Server
	addr string
	stop context.CancelFunc
	done chan error
}

// startServer serves a fake engine. At the end of the test everything must be
// gone.
func startServer(t testing.TB, change ...func(*wire.Config)) *testServer {
	t.Helper()
	ts := &testServer{h: newFakeHandler(), done: make(chan error, 1)}
	cfg := wire.Config{
		Handler:      ts.h,
		Auth:         auth.DefaultRules(nil),
		DrainTimeout: 200 * time.Millisecond,
		Log:          slog.New(slog.DiscardHandler),
	}
	for _, f := range change {
		f(&cfg)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ts.addr, ts.srv = ln.Addr().String(), wire.NewServer(cfg)
	var ctx context.Context
	ctx, ts.stop = context.WithCancel(context.Background())
	go func() { ts.done <- ts.srv.Serve(ctx, ln) }()
	t.Cleanup(func() { ts.shutdown(t) })
	return ts
}

func (ts *testServer) shutdown(t testing.TB) {
	ts.stop()
	select {
	case err := <-ts.done:
		require.NoError(t, err)
		ts.done <- nil
	case <-time.After(20 * time.Second):
		t.Fatal("the server does not stop")
	}
	require.Zero(t, ts.h.open.Load(), "sessions that were not closed")
	require.Zero(t, ts.srv.Sessions())
}

func TestScripts(t *testing.T) {
	pgtest.Run(t, startServer(t).addr, "pgtest/testdata")
}
