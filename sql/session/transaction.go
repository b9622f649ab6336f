package session

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Status is the transaction state as ReadyForQuery shows it.
type Status byte

// The states.
const (
	Idle   Status = 'I'
	Block  Status = 'T'
	Failed Status = 'E'
)

// transaction is an open transaction: a block (BEGIN … COMMIT), or an implicit
// one around the statements of a message.
type transaction struct {
	db *Database
	// s is the session that it is of.
	s      *Session
	block  bool
	failed bool
	// pipelined: an Execute has completed in it, which awaits its Sync. immediate: what
	// can't be taken back has run, and is not to wait for that.
	pipelined, immediate bool
	readOnly             bool
	// isolation is the level since the first query, which is when queried is set: then
	// it can't be changed any more (FirstSnapshotSet).
	isolation txn.Isolation
	queried   bool
	start     time.Time
	id        types.XID8      // 0 for none yet
	seen      *types.Snapshot // what its statement sees
	writes    *txn.Tx
	ddl       catalog.Tx // nil until the first DDL
	snapshot  catalog.Reader
	saves     []savepoint
	settings  int // mark of the session's settings at the start
	// after runs when the transaction has committed: the objects of dropped
	// tables go last.
	after []func(ctx context.Context) error
	// unbuilt are the indexes to be made when the rows are written.
	unbuilt []types.OID
	// deferred are the foreign key checks to be made at COMMIT.
	deferred []*exec.ForeignCheck
	// triggers are the firings that wait for COMMIT; the list is replaced, never
	// changed, so that a savepoint keeps it.
	triggers []*exec.AfterEvent
	// openedBy are the passphrases that its tables were opened by.
	openedBy Passphrases
	// constraints is what SET CONSTRAINTS said, nil for nothing.
	constraints *constraintModes
	// locks is the session's owner of locks, database the one they are in.
	locks    *lock.Owner
	database types.OID
	// notes and listens are what NOTIFY and LISTEN said.
	notes   []notification
	noted   map[notification]bool // notes, once they are many
	listens []listenAction
	// exported are the names of its snapshot.
	exported []string
	// large are the large objects that it has used, nil for none.
	large *largeObjects
	// told is the size of the rows in notes' events.
	told int
}

// savepoint is a named point in a block.
type savepoint struct {
	name     string
	writes   txn.Savepoint
	ddl      catalog.Mark
	hadDDL   bool
	settings int
	after    int
	unbuilt  int
	deferred int
	triggers []*exec.AfterEvent
	notes    int
	listens  int
	locks    lock.Mark
	large    largeMark

	constraints *constraintModes
	readOnly    bool
}

// moment is when the message came that is worked on (GetCurrentStatementStartTimestamp);
// the present one for the server's own statements.
func (s *Session) moment() time.Time {
	if s.message.IsZero() {
		return s.db.Clock.Now()
	}
	return s.message
}

// startMoment is when a transaction begins that begins now (StartTransaction): with its
// message, but for one that a procedure begins.
func (s *Session) startMoment() time.Time {
	if s.depth > 0 {
		return s.db.Clock.Now()
	}
	return s.moment()
}

// begin opens a transaction if none is open.
func (s *Session) begin(block bool) *transaction {
	if s.tx == nil {
		snap := s.cat.Snapshot()
		vars := s.vars()
		s.tx = &transaction{
			db: s.db, s: s, locks: s.locks, start: s.startMoment(), snapshot: snap, settings: s.values.Mark(),
			readOnly: vars.defaultReadOnly,
			openedBy: vars.passphrases,
			writes:   s.db.txns.Begin(s.openTables(snap), true),
			database: s.databaseOID(snap),
		}
		s.tx.writes.Own(s.locks, s.tx.database)
		s.tx.writes.Bound(s.db.TempDir, vars.workMem)
		s.startingModes()
	}
	if block && !s.tx.block {
		s.tx.block = true
		s.tx.writes.Buffer()
	}
	return s.tx
}

// reader is the catalog as the transaction sees it. Outside of DDL each
// statement sees the newest snapshot, as READ COMMITTED does.
func (t *transaction) reader() catalog.Reader {
	if t.ddl != nil {
		return t.ddl
	}
	return t.snapshot
}

// refresh takes the newest snapshot for the next statement, at READ COMMITTED.
func (t *transaction) refresh() {
	if p := &t.s.vars().passphrases; *p != t.openedBy {
		t.openedBy = *p
		t.writes.Rebase(t.s.openTables(t.reader()))
	}
	if t.isolation == txn.ReadCommitted {
		t.large.refresh()
	}
	if t.ddl == nil && t.isolation == txn.ReadCommitted {
		if snap := t.s.cat.Snapshot(); snap != t.snapshot {
			t.snapshot = snap
			t.writes.Rebase(t.s.openTables(snap))
		}
	}
}

// catalogTx opens the catalog for changes.
func (t *transaction) catalogTx() catalog.Tx {
	if t.ddl == nil {
		t.ddl = t.s.cat.Begin()
		t.writes.Rebase(t.s.openTables(t.ddl))
	}
	t.ddl.SetCreator(t.s.roleOID()) // who owns what it creates
	return t.ddl
}

// changed tells that the DDL transaction has new definitions.
func (t *transaction) changed() { t.writes.Rebase(t.s.openTables(t.ddl)) }

// tables are the tables with the transaction's own writes.
func (t *transaction) tables() storage.Tables { return t.writes }

// table opens one table as the transaction sees it.
func (t *transaction) table(oid types.OID) (storage.Table, error) { return t.writes.Table(oid) }

// save marks a point to come back to.
func (t *transaction) save(name string, settings int) savepoint {
	sp := savepoint{name: name, writes: t.writes.Save(), settings: settings, after: len(t.after), unbuilt: len(t.unbuilt), deferred: len(t.deferred), triggers: t.triggers, notes: len(t.notes), listens: len(t.listens), locks: t.db.txns.Locks.Mark(t.locks), large: t.large.save(), constraints: t.constraints, hadDDL: t.ddl != nil, readOnly: t.readOnly}
	if sp.hadDDL {
		sp.ddl = t.ddl.Save()
	}
	return sp
}

// rollbackTo comes back to sp.
func (t *transaction) rollbackTo(ctx context.Context, sp savepoint) error {
	t.after, t.deferred, t.constraints = t.after[:sp.after], t.deferred[:sp.deferred], sp.constraints
	t.unbuilt = t.unbuilt[:sp.unbuilt]
	t.triggers = sp.triggers
	t.notes, t.noted, t.listens = t.notes[:sp.notes], nil, t.listens[:sp.listens]
	t.db.txns.Locks.Restore(t.locks, sp.locks)
	t.large.rollbackTo(sp.large)
	switch {
	case sp.hadDDL:
		t.ddl.RollbackTo(sp.ddl)
		t.changed()
	case t.ddl != nil:
		t.ddl.Rollback()
		t.ddl = nil
		t.writes.Rebase(t.s.openTables(t.snapshot))
	}
	return t.writes.RollbackTo(ctx, sp.writes)
}

// commit makes the transaction's large objects, then its rows, then its catalog, permanent. After an
// error nothing of it is, and the transaction is over.
func (t *transaction) commit(ctx context.Context, env *types.Env) error {
	if err := t.writes.CheckUnique(ctx, func(types.OID, string) bool { return false }); err != nil {
		t.abandon()
		return firstError(err, t.writes.Rollback(ctx))
	}
	if err := t.large.commit(ctx); err != nil {
		t.abandon()
		return firstError(err, t.writes.Rollback(ctx))
	}
	if err := t.commitRows(ctx, env); err != nil {
		return firstError(err, t.large.undo(ctx))
	}
	for _, f := range t.after {
		if err := f(ctx); err != nil {
			return err
		}
	}
	return nil
}

// commitRows commits the rows, then the catalog.
func (t *transaction) commitRows(ctx context.Context, env *types.Env) error {
	if err := t.writes.Commit(ctx, len(t.deferred) == 0 && (t.ddl == nil || !t.ddl.Changed())); err != nil {
		t.abandon()
		return err
	}
	if err := t.checkDeferred(ctx, env); err != nil {
		t.abandon()
		return firstError(err, t.writes.Rollback(ctx))
	}
	if t.ddl != nil && t.ddl.Changed() {
		if err := t.buildWritten(ctx); err != nil {
			t.abandon()
			return firstError(err, t.writes.Rollback(ctx))
		}
		switch err := t.ddl.Commit(ctx, t.writes.Entrust); {
		case pgerr.CodeOf(err) == pgerr.TransactionResolutionUnknown:
			t.writes.Forsake()
			return err
		case err != nil:
			return firstError(err, t.writes.Rollback(ctx))
		}
	}
	return t.writes.Finish(ctx)
}

func (t *transaction) abandon() {
	if t.ddl != nil {
		t.ddl.Rollback()
	}
}

// rollback undoes everything.
func (t *transaction) rollback(ctx context.Context) error {
	t.abandon()
	return t.writes.Rollback(ctx)
}

// end commits or rolls back the session's transaction and leaves it idle.
func (s *Session) end(ctx context.Context, commit bool) error {
	t := s.tx
	if t == nil {
		return nil
	}
	if commit {
		if err := firstError(s.fireDeferred(ctx), s.holdPortals(ctx)); err != nil {
			return firstError(err, s.end(ctx, false))
		}
	}
	s.closePortals(false)
	if commit {
		if err := s.onCommit(ctx); err != nil {
			return firstError(err, s.end(ctx, false))
		}
	}
	var env *types.Env
	if len(t.deferred) > 0 {
		env = s.statementEnv()
	}
	s.tx = nil
	defer t.writes.Close()
	defer t.large.close(ctx)
	s.db.snapshots.forget(t.exported)
	defer s.db.txns.Locks.Restore(s.locks, lock.Mark{})
	if !commit {
		s.db.ended.rolledBack.Add(1)
		s.values.Rollback(t.settings)
		s.db.xids.end(t.id, funcs.FateAborted)
		return t.rollback(ctx)
	}
	err := t.commit(ctx, env)
	s.db.xids.end(t.id, fateOf(err))
	if err != nil {
		s.db.ended.rolledBack.Add(1)
		s.values.Rollback(t.settings)
		return err
	}
	s.db.ended.committed.Add(1)
	s.values.Commit()
	s.announce(ctx, t)
	return nil
}

// fail marks an open block failed, or ends an implicit transaction.
func (s *Session) fail(ctx context.Context) {
	if s.tx == nil {
		return
	}
	if s.tx.block {
		s.tx.failed = true
		if len(s.tx.saves) == 0 {
			s.db.xids.end(s.tx.id, funcs.FateAborted)
		}
		s.releaseLocks()
		s.abortPortals(len(s.tx.saves))
		return
	}
	// The statement's own error is what the client needs to hear; what an undo
	// could not restore is logged by storage.
	_ = s.end(context.WithoutCancel(ctx), false)
}

// releaseLocks gives back, while the client has not heard of the failure, the locks of
// the failed transaction, or of what its last savepoint has begun.
func (s *Session) releaseLocks() {
	mark := lock.Mark{}
	if n := len(s.tx.saves); n > 0 {
		mark = s.tx.saves[n-1].locks
	}
	s.db.txns.Locks.Restore(s.locks, mark)
}

// Why a session ends that was left idle.
var (
	errIdleInTransaction = pgerr.Fatal(pgerr.IdleInTransactionSessionTimeout, "terminating connection due to idle-in-transaction timeout")
	errIdleSession       = pgerr.Fatal(pgerr.IdleSessionTimeout, "terminating connection due to idle-session timeout")
)

// IdleLimit is how long the client may leave the session idle now, 0 for ever, and why
// it ends then.
func (s *Session) IdleLimit() (time.Duration, *pgerr.Error) {
	if s.Status() != Idle {
		return s.vars().idleInXact, errIdleInTransaction
	}
	return s.vars().idle, errIdleSession
}

// preventInBlock is PreventInTransactionBlock: 25001 for a command that can't be taken
// back, unless it is alone. It is committed as soon as it is done.
func (s *Session) preventInBlock(command string) error {
	where := ""
	switch {
	case s.tx.block || s.several:
		where = "run inside a transaction block"
	case s.depth > 0:
		where = "be executed from a function"
	case s.tx.pipelined:
		where = "be executed within a pipeline"
	default:
		s.tx.immediate = true
		return nil
	}
	return pgerr.New(pgerr.ActiveSqlTransaction, "%s cannot %s", command, where)
}

// inBlock says whether what needs a transaction block has one: BEGIN's, or that
// of several statements in a message.
func (s *Session) inBlock() bool { return s.tx != nil && s.tx.block || s.several || s.depth > 0 }

// errFailed is 25P02.
func errFailed() error {
	return pgerr.New(pgerr.InFailedSqlTransaction,
		"current transaction is aborted, commands ignored until end of transaction block")
}
