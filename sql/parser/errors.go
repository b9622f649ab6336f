package parser

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	cparser "github.com/pganalyze/pg_query_go/v6/parser"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// MaxSourceBytes bounds the text of a query message (54000). PostgreSQL's
// bound is 1 GB; a tree takes some forty times its text.
const MaxSourceBytes = 16 << 20

// checkText refuses what the grammar would misread: too long a text, invalid
// UTF-8 (22021, as PostgreSQL reports it) and NUL, which ends a C string.
func checkText(text string) error {
	if len(text) > MaxSourceBytes {
		return pgerr.New(pgerr.ProgramLimitExceeded, "statement is too long").
			WithDetail("The text has %d bytes; the limit is %d.", len(text), MaxSourceBytes)
	}
	if !utf8.ValidString(text) {
		return invalidUTF8(text)
	}
	if strings.IndexByte(text, 0) >= 0 {
		return invalidBytes("\x00")
	}
	return nil
}

func invalidUTF8(text string) error {
	for i, r := range text {
		if r == utf8.RuneError && !strings.HasPrefix(text[i:], "\uFFFD") {
			return invalidBytes(text[i:min(len(text), i+leadLength(text[i]))])
		}
		if r == 0 {
			return invalidBytes("\x00")
		}
	}
	return nil
}

func invalidBytes(seq string) error {
	var hex []string
	for i := 0; i < len(seq); i++ {
		hex = append(hex, fmt.Sprintf("0x%02x", seq[i]))
	}
	return pgerr.New(pgerr.CharacterNotInRepertoire, "invalid byte sequence for encoding %q: %s", "UTF8", strings.Join(hex, " "))
}

// leadLength is the sequence length a lead byte announces (pg_utf_mblen).
func leadLength(b byte) int {
	switch {
	case b&0xe0 == 0xc0:
		return 2
	case b&0xf0 == 0xe0:
		return 3
	case b&0xf8 == 0xf0:
		return 4
	}
	return 1
}

// libraryError turns an error of the C library, for text, into PostgreSQL's.
func libraryError(err error, text string) *pgerr.Error {
	if e := pgerr.As(err); e != nil {
		return e
	}
	var ce *cparser.Error
	if !errors.As(err, &ce) {
		return pgerr.Internal("parser: %s", err.Error()).WithCause(err)
	}
	e := pgerr.New(pgerr.SyntaxError, "%s", ce.Message)
	if f := factsOf(ce); f != nil {
		e.Code, e.Detail, e.Hint = f.code, f.detail, f.hint
	}
	if ce.Cursorpos > 0 {
		e.AtByte(byteOffset(text, ce.Cursorpos))
	}
	return e
}

// yyerror is the lexer's function that reports the grammar's plain errors:
// "MESSAGE at or near "TOKEN"" and "MESSAGE at end of input".
const yyerror = "scanner_yyerror"

// syntaxError is the grammar's plain error at a token of text; end is negative
// for the end of input.
func syntaxError(text string, start, end int) *pgerr.Error {
	if end < 0 {
		return pgerr.New(pgerr.SyntaxError, "syntax error at end of input").AtByte(len(text))
	}
	return pgerr.New(pgerr.SyntaxError, "syntax error at or near \"%s\"", text[start:end]).AtByte(start)
}
