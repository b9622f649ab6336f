package server

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/config"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/wire"
)

// nobody is a client that listens to nothing, and the writer of results for it.
type nobody struct {
	wire.ResultWriter
	rows int
}

func (n *nobody) Notice(*pgerr.Error) error         { return nil }
func (n *nobody) RowDescription([]wire.Field) error { return nil }
func (n *nobody) CommandComplete(string) error      { return nil }
func (n *nobody) Rows(b *vec.Batch) error {
	n.rows += b.Rows()
	return nil
}

// noClient is who a session would report to.
type noClient struct{ wire.Client }

func (noClient) ParameterStatus(_, _ string) {}

// benchSession is a session on a server in memory with pgbench's accounts.
func benchSession(tb testing.TB, client *nobody) wire.Session {
	noFile := func(string) ([]byte, error) { return nil, os.ErrNotExist }
	cfg, _, err := config.Load(config.Input{Args: []string{"--listen", "127.0.0.1:0", "--store", "memory://"}, ReadFile: noFile})
	require.NoError(tb, err)
	ctx := context.Background()
	srv, err := Start(ctx, cfg, slog.New(slog.NewTextHandler(io.Discard, nil)))
	require.NoError(tb, err)
	s, err := handler{srv}.NewSession(ctx, wire.StartupInfo{User: "postgres", Database: "postgres", PID: 1}, noClient{})
	require.NoError(tb, err)
	tb.Cleanup(s.Close)
	for _, sql := range []string{
		"CREATE TABLE pgbench_accounts (aid int PRIMARY KEY, bid int, abalance int, filler char(84))",
		"INSERT INTO pgbench_accounts SELECT i, 1, i % 7, '' FROM generate_series(1, 1000) i",
		"SELECT sum(abalance), max(aid) FROM pgbench_accounts", // into memory
	} {
		require.NoError(tb, s.Query(ctx, sql, client))
	}
	return s
}

const selectOnly = "SELECT abalance FROM pgbench_accounts WHERE aid = "

// BenchmarkPrepared is what the engine does for one transaction of pgbench
// --select-only --protocol prepared.
func BenchmarkPrepared(b *testing.B) {
	client := &nobody{}
	s := benchSession(b, client)
	ctx := context.Background()
	require.NoError(b, s.Parse(ctx, "P0_1", selectOnly+"$1;", []types.OID{0}))
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = n%1000 + 1
		prepared(b, s, client, []byte(strconv.Itoa(n)))
	}
}

func prepared(tb testing.TB, s wire.Session, client *nobody, aid []byte) {
	ctx, before := context.Background(), client.rows
	if err := s.Bind(ctx, wire.BindRequest{Statement: "P0_1", Params: [][]byte{aid}}); err != nil {
		tb.Fatal(err)
	}
	if _, err := s.DescribePortal(ctx, ""); err != nil {
		tb.Fatal(err)
	}
	if err := s.Execute(ctx, "", 0, false, client); err != nil {
		tb.Fatal(err)
	}
	if err := s.Sync(ctx); err != nil || client.rows != before+1 {
		tb.Fatal(err, client.rows-before)
	}
}

// BenchmarkSimple is the same by simple queries.
func BenchmarkSimple(b *testing.B) {
	client := &nobody{}
	s := benchSession(b, client)
	b.ReportAllocs()
	n := 0
	for b.Loop() {
		n = n%1000 + 1
		if err := s.Query(context.Background(), selectOnly+strconv.Itoa(n)+";", client); err != nil {
			b.Fatal(err)
		}
	}
}
