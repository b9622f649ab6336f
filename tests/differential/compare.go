package differential

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/tests/differential/gen"
)

// internalError is the SQLSTATE of what should not happen.
const internalError = "XX000"

// difference says in a few words where two answers differ, "" where they do not. Rows
// are compared in their order only where ordered says that there is one.
func difference(ours, theirs *answer, ordered bool) string {
	switch {
	case theirs.failed() == internalError && ours.failed() != internalError:
		return "" // a fault of PostgreSQL's own ("failed to build any 4-way joins") is no answer
	case ours.failed() == internalError && ours.err.Message != theirs.err.Message:
		return "an internal error"
	case ours.failed() != theirs.failed():
		return fmt.Sprintf("SQLSTATE %q instead of %q", ours.failed(), theirs.failed())
	case ours.err != nil:
		return ""
	case ours.tag != theirs.tag:
		return fmt.Sprintf("command tag %q instead of %q", ours.tag, theirs.tag)
	case !slices.Equal(ours.columns, theirs.columns):
		return fmt.Sprintf("columns %q instead of %q", ours.columns, theirs.columns)
	}
	a, b := ours.rows, theirs.rows
	if !ordered {
		a, b = sorted(a), sorted(b)
	}
	if !slices.Equal(a, b) {
		return "rows"
	}
	return ""
}

func sorted(rows []string) []string {
	out := slices.Clone(rows)
	slices.Sort(out)
	return out
}

// pair is s3db-sql and PostgreSQL.
type pair struct{ ours, theirs *server }

// outcome of one statement on both.
type outcome struct {
	sql          string
	script       gen.Script // what led there, for a random one
	ours, theirs *answer
	difference   string
}

// String is the report of a difference.
func (o *outcome) String() string {
	return fmt.Sprintf("%s\n%s\ns3db-sql:   %s\nPostgreSQL: %s", o.difference, o.sql, indent(o.ours.String()), indent(o.theirs.String()))
}

func indent(s string) string { return strings.ReplaceAll(s, "\n", "\n    ") }

// ask asks both at the same time.
func (p *pair) ask(s gen.Statement) (*outcome, error) {
	o := &outcome{sql: s.SQL}
	theirs := make(chan error, 1)
	go func() {
		var err error
		o.theirs, err = p.theirs.ask(s)
		theirs <- err
	}()
	var err error
	o.ours, err = p.ours.ask(s)
	if failed := <-theirs; failed != nil {
		return nil, fmt.Errorf("PostgreSQL: %w", failed)
	}
	if err != nil {
		return nil, fmt.Errorf("s3db-sql: %w", err)
	}
	o.difference = difference(o.ours, o.theirs, s.Ordered)
	return o, nil
}

// same runs statements that must do the same on both, and fails otherwise.
func (p *pair) same(statements []string) error {
	for _, sql := range statements {
		o, err := p.ask(gen.Statement{SQL: sql})
		if err != nil {
			return err
		}
		if o.difference != "" {
			return fmt.Errorf("%s", o)
		}
	}
	return nil
}
