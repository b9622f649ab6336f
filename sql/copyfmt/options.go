package copyfmt

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Format is COPY's FORMAT.
type Format uint8

// The formats.
const (
	Text Format = iota
	CSV
	Binary
)

// Header is COPY's HEADER.
type Header uint8

// What HEADER may be. Match is for reading: the line must name the columns.
const (
	NoHeader Header = iota
	HeaderLine
	HeaderMatch
)

// ErrorAction is COPY's ON_ERROR.
type ErrorAction uint8

// What ON_ERROR may be.
const (
	Stop ErrorAction = iota
	Ignore
)

// Column is a column of the data.
type Column struct {
	Name   string
	Type   *types.Type
	Typmod int32
	// ForceQuote quotes every value that is not NULL (writing CSV); ForceNotNull
	// and ForceNull change what the null string means (reading CSV).
	ForceQuote, ForceNotNull, ForceNull bool
	// HasDefault: DEFAULT's string stands for a value that the column has (reading).
	HasDefault bool
}

// Options are the options of a COPY. Delimiter, Null, Quote and Escape are nil
// where they were not given, until Complete.
type Options struct {
	Format                              Format
	Delimiter, Null, Quote, Escape      *string
	Header                              Header
	ForceQuote, ForceNotNull, ForceNull bool // whether such an option was given
	// Default stands for a column's default (reading); nil for none. PostgreSQL 16's.
	Default *string
	// OnError is what becomes of a row with a value that is not of its type; Verbose
	// (LOG_VERBOSITY) tells of each. PostgreSQL 17's.
	OnError ErrorAction
	Verbose bool
	// Encoding is ENCODING; nil means the client's.
	Encoding *mb.Encoding
	// Client converts the data of the text and csv formats; nil where they are UTF8.
	Client *mb.Client
}

// Complete checks the options and fills in what was not given
// (ProcessCopyOptions). reading says COPY FROM. Errors are 42601, 22023 and
// 0A000.
func (o *Options) Complete(reading bool) error {
	if err := o.checkBinary(); err != nil {
		return err
	}
	given := *o
	o.setDefaults()
	for _, check := range []func(given Options, reading bool) error{o.checkDelimiter, o.checkQuote, o.checkForce, o.checkNull, o.checkDefault, o.checkOnError} {
		if err := check(given, reading); err != nil {
			return err
		}
	}
	return nil
}

func (o *Options) checkBinary() error {
	if o.Format == Binary && o.Delimiter != nil {
		return pgerr.New(pgerr.SyntaxError, "cannot specify DELIMITER in BINARY mode")
	}
	if o.Format == Binary && o.Null != nil {
		return pgerr.New(pgerr.SyntaxError, "cannot specify NULL in BINARY mode")
	}
	if o.Format == Binary && o.Default != nil {
		return pgerr.New(pgerr.SyntaxError, "cannot specify DEFAULT in BINARY mode")
	}
	return nil
}

func (o *Options) setDefaults() {
	delimiter, null, quote := "\t", `\N`, `"`
	if o.Format == CSV {
		delimiter, null = ",", ""
	}
	fill := func(p **string, value string) {
		if *p == nil {
			*p = &value
		}
	}
	fill(&o.Delimiter, delimiter)
	fill(&o.Null, null)
	fill(&o.Quote, quote)
	fill(&o.Escape, *o.Quote)
}

func unavailable(format string, args ...any) error {
	return pgerr.New(pgerr.FeatureNotSupported, format, args...)
}

func invalid(format string, args ...any) error {
	return pgerr.New(pgerr.InvalidParameterValue, format, args...)
}

// unsafeDelimiters would be mistaken for part of an escape in the text format.
const unsafeDelimiters = `\.abcdefghijklmnopqrstuvwxyz0123456789`

func (o *Options) checkDelimiter(Options, bool) error {
	d := *o.Delimiter
	switch {
	case len(d) != 1:
		return unavailable("COPY delimiter must be a single one-byte character")
	case d == "\n" || d == "\r":
		return invalid("COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(*o.Null, "\r\n"):
		return invalid("COPY null representation cannot use newline or carriage return")
	case o.Format != CSV && strings.Contains(unsafeDelimiters, d):
		return invalid("COPY delimiter cannot be \"%s\"", d)
	case o.Format == Binary && o.Header != NoHeader:
		return unavailable("cannot specify HEADER in BINARY mode")
	}
	return nil
}

func (o *Options) checkQuote(given Options, _ bool) error {
	csv := o.Format == CSV
	switch {
	case !csv && given.Quote != nil:
		return unavailable("COPY quote available only in CSV mode")
	case csv && len(*o.Quote) != 1:
		return unavailable("COPY quote must be a single one-byte character")
	case csv && *o.Delimiter == *o.Quote:
		return invalid("COPY delimiter and quote must be different")
	case !csv && given.Escape != nil:
		return unavailable("COPY escape available only in CSV mode")
	case csv && len(*o.Escape) != 1:
		return unavailable("COPY escape must be a single one-byte character")
	}
	return nil
}

func (o *Options) checkForce(_ Options, reading bool) error {
	for _, f := range []struct {
		given   bool
		name    string
		reading bool
		verb    string
	}{
		{o.ForceQuote, "quote", false, "TO"},
		{o.ForceNotNull, "not null", true, "FROM"},
		{o.ForceNull, "null", true, "FROM"},
	} {
		if f.given && o.Format != CSV {
			return unavailable("COPY force %s available only in CSV mode", f.name)
		}
		if f.given && f.reading != reading {
			return unavailable("COPY force %s only available using COPY %s", f.name, f.verb)
		}
	}
	return nil
}

func (o *Options) checkNull(Options, bool) error {
	if strings.Contains(*o.Null, *o.Delimiter) {
		return unavailable("COPY delimiter must not appear in the NULL specification")
	}
	if o.Format == CSV && strings.Contains(*o.Null, *o.Quote) {
		return unavailable("CSV quote character must not appear in the NULL specification")
	}
	return nil
}

// checkDefault is PostgreSQL 17's.
func (o *Options) checkDefault(_ Options, reading bool) error {
	if o.Default == nil {
		return nil
	}
	d := *o.Default
	switch {
	case !reading:
		return invalid("COPY DEFAULT cannot be used with COPY TO")
	case strings.ContainsAny(d, "\r\n"):
		return invalid("COPY default representation cannot use newline or carriage return")
	case strings.Contains(d, *o.Delimiter):
		return invalid("COPY delimiter character must not appear in the DEFAULT specification")
	case o.Format == CSV && strings.Contains(d, *o.Quote):
		return invalid("CSV quote character must not appear in the DEFAULT specification")
	case d == *o.Null:
		return invalid("NULL specification and DEFAULT specification cannot be the same")
	}
	return nil
}

func (o *Options) checkOnError(Options, bool) error {
	if o.Format == Binary && o.OnError != Stop {
		return pgerr.New(pgerr.SyntaxError, "only ON_ERROR STOP is allowed in BINARY mode")
	}
	return nil
}
