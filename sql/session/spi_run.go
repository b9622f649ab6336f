package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// spiOutput collects the rows of a statement; its notices go to the client.
type spiOutput struct {
	unseen
	x    *spi
	rows [][]any
	tag  string
}

// Rows implements Output.
func (o *spiOutput) Rows(b *vec.Batch) error {
	c := collected{rows: o.rows}
	err := c.Rows(b)
	o.rows = c.rows
	return err
}

// Complete implements Output.
func (o *spiOutput) Complete(tag string) error {
	o.tag = tag
	return nil
}

// Notice implements Output.
func (o *spiOutput) Notice(n *pgerr.Error) error {
	if o.x.out == nil {
		return nil
	}
	return o.x.out.Notice(n)
}

// Run implements pl.Plan.
func (p *spiPlan) Run(ctx context.Context, params []any, limit int64) (*pl.Result, error) {
	x := p.s.inner
	outer := x.running
	x.running = p
	r, err := p.run(ctx, params, limit)
	x.running = outer
	if err != nil {
		return nil, p.errContext(err)
	}
	return r, nil
}

func (p *spiPlan) run(ctx context.Context, params []any, limit int64) (*pl.Result, error) {
	x := p.s.inner
	x.env = nil
	if err := p.mayRun(x); err != nil {
		return nil, err
	}
	out := &spiOutput{x: x}
	result := &pl.Result{Columns: p.Columns(), Command: p.Command()}
	if err := p.s.lockStatement(ctx, p.p); err != nil {
		return nil, err
	}
	r, err := p.start(ctx, params)
	if err != nil {
		return nil, err
	}
	q, isQuery := r.(*queryRun)
	if !isQuery || q.q.Kind != plan.SelectQuery {
		limit = 0
	}
	if isQuery && q.q.Kind == plan.CallQuery {
		p.s.nonatomic = !x.atomic
		defer func() { p.s.nonatomic = false }()
	}
	_, err = r.Fetch(ctx, int(limit), out)
	if err := firstError(err, r.Close()); err != nil {
		return nil, err
	}
	result.Rows, result.Processed = out.rows, int64(len(out.rows))
	if isQuery && q.affected > result.Processed {
		result.Processed = q.affected
	}
	switch r := r.(type) {
	case *definitionRun:
		result.Processed = r.processed(out.tag)
	case *rewrittenRun:
		result.Processed = max(r.affected, result.Processed)
	}
	return result, nil
}

// mayRun is 0A000 for what a function that is not volatile must not run.
func (p *spiPlan) mayRun(x *spi) error {
	if q, ok := p.p.bound.(*plan.Query); !x.readOnly || ok && q.ReadOnly {
		return nil
	}
	return pgerr.New(pgerr.FeatureNotSupported, "%s is not allowed in a non-volatile function", p.Command())
}

// start makes the run of the plan.
func (p *spiPlan) start(ctx context.Context, params []any) (run, error) {
	s := p.s
	switch b := p.p.bound.(type) {
	case nil:
		return &utilityRun{s: s, p: p.p, params: params}, nil
	case *plan.Query:
		key := planKey{trust: s.values.Bool("s3db.trust_partitions")}
		if p.p.planned == nil || p.p.planFor != key {
			planned, err := s.optimize(b)
			if err != nil {
				return nil, err
			}
			p.p.planned, p.p.planFor = planned, key
		}
		return s.start(p.p.planned, p.p.fields, params)
	case *plan.Rewritten:
		return &rewrittenRun{s: s, stmt: b, params: params, fields: p.p.fields}, nil
	case *plan.Explain:
		return &explainRun{s: s, e: b, params: params, fields: p.p.fields}, nil
	case *plan.Copy:
		return &copyRun{s: s, c: b}, nil
	}
	return &definitionRun{s: s, stmt: p.p.bound, params: params}, nil
}

// Rows implements pl.Plan.
func (p *spiPlan) Rows(ctx context.Context, params []any) (pl.Rows, error) {
	rows, err := p.openRows(ctx, params)
	if err != nil {
		return nil, p.errContext(err)
	}
	return rows, nil
}

// openRows reads a query over tables to its end, since what comes next may write
// to them; one without tables is read as its rows are asked for.
func (p *spiPlan) openRows(ctx context.Context, params []any) (pl.Rows, error) {
	q, ok := p.p.bound.(*plan.Query)
	if p.p.fields == nil {
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot open %s query as cursor", p.Command())
	}
	if !ok || q.Kind != plan.SelectQuery || !q.ReadOnly {
		r, err := p.run(ctx, params, 0)
		if err != nil {
			return nil, err
		}
		return &boxedRows{columns: r.Columns, rows: r.Rows}, nil
	}
	r, err := p.start(ctx, params)
	if err != nil {
		return nil, err
	}
	run := r.(*queryRun)
	if err := run.begin(ctx, false, p.s.inner.out); err != nil {
		return nil, run.undo(ctx, err)
	}
	rows := &queryRows{ctx: ctx, p: p, c: newCursor(run, len(q.Relations) == 0), oneByOne: !p.s.inner.atomic}
	if len(q.Relations) > 0 {
		rows.failed = rows.c.rows.toEnd(ctx)
	}
	if e := pgerr.As(rows.failed); e != nil && e.Code == pgerr.QueryCanceled {
		rows.c.close()
		return nil, e
	}
	return rows, nil
}

// boxedRows are rows that have been read.
type boxedRows struct {
	columns []types.Column
	rows    [][]any
}

// Columns implements pl.Rows.
func (r *boxedRows) Columns() []types.Column { return r.columns }

// Next implements pl.Rows.
func (r *boxedRows) Next() ([]any, error) {
	if len(r.rows) == 0 {
		return nil, nil
	}
	row := r.rows[0]
	r.rows = r.rows[1:]
	return row, nil
}

// Close implements pl.Rows.
func (r *boxedRows) Close() error { return nil }

// queryRows are the rows of a query, as a cursor has them.
type queryRows struct {
	ctx context.Context // of the loop over them
	p   *spiPlan
	c   *cursor
	n   int64
	// failed is the error of the row behind those that were read ahead.
	failed error
	// oneByOne: where a procedure may end the transaction no rows are fetched ahead.
	oneByOne bool
}

// Columns implements pl.Rows.
func (r *queryRows) Columns() []types.Column { return r.p.Columns() }

// failure is the error that fetching a row, counted from 1, raises: in a function PostgreSQL
// fetches ten rows first and then fifty at a time (exec_for_query).
func (r *queryRows) failure(row int64) error {
	const first, more = 10, 50
	fetched := row
	if !r.oneByOne {
		fetched = first
		if row > first {
			fetched += (row - first + more - 1) / more * more
		}
	}
	if fetched > r.c.rows.n {
		return r.failed
	}
	return nil
}

// Next implements pl.Rows.
func (r *queryRows) Next() ([]any, error) {
	r.n++
	if err := r.failure(r.n); err != nil {
		return nil, err
	}
	b, k, err := r.c.rows.at(r.ctx, r.n)
	if err != nil {
		return nil, err
	}
	if b == nil {
		return nil, nil
	}
	row := make([]any, len(r.c.q.visible))
	for i, col := range r.c.q.visible {
		row[i] = b.Cols[col].Value(b.Row(k))
	}
	return row, nil
}

// Close implements pl.Rows.
func (r *queryRows) Close() error {
	r.c.close()
	return nil
}

// arguments are the parameters of a text that EXECUTE runs.
type arguments []pl.Value

var _ bind.Variables = arguments(nil)

// Variable implements bind.Variables: the text sees no variables.
func (arguments) Variable([]string, bool) (*bind.Variable, error) { return nil, nil }

// Param implements bind.Variables.
func (a arguments) Param(n int) *bind.Variable {
	if n < 1 || n > len(a) {
		return nil
	}
	return &bind.Variable{Index: n, Type: a[n-1].Type, Typmod: -1, Fields: recordColumns(a[n-1].Value)}
}

// Conflict implements bind.Variables.
func (arguments) Conflict() bind.VariableConflict { return bind.ConflictError }

func (a arguments) values() []any {
	out := make([]any, len(a))
	for i, v := range a {
		out[i] = v.Value
	}
	return out
}

// recordColumns are the columns of a record.
func recordColumns(v any) []types.Column {
	r, ok := v.(*types.Record)
	if !ok || r == nil || r.Type.OID != types.RecordOID {
		return nil
	}
	out := make([]types.Column, len(r.Types))
	for i, t := range r.Types {
		out[i] = types.Column{Name: r.Names[i], Type: t, Typmod: -1}
	}
	return out
}

// Execute implements pl.SPI.
func (x *spi) Execute(ctx context.Context, text string, args []pl.Value, limit int64) (*pl.Result, error) {
	stmts, err := x.parseText(text)
	if err != nil {
		return nil, spiError(err, text, pl.Statement, 0)
	}
	result := &pl.Result{}
	for _, stmt := range stmts {
		p := &spiPlan{s: x.Session, text: text, vars: arguments(args), dynamic: true}
		if err := p.bind(stmt); err != nil {
			return nil, p.errContext(err)
		}
		if result, err = p.Run(ctx, arguments(args).values(), limit); err != nil {
			return nil, err
		}
	}
	return result, nil
}

// prepareText binds the one statement of a text.
func (x *spi) prepareText(text string, args []pl.Value) (*spiPlan, error) {
	p := &spiPlan{s: x.Session, text: text, vars: arguments(args), dynamic: true}
	stmts, err := x.parseText(text)
	switch {
	case err != nil:
		return nil, p.errContext(err)
	case len(stmts) != 1:
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot open multi-query plan as cursor")
	}
	if err := p.bind(stmts[0]); err != nil {
		return nil, p.errContext(err)
	}
	return p, nil
}

// Query implements pl.SPI.
func (x *spi) Query(ctx context.Context, text string, args []pl.Value) (pl.Rows, error) {
	p, err := x.prepareText(text, args)
	if err != nil {
		return nil, err
	}
	return p.Rows(ctx, arguments(args).values())
}
