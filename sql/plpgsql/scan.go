package plpgsql

import (
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// scanner walks over the tokens of a function's text: plpgsql_yylex.
type scanner struct {
	src  string
	toks []parser.Token
	i    int
	// scanErr is the lexical error that the text ends with.
	scanErr error
}

// parseError carries an error through the parser.
type parseError struct{ err error }

func fail(err error) { panic(parseError{err}) }

// failAt raises an error with its byte offset in the text.
func failAt(at int, code pgerr.Code, format string, args ...any) {
	fail(pgerr.New(code, format, args...).AtByte(at))
}

func recoverParse(err *error) {
	switch r := recover().(type) {
	case nil:
	case parseError:
		*err = r.err
	default:
		panic(r)
	}
}

func newScanner(src string, conforming bool) *scanner {
	var unreadable error
	if !conforming {
		src, _, unreadable = parser.Conforming(src)
	}
	toks, err := parser.Scan(src)
	if unreadable != nil {
		err = unreadable
	}
	return &scanner{src: src, toks: toks, scanErr: err}
}

// at returns the token n ahead, or one of kind 0 at the end.
func (s *scanner) at(n int) parser.Token {
	if s.i+n < len(s.toks) {
		return s.toks[s.i+n]
	}
	if s.scanErr != nil {
		fail(s.scanErr)
	}
	return parser.Token{Start: len(s.src), End: len(s.src)}
}

func (s *scanner) peek() parser.Token { return s.at(0) }

func (s *scanner) next() parser.Token {
	t := s.at(0)
	s.i++
	return t
}

// offset is where the next token begins.
func (s *scanner) offset() int { return s.peek().Start }

// behind is where the last token ended.
func (s *scanner) behind() int {
	if s.i == 0 {
		return 0
	}
	return s.toks[min(s.i, len(s.toks))-1].End
}

// lineAt is plpgsql_location_to_lineno.
func (s *scanner) lineAt(offset int) int {
	return 1 + strings.Count(s.src[:min(offset, len(s.src))], "\n")
}

// here is the line of the next token.
func (s *scanner) here() line { return line(s.lineAt(s.offset())) }

func (s *scanner) text(n int) string { return s.at(n).Text(s.src) }

// is says whether the token n ahead is that symbol.
func (s *scanner) symbol(n int, text string) bool {
	t := s.at(n)
	return t.Kind != 0 && !t.IsString() && t.Text(s.src) == text
}

// word is the unquoted word n ahead in lower case, "" for anything else.
func (s *scanner) word(n int) string {
	t := s.at(n)
	if !t.IsWord() || s.src[t.Start] == '"' || t.Kind == parser.TokenUnicodeIdent {
		return ""
	}
	return strings.ToLower(t.Text(s.src))
}

func (s *scanner) accept(symbol string) bool {
	if !s.symbol(0, symbol) {
		return false
	}
	s.i++
	return true
}

func (s *scanner) expect(symbol string) {
	if !s.accept(symbol) {
		s.unexpected()
	}
}

// acceptWord moves over the words if all of them follow.
func (s *scanner) acceptWord(words ...string) bool {
	for n, w := range words {
		if s.word(n) != w {
			return false
		}
	}
	s.i += len(words)
	return true
}

func (s *scanner) expectWord(word string) {
	if !s.acceptWord(word) {
		s.unexpected()
	}
}

// unexpected is plpgsql_yyerror("syntax error").
func (s *scanner) unexpected() { s.failHere("syntax error") }

// failHere is yyerror: a message at or near the next token.
func (s *scanner) failHere(message string) {
	t := s.peek()
	if t.Kind == 0 {
		failAt(t.Start, pgerr.SyntaxError, "%s at end of input", message)
	}
	failAt(t.Start, pgerr.SyntaxError, "%s at or near \"%s\"", message, t.Text(s.src))
}

// reserved are PL/pgSQL's reserved words, which name nothing.
var reserved = []string{"all", "begin", "by", "case", "declare", "else", "end", "execute", "for", "foreach", "from", "if", "in",
	"into", "loop", "not", "null", "or", "strict", "then", "to", "using", "when", "while"}

// isReserved says whether the word n ahead is one of them.
func (s *scanner) isReserved(n int) bool { return slices.Contains(reserved, s.word(n)) }

// ident reads a name that is no reserved word: any_identifier.
func (s *scanner) ident() string {
	if !s.peek().IsWord() || s.isReserved(0) {
		s.unexpected()
	}
	return s.wordValue(s.next())
}

func (s *scanner) wordValue(t parser.Token) string {
	w, err := parser.Word(s.src, t)
	if err != nil {
		fail(err)
	}
	return w
}

// stringValue reads a string constant.
func (s *scanner) stringValue() string {
	v, err := parser.StringConstant(s.src, s.next())
	if err != nil {
		fail(err)
	}
	return v
}

// dotted are the parts of the name that begins at the next token, as far as it
// goes, and the number of its tokens; none where there is no name.
func (s *scanner) dotted() (names []string, tokens int) {
	if t := s.peek(); t.Kind == parser.TokenParam {
		return []string{t.Text(s.src)}, 1
	}
	for n := 0; ; n += 2 {
		t := s.at(n)
		if !t.IsWord() || n == 0 && s.isReserved(0) {
			return names, max(n-1, 0)
		}
		names = append(names, s.wordValue(t))
		if len(names) == 3 || !s.symbol(n+1, ".") {
			return names, n + 1
		}
	}
}
