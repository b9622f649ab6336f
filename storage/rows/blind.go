package rows

import (
	"context"
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
}

// doubtful says of which keys of listed rows the listing does not tell whether they
// count. since is what units.rollbacks was before.
func (t *table) doubtful(ctx context.Context, listed []objstore.Info, since uint64, v *verdicts) (func(key string) bool, error) {
	if len(listed) == 0 || !t.def.Stamps {
		return func(string) bool { return false }, nil
	}
	if t.env.alone() {
		all := t.env.units.unsure(t, since, v)
		return func(string) bool { return all }, nil
	}
	rows, fresh, err := t.env.openRows(ctx, listed, v)
	for _, o := range listed {
		if rows[o.Key] || fresh[o.Key] {
			v.met(t.def.OID)
		}
	}
	return func(key string) bool { return rows[key] }, err
}

// openRows are the keys of rows that open units write, as far as they are among the
// listed; fresh, for a scan without a cut, those that units wrote which have committed since
// it began, perhaps after the listing.
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
	at := e.Clock.Now()
	rows, fresh = map[string]bool{}, map[string]bool{}
	cold := v != nil && !v.taken
	err = e.eachRecord(ctx, func(tag uint64, o objstore.Info) error {
		if _, k := e.units.find(tag); k == settled && v.seesRecord(tag, o.ETag) && (!cold || e.units.settledBefore(tag, v.at)) {
			return nil
		}
		rec, etag, err := e.readRecord(ctx, tag)
		if rec == nil || err != nil {
			return err
		}
		into := rows
		if rec.State == stateCommitted && v.seesRecord(tag, etag) {
			into = fresh
			e.units.settle(tag)
		}
		for _, r := range rec.Rows {
			into[r.Key] = true
		}
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	e.look.mu.Lock()
	defer e.look.mu.Unlock()
	if e.look.at.Before(at) {
		e.look.at, e.look.rows = at, rows
	}
	return rows, fresh, nil
}

// eachRecord calls f for every transaction record.
func (e *Env) eachRecord(ctx context.Context, f func(tag uint64, o objstore.Info) error) error {
	l := &lister{store: e.Objects, keys: s3db.KeyRange{Prefix: txPrefix}}
	for done := false; !done; {
		page, last, err := l.next(ctx, 0)
		if err != nil {
			return err
		}
		done = last
		for _, o := range page.Objects {
			if tag, ok := parseRecordKey(o.Key); ok {
				if err := f(tag, o); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
