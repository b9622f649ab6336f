package session

import (
	"context"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// run is a statement that is being executed: the contents of a portal.
type run interface {
	// Fields of its rows; nil if it has none.
	Fields() []Field
	// Fetch gives up to max rows (all if 0). done is false if it stopped at max;
	// otherwise the statement is complete and its tag was given.
	Fetch(ctx context.Context, max int, out Output) (done bool, err error)
	Close() error
}

// open starts a prepared statement with parameters.
func (s *Session) open(ctx context.Context, p *prepared, params []any) (run, error) {
	p.runs++
	if p.utility != nil {
		params, err := inLine(ctx, nil, params)
		return &utilityRun{s: s, p: p, params: params}, err
	}
	s.begin(false)
	s.queried()
	if p.late {
		bound := *p
		p = &bound
		if err := s.bind(p); err != nil {
			return nil, err
		}
	} else if err := s.rebind(p); err != nil {
		return nil, err
	}
	if err := s.lockStatement(ctx, p); err != nil {
		return nil, err
	}
	s.tx.see()
	if b, ok := p.bound.(*plan.Query); ok {
		return s.openQuery(ctx, p, b, params)
	}
	params, err := inLine(ctx, nil, params)
	if err != nil {
		return nil, err
	}
	switch b := p.bound.(type) {
	case *plan.Rewritten:
		return &rewrittenRun{s: s, stmt: b, params: params, fields: p.fields}, nil
	case *plan.Explain:
		return &explainRun{s: s, e: b, params: params, fields: p.fields}, nil
	case *plan.Copy:
		return &copyRun{s: s, c: b}, nil
	}
	return &definitionRun{s: s, stmt: p.bound, params: params}, nil
}

// openQuery plans (once) and builds a query.
func (s *Session) openQuery(ctx context.Context, p *prepared, q *plan.Query, params []any) (run, error) {
	if err := s.plan(p, q); err != nil {
		return nil, err
	}
	params, err := inLine(ctx, p.planned, params)
	if err != nil {
		return nil, err
	}
	return s.startRun(&queryRun{q: p.planned, fields: p.fields, params: params, visible: p.visible, p: p})
}

// plan makes the physical plan of a prepared query, once.
func (s *Session) plan(p *prepared, q *plan.Query) error {
	key := planKey{trust: s.vars().trust}
	if p.planned != nil && p.planFor == key {
		return nil
	}
	planned, err := s.optimizeFor(q, true)
	if err != nil {
		return err
	}
	p.planned, p.planFor = planned, key
	p.visible, p.idle = visibleColumns(planned), nil
	p.reusable = planned.ReadOnly && planned.Kind == plan.SelectQuery && exec.Reusable(planned.Root)
	return nil
}

// optimize makes the physical plan of a bound query.
func (s *Session) optimize(q *plan.Query) (*plan.Query, error) { return s.optimizeFor(q, false) }

// optimizeFor is optimize for a query whose parameters and rows may be out of line.
func (s *Session) optimizeFor(q *plan.Query, external bool) (*plan.Query, error) {
	tables := s.tx.writes.Planning()
	next := plan.MaxColumn(q.Root)
	return planner.Optimize(q, &planner.Env{
		Stats: func(rel *catalog.Relation) storage.Stats {
			t, err := tables.Table(rel.OID)
			if err != nil {
				return storage.Stats{Rows: -1}
			}
			return t.Stats()
		},
		Distinct: func(rel *catalog.Relation, num int16) (float64, bool) {
			return exec.Distinct(rel, num, s.planningEnv())
		},
		Share: func(scan *plan.Scan, cond plan.Expr) (float64, bool) {
			return exec.Share(scan.Rel, scan.Cols, scan.Nums, cond, s.planningEnv())
		},
		Shape:           func(rel *catalog.Relation) catalog.Shape { return s.virtual(nil).Shape(rel) },
		Evaluate:        func(e plan.Expr) (any, error) { return exec.Evaluate(s.ctx, e, s.execEnv(nil, nil)) },
		Inline:          s.inlineCall,
		NewColumn:       func() plan.ColumnID { next++; return next },
		TrustPartitions: s.values.Bool("s3db.trust_partitions"),
		External:        external,
	})
}

// planningEnv is execEnv for a look at tables that a plan is made by.
func (s *Session) planningEnv() *exec.Env {
	env := s.execEnv(nil, nil)
	env.Tables = s.tx.writes.Planning()
	return env
}

// execEnv is the executor's environment for one statement.
func (s *Session) execEnv(params []any, out Output) *exec.Env {
	env := &exec.Env{
		Types: s.statementEnv(), Session: s.facts(out), Params: params,
		WorkMem: s.vars().workMem, TempDir: s.db.TempDir, BatchSize: s.db.BatchSize, Workers: s.db.Workers,
		SkipDamaged: s.vars().skipDamaged,
		Virtual:     s.virtual(out),
	}
	if s.tx != nil {
		env.Tables, env.Writer, env.InTransaction = s.tx.tables(), &eventWriter{Tx: s.tx.writes, s: s}, s.tx.writes.Buffered()
		env.Locker = rowLocks{s.tx.writes, s}
		env.Triggers, env.Outer = s.afterTriggers(out), s.outerWritten()
		if !env.Triggers.Replica { // their checks are triggers of origin
			env.Foreign = s.foreignChecks(env)
		}
		env.TransitionTable = s.transitionTable
	}
	return env
}

// queryRun is a running SELECT, INSERT, UPDATE or DELETE.
type queryRun struct {
	s      *Session
	p      *prepared // that it is an execution of; nil for none
	q      *plan.Query
	fields []Field
	params []any
	tx     *transaction // that it began in: a procedure may end it
	op     exec.Operator
	env    *exec.Env
	// reading is what the plan reads as of one moment; nil where it reads once.
	reading *txn.Reading
	// kept has op and env where they can serve another execution.
	kept    *execution
	visible []int
	save    txn.Savepoint
	life    context.Context // of the operators: until the portal is closed
	cancel  context.CancelFunc
	opened  bool
	rows    int64 // given, over all calls
	// affected rows of INSERT, UPDATE and DELETE.
	affected int64
	rest     *vec.Batch // what a row limit cut off the last batch
	// foreign is the list of the statement that this one is a referential action of;
	// nil for a statement of its own.
	foreign *exec.ForeignChecks
	// triggers are that statement's AFTER triggers.
	triggers *exec.AfterTriggers
	copy     exec.CopySource
	// external: values out of line are given as they are.
	external bool
	done     bool
}

func (s *Session) start(q *plan.Query, fields []Field, params []any) (*queryRun, error) {
	return s.startRun(&queryRun{q: q, fields: fields, params: params, visible: visibleColumns(q)})
}

func (s *Session) startRun(r *queryRun) (*queryRun, error) {
	if q := r.q; !q.ReadOnly && !writesTemporary(q) {
		if err := s.mayWrite(queryTags[q.Kind] + q.Lock); err != nil {
			return nil, err
		}
	}
	s.queried()
	r.s, r.tx, r.save = s, s.tx, s.tx.writes.Save()
	return r, nil
}

var queryTags = map[plan.QueryKind]string{
	plan.SelectQuery: "SELECT", plan.InsertQuery: "INSERT", plan.UpdateQuery: "UPDATE",
	plan.DeleteQuery: "DELETE", plan.MergeQuery: "MERGE", plan.CallQuery: "CALL",
}

// mayWrite is 25006 where the transaction or the store forbids writing.
func (s *Session) mayWrite(tag string) error {
	if s.db.ReadOnly != "" {
		return pgerr.New(pgerr.ReadOnlySqlTransaction, "cannot execute %s: %s", tag, s.db.ReadOnly)
	}
	if s.tx != nil && s.tx.readOnly || s.vars().readOnly {
		return errReadOnly(tag)
	}
	return nil
}

// visibleColumns maps the query's output to the root's columns.
func visibleColumns(q *plan.Query) []int {
	at := map[plan.ColumnID]int{}
	for i, c := range q.Root.Columns() {
		at[c.ID] = i
	}
	out := make([]int, len(q.Output))
	for i, c := range q.Output {
		out[i] = at[c.ID]
	}
	return out
}

// Fields implements run.
func (r *queryRun) Fields() []Field { return r.fields }

// Fetch implements run.
func (r *queryRun) Fetch(ctx context.Context, max int, out Output) (bool, error) {
	done, err := r.fetch(ctx, max, out)
	if err != nil {
		return done, r.undo(ctx, objstore.ToPG(err))
	}
	return done, nil
}

func (r *queryRun) fetch(ctx context.Context, max int, out Output) (bool, error) {
	ctx, stop := r.s.deadline(ctx)
	defer stop()
	if err := r.begin(ctx, max == 0, out); err != nil {
		return false, err
	}
	defer r.attach(ctx)()
	if r.q.Kind == plan.CallQuery && r.s.depth == 0 {
		defer r.topCall()()
	}
	given := 0
	for !r.done {
		b, err := r.next(r.life)
		if err != nil {
			return false, timedOut(ctx, err)
		}
		if err := r.settle(ctx); err != nil {
			return false, err
		}
		if b == nil {
			r.done = true
			break
		}
		if n := max - given; max > 0 && b.Rows() > n {
			r.rest = b.Limit(n, b.Rows())
			b = b.Limit(0, n)
		}
		given += b.Rows()
		r.rows += int64(b.Rows())
		if err := r.give(b, out); err != nil {
			return false, err
		}
		if max > 0 && given >= max {
			return false, out.Suspended()
		}
	}
	if n, ok := exec.Affected(r.op); ok {
		r.affected = n
	}
	if err := r.closeOperator(); err != nil {
		return false, err
	}
	r.giveBack()
	return true, out.Complete(r.tag(int64(given)))
}

// topCall lets a procedure that the client calls outside of a block end the
// transaction, until the returned function is called.
func (r *queryRun) topCall() (done func()) {
	r.s.nonatomic = !r.s.inBlock()
	r.s.tx.writes.Buffer()
	return func() { r.s.nonatomic = false }
}

// begin builds and opens the operators, once. Their context lives as long as
// the portal; the caller's ends it only while the call lasts. It is the caller's own for
// what is opened and closed in one call: whole.
func (r *queryRun) begin(ctx context.Context, whole bool, out Output) error {
	if r.opened {
		return nil
	}
	if err := r.build(out); err != nil {
		return err
	}
	if r.life = ctx; !whole || r.kept == nil || objstore.MeterFrom(ctx) != r.s.meter {
		r.life, r.cancel = context.WithCancel(objstore.WithMeter(r.s.ctx, r.s.meter))
	}
	defer r.attach(ctx)()
	r.opened = true
	return timedOut(ctx, r.op.Open(r.life))
}

// attach has the caller's context end the operators' until the returned function is
// called.
func (r *queryRun) attach(ctx context.Context) (detach func()) {
	if r.cancel == nil {
		return func() {}
	}
	stop := context.AfterFunc(ctx, r.cancel)
	return func() { stop() }
}

// pull gives the next batch with all of the root's columns, nil at the end: for
// cursors, which keep their place themselves.
func (r *queryRun) pull(ctx context.Context) (*vec.Batch, error) {
	ctx, stop := r.s.deadline(ctx)
	defer stop()
	if r.done {
		return nil, nil
	}
	if err := r.begin(ctx, false, nil); err != nil {
		return nil, r.undo(ctx, objstore.ToPG(err))
	}
	defer r.attach(ctx)()
	b, err := r.next(r.life)
	if err != nil {
		return nil, r.undo(ctx, objstore.ToPG(timedOut(ctx, err)))
	}
	if b == nil {
		return nil, r.closeOperator()
	}
	return detoasted(ctx, b)
}

// settle does what the statement owes to foreign keys and AFTER triggers: at its
// end, which has come when the first rows of RETURNING do.
func (r *queryRun) settle(ctx context.Context) error {
	if r.foreign != nil || r.kept != nil {
		return nil
	}
	return timedOut(ctx, firstError(r.s.checkUnique(r.life), settleStatement(r.life, r.env)))
}

func (r *queryRun) build(out Output) error {
	if r.p != nil && r.p.reusable {
		return r.buildKept(out)
	}
	r.env = r.s.execEnv(r.params, out)
	if !r.q.ReadOnly {
		r.tx.writes.Sole(!r.s.several && !r.s.more && r.s.depth == 0 && r.foreign == nil)
	}
	if r.foreign != nil {
		r.env.Foreign, r.env.Triggers = r.foreign, r.triggers
	}
	r.env.Copy = r.copy
	if r.q.ReadsAgain {
		r.reading = r.tx.writes.Reading()
		r.env.Reading = r.reading
	}
	op, err := exec.Build(r.q.Root, r.env)
	if err != nil {
		return err
	}
	r.op = op
	return nil
}

// next returns the rest of a batch that the row limit cut, or a new one.
func (r *queryRun) next(ctx context.Context) (*vec.Batch, error) {
	if b := r.rest; b != nil {
		r.rest = nil
		return b, nil
	}
	b, err := r.op.Next(ctx)
	if b == nil || err != nil || r.external {
		return b, err
	}
	return detoasted(ctx, b)
}

// give sends the visible columns.
func (r *queryRun) give(b *vec.Batch, out Output) error {
	if r.fields == nil || b.Rows() == 0 {
		return nil
	}
	if r.allVisible(b) {
		return out.Rows(b)
	}
	cols := make([]vec.Vector, len(r.visible))
	for i, k := range r.visible {
		cols[i] = b.Cols[k]
	}
	return out.Rows(&vec.Batch{Cols: cols, N: b.N, Sel: b.Sel})
}

// allVisible says whether the client sees all columns of a batch as they stand.
func (r *queryRun) allVisible(b *vec.Batch) bool {
	if len(r.visible) != len(b.Cols) {
		return false
	}
	for i, k := range r.visible {
		if i != k {
			return false
		}
	}
	return true
}

// undo takes back what the failed statement wrote.
func (r *queryRun) undo(ctx context.Context, err error) error {
	err = firstError(err, r.closeOperator())
	if r.s.tx == nil || r.s.tx != r.tx || r.q.ReadOnly && !plan.CallsUser(r.q.Root) {
		return err
	}
	if undo := r.s.tx.writes.RollbackTo(ctx, r.save); undo != nil {
		if e := pgerr.As(err); e != nil && e.Detail == "" {
			e.WithDetail("The statement's writes could not all be taken back: %v", undo)
		}
	}
	return err
}

func (r *queryRun) closeOperator() error {
	r.done = true
	if r.op == nil {
		return nil
	}
	err := r.op.Close()
	r.reading.Close()
	if r.env.Triggers != nil && r.foreign == nil {
		r.env.Triggers.Close()
	}
	if r.cancel != nil {
		r.cancel()
	}
	r.op = nil
	return err
}

// Close implements run.
func (r *queryRun) Close() error { return r.closeOperator() }

// tag is the command tag (protocol documentation, CommandComplete). What returns rows
// counts those of this call: those given before it was suspended were told.
func (r *queryRun) tag(given int64) string {
	n := given
	if r.fields == nil {
		n = r.affected
	}
	tag := queryTags[r.q.Kind]
	if r.q.Kind == plan.CallQuery {
		return tag
	}
	if r.q.Kind == plan.InsertQuery {
		tag += " 0"
	}
	return tag + " " + strconv.FormatInt(n, 10)
}

// errTimeout is the cause of a context that statement_timeout ended.
var errTimeout = pgerr.New(pgerr.QueryCanceled, "canceling statement due to statement timeout")

// deadline applies statement_timeout.
func (s *Session) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := s.vars().statementTimeout
	if limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeoutCause(ctx, limit, errTimeout)
}

// timedOut replaces the error of a context by what ended it.
func timedOut(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	if e := pgerr.As(context.Cause(ctx)); e != nil {
		c := *e
		if at := pgerr.As(err); at != nil {
			c.Where = at.Where
		}
		return &c
	}
	return pgerr.New(pgerr.QueryCanceled, "canceling statement due to user request").WithCause(err)
}

// ownRun plans and starts a query of the session's own.
func (s *Session) ownRun(q *plan.Query, fields []Field, params []any) (*queryRun, error) {
	planned, err := s.optimize(q)
	if err != nil {
		return nil, err
	}
	return s.start(planned, fields, params)
}
