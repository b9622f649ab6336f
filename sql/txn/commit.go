package txn

import (
	"cmp"
	"context"
	"iter"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Commit writes what is buffered, as a unit that counts with Finish. Until then
// Rollback takes it back: checks follow, and the catalog's own commit, which may fail.
// all: nothing follows, so that a single row needs no unit. On failure nothing is left
// written, and the error says why: 40001 for a row that another writer changed, or for
// reads that are not the state of one moment; 23505 for a key that another writer took.
func (t *Tx) Commit(ctx context.Context, all bool) error {
	if err := cmp.Or(t.CheckReads(ctx), t.reads.failed()); err != nil {
		return err
	}
	if len(t.tables) == 0 && len(t.locked) == 0 && t.reads == nil {
		return nil // nothing is buffered, nor to be looked at again
	}
	defer t.shared.hold(t.committing())()
	if err := t.checkBefore(ctx); err != nil {
		return err
	}
	mine := t.ownRows()
	all = all && !t.wrote && len(t.locked) == 0 && t.isolation != Serializable
	if err := t.writeBuffered(ctx, all); err != nil {
		return t.takeBack(ctx, err)
	}
	// Of two that have each read what the other is about to write, none may pass over it.
	strict := storage.Strict(ctx)
	if err := t.verifyLocked(strict); err != nil {
		return t.takeBack(ctx, err)
	}
	if err := t.checkAfter(strict, mine); err != nil {
		return t.takeBack(ctx, err)
	}
	return nil
}

// part is what one call of Apply writes.
type part struct {
	oid     types.OID
	table   storage.Table
	changes []storage.Change
	// recorded: the unit's record is what takes it back.
	recorded bool
}

// writeBuffered writes what is buffered in waves: the parts of a wave are announced
// together.
func (t *Tx) writeBuffered(ctx context.Context, all bool) error {
	var wave []part
	rows := 0
	for p, err := range t.parts(ctx) {
		if err != nil {
			return err
		}
		if wave, rows = append(wave, p), rows+len(p.changes); rows < pieceRows {
			continue
		}
		if err := t.writeWave(ctx, wave); err != nil {
			return err
		}
		wave, rows, all = nil, 0, false
	}
	if all && rows == 1 {
		return t.writeParts(ctx, wave)
	}
	return t.writeWave(ctx, wave)
}

func (t *Tx) writeWave(ctx context.Context, wave []part) error {
	if err := t.unite(ctx, wave); err != nil {
		return err
	}
	return t.writeParts(ctx, wave)
}

func (t *Tx) writeParts(ctx context.Context, parts []part) error {
	for _, p := range parts {
		results, err := t.apply(ctx, p)
		if err != nil {
			return err
		}
		if err := commitError(results); err != nil {
			return err
		}
	}
	return nil
}

// parts are the buffered changes, table by table; each table's write set is empty
// afterwards.
func (t *Tx) parts(ctx context.Context) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		for _, oid := range t.order {
			for p, err := range t.partsOf(ctx, oid) {
				if !yield(p, err) || err != nil {
					return
				}
			}
			t.tables[oid].restore(state{})
		}
	}
}

func (t *Tx) partsOf(ctx context.Context, oid types.OID) iter.Seq2[part, error] {
	return func(yield func(part, error) bool) {
		w := t.tables[oid]
		if !w.changed() {
			return
		}
		// Opened again: the transaction's own DDL may have added an index since.
		table, err := t.open(oid)
		if err != nil {
			yield(part{}, err)
			return
		}
		for piece, err := range w.changesTo(ctx, table) {
			if err == nil && t.locked[oid].overtaken(piece) {
				err = SerializationFailure()
			}
			if !yield(part{oid: oid, table: table, changes: piece}, err) || err != nil {
				return
			}
		}
	}
}

// committing are the tables whose latches a COMMIT holds.
func (t *Tx) committing() map[types.OID]bool {
	out := map[types.OID]bool{}
	for oid, w := range t.tables {
		if w.changed() {
			out[oid] = false
		}
	}
	if t.isolation == Serializable && len(out) > 0 {
		for oid := range t.reads.counted() {
			out[oid] = true
		}
	}
	return out
}

// takeBack undoes what a failed COMMIT has written and returns why it failed.
func (t *Tx) takeBack(ctx context.Context, cause error) error {
	if undo := t.endUnit(ctx, t.rollbackTo(ctx, Savepoint{})); undo != nil {
		return pgerr.New(pgerr.TransactionResolutionUnknown,
			"transaction could not be committed, nor taken back in full").WithDetail("%v; %v", cause, undo)
	}
	return cause
}

func commitError(results []storage.Result) error {
	for _, r := range results {
		switch r.Outcome {
		case storage.Applied:
			continue
		case storage.Conflict:
			return SerializationFailure()
		}
		if r.Err != nil {
			return r.Err
		}
		return SerializationFailure()
	}
	return nil
}

// SerializationFailure is PostgreSQL's 40001.
func SerializationFailure() *pgerr.Error {
	return pgerr.New(pgerr.SerializationFailure, "could not serialize access due to concurrent update")
}
