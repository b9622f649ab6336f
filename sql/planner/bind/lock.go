package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/parser"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// lockable is a table of a query level, for FOR UPDATE.
type lockable struct {
	item *nsItem
	scan *plan.Scan
	// secured, if not nil, keeps the rows that policies show.
	secured *plan.Filter
}

var lockNames = map[parser.LockClauseStrength]string{
	parser.LockClauseStrength_LCS_FORKEYSHARE:    "FOR KEY SHARE",
	parser.LockClauseStrength_LCS_FORSHARE:       "FOR SHARE",
	parser.LockClauseStrength_LCS_FORNOKEYUPDATE: "FOR NO KEY UPDATE",
	parser.LockClauseStrength_LCS_FORUPDATE:      "FOR UPDATE",
}

var lockStrengths = map[parser.LockClauseStrength]plan.LockStrength{
	parser.LockClauseStrength_LCS_FORKEYSHARE:    plan.LockForKeyShare,
	parser.LockClauseStrength_LCS_FORSHARE:       plan.LockForShare,
	parser.LockClauseStrength_LCS_FORNOKEYUPDATE: plan.LockForNoKeyUpdate,
	parser.LockClauseStrength_LCS_FORUPDATE:      plan.LockForUpdate,
}

var lockPolicies = map[parser.LockWaitPolicy]plan.LockWait{
	parser.LockWaitPolicy_LockWaitSkip:  plan.LockWaitSkip,
	parser.LockWaitPolicy_LockWaitError: plan.LockWaitError,
}

// lockMode is how a table's rows are locked: of several clauses the strongest counts,
// and the policy that waits least (applyLockingClause).
type lockMode struct {
	strength plan.LockStrength
	wait     plan.LockWait
}

type lockModes map[*lockable]lockMode

func (m lockModes) add(l *lockable, lc *parser.LockingClause) {
	old := m[l]
	m[l] = lockMode{max(old.strength, lockStrengths[lc.Strength]), max(old.wait, lockPolicies[lc.WaitPolicy])}
}

// lockRows is transformLockingClause. The rows come under the conflict check of the
// transaction's commit too, all strengths alike.
func (q *selection) lockRows(sel *parser.SelectStmt) {
	locked := lockModes{}
	for _, n := range sel.LockingClause {
		lc := n.GetLockingClause()
		lock := lockNames[lc.Strength]
		q.b.lock = lock
		q.checkLockable(lock, sel)
		for _, r := range lc.LockedRels {
			q.lockNamed(r.GetRangeVar(), lc, locked)
		}
		if len(lc.LockedRels) == 0 {
			q.lockAll(lc, locked)
		}
	}
	for _, l := range q.lockables {
		mode, ok := locked[l]
		if e := l.item.needs; ok && e != nil {
			e.required |= catalog.ACLUpdate
			e.rowShare = true
			q.secureLocked(l)
		}
		if ok && !l.scan.Rel.Virtual {
			q.addLock(l.scan, mode)
		}
	}
}

// addLock reads the row's identity along with it, as junk columns.
func (q *selection) addLock(scan *plan.Scan, mode lockMode) {
	r := lockTarget{scan: scan, mode: mode}
	nums := []int16{catalog.ColRowID, catalog.ColETag}
	if len(scan.Members) > 0 {
		nums = append(nums, catalog.ColTableOID)
	}
	for _, num := range nums {
		col := q.b.outputCol("", q.b.typ(lockTypes[num]), -1)
		col.Relation, col.Num = scan.Rel.OID, num
		scan.Cols, scan.Nums = append(scan.Cols, col), append(scan.Nums, num)
		if num == catalog.ColRowID {
			r.row = col.ID
		}
		t := &target{expr: colExpr(col, -1), junk: true}
		q.targets = append(q.targets, t)
		r.cols = append(r.cols, t)
	}
	q.locks = append(q.locks, r)
}

// lockTypes are the columns that identify a row.
var lockTypes = map[int16]types.OID{catalog.ColRowID: types.TextOID, catalog.ColETag: types.TextOID, catalog.ColTableOID: types.OidOID}

// lockTarget is a table whose rows the SELECT locks, and their ids, ETags and, of a
// tree, tables.
type lockTarget struct {
	scan *plan.Scan
	mode lockMode
	row  plan.ColumnID
	cols []*target
}

// lockNode stands below LIMIT: rows that are skipped, because others have locked them,
// are not counted. It gives rows one by one, so that no more are locked than counted.
func (q *selection) lockNode() {
	if len(q.locks) == 0 {
		return
	}
	n := &plan.LockRows{Input: q.node}
	for _, l := range q.locks {
		es := targetColumns(l.cols)
		r := plan.LockedRel{OID: l.scan.Rel.OID, Name: l.scan.Rel.Name, ID: es[0], ETag: es[1], Members: oidsOf(l.scan.Members),
			Row: l.row, Strength: l.mode.strength, Wait: l.mode.wait}
		if r.Members != nil {
			r.TableOID = es[2]
		}
		n.Rels = append(n.Rels, r)
	}
	q.node = n
}

func oidsOf(rels []*catalog.Relation) []types.OID {
	var out []types.OID
	for _, rel := range rels {
		out = append(out, rel.OID)
	}
	return out
}

func (q *selection) lockAll(lc *parser.LockingClause, locked lockModes) {
	for _, it := range q.all {
		it.checkNullable(lockNames[lc.Strength])
	}
	for _, l := range q.lockables {
		locked.add(l, lc)
	}
}

// checkNullable: a row that isn't there can't be locked (make_outerjoininfo).
func (it *nsItem) checkNullable(lock string) {
	if it.nullable && it.unlockable == "" {
		failAt(-1, pgerr.FeatureNotSupported, "%s cannot be applied to the nullable side of an outer join", lock)
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

func (q *selection) lockNamed(rv *parser.RangeVar, lc *parser.LockingClause, locked lockModes) {
	lock := lockNames[lc.Strength]
	pos := q.b.at(rv.Location)
	if rv.Schemaname != "" || rv.Catalogname != "" {
		failAt(pos, pgerr.SyntaxError, "%s must specify unqualified relation names", lock)
	}
	items := slices.Concat(q.all, q.items) // joins are in the namespace only
	i := slices.IndexFunc(items, func(it *nsItem) bool { return it.name == rv.Relname })
	if i < 0 {
		failAt(pos, pgerr.UndefinedTable, "relation \"%s\" in %s clause not found in FROM clause", rv.Relname, lock)
	}
	it := items[i]
	if it.unlockable != "" {
		failAt(pos, pgerr.FeatureNotSupported, "%s cannot be applied to %s", lock, it.unlockable)
	}
	it.checkNullable(lock)
	for _, l := range q.lockables {
		if l.item == it {
			locked.add(l, lc)
		}
	}
}

// lockedQuery is a subquery of FROM, or a view's, with the locking clauses that
// concern it.
func (s *scope) lockedQuery(n *parser.Node, name string) *parser.Node {
	sel := n.GetSelectStmt()
	if sel == nil || len(sel.ValuesLists) > 0 {
		return n
	}
	var pushed []*parser.Node
	for _, c := range s.locking {
		lc := c.GetLockingClause()
		names := func(r *parser.Node) bool { return r.GetRangeVar().GetRelname() == name }
		if len(lc.LockedRels) == 0 || slices.ContainsFunc(lc.LockedRels, names) {
			pushed = append(pushed, &parser.Node{Node: &parser.Node_LockingClause{
				LockingClause: &parser.LockingClause{Strength: lc.Strength, WaitPolicy: lc.WaitPolicy}}})
		}
	}
	if pushed == nil {
		return n
	}
	inner := parser.Clone(sel)
	inner.LockingClause = append(inner.LockingClause, pushed...)
	return &parser.Node{Node: &parser.Node_SelectStmt{SelectStmt: inner}}
}
