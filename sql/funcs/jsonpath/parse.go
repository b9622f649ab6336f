package jsonpath

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs/regex"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// maxDepth bounds the nesting of expressions, which are walked recursively.
const maxDepth = 5000

// Parse is jsonpath_in: 42601 for what is no path, 22P02 for an empty text or a
// lone surrogate, 2201B for a wrong regular expression, 0A000 for XQuery's flag
// x.
func Parse(s string) (*Path, error) {
	p := &parser{scan: scanner{in: s}}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == tokEnd {
		return nil, types.InvalidInput("jsonpath", s)
	}
	path := &Path{Strict: p.isKeyword("strict")}
	if path.Strict || p.isKeyword("lax") {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	n, err := p.parse(0)
	if err != nil {
		return nil, err
	}
	if p.tok.kind != tokEnd {
		return nil, p.unexpected()
	}
	path.root = n
	return path, check(n, 0, false)
}

type parser struct {
	scan  scanner
	tok   token
	depth int
}

func (p *parser) advance() (err error) {
	p.tok, err = p.scan.next()
	return err
}

func (p *parser) unexpected() error { return syntaxError("syntax error", p.tok.yytext) }

func (p *parser) isKeyword(word string) bool { return p.tok.kind == tokKeyword && p.tok.text == word }

func (p *parser) expect(kind tokenKind) error {
	if p.tok.kind != kind {
		return p.unexpected()
	}
	return p.advance()
}

func (p *parser) expectKeyword(word string) error {
	if !p.isKeyword(word) {
		return p.unexpected()
	}
	return p.advance()
}

// binaryOp is the binary operator at the current token; ok is false if there is
// none.
func (p *parser) binaryOp() (o op, ok bool) {
	switch p.tok.kind {
	case tokOr:
		return opOr, true
	case tokAnd:
		return opAnd, true
	case tokCompare:
		return p.tok.compare, true
	case '+':
		return opAdd, true
	case '-':
		return opSub, true
	case '*':
		return opMul, true
	case '/':
		return opDiv, true
	case '%':
		return opMod, true
	}
	return 0, false
}

// parse parses a predicate or an expression whose operators bind at least as
// tightly as least (op.priority).
func (p *parser) parse(least int) (*Node, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, pgerr.New(pgerr.StatementTooComplex, "stack depth limit exceeded")
	}
	defer func() { p.depth-- }()
	left, err := p.unary()
	for err == nil {
		if p.suffixFollows(left, least) {
			left, err = p.suffix(left)
			continue
		}
		o, ok := p.binaryOp()
		if !ok || o.priority() < least {
			return left, nil
		}
		left, err = p.binary(o, left)
	}
	return nil, err
}

// binary parses an operator and its right side. Conjunctions take predicates,
// everything else expressions.
func (p *parser) binary(o op, left *Node) (*Node, error) {
	wantPredicate := o == opAnd || o == opOr
	if p.isPredicate(left) != wantPredicate {
		return nil, p.unexpected()
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	right, err := p.parse(o.priority() + 1)
	if err != nil {
		return nil, err
	}
	if p.isPredicate(right) != wantPredicate {
		return nil, p.unexpected()
	}
	return &Node{op: o, left: left, right: right}, nil
}

// isPredicate: a predicate with an accessor behind it is an expression.
func (p *parser) isPredicate(n *Node) bool { return n.op.isPredicate() && n.next == nil }

// expr parses an expression without comparisons.
func (p *parser) expr() (*Node, error) {
	n, err := p.parse(opAdd.priority())
	if err == nil && p.isPredicate(n) {
		err = p.unexpected()
	}
	return n, err
}

// predicateUpTo parses a predicate and the parenthesis that closes it.
func (p *parser) predicateUpTo(closing tokenKind) (*Node, error) {
	n, err := p.parse(0)
	if err != nil {
		return nil, err
	}
	if !p.isPredicate(n) {
		return nil, p.unexpected()
	}
	return n, p.expect(closing)
}

// suffixFollows says that "starts with" or "like_regex" follows the expression.
func (p *parser) suffixFollows(left *Node, least int) bool {
	return least <= opStartsWith.priority() && !p.isPredicate(left) &&
		(p.isKeyword("starts") || p.isKeyword("like_regex"))
}

func (p *parser) suffix(left *Node) (*Node, error) {
	starts := p.isKeyword("starts")
	if err := p.advance(); err != nil {
		return nil, err
	}
	if !starts {
		return p.likeRegex(left)
	}
	if err := p.expectKeyword("with"); err != nil {
		return nil, err
	}
	right := &Node{op: opString, str: p.tok.text}
	switch p.tok.kind {
	case tokString:
	case tokVariable:
		right.op = opVariable
	default:
		return nil, p.unexpected()
	}
	return &Node{op: opStartsWith, left: left, right: right}, p.advance()
}

func (p *parser) likeRegex(left *Node) (*Node, error) {
	n := &Node{op: opLikeRegex, left: left, str: p.tok.text}
	if err := p.expect(tokString); err != nil {
		return nil, err
	}
	if p.isKeyword("flag") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		flags := p.tok.text
		if p.tok.kind != tokString {
			return nil, p.unexpected()
		}
		if err := n.flags.parse(flags); err != nil {
			return nil, err
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return n, n.compileRegex()
}

func (f *regexFlags) parse(flags string) error {
	for i, r := range flags {
		switch r {
		case 'i':
			f.icase = true
		case 's':
			f.dotall = true
		case 'm':
			f.mline = true
		case 'x':
			f.wspace = true
		case 'q':
			f.quote = true
		default:
			return pgerr.New(pgerr.SyntaxError, "invalid input syntax for type jsonpath").
				WithDetail("Unrecognized flag character \"%s\" in LIKE_REGEX predicate.", flags[i:i+len(string(r))])
		}
	}
	return nil
}

// compileRegex is jspConvertRegexFlags and RE_compile.
func (n *Node) compileRegex() (err error) {
	var flags regex.Flags
	if n.flags.icase {
		flags |= regex.IgnoreCase
	}
	switch {
	case n.flags.quote:
		flags |= regex.Literal
	case n.flags.wspace:
		return pgerr.New(pgerr.FeatureNotSupported, "XQuery \"x\" flag (expanded regular expressions) is not implemented")
	default:
		if !n.flags.dotall {
			flags |= regex.NewlineStop
		}
		if n.flags.mline {
			flags |= regex.NewlineAnchor
		}
	}
	if n.re, err = regex.Compile(n.str, flags); err != nil {
		return pgerr.New(pgerr.InvalidRegularExpression, "invalid regular expression: %s", err.Error())
	}
	return nil
}

// unary parses signs, negation, and what has accessors.
func (p *parser) unary() (*Node, error) {
	switch p.tok.kind {
	case '+', '-':
		return p.signed()
	case tokNot:
		if err := p.advance(); err != nil {
			return nil, err
		}
		n, err := p.delimitedPredicate()
		return &Node{op: opNot, left: n}, err
	case '(':
		return p.parenthesized()
	}
	if p.isKeyword("exists") {
		return p.delimitedPredicate()
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	return p.accessors(n)
}

func (p *parser) signed() (*Node, error) {
	o := opPlus
	if p.tok.kind == '-' {
		o = opMinus
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.parse(o.priority())
	if err != nil {
		return nil, err
	}
	if p.isPredicate(n) {
		return nil, p.unexpected()
	}
	if n.op == opNumeric && n.next == nil {
		if o == opMinus {
			n = &Node{op: opNumeric, num: n.num.Neg()}
		}
		return n, nil
	}
	return &Node{op: o, left: n}, nil
}

// delimitedPredicate parses (predicate) or exists (expr).
func (p *parser) delimitedPredicate() (*Node, error) {
	exists := p.isKeyword("exists")
	if exists {
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	if err := p.expect('('); err != nil {
		return nil, err
	}
	if !exists {
		return p.predicateUpTo(')')
	}
	n, err := p.expr()
	if err != nil {
		return nil, err
	}
	return &Node{op: opExists, left: n}, p.expect(')')
}

// parenthesized parses what an opening parenthesis begins: an expression or a
// predicate, with accessors or "is unknown" behind it.
func (p *parser) parenthesized() (*Node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	n, err := p.parse(0)
	if err != nil {
		return nil, err
	}
	if err := p.expect(')'); err != nil {
		return nil, err
	}
	if p.isPredicate(n) && p.isKeyword("is") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		return &Node{op: opIsUnknown, left: n}, p.expectKeyword("unknown")
	}
	return p.accessors(n)
}

// primary parses a literal, a variable, $, @ or last.
func (p *parser) primary() (*Node, error) {
	n := &Node{str: p.tok.text}
	switch p.tok.kind {
	case '$':
		n.op, n.str = opRoot, ""
	case '@':
		n.op, n.str = opCurrent, ""
	case tokString:
		n.op = opString
	case tokVariable:
		n.op = opVariable
	case tokInt, tokNumeric:
		num, err := types.ParseNumeric(p.tok.text)
		if err != nil {
			return nil, err
		}
		n.op, n.num, n.str = opNumeric, num, ""
	case tokKeyword:
		switch p.tok.text {
		case "null":
			n.op = opNull
		case "true", "false":
			n.op, n.bool = opBool, p.tok.text == "true"
		case "last":
			n.op = opLast
		default:
			return nil, p.unexpected()
		}
	default:
		return nil, p.unexpected()
	}
	return n, p.advance()
}

// accessors appends what follows n to its chain.
func (p *parser) accessors(n *Node) (*Node, error) {
	for end := n.end(); ; end = end.next {
		var a *Node
		var err error
		switch p.tok.kind {
		case '.':
			a, err = p.dot()
		case '[':
			a, err = p.subscripts()
		case '?':
			a, err = p.filter()
		default:
			return n, nil
		}
		if err != nil {
			return nil, err
		}
		end.next = a
	}
}

func (p *parser) filter() (*Node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if err := p.expect('('); err != nil {
		return nil, err
	}
	n, err := p.predicateUpTo(')')
	return &Node{op: opFilter, left: n}, err
}

func (p *parser) dot() (*Node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	t := p.tok
	switch t.kind {
	case '*':
		return &Node{op: opAnyKey}, p.advance()
	case tokAny:
		return p.anyPath()
	case tokIdent, tokString, tokKeyword:
	default:
		return nil, p.unexpected()
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if method, ok := methods[t.text]; ok && t.kind == tokKeyword && p.tok.kind == '(' {
		return p.method(method)
	}
	if t.kind == tokKeyword {
		t.text = t.raw
	}
	return &Node{op: opKey, str: t.text}, nil
}

func (p *parser) method(o op) (*Node, error) {
	n := &Node{op: o}
	if err := p.advance(); err != nil {
		return nil, err
	}
	if o == opDatetime && p.tok.kind == tokString {
		n.left = &Node{op: opString, str: p.tok.text}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return n, p.expect(')')
}

// anyPath parses ** and its levels.
func (p *parser) anyPath() (*Node, error) {
	n := &Node{op: opAny, last: lastLevel}
	if err := p.advance(); err != nil || p.tok.kind != '{' {
		return n, err
	}
	if err := p.advance(); err != nil {
		return nil, err
	}
	var err error
	if n.first, err = p.level(); err != nil {
		return nil, err
	}
	n.last = n.first
	if p.isKeyword("to") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		if n.last, err = p.level(); err != nil {
			return nil, err
		}
	}
	return n, p.expect('}')
}

func (p *parser) level() (uint32, error) {
	switch {
	case p.isKeyword("last"):
		return lastLevel, p.advance()
	case p.tok.kind != tokInt:
		return 0, p.unexpected()
	}
	v, err := types.ParseInt(p.tok.text, 32, "integer")
	if err != nil {
		return 0, err
	}
	return uint32(v), p.advance()
}

func (p *parser) subscripts() (*Node, error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	if p.tok.kind == '*' {
		if err := p.advance(); err != nil {
			return nil, err
		}
		return &Node{op: opAnyArray}, p.expect(']')
	}
	n := &Node{op: opIndexArray}
	for {
		var s subscript
		var err error
		if s.from, err = p.expr(); err != nil {
			return nil, err
		}
		if p.isKeyword("to") {
			if err := p.advance(); err != nil {
				return nil, err
			}
			if s.to, err = p.expr(); err != nil {
				return nil, err
			}
		}
		n.subscripts = append(n.subscripts, s)
		if p.tok.kind != ',' {
			return n, p.expect(']')
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
}

// check refuses @ outside of filters and last outside of subscripts
// (flattenJsonPathParseItem).
func check(n *Node, nesting int, inSubscript bool) error {
	for ; n != nil; n = n.next {
		inner := nesting
		switch {
		case n.op == opCurrent && nesting <= 0:
			return pgerr.New(pgerr.SyntaxError, "@ is not allowed in root expressions")
		case n.op == opLast && !inSubscript:
			return pgerr.New(pgerr.SyntaxError, "LAST is allowed only in array subscripts")
		case n.op == opFilter:
			inner++
		}
		operands := []*Node{n.left, n.right}
		for _, s := range n.subscripts {
			operands = append(operands, s.from, s.to)
		}
		for _, o := range slices.DeleteFunc(operands, func(o *Node) bool { return o == nil }) {
			if err := check(o, inner, inSubscript || n.op == opIndexArray); err != nil {
				return err
			}
		}
	}
	return nil
}

// String is jsonpath_out's form.
func (p *Path) String() string {
	var b strings.Builder
	if p.Strict {
		b.WriteString("strict ")
	}
	p.root.print(&b, false, true)
	return b.String()
}
