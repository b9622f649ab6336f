package wire

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// CheckText is 22021 unless s can be a text of the database: UTF-8 without zero
// bytes (PostgreSQL: pg_verify_mbstr).
func CheckText(s string) error {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return nil
	}
	for i, r := range s {
		if r == utf8.RuneError || r == 0 {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return invalidBytes(s[i:])
			}
		}
	}
	return nil
}

// invalidBytes names the bytes of the sequence that s begins with, as many as
// its first byte announces.
func invalidBytes(s string) *pgerr.Error {
	n := min(announced(s[0]), len(s))
	hex := make([]string, n)
	for i := range hex {
		hex[i] = fmt.Sprintf("0x%02x", s[i])
	}
	return pgerr.New(pgerr.CharacterNotInRepertoire,
		`invalid byte sequence for encoding "UTF8": %s`, strings.Join(hex, " "))
}

// announced is the length of the UTF-8 sequence that begins with b.
func announced(b byte) int {
	switch {
	case b&0xe0 == 0xc0:
		return 2
	case b&0xf0 == 0xe0:
		return 3
	case b&0xf8 == 0xf0:
		return 4
	}
	return 1
}

func checkTexts(ss ...string) error {
	for _, s := range ss {
		if err := CheckText(s); err != nil {
			return err
		}
	}
	return nil
}
