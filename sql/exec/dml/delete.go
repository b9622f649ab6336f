package dml

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Delete deletes the rows that Input finds. RETURNING sees the input's columns.
type Delete struct{ Found }

// Open implements the operator.
func (d *Delete) Open(context.Context) error { return d.start() }

// Close implements the operator.
func (d *Delete) Close() error {
	d.close()
	return nil
}

// Next implements the operator.
func (d *Delete) Next(ctx context.Context) (*vec.Batch, error) {
	return d.next(ctx, func(ctx context.Context) error {
		return d.statement(ctx, d.Input, func(ctx context.Context) error {
			return d.Written.each(ctx, d.Input, func(b *vec.Batch) error { return d.batch(ctx, b) })
		}, funcs.TriggerDelete)
	})
}

func (d *Delete) finish(context.Context) error { return nil }

func (d *Delete) batch(ctx context.Context, b *vec.Batch) error {
	if d.instead() {
		return d.batchInstead(ctx, b)
	}
	defer d.holding()()
	rows, moved, err := d.lock(ctx, d.rows(b), plan.LockForUpdate)
	if err != nil {
		return err
	}
	if !d.firesBefore(funcs.TriggerDelete) {
		if err := d.delete(ctx, b, rows); err != nil {
			return err
		}
		return d.retry(ctx, moved)
	}
	if err := d.deleteFired(ctx, b, rows); err != nil {
		return err
	}
	for _, x := range moved {
		err := d.again(ctx, x, func(b *vec.Batch, now found) (bool, error) { return true, d.deleteFired(ctx, b, []found{now}) })
		if err != nil {
			return err
		}
	}
	return nil
}

// deleteFired deletes rows that must pass BEFORE triggers.
func (d *Delete) deleteFired(ctx context.Context, b *vec.Batch, rows []found) error {
	return d.eachFired(ctx, rows, func(x found) error { return d.delete(ctx, b, []found{x}) })
}

func (d *Delete) delete(ctx context.Context, b *vec.Batch, rows []found) error {
	if len(rows) == 0 {
		return nil
	}
	changes := make([]storage.Change, len(rows))
	for k, x := range rows {
		changes[k] = storage.Change{Op: storage.Delete, ID: x.image.ID, Old: x.image}
	}
	results, err := d.write(ctx, changes)
	if err != nil {
		return err
	}
	deleted := make([]int32, 0, len(rows))
	var conflicts []found
	for k, res := range results {
		switch res.Outcome {
		case storage.Applied:
			deleted = append(deleted, rows[k].at)
		case storage.Conflict:
			conflicts = append(conflicts, rows[k])
		default:
			return d.failure(res)
		}
	}
	if err := d.returnRows(b, deleted); err != nil {
		return err
	}
	return d.retry(ctx, conflicts)
}

// retry deletes rows that changed since they were read if they still qualify; a
// row that is gone is none of ours.
func (d *Delete) retry(ctx context.Context, rows []found) error {
	for _, x := range rows {
		err := d.again(ctx, x, func(b *vec.Batch, now found) (bool, error) {
			results, err := d.write(ctx, []storage.Change{{Op: storage.Delete, ID: now.image.ID, Old: now.image}})
			if err != nil {
				return false, err
			}
			switch res := results[0]; res.Outcome {
			case storage.Applied:
				return true, d.returnRows(b, []int32{now.at})
			case storage.Conflict:
				return false, nil
			default:
				return false, d.failure(res)
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (d *Delete) returnRows(b *vec.Batch, rows []int32) error {
	d.affected += int64(len(rows))
	images := make([]*storage.RowImage, len(rows))
	for k, i := range rows {
		images[k], _ = b.Cols[d.Image].Value(int(i)).(*storage.RowImage)
		if err := d.rowDeleted(images[k]); err != nil {
			return err
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if err := d.wrote(funcs.TriggerDelete, images, nil); err != nil {
		return err
	}
	return d.emit(b.WithSel(rows))
}
