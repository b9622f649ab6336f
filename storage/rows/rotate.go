package rows

import (
	"context"
	"runtime"

	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// rotateBatch is how many rows are encrypted before they are written: deriving the keys of
// one takes some 0.1 s of a processor, and what has not been written when the server dies
// has to be done again.
const rotateBatch = 64

// RotateSecrets implements storage.Rotator. Rows are read as a scan reads them, and those
// that have older secrets are updated as by a client: conditionally, and read again where
// another writer was faster.
func (t *table) RotateSecrets(ctx context.Context, tell func(rows, rotated int64) error) (rows, rotated int64, err error) {
	if err := t.readOnly(); err != nil {
		return 0, 0, err
	}
	s, err := t.Scan(ctx, storage.ScanSpec{Columns: []int16{storage.ColRowImage}, BatchSize: rotateBatch})
	if err != nil {
		return 0, 0, err
	}
	err = eachBatch(ctx, s, func(batch *vec.Batch) error {
		images := make([]*storage.RowImage, batch.N)
		for k := range images {
			images[k] = vec.Of[any](batch.Cols[0]).At(k).(*storage.RowImage)
		}
		done, err := t.rotate(ctx, images)
		rows, rotated = rows+int64(batch.N), rotated+done
		if err != nil {
			return err
		}
		return tell(rows, rotated)
	})
	return rows, rotated, err
}

// rotate updates the rows that need it, until nobody is in between.
func (t *table) rotate(ctx context.Context, images []*storage.RowImage) (done int64, err error) {
	for p := t.newWait(); len(images) > 0; {
		changes, err := t.rotations(images)
		if err != nil {
			return done, err
		}
		images = images[:0]
		for i, res := range t.Apply(ctx, changes) {
			switch res.Outcome {
			case storage.Applied:
				done++
			case storage.Conflict:
				r, err := t.fetchWhole(ctx, changes[i].ID)
				if err != nil {
					return done, err
				}
				if r != nil {
					images = append(images, r.image())
				}
			default:
				return done, res.Err
			}
		}
		if len(images) > 0 {
			if err := p.again(ctx, "The row is being changed"); err != nil {
				return done, err
			}
		}
	}
	return done, nil
}

// rotations are the updates of those rows that have older secrets. Keys are derived side
// by side: each takes its time.
func (t *table) rotations(images []*storage.RowImage) ([]storage.Change, error) {
	all := make([]storage.Change, len(images))
	var first firstError
	sideways(len(images), runtime.GOMAXPROCS(0), func(k int) {
		if first.get() == nil {
			first.set(t.rotation(images[k], &all[k]))
		}
	})
	var changes []storage.Change
	for _, ch := range all {
		if len(ch.Columns) > 0 {
			changes = append(changes, ch)
		}
	}
	return changes, first.get()
}

func (t *table) rotation(image *storage.RowImage, ch *storage.Change) error {
	r, err := recordOf(image)
	if err != nil {
		return err
	}
	if err := t.decode(r, make([]bool, len(t.schema.Columns))); err != nil {
		return err
	}
	stale, err := t.schema.StaleSecrets(r.row)
	if stale == nil || err != nil {
		return err
	}
	if err := t.decode(r, stale); err != nil {
		return err
	}
	*ch = storage.Change{Op: storage.Update, ID: r.id, Old: image}
	for i, is := range stale {
		if is {
			ch.Columns, ch.Values = append(ch.Columns, t.numbers[i]), append(ch.Values, r.row.Values[i])
		}
	}
	return nil
}
