package ojson

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// MaxDepth is the deepest nesting that Parse accepts.
const MaxDepth = 512

// SyntaxError says where a text stops being JSON.
type SyntaxError struct {
	Offset int
	Msg    string
}

// Error implements error.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s at byte %d", e.Msg, e.Offset) }

// Parse reads one JSON text, surrounded by white space at most.
func Parse(s string) (v *Value, err error) {
	p := parser{s: s}
	defer func() {
		switch r := recover().(type) {
		case nil:
		case *SyntaxError:
			v, err = nil, r
		default:
			panic(r)
		}
	}()
	p.space()
	v = p.value(0)
	p.space()
	if p.at < len(s) {
		p.fail("unexpected text")
	}
	return v, nil
}

type parser struct {
	s  string
	at int
}

func (p *parser) fail(msg string) { panic(&SyntaxError{p.at, msg}) }

func (p *parser) space() {
	for p.at < len(p.s) {
		switch p.s[p.at] {
		case ' ', '\t', '\n', '\r':
			p.at++
		default:
			return
		}
	}
}

func (p *parser) peek() byte {
	if p.at >= len(p.s) {
		p.fail("unexpected end")
	}
	return p.s[p.at]
}

func (p *parser) value(depth int) *Value {
	if depth > MaxDepth {
		p.fail("nested too deeply")
	}
	switch c := p.peek(); {
	case c == '{':
		return p.object(depth)
	case c == '[':
		return p.array(depth)
	case c == '"':
		from := p.at
		return &Value{Kind: String, Text: p.str(), raw: p.s[from:p.at]}
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	return p.word()
}

var words = [...]struct {
	text string
	kind Kind
}{{"null", Null}, {"true", True}, {"false", False}}

func (p *parser) word() *Value {
	for _, w := range words {
		if strings.HasPrefix(p.s[p.at:], w.text) {
			p.at += len(w.text)
			return &Value{Kind: w.kind}
		}
	}
	p.fail("unexpected character")
	return nil
}

func (p *parser) digits() {
	from := p.at
	for p.at < len(p.s) && '0' <= p.s[p.at] && p.s[p.at] <= '9' {
		p.at++
	}
	if p.at == from {
		p.fail("a digit is missing")
	}
}

func (p *parser) accept(set string) bool {
	if p.at < len(p.s) && strings.IndexByte(set, p.s[p.at]) >= 0 {
		p.at++
		return true
	}
	return false
}

func (p *parser) number() *Value {
	from := p.at
	p.accept("-")
	if !p.accept("0") {
		p.digits()
	}
	if p.accept(".") {
		p.digits()
	}
	if p.accept("eE") {
		p.accept("+-")
		p.digits()
	}
	return &Value{Kind: Number, Text: p.s[from:p.at], raw: p.s[from:p.at]}
}

func (p *parser) array(depth int) *Value {
	v := &Value{Kind: Array}
	p.at++
	p.space()
	if p.accept("]") {
		return v
	}
	for {
		p.space()
		v.Items = append(v.Items, p.value(depth+1))
		p.space()
		if p.accept("]") {
			return v
		}
		if !p.accept(",") {
			p.fail("a comma or ] is missing")
		}
	}
}

func (p *parser) object(depth int) *Value {
	v := &Value{Kind: Object}
	p.at++
	p.space()
	if p.accept("}") {
		return v
	}
	seen := map[string]int(nil)
	for {
		p.space()
		m := p.member(depth)
		seen = v.add(m, seen)
		p.space()
		if p.accept("}") {
			return v
		}
		if !p.accept(",") {
			p.fail("a comma or } is missing")
		}
	}
}

func (p *parser) member(depth int) Member {
	if p.peek() != '"' {
		p.fail("a key is missing")
	}
	from := p.at
	m := Member{Key: p.str()}
	m.raw = p.s[from:p.at]
	p.space()
	if !p.accept(":") {
		p.fail("a colon is missing")
	}
	p.space()
	m.Value = p.value(depth + 1)
	return m
}

// add appends m, or replaces the value of the same key. Only objects of many
// members pay for an index.
func (v *Value) add(m Member, seen map[string]int) map[string]int {
	if len(v.Members) < 16 {
		v.addLinear(m)
		return nil
	}
	if seen == nil {
		seen = make(map[string]int, 2*len(v.Members))
		for i := range v.Members {
			seen[v.Members[i].Key] = i
		}
	}
	if i, dup := seen[m.Key]; dup {
		v.Members[i].Value = m.Value
		return seen
	}
	seen[m.Key] = len(v.Members)
	v.Members = append(v.Members, m)
	return seen
}

func (v *Value) addLinear(m Member) {
	for i := range v.Members {
		if v.Members[i].Key == m.Key {
			v.Members[i].Value = m.Value
			return
		}
	}
	v.Members = append(v.Members, m)
}

// str reads a string literal. Text without escapes is a slice of the input.
func (p *parser) str() string {
	p.at++
	from := p.at
	for p.at < len(p.s) {
		switch c := p.s[p.at]; {
		case c == '"':
			s := p.s[from:p.at]
			p.at++
			return valid(s)
		case c == '\\':
			return p.escaped(from)
		case c < 0x20:
			p.fail("a control character in a string")
		}
		p.at++
	}
	p.fail("unexpected end of a string")
	return ""
}

func valid(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

const escapes = `"\/bfnrt`
const escaped = "\"\\/\b\f\n\r\t"

func (p *parser) escaped(from int) string {
	b := append([]byte(nil), p.s[from:p.at]...)
	for p.at < len(p.s) {
		c := p.s[p.at]
		switch {
		case c == '"':
			p.at++
			return valid(string(b))
		case c == '\\':
			b = p.escape(b)
			continue
		case c < 0x20:
			p.fail("a control character in a string")
		}
		b = append(b, c)
		p.at++
	}
	p.fail("unexpected end of a string")
	return ""
}

func (p *parser) escape(b []byte) []byte {
	p.at++
	c := p.peek()
	if i := strings.IndexByte(escapes, c); i >= 0 {
		p.at++
		return append(b, escaped[i])
	}
	if c != 'u' {
		p.fail("an unknown escape")
	}
	r := p.unit()
	if utf16.IsSurrogate(r) && strings.HasPrefix(p.s[p.at:], `\u`) {
		back := p.at
		p.at++
		if both := utf16.DecodeRune(r, p.unit()); both != utf8.RuneError {
			return utf8.AppendRune(b, both)
		}
		p.at = back
	}
	return utf8.AppendRune(b, r) // a lone surrogate becomes U+FFFD
}

// unit reads uXXXX.
func (p *parser) unit() rune {
	if p.at+5 > len(p.s) {
		p.fail("unexpected end of an escape")
	}
	n, err := strconv.ParseUint(p.s[p.at+1:p.at+5], 16, 16)
	if err != nil {
		p.fail("an unknown escape")
	}
	p.at += 5
	return rune(n)
}
