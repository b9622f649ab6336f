package pgcrypto

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// hashes are those of pgcrypto's documentation and what else OpenSSL finds by name
// and is in Go's library.
var hashes = map[string]func() hash.Hash{
	"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
	"sha-1": sha1.New, "sha-224": sha256.New224, "sha-256": sha256.New, "sha-384": sha512.New384, "sha-512": sha512.New,
	"sha2-224": sha256.New224, "sha2-256": sha256.New, "sha2-384": sha512.New384, "sha2-512": sha512.New,
	"sha512-224": sha512.New512_224, "sha512-256": sha512.New512_256,
	"sha3-224": func() hash.Hash { return sha3.New224() }, "sha3-256": func() hash.Hash { return sha3.New256() },
	"sha3-384": func() hash.Hash { return sha3.New384() }, "sha3-512": func() hash.Hash { return sha3.New512() },
}

func hashNamed(name string) (func() hash.Hash, error) {
	if h := hashes[strings.ToLower(name)]; h != nil {
		return h, nil
	}
	return nil, pgerr.New(pgerr.InvalidParameterValue, "Cannot use \"%s\": No such hash algorithm", strings.ToLower(name))
}

func digest(data []byte, name string) ([]byte, error) {
	h, err := hashNamed(name)
	if err != nil {
		return nil, err
	}
	sum := h()
	sum.Write(data)
	return sum.Sum(nil), nil
}

func mac(data, key []byte, name string) ([]byte, error) {
	h, err := hashNamed(name)
	if err != nil {
		return nil, err
	}
	sum := hmac.New(h, key)
	sum.Write(data)
	return sum.Sum(nil), nil
}
