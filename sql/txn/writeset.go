package txn

import (
	"context"
	"maps"
	"sort"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// writeSet holds the net change of each row of one table. A pending entry is
// never changed, only replaced, so that a savepoint is a copy of the map.
type writeSet struct {
	base storage.Table
	state
	// lent: a savepoint or a scan has rows, so that the next write makes a copy.
	lent bool
	// holders are the ids of the rows alive by the unique keys that they hold; of
	// deferrable keys, shared says how many rows hold them.
	holders map[string]string
	shared  map[string]int
	// unchecked are the deferrable keys that rows have got since they were checked.
	unchecked []uncheckedKey
}

// state is what the transaction has done to a table: what a savepoint keeps of it.
type state struct {
	rows map[string]*pending
	// emptied: TRUNCATE came first, so that no row of the store is left and rows has
	// new ones only.
	emptied bool
	// truncations counts TRUNCATE, for COPY FREEZE.
	truncations int
}

func (s state) changed() bool { return s.emptied || len(s.rows) > 0 }

// pending is the net change of one row and the row as the transaction sees it.
type pending struct {
	change storage.Change
	// now is the row as it stands; nil if it is dead, and for new rows beyond the first
	// keptImages, whose images are made of their changes when they are read.
	now *storage.RowImage
	// dead: the transaction has deleted the row.
	dead bool
	// keys are the unique keys of now.
	keys []storage.UniqueKey
	// gone: inserted and deleted in this transaction, nothing to write.
	gone bool
}

// keptImages bounds the images of new rows that a block keeps: of a load's, which is
// seldom read before COMMIT, the change is enough.
const keptImages = 4096

func newWriteSet(base storage.Table) *writeSet {
	return &writeSet{base: base, state: state{rows: map[string]*pending{}}, holders: map[string]string{}, shared: map[string]int{}}
}

// snapshot is the state as it stands, which later writes do not change.
func (w *writeSet) snapshot() state {
	w.lent = true
	return w.state
}

// truncate takes all rows away: the store's go with COMMIT.
func (w *writeSet) truncate() {
	w.restore(state{emptied: true, truncations: w.truncations + 1})
}

func (w *writeSet) set(id string, p *pending) {
	if w.lent {
		w.rows, w.lent = maps.Clone(w.rows), false
	}
	w.rows[id] = p
}

// restore goes back to a snapshot, which can be gone back to again; the zero state
// is that of a table as the store has it.
func (w *writeSet) restore(s state) {
	w.state, w.lent, w.holders, w.shared = s, true, map[string]string{}, map[string]int{}
	if s.rows == nil {
		w.rows, w.lent = map[string]*pending{}, false
	}
	for id, p := range s.rows {
		w.hold(id, p)
	}
}

// existing reads which of the inserted ids are taken in the store: a block must
// learn of a duplicate when it inserts, not when it commits.
func (w *writeSet) existing(ctx context.Context, changes []storage.Change) (map[string]bool, error) {
	if w.emptied {
		return nil, nil
	}
	var keys []string
	for _, ch := range changes {
		if ch.Op == storage.Insert && w.rows[ch.ID] == nil {
			keys = append(keys, ch.ID)
		}
	}
	if len(keys) == 0 {
		return nil, nil
	}
	s, err := w.base.Scan(ctx, storage.ScanSpec{
		Path:    storage.Path{Kind: storage.PointGet, IDs: keys},
		Columns: []int16{catalog.ColRowID},
	})
	if err != nil {
		return nil, err
	}
	defer s.Close()
	taken := map[string]bool{}
	for {
		b, err := s.Next(ctx)
		if b == nil || err != nil {
			return taken, err
		}
		for k := range b.Rows() {
			taken[vec.Of[string](b.Cols[0]).At(b.Row(k))] = true
		}
	}
}

// add merges a change into the row's net change.
func (w *writeSet) add(ch storage.Change, next preview, t taken) storage.Result {
	old := w.rows[ch.ID]
	if ch.Op == storage.Insert && (t.ids[ch.ID] || old != nil && !old.dead) {
		return storage.Result{Outcome: storage.Exists}
	}
	if ch.Op != storage.Insert && old != nil && old.dead {
		return storage.Result{Outcome: storage.Conflict}
	}
	if next.err != nil {
		return storage.Result{Outcome: storage.Failed, Err: next.err}
	}
	if err := w.violation(ch.ID, next.keys, t.owners); err != nil {
		return storage.Result{Outcome: storage.Violated, Err: err}
	}
	p := &pending{now: next.image, keys: next.keys, dead: ch.Op == storage.Delete}
	if ch.Op == storage.Insert && old == nil && len(w.rows) >= keptImages {
		p.now = nil
	}
	p.change, p.gone = merge(old, ch)
	w.release(ch.ID, old)
	w.set(ch.ID, p)
	w.hold(ch.ID, p)
	w.postpone(ch.ID, old, p)
	return storage.Result{Outcome: storage.Applied, Image: next.image}
}

// merge makes one change of two.
func merge(old *pending, ch storage.Change) (net storage.Change, gone bool) {
	if old == nil {
		return ch, false
	}
	first := old.change
	switch {
	case ch.Op == storage.Delete:
		gone = first.Op == storage.Insert || old.gone
		return storage.Change{Op: storage.Delete, ID: ch.ID, Old: first.Old}, gone
	case old.gone, first.Op == storage.Insert && ch.Op == storage.Insert:
		return ch, false
	case first.Op == storage.Delete: // deleted, then inserted again
		return storage.Change{Op: storage.Update, ID: ch.ID, Old: first.Old, Columns: ch.Columns, Values: ch.Values, Replace: true}, false
	}
	net = first
	net.Columns, net.Values = overlayValues(first, ch)
	return net, false
}

// overlayValues puts the later change's values over the earlier one's.
func overlayValues(first, later storage.Change) ([]int16, []any) {
	cols := append([]int16(nil), first.Columns...)
	vals := append([]any(nil), first.Values...)
	at := make(map[int16]int, len(cols))
	for i, c := range cols {
		at[c] = i
	}
	for i, c := range later.Columns {
		if k, ok := at[c]; ok {
			vals[k] = later.Values[i]
			continue
		}
		cols, vals = append(cols, c), append(vals, later.Values[i])
	}
	return cols, vals
}

// changes lists the net changes by id, so that two transactions that write the
// same rows meet in the same order.
func (w *writeSet) changes() []storage.Change {
	ids := make([]string, 0, len(w.rows))
	for id, p := range w.rows {
		if !p.gone {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	out := make([]storage.Change, len(ids))
	for i, id := range ids {
		out[i] = w.rows[id].change
	}
	return out
}

// changesTo lists what COMMIT writes to the table: in an emptied one the rows that
// the store has then are deleted, or replaced by the new ones of the same ids.
func (w *writeSet) changesTo(ctx context.Context, table storage.Table) ([]storage.Change, error) {
	own := w.changes()
	if !w.emptied {
		return own, nil
	}
	old, err := scanImages(ctx, table, storage.Path{Kind: storage.FullScan})
	if err != nil || len(old) == 0 {
		return own, err
	}
	images := make(map[string]*storage.RowImage, len(old))
	for _, im := range old {
		images[im.ID] = im
	}
	out := make([]storage.Change, 0, len(own)+len(old))
	for _, ch := range own {
		if im := images[ch.ID]; im != nil {
			ch.Op, ch.Old, ch.Replace = storage.Update, im, true
			delete(images, ch.ID)
		}
		out = append(out, ch)
	}
	for _, im := range old {
		if images[im.ID] != nil {
			out = append(out, storage.Change{Op: storage.Delete, ID: im.ID, Old: im})
		}
	}
	return out, nil
}

// images are the rows of a snapshot as they stand, by id.
func images(rows map[string]*pending, table storage.Table) ([]*storage.RowImage, error) {
	var out []*storage.RowImage
	for _, p := range rows {
		im := p.now
		if p.dead {
			continue
		}
		if im == nil {
			var err error
			if im, err = table.Preview(p.change); err != nil {
				return nil, err
			}
		}
		out = append(out, im)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, nil
}
