package txn

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Definitions change under rows that wait for COMMIT.

// Wrote says whether rows of a table wait for COMMIT.
func (t *Tx) Wrote(oid types.OID) bool {
	w := t.tables[oid]
	return w != nil && w.changed()
}

// CheckIndex is the 23505 of a new unique index over the rows as the transaction sees
// them, some of which wait for COMMIT. Those hold the keys of the index from now on.
func (t *Tx) CheckIndex(ctx context.Context, oid types.OID, index string) error {
	table, err := t.Table(oid)
	if err != nil {
		return err
	}
	rows, err := table.Scan(ctx, storage.ScanSpec{Columns: []int16{storage.ColRowImage}})
	if err != nil {
		return err
	}
	if err := table.CheckIndex(ctx, index, rows); err != nil {
		return err
	}
	return t.rekey(oid)
}

// BuildIndex makes an index of rows that COMMIT has written.
func (t *Tx) BuildIndex(ctx context.Context, oid types.OID, index string) error {
	table, err := t.open(oid)
	if err != nil {
		return err
	}
	return table.BuildIndex(ctx, index, nil)
}

// Retype lets rows that wait for COMMIT follow ALTER COLUMN TYPE: the values of the
// columns moved are those of the columns they map to. Columns inKey need no value any
// more, since the row's id has it.
func (t *Tx) Retype(oid types.OID, moved map[int16]int16, inKey []int16) error {
	if !t.Wrote(oid) {
		return nil
	}
	w := t.tables[oid]
	for id, p := range w.snapshot().rows.all() {
		ch, err := p.net()
		if err != nil {
			return err
		}
		ch = retyped(ch, moved, inKey)
		next := *p
		next.change, next.cold = nil, nil
		if err := w.keep(&next, ch); err != nil {
			return err
		}
		w.set(id, &next)
	}
	return t.rekey(oid)
}

// Restate lets rows that wait for COMMIT follow a type whose values are called otherwise:
// now says what the value v, not NULL, of a column is. Their keys are made of stored forms,
// which stay.
func (t *Tx) Restate(oid types.OID, now func(num int16, v any) any) error {
	if !t.Wrote(oid) {
		return nil
	}
	w := t.tables[oid]
	for id, p := range w.snapshot().rows.all() {
		if p.dead {
			continue
		}
		ch, err := p.net()
		if err != nil {
			return err
		}
		ch.Values = slices.Clone(ch.Values)
		for i, v := range ch.Values {
			if v != nil {
				ch.Values[i] = now(ch.Columns[i], v)
			}
		}
		next := *p
		next.change, next.cold = nil, nil
		if err := w.keep(&next, ch); err != nil {
			return err
		}
		w.set(id, &next)
	}
	return nil
}

func retyped(ch storage.Change, moved map[int16]int16, inKey []int16) storage.Change {
	taken := map[int16]bool{}
	for _, num := range ch.Columns {
		if to := moved[num]; to != 0 {
			taken[to] = true
		}
	}
	out := ch
	out.Columns, out.Values = nil, nil
	for i, num := range ch.Columns {
		if to := moved[num]; to != 0 {
			num = to
		} else if taken[num] || slices.Contains(inKey, num) {
			continue
		}
		out.Columns, out.Values = append(out.Columns, num), append(out.Values, ch.Values[i])
	}
	return out
}

// rekey computes the unique keys of the rows that wait, by the table's present
// definition.
func (t *Tx) rekey(oid types.OID) error {
	if !t.Wrote(oid) {
		return nil
	}
	base, err := t.base.Table(oid)
	if err != nil {
		return err
	}
	w := t.writeSet(oid, base)
	clear(w.holders)
	clear(w.shared)
	for id, p := range w.snapshot().rows.all() {
		if p.dead {
			continue
		}
		image, err := p.image(base)
		if err != nil {
			return err
		}
		keys, err := base.UniqueKeys(image)
		if err != nil {
			return err
		}
		next := *p
		next.keys, next.gains = held(keys), true
		w.set(id, &next)
		w.hold(id, &next)
	}
	return nil
}
