package funcs

import (
	"math/bits"

	"github.com/s3db-sql/s3db-sql/internal/passhash"
	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// S3DBSchema is the namespace of the functions that PostgreSQL does not have.
const S3DBSchema = "s3db"

func init() {
	Register(
		&Func{OID: 13930, Namespace: S3DBSchema, Name: "verify_password", Args: []OID{types.TextOID, types.TextOID}, ArgNames: []string{"password", "hash"},
			Result: types.BoolOID, Cost: 1e6, Kernel: Lift2(verifyPassword), Source: "verify_password", Doc: "whether a hash of a password attribute is that of the password"},
		&Func{OID: 13931, Namespace: S3DBSchema, Name: "generate_password", Args: []OID{types.Int4OID}, ArgNames: []string{"size"}, Defaults: []string{"16"},
			Result: types.TextOID, Volatility: Volatile, Kernel: Lift1(generatePassword), Source: "generate_password", Doc: "a random password of s3db.js's alphabet"},
	)
}

// verifyPassword is s3db.js's verifyPassword: bcrypt and argon2id, compact or whole.
func verifyPassword(_ *Call, password, hash string) (bool, error) {
	ok, err := passhash.Verify(password, hash)
	if err != nil {
		return false, pgerr.New(pgerr.ProgramLimitExceeded, "the hash is too expensive to be verified")
	}
	return ok, nil
}

// passwordAlphabet is s3db.js's: without the characters that look alike.
const passwordAlphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"

const maxPasswordSize = 1024

// generatePassword is s3db.js's passwordGenerator: each character is as likely as any
// other, by leaving out the numbers beyond the alphabet.
func generatePassword(_ *Call, size int32) (string, error) {
	if size < 1 || size > maxPasswordSize {
		return "", pgerr.New(pgerr.InvalidParameterValue, "password size must be between 1 and %d", maxPasswordSize)
	}
	mask := byte(1)<<bits.Len8(uint8(len(passwordAlphabet)-1)) - 1
	out := make([]byte, 0, size)
	for chunk := make([]byte, 64); ; {
		rng.System.Read(chunk)
		for _, b := range chunk {
			if i := int(b & mask); i < len(passwordAlphabet) {
				out = append(out, passwordAlphabet[i])
			}
			if len(out) == int(size) {
				return string(out), nil
			}
		}
	}
}
