package dml

import (
	"cmp"
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Found is what UPDATE and DELETE share: rows found by an input that yields
// their images.
type Found struct {
	Target
	Input Input
	// InputCols are the input's columns; Image is the position of the row image
	// among them.
	InputCols []plan.Col
	Image     int
	// InTree: the input has rows of other tables too; column TableOID tells whose a
	// row is.
	InTree   bool
	TableOID int
	// Again makes the input for the one row of an id: what a conflict asks.
	Again func(id string) (Input, error)
}

// found is a row to be changed: its image, its place in the input batch, the
// target's values as they were, and as they will be.
type found struct {
	image    *storage.RowImage
	at       int32
	old, row row
	written  *storage.RowImage // the image of row once it is written
	moved    bool              // it is locked, but may have changed since it was read
}

func (f *Found) start() error { return f.open() }

// rows lists the rows of b that the statement has not yet changed: of several
// matches of one row the first counts.
func (f *Found) rows(b *vec.Batch) []found {
	out := make([]found, 0, b.Rows())
	for k := range b.Rows() {
		i := b.Row(k)
		image, _ := b.Cols[f.Image].Value(i).(*storage.RowImage)
		if image == nil || f.Written.has(f.Rel.OID, image.ID) {
			continue
		}
		f.Written.add(f.Rel.OID, image.ID)
		out = append(out, f.foundAt(b, i, image))
	}
	return out
}

func (f *Found) foundAt(b *vec.Batch, i int, image *storage.RowImage) found {
	r := f.oldRow(b, i)
	return found{image: image, at: int32(i), old: r, row: r}
}

// oldRow reads the target's columns of row i.
func (f *Found) oldRow(b *vec.Batch, i int) row {
	r := row{}
	for c, col := range f.InputCols {
		if num, ok := f.numOf(col.ID); ok {
			r[num] = b.Cols[c].Value(i)
		}
	}
	for k, num := range f.Nums {
		if _, read := r[num]; !read && f.missing(f.Cols[k].ID) {
			r[num] = unread{}
		}
	}
	return r
}

// unread stands for a secret that the statement keeps as it is stored.
type unread struct{}

func (f *Found) missing(id plan.ColumnID) bool {
	return !slices.ContainsFunc(f.InputCols, func(c plan.Col) bool { return c.ID == id })
}

func (f *Found) numOf(id plan.ColumnID) (int16, bool) {
	for k, c := range f.Cols {
		if c.ID == id {
			return f.Nums[k], true
		}
	}
	return 0, false
}

// again runs the input for one row that changed since it was read (EvalPlanQual).
// redo is called with the row as it is now, if it still qualifies, and says whether it
// was written.
func (f *Found) again(ctx context.Context, x found, redo func(b *vec.Batch, x found) (done bool, err error)) error {
	if f.InTransaction && !x.moved {
		return concurrentUpdate()
	}
	for range maxRetries {
		in, err := f.Again(x.image.ID)
		if err != nil {
			return err
		}
		now, b, err := f.firstRow(ctx, in, x.image.ID)
		if err != nil || b == nil {
			return err
		}
		if done, err := redo(b, now); done || err != nil {
			return err
		}
	}
	return concurrentUpdate()
}

// firstRow returns the first row of in that is of the target's row with the id; b is
// nil if there is none.
func (f *Found) firstRow(ctx context.Context, in Input, id string) (x found, b *vec.Batch, err error) {
	err = each(ctx, in, func(next *vec.Batch) error {
		for k := 0; b == nil && k < next.Rows(); k++ {
			i := next.Row(k)
			if !f.mine(next, i) {
				continue
			}
			image, _ := next.Cols[f.Image].Value(i).(*storage.RowImage)
			if image == nil {
				return pgerr.Internal("a row without image")
			}
			if image.ID != id {
				continue
			}
			x, b = f.foundAt(next, i, image), next
		}
		return nil
	})
	return x, b, err
}

// Update writes assignments into the rows that Input finds. Checks and
// RETURNING see the input's columns, those of the target with their new values,
// and after them the new values of the columns Sets.
type Update struct {
	Found
	Sets   []int16
	Values *expr.List
	// Whole: all new rows are computed before the first is written, because the
	// assignments read the table too.
	Whole bool
	// Peers are the members of the tree, to whose partitions rows may move; PeersFire:
	// some of them have triggers.
	Peers     map[types.OID]Member
	PeersFire bool

	held []planned
}

// Open implements the operator.
func (u *Update) Open(context.Context) error { return u.start() }

func (u *Update) start() error {
	u.held = nil
	return u.Found.start()
}

// Close implements the operator.
func (u *Update) Close() error {
	u.close()
	return nil
}

// Next implements the operator.
func (u *Update) Next(ctx context.Context) (*vec.Batch, error) {
	return u.next(ctx, u.run)
}

// planned are changes not yet written: of rows of one batch that stay or, with to,
// their inserts into another partition.
type planned struct {
	b       *vec.Batch
	rows    []found
	changes []storage.Change
	to      *Update
}

func (u *Update) run(ctx context.Context) error {
	read := func(ctx context.Context) error {
		return u.Written.each(ctx, u.Input, func(b *vec.Batch) error { return u.batch(ctx, b) })
	}
	if u.late() { // what BEFORE triggers write is not for the statement to see
		if err := read(ctx); err != nil {
			return err
		}
		return u.statement(ctx, nil, u.finish, funcs.TriggerUpdate)
	}
	return u.statement(ctx, u.Input, func(ctx context.Context) error {
		if err := read(ctx); err != nil {
			return err
		}
		return u.finish(ctx)
	}, funcs.TriggerUpdate)
}

// late: rows are completed when they are written, after the BEFORE triggers.
func (u *Update) late() bool { return u.Whole && (u.Triggers != nil || u.PeersFire) && !u.instead() }

// batch writes the rows of b, or with Whole holds them back.
func (u *Update) batch(ctx context.Context, b *vec.Batch) error {
	if u.instead() {
		return u.batchInstead(ctx, b)
	}
	rows := u.rows(b)
	if len(rows) == 0 {
		return nil
	}
	changes, err := u.assign(b, rows)
	if err != nil {
		return err
	}
	parts := []planned{{b: b, rows: rows, changes: changes}}
	if !u.late() {
		if parts, err = u.prepare(ctx, parts[0]); err != nil {
			return err
		}
	}
	if u.Whole {
		u.held = append(u.held, parts...)
		return nil
	}
	return u.applyAll(ctx, parts)
}

// finish writes what was held back.
func (u *Update) finish(ctx context.Context) error {
	held := u.held
	u.held = nil
	return u.applyAll(ctx, held)
}

func (u *Update) applyAll(ctx context.Context, parts []planned) error {
	for _, p := range parts {
		if err := u.apply(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// prepare finds out which rows move, and completes and checks the new rows.
func (u *Update) prepare(ctx context.Context, p planned) ([]planned, error) {
	parts, err := u.divide(p)
	if err != nil {
		return nil, err
	}
	for i := range parts {
		part := &parts[i]
		if part.to != nil {
			err = u.arrive(ctx, part)
		} else {
			err = u.completeAll(part.b, part.rows, part.changes)
		}
		if err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// assign evaluates the assignments of the rows, at once.
func (u *Update) assign(b *vec.Batch, rows []found) ([]storage.Change, error) {
	vals, err := u.values(b, rows)
	if err != nil {
		return nil, err
	}
	changes := make([]storage.Change, len(rows))
	for k := range rows {
		x := &rows[k]
		ch := storage.Change{Op: storage.Update, ID: x.image.ID, Old: x.image}
		for s, num := range u.Sets {
			ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, vals[s].Value(int(x.at)))
		}
		next := row{}
		for num, v := range x.old {
			next[num] = v
		}
		next.set(ch.Columns, ch.Values)
		changes[k], x.row = ch, next
	}
	return changes, nil
}

// values evaluates the assignments.
func (u *Update) values(b *vec.Batch, rows []found) ([]vec.Vector, error) {
	sel := make([]int32, len(rows))
	for k, x := range rows {
		sel[k] = x.at
	}
	return u.Values.Eval(b, sel)
}

// completeAll computes the generated columns of the new rows and checks them.
func (u *Update) completeAll(b *vec.Batch, rows []found, changes []storage.Change) error {
	if err := u.regenerate(b, rows, changes); err != nil {
		return err
	}
	for k := range rows {
		var err error
		if changes[k], err = u.complete(changes[k], rows[k].row); err != nil {
			return cmp.Or(u.checkRows(b, rows[:k]), err) // of two errors, that of the first row
		}
	}
	return u.checkRows(b, rows)
}

func (u *Update) checkRows(b *vec.Batch, rows []found) error {
	if len(u.Checks) == 0 || len(rows) == 0 {
		return nil
	}
	return u.check(u.results(b, rows), rowsOfFound(rows))
}

// regenerate adds the generated columns to the changes and their rows.
func (u *Update) regenerate(b *vec.Batch, rows []found, changes []storage.Change) error {
	if len(u.Generated) == 0 {
		return nil
	}
	vals, err := u.generate(u.results(b, rows))
	if err != nil {
		return err
	}
	for k := range rows {
		ch := &changes[k]
		ch.Columns, ch.Values = append(ch.Columns, setNums(u.Generated)...), append(ch.Values, vals[k]...)
		rows[k].row.set(ch.Columns, ch.Values)
	}
	return nil
}

func rowsOfFound(rows []found) []row {
	out := make([]row, len(rows))
	for k, x := range rows {
		out[k] = x.row
	}
	return out
}

// results is the batch that checks and RETURNING see, one row per found row.
func (u *Update) results(b *vec.Batch, rows []found) *vec.Batch {
	n := len(rows)
	cols := make([]vec.Vector, 0, len(u.InputCols)+len(u.Sets))
	sel := make([]int32, n)
	for k, x := range rows {
		sel[k] = x.at
	}
	for c, col := range u.InputCols {
		num, ok := u.numOf(col.ID)
		if !ok {
			cols = append(cols, b.Cols[c].Gather(sel))
			continue
		}
		cols = append(cols, columnOf(col.Type, rows, num))
	}
	for _, num := range slices.Concat(u.Sets, setNums(u.Generated)) {
		cols = append(cols, columnOf(u.setType(num), rows, num))
	}
	return vec.NewBatch(cols, n)
}

func (u *Update) setType(num int16) *types.Type {
	if c := u.Rel.Column(num); c != nil {
		return c.Type
	}
	for k, n := range u.Nums {
		if n == num {
			return u.Cols[k].Type
		}
	}
	return types.ByOID(types.TextOID)
}

func columnOf(t *types.Type, rows []found, num int16) vec.Vector {
	out := vec.NewBuilder(t, len(rows))
	for _, x := range rows {
		out.Append(x.row[num])
	}
	return out.Build()
}

// apply locks rows and writes their changes; those of rows that have moved are made
// anew.
func (u *Update) apply(ctx context.Context, p planned) error {
	defer u.holding()()
	p, moved, err := u.lockPlanned(ctx, p)
	if err != nil {
		return err
	}
	if err := u.applyLocked(ctx, p); err != nil {
		return err
	}
	return u.redoAll(ctx, moved)
}

// applyLocked writes the changes of rows; those that must pass BEFORE triggers one by
// one.
func (u *Update) applyLocked(ctx context.Context, p planned) error {
	if len(p.rows) == 0 {
		return nil
	}
	switch {
	case u.firesBefore(funcs.TriggerUpdate):
		for k := range p.rows {
			one := planned{b: p.b, rows: p.rows[k : k+1], changes: p.changes[k : k+1]}
			if skip, err := u.fireUpdate(ctx, &one.rows[0], &one.changes[0]); err != nil {
				return err
			} else if skip {
				continue
			}
			if err := u.prepareAndWrite(ctx, one); err != nil {
				return err
			}
		}
		return nil
	case u.late():
		return u.prepareAndWrite(ctx, p)
	}
	return u.writePart(ctx, p)
}

func (u *Update) prepareAndWrite(ctx context.Context, p planned) error {
	parts, err := u.prepare(ctx, p)
	if err != nil {
		return err
	}
	for _, part := range parts {
		if err := u.writePart(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// writePart writes rows that stay, or moves those that do not.
func (u *Update) writePart(ctx context.Context, p planned) error {
	if p.to != nil {
		return u.depart(ctx, p)
	}
	return u.writeRows(ctx, p)
}

// writeRows writes the changes of rows and tries again those that conflict.
func (u *Update) writeRows(ctx context.Context, p planned) error {
	b, rows := p.b, p.rows
	results, err := u.writeChanges(ctx, rows, p.changes)
	if err != nil {
		return err
	}
	var written []found
	var conflicts []found
	for k, res := range results {
		switch res.Outcome {
		case storage.Applied:
			rows[k].written = res.Image
			written = append(written, rows[k])
		case storage.Conflict:
			conflicts = append(conflicts, rows[k])
		default:
			return u.updateFailure(res, rows[k].row)
		}
	}
	if err := u.returnRows(b, written); err != nil {
		return err
	}
	return u.redoAll(ctx, conflicts)
}

func (u *Update) redoAll(ctx context.Context, rows []found) error {
	for _, x := range rows {
		if err := u.again(ctx, x, func(b *vec.Batch, x found) (bool, error) { return u.redo(ctx, b, x) }); err != nil {
			return err
		}
	}
	return nil
}

func (u *Update) updateFailure(res storage.Result, r row) error {
	if res.Outcome == storage.Exists && u.Rel.PrimaryKey() != nil {
		return u.duplicate(u.Rel.PrimaryKey(), r)
	}
	return u.failure(res)
}

func (u *Update) redo(ctx context.Context, b *vec.Batch, x found) (done bool, err error) {
	rows := []found{x}
	changes, err := u.assign(b, rows)
	if err != nil {
		return false, err
	}
	if u.firesBefore(funcs.TriggerUpdate) {
		if skip, err := u.fireUpdate(ctx, &rows[0], &changes[0]); skip || err != nil {
			return true, err
		}
	}
	parts, err := u.prepare(ctx, planned{b: b, rows: rows, changes: changes})
	if err != nil {
		return false, err
	}
	if parts[0].to != nil {
		return false, concurrentUpdate()
	}
	rows, changes = parts[0].rows, parts[0].changes
	results, err := u.writeChanges(ctx, rows, changes)
	if err != nil {
		return false, err
	}
	switch res := results[0]; res.Outcome {
	case storage.Applied:
		rows[0].written = res.Image
		return true, u.returnRows(b, rows)
	case storage.Conflict:
		return false, nil
	default:
		return false, u.updateFailure(res, rows[0].row)
	}
}

func (u *Update) returnRows(b *vec.Batch, rows []found) error {
	u.affected += int64(len(rows))
	for _, x := range rows {
		if err := u.rowUpdated(x.image, x.row); err != nil {
			return err
		}
	}
	if len(rows) == 0 || u.Returning.Len() == 0 && u.Triggers == nil && u.Inherited == nil {
		return nil
	}
	before, images := make([]*storage.RowImage, len(rows)), make([]*storage.RowImage, len(rows))
	for k, x := range rows {
		before[k], images[k] = x.image, x.written
	}
	if err := u.wrote(funcs.TriggerUpdate, before, images); err != nil || u.Returning.Len() == 0 {
		return err
	}
	if err := u.stored(rowsOfFound(rows), images); err != nil {
		return err
	}
	return u.emit(u.results(b, rows))
}
