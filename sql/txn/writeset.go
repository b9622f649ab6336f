package txn

import (
	"context"
	"iter"
	"maps"
	"slices"
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
	// budget is what the transaction may hold in memory; cold takes the new rows
	// beyond it.
	budget *budget
	cold   *coldRows
}

// budget bounds the rows that a block holds in memory; limit 0 is none.
type budget struct {
	dir         string
	limit, held int64
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
	// change is nil for a new row that is in a file.
	change *storage.Change
	cold   *coldRows
	at     int64
	size   int32
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

// net is the row's net change.
func (p *pending) net() (storage.Change, error) {
	if p.change == nil {
		return p.cold.get(p.at, p.size)
	}
	return *p.change, nil
}

// inserts says whether the row is new.
func (p *pending) inserts() bool { return p.change == nil || p.change.Op == storage.Insert }

// keptImages bounds the images of new rows that a block keeps: of a load's, which is
// seldom read before COMMIT, the change is enough.
const keptImages = 4096

func newWriteSet(base storage.Table, b *budget) *writeSet {
	return &writeSet{base: base, budget: b, cold: &coldRows{dir: b.dir}, state: state{rows: map[string]*pending{}}, holders: map[string]string{}, shared: map[string]int{}}
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
	net, gone, err := merge(old, ch)
	if err == nil {
		err = w.keep(p, net, old == nil)
	}
	if err != nil {
		return storage.Result{Outcome: storage.Failed, Err: err}
	}
	p.gone = gone
	w.release(ch.ID, old)
	w.set(ch.ID, p)
	w.hold(ch.ID, p)
	w.postpone(ch.ID, old, p)
	res := storage.Result{Outcome: storage.Applied, Image: next.image}
	if next.image != nil {
		res.Warnings = next.image.Warnings
	}
	return res
}

// keep keeps a row's net change: of new rows beyond the budget, on disk.
func (w *writeSet) keep(p *pending, net storage.Change, fresh bool) error {
	b := w.budget
	if fresh && net.Op == storage.Insert && b.limit > 0 && b.held > b.limit {
		at, size, ok, err := w.cold.put(net)
		if ok {
			p.cold, p.at, p.size, p.now = w.cold, at, size, nil
		}
		if ok || err != nil {
			return err
		}
	}
	if b.limit > 0 {
		b.held += coldSize(net)
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

// ids lists the rows that COMMIT writes in their order, so that two transactions that
// write the same rows meet in the same order.
func (w *writeSet) ids() []string {
	ids := make([]string, 0, len(w.rows))
	for id, p := range w.rows {
		if !p.gone {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids
}

// changes are the net changes of rows.
func (w *writeSet) changes(ids []string) ([]storage.Change, error) {
	out := make([]storage.Change, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = w.rows[id].net(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// onlyInserts says whether all of the rows are new.
func (w *writeSet) onlyInserts() bool {
	for _, p := range w.rows {
		if !p.gone && !p.inserts() {
			return false
		}
	}
	return true
}

// pieceRows is how many new rows COMMIT writes at a time: what is made of them on the
// way, and remembered of each to take it back, must not be in memory for all of a
// load.
const pieceRows = 8192

// changesTo gives what COMMIT writes to the table: new rows in pieces, others
// together, since rows that are written in one call may hand on unique keys. In an
// emptied table the rows that the store has then are deleted, or replaced by the new ones
// of the same ids.
func (w *writeSet) changesTo(ctx context.Context, table storage.Table) (iter.Seq2[[]storage.Change, error], error) {
	var old []*storage.RowImage
	if w.emptied {
		var err error
		if old, err = scanImages(ctx, table, storage.Path{Kind: storage.FullScan}); err != nil {
			return nil, err
		}
	}
	size := max(1, len(w.rows))
	if len(old) == 0 && w.onlyInserts() {
		size = pieceRows
	}
	return func(yield func([]storage.Change, error) bool) {
		ids := w.ids()
		if len(ids) == 0 && len(old) > 0 {
			yield(w.replacing(nil, old), nil)
		}
		for piece := range slices.Chunk(ids, size) {
			changes, err := w.changes(piece)
			if err == nil && len(old) > 0 {
				changes = w.replacing(changes, old)
			}
			if !yield(changes, err) || err != nil {
				return
			}
		}
	}, nil
}

// replacing makes the changes of an emptied table, whose old rows the store still has.
func (w *writeSet) replacing(own []storage.Change, old []*storage.RowImage) []storage.Change {
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
	return out
}

// preview makes the image of a row whose image is not kept.
func (p *pending) preview(table storage.Table) (*storage.RowImage, error) {
	ch, err := p.net()
	if err != nil {
		return nil, err
	}
	return table.Preview(ch)
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
			if im, err = p.preview(table); err != nil {
				return nil, err
			}
		}
		out = append(out, im)
	}
	sort.Slice(out, func(i, j int) bool { return out[i].ID < out[j].ID })
	return out, nil
}
