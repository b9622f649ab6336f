package pgcrypto

import (
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/blowfish"

	"github.com/s3db-sql/s3db-sql/internal/rng"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

func invalidSalt() error { return pgerr.New(pgerr.InvalidParameterValue, "invalid salt") }

// crypt hashes a password by the algorithm that the salt names: Blowfish ($2a$, and $2x$
// with its error in letters beyond ASCII) and MD5 ($1$). DES is 0A000.
func crypt(password, salt string) (string, error) {
	switch {
	case strings.HasPrefix(salt, "$2a$"), strings.HasPrefix(salt, "$2x$"):
		return bcrypt(password, salt)
	case strings.HasPrefix(salt, "$1$"):
		return md5crypt(password, salt), nil
	case len(salt) < 2:
		return "", invalidSalt()
	}
	return "", pgerr.Unsupported("crypt() with DES")
}

// genSalt makes a salt; rounds are 0 for the algorithm's default.
func genSalt(kind string, rounds int32) (string, error) {
	switch strings.ToLower(kind) {
	case "bf":
		if rounds == 0 {
			rounds = 6
		}
		if rounds < 4 || rounds > 31 {
			return "", badRounds()
		}
		var b [16]byte
		rng.System.Read(b[:])
		return fmt.Sprintf("$2a$%02d$%s", rounds, bcryptCode.EncodeToString(b[:])), nil
	case "md5":
		if rounds != 0 && rounds != 1000 {
			return "", badRounds()
		}
		var b [8]byte
		rng.System.Read(b[:])
		for i := range b {
			b[i] = itoa64[b[i]&63]
		}
		return "$1$" + string(b[:]), nil
	case "des", "xdes":
		return "", pgerr.Unsupported("gen_salt() for DES")
	}
	return "", pgerr.New(pgerr.InvalidParameterValue, "gen_salt: Unknown salt algorithm")
}

func badRounds() error {
	return pgerr.New(pgerr.InvalidParameterValue, "gen_salt: Incorrect number of rounds")
}

// bcryptCode are the letters of bcrypt's base64, itoa64 those of the others.
var bcryptCode = base64.NewEncoding("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789").WithPadding(base64.NoPadding)

const itoa64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// bcryptSalt is how many letters of a setting are read: $2a$06$ and 22 of salt.
const bcryptSalt = 29

// bcrypt is _crypt_blowfish_rn of crypt-blowfish.c.
func bcrypt(password, setting string) (string, error) {
	if len(setting) < bcryptSalt || setting[6] != '$' {
		return "", invalidSalt()
	}
	cost, err := strconv.ParseUint(setting[4:6], 10, 8)
	salt, bad := bcryptCode.DecodeString(setting[7:bcryptSalt])
	if err != nil || bad != nil || cost < 4 || cost > 31 {
		return "", invalidSalt()
	}
	if setting[2] == 'x' && strings.ContainsFunc(password, func(r rune) bool { return r > 127 }) {
		return "", pgerr.Unsupported("$2x$ for passwords beyond ASCII")
	}
	key := append([]byte(password), 0)
	c, err := blowfish.NewSaltedCipher(key, salt)
	if err != nil {
		return "", err
	}
	for range uint64(1) << cost {
		blowfish.ExpandKey(key, c)
		blowfish.ExpandKey(salt, c)
	}
	text := []byte("OrpheanBeholderScryDoubt")
	for i := 0; i < len(text); i += blowfish.BlockSize {
		for range 64 {
			c.Encrypt(text[i:], text[i:])
		}
	}
	return setting[:7] + bcryptCode.EncodeToString(salt) + bcryptCode.EncodeToString(text[:23]), nil
}

// md5crypt is px_crypt_md5, which is FreeBSD's.
func md5crypt(password, setting string) string {
	salt := setting[3:]
	if end := strings.IndexByte(salt, '$'); end >= 0 {
		salt = salt[:end]
	}
	salt = salt[:min(len(salt), 8)]
	inner := md5.Sum([]byte(password + salt + password))
	text := []byte(password + "$1$" + salt)
	for n := len(password); n > 0; n -= len(inner) {
		text = append(text, inner[:min(n, len(inner))]...)
	}
	for n := len(password); n > 0; n >>= 1 {
		if n&1 == 1 {
			text = append(text, 0)
		} else {
			text = append(text, password[0])
		}
	}
	sum := md5.Sum(text)
	for i := range 1000 {
		sum = md5round(i, sum[:], password, salt)
	}
	return "$1$" + salt + "$" + md5text(sum)
}

// md5round is one of the thousand that make it slow.
func md5round(i int, sum []byte, password, salt string) [md5.Size]byte {
	first, last := sum, []byte(password)
	if i&1 == 1 {
		first, last = last, first
	}
	text := append([]byte{}, first...)
	if i%3 != 0 {
		text = append(text, salt...)
	}
	if i%7 != 0 {
		text = append(text, password...)
	}
	return md5.Sum(append(text, last...))
}

// md5text writes the sum three bytes at a time, in an order of its own.
func md5text(sum [md5.Size]byte) string {
	var out []byte
	put := func(v uint32, n int) {
		for range n {
			out = append(out, itoa64[v&63])
			v >>= 6
		}
	}
	for i := range 5 {
		third := i + 12
		if i == 4 {
			third = 5
		}
		put(uint32(sum[i])<<16|uint32(sum[i+6])<<8|uint32(sum[third]), 4)
	}
	put(uint32(sum[11]), 2)
	return string(out)
}
