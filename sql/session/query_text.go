package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

var _ funcs.Querier = (*facts)(nil)

// RunQuery implements funcs.Querier: it runs one SELECT in the open transaction,
// against the catalog that the running statement sees. 42P11 for anything else.
func (f *facts) RunQuery(ctx context.Context, text string) ([]*types.Type, [][]any, error) {
	q, err := f.boundSelect(text)
	if err != nil {
		return nil, nil, displaced(err)
	}
	fields := fieldsOf(q)
	run, err := f.ownRun(q, fields, nil)
	if err != nil {
		return nil, nil, displaced(err)
	}
	var rows collected
	_, err = run.Fetch(ctx, 0, &rows)
	ts := make([]*types.Type, len(fields))
	for i, field := range fields {
		ts[i] = field.Type
	}
	return ts, rows.rows, displaced(firstError(err, run.Close()))
}

func (f *facts) boundSelect(text string) (*plan.Query, error) {
	stmts, err := parser.Parse(text)
	if err != nil {
		return nil, err
	}
	if len(stmts) != 1 {
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot open multi-query plan as cursor")
	}
	notSelect := pgerr.New(pgerr.InvalidCursorDefinition, "cannot open a query that is no SELECT as cursor")
	if utilityOf(stmts[0]) != nil {
		return nil, notSelect
	}
	bound, err := bind.Bind(f.bindEnv(nil), stmts[0])
	if err != nil {
		return nil, err
	}
	if q, ok := bound.(*plan.Query); ok && q.Kind == plan.SelectQuery && q.ReadOnly {
		return q, nil
	}
	return nil, notSelect
}

// collected keeps the rows of a query of the session's own.
type collected struct {
	unseen
	rows [][]any
}

// Rows implements Output.
func (c *collected) Rows(b *vec.Batch) error {
	for k := range b.Rows() {
		row := make([]any, len(b.Cols))
		for i, col := range b.Cols {
			row[i] = col.Value(b.Row(k))
		}
		c.rows = append(c.rows, row)
	}
	return nil
}
