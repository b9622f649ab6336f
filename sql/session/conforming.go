package session

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
)

// parseText parses a text by standard_conforming_strings, and tells the listener what
// escape_string_warning asks for, as far as the text can be read.
func (s *Session) parseText(text string) ([]parser.Statement, error) {
	if s.vars().plainBackslash {
		return parser.Parse(text)
	}
	conforming, warnings, err := parser.Conforming(text)
	var stmts []parser.Statement
	if err == nil {
		stmts, err = parser.Parse(conforming)
		err = inBytes(err, conforming)
	}
	e := pgerr.As(err)
	for _, w := range warnings {
		if w.Locate(text); e == nil || !e.HasPlace() || w.Position <= e.Locate(text).Position {
			s.warnEscape(w)
		}
	}
	return stmts, err
}

// inBytes is an error with its place as an offset, for texts of the same bytes and other
// characters.
func inBytes(err error, text string) error {
	e := pgerr.As(err)
	if e == nil || e.Byte(text) < 0 {
		return err
	}
	return e.Displaced().AtByte(e.Byte(text))
}

func (s *Session) warnEscape(w *pgerr.Error) {
	switch {
	case !s.values.Bool("escape_string_warning"):
	case s.listener.out == nil: // Parse has no answer for them
		s.unheard = append(s.unheard, w)
	default:
		s.tell(w)
	}
}

// tellUnheard tells what came up while nobody listened.
func (s *Session) tellUnheard() {
	for _, w := range s.unheard {
		s.tell(w)
	}
	s.unheard = nil
}
