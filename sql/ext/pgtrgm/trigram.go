package pgtrgm

import (
	"cmp"
	"hash/crc32"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// trigram is three letters of ASCII, or three bytes of the sum of others
// (compact_trigram of trgm_op.c).
type trigram [3]byte

// order is CMPTRGM: bytes are signed.
func order(a, b trigram) int {
	for i := range a {
		if n := cmp.Compare(int8(a[i]), int8(b[i])); n != 0 {
			return n
		}
	}
	return 0
}

func (t trigram) printable() bool {
	for _, b := range t {
		if b != ' ' && !asciiLetter(rune(b)) {
			return false
		}
	}
	return true
}

func asciiLetter(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// letters says what words are made of: under the collation C letters of ASCII alone.
type letters struct {
	is    func(rune) bool
	lower func(string) string
}

func lettersOf(c *funcs.Call) letters {
	def := c.Env.Registry().CollationByOID(types.DefaultCollationOID)
	if def == nil || def.ICULocale == "" {
		return letters{asciiLetter, lowerASCII}
	}
	return letters{func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }, def.Lower}
}

func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}

// edges are the trigrams that begin and end a word.
type edges struct{ left, right map[int]bool }

// trigramsOf is generate_trgm_only: the trigrams of each word in order, with two blanks
// before it and one behind. e is filled where it is not nil.
func trigramsOf(l letters, text string, e *edges) []trigram {
	var out []trigram
	for text != "" {
		start, end := nextWord(l, text)
		if start == end {
			break
		}
		padded := "  " + l.lower(text[start:end]) + " "
		text = text[end:]
		if e != nil {
			e.left[len(out)] = true
		}
		out = appendTrigrams(out, padded)
		if e != nil {
			e.right[len(out)-1] = true
		}
	}
	return out
}

func nextWord(l letters, text string) (start, end int) {
	start = len(text)
	for i, r := range text {
		if is := r != utf8.RuneError && l.is(r); is && start == len(text) {
			start = i
		} else if !is && start < len(text) {
			return start, i
		}
	}
	return start, len(text)
}

func appendTrigrams(out []trigram, padded string) []trigram {
	rs := []rune(padded)
	for i := 0; i+3 <= len(rs); i++ {
		out = append(out, compact(string(rs[i:i+3])))
	}
	return out
}

// compact keeps three bytes, or three of the legacy CRC-32 of more.
func compact(s string) trigram {
	if len(s) == 3 {
		return trigram{s[0], s[1], s[2]}
	}
	crc := ^uint32(0)
	for i := range len(s) {
		crc = crc32.IEEETable[byte(crc>>24)^s[i]] ^ crc<<8
	}
	crc = ^crc
	return trigram{byte(crc), byte(crc >> 8), byte(crc >> 16)}
}

func unique(ts []trigram) []trigram {
	slices.SortFunc(ts, order)
	return slices.Compact(ts)
}

// share is CALCSML: of all different trigrams those that both have.
func share(both, a, b int) float32 { return float32(both) / float32(a+b-both) }

// similarity is cnt_sml.
func similarity(l letters, a, b string) float32 {
	as, bs := unique(trigramsOf(l, a, nil)), unique(trigramsOf(l, b, nil))
	if len(as) == 0 || len(bs) == 0 {
		return 0
	}
	both := 0
	for _, t := range as {
		if _, found := slices.BinarySearchFunc(bs, t, order); found {
			both++
		}
	}
	return share(both, len(as), len(bs))
}
