package txn

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Tx is one transaction. It is used by one statement at a time.
type Tx struct {
	base      storage.Tables
	shared    *Shared
	isolation Isolation
	reads     *reads      // nil at READ COMMITTED
	owner     *lock.Owner // of its locks of rows; nil for none
	database  types.OID
	// immediate: writes go to the store at once and are undone on failure
	// (autocommit and implicit transactions). Otherwise they wait for Commit.
	immediate bool
	tables    map[types.OID]*writeSet
	order     []types.OID // of first write
	log       []applied   // immediate writes, for Undo
	logged    int64       // bytes of the old rows that were announced
	lately    []rowKey    // changed rows that the log does not have
	undos     undoLog
	locked    map[types.OID]lockedRows
	locks     []lockedRow // what locked holds, for RollbackTo
	budget    budget
	// unit makes what is written one. wrote: something was written.
	unit  storage.Unit
	wrote bool
	// torn: not all could be taken back that was to be; the unit does it when it ends.
	torn bool
	// sole: the statement that runs is all of the transaction.
	sole bool
}

// applied is one Apply call that reached the store. Where the record of its unit can take
// it back nothing else of it is remembered.
type applied struct {
	oid     types.OID
	table   storage.Table
	changes []storage.Change
	results []storage.Result
	// inserted, if not nil, is all that is remembered of inserted rows.
	inserted *inserted
	// undone, if not nil, has changes and results in a file.
	undone *undone
	unit   storage.Unit
	span   storage.Span
}

func (a applied) undo(ctx context.Context) error {
	switch {
	case a.unit != nil:
		return a.unit.Undo(ctx, a.span)
	case a.inserted != nil:
		return a.inserted.undo(ctx, a.table)
	case a.undone != nil:
		return a.undone.undo(ctx, a.table)
	}
	return a.table.Undo(ctx, a.changes, a.results)
}

// Begin starts a transaction over the tables of one catalog snapshot.
func (s *Shared) Begin(base storage.Tables, immediate bool) *Tx {
	return &Tx{base: base, shared: s, immediate: immediate}
}

// Bound makes new rows of a block go to a file in dir once those in memory take more
// than limit bytes, until Close.
func (t *Tx) Bound(dir string, limit int64) { t.budget.dir, t.budget.limit = dir, limit }

// Close frees what the transaction has on disk: nothing reads its rows any more.
func (t *Tx) Close() {
	for _, w := range t.tables {
		w.cold.close()
	}
	if t.undos.file != nil {
		t.undos.file.close()
	}
}

// Sole says whether the statement that comes is all of the transaction: then a single
// row of it, written at once, needs no unit.
func (t *Tx) Sole(is bool) { t.sole = is }

// Changed says whether the transaction has written rows, or has some that wait for
// COMMIT.
func (t *Tx) Changed() bool {
	for _, w := range t.tables {
		if w.changed() {
			return true
		}
	}
	return t.wrote
}

// Rebase lets later statements see tables that the transaction's own DDL made.
func (t *Tx) Rebase(base storage.Tables) { t.base = base }

// Forget drops the writes to a table that the transaction drops.
func (t *Tx) Forget(oid types.OID) {
	if w := t.tables[oid]; w != nil {
		w.restore(state{})
	}
	delete(t.locked, oid)
}

// Buffer makes later writes wait for Commit: BEGIN after statements of the same
// message. What was written before stays undoable.
func (t *Tx) Buffer() { t.immediate = false }

// Isolate sets the isolation level, before the first statement reads. Above READ
// COMMITTED writes wait for Commit, whose conflicts are 40001.
func (t *Tx) Isolate(level Isolation) {
	t.isolation = level
	if level > ReadCommitted {
		t.reads = &reads{}
		t.Buffer()
	}
}

// Buffered says whether writes wait for Commit: conflicts are then 40001, not
// retried.
func (t *Tx) Buffered() bool { return !t.immediate }

// Table implements storage.Tables: the table with this transaction's writes
// over it, those after this call too.
func (t *Tx) Table(oid types.OID) (storage.Table, error) {
	base, err := t.open(oid)
	if err != nil {
		return nil, err
	}
	return t.lay(oid, base, t.over(oid, base)), nil
}

// lay is a table with the transaction's writes over it; its reads go to read.
func (t *Tx) lay(oid types.OID, base, read storage.Table) storage.Table {
	if t.immediate && t.tables[oid] == nil {
		return read
	}
	return &overlay{Table: read, writes: t.writeSet(oid, base)}
}

// Planning are the transaction's tables for a planner, whose reads are no part of the
// transaction's.
func (t *Tx) Planning() storage.Tables { return planning{t} }

type planning struct{ *Tx }

func (p planning) Table(oid types.OID) (storage.Table, error) {
	base, err := p.base.Table(oid)
	if err != nil {
		return nil, err
	}
	return p.lay(oid, base, base), nil
}

// Write applies or buffers changes that Validate has completed. all: the statement
// writes nothing else.
func (t *Tx) Write(ctx context.Context, oid types.OID, changes []storage.Change, all bool) ([]storage.Result, error) {
	base, err := t.open(oid)
	if err != nil {
		return nil, err
	}
	if t.immediate && waits(base) {
		t.Buffer()
	}
	if !t.immediate {
		return t.buffer(ctx, oid, base, changes)
	}
	parts := []part{{oid: oid, table: base, changes: changes}}
	if !t.sole || !all || len(changes) > 1 || t.wrote {
		if err := t.unite(ctx, parts); err != nil {
			return nil, err
		}
	}
	defer t.shared.hold(map[types.OID]bool{oid: false})()
	return t.apply(ctx, parts[0])
}

// apply writes to the store.
func (t *Tx) apply(ctx context.Context, p part) ([]storage.Result, error) {
	table, err := t.open(p.oid)
	if err != nil {
		return nil, err
	}
	results := table.Apply(ctx, p.changes)
	t.wrote = t.wrote || slices.ContainsFunc(results, func(r storage.Result) bool { return r.Outcome == storage.Applied })
	t.shared.history.record(t, p.oid, p.changes, results)
	t.remember(p, table, results)
	return results, nil
}

// remember logs what was applied, for undo.
func (t *Tx) remember(p part, table storage.Table, results []storage.Result) {
	switch {
	case p.recorded:
		t.changedLately(p)
	case allInserts(p.changes):
		t.log = append(t.log, applied{oid: p.oid, table: table, inserted: newInserted(results)})
	default:
		t.log = append(t.log, t.keepUndo(p, table, results))
	}
}

// changedLately notes changed rows, as many as the history has.
func (t *Tx) changedLately(p part) {
	for _, ch := range p.changes {
		if ch.Op != storage.Insert && len(t.lately) < maxHistory {
			t.lately = append(t.lately, rowKey{p.oid, ch.ID})
		}
	}
}

func (t *Tx) buffer(ctx context.Context, oid types.OID, base storage.Table, changes []storage.Change) ([]storage.Result, error) {
	w := t.writeSet(oid, base)
	next := w.previews(changes)
	taken, err := w.taken(ctx, changes, next)
	if err != nil {
		return nil, err
	}
	results := make([]storage.Result, len(changes))
	for i, ch := range changes {
		results[i] = w.add(ch, next[i], taken)
	}
	return results, nil
}

// Truncate takes all rows of a table away, for the transaction's own statements
// now and for others at COMMIT: the rows that are there then are deleted one by one,
// so that they can be put back where the rest of COMMIT fails.
func (t *Tx) Truncate(oid types.OID) error {
	base, err := t.base.Table(oid)
	if err != nil {
		return err
	}
	t.Buffer()
	t.writeSet(oid, base).truncate()
	return nil
}

// Truncations is how often the transaction has truncated a table.
func (t *Tx) Truncations(oid types.OID) int {
	if w := t.tables[oid]; w != nil {
		return w.truncations
	}
	return 0
}

// writeSet is the table's write set, made where there is none. Its base is the
// table as the transaction's own DDL has left it.
func (t *Tx) writeSet(oid types.OID, base storage.Table) *writeSet {
	w := t.tables[oid]
	if w == nil {
		if t.tables == nil {
			t.tables = map[types.OID]*writeSet{}
		}
		w = newWriteSet(base, &t.budget)
		t.tables[oid] = w
		t.order = append(t.order, oid)
	}
	w.base = base
	return w
}

// Savepoint is a place to come back to.
type Savepoint struct {
	log    int
	locks  int
	tables map[types.OID]state
}

// Truncations is how often the transaction had truncated a table by then.
func (s Savepoint) Truncations(oid types.OID) int { return s.tables[oid].truncations }

// Save marks the present state: the start of a statement, or SAVEPOINT.
func (t *Tx) Save() Savepoint {
	s := Savepoint{log: len(t.log), locks: len(t.locks)}
	if len(t.tables) > 0 {
		s.tables = make(map[types.OID]state, len(t.tables))
		for oid, w := range t.tables {
			s.tables[oid] = w.snapshot()
		}
	}
	return s
}

// RollbackTo drops the writes and the locks since s. Immediate ones are undone in the store,
// with a context of its own: an undo must not be cancelled with its statement.
func (t *Tx) RollbackTo(ctx context.Context, s Savepoint) error {
	tables := map[types.OID]bool{}
	for _, a := range t.log[s.log:] {
		tables[a.oid] = false
	}
	defer t.shared.hold(tables)()
	return t.rollbackTo(ctx, s)
}

// rollbackTo is RollbackTo for who holds the latches of what was written.
func (t *Tx) rollbackTo(ctx context.Context, s Savepoint) error {
	for oid, w := range t.tables {
		w.restore(s.tables[oid])
	}
	var first error
	for i := len(t.log) - 1; i >= s.log; i-- {
		a := t.log[i]
		if err := a.undo(context.WithoutCancel(ctx)); err != nil && first == nil {
			first = err
		}
	}
	t.log = t.log[:s.log]
	t.torn = t.torn || first != nil
	t.unlock(s.locks)
	return first
}

// Rollback drops everything.
func (t *Tx) Rollback(ctx context.Context) error {
	return t.endUnit(ctx, t.RollbackTo(ctx, Savepoint{}))
}
