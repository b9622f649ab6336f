package tsearch

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Parser is the default parser over one text. Its tokens together are the text,
// but that compound words and URLs come first whole and then in their parts.
type Parser struct {
	text     string
	start    int     // of the token being read
	stack    []place // where the machine is, and above it where it may have to go back to
	ignore   bool    // inside <script> or <style>
	wantHost bool    // the URL read last begins with a host, to be read next

	token   TokenType // of the token read last
	tokenAt extent    // and its length
}

// extent is a length in bytes and in characters.
type extent struct{ bytes, chars int }

// place is a state of the machine at a position of the text.
type place struct {
	state state
	pos   int    // byte offset of the character to be read
	size  int    // its bytes, 0 at the end
	token extent // the token so far
	// resume is the rule to try next, after the place above has been given up; 0
	// is the first.
	resume int
}

// NewParser makes a parser of text, which is valid UTF-8.
func NewParser(text string) *Parser {
	return &Parser{text: text, stack: []place{{state: inBase}}}
}

// Next returns the next token; ok is false at the end.
func (p *Parser) Next() (t Token, ok bool) {
	if !p.get() {
		return t, false
	}
	return Token{p.token, p.text[p.start : p.start+p.tokenAt.bytes]}, true
}

func (p *Parser) top() *place { return &p.stack[len(p.stack)-1] }

// get runs the machine up to the next token (TParserGet).
func (p *Parser) get() bool {
	if p.top().pos >= len(p.text) {
		return false
	}
	p.start = p.top().pos
	p.top().resume = 0
	for p.top().pos <= len(p.text) {
		at := p.top()
		_, at.size = utf8.DecodeRuneInString(p.text[at.pos:])
		i := at.resume
		at.resume = 0
		rules := machine[at.state]
		for rules[i].is != nil && !rules[i].is(p) {
			i++
		}
		r := &rules[i]
		p.apply(r, i)
		if r.act&found != 0 {
			return true
		}
		if p.top().pos >= len(p.text) && r.act&rerun == 0 {
			return false
		}
		if r.act&(rerun|pop) == 0 {
			p.top().advance()
		}
	}
	return false
}

func (at *place) advance() {
	if at.size > 0 {
		at.pos += at.size
		at.token.bytes += at.size
		at.token.chars++
	}
}

// apply does what rule number i of the current state asks for, but moving on.
func (p *Parser) apply(r *rule, i int) {
	if r.before != nil {
		r.before(p)
	}
	n := len(p.stack)
	if r.act&found != 0 {
		p.token, p.tokenAt = r.token, p.top().token
		p.top().token = extent{}
	}
	switch {
	case r.act&pop != 0:
		p.stack = p.stack[:n-1]
	case r.act&push != 0:
		p.top().resume = i + 1
		top := *p.top()
		top.resume = 0
		p.stack = append(p.stack, top)
	case r.act&forget != 0:
		p.stack = slices.Delete(p.stack, n-2, n-1)
	case r.act&forgetAll != 0:
		p.stack = slices.Delete(p.stack, 0, n-1)
	case r.act&merge != 0:
		top := p.stack[n-1]
		p.stack = p.stack[:n-1]
		below := p.top()
		below.pos, below.size, below.token = top.pos, top.size, top.token
	}
	if r.to != same {
		p.top().state = r.to
	}
}

// The tests of rules. They look at the character at hand.

func (p *Parser) current() byte { return p.text[p.top().pos] }

func atEnd(p *Parser) bool { return p.top().size == 0 }

// char tests for an ASCII character.
func char(c byte) func(*Parser) bool {
	return func(p *Parser) bool { return p.top().size == 1 && p.current() == c }
}

// ascii tests the character if it is an ASCII one; others are no member.
func ascii(is func(c byte) bool) func(*Parser) bool {
	return func(p *Parser) bool { return p.top().size == 1 && is(p.current()) }
}

// wide tests an ASCII character; others are members.
func wide(is func(c byte) bool) func(*Parser) bool {
	return func(p *Parser) bool { return p.top().size > 1 || p.top().size == 1 && is(p.current()) }
}

func isLetter(c byte) bool { c |= 0x20; return c >= 'a' && c <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isAlnum(c byte) bool  { return isLetter(c) || isDigit(c) }
func isSpace(c byte) bool  { return c == ' ' || c >= '\t' && c <= '\r' }
func isHex(c byte) bool    { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// isURLChar is what RFC 3986 allows.
func isURLChar(c byte) bool { return c > ' ' && c < 0x7f && strings.IndexByte("\"<>\\^`{|}", c) < 0 }

var (
	letter      = wide(isLetter)
	letterASCII = ascii(isLetter)
	digit       = ascii(isDigit)
	hexDigit    = ascii(isHex)
	alnum       = wide(isAlnum)
	space       = ascii(isSpace)
	urlChar     = ascii(isURLChar)
)

func notAlnum(p *Parser) bool { return !alnum(p) }

func ignored(p *Parser) bool { return p.ignore }

// stopHost is true once for the host that begins a URL.
func stopHost(p *Parser) bool {
	want := p.wantHost
	p.wantHost = false
	return want
}

// host reads a host here, as what follows the @ of an email address.
func host(p *Parser) bool {
	sub := NewParser(p.text[p.top().pos:])
	sub.wantHost = true
	return p.accept(sub, Host)
}

// urlPath reads the path of a URL here.
func urlPath(p *Parser) bool {
	sub := NewParser(p.text[p.top().pos:])
	sub.stack = append(sub.stack, place{state: inURLPathFirst})
	return p.accept(sub, URLPath)
}

// accept adds the next token of sub to the one at hand if it is of the type.
func (p *Parser) accept(sub *Parser, want TokenType) bool {
	if !sub.get() || sub.token != want {
		return false
	}
	at := p.top()
	at.pos += sub.tokenAt.bytes
	at.token.bytes += sub.tokenAt.bytes
	at.token.chars += sub.tokenAt.chars
	at.size = sub.top().size
	return true
}

// What rules do before their actions.

// rewind goes back to the start of the token, to read its parts.
func rewind(p *Parser) { p.top().pos -= p.top().token.bytes }

func rewindToHost(p *Parser) {
	p.wantHost = true
	rewind(p)
}

func startAgain(p *Parser) {
	rewind(p)
	p.top().token = extent{}
}

// minding notes the tags whose content is no text.
func minding(p *Parser) {
	switch strings.ToLower(p.text[p.start : p.start+p.top().token.bytes]) {
	case "<script", "<style":
		p.ignore = true
	case "</script", "</style":
		p.ignore = false
	}
}
