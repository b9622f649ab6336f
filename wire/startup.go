package wire

import (
	"bufio"
	"crypto/tls"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Codes in place of a protocol version (src/include/libpq/pqcomm.h).
const (
	codeCancel = 80877102
	codeSSL    = 80877103
	codeGSS    = 80877104
)

// Protocol versions: 3.0 is the oldest, 3.2 (secrets of 32 bytes) the newest.
const (
	protocolMajor  = 3
	newestProtocol = pgproto3.ProtocolVersion32
)

// maxStartupPacket is MAX_STARTUP_PACKET_LENGTH, which leaves out the length itself.
const maxStartupPacket = 10000

// alpn is the protocol's name in TLS, which direct TLS demands.
const alpn = "postgresql"

// tlsRecord is the first byte of a TLS handshake, which no startup packet has.
const tlsRecord = 0x16

// startupPacket is a StartupMessage.
type startupPacket struct {
	version uint32
	params  []Setting
}

// readStartup answers requests for encryption until the StartupMessage comes. It
// returns errEnd after a CancelRequest.
func (c *conn) readStartup() (startupPacket, error) {
	if b, err := c.r.Peek(1); err != nil {
		return startupPacket{}, err
	} else if b[0] == tlsRecord && c.tls != nil {
		if err := c.startDirectTLS(); err != nil {
			return startupPacket{}, err
		}
	}
	ssl, gss := c.info.TLS, false
	for {
		code, body, err := c.readPacket()
		switch {
		case err != nil:
			return startupPacket{}, err
		case code == codeCancel:
			c.srv.cancelRequest(body)
			return startupPacket{}, errEnd
		case code == codeSSL && !ssl:
			ssl, err = true, c.answerSSL()
		case code == codeGSS && !gss:
			gss, err = true, c.refuseEncryption("received unencrypted data after GSSAPI encryption request")
		default:
			return decodeStartup(code, body)
		}
		if err != nil {
			return startupPacket{}, err
		}
	}
}

// readPacket reads a packet of the startup phase, which has no type byte. A
// wrong length ends the connection without an answer, as PostgreSQL does: the
// other side does not speak the protocol.
func (c *conn) readPacket() (code uint32, body []byte, err error) {
	h, err := c.r.Peek(4)
	if err != nil {
		return 0, nil, err
	}
	n := int(int32(binary.BigEndian.Uint32(h)))
	if n < 8 || n > 4+maxStartupPacket {
		return 0, nil, errEnd
	}
	packet := make([]byte, n)
	if _, err := io.ReadFull(c.r, packet); err != nil {
		return 0, nil, err
	}
	return binary.BigEndian.Uint32(packet[4:]), packet[8:], nil
}

func decodeStartup(version uint32, body []byte) (startupPacket, error) {
	if version>>16 != protocolMajor {
		return startupPacket{}, pgerr.Fatal(pgerr.FeatureNotSupported,
			"unsupported frontend protocol %d.%d: server supports %d.0 to %d.%d",
			version>>16, version&0xffff, protocolMajor, protocolMajor, newestProtocol&0xffff)
	}
	p := startupPacket{version: version}
	m := message{rest: body}
	name := m.text()
	for ; name != ""; name = m.text() {
		p.params = append(p.params, Setting{name, m.text()})
	}
	if m.done() != nil {
		return startupPacket{}, pgerr.Fatal(pgerr.ProtocolViolation,
			"invalid startup packet layout: expected terminator as last byte")
	}
	return p, nil
}

func (c *conn) answerSSL() error {
	if c.tls == nil {
		return c.refuseEncryption("received unencrypted data after SSL request")
	}
	if _, err := c.raw.Write([]byte{'S'}); err != nil {
		return err
	}
	if err := c.nothingBuffered("received unencrypted data after SSL request"); err != nil {
		return err
	}
	return c.startTLS(c.raw)
}

func (c *conn) refuseEncryption(injected string) error {
	if _, err := c.raw.Write([]byte{'N'}); err != nil {
		return err
	}
	return c.nothingBuffered(injected)
}

// nothingBuffered guards against bytes that somebody put before the encrypted
// stream (CVE-2021-23214).
func (c *conn) nothingBuffered(message string) error {
	if c.r.Buffered() == 0 {
		return nil
	}
	return pgerr.Fatal(pgerr.ProtocolViolation, "%s", message).WithDetail(
		"This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.")
}

// startDirectTLS serves a client that begins with TLS at once (PostgreSQL 17's
// sslnegotiation=direct).
func (c *conn) startDirectTLS() error {
	if err := c.startTLS(bufferedConn{c.raw, c.r}); err != nil {
		return err
	}
	if c.net.(*tls.Conn).ConnectionState().NegotiatedProtocol != alpn {
		return pgerr.Fatal(pgerr.ProtocolViolation,
			"received direct SSL connection request without ALPN protocol negotiation extension")
	}
	return nil
}

func (c *conn) startTLS(under netConn) error {
	conf := c.tls.Clone()
	conf.NextProtos = []string{alpn}
	t := tls.Server(under, conf)
	if err := t.HandshakeContext(c.ctx); err != nil {
		c.log.Info("TLS handshake failed", "err", err)
		return errEnd
	}
	c.net, c.r, c.out.w, c.info.TLS = t, bufio.NewReader(t), t, true
	state := t.ConnectionState()
	c.info.TLSState = &state
	return nil
}

// handshake takes a new connection to its first ReadyForQuery. An error ends it.
func (c *conn) handshake() error {
	deadline := c.srv.cfg.Clock.Now().Add(c.srv.cfg.StartupTimeout)
	if err := c.raw.SetReadDeadline(deadline); err != nil {
		return err
	}
	p, err := c.readStartup()
	if err != nil {
		return err
	}
	if err := c.describeStartup(p); err != nil {
		return err
	}
	if err := c.srv.admit(c, secretLength(p.version)); err != nil {
		return err
	}
	if err := c.negotiate(p); err != nil {
		return err
	}
	if err := c.authenticate(); err != nil {
		return timedOut(err)
	}
	if err := c.raw.SetReadDeadline(noDeadline); err != nil {
		return err
	}
	return c.open(p)
}

func timedOut(err error) error {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return pgerr.Fatal(pgerr.QueryCanceled, "canceling authentication due to timeout")
	}
	return err
}

func secretLength(version uint32) int {
	if version >= pgproto3.ProtocolVersion32 {
		return 32
	}
	return 4
}

// describeStartup reads the parameters that are not settings.
func (c *conn) describeStartup(p startupPacket) error {
	c.info.RemoteAddr, c.info.LocalAddr = addrPort(c.raw.RemoteAddr()), addrPort(c.raw.LocalAddr())
	for _, s := range p.params {
		switch s.Name {
		case "user":
			c.info.User = s.Value
		case "database":
			c.info.Database = s.Value
		case "replication":
			if err := refuseReplication(s.Value); err != nil {
				return err
			}
		}
	}
	if c.info.User == "" {
		return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification,
			"no PostgreSQL user name specified in startup packet")
	}
	if c.info.Database == "" {
		c.info.Database = c.info.User
	}
	return nil
}

// refuseReplication is 0A000 for a client that wants to replicate, and 22023 for one
// that does not say whether (ProcessStartupPacket).
func refuseReplication(value string) error {
	switch v := strings.ToLower(value); {
	case abbreviates(v, "false", "no", "off") && v != "o" || v == "0":
		return nil
	case abbreviates(v, "true", "yes", "on") && v != "o" || v == "1" || value == "database":
		return asFatal(pgerr.Unsupported("the replication protocol"))
	}
	return pgerr.Fatal(pgerr.InvalidParameterValue, "invalid value for parameter \"replication\": \"%s\"", value).
		WithHint("Valid values are: \"false\", 0, \"true\", 1, \"database\".")
}

// abbreviates says whether s is the beginning of one of the words, and not empty.
func abbreviates(s string, words ...string) bool {
	return s != "" && slices.ContainsFunc(words, func(w string) bool { return strings.HasPrefix(w, s) })
}

func addrPort(n net.Addr) netip.AddrPort {
	a, err := netip.ParseAddrPort(n.String())
	if err != nil {
		return netip.AddrPort{}
	}
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// negotiate tells a client that asks for more than there is what there is.
func (c *conn) negotiate(p startupPacket) error {
	var unknown []string
	for _, s := range p.params {
		if strings.HasPrefix(s.Name, "_pq_.") {
			unknown = append(unknown, s.Name)
		}
	}
	if p.version <= newestProtocol && unknown == nil {
		return nil
	}
	return c.out.send(&pgproto3.NegotiateProtocolVersion{
		NewestMinorProtocol: min(p.version, newestProtocol), UnrecognizedOptions: unknown,
	})
}

// open makes the session and says that it is ready.
func (c *conn) open(p startupPacket) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = c.panicked(v)
		}
	}()
	if c.info.Settings, err = settings(p); err != nil {
		return err
	}
	c.session, err = c.srv.cfg.Handler.NewSession(c.ctx, c.info, client{c})
	if err != nil {
		return asFatal(errorFor(c.ctx, err))
	}
	for _, m := range c.mail.changedParameters() {
		if err := c.out.send(m); err != nil {
			return err
		}
	}
	key := &pgproto3.BackendKeyData{ProcessID: uint32(c.info.PID), SecretKey: c.info.Secret}
	if err := c.out.send(key); err != nil {
		return err
	}
	return c.ready()
}

// refuse ends a connection whose handshake failed.
func (c *conn) refuse(err error) {
	e := pgerr.As(err)
	if e == nil {
		if !errors.Is(err, errEnd) && err != io.EOF {
			c.log.Debug("connection ended before it began", "err", err)
		}
		return
	}
	c.log.Info("connection refused", "user", c.info.User, "database", c.info.Database,
		"code", string(e.Code), "reason", e.Message)
	_ = c.lastWords(asFatal(e))
}
