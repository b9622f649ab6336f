package scan

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Virtual reads a catalog relation.
type Virtual struct {
	// Start opens the relation with the values of the look-up keys, which it does not
	// keep.
	Start  func(ctx context.Context, keys map[int16]any) (storage.Scanner, error)
	Keys   map[int16]expr.Expr
	Filter *expr.Predicate
	// Fetched, if not nil, is told how many rows were made, before the filter.
	Fetched func(rows int64)
	// Prefix says what comes out where a row fails in Filter.
	Prefix expr.Prefix

	in   storage.Scanner
	keys map[int16]any // of the last run
}

// Open evaluates the keys; a NULL key finds nothing.
func (v *Virtual) Open(ctx context.Context) error {
	v.Prefix.Open()
	if v.keys == nil {
		v.keys = make(map[int16]any, len(v.Keys))
	}
	clear(v.keys)
	for num, e := range v.Keys {
		x, err := e.Eval(noInput, nil)
		if err != nil {
			return err
		}
		if x.IsNull(0) {
			return nil
		}
		v.keys[num] = x.Value(0)
	}
	var err error
	v.in, err = v.Start(ctx, v.keys)
	if err == nil && v.Fetched != nil {
		v.in = counted{v.in, v.Fetched}
	}
	return err
}

// counted is a Scanner whose rows are counted.
type counted struct {
	storage.Scanner
	fetched func(rows int64)
}

// Next implements storage.Scanner.
func (c counted) Next(ctx context.Context) (*vec.Batch, error) {
	b, err := c.Scanner.Next(ctx)
	if b != nil {
		c.fetched(int64(b.Rows()))
	}
	return b, err
}

// Next returns rows that pass the filter.
func (v *Virtual) Next(ctx context.Context) (*vec.Batch, error) {
	if v.in == nil {
		return nil, nil
	}
	return filtered(ctx, v.in, v.Filter, &v.Prefix)
}

// Close ends the reading.
func (v *Virtual) Close() error {
	if v.in != nil {
		v.in.Close()
		v.in = nil
	}
	return nil
}
