package rows

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Undo implements storage.Table: the moves of the changes, backwards, with the
// objects as they were, each under the condition that the row is still as the
// change left it. 40001 for a row that another writer has changed since. It runs
// to its end though ctx is cancelled: that may be why it is called.
func (t *table) Undo(ctx context.Context, changes []storage.Change, results []storage.Result) error {
	var first error
	moves := make([]*move, len(changes))
	for i, ch := range changes {
		if results[i].Outcome != storage.Applied {
			continue
		}
		var err error
		if moves[i], err = t.backwards(ch, results[i]); err != nil && first == nil {
			first = err
		}
	}
	undone := make([]storage.Result, len(changes))
	t.carryOut(&writer{ctx: context.WithoutCancel(ctx), undoing: true}, moves, undone)
	for i, m := range moves {
		if m != nil && undone[i].Outcome != storage.Applied && first == nil {
			first = undoError(undone[i])
		}
	}
	return first
}

func undoError(r storage.Result) error {
	if r.Err != nil {
		return r.Err
	}
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update").
		WithDetail("Another writer changed the row before this change was taken back.")
}

// backwards is the move that takes a change back.
func (t *table) backwards(ch storage.Change, res storage.Result) (m *move, err error) {
	m = &move{id: ch.ID}
	if ch.Old != nil {
		m.id = ch.Old.ID
		if m.next, err = t.stateOf(ch.Old); err != nil {
			return nil, err
		}
	}
	if res.Image != nil {
		m.id = res.Image.ID
		m.old, err = t.stateOf(res.Image)
	}
	return m, err
}
