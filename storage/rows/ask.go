package rows

import (
	"context"
	"math"
	"sync"
	"sync/atomic"
)

// question is one record, as far as a scan has read it.
type question struct {
	mu     sync.Mutex
	begun  atomic.Uint64 // how often it was read
	failed bool          // at the last time
	grows  atomic.Bool   // who writes it may yet add to it
	read   int           // segments
}

// question is that of a tag.
func (v *verdicts) question(tag uint64) *question {
	v.mu.Lock()
	defer v.mu.Unlock()
	q := v.questions[tag]
	if q == nil {
		q = &question{}
		put(&v.questions, tag, q)
	}
	return q
}

// grows says that what is known of a tag is that of a record that may have grown since.
func (v *verdicts) grows(tag uint64) bool {
	if v == nil {
		return false
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	q := v.questions[tag]
	return q != nil && q.grows.Load()
}

// asked is before by the tag's record as it is after the row's object was read: a unit that
// is at work may have announced the row once more since an earlier reading, with what others
// have written before it could. Rows that are read side by side share a reading.
func (t *table) asked(ctx context.Context, tag uint64, key string, v *verdicts) (old *oldObject, counts bool, err error) {
	if v == nil {
		v = &verdicts{}
	}
	q := v.question(tag)
	begun := q.begun.Load()
	q.mu.Lock()
	if q.begun.Load() == begun || q.failed {
		q.begun.Add(1)
		err = t.ask(ctx, tag, v, q)
		q.failed = err != nil
	}
	q.mu.Unlock()
	if err != nil {
		return nil, false, err
	}
	old, counts, known, err := v.known(ctx, tag, key)
	// Not known: the tag, by chance, of another one.
	return old, counts || !known, err
}

// ask has the record of a tag tell what counts of its rows.
func (t *table) ask(ctx context.Context, tag uint64, v *verdicts, q *question) error {
	if q.grows.Load() {
		return t.env.askMore(ctx, tag, v, q)
	}
	e := t.env
	rec, etag, err := e.readHead(ctx, tag)
	if err != nil {
		return err
	}
	if rec == nil {
		v.gone()
		v.counts(tag)
		e.units.settle(tag)
		return nil
	}
	if !rec.over() {
		v.met()
	}
	open := rec.State == statePending
	if err := e.askCatalog(ctx, tag, rec, false); err != nil {
		return err
	}
	if rec.State == stateCommitted {
		sees := v.seesRecord(tag, etag)
		if open && sees {
			v.decided(tag)
		}
		e.units.settle(tag)
		if sees {
			v.counts(tag)
			return nil
		}
	}
	if err := e.readSegments(ctx, tag, rec); err != nil {
		return err
	}
	v.open(tag, oldsIn(rec.Rows).old)
	q.read = rec.Segments
	// One that another server has aborted may have an owner that does not know it yet.
	q.grows.Store(rec.State == statePending || rec.State == stateAborted)
	return nil
}

// askMore reads what a record has grown by.
func (e *Env) askMore(ctx context.Context, tag uint64, v *verdicts, q *question) error {
	rows, read, err := e.segmentsAfter(ctx, tag, q.read, math.MaxInt)
	if err != nil {
		return err
	}
	if q.read = read; len(rows) > 0 {
		v.announced(tag, oldsIn(rows))
	}
	return e.stillThere(ctx, tag, v)
}

// stillThere marks a scan that has taken so long that segments may be gone of a unit that
// was open when it began.
func (e *Env) stillThere(ctx context.Context, tag uint64, v *verdicts) error {
	if v.env == nil || !v.overdue() {
		return nil
	}
	rec, _, err := e.readHead(ctx, tag)
	if err == nil && (rec == nil || rec.State == stateCommitted) {
		v.stale.Store(true)
	}
	return err
}

// olds are rows that were announced, and what was there before: nil for nothing. What was
// announced last of a row counts.
type olds map[string]*oldObject

func oldsIn(rows []txEntry) olds {
	out := make(olds, len(rows))
	for _, e := range rows {
		out[e.Key] = e.Old
	}
	return out
}

// old implements oldsOf.
func (o olds) old(_ context.Context, key string) (*oldObject, bool, error) {
	old, ok := o[key]
	return old, ok, nil
}

// announced is told of more rows of a unit that is open.
func (v *verdicts) announced(tag uint64, more olds) {
	v.mu.Lock()
	defer v.mu.Unlock()
	earlier := v.olds[tag]
	v.olds[tag] = func(ctx context.Context, key string) (*oldObject, bool, error) {
		if old, known, err := more.old(ctx, key); known {
			return old, known, err
		}
		return earlier(ctx, key)
	}
}
