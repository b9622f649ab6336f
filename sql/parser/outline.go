package parser

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"google.golang.org/protobuf/proto"
)

// Outline is a message without its literals: texts with the same Key differ in the
// values of Literals alone, so that their trees have one shape (the grammar looks at
// kinds of tokens, not at values).
type Outline struct {
	Key      string
	Literals []Literal
}

// Literal is an integer or a plain string of a text.
type Literal struct {
	// Start is its byte offset; that of the minus sign where one stands directly
	// before an integer.
	Start int
	// Value of an integer in digits, or of a string as it is meant. Integer: it fits int4.
	Value   string
	Integer bool
}

// outlineBytes bounds the texts that are worth an outline.
const outlineBytes = 2048

// The marks that stand for literals in a Key; texts with control characters have no
// outline.
const (
	integerMark = 0x01
	stringMark  = 0x02
)

// NewOutline reads a text with standard_conforming_strings on. It knows names,
// operators, integers and plain strings; ok is false for texts with anything else
// (comments, parameters, other numbers and strings), which have to be parsed.
func NewOutline(text string) (o Outline, ok bool) {
	if len(text) > outlineBytes || !utf8.ValidString(text) {
		return Outline{}, false
	}
	r := outliner{text: text, key: make([]byte, 0, len(text))}
	for r.at < len(text) {
		if !r.token() {
			return Outline{}, false
		}
	}
	return Outline{Key: string(r.key), Literals: r.literals}, true
}

type outliner struct {
	text     string
	at       int
	key      []byte
	literals []Literal
}

// token takes over the next token; false where it is none of those known.
func (r *outliner) token() bool {
	switch c := r.text[r.at]; {
	case isNameStart(c):
		return r.name()
	case isDigit(c):
		return r.integer()
	case c == '\'':
		return r.string()
	case c == '"':
		return r.copyTo(strings.IndexByte(r.text[r.at+1:], '"') + 2)
	case c == '$', c == '.' && isDigit(r.peek(1)), c == '-' && r.peek(1) == '-', c == '/' && r.peek(1) == '*':
		return false
	case c < ' ' && !isSpace(c), c == 0x7f:
		return false
	}
	return r.copyTo(1)
}

// peek returns the byte at that distance, 0 behind the end.
func (r *outliner) peek(n int) byte {
	if r.at+n >= len(r.text) {
		return 0
	}
	return r.text[r.at+n]
}

func (r *outliner) copyTo(n int) bool {
	if n <= 1 && r.text[r.at] == '"' {
		return false // a quoted name without an end
	}
	for _, c := range []byte(r.text[r.at : r.at+n]) {
		if c < ' ' && !isSpace(c) {
			return false
		}
	}
	r.key = append(r.key, r.text[r.at:r.at+n]...)
	r.at += n
	return true
}

// name takes over a name or keyword, but not the prefix of another kind of string.
func (r *outliner) name() bool {
	n := 1
	for isNameStart(r.peek(n)) || isDigit(r.peek(n)) || r.peek(n) == '$' {
		n++
	}
	if r.peek(n) == '\'' || r.peek(n) == '&' && (r.peek(n+1) == '\'' || r.peek(n+1) == '"') {
		return false
	}
	return r.copyTo(n)
}

// integer marks the digits of an int4.
func (r *outliner) integer() bool {
	n := 1
	for isDigit(r.peek(n)) {
		n++
	}
	if c := r.peek(n); isNameStart(c) || c == '.' || c == '$' {
		return false
	}
	digits := r.text[r.at : r.at+n]
	if _, err := strconv.ParseInt(digits, 10, 32); err != nil {
		return false
	}
	l := Literal{Start: r.at, Value: digits, Integer: true}
	if r.at > 0 && r.text[r.at-1] == '-' {
		l.Start, l.Value = r.at-1, "-"+digits
	}
	r.literals = append(r.literals, l)
	r.key = append(r.key, integerMark)
	r.at += n
	return true
}

// string marks a plain string; one that goes on in another line is not known.
func (r *outliner) string() bool {
	start, value := r.at, ""
	for end := r.at + 1; ; {
		n := strings.IndexByte(r.text[end:], '\'')
		if n < 0 {
			return false
		}
		value += r.text[end : end+n]
		end += n + 1
		if end == len(r.text) || r.text[end] != '\'' {
			r.at = end
			break
		}
		value += "'"
		end++
	}
	rest := strings.TrimLeft(r.text[r.at:], " \t\n\r\f\v")
	if strings.HasPrefix(rest, "'") || strings.IndexByte(value, 0) >= 0 {
		return false
	}
	r.literals = append(r.literals, Literal{Start: start, Value: value})
	r.key = append(r.key, stringMark)
	return true
}

func isNameStart(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' || c >= utf8.RuneSelf
}

// Parametrize puts parameters into the places of literals where the value decides
// nothing but the result: the conditions of WHERE, the values of INSERT and of SET,
// though not what a cast or a subquery has. It returns the new statement, and the
// parameter's number of each literal, 0 for those that stay. With none replaced, or
// for another kind of statement, ok is false.
func (o Outline) Parametrize(stmt Statement) (_ Statement, numbers []int, ok bool) {
	if stmt.Extension != NoExtension {
		return stmt, nil, false
	}
	stmt.Node = proto.Clone(stmt.Node).(*Node)
	p := parametrizer{outline: o, numbers: make([]int, len(o.Literals))}
	switch n := stmt.Node.Node.(type) {
	case *Node_SelectStmt:
		p.expression(n.SelectStmt.WhereClause)
	case *Node_DeleteStmt:
		p.expression(n.DeleteStmt.WhereClause)
	case *Node_UpdateStmt:
		p.expression(n.UpdateStmt.WhereClause)
		p.targets(n.UpdateStmt.TargetList)
	case *Node_InsertStmt:
		for _, row := range n.InsertStmt.GetSelectStmt().GetSelectStmt().GetValuesLists() {
			p.expression(row)
		}
	}
	return stmt, p.numbers, p.count > 0
}

type parametrizer struct {
	outline Outline
	numbers []int
	count   int
}

func (p *parametrizer) targets(list []*Node) {
	for _, t := range list {
		p.expression(t.GetResTarget().GetVal())
	}
}

// expression replaces the literals of an expression in its place.
func (p *parametrizer) expression(n *Node) {
	if n == nil {
		return
	}
	Walk(n, func(n *Node) bool {
		switch e := n.Node.(type) {
		case *Node_SubLink, *Node_TypeCast:
			return false
		case *Node_AConst:
			p.constant(n, e.AConst)
		}
		return true
	})
}

// constant replaces a literal whose place and value are those of the outline's.
func (p *parametrizer) constant(n *Node, c *A_Const) {
	for i, l := range p.outline.Literals {
		if l.Start != int(c.Location) || p.numbers[i] != 0 || !l.is(c) {
			continue
		}
		p.count++
		p.numbers[i] = p.count
		n.Node = &Node_ParamRef{ParamRef: &ParamRef{Number: int32(p.count), Location: c.Location}}
		return
	}
}

// is says whether a constant of the tree has the literal's value.
func (l Literal) is(c *A_Const) bool {
	switch v := c.Val.(type) {
	case *A_Const_Ival:
		n, err := strconv.Atoi(l.Value)
		return l.Integer && err == nil && n == int(v.Ival.Ival)
	case *A_Const_Sval:
		return !l.Integer && v.Sval.Sval == l.Value
	}
	return false
}
