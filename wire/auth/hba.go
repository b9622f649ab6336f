package auth

import (
	"context"
	"crypto/x509"
	"net"
	"net/netip"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// CertCheck is what a rule asks of a client's certificate (clientcert).
type CertCheck uint8

// The checks.
const (
	NoCert     CertCheck = iota
	VerifyCA             // one of the client CA's
	VerifyFull           // and it names the user
)

// HBARule is a line of pg_hba.conf (HbaLine), as pg_hba_file_rules shows it.
type HBARule struct {
	Line                      int
	Type                      string // local, host, hostssl …
	Databases, Users          []string
	Address, Mask, AuthMethod string
	Options                   []string
	databases, users          []hbaToken
	nets                      []netip.Prefix
	hostname                  string // or .suffix of one
	method                    Method
	check                     CertCheck
	usermap                   string
	distinguished             bool // the whole DN is the name, not the CN
}

// Membership says whether a role is a member of another one, for +role and samerole.
type Membership func(user, role string) bool

// HBA is a Policy as pg_hba.conf has it: the first rule that matches decides, none
// refuses.
type HBA struct {
	Rules   []HBARule
	Maps    []IdentRule
	Users   Users
	Members Membership
	// Names looks up the host names of rules.
	Names Names
}

// ParseHBA reads the text of the pg_hba.conf at path, and by read the @files that it
// names. Errors (F0000) are PostgreSQL's, with the line as detail; methods that there are
// not here are refused.
func ParseHBA(path, text string, read ReadFile) ([]HBARule, error) {
	lines, err := tokenizer{path: path, read: read}.tokenize(text)
	if err != nil {
		return nil, err
	}
	var out []HBARule
	for _, l := range lines {
		rule, err := parseHBALine(l)
		if err != nil {
			return nil, err
		}
		out = append(out, rule)
	}
	return out, nil
}

var hbaTypes = []string{"local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc"}

// parseHBALine is parse_hba_line.
func parseHBALine(l hbaLine) (HBARule, error) {
	r := HBARule{Line: l.number}
	f := l.fields
	if len(f[0]) > 1 {
		return r, hbaError(l.number, "multiple values specified for connection type")
	}
	if r.Type = f[0][0].text; !slices.Contains(hbaTypes, r.Type) {
		return r, hbaError(l.number, "invalid connection type \"%s\"", r.Type)
	}
	if len(f) < 2 {
		return r, hbaError(l.number, "end-of-line before database specification")
	}
	if len(f) < 3 {
		return r, hbaError(l.number, "end-of-line before role specification")
	}
	r.databases, r.users = f[1], f[2]
	r.Databases, r.Users = texts(f[1]), texts(f[2])
	f = f[3:]
	if r.Type != "local" {
		var err error
		if f, err = r.address(l.number, f); err != nil {
			return r, err
		}
	}
	if len(f) == 0 {
		return r, hbaError(l.number, "end-of-line before authentication method")
	}
	if len(f[0]) > 1 {
		return r, hbaError(l.number, "multiple values specified for authentication type")
	}
	if err := r.authMethod(l.number, f[0][0].text); err != nil {
		return r, err
	}
	return r, r.options(l.number, f[1:])
}

func texts(ts []hbaToken) []string {
	out := make([]string, len(ts))
	for i, t := range ts {
		out[i] = t.text
	}
	return out
}

// address reads the address, and the mask where that is a field of its own.
func (r *HBARule) address(line int, f [][]hbaToken) (rest [][]hbaToken, err error) {
	if len(f) == 0 {
		return nil, hbaError(line, "end-of-line before IP address specification")
	}
	if len(f[0]) > 1 {
		return nil, hbaError(line, "multiple values specified for host address")
	}
	t := f[0][0]
	r.Address = t.text
	if t.is("all") || t.is("samehost") || t.is("samenet") {
		return f[1:], nil
	}
	if p, err := netip.ParsePrefix(t.text); err == nil {
		r.nets, r.Address, r.Mask = []netip.Prefix{p.Masked()}, p.Addr().String(), maskOf(p)
		return f[1:], nil
	}
	a, err := netip.ParseAddr(t.text)
	if err != nil {
		r.hostname = t.text
		return f[1:], checkHostname(line, t.text)
	}
	if len(f) < 2 {
		return nil, hbaError(line, "end-of-line before netmask specification")
	}
	bits, ok := maskBits(f[1][0].text)
	if !ok || len(f[1]) > 1 {
		return nil, hbaError(line, "invalid IP mask \"%s\"", f[1][0].text)
	}
	p, err := a.Prefix(bits)
	if err != nil {
		return nil, hbaError(line, "IP address and mask do not match")
	}
	r.nets, r.Mask = []netip.Prefix{p}, f[1][0].text
	return f[2:], nil
}

func maskOf(p netip.Prefix) string {
	return net.IP(net.CIDRMask(p.Bits(), p.Addr().BitLen())).String()
}

func maskBits(text string) (int, bool) {
	a, err := netip.ParseAddr(text)
	if err != nil {
		return 0, false
	}
	ones, bits := net.IPMask(a.AsSlice()).Size()
	return ones, bits > 0
}

// hbaMethods are those there are. md5 is SCRAM, as it is in PostgreSQL for a role with a
// SCRAM verifier: there are no others.
var hbaMethods = map[string]Method{"trust": Trust, "reject": Reject, "scram-sha-256": SCRAM, "md5": SCRAM, "cert": Cert}

// absentMethods are PostgreSQL's others.
var absentMethods = []string{"password", "gss", "sspi", "krb5", "ident", "peer", "pam", "bsd", "ldap", "radius"}

func (r *HBARule) authMethod(line int, name string) error {
	m, ok := hbaMethods[name]
	r.AuthMethod = name
	switch {
	case slices.Contains(absentMethods, name):
		return hbaError(line, "invalid authentication method \"%s\": not supported by this build", name)
	case !ok:
		return hbaError(line, "invalid authentication method \"%s\"", name)
	case m == Cert && r.Type != "hostssl":
		return hbaError(line, "cert authentication is only supported on hostssl connections")
	}
	r.method = m
	if m == Cert {
		r.check = VerifyFull
	}
	return nil
}

// options are parse_hba_auth_opt's.
func (r *HBARule) options(line int, f [][]hbaToken) error {
	for _, tokens := range f {
		for _, t := range tokens {
			name, value, ok := strings.Cut(t.text, "=")
			if !ok {
				return hbaError(line, "authentication option not in name=value format: %s", t.text)
			}
			if err := r.option(line, name, value); err != nil {
				return err
			}
			r.Options = append(r.Options, t.text)
		}
	}
	if r.AuthMethod == "cert" {
		r.Options = append(r.Options, "clientcert=verify-full")
	}
	return nil
}

func (r *HBARule) option(line int, name, value string) error {
	switch name {
	case "map":
		if r.method != Cert {
			return hbaError(line, "authentication option \"map\" is only valid for authentication methods ident, peer, gssapi, sspi, and cert")
		}
		r.usermap = value
	case "clientcert":
		switch {
		case r.Type != "hostssl":
			return hbaError(line, "clientcert can only be configured for \"hostssl\" rows")
		case value == "verify-full":
			r.check = VerifyFull
		case value == "verify-ca" && r.method == Cert:
			return hbaError(line, "clientcert only accepts \"verify-full\" when using \"cert\" authentication")
		case value == "verify-ca":
			r.check = VerifyCA
		default:
			return hbaError(line, "invalid value for clientcert: \"%s\"", value)
		}
	case "clientname":
		switch {
		case r.Type != "hostssl":
			return hbaError(line, "clientname can only be configured for \"hostssl\" rows")
		case value == "DN":
			r.distinguished = true
		case value != "CN":
			return hbaError(line, "invalid value for clientname: \"%s\"", value)
		}
	default:
		return hbaError(line, "unrecognized authentication option name: \"%s\"", name)
	}
	return nil
}

// matches is check_hba for one line.
func (h HBA) matches(r HBARule, q Request, client *clientHost) bool {
	return r.matchesType(q) && r.matchesAddress(q, client) && h.matchesDatabase(r, q) && h.matchesUser(r, q)
}

func (r HBARule) matchesType(q Request) bool {
	switch r.Type {
	case "local":
		return !q.Addr.IsValid()
	case "hostssl":
		return q.Addr.IsValid() && q.TLS
	case "hostnossl":
		return q.Addr.IsValid() && !q.TLS
	case "hostgssenc":
		return false
	}
	return q.Addr.IsValid()
}

func (r HBARule) matchesAddress(q Request, client *clientHost) bool {
	addr := q.Addr.Unmap()
	switch {
	case r.hostname != "":
		return client.is(r.hostname)
	case r.Type == "local" || r.nets == nil && r.Address == "all":
		return true
	case r.nets != nil:
		return inNets(r.nets, addr)
	}
	nets, err := net.InterfaceAddrs()
	if err != nil {
		return false
	}
	return slices.ContainsFunc(nets, func(a net.Addr) bool {
		p, err := netip.ParsePrefix(a.String())
		if err != nil {
			return false
		}
		return r.Address == "samehost" && p.Addr() == addr || r.Address == "samenet" && p.Contains(addr)
	})
}

// matchesDatabase is check_db; there is no replication.
func (h HBA) matchesDatabase(r HBARule, q Request) bool {
	return slices.ContainsFunc(r.databases, func(t hbaToken) bool {
		switch {
		case t.is("all"):
			return true
		case t.is("sameuser"):
			return q.User == q.Database
		case t.is("samerole"), t.is("samegroup"):
			return h.member(q.User, q.Database)
		case t.is("replication"):
			return false
		}
		return t.text == q.Database
	})
}

// matchesUser is check_role.
func (h HBA) matchesUser(r HBARule, q Request) bool {
	return slices.ContainsFunc(r.users, func(t hbaToken) bool {
		if role, ok := strings.CutPrefix(t.text, "+"); ok && !t.quoted {
			return h.member(q.User, role)
		}
		return t.is("all") || t.text == q.User
	})
}

func (h HBA) member(user, role string) bool { return h.Members != nil && h.Members(user, role) }

// Decide implements Policy.
func (h HBA) Decide(ctx context.Context, q Request) (Decision, error) {
	client := &clientHost{ctx: ctx, names: h.Names, addr: q.Addr.Unmap()}
	i := slices.IndexFunc(h.Rules, func(r HBARule) bool { return h.matches(r, q, client) })
	if i < 0 || h.Rules[i].method == Reject {
		return Decision{}, refused(q, i < 0)
	}
	r := h.Rules[i]
	if err := h.checkCert(r, q); err != nil {
		return Decision{}, err
	}
	d := Decision{Method: r.method}
	if d.Method == Cert { // it has been proved
		d.Method = Trust
	}
	if d.Method != SCRAM {
		return d, nil
	}
	var err error
	d.Verifier, err = h.Users.Verifier(ctx, q.User)
	return d, err
}

// checkCert is ClientAuthentication's check of the certificate, and CheckCertAuth.
func (h HBA) checkCert(r HBARule, q Request) error {
	if r.check == NoCert {
		return nil
	}
	if q.Cert == nil {
		return fatal28000("connection requires a valid client certificate")
	}
	if r.check != VerifyFull {
		return nil
	}
	name := q.Cert.Subject.CommonName
	if r.distinguished {
		name = distinguishedName(q.Cert)
	}
	switch {
	case name == "":
	case r.method == Cert && h.mapped(r.usermap, name, q.User), r.method != Cert && name == q.User:
		return nil
	}
	switch r.method {
	case Cert:
		return fatal28000("certificate authentication failed for user \"%s\"", q.User)
	case Trust:
		return fatal28000("\"trust\" authentication failed for user \"%s\"", q.User)
	}
	return pgerr.Fatal(pgerr.InvalidPassword, "password authentication failed for user \"%s\"", q.User)
}

// distinguishedName is the subject as RFC 2253 writes it.
func distinguishedName(c *x509.Certificate) string { return c.Subject.String() }
