package types

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// jsonTok is a kind of JSON token.
type jsonTok byte

const (
	tokEnd     jsonTok = 0
	tokInvalid jsonTok = '?'
	tokString  jsonTok = '"'
	tokNumber  jsonTok = '0'
	tokTrue    jsonTok = 't'
	tokFalse   jsonTok = 'f'
	tokNull    jsonTok = 'n'
)

// jsonLexer cuts a text into tokens. Which token an error names, and how much
// of the text is shown with it, is as PostgreSQL's lexer leaves start and end.
type jsonLexer struct {
	in         string
	decode     bool // strings are wanted decoded, so surrogates and \u0000 matter
	tok        jsonTok
	start, end int // the current token
	line       int
	lineStart  int
	str        string // the decoded string, if decode
}

// next reads the next token.
func (l *jsonLexer) next() error {
	l.skipSpace()
	l.start = l.end
	if l.end == len(l.in) {
		l.tok = tokEnd
		return nil
	}
	switch c := l.in[l.end]; {
	case strings.IndexByte("{}[],:", c) >= 0:
		l.tok = jsonTok(c)
		l.end++
		return nil
	case c == '"':
		l.tok = tokString
		return l.lexString()
	case c == '-' || isDigit(c):
		l.tok = tokNumber
		return l.lexNumber()
	}
	l.tok = tokInvalid
	return l.lexWord()
}

func (l *jsonLexer) skipSpace() {
	for ; l.end < len(l.in); l.end++ {
		switch l.in[l.end] {
		case '\n':
			l.line++
			l.lineStart = l.end + 1
		case ' ', '\t', '\r':
		default:
			return
		}
	}
}

func isJSONWordChar(c byte) bool {
	return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf
}

func (l *jsonLexer) lexWord() error {
	for l.end < len(l.in) && isJSONWordChar(l.in[l.end]) {
		l.end++
	}
	if l.end == l.start {
		l.end++
		return l.invalidToken()
	}
	switch l.text() {
	case "true":
		l.tok = tokTrue
	case "false":
		l.tok = tokFalse
	case "null":
		l.tok = tokNull
	default:
		return l.invalidToken()
	}
	return nil
}

func (l *jsonLexer) lexNumber() error {
	rest := strings.TrimPrefix(l.in[l.end:], "-")
	rest, ok := cutJSONNumber(rest)
	l.end = len(l.in) - len(rest)
	for l.end < len(l.in) && isJSONWordChar(l.in[l.end]) {
		l.end++
		ok = false
	}
	if !ok {
		return l.invalidToken()
	}
	return nil
}

// cutJSONNumber cuts a number without sign off s; where it is wrong rest
// begins.
func cutJSONNumber(s string) (rest string, ok bool) {
	whole, s := splitDigits(s)
	if whole == "" || whole[0] == '0' && len(whole) > 1 {
		return s, false
	}
	if s != "" && s[0] == '.' {
		var fra string
		if fra, s = splitDigits(s[1:]); fra == "" {
			return s, false
		}
	}
	if s == "" || s[0]|0x20 != 'e' {
		return s, true
	}
	s = s[1:]
	if s != "" && (s[0] == '+' || s[0] == '-') {
		s = s[1:]
	}
	exp, s := splitDigits(s)
	return s, exp != ""
}

// lexString reads a string from its opening quote. Strings without escapes
// share the input's memory.
func (l *jsonLexer) lexString() error {
	l.end++
	begin := l.end
	for ; l.end < len(l.in); l.end++ {
		switch c := l.in[l.end]; {
		case c == '"':
			l.str = l.in[begin:l.end]
			l.end++
			return nil
		case c == '\\':
			return l.lexEscaped(begin)
		case c < ' ':
			return l.mustEscape()
		}
	}
	return l.invalidToken()
}

// lexEscaped goes on with a string that has an escape at l.end.
func (l *jsonLexer) lexEscaped(begin int) error {
	buf := []byte(l.in[begin:l.end])
	high := rune(-1) // a high surrogate that waits for its low one
	for l.end < len(l.in) {
		c := l.in[l.end]
		switch {
		case c == '"':
			if high >= 0 {
				return l.badSurrogate()
			}
			l.str = string(buf)
			l.end++
			return nil
		case c < ' ':
			return l.mustEscape()
		case c == '\\':
			var err error
			if buf, high, err = l.lexEscape(buf, high); err != nil {
				return err
			}
			continue
		case high >= 0:
			return l.badSurrogate()
		}
		buf = append(buf, c)
		l.end++
	}
	return l.invalidToken()
}

// jsonUnescapes maps the letters of short escapes to their characters.
var jsonUnescapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// lexEscape reads one escape sequence and appends what it stands for.
func (l *jsonLexer) lexEscape(buf []byte, high rune) ([]byte, rune, error) {
	l.end++
	if l.end == len(l.in) {
		return buf, high, l.invalidToken()
	}
	c := l.in[l.end]
	if c == 'u' {
		return l.lexUnicode(buf, high)
	}
	if high >= 0 {
		return buf, high, l.badSurrogate()
	}
	plain := jsonUnescapes[c]
	if plain == 0 {
		l.start = l.end
		l.end += l.charLen()
		return buf, high, l.fail("Escape sequence \"\\%s\" is invalid.", l.text())
	}
	l.end++
	return append(buf, plain), high, nil
}

// lexUnicode reads the four digits after \u.
func (l *jsonLexer) lexUnicode(buf []byte, high rune) ([]byte, rune, error) {
	var r rune
	for range 4 {
		l.end++
		if l.end == len(l.in) {
			return buf, high, l.invalidToken()
		}
		d := hexValue(l.in[l.end])
		if d < 0 {
			l.end += l.charLen()
			return buf, high, l.fail("\"\\u\" must be followed by four hexadecimal digits.")
		}
		r = r<<4 | rune(d)
	}
	l.end++
	if !l.decode {
		return buf, -1, nil
	}
	return l.addUnicode(buf, r, high)
}

func (l *jsonLexer) addUnicode(buf []byte, r, high rune) ([]byte, rune, error) {
	isHigh, isLow := r>>10 == 0xd800>>10, r>>10 == 0xdc00>>10
	switch {
	case isHigh && high >= 0:
		return buf, high, l.fail("Unicode high surrogate must not follow a high surrogate.")
	case isHigh:
		return buf, r, nil
	case isLow != (high >= 0):
		return buf, high, l.fail("Unicode low surrogate must follow a high surrogate.")
	case isLow:
		r = 0x10000 + (high&0x3ff)<<10 | r&0x3ff
	case r == 0:
		e := pgerr.New(pgerr.UntranslatableCharacter, "unsupported Unicode escape sequence").
			WithDetail("\\u0000 cannot be converted to text.")
		e.Where = l.context()
		return buf, high, e
	}
	return utf8.AppendRune(buf, r), -1, nil
}

// hexValue is the value of a hexadecimal digit, or -1.
func hexValue(c byte) int {
	switch {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

// charLen is the length of the character at l.end.
func (l *jsonLexer) charLen() int {
	_, n := utf8.DecodeRuneInString(l.in[l.end:])
	return n
}

// text is the current token.
func (l *jsonLexer) text() string { return l.in[l.start:l.end] }

func (l *jsonLexer) invalidToken() error { return l.fail("Token \"%s\" is invalid.", l.text()) }

func (l *jsonLexer) mustEscape() error {
	return l.fail("Character with value 0x%02x must be escaped.", l.in[l.end])
}

// badSurrogate reports a high surrogate that the character at l.end does not
// complete.
func (l *jsonLexer) badSurrogate() error {
	l.end += l.charLen()
	return l.fail("Unicode low surrogate must follow a high surrogate.")
}

func (l *jsonLexer) fail(detail string, args ...any) error {
	e := pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type json").WithDetail(detail, args...)
	e.Where = l.context()
	return e
}
