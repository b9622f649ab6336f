package parser

import (
	"strings"
	"unicode/utf8"

	pg_query "github.com/pganalyze/pg_query_go/v6"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// cursor walks over the tokens of a text.
type cursor struct {
	src  string
	toks []Token
	i    int
}

// peek returns the token n ahead, or one of kind 0 at the end of the text.
func (c *cursor) peek(n int) Token {
	if c.i+n < len(c.toks) {
		return c.toks[c.i+n]
	}
	return Token{Start: len(c.src), End: len(c.src)}
}

func (c *cursor) atEnd() bool         { return c.i >= len(c.toks) }
func (c *cursor) advance()            { c.i++ }
func (c *cursor) offset() int         { return c.peek(0).Start }
func (c *cursor) is(k TokenKind) bool { return c.peek(0).Kind == k }
func (c *cursor) text(t Token) string { return c.src[t.Start:t.End] }
func (c *cursor) word(n int) string   { return c.wordAt(c.i + n) }

// behind returns the offset of the end of the last token read.
func (c *cursor) behind() int { return c.toks[c.i-1].End }

// wordAt returns the unquoted word that is token i, in lower case, or "".
func (c *cursor) wordAt(i int) string {
	if i >= len(c.toks) {
		return ""
	}
	t := c.toks[i]
	if text := c.text(t); t.Category != 0 || t.Kind == TokenIdent && text[0] != '"' {
		return strings.ToLower(text)
	}
	return ""
}

func (c *cursor) accept(k TokenKind) bool {
	if !c.is(k) {
		return false
	}
	c.advance()
	return true
}

// acceptWords moves over the words if all of them follow.
func (c *cursor) acceptWords(words ...string) bool {
	for n, w := range words {
		if c.word(n) != w {
			return false
		}
	}
	c.i += len(words)
	return true
}

// skipStatement moves to the next semicolon or the end.
func (c *cursor) skipStatement() {
	for !c.atEnd() && !c.is(';') {
		c.advance()
	}
}

// skipElement moves to the comma, closing parenthesis or semicolon that ends
// the list element at the cursor.
func (c *cursor) skipElement() {
	depth := 0
	for ; !c.atEnd() && !c.is(';'); c.advance() {
		switch c.peek(0).Kind {
		case '(', '[':
			depth++
		case ',':
			if depth == 0 {
				return
			}
		case ')', ']':
			if depth == 0 {
				return
			}
			depth--
		}
	}
}

// unexpected is PostgreSQL's syntax error at the cursor.
func (c *cursor) unexpected() *pgerr.Error {
	if c.atEnd() {
		return syntaxError(c.src, 0, -1)
	}
	return syntaxError(c.src, c.peek(0).Start, c.peek(0).End)
}

// isName says whether a token can be a column or relation name (ColId).
func isName(t Token) bool {
	return t.Kind == TokenIdent || t.Kind == TokenUnicodeIdent || t.Category == Unreserved || t.Category == ColumnName
}

func isString(t Token) bool { return t.Kind == TokenString || t.Kind == TokenUnicodeStr }

// name reads a name and returns it folded, unquoted and cut as PostgreSQL does.
func (c *cursor) name() (string, error) {
	t := c.peek(0)
	if !isName(t) {
		return "", c.unexpected()
	}
	c.advance()
	return c.nameValue(t)
}

// path reads name { . label }, the form of qualified names too.
func (c *cursor) path() ([]string, error) {
	first, err := c.name()
	if err != nil {
		return nil, err
	}
	path := []string{first}
	for c.accept('.') {
		t := c.peek(0)
		if !isName(t) && t.Category == 0 {
			return nil, c.unexpected()
		}
		c.advance()
		label, err := c.nameValue(t)
		if err != nil {
			return nil, err
		}
		path = append(path, label)
	}
	return path, nil
}

// stringValue reads a string constant.
func (c *cursor) stringValue() (rule, error) {
	t := c.peek(0)
	c.advance()
	text := c.text(t)
	if text[0] == '\'' && !strings.Contains(text[1:len(text)-1], "'") {
		return rule{text[1 : len(text)-1], t.Start}, nil
	}
	n, err := c.constant("SELECT ", t)
	return rule{n.GetVal().GetAConst().GetSval().GetSval(), t.Start}, err
}

// nameLimit is PostgreSQL's NAMEDATALEN less the terminator.
const nameLimit = 63

func (c *cursor) nameValue(t Token) (string, error) {
	text := c.text(t)
	switch {
	case t.Kind == TokenUnicodeIdent:
		n, err := c.constant("SELECT 1 ", t)
		return n.GetName(), err
	case text[0] == '"':
		text = strings.ReplaceAll(text[1:len(text)-1], `""`, `"`)
	default:
		text = lowerASCII(text)
	}
	return cutName(text), nil
}

// constant lets the real parser read a token whose escapes it knows best.
func (c *cursor) constant(prefix string, t Token) (*ResTarget, error) {
	text := c.text(t)
	if text[0]|0x20 == 'e' {
		text = lettersForVT(text)
	}
	tree, err := pg_query.Parse(prefix + text)
	if err != nil {
		e := libraryError(err, "")
		return nil, pgerr.New(e.Code, "%s", e.Message).WithHint("%s", e.Hint).AtByte(t.Start)
	}
	return tree.Stmts[0].GetStmt().GetSelectStmt().GetTargetList()[0].GetResTarget(), nil
}

func lowerASCII(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, s)
}

// cutName cuts a name at nameLimit bytes, never within a character.
func cutName(s string) string {
	if len(s) <= nameLimit {
		return s
	}
	n := nameLimit
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
