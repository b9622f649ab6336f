package clients

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/s3db-sql/s3db-sql/internal/pgserver"
	"github.com/s3db-sql/s3db-sql/internal/testserver"
)

// hba asks for a password over TLS, of user certified for a certificate.
const hba = `hostnossl all       all all reject
hostssl   all certified all cert
hostssl   all all       all scram-sha-256
`

const password = "pässword '\\"

// secure is what suites with a file "secure" run on: servers with TLS and passwords,
// and what their clients need, as variables.
func secure(t *testing.T) (env []string, ours testserver.Options, theirs func(t *testing.T) (addr, database string)) {
	dir := t.TempDir()
	ca, other := newAuthority(t, "a test's CA"), newAuthority(t, "a test's other CA")
	cert, key := ca.sign(t, "localhost")
	clientCert, clientKey := ca.sign(t, "certified")
	files := map[string]string{"ca.pem": ca.pem, "other.pem": other.pem, "server.pem": cert, "server.key": key,
		"client.pem": clientCert, "client.key": clientKey, "hba": hba}
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	ours.Args = []string{"--tls-cert", at("server.pem"), "--tls-key", at("server.key"), "--tls-ca", at("ca.pem"), "--hba-file", at("hba"),
		"--user", "postgres", "--password", password}
	theirs = func(t *testing.T) (string, string) {
		return pgserver.StartWith(t, pgserver.Options{Password: password,
			Files:    map[string]string{"server.crt": cert, "server.key": key, "ca.crt": ca.pem, "pg_hba.conf": hba},
			Settings: []string{"ssl=on", "ssl_ca_file=ca.crt"}}).Addr, "postgres"
	}
	return []string{"PGPASSWORD=" + password, "CA=" + at("ca.pem"), "OTHER_CA=" + at("other.pem"), "CERT=" + at("client.pem"), "KEY=" + at("client.key")}, ours, theirs
}

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  string
}

func newAuthority(t *testing.T, name string) *authority {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	a := &authority{cert: &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, key: key}
	der, err := x509.CreateCertificate(rand.Reader, a.cert, a.cert, &key.PublicKey, key)
	require.NoError(t, err)
	a.pem = encode("CERTIFICATE", der)
	return a
}

// sign makes a certificate and its key, both as PEM: of a host or of a user.
func (a *authority) sign(t *testing.T, name string) (cert, key string) {
	k, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificate(rand.Reader, &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth}}, a.cert, &k.PublicKey, a.key)
	require.NoError(t, err)
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	require.NoError(t, err)
	return encode("CERTIFICATE", der), encode("PRIVATE KEY", pkcs8)
}

func encode(kind string, der []byte) string {
	return string(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}
