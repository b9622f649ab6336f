package scan

import (
	"context"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/kept"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
	"github.com/s3db-sql/s3db-sql/storage"
)

// Feed are the keys of a hash join, for a scan below it.
type Feed struct {
	keys []vec.Vector // nil: not known, all rows are wanted
	rows []int32
}

// Set gives the values of rows of keys, nil where they are not known.
func (f *Feed) Set(keys []vec.Vector, rows []int32) { f.keys, f.rows = keys, rows }

// Kept is a compiled plan.KeptKey.
type Kept struct {
	index string // kept.IndexKey
	at    []int  // of its columns among the scan's
	terms []term
	// one is the only value of the only term, where that is what there is; keysOfOne has
	// room for it.
	one       expr.Expr
	keysOfOne [1]vec.Vector
	types     []*types.Type
	feed      *Feed
}

// NewKept compiles the key of n, whose keys come from feed if that is not nil.
func NewKept(c *expr.Compiler, n *plan.TableScan, feed *Feed) (*Kept, error) {
	p := n.Path.Kept
	k := &Kept{index: kept.IndexKey(p.Nums), feed: feed}
	for _, num := range p.Nums {
		at := slices.Index(n.Nums, num)
		if at < 0 {
			return nil, pgerr.Internal("a key that the scan of %s does not read", n.Rel.Name)
		}
		k.at = append(k.at, at)
		k.types = append(k.types, n.Cols[at].Type)
	}
	var err error
	k.terms, err = newTerms(c, p.Terms)
	if len(k.terms) == 1 && len(k.terms[0].values) == 1 && len(k.terms[0].arrays) == 0 {
		k.one = k.terms[0].values[0]
	}
	return k, err
}

// scanner reads the rows with the keys; nil where the columns are not in memory, the
// keys are not known, or so many rows have them that reading all is as good.
func (k *Kept) scanner(table storage.Table, spec storage.ScanSpec) (storage.Scanner, error) {
	cols := storage.KeptColumns(table, spec.Columns)
	if cols == nil {
		return nil, nil
	}
	keys, sel, n, err := k.keys()
	if err != nil || keys == nil || !k.fit(keys) {
		return nil, err
	}
	rows, ok := kept.IndexOf(cols, k.index, k.at).Rows(keys, sel, n, cols.Rows/4)
	if !ok {
		return nil, nil
	}
	return &keptScanner{cols: cols.Columns, rows: rows, size: max(spec.BatchSize, 1)}, nil
}

// keys are the values looked for: rows sel of n of the vectors.
func (k *Kept) keys() (keys []vec.Vector, sel []int32, n int, err error) {
	if k.feed != nil {
		if k.feed.keys == nil {
			return nil, nil, 0, nil
		}
		return k.feed.keys, k.feed.rows, k.feed.keys[0].Len(), nil
	}
	if k.one != nil {
		k.keysOfOne[0], err = k.one.Eval(noInput, nil)
		return k.keysOfOne[:], nil, 1, err
	}
	found, err := tuples(k.terms, noInput, 0)
	if err != nil {
		return nil, nil, 0, err
	}
	bs := vec.NewBuilders(k.types, len(found))
	for _, t := range found {
		for i, v := range t {
			bs[i].Append(v)
		}
	}
	return vec.BuildBatch(bs).Cols, nil, len(found), nil
}

// fit says whether the keys can be compared with the columns as they are.
func (k *Kept) fit(keys []vec.Vector) bool {
	for i, v := range keys {
		t, ok := columns.Common(v.Type(), k.types[i])
		if !ok || v.Type().Rep != k.types[i].Rep || t.Rep != k.types[i].Rep {
			return false
		}
	}
	return true
}

// keptScanner yields some rows of columns in memory.
type keptScanner struct {
	cols []vec.Vector
	rows []int32
	size int
}

// Next implements storage.Scanner.
func (s *keptScanner) Next(ctx context.Context) (*vec.Batch, error) {
	if len(s.rows) == 0 {
		return nil, nil
	}
	if ctx.Err() != nil {
		return nil, spill.Cancelled(ctx)
	}
	some := s.rows[:min(s.size, len(s.rows))]
	s.rows = s.rows[len(some):]
	from, to := int(some[0]), int(some[len(some)-1])+1
	if to-from != len(some) {
		return vec.NewBatch(columns.GatherAll(s.cols, some), len(some)), nil
	}
	cols := make([]vec.Vector, len(s.cols))
	for i, c := range s.cols {
		cols[i] = c.Slice(from, to)
	}
	return vec.NewBatch(cols, len(some)), nil
}

// Close implements storage.Scanner.
func (s *keptScanner) Close() {}
