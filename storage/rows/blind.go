package rows

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
	"github.com/s3db-sql/s3db-sql/storage/s3db"
)

// A listing without bodies shows a row that an open unit has made as it shows any other.
// So whoever answers from such a listing looks, after it, at the records of open units:
// a unit whose rows it has shown has had its record since before. One LIST serves
// blindPages pages. Rows that were written long before the last look, which Sweep takes
// regularly, need none.
const blindPages = 10

// maxSkew is how far the clocks of this machine and of the store are apart at most: S3
// refuses requests that are signed a quarter of an hour off.
const maxSkew = 20 * time.Minute

// look is what was known of the rows that open units write.
type look struct {
	mu   sync.Mutex
	at   time.Time // when it was begun
	rows map[string]bool
	back map[uint64]takenBack
	// live is when units were last found at work on tables, by what their rows' keys begin
	// with (DataPrefix).
	live map[string]time.Time
}

// stir is told of work on tables.
func (l *look) stir(now time.Time, tables ...string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.live == nil {
		l.live = map[string]time.Time{}
	}
	for _, t := range tables {
		l.live[t] = now
	}
}

// stirred says that units were at work on a table since a moment.
func (l *look) stirred(table string, since time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.live[table].After(since)
}

// takenBack are the rows of a record that stays as it is, of a unit that was taken back.
type takenBack struct {
	etag string
	keys []string
}

// maxTakenBack bounds the rows of a record that are remembered.
const maxTakenBack = 1 << 12

// doubtful says of which keys of listed rows the listing does not tell whether they
// count. since is what units.rollbacks was before.
func (t *table) doubtful(ctx context.Context, listed []objstore.Info, since uint64, v *verdicts) (func(key string) bool, error) {
	if len(listed) == 0 || !t.def.Stamps {
		return func(string) bool { return false }, nil
	}
	if t.env.alone() {
		return t.env.units.unsure(t, since, v), nil
	}
	rows, fresh, err := t.env.openRows(ctx, listed, v)
	if v.env != nil && !v.taken {
		v.late()
	}
	if fresh[t.schema.DataPrefix()] {
		v.met()
	}
	return func(key string) bool { return rows[key] }, err
}

// openRows are the keys of rows that open units write, as far as they are among the
// listed; fresh, for a scan without a cut, the tables (DataPrefix) of units that are at work or
// have committed since it began, perhaps after the listing.
func (e *Env) openRows(ctx context.Context, listed []objstore.Info, v *verdicts) (rows, fresh map[string]bool, err error) {
	if v.taken {
		return e.lookAgain(ctx, v)
	}
	e.look.mu.Lock()
	at, rows := e.look.at, e.look.rows
	e.look.mu.Unlock()
	for _, o := range listed {
		if o.LastModified.IsZero() || !o.LastModified.Before(at.Add(-maxSkew)) {
			return e.lookAgain(ctx, v)
		}
	}
	return rows, nil, nil
}

// longSettled says that a row was written long before the last look, which did not find it
// in a record. What the process knows by itself it need not look for.
func (e *Env) longSettled(key string, written time.Time) bool {
	e.look.mu.Lock()
	defer e.look.mu.Unlock()
	return !written.IsZero() && written.Before(e.look.at.Add(-maxSkew)) && !e.look.rows[key]
}

// lookAgain looks at the records: rows are those of units that do not count, for a scan or at
// all; fresh as of openRows.
func (e *Env) lookAgain(ctx context.Context, v *verdicts) (rows, fresh map[string]bool, err error) {
	e.look.mu.Lock()
	g := glance{e: e, v: v, known: e.look.back, back: map[uint64]takenBack{}, rows: map[string]bool{}, work: map[string]bool{}, fresh: map[string]bool{}}
	e.look.mu.Unlock()
	at := e.Clock.Now()
	if err := e.eachRecord(ctx, func(tag uint64, o objstore.Info) error { return g.at(ctx, tag, o.ETag) }); err != nil {
		return nil, nil, err
	}
	e.look.stir(at, slices.Collect(maps.Keys(g.work))...)
	e.look.mu.Lock()
	defer e.look.mu.Unlock()
	if e.look.at.Before(at) {
		e.look.at, e.look.rows, e.look.back = at, g.rows, g.back
	}
	return g.rows, g.fresh, nil
}

// glance is one look at the records.
type glance struct {
	e           *Env
	v           *verdicts
	known, back map[uint64]takenBack
	rows        map[string]bool
	// work are tables that units work on that were not known to count, fresh those of which the
	// scan can't tell what it has missed.
	work, fresh map[string]bool
}

// at looks at one record, listed with an ETag. That one may be of before its commit, though
// the unit is known to count by now.
func (g *glance) at(ctx context.Context, tag uint64, listed string) error {
	if g.v.knew(g.e, tag) {
		return nil
	}
	if b, ok := g.known[tag]; ok && b.etag == listed {
		g.back[tag] = b
		mark(g.rows, b.keys)
		return nil
	}
	rec, etag, err := g.e.readHead(ctx, tag)
	if rec == nil || err != nil {
		return err
	}
	if rec.State == stateCommitted && g.v.seesRecord(tag, etag) {
		g.e.units.settle(tag)
		g.found(rec, g.v != nil && !g.v.taken)
		return nil
	}
	if err := g.e.readSegments(ctx, tag, rec); err != nil {
		return err
	}
	g.found(rec, true)
	keys := rec.keys()
	mark(g.rows, keys)
	if rec.over() && len(keys) <= maxTakenBack {
		g.back[tag] = takenBack{etag, keys}
	}
	return nil
}

// found notes the tables of a unit that may be at work.
func (g *glance) found(rec *txRecord, fresh bool) {
	if rec.over() {
		return
	}
	last := ""
	for _, r := range rec.Rows {
		if last != "" && strings.HasPrefix(r.Key, last) {
			continue // most have the table of the one before
		}
		last = s3db.DataPrefixOf(r.Key)
		g.work[last] = true
		g.fresh[last] = g.fresh[last] || fresh
	}
}

func mark(set map[string]bool, keys []string) {
	for _, key := range keys {
		set[key] = true
	}
}

// eachRecord calls f for every transaction record.
func (e *Env) eachRecord(ctx context.Context, f func(tag uint64, o objstore.Info) error) error {
	return eachPage(ctx, e.Objects, txPrefix, func(page *objstore.ListPage) error {
		for _, o := range page.Objects {
			if tag, ok := parseRecordKey(o.Key); ok {
				if err := f(tag, o); err != nil {
					return err
				}
			}
		}
		return nil
	})
}
