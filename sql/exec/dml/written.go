package dml

import (
	"context"
	"hash/maphash"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Written are the ids of the rows that a statement has changed, those of its
// WITH clause too. A row of them is left alone by UPDATE and DELETE, and refused
// by DO UPDATE: TM_SelfModified and TM_Invisible in nodeModifyTable.c.
type Written struct {
	// Inserts: a DO UPDATE among the statement's parts asks for inserted rows too.
	Inserts bool
	// Outer is that of the statement one of whose triggers runs this one; nil for a
	// client's own.
	Outer *Written

	// Parts is how many parts of the statement write.
	Parts int
	// Singly: the rows come one by one, each of which is written before the next comes.
	Singly bool

	// single: the row in hand is the only one that the statement has found to write.
	single bool

	ids rowIDs
	// triggered are the rows that the statement's triggers have changed.
	triggered rowIDs
}

// rowIDs are rows, by 128 bits of chance for each: a statement may write a great many, and
// two of these are never the same.
type rowIDs map[types.OID]map[[2]uint64]struct{}

var idSeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func hashID(id string) [2]uint64 {
	return [2]uint64{maphash.String(idSeeds[0], id), maphash.String(idSeeds[1], id)}
}

func (r rowIDs) add(table types.OID, id string) {
	if r[table] == nil {
		r[table] = map[[2]uint64]struct{}{}
	}
	r[table][hashID(id)] = struct{}{}
}

func (r rowIDs) has(table types.OID, id string) bool {
	_, ok := r[table][hashID(id)]
	return ok
}

// NewWritten is that of a statement which has changed nothing yet.
func NewWritten() *Written { return &Written{ids: rowIDs{}, triggered: rowIDs{}} }

func (w *Written) has(table types.OID, id string) bool { return w.ids.has(table, id) }

func (w *Written) add(table types.OID, id string) {
	w.ids.add(table, id)
	for o := w.Outer; o != nil; o = o.Outer {
		o.triggered.add(table, id)
	}
}

// fromTriggers says whether a trigger of the statement has changed the row.
func (w *Written) fromTriggers(table types.OID, id string) bool { return w.triggered.has(table, id) }

// each is each for the rows that a statement writes. A batch of one row waits for the
// next one, if it may: a row that is written alone is atomic as it is.
func (w *Written) each(ctx context.Context, in Input, f func(b *vec.Batch) error) error {
	var held *vec.Batch
	more := false
	err := each(ctx, in, func(b *vec.Batch) error {
		switch {
		case held == nil && !more && !w.Singly && b.Rows() == 1:
			held = b
			return nil
		case held != nil:
			first := held
			held = nil
			if err := f(first); err != nil {
				return err
			}
		}
		more = true
		return f(b)
	})
	if err != nil || held == nil {
		return err
	}
	w.single = w.Parts == 1
	defer func() { w.single = false }()
	return f(held)
}

// all says whether a change of the target is all that the statement writes: nothing
// that may write more hangs on it.
func (t *Target) all(changes []storage.Change) bool {
	return t.Written.single && len(changes) == 1 && t.Triggers == nil && !t.foreign.acts(changes[0])
}

// acts says whether other rows may follow a change, by ON DELETE or ON UPDATE.
func (r foreignRecord) acts(ch storage.Change) bool {
	return ch.Op != storage.Insert && slices.ContainsFunc(r.to, func(fk catalog.ForeignKey) bool {
		action := fk.OnDelete
		if ch.Op == storage.Update {
			action = fk.OnUpdate
		}
		return action == 'c' || action == 'n' || action == 'd'
	})
}
