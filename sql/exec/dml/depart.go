package dml

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// divide finds the partitions of the new rows (ExecUpdateAct): those that stay are
// together, those that move by where they go; where RETURNING shows the order, only
// rows that follow each other are.
func (u *Update) divide(p planned) ([]planned, error) {
	if u.Router == nil {
		return []planned{p}, nil
	}
	in := u.results(p.b, p.rows)
	var out []planned
	for k, x := range p.rows {
		to, err := u.destination(u.Router.find(in, k))
		if to == nil && err == nil {
			err = u.partitionViolation(u.Router.Root, x.row)
		}
		if err != nil {
			return nil, err
		}
		if to == u {
			to = nil
		}
		at := placeOf(out, to, u.Returning.Len() > 0)
		if at < 0 {
			at, out = len(out), append(out, planned{b: p.b, to: to})
		}
		out[at].rows, out[at].changes = append(out[at].rows, x), append(out[at].changes, p.changes[k])
	}
	return out, nil
}

// placeOf finds the part of rows that go to the same partition; inOrder: only the last.
func placeOf(parts []planned, to *Update, inOrder bool) int {
	for i := len(parts) - 1; i >= 0; i-- {
		if parts[i].to == to {
			return i
		}
		if inOrder {
			break
		}
	}
	return -1
}

// destination is the operator of a partition, nil for one that the statement does not
// write to.
func (u *Update) destination(leaf *catalog.Relation, err error) (*Update, error) {
	switch {
	case err != nil || leaf == nil:
		return nil, err
	case leaf.OID == u.Rel.OID:
		return u, nil
	}
	to, _ := u.Peers[leaf.OID].(*Update)
	if to == nil {
		return nil, pgerr.Internal("partition %s is not in the tree", leaf.Name)
	}
	return to, nil
}

// arrive makes the inserts of rows that move (ExecCrossPartitionUpdate): from here on
// the rows have the numbers of their new partition, whose constraints they must
// satisfy. The row that leaves passes BEFORE DELETE triggers, the one that comes
// BEFORE INSERT triggers; either can keep it from moving.
func (u *Update) arrive(ctx context.Context, p *planned) error {
	var rows []found
	var changes []storage.Change
	for _, x := range p.rows {
		leaves, err := u.fireLeaving(ctx, x)
		if err != nil {
			return err
		}
		if !leaves {
			continue
		}
		x.row = u.renumbered(x.row, p.to)
		comes, err := p.to.fireComing(ctx, p.b, &x)
		if err != nil {
			return err
		}
		if comes {
			rows, changes = append(rows, x), append(changes, storage.Change{Op: storage.Insert})
		}
	}
	p.rows, p.changes = rows, changes
	if len(rows) == 0 {
		return nil
	}
	if err := p.to.regenerate(p.b, p.rows, p.changes); err != nil {
		return err
	}
	for k, x := range p.rows {
		var err error
		if p.changes[k], err = u.arrival(x, p.to); err != nil {
			return err
		}
	}
	in := p.to.results(p.b, p.rows)
	if err := p.to.check(in, rowsOfFound(p.rows)); err != nil {
		return err
	}
	if !p.to.firesBefore(funcs.TriggerInsert) {
		return nil
	}
	return p.to.checkOwn(in, rowsOfFound(p.rows))
}

// fireLeaving says whether BEFORE DELETE triggers let a row go.
func (u *Update) fireLeaving(ctx context.Context, x found) (bool, error) {
	if !u.firesBefore(funcs.TriggerDelete) {
		return true, nil
	}
	old, err := u.imageRows([]*storage.RowImage{x.image}, u.Triggers.Nums)
	if err != nil {
		return false, err
	}
	r, err := u.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerDelete, old[0], nil, nil)
	return r != nil, err
}

// fireComing takes a row through BEFORE INSERT triggers, and says whether they let it
// in.
func (u *Update) fireComing(ctx context.Context, b *vec.Batch, x *found) (bool, error) {
	if !u.firesBefore(funcs.TriggerInsert) {
		return true, nil
	}
	given := u.rowFor(x.row)
	made, err := u.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerInsert, nil, given, u.staysIn(u.placeOf(b, x)))
	if made != nil && err == nil {
		u.changed(&storage.Change{}, given, made, x.row)
	}
	return made != nil, err
}

// renumbered is a row by the numbers of another partition's columns.
func (u *Update) renumbered(r row, to *Update) row {
	out := row{}
	for k, c := range u.Cols {
		if num, ok := to.numOf(c.ID); ok && num != catalog.ColRowImage {
			out[num] = r[u.Nums[k]]
		}
	}
	out[catalog.ColTableOID] = to.Rel.OID
	return out
}

// arrival is the insert of one row, content included.
func (u *Update) arrival(x found, to *Update) (storage.Change, error) {
	ch := storage.Change{Op: storage.Insert}
	if err := to.checkNotNull(to.Nums, x.row); err != nil {
		return ch, err
	}
	for _, num := range to.Nums {
		if c := to.Rel.Column(num); c != nil && num > 0 && c.Path == nil {
			ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, x.row[num])
		}
	}
	ch, err := u.withContent(ch, x)
	if err != nil {
		return ch, err
	}
	return to.validate(ch, x.row)
}

// depart writes rows to their new partition, then deletes the old ones. What another transaction
// changed meanwhile is 40001: it can't be asked again whether it still moves.
func (u *Update) depart(ctx context.Context, p planned) error {
	if len(p.rows) == 0 {
		return nil
	}
	u.Written.single = false
	inserted, err := p.to.write(ctx, p.changes)
	if err != nil {
		return err
	}
	for k, res := range inserted {
		if res.Outcome != storage.Applied {
			return p.to.updateFailure(res, p.rows[k].row)
		}
		p.rows[k].written = res.Image
		u.Written.add(p.to.Rel.OID, res.Image.ID)
	}
	removals := make([]storage.Change, len(p.rows))
	for k, x := range p.rows {
		removals[k] = storage.Change{Op: storage.Delete, ID: x.image.ID, Old: x.image}
	}
	deleted, err := u.write(ctx, removals)
	if err != nil {
		return err
	}
	for _, res := range deleted {
		switch res.Outcome {
		case storage.Applied:
		case storage.Conflict:
			return concurrentUpdate()
		default:
			return u.failure(res)
		}
	}
	return u.departed(p)
}

// departed tells foreign keys and AFTER triggers of the moves, counts them, and puts
// out RETURNING.
func (u *Update) departed(p planned) error {
	u.affected += int64(len(p.rows))
	before, images := make([]*storage.RowImage, len(p.rows)), make([]*storage.RowImage, len(p.rows))
	for k, x := range p.rows {
		if err := u.rowMoved(p.to, x.image, x.row); err != nil {
			return err
		}
		if err := p.to.rowInserted(x.row); err != nil {
			return err
		}
		before[k], images[k] = x.image, x.written
	}
	if err := u.movedTo(p.to, before, images); err != nil || u.Returning.Len() == 0 {
		return err
	}
	if err := p.to.stored(rowsOfFound(p.rows), images); err != nil {
		return err
	}
	return p.to.emit(p.to.results(p.b, p.rows))
}

// movedTo tells the partitions' AFTER triggers of rows that left one and came to the
// other; the statement's table has updated them.
func (u *Update) movedTo(to *Update, before, images []*storage.RowImage) error {
	if err := u.inherit(funcs.TriggerUpdate, before, nil); err != nil {
		return err
	}
	if err := u.wroteOwn(funcs.TriggerDelete, before, nil); err != nil {
		return err
	}
	if err := to.inherit(funcs.TriggerUpdate, nil, images); err != nil {
		return err
	}
	return to.wroteOwn(funcs.TriggerInsert, nil, images)
}
