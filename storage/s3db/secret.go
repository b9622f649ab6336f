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

// Secrets encrypts with one passphrase, and decrypts with it and with older ones.
// Derived keys are kept, within a bound: each value has a salt of its own, and a salt
// read again costs nothing. It is safe for concurrent use.
type Secrets struct {
	passphrases []string // the present one first
	rand        rng.Source

	mu   sync.Mutex
	keys map[derived]cipher.AEAD
}

// derived names a key: which passphrase it is of, and the salt.
type derived struct {
	passphrase int
	salt       [saltLen]byte
}

// NewSecrets makes a Secrets; "" is the library's default passphrase. What older
// passphrases encrypted can be read too.
func NewSecrets(passphrase string, src rng.Source, older ...string) *Secrets {
	if passphrase == "" {
		passphrase = DefaultPassphrase
	}
	return &Secrets{passphrases: append([]string{passphrase}, older...), rand: src, keys: map[derived]cipher.AEAD{}}
}

// Encrypt makes the stored text of a secret: one layer, which every version of
// the library reads.
func (s *Secrets) Encrypt(plain string) string {
	out := make([]byte, saltLen+ivLen, saltLen+ivLen+len(plain)+tagLen)
	s.rand.Read(out)
	aead := s.key(derived{0, [saltLen]byte(out[:saltLen])})
	out = aead.Seal(out, out[saltLen:saltLen+ivLen], []byte(plain), nil)
	return base64.StdEncoding.EncodeToString(out)
}

// Decrypt opens a stored text, through as many layers as there are. ok is false
// if not even the first one opens.
func (s *Secrets) Decrypt(stored string) (plain string, ok bool) {
	plain, _, ok = s.decrypt(stored)
	return plain, ok
}

// Stale says whether a stored text has a layer of an older passphrase. ok is Decrypt's.
func (s *Secrets) Stale(stored string) (stale, ok bool) {
	_, stale, ok = s.decrypt(stored)
	return stale, ok
}

func (s *Secrets) decrypt(stored string) (plain string, stale, ok bool) {
	for range maxLayers {
		next, passphrase, opened := s.open(stored)
		if !opened {
			break
		}
		stored, ok, stale = next, true, stale || passphrase > 0
	}
	return stored, stale, ok
}

// open opens one layer, and tells by which passphrase.
func (s *Secrets) open(text string) (plain string, passphrase int, ok bool) {
	if len(text) < base64.StdEncoding.EncodedLen(minCipherText)-2 {
		return "", 0, false
	}
	b, ok := looseBase64(text)
	if !ok || len(b) < minCipherText {
		return "", 0, false
	}
	for i := range s.passphrases {
		aead := s.key(derived{i, [saltLen]byte(b[:saltLen])})
		if plain, err := aead.Open(nil, b[saltLen:saltLen+ivLen], b[saltLen+ivLen:], nil); err == nil {
			return string(plain), i, true
		}
	}
	return "", 0, false
}

func (s *Secrets) key(salt derived) cipher.AEAD {
	s.mu.Lock()
	aead := s.keys[salt]
	s.mu.Unlock()
	if aead != nil {
		return aead
	}
	aead = deriveKey(s.passphrases[salt.passphrase], salt.salt)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.keys) >= maxKeys {
		clear(s.keys)
	}
	s.keys[salt] = aead
	return aead
}

// StaleSecrets are the columns of a row that was read whose stored secrets are of an older
// passphrase; nil for none. 28P01 for one that no passphrase opens.
func (s *Schema) StaleSecrets(row *Row) (stale []bool, err error) {
	if row.from == nil {
		return nil, nil
	}
	for _, l := range row.from.leaves {
		f := row.stored[l.index]
		if l.attr.Hook != HookSecret || l.column < 0 || f.state != present || !encrypted(f.text) {
			continue
		}
		if s.opt.Secrets == nil {
			return nil, wrongPassphrase(l.attr)
		}
		is, ok := s.opt.Secrets.Stale(f.text)
		if !ok {
			return nil, wrongPassphrase(l.attr).WithDetail("Object \"%s\".", s.DataKey(row.ID))
		}
		if is && stale == nil {
			stale = make([]bool, len(s.Columns))
		}
		if is {
			stale[l.column] = true
		}
	}
	return stale, nil
}

// encrypted says that a stored text has the form of a secret.
func encrypted(text string) bool {
	b, ok := looseBase64(text)
	return ok && len(b) >= minCipherText
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
