package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/storage/objstore"
)

// eachSegment calls f with the rows of a record, a segment at a time and the last first,
// since what was announced last of a row counts: once that is put back, the row is not under
// the record's tag any more.
func (e *Env) eachSegment(ctx context.Context, tag uint64, rec *txRecord, f func(rows []txEntry) error) error {
	if err := e.countSegments(ctx, tag, rec); err != nil {
		return err
	}
	for n := rec.Segments; n > 0; n-- {
		var rows []txEntry
		if _, err := e.readJSON(ctx, segmentKey(tag, n), &rows); err != nil {
			return err
		}
		if err := f(rows); err != nil {
			return err
		}
	}
	return f(rec.Rows)
}

// countSegments finds those that a record does not tell of: it does when it is written next.
func (e *Env) countSegments(ctx context.Context, tag uint64, rec *txRecord) error {
	if rec.State == stateCommitted && !rec.Catalog {
		return nil
	}
	for {
		_, err := e.Objects.Head(ctx, segmentKey(tag, rec.Segments+1))
		if err != nil {
			return ignoreNotFound(err)
		}
		rec.Segments++
	}
}

// removeRecord removes a record with all that belongs to it, its own object last.
func (e *Env) removeRecord(ctx context.Context, tag uint64) error {
	if err := deletePrefix(ctx, e.Objects, recordKey(tag)+"."); err != nil {
		return err
	}
	return e.Objects.Delete(ctx, recordKey(tag), objstore.DeleteOptions{})
}
