package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// rowLocks are the session's locks of rows: those of its transaction (ADR 12).
type rowLocks struct {
	*txn.Tx
	s *Session
}

var _ exec.Locker = rowLocks{}

// lockModes are the modes by which rows are locked (tupleLockExtraInfo).
var lockModes = map[plan.LockStrength]lock.Mode{
	plan.LockForKeyShare: lock.AccessShare, plan.LockForShare: lock.RowShare,
	plan.LockForNoKeyUpdate: lock.Exclusive, plan.LockForUpdate: lock.AccessExclusive,
}

var lockWaits = map[plan.LockWait]lock.Wait{
	plan.LockWaitBlock: lock.WaitBlock, plan.LockWaitSkip: lock.WaitSkip, plan.LockWaitError: lock.WaitError,
}

// LockRow implements dml.RowLocker.
func (l rowLocks) LockRow(ctx context.Context, table types.OID, id string, strength plan.LockStrength, wait plan.LockWait, since uint64) (locked, moved bool, err error) {
	ctx, cancel := l.s.lockTimeout(ctx)
	defer cancel()
	locked, moved, err = l.Tx.LockRow(ctx, table, id, lockModes[strength], lockWaits[wait], since)
	return locked, moved, timedOut(ctx, err)
}

// RereadsRows implements dml.RowLocker.
func (l rowLocks) RereadsRows() bool { return l.s.tx.isolation == txn.ReadCommitted }

// Statement implements dml.RowLocker.
func (l rowLocks) Statement() (release func()) {
	if l.Buffered() {
		return func() {}
	}
	n := l.Locked()
	return func() {
		if !l.United() || l.Locked() > maxKeptLocks {
			l.Release(n)
		}
	}
}

// maxKeptLocks bounds the locks that a statement keeps which writes many rows at once.
// Who comes to one of its other rows finds it in the store, and tries again for a while.
const maxKeptLocks = 10_000

// Lock implements exec.Locker. Where writes do not wait for COMMIT, there is nothing
// that could come between.
func (l rowLocks) Lock(table types.OID, id, etag string) {
	if l.Buffered() {
		l.Tx.Lock(table, id, etag)
	}
}
