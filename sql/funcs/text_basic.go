package funcs

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Case is ASCII's, as PostgreSQL's is under collation C; for others see
// collate.go.

func lowerASCII(s string) string { return mapASCII(s, 'A', 'Z') }

func upperASCII(s string) string { return mapASCII(s, 'a', 'z') }

// mapASCII flips the case of the letters from lo to hi.
func mapASCII(s string, lo, hi byte) string {
	for i := range len(s) {
		if s[i] >= lo && s[i] <= hi {
			b := []byte(s)
			for ; i < len(b); i++ {
				if b[i] >= lo && b[i] <= hi {
					b[i] ^= 0x20
				}
			}
			return string(b)
		}
	}
	return s
}

// initCap capitalizes each run of letters and digits.
func initCap(s string) string {
	b := []byte(s)
	inWord := false
	for i, c := range b {
		switch {
		case inWord && c >= 'A' && c <= 'Z':
			b[i] = c | 0x20
		case !inWord && c >= 'a' && c <= 'z':
			b[i] = c &^ 0x20
		}
		inWord = c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
	}
	return string(b)
}

const maxAllocSize = 0x3fffffff

func tooLong() error { return pgerr.New(pgerr.ProgramLimitExceeded, "requested length too large") }

// sliceBounds turns SQL's 1-based start and length into [from, to) over at most
// size items (text_substring of varlena.c). length < 0 means to the end.
func sliceBounds(start, length int32, bounded bool) (from, to int64, err error) {
	from, to = int64(start), int64(1)<<40
	if bounded {
		if length < 0 {
			if int64(start)+int64(length) >= 1<<31 {
				return 0, 0, nil
			}
			return 0, 0, pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
		}
		to = from + int64(length)
	}
	from, to = max(from, 1)-1, to-1
	return from, max(from, to), nil
}

func sliceChars(s string, from, to int64) string {
	if from >= int64(len(s)) || to <= from {
		return ""
	}
	_, rest := clipChars(s, int(from))
	head, _ := clipChars(rest, int(min(to-from, int64(len(rest)))))
	return head
}

func substring(s string, start, length int32) (string, error) {
	from, to, err := sliceBounds(start, length, true)
	return sliceChars(s, from, to), err
}

func substringFrom(s string, start int32) string {
	from, to, _ := sliceBounds(start, 0, false)
	return sliceChars(s, from, to)
}

func left(s string, n int32) string {
	if n < 0 {
		n = int32(max(0, int64(charLen(s))+int64(n)))
	}
	head, _ := clipChars(s, int(n))
	return head
}

func right(s string, n int32) string {
	skip := -int64(n)
	if n == math.MinInt32 { // which has no negative in C
		skip = 0
	}
	if n >= 0 {
		skip = max(0, int64(charLen(s))-int64(n))
	}
	_, rest := clipChars(s, int(skip))
	return rest
}

// padding is the text that makes s length characters long; s is cut first.
func padding(s string, length int32, fill string) (head, pad string, err error) {
	length = max(length, 0)
	if fill == "" { // nothing to pad with
		length = min(length, int32(charLen(s)))
	}
	if int64(length)*4 > maxAllocSize {
		return "", "", tooLong()
	}
	head, rest := clipChars(s, int(length))
	missing := int(length) - charLen(head)
	if rest != "" || fill == "" || missing <= 0 {
		return head, "", nil
	}
	fillLen := charLen(fill)
	pad = strings.Repeat(fill, missing/fillLen)
	tail, _ := clipChars(fill, missing%fillLen)
	return head, pad + tail, nil
}

func lpad(s string, n int32, fill string) (string, error) {
	head, pad, err := padding(s, n, fill)
	return pad + head, err
}

func rpad(s string, n int32, fill string) (string, error) {
	head, pad, err := padding(s, n, fill)
	return head + pad, err
}

// position is the 1-based character position of sub in s, 0 for none.
func position(s, sub string) int32 {
	i := strings.Index(s, sub)
	if i < 0 {
		return 0
	}
	return int32(charLen(s[:i])) + 1
}

func replaceText(s, from, to string) string {
	if from == "" {
		return s
	}
	return strings.ReplaceAll(s, from, to)
}

func translate(s, from, to string) string {
	targets := []rune(to)
	table := map[rune]rune{}
	k := 0
	for _, r := range from {
		if _, dup := table[r]; !dup {
			table[r] = -1
			if k < len(targets) {
				table[r] = targets[k]
			}
		}
		k++
	}
	return strings.Map(func(r rune) rune {
		if t, ok := table[r]; ok {
			return t
		}
		return r
	}, s)
}

func repeat(s string, n int32) (string, error) {
	if n <= 0 {
		return "", nil
	}
	if int64(len(s))*int64(n) > maxAllocSize {
		return "", tooLong()
	}
	return strings.Repeat(s, int(n)), nil
}

func reverse(s string) string {
	rs := []rune(s)
	slices.Reverse(rs)
	return string(rs)
}

// splitPart returns the n-th field; a negative n counts from the end.
func splitPart(s, delim string, n int32) (string, error) {
	if n == 0 {
		return "", pgerr.New(pgerr.InvalidParameterValue, "field position must not be zero")
	}
	if s == "" {
		return "", nil
	}
	fields := []string{s}
	if delim != "" {
		fields = strings.Split(s, delim)
	}
	i := int(n) - 1
	if n < 0 {
		i = len(fields) + int(n)
	}
	if i < 0 || i >= len(fields) {
		return "", nil
	}
	return fields[i], nil
}

func overlay(s, with string, start, length int32) (string, error) {
	end := int64(start) + int64(length)
	if start <= 0 {
		return "", pgerr.New(pgerr.SubstringError, "negative substring length not allowed")
	}
	if end > 1<<31-1 {
		return "", outOfRange("integer")
	}
	head, err := substring(s, 1, start-1)
	if err != nil {
		return "", err
	}
	return head + with + substringFrom(s, int32(end)), nil
}

// ascii is the code point of the first character.
func ascii(s string) int32 {
	r, size := utf8.DecodeRuneInString(s)
	if size == 0 {
		return 0
	}
	return int32(r)
}

func chr(n int32) (string, error) {
	switch {
	case n < 0:
		return "", pgerr.New(pgerr.InvalidParameterValue, "character number must be positive")
	case n == 0:
		return "", pgerr.New(pgerr.ProgramLimitExceeded, "null character not permitted")
	case n > utf8.MaxRune:
		return "", pgerr.New(pgerr.ProgramLimitExceeded, "requested character too large for encoding: %d", n)
	case !utf8.ValidRune(n):
		return "", pgerr.New(pgerr.ProgramLimitExceeded, "requested character not valid for encoding: %d", n)
	}
	return string(n), nil
}

func trimBoth(s, set string) string  { return trimLeft(trimRight(s, set), set) }
func trimLeft(s, set string) string  { return strings.TrimLeft(s, set) }
func trimRight(s, set string) string { return strings.TrimRight(s, set) }

func init() {
	kernels{
		"textlen":          F1(func(s string) int32 { return int32(charLen(s)) }),
		"bpcharlen":        F1(func(s string) int32 { return int32(charLen(trimBlanks(s))) }),
		"textoctetlen":     F1(func(s string) int32 { return int32(len(s)) }),
		"bpcharoctetlen":   F1(func(s string) int32 { return int32(len(s)) }),
		"bit_length(text)": F1(func(s string) int32 { return int32(len(s)) * 8 }),
		"upper":            mapped(upperASCII, (*types.Collation).Upper),
		"lower":            mapped(lowerASCII, (*types.Collation).Lower),
		"initcap":          mapped(initCap, (*types.Collation).InitCap),

		"text_substr":        E3(substring),
		"text_substr_no_len": F2(substringFrom),
		"text_left":          F2(left),
		"text_right":         F2(right),
		"lpad":               E3(lpad),
		"rpad":               E3(rpad),
		"lpad(text,int4)":    E2(func(s string, n int32) (string, error) { return lpad(s, n, " ") }),
		"rpad(text,int4)":    E2(func(s string, n int32) (string, error) { return rpad(s, n, " ") }),
		"btrim":              F2(trimBoth),
		"ltrim":              F2(trimLeft),
		"rtrim":              F2(trimRight),
		"btrim1":             F1(func(s string) string { return trimBoth(s, " ") }),
		"ltrim1":             F1(func(s string) string { return trimLeft(s, " ") }),
		"textpos":            bytewise("substring searches", F2(position)),
		"replace_text":       bytewise("substring searches", F3(replaceText)),
		"translate":          F3(translate),
		"repeat":             E2(repeat),
		"text_reverse":       F1(reverse),
		"split_part":         bytewise("substring searches", E3(splitPart)),
		"textoverlay":        Lift4(func(_ *Call, s, w string, at, n int32) (string, error) { return overlay(s, w, at, n) }),
		"textoverlay_no_len": E3(func(s, w string, at int32) (string, error) { return overlay(s, w, at, int32(charLen(w))) }),
		"ascii":              F1(ascii),
		"chr":                E1(chr),
		"textcat":            F2(func(a, b string) string { return a + b }),
	}.bind()
}
