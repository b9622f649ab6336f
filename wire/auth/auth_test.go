package auth

import (
	"context"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

func TestVerifiersArePostgreSQLs(t *testing.T) {
	text, err := os.ReadFile("testdata/verifiers.txt")
	require.NoError(t, err)
	n := 0
	for line := range strings.Lines(string(text)) {
		if line[0] == '#' {
			continue
		}
		i := strings.LastIndex(line, " SCRAM")
		password, err := strconv.Unquote(line[:i])
		require.NoError(t, err, line)
		want := strings.TrimSpace(line[i+1:])
		parsed, err := ParseVerifier(want)
		require.NoError(t, err)
		require.Equal(t, want, parsed.String())
		got, err := deriveVerifier(password, parsed.Salt, parsed.Iterations)
		require.NoError(t, err)
		require.Equal(t, want, got.String(), "password %q", password)
		n++
	}
	require.Equal(t, 10, n)
}

func TestParseVerifierRefuses(t *testing.T) {
	good := "SCRAM-SHA-256$4096:FNlVzmJmNtOIAXTCjwQFPw==$YbeWhAQb8DCi0Zi1EbnhjBl89YepA+mtkO59JcQGhAA=:mEGtuWiW/xtSYvsL8I+ysrgP0Cf1kMUfXJNyXEEwR/Q="
	for _, s := range []string{
		"", "pencil", "md5d41d8cd98f00b204e9800998ecf8427e", strings.Replace(good, "4096", "0", 1),
		strings.Replace(good, "4096", "x", 1), strings.Replace(good, "4096", "99999999999", 1),
		strings.Replace(good, "YbeW", "", 1), good[:len(good)-5], strings.Replace(good, "FNlVzmJmNtOIAXTCjwQFPw==", "", 1),
		strings.Replace(good, "FNlV", "*NlV", 1),
	} {
		_, err := ParseVerifier(s)
		require.Equal(t, pgerr.InvalidParameterValue, pgerr.CodeOf(err), s)
	}
}

// TestRFC7677 is the conversation of RFC 7677 section 3.
func TestRFC7677(t *testing.T) {
	salt := []byte{0x5b, 0x6d, 0x99, 0x68, 0x9d, 0x12, 0x35, 0x8e, 0xec, 0xa0, 0x4b, 0x14, 0x12, 0x36, 0xfa, 0x81}
	v, err := deriveVerifier("pencil", salt, 4096)
	require.NoError(t, err)
	x := NewExchange(v, nil, nil)
	// The RFC's server nonce is not base64 of NonceBytes.
	x.nonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"
	first, err := x.First("SCRAM-SHA-256", []byte("n,,n=user,r=rOprNGfwEbeRWgbNEkqO"))
	require.NoError(t, err)
	require.Equal(t, "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096", string(first))
	final, err := x.Final([]byte("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
	require.NoError(t, err)
	require.True(t, x.Verified())
	require.Equal(t, "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", string(final))
}

func TestMalformedSCRAM(t *testing.T) {
	v, err := NewVerifier("x", rng.Seeded(1))
	require.NoError(t, err)
	nonce := make([]byte, NonceBytes)
	for _, c := range []struct {
		mechanism, first, final string
		binding                 []byte
		code                    pgerr.Code
	}{
		{mechanism: "SCRAM-SHA-1", first: "n,,n=,r=a", code: pgerr.ProtocolViolation},
		{mechanism: "SCRAM-SHA-256-PLUS", first: "p=tls-server-end-point,,n=,r=a", code: pgerr.ProtocolViolation},
		{first: "", code: pgerr.ProtocolViolation},
		{first: "x,,n=,r=a", code: pgerr.ProtocolViolation},
		{first: "n,a=other,n=,r=a", code: pgerr.FeatureNotSupported},
		{first: "n,,m=x,n=,r=a", code: pgerr.FeatureNotSupported},
		{first: "n,,n=", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=\u00e4", code: pgerr.ProtocolViolation},
		{first: "p=tls-server-end-point,,n=,r=a", code: pgerr.ProtocolViolation},
		{first: "y,,n=,r=a", binding: []byte("b"), code: pgerr.InvalidAuthorizationSpecification},
		{mechanism: "SCRAM-SHA-256-PLUS", binding: []byte("b"), first: "n,,n=,r=a", code: pgerr.ProtocolViolation},
		{mechanism: "SCRAM-SHA-256-PLUS", binding: []byte("b"), first: "p=tls-unique,,n=,r=a", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=a", final: "c=biws,r=aAAAA", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=a", final: "c=biws,r=aAAAA,p=AAAA", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=a", final: "r=a,p=" + strings.Repeat("A", 43) + "=", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=a", final: "c=eSws,r=aAAAA,p=" + strings.Repeat("A", 43) + "=", code: pgerr.ProtocolViolation},
		{first: "n,,n=,r=a", final: "c=biws,r=wrong,p=" + strings.Repeat("A", 43) + "=", code: pgerr.ProtocolViolation},
		{
			mechanism: "SCRAM-SHA-256-PLUS", binding: []byte("b"), first: "p=tls-server-end-point,,n=,r=a",
			final: "c=biws,r=a,p=" + strings.Repeat("A", 43) + "=", code: pgerr.InvalidAuthorizationSpecification,
		},
	} {
		x := NewExchange(v, nonce, c.binding)
		if c.mechanism == "" {
			c.mechanism = mechanismPlain
		}
		_, err := x.First(c.mechanism, []byte(c.first))
		if c.final != "" {
			require.NoError(t, err)
			_, err = x.Final([]byte(c.final))
		}
		require.Equal(t, c.code, pgerr.CodeOf(err), "%+v: %v", c, err)
		require.False(t, x.Verified())
	}
}

func TestMockVerifier(t *testing.T) {
	key := []byte("key")
	a, b := MockVerifier("a", key), MockVerifier("b", key)
	require.Equal(t, a.Salt, MockVerifier("a", key).Salt)
	require.NotEqual(t, a.Salt, b.Salt)
	require.NotEqual(t, a.Salt, MockVerifier("a", []byte("other")).Salt)
	require.Len(t, a.Salt, saltLen)
}

func TestRules(t *testing.T) {
	v, err := NewVerifier("x", rng.Seeded(1))
	require.NoError(t, err)
	rs := Rules{Users: StaticUsers{"u": v}, Rules: []Rule{
		{Users: []string{"banned"}, Method: Reject},
		{Transport: LocalOnly, Databases: []string{"open"}, Method: Trust},
		{Transport: TLSOnly, Nets: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, Method: SCRAM},
		{Transport: PlainOnly, Nets: []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16")}, Method: Trust},
	}}
	for _, c := range []struct {
		user, db, addr string
		tls            bool
		want           Decision
		err            string
	}{
		{user: "u", db: "open", addr: "127.0.0.1", want: Decision{Method: Trust}},
		{user: "u", db: "open", addr: "::1", want: Decision{Method: Trust}},
		{user: "u", db: "open", want: Decision{Method: Trust}},
		{user: "u", db: "d", addr: "10.1.2.3", tls: true, want: Decision{Method: SCRAM, Verifier: v}},
		{user: "nobody", db: "d", addr: "10.1.2.3", tls: true, want: Decision{Method: SCRAM}},
		{user: "u", db: "d", addr: "192.168.0.1", want: Decision{Method: Trust}},
		{user: "u", db: "d", addr: "10.1.2.3", err: `no pg_hba.conf entry for host "10.1.2.3", user "u", database "d", no encryption`},
		{user: "u", db: "d", addr: "11.1.2.3", tls: true, err: `no pg_hba.conf entry for host "11.1.2.3", user "u", database "d", SSL encryption`},
		{user: "banned", db: "d", addr: "127.0.0.1", err: `pg_hba.conf rejects connection for host "127.0.0.1", user "banned", database "d", no encryption`},
	} {
		r := Request{User: c.user, Database: c.db, TLS: c.tls}
		if c.addr != "" {
			r.Addr = netip.MustParseAddr(c.addr)
		}
		d, err := rs.Decide(context.Background(), r)
		if c.err != "" {
			require.EqualError(t, err, c.err)
			require.Equal(t, pgerr.InvalidAuthorizationSpecification, pgerr.CodeOf(err))
			continue
		}
		require.NoError(t, err)
		require.Equal(t, c.want, d)
	}
}

func TestDefaults(t *testing.T) {
	local, remote := Request{User: "u", Addr: netip.MustParseAddr("127.0.0.1")}, Request{User: "u", Addr: netip.MustParseAddr("10.0.0.1")}
	d, err := DefaultRules(nil).Decide(context.Background(), local)
	require.NoError(t, err)
	require.Equal(t, Trust, d.Method)
	_, err = DefaultRules(nil).Decide(context.Background(), remote)
	require.Error(t, err)

	users := StaticUsers{}
	require.NoError(t, users.Add("u", "secret", rng.Seeded(1)))
	for _, r := range []Request{local, remote} {
		d, err := DefaultRules(users).Decide(context.Background(), r)
		require.NoError(t, err)
		require.Equal(t, SCRAM, d.Method)
		require.NotNil(t, d.Verifier)
	}

	for addr, want := range map[string]bool{
		"127.0.0.1:5432": true, "[::1]:5432": true, "0.0.0.0:5432": false, "[::]:5432": false, "10.0.0.1:5432": false,
	} {
		a := net.TCPAddrFromAddrPort(netip.MustParseAddrPort(addr))
		require.Equal(t, want, CheckListen(a, false) == nil, addr)
		require.NoError(t, CheckListen(a, true))
	}
	require.NoError(t, CheckListen(&net.UnixAddr{Name: "/tmp/x", Net: "unix"}, false))
}

func TestLimiter(t *testing.T) {
	c := clock.NewFake(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	l := NewLimiter(c)
	a, same, other := netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("2001:db8::2"), netip.MustParseAddr("10.0.0.1")
	for range failureBurst {
		require.NoError(t, l.Check(a))
		l.Record(a, false)
	}
	require.Equal(t, pgerr.InvalidAuthorizationSpecification, pgerr.CodeOf(l.Check(a)))
	require.Error(t, l.Check(same), "one /64 is one attacker")
	require.NoError(t, l.Check(other))
	c.Advance(failureRefill - 1)
	require.Error(t, l.Check(a))
	c.Advance(1)
	require.NoError(t, l.Check(a))
	l.Record(a, false)
	require.Error(t, l.Check(a))
	c.Advance(failureRefill)
	l.Record(a, true)
	for range failureBurst {
		require.NoError(t, l.Check(a))
		l.Record(a, false)
	}
	require.Error(t, l.Check(a))
	require.NoError(t, (*Limiter)(nil).Check(a))
}

func TestLimiterForgets(t *testing.T) {
	c := clock.NewFake(time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC))
	l := NewLimiter(c)
	for i := range maxAddresses {
		l.Record(netip.AddrFrom4([4]byte{byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}), false)
	}
	c.Advance(failureRefill)
	l.Record(netip.MustParseAddr("200.0.0.1"), false)
	require.Len(t, l.failures, 1)
}

func TestReadUsers(t *testing.T) {
	v, err := NewVerifier("y", rng.Seeded(1))
	require.NoError(t, err)
	users, err := ReadUsers(strings.NewReader("; comment\n\n\"al\"\"ice\" \"pa ss\"\n  \"bob\"\t\""+v.String()+"\"\n"), rng.Seeded(2))
	require.NoError(t, err)
	require.Len(t, users, 2)
	require.Equal(t, v.String(), users["bob"].String())
	want, err := deriveVerifier("pa ss", users["al\"ice"].Salt, defaultIterations)
	require.NoError(t, err)
	require.Equal(t, want.String(), users["al\"ice"].String())

	for _, bad := range []string{`alice secret`, `"a"`, `"a" "b" "c"`, `"a" "b`, `"" "b"`, `"a" ""`, "\"a\" \"s\"\n\"a\" \"s\"", `"a" "SCRAM-SHA-256$secret"`} {
		_, err := ReadUsers(strings.NewReader(bad), rng.Seeded(3))
		require.Equal(t, pgerr.ConfigFileError, pgerr.CodeOf(err), bad)
		require.NotContains(t, err.Error(), "secret")
	}
}
