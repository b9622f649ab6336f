package session

import (
	"context"
	"time"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

var _ funcs.AdvisoryLocks = (*facts)(nil)

func (s *Session) lockTag(key funcs.AdvisoryKey) lock.Tag {
	return lock.Tag{Database: s.databaseOID(s.catalog()), ClassID: key.ClassID, ObjID: key.ObjID, SubID: key.SubID}
}

// databaseOID is that of the database the client connected to.
func (s *Session) databaseOID(cat catalog.Reader) types.OID {
	if s.databaseID == 0 {
		for _, d := range cat.Databases() {
			if d.Name == s.database {
				s.databaseID = d.OID
			}
		}
	}
	return s.databaseID
}

func lockMode(shared bool) lock.Mode {
	if shared {
		return lock.Share
	}
	return lock.Exclusive
}

// Lock implements funcs.AdvisoryLocks.
func (s *Session) Lock(ctx context.Context, key funcs.AdvisoryKey, how funcs.AdvisoryLock) (bool, error) {
	tag, mode := s.lockTag(key), lockMode(how.Shared)
	if how.Try {
		return s.db.txns.Locks.Try(s.locks, tag, mode, how.Xact), nil
	}
	ctx, cancel := s.lockTimeout(ctx)
	defer cancel()
	return true, s.db.txns.Locks.Acquire(ctx, s.locks, tag, mode, how.Xact)
}

// lockTimeout applies lock_timeout.
func (s *Session) lockTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	ms := s.values.Int("lock_timeout")
	if ms == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeoutCause(ctx, time.Duration(ms)*time.Millisecond,
		pgerr.New(pgerr.LockNotAvailable, "canceling statement due to lock timeout"))
}

// Unlock implements funcs.AdvisoryLocks.
func (s *Session) Unlock(key funcs.AdvisoryKey, shared bool) bool {
	return s.db.txns.Locks.Release(s.locks, s.lockTag(key), lockMode(shared))
}

// UnlockAll implements funcs.AdvisoryLocks.
func (s *Session) UnlockAll() { s.db.txns.Locks.ReleaseAll(s.locks) }
