package txn

import (
	"cmp"
	"context"
	"slices"

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
		if id := o.writes.holders[hashKey(k.Key)]; id != "" {
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
		if !o.writes.rows.has(id) {
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
		s.Rows = float64(o.writes.rows.size())
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
	rows    layers
	columns []int16
	wanted  int
	spec    storage.ScanSpec
	ended   bool // the store has no more rows
	// own are the ids of the transaction's rows that are still to come, once listed.
	own    []string
	listed bool
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
	if !s.listed {
		s.own, s.listed = s.ownIDs(), true
	}
	return s.written()
}

// untouched drops the rows that the transaction wrote, and the id column.
func (s *overlayScanner) untouched(b *vec.Batch) *vec.Batch {
	ids := vec.Of[string](b.Cols[s.wanted])
	sel := make([]int32, 0, b.Rows())
	for k := range b.Rows() {
		i := b.Row(k)
		if !s.rows.has(ids.At(i)) {
			sel = append(sel, int32(i))
		}
	}
	return &vec.Batch{Cols: b.Cols[:s.wanted], N: b.N, Sel: sel}
}

// ownIDs lists the transaction's rows that the path may want, by id. A get by a unique
// key leaves the choice to the caller's predicate.
func (s *overlayScanner) ownIDs() []string {
	ids := slices.DeleteFunc(s.candidates(), func(id string) bool { p := s.rows.get(id); return p == nil || p.dead })
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (s *overlayScanner) candidates() []string {
	path := s.spec.Path
	if path.Kind == storage.PointGet {
		if keyed, ok := s.table.writes.base.(storage.Keyed); ok {
			return slices.Clone(keyed.PointIDs(path))
		}
		if len(path.IDs) > 0 {
			return slices.Clone(path.IDs)
		}
	}
	var ids []string
	for id := range s.rows.all() {
		ids = append(ids, id)
	}
	return ids
}

// written gives the next of the transaction's own rows.
func (s *overlayScanner) written() (*vec.Batch, error) {
	n := min(len(s.own), cmp.Or(s.spec.BatchSize, vec.BatchSize))
	if n == 0 {
		return nil, nil
	}
	images := make([]*storage.RowImage, n)
	for i, id := range s.own[:n] {
		var err error
		if images[i], err = s.rows.get(id).image(s.table.Table); err != nil {
			return nil, err
		}
	}
	s.own = s.own[n:]
	b, err := s.table.Table.Decode(images, s.columns)
	if err != nil || s.spec.Content == nil {
		return b, err
	}
	return storage.SliceContent(b, s.columns, *s.spec.Content), nil
}

// Close implements storage.Scanner.
func (s *overlayScanner) Close() {
	if s.inner != nil {
		s.inner.Close()
	}
}
