package rows

import (
	"context"
	"math"
	"sync"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// Readers of rows that a transaction writes (ADR 15): what counts of an object
// under a tag is decided by the transaction's record.

// verdicts are what one scan has learned of units: a unit that was open when the scan
// met it first stays so to its end, so that of what it commits meanwhile the scan
// does not see a part. nil remembers nothing.
type verdicts struct {
	cut
	env  *Env // nil where the process is alone
	mu   sync.Mutex
	olds map[uint64]oldsOf
	fine map[uint64]bool
	// questions are what was asked of records.
	questions map[uint64]*question
}

// judge is the row that counts where an object was read: the object itself, the one
// before it, or nil for none. A tombstone that counts is nil. whole says that the
// body is there. A strict reader waits for the transaction, and reads again.
func (t *table) judge(ctx context.Context, r *record, v *verdicts) (*record, error) {
	for range maxChain {
		if t.env.longSettled(t.schema.DataKey(r.id), r.info.LastModified) {
			return r.unlessTombstone(), nil
		}
		tag, ok, err := t.tag(ctx, r)
		if err != nil {
			return nil, err
		}
		if !ok {
			return r.unlessTombstone(), nil
		}
		key := t.schema.DataKey(r.id)
		old, counts, err := t.before(ctx, tag, key, v)
		switch {
		case err != nil:
			return nil, err
		case counts:
			return r.unlessTombstone(), nil
		case storage.IsStrict(ctx):
			return t.afterwards(ctx, r.id, tag)
		case old == nil:
			return nil, nil
		}
		r = old.record(t.env, r.id, key)
	}
	return nil, busy("The row is written by too many transactions")
}

// afterwards is the row once no open transaction writes it: 40001 if that takes too long.
func (t *table) afterwards(ctx context.Context, id string, tag uint64) (*record, error) {
	for p := t.newWait(); ; {
		by := &blocked{"Another transaction is writing a row that this one depends on", tag}
		if err := t.await(ctx, p, by); err != nil {
			return nil, err
		}
		r, err := t.fetchObject(ctx, id, t.inLine)
		if r == nil || err != nil {
			return nil, err
		}
		ok := false
		if tag, ok = tagOf(r.info, r.body); !ok || t.unit.is(tag) {
			return r.unlessTombstone(), nil
		}
		if f, err := t.env.fateOf(ctx, tag); err != nil || f == fateSettled {
			return r.unlessTombstone(), err
		}
	}
}

// maxChain bounds how many transactions a row goes back over: an unfinished one, one for
// each whose restoring was under way, and those that have committed since a scan began.
const maxChain = 64

// tag is the tag of an object of the table; of a large one whose body was not read,
// its end is.
func (t *table) tag(ctx context.Context, r *record) (tag uint64, ok bool, err error) {
	if isTombstone(r.info) || r.whole {
		tag, ok = tagOf(r.info, r.body)
		return tag, ok, nil
	}
	if content, sure := t.schema.HeadContent(r.info); !t.def.Stamps || content && sure || r.info.Size < s3db.StampLen {
		return 0, false, nil
	}
	o, err := t.store.Get(ctx, t.schema.DataKey(r.id), objstore.GetOptions{Offset: r.info.Size - s3db.StampLen, Length: s3db.StampLen})
	if objstore.IsNotFound(err) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, objstore.ToPG(err)
	}
	end, err := objstore.ReadBody(o, s3db.StampLen)
	if err != nil {
		return 0, false, objstore.ToPG(err)
	}
	tag, ok = tagOf(objstore.Info{}, end)
	return tag, ok, nil
}

// before says whether an object under a tag counts, and if not, what was there
// before.
func (t *table) before(ctx context.Context, tag uint64, key string, v *verdicts) (old *oldObject, counts bool, err error) {
	if t.unit.is(tag) {
		return nil, true, nil
	}
	if old, counts, known, err := v.known(ctx, tag, key); known && !v.grows(tag) || err != nil {
		return old, counts, err
	}
	u, k := t.env.units.find(tag)
	if u != nil {
		if old, counts, known, err := u.before(ctx, key, v); known || err != nil {
			return old, counts, err
		}
		_, k = t.env.units.find(tag)
	}
	switch {
	case (k == settled || k == nothing) && t.env.alone():
		if late := t.env.units.lateOne(tag, v.moment()); late != nil {
			return late.after(ctx, key, v)
		}
		v.counts(tag)
		return nil, true, nil
	case k == settled && (v == nil || !v.taken || t.env.units.settledBefore(tag, v.at)):
		v.metSince(t.env.units.settledAt(tag))
		v.counts(tag)
		return nil, true, nil
	case k == undone:
		// It has been put back since the object was read, unless a request that got no
		// answer has written the row after that: then the record tells.
		old, counts, err := t.again(ctx, key)
		if old == nil || err != nil || !old.tagged(tag) {
			return old, counts, err
		}
	}
	return t.asked(ctx, tag, key, v)
}

// again reads a row that was restored between its reading and its verdict.
func (t *table) again(ctx context.Context, key string) (*oldObject, bool, error) {
	o, err := t.store.Get(ctx, key, objstore.GetOptions{})
	if objstore.IsNotFound(err) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, objstore.ToPG(err)
	}
	old := &oldObject{ETag: o.ETag, Type: o.ContentType, Metadata: metadataJSON(o.Metadata), Modified: o.LastModified}
	if t.outOfLine(o.Info) {
		old.At, old.Size = key, o.Size
		_ = o.Body.Close()
		return old, false, nil
	}
	old.Body, err = objstore.ReadBody(o, maxBody)
	return old, false, objstore.ToPG(err)
}

// before is the row's old object while the unit is open. While its commit point is
// under way nobody can tell, and the reader waits.
func (u *unit) before(ctx context.Context, key string, v *verdicts) (old *oldObject, counts, known bool, err error) {
	u.mu.Lock() // held by flip until it knows
	state := u.state
	u.mu.Unlock()
	switch state {
	case pending:
		v.met()
		v.open(u.tag(), u.old)
		old, known, err = u.old(ctx, key)
		return old, false, known, err
	case committed:
		old, counts, err = u.after(ctx, key, v)
		return old, counts, true, err
	}
	return nil, false, false, nil
}

// after is the row's old object for a scan that began before the unit has committed.
func (u *unit) after(ctx context.Context, key string, v *verdicts) (old *oldObject, counts bool, err error) {
	if v.sees(u) {
		v.metSince(u.seq)
		v.counts(u.tag())
		return nil, true, nil
	}
	v.open(u.tag(), u.old)
	old, _, err = u.old(ctx, key)
	return old, false, err
}

// moment is that of the cut; without one it is later than all.
func (v *verdicts) moment() uint64 {
	if v == nil || !v.taken {
		return math.MaxUint64
	}
	return v.at
}

func (v *verdicts) known(ctx context.Context, tag uint64, key string) (old *oldObject, counts, known bool, err error) {
	if v == nil {
		return nil, false, false, nil
	}
	v.mu.Lock()
	olds, fine := v.olds[tag], v.fine[tag]
	v.mu.Unlock()
	if fine {
		return nil, true, true, nil
	}
	if olds == nil {
		return nil, false, false, nil
	}
	old, known, err = olds(ctx, key)
	return old, false, known, err
}

// maxFine bounds the tags that a scan remembers.
const maxFine = 1 << 16

func (v *verdicts) counts(tag uint64) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.fine) < maxFine {
		put(&v.fine, tag, true)
	}
}

func (v *verdicts) open(tag uint64, olds oldsOf) {
	if v == nil {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	put(&v.olds, tag, olds)
}
