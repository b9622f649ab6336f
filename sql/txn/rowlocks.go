package txn

import (
	"context"
	"sync"

	"github.com/s3db-sql/s3db-sql/sql/txn/lock"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Writers of one process wait for each other's rows (ADR 12). Who has waited, or came
// after, must know whether the row is still as the statement read it: that is told by
// what this process has written since. Another process's write shows at the
// conditional PUT alone.

// history is which rows were changed lately, and when. It may forget: then the
// condition of the write finds that the row has moved, with 40001.
type history struct {
	mu  sync.Mutex
	now uint64
	// rows are the newest changes, older those before them.
	rows, older map[rowKey]change
}

type rowKey struct {
	table types.OID
	id    string
}

type change struct {
	at uint64
	by *lock.Owner
}

// maxHistory bounds the changes that rows, and older, remember.
const maxHistory = 1 << 16

// moment is the present one.
func (h *history) moment() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// record remembers the rows that a call of Apply has changed; those it has inserted
// nobody has read before.
func (h *history) record(by *Tx, table types.OID, changes []storage.Change, results []storage.Result) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now++
	for i, ch := range changes {
		if ch.Op != storage.Insert && results[i].Outcome == storage.Applied {
			h.put(rowKey{table, ch.ID}, by)
		}
	}
}

// again remembers rows as changed now.
func (h *history) again(by *Tx, rows []rowKey) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now++
	for _, k := range rows {
		h.put(k, by)
	}
}

// put remembers a row. The history is locked.
func (h *history) put(k rowKey, by *Tx) {
	if h.rows == nil || len(h.rows) >= maxHistory {
		h.rows, h.older = map[rowKey]change{}, h.rows
	}
	h.rows[k] = change{h.now, by.owner}
}

// since says whether another transaction is known to have changed a row after a moment.
func (h *history) since(t *Tx, table types.OID, id string, moment uint64) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	c, ok := h.rows[rowKey{table, id}]
	if !ok {
		c, ok = h.older[rowKey{table, id}]
	}
	return ok && c.at > moment && (c.by == nil || c.by != t.owner)
}

// Own makes o the owner of the transaction's locks of rows; without one it locks
// none.
func (t *Tx) Own(o *lock.Owner, database types.OID) { t.owner, t.database = o, database }

// Moment is the present one, for LockRow: taken before a statement reads.
func (t *Tx) Moment() uint64 { return t.shared.history.moment() }

// LockRow locks a row until the end of the transaction, ROLLBACK TO or Release. It
// waits for others as wait says; locked is false where it says not to. moved: the row
// may have changed since the moment, and must be read again, which nobody of this
// process can change any more.
func (t *Tx) LockRow(ctx context.Context, table types.OID, id string, mode lock.Mode, wait lock.Wait, since uint64) (locked, moved bool, err error) {
	if t.owner == nil {
		return true, false, nil
	}
	tag := lock.Tag{Database: t.database, Relation: table, Row: id}
	if locked, err = t.shared.Locks.AcquireRow(ctx, t.owner, tag, mode, wait); !locked || err != nil {
		return false, false, err
	}
	if w := t.tables[table]; w != nil && w.rows.has(id) {
		return true, false, nil // as the transaction itself has left it
	}
	return true, t.shared.history.since(t, table, id, since), nil
}

// Locked is how many locks of rows there are, to Release those that come after.
// A transaction that writes at once need not keep them: its rows are written.
func (t *Tx) Locked() int {
	if t.owner == nil {
		return 0
	}
	return t.owner.Rows()
}

// Release gives back the locks of rows but the first n.
func (t *Tx) Release(n int) {
	if t.owner != nil {
		t.shared.Locks.ReleaseRows(t.owner, n)
	}
}
