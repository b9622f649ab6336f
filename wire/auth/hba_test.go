package auth

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
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
	rules, err := ParseHBA(sampleHBA)
	require.NoError(t, err)
	require.Len(t, rules, 8)
	require.Equal(t, 6, rules[4].Line)
	require.Equal(t, "255.255.0.0", rules[4].Mask)
	require.Equal(t, []string{"ana", "+staff"}, rules[4].Users)
	maps, err := ParseIdent("people /^(.*)@shop$ \\1\npeople root admin\n")
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

func TestHBARefuses(t *testing.T) {
	for text, want := range map[string]string{
		"remote all all trust":                        `invalid connection type "remote"`,
		"host":                                        "end-of-line before database specification",
		"host all":                                    "end-of-line before role specification",
		"host all all":                                "end-of-line before IP address specification",
		"host all all all":                            "end-of-line before authentication method",
		"host all all 10.0.0.0 trust":                 `invalid IP mask "trust"`,
		"host all all 10.0.0.0/99 trust":              `invalid CIDR mask in address "10.0.0.0/99"`,
		"host all all db.example.com trust":           `host names in addresses ("db.example.com") are not supported`,
		"host all @admins all trust":                  `files of names ("@admins") are not supported`,
		"host all all all password":                   `invalid authentication method "password": not supported by this build`,
		"host all all all scram":                      `invalid authentication method "scram"`,
		"host all all all cert":                       "cert authentication is only supported on hostssl connections",
		"host all all all trust clientcert=verify-ca": `clientcert can only be configured for "hostssl" rows`,
		"hostssl all all all cert clientcert=no":      `invalid value for clientcert: "no"`,
		"hostssl all all all trust colour=red":        `unrecognized authentication option name: "colour"`,
		"hostssl all all all trust colour":            "authentication option not in name=value format: colour",
		`host "all all all trust`:                     "unterminated quoted string",
	} {
		_, err := ParseHBA("# a comment\n" + text)
		require.EqualError(t, err, want, text)
		require.Equal(t, pgerr.ConfigFileError, pgerr.CodeOf(err))
		require.Equal(t, "line 2", pgerr.As(err).Detail)
	}
	_, err := ParseIdent("m a")
	require.EqualError(t, err, "missing entry at end of line")
	_, err = ParseIdent("m /( a")
	require.Error(t, err)
}
