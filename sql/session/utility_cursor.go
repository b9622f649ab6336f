package session

import (
	"context"
	"slices"
	"strconv"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/planner/bind"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// DECLARE's option bits (parsenodes.h).
const (
	cursorBinary      = 0x0001
	cursorScroll      = 0x0002
	cursorNoScroll    = 0x0004
	cursorInsensitive = 0x0008
	cursorAsensitive  = 0x0010
	cursorHold        = 0x0020
)

// declareUtility runs DECLARE: a cursor is a portal that SQL can name.
func declareUtility(stmt parser.Statement, n *parser.DeclareCursorStmt) *utility {
	var declared []types.OID
	var within *bind.Body
	return &utility{
		within: func(body *bind.Body) { within = body },
		params: func(s *Session, given []types.OID) ([]*types.Type, error) {
			p, err := s.cursorQuery(stmt, n, given, within)
			if err != nil {
				return nil, err
			}
			declared = oidsOf(p.params)
			return p.params, nil
		},
		run: func(ctx context.Context, s *Session, params []any, out Output) error {
			p, err := s.cursorQuery(stmt, n, declared, within)
			if err != nil {
				return err
			}
			if err := s.declare(ctx, p, n, params, out); err != nil {
				return err
			}
			return out.Complete("DECLARE CURSOR")
		},
	}
}

// declare is transformDeclareCursorStmt and PerformCursorOpen. The query begins
// now: it sees what the transaction has written up to here.
func (s *Session) declare(ctx context.Context, p *prepared, n *parser.DeclareCursorStmt, params []any, out Output) error {
	hold := n.Options&cursorHold != 0
	switch {
	case n.Portalname == "":
		return pgerr.New(pgerr.InvalidCursorName, "invalid cursor name: must not be empty")
	case !hold && !s.inBlock():
		return pgerr.New(pgerr.NoActiveSqlTransaction, "DECLARE CURSOR can only be used in transaction blocks")
	case s.portals[n.Portalname] != nil:
		return pgerr.New(pgerr.DuplicateCursor, "cursor \"%s\" already exists", n.Portalname)
	}
	scroll := n.Options&cursorScroll != 0 || n.Options&cursorNoScroll == 0 && bind.ScansBackward(p.bound.(*plan.Query).Root)
	r, err := s.open(ctx, p, params)
	if err != nil {
		return err
	}
	q := r.(*queryRun)
	if err := q.begin(ctx, false, out); err != nil {
		return q.undo(ctx, err)
	}
	po := s.newPortal(n.Portalname, p, params)
	po.source, po.hold, po.scroll, po.binary = p.stmt.Source, hold, scroll, n.Options&cursorBinary != 0
	po.run, po.cursor = r, newCursor(q, !scroll)
	return nil
}

// cursorQuery checks DECLARE's options and binds its query, whose parameters have
// the declared types, or are those of the function within which it stands.
func (s *Session) cursorQuery(stmt parser.Statement, n *parser.DeclareCursorStmt, declared []types.OID, within *bind.Body) (*prepared, error) {
	both := func(a, b int32) bool { return n.Options&a != 0 && n.Options&b != 0 }
	switch {
	case both(cursorScroll, cursorNoScroll):
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot specify both %s and %s", "SCROLL", "NO SCROLL")
	case both(cursorAsensitive, cursorInsensitive):
		return nil, pgerr.New(pgerr.InvalidCursorDefinition, "cannot specify both %s and %s", "ASENSITIVE", "INSENSITIVE")
	case modifiesInWith(n.Query.GetSelectStmt()):
		return nil, pgerr.New(pgerr.FeatureNotSupported, "DECLARE CURSOR must not contain data-modifying statements in WITH")
	}
	stmt.Node = n.Query
	p := &prepared{stmt: stmt, cursor: true, declared: declared, within: within}
	if err := s.bind(p); err != nil {
		return nil, err
	}
	return p, checkLockingCursor(n.Options, p.bound.(*plan.Query).Lock)
}

// checkLockingCursor refuses what can't be had of a cursor FOR UPDATE; lock is
// the clause with a space before it.
func checkLockingCursor(options int32, lock string) error {
	switch {
	case lock == "":
		return nil
	case options&cursorHold != 0:
		return pgerr.New(pgerr.FeatureNotSupported, "DECLARE CURSOR WITH HOLD ...%s is not supported", lock).
			WithDetail("Holdable cursors must be READ ONLY.")
	case options&cursorScroll != 0:
		return pgerr.New(pgerr.FeatureNotSupported, "DECLARE SCROLL CURSOR ...%s is not supported", lock).
			WithDetail("Scrollable cursors must be READ ONLY.")
	case options&cursorInsensitive != 0:
		return pgerr.New(pgerr.InvalidCursorDefinition, "DECLARE INSENSITIVE CURSOR ...%s is not valid", lock).
			WithDetail("Insensitive cursors must be READ ONLY.")
	}
	return nil
}

func modifiesInWith(sel *parser.SelectStmt) bool {
	for _, n := range sel.GetWithClause().GetCtes() {
		if n.GetCommonTableExpr().Ctequery.GetSelectStmt() == nil {
			return true
		}
	}
	return false
}

func (s *Session) cursorPortal(name string) (*portal, error) {
	if po := s.portals[name]; po != nil {
		return po, nil
	}
	return nil, pgerr.New(pgerr.InvalidCursorName, "cursor \"%s\" does not exist", name)
}

// fetchUtility runs FETCH and MOVE.
func fetchUtility(n *parser.FetchStmt) *utility {
	u := &utility{run: func(ctx context.Context, s *Session, _ []any, out Output) error {
		rows, err := s.fetchCursor(ctx, n, out)
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
			if po := s.portals[n.Portalname]; po != nil {
				return po.fields(), nil
			}
			return nil, nil
		}
	}
	return u
}

func (s *Session) fetchCursor(ctx context.Context, n *parser.FetchStmt, out Output) (int64, error) {
	po, err := s.cursorPortal(n.Portalname)
	if err != nil {
		return 0, err
	}
	c, err := s.openCursor(ctx, po)
	if err != nil {
		return 0, err
	}
	var to give
	if !n.Ismove {
		to = func(b *vec.Batch) error { return c.q.give(b, out) }
	}
	rows, err := c.fetch(ctx, n.Direction, n.HowMany, to)
	po.failed = err != nil
	return rows, err
}

// openCursor is a portal's cursor; the portal may be one of the protocol's.
func (s *Session) openCursor(ctx context.Context, po *portal) (*cursor, error) {
	if po.failed {
		return nil, errPortalDone(po.name)
	}
	if po.cursor != nil {
		return po.cursor, nil
	}
	if po.run == nil {
		r, err := s.open(ctx, po.p, po.params)
		if err != nil {
			return nil, err
		}
		po.run = r
	}
	q, ok := po.run.(*queryRun)
	if !ok || q.q.Kind != plan.SelectQuery {
		return nil, pgerr.Unsupported("FETCH from a portal that is not of a SELECT")
	}
	po.cursor = newCursor(q, true)
	return po.cursor, nil
}

// currentOf finds the row of rel that a cursor is on (execCurrentOf): "" if its row is
// of another table of a tree.
func (s *Session) currentOf(name string, rel *catalog.Relation) (string, error) {
	po, err := s.cursorPortal(name)
	if err != nil {
		return "", err
	}
	invalid := func(format string, args ...any) error { return pgerr.New(pgerr.InvalidCursorState, format, args...) }
	c := po.cursor
	switch {
	case c == nil:
		return "", invalid("cursor \"%s\" is not a SELECT query", name)
	case po.held || po.failed: // there is no running query
		return "", invalid("cursor \"%s\" is held from a previous transaction", name)
	}
	q := c.q.q
	rows := slices.DeleteFunc(slices.Clone(q.Cursor), func(r plan.CursorRow) bool { return r.Relation != rel.OID && !slices.Contains(r.Members, rel.OID) })
	switch {
	case len(rows) == 0 && q.Lock != "":
		return "", invalid("cursor \"%s\" does not have a FOR UPDATE/SHARE reference to table \"%s\"", name, rel.Name)
	case len(rows) == 0:
		return "", invalid("cursor \"%s\" is not a simply updatable scan of table \"%s\"", name, rel.Name)
	case len(rows) > 1:
		return "", invalid("cursor \"%s\" has multiple FOR UPDATE/SHARE references to table \"%s\"", name, rel.Name)
	case c.atStart || c.atEnd:
		return "", invalid("cursor \"%s\" is not positioned on a row", name)
	}
	return c.currentRow(s.ctx, rows[0], rel)
}

// closeUtility runs CLOSE.
func closeUtility(n *parser.ClosePortalStmt) *utility {
	return &utility{run: func(_ context.Context, s *Session, _ []any, out Output) error {
		if n.Portalname == "" {
			s.closePortals(true)
			return out.Complete("CLOSE CURSOR ALL")
		}
		if _, err := s.cursorPortal(n.Portalname); err != nil {
			return err
		}
		s.closePortal(n.Portalname)
		return out.Complete("CLOSE CURSOR")
	}}
}
