package txn

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// writeSet holds the net change of each row of one table. A pending entry is
// never changed, only replaced.
type writeSet struct {
	base storage.Table
	state
	// lent: a savepoint or a scan has rows, which the next write leaves as they are.
	lent bool
	// holders are the ids of the rows alive by the unique keys that they hold; of
	// deferrable keys, shared says how many rows hold them.
	holders map[keyHash]string
	shared  map[keyHash]int
	// unchecked are the deferrable keys that rows have got since they were checked.
	unchecked []uncheckedKey
	// budget is what the transaction may hold in memory; cold takes the changes
	// beyond it.
	budget *budget
	cold   *coldRows
}

// budget bounds the changes that a block holds in memory, in bytes; limit 0 is none.
type budget struct {
	dir         string
	limit, held int64
}

// state is what the transaction has done to a table: what a savepoint keeps of it.
type state struct {
	rows layers
	// emptied: TRUNCATE came first, so that no row of the store is left and rows has
	// new ones only.
	emptied bool
	// truncations counts TRUNCATE, for COPY FREEZE.
	truncations int
}

func (s state) changed() bool { return s.emptied || s.rows.size() > 0 }

// pending is the net change of one row and the row as the transaction sees it.
type pending struct {
	// change is nil for one that is in a file.
	change *storage.Change
	cold   *coldRows
	at     int64
	size   int32
	op     storage.Op // the net change's
	// dead: the transaction has deleted the row.
	dead bool
	// gone: inserted and deleted in this transaction, nothing to write.
	gone bool
	// gains: it may have unique keys that the store's row has not.
	gains bool
	// now is the row as it stands; nil if it is dead, and for rows beyond the first
	// keptImages, whose images are made of their changes when they are read.
	now *storage.RowImage
	// keys are the unique keys of the row as it stands.
	keys []heldKey
}

// net is the row's net change.
func (p *pending) net() (storage.Change, error) {
	if p.change == nil {
		return p.cold.get(p.at, p.size)
	}
	return *p.change, nil
}

// keptImages bounds the images of rows that a block keeps: of a bulk change's, which are
// seldom read before COMMIT, the change is enough.
const keptImages = 4096

func newWriteSet(base storage.Table, b *budget) *writeSet {
	coder, _ := base.(storage.ImageCoder)
	return &writeSet{base: base, budget: b, cold: &coldRows{dir: b.dir, coder: coder}, state: state{rows: layers{}.grown()},
		holders: map[keyHash]string{}, shared: map[keyHash]int{}}
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
		w.rows, w.lent = w.rows.grown(), false
	}
	w.rows[len(w.rows)-1][id] = p
}

// restore goes back to a snapshot, which can be gone back to again; the zero state
// is that of a table as the store has it.
func (w *writeSet) restore(s state) {
	w.state, w.lent, w.holders, w.shared = s, true, map[keyHash]string{}, map[keyHash]int{}
	for id, p := range s.rows.all() {
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
		if ch.Op == storage.Insert && !w.rows.has(ch.ID) {
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
	old := w.rows.get(ch.ID)
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
	p := &pending{keys: held(next.keys), dead: ch.Op == storage.Delete, gains: next.gains || old != nil && old.gains}
	if w.rows.size() < keptImages || old != nil && old.now != nil {
		p.now = next.image
	}
	net, gone, err := merge(old, ch)
	if err == nil {
		p.gone, p.op = gone, net.Op
		err = w.keep(p, net)
	}
	if err != nil {
		return storage.Result{Outcome: storage.Failed, Err: err}
	}
	w.release(ch.ID, old)
	w.set(ch.ID, p)
	w.hold(ch.ID, p)
	w.postpone(ch.ID, old, next.keys)
	res := storage.Result{Outcome: storage.Applied, Image: next.image}
	if next.image != nil {
		res.Warnings = next.image.Warnings
	}
	return res
}

// keep keeps a row's net change: beyond the budget, on disk.
func (w *writeSet) keep(p *pending, net storage.Change) (err error) {
	b := w.budget
	if b.limit > 0 && b.held > b.limit {
		p.cold, p.now = w.cold, nil
		p.at, p.size, err = w.cold.put(net)
		return err
	}
	if b.limit > 0 {
		b.held += w.cold.coldSize(net) + w.cold.imageSize(p.now)
	}
	p.change = &net
	return nil
}

// merge makes one change of two.
func merge(old *pending, ch storage.Change) (net storage.Change, gone bool, err error) {
	if old == nil {
		return ch, false, nil
	}
	first, err := old.net()
	switch {
	case err != nil:
		return ch, false, err
	case ch.Op == storage.Delete:
		gone = first.Op == storage.Insert || old.gone
		return storage.Change{Op: storage.Delete, ID: ch.ID, Old: first.Old}, gone, nil
	case old.gone, first.Op == storage.Insert && ch.Op == storage.Insert:
		return ch, false, nil
	case first.Op == storage.Delete: // deleted, then inserted again
		return storage.Change{Op: storage.Update, ID: ch.ID, Old: first.Old, Columns: ch.Columns, Values: ch.Values, Replace: true}, false, nil
	}
	net = first
	net.Columns, net.Values = overlayValues(first, ch)
	return net, false, nil
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

// preview makes the image of a row whose image is not kept.
func (p *pending) preview(table storage.Table) (*storage.RowImage, error) {
	ch, err := p.net()
	if err != nil {
		return nil, err
	}
	return table.Preview(ch)
}

// image is the row as it stands.
func (p *pending) image(table storage.Table) (*storage.RowImage, error) {
	if p.now != nil {
		return p.now, nil
	}
	return p.preview(table)
}
