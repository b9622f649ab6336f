package wire

import (
	"crypto/tls"
	"crypto/x509"
	"io"

	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/wire/auth"
)

// maxAuthMessage is PG_MAX_SASL_MESSAGE_LENGTH.
const maxAuthMessage = 1024

// authenticate finds out whether the user is who they say, by the method that
// the policy asks for.
func (c *conn) authenticate() error {
	req := auth.Request{
		User: c.info.User, Database: c.info.Database, Addr: c.info.RemoteAddr.Addr(), TLS: c.info.TLS, Cert: c.clientCert(),
	}
	d, err := c.srv.cfg.Auth.Decide(c.ctx, req)
	if err != nil {
		return err
	}
	if d.Method == auth.SCRAM {
		if err := c.scram(req, d); err != nil {
			return err
		}
	}
	return c.out.send(&pgproto3.AuthenticationOk{})
}

// clientCert is the certificate that the client has shown, and that TLS has verified.
func (c *conn) clientCert() *x509.Certificate {
	t, ok := c.net.(*tls.Conn)
	if !ok {
		return nil
	}
	if chains := t.ConnectionState().VerifiedChains; len(chains) > 0 {
		return chains[0][0]
	}
	return nil
}

// scram runs the SASL exchange, within the limit on failures per address.
func (c *conn) scram(req auth.Request, d auth.Decision) error {
	limiter := c.srv.cfg.Limiter
	if err := limiter.Check(req.Addr); err != nil {
		return err
	}
	v := d.Verifier
	if v == nil {
		v = auth.MockVerifier(req.User, c.srv.cfg.MockKey)
	}
	nonce := make([]byte, auth.NonceBytes)
	c.srv.cfg.Rand.Read(nonce)
	x := auth.NewExchange(v, nonce, c.channelBinding())
	err := c.exchange(x)
	if err == nil && !x.Verified() {
		err = pgerr.Fatal(pgerr.InvalidPassword, "password authentication failed for user \"%s\"", req.User)
	}
	// A client that just went away has neither failed nor succeeded: psql does
	// so to ask for the password.
	if err == nil || pgerr.As(err) != nil {
		limiter.Record(req.Addr, err == nil)
	}
	return err
}

// exchange carries the four messages of SCRAM. It leaves out the last one if the
// proof was wrong.
func (c *conn) exchange(x *auth.Exchange) error {
	if err := c.ask(&pgproto3.AuthenticationSASL{AuthMechanisms: x.Mechanisms()}); err != nil {
		return err
	}
	m, err := c.readAuthMessage()
	if err != nil {
		return err
	}
	mechanism, first := m.text(), m.value()
	if err := m.done(); err != nil {
		return err
	}
	reply, err := x.First(mechanism, first)
	if err != nil {
		return err
	}
	if err := c.ask(&pgproto3.AuthenticationSASLContinue{Data: reply}); err != nil {
		return err
	}
	if m, err = c.readAuthMessage(); err != nil {
		return err
	}
	if reply, err = x.Final(m.rest); err != nil || !x.Verified() {
		return err
	}
	return c.out.send(&pgproto3.AuthenticationSASLFinal{Data: reply})
}

func (c *conn) ask(m pgproto3.BackendMessage) error {
	if err := c.out.send(m); err != nil {
		return err
	}
	return c.out.flush()
}

func (c *conn) readAuthMessage() (*message, error) {
	typ, n, err := readHeader(c.r)
	if err != nil {
		return nil, err
	}
	if typ != msgPassword {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "expected SASL response, got message type %d", typ)
	}
	if n < 0 || n > maxAuthMessage {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "invalid message length")
	}
	body := make([]byte, n)
	_, err = io.ReadFull(c.r, body)
	return &message{rest: body}, err
}

// channelBinding is the server's tls-server-end-point (RFC 5929 section 4), nil
// without TLS or where it is not certain which certificate was shown.
func (c *conn) channelBinding() []byte {
	conf := c.tls
	if !c.info.TLS || len(conf.Certificates) != 1 || conf.GetCertificate != nil || conf.GetConfigForClient != nil {
		return nil
	}
	return auth.EndPointBinding(conf.Certificates[0])
}
