package datetime

import "strings"

// fieldKind is what a field of the input looks like.
type fieldKind uint8

const (
	kindNumber  fieldKind = iota // digits, perhaps with a decimal point
	kindString                   // letters
	kindDate                     // three parts, or a zone's name with punctuation
	kindTime                     // digits with colons
	kindZone                     // a sign and digits
	kindSpecial                  // a sign and letters
)

type field struct {
	text string // lower case
	kind fieldKind
}

// maxFields and maxInput bound the input as PostgreSQL's buffers do.
const (
	maxFields = 25
	maxInput  = 153
)

func isDigit(c byte) bool { return c-'0' < 10 }
func isAlpha(c byte) bool { return c|0x20-'a' < 26 }
func isAlnum(c byte) bool { return isDigit(c) || isAlpha(c) }
func isSpace(c byte) bool { return c == ' ' || c-'\t' < 5 }
func isPunct(c byte) bool { return c > ' ' && c < 0x7f && !isAlnum(c) }

func cutDigits(s string) (digits, rest string) {
	n := span(s, isDigit)
	return s[:n], s[n:]
}

// span is the length of the front of s whose bytes are all of a class.
func span(s string, class func(c byte) bool) int {
	i := 0
	for i < len(s) && class(s[i]) {
		i++
	}
	return i
}

// split cuts an input into fields (ParseDateTime of datetime.c).
func split(s string) ([]field, fault) {
	var fields []field
	size := 0
	for s != "" {
		c := s[0]
		if isSpace(c) {
			s = s[1:]
			continue
		}
		if len(fields) == maxFields {
			return nil, badFormat
		}
		f, n := cutField(s)
		if n == 0 {
			if c != '+' && c != '-' && isPunct(c) {
				s = s[1:] // other punctuation only separates
				continue
			}
			return nil, badFormat
		}
		if size += len(f.text) + 1; size > maxInput {
			return nil, badFormat
		}
		fields, s = append(fields, f), s[n:]
	}
	return fields, fine
}

// cutField cuts the field at the front of s; n is 0 if there is none.
func cutField(s string) (f field, n int) {
	switch c := s[0]; {
	case isDigit(c):
		f.kind, n = numeric(s)
	case c == '.':
		f.kind, n = kindNumber, 1+span(s[1:], isDigit)
	case isAlpha(c):
		f.kind, n = word(s)
	case c == '+' || c == '-':
		return signed(s)
	}
	f.text = strings.ToLower(s[:n])
	return f, n
}

// numeric measures a field that begins with a digit.
func numeric(s string) (fieldKind, int) {
	n := span(s, isDigit)
	if n == len(s) {
		return kindNumber, n
	}
	switch delim := s[n]; delim {
	case ':':
		return kindTime, n + 1 + span(s[n+1:], func(c byte) bool { return isDigit(c) || c == ':' || c == '.' })
	case '-', '/', '.':
		return dateLike(s, n, delim)
	}
	return kindNumber, n
}

// dateLike measures digits that a delimiter follows at n: a date, perhaps with
// its month in letters, or a decimal number.
func dateLike(s string, n int, delim byte) (fieldKind, int) {
	n++
	if n == len(s) || !isDigit(s[n]) {
		return kindDate, n + span(s[n:], func(c byte) bool { return isAlnum(c) || c == delim })
	}
	kind := kindDate
	if delim == '.' {
		kind = kindNumber
	}
	n += span(s[n:], isDigit)
	if n < len(s) && s[n] == delim {
		kind = kindDate
		n += span(s[n:], func(c byte) bool { return isDigit(c) || c == delim })
	}
	return kind, n
}

// word measures a field that begins with a letter: a word, a date with its
// month first, or a zone's name.
func word(s string) (fieldKind, int) {
	n := span(s, isAlpha)
	if n == len(s) {
		return kindString, n
	}
	isDate := false
	switch c := s[n]; {
	case c == '-' || c == '/' || c == '.':
		isDate = true
	case c == '+' || isDigit(c):
		_, isKeyword := dateWords[token(strings.ToLower(s[:n]))]
		isDate = !isKeyword
	}
	if !isDate {
		return kindString, n
	}
	return kindDate, n + span(s[n:], func(c byte) bool { return isAlnum(c) || strings.IndexByte("+-/_.:", c) >= 0 })
}

// signed cuts a field that begins with a sign; blanks after the sign are
// dropped.
func signed(s string) (f field, n int) {
	start := 1 + span(s[1:], isSpace)
	if start == len(s) {
		return f, 0
	}
	switch c := s[start]; {
	case isDigit(c):
		f.kind = kindZone
		n = start + span(s[start:], func(c byte) bool { return isDigit(c) || strings.IndexByte(":.-", c) >= 0 })
	case isAlpha(c):
		f.kind = kindSpecial
		n = start + span(s[start:], isAlpha)
	default:
		return f, 0
	}
	f.text = s[:1] + strings.ToLower(s[start:n])
	return f, n
}

// token is as much of a word as is compared with key words.
func token(word string) string { return word[:min(len(word), maxTokenLen)] }
