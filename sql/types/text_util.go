package types

import (
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// runeLen is the length in bytes of the first character of s, which is not
// empty.
func runeLen(s string) int {
	_, n := utf8.DecodeRuneInString(s)
	return n
}

// recvText checks that bytes are text of our only encoding. 22021.
func recvText(b []byte) (string, error) {
	s := string(b)
	return s, CheckText(s)
}

// CheckText raises 22021 for what no text value may hold: invalid UTF-8, and
// the zero byte.
func CheckText(s string) error {
	for i := 0; i < len(s); {
		if c := s[i]; c != 0 && c < utf8.RuneSelf {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0 || r == utf8.RuneError && n == 1 {
			return badEncoding(s[i:])
		}
		i += n
	}
	return nil
}

// badEncoding names the bytes of the character that s begins with, as many as
// its first byte announces (report_invalid_encoding).
func badEncoding(s string) error {
	n := 1
	switch c := s[0]; {
	case c&0xe0 == 0xc0:
		n = 2
	case c&0xf0 == 0xe0:
		n = 3
	case c&0xf8 == 0xf0:
		n = 4
	}
	msg := "invalid byte sequence for encoding \"UTF8\":"
	const hex = "0123456789abcdef"
	for i := range min(n, len(s)) {
		msg += " 0x" + string([]byte{hex[s[i]>>4], hex[s[i]&15]})
	}
	return pgerr.New(pgerr.CharacterNotInRepertoire, "%s", msg)
}
