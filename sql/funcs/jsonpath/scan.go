package jsonpath

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// tokenKind is a kind of token; a character that stands for itself is its own.
type tokenKind int

const (
	tokEnd tokenKind = iota + 256
	tokIdent
	tokKeyword
	tokString
	tokVariable
	tokInt
	tokNumeric
	tokAnd
	tokOr
	tokNot
	tokAny
	tokCompare
)

// token is one token. text is its value: decoded, of a keyword in lower case.
// yytext is what an error at the token shows.
type token struct {
	kind         tokenKind
	text, yytext string
	raw          string // tokKeyword: as written
	compare      op     // tokCompare
}

// keywords are the words of the language; those that are true must be written
// in lower case.
var keywords = map[string]bool{
	"is": false, "to": false, "abs": false, "lax": false, "flag": false, "last": false, "null": true,
	"size": false, "true": true, "type": false, "with": false, "false": true, "floor": false,
	"double": false, "exists": false, "starts": false, "strict": false, "ceiling": false,
	"unknown": false, "datetime": false, "keyvalue": false, "like_regex": false,
}

const (
	specials = `?%$.[]{}()|&!=<>@#,*:-+/`
	blanks   = " \t\n\r\f"
)

// isOther says that c may stand in an unquoted name.
func isOther(c byte) bool { return strings.IndexByte(specials+blanks+`\"`, c) < 0 }

type scanner struct {
	in string
	at int
}

func (s *scanner) rest() string { return s.in[s.at:] }

// syntaxError is jsonpath_yyerror: near is the text of the token at hand.
func syntaxError(message, near string) error {
	if near == "" {
		return pgerr.New(pgerr.SyntaxError, "%s at end of jsonpath input", message)
	}
	return pgerr.New(pgerr.SyntaxError, "%s at or near \"%s\" of jsonpath input", message, near)
}

// comparisons are the operators of comparison, longer ones first.
var comparisons = []struct {
	text string
	op   op
}{
	{"<=", opLessOrEqual}, {"==", opEqual}, {"<>", opNotEqual}, {"!=", opNotEqual},
	{">=", opGreaterOrEqual}, {"<", opLess}, {">", opGreater},
}

// doubles are the other operators of two characters.
var doubles = map[string]tokenKind{"&&": tokAnd, "||": tokOr, "**": tokAny}

// next reads a token.
func (s *scanner) next() (token, error) {
	if err := s.skip(); err != nil {
		return token{}, err
	}
	if s.at == len(s.in) {
		return token{kind: tokEnd}, nil
	}
	rest := s.rest()
	for _, c := range comparisons {
		if strings.HasPrefix(rest, c.text) {
			return s.take(tokCompare, c.text, c.op), nil
		}
	}
	if len(rest) > 1 && doubles[rest[:2]] != 0 {
		return s.take(doubles[rest[:2]], rest[:2], 0), nil
	}
	switch c := rest[0]; {
	case c == '!':
		return s.take(tokNot, "!", 0), nil
	case c == '"':
		return s.quoted(tokString, 1)
	case strings.HasPrefix(rest, `$"`):
		return s.quoted(tokVariable, 2)
	case c == '$' && len(rest) > 1 && isOther(rest[1]):
		return s.variable(), nil
	case isDigit(c) || c == '.' && len(rest) > 1 && isDigit(rest[1]):
		return s.number()
	case c == '\\' || isOther(c):
		return s.name()
	default:
		return s.take(tokenKind(c), rest[:1], 0), nil
	}
}

func (s *scanner) take(kind tokenKind, text string, compare op) token {
	s.at += len(text)
	return token{kind: kind, text: text, yytext: text, compare: compare}
}

// skip skips blanks and comments.
func (s *scanner) skip() error {
	for s.at < len(s.in) {
		switch rest := s.rest(); {
		case strings.IndexByte(blanks, rest[0]) >= 0:
			s.at++
		case strings.HasPrefix(rest, "/*"):
			end := strings.Index(rest[2:], "*/")
			if end < 0 {
				return syntaxError("unexpected end of comment", "")
			}
			s.at += end + 4
		default:
			return nil
		}
	}
	return nil
}

func (s *scanner) variable() token {
	end := s.at + 1
	for end < len(s.in) && isOther(s.in[end]) {
		end++
	}
	t := token{kind: tokVariable, text: s.in[s.at+1 : end], yytext: s.in[s.at:end]}
	s.at = end
	return t
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) int {
	n := 0
	for n < len(s) && isDigit(s[n]) {
		n++
	}
	return n
}

// number reads integer, decimal and real, the longest that fits.
func (s *scanner) number() (token, error) {
	rest := s.rest()
	kind, n := tokInt, 0
	switch {
	case rest[0] == '0':
		n = 1
	case rest[0] != '.':
		n = digits(rest)
	}
	if n < len(rest) && rest[n] == '.' {
		kind = tokNumeric
		n += 1 + digits(rest[n+1:])
	}
	if n < len(rest) && rest[n]|0x20 == 'e' {
		exp := n + 1
		signed := exp < len(rest) && (rest[exp] == '+' || rest[exp] == '-')
		if signed {
			exp++
		}
		ds := digits(rest[exp:])
		switch {
		case ds > 0:
			kind, n = tokNumeric, exp+ds
		case signed:
			return token{}, syntaxError("invalid numeric literal", rest[:exp])
		}
	}
	if n < len(rest) && isOther(rest[n]) {
		_, size := utf8.DecodeRuneInString(rest[n:])
		return token{}, syntaxError("trailing junk after numeric literal", rest[:n+size])
	}
	return s.take(kind, rest[:n], 0), nil
}

// name reads an unquoted name and looks whether it is a keyword.
func (s *scanner) name() (token, error) {
	var b []byte
	yytext := ""
	for s.at < len(s.in) {
		rest := s.rest()
		if rest[0] == '\\' {
			var err error
			if b, err = s.escape(b); err != nil {
				return token{}, err
			}
			continue
		}
		if strings.HasPrefix(rest, "/*") {
			break
		}
		if !isOther(rest[0]) {
			if blank := len(rest) - len(strings.TrimLeft(rest, blanks)); blank > 0 {
				yytext = rest[:blank]
			}
			break
		}
		b = append(b, rest[0])
		s.at++
	}
	t := token{kind: tokIdent, text: string(b), yytext: yytext}
	low := strings.ToLower(t.text)
	if mustBeLower, ok := keywords[low]; ok && (!mustBeLower || low == t.text) {
		t.kind, t.text, t.raw = tokKeyword, low, t.text
	}
	return t, nil
}

// quoted reads a string, or a variable's quoted name; n characters open it.
func (s *scanner) quoted(kind tokenKind, n int) (token, error) {
	s.at += n
	var b []byte
	for s.at < len(s.in) {
		switch c := s.in[s.at]; c {
		case '"':
			s.at++
			return token{kind: kind, text: string(b), yytext: `"`}, nil
		case '\\':
			var err error
			if b, err = s.escape(b); err != nil {
				return token{}, err
			}
		default:
			b = append(b, c)
			s.at++
		}
	}
	return token{}, syntaxError("unexpected end of quoted string", "")
}

// shortEscapes maps letters to the characters that they stand for.
var shortEscapes = map[byte]byte{'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v'}

// escape reads one escape sequence, or a run of \u, and appends what it means.
func (s *scanner) escape(b []byte) ([]byte, error) {
	if s.at+1 == len(s.in) {
		return b, syntaxError("unexpected end after backslash", `\`)
	}
	c := s.in[s.at+1]
	switch {
	case c == 'u':
		return s.unicodeRun(b)
	case c == 'x':
		return s.hex(b)
	case shortEscapes[c] != 0:
		c = shortEscapes[c]
	}
	s.at += 2
	return append(b, c), nil
}

// hexRun reads up to limit hexadecimal digits.
func hexRun(s string, limit int) (v rune, n int) {
	for ; n < min(len(s), limit); n++ {
		d := strings.IndexByte("0123456789abcdefABCDEF", s[n])
		if d < 0 {
			break
		}
		if d > 15 {
			d -= 6
		}
		v = v<<4 | rune(d)
	}
	return v, n
}

func (s *scanner) hex(b []byte) ([]byte, error) {
	v, n := hexRun(s.in[s.at+2:], 2)
	if n < 2 {
		return b, syntaxError("invalid hex character sequence", s.in[s.at:s.at+2+n])
	}
	s.at += 4
	return s.addCodePoint(b, v)
}

func (s *scanner) addCodePoint(b []byte, r rune) ([]byte, error) {
	switch {
	case r == 0:
		return b, pgerr.New(pgerr.UntranslatableCharacter, "unsupported Unicode escape sequence").
			WithDetail("\\u0000 cannot be converted to text.")
	case r > utf8.MaxRune:
		return b, pgerr.New(pgerr.SyntaxError, "invalid Unicode code point")
	}
	return utf8.AppendRune(b, r), nil
}

// unicodeRun reads \uXXXX and \u{X…} as long as they follow each other.
func (s *scanner) unicodeRun(b []byte) ([]byte, error) {
	start := s.at
	var run []rune
	for strings.HasPrefix(s.rest(), `\u`) {
		r, n, ok := unicodeEscape(s.rest())
		if !ok {
			return b, syntaxError("invalid unicode sequence", s.in[start:s.at+n])
		}
		run = append(run, r)
		s.at += n
	}
	return s.addRun(b, run)
}

// unicodeEscape reads one \u escape; n is its length, or that of what is right
// of it.
func unicodeEscape(s string) (r rune, n int, ok bool) {
	if len(s) > 2 && s[2] == '{' {
		r, n = hexRun(s[3:], 6)
		if n == 0 || !strings.HasPrefix(s[3+n:], "}") {
			return 0, 3 + n, false
		}
		return r, 3 + n + 1, true
	}
	r, n = hexRun(s[2:], 4)
	return r, 2 + n, n == 4
}

func badSurrogate(detail string) error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type jsonpath").WithDetail("%s", detail)
}

// addRun appends code points, pairs of surrogates as one.
func (s *scanner) addRun(b []byte, run []rune) ([]byte, error) {
	high := rune(-1)
	for _, r := range run {
		isHigh, isLow := r>>10 == 0xd800>>10, r>>10 == 0xdc00>>10
		switch {
		case isHigh && high >= 0:
			return b, badSurrogate("Unicode high surrogate must not follow a high surrogate.")
		case isHigh:
			high = r
			continue
		case isLow != (high >= 0):
			return b, badSurrogate("Unicode low surrogate must follow a high surrogate.")
		case isLow:
			r, high = 0x10000+(high&0x3ff)<<10|r&0x3ff, -1
		}
		var err error
		if b, err = s.addCodePoint(b, r); err != nil {
			return b, err
		}
	}
	if high >= 0 {
		return b, badSurrogate("Unicode low surrogate must follow a high surrogate.")
	}
	return b, nil
}
