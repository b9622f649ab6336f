package mb

import (
	"fmt"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// The single shifts of the EUC encodings.
const ss2, ss3 = 0x8e, 0x8f

// The lengths of characters, by their first byte (pg_*_mblen).

func oneByte([]byte) int { return 1 }

func twoBytes(s []byte) int {
	if s[0] < utf8.RuneSelf {
		return 1
	}
	return 2
}

func eucLength(s []byte) int {
	if s[0] == ss3 {
		return 3
	}
	return twoBytes(s)
}

func euctwLength(s []byte) int {
	if s[0] == ss2 {
		return 4
	}
	return eucLength(s)
}

func utf8Length(s []byte) int {
	switch {
	case s[0]&0xe0 == 0xc0:
		return 2
	case s[0]&0xf0 == 0xe0:
		return 3
	case s[0]&0xf8 == 0xf0:
		return 4
	}
	return 1
}

func muleLength(s []byte) int {
	switch c := s[0]; {
	case c >= 0x81 && c <= 0x8d: // one byte of an official set
		return 2
	case c == 0x9a || c == 0x9b, c >= 0x90 && c <= 0x99: // one of a private set, two of an official
		return 3
	case c == 0x9c || c == 0x9d:
		return 4
	}
	return 1
}

func sjisLength(s []byte) int {
	if s[0] >= 0xa1 && s[0] <= 0xdf {
		return 1
	}
	return twoBytes(s)
}

func gb18030Length(s []byte) int {
	if s[0] >= utf8.RuneSelf && len(s) > 1 && s[1] >= '0' && s[1] <= '9' {
		return 4
	}
	return twoBytes(s)
}

// The checks of characters (pg_*_verifychar); s has n bytes at least.

func within(s []byte, low, high byte) bool {
	for _, c := range s {
		if c < low || c > high {
			return false
		}
	}
	return true
}

func verifyEUC(s []byte, n int) bool { return n == 2 && within(s[:2], 0xa1, 0xfe) }

func verifyEUCJP(s []byte, n int) bool {
	switch s[0] {
	case ss2:
		return s[1] >= 0xa1 && s[1] <= 0xdf
	case ss3:
		return within(s[1:3], 0xa1, 0xfe)
	}
	return verifyEUC(s, n)
}

func verifyEUCTW(s []byte, _ int) bool {
	switch s[0] {
	case ss2:
		return s[1] >= 0xa1 && s[1] <= 0xa7 && within(s[2:4], 0xa1, 0xfe)
	case ss3:
		return false
	}
	return within(s[1:2], 0xa1, 0xfe)
}

func verifyUTF8(s []byte, n int) bool {
	_, size := utf8.DecodeRune(s[:n])
	return n > 1 && size == n
}

func verifyMule(s []byte, n int) bool { return within(s[1:n], 0x80, 0xff) }

func verifyJohab(s []byte, n int) bool { return within(s[1:n], 0xa1, 0xfe) }

func verifySJIS(s []byte, n int) bool {
	if n == 1 {
		return true
	}
	head := s[0] >= 0x81 && s[0] <= 0x9f || s[0] >= 0xe0 && s[0] <= 0xfc
	return head && s[1] >= 0x40 && s[1] != 0x7f && s[1] <= 0xfc
}

// verifyPair refuses the pair that PostgreSQL keeps for invalid data
// (NONUTF8_INVALID_BYTE0).
func verifyPair(s []byte, _ int) bool { return s[1] != 0 && (s[0] != 0x8d || s[1] != ' ') }

func verifyGB18030(s []byte, n int) bool {
	if !within(s[:1], 0x81, 0xfe) {
		return false
	}
	if n == 4 {
		return within(s[2:3], 0x81, 0xfe) && within(s[3:4], '0', '9')
	}
	return s[1] >= 0x40 && s[1] != 0x7f && s[1] <= 0xfe
}

// CharLength is how many bytes the character at the start of s says it has,
// valid or not (pg_encoding_mblen). s has one byte at least.
func (e Encoding) CharLength(s []byte) int { return encodings[e].length(s) }

// valid is the length of the character at the start of s, -1 if it is none
// (pg_encoding_verifymbchar).
func (e Encoding) valid(s []byte) int {
	d := &encodings[e]
	switch {
	case s[0] == 0:
		return -1
	case s[0] < utf8.RuneSelf || d.verify == nil:
		return 1
	}
	n := d.length(s)
	if n > len(s) || !d.verify(s, n) {
		return -1
	}
	return n
}

// Count checks a text and counts its characters (pg_verify_mbstr_len). 22021.
func (e Encoding) Count(s []byte) (n int, err error) {
	for i := 0; i < len(s); n++ {
		l := e.valid(s[i:])
		if l < 0 {
			return n, e.Invalid(s[i:])
		}
		i += l
	}
	return n, nil
}

// ValidPrefix is how many bytes of s are valid characters.
func (e Encoding) ValidPrefix(s []byte) (n int) {
	for n < len(s) {
		l := e.valid(s[n:])
		if l < 0 {
			break
		}
		n += l
	}
	return n
}

// Incomplete says whether s, which begins with no valid character, could be the
// beginning of one whose rest is still to come.
func (e Encoding) Incomplete(s []byte) bool {
	if len(s) == 0 || s[0] == 0 {
		return false
	}
	gb := e == GB18030 && s[0] >= utf8.RuneSelf // its length is not in the first byte
	return gb && len(s) < 4 && (len(s) == 1 || s[1] >= '0' && s[1] <= '9') || e.CharLength(s) > len(s)
}

// Invalid is the error of the bytes at the start of s (report_invalid_encoding). 22021.
func (e Encoding) Invalid(s []byte) error {
	return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding \"%s\": %s", e, e.shown(s))
}

// shown are the bytes of the character at the start of s, as errors show them.
func (e Encoding) shown(s []byte) string {
	out := ""
	for i, c := range s[:min(len(s), e.CharLength(s))] {
		if i > 0 {
			out += " "
		}
		out += fmt.Sprintf("0x%02x", c)
	}
	return out
}
