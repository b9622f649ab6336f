package textsearch

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// valueReader reads the words of a tsvector's text, and of a tsquery's, whose
// operators end a word (tsvector_parser.c).
type valueReader struct {
	text string // all of it, for messages
	rest string // what is not read yet
	what string // "tsvector" or "tsquery", for messages
	// operators: ! & | ( ) and < end a word, and so does a colon.
	operators bool
	// web: quotes and backslashes mean nothing, but a double quote ends a word.
	web bool
}

func (r *valueReader) syntaxError() error {
	return pgerr.New(pgerr.SyntaxError, "syntax error in %s: \"%s\"", r.what, r.text)
}

// next returns the next word with its positions; ok is false at the end.
func (r *valueReader) next() (l Lexeme, ok bool, err error) {
	r.rest = trimSpace(r.rest)
	switch {
	case r.rest == "":
		return l, false, nil
	case r.rest[0] == '\'' && !r.web:
		l.Word, err = r.quoted()
	case r.operators && isOperator(r.rest[0]):
		err = r.syntaxError()
	default:
		l.Word, err = r.bare()
	}
	if err != nil || r.operators || !strings.HasPrefix(r.rest, ":") {
		return l, err == nil, err
	}
	r.rest = r.rest[1:]
	l.Positions, err = r.positions()
	return l, err == nil, err
}

// bare reads a word without quotes; a backslash takes the next character as it
// is.
func (r *valueReader) bare() (string, error) {
	var word strings.Builder
	for first := true; r.rest != ""; first = false {
		c := r.rest[0]
		if c == '\\' && !r.web {
			if err := r.escaped(&word); err != nil {
				return "", err
			}
			continue
		}
		if r.endsWord(c) || c == ':' && !first {
			break
		}
		word.WriteByte(c)
		r.rest = r.rest[1:]
	}
	if word.Len() == 0 {
		return "", r.syntaxError()
	}
	return word.String(), nil
}

func (r *valueReader) endsWord(c byte) bool {
	return isSpace(c) || r.operators && isOperator(c) || r.web && c == '"'
}

func (r *valueReader) escaped(word *strings.Builder) error {
	if len(r.rest) < 2 {
		return pgerr.New(pgerr.SyntaxError, "there is no escaped character: \"%s\"", r.text)
	}
	word.WriteByte(r.rest[1])
	r.rest = r.rest[2:]
	return nil
}

// quoted reads 'a word', in which a quote is written twice or escaped.
func (r *valueReader) quoted() (string, error) {
	var word strings.Builder
	for r.rest = r.rest[1:]; r.rest != ""; {
		switch c := r.rest[0]; {
		case c == '\\':
			if err := r.escaped(&word); err != nil {
				return "", err
			}
		case c == '\'' && !strings.HasPrefix(r.rest, "''"):
			if r.rest = r.rest[1:]; word.Len() == 0 {
				return "", r.syntaxError()
			}
			return word.String(), nil
		default:
			word.WriteByte(c)
			if r.rest = r.rest[1:]; c == '\'' {
				r.rest = r.rest[1:] // the second of two
			}
		}
	}
	return "", r.syntaxError()
}

// positions reads "1A,2" up to white space or the end.
func (r *valueReader) positions() ([]Position, error) {
	var ps []Position
	for {
		p, err := r.position()
		if err != nil {
			return nil, err
		}
		ps = append(ps, p)
		if r.rest == "" || isSpace(r.rest[0]) {
			return ps, nil
		}
		r.rest = r.rest[1:] // the comma
	}
}

func (r *valueReader) position() (Position, error) {
	digits := leadingDigits(r.rest)
	if digits == "" {
		return 0, r.syntaxError()
	}
	r.rest = r.rest[len(digits):]
	p := NewPosition(placeOf(digits), WeightD)
	if p.Place() == 0 {
		return 0, pgerr.New(pgerr.SyntaxError, "wrong position info in tsvector: \"%s\"", r.text)
	}
	for r.rest != "" && r.rest[0] != ',' && !isSpace(r.rest[0]) {
		c := r.rest[0]
		w, ok := WeightOf(c)
		if c == '*' {
			w, ok = WeightA, true
		}
		// tsvectorin lets a D, and digits, follow anything but another weight.
		if digit := c >= '0' && c <= '9'; !digit && (!ok || p.Weight() != WeightD) {
			return 0, r.syntaxError()
		}
		if ok {
			p = NewPosition(p.Place(), w)
		}
		r.rest = r.rest[1:]
	}
	return p, nil
}

// placeOf is atoi: what does not fit 32 bits is cut to them.
func placeOf(digits string) int {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		n = -1
	}
	return int(int32(n))
}

func leadingDigits(s string) string {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return s[:n]
}

// isSpace is isspace in the C locale.
func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

func trimSpace(s string) string {
	for s != "" && isSpace(s[0]) {
		s = s[1:]
	}
	return s
}

// isOperator says whether c ends a word of a tsquery (ISOPERATOR).
func isOperator(c byte) bool { return strings.IndexByte("!&|()<", c) >= 0 }
