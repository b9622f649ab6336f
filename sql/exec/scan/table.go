package scan

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Table reads a table by one access path.
type Table struct {
	Tables storage.Tables
	Rel    *catalog.Relation
	Path   *Path
	Filter *expr.Predicate
	// Prefix says what comes out where a row fails in Filter.
	Prefix expr.Prefix
	// Spec has everything but the path.
	Spec storage.ScanSpec
	// Content, if not nil, is the part of _content that is read.
	Content *Slice
	// Progress, if not nil, is told of keys listed and rows fetched.
	Progress func(listed, fetched int64)
	// Kept, if not nil, is tried before Path.
	Kept *Kept
	// Only, if not "", is the id of the one row to be read instead of the path:
	// the retry of that row.
	Only string

	in   storage.Scanner
	late bool // reading starts with the first Next
}

// Open evaluates the path and starts reading, or leaves that to the first Next where
// the keys come from a join. A path that can find nothing makes no request.
func (t *Table) Open(ctx context.Context) error {
	t.Prefix.Open()
	if t.late = t.Only == "" && t.Kept != nil && t.Kept.feed != nil; t.late {
		return nil
	}
	return t.start(ctx)
}

func (t *Table) start(ctx context.Context) error {
	table, err := t.Tables.Table(t.Rel.OID)
	if err != nil {
		return err
	}
	if t.Only == "" && t.Kept != nil {
		if t.in, err = t.Kept.scanner(table, t.Spec); t.in != nil || err != nil {
			return err
		}
	}
	path, ok, err := t.path()
	if err != nil || !ok {
		return err
	}
	spec := t.Spec
	spec.Path, spec.Progress, spec.Content = path, t.Progress, t.Content.Range()
	t.in, err = table.Scan(ctx, spec)
	return err
}

func (t *Table) path() (storage.Path, bool, error) {
	if t.Only != "" {
		return storage.Path{Kind: storage.PointGet, IDs: []string{t.Only}}, true, nil
	}
	return t.Path.Storage()
}

// Sorted says whether the rows come in the order that Spec.First asks for.
func (t *Table) Sorted() bool { return t.in != nil && storage.IsSorted(t.in) }

// Next returns rows that pass the filter.
func (t *Table) Next(ctx context.Context) (*vec.Batch, error) {
	if t.late {
		t.late = false
		if err := t.start(ctx); err != nil {
			return nil, err
		}
	}
	if t.in == nil {
		return nil, nil
	}
	return filtered(ctx, t.in, t.Filter, &t.Prefix)
}

// Close stops reading ahead.
func (t *Table) Close() error {
	if t.in != nil {
		t.in.Close()
		t.in = nil
	}
	return nil
}

func filtered(ctx context.Context, in storage.Scanner, p *expr.Predicate, prefix *expr.Prefix) (*vec.Batch, error) {
	for prefix.Err() == nil {
		b, err := in.Next(ctx)
		if b == nil || err != nil {
			return nil, err
		}
		if b, err = prefix.Compute(p, b); err != nil {
			return nil, err
		}
		if b.Rows() > 0 {
			return expr.Dense(b), nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
	return nil, prefix.Err()
}
