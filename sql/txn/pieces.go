package txn

import (
	"context"
	"iter"
	"slices"
	"sort"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/storage"
)

// pieceRows is how many rows COMMIT writes at a time: what is made of them on the way, and
// remembered of each to take it back, must not be in memory for all of a bulk change.
const pieceRows = 8192

// changesTo gives what COMMIT writes to the table, in pieces in the order of ids. Where rows
// gain unique keys those that may give them up come before, or in the same piece.
func (w *writeSet) changesTo(ctx context.Context, table storage.Table) iter.Seq2[[]storage.Change, error] {
	if w.emptied {
		return w.replacing(ctx, table)
	}
	return w.inPieces(w.pieces)
}

// inPieces gives the changes of lists of ids.
func (w *writeSet) inPieces(lists func() ([][]string, error)) iter.Seq2[[]storage.Change, error] {
	return func(yield func([]storage.Change, error) bool) {
		pieces, err := lists()
		if err != nil {
			yield(nil, err)
			return
		}
		for _, ids := range pieces {
			changes, err := w.changes(ids)
			if !yield(changes, err) || err != nil {
				return
			}
		}
	}
}

// changes are the net changes of rows.
func (w *writeSet) changes(ids []string) ([]storage.Change, error) {
	out := make([]storage.Change, len(ids))
	for i, id := range ids {
		var err error
		if out[i], err = w.rows.get(id).net(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// ids lists the rows that COMMIT writes, and that are picked, in their order, so that two
// transactions that write the same rows meet in the same order.
func (w *writeSet) ids(pick func(*pending) bool) []string {
	var ids []string
	for id, p := range w.rows.all() {
		if !p.gone && pick(p) {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids
}

// pieces are the ids of rows that are written together.
func (w *writeSet) pieces() ([][]string, error) {
	gains := func(p *pending) bool { return p.gains && p.op == storage.Update }
	all := w.ids(func(*pending) bool { return true })
	if len(all) <= pieceRows || !slices.ContainsFunc(all, func(id string) bool { return w.rows.get(id).gains }) {
		return cut(all, pieceRows), nil
	}
	out := cut(w.ids(func(p *pending) bool { return p.op == storage.Delete }), pieceRows)
	out = append(out, cut(w.ids(func(p *pending) bool { return p.op == storage.Update && !p.gains }), pieceRows)...)
	handing, err := w.handOn(w.ids(gains))
	if err != nil {
		return nil, err
	}
	return append(append(out, handing...), cut(w.ids(func(p *pending) bool { return p.op == storage.Insert }), pieceRows)...), nil
}

func cut[T any](list []T, n int) [][]T { return slices.Collect(slices.Chunk(list, n)) }

// replacing gives the changes of an emptied table: the rows that the store has then are
// deleted, or, where they are few, replaced by the new ones of the same ids.
func (w *writeSet) replacing(ctx context.Context, table storage.Table) iter.Seq2[[]storage.Change, error] {
	return func(yield func([]storage.Change, error) bool) {
		own := w.ids(func(*pending) bool { return true })
		replaced := len(own) > pieceRows
		for old, err := range imagePieces(ctx, table, pieceRows) {
			var changes []storage.Change
			if err == nil && !replaced && len(own)+len(old) <= pieceRows {
				changes, err = w.changes(own)
				changes, own = replace(changes, old), nil
			} else {
				changes = replace(nil, old)
			}
			replaced = true
			if !yield(changes, err) || err != nil {
				return
			}
		}
		w.inPieces(func() ([][]string, error) { return cut(own, pieceRows), nil })(yield)
	}
}

// imagePieces reads the rows of a table, n at a time.
func imagePieces(ctx context.Context, table storage.Table, n int) iter.Seq2[[]*storage.RowImage, error] {
	return func(yield func([]*storage.RowImage, error) bool) {
		s, err := table.Scan(ctx, storage.ScanSpec{Columns: []int16{catalog.ColRowImage}})
		if err != nil {
			yield(nil, err)
			return
		}
		defer s.Close()
		var images []*storage.RowImage
		for {
			b, err := s.Next(ctx)
			if err != nil || b == nil {
				if len(images) > 0 || err != nil {
					yield(images, err)
				}
				return
			}
			for k := range b.Rows() {
				images = append(images, b.Cols[0].Value(b.Row(k)).(*storage.RowImage))
			}
			if len(images) < n {
				continue
			}
			if !yield(images, nil) {
				return
			}
			images = nil
		}
	}
}

// replace makes the changes of an emptied table from those of its new rows, and the rows
// that the store still has.
func replace(own []storage.Change, old []*storage.RowImage) []storage.Change {
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
