package dml

import (
	"context"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// RowLocker locks rows among the transactions of this server (ADR 12).
type RowLocker interface {
	// Moment is the present one, to be told to LockRow.
	Moment() uint64
	// LockRow locks a row; locked is false where wait says not to wait for another
	// transaction. moved: another one of this server may have changed the row since
	// the moment. 40P01, and 55P03 after lock_timeout.
	LockRow(ctx context.Context, table types.OID, id string, strength plan.LockStrength, wait plan.LockWait, since uint64) (locked, moved bool, err error)
	// RereadsRows: a row that has moved is asked again whether it qualifies (READ
	// COMMITTED); otherwise it is 40001.
	RereadsRows() bool
	// Statement gives back, where writes are not kept for COMMIT, what is locked from
	// now on.
	Statement() (release func())
}

// lock locks rows that are about to be changed, those with lower ids first so that
// fewer statements wait for each other in a circle, and parts them: those that are as
// they were read, and those that have moved.
func (f *Found) lock(ctx context.Context, rows []found, strength plan.LockStrength) (fresh, moved []found, err error) {
	if f.Locks == nil {
		return rows, nil, nil
	}
	order := make([]int, len(rows))
	for i := range rows {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int { return strings.Compare(rows[a].image.ID, rows[b].image.ID) })
	any := false
	for _, i := range order {
		_, rows[i].moved, err = f.Locks.LockRow(ctx, f.Rel.OID, rows[i].image.ID, strength, plan.LockWaitBlock, f.Since)
		if err != nil {
			return nil, nil, err
		}
		any = any || rows[i].moved
	}
	if !any {
		return rows, nil, nil
	}
	if !f.Locks.RereadsRows() {
		return nil, nil, concurrentUpdate()
	}
	for _, x := range rows {
		if x.moved {
			moved = append(moved, x)
		} else {
			fresh = append(fresh, x)
		}
	}
	return fresh, moved, nil
}

// holding begins to hold locks of rows, as long as their writes need them.
func (t *Target) holding() (release func()) {
	if t.Locks == nil {
		return func() {}
	}
	return t.Locks.Statement()
}

// strength is how an UPDATE locks (ExecUpdateLockMode): less where no key changes.
func (u *Update) strength() plan.LockStrength {
	for _, ix := range u.Rel.Indexes {
		for _, c := range ix.Columns {
			if slices.Contains(u.Sets, c.Num) && (ix.Kind == catalog.PrimaryIndex || ix.Kind == catalog.UniqueIndex) {
				return plan.LockForUpdate
			}
		}
	}
	return plan.LockForNoKeyUpdate
}

// lockPlanned parts the rows of a plan as lock does.
func (u *Update) lockPlanned(ctx context.Context, p planned) (fresh planned, moved []found, err error) {
	rows, moved, err := u.lock(ctx, p.rows, u.strength())
	if err != nil || len(moved) == 0 {
		return p, nil, err
	}
	fresh = planned{b: p.b, rows: rows, to: p.to}
	for k, x := range p.rows {
		if !x.moved {
			fresh.changes = append(fresh.changes, p.changes[k])
		}
	}
	return fresh, moved, nil
}

// maxLockedInserts is up to how many rows of a batch an INSERT locks the ids: who
// inserts the same one waits for the transaction's end. More come from a bulk load,
// whose conflicts COMMIT finds.
const maxLockedInserts = 64

// lockNew locks the ids of new rows.
func (n *Insert) lockNew(ctx context.Context, changes []storage.Change) error {
	if n.Locks == nil || len(changes) > maxLockedInserts {
		return nil
	}
	for _, ch := range changes {
		if _, _, err := n.Locks.LockRow(ctx, n.Rel.OID, ch.ID, plan.LockForUpdate, plan.LockWaitBlock, n.Since); err != nil {
			return err
		}
	}
	return nil
}

// lockExisting locks the row that DO UPDATE changes; false where it must be read again.
func (n *Insert) lockExisting(ctx context.Context, id string) (bool, error) {
	if n.Locks == nil {
		return true, nil
	}
	_, moved, err := n.Locks.LockRow(ctx, n.Rel.OID, id, plan.LockForUpdate, plan.LockWaitBlock, n.Since)
	if moved && !n.Locks.RereadsRows() {
		err = concurrentUpdate()
	}
	return !moved, err
}
