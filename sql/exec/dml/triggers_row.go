package dml

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Rows that pass BEFORE triggers go one by one from the first trigger to the
// write: a trigger's function may read the table, and finds the rows before it.

// batchFired is batch for rows that must pass BEFORE triggers.
func (n *Insert) batchFired(ctx context.Context, b *vec.Batch) error {
	for k := range b.Rows() {
		line := n.lineOf(b, b.Row(k))
		p, skip, err := n.proposeFired(ctx, b, b.Row(k))
		if err != nil {
			return n.blame(err, line, true)
		}
		if skip {
			continue
		}
		p.line = line
		if err := n.insert(ctx, []proposed{p}); err != nil {
			return err
		}
	}
	if n.Origin != nil {
		return n.Origin.Pending()
	}
	return nil
}

// proposeFired makes the change of row i of b with what its triggers make of it.
func (n *Insert) proposeFired(ctx context.Context, b *vec.Batch, i int) (p proposed, skip bool, err error) {
	r, ch := row{}, storage.Change{}
	for c, num := range n.InputNums {
		ch.Columns, ch.Values = append(ch.Columns, num), append(ch.Values, b.Cols[c].Value(i))
	}
	r.set(ch.Columns, ch.Values)
	given := n.rowFor(r)
	made, err := n.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerInsert, nil, given)
	if err != nil || made == nil {
		return p, true, err
	}
	n.changed(&ch, given, made, r)
	if len(n.Generated) > 0 {
		vals, err := n.generate(n.rowsOf([]row{r}))
		if err != nil {
			return p, false, err
		}
		ch.Columns, ch.Values = append(ch.Columns, setNums(n.Generated)...), append(ch.Values, vals[0]...)
	}
	vals := [][]any{ch.Values}
	if ch.Columns, err = n.identify(ctx, ch.Columns, vals); err != nil {
		return p, false, err
	}
	ch.Values = vals[0]
	if p, err = n.proposeRow(ch.Columns, ch.Values, n.nonKey(ch.Columns)); err != nil {
		return p, false, err
	}
	in := n.rowsOf([]row{p.row})
	if err := n.checkBy(n.proposedChecks(), in, []row{p.row}); err != nil {
		return p, false, err
	}
	return p, false, n.checkOwn(in, []row{p.row})
}

// fireUpdate takes an update of one row through the BEFORE triggers: x.row and
// the change become what they make of it.
func (t *Target) fireUpdate(ctx context.Context, x *found, ch *storage.Change) (skip bool, err error) {
	rows, err := t.imageRows([]*storage.RowImage{x.image}, t.Triggers.Nums)
	if err != nil {
		return false, err
	}
	x.old, x.row = maps.Clone(x.old), maps.Clone(x.row)
	for i, num := range t.Triggers.Nums { // a trigger sees columns that the statement does not read
		x.old[num] = rows[0][i]
		if !slices.Contains(ch.Columns, num) {
			x.row[num] = rows[0][i]
		}
	}
	proposed := t.rowFor(x.row)
	made, err := t.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerUpdate, rows[0], proposed)
	if err != nil || made == nil {
		return true, err
	}
	t.changed(ch, proposed, made, x.row)
	return false, t.checkUntouched(x, "updated")
}

// eachFired calls f for each row that its BEFORE DELETE triggers let go.
func (d *Delete) eachFired(ctx context.Context, rows []found, f func(x found) error) error {
	for k := range rows {
		x := &rows[k]
		old, err := d.imageRows([]*storage.RowImage{x.image}, d.Triggers.Nums)
		if err != nil {
			return err
		}
		row, err := d.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerDelete, old[0], nil)
		if err != nil {
			return err
		}
		if row == nil {
			continue
		}
		if err := d.checkUntouched(x, "deleted"); err != nil {
			return err
		}
		if err := f(*x); err != nil {
			return err
		}
	}
	return nil
}

// checkUntouched is 27000 for a row that its own BEFORE triggers have changed.
func (t *Target) checkUntouched(x *found, verb string) error {
	if !t.Written.fromTriggers(t.Rel.OID, x.image.ID) {
		return nil
	}
	return pgerr.New(pgerr.TriggeredDataChangeViolation, "tuple to be %s was already modified by an operation triggered by the current command", verb).
		WithHint("Consider using an AFTER trigger instead of a BEFORE trigger to propagate changes to other rows.")
}
