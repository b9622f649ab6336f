package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// window computes window functions partition by partition. One partition is
// held in memory at a time.
type window struct {
	node   *plan.Window
	in     *groupReader // sorted by partition, then order
	order  []expr.Expr
	orders columns.Orders
	calls  []*windowCall
	frame  *frame
	size   int
	part   *vec.Batch // what is left to be put out
}

// windowCall is one function, compiled.
type windowCall struct {
	win    *plan.Win
	call   *funcs.Call
	args   []expr.Expr
	filter *expr.Predicate
}

func (b *builder) window(n *plan.Window) (Operator, error) {
	in, err := b.sortedFor(n)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Columns()
	c := b.compiler(cols)
	w := &window{node: n, size: b.batchSize(), in: &groupReader{in: in, cols: plan.ColumnTypes(cols)}}
	if w.in.exprs, err = c.CompileAll(n.PartitionBy); err != nil {
		return nil, err
	}
	var orders []columns.Order
	for _, e := range n.PartitionBy {
		w.in.types = append(w.in.types, e.Type())
		orders = append(orders, columns.Order{Type: e.Type()})
	}
	w.in.orders = columns.NewOrders(orders)
	if w.order, w.orders, err = b.sortKeys(n.OrderBy, cols); err != nil {
		return nil, err
	}
	for _, win := range n.Calls {
		wc, err := b.windowCall(win, c)
		if err != nil {
			return nil, err
		}
		w.calls = append(w.calls, wc)
	}
	w.frame, err = b.frame(n)
	return w, err
}

// sortedFor makes the input's operator, sorted by partition and order unless it
// already is.
func (b *builder) sortedFor(n *plan.Window) (Operator, error) {
	keys := make([]plan.SortKey, 0, len(n.PartitionBy)+len(n.OrderBy))
	for _, e := range n.PartitionBy {
		keys = append(keys, plan.SortKey{Expr: e})
	}
	keys = append(keys, n.OrderBy...)
	if len(keys) == 0 || sortedBy(n.Input, keys) {
		return b.build(n.Input)
	}
	in, err := b.build(n.Input)
	if err != nil {
		return nil, err
	}
	cols := n.Input.Columns()
	es, orders, err := b.sortKeys(keys, cols)
	acct := b.account(n)
	return &sortOp{input: in, keys: es, width: len(cols), sorter: func() *sorter {
		return newSorter(acct, orders, plan.ColumnTypes(cols), keyTypes(keys))
	}}, err
}

// sortedBy says whether n is a Sort by exactly these columns.
func sortedBy(n plan.Node, keys []plan.SortKey) bool {
	s, ok := n.(*plan.Sort)
	if !ok || len(s.Keys) < len(keys) {
		return false
	}
	for i, k := range keys {
		a, isCol := k.Expr.(*plan.Column)
		b, isCol2 := s.Keys[i].Expr.(*plan.Column)
		if !isCol || !isCol2 || a.ID != b.ID || k.Desc != s.Keys[i].Desc || k.NullsFirst != s.Keys[i].NullsFirst {
			return false
		}
	}
	return true
}

func (b *builder) windowCall(win *plan.Win, c *expr.Compiler) (*windowCall, error) {
	if win.Func.Win == nil && win.Func.Agg.New == nil {
		return nil, pgerr.Internal("%s is no window function", win.Func.Name)
	}
	args, err := c.CompileAll(win.Args)
	if err != nil {
		return nil, err
	}
	ts := make([]*types.Type, len(win.Args))
	for i, a := range win.Args {
		ts[i] = a.Type()
	}
	p, err := c.Predicate(win.Filter)
	return &windowCall{win, b.rt.NewCall(win.Func, ts, win.Typ, win.Mod), args, p}, err
}

func (w *window) Open(ctx context.Context) error {
	w.part = nil
	if err := w.frame.open(); err != nil {
		return err
	}
	return w.in.open(ctx)
}

func (w *window) Close() error {
	w.part = nil
	return w.in.in.Close()
}

func (w *window) Next(ctx context.Context) (*vec.Batch, error) {
	for w.part == nil || w.part.N == 0 {
		g, err := w.in.peek(ctx)
		if g == nil || err != nil {
			return nil, err
		}
		w.in.take()
		if w.part, err = w.compute(ctx, g.rows); err != nil {
			return nil, err
		}
	}
	n := min(w.size, w.part.N)
	out := w.part.Limit(0, n)
	w.part = w.part.Limit(n, w.part.N)
	return out, nil
}

// compute adds the functions' columns to the rows of one partition.
func (w *window) compute(ctx context.Context, rows *vec.Batch) (*vec.Batch, error) {
	p, err := w.partition(rows)
	if err != nil {
		return nil, err
	}
	cols := append([]vec.Vector(nil), rows.Cols...)
	for _, c := range w.calls {
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
		if p.args, err = evalAll(c.args, rows); err != nil {
			return nil, err
		}
		c.call.Ctx = ctx
		v, err := c.eval(p, rows)
		if err != nil {
			return nil, err
		}
		cols = append(cols, v)
	}
	return vec.NewBatch(cols, rows.N), nil
}

func (c *windowCall) eval(p *partition, rows *vec.Batch) (vec.Vector, error) {
	if c.win.Func.Win != nil {
		c.call.State = nil
		return c.win.Func.Win(c.call, p)
	}
	pass, err := c.filter.Rows(rows, nil)
	if err != nil {
		return nil, err
	}
	return c.aggregate(p, pass)
}

// partition implements funcs.WindowPartition.
type partition struct {
	n          int
	args       []vec.Vector
	peers      []int32 // number of each row's peer group
	starts     []int32 // first row of each peer group, and n at the end
	start, end []int32 // of each row's frame
	exclude    plan.FrameExclude
}

func (w *window) partition(rows *vec.Batch) (*partition, error) {
	keys, err := evalAll(w.order, rows)
	if err != nil {
		return nil, err
	}
	p := &partition{n: rows.N, peers: make([]int32, rows.N), exclude: w.frame.Exclude}
	for i := range rows.N {
		if i == 0 || w.orders.Compare(keys, i-1, keys, i) != 0 {
			p.starts = append(p.starts, int32(i))
		}
		p.peers[i] = int32(len(p.starts) - 1)
	}
	p.starts = append(p.starts, int32(rows.N))
	p.start, p.end, err = w.frame.bounds(p, keys)
	return p, err
}

func (p *partition) Rows() int            { return p.n }
func (p *partition) Args() []vec.Vector   { return p.args }
func (p *partition) PeerStart(i int) int  { return int(p.starts[p.peers[i]]) }
func (p *partition) PeerEnd(i int) int    { return int(p.starts[p.peers[i]+1]) }
func (p *partition) FrameStart(i int) int { return int(p.start[i]) }
func (p *partition) FrameEnd(i int) int   { return int(p.end[i]) }

func (p *partition) Excluded(i, j int) bool {
	switch p.exclude {
	case plan.ExcludeCurrentRow:
		return i == j
	case plan.ExcludeGroup:
		return p.peers[i] == p.peers[j]
	case plan.ExcludeTies:
		return p.peers[i] == p.peers[j] && i != j
	}
	return false
}
