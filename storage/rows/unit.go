package rows

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// unit implements storage.Unit: the writes of a transaction, which become visible,
// and lasting, by one conditional PUT of its record (ADR 15).
//
// Its rows and tombstones carry its tag. While the record is pending, whoever
// meets the tag takes the row's old object, from the record; when it says committed,
// and when there is none any more, the row as it is. Objects that the rows no longer
// have are removed after that PUT, not before.
type unit struct {
	env *Env
	// number is the tag, made when it is first asked for: most transactions only read.
	number uint64
	named  sync.Once
	steps  atomic.Uint32
	seq    uint64 // of its commit, see units; written before its state is committed
	weight int    // in units.lateBytes
	// waitsFor is the unit of the process that it is waiting for.
	waitsFor atomic.Pointer[unit]

	mu      sync.Mutex // guards what follows; held while the record is written
	state   unitState
	record  txRecord
	etag    string        // of the record, as we have written it last
	written time.Time     // when that was begun
	done    chan struct{} // closed when the state is final
	spoiled string        // why it can't be committed

	ledger  ledger
	garbage map[string]garbage // derived objects that no row has any more
	graves  graves
	touched map[types.OID]*table
	bodies  []string // keys of content that the unit takes away
	// observed is the key of its one row, where it has no record.
	observed string
}

// garbage is a derived object whose row has it no more.
type garbage struct {
	t  *table
	id string
}

// unitState is where a unit stands.
type unitState uint8

const (
	idle unitState = iota // nothing announced
	pending
	flipping  // the commit point is on its way: nobody may tell yet
	committed // all of it counts
	aborted   // nothing of it counts
	// unresolved: the record tells.
	unresolved
)

// NewUnit implements storage.Uniter.
func (t *table) NewUnit() storage.Unit {
	if t.env.Fleeting {
		return nil
	}
	return t.env.newUnit()
}

func (e *Env) newUnit() *unit {
	u := &unit{env: e}
	u.ledger.u = u
	return u
}

// tag is what the unit's writes carry.
func (u *unit) tag() uint64 {
	u.named.Do(func() { u.number = newTag(u.env.Rand) })
	return u.number
}

// In implements storage.Uniter.
func (t *table) In(u storage.Unit) storage.Table {
	own, ok := u.(*unit)
	if !ok || own.env != t.env {
		return t
	}
	c := *t
	c.unit = own
	return &c
}

// Begun implements storage.Unit.
func (u *unit) Begun() bool { return u.open() }

// open says that the unit's rows are written under its tag.
func (u *unit) open() bool {
	if u == nil {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.state == pending
}

// wrote says whether a table has rows of the unit.
func (u *unit) wrote(oid types.OID) bool {
	if u == nil {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.touched[oid] != nil
}

// stamp is that of a write of the step that goes on.
func (u *unit) stamp() uint64 { return s3db.TagStamp(u.tag(), uint8(u.steps.Load())) }

// step begins another call of Apply. Nil-safe.
func (u *unit) step() {
	if u != nil {
		u.steps.Add(1)
	}
}

// Entrust implements storage.Unit.
func (u *unit) Entrust(ctx context.Context) (tag string, err error) {
	if !u.open() || u.env.Decided == nil {
		return "", nil
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.record.Catalog = true
	return strconv.FormatUint(u.tag(), 16), u.put(ctx, u.etag)
}

// Forsake implements storage.Unit.
func (u *unit) Forsake() {
	if !u.open() {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.end(unresolved)
	u.env.units.remove(u, unclear)
}

// put writes the record: as the next of its own versions, under the condition that
// nobody has written it since.
func (u *unit) put(ctx context.Context, ifMatch string) error {
	u.record.Beat = u.env.Rand.Uint64()
	began := u.env.Clock.Now()
	etag, f, err := u.env.putRecord(ctx, u.tag(), u.record, ifMatch)
	switch f {
	case landed:
		u.etag, u.written = etag, began
		return nil
	case refused:
		return busy("The transaction took so long that another server has taken it for dead")
	}
	return objstore.ToPG(err)
}

// keepAlive writes the record anew from time to time, as long as the unit is open:
// others take a record that does not change for a lease for a dead one's.
func (u *unit) keepAlive() {
	for {
		select {
		case <-u.done:
			return
		case <-u.env.Clock.After(u.env.lease() / 4):
		}
		if !u.beat() {
			return
		}
	}
}

func (u *unit) beat() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.state != pending {
		return false
	}
	ctx, cancel := context.WithTimeout(context.Background(), u.env.lease()/4)
	defer cancel()
	// A beat that fails is no failure of the transaction: the flip will tell.
	_ = u.put(ctx, u.etag)
	return true
}

// end makes a state final. The unit is locked.
func (u *unit) end(s unitState) {
	if s == committed {
		u.changes() // nothing is kept of before that it could be taken for what is counted
		u.env.units.count(u)
	}
	u.state = s
	close(u.done)
	u.changes()
	if s == aborted {
		u.env.units.remove(u, undone)
	}
}

// changes tells that rows read differently from now on. The unit is locked.
func (u *unit) changes() {
	for _, t := range u.touched {
		if n, ok := objstore.Watch(t.store, t.schema.DataPrefix()); ok {
			n.Add(1)
		}
	}
}

// spoil keeps the unit from being committed.
func (u *unit) spoil(why string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.spoiled = why
}

// Commit implements storage.Unit. The rows that the clean-up takes objects from stay
// locked until it is done: without that it could take a reference away that the row's
// next writer has made.
func (u *unit) Commit(ctx context.Context) error {
	if !u.open() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	unlock, err := u.env.locks.lock(ctx, u.cleaned())
	if err != nil {
		return err
	}
	defer unlock()
	if err := u.flip(ctx); err != nil {
		return err
	}
	u.cleanUp(ctx)
	u.env.units.remove(u, settled)
	if u.record.Catalog {
		u.env.over(u.tag())
	}
	return nil
}

// cleaned are the rows and unique keys whose objects the clean-up removes.
func (u *unit) cleaned() []string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return slices.AppendSeq(u.removed(), maps.Keys(u.garbage))
}

// removed are the rows that listings do not find any more where they were, but those that
// were announced to go. The unit is locked.
func (u *unit) removed() []string {
	keys := slices.Collect(maps.Keys(u.graves.others))
	for _, g := range u.garbage {
		keys = append(keys, g.t.schema.DataKey(g.id))
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}

// flip is the commit point.
func (u *unit) flip(ctx context.Context) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.spoiled != "" {
		return busy(u.spoiled)
	}
	u.record.State, u.record.Removed = stateCommitted, u.removed()
	u.record.Spared = slices.Sorted(maps.Keys(u.graves.spared))
	err := u.put(ctx, u.etag)
	for end := u.env.Clock.Now().Add(flipPatience); err != nil && u.env.Clock.Now().Before(end); {
		rec, etag, readErr := u.env.readHead(ctx, u.tag())
		switch {
		case readErr != nil:
		case rec == nil || rec.State == stateCommitted:
			// None: another server has finished what our request has committed.
			u.etag = etag
			u.end(committed)
			return nil
		case u.record.Catalog: // it counts, whatever becomes of the record
			u.end(committed)
			return nil
		case rec.State == stateAborted:
			u.end(aborted)
			return err
		default:
			err = u.put(ctx, etag)
			continue
		}
		<-u.env.Clock.After(maxPause)
	}
	if err != nil {
		u.end(unresolved)
		u.env.units.remove(u, unclear)
		return pgerr.New(pgerr.TransactionResolutionUnknown, "the store does not say whether the transaction was committed").WithCause(err)
	}
	u.end(committed)
	return nil
}

// flipPatience is how long the outcome of the commit point is asked for.
const flipPatience = 20 * time.Second

// cleanUp removes what the committed unit's rows no longer have, then tombstones and
// the record. What fails stays: readers pass over the former, and Sweep finds the
// latter.
func (u *unit) cleanUp(ctx context.Context) {
	began := u.env.Clock.Now()
	if deleteAll(ctx, u.env.Objects, slices.Collect(maps.Keys(u.garbage))) != nil {
		return
	}
	last := u.env.expired()
	var record []string
	if u.observed == "" {
		record = append(recordKeys(u.tag(), u.record.Segments), u.bodies...)
	}
	// Scans that began before ask for the record, or for what it has out of line.
	scanned := (len(u.bodies) > 0 || u.ledger.spilled()) && u.env.units.scanned()
	if u.env.alone() && !scanned {
		last = append(last, record...)
	}
	err := u.eachGrave(ctx, func(keys []string) error {
		if !u.env.alone() && u.env.Clock.Now().Sub(began) > u.env.lease()/3 {
			return errLate // others may take the tombstones for a dead server's
		}
		if len(keys)+len(last) <= objstore.MaxListKeys {
			last = append(last, keys...)
			return nil
		}
		return deleteAll(ctx, u.env.Objects, keys)
	})
	if err != nil || deleteAll(ctx, u.env.Objects, last) != nil {
		return
	}
	if !u.env.alone() || scanned {
		u.env.expire(u, record)
	}
}

// errLate: the time for tombstones is over.
var errLate = errors.New("too late to remove tombstones")

// Rollback implements storage.Unit. The record stays where other servers may have met
// its rows, or a request that timed out may write one yet.
func (u *unit) Rollback(ctx context.Context, undone bool) error {
	if !u.open() {
		return nil
	}
	ctx = context.WithoutCancel(ctx)
	unlock, err := u.env.locks.lock(ctx, u.cleaned())
	if err != nil {
		return err
	}
	defer unlock()
	u.mu.Lock()
	defer u.mu.Unlock()
	defer u.end(aborted)
	if undone { // the rows have what they had before, and nothing of what they had meanwhile
		_ = deleteAll(ctx, u.env.Objects, slices.Collect(maps.Keys(u.garbage)))
	}
	if !u.env.alone() {
		u.record.State = stateRolledBack
		if err := u.put(ctx, u.etag); err != nil {
			return err // Sweep, of any server, will do it
		}
	}
	if !undone {
		rec, _, err := u.env.readHead(ctx, u.tag())
		if rec == nil || err != nil {
			return err
		}
		if err := u.env.restore(ctx, u.tag(), rec); err != nil {
			return err
		}
	}
	if u.env.alone() {
		return objstore.ToPG(u.env.deleteRecord(ctx, u.tag(), u.record.Segments, u.bodies...))
	}
	return nil
}

// lost remembers what a row that was written no longer has, and takes back what an
// earlier write of it had lost and it has again.
func (u *unit) lost(t *table, id string, refs []string, uniques []uniqueKey, now version) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, r := range refs {
		u.garbage[r] = garbage{t, id}
	}
	for _, q := range uniques {
		u.garbage[q.key] = garbage{t, id}
	}
	u.keep(now)
}

// has says that a row has what another one has lost: it is not to be removed. Nil-safe.
func (u *unit) has(now version) {
	if u == nil {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	u.keep(now)
}

// keep takes what a row has from the garbage. The unit is locked.
func (u *unit) keep(now version) {
	for _, r := range now.refs {
		delete(u.garbage, r.key)
	}
	for _, q := range now.uniques {
		delete(u.garbage, q.key)
	}
}

// replaces says that a row was there before the unit wrote it.
func (u *unit) replaces(ctx context.Context, key string) (bool, error) {
	old, err := u.ledger.old(ctx, key)
	return old != nil, err
}

// is says whether a tag is the unit's.
func (u *unit) is(tag uint64) bool { return u != nil && u.tag() == tag }

// giver is the row that gave a unique key up.
func (u *unit) giver(key string) string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.garbage[key].id
}

// gaveUp says that a unique key was given up by a row of the unit, whose object waits
// for the commit point to be removed.
func (u *unit) gaveUp(key string) bool {
	if u == nil {
		return false
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	_, ok := u.garbage[key]
	return ok
}
