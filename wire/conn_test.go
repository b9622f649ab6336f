package wire_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/wire"
)

func (ts *testServer) url(user, rest string) string {
	return fmt.Sprintf("postgres://%s@%s/postgres?sslmode=disable%s", user, ts.addr, rest)
}

// dial connects with pgx's low-level client.
func (ts *testServer) dial(t testing.TB) *pgconn.PgConn {
	t.Helper()
	c, err := pgconn.Connect(context.Background(), ts.url("postgres", ""))
	require.NoError(t, err)
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// dialRaw connects and gets through the startup by hand.
func (ts *testServer) dialRaw(t testing.TB) (net.Conn, *pgproto3.Frontend) {
	t.Helper()
	c, err := net.Dial("tcp", ts.addr)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	fe := pgproto3.NewFrontend(c, c)
	fe.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "u"}})
	require.NoError(t, fe.Flush())
	receiveUntil[*pgproto3.ReadyForQuery](t, fe)
	return c, fe
}

// receiveUntil reads messages up to one of type M and returns it.
func receiveUntil[M pgproto3.BackendMessage](t testing.TB, fe *pgproto3.Frontend) M {
	t.Helper()
	for {
		m, err := fe.Receive()
		require.NoError(t, err)
		if m, ok := m.(M); ok {
			return m
		}
	}
}

func requireCode(t testing.TB, err error, code pgerr.Code) *pgconn.PgError {
	t.Helper()
	var e *pgconn.PgError
	require.ErrorAs(t, err, &e)
	require.Equal(t, string(code), e.Code)
	return e
}

func run(c *pgconn.PgConn, sql string) error {
	_, err := c.Exec(context.Background(), sql).ReadAll()
	return err
}

func TestErrorHasEveryField(t *testing.T) {
	err := run(startServer(t).dial(t), "SELECT every_field()")
	e := requireCode(t, err, pgerr.CheckViolation)
	want := pgconn.PgError{
		Severity: "ERROR", SeverityUnlocalized: "ERROR", Code: "23514", Message: "message\uFFFDwith zero", Detail: "detail",
		Hint: "hint", Position: 8, InternalPosition: 3, InternalQuery: "internal", Where: "where", SchemaName: "schema",
		TableName: "table", ColumnName: "column", DataTypeName: "type", ConstraintName: "constraint",
	}
	require.Equal(t, want, *e)
}

func TestPlainErrorIsInternal(t *testing.T) {
	var logged bytes.Buffer
	c := startServer(t, func(c *wire.Config) { c.Log = slog.New(slog.NewTextHandler(&logged, nil)) }).dial(t)
	requireCode(t, run(c, "SELECT plain_error()"), pgerr.InternalError)
	require.Contains(t, logged.String(), "internal error")
	require.NoError(t, run(c, "SELECT 1"))
}

func TestPanicEndsOnlyItsSession(t *testing.T) {
	var logged bytes.Buffer
	ts := startServer(t, func(c *wire.Config) { c.Log = slog.New(slog.NewTextHandler(&logged, nil)) })
	other := ts.dial(t)
	c := ts.dial(t)
	e := requireCode(t, run(c, "SELECT panic()"), pgerr.InternalError)
	require.Equal(t, "FATAL", e.Severity)
	requireCode(t, run(ts.dial(t), "BREAK"), pgerr.InternalError)
	require.NoError(t, run(other, "SELECT 1"))
	require.Eventually(t, func() bool { return ts.srv.Sessions() == 1 }, time.Second, time.Millisecond)
	require.Contains(t, logged.String(), "a fault of the engine")
	require.Contains(t, logged.String(), "fake_test.go", "the stack")

	_, err := pgconn.Connect(context.Background(), fmt.Sprintf("postgres://u@%s/panics?sslmode=disable", ts.addr))
	requireCode(t, err, pgerr.InternalError)
}

func TestForgottenCommandComplete(t *testing.T) {
	requireCode(t, run(startServer(t).dial(t), "FORGET"), pgerr.InternalError)
}

func TestCopy(t *testing.T) {
	ts := startServer(t)
	c := ts.dial(t)
	tag, err := c.CopyFrom(context.Background(), bytes.NewReader([]byte("a\nb\nc\n")), "COPY FROM STDIN")
	require.NoError(t, err)
	require.Equal(t, "COPY 3", tag.String())

	var out bytes.Buffer
	_, err = c.CopyTo(context.Background(), &out, "COPY TO STDOUT")
	require.NoError(t, err)
	require.Equal(t, "1\n2\n", out.String())

	// An error while the client still sends: what is left is thrown away.
	big := bytes.Repeat([]byte("bad line\n"), 200_000)
	_, err = c.CopyFrom(context.Background(), bytes.NewReader(big), "COPY FROM STDIN")
	requireCode(t, err, pgerr.BadCopyFileFormat)
	require.NoError(t, run(c, "SELECT 1"))

	_, err = c.CopyFrom(context.Background(), io.MultiReader(bytes.NewReader([]byte("a\n")), failingReader{}), "COPY FROM STDIN")
	require.Error(t, err)
	require.NoError(t, run(c, "SELECT 1"))
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }

func TestCopyFailAndStrangers(t *testing.T) {
	ts := startServer(t)
	for _, m := range []struct {
		send    pgproto3.FrontendMessage
		code    pgerr.Code
		message string
	}{
		{&pgproto3.CopyFail{Message: "I gave up"}, pgerr.QueryCanceled, "COPY from stdin failed: I gave up"},
		{&pgproto3.Query{String: "SELECT 1"}, pgerr.ProtocolViolation, "unexpected message type 0x51 during COPY from stdin"},
	} {
		_, fe := ts.dialRaw(t)
		fe.Send(&pgproto3.Query{String: "COPY FROM STDIN"})
		fe.Send(&pgproto3.Flush{})
		fe.Send(&pgproto3.Sync{}) // both mean nothing here
		fe.Send(m.send)
		require.NoError(t, fe.Flush())
		e := receiveUntil[*pgproto3.ErrorResponse](t, fe)
		require.Equal(t, string(m.code), e.Code)
		require.Equal(t, m.message, e.Message)
		if m.code != pgerr.ProtocolViolation {
			receiveUntil[*pgproto3.ReadyForQuery](t, fe)
			continue
		}
		e = receiveUntil[*pgproto3.ErrorResponse](t, fe)
		require.Equal(t, "FATAL", e.Severity)
		require.Equal(t, "terminating connection because protocol synchronization was lost", e.Message)
	}
	_, fe := ts.dialRaw(t)
	fe.Send(&pgproto3.Query{String: "COPY FROM STDIN"})
	fe.Send(&pgproto3.Terminate{})
	require.NoError(t, fe.Flush())
	receiveUntil[*pgproto3.CopyInResponse](t, fe)
	_, err := fe.Receive()
	require.Error(t, err)
}

func TestDisconnectCancels(t *testing.T) {
	ts := startServer(t)
	c, fe := ts.dialRaw(t)
	fe.Send(&pgproto3.Parse{Query: "SELECT pg_sleep(60)"})
	fe.Send(&pgproto3.Bind{})
	fe.Send(&pgproto3.Execute{})
	fe.Send(&pgproto3.Sync{})
	require.NoError(t, fe.Flush())
	<-ts.h.started
	c.Close()
	require.Eventually(t, func() bool { return ts.h.cancelled.Load() == 1 && ts.h.open.Load() == 0 },
		5*time.Second, time.Millisecond)
}

// TestTerminateIsNotDisconnect: what a client asked for before its goodbye is
// done, whether it waits or not.
func TestTerminateIsNotDisconnect(t *testing.T) {
	ts := startServer(t)
	c, fe := ts.dialRaw(t)
	fe.Send(&pgproto3.Query{String: "SELECT pg_sleep(1)"})
	fe.Send(&pgproto3.Terminate{})
	require.NoError(t, fe.Flush())
	<-ts.h.started
	c.Close()
	require.Eventually(t, func() bool { return ts.h.open.Load() == 0 }, 5*time.Second, time.Millisecond)
	require.Zero(t, ts.h.cancelled.Load())
}

func TestCancelNeedsTheSecret(t *testing.T) {
	ts := startServer(t)
	c := ts.dial(t)
	result := make(chan error, 1)
	go func() { result <- run(c, "SELECT pg_sleep(60)") }()
	<-ts.h.started

	forged, err := net.Dial("tcp", ts.addr)
	require.NoError(t, err)
	b, err := (&pgproto3.CancelRequest{ProcessID: c.PID(), SecretKey: []byte{1, 2, 3, 4}}).Encode(nil)
	require.NoError(t, err)
	_, err = forged.Write(b)
	require.NoError(t, err)
	_, err = io.ReadAll(forged)
	require.NoError(t, err)
	require.Zero(t, ts.h.cancelled.Load())

	require.NoError(t, c.CancelRequest(context.Background()))
	e := requireCode(t, <-result, pgerr.QueryCanceled)
	require.Equal(t, "canceling statement due to user request", e.Message)
	require.NoError(t, run(c, "SELECT 1"))
}

func TestDrain(t *testing.T) {
	ts := startServer(t, func(c *wire.Config) { c.DrainTimeout = 5 * time.Second })
	idle, idleFE := ts.dialRaw(t)
	busy := ts.dial(t)
	result := make(chan error, 1)
	go func() { result <- run(busy, "SELECT pg_sleep(1)") }()
	<-ts.h.started
	ts.stop()

	e := receiveUntil[*pgproto3.ErrorResponse](t, idleFE)
	require.Equal(t, "57P01", e.Code)
	_, err := idle.Read(make([]byte, 1))
	require.ErrorIs(t, err, io.EOF)
	_, err = pgconn.Connect(context.Background(), ts.url("postgres", ""))
	requireCode(t, err, pgerr.CannotConnectNow)

	require.NoError(t, <-result, "a running statement finishes")
	ts.shutdown(t)
}

func TestDrainCancelsAfterItsGrace(t *testing.T) {
	ts := startServer(t)
	busy := ts.dial(t)
	result := make(chan error, 1)
	go func() { result <- run(busy, "SELECT pg_sleep(60)") }()
	<-ts.h.started
	ts.stop()
	requireCode(t, <-result, pgerr.AdminShutdown)
	ts.shutdown(t)
}

func TestTooManyConnections(t *testing.T) {
	ts := startServer(t, func(c *wire.Config) { c.MaxConnections = 2 })
	ts.dial(t)
	second := ts.dial(t)
	_, err := pgconn.Connect(context.Background(), ts.url("postgres", ""))
	e := requireCode(t, err, pgerr.TooManyConnections)
	require.Equal(t, "sorry, too many clients already", e.Message)
	require.NoError(t, second.Close(context.Background()))
	require.Eventually(t, func() bool { return ts.srv.Sessions() == 1 }, time.Second, time.Millisecond)
	ts.dial(t)
}

// TestSlowClient: a client that does not read holds its statement back, and the
// server does not gather what it can't send.
func TestSlowClient(t *testing.T) {
	ts := startServer(t)
	const rows, width = 1000, 100_000 // 100 MB
	c, fe := ts.dialRaw(t)
	require.NoError(t, c.(*net.TCPConn).SetReadBuffer(32<<10))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	fe.Send(&pgproto3.Query{String: fmt.Sprintf("SELECT wide(%d, %d)", rows, width)})
	require.NoError(t, fe.Flush())
	stalled := func() bool {
		n := ts.h.rows.Load()
		time.Sleep(100 * time.Millisecond)
		return n > 0 && ts.h.rows.Load() == n
	}
	require.Eventually(t, stalled, 10*time.Second, time.Millisecond)
	require.Less(t, ts.h.rows.Load(), int64(rows), "the statement waits for its client")
	runtime.GC()
	runtime.ReadMemStats(&after)
	require.Less(t, int64(after.HeapAlloc)-int64(before.HeapAlloc), int64(8<<20))

	got := 0
	for {
		m, err := fe.Receive()
		require.NoError(t, err)
		if _, ok := m.(*pgproto3.DataRow); ok {
			got++
		}
		if _, ok := m.(*pgproto3.ReadyForQuery); ok {
			break
		}
	}
	require.Equal(t, rows, got)
}

// TestReadAheadIsBounded: a client that sends without end while its statement
// runs is held back, too.
func TestReadAheadIsBounded(t *testing.T) {
	ts := startServer(t, func(c *wire.Config) { c.ReadAhead = 64 << 10 })
	c, fe := ts.dialRaw(t)
	fe.Send(&pgproto3.Query{String: "SELECT pg_sleep(60)"})
	require.NoError(t, fe.Flush())
	<-ts.h.started
	flood, err := (&pgproto3.Parse{Query: string(bytes.Repeat([]byte(" "), 8<<10))}).Encode(nil)
	require.NoError(t, err)
	sent := 0
	require.NoError(t, c.SetWriteDeadline(time.Now().Add(time.Second)))
	for err == nil && sent < 256<<20 {
		var n int
		n, err = c.Write(flood)
		sent += n
	}
	require.Error(t, err, "the client was not held back: %d bytes", sent)
}

func TestMessageLimits(t *testing.T) {
	ts := startServer(t, func(c *wire.Config) { c.MaxMessage = 20_000 })
	c, fe := ts.dialRaw(t)

	// Beyond our own limit: an error, and the conversation goes on.
	fe.Send(&pgproto3.Query{String: string(make([]byte, 30_000))})
	fe.Send(&pgproto3.Query{String: "SELECT 1"})
	require.NoError(t, fe.Flush())
	e := receiveUntil[*pgproto3.ErrorResponse](t, fe)
	require.Equal(t, "54000", e.Code)
	require.Equal(t, "The message has 30001 bytes, the limit is 20000.", e.Detail)
	receiveUntil[*pgproto3.ReadyForQuery](t, fe)
	receiveUntil[*pgproto3.DataRow](t, fe)
	receiveUntil[*pgproto3.ReadyForQuery](t, fe)

	// Beyond PostgreSQL's: the two sides are out of step.
	_, err := c.Write(binary.BigEndian.AppendUint32([]byte{'S'}, 20_000))
	require.NoError(t, err)
	e = receiveUntil[*pgproto3.ErrorResponse](t, fe)
	require.Equal(t, "08P01", e.Code)
	require.Equal(t, "invalid message length", e.Message)
}

func TestClientMethods(t *testing.T) {
	ts := startServer(t)
	_, fe := ts.dialRaw(t)
	s := <-ts.h.sessions

	// Idle: at once.
	require.True(t, s.client.Notify(7, "chan", "payload"))
	n := receiveUntil[*pgproto3.NotificationResponse](t, fe)
	require.Equal(t, pgproto3.NotificationResponse{PID: 7, Channel: "chan", Payload: "payload"}, *n)
	s.client.Notice(pgerr.Notice(pgerr.SeverityWarning, pgerr.Warning, "take care"))
	require.Equal(t, "take care", receiveUntil[*pgproto3.NoticeResponse](t, fe).Message)

	// In a transaction: after it.
	send(t, fe, &pgproto3.Query{String: "BEGIN"})
	receiveUntil[*pgproto3.ReadyForQuery](t, fe)
	require.True(t, s.client.Notify(7, "chan", "later"))
	send(t, fe, &pgproto3.Query{String: "SELECT 1"})
	requireNext(t, fe, "RowDescription", "DataRow", "CommandComplete", "ReadyForQuery")
	send(t, fe, &pgproto3.Query{String: "ROLLBACK"})
	requireNext(t, fe, "CommandComplete", "NotificationResponse", "ReadyForQuery")

	// Cancel and terminate, as pg_cancel_backend and pg_terminate_backend do.
	send(t, fe, &pgproto3.Query{String: "SELECT pg_sleep(60)"})
	<-ts.h.started
	s.client.Cancel(pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request"))
	require.Equal(t, "57014", receiveUntil[*pgproto3.ErrorResponse](t, fe).Code)
	receiveUntil[*pgproto3.ReadyForQuery](t, fe)
	s.client.Terminate(pgerr.Fatal(pgerr.IdleInTransactionSessionTimeout, "terminating connection due to idle-in-transaction timeout"))
	require.Equal(t, "25P03", receiveUntil[*pgproto3.ErrorResponse](t, fe).Code)
	_, err := fe.Receive()
	require.Error(t, err)
}

func send(t testing.TB, fe *pgproto3.Frontend, ms ...pgproto3.FrontendMessage) {
	t.Helper()
	for _, m := range ms {
		fe.Send(m)
	}
	require.NoError(t, fe.Flush())
}

func requireNext(t testing.TB, fe *pgproto3.Frontend, names ...string) {
	t.Helper()
	var got []string
	for range names {
		m, err := fe.Receive()
		require.NoError(t, err)
		got = append(got, fmt.Sprintf("%T", m)[len("*pgproto3."):])
	}
	require.Equal(t, names, got)
}

func TestNotificationsAreBounded(t *testing.T) {
	ts := startServer(t)
	_, fe := ts.dialRaw(t)
	s := <-ts.h.sessions
	send(t, fe, &pgproto3.Query{String: "BEGIN"})
	receiveUntil[*pgproto3.ReadyForQuery](t, fe)
	payload := string(bytes.Repeat([]byte("x"), 8000))
	sent := 0
	for sent < 100_000 && s.client.Notify(1, "c", payload) {
		sent++
	}
	require.Less(t, sent, 100_000)
	require.Greater(t, sent, 100)
}

// TestManyConnections: 200 clients at once, each with its own answers, and
// nothing left behind.
func TestManyConnections(t *testing.T) {
	before := runtime.NumGoroutine()
	ts := startServer(t, func(c *wire.Config) { c.MaxConnections = 200 })
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			c, err := pgconn.Connect(context.Background(), ts.url("postgres", ""))
			if !check(t, err) {
				return
			}
			for k := range 20 {
				want := fmt.Sprint(i*100 + k)
				r := c.ExecParams(context.Background(), "SELECT $1::int4", [][]byte{[]byte(want)}, nil, nil, nil).Read()
				if !check(t, r.Err) {
					return
				}
				if got := string(r.Rows[0][0]); got != want {
					t.Errorf("got %s, not %s", got, want)
				}
			}
			check(t, c.Close(context.Background()))
		})
	}
	wg.Wait()
	ts.shutdown(t)
	requireGoroutines(t, before)
}

// requireGoroutines waits until there are no more than n, which Eventually can't
// do: it adds one of its own.
func requireGoroutines(t testing.TB, n int) {
	t.Helper()
	for range 500 {
		if runtime.NumGoroutine() <= n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	stacks := make([]byte, 1<<20)
	t.Fatalf("goroutines left behind:\n%s", stacks[:runtime.Stack(stacks, true)])
}

func check(t testing.TB, err error) bool {
	if err != nil {
		t.Error(err)
	}
	return err == nil
}
