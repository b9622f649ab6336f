package parser

import "github.com/s3db-sql/s3db-sql/pgerr"

// IsWord says whether a token is a name or a keyword, which the grammars of
// procedural languages may read as a name.
func (t Token) IsWord() bool {
	return t.Kind == TokenIdent || t.Kind == TokenUnicodeIdent || t.Category != 0
}

// IsString says whether a token is a string constant.
func (t Token) IsString() bool { return isString(t) }

// Text is the token as it is written.
func (t Token) Text(src string) string { return src[t.Start:t.End] }

// Word is what a token that IsWord names: folded, unquoted and cut as PostgreSQL
// does.
func Word(src string, t Token) (string, error) {
	c := cursor{src: src}
	return c.nameValue(t)
}

// StringConstant is the value of a token that IsString.
func StringConstant(src string, t Token) (string, error) {
	c := cursor{src: src, toks: []Token{t}}
	r, err := c.stringValue()
	return r.text, err
}

// SyntaxError is the grammar's plain error at a token of src: 42601.
func SyntaxError(src string, t Token) *pgerr.Error {
	if t.Kind == 0 {
		return syntaxError(src, 0, -1)
	}
	return syntaxError(src, t.Start, t.End)
}
