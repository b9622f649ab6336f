package auth

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// PostgreSQL's scram_iterations and SCRAM_DEFAULT_SALT_LEN.
const (
	defaultIterations = 4096
	saltLen           = 16
)

// maxIterations bounds what a verifier can make a client compute.
const maxIterations = 10_000_000

// Verifier is what a server keeps of a password: enough to check a proof, not
// enough to give one (RFC 5802 section 3).
type Verifier struct {
	Iterations int
	Salt       []byte
	StoredKey  []byte
	ServerKey  []byte

	// mock marks a user that does not exist: every proof is wrong.
	mock bool
}

// NewVerifier makes a verifier of a password, with a random salt.
func NewVerifier(password string, random rng.Source) (*Verifier, error) {
	salt := make([]byte, saltLen)
	random.Read(salt)
	return deriveVerifier(password, salt, defaultIterations)
}

func deriveVerifier(password string, salt []byte, iterations int) (*Verifier, error) {
	salted, err := pbkdf2.Key(sha256.New, Prepare(password), salt, iterations, sha256.Size)
	if err != nil {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "password can't be hashed").WithCause(err)
	}
	stored := sha256.Sum256(mac(salted, []byte("Client Key")))
	return &Verifier{
		Iterations: iterations,
		Salt:       salt,
		StoredKey:  stored[:],
		ServerKey:  mac(salted, []byte("Server Key")),
	}, nil
}

func mac(key, data []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(data)
	return h.Sum(nil)
}

// verifierPrefix begins PostgreSQL's pg_authid.rolpassword.
const verifierPrefix = "SCRAM-SHA-256$"

// IsVerifier says whether s looks like a verifier and not like a password.
func IsVerifier(s string) bool { return strings.HasPrefix(s, verifierPrefix) }

// String renders v as PostgreSQL stores it:
// SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey.
func (v *Verifier) String() string {
	b64 := base64.StdEncoding.EncodeToString
	return fmt.Sprintf("%s%d:%s$%s:%s", verifierPrefix, v.Iterations, b64(v.Salt), b64(v.StoredKey), b64(v.ServerKey))
}

// ParseVerifier reads what String writes. 22023, without the text in it.
func ParseVerifier(s string) (*Verifier, error) {
	rest, ok := strings.CutPrefix(s, verifierPrefix)
	params, keys, ok2 := strings.Cut(rest, "$")
	iterations, salt, ok3 := strings.Cut(params, ":")
	stored, server, ok4 := strings.Cut(keys, ":")
	if !ok || !ok2 || !ok3 || !ok4 {
		return nil, badVerifier()
	}
	n, err := strconv.Atoi(iterations)
	if err != nil || n < 1 || n > maxIterations {
		return nil, badVerifier()
	}
	v := &Verifier{Iterations: n}
	for _, f := range []struct {
		dst *[]byte
		src string
		len int
	}{{&v.Salt, salt, 0}, {&v.StoredKey, stored, sha256.Size}, {&v.ServerKey, server, sha256.Size}} {
		b, err := base64.StdEncoding.DecodeString(f.src)
		if err != nil || len(b) == 0 || f.len > 0 && len(b) != f.len {
			return nil, badVerifier()
		}
		*f.dst = b
	}
	return v, nil
}

func badVerifier() error {
	return pgerr.New(pgerr.InvalidParameterValue, "invalid SCRAM-SHA-256 verifier").
		WithDetail("Expected SCRAM-SHA-256$iterations:salt$StoredKey:ServerKey.")
}

// MockVerifier stands in for a user that does not exist. Its salt is always the
// same for one name and key, as a real user's is (PostgreSQL's
// mock_scram_secret).
func MockVerifier(user string, key []byte) *Verifier {
	return &Verifier{
		Iterations: defaultIterations,
		Salt:       mac(key, []byte(user))[:saltLen],
		StoredKey:  make([]byte, sha256.Size),
		ServerKey:  make([]byte, sha256.Size),
		mock:       true,
	}
}
