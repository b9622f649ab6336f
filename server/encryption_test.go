package server

import (
	"crypto/tls"
	"crypto/x509/pkix"
	"encoding/asn1"
	"testing"

	"github.com/stretchr/testify/require"
)

// The names that `openssl ciphers -V` gives to the suites that Go has.
func TestCipherNames(t *testing.T) {
	for suite, want := range map[uint16]string{
		tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:     "ECDHE-ECDSA-AES128-GCM-SHA256",
		tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:       "ECDHE-RSA-AES256-GCM-SHA384",
		tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
		tls.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA:        "ECDHE-ECDSA-AES256-SHA",
		tls.TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256:       "ECDHE-RSA-AES128-SHA256",
		tls.TLS_RSA_WITH_AES_128_GCM_SHA256:             "AES128-GCM-SHA256",
	} {
		require.Equal(t, want, cipherName(tls.VersionTLS12, suite))
	}
	require.Equal(t, "TLS_AES_256_GCM_SHA384", cipherName(tls.VersionTLS13, tls.TLS_AES_256_GCM_SHA384))
}

func TestDistinguishedName(t *testing.T) {
	require.Equal(t, "/C=BR/CN=ana/1.2.3=x", distinguishedName(pkix.Name{Names: []pkix.AttributeTypeAndValue{
		{Type: asn1.ObjectIdentifier{2, 5, 4, 6}, Value: "BR"}, {Type: asn1.ObjectIdentifier{2, 5, 4, 3}, Value: "ana"}, {Type: asn1.ObjectIdentifier{1, 2, 3}, Value: "x"}}}))
}
