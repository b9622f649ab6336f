package parser

import (
	"strings"

	cparser "github.com/pganalyze/pg_query_go/v6/parser"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// errorFacts is what the C library drops of a grammar error: everything but
// message and position. Taken from the ereport calls of PostgreSQL 17's
// gram.y, scan.l and parser.c; an error not listed is a plain 42601.
type errorFacts struct {
	message  string // whole, or ending in * for a prefix, or starting with * for a suffix
	function string // of the report; "" where the message alone decides
	code     pgerr.Code
	detail   string
	hint     string
}

var errorTable = []errorFacts{
	{message: "invalid Unicode escape", function: "core_yylex", code: pgerr.InvalidEscapeSequence,
		hint: `Unicode escapes must be \uXXXX or \UXXXXXXXX.`},
	{message: "invalid Unicode escape", code: pgerr.SyntaxError,
		hint: `Unicode escapes must be \XXXX or \+XXXXXX.`},
	{message: `unsafe use of \' in a string literal`, code: pgerr.NonstandardUseOfEscapeCharacter,
		hint: `Use '' to write quotes in strings. \' is insecure in client-only encodings.`},
	{message: "LIMIT #,# syntax is not supported", code: pgerr.SyntaxError,
		hint: "Use separate LIMIT and OFFSET clauses."},
	{message: "missing argument", code: pgerr.SyntaxError,
		hint: "Use NONE to denote the missing argument of a unary operator."},
	{message: "unrecognized row security option *", code: pgerr.SyntaxError,
		hint: "Only PERMISSIVE or RESTRICTIVE policies are supported currently."},
	{message: "invalid publication object list", code: pgerr.SyntaxError,
		detail: "One of TABLE or TABLES IN SCHEMA must be specified before a standalone table or schema name."},
	{message: "UNENCRYPTED PASSWORD is no longer supported", code: pgerr.FeatureNotSupported,
		hint: "Remove UNENCRYPTED to store the password in encrypted form instead."},

	{message: "CREATE SCHEMA IF NOT EXISTS cannot include schema elements", code: pgerr.FeatureNotSupported},
	{message: "current database cannot be changed", code: pgerr.FeatureNotSupported},
	{message: "MATCH PARTIAL not yet implemented", code: pgerr.FeatureNotSupported},
	{message: "a column list with *", code: pgerr.FeatureNotSupported},
	{message: "CREATE EXTENSION ... FROM is no longer supported", code: pgerr.FeatureNotSupported},
	{message: "CREATE OR REPLACE CONSTRAINT TRIGGER is not supported", code: pgerr.FeatureNotSupported},
	{message: "CREATE ASSERTION is not yet implemented", code: pgerr.FeatureNotSupported},
	{message: "dropping an enum value is not implemented", code: pgerr.FeatureNotSupported},
	{message: "aggregates cannot have output arguments", code: pgerr.FeatureNotSupported},
	{message: "WITH CHECK OPTION not supported on recursive views", code: pgerr.FeatureNotSupported},
	{message: "only string constants are supported in JSON_TABLE path specification", code: pgerr.FeatureNotSupported},
	{message: "UNIQUE predicate is not yet implemented", code: pgerr.FeatureNotSupported},
	{message: "an ordered-set aggregate with a VARIADIC direct argument *", code: pgerr.FeatureNotSupported},
	{message: "* constraints cannot be marked DEFERRABLE", code: pgerr.FeatureNotSupported},
	{message: "* constraints cannot be marked NOT VALID", code: pgerr.FeatureNotSupported},
	{message: "* constraints cannot be marked NO INHERIT", code: pgerr.FeatureNotSupported},

	{message: "invalid byte sequence for encoding *", code: pgerr.CharacterNotInRepertoire},

	{message: "column number must be in range from 1 to *", code: pgerr.InvalidParameterValue},
	{message: "precision for type float must be *", code: pgerr.InvalidParameterValue},
	{message: "unrecognized JSON encoding: *", code: pgerr.InvalidParameterValue},
	{message: "unrecognized partitioning strategy *", code: pgerr.InvalidParameterValue},

	{message: "modulus for hash partition provided more than once", code: pgerr.DuplicateObject},
	{message: "remainder for hash partition provided more than once", code: pgerr.DuplicateObject},
	{message: "frame start cannot be *", code: pgerr.WindowingError},
	{message: "frame starting from *", code: pgerr.WindowingError},
	{message: "frame end cannot be *", code: pgerr.WindowingError},
	{message: "role name * is reserved", code: pgerr.ReservedName},
	{message: "* cannot be used as a role name here", code: pgerr.ReservedName},
}

func factsOf(e *cparser.Error) *errorFacts {
	for i := range errorTable {
		f := &errorTable[i]
		if matches(f.message, e.Message) && (f.function == "" || f.function == e.Funcname) {
			return f
		}
	}
	return nil
}

// matches compares with a pattern that may have one star.
func matches(pattern, message string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == message
	}
	return len(message) >= len(before)+len(after) && strings.HasPrefix(message, before) && strings.HasSuffix(message, after)
}
