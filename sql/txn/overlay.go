package txn

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// overlay is a table with a transaction's writes over it: rows that the
// transaction wrote are left out of the store's answer and given as they stand
// now. They come whatever the path says, since the scan's caller evaluates the
// whole predicate again on every row.
type overlay struct {
	storage.Table
	writes *writeSet
}

// Scan implements storage.Table.
func (o *overlay) Scan(ctx context.Context, spec storage.ScanSpec) (storage.Scanner, error) {
	if !o.writes.changed() {
		return o.Table.Scan(ctx, spec)
	}
	if o.writes.emptied {
		return &overlayScanner{ended: true, table: o, rows: o.writes.snapshot().rows, columns: spec.Columns, spec: spec}, nil
	}
	wanted := len(spec.Columns)
	inner := spec
	inner.Columns = append(append([]int16(nil), spec.Columns...), catalog.ColRowID)
	inner.First = 0
	inner.Limit = 0 // rows of the store that are left out must not count
	s, err := o.Table.Scan(ctx, inner)
	if err != nil {
		return nil, err
	}
	return &overlayScanner{inner: s, table: o, rows: o.writes.snapshot().rows, columns: spec.Columns, wanted: wanted, spec: spec}, nil
}

// UniqueOwners implements storage.Table: the transaction's own rows first.
func (o *overlay) UniqueOwners(ctx context.Context, keys []storage.UniqueKey) (map[string]string, error) {
	out := map[string]string{}
	var others []storage.UniqueKey
	for _, k := range keys {
		if id := o.writes.holders[k.Key]; id != "" {
			out[k.Key] = id
		} else {
			others = append(others, k)
		}
	}
	if len(others) == 0 || o.writes.emptied {
		return out, nil
	}
	owners, err := o.Table.UniqueOwners(ctx, others)
	for key, id := range owners {
		if o.writes.rows[id] == nil {
			out[key] = id
		}
	}
	return out, err
}

// Stats implements storage.Table: what is laid over is not in memory.
func (o *overlay) Stats() storage.Stats {
	s := o.Table.Stats()
	if o.writes.changed() {
		s.Cached = nil
	}
	if o.writes.emptied {
		s.Rows = float64(len(o.writes.rows))
	}
	return s
}

// Kept implements storage.Keeper where there is nothing to lay over.
func (o *overlay) Kept(columns []int16) *storage.Kept {
	if o.writes.changed() {
		return nil
	}
	return storage.KeptColumns(o.Table, columns)
}

type overlayScanner struct {
	inner storage.Scanner // nil where the transaction emptied the table
	table *overlay
	// rows are what the transaction had written when the scan began: a cursor does
	// not see what is written while it is open.
	rows    map[string]*pending
	columns []int16
	wanted  int
	spec    storage.ScanSpec
	ended   bool // the store has no more rows
	done    bool
}

// Next implements storage.Scanner.
func (s *overlayScanner) Next(ctx context.Context) (*vec.Batch, error) {
	for !s.ended {
		b, err := s.inner.Next(ctx)
		if err != nil {
			return nil, err
		}
		if b == nil {
			s.ended = true
			break
		}
		if b = s.untouched(b); b.Rows() > 0 {
			return b, nil
		}
	}
	if s.done {
		return nil, nil
	}
	s.done = true
	return s.written()
}

// untouched drops the rows that the transaction wrote, and the id column.
func (s *overlayScanner) untouched(b *vec.Batch) *vec.Batch {
	ids := vec.Of[string](b.Cols[s.wanted])
	sel := make([]int32, 0, b.Rows())
	for k := range b.Rows() {
		i := b.Row(k)
		if s.rows[ids.At(i)] == nil {
			sel = append(sel, int32(i))
		}
	}
	return &vec.Batch{Cols: b.Cols[:s.wanted], N: b.N, Sel: sel}
}

// written gives the transaction's own rows.
func (s *overlayScanner) written() (*vec.Batch, error) {
	own, err := images(s.rows, s.table.Table)
	if err != nil {
		return nil, err
	}
	if s.spec.Path.Kind == storage.PointGet {
		own = s.wantedKeys(own)
	}
	if len(own) == 0 {
		return nil, nil
	}
	b, err := s.table.Table.Decode(own, s.columns)
	if err != nil || s.spec.Content == nil {
		return b, err
	}
	return storage.SliceContent(b, s.columns, *s.spec.Content), nil
}

// wantedKeys keeps the images among a point get's ids, where it names ids; a
// get by key values leaves the choice to the caller's predicate.
func (s *overlayScanner) wantedKeys(images []*storage.RowImage) []*storage.RowImage {
	if len(s.spec.Path.IDs) == 0 {
		return images
	}
	want := map[string]bool{}
	for _, id := range s.spec.Path.IDs {
		want[id] = true
	}
	var out []*storage.RowImage
	for _, im := range images {
		if want[im.ID] {
			out = append(out, im)
		}
	}
	return out
}

// Close implements storage.Scanner.
func (s *overlayScanner) Close() {
	if s.inner != nil {
		s.inner.Close()
	}
}
