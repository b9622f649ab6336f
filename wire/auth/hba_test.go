package auth

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"io/fs"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

const sampleHBA = `# TYPE  DATABASE  USER  ADDRESS  METHOD
local   all       all                    trust
host    all       banned  all            reject
host    "all"     all     10.0.0.0/8     trust   # a database that is called all
host    sameuser  all     10.0.0.0/8     trust
host    shop,crm  ana, \
                  +staff  192.168.0.0 255.255.0.0 scram-sha-256
hostssl all       all     ::1/128        cert map=people
hostssl all       all     10.9.0.1/32    scram-sha-256 clientcert=verify-full
hostnossl all     all     127.0.0.1/32   md5
`

func TestHBA(t *testing.T) {
	rules, err := ParseHBA("", sampleHBA, nil)
	require.NoError(t, err)
	require.Len(t, rules, 8)
	require.Equal(t, 6, rules[4].Line)
	require.Equal(t, "255.255.0.0", rules[4].Mask)
	require.Equal(t, []string{"ana", "+staff"}, rules[4].Users)
	maps, err := ParseIdent("", "people /^(.*)@shop$ \\1\npeople root admin\n", nil)
	require.NoError(t, err)
	v, err := NewVerifier("x", rng.Seeded(1))
	require.NoError(t, err)
	h := HBA{Rules: rules, Maps: maps, Users: StaticUsers{"ana": v, "eva": v},
		Members: func(user, role string) bool { return user == "eva" && role == "staff" }}
	named := func(cn string) *x509.Certificate { return &x509.Certificate{Subject: pkix.Name{CommonName: cn}} }
	for _, c := range []struct {
		user, db, addr string
		cert           *x509.Certificate
		tls            bool
		want           Decision
		err            string
	}{
		{user: "u", db: "d", want: Decision{Method: Trust}},
		{user: "banned", db: "d", addr: "10.0.0.1", err: `pg_hba.conf rejects connection for host "10.0.0.1", user "banned", database "d", no encryption`},
		{user: "u", db: "all", addr: "10.0.0.1", want: Decision{Method: Trust}},
		{user: "u", db: "u", addr: "10.0.0.1", want: Decision{Method: Trust}},
		{user: "u", db: "d", addr: "10.0.0.1", err: `no pg_hba.conf entry for host "10.0.0.1", user "u", database "d", no encryption`},
		{user: "ana", db: "crm", addr: "192.168.3.4", want: Decision{Method: SCRAM, Verifier: v}},
		{user: "eva", db: "shop", addr: "::ffff:192.168.3.4", want: Decision{Method: SCRAM, Verifier: v}},
		{user: "u", db: "shop", addr: "192.168.3.4", err: `no pg_hba.conf entry for host "192.168.3.4", user "u", database "shop", no encryption`},
		{user: "u", db: "d", addr: "::1", tls: true, err: "connection requires a valid client certificate"},
		{user: "u", db: "d", addr: "::1", tls: true, cert: named("u@shop"), want: Decision{Method: Trust}},
		{user: "admin", db: "d", addr: "::1", tls: true, cert: named("root"), want: Decision{Method: Trust}},
		{user: "u", db: "d", addr: "::1", tls: true, cert: named("u"), err: `certificate authentication failed for user "u"`},
		{user: "ana", db: "d", addr: "10.9.0.1", tls: true, cert: named("eva"), err: `password authentication failed for user "ana"`},
		{user: "ana", db: "d", addr: "10.9.0.1", tls: true, cert: named("ana"), want: Decision{Method: SCRAM, Verifier: v}},
		{user: "nobody", db: "d", addr: "127.0.0.1", want: Decision{Method: SCRAM}},
	} {
		q := Request{User: c.user, Database: c.db, TLS: c.tls, Cert: c.cert}
		if c.addr != "" {
			q.Addr = netip.MustParseAddr(c.addr)
		}
		got, err := h.Decide(context.Background(), q)
		if c.err != "" {
			require.EqualError(t, err, c.err, "%+v", c)
			continue
		}
		require.NoError(t, err, "%+v", c)
		require.Equal(t, c.want, got, "%+v", c)
	}
}

// hbaFiles is the directory /etc/pg.
func hbaFiles(path string) ([]byte, error) {
	text, ok := map[string]string{
		"/etc/pg/lists/staff": "ana, eva # both\n@more\n\n\"@quoted\" +team",
		"/etc/pg/lists/more":  "zoe",
		"/etc/pg/empty":       "# nobody",
		"/etc/pg/self":        "@self",
		"/etc/pg/broken":      `"x`,
	}[path]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

func TestHBAFiles(t *testing.T) {
	rules, err := ParseHBA("/etc/pg/hba.conf", "host shop,@lists/staff root,@empty,@lists/more all trust\nhost all all @empty all trust", hbaFiles)
	require.NoError(t, err)
	require.Equal(t, []string{"shop", "ana", "eva", "zoe", "@quoted", "+team"}, rules[0].Databases)
	require.Equal(t, []string{"root", "zoe"}, rules[0].Users)
	require.Equal(t, "all", rules[1].Address)
}

// fakeNames has names by address, and addresses by name.
type fakeNames struct {
	names     map[string]string
	addresses map[string]string
	looked    int
}

func (f *fakeNames) LookupAddr(_ context.Context, addr string) ([]string, error) {
	f.looked++
	if n, ok := f.names[addr]; ok {
		return []string{n + "."}, nil
	}
	return nil, errors.New("no such host")
}

func (f *fakeNames) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	f.looked++
	if a, ok := f.addresses[host]; ok {
		return []netip.Addr{netip.MustParseAddr("9.9.9.9"), netip.MustParseAddr(a)}, nil
	}
	return nil, errors.New("no such host")
}

func TestHBAHostNames(t *testing.T) {
	rules, err := ParseHBA("", `host all all DB.example.com trust
host all all other.example.com reject
host all all .example.com scram-sha-256
`, nil)
	require.NoError(t, err)
	require.Equal(t, "DB.example.com", rules[0].Address)
	require.Empty(t, rules[0].Mask)
	for addr, want := range map[string]struct {
		method  Method
		refused bool
		looked  int
	}{
		"10.0.0.1":        {method: Trust, looked: 2},
		"::ffff:10.0.0.1": {method: Trust, looked: 2},
		"10.0.0.2":        {method: SCRAM, looked: 2},
		"fd00::1":         {method: SCRAM, looked: 2},
		"10.0.0.3":        {refused: true, looked: 2}, // says that it is db, whose address is another
		"10.0.0.4":        {refused: true, looked: 2}, // its name has no address
		"10.0.0.5":        {refused: true, looked: 1}, // has no name
		"10.0.0.6":        {refused: true, looked: 1}, // has another
	} {
		names := &fakeNames{
			names: map[string]string{"10.0.0.1": "db.example.com", "10.0.0.2": "web.Example.com", "fd00::1": "six.example.com",
				"10.0.0.3": "db.example.com", "10.0.0.4": "gone.example.com", "10.0.0.6": "example.com"},
			addresses: map[string]string{"db.example.com": "10.0.0.1", "web.Example.com": "::ffff:10.0.0.2", "six.example.com": "fd00::1"},
		}
		h := HBA{Rules: rules, Users: StaticUsers{}, Names: names}
		d, err := h.Decide(context.Background(), Request{User: "u", Database: "d", Addr: netip.MustParseAddr(addr)})
		require.Equal(t, want.refused, err != nil, addr)
		require.Equal(t, want.method, d.Method, addr)
		require.Equal(t, want.looked, names.looked, addr)
	}
}

func TestHBARefuses(t *testing.T) {
	for text, want := range map[string]string{
		"remote all all trust":                        `invalid connection type "remote"`,
		"host":                                        "end-of-line before database specification",
		"host all":                                    "end-of-line before role specification",
		"host all all":                                "end-of-line before IP address specification",
		"host all all all":                            "end-of-line before authentication method",
		"host all all 10.0.0.0 trust":                 `invalid IP mask "trust"`,
		"host all all 10.0.0.0/99 trust":              `invalid CIDR mask in address "10.0.0.0/99"`,
		"host all all db.example.com/8 trust":         `specifying both host name and CIDR mask is invalid: "db.example.com/8"`,
		"host all @admins all trust":                  `could not open secondary authentication file "@admins" as "/etc/pg/admins": file does not exist`,
		"host all @self all trust":                    `could not open file "/etc/pg/self": maximum nesting depth exceeded`,
		"host all @broken all trust":                  "unterminated quoted string",
		"host all all all password":                   `invalid authentication method "password": not supported by this build`,
		"host all all all scram":                      `invalid authentication method "scram"`,
		"host all all all cert":                       "cert authentication is only supported on hostssl connections",
		"host all all all trust clientcert=verify-ca": `clientcert can only be configured for "hostssl" rows`,
		"hostssl all all all cert clientcert=no":      `invalid value for clientcert: "no"`,
		"hostssl all all all trust colour=red":        `unrecognized authentication option name: "colour"`,
		"hostssl all all all trust colour":            "authentication option not in name=value format: colour",
		`host "all all all trust`:                     "unterminated quoted string",
	} {
		_, err := ParseHBA("/etc/pg/hba.conf", "# a comment\n"+text, hbaFiles)
		require.EqualError(t, err, want, text)
		require.Equal(t, pgerr.ConfigFileError, pgerr.CodeOf(err))
		require.Equal(t, "line 2", pgerr.As(err).Detail)
	}
	_, err := ParseIdent("", "m a", nil)
	require.EqualError(t, err, "missing entry at end of line")
	_, err = ParseIdent("", "m /( a", nil)
	require.Error(t, err)
}
