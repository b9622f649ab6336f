package txn

import (
	"context"

	"github.com/s3db-sql/s3db-sql/storage"
)

// undoLog keeps, in a file, what takes changes back that the record of their unit does not:
// those of rows without a place for a tag, of content, and of what the unit itself has
// written. The first maxLog bytes stay in memory.
type undoLog struct {
	file *coldRows
	held int64
}

// undone is what one call of Apply leaves in the file: of each row the change without its
// values, and the row as written.
type undone struct {
	file   *coldRows
	places []place
}

type place struct {
	at   int64
	size int32
}

// keepUndo is how a call of Apply is remembered.
func (t *Tx) keepUndo(p part, table storage.Table, results []storage.Result) applied {
	a := applied{oid: p.oid, table: table, changes: p.changes, results: results}
	b := &t.budget
	if b.limit == 0 {
		return a
	}
	l := &t.undos
	if l.file == nil {
		coder, _ := table.(storage.ImageCoder)
		l.file = &coldRows{dir: b.dir, coder: coder}
	}
	var size int64
	for i, ch := range p.changes {
		size += l.file.coldSize(ch) + l.file.imageSize(results[i].Image)
	}
	if l.held+size <= min(maxLog, b.limit) {
		l.held += size
		return a
	}
	u, err := l.put(p.changes, results)
	if err != nil {
		return a // the rows are written: what undoes them must be somewhere
	}
	t.changedLately(p)
	return applied{oid: p.oid, table: table, undone: u}
}

func (l *undoLog) put(changes []storage.Change, results []storage.Result) (*undone, error) {
	u := &undone{file: l.file}
	for i, ch := range changes {
		if results[i].Outcome != storage.Applied {
			continue
		}
		for _, half := range []storage.Change{{Op: ch.Op, ID: ch.ID, Old: ch.Old}, {Old: results[i].Image}} {
			at, size, err := l.file.put(half)
			if err != nil {
				return nil, err
			}
			u.places = append(u.places, place{at, size})
		}
	}
	return u, nil
}

// undo takes the changes back.
func (u *undone) undo(ctx context.Context, table storage.Table) error {
	var changes []storage.Change
	var results []storage.Result
	for i, p := range u.places {
		half, err := u.file.get(p.at, p.size)
		if err != nil {
			return err
		}
		if i%2 == 0 {
			changes = append(changes, half)
		} else {
			results = append(results, storage.Result{Outcome: storage.Applied, Image: half.Old})
		}
	}
	return table.Undo(ctx, changes, results)
}
