package session

import (
	"context"
	"io"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/copyfmt"
	"github.com/s3db-sql/s3db-sql/sql/mb"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// copyRun is COPY.
type copyRun struct {
	s        *Session
	c        *plan.Copy
	progress *copyProgress
}

// Fields implements run.
func (r *copyRun) Fields() []Field { return nil }

// Close implements run.
func (r *copyRun) Close() error { return nil }

// Fetch implements run. A COPY is not suspended.
func (r *copyRun) Fetch(ctx context.Context, _ int, out Output) (bool, error) {
	rows, err := r.copy(ctx, out)
	if err != nil {
		return false, err
	}
	return true, out.Complete("COPY " + strconv.FormatInt(rows, 10))
}

func (r *copyRun) copy(ctx context.Context, out Output) (rows int64, err error) {
	defer r.begin()()
	if r.c.From {
		return r.from(ctx, out)
	}
	return r.to(ctx, out)
}

func (r *copyRun) binary() bool { return r.c.Options.Format == copyfmt.Binary }

// options are the statement's with what its data's encoding asks for: 0A000 or
// 42883 for one that has no conversion.
func (r *copyRun) options() (*copyfmt.Options, error) {
	o := r.c.Options
	if o.Encoding == nil {
		o.Client = r.s.Env().Client
		return &o, nil
	}
	var err error
	o.Client, err = mb.NewClient(*o.Encoding)
	if err != nil && !r.c.From {
		_, err = mb.Default(mb.UTF8, *o.Encoding)
	}
	return &o, err
}

// start plans and starts the statement's query, whose rows may be out of line.
func (r *copyRun) start(fields []Field) (*queryRun, error) {
	planned, err := r.s.optimizeFor(r.c.Query, true)
	if err != nil {
		return nil, err
	}
	q, err := r.s.start(planned, fields, nil)
	if err != nil {
		return nil, err
	}
	if options, err := r.options(); err == nil && options.Streams() { // else the first row says so
		streamed(q)
	}
	return q, nil
}

// to runs the query and writes its rows to the client.
func (r *copyRun) to(ctx context.Context, out Output) (int64, error) {
	q, err := r.start(fieldsOf(r.c.Query))
	if err != nil {
		return 0, err
	}
	w := &copyOutput{unseen: unseen{}, run: r, out: out}
	_, err = q.Fetch(ctx, 0, w)
	if err = firstError(err, q.Close()); err == nil {
		err = w.end()
	}
	return w.rows, err
}

// copyOutput takes the rows of COPY TO. It begins to send with the first one, so
// that a statement that fails at once sends nothing.
type copyOutput struct {
	unseen
	run    *copyRun
	out    Output
	data   io.WriteCloser
	writer *copyfmt.Writer
	rows   int64
}

// Notice implements Output.
func (o *copyOutput) Notice(n *pgerr.Error) error { return o.out.Notice(n) }

// Rows implements Output.
func (o *copyOutput) Rows(b *vec.Batch) error {
	if err := o.begin(); err != nil {
		return err
	}
	if err := o.writer.Rows(b); err != nil {
		return err
	}
	o.rows += int64(b.Rows())
	o.run.progress.rows.Store(o.rows)
	o.run.progress.bytes.Store(o.writer.Bytes())
	return nil
}

func (o *copyOutput) begin() (err error) {
	if o.writer != nil {
		return nil
	}
	c := o.run.c
	if o.data, err = o.out.CopyOut(o.run.binary(), len(c.Columns)); err != nil {
		return err
	}
	options, err := o.run.options()
	if err != nil {
		return err
	}
	if o.writer, err = copyfmt.NewWriter(options, c.Columns, o.run.s.clientEnv(), o.data); err != nil {
		return err
	}
	return o.writer.Begin()
}

func (o *copyOutput) end() error {
	if err := o.begin(); err != nil {
		return err
	}
	if err := o.writer.End(); err != nil {
		return err
	}
	return o.data.Close()
}

// from inserts what the client sends.
func (r *copyRun) from(ctx context.Context, out Output) (int64, error) {
	if err := r.s.mayWrite("COPY FROM"); err != nil {
		return 0, err
	}
	if err := r.mayFreeze(); err != nil {
		return 0, err
	}
	q, err := r.start(nil)
	if err != nil {
		return 0, err
	}
	source := &copySource{run: r, out: out, columns: toastedColumns(q.q, r.c.Columns)}
	q.copy = source
	_, err = q.Fetch(ctx, 0, copyIn{out: out})
	if err == nil {
		err = source.exhaust(ctx)
	}
	if err == nil {
		err = r.tellSkipped(out, source.reader.Skipped())
	}
	return q.affected, firstError(err, q.Close())
}

// tellSkipped says how many rows ON_ERROR left out.
func (r *copyRun) tellSkipped(out Output, n int64) error {
	text := "%d rows were skipped due to data type incompatibility"
	switch n {
	case 0:
		return nil
	case 1:
		text = "%d row was skipped due to data type incompatibility"
	}
	return r.s.notice(out, pgerr.Notice(pgerr.SeverityNotice, pgerr.SuccessfulCompletion, text, n))
}

// mayFreeze is 55000 for FREEZE of a table that others can already see. Rows
// have no transaction ids here, so that there is nothing else to it.
func (r *copyRun) mayFreeze() error {
	tx, oid := r.s.tx, r.c.Relation.OID
	if !r.c.Freeze || tx.snapshot.RelationByOID(oid) == nil {
		return nil
	}
	before := 0
	if n := len(tx.saves); n > 0 {
		before = tx.saves[n-1].writes.Truncations(oid)
	}
	if tx.writes.Truncations(oid) > before {
		return nil
	}
	return pgerr.New(pgerr.ObjectNotInPrerequisiteState,
		"cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction")
}

// copyIn lets only the notices of COPY FROM's INSERT through.
type copyIn struct {
	unseen
	out Output
}

// Notice implements Output.
func (o copyIn) Notice(n *pgerr.Error) error { return o.out.Notice(n) }

// copySource reads the client's data: exec.CopySource.
type copySource struct {
	run *copyRun
	out Output
	// columns are those of the data, as the plan takes them.
	columns []copyfmt.Column
	client  CopyReader
	reader  *copyfmt.Reader
	ctx     context.Context // of the call that reads
	given   int64           // rows so far
}

// Open asks the client to begin.
func (s *copySource) Open(ctx context.Context) (err error) {
	c := s.run.c
	s.ctx = ctx
	options, err := s.run.options()
	if err != nil {
		return err
	}
	if s.client, err = s.out.CopyIn(s.run.binary(), len(c.Columns)); err != nil {
		return err
	}
	s.reader = copyfmt.NewReader(options, c.Relation.Name, s.columns, s.run.s.clientEnv(),
		func() ([]byte, error) { return s.client.Next(s.ctx) })
	s.reader.TempDir = s.run.s.db.TempDir
	s.reader.Notice = func(n *pgerr.Error) error { return s.run.s.notice(s.out, n) }
	return s.reader.Begin()
}

// Next implements exec.Operator.
func (s *copySource) Next(ctx context.Context) (*vec.Batch, error) {
	s.ctx = ctx
	p := s.run.progress
	p.excluded.Store(s.given - p.rows.Load()) // of the batches before, nothing is on its way any more
	b, err := s.reader.Next()
	if p.bytes.Store(s.reader.Bytes()); b != nil {
		s.given += int64(b.Rows())
	}
	return b, err
}

// Wrote implements dml.Origin.
func (s *copySource) Wrote(rows int) { s.run.progress.rows.Add(int64(rows)) }

// exhaust reads the data that the plan did not want: of a WHERE that is never true.
func (s *copySource) exhaust(ctx context.Context) error {
	if s.reader == nil {
		if err := s.Open(ctx); err != nil {
			return err
		}
	}
	for {
		if b, err := s.Next(ctx); b == nil || err != nil {
			return err
		}
	}
}

// Close implements exec.Operator.
func (s *copySource) Close() error { return nil }

// Pending implements dml.Origin.
func (s *copySource) Pending() error { return s.reader.Pending() }

// Blame implements dml.Origin.
func (s *copySource) Blame(err error, line int64, shown bool) error {
	if e := pgerr.As(err); e != nil && e.Where == "" {
		e.Where = s.reader.WhereLine(line, shown)
	}
	return err
}
