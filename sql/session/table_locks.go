package session

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// lockStatement takes the locks of tables that a bound statement needs, to the end of the
// transaction (ADR 13). Who had to wait for one looks at the catalog again: what is bound
// may be of a table that is another one now.
func (s *Session) lockStatement(ctx context.Context, p *prepared) error {
	for {
		waited, err := s.lockTables(ctx, statementLocks(p.bound))
		if err != nil || !waited {
			return err
		}
		if err := s.bindAgain(p); err != nil {
			return err
		}
	}
}

func (s *Session) bindAgain(p *prepared) error {
	if p.simple {
		return s.bind(p)
	}
	return s.rebind(p)
}

// lockTables takes locks of tables and of those that inherit from them; waited says that
// one was not free at once.
func (s *Session) lockTables(ctx context.Context, locks []plan.TableLock) (waited bool, err error) {
	for _, l := range locks {
		w, err := s.lockTree(ctx, l)
		if waited = waited || w; err != nil {
			return waited, err
		}
	}
	return waited, nil
}

func (s *Session) lockTree(ctx context.Context, l plan.TableLock) (waited bool, err error) {
	waited, err = s.lockTable(ctx, l.Relation, lock.Mode(l.Mode))
	if err != nil || l.Only {
		return waited, err
	}
	for _, child := range s.catalog().Inheriting(l.Relation) {
		w, err := s.lockTree(ctx, plan.TableLock{Relation: child.OID, Mode: l.Mode})
		if waited = waited || w; err != nil {
			return waited, err
		}
	}
	return waited, nil
}

func (s *Session) lockTable(ctx context.Context, rel types.OID, mode lock.Mode) (waited bool, err error) {
	if catalog.IsTemporary(rel) {
		return false, nil // nobody else knows it
	}
	tag := s.tableTag(rel)
	if s.db.txns.Locks.Try(s.locks, tag, mode, true) {
		return false, nil
	}
	ctx, cancel := s.deadline(ctx)
	defer cancel()
	ctx, free := s.lockTimeout(ctx)
	defer free()
	return true, timedOut(ctx, s.db.txns.Locks.Acquire(ctx, s.locks, tag, mode, true))
}

func (s *Session) tableTag(rel types.OID) lock.Tag {
	return lock.Tag{Database: s.tx.database, Relation: rel}
}

// statementLocks are the locks of tables that a statement needs.
func statementLocks(stmt plan.Statement) []plan.TableLock {
	switch d := stmt.(type) {
	case *plan.Query:
		return d.Locks
	case *plan.Rewritten:
		var out []plan.TableLock
		for _, q := range d.Queries {
			out = append(out, q.Locks...)
		}
		return out
	case *plan.Explain:
		if d.Query != nil {
			return d.Query.Locks
		}
	case *plan.Copy:
		if d.From {
			return []plan.TableLock{{Relation: d.Relation.OID, Mode: plan.RowExclusiveLock}}
		}
		return d.Query.Locks
	}
	return definitionLocks(stmt)
}

// definitionLocks are the locks of definitions that concern rows (AlterTableGetLockLevel,
// DefineIndex, RemoveRelations …).
func definitionLocks(stmt plan.Statement) []plan.TableLock {
	switch d := stmt.(type) {
	case *plan.AlterTable:
		if d.Relation != 0 {
			return []plan.TableLock{{Relation: d.Relation, Mode: alterLock(d.Actions), Only: true}}
		}
	case *plan.Truncate:
		return tableLocks(plan.AccessExclusiveLock, d.Relations...)
	case *plan.Refresh:
		return tableLocks(plan.AccessExclusiveLock, d.Relation)
	case *plan.CreateIndex:
		if d.Concurrently {
			return tableLocks(plan.ShareUpdateExclusiveLock, d.Relation)
		}
		return tableLocks(plan.ShareLock, d.Relation)
	case *plan.Verify:
		return tableLocks(plan.ShareLock, d.Relations...)
	case *plan.Drop:
		if dropsRelation[d.Kind] {
			var out []plan.TableLock
			for _, o := range d.Objects {
				out = append(out, tableLocks(plan.AccessExclusiveLock, o.OID)...)
			}
			return out
		}
	}
	return nil
}

func tableLocks(mode plan.LockMode, relations ...types.OID) []plan.TableLock {
	out := make([]plan.TableLock, len(relations))
	for i, oid := range relations {
		out[i] = plan.TableLock{Relation: oid, Mode: mode}
	}
	return out
}

// alterLock is the strongest mode that the actions need.
func alterLock(actions []catalog.AlterAction) plan.LockMode {
	mode := plan.ShareUpdateExclusiveLock
	for _, a := range actions {
		mode = max(mode, actionLock(a))
	}
	return mode
}

func actionLock(a catalog.AlterAction) plan.LockMode {
	switch c := a.(type) {
	case catalog.ValidateConstraint, catalog.SetOptions, catalog.SetIndexOptions:
		return plan.ShareUpdateExclusiveLock
	case catalog.PutTrigger, catalog.DropTrigger:
		return plan.ShareRowExclusiveLock
	case catalog.AddConstraint:
		if c.Kind == catalog.ForeignConstraint {
			return plan.ShareRowExclusiveLock
		}
	}
	return plan.AccessExclusiveLock
}

// lockNow is lockTables for NOWAIT: 55P03.
func (s *Session) lockNow(locks []plan.TableLock) error {
	for _, l := range locks {
		if catalog.IsTemporary(l.Relation) {
			continue
		}
		if !s.db.txns.Locks.Try(s.locks, s.tableTag(l.Relation), lock.Mode(l.Mode), true) {
			return pgerr.New(pgerr.LockNotAvailable, "could not obtain lock on relation \"%s\"", s.catalog().RelationByOID(l.Relation).Name)
		}
		if l.Only {
			continue
		}
		for _, child := range s.catalog().Inheriting(l.Relation) {
			if err := s.lockNow(tableLocks(l.Mode, child.OID)); err != nil {
				return err
			}
		}
	}
	return nil
}
