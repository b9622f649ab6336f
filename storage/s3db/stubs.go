package s3db

// This file holds the parts of the interface whose bodies are still being
// written; each function moves to its own file.

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var errStub = pgerr.Unsupported("s3db: this part")

// ---- schema

// ApplyDefaults fills NULL columns that have a default rule (inserts only).
func (s *Schema) ApplyDefaults(row *Row) error { return errStub }

// Validate checks the rules of the columns set (nil: all) and returns every
// violation, in column order.
func (s *Schema) Validate(row *Row, set []bool) []Violation { return nil }

// Violation is one failing rule.
type Violation struct {
	Attribute string // dotted
	Rule      string // required, min, max, pattern …
	Message   string
}

// ViolationError is nil for none; 23502 if a required attribute is missing,
// else 23514, with each attribute and rule in the detail.
func (s *Schema) ViolationError(vs []Violation) error { return nil }

var _ types.OID
