package parser

import (
	"errors"

	pg_query "github.com/pganalyze/pg_query_go/v6"
	cparser "github.com/pganalyze/pg_query_go/v6/parser"

	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Parse parses a query message of any number of statements; an empty message
// has none. Errors are *pgerr.Error with PostgreSQL's message and position.
func Parse(source string) ([]Statement, error) {
	tree, err := pg_query.Parse(source)
	if err != nil {
		return nil, grammarError(err)
	}
	stmts := make([]Statement, 0, len(tree.Stmts))
	for _, raw := range tree.Stmts {
		stmts = append(stmts, newStatement(raw, source))
	}
	return stmts, nil
}

func newStatement(raw *RawStmt, source string) Statement {
	start, end := int(raw.StmtLocation), len(source)
	if raw.StmtLen > 0 {
		end = start + int(raw.StmtLen)
	}
	return Statement{Node: raw.Stmt, Source: source, Start: start, End: end}
}

func grammarError(err error) error {
	var ce *cparser.Error
	if !errors.As(err, &ce) {
		return pgerr.Internal("parser: %s", err.Error()).WithCause(err)
	}
	e := pgerr.New(pgerr.SyntaxError, "%s", ce.Message)
	e.Position = ce.Cursorpos
	return e
}
