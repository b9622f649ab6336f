package session

import (
	"slices"
	"sync"
	"sync/atomic"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/txn"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// xids numbers the transactions that ask for a number: most never do. The numbers begin
// with the second in which the server gave the first one, so that they rise over its
// restarts and those of two servers over a bucket differ unless they began in the same
// second. Servers know nothing of each other's transactions.
type xids struct {
	mu          sync.Mutex
	first, next types.XID8
	completed   types.XID8 // the highest that has ended
	running     map[types.XID8]bool
	fates       [fatesKept]funcs.Fate
	// current is what had committed when a transaction last ended.
	current atomic.Pointer[types.Snapshot]
}

const (
	// fatesKept is how many transactions back pg_xact_status knows.
	fatesKept = 1 << 14
	// xidsPerSecond is what a server may use up on average over its life.
	xidsPerSecond = 1 << 20
	// firstNormalXID is FirstNormalTransactionId: those below are not of transactions.
	firstNormalXID = 3
)

// begin counts from now on, unless it has been called before. It needs the lock.
func (x *xids) begin(c clock.Clock) {
	if x.next != 0 {
		return
	}
	x.first = types.XID8(c.Now().Unix())*xidsPerSecond + firstNormalXID
	x.next, x.completed = x.first, x.first-1
	x.running = map[types.XID8]bool{}
	x.publish()
}

// assign gives a number to a transaction that begins.
func (x *xids) assign(c clock.Clock) types.XID8 {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.begin(c)
	id := x.next
	x.running[id], x.fates[id%fatesKept] = true, funcs.FateInProgress
	if x.next++; uint32(x.next) < firstNormalXID {
		x.next += firstNormalXID
	}
	return id
}

// end is called when what a transaction wrote can be seen, or will never be; a second
// time it does nothing.
func (x *xids) end(id types.XID8, fate funcs.Fate) {
	if id == 0 {
		return
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if !x.running[id] {
		return
	}
	delete(x.running, id)
	x.fates[id%fatesKept] = fate
	x.completed = max(x.completed, id)
	x.publish()
}

// publish makes the snapshot of this moment. One that is assigned later is above its
// Xmax, so it stands until the next transaction ends. It needs the lock.
func (x *xids) publish() {
	s := &types.Snapshot{Xmax: x.completed + 1}
	for id := range x.running {
		if id < s.Xmax {
			s.Xip = append(s.Xip, id)
		}
	}
	slices.Sort(s.Xip)
	s.Xmin = s.Xmax
	if len(s.Xip) > 0 {
		s.Xmin = s.Xip[0]
	}
	x.current.Store(s)
}

// snapshot is that of this moment.
func (x *xids) snapshot(c clock.Clock) *types.Snapshot {
	if s := x.current.Load(); s != nil {
		return s
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.begin(c)
	return x.current.Load()
}

// fate is what became of a transaction (TransactionIdInRecentPast).
func (x *xids) fate(c clock.Clock, id types.XID8) (funcs.Fate, error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.begin(c)
	switch {
	case uint32(id) == 0:
		return funcs.FateUnknown, nil
	case uint32(id) < firstNormalXID: // the bootstrap's and the frozen ones'
		return funcs.FateCommitted, nil
	case id >= x.next:
		return "", pgerr.New(pgerr.InvalidParameterValue, "transaction ID %d is in the future", uint64(id))
	case id < x.first || id+fatesKept < x.next:
		return funcs.FateUnknown, nil
	}
	return x.fates[id%fatesKept], nil
}

// see takes the snapshot for what comes: a statement of the client's at READ COMMITTED,
// else the transaction. It comes before anything is read, so that what the snapshot counts
// as committed is read.
func (t *transaction) see() {
	if t.seen == nil || t.isolation == txn.ReadCommitted && t.s.depth == 0 {
		t.seen = t.db.xids.snapshot(t.db.Clock)
	}
}

// fateOf is what became of a transaction whose COMMIT ended so.
func fateOf(err error) funcs.Fate {
	switch {
	case err == nil:
		return funcs.FateCommitted
	case pgerr.CodeOf(err) == pgerr.TransactionResolutionUnknown:
		return funcs.FateUnknown
	}
	return funcs.FateAborted
}

// xid is the transaction's number; it gets one.
func (t *transaction) xid() types.XID8 {
	if t.id == 0 {
		t.id = t.db.xids.assign(t.db.Clock)
		t.s.mu.Lock()
		t.s.activity.XID = t.id
		t.s.mu.Unlock()
	}
	return t.id
}

// changes says whether the transaction changes the database.
func (t *transaction) changes() bool {
	return t.writes.Changed() || t.ddl != nil && t.ddl.Changed() || t.large.save().objects > 0
}

var _ funcs.Transactions = (*facts)(nil)

// TransactionID implements funcs.Transactions.
func (f *facts) TransactionID() types.XID8 { return f.begin(false).xid() }

// AssignedTransactionID implements funcs.Transactions.
func (f *facts) AssignedTransactionID() types.XID8 {
	t := f.begin(false)
	if t.changes() {
		return t.xid()
	}
	return t.id
}

// Snapshot implements funcs.Transactions.
func (f *facts) Snapshot() *types.Snapshot {
	t := f.begin(false)
	if t.seen == nil {
		t.see()
	}
	return t.seen.Without(t.id)
}

// TransactionStatus implements funcs.Transactions.
func (f *facts) TransactionStatus(id types.XID8) (funcs.Fate, error) {
	return f.db.xids.fate(f.db.Clock, id)
}
