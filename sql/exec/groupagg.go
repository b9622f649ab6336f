package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// groupAggregate groups an input in which the rows of a group stand together.
// Only the groups of about one batch are held at a time.
type groupAggregate struct {
	*aggregator
	input  Operator
	equal  []columns.Equaler
	aggs   []*aggRun
	keys   []vec.Batch  // of the groups of aggs: one row each
	groups int          // number of groups in aggs
	last   []vec.Vector // keys of the open group, one row
	queue  []*vec.Batch
	done   bool
}

func (b *builder) groupAggregate(n *plan.GroupAggregate) (Operator, error) {
	if n.Aggregate.Sets != nil || len(n.Aggregate.GroupBy) == 0 {
		return b.hashGroups(n, n.Aggregate, n.Input)
	}
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	a, err := b.aggregator(n, n.Aggregate, n.Input.Columns())
	if err != nil {
		return nil, err
	}
	g := &groupAggregate{aggregator: a, input: in}
	for _, t := range a.types {
		g.equal = append(g.equal, columns.NewEqualer(t))
	}
	return g, nil
}

func (g *groupAggregate) Open(ctx context.Context) error {
	g.reset()
	g.queue, g.last, g.done = nil, nil, false
	return g.input.Open(ctx)
}

func (g *groupAggregate) reset() {
	for _, a := range g.aggs {
		a.close()
	}
	g.aggs, g.keys, g.groups = g.start(g.sets()[0]), nil, 0
}

func (g *groupAggregate) Close() error {
	g.reset()
	return g.input.Close()
}

func (g *groupAggregate) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		if len(g.queue) > 0 {
			b := g.queue[0]
			g.queue = g.queue[1:]
			return b, nil
		}
		if g.done {
			return nil, nil
		}
		if err := g.step(ctx); err != nil {
			return nil, err
		}
	}
}

// step takes one batch; groups that it completes are queued.
func (g *groupAggregate) step(ctx context.Context) error {
	b, err := g.input.Next(ctx)
	if err != nil {
		return err
	}
	if b == nil {
		g.done = true
		return g.flush(ctx)
	}
	b = b.Compact()
	keys, err := evalAll(g.aggregator.keys, b)
	if err != nil {
		return err
	}
	starts := g.starts(keys, b.N)
	if len(starts) == 0 {
		return g.add(b, keys, 0, b.N, nil)
	}
	cut := int(starts[len(starts)-1])
	if err := g.add(b, keys, 0, cut, starts[:len(starts)-1]); err != nil {
		return err
	}
	if err := g.flush(ctx); err != nil {
		return err
	}
	return g.add(b, keys, cut, b.N, []int32{int32(cut)})
}

// starts lists the rows at which a group begins.
func (g *groupAggregate) starts(keys []vec.Vector, n int) []int32 {
	var starts []int32
	before, at := g.last, 0
	for i := range n {
		if before == nil || !g.same(before, at, keys, i) {
			starts = append(starts, int32(i))
		}
		before, at = keys, i
	}
	if n > 0 {
		g.last = columns.GatherAll(keys, []int32{int32(n - 1)})
	}
	return starts
}

func (g *groupAggregate) same(a []vec.Vector, i int, b []vec.Vector, j int) bool {
	for k, eq := range g.equal {
		if !eq.Equal(a[k], i, b[k], j) {
			return false
		}
	}
	return true
}

// add adds rows [from, to), in which groups begin at starts.
func (g *groupAggregate) add(b *vec.Batch, keys []vec.Vector, from, to int, starts []int32) error {
	if from >= to {
		return nil
	}
	if len(starts) > 0 {
		g.keys = append(g.keys, *vec.NewBatch(columns.GatherAll(keys, starts), len(starts)))
	}
	group := make([]int32, b.N)
	sel := make([]int32, 0, to-from)
	for i := from; i < to; i++ {
		if len(starts) > 0 && int(starts[0]) == i {
			g.groups++
			starts = starts[1:]
		}
		group[i] = int32(g.groups - 1)
		sel = append(sel, int32(i))
	}
	for _, a := range g.aggs {
		a.state.Resize(g.groups)
		if err := a.update(b, sel, group); err != nil {
			return err
		}
	}
	return nil
}

// flush puts out all groups held.
func (g *groupAggregate) flush(ctx context.Context) error {
	if g.groups == 0 {
		return nil
	}
	for _, a := range g.aggs {
		if err := a.finish(ctx); err != nil {
			return err
		}
	}
	batches := make([]*vec.Batch, len(g.keys))
	for i := range g.keys {
		batches[i] = &g.keys[i]
	}
	keys := concatBatches(g.types, batches, g.groups)
	out, err := g.output(g.sets()[0], keys, g.aggs, 0, g.groups)
	if err != nil {
		return err
	}
	for from := 0; from < out.N; from += g.size {
		g.queue = append(g.queue, out.Limit(from, min(from+g.size, out.N)))
	}
	g.reset()
	return nil
}
