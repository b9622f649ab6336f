package plpgsql

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
)

// The checks of plpgsql.extra_warnings and plpgsql.extra_errors.
const (
	shadowedVariables     = "shadowed_variables"
	tooManyRows           = "too_many_rows"
	strictMultiAssignment = "strict_multi_assignment"
)

// checkLevel is how much a check matters: an error, a warning, or nothing.
type checkLevel byte

const (
	checkOff checkLevel = iota
	checkWarning
	checkError
)

// extraLevel is the level of a check, and the setting that says so.
func extraLevel(s pl.SPI, check string) (checkLevel, string) {
	switch {
	case listed(s, "plpgsql.extra_errors", check):
		return checkError, "extra_errors"
	case listed(s, "plpgsql.extra_warnings", check):
		return checkWarning, "extra_warnings"
	}
	return checkOff, ""
}

func listed(s pl.SPI, list, check string) bool {
	value := setting(s, list)
	if value == "" || value == "none" {
		return false
	}
	for _, word := range strings.Split(value, ",") {
		if w := strings.ToLower(strings.TrimSpace(word)); w == check || w == "all" {
			return true
		}
	}
	return false
}

// report raises or sends what a check found.
func report(s pl.SPI, level checkLevel, e *pgerr.Error) error {
	switch level {
	case checkError:
		return e
	case checkWarning:
		e.Severity = pgerr.SeverityWarning
		s.Notice(e)
	}
	return nil
}

// checkFields is the check for rows that have not as many columns as what takes
// them.
func (f *frame) checkFields(have, want int) error {
	if have == want {
		return nil
	}
	level, list := extraLevel(f.spi, strictMultiAssignment)
	if level == checkOff {
		return nil
	}
	return report(f.spi, level, pgerr.New(pgerr.DatatypeMismatch, "number of source and target fields in assignment does not match").
		WithDetail("%s check of %s is active.", strictMultiAssignment, list).
		WithHint("Make sure the query returns the exact list of columns."))
}
