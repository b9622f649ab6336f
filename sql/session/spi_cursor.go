package session

import (
	"context"
	"fmt"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// spiCursor implements pl.Cursor: a portal and its name.
type spiCursor struct {
	s  *Session
	po *portal
}

var _ pl.Cursor = (*spiCursor)(nil)

// Cursor implements pl.SPI.
func (x *spi) Cursor(name string) (pl.Cursor, error) {
	po, err := x.cursorPortal(name)
	if err != nil {
		return nil, err
	}
	return &spiCursor{x.Session, po}, nil
}

// Open implements pl.SPI: SPI_cursor_open.
func (x *spi) Open(ctx context.Context, name string, p pl.Plan, params []any, o pl.CursorOptions) (pl.Cursor, error) {
	sp := p.(*spiPlan)
	c, err := x.openPortal(ctx, name, sp, params, o)
	if err != nil {
		return nil, sp.errContext(err)
	}
	return c, nil
}

// OpenText implements pl.SPI.
func (x *spi) OpenText(ctx context.Context, name, text string, args []pl.Value, o pl.CursorOptions) (pl.Cursor, error) {
	p, err := x.prepareText(text, args)
	if err != nil {
		return nil, err
	}
	return x.Open(ctx, name, p, arguments(args).values(), o)
}

// unnamedPortal is GetNewPortal's name.
func (s *Session) unnamedPortal() string {
	for {
		s.portalNumber++
		if name := fmt.Sprintf("<unnamed portal %d>", s.portalNumber); s.portals[name] == nil {
			return name
		}
	}
}

func (x *spi) openPortal(ctx context.Context, name string, p *spiPlan, params []any, o pl.CursorOptions) (pl.Cursor, error) {
	if name == "" {
		name = x.unnamedPortal()
	}
	if x.portals[name] != nil {
		return nil, refusal{pgerr.New(pgerr.DuplicateCursor, "cursor \"%s\" already in use", name)}
	}
	q, err := p.cursorQuery()
	if err != nil {
		return nil, err
	}
	query := q.bound.(*plan.Query)
	if !query.ReadOnly && o.Scroll {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "DECLARE SCROLL CURSOR ...%s is not supported", query.Lock).
			WithDetail("Scrollable cursors must be READ ONLY.")
	}
	planned, err := x.optimize(query)
	if err != nil {
		return nil, err
	}
	values := append([]any(nil), params...)
	run, err := x.start(planned, q.fields, values)
	if err != nil {
		return nil, err
	}
	if err := run.begin(ctx, false, x.out); err != nil {
		return nil, run.undo(ctx, err)
	}
	scroll := o.Scroll || !o.NoScroll && bind.ScansBackward(query.Root)
	po := x.newPortal(name, q, values)
	po.source, po.scroll, po.run, po.cursor = p.text, scroll, run, newCursor(run, !scroll)
	return &spiCursor{x.Session, po}, nil
}

// cursorQuery binds the query as that of a cursor. 42P11 for what is none.
func (p *spiPlan) cursorQuery() (*prepared, error) {
	q, ok := p.p.bound.(*plan.Query)
	if !ok || q.Kind != plan.SelectQuery {
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot open %s query as cursor", p.Command())
	}
	if p.cursor != nil && p.cursor.version == p.s.catalog().Version() && p.cursor.path == p.s.bindKey() {
		return p.cursor, nil
	}
	env := p.s.bindEnv(p.declared)
	env.Variables, env.Cursor = p.vars, true
	bound, err := bind.Bind(env, p.p.stmt)
	if err != nil {
		return nil, err
	}
	c := *p.p
	c.bound, c.cursor, c.fields, c.planned = bound, true, fieldsOf(bound.(*plan.Query)), nil
	c.version, c.path = p.s.catalog().Version(), p.s.bindKey()
	p.cursor = &c
	return p.cursor, nil
}

// Name implements pl.Cursor.
func (c *spiCursor) Name() string { return c.po.name }

// Columns implements pl.Cursor.
func (c *spiCursor) Columns() []types.Column { return columnsOf(c.po.fields()) }

// Fetch implements pl.Cursor.
func (c *spiCursor) Fetch(ctx context.Context, d parser.FetchDirection, count int64, move bool) ([][]any, int64, error) {
	cur, err := c.s.openCursor(ctx, c.po)
	if err != nil {
		return nil, 0, err
	}
	var rows collected
	var to give
	if !move {
		to = func(b *vec.Batch) error { return cur.q.give(b, &rows) }
	}
	n, err := cur.fetch(ctx, d, count, to)
	c.po.failed = err != nil
	return rows.rows, n, err
}

// Close implements pl.Cursor.
func (c *spiCursor) Close() error {
	c.s.closePortal(c.po.name)
	return nil
}
