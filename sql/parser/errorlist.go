package parser

import (
	"errors"
	"sort"

	cparser "github.com/pganalyze/pg_query_go/v6/parser"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// errorList gathers the errors that several readers of one text find, to
// report the one a single reader, going from left to right, would have found.
type errorList struct {
	source string
	toks   []Token
	moved  map[place]Token // placeholders → the token they stand for
	found  []*pgerr.Error
}

func (l *errorList) add(err error) {
	if e := pgerr.As(err); e != nil {
		l.found = append(l.found, e.Locate(l.source))
	}
}

// addGrammar adds the grammar's error on a rewritten text. It quotes what stands
// there in the source, not what was put in its place.
func (l *errorList) addGrammar(err error, level int, text string) {
	var ce *cparser.Error
	if errors.As(err, &ce) && ce.Funcname == yyerror {
		at := byteOffset(text, ce.Cursorpos)
		if t, ok := l.tokenAt(place{level, at}); ok && (at != t.Start || text[at:min(len(text), t.End)] != l.source[t.Start:t.End]) {
			l.add(syntaxError(l.source, t.Start, t.End))
			return
		}
	}
	l.add(libraryError(err, text))
}

// tokenAt returns the token that starts at a place in the source, or that the
// placeholder there stands for.
func (l *errorList) tokenAt(p place) (Token, bool) {
	if t, ok := l.moved[p]; ok {
		return t, true
	}
	i := sort.Search(len(l.toks), func(i int) bool { return l.toks[i].Start >= p.offset })
	if i == len(l.toks) || l.toks[i].Start != p.offset {
		return Token{}, false
	}
	return l.toks[i], true
}

// first returns the error that stands first in the text; of several at one
// place, the one added first.
func (l *errorList) first() *pgerr.Error {
	var first *pgerr.Error
	for _, e := range l.found {
		if first == nil || e.Position > 0 && (first.Position == 0 || e.Position < first.Position) {
			first = e
		}
	}
	return first
}
