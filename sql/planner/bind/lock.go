package bind

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
)

// lockable is a table of a query level, for FOR UPDATE.
type lockable struct {
	item *nsItem
	scan *plan.Scan
}

var lockNames = map[parser.LockClauseStrength]string{
	parser.LockClauseStrength_LCS_FORKEYSHARE:    "FOR KEY SHARE",
	parser.LockClauseStrength_LCS_FORSHARE:       "FOR SHARE",
	parser.LockClauseStrength_LCS_FORNOKEYUPDATE: "FOR NO KEY UPDATE",
	parser.LockClauseStrength_LCS_FORUPDATE:      "FOR UPDATE",
}

// lockRows is transformLockingClause: it marks the scans whose rows would be
// locked. The store has no locks that a reader could take, so that a clause
// without faults is refused: ignoring it would lose updates.
func (s *scope) lockRows(ns []*parser.Node, sel *parser.SelectStmt) {
	for _, n := range ns {
		lc := n.GetLockingClause()
		lock, pos := lockNames[lc.Strength], -1
		s.b.locks = true
		s.checkLockable(lock, sel)
		for _, r := range lc.LockedRels {
			s.lockNamed(r.GetRangeVar(), lock)
			pos = s.b.at(r.GetRangeVar().Location)
		}
		if len(lc.LockedRels) == 0 {
			s.lockAll()
		}
		unsupported(pos, "SELECT %s", lock)
	}
}

func (s *scope) lockAll() {
	for _, l := range s.lockables {
		l.scan.Lock = !l.scan.Rel.Virtual
	}
}

// checkLockable is CheckSelectLocking.
func (s *scope) checkLockable(lock string, sel *parser.SelectStmt) {
	faults := []struct {
		present bool
		what    string
	}{
		{len(sel.DistinctClause) > 0, "DISTINCT clause"},
		{len(sel.GroupClause) > 0, "GROUP BY clause"},
		{sel.HavingClause != nil, "HAVING clause"},
		{len(s.aggs) > 0, "aggregate functions"},
		{len(s.windows) > 0, "window functions"},
		{len(s.srfs) > 0, "set-returning functions in the target list"},
	}
	for _, f := range faults {
		if f.present {
			failAt(-1, pgerr.FeatureNotSupported, "%s is not allowed with %s", lock, f.what)
		}
	}
}

func (s *scope) lockNamed(rv *parser.RangeVar, lock string) {
	pos := s.b.at(rv.Location)
	if rv.Schemaname != "" || rv.Catalogname != "" {
		failAt(pos, pgerr.SyntaxError, "%s must specify unqualified relation names", lock)
	}
	for _, l := range s.lockables {
		if l.item.name == rv.Relname {
			l.scan.Lock = !l.scan.Rel.Virtual
			return
		}
	}
	for _, it := range s.all {
		if it.name == rv.Relname {
			return
		}
	}
	failAt(pos, pgerr.UndefinedTable, "relation \"%s\" in %s clause not found in FROM clause", rv.Relname, lock)
}
