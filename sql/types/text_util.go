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

// recvText reads a text in the client's encoding (pq_getmsgtext). 22021, 22P05.
func recvText(env *Env, b []byte) (string, error) {
	if env != nil && env.Client != nil {
		b, err := env.Client.Decode(b)
		return string(b), err
	}
	s := string(b)
	return s, pgerr.CheckText(s)
}

// sendText adds a text in the client's encoding (pq_sendtext).
func sendText(env *Env, dst []byte, s string) []byte {
	if env != nil && env.Client != nil {
		return env.Client.Append(dst, []byte(s))
	}
	return append(dst, s...)
}
