package objstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Kind classifies a failed operation. It is decided once, where the failure is
// seen, and everything above asks only for the kind.
type Kind uint8

// The kinds of failure.
const (
	Other        Kind = iota
	NotFound          // no such key
	NoBucket          // no such bucket
	Precondition      // If-Match or If-None-Match did not hold
	Throttled         // the store asks us to slow down (503 SlowDown, 429)
	Denied            // credentials missing, wrong or not allowed
	Unavailable       // unreachable, timed out, 5xx: the outcome may be unknown
	Corrupt           // an object is not what it must be
	Cancelled         // our own context ended
	TooLarge          // metadata, key or body over a limit
	Invalid           // the store refuses the request as malformed (key, header)
)

var kinds = [...]struct {
	name string
	code pgerr.Code
}{
	Other:        {"error", pgerr.IoError},
	NotFound:     {"not found", pgerr.NoDataFound},
	NoBucket:     {"no such bucket", pgerr.InvalidCatalogName},
	Precondition: {"precondition failed", pgerr.SerializationFailure},
	Throttled:    {"throttled", pgerr.ConfigurationLimitExceeded},
	Denied:       {"access denied", pgerr.InsufficientPrivilege},
	Unavailable:  {"unavailable", pgerr.IoError},
	Corrupt:      {"damaged", pgerr.DataCorrupted},
	Cancelled:    {"cancelled", pgerr.QueryCanceled},
	TooLarge:     {"too large", pgerr.ProgramLimitExceeded},
	Invalid:      {"refused", pgerr.InvalidParameterValue},
}

// String returns the kind in plain words.
func (k Kind) String() string { return kinds[k].name }

// Error is a failed operation on one key. Its text never holds secrets.
type Error struct {
	Kind Kind
	Op   string // HEAD, GET, LIST, PUT, DELETE
	Key  string
	Msg  string
	// Ambiguous: the request was sent and its outcome is unknown. Only Put and
	// Delete need care.
	Ambiguous bool
	Err       error
}

// Error implements error.
func (e *Error) Error() string {
	s := e.Op + " " + e.Key + ": " + e.Kind.String()
	if e.Msg != "" {
		s += ": " + e.Msg
	}
	return s
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an Error.
func Errorf(kind Kind, op, key, format string, args ...any) *Error {
	return &Error{Kind: kind, Op: op, Key: key, Msg: fmt.Sprintf(format, args...)}
}

// Wrap makes an Error from a cause; a context's end becomes Cancelled.
func Wrap(kind Kind, op, key string, err error) *Error {
	if errors.Is(err, context.Canceled) {
		kind = Cancelled
	}
	return &Error{Kind: kind, Op: op, Key: key, Msg: err.Error(), Err: err}
}

// KindOf returns the kind of err, Other if it is not an *Error.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Other
}

// IsNotFound is KindOf(err) == NotFound.
func IsNotFound(err error) bool { return KindOf(err) == NotFound }

// IsPrecondition is KindOf(err) == Precondition.
func IsPrecondition(err error) bool { return KindOf(err) == Precondition }

// ToPG turns err into what the client sees: the SQLSTATE by kind, the key in
// the message. Errors that are *pgerr.Error already pass through.
func ToPG(err error) error {
	if err == nil || pgerr.As(err) != nil {
		return err
	}
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	if e.Kind == Cancelled {
		return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(err)
	}
	return pgerr.New(kinds[e.Kind].code, "object store: %s", e.Error()).WithCause(err)
}
