package exec

import (
	"context"
	"errors"
	"sync"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// parallel is the first phase of a hash aggregate by several goroutines: each
// takes batches of the source, runs the filters and projections between the
// source and the aggregate, and groups into tables of its own, which are merged
// in the end. The goroutines live within one call.
type parallel struct {
	source  Operator
	workers []*worker
}

// worker has its own evaluators: they are not shared.
type worker struct {
	*aggregator
	rt     *expr.Runtime
	stages []stage
	tables []*groupTable
	err    error
	panic  any
}

// stage is a Filter or a Project.
type stage struct {
	filter *expr.Predicate
	values []expr.Expr
}

// parallelAggregate prepares the parallel phase; nil where the plan does not
// allow it: an aggregate that depends on the order of rows, anything that is not
// immutable, or measurements, which count nodes one by one.
func (b *builder) parallelAggregate(n plan.Node, a *plan.Aggregate, input plan.Node) (*parallel, error) {
	if b.env.Workers < 2 || b.env.Stats != nil || b.repeated || len(b.early) > 0 || b.outer != nil || !mergeable(a) {
		return nil, nil
	}
	source, chain := pipeline(input)
	if source == nil || !paysParallel(source.Est().Rows, n.Est().Rows) {
		return nil, nil
	}
	p := &parallel{}
	for range b.env.Workers {
		w, err := b.worker(n, a, input, chain)
		if err != nil {
			return nil, err
		}
		w.acct.Limit /= int64(b.env.Workers)
		p.workers = append(p.workers, w)
	}
	var err error
	p.source, err = b.build(source)
	return p, err
}

// parallelRows is the estimated input from which several goroutines pay, and
// parallelShare the least number of rows per group: merging costs a hash look-up
// per group and worker. Tests lower them.
var parallelRows, parallelShare = 50_000.0, 16.0

func paysParallel(rows, groups float64) bool {
	return rows >= parallelRows && rows >= groups*parallelShare
}

// mergeable says whether partial results can be merged whatever rows each is
// made of.
func mergeable(a *plan.Aggregate) bool {
	for _, g := range a.Aggs {
		if g.Distinct || len(g.Order) > 0 || g.Func.Agg.OrderSensitive || g.Func.Agg.NumDirect > 0 {
			return false
		}
	}
	for _, e := range (&plan.HashAggregate{Aggregate: a}).Exprs() {
		if !immutable(e) {
			return false
		}
	}
	return true
}

// immutable expressions may be evaluated by any goroutine.
func immutable(e plan.Expr) bool {
	ok := true
	plan.Walk(e, func(e plan.Expr) bool {
		switch e := e.(type) {
		case *plan.Subquery:
			ok = false
		case *plan.Call:
			ok = ok && e.Func.Volatility == funcs.Immutable
		case *plan.Convert:
			ok = ok && e.Kind != plan.ConvertInOut
		}
		return ok
	})
	return ok
}

// pipeline splits input into the table scan at its bottom, without its filter,
// and the nodes above, lowest first. nil where it is something else.
func pipeline(input plan.Node) (source *plan.TableScan, chain []plan.Node) {
	for {
		for _, e := range input.Exprs() {
			if _, scan := input.(*plan.TableScan); !scan && !immutable(e) {
				return nil, nil
			}
		}
		switch t := input.(type) {
		case *plan.Filter:
			chain, input = append([]plan.Node{t}, chain...), t.Input
		case *plan.Project:
			chain, input = append([]plan.Node{t}, chain...), t.Input
		case *plan.TableScan:
			scan := *t
			if t.Filter != nil && immutable(t.Filter) {
				scan.Filter = nil
				chain = append([]plan.Node{&plan.Filter{Input: &scan, Cond: t.Filter}}, chain...)
			}
			return &scan, chain
		default:
			return nil, nil
		}
	}
}

func (b *builder) worker(n plan.Node, a *plan.Aggregate, input plan.Node, chain []plan.Node) (*worker, error) {
	own := newBuilder(b.env)
	w := &worker{rt: own.rt}
	var err error
	if w.aggregator, err = own.aggregator(n, a, input.Columns()); err != nil {
		return nil, err
	}
	for _, c := range chain {
		s := stage{}
		switch t := c.(type) {
		case *plan.Filter:
			s.filter, err = own.compiler(t.Input.Columns()).Predicate(t.Cond)
		case *plan.Project:
			s.values, err = own.compiler(t.Input.Columns()).CompileAll(t.Values)
		}
		if err != nil {
			return nil, err
		}
		w.stages = append(w.stages, s)
	}
	return w, nil
}

// run groups all rows of the source.
func (p *parallel) run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var mu sync.Mutex
	next := func() (*vec.Batch, error) {
		mu.Lock()
		defer mu.Unlock()
		return p.source.Next(ctx)
	}
	var wg sync.WaitGroup
	for _, w := range p.workers {
		w.rt.Ctx = ctx
		wg.Go(func() {
			defer func() {
				if w.panic = recover(); w.panic != nil || w.err != nil {
					cancel()
				}
			}()
			w.err = w.group(ctx, next)
		})
	}
	wg.Wait()
	return p.failure()
}

// failure is the first error that is not the cancellation that it caused. A
// panic goes on in the caller's goroutine, which knows what to do with it.
func (p *parallel) failure() error {
	var cancelled error
	for _, w := range p.workers {
		switch {
		case w.panic != nil:
			panic(w.panic)
		case w.err != nil && !isCancelled(w.err):
			return w.err
		case w.err != nil:
			cancelled = w.err
		}
	}
	return cancelled
}

func (w *worker) group(ctx context.Context, next func() (*vec.Batch, error)) error {
	w.tables = w.newTables()
	for {
		b, err := next()
		if err != nil || b == nil {
			return err
		}
		if ctx.Err() != nil {
			return spill.Cancelled(ctx)
		}
		if b, err = w.pass(b); err != nil {
			return err
		}
		if b.Rows() == 0 {
			continue
		}
		if err := w.addTo(w.tables, b); err != nil {
			return err
		}
	}
}

func (w *worker) pass(b *vec.Batch) (*vec.Batch, error) {
	for _, s := range w.stages {
		var err error
		if s.values == nil {
			if b, err = s.filter.Select(b); err != nil || b.Rows() == 0 {
				return b, err
			}
			b = expr.Dense(b)
			continue
		}
		cols, err := evalAll(s.values, b)
		if err != nil {
			return nil, err
		}
		b = &vec.Batch{Cols: cols, N: b.N, Sel: b.Sel}
	}
	return b, nil
}

// merge brings all workers' groups into the first one's tables and returns
// those. Rows that were put aside may belong to groups that another worker has:
// they are grouped again.
func (p *parallel) merge(ctx context.Context) ([]*groupTable, error) {
	first := p.workers[0]
	for set, t := range first.tables {
		aside := t.parts
		t.parts = nil
		for _, w := range p.workers[1:] {
			if err := t.absorb(w.tables[set]); err != nil {
				return nil, err
			}
			aside = append(aside, w.tables[set].parts...)
			w.tables[set].parts = nil
		}
		for _, f := range aside {
			if f == nil {
				continue
			}
			err := t.addAll(ctx, f.Reader())
			f.Close()
			if err != nil {
				return nil, err
			}
		}
	}
	tables := first.tables
	first.tables = nil
	return tables, nil
}

// absorb merges another table of the same set into t.
func (t *groupTable) absorb(o *groupTable) error {
	into := make([]int32, o.len())
	if t.table != nil {
		keys := o.table.Keys(0, o.len())
		t.table.Insert(keys, nil, o.len(), t.table.Hash(keys, nil, o.len()), into)
	}
	for i, a := range t.aggs {
		a.state.Resize(t.len())
		if err := a.state.Merge(o.aggs[i].state, into); err != nil {
			return err
		}
	}
	return nil
}

// addAll adds rows that an earlier pass has put aside.
func (t *groupTable) addAll(ctx context.Context, in batchSource) error {
	for {
		b, err := in.Next(ctx)
		if b == nil || err != nil {
			return err
		}
		keys, err := evalAll(t.keys, b)
		if err != nil {
			return err
		}
		if err := t.add(b, keys); err != nil {
			return err
		}
	}
}

func (p *parallel) close() {
	for _, w := range p.workers {
		for _, t := range w.tables {
			t.close()
		}
		w.tables = nil
	}
}

func isCancelled(err error) bool {
	return pgerr.CodeOf(err) == pgerr.QueryCanceled || errors.Is(err, context.Canceled)
}
