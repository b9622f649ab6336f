package parser

import (
	"errors"

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
	return pgerr.CheckText(text)
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
