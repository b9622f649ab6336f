package pgerr

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// CheckText is 22021 unless s can be a text of a UTF-8 database: valid, and without
// zero bytes (pg_verify_mbstr; report_invalid_encoding names the bytes).
func CheckText(s string) error {
	if utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
		return nil
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == 0 || r == utf8.RuneError && n == 1 {
			bad := s[i:min(len(s), i+sequenceLength(s[i]))]
			return New(CharacterNotInRepertoire, `invalid byte sequence for encoding "UTF8": 0x%s`,
				strings.Join(strings.Fields(fmt.Sprintf("% x", bad)), " 0x"))
		}
		i += n
	}
	return nil
}

// sequenceLength is how many bytes a UTF-8 sequence that begins with b announces
// (pg_utf_mblen).
func sequenceLength(b byte) int {
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
