package auth

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Method is a way to prove who one is.
type Method uint8

// The methods.
const (
	Reject Method = iota
	Trust
	SCRAM
	// Cert: a certificate that names the user.
	Cert
)

// Request is a client that wants in.
type Request struct {
	User, Database string
	// Addr is the zero Addr for a connection that is not IP.
	Addr netip.Addr
	TLS  bool
	// Cert is the client's certificate, which has been verified; nil without one.
	Cert *x509.Certificate
}

// Local says whether the client is on this machine.
func (r Request) Local() bool { return !r.Addr.IsValid() || r.Addr.IsLoopback() }

// Decision is what a Policy asks of a client.
type Decision struct {
	Method Method
	// Verifier is for SCRAM; nil makes the client fail after a full exchange, so
	// that it can't find out which users exist.
	Verifier *Verifier
}

// Policy decides how a client is authenticated. An error refuses it: 28000.
type Policy interface {
	Decide(ctx context.Context, r Request) (Decision, error)
}

// Users finds the verifier of a user: nil if there is no such user or it has no
// password.
type Users interface {
	Verifier(ctx context.Context, user string) (*Verifier, error)
}

// StaticUsers is a fixed set of users.
type StaticUsers map[string]*Verifier

// Verifier implements Users.
func (s StaticUsers) Verifier(_ context.Context, user string) (*Verifier, error) {
	return s[user], nil
}

// Transport restricts a Rule to a kind of connection, as the first column of
// pg_hba.conf does.
type Transport uint8

// The transports.
const (
	Any       Transport = iota // host and local
	LocalOnly                  // from this machine
	TLSOnly                    // hostssl
	PlainOnly                  // hostnossl
)

// Rule is a line of pg_hba.conf. Empty lists match everything.
type Rule struct {
	Transport Transport
	Nets      []netip.Prefix
	Databases []string
	Users     []string
	Method    Method
}

func (rule Rule) matches(r Request) bool {
	return rule.Transport.matches(r) && inNets(rule.Nets, r.Addr) &&
		inNames(rule.Databases, r.Database) && inNames(rule.Users, r.User)
}

func (t Transport) matches(r Request) bool {
	switch t {
	case LocalOnly:
		return r.Local()
	case TLSOnly:
		return r.TLS
	case PlainOnly:
		return !r.TLS
	}
	return true
}

func inNets(nets []netip.Prefix, a netip.Addr) bool {
	return len(nets) == 0 || slices.ContainsFunc(nets, func(p netip.Prefix) bool { return p.Contains(a) })
}

func inNames(names []string, name string) bool {
	return len(names) == 0 || slices.Contains(names, name)
}

// Rules is a Policy of which the first rule that matches decides.
type Rules struct {
	Rules []Rule
	Users Users
}

// Decide implements Policy.
func (rs Rules) Decide(ctx context.Context, r Request) (Decision, error) {
	i := slices.IndexFunc(rs.Rules, func(rule Rule) bool { return rule.matches(r) })
	if i < 0 || rs.Rules[i].Method == Reject {
		return Decision{}, refused(r, i < 0)
	}
	d := Decision{Method: rs.Rules[i].Method}
	if d.Method != SCRAM || rs.Users == nil {
		return d, nil
	}
	v, err := rs.Users.Verifier(ctx, r.User)
	d.Verifier = v
	return d, err
}

// refused is in the words of PostgreSQL's ClientAuthentication.
func refused(r Request, noRule bool) error {
	what := "pg_hba.conf rejects connection"
	if noRule {
		what = "no pg_hba.conf entry"
	}
	host, encryption := "[local]", "no encryption"
	if r.Addr.IsValid() {
		host = r.Addr.String()
	}
	if r.TLS {
		encryption = "SSL encryption"
	}
	return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification,
		`%s for host "%s", user "%s", database "%s", %s`, what, host, r.User, r.Database, encryption)
}

// DefaultRules are the rules without a configuration of their own. With users,
// everybody needs a password. Without, this machine is trusted and nobody else
// gets in.
func DefaultRules(users StaticUsers) Rules {
	if len(users) > 0 {
		return Rules{Rules: []Rule{{Method: SCRAM}}, Users: users}
	}
	return Rules{Rules: []Rule{{Transport: LocalOnly, Method: Trust}}}
}

// CheckListen refuses to listen where strangers can come, as long as there are
// no users and no rules: F0000.
func CheckListen(addr net.Addr, configured bool) error {
	if configured || isLocal(addr) {
		return nil
	}
	return pgerr.New(pgerr.ConfigFileError, "listening on %s needs users with passwords", addr).
		WithDetail("Without users only connections from this machine are let in.").
		WithHint("Set S3DB_USER and S3DB_PASSWORD, an auth file or an HBA file, or listen on 127.0.0.1.")
}

func isLocal(addr net.Addr) bool {
	a, err := netip.ParseAddrPort(addr.String())
	if err != nil {
		return addr.Network() == "unix"
	}
	return a.Addr().Unmap().IsLoopback()
}
