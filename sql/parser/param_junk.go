package parser

import (
	"strings"
	"unicode/utf8"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// paramJunk finds what PostgreSQL's lexer refuses and the library's reads as two
// tokens: a name that touches a parameter, $1a.
func paramJunk(source string, toks []Token) error {
	for i, t := range toks {
		if t.Kind == TokenParam && t.End < len(source) && startsIdent(source[t.End]) && i+1 < len(toks) {
			junk := source[t.Start:toks[i+1].End]
			return pgerr.New(pgerr.SyntaxError, "trailing junk after parameter at or near \"%s\"", junk).AtByte(t.Start)
		}
	}
	return nil
}

// mentionsParamJunk says cheaply whether paramJunk can find anything.
func mentionsParamJunk(text string) bool {
	for i := strings.IndexByte(text, '$'); i >= 0 && i < len(text); i++ {
		if text[i] != '$' {
			continue
		}
		end := i + 1
		for end < len(text) && isDigit(text[end]) {
			end++
		}
		if end > i+1 && end < len(text) && startsIdent(text[end]) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func startsIdent(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= utf8.RuneSelf
}
