package session

import (
	"context"
	"math"
	"strconv"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// cursorScroll and cursorHold are DECLARE's option bits (parsenodes.h).
const (
	cursorScroll = 0x0002
	cursorHold   = 0x0020
)

// declareUtility runs DECLARE: a cursor is a portal that SQL can name.
func declareUtility(stmt parser.Statement, n *parser.DeclareCursorStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, params []any, out Output) error {
		if n.Options&cursorHold != 0 {
			return pgerr.Unsupported("DECLARE CURSOR WITH HOLD")
		}
		if n.Options&cursorScroll != 0 {
			return pgerr.Unsupported("DECLARE SCROLL CURSOR")
		}
		if s.tx == nil || !s.tx.block {
			return pgerr.New(pgerr.NoActiveSqlTransaction, "DECLARE CURSOR can only be used in transaction blocks")
		}
		if s.portals[n.Portalname] != nil {
			return pgerr.New(pgerr.DuplicateCursor, "cursor \"%s\" already exists", n.Portalname)
		}
		inner := stmt
		inner.Node = n.Query
		p, err := s.prepare(inner, nil)
		if err != nil {
			return err
		}
		s.portals[n.Portalname] = &portal{p: p, params: params, source: stmt.Source}
		return out.Complete("DECLARE CURSOR")
	}}
}

func (s *Session) cursor(name string) (*portal, error) {
	if po := s.portals[name]; po != nil {
		return po, nil
	}
	return nil, pgerr.New(pgerr.InvalidCursorName, "cursor \"%s\" does not exist", name)
}

// fetchUtility runs FETCH and MOVE, forward only.
func fetchUtility(n *parser.FetchStmt) *utility {
	u := &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		po, err := s.cursor(n.Portalname)
		if err != nil {
			return err
		}
		rows, err := s.fetchForward(ctx, po, n, out)
		if err != nil {
			return err
		}
		tag := "FETCH "
		if n.Ismove {
			tag = "MOVE "
		}
		return out.Complete(tag + strconv.FormatInt(rows, 10))
	}}
	if !n.Ismove {
		u.fields = func(s *Session) ([]Field, error) {
			po, err := s.cursor(n.Portalname)
			if err != nil {
				return nil, err
			}
			return po.p.fields, nil
		}
	}
	return u
}

func (s *Session) fetchForward(ctx context.Context, po *portal, n *parser.FetchStmt, out Output) (int64, error) {
	if n.Direction != parser.FetchDirection_FETCH_FORWARD || n.HowMany < 0 {
		return 0, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "cursor can only scan forward").
			WithHint("Declare it with SCROLL option to enable backward scan.")
	}
	if n.HowMany == 0 || po.done {
		return 0, nil
	}
	max := 0 // FETCH ALL
	if n.HowMany < math.MaxInt32 {
		max = int(n.HowMany)
	}
	if po.run == nil {
		r, err := s.open(ctx, po.p, po.params)
		if err != nil {
			return 0, err
		}
		po.run = r
	}
	c := &counting{Output: out, quiet: n.Ismove}
	done, err := po.run.Fetch(ctx, max, c)
	po.done = done
	return c.rows, err
}

// counting counts rows and keeps the cursor's own end to itself.
type counting struct {
	Output
	rows  int64
	quiet bool
}

func (c *counting) Complete(string) error { return nil }
func (c *counting) Suspended() error      { return nil }

// closeUtility runs CLOSE.
func closeUtility(n *parser.ClosePortalStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		if n.Portalname == "" {
			s.closePortals(true)
			return out.Complete("CLOSE CURSOR ALL")
		}
		if _, err := s.cursor(n.Portalname); err != nil {
			return err
		}
		s.closePortal(n.Portalname)
		return out.Complete("CLOSE CURSOR")
	}}
}

// Rows implements Output.
func (c *counting) Rows(b *vec.Batch) error {
	c.rows += int64(b.Rows())
	if c.quiet {
		return nil
	}
	return c.Output.Rows(b)
}
