package session

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// portal is a statement with its parameters, and its run once started: what
// Bind makes, and DECLARE. Both share one space of names.
type portal struct {
	name    string
	p       *prepared
	params  []any
	source  string // the text it came from, for positions
	created time.Time
	run     run
	// store has the rows that the run gave before the client wanted them.
	store *portalStore
	// cursor is the run as a place among rows: of DECLARE, or after FETCH.
	cursor *cursor
	done   bool
	tag    string
	failed bool // in the middle of a fetch
	active bool // it is being run: a procedure in it may end the transaction

	hold, scroll, binary bool
	// held: its transaction has committed; its rows are its own.
	held bool
	// level is how many savepoints were open when it was made.
	level int
}

// newPortal makes a portal of that name; one that has it is closed.
func (s *Session) newPortal(name string, p *prepared, params []any) *portal {
	s.closePortal(name)
	po := &portal{name: name, p: p, params: params, source: p.source(), created: s.moment()}
	if s.tx != nil {
		po.level = len(s.tx.saves)
	}
	s.portals[name] = po
	return po
}

// isRead says whether a cursor is open over a table.
func (s *Session) isRead(oid types.OID) bool {
	for _, po := range s.portals {
		q, _ := po.run.(*queryRun)
		if po.cursor != nil {
			q = po.cursor.q
		}
		if q != nil && !q.done && !po.held && reads(q.q, oid) {
			return true
		}
	}
	return false
}

func reads(q *plan.Query, oid types.OID) bool {
	found := false
	plan.WalkNodes(q.Root, func(n plan.Node) bool {
		scan, ok := n.(*plan.TableScan)
		found = found || ok && scan.Rel.OID == oid
		return !found
	})
	return found
}

// fields describe the portal's rows, in binary if DECLARE BINARY said so.
func (po *portal) fields() []Field {
	if !po.binary {
		return po.p.fields
	}
	fields := append([]Field(nil), po.p.fields...)
	for i := range fields {
		fields[i].Binary = true
	}
	return fields
}

func (s *Session) closePortal(name string) {
	po := s.portals[name]
	if po == nil {
		return
	}
	delete(s.portals, name)
	if po.store != nil {
		po.store.rows.Close()
	}
	switch {
	case po.cursor != nil:
		po.cursor.close()
	case po.run != nil:
		_ = po.run.Close() // it only releases; its statement has said what went wrong
	}
}

// closePortals ends the portals of a transaction; held cursors stay unless all.
func (s *Session) closePortals(all bool) {
	for name, po := range s.portals {
		if !po.active && (all || !po.held) {
			s.closePortal(name)
		}
	}
}

// abortPortals closes the portals made at that level of savepoints or deeper
// (AtSubAbort_Portals).
func (s *Session) abortPortals(level int) {
	for name, po := range s.portals {
		if !po.held && po.level >= level {
			s.closePortal(name)
		}
	}
}

// holdPortals makes the cursors WITH HOLD outlive the transaction that commits
// (PreCommit_Portals).
func (s *Session) holdPortals(ctx context.Context) error {
	for _, po := range s.portals {
		if !po.hold || po.held {
			continue
		}
		if err := po.cursor.persist(ctx); err != nil {
			return err
		}
		po.held = true
	}
	return nil
}

// errPortalDone is 55000 for a portal that can't be run again.
func errPortalDone(name string) error {
	return pgerr.New(pgerr.ObjectNotInPrerequisiteState, "portal \"%s\" cannot be run", name)
}
