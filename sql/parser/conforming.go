package parser

import (
	"strings"

	pg_query "github.com/pganalyze/pg_query_go/v6"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Conforming reads a text as the lexer does with standard_conforming_strings off, where
// backslashes in plain '…' are escapes, and writes it as one for the grammar, which has
// them on: of the same length, each byte that is no part of such a literal in its place.
//
// The warnings (22P06) are those of escape_string_warning, one for each literal with an
// escape. Errors: 0A000 for U&'…', 22025, 22021, and 42601 for a literal without an end.
func Conforming(text string) (_ string, warnings []*pgerr.Error, _ error) {
	if !strings.Contains(text, `\`) && !strings.Contains(text, "&'") {
		return text, nil, nil
	}
	c := conformer{text: text, escapes: true}
	err := c.run()
	return c.b.String(), c.warnings, err
}

// withoutVT is a text without the escape \v, which stands for the letter before
// PostgreSQL 16 and for a vertical tab in the grammar of this package.
func withoutVT(text string) (string, error) {
	if !strings.Contains(text, `\v`) {
		return text, nil
	}
	c := conformer{text: text}
	err := c.run()
	return c.b.String(), err
}

// conformer copies a text; literals that the grammar would misread become plain ones,
// with spaces behind: no escape is shorter than what it stands for.
type conformer struct {
	text     string
	escapes  bool // in plain literals
	at       int
	b        strings.Builder
	warnings []*pgerr.Error
}

func (c *conformer) run() error {
	for c.at < len(c.text) {
		var err error
		switch b := c.text[c.at]; {
		case b == '\'':
			err = c.literal(c.at, c.escapes)
		case b == '"':
			c.copyTo(endOfQuoted(c.text, c.at+1, '"', false))
		case b == '$':
			c.copyTo(endOfDollar(c.text, c.at))
		case isNameStart(b), isDigit(b):
			err = c.word()
		default:
			c.copyTo(max(skipBlank(c.text, c.at), c.at+1))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *conformer) copyTo(end int) {
	end = min(end, len(c.text))
	c.b.WriteString(c.text[c.at:end])
	c.at = end
}

// word copies a name or number, with the string that it may be the prefix of.
func (c *conformer) word() error {
	start, end := c.at, c.at+1
	for end < len(c.text) && (isNameStart(c.text[end]) || isDigit(c.text[end]) || c.text[end] == '$') {
		end++
	}
	rest := c.text[end:]
	switch word := lowerASCII(c.text[start:end]); {
	case word == "u" && strings.HasPrefix(rest, "&'") && c.escapes:
		return pgerr.New(pgerr.FeatureNotSupported, "unsafe use of string constant with Unicode escapes").
			WithDetail("String constants with Unicode escapes cannot be used when standard_conforming_strings is off.").AtByte(start)
	case word == "e" && strings.HasPrefix(rest, "'"):
		return c.literal(start, true)
	case (word == "b" || word == "x") && strings.HasPrefix(rest, "'"):
		return c.literal(start, false)
	}
	c.copyTo(end)
	return nil
}

// literal copies a string from start, with those that go on with it on other lines.
func (c *conformer) literal(start int, escapes bool) error {
	quote := start + strings.IndexByte(c.text[start:], '\'')
	lit, end := c.wholeLiteral(quote, escapes)
	switch {
	case end < 0 && !(c.escapes && escapes): // an error that the grammar finds as well
		c.copyTo(len(c.text))
		return nil
	case end < 0:
		return pgerr.New(pgerr.SyntaxError, "unterminated quoted string at or near \"%s\"", c.text[start:]).AtByte(start)
	}
	i := strings.IndexByte(lit, '\\')
	foreign := quote == start || strings.Contains(lit, `\v`)
	if i < 0 || !escapes || !foreign {
		c.copyTo(end)
		return nil
	}
	value, err := escapedValue(lit, quote)
	if quote == start && !isInvalidEscape(err) {
		c.warn(start, lit[i+1])
	}
	if err != nil {
		return err
	}
	plain := "'" + strings.ReplaceAll(value, "'", "''") + "'"
	c.b.WriteString(plain)
	c.b.WriteString(strings.Repeat(" ", end-start-len(plain)))
	c.at = end
	return nil
}

func isInvalidEscape(err error) bool {
	e := pgerr.As(err)
	return e != nil && e.Code == pgerr.InvalidEscapeSequence
}

// wholeLiteral is a string whose first quote is at quote and the offset behind it; -1
// without an end. Spaces stand for comments between its lines, where the library's lexer
// does not know them.
func (c *conformer) wholeLiteral(quote int, escapes bool) (string, int) {
	var b strings.Builder
	for {
		end := endOfQuoted(c.text, quote+1, '\'', escapes)
		if end > len(c.text) {
			return "", -1
		}
		b.WriteString(c.text[quote:end])
		if quote = continuation(c.text, end); quote < 0 {
			return b.String(), end
		}
		b.WriteByte('\n')
		b.WriteString(strings.Repeat(" ", quote-end-1))
	}
}

// endOfQuoted is the offset behind the closing quote, more than the text's length
// without one. A doubled quote does not close.
func endOfQuoted(text string, at int, quote byte, escapes bool) int {
	for at < len(text) {
		switch c := text[at]; {
		case c == '\\' && escapes:
			at += 2
		case c != quote:
			at++
		case at+1 < len(text) && text[at+1] == quote:
			at += 2
		default:
			return at + 1
		}
	}
	return len(text) + 1
}

// continuation is the offset of the quote that goes on with a string which ends at end:
// one that only spaces, -- comments and at least one new line part from it; -1 without.
func continuation(text string, end int) int {
	next := skipBlank(text, end)
	gap := text[end:next]
	if next == len(text) || text[next] != '\'' || !strings.ContainsAny(gap, "\n\r") || strings.Contains(gap, "/*") {
		return -1
	}
	return next
}

// endOfDollar is the offset behind a string in dollar quotes; behind the dollar where
// none begins.
func endOfDollar(text string, at int) int {
	end := at + 1
	for end < len(text) && (isNameStart(text[end]) || end > at+1 && isDigit(text[end])) {
		end++
	}
	if end == len(text) || text[end] != '$' {
		return at + 1
	}
	tag := text[at : end+1]
	n := strings.Index(text[end+1:], tag)
	if n < 0 {
		return len(text)
	}
	return end + 1 + n + len(tag)
}

// escapedValue is what a literal with escapes, which stands at offset, means.
func escapedValue(lit string, offset int) (string, error) {
	const prefix = "SELECT E"
	source := prefix + lettersForVT(lit)
	tree, err := pg_query.Parse(source)
	if err != nil {
		e := libraryError(err, source)
		if at := e.Byte(source); at >= 0 {
			e = e.Displaced().AtByte(offset + at - len(prefix))
		}
		return "", e
	}
	return tree.Stmts[0].GetStmt().GetSelectStmt().GetTargetList()[0].GetResTarget().GetVal().GetAConst().GetSval().GetSval(), nil
}

// lettersForVT writes the escape \v of a literal as the letter.
func lettersForVT(lit string) string {
	var b strings.Builder
	for i := 0; i < len(lit); i++ {
		if lit[i] == '\\' && i+1 < len(lit) {
			i++
			if lit[i] != 'v' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(lit[i])
	}
	return b.String()
}

// warn is check_string_escape_warning, of the first escape of a literal.
func (c *conformer) warn(start int, escape byte) {
	what, hint := "escape", `Use the escape string syntax for escapes, e.g., E'\r\n'.`
	switch escape {
	case '\'':
		what, hint = `\'`, "Use '' to write quotes in strings, or use the escape string syntax (E'...')."
	case '\\':
		what, hint = `\\`, `Use the escape string syntax for backslashes, e.g., E'\\'.`
	}
	w := pgerr.New(pgerr.NonstandardUseOfEscapeCharacter, "nonstandard use of %s in a string literal", what).
		WithHint("%s", hint).AtByte(start)
	w.Severity = pgerr.SeverityWarning
	c.warnings = append(c.warnings, w)
}
