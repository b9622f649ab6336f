package txn

import (
	"cmp"
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
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
	locked    map[types.OID]lockedRows
	locks     []lockedRow // what locked holds, for RollbackTo
	budget    budget
}

// applied is one Apply call that reached the store.
type applied struct {
	oid     types.OID
	table   storage.Table
	changes []storage.Change
	results []storage.Result
	// inserted, if not nil, is all that is remembered of inserted rows.
	inserted *inserted
}

func (a applied) undo(ctx context.Context) error {
	if a.inserted != nil {
		return a.inserted.undo(ctx, a.table)
	}
	return a.table.Undo(ctx, a.changes, a.results)
}

// Begin starts a transaction over the tables of one catalog snapshot.
func (s *Shared) Begin(base storage.Tables, immediate bool) *Tx {
	return &Tx{base: base, shared: s, immediate: immediate, tables: map[types.OID]*writeSet{}, locked: map[types.OID]lockedRows{}}
}

// Bound makes new rows of a block go to a file in dir once those in memory take more
// than limit bytes, until Close.
func (t *Tx) Bound(dir string, limit int64) { t.budget.dir, t.budget.limit = dir, limit }

// Close frees what the transaction has on disk: nothing reads its rows any more.
func (t *Tx) Close() {
	for _, w := range t.tables {
		w.cold.close()
	}
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
	base, err := t.base.Table(oid)
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

// Write applies or buffers changes that Validate has completed.
func (t *Tx) Write(ctx context.Context, oid types.OID, changes []storage.Change) ([]storage.Result, error) {
	base, err := t.base.Table(oid)
	if err != nil {
		return nil, err
	}
	if t.immediate && waits(base) {
		t.Buffer()
	}
	if t.immediate {
		defer t.shared.hold(map[types.OID]bool{oid: false})()
		results := base.Apply(ctx, changes)
		t.shared.history.record(t, oid, changes, results)
		t.remember(oid, base, changes, results)
		return results, nil
	}
	return t.buffer(ctx, oid, base, changes)
}

// remember logs what was applied, for undo.
func (t *Tx) remember(oid types.OID, table storage.Table, changes []storage.Change, results []storage.Result) {
	if allInserts(changes) {
		t.log = append(t.log, applied{oid: oid, table: table, inserted: newInserted(results)})
		return
	}
	t.log = append(t.log, applied{oid: oid, table: table, changes: changes, results: results})
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
	t.unlock(s.locks)
	return first
}

// Rollback drops everything.
func (t *Tx) Rollback(ctx context.Context) error { return t.RollbackTo(ctx, Savepoint{}) }

// Commit writes what is buffered. Until the Tx is dropped, Rollback still takes
// it back: the catalog commits after the rows, and may fail. On failure nothing is left written, as far as
// the store allows, and the error says why: 40001 for a row that another writer
// changed, or for reads that are not the state of one moment; 23505 for a key that
// another writer took.
func (t *Tx) Commit(ctx context.Context) error {
	if err := cmp.Or(t.CheckReads(ctx), t.reads.failed()); err != nil {
		return err
	}
	defer t.shared.hold(t.committing())()
	if err := t.checkBefore(ctx); err != nil {
		return err
	}
	mine := t.ownRows()
	for _, oid := range t.order {
		if err := t.commitTable(ctx, oid); err != nil {
			return t.takeBack(ctx, err)
		}
	}
	if err := t.verifyLocked(ctx); err != nil {
		return t.takeBack(ctx, err)
	}
	if err := t.checkAfter(ctx, mine); err != nil {
		return t.takeBack(ctx, err)
	}
	return nil
}

// commitTable writes what is buffered for one table.
func (t *Tx) commitTable(ctx context.Context, oid types.OID) error {
	w := t.tables[oid]
	if !w.changed() {
		return nil
	}
	// Opened again: the transaction's own DDL may have added an index since.
	table, err := t.base.Table(oid)
	if err != nil {
		return err
	}
	pieces, err := w.changesTo(ctx, table)
	if err != nil {
		return err
	}
	for piece, err := range pieces {
		if err != nil {
			return err
		}
		if t.locked[oid].overtaken(piece) {
			return SerializationFailure()
		}
		results := table.Apply(ctx, piece)
		t.shared.history.record(t, oid, piece, results)
		t.remember(oid, table, piece, results)
		if err := commitError(results); err != nil {
			return err
		}
	}
	w.restore(state{})
	return nil
}

// committing are the tables whose latches a COMMIT holds.
func (t *Tx) committing() map[types.OID]bool {
	out := map[types.OID]bool{}
	for oid, w := range t.tables {
		if w.changed() {
			out[oid] = false
		}
	}
	if t.isolation == Serializable && len(out) > 0 {
		for oid := range t.reads.counted() {
			out[oid] = true
		}
	}
	return out
}

// takeBack undoes what a failed COMMIT has written and returns why it failed.
func (t *Tx) takeBack(ctx context.Context, cause error) error {
	if undo := t.rollbackTo(ctx, Savepoint{}); undo != nil {
		return pgerr.New(pgerr.TransactionResolutionUnknown,
			"transaction could not be committed, nor taken back in full").WithDetail("%v; %v", cause, undo)
	}
	return cause
}

func commitError(results []storage.Result) error {
	for _, r := range results {
		switch r.Outcome {
		case storage.Applied:
			continue
		case storage.Conflict:
			return SerializationFailure()
		}
		if r.Err != nil {
			return r.Err
		}
		return SerializationFailure()
	}
	return nil
}

// SerializationFailure is PostgreSQL's 40001.
func SerializationFailure() *pgerr.Error {
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update")
}
