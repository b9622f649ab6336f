package server

import (
	"crypto/tls"
	"crypto/x509/pkix"
	"fmt"
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/session"
)

// encryption is what pg_stat_ssl shows of a connection, nil without TLS.
func encryption(state *tls.ConnectionState) *session.Encryption {
	if state == nil {
		return nil
	}
	e := &session.Encryption{Version: strings.Replace(tls.VersionName(state.Version), "TLS ", "TLSv", 1),
		Cipher: cipherName(state.Version, state.CipherSuite), Bits: 256}
	if strings.Contains(e.Cipher, "128") {
		e.Bits = 128
	}
	if len(state.VerifiedChains) > 0 {
		c := state.VerifiedChains[0][0]
		e.ClientDN, e.ClientSerial, e.IssuerDN = distinguishedName(c.Subject), c.SerialNumber.String(), distinguishedName(c.Issuer)
	}
	return e
}

// openSSLParts make OpenSSL's name of a cipher suite of that in the standard.
var openSSLParts = strings.NewReplacer("TLS_RSA_WITH_", "", "TLS_", "", "_WITH_", "-", "AES_128", "AES128", "AES_256", "AES256",
	"_CBC", "", "CHACHA20_POLY1305_SHA256", "CHACHA20-POLY1305", "_", "-")

// cipherName is OpenSSL's name of a cipher suite: that of the standard for TLS 1.3.
func cipherName(version, suite uint16) string {
	name := tls.CipherSuiteName(suite)
	if version >= tls.VersionTLS13 {
		return name
	}
	return openSSLParts.Replace(name)
}

// attributeNames are OpenSSL's short names of the attributes in certificates' names.
var attributeNames = map[string]string{
	"2.5.4.3": "CN", "2.5.4.4": "SN", "2.5.4.5": "serialNumber", "2.5.4.6": "C", "2.5.4.7": "L", "2.5.4.8": "ST", "2.5.4.9": "street",
	"2.5.4.10": "O", "2.5.4.11": "OU", "2.5.4.12": "title", "2.5.4.42": "GN", "1.2.840.113549.1.9.1": "emailAddress",
	"0.9.2342.19200300.100.1.1": "UID", "0.9.2342.19200300.100.1.25": "DC",
}

// distinguishedName is X509_NAME_to_cstring: /CN=… for each attribute.
func distinguishedName(n pkix.Name) string {
	var b strings.Builder
	for _, a := range n.Names {
		name := a.Type.String()
		if short, ok := attributeNames[name]; ok {
			name = short
		}
		fmt.Fprintf(&b, "/%s=%v", name, a.Value)
	}
	return b.String()
}
