package auth

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// The SASL mechanisms.
const (
	mechanismPlain = "SCRAM-SHA-256"
	mechanismPlus  = "SCRAM-SHA-256-PLUS"
)

// NonceBytes is how much chance goes into a server's nonce
// (SCRAM_RAW_NONCE_LEN).
const NonceBytes = 18

// bindingType is the only channel binding that PostgreSQL speaks.
const bindingType = "tls-server-end-point"

// Exchange is the server's side of one SCRAM conversation: First, then Final.
type Exchange struct {
	v       *Verifier
	nonce   string // the server's part, then both
	binding []byte

	plus            bool
	gs2             string // the client's GS2 header
	clientFirstBare string
	serverFirst     string
	verified        bool
}

// NewExchange begins an exchange. nonce is NonceBytes of chance; binding is the
// channel's tls-server-end-point, nil where there is none.
func NewExchange(v *Verifier, nonce, binding []byte) *Exchange {
	return &Exchange{v: v, nonce: base64.StdEncoding.EncodeToString(nonce), binding: binding}
}

// Mechanisms are those to offer, the best first.
func (x *Exchange) Mechanisms() []string {
	if x.binding != nil {
		return []string{mechanismPlus, mechanismPlain}
	}
	return []string{mechanismPlain}
}

// Verified says that the client has proved that it knows the password.
func (x *Exchange) Verified() bool { return x.verified }

// malformed is in the words of PostgreSQL's auth-scram.c.
func malformed(detail string, args ...any) error {
	return pgerr.Fatal(pgerr.ProtocolViolation, "malformed SCRAM message").WithDetail(detail, args...)
}

// First takes the client's first message and returns the server's.
func (x *Exchange) First(mechanism string, msg []byte) ([]byte, error) {
	if !slices.Contains(x.Mechanisms(), mechanism) {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "client selected an invalid SASL authentication mechanism")
	}
	x.plus = mechanism == mechanismPlus
	// gs2-header = gs2-cbind-flag "," [authzid] ","
	parts := strings.SplitN(string(msg), ",", 3)
	if len(parts) != 3 || strings.IndexByte(string(msg), 0) >= 0 {
		return nil, malformed("The message is not a client-first-message.")
	}
	if err := x.checkBindingFlag(parts[0]); err != nil {
		return nil, err
	}
	if parts[1] != "" {
		return nil, pgerr.Fatal(pgerr.FeatureNotSupported, "client uses authorization identity, but it is not supported")
	}
	x.gs2 = parts[0] + ",,"
	x.clientFirstBare = parts[2]
	return x.answerFirst()
}

// checkBindingFlag compares what the client says of channel binding with the
// mechanism it chose. "y" where we offered it means that somebody removed it
// from our list.
func (x *Exchange) checkBindingFlag(flag string) error {
	switch {
	case flag == "n" && x.plus, flag == "y" && x.plus:
		return malformed("The client selected SCRAM-SHA-256-PLUS, but the SCRAM message does not include channel binding data.")
	case flag == "n":
		return nil
	case flag == "y" && x.binding != nil:
		return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "SCRAM channel binding negotiation error").
			WithDetail("The client supports SCRAM channel binding but thinks the server does not.  However, this server does support channel binding.")
	case flag == "y":
		return nil
	case !strings.HasPrefix(flag, "p="):
		return malformed("Unexpected channel-binding flag \"%s\".", flag)
	case !x.plus:
		return malformed("The client selected SCRAM-SHA-256 without channel binding, but the SCRAM message includes channel binding data.")
	case flag != "p="+bindingType:
		return pgerr.Fatal(pgerr.ProtocolViolation, "unsupported SCRAM channel-binding type \"%s\"", flag[2:])
	}
	return nil
}

// answerFirst reads client-first-message-bare: n=user,r=nonce. The user is the
// startup packet's, whatever it says here.
func (x *Exchange) answerFirst() ([]byte, error) {
	if strings.HasPrefix(x.clientFirstBare, "m=") {
		return nil, pgerr.Fatal(pgerr.FeatureNotSupported, "client requires an unsupported SCRAM extension")
	}
	attrs := strings.Split(x.clientFirstBare, ",")
	if len(attrs) < 2 || !strings.HasPrefix(attrs[0], "n=") || !strings.HasPrefix(attrs[1], "r=") {
		return nil, malformed("Attribute \"n\" or \"r\" is missing.")
	}
	clientNonce := attrs[1][2:]
	if clientNonce == "" || strings.ContainsFunc(clientNonce, unprintable) {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "non-printable characters in SCRAM nonce")
	}
	x.nonce = clientNonce + x.nonce
	x.serverFirst = fmt.Sprintf("r=%s,s=%s,i=%d",
		x.nonce, base64.StdEncoding.EncodeToString(x.v.Salt), x.v.Iterations)
	return []byte(x.serverFirst), nil
}

func unprintable(r rune) bool { return r < 0x21 || r > 0x7e }

// Final takes the client's final message and returns the server's, which proves
// that the server knows the verifier. It must not be sent unless Verified.
func (x *Exchange) Final(msg []byte) ([]byte, error) {
	i := bytes.LastIndex(msg, []byte(",p="))
	if i < 0 {
		return nil, malformed("Attribute \"p\" is missing.")
	}
	withoutProof := string(msg[:i])
	proof, err := base64.StdEncoding.DecodeString(string(msg[i+3:]))
	if err != nil || len(proof) != sha256.Size {
		return nil, malformed("Malformed proof in client-final-message.")
	}
	attrs := strings.Split(withoutProof, ",")
	if len(attrs) < 2 || !strings.HasPrefix(attrs[0], "c=") || !strings.HasPrefix(attrs[1], "r=") {
		return nil, malformed("Attribute \"c\" or \"r\" is missing.")
	}
	if err := x.checkBinding(attrs[0][2:]); err != nil {
		return nil, err
	}
	if subtle.ConstantTimeCompare([]byte(attrs[1][2:]), []byte(x.nonce)) != 1 {
		return nil, pgerr.Fatal(pgerr.ProtocolViolation, "invalid SCRAM response").WithDetail("Nonce does not match.")
	}
	return x.verify(proof, x.clientFirstBare+","+x.serverFirst+","+withoutProof), nil
}

// checkBinding compares the client's view of the channel with ours: a
// difference is a man in the middle.
func (x *Exchange) checkBinding(got string) error {
	want := []byte(x.gs2)
	if x.plus {
		want = append(want, x.binding...)
	}
	expected := base64.StdEncoding.EncodeToString(want)
	if subtle.ConstantTimeCompare([]byte(got), []byte(expected)) == 1 {
		return nil
	}
	if x.plus {
		return pgerr.Fatal(pgerr.InvalidAuthorizationSpecification, "SCRAM channel binding check failed")
	}
	return pgerr.Fatal(pgerr.ProtocolViolation, "unexpected SCRAM channel-binding attribute in client-final-message")
}

// verify checks the proof: ClientKey = proof XOR HMAC(StoredKey, AuthMessage),
// and its hash is StoredKey. The work is the same for a user that does not
// exist.
func (x *Exchange) verify(proof []byte, authMessage string) []byte {
	clientKey := mac(x.v.StoredKey, []byte(authMessage))
	subtle.XORBytes(clientKey, clientKey, proof)
	stored := sha256.Sum256(clientKey)
	ok := hmac.Equal(stored[:], x.v.StoredKey)
	x.verified = ok && !x.v.mock
	signature := mac(x.v.ServerKey, []byte(authMessage))
	return []byte("v=" + base64.StdEncoding.EncodeToString(signature))
}

// EndPointBinding is a certificate's tls-server-end-point: its hash by the
// function of its signature, or SHA-256 in place of MD5 and SHA-1 (RFC 5929
// section 4.1). Nil if there is none.
func EndPointBinding(cert tls.Certificate) []byte {
	if len(cert.Certificate) == 0 {
		return nil
	}
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		return nil
	}
	hash, ok := bindingHashes[leaf.SignatureAlgorithm]
	if !ok {
		return nil
	}
	h := hash.New()
	h.Write(leaf.Raw)
	return h.Sum(nil)
}

// bindingHashes leaves out Ed25519, for which the RFC defines no binding.
var bindingHashes = map[x509.SignatureAlgorithm]crypto.Hash{
	x509.MD5WithRSA:       crypto.SHA256,
	x509.SHA1WithRSA:      crypto.SHA256,
	x509.ECDSAWithSHA1:    crypto.SHA256,
	x509.SHA256WithRSA:    crypto.SHA256,
	x509.SHA256WithRSAPSS: crypto.SHA256,
	x509.ECDSAWithSHA256:  crypto.SHA256,
	x509.SHA384WithRSA:    crypto.SHA384,
	x509.SHA384WithRSAPSS: crypto.SHA384,
	x509.ECDSAWithSHA384:  crypto.SHA384,
	x509.SHA512WithRSA:    crypto.SHA512,
	x509.SHA512WithRSAPSS: crypto.SHA512,
	x509.ECDSAWithSHA512:  crypto.SHA512,
}
