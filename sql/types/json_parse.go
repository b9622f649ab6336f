package types

import (
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// maxJSONDepth bounds the nesting of JSON values, which are walked recursively.
// PostgreSQL's bound is its stack: some 6,000 to 12,000 levels.
const maxJSONDepth = 10000

// ParseJSONB parses a JSON text as jsonb does: numbers become numerics, of
// equal keys the last wins. 22P02, 22P05 (\u0000) and 22003 (a number that
// numeric cannot hold).
func ParseJSONB(s string) (*JSON, error) {
	p := jsonParser[*JSON]{
		lex:    jsonLexer{in: s, decode: true, line: 1},
		scalar: jsonbScalar,
		array:  func(_ string, elems []*JSON) *JSON { return JSONFromArray(elems) },
		object: func(_ string, keys []string, values []*JSON) *JSON {
			members := make([]JSONMember, len(keys))
			for i, k := range keys {
				members[i] = JSONMember{k, values[i]}
			}
			return JSONFromMembers(members)
		},
	}
	return p.parse()
}

func jsonbScalar(l *jsonLexer) (*JSON, error) {
	switch l.tok {
	case tokString:
		return JSONFromString(l.str), nil
	case tokNumber:
		n, err := ParseNumeric(l.text())
		return JSONFromNumeric(n), err
	case tokTrue:
		return jsonTrue, nil
	case tokFalse:
		return jsonFalse, nil
	}
	return jsonNull, nil
}

// ValidateJSON checks that s is JSON as the type json does, which does not look
// into \u escapes. 22P02.
func ValidateJSON(s string) error {
	type nothing = struct{}
	p := jsonParser[nothing]{
		lex:    jsonLexer{in: s, line: 1},
		scalar: func(*jsonLexer) (nothing, error) { return nothing{}, nil },
		array:  func(string, []nothing) nothing { return nothing{} },
		object: func(string, []string, []nothing) nothing { return nothing{} },
	}
	_, err := p.parse()
	return err
}

// JSONNode is a json text taken apart without losing its spelling: order,
// duplicate keys and white space inside values are kept. It is what the
// functions on json (not jsonb) work on.
type JSONNode struct {
	Kind  JSONKind
	Text  string // as written, from the value's first character to its last
	Str   string // JSONString: decoded
	Keys  []string
	Elems []*JSONNode // of an array, or the values of an object beside Keys
}

// ParseJSONNode takes a json text apart; errors as ParseJSONB.
func ParseJSONNode(s string) (*JSONNode, error) {
	p := jsonParser[*JSONNode]{
		lex: jsonLexer{in: s, decode: true, line: 1},
		scalar: func(l *jsonLexer) (*JSONNode, error) {
			n := &JSONNode{Kind: jsonTokKinds[l.tok], Text: l.text()}
			if l.tok == tokString {
				n.Str = l.str
			}
			return n, nil
		},
		array: func(text string, elems []*JSONNode) *JSONNode {
			return &JSONNode{Kind: JSONArray, Text: text, Elems: elems}
		},
		object: func(text string, keys []string, values []*JSONNode) *JSONNode {
			return &JSONNode{Kind: JSONObject, Text: text, Keys: keys, Elems: values}
		},
	}
	return p.parse()
}

var jsonTokKinds = map[jsonTok]JSONKind{
	tokString: JSONString, tokNumber: JSONNumber, tokTrue: JSONTrue, tokFalse: JSONFalse, tokNull: JSONNull,
}

// jsonParser is a recursive descent over JSON that makes a T of every value.
type jsonParser[T any] struct {
	lex    jsonLexer
	depth  int
	scalar func(l *jsonLexer) (T, error)
	array  func(text string, elems []T) T
	object func(text string, keys []string, values []T) T
}

func (p *jsonParser[T]) parse() (T, error) {
	var none T
	if err := p.lex.next(); err != nil {
		return none, err
	}
	v, err := p.value()
	if err != nil {
		return none, err
	}
	if p.lex.tok != tokEnd {
		return none, p.expected("end of input")
	}
	return v, nil
}

// value parses the value that begins with the current token, and reads on to
// the token after it.
func (p *jsonParser[T]) value() (T, error) {
	var none T
	switch p.lex.tok {
	case '{', '[':
		return p.container(p.lex.tok)
	case tokString, tokNumber, tokTrue, tokFalse, tokNull:
		v, err := p.scalar(&p.lex)
		if err != nil {
			return none, err
		}
		return v, p.lex.next()
	}
	return none, p.expected("JSON value")
}

func (p *jsonParser[T]) container(open jsonTok) (v T, err error) {
	if p.depth++; p.depth > maxJSONDepth {
		return v, pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded")
	}
	defer func() { p.depth-- }()
	start := p.lex.start
	if err = p.lex.next(); err != nil {
		return v, err
	}
	var keys []string
	var values []T
	if open == '{' {
		keys, values, err = p.members()
	} else {
		values, err = p.elements()
	}
	if err != nil {
		return v, err
	}
	text := p.lex.in[start:p.lex.end]
	if open == '{' {
		v = p.object(text, keys, values)
	} else {
		v = p.array(text, values)
	}
	return v, p.lex.next()
}

// elements parses up to the closing bracket, which stays the current token.
func (p *jsonParser[T]) elements() (elems []T, err error) {
	if p.lex.tok == ']' {
		return nil, nil
	}
	for {
		v, err := p.value()
		if err != nil {
			return nil, err
		}
		elems = append(elems, v)
		switch p.lex.tok {
		case ']':
			return elems, nil
		case ',':
			if err := p.lex.next(); err != nil {
				return nil, err
			}
		default:
			return nil, p.expected("\",\" or \"]\"")
		}
	}
}

// members parses up to the closing brace, which stays the current token.
func (p *jsonParser[T]) members() (keys []string, values []T, err error) {
	switch p.lex.tok {
	case '}':
		return nil, nil, nil
	case tokString:
	default:
		return nil, nil, p.expected("string or \"}\"")
	}
	for {
		key, v, err := p.member()
		if err != nil {
			return nil, nil, err
		}
		keys, values = append(keys, key), append(values, v)
		switch p.lex.tok {
		case '}':
			return keys, values, nil
		case ',':
			if err := p.lex.next(); err != nil {
				return nil, nil, err
			}
		default:
			return nil, nil, p.expected("\",\" or \"}\"")
		}
	}
}

func (p *jsonParser[T]) member() (key string, v T, err error) {
	if p.lex.tok != tokString {
		return "", v, p.expected("string")
	}
	key = p.lex.str
	if err := p.lex.next(); err != nil {
		return "", v, err
	}
	if p.lex.tok != ':' {
		return "", v, p.expected("\":\"")
	}
	if err := p.lex.next(); err != nil {
		return "", v, err
	}
	v, err = p.value()
	return key, v, err
}

func (p *jsonParser[T]) expected(what string) error {
	if p.lex.tok == tokEnd {
		return p.lex.fail("The input string ended unexpectedly.")
	}
	return p.lex.fail("Expected %s, but found \"%s\".", what, p.lex.text())
}

// jsonContextWidth is how much of a line an error shows.
const jsonContextWidth = 50

// context is the CONTEXT of an error: the line up to and with the current
// token, cut at the front if it is long.
func (l *jsonLexer) context() string {
	from := l.lineStart
	for l.end-from >= jsonContextWidth {
		from += runeLen(l.in[from:])
	}
	if from-l.lineStart <= 3 {
		from = l.lineStart
	}
	prefix, suffix := "", ""
	if from > l.lineStart {
		prefix = "..."
	}
	if l.tok != tokEnd && l.end < len(l.in) && l.in[l.end] != '\n' && l.in[l.end] != '\r' {
		suffix = "..."
	}
	return fmt.Sprintf("JSON data, line %d: %s%s%s", l.line, prefix, l.in[from:l.end], suffix)
}
