package scale

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/objstore/s3fake"
)

// TestCursors reads a table by cursors and by portals with a row limit, in little memory
// whether the rows may wait on disk or must not wait at all.
func TestCursors(t *testing.T) {
	rows := 100_000
	if long {
		rows = 1_000_000
	}
	srv := testserver.StartProcess(t, "file://"+t.TempDir(), "--cache-memory", "0")
	conn := srv.Connect(t)
	testserver.Exec(t, conn, "CREATE TABLE big (id int PRIMARY KEY, name text, n bigint, note text)")
	_, err := conn.PgConn().CopyFrom(ctx, lines(1, rows, ""), "COPY big FROM STDIN")
	require.NoError(t, err)
	testserver.Exec(t, conn, "SET work_mem = '4MB'")
	for _, c := range []struct{ name, declare, fetch string }{
		{"no scroll", "DECLARE c NO SCROLL CURSOR FOR SELECT * FROM big", ""},
		{"scroll", "DECLARE c SCROLL CURSOR FOR SELECT * FROM big", ""},
		{"with hold", "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM big ORDER BY n DESC", "COMMIT"},
	} {
		testserver.Exec(t, conn, "BEGIN", c.declare)
		if c.fetch != "" {
			testserver.Exec(t, conn, c.fetch)
		}
		n := 0
		for {
			got, err := conn.Exec(ctx, "FETCH 1000 FROM c", pgx.QueryExecModeSimpleProtocol)
			require.NoError(t, err)
			if got.RowsAffected() == 0 {
				break
			}
			n += int(got.RowsAffected())
		}
		require.Equal(t, rows, n, c.name)
		testserver.Exec(t, conn, "CLOSE c", "COMMIT")
		copyMemory(t, srv, c.name)
	}
	for _, query := range []string{"SELECT * FROM big", "EXECUTE all_of_it"} {
		p := startPortals(t, srv.Addr)
		p.simple("SET work_mem = '4MB'; PREPARE all_of_it AS SELECT * FROM big")
		require.Equal(t, rows, p.portal(query, 500), query)
		copyMemory(t, srv, query)
	}
}

// portals is a conversation in the extended protocol.
type portals struct {
	t    *testing.T
	fe   *pgproto3.Frontend
	conn net.Conn
}

func startPortals(t *testing.T, addr string) *portals {
	c, err := net.Dial("tcp", addr)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	p := &portals{t, pgproto3.NewFrontend(c, c), c}
	p.fe.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersionNumber, Parameters: map[string]string{"user": "postgres", "database": "s3db"}})
	p.ready()
	return p
}

// ready reads up to ReadyForQuery; the rows on the way, and whether a portal was
// suspended.
func (p *portals) ready() (rows int, suspended bool) {
	require.NoError(p.t, p.fe.Flush())
	for {
		m, err := p.fe.Receive()
		require.NoError(p.t, err)
		switch m := m.(type) {
		case *pgproto3.ErrorResponse:
			require.Fail(p.t, m.Message)
		case *pgproto3.DataRow:
			rows++
		case *pgproto3.PortalSuspended:
			suspended = true
		case *pgproto3.ReadyForQuery:
			return rows, suspended
		}
	}
}

func (p *portals) simple(text string) {
	p.fe.Send(&pgproto3.Query{String: text})
	p.ready()
}

// portal reads a query's rows, so many at a time.
func (p *portals) portal(query string, limit uint32) (rows int) {
	p.simple("BEGIN")
	p.fe.Send(&pgproto3.Parse{Query: query})
	p.fe.Send(&pgproto3.Bind{DestinationPortal: "p"})
	for {
		p.fe.Send(&pgproto3.Execute{Portal: "p", MaxRows: limit})
		p.fe.Send(&pgproto3.Sync{})
		n, suspended := p.ready()
		rows += n
		if !suspended {
			p.simple("COMMIT")
			return rows
		}
	}
}

// wide is a row's text: a few thousand of them are more than what may wait on their way.
const wideRows, wide = 3000, 16 << 10

// TestSlowReader: a client that does not read holds the server back, which fetches no more
// than what fits on the way.
func TestSlowReader(t *testing.T) {
	srv := testserver.Start(t, testserver.Options{Store: s3fake.New(t, clock.System).Location("db")})
	conn := srv.Connect(t)
	testserver.Exec(t, conn, "CREATE TABLE wide (id int PRIMARY KEY, v text)",
		fmt.Sprintf("INSERT INTO wide SELECT i, repeat('x', %d) FROM generate_series(1, %d) i", wide, wideRows))
	gets := func() int64 { return srv.Meter.Usage().Requests[objstore.ReqGet] }
	for _, c := range []struct {
		name string
		read func(t *testing.T, conn *pgx.Conn, stall func())
		most int64
	}{
		{"COPY TO", func(t *testing.T, conn *pgx.Conn, stall func()) {
			_, err := conn.PgConn().CopyTo(ctx, &stalling{stall: stall}, "COPY wide TO STDOUT")
			require.NoError(t, err)
		}, 2 * wideRows / 3},
		{"SELECT", func(t *testing.T, conn *pgx.Conn, stall func()) {
			rows, err := conn.Query(ctx, "SELECT v FROM wide", pgx.QueryExecModeSimpleProtocol)
			require.NoError(t, err)
			require.True(t, rows.Next())
			stall()
			for rows.Next() {
			}
			require.NoError(t, rows.Err())
		}, 2 * wideRows / 3},
		{"FETCH", func(t *testing.T, conn *pgx.Conn, stall func()) {
			testserver.Exec(t, conn, "BEGIN", "DECLARE c NO SCROLL CURSOR FOR SELECT v FROM wide", "FETCH 10 FROM c")
			stall()
			testserver.Exec(t, conn, "COMMIT")
		}, 2 * wideRows / 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, stalled := gets(), int64(0)
			c.read(t, srv.Connect(t), func() { stalled = settled(gets) - before })
			t.Logf("%d of %d rows were fetched while nobody read", stalled, wideRows)
			assert.Less(t, stalled, c.most)
		})
	}
}

// settled is what a count comes to rest at.
func settled(count func() int64) int64 {
	for n := count(); ; {
		time.Sleep(500 * time.Millisecond)
		if now := count(); now == n {
			return n
		} else {
			n = now
		}
	}
}

// stalling stops at the first write until stall returns.
type stalling struct{ stall func() }

func (s *stalling) Write(p []byte) (int, error) {
	if s.stall != nil {
		s.stall()
		s.stall = nil
	}
	return len(p), nil
}

// TestSlowStore: a store that takes its time holds a COPY FROM back: what the client has
// sent does not pile up.
func TestSlowStore(t *testing.T) {
	fake := s3fake.New(t, clock.System)
	srv := testserver.StartProcess(t, fake.Location("db"), "--s3-concurrency", "8")
	conn := srv.Connect(t)
	testserver.Exec(t, conn, "CREATE TABLE wide (id int PRIMARY KEY, v text)")
	const rows, size = 3000, 128 << 10 // 384 MB
	r, w := io.Pipe()
	go func() {
		text := strings.Repeat("x", size)
		for i := range rows {
			fmt.Fprintf(w, "%d\t%s\n", i, text)
		}
		w.Close()
	}()
	tag, err := conn.PgConn().CopyFrom(ctx, r, "COPY wide FROM STDIN")
	require.NoError(t, err)
	require.EqualValues(t, rows, tag.RowsAffected())
	copyMemory(t, srv, "after COPY FROM of wide rows")
}
