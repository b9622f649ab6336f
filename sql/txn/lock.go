package txn

import (
	"context"
	"maps"
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// lockedRows are rows of one table that SELECT FOR UPDATE has read: the ETag by
// id. COMMIT fails with 40001 if another writer has changed one since. They are
// looked at after the writes are in place: of two transactions that each write
// a row which the other has locked, at least one fails.
type lockedRows map[string]string

// lockedRow is one of them, in the order in which they were locked: ROLLBACK TO
// lets go of those that were locked since.
type lockedRow struct {
	table types.OID
	id    string
}

// Lock implements exec.Locker. A row that the transaction itself has written is
// under its write's own condition.
func (t *Tx) Lock(oid types.OID, id, etag string) {
	if w := t.tables[oid]; w != nil && w.rows.has(id) {
		return
	}
	if t.locked[oid] == nil {
		if t.locked == nil {
			t.locked = map[types.OID]lockedRows{}
		}
		t.locked[oid] = lockedRows{}
	}
	if _, seen := t.locked[oid][id]; !seen {
		t.locked[oid][id] = etag
		t.locks = append(t.locks, lockedRow{oid, id})
	}
}

// unlock lets go of all locks but the first n.
func (t *Tx) unlock(n int) {
	for _, l := range t.locks[n:] {
		delete(t.locked[l.table], l.id)
	}
	t.locks = t.locks[:n]
}

// overtaken takes out the rows that the transaction writes itself, and says
// whether one was read for the write in another state than it was locked in.
func (l lockedRows) overtaken(changes []storage.Change) bool {
	for _, ch := range changes {
		etag, ok := l[ch.ID]
		if ok && (ch.Old == nil || ch.Old.ETag != etag) {
			return true
		}
		delete(l, ch.ID)
	}
	return false
}

// verifyLocked reads the locked rows again: one wave of requests per table.
func (t *Tx) verifyLocked(ctx context.Context) error {
	for oid, rows := range t.locked {
		table, err := t.open(oid)
		if err != nil {
			return err
		}
		same, err := rows.unchanged(ctx, table)
		if err != nil {
			return err
		}
		if !same {
			return SerializationFailure()
		}
	}
	clear(t.locked)
	return nil
}

func (l lockedRows) unchanged(ctx context.Context, table storage.Table) (bool, error) {
	if len(l) == 0 {
		return true, nil
	}
	s, err := table.Scan(ctx, storage.ScanSpec{
		Path:    storage.Path{Kind: storage.PointGet, IDs: slices.Sorted(maps.Keys(l))},
		Columns: []int16{catalog.ColRowID, catalog.ColETag},
	})
	if err != nil {
		return false, err
	}
	defer s.Close()
	found := 0
	for {
		b, err := s.Next(ctx)
		if b == nil || err != nil {
			return found == len(l), err
		}
		ids, etags := vec.Of[string](b.Cols[0]), vec.Of[string](b.Cols[1])
		for k := range b.Rows() {
			if i := b.Row(k); l[ids.At(i)] == etags.At(i) {
				found++
			}
		}
	}
}
