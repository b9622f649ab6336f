package s3db

import (
	"errors"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// errForm is a stored text that its codec can't read; Decode makes XX001 of it.
var errForm = errors.New("malformed")

// errOverflow is a body that lacks the fields which the metadata says it has.
var errOverflow = errors.New("the fields that overflowed into its body are not there")

// errNUL is a text that JavaScript has and SQL has not.
var errNUL = errors.New("it holds the character U+0000, which SQL text can't")

// CorruptError is a stored value that can't be decoded: XX001.
type CorruptError struct {
	Key       string // of the object
	Attribute string // dotted, "" if it is the object as a whole
	Text      string // as stored, after the text layer; cut
	Hint      string
	Cause     error
}

// Error implements error.
func (e *CorruptError) Error() string { return e.pg().Message }

// Unwrap returns the error as the client sees it.
func (e *CorruptError) Unwrap() error { return e.pg() }

func (e *CorruptError) pg() *pgerr.Error {
	p := pgerr.New(pgerr.DataCorrupted, "object \"%s\" is damaged", e.Key).WithCause(e.Cause)
	if e.Attribute != "" {
		p = pgerr.New(pgerr.DataCorrupted, "attribute \"%s\" of object \"%s\" can't be decoded", e.Attribute, e.Key).
			WithDetail("The stored value is \"%s\".", clip(e.Text)).WithCause(e.Cause)
	} else if e.Cause != nil {
		p = p.WithDetail("%s", sentence(e.Cause))
	}
	if e.Hint != "" {
		p = p.WithHint("%s", e.Hint)
	}
	return p
}

// sentence makes a DETAIL of an error's text.
func sentence(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// clip keeps error texts short, and valid UTF-8.
func clip(s string) string {
	const most = 80
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strings.ToValidUTF8(s, "\uFFFD")
}

// cantHold is a value that the attribute's format has no form for.
func cantHold(a *Attribute, format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.InvalidParameterValue, "attribute \"%s\" can't hold the value", a.Name).
		WithDetail(format, args...)
}
