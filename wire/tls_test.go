package wire_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"net"
	"os/exec"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/wire"
	"github.com/s3db-sql/s3db-sql/wire/auth"
)

func selfSigned(t testing.TB) tls.Certificate {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func withTLS(t testing.TB) func(*wire.Config) {
	return func(c *wire.Config) { c.TLS = &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}} }
}

func withUser(t testing.TB, name, password string) func(*wire.Config) {
	users := auth.StaticUsers{}
	require.NoError(t, users.Add(name, password, rng.System))
	return func(c *wire.Config) { c.Auth = auth.DefaultRules(users) }
}

func TestSCRAM(t *testing.T) {
	for name, tlsToo := range map[string]bool{"plain": false, "tls": true} {
		t.Run(name, func(t *testing.T) {
			changes := []func(*wire.Config){withUser(t, "alice", "p@ss \u2168")}
			mode := "disable"
			if tlsToo {
				changes, mode = append(changes, withTLS(t)), "require"
			}
			ts := startServer(t, changes...)
			connect := func(user, password, rest string) error {
				cfg, err := pgconn.ParseConfig(fmt.Sprintf("postgres://%s/postgres?sslmode=%s%s", ts.addr, mode, rest))
				require.NoError(t, err)
				cfg.User, cfg.Password = user, password
				c, err := pgconn.ConnectConfig(context.Background(), cfg)
				if err == nil {
					err = c.Close(context.Background())
				}
				return err
			}
			// pgx prepares passwords with PRECIS, which does not know NFKC: what SASLprep
			// makes of it is the password.
			require.NoError(t, connect("alice", "p@ss IX", ""))
			e := requireCode(t, connect("alice", "wrong", ""), pgerr.InvalidPassword)
			require.Equal(t, `password authentication failed for user "alice"`, e.Message)
			e = requireCode(t, connect("mallory", "wrong", ""), pgerr.InvalidPassword)
			require.Equal(t, `password authentication failed for user "mallory"`, e.Message)
			if tlsToo {
				require.NoError(t, connect("alice", "p@ss IX", "&channel_binding=require"))
			}
		})
	}
}

// TestLibpq: the reference client agrees on TLS, SCRAM and channel binding.
func TestLibpq(t *testing.T) {
	psql, err := exec.LookPath("psql")
	if err != nil {
		t.Skip("no psql")
	}
	ts := startServer(t, withUser(t, "alice", "p\u00a0w\u2168"), withTLS(t))
	host, port, err := net.SplitHostPort(ts.addr)
	require.NoError(t, err)
	run := func(conninfo string) (string, error) {
		cmd := exec.Command(psql, "-w", "-At", "-c", "SELECT 42",
			fmt.Sprintf("host=%s port=%s user=alice dbname=postgres %s", host, port, conninfo))
		cmd.Env = append(cmd.Environ(), "PGPASSWORD=p\u00a0w\u2168", "LC_ALL=C.UTF-8")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	for _, conninfo := range []string{"sslmode=disable", "sslmode=require", "sslmode=require channel_binding=require", "sslmode=prefer gssencmode=prefer"} {
		out, err := run(conninfo)
		require.NoError(t, err, "%s: %s", conninfo, out)
		require.Equal(t, "42\n", out)
	}
	out, err := run("sslmode=require password=wrong")
	require.Error(t, err)
	require.Contains(t, out, "password authentication failed")
}

func TestFailedLoginsAreLimited(t *testing.T) {
	ts := startServer(t, withUser(t, "alice", "right"), func(c *wire.Config) { c.Limiter = auth.NewLimiter(clock.System) })
	for i := range 20 {
		_, err := pgconn.Connect(context.Background(), ts.url("alice:wrong", ""))
		if i < 10 {
			requireCode(t, err, pgerr.InvalidPassword)
		}
	}
	_, err := pgconn.Connect(context.Background(), ts.url("alice:right", ""))
	e := requireCode(t, err, pgerr.InvalidAuthorizationSpecification)
	require.Equal(t, "too many failed authentication attempts", e.Message)
}

func TestDirectTLS(t *testing.T) {
	ts := startServer(t, withTLS(t))
	for _, protos := range [][]string{{"postgresql"}, nil} {
		c, err := tls.Dial("tcp", ts.addr, &tls.Config{InsecureSkipVerify: true, NextProtos: protos})
		require.NoError(t, err)
		fe := pgproto3.NewFrontend(c, c)
		fe.Send(&pgproto3.StartupMessage{ProtocolVersion: pgproto3.ProtocolVersion30, Parameters: map[string]string{"user": "u"}})
		require.NoError(t, fe.Flush())
		if protos == nil {
			require.Equal(t, "08P01", receiveUntil[*pgproto3.ErrorResponse](t, fe).Code)
		} else {
			receiveUntil[*pgproto3.ReadyForQuery](t, fe)
			require.True(t, (<-ts.h.sessions).info.TLS)
		}
		c.Close()
	}
}

func packet(code uint32, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(8+len(body)))
	return append(binary.BigEndian.AppendUint32(b, code), body...)
}

// TestStartupPackets compares with what PostgreSQL 15 answers, but for the
// newest version it names.
func TestStartupPackets(t *testing.T) {
	const ssl, gss, v3 = 80877103, 80877104, 3 << 16
	start := packet(v3, "user\x00u\x00\x00")
	for name, tc := range map[string]struct {
		send []byte
		want string // "" is: closed without a word
	}{
		"2.0":             {packet(2<<16, "user\x00u\x00\x00"), "0A000unsupported frontend protocol 2.0: server supports 3.0 to 3.2"},
		"ssl twice":       {append(packet(ssl, ""), packet(ssl, "")...), "N08P01received unencrypted data after SSL request"},
		"ssl and data":    {append(packet(ssl, ""), start...), "N08P01received unencrypted data after SSL request"},
		"gss and data":    {append(packet(gss, ""), start...), "N08P01received unencrypted data after GSSAPI encryption request"},
		"no terminator":   {packet(v3, "user\x00post\x00"), "08P01invalid startup packet layout: expected terminator as last byte"},
		"empty":           {packet(v3, ""), "08P01invalid startup packet layout: expected terminator as last byte"},
		"no user":         {packet(v3, "\x00"), "28000no PostgreSQL user name specified in startup packet"},
		"replication":     {packet(v3, "user\x00u\x00replication\x00database\x00\x00"), "0A000the replication protocol is not supported"},
		"bad option":      {packet(v3, "user\x00u\x00options\x00-Z 1\x00\x00"), "42601invalid command-line argument for server process: -Z"},
		"option no value": {packet(v3, "user\x00u\x00options\x00-c foo\x00\x00"), "42601-c foo requires a value"},
		"too long":        {binary.BigEndian.AppendUint32(nil, 80_000), ""},
		"too short":       {[]byte{0, 0, 0, 4, 0, 0, 0, 0}, ""},
		"http":            {[]byte("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), ""},
		"cancel":          {packet(80877102, "\x00\x00\x00\x01abcd"), ""},
		"short cancel":    {packet(80877102, "\x00"), ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, err := net.Dial("tcp", startServer(t).addr)
			require.NoError(t, err)
			defer c.Close()
			_, err = c.Write(tc.send)
			require.NoError(t, err)
			require.NoError(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
			got, _ := io.ReadAll(c) // a reset is as good as an end
			require.Equal(t, tc.want, summary(t, got))
		})
	}
}

// summary is an answer to a startup packet: single letters, then the code and
// the text of the error.
func summary(t testing.TB, b []byte) string {
	s := ""
	for len(b) > 0 && b[0] == 'N' {
		s, b = s+"N", b[1:]
	}
	for len(b) > 0 {
		n := int(binary.BigEndian.Uint32(b[1:])) + 1
		if b[0] == 'E' {
			var e pgproto3.ErrorResponse
			require.NoError(t, e.Decode(b[5:n]))
			require.Equal(t, "FATAL", e.Severity)
			s += e.Code + e.Message
		}
		b = b[n:]
	}
	return s
}

func TestSSLRefusedThenPlain(t *testing.T) {
	c, err := pgconn.Connect(context.Background(), fmt.Sprintf("postgres://u@%s/d?sslmode=prefer", startServer(t).addr))
	require.NoError(t, err)
	require.NoError(t, c.Close(context.Background()))
}

func TestProtocol32(t *testing.T) {
	ts := startServer(t)
	for version, want := range map[uint32]int{3 << 16: 4, 3<<16 | 1: 4, 3<<16 | 2: 32, 3<<16 | 9999: 32} {
		c, err := net.Dial("tcp", ts.addr)
		require.NoError(t, err)
		_, err = c.Write(packet(version, "user\x00u\x00\x00"))
		require.NoError(t, err)
		fe := pgproto3.NewFrontend(c, c)
		if version > 3<<16|2 {
			n := receiveUntil[*pgproto3.NegotiateProtocolVersion](t, fe)
			require.EqualValues(t, 3<<16|2, n.NewestMinorProtocol)
		}
		require.Len(t, receiveUntil[*pgproto3.BackendKeyData](t, fe).SecretKey, want, "%x", version)
		require.NoError(t, c.Close())
	}
}

func TestSettings(t *testing.T) {
	ts := startServer(t)
	c, err := net.Dial("tcp", ts.addr)
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Write(packet(3<<16, "user\x00u\x00DateStyle\x00ISO\x00"+
		"options\x00  -c work_mem=5MB --enable-seqscan=off -capplication_name=a\\ b\\\\ \x00_pq_.x\x00y\x00database\x00d\x00\x00"))
	require.NoError(t, err)
	s := <-ts.h.sessions
	require.Equal(t, "d", s.info.Database)
	require.Equal(t, []wire.Setting{
		{Name: "work_mem", Value: "5MB"}, {Name: "enable_seqscan", Value: "off"},
		{Name: "application_name", Value: `a b\`}, {Name: "DateStyle", Value: "ISO"},
	}, s.info.Settings)
	require.Equal(t, c.LocalAddr().String(), s.info.RemoteAddr.String())
}

func TestStartupTimeout(t *testing.T) {
	ts := startServer(t, withUser(t, "u", "x"), func(c *wire.Config) { c.StartupTimeout = 100 * time.Millisecond })
	silent, err := net.Dial("tcp", ts.addr)
	require.NoError(t, err)
	defer silent.Close()
	got, _ := io.ReadAll(silent)
	require.Empty(t, got)

	// In the middle of authentication PostgreSQL says why.
	c, err := net.Dial("tcp", ts.addr)
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Write(packet(3<<16, "user\x00u\x00\x00"))
	require.NoError(t, err)
	got, _ = io.ReadAll(c)
	require.Equal(t, "57014canceling authentication due to timeout", summary(t, got))
}

// TestNewCertificate: connections after SetTLS meet the new certificate, with a binding
// of its own; those that were there go on.
func TestNewCertificate(t *testing.T) {
	ts := startServer(t, withTLS(t), withUser(t, "alice", "secret"))
	connect := func() (*pgconn.PgConn, []byte) {
		cfg, err := pgconn.ParseConfig(fmt.Sprintf("postgres://alice:secret@%s/postgres?sslmode=require&channel_binding=require", ts.addr))
		require.NoError(t, err)
		c, err := pgconn.ConnectConfig(context.Background(), cfg)
		require.NoError(t, err)
		return c, c.Conn().(*tls.Conn).ConnectionState().PeerCertificates[0].Raw
	}
	before, first := connect()
	again, same := connect()
	require.Equal(t, first, same)
	ts.srv.SetTLS(&tls.Config{Certificates: []tls.Certificate{selfSigned(t)}})
	after, second := connect()
	require.NotEqual(t, first, second)
	for _, c := range []*pgconn.PgConn{before, again, after} {
		require.NoError(t, run(c, "SELECT 1"))
		require.NoError(t, c.Close(context.Background()))
	}
}
