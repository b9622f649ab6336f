package dml

import (
	"context"
	"maps"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// instead says that the target is a view: its INSTEAD OF triggers do what the
// statement asks for, and a row counts unless one of them returns none.
func (t *Target) instead() bool { return t.Rel.Kind == catalog.View }

// fireInstead is ExecIRInsertTriggers and its kin.
func (t *Target) fireInstead(ctx context.Context, op funcs.TriggerOp, old, new []any) ([]any, error) {
	made, err := t.Triggers.rowBefore(ctx, funcs.TriggerInsteadOf, op, old, new, nil)
	if made != nil {
		t.affected++
	}
	return made, err
}

func (n *Insert) batchInstead(ctx context.Context, b *vec.Batch) error {
	for k := range b.Rows() {
		r := row{}
		for c, num := range n.InputNums {
			r[num] = b.Cols[c].Value(b.Row(k))
		}
		made, err := n.fireInstead(ctx, funcs.TriggerInsert, nil, n.rowFor(r))
		if err != nil {
			return n.blame(err, n.lineOf(b, b.Row(k)), true)
		}
		if made == nil {
			if n.Origin != nil { // COPY counts what it gave to the triggers
				n.affected++
			}
			continue
		}
		r.set(n.Triggers.Nums, made)
		if err := n.check(n.rowsOf([]row{r}), []row{r}); err != nil {
			return n.blame(err, n.lineOf(b, b.Row(k)), true)
		}
		if err := n.emit(n.rowsOf([]row{r})); err != nil {
			return err
		}
	}
	return nil
}

// viewRows are the rows of b, each as often as it comes.
func (f *Found) viewRows(b *vec.Batch) []found {
	out := make([]found, b.Rows())
	for k := range out {
		out[k] = f.foundAt(b, b.Row(k), nil)
	}
	return out
}

func (u *Update) batchInstead(ctx context.Context, b *vec.Batch) error {
	rows := u.viewRows(b)
	vals, err := u.values(b, rows)
	if err != nil {
		return err
	}
	kept := rows[:0]
	for _, x := range rows {
		x.row = maps.Clone(x.old)
		for s, num := range u.Sets {
			x.row[num] = vals[s].Value(int(x.at))
		}
		made, err := u.fireInstead(ctx, funcs.TriggerUpdate, u.rowFor(x.old), u.rowFor(x.row))
		if err != nil {
			return err
		}
		if made != nil {
			x.row.set(u.Triggers.Nums, made)
			kept = append(kept, x)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	results := u.results(b, kept)
	if err := u.check(results, rowsOfFound(kept)); err != nil {
		return err
	}
	return u.emit(results)
}

func (d *Delete) batchInstead(ctx context.Context, b *vec.Batch) error {
	kept := make([]int32, 0, b.Rows())
	for _, x := range d.viewRows(b) {
		made, err := d.fireInstead(ctx, funcs.TriggerDelete, d.rowFor(x.old), nil)
		if err != nil {
			return err
		}
		if made != nil {
			kept = append(kept, x.at)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	return d.emit(b.WithSel(kept))
}
