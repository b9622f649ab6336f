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
	return s, pgerr.CheckText(s)
}
