package session

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Query runs a simple query: all its statements in one implicit transaction,
// unless they say BEGIN.
func (s *Session) Query(ctx context.Context, text string, out Output) error {
	s.message = s.db.Clock.Now()
	ctx = objstore.WithMeter(ctx, s.meter)
	delete(s.statements, "")
	s.closePortal("")
	s.running(text)
	defer s.rested()
	s.listen(out, text)
	defer s.unlisten()
	last := &heldTag{Output: out}
	if err := s.statementsOf(ctx, text, out, last); err != nil {
		s.fail(ctx)
		return located(err, text)
	}
	if err := s.Sync(ctx); err != nil {
		return err
	}
	return last.release()
}

// statementsOf runs the statements of a simple query, the last of them into last.
func (s *Session) statementsOf(ctx context.Context, text string, out, last Output) error {
	outline, outlined := s.outline(text)
	if outlined {
		if r := s.fromTemplate(ctx, outline); r != nil {
			return giveAll(ctx, streamed(r), last)
		}
	}
	stmts, err := s.parseText(text)
	if err != nil {
		return err
	}
	if len(stmts) == 0 {
		return out.Empty()
	}
	s.several = len(stmts) > 1
	defer func() { s.several = false }()
	for i, stmt := range stmts {
		to := out
		if i == len(stmts)-1 {
			to = last
		}
		to = checked{to, s, ctx}
		if err := s.simple(ctx, stmt, to); err != nil {
			return err
		}
	}
	if outlined && !s.several {
		s.learn(outline, stmts[0])
	}
	return nil
}

// heldTag holds back the tag of a message's last statement: it is not complete
// before its transaction is (exec_simple_query).
type heldTag struct {
	Output
	tag  string
	held bool
}

// Complete implements Output.
func (o *heldTag) Complete(tag string) error {
	o.tag, o.held = tag, true
	return nil
}

func (o *heldTag) release() error {
	if !o.held {
		return nil
	}
	return o.Output.Complete(o.tag)
}

// located gives an error its position in the text.
func located(err error, text string) error {
	if e := pgerr.As(err); e != nil {
		e.Locate(text)
	}
	return err
}

// simple runs one statement of a simple query.
func (s *Session) simple(ctx context.Context, stmt parser.Statement, out Output) error {
	p, err := s.prepare(stmt, nil)
	if err != nil {
		return err
	}
	p.simple = true
	run, err := s.open(ctx, p, nil)
	if err != nil {
		return err
	}
	return giveAll(ctx, streamed(run), out)
}

// giveAll gives all that a run has.
func giveAll(ctx context.Context, r run, out Output) error {
	fields := r.Fields()
	if _, ok := r.(*utilityRun); ok && fields != nil {
		out, fields = &lateDescription{Output: out, fields: fields}, nil
	}
	if fields != nil {
		if err := out.Describe(fields); err != nil {
			return firstError(err, r.Close())
		}
	}
	_, err := r.Fetch(ctx, 0, out)
	return firstError(err, r.Close())
}

// lateDescription describes the rows of a utility when there are some: it may fail
// before (PORTAL_UTIL_SELECT).
type lateDescription struct {
	Output
	fields []Field // nil once they were given
}

func (o *lateDescription) describe() error {
	fields := o.fields
	if o.fields = nil; fields == nil {
		return nil
	}
	return o.Output.Describe(fields)
}

// Rows implements Output.
func (o *lateDescription) Rows(b *vec.Batch) error {
	if err := o.describe(); err != nil {
		return err
	}
	return o.Output.Rows(b)
}

// Complete implements Output.
func (o *lateDescription) Complete(tag string) error {
	if err := o.describe(); err != nil {
		return err
	}
	return o.Output.Complete(tag)
}

// Sync ends the implicit transaction.
func (s *Session) Sync(ctx context.Context) error {
	if s.tx == nil || s.tx.block {
		return nil
	}
	return objstore.ToPG(s.end(objstore.WithMeter(ctx, s.meter), true))
}

// prepared is a parsed and bound statement.
type prepared struct {
	stmt parser.Statement
	// bound is nil for an empty statement and for those that the session runs
	// itself (utility).
	bound   plan.Statement
	utility *utility
	// late: it is bound each time that it runs, not before (isAnalyzed).
	late   bool
	params []*types.Type
	// declared are the parameter types the client gave, for binding again.
	declared []types.OID
	fields   []Field
	// version and path are what it was bound against.
	version uint64
	path    string
	// planned is the query's physical plan, nil until first run.
	planned *plan.Query
	planFor planKey
	// visible are the columns of planned that the client sees. idle are the operators of
	// its last execution, nil where they can't be kept (reusable) or are at work.
	visible  []int
	reusable bool
	idle     *execution
	// cursor: it is the query of DECLARE, which stands within an SQL function, or not.
	cursor bool
	within *bind.Body
	// simple: it is of a simple query, whose result nobody has been told of before it runs.
	simple bool
	// noRules: it is the session's own.
	noRules bool
	// prepared, fromSQL and runs are for pg_prepared_statements.
	prepared time.Time
	fromSQL  bool
	runs     int64
}

// planKey is what a plan depends on beside the bound query.
type planKey struct {
	trust bool
}

// prepare binds a statement against the present catalog.
func (s *Session) prepare(stmt parser.Statement, declared []types.OID) (*prepared, error) {
	p := &prepared{stmt: stmt, declared: declared, prepared: s.moment()}
	if u := utilityOf(stmt); u != nil {
		if err := s.allowed(u.endsTransaction); err != nil {
			return nil, err
		}
		p.utility = u
		var err error
		if p.params, err = u.paramTypes(s, declared); err != nil {
			return nil, err
		}
		if u.fields != nil {
			fields, err := u.fields(s)
			if err != nil {
				return nil, err
			}
			p.fields = fields
		}
		return p, nil
	}
	if err := s.allowed(false); err != nil {
		return nil, err
	}
	return p, s.bind(p)
}

// prepareMessage is prepare for Parse, which leaves what is not analyzed until it runs.
func (s *Session) prepareMessage(stmt parser.Statement, declared []types.OID) (p *prepared, err error) {
	if utilityOf(stmt) != nil || isAnalyzed(stmt) {
		return s.prepare(stmt, declared)
	}
	if err := s.allowed(false); err != nil {
		return nil, err
	}
	p = &prepared{stmt: stmt, declared: declared, prepared: s.moment(), late: true}
	p.params, err = s.declaredTypes(declared)
	return p, err
}

// isAnalyzed says whether Parse looks names up in a statement
// (stmt_requires_parse_analysis of analyze.c): what defines, drops or copies is only
// parsed, so that it may be prepared before what it names exists.
func isAnalyzed(stmt parser.Statement) bool {
	switch stmt.Node.GetNode().(type) {
	case *parser.Node_SelectStmt, *parser.Node_InsertStmt, *parser.Node_UpdateStmt, *parser.Node_DeleteStmt, *parser.Node_MergeStmt,
		*parser.Node_ExplainStmt, *parser.Node_CreateTableAsStmt, *parser.Node_CallStmt:
		return true
	}
	return false
}

// allowed is 25P02 in a failed block, for all but what ends it.
func (s *Session) allowed(endsTransaction bool) error {
	if s.tx != nil && s.tx.failed && !endsTransaction {
		return errFailed()
	}
	return nil
}

// bind binds p against the catalog of this moment.
func (s *Session) bind(p *prepared) error {
	if s.tx != nil {
		s.tx.refresh()
	}
	if err := s.checkRole(); err != nil {
		return err
	}
	cat := s.catalog()
	env := s.bindEnv(p.declared)
	env.Cursor, env.NoRules, env.Body = p.cursor, p.noRules, p.within
	bound, err := bind.Bind(env, p.stmt)
	if err != nil {
		return err
	}
	p.bound, p.version, p.path, p.planned = bound, cat.Version(), s.bindKey(), nil
	p.idle = nil
	switch b := bound.(type) {
	case *plan.Query:
		p.params, p.fields = b.Params, fieldsOf(b)
	case *plan.Rewritten:
		p.params, p.fields = b.Params, rewrittenFields(b)
	case *plan.Explain:
		p.fields = explainFields(b)
		if b.Query != nil {
			p.params = b.Query.Params
		}
	case *plan.CreateTable:
		if b.As != nil {
			p.params = b.As.Params
		}
	}
	return nil
}

func (s *Session) bindEnv(declared []types.OID) *bind.Env {
	return &bind.Env{
		Catalog: s.catalog(), SearchPath: s.searchPath(), TempSchema: s.tempSchema, TypesEnv: s.statementEnv(), Settings: s.values.Get,
		ParamTypes: declared, Languages: languageNames, Transitions: s.transitions(), User: s.role(), SessionUser: s.sessionUser(), Database: s.database, CurrentOf: s.currentOf, LargeObject: s.boundLarge,
	}
}

// rebind binds a prepared statement again if the catalog or the search path has
// changed since; its result must keep its shape.
func (s *Session) rebind(p *prepared) error {
	if p.bound == nil {
		return nil
	}
	if s.tx != nil {
		s.tx.refresh()
	}
	if q, ok := p.bound.(*plan.Query); ok && q.CurrentOf {
		return s.bind(p)
	}
	if p.version == s.catalog().Version() && p.path == s.bindKey() {
		return nil
	}
	again := *p
	if err := s.bind(&again); err != nil {
		return err
	}
	if !sameShape(p.fields, again.fields) {
		// pgjdbc and ActiveRecord tell by the routine that preparing again helps.
		return pgerr.New(pgerr.FeatureNotSupported, "cached plan must not change result type").WithRoutine("RevalidateCachedQuery")
	}
	*p = again
	return nil
}

func sameShape(a, b []Field) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i].Name != b[i].Name || a[i].Type.OID != b[i].Type.OID || a[i].Typmod != b[i].Typmod {
			return false
		}
	}
	return true
}
