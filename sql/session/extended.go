package session

import (
	"context"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// Parse prepares a statement. 42601 for more than one, 42P05 for a name in use.
func (s *Session) Parse(ctx context.Context, name, text string, declared []types.OID) error {
	s.message = s.db.Clock.Now()
	err := s.parse(name, text, declared)
	if err != nil {
		s.fail(ctx)
		return located(err, text)
	}
	return nil
}

func (s *Session) parse(name, text string, declared []types.OID) error {
	if name == "" {
		if p := s.unnamed(text, declared); p != nil {
			s.statements[""] = p
			return nil
		}
	}
	stmts, err := s.parseText(text)
	if err != nil {
		return err
	}
	if len(stmts) > 1 {
		return pgerr.New(pgerr.SyntaxError, "cannot insert multiple commands into a prepared statement")
	}
	if name != "" && s.statements[name] != nil {
		return pgerr.New(pgerr.DuplicatePreparedStatement, "prepared statement \"%s\" already exists", name)
	}
	p := &prepared{declared: declared}
	if len(stmts) == 1 {
		s.begin(false)
		if p, err = s.prepareMessage(stmts[0], declared); err != nil {
			return err
		}
	}
	s.statements[name] = p
	if name == "" {
		s.keepUnnamed(text, p)
	}
	return nil
}

func (s *Session) statement(name string) (*prepared, error) {
	p := s.statements[name]
	if p != nil {
		return p, nil
	}
	if name == "" {
		return nil, pgerr.New(pgerr.InvalidSqlStatementName, "unnamed prepared statement does not exist")
	}
	return nil, pgerr.New(pgerr.InvalidSqlStatementName, "prepared statement \"%s\" does not exist", name)
}

// StatementParams returns a statement's parameter types, for decoding.
func (s *Session) StatementParams(name string) ([]*types.Type, error) {
	p, err := s.statement(name)
	if err != nil {
		return nil, err
	}
	return p.params, nil
}

// BindPortal makes a portal of a statement and decoded parameters. 42P03 for a
// name in use.
func (s *Session) BindPortal(ctx context.Context, name, statement string, params []any) error {
	p, err := s.statement(statement)
	if err == nil && name != "" && s.portals[name] != nil {
		err = pgerr.New(pgerr.DuplicateCursor, "cursor \"%s\" already exists", name)
	}
	if err == nil {
		err = s.allowed(p.utility != nil && p.utility.endsTransaction || p.empty())
	}
	if err == nil && !p.empty() {
		s.begin(false)
		err = s.rebind(p)
	}
	if q, ok := p.query(); err == nil && ok {
		err = s.plan(p, q)
	}
	if err == nil {
		p, err = s.withFields(p)
	}
	if err != nil {
		s.fail(ctx)
		return located(err, p.source())
	}
	s.newPortal(name, p, params)
	return nil
}

// withFields is a statement whose rows look as they do at this moment: those of FETCH and
// EXECUTE are of a cursor or statement that may have come after Parse (PortalStart).
func (s *Session) withFields(p *prepared) (*prepared, error) {
	if p.utility == nil || p.utility.fields == nil {
		return p, nil
	}
	fields, err := p.utility.fields(s)
	if err != nil {
		return nil, err
	}
	again := *p
	again.fields = fields
	return &again, nil
}

// empty says that the statement's text was empty.
func (p *prepared) empty() bool { return p.bound == nil && p.utility == nil && !p.late }

// query is the statement as one that is planned.
func (p *prepared) query() (*plan.Query, bool) {
	if p == nil {
		return nil, false
	}
	q, ok := p.bound.(*plan.Query)
	return q, ok
}

func (p *prepared) source() string {
	if p == nil {
		return ""
	}
	return p.stmt.Source
}

// DescribeStatement returns parameters and fields; nil fields for no rows. Where what
// was prepared does not hold any more the error comes beside the parameters.
func (s *Session) DescribeStatement(ctx context.Context, name string) ([]*types.Type, []Field, error) {
	p, err := s.statement(name)
	if err == nil && !p.empty() {
		err = s.allowed(p.utility != nil && p.utility.endsTransaction)
	}
	if err != nil {
		s.fail(ctx)
		return nil, nil, err
	}
	if err := s.rebind(p); err != nil {
		s.fail(ctx)
		return p.params, nil, located(err, p.source())
	}
	return p.params, p.fields, nil
}

// DescribePortal returns a portal's fields. 34000 for an unknown one.
func (s *Session) DescribePortal(ctx context.Context, name string) ([]Field, error) {
	po, err := s.portal(name)
	if err != nil {
		s.fail(ctx)
		return nil, err
	}
	return po.fields(), nil
}

func (s *Session) portal(name string) (*portal, error) {
	if po := s.portals[name]; po != nil {
		return po, nil
	}
	return nil, pgerr.New(pgerr.InvalidCursorName, "portal \"%s\" does not exist", name)
}

// Execute runs a portal up to max rows. more: it may not be the last statement of the
// transaction.
func (s *Session) Execute(ctx context.Context, name string, max int, more bool, out Output) error {
	s.more = more
	defer func() { s.more = false }()
	s.message = s.db.Clock.Now()
	ctx = objstore.WithMeter(ctx, s.meter)
	po, err := s.portal(name)
	if err != nil {
		s.fail(ctx)
		return err
	}
	s.running(po.source)
	defer s.rested()
	s.listen(out, po.source)
	defer s.unlisten()
	s.tellUnheard()
	if err := s.execute(ctx, po, max, out); err != nil {
		s.fail(ctx)
		return located(err, po.source)
	}
	return nil
}

func (s *Session) execute(ctx context.Context, po *portal, max int, out Output) error {
	out = checked{out, s, ctx}
	if po.p.empty() {
		return out.Empty()
	}
	if err := s.allowed(po.p.utility != nil && po.p.utility.endsTransaction); err != nil {
		return err
	}
	if po.failed {
		return errPortalDone(po.name)
	}
	if po.cursor != nil {
		return s.executeCursor(ctx, po, max, out)
	}
	if po.done {
		return s.completed(po, out)
	}
	if po.run == nil {
		r, err := s.open(ctx, po.p, po.params)
		if err != nil {
			return err
		}
		po.run = streamed(r)
	}
	if fields := po.run.Fields(); fields != nil {
		if err := out.Describe(fields); err != nil {
			return err
		}
	}
	po.active = true
	defer func() { po.active = false }()
	done, err := s.fetchPortal(ctx, po, max, &tagged{Output: out, portal: po})
	po.done, po.failed = done, err != nil
	if err != nil || s.tx == nil {
		return err
	}
	if s.tx.immediate {
		return s.Sync(ctx)
	}
	s.tx.pipelined = true
	return nil
}

// executeCursor runs a portal that SQL knows as a cursor, from where it is.
func (s *Session) executeCursor(ctx context.Context, po *portal, max int, out Output) error {
	if err := out.Describe(po.fields()); err != nil {
		return err
	}
	count := int64(fetchAll)
	if max > 0 {
		count = int64(max)
	}
	rows, err := po.cursor.run(ctx, true, count, func(b *vec.Batch) error { return po.cursor.q.give(b, out) })
	if po.failed = err != nil; err != nil {
		return err
	}
	if rows == count {
		return out.Suspended()
	}
	return out.Complete("SELECT " + strconv.FormatInt(rows, 10))
}

// completed answers a portal that has already run to its end: no more rows for
// a query, an error for what must not run twice.
func (s *Session) completed(po *portal, out Output) error {
	if po.p.fields == nil {
		return errPortalDone(po.name)
	}
	if err := out.Describe(po.p.fields); err != nil {
		return err
	}
	return out.Complete(recounted(po.tag, 0))
}

// tagged remembers the tag that a portal completed with.
type tagged struct {
	Output
	portal *portal
}

func (t *tagged) Complete(tag string) error {
	t.portal.tag = tag
	return t.Output.Complete(tag)
}

// CloseStatement forgets a prepared statement.
func (s *Session) CloseStatement(name string) { delete(s.statements, name) }

// ClosePortal forgets a portal.
func (s *Session) ClosePortal(name string) { s.closePortal(name) }
