package dml

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
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
	if ch, err = n.table.Defaults(ch); err != nil {
		return p, false, err
	}
	r.set(ch.Columns, ch.Values)
	given := n.rowFor(r)
	made, err := n.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerInsert, nil, given, n.staysIn(n.placeOf(r)))
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

// staysIn is what rowBefore looks at in an INSERT: 0A000 for a row that the clone of
// a partitioned table's trigger makes one of another partition, which at finds.
func (t *Target) staysIn(at func(made []any) (*catalog.Relation, error)) func(tr Trigger, made []any) error {
	if t.Router == nil {
		return nil
	}
	return func(tr Trigger, made []any) error {
		if !tr.Inherited {
			return nil
		}
		leaf, err := at(made)
		switch {
		case err != nil && pgerr.CodeOf(err) != pgerr.CheckViolation:
			return err
		case err == nil && leaf != nil && leaf.OID == t.Rel.OID:
			return nil
		}
		return pgerr.New(pgerr.FeatureNotSupported, "moving row to another partition during a BEFORE FOR EACH ROW trigger is not supported").
			WithDetail("Before executing trigger \"%s\", the row was to be in partition \"%s.%s\".", tr.Name, t.Rel.Schema, t.Rel.Name)
	}
}

// placeOf is the partition of a row to be inserted, with what its triggers made of it.
func (n *Insert) placeOf(r row) func(made []any) (*catalog.Relation, error) {
	return func(made []any) (*catalog.Relation, error) {
		now := maps.Clone(r)
		now.set(n.Triggers.Nums, made)
		return n.Router.find(n.rowsOf([]row{now}), 0)
	}
}

// placeOf is the partition of a row of b that comes from another one, with what its
// triggers made of it.
func (u *Update) placeOf(b *vec.Batch, x *found) func(made []any) (*catalog.Relation, error) {
	return func(made []any) (*catalog.Relation, error) {
		now := *x
		now.row = maps.Clone(x.row)
		now.row.set(u.Triggers.Nums, made)
		return u.Router.find(u.results(b, []found{now}), 0)
	}
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
	made, err := t.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerUpdate, rows[0], proposed, nil)
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
		row, err := d.Triggers.rowBefore(ctx, funcs.TriggerBefore, funcs.TriggerDelete, old[0], nil, nil)
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
