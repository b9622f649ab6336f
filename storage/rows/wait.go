package rows

import (
	"context"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/internal/clock"
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// Writers of different processes meet at objects that are there for a moment
// only: a unique key whose row is not yet, or no longer, written, and a tombstone.
// Such an object either has an owner at work or was left behind by a crash.
//
// An owner sends its last request for it within a third of the lease, and a
// request ends within the store's deadline. So an object that another writer has
// seen unchanged for a lease, by its own clock from its own first sight, has no
// owner: no two clocks are compared. Until then the writer waits for a while and
// gives up with 40001.
const (
	// DefaultLease is Env.Lease where it is not set.
	DefaultLease = 3 * time.Minute
	// patience is how long a writer waits for another one at most: much less than
	// the third of the lease that is its own time.
	patience = 5 * time.Second
	// firstPause is the first pause while waiting; it doubles up to maxPause.
	firstPause = 10 * time.Millisecond
	maxPause   = 500 * time.Millisecond
	// maxOrphans bounds what is remembered.
	maxOrphans = 4096
)

// lease is how long a writer of another process is taken to be at work.
func (e *Env) lease() time.Duration {
	if e.Lease > 0 {
		return e.Lease
	}
	return DefaultLease
}

// late says that the owner's time is over.
func (w *writer) late() bool { return w.t.env.Clock.Now().Sub(w.began) > w.t.env.lease()/3 }

// orphans remembers when an object without a row was first seen.
type orphans struct {
	mu   sync.Mutex
	seen map[sighting]time.Time
}

type sighting struct{ key, etag string }

// old says that the object was first seen more than a lease ago.
func (e *Env) old(key, etag string) bool {
	o, now := &e.orphans, e.Clock.Now()
	o.mu.Lock()
	defer o.mu.Unlock()
	at := sighting{key, etag}
	since, ok := o.seen[at]
	if !ok {
		if o.seen == nil || len(o.seen) >= maxOrphans {
			o.seen = map[sighting]time.Time{}
		}
		o.seen[at] = now
		return false
	}
	return now.Sub(since) > e.lease()
}

// blocked says that another writer is at work on what a move needs: it is to be made
// again. tag is that of its unit, 0 for none.
type blocked struct {
	detail string
	tag    uint64
}

func (b *blocked) Error() string { return b.detail }

// await pauses; 40001 where the one that is waited for may be waiting too.
func (t *table) await(ctx context.Context, p *wait, by *blocked) error {
	if !t.unit.mayWait(by.tag) {
		return busy(by.detail)
	}
	defer t.unit.waited()
	return p.again(ctx, by.detail)
}

// mayWait says whether the unit may wait for another one: within the process where that
// does not wait for it in turn, otherwise if it was first, by the order of tags. Who
// has no unit holds nothing that others wait for.
func (u *unit) mayWait(tag uint64) bool {
	if !u.open() || tag == 0 {
		return true
	}
	other, _ := u.env.units.find(tag)
	if other == nil {
		return u.env.alone() || u.tag() < tag // it is over
	}
	for v := other; v != nil; v = v.waitsFor.Load() {
		if v == u {
			return false
		}
	}
	u.waitsFor.Store(other)
	return true
}

func (u *unit) waited() {
	if u != nil {
		u.waitsFor.Store(nil)
	}
}

// wait is one writer's waiting for another.
type wait struct {
	clock clock.Clock
	until time.Time
	pause time.Duration
}

func (t *table) newWait() *wait {
	return &wait{clock: t.env.Clock, until: t.env.Clock.Now().Add(min(patience, t.env.lease()/6)), pause: firstPause}
}

// again pauses; 40001 with the detail when patience has ended, 57014 when ctx
// has.
func (p *wait) again(ctx context.Context, detail string) error {
	if !p.clock.Now().Before(p.until) {
		return busy(detail)
	}
	select {
	case <-p.clock.After(p.pause):
		p.pause = min(2*p.pause, maxPause)
		return nil
	case <-ctx.Done():
		return cancelled(ctx)
	}
}

// busy is 40001: another writer holds what is needed, or has crashed with it.
func busy(detail string) error {
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").WithDetail("%s.", detail)
}
