package rows

import (
	"context"
	"errors"

	"github.com/s3db-sql/s3db-sql/storage"
)

// Undo implements storage.Unit: the rows of the span that are as the unit has left them go
// back to what its record has. The parts of a span are one call's and go together, since
// its rows may have handed on unique keys.
func (u *unit) Undo(ctx context.Context, s storage.Span) error {
	ctx = context.WithoutCancel(ctx)
	var rows []txEntry
	for n := s.From; n < s.To; n++ {
		part, err := u.ledger.part(ctx, n)
		if err != nil {
			return err
		}
		rows = append(rows, part...)
	}
	var errs []error
	for _, t := range u.tables() {
		errs = append(errs, t.restoreAll(ctx, rows))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for i := range rows {
		delete(u.graves.spared, rows[i].Key)
	}
	for n := s.From; n < s.To; n++ {
		u.ledger.undo(n)
	}
	return nil
}

// tables are those that the unit writes to.
func (u *unit) tables() (out []*table) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for _, t := range u.touched {
		out = append(out, t)
	}
	return out
}

// restoreAll puts back the rows of the table.
func (t *table) restoreAll(ctx context.Context, rows []txEntry) error {
	moves, results := make([]*move, len(rows)), make([]storage.Result, len(rows))
	var first firstError
	sideways(len(rows), t.fanOut(), func(k int) {
		id, ok := t.schema.ParseDataKey(rows[k].Key)
		if !ok {
			return
		}
		var err error
		if moves[k], err = t.restoring(ctx, id, &rows[k]); err != nil {
			first.set(err)
		}
	})
	t.carryOut(&writer{ctx: ctx, undoing: true}, moves, results)
	for k, m := range moves {
		if m != nil && results[k].Outcome != storage.Applied {
			first.set(undoError(results[k]))
		}
	}
	return first.get()
}

// restoring is the move of a row that the unit has written, nil for another one.
func (t *table) restoring(ctx context.Context, id string, e *txEntry) (*move, error) {
	now, err := t.fetchObject(ctx, id, t.inLine)
	if now == nil || err != nil {
		return nil, err
	}
	if tag, ok := tagOf(now.info, now.body); !ok || !t.unit.is(tag) {
		return nil, nil
	}
	m := &move{id: id}
	if !isTombstone(now.info) {
		if m.old, err = t.state(now, anyIndex); err != nil {
			return nil, err
		}
	}
	if e.Old != nil {
		if m.next, err = t.state(e.Old.record(t.env, id, e.Key), anyIndex); err != nil {
			return nil, err
		}
	}
	if m.old == nil && m.next == nil {
		return nil, nil
	}
	return m, nil
}
