package dml

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
)

// writeChanges writes the changes; those that give a row another primary key
// are an insert of the new row and a delete of the old one.
func (u *Update) writeChanges(ctx context.Context, rows []found, changes []storage.Change) ([]storage.Result, error) {
	if !u.setsKey() {
		return u.write(ctx, changes)
	}
	results := make([]storage.Result, len(changes))
	for k, ch := range changes {
		var err error
		if results[k], err = u.writeKeyed(ctx, rows[k], ch); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (u *Update) setsKey() bool {
	for _, s := range u.Sets {
		if u.isKey(s.Num) {
			return true
		}
	}
	return false
}

func (u *Update) writeKeyed(ctx context.Context, x found, ch storage.Change) (storage.Result, error) {
	nums := keyColumns(u.Rel.PrimaryKey())
	before, ok := u.keyText(nums, x.old)
	after, _ := u.keyText(nums, x.row)
	if !ok {
		return storage.Result{}, pgerr.Unsupported("updating a primary key that the statement does not read")
	}
	if before != after {
		return u.move(ctx, x)
	}
	return u.writeOne(ctx, u.withoutKey(ch))
}

func (u *Update) writeOne(ctx context.Context, ch storage.Change) (storage.Result, error) {
	results, err := u.write(ctx, []storage.Change{ch})
	if err != nil {
		return storage.Result{}, err
	}
	return results[0], nil
}

func (u *Update) withoutKey(ch storage.Change) storage.Change {
	out := storage.Change{Op: ch.Op, ID: ch.ID, Old: ch.Old}
	for i, num := range ch.Columns {
		if !u.isKey(num) {
			out.Columns, out.Values = append(out.Columns, num), append(out.Values, ch.Values[i])
		}
	}
	return out
}

// move inserts the new row first: a crash between the two leaves a row too
// many, never one too few.
func (u *Update) move(ctx context.Context, x found) (storage.Result, error) {
	ch := storage.Change{Op: storage.Insert}
	for _, num := range u.Nums {
		if c := u.Rel.Column(num); c == nil || num < 0 || c.Path != nil {
			continue
		}
		ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, x.row[num])
	}
	ch, err := u.validate(ch, x.row)
	if err != nil {
		return storage.Result{}, err
	}
	inserted, err := u.writeOne(ctx, ch)
	if err != nil || inserted.Outcome != storage.Applied {
		return inserted, err
	}
	deleted, err := u.writeOne(ctx, storage.Change{Op: storage.Delete, ID: x.image.ID, Old: x.image})
	if err != nil {
		return storage.Result{}, err
	}
	if deleted.Outcome != storage.Applied {
		// The old row changed meanwhile: the new one must not stay beside it.
		if _, err := u.writeOne(ctx, storage.Change{Op: storage.Delete, ID: inserted.Image.ID, Old: inserted.Image}); err != nil {
			return storage.Result{}, err
		}
		return deleted, nil
	}
	return inserted, nil
}
