package regex

import (
	"strings"
	"unicode/utf8"
)

// Flags are the options of an expression; embedded options change them.
type Flags uint16

// The options.
const (
	IgnoreCase    Flags = 1 << iota
	Expanded            // white space and comments do not count
	Literal             // no character is special
	Extended            // ERE: no escapes, no lazy quantifiers
	Basic               // BRE
	NewlineStop         // . and [^x] do not match a newline
	NewlineAnchor       // ^ and $ match around newlines
	Unicode             // classes and case are Unicode's, not ASCII's
)

// Error is what is wrong with an expression, in PostgreSQL's words.
type Error struct{ Msg string }

// Error implements error.
func (e *Error) Error() string { return e.Msg }

var (
	errCollate = &Error{"invalid collating element"}
	errClass   = &Error{"invalid character class"}
	errEscape  = &Error{"invalid escape \\ sequence"}
	errSubReg  = &Error{"invalid backreference number"}
	errBrack   = &Error{"brackets [] not balanced"}
	errParen   = &Error{"parentheses () not balanced"}
	errBrace   = &Error{"braces {} not balanced"}
	errBadBr   = &Error{"invalid repetition count(s)"}
	errRange   = &Error{"invalid character range"}
	errRepeat  = &Error{"quantifier operand invalid"}
	errOption  = &Error{"invalid embedded option"}
	errTooBig  = &Error{"regular expression is too complex"}
	errBasic   = &Error{"basic regular expressions are not supported"}
)

// maxRepeat is DUPMAX.
const maxRepeat = 255

type parser struct {
	src      []rune
	pos      int
	flags    Flags
	captures int
	closed   []bool  // by capture number: its parenthesis is closed
	bodies   []*node // by capture number
	open     int     // parentheses not closed yet
	looks    int     // of them, lookaround constraints, which do not capture
}

// parse makes the tree of a pattern. Errors travel by panic within it.
func parse(pattern string, flags Flags) (n *node, p *parser, err error) {
	p = &parser{src: []rune(pattern), flags: flags, closed: []bool{true}, bodies: []*node{nil}}
	defer func() {
		if r := recover(); r != nil {
			e, ok := r.(*Error)
			if !ok {
				panic(r)
			}
			err = e
		}
	}()
	p.prefixes()
	switch {
	case p.flags&Basic != 0:
		panic(errBasic)
	case p.flags&Literal != 0:
		return p.literal(), p, nil
	}
	n = p.alternation()
	if p.more() {
		panic(errParen)
	}
	return n, p, nil
}

func (p *parser) more() bool { return p.pos < len(p.src) }

func (p *parser) peek() rune {
	if p.more() {
		return p.src[p.pos]
	}
	return -1
}

func (p *parser) next() rune {
	r := p.peek()
	p.pos++
	return r
}

func (p *parser) accept(s string) bool {
	rs := []rune(s)
	if p.pos+len(rs) > len(p.src) || string(p.src[p.pos:p.pos+len(rs)]) != s {
		return false
	}
	p.pos += len(rs)
	return true
}

func (p *parser) has(f Flags) bool { return p.flags&f != 0 }

// prefixes reads the directors *** and the embedded options.
func (p *parser) prefixes() {
	if p.has(Literal) {
		return
	}
	switch {
	case p.accept("***="):
		p.flags = p.flags&^(Extended|Basic) | Literal
		return
	case p.accept("***:"):
		p.flags &^= Extended | Basic
	case p.accept("***"):
		panic(errRepeat)
	}
	if p.has(Extended | Basic) {
		return
	}
	if p.pos+2 < len(p.src) && p.src[p.pos] == '(' && p.src[p.pos+1] == '?' && isASCIILetter(p.src[p.pos+2]) {
		p.pos += 2
		for p.peek() != ')' {
			if !p.more() || !p.flags.Set(byte(min(p.peek(), utf8.RuneSelf))) {
				panic(errOption)
			}
			p.pos++
		}
		p.pos++
	}
}

func isASCIILetter(r rune) bool { return r|0x20 >= 'a' && r|0x20 <= 'z' }

// Set applies one option letter (PostgreSQL documentation, "ARE Embedded-Option
// Letters"); false if there is no such option.
func (f *Flags) Set(letter byte) bool {
	switch letter {
	case 'b':
		*f = *f&^(Literal|Extended) | Basic
	case 'c':
		*f &^= IgnoreCase
	case 'e':
		*f = *f&^(Literal|Basic) | Extended
	case 'i':
		*f |= IgnoreCase
	case 'm', 'n':
		*f |= NewlineStop | NewlineAnchor
	case 'p':
		*f = *f&^NewlineAnchor | NewlineStop
	case 'q':
		*f = *f&^(Extended|Basic) | Literal
	case 's':
		*f &^= NewlineStop | NewlineAnchor
	case 't':
		*f &^= Expanded
	case 'w':
		*f = *f&^NewlineStop | NewlineAnchor
	case 'x':
		*f |= Expanded
	default:
		return false
	}
	return true
}

func (p *parser) literal() *node {
	var subs []*node
	for p.more() {
		subs = append(subs, p.char(p.next()))
	}
	return concatNode(subs)
}

func (p *parser) char(r rune) *node { return p.setNode(single(r)) }

func (p *parser) setNode(s charSet) *node {
	if p.has(IgnoreCase) {
		s = s.foldCase(p.has(Unicode))
	}
	return &node{op: opSet, set: s}
}

// skipIgnored skips white space and comments where they do not count.
func (p *parser) skipIgnored() {
	for {
		switch r := p.peek(); {
		case p.has(Expanded) && r >= 0 && (r == ' ' || r >= '\t' && r <= '\r'):
			p.pos++
		case p.has(Expanded) && r == '#':
			for p.more() && p.peek() != '\n' {
				p.pos++
			}
		case !p.has(Extended) && p.accept("(?#"):
			for p.more() && p.next() != ')' {
			}
		default:
			return
		}
	}
}

func (p *parser) alternation() *node {
	branches := []*node{p.branch()}
	for p.peek() == '|' {
		p.pos++
		branches = append(branches, p.branch())
	}
	return altNode(branches)
}

func (p *parser) branch() *node {
	var subs []*node
	for {
		p.skipIgnored()
		if r := p.peek(); r < 0 || r == '|' || r == ')' {
			if r == ')' && p.open == 0 {
				panic(errParen)
			}
			return concatNode(subs)
		}
		subs = append(subs, p.quantified())
	}
}

func (p *parser) quantified() *node {
	atom, constraint := p.atom()
	p.skipIgnored()
	lo, hi, exact, ok := p.quantifier()
	if !ok {
		return atom
	}
	if constraint {
		panic(errRepeat)
	}
	n := &node{op: opRepeat, subs: []*node{atom}, min: lo, max: hi, deep: atom.deep, pref: longest, paren: atom.paren}
	if !p.has(Extended) && p.peek() == '?' {
		p.pos++
		n.pref = shortest
	}
	if exact {
		n.pref = atom.pref
	}
	p.skipIgnored()
	if r := p.peek(); r == '*' || r == '+' || r == '?' || r == '{' && p.digitAt(1) {
		panic(errRepeat)
	}
	if lo == 1 && hi == 1 && exact {
		return atom
	}
	return n
}

func (p *parser) digitAt(k int) bool {
	i := p.pos + k
	return i < len(p.src) && p.src[i] >= '0' && p.src[i] <= '9'
}

// quantifier reads * + ? {m} {m,} {m,n}.
func (p *parser) quantifier() (lo, hi int, exact, ok bool) {
	switch r := p.peek(); {
	case r == '*':
		p.pos++
		return 0, unlimited, false, true
	case r == '+':
		p.pos++
		return 1, unlimited, false, true
	case r == '?':
		p.pos++
		return 0, 1, false, true
	case r == '{' && (p.digitAt(1) || p.has(Extended)):
		p.pos++
		return p.bound()
	}
	return 0, 0, false, false
}

func (p *parser) bound() (lo, hi int, exact, ok bool) {
	lo = p.count()
	hi, exact = lo, true
	if p.peek() == ',' {
		p.pos++
		hi, exact = unlimited, false
		if p.digitAt(0) {
			hi = p.count()
		}
	}
	switch {
	case !p.more():
		panic(errBrace)
	case p.peek() != '}', hi != unlimited && hi < lo:
		panic(errBadBr)
	}
	p.pos++
	return lo, hi, exact, true
}

func (p *parser) count() int {
	if !p.digitAt(0) {
		panic(errBadBr)
	}
	n := 0
	for p.digitAt(0) {
		if n = n*10 + int(p.next()-'0'); n > maxRepeat {
			panic(errBadBr)
		}
	}
	return n
}

// atom reads one atom or constraint.
func (p *parser) atom() (n *node, constraint bool) {
	switch r := p.next(); r {
	case '*', '+', '?':
		panic(errRepeat)
	case '{':
		if p.digitAt(0) {
			panic(errRepeat)
		}
		return p.char(r), false
	case '(':
		return p.group()
	case '[':
		return p.bracket()
	case '.':
		set := charSet{0, maxRune}
		if p.has(NewlineStop) {
			set = set.without('\n')
		}
		return &node{op: opSet, set: set}, false
	case '^':
		return p.anchor(textStart, lineStart), true
	case '$':
		return p.anchor(textEnd, lineEnd), true
	case '\\':
		return p.escape()
	default:
		return p.char(r), false
	}
}

func (p *parser) anchor(whole, line assertion) *node {
	if p.has(NewlineAnchor) {
		whole = line
	}
	return assertNode(whole)
}

func assertNode(a assertion) *node { return &node{op: opAssert, assert: a} }

func (p *parser) group() (n *node, constraint bool) {
	if !p.has(Extended) && p.peek() == '?' {
		p.pos++
		switch {
		case p.accept(":"):
			return p.plainGroup(), false
		case p.accept("="):
			return p.look(false, false), true
		case p.accept("!"):
			return p.look(false, true), true
		case p.accept("<="):
			return p.look(true, false), true
		case p.accept("<!"):
			return p.look(true, true), true
		}
		panic(errRepeat)
	}
	if p.looks > 0 {
		return p.plainGroup(), false
	}
	p.captures++
	number := p.captures
	p.closed, p.bodies = append(p.closed, false), append(p.bodies, nil)
	body := p.inParens()
	p.closed[number], p.bodies[number] = true, body
	return &node{op: opCapture, subs: []*node{body}, number: number, pref: body.pref, paren: true, deep: true}, false
}

// plainGroup reads the rest of a group that does not capture.
func (p *parser) plainGroup() *node {
	n := *p.inParens()
	n.paren = true
	return &n
}

func (p *parser) look(behind, negative bool) *node {
	p.looks++
	body := p.inParens()
	p.looks--
	return &node{op: opLook, subs: []*node{body}, behind: behind, negative: negative}
}

// inParens reads an expression up to the parenthesis that closes it.
func (p *parser) inParens() *node {
	p.open++
	body := p.alternation()
	p.open--
	if p.next() != ')' {
		panic(errParen)
	}
	return body
}

// bracket reads a bracket expression, or [[:<:]] and [[:>:]].
func (p *parser) bracket() (n *node, constraint bool) {
	switch {
	case p.accept("[:<:]]"):
		return assertNode(wordStart), true
	case p.accept("[:>:]]"):
		return assertNode(wordEnd), true
	}
	negative := p.accept("^")
	var set charSet
	for first := true; ; first = false {
		if !p.more() {
			panic(errBrack)
		}
		if p.peek() == ']' && !first {
			p.pos++
			break
		}
		set = append(set, p.bracketItem(first)...)
	}
	set = set.normalize()
	if p.has(IgnoreCase) {
		set = set.foldCase(p.has(Unicode))
	}
	if negative {
		if set = set.negate(); p.has(NewlineStop) {
			set = set.without('\n')
		}
	}
	if len(set) == 0 {
		return &node{op: opFail}, false
	}
	return &node{op: opSet, set: set}, false
}

// bracketItem reads a class, a character or a range.
func (p *parser) bracketItem(first bool) charSet {
	lo, class := p.bracketAtom(first)
	if class != nil {
		if p.rangeFollows() {
			panic(errRange)
		}
		return class
	}
	if !p.rangeFollows() {
		return single(lo)
	}
	p.pos++
	hi, class := p.bracketAtom(false)
	if class != nil || hi < lo {
		panic(errRange)
	}
	return charSet{lo, hi}
}

func (p *parser) rangeFollows() bool {
	return p.peek() == '-' && p.pos+1 < len(p.src) && p.src[p.pos+1] != ']'
}

func (p *parser) bracketAtom(first bool) (rune, charSet) {
	switch {
	case !p.more():
		panic(errBrack)
	case p.accept("[:"):
		name := p.until(":]")
		class, ok := classesOf(p.has(Unicode))[name]
		if !ok {
			panic(errClass)
		}
		return 0, class
	case p.accept("[="):
		return p.collating(p.until("=]")), nil
	case p.accept("[."):
		return p.collating(p.until(".]")), nil
	case p.peek() == '\\' && !p.has(Extended):
		p.pos++
		n, constraint := p.escape()
		switch {
		case constraint || n.op != opSet:
			panic(errEscape)
		case n.number == classEscape:
			return 0, n.set
		}
		return n.set[0], nil
	case p.peek() == '-' && !first && p.pos+1 < len(p.src) && p.src[p.pos+1] != ']':
		panic(errRange)
	}
	return p.next(), nil
}

// classEscape marks the node of \d and its like, in number.
const classEscape = -1

func (p *parser) until(end string) string {
	rest := string(p.src[p.pos:])
	i := strings.Index(rest, end)
	if i < 0 {
		panic(errBrack)
	}
	p.pos += utf8.RuneCountInString(rest[:i]) + 2
	return rest[:i]
}

func (p *parser) collating(name string) rune {
	if r, size := utf8.DecodeRuneInString(name); size == len(name) && size > 0 {
		return r
	}
	if r, ok := collatingNames[name]; ok {
		return r
	}
	panic(errCollate)
}

var collatingNames = map[string]rune{
	"NUL": 0, "alert": 7, "backspace": 8, "tab": 9, "newline": 10, "vertical-tab": 11, "form-feed": 12,
	"carriage-return": 13, "ESC": 27, "space": ' ', "exclamation-mark": '!', "quotation-mark": '"',
	"number-sign": '#', "dollar-sign": '$', "percent-sign": '%', "ampersand": '&', "apostrophe": '\'',
	"left-parenthesis": '(', "right-parenthesis": ')', "asterisk": '*', "plus-sign": '+', "comma": ',',
	"hyphen": '-', "hyphen-minus": '-', "period": '.', "full-stop": '.', "slash": '/', "solidus": '/',
	"zero": '0', "one": '1', "two": '2', "three": '3', "four": '4', "five": '5', "six": '6', "seven": '7',
	"eight": '8', "nine": '9', "colon": ':', "semicolon": ';', "less-than-sign": '<', "equals-sign": '=',
	"greater-than-sign": '>', "question-mark": '?', "commercial-at": '@', "left-square-bracket": '[',
	"backslash": '\\', "reverse-solidus": '\\', "right-square-bracket": ']', "circumflex": '^',
	"circumflex-accent": '^', "underscore": '_', "low-line": '_', "grave-accent": '`', "left-brace": '{',
	"left-curly-bracket": '{', "vertical-line": '|', "right-brace": '}', "right-curly-bracket": '}',
	"tilde": '~', "DEL": 127,
}
