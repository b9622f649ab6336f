package passhash

import (
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"math/bits"
	"regexp"
	"runtime"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/bcrypt"

	"github.com/s3db-sql/s3db-sql/internal/rng"
)

// Rounds of bcrypt by default: 19's hashes do not tell theirs, so that no others
// could be verified.
const (
	Rounds19 = 10
	Rounds21 = 12
)

// Costs of argon2id by default, memory in KiB.
const (
	argonMemory      = 1 << 16
	argonTime        = 3
	argonParallelism = 4
	argonSalt        = 16
	argonDigest      = 32
)

// Verifying is refused beyond these costs: a hash is a user's input, and neither
// algorithm can be interrupted.
const (
	maxRounds      = 16
	maxArgonMemory = 1 << 20 // KiB
	maxArgonTime   = 64
	maxArgonLanes  = 64
	maxArgonDigest = 512
)

// maxPassword is what bcrypt looks at, in bytes; the library cuts as well.
const maxPassword = 72

// ErrCost is Verify's for a hash that would take too much time or memory.
var ErrCost = errors.New("the hash is too expensive to be verified")

// atOnce bounds the hashes that are computed at a time: each takes a processor, and
// argon2id 64 MB.
var atOnce = make(chan struct{}, runtime.GOMAXPROCS(0))

func limited[T any](f func() T) T {
	atOnce <- struct{}{}
	defer func() { <-atOnce }()
	return f()
}

// bcryptTail is the salt and the digest of bcrypt in its base 64; the last characters
// of both carry 2 and 4 bits.
const bcryptTail = `[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]`

var (
	tailForm        = regexp.MustCompile(`^` + bcryptTail + `$`)
	bcryptForm      = regexp.MustCompile(`^\$2[abxy]?\$(\d\d)\$(` + bcryptTail + `)$`)
	shortBcryptForm = regexp.MustCompile(`^\$([0-9a-zA-Z])\$(` + bcryptTail + `)$`)
	argonForm       = regexp.MustCompile(`^\$argon2id\$v=(\d+)\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$`)
	shortArgonForm  = regexp.MustCompile(`^\$([0-9a-zA-Z]+)\|([0-9a-zA-Z]+)\|([0-9a-zA-Z]+)\|([0-9a-zA-Z]+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$`)
)

// Is says whether text is a hash: bcrypt's or argon2id's, compact or whole.
func Is(text string) bool {
	for _, form := range []*regexp.Regexp{tailForm, bcryptForm, shortBcryptForm, argonForm, shortArgonForm} {
		if form.MatchString(text) {
			return true
		}
	}
	return false
}

// Bcrypt hashes with bcrypt into the compact form of 21, $c$ and 53 characters, or of
// 19, the 53 characters alone.
func Bcrypt(password string, era19 bool) (string, error) {
	rounds := Rounds21
	if era19 {
		rounds = Rounds19
	}
	type result struct {
		hash []byte
		err  error
	}
	r := limited(func() result {
		hash, err := bcrypt.GenerateFromPassword(cut(password), rounds)
		return result{hash, err}
	})
	if r.err != nil {
		return "", r.err
	}
	tail := string(r.hash[len("$2a$12$"):])
	if era19 {
		return tail, nil
	}
	return "$" + base62(uint64(rounds)) + "$" + tail, nil
}

func cut(password string) []byte { return []byte(password)[:min(len(password), maxPassword)] }

// Argon2id hashes with argon2id into 21's compact form.
func Argon2id(password string, src rng.Source) string {
	salt := make([]byte, argonSalt)
	src.Read(salt)
	digest := limited(func() []byte {
		return argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonParallelism, argonDigest)
	})
	enc := base64.RawStdEncoding
	return fmt.Sprintf("$%s|%s|%s|%s$%s$%s", base62(argon2.Version), base62(uint64(bits.TrailingZeros(argonMemory))), base62(argonTime),
		base62(argonParallelism), enc.EncodeToString(salt), enc.EncodeToString(digest))
}

// Verify says whether a hash of any form is the password's. What is no hash is
// nobody's. The error is ErrCost.
func Verify(password, hash string) (bool, error) {
	switch {
	case password == "":
		return false, nil // the library hashes none
	case tailForm.MatchString(hash):
		return verifyBcrypt(password, Rounds19, hash)
	}
	if m := bcryptForm.FindStringSubmatch(hash); m != nil {
		rounds, _ := strconv.Atoi(m[1]) // two digits
		return verifyBcrypt(password, rounds, m[2])
	}
	if m := shortBcryptForm.FindStringSubmatch(hash); m != nil {
		return verifyBcrypt(password, int(fromBase62(m[1])), m[2])
	}
	if m := argonForm.FindStringSubmatch(hash); m != nil {
		return verifyArgon(password, argonParts{decimal(m[1]), decimal(m[2]), decimal(m[3]), decimal(m[4])}, m[5], m[6])
	}
	if m := shortArgonForm.FindStringSubmatch(hash); m != nil {
		p := argonParts{fromBase62(m[1]), fromBase62(m[2]), fromBase62(m[3]), fromBase62(m[4])}
		p.memory = uint64(1) << min(p.memory, 63)
		return verifyArgon(password, p, m[5], m[6])
	}
	return false, nil
}

func verifyBcrypt(password string, rounds int, tail string) (bool, error) {
	if rounds > maxRounds {
		return false, ErrCost
	}
	err := limited(func() error {
		return bcrypt.CompareHashAndPassword(fmt.Appendf(nil, "$2b$%02d$%s", rounds, tail), cut(password))
	})
	return err == nil, nil
}

type argonParts struct{ version, memory, time, lanes uint64 }

func verifyArgon(password string, p argonParts, salt, digest string) (bool, error) {
	s, err1 := base64.RawStdEncoding.DecodeString(salt)
	want, err2 := base64.RawStdEncoding.DecodeString(digest)
	switch {
	case err1 != nil || err2 != nil || p.version != argon2.Version || p.time == 0 || p.lanes == 0:
		return false, nil
	case p.memory > maxArgonMemory || p.time > maxArgonTime || p.lanes > maxArgonLanes || len(want) > maxArgonDigest:
		return false, ErrCost
	}
	got := limited(func() []byte {
		return argon2.IDKey([]byte(password), s, uint32(p.time), uint32(p.memory), uint8(p.lanes), uint32(len(want)))
	})
	return subtle.ConstantTimeCompare(got, want) == 1, nil
}

const digits = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

func base62(n uint64) string {
	out := ""
	for ; n > 0 || out == ""; n /= 62 {
		out = string(digits[n%62]) + out
	}
	return out
}

// fromBase62 reads a number of few digits; larger ones are beyond every limit.
func fromBase62(text string) uint64 {
	var n uint64
	for _, c := range text[:min(len(text), 9)] {
		n = n*62 + uint64(strings.IndexRune(digits, c))
	}
	return n
}

func decimal(text string) uint64 {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 1 << 32
	}
	return n
}
