package textsearch

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Syntax is a way to write a query.
type Syntax uint8

// The syntaxes: tsquery's own, one text as a single operand (plainto_tsquery),
// and that of search engines (websearch_to_tsquery).
const (
	SyntaxTSQuery Syntax = iota
	SyntaxPlain
	SyntaxWeb
)

// Builder collects a query in postfix order, as the parser and its callback
// hand over operands and operators.
type Builder struct {
	text  string
	stack []*Node
}

// PushValue adds a word. 54000 if it is too long.
func (b *Builder) PushValue(word string, weights uint8, prefix bool) error {
	if len(word) >= maxWord {
		return pgerr.New(pgerr.ProgramLimitExceeded, "word is too long in tsquery: \"%s\"", b.text)
	}
	b.stack = append(b.stack, &Node{Word: word, Weights: weights, Prefix: prefix})
	return nil
}

// PushStop adds the place of a stop word.
func (b *Builder) PushStop() { b.stack = append(b.stack, &Node{Op: Stop}) }

// PushOperator joins the last operands.
func (b *Builder) PushOperator(op Op, distance int) {
	n := &Node{Op: op, Right: b.pop()}
	if op == Phrase {
		n.Distance = distance
	}
	if op != Not {
		n.Left = b.pop()
	}
	b.stack = append(b.stack, n)
}

func (b *Builder) pop() *Node {
	n := b.stack[len(b.stack)-1]
	b.stack = b.stack[:len(b.stack)-1]
	return n
}

// PushFunc turns one operand of the text into one expression of the query.
type PushFunc func(b *Builder, word string, weights uint8, prefix bool) error

// ParseQuery is tsqueryin: operands are taken as they are. notice gets a query
// without words, and may be nil. 42601, 54000, 22023.
func ParseQuery(s string, notice func(*pgerr.Error)) (*Query, error) {
	return BuildQuery(s, SyntaxTSQuery, (*Builder).PushValue, notice)
}

// BuildQuery is parse_tsquery: it hands each operand to push and removes the
// stop words that push leaves.
func BuildQuery(s string, syntax Syntax, push PushFunc, notice func(*pgerr.Error)) (*Query, error) {
	if notice == nil {
		notice = func(*pgerr.Error) {}
	}
	p := &queryParser{
		push: push, next: (*queryParser).standardToken, builder: &Builder{text: s},
		in: valueReader{text: s, rest: s, what: "tsquery", operators: true},
	}
	switch syntax {
	case SyntaxPlain:
		p.next = (*queryParser).plainToken
	case SyntaxWeb:
		p.next, p.in.web = (*queryParser).webToken, true
	}
	if err := p.expression(); err != nil {
		return nil, err
	}
	if len(p.builder.stack) == 0 {
		notice(pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion,
			"text-search query doesn't contain lexemes: \"%s\"", s))
		return &Query{}, nil
	}
	return cleanStopWords(&Query{p.builder.pop()}, notice), nil
}

// tokenKind is what the parser reads next.
type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenError
	tokenValue
	tokenOperator
	tokenOpen
	tokenClose
)

type token struct {
	kind     tokenKind
	op       Op
	distance int
	word     string
	weights  uint8
	prefix   bool
}

// queryParser reads a query by the priorities of its operators (makepol).
type queryParser struct {
	in      valueReader
	push    PushFunc
	builder *Builder
	next    func(p *queryParser) (token, error)
	depth   int  // of open parentheses
	begun   bool // an operand, an operator or a parenthesis has been read
	after   bool // an operand is complete: an operator comes next
}

// maxOperators is how many operators may wait for their right operand.
const maxOperators = 32

// maxDepth is how deep parentheses may nest: about where PostgreSQL's stack ends.
const maxDepth = 10000

// expression reads up to a closing parenthesis or the end.
func (p *queryParser) expression() error {
	var waiting []token
	for {
		t, err := p.next(p)
		if err != nil {
			return err
		}
		switch t.kind {
		case tokenValue:
			err = p.push(p.builder, t.word, t.weights, t.prefix)
		case tokenOperator:
			waiting = p.reduce(waiting, t.op)
			if len(waiting) == maxOperators {
				return pgerr.Internal("tsquery stack too small")
			}
			waiting = append(waiting, t)
		case tokenOpen:
			err = p.expression()
		case tokenError:
			err = p.in.syntaxError()
		default:
			p.reduce(waiting, Or)
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// reduce applies the waiting operators that bind tighter than op; ! groups from
// the right, the others from the left (cleanOpStack).
func (p *queryParser) reduce(waiting []token, op Op) []token {
	for len(waiting) > 0 {
		last := waiting[len(waiting)-1]
		if priority[op] > priority[last.op] || op == Not && priority[op] == priority[last.op] {
			break
		}
		p.builder.PushOperator(last.op, last.distance)
		waiting = waiting[:len(waiting)-1]
	}
	return waiting
}

// standardToken reads tsquery's own syntax (gettoken_query_standard).
func (p *queryParser) standardToken() (token, error) {
	p.in.rest = trimSpace(p.in.rest)
	if p.after {
		return p.standardOperator()
	}
	switch first := firstByte(p.in.rest); first {
	case '!':
		return p.take(1, token{kind: tokenOperator, op: Not}), nil
	case '(':
		if p.depth++; p.depth > maxDepth {
			return token{}, pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded")
		}
		return p.take(1, token{kind: tokenOpen}), nil
	case ':':
		return token{}, p.in.syntaxError()
	}
	value, ok, err := p.in.next()
	switch {
	case err != nil:
		return token{}, err
	case !ok && !p.begun:
		return token{kind: tokenEnd}, nil
	case !ok:
		return token{}, pgerr.New(pgerr.SyntaxError, "no operand in tsquery: \"%s\"", p.in.text)
	}
	t := token{kind: tokenValue, word: value.Word}
	p.modifiers(&t)
	p.begun, p.after = true, true
	return t, nil
}

func (p *queryParser) standardOperator() (token, error) {
	switch first := firstByte(p.in.rest); first {
	case 0:
		if p.depth > 0 {
			return token{kind: tokenError}, nil
		}
		return token{kind: tokenEnd}, nil
	case '&':
		return p.take(1, token{kind: tokenOperator, op: And}), nil
	case '|':
		return p.take(1, token{kind: tokenOperator, op: Or}), nil
	case '<':
		return p.phraseOperator()
	case ')':
		p.in.rest = p.in.rest[1:]
		if p.depth--; p.depth < 0 {
			return token{kind: tokenError}, nil
		}
		return token{kind: tokenClose}, nil
	}
	return token{kind: tokenError}, nil
}

// take consumes n bytes and waits for an operand.
func (p *queryParser) take(n int, t token) token {
	p.in.rest = p.in.rest[n:]
	p.begun, p.after = true, false
	return t
}

// modifiers reads ":*AB".
func (p *queryParser) modifiers(t *token) {
	if firstByte(p.in.rest) != ':' {
		return
	}
	for p.in.rest = p.in.rest[1:]; p.in.rest != ""; p.in.rest = p.in.rest[1:] {
		if p.in.rest[0] == '*' {
			t.prefix = true
			continue
		}
		w, ok := WeightOf(p.in.rest[0])
		if !ok {
			return
		}
		t.weights |= 1 << w
	}
}

// phraseOperator reads <-> or <N>. 22023 for a distance that is out of range.
func (p *queryParser) phraseOperator() (token, error) {
	t := token{kind: tokenOperator, op: Phrase, distance: 1}
	rest := p.in.rest[1:]
	if digits := leadingDigits(rest); digits != "" {
		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n > MaxPosition {
			return t, badDistance()
		}
		t.distance, rest = int(n), rest[len(digits):]
	} else if after, ok := strings.CutPrefix(rest, "-"); ok {
		rest = after
	} else {
		return token{kind: tokenError}, nil
	}
	if len(rest) < 2 || rest[0] != '>' {
		return token{kind: tokenError}, nil
	}
	return p.take(len(p.in.rest)-len(rest)+1, t), nil
}

// plainToken takes the whole text as one operand.
func (p *queryParser) plainToken() (token, error) {
	if p.in.rest == "" {
		return token{kind: tokenEnd}, nil
	}
	t := token{kind: tokenValue, word: p.in.rest}
	p.in.rest = ""
	return t, nil
}

// webToken reads the syntax of search engines: words, "a phrase", or and -
// (gettoken_query_websearch). Nothing is an error; tsquery's operators are
// passed over.
func (p *queryParser) webToken() (token, error) {
	for {
		p.in.rest = trimSpace(p.in.rest)
		first := firstByte(p.in.rest)
		switch {
		case first != 0 && isOperator(first):
			p.in.rest = p.in.rest[1:]
			p.begun = true
		case p.after:
			return p.webOperator(first), nil
		case first == '-':
			return p.take(1, token{kind: tokenOperator, op: Not}), nil
		case first == '"':
			return p.webPhrase(), nil
		default:
			return p.webWord()
		}
	}
}

func (p *queryParser) webOperator(first byte) token {
	switch {
	case first == 0:
		return token{kind: tokenEnd}
	case first != '"' && p.atOr():
		return p.take(len("or"), token{kind: tokenOperator, op: Or})
	}
	return p.take(0, token{kind: tokenOperator, op: And})
}

func (p *queryParser) webWord() (token, error) {
	value, ok, err := p.in.next()
	switch {
	case err != nil:
		return token{}, err
	case ok:
		p.begun, p.after = true, true
		return token{kind: tokenValue, word: value.Word}, nil
	case p.begun:
		p.builder.PushStop() // what waits needs an operand
	}
	return token{kind: tokenEnd}, nil
}

// webPhrase reads a quoted phrase; its end may be missing.
func (p *queryParser) webPhrase() token {
	word, rest, _ := strings.Cut(p.in.rest[1:], "\"")
	p.in.rest = rest
	p.begun, p.after = true, true
	return token{kind: tokenValue, word: word}
}

// atOr says whether the operator "or" stands here: a word of its own with
// something behind it (parse_or_operator).
func (p *queryParser) atOr() bool {
	const or = "or"
	rest := p.in.rest
	if len(rest) <= len(or) || !strings.EqualFold(rest[:len(or)], or) {
		return false
	}
	if c := rest[len(or)]; c == '-' || c == '_' || isAlnum(c) {
		return false
	}
	_, size := utf8.DecodeRuneInString(rest[len(or):])
	return trimSpace(rest[len(or)+size:]) != ""
}

func isAlnum(c byte) bool {
	lower := c | 0x20
	return lower >= 'a' && lower <= 'z' || c >= '0' && c <= '9'
}

// firstByte is 0 at the end.
func firstByte(s string) byte {
	if s == "" {
		return 0
	}
	return s[0]
}
