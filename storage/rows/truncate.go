package rows

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/s3db-sql/s3db-sql/storage"
	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// TruncateAll implements storage.Truncater. A record says what is about to go: what a crash
// leaves of it is removed by who finds the record. Where only this process writes these are
// the tables; others may have written new rows by then, so that for them the record has what
// is there, object by object.
func (t *table) TruncateAll(ctx context.Context, others []storage.Table) error {
	all := append([]storage.Table{t}, others...)
	if t.env.Fleeting {
		return truncateEach(ctx, all)
	}
	var tables []*table
	for _, o := range all {
		if own, ok := o.(*table); ok && own.env == t.env {
			tables = append(tables, own)
		}
	}
	tag := newTag(t.env.Rand)
	lists, err := t.env.announceTruncation(ctx, tag, tables)
	ctx = context.WithoutCancel(ctx)
	forget := func() error { return deleteAll(ctx, t.env.Objects, append(lists, recordKey(tag))) }
	if err != nil {
		_ = forget()
		return objstore.ToPG(err)
	}
	err = truncateEach(ctx, all)
	if err != nil && !t.env.alone() {
		return err // Sweep finishes it
	}
	// Nothing is finished after an error that the client has seen: new rows may follow.
	return cmp.Or(err, objstore.ToPG(forget()))
}

func truncateEach(ctx context.Context, tables []storage.Table) error {
	for _, t := range tables {
		if err := t.Truncate(ctx); err != nil {
			return err
		}
	}
	return nil
}

// doomed is an object that a TRUNCATE removes, as it was listed.
type doomed struct {
	Key      string    `json:"key"`
	ETag     string    `json:"etag"`
	Modified time.Time `json:"modified"`
}

// maxDoomed is how many objects one list of them has, some 4 MB.
const maxDoomed = 1 << 15

func doomedKey(tag uint64, n int) string { return fmt.Sprintf("%s.gone.%06d", recordKey(tag), n) }

// announceTruncation writes the record of a TRUNCATE, from when on it counts, and the lists
// of what goes, whose keys it returns.
func (e *Env) announceTruncation(ctx context.Context, tag uint64, tables []*table) (lists []string, err error) {
	rec := txRecord{State: stateCommitted}
	etag := ""
	if !e.alone() {
		// Lists without a record would stay for ever after a crash.
		if etag, _, err = e.putRecord(ctx, tag, txRecord{State: statePending, Beat: e.Rand.Uint64()}, ""); err != nil {
			return nil, err
		}
	}
	for _, t := range tables {
		if e.alone() {
			rec.Empty = append(rec.Empty, t.schema.Name)
		} else if err := t.listDoomed(ctx, tag, &lists); err != nil {
			return lists, err
		}
	}
	rec.Beat, rec.Doomed = e.Rand.Uint64(), len(lists)
	_, _, err = e.putRecord(ctx, tag, rec, etag)
	return lists, err
}

// listDoomed writes the lists of a table's rows. Their references need none: those of rows
// that are gone do no harm.
func (t *table) listDoomed(ctx context.Context, tag uint64, lists *[]string) error {
	var list []doomed
	write := func() error {
		if len(list) == 0 {
			return nil
		}
		key := doomedKey(tag, len(*lists)+1)
		if err := t.env.putJSON(ctx, key, list); err != nil {
			return err
		}
		*lists, list = append(*lists, key), list[:0]
		return nil
	}
	err := eachPage(ctx, t.store, t.schema.DataPrefix(), func(page *objstore.ListPage) error {
		for _, o := range page.Objects {
			list = append(list, doomed{o.Key, o.ETag, o.LastModified})
		}
		if len(list) < maxDoomed {
			return nil
		}
		return write()
	})
	if err != nil {
		return err
	}
	return write()
}

// removeDoomed removes what a TRUNCATE was about to, but what was written since.
func (e *Env) removeDoomed(ctx context.Context, tag uint64, lists int) error {
	for n := range lists {
		var list []doomed
		if _, err := e.readJSON(ctx, doomedKey(tag, n+1), &list); err != nil {
			return err
		}
		err := e.sideways(len(list), func(k int) error {
			info, err := e.Objects.Head(ctx, list[k].Key)
			if err != nil {
				return ignoreNotFound(err)
			}
			if info.ETag != list[k].ETag || !info.LastModified.Truncate(time.Second).Equal(list[k].Modified.Truncate(time.Second)) {
				return nil
			}
			return e.takeAway(ctx, list[k].Key, info.ETag)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
