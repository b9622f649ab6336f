package s3db

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/base64"
	"sync"

	"github.com/s3db-sql/s3db-sql/internal/rng"
)

// Layout and key derivation of encrypted values (section 7).
const (
	saltLen       = 16
	ivLen         = 12
	tagLen        = 16
	keyRounds     = 100_000
	keyLen        = 32
	minCipherText = saltLen + ivLen + tagLen

	// DefaultPassphrase is the library's where none was given.
	DefaultPassphrase = "secret"

	// maxKeys bounds the cache of derived keys: each costs some 10 ms to make and
	// 64 bytes to keep.
	maxKeys = 1 << 16
	// maxLayers bounds how often a value can have been encrypted by 19.
	maxLayers = 64
)

// Secrets encrypts and decrypts with one passphrase. Derived keys are kept,
// within a bound: each value has a salt of its own, and a salt read again costs
// nothing. It is safe for concurrent use.
type Secrets struct {
	passphrase string
	rand       rng.Source

	mu   sync.Mutex
	keys map[[saltLen]byte]cipher.AEAD
}

// NewSecrets makes a Secrets; "" is the library's default passphrase.
func NewSecrets(passphrase string, src rng.Source) *Secrets {
	if passphrase == "" {
		passphrase = DefaultPassphrase
	}
	return &Secrets{passphrase: passphrase, rand: src, keys: map[[saltLen]byte]cipher.AEAD{}}
}

// Encrypt makes the stored text of a secret: one layer, which every version of
// the library reads.
func (s *Secrets) Encrypt(plain string) string {
	out := make([]byte, saltLen+ivLen, saltLen+ivLen+len(plain)+tagLen)
	s.rand.Read(out)
	aead := s.key([saltLen]byte(out[:saltLen]))
	out = aead.Seal(out, out[saltLen:saltLen+ivLen], []byte(plain), nil)
	return base64.StdEncoding.EncodeToString(out)
}

// Decrypt opens a stored text, through as many layers as there are. ok is false
// if not even the first one opens.
func (s *Secrets) Decrypt(stored string) (plain string, ok bool) {
	for range maxLayers {
		next, opened := s.open(stored)
		if !opened {
			break
		}
		stored, ok = next, true
	}
	return stored, ok
}

func (s *Secrets) open(text string) (string, bool) {
	if len(text) < base64.StdEncoding.EncodedLen(minCipherText)-2 {
		return "", false
	}
	b, ok := looseBase64(text)
	if !ok || len(b) < minCipherText {
		return "", false
	}
	plain, err := s.key([saltLen]byte(b[:saltLen])).Open(nil, b[saltLen:saltLen+ivLen], b[saltLen+ivLen:], nil)
	return string(plain), err == nil
}

func (s *Secrets) key(salt [saltLen]byte) cipher.AEAD {
	s.mu.Lock()
	aead := s.keys[salt]
	s.mu.Unlock()
	if aead != nil {
		return aead
	}
	aead = deriveKey(s.passphrase, salt)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) >= maxKeys {
		clear(s.keys)
	}
	s.keys[salt] = aead
	return aead
}

// deriveKey can't fail: the lengths are constants that both algorithms take.
func deriveKey(passphrase string, salt [saltLen]byte) cipher.AEAD {
	key, err := pbkdf2.Key(sha256.New, passphrase, salt[:], keyRounds, keyLen)
	if err != nil {
		panic(err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	return aead
}
