package dml

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
)

// writeChanges writes the changes; those that give a row another primary key
// are an insert of the new row and a delete of the old one.
func (t *Target) writeChanges(ctx context.Context, rows []found, changes []storage.Change) ([]storage.Result, error) {
	if !t.setsKey(changes) {
		return t.write(ctx, changes)
	}
	results := make([]storage.Result, len(changes))
	for k, ch := range changes {
		var err error
		if results[k], err = t.writeKeyed(ctx, rows[k], ch); err != nil {
			return nil, err
		}
	}
	return results, nil
}

func (t *Target) setsKey(changes []storage.Change) bool {
	return len(changes) > 0 && len(t.keyPart(changes[0]).Columns) > 0
}

func (t *Target) writeKeyed(ctx context.Context, x found, ch storage.Change) (storage.Result, error) {
	nums := keyColumns(t.Rel.PrimaryKey())
	before, ok := t.keyText(nums, x.old)
	after, _ := t.keyText(nums, x.row)
	if !ok {
		return storage.Result{}, pgerr.Unsupported("updating a primary key that the statement does not read")
	}
	if before != after {
		return t.move(ctx, x)
	}
	return t.writeOne(ctx, t.withoutKey(ch))
}

func (t *Target) writeOne(ctx context.Context, ch storage.Change) (storage.Result, error) {
	results, err := t.write(ctx, []storage.Change{ch})
	if err != nil {
		return storage.Result{}, err
	}
	return results[0], nil
}

// withoutKey and keyPart split a change by whether its columns are of the
// primary key.
func (t *Target) withoutKey(ch storage.Change) storage.Change {
	return t.part(ch, func(num int16) bool { return !t.isKey(num) })
}

func (t *Target) keyPart(ch storage.Change) storage.Change { return t.part(ch, t.isKey) }

func (t *Target) part(ch storage.Change, want func(num int16) bool) storage.Change {
	out := storage.Change{Op: ch.Op, ID: ch.ID, Old: ch.Old}
	for i, num := range ch.Columns {
		if want(num) {
			out.Columns, out.Values = append(out.Columns, num), append(out.Values, ch.Values[i])
		}
	}
	return out
}

// move writes the row anew under its new key. The new row is inserted first, but where
// a unique key would then be taken by the row itself.
func (t *Target) move(ctx context.Context, x found) (storage.Result, error) {
	ch, err := t.moved(x)
	if err != nil {
		return storage.Result{}, err
	}
	t.Written.single = false
	remove := storage.Change{Op: storage.Delete, ID: x.image.ID, Old: x.image}
	if t.hasUniqueKeys() {
		if deleted, err := t.writeOne(ctx, remove); err != nil || deleted.Outcome != storage.Applied {
			return deleted, err
		}
		return t.writeOne(ctx, ch)
	}
	inserted, err := t.writeOne(ctx, ch)
	if err != nil || inserted.Outcome != storage.Applied {
		return inserted, err
	}
	deleted, err := t.writeOne(ctx, remove)
	if err != nil || deleted.Outcome == storage.Applied {
		return inserted, err
	}
	// The old row changed meanwhile: the new one must not stay beside it.
	_, err = t.writeOne(ctx, storage.Change{Op: storage.Delete, ID: inserted.Image.ID, Old: inserted.Image})
	return deleted, err
}

// moved is the insert of the row as it will be, content included.
func (t *Target) moved(x found) (storage.Change, error) {
	ch := storage.Change{Op: storage.Insert}
	for _, num := range t.Nums {
		if c := t.Rel.Column(num); c != nil && num > 0 && c.Path == nil {
			ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, x.row[num])
		}
	}
	ch, err := t.withContent(ch, x)
	if err != nil {
		return ch, err
	}
	return t.validate(ch, x.row)
}

// withContent adds a row's content, if it has some, to an insert of it: as the statement
// sets it, or as it was.
func (t *Target) withContent(ch storage.Change, x found) (storage.Change, error) {
	b, err := t.table.Decode([]*storage.RowImage{x.image}, contentNums)
	if err != nil {
		return ch, err
	}
	for i, num := range contentNums {
		v, set := x.row[num]
		if !set {
			v = b.Cols[i].Value(0)
		}
		if v == nil && num == catalog.ColContent {
			break // a type alone is none
		}
		ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, v)
	}
	return ch, nil
}

var contentNums = []int16{catalog.ColContent, catalog.ColContentType}

func (t *Target) hasUniqueKeys() bool {
	for _, ix := range t.Rel.Indexes {
		if ix.Kind == catalog.UniqueIndex {
			return true
		}
	}
	return false
}
