package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/scan"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/storage"
)

// onlyRow names one row of the scan that reads a column: the retry of that row after
// a conflict.
type onlyRow struct {
	column plan.ColumnID
	id     string
}

// onlyRowOf is the id of the one row that a scan reads; "" where it is not retried.
func (e *Env) onlyRowOf(n *plan.TableScan) string {
	for _, only := range e.only {
		if readsColumn(n, only.column) {
			return only.id
		}
	}
	return ""
}

func (b *builder) tableScan(n *plan.TableScan) (Operator, error) {
	if n.Rel.Kind == catalog.MaterializedView && !n.Rel.Populated {
		return nil, pgerr.New(pgerr.ObjectNotInPrerequisiteState, "materialized view \"%s\" has not been populated", n.Rel.Name).
			WithHint("Use the REFRESH MATERIALIZED VIEW command.")
	}
	only := b.env.onlyRowOf(n)
	if only != "" { // which needs no path: its keys may be another table's, in a lookup join
		one := *n
		one.Path = plan.AccessPath{}
		n = &one
	}
	path, err := scan.NewPath(b.compiler(nil), n.Path)
	if err != nil {
		return nil, err
	}
	byKey, err := b.keptKey(n)
	if err != nil {
		return nil, err
	}
	c := b.compiler(n.Cols)
	pred, err := c.Predicate(n.Filter)
	if err != nil {
		return nil, err
	}
	slice, err := scan.NewSlice(b.compiler(nil), n.Content)
	if err != nil {
		return nil, err
	}
	t := &scan.Table{Tables: b.env.reads(), Rel: n.Rel, Path: path, Filter: pred, Prefix: b.prefix(n.Filter), Spec: b.scanSpec(n), Content: slice, Kept: byKey}
	if t.Spec.Sift, err = scan.NewSift(c, n); err != nil {
		return nil, err
	}
	t.Progress, t.Only = b.progress(n), n.RowID
	if only != "" {
		t.Only = only
	}
	if _, ok := b.ordered[n]; ok {
		b.ordered[n] = t
	}
	return t, nil
}

// keptKey is the way to the rows by an index in memory; nil for none. A scan that
// is read before the join which would give it keys reads all rows.
func (b *builder) keptKey(n *plan.TableScan) (*scan.Kept, error) {
	if n.Path.Kept == nil {
		return nil, nil
	}
	feed := b.feeds[n.Path.Kept.Feed]
	if n.Path.Kept.Feed != nil && feed == nil {
		return nil, nil
	}
	return scan.NewKept(b.compiler(nil), n, feed)
}

func (b *builder) scanSpec(n *plan.TableScan) storage.ScanSpec {
	spec := storage.ScanSpec{Columns: n.Nums, BatchSize: b.batchSize(), SkipDamaged: b.env.SkipDamaged}
	if n.Limit > 0 {
		spec.Limit = n.Limit
	}
	return spec
}

// progress counts keys listed and rows fetched into the node's actuals.
func (b *builder) progress(n plan.Node) func(listed, fetched int64) {
	ns := b.env.Stats.of(n)
	if ns == nil {
		return nil
	}
	return func(listed, fetched int64) {
		ns.progress.Lock()
		ns.Listed += listed
		ns.Fetched += fetched
		ns.progress.Unlock()
	}
}

func readsColumn(n plan.Node, id plan.ColumnID) bool {
	for _, c := range n.Columns() {
		if c.ID == id {
			return true
		}
	}
	return false
}

// copyScan reads what the session has put into the environment.
func (b *builder) copyScan() (Operator, error) {
	if b.env.Copy == nil {
		return nil, pgerr.Internal("COPY has no data")
	}
	return b.env.Copy, nil
}

func (b *builder) virtualScan(n *plan.VirtualScan) (Operator, error) {
	v := &scan.Virtual{Prefix: b.prefix(n.Filter), Keys: map[int16]expr.Expr{}, Start: b.startVirtual(n.Rel, n.Nums)}
	if ns := b.env.Stats.of(n); ns != nil {
		v.Fetched = func(rows int64) { ns.Fetched += rows }
	}
	c := b.compiler(nil)
	var err error
	for num, e := range n.Keys {
		if v.Keys[num], err = c.Compile(e); err != nil {
			return nil, err
		}
	}
	v.Filter, err = b.compiler(n.Cols).Predicate(n.Filter)
	return v, err
}

func (b *builder) startVirtual(rel *catalog.Relation, nums []int16) func(context.Context, map[int16]any) (storage.Scanner, error) {
	return func(ctx context.Context, keys map[int16]any) (storage.Scanner, error) {
		if b.env.Virtual == nil {
			return nil, pgerr.Unsupported("reading catalog relation %s", rel.Name)
		}
		return b.env.Virtual.Open(ctx, rel, nums, keys)
	}
}
