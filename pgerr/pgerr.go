package pgerr

import (
	"errors"
	"fmt"
)

// Code is a SQLSTATE: five characters, class in the first two.
type Code string

// Condition returns the condition name of PostgreSQL's errcodes.txt, or "" for
// a code that PostgreSQL does not have.
func (c Code) Condition() string { return conditionNames[c] }

// Class returns the first two characters.
func (c Code) Class() string {
	if len(c) < 2 {
		return ""
	}
	return string(c[:2])
}

// Severity is the protocol's severity, never localized.
type Severity string

// Severities in the order of client_min_messages, then the error levels.
const (
	SeverityDebug   Severity = "DEBUG"
	SeverityLog     Severity = "LOG"
	SeverityInfo    Severity = "INFO"
	SeverityNotice  Severity = "NOTICE"
	SeverityWarning Severity = "WARNING"
	SeverityError   Severity = "ERROR"
	SeverityFatal   Severity = "FATAL"
	SeverityPanic   Severity = "PANIC"
)

// Error is an error or notice as the client sees it.
type Error struct {
	Severity Severity
	Code     Code
	Message  string
	Detail   string
	Hint     string
	// Position is the 1-based character (not byte) offset into the statement's
	// text; 0 means unknown.
	Position         int
	InternalPosition int
	InternalQuery    string
	Where            string
	Schema           string
	Table            string
	Column           string
	DataType         string
	Constraint       string
	// Routine is the function of PostgreSQL's source that raises the error; only
	// where clients look for it.
	Routine string

	cause error
	// raised: a program of the user has made the error.
	raised bool
	// byteOffset is the 1-based byte offset into the statement's source text; the
	// session turns it into Position when it knows the text.
	byteOffset int
}

// Error implements error. It holds no SQLSTATE and no detail: logs that need
// them read the fields.
func (e *Error) Error() string { return e.Message }

// Unwrap returns the cause, so that errors.Is sees context.Canceled and the
// like. The cause is never sent to the client.
func (e *Error) Unwrap() error { return e.cause }

// New makes an ERROR with a formatted message.
func New(code Code, format string, args ...any) *Error {
	msg := format
	if len(args) > 0 {
		msg = fmt.Sprintf(format, args...)
	}
	return &Error{Severity: SeverityError, Code: code, Message: msg}
}

// Notice makes a message of a lower severity than ERROR.
func Notice(sev Severity, code Code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Severity = sev
	return e
}

// Fatal makes an error after which the connection ends.
func Fatal(code Code, format string, args ...any) *Error {
	e := New(code, format, args...)
	e.Severity = SeverityFatal
	return e
}

// WithDetail sets the detail and returns e.
func (e *Error) WithDetail(format string, args ...any) *Error {
	e.Detail = sprintf(format, args)
	return e
}

// WithHint sets the hint and returns e.
func (e *Error) WithHint(format string, args ...any) *Error {
	e.Hint = sprintf(format, args)
	return e
}

// WithCause keeps the error that led here, for logs and errors.Is only.
func (e *Error) WithCause(err error) *Error {
	e.cause = err
	return e
}

// WithWhere sets the context and returns e.
func (e *Error) WithWhere(where string) *Error {
	e.Where = where
	return e
}

// WithRelation sets the schema, table, column and constraint fields; empty
// ones are not sent.
func (e *Error) WithRelation(schema, table, column, constraint string) *Error {
	e.Schema, e.Table, e.Column, e.Constraint = schema, table, column, constraint
	return e
}

// WithRoutine names PostgreSQL's function that raises the error, and returns e.
func (e *Error) WithRoutine(name string) *Error {
	e.Routine = name
	return e
}

// AtByte records the 0-based byte offset of the error in the statement's
// source text; a negative offset means unknown. The first offset wins: an
// outer caller knows the place less well.
func (e *Error) AtByte(offset int) *Error {
	if e.byteOffset == 0 && e.Position == 0 && offset >= 0 {
		e.byteOffset = offset + 1
	}
	return e
}

// Locate turns a recorded byte offset into Position, given the source text of
// the whole query message.
func (e *Error) Locate(source string) *Error {
	if e.Position == 0 && e.byteOffset > 0 {
		n, limit := 1, e.byteOffset-1
		for i := range source {
			if i >= limit {
				break
			}
			n++
		}
		e.Position = n
	}
	return e
}

// Displaced is a copy of e without its place: the text it points into is not
// the client's.
func (e *Error) Displaced() *Error {
	c := *e
	c.Position, c.byteOffset = 0, 0
	return &c
}

// Byte is the 0-based byte offset of the error in source, the text that it points
// into; -1 where it has no place.
func (e *Error) Byte(source string) int {
	if e.byteOffset > 0 || e.Position == 0 {
		return e.byteOffset - 1
	}
	n := 1
	for i := range source {
		if n == e.Position {
			return i
		}
		n++
	}
	return len(source)
}

// HasPlace says whether the error carries a position or byte offset.
func (e *Error) HasPlace() bool { return e.Position != 0 || e.byteOffset != 0 }

// As returns the *Error in err's chain, or nil.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// CodeOf returns the SQLSTATE of err: its own, or XX000 for an error without
// one, or "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e := As(err); e != nil {
		return e.Code
	}
	return InternalError
}

// At adds a byte offset to err if it is an *Error without one.
func At(err error, offset int) error {
	if e := As(err); e != nil {
		e.AtByte(offset)
	}
	return err
}

// Unsupported is 0A000 that names the feature.
func Unsupported(format string, args ...any) *Error {
	return New(FeatureNotSupported, "%s is not supported", sprintf(format, args))
}

// Raised says that a program of the user has made the error, which is then no fault of ours
// whatever its SQLSTATE; it returns e.
func (e *Error) Raised() *Error {
	e.raised = true
	return e
}

// IsFault says that the error is one of the server's, for its log: of class XX, and not raised
// by a program of the user.
func (e *Error) IsFault() bool { return e.Code.Class() == InternalError.Class() && !e.raised }

// Internal is XX000: a fault of ours, never of the user.
func Internal(format string, args ...any) *Error {
	return New(InternalError, format, args...)
}

func sprintf(format string, args []any) string {
	if len(args) == 0 {
		return format
	}
	return fmt.Sprintf(format, args...)
}
