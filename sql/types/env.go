package types

import (
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
)

// Env is what input and output functions need of the session: its formatting
// parameters, its clock, and name look-up for the reg* types. One Env serves
// one statement; it is not changed while that runs.
type Env struct {
	DateStyle     DateStyle
	DateOrder     DateOrder
	IntervalStyle IntervalStyle
	// Location is the session's TimeZone; nil means UTC.
	Location *time.Location
	// ExtraFloatDigits is extra_float_digits; above 0 means shortest exact.
	ExtraFloatDigits int
	// ByteaEscape is bytea_output = escape.
	ByteaEscape bool
	// Now is the transaction's start (now()), StatementTime the statement's.
	Now           time.Time
	StatementTime time.Time
	// Clock reads the time at call (clock_timestamp); nil means Now.
	Clock func() time.Time
	// Client converts texts in their binary form to and from the client's encoding;
	// nil means UTF8.
	Client *mb.Client
	// Names resolves reg* types; nil makes them numbers only.
	Names Names
	// Types resolves the database's own types; nil means the built-in ones.
	Types *Registry
	// CheckDomain checks a value, nil for NULL, against the constraints of a domain;
	// nil where values have been checked before (storage).
	CheckDomain func(domain *Type, v any) error
	// Stored: the values are the server's own, written by Out or Send. They are read as
	// they are, though an operator may have made them what input from outside may not
	// be (a circle with a negative radius).
	Stored bool
	// Notice gets what an input function has to tell beside its result (an empty
	// tsquery); nil drops it.
	Notice func(*pgerr.Error)
}

// DateStyle is the output style of dates.
type DateStyle uint8

// The date styles.
const (
	DateISO DateStyle = iota
	DateSQL
	DatePostgres
	DateGerman
)

// DateOrder is the field order of ambiguous dates.
type DateOrder uint8

// The field orders.
const (
	OrderMDY DateOrder = iota
	OrderDMY
	OrderYMD
)

// IntervalStyle is the output style of intervals.
type IntervalStyle uint8

// The interval styles.
const (
	IntervalPostgres IntervalStyle = iota
	IntervalPostgresVerbose
	IntervalSQLStandard
	IntervalISO8601
)

// RegKind is the sort of object that a reg* type names.
type RegKind uint8

// The kinds of named object.
const (
	RegClass RegKind = iota
	RegType
	RegProc
	RegProcedure
	RegOper
	RegOperator
	RegNamespace
	RegRole
	RegConfig
	RegDictionary
	RegCollation
)

// Names resolves names to oids and back, as the reg* types do.
type Names interface {
	// OIDOf resolves text as written (possibly qualified and quoted); an error
	// with PostgreSQL's code (42P01, 42704, 42883, 3F000 …) where there is none.
	OIDOf(kind RegKind, name string) (OID, error)
	// NameOf renders an oid, qualified where the search path needs it; ok is
	// false where there is no such object.
	NameOf(kind RegKind, oid OID) (name string, ok bool)
}

// DefaultEnv is PostgreSQL's default formatting in UTC. Statements use their
// session's, storage StorageEnv.
func DefaultEnv() *Env { return &Env{ExtraFloatDigits: 1, Location: time.UTC} }

// StorageEnv is how the server reads and writes values for itself: DefaultEnv, and
// Stored.
func StorageEnv() *Env {
	e := DefaultEnv()
	e.Stored = true
	return e
}

// ClockTime is the time of the call: what Clock reads, or Now.
func (e *Env) ClockTime() time.Time {
	if e.Clock != nil {
		return e.Clock()
	}
	return e.Now
}

func (e *Env) stored() bool { return e != nil && e.Stored }

// Loc returns the time zone, never nil.
func (e *Env) Loc() *time.Location {
	if e == nil || e.Location == nil {
		return time.UTC
	}
	return e.Location
}

// notice is Notice; nil where nobody listens.
func (e *Env) notice() func(*pgerr.Error) {
	if e == nil {
		return nil
	}
	return e.Notice
}

// WithNotice is a copy of e whose notices pass through change.
func (e *Env) WithNotice(change func(*pgerr.Error) *pgerr.Error) *Env {
	if e.notice() == nil {
		return e
	}
	c := *e
	c.Notice = func(n *pgerr.Error) { e.Notice(change(n)) }
	return &c
}

// Registry returns the types that are visible, never nil.
func (e *Env) Registry() *Registry {
	if e == nil || e.Types == nil {
		return builtin
	}
	return e.Types
}

// checkDomain is CheckDomain, for the result of an input function.
func (e *Env) checkDomain(domain *Type, v any) (any, error) {
	if e == nil || e.CheckDomain == nil || !domain.Constrained() {
		return v, nil
	}
	return v, e.CheckDomain(domain, v)
}

// InvalidInput is 22P02 in PostgreSQL's words.
func InvalidInput(typeName, s string) *pgerr.Error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "invalid input syntax for type %s: \"%s\"", typeName, s)
}

// OutOfRange is 22003 for a text that does not fit the type.
func OutOfRange(typeName, s string) *pgerr.Error {
	return pgerr.New(pgerr.NumericValueOutOfRange, "value \"%s\" is out of range for type %s", s, typeName)
}
