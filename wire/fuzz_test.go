package wire_test

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"
)

// seedMessages are the beginnings of the fuzzer's conversations.
var seedMessages = []pgproto3.FrontendMessage{
	&pgproto3.Query{String: "SELECT 1; SELECT 2"},
	&pgproto3.Query{String: "COPY FROM STDIN"},
	&pgproto3.CopyData{Data: []byte("a\n")},
	&pgproto3.CopyDone{},
	&pgproto3.CopyFail{Message: "no"},
	&pgproto3.Parse{Name: "s", Query: "SELECT $1::int4", ParameterOIDs: []uint32{23}},
	&pgproto3.Bind{DestinationPortal: "p", PreparedStatement: "s", ParameterFormatCodes: []int16{1}, Parameters: [][]byte{{0, 0, 0, 1}}, ResultFormatCodes: []int16{1}},
	&pgproto3.Describe{ObjectType: 'S', Name: "s"},
	&pgproto3.Describe{ObjectType: 'P', Name: "p"},
	&pgproto3.Execute{Portal: "p", MaxRows: 1},
	&pgproto3.Close{ObjectType: 'S', Name: "s"},
	&pgproto3.FunctionCall{Function: 1},
	&pgproto3.Flush{},
	&pgproto3.Sync{},
	&pgproto3.Terminate{},
}

// FuzzConversation sends arbitrary bytes after a startup. The server must end
// the connection or go on, and stay alive for others.
func FuzzConversation(f *testing.F) {
	ts := startServer(f)
	var all []byte
	for _, m := range seedMessages {
		b, err := m.Encode(nil)
		require.NoError(f, err)
		f.Add(b)
		all = append(all, b...)
	}
	f.Add(all)
	f.Add([]byte{'Q', 0xff, 0xff, 0xff, 0xff})
	f.Add([]byte{'B', 0x3f, 0xff, 0xff, 0xf0, 0})
	start := packet(3<<16, "user\x00u\x00\x00")
	f.Fuzz(func(t *testing.T, data []byte) { ts.throw(t, append(start, data...)) })
}

// FuzzStartup sends arbitrary bytes instead of a startup.
func FuzzStartup(f *testing.F) {
	ts := startServer(f)
	for _, code := range []uint32{3 << 16, 3<<16 | 9, 2 << 16, 80877102, 80877103, 80877104} {
		f.Add(packet(code, ""))
		f.Add(packet(code, "user\x00u\x00options\x00-c a=b\x00\x00"))
	}
	f.Add(binary.BigEndian.AppendUint32(nil, 0xffffffff))
	f.Fuzz(func(t *testing.T, data []byte) { ts.throw(t, data) })
}

// throw sends bytes, says that no more will come, and waits until the server has
// closed the connection and its session.
func (ts *testServer) throw(t *testing.T, data []byte) {
	c, err := net.Dial("tcp", ts.addr)
	require.NoError(t, err)
	defer c.Close()
	go func() {
		_, _ = c.Write(data)
		_ = c.(*net.TCPConn).CloseWrite()
	}()
	require.NoError(t, c.SetReadDeadline(time.Now().Add(10*time.Second)))
	_, err = io.Copy(io.Discard, c)
	var timeout net.Error
	if err != nil {
		require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "the server does not let go")
	}
	for range 1000 {
		if ts.h.open.Load() == 0 && ts.srv.Sessions() == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("a session was left behind")
}
