package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// mergeJoin joins inputs that are sorted by their keys, group of equal keys by
// group.
type mergeJoin struct {
	pairing
	left, right *groupReader
	orders      columns.Orders
	queue       []*vec.Batch
}

func (b *builder) mergeJoin(n *plan.MergeJoin) (Operator, error) {
	lc, rc := n.Left.Columns(), n.Right.Columns()
	p, err := b.pairing(n.Kind, lc, rc, n.Residual)
	if err != nil {
		return nil, err
	}
	m := &mergeJoin{pairing: p}
	var ts []*types.Type
	orders := make([]columns.Order, len(n.LeftKeys))
	for i, k := range n.LeftKeys {
		l, r := k.Expr.Type(), n.RightKeys[i].Expr.Type()
		t, ok := columns.Common(l, r)
		if !ok {
			return nil, pgerr.Internal("a merge join of %s with %s", l.Name, r.Name)
		}
		ts = append(ts, t)
		orders[i] = columns.Order{Type: t, Desc: k.Desc, NullsFirst: k.NullsFirst}
	}
	m.orders = columns.NewOrders(orders)
	if m.left, err = b.groupReader(n.Left, n.LeftKeys, ts, m.orders); err != nil {
		return nil, err
	}
	m.right, err = b.groupReader(n.Right, n.RightKeys, ts, m.orders)
	return m, err
}

func (m *mergeJoin) Open(ctx context.Context) error {
	m.queue = nil
	if err := m.left.open(ctx); err != nil {
		return err
	}
	return m.right.open(ctx)
}

func (m *mergeJoin) Close() error {
	m.queue = nil
	err := m.left.in.Close()
	if rerr := m.right.in.Close(); err == nil {
		err = rerr
	}
	return err
}

func (m *mergeJoin) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		if len(m.queue) > 0 {
			b := m.queue[0]
			m.queue = m.queue[1:]
			return b, nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
		more, err := m.step(ctx)
		if err != nil {
			return nil, err
		}
		if !more && len(m.queue) == 0 {
			return nil, nil
		}
	}
}

// step takes the lesser group, or both if they are equal.
func (m *mergeJoin) step(ctx context.Context) (more bool, err error) {
	l, err := m.left.peek(ctx)
	if err != nil {
		return false, err
	}
	r, err := m.right.peek(ctx)
	if err != nil || l == nil && r == nil {
		return false, err
	}
	switch c := m.compare(l, r); {
	case c < 0:
		m.left.take()
		m.lone(l.rows, m.finishLeft(l.rows, nil))
	case c > 0:
		m.right.take()
		if m.keepsRight() {
			m.lone(r.rows, m.loneRight(r.rows.Cols, vec.All(r.rows.N)))
		}
	default:
		m.left.take()
		m.right.take()
		err = m.joinGroups(l.rows, r.rows)
	}
	return true, err
}

func (m *mergeJoin) lone(_, out *vec.Batch) {
	if out != nil {
		m.queue = append(m.queue, out)
	}
}

// compare orders two groups; a NULL key equals nothing.
func (m *mergeJoin) compare(l, r *keyGroup) int {
	switch {
	case l == nil:
		return 1
	case r == nil:
		return -1
	}
	c := m.orders.Compare(l.keys, 0, r.keys, 0)
	if c == 0 && anyNull(l.keys, 0) {
		return -1
	}
	return c
}

func (m *mergeJoin) joinGroups(l, r *vec.Batch) error {
	lm, rm := vec.NewBitmap(l.N), vec.NewBitmap(r.N)
	for i := range l.N {
		for from := 0; from < r.N; from += m.size {
			n := min(m.size, r.N-from)
			li, ri := make([]int32, n), make([]int32, n)
			for k := range n {
				li[k], ri[k] = int32(i), int32(from+k)
			}
			lhit, rhit, out, err := m.matching(l.Cols, li, r.Cols, ri)
			if err != nil {
				return err
			}
			setAll(lm, lhit)
			setAll(rm, rhit)
			if out != nil && out.Rows() > 0 {
				m.queue = append(m.queue, out)
			}
		}
	}
	m.lone(l, m.finishLeft(l, lm))
	if m.keepsRight() {
		if rows := unmatched(rm, 0, r.N); len(rows) > 0 {
			m.queue = append(m.queue, m.loneRight(r.Cols, rows))
		}
	}
	return nil
}

// keyGroup is rows with equal keys; keys has one row.
type keyGroup struct {
	rows *vec.Batch
	keys []vec.Vector
}

// groupReader reads a sorted input group by group.
type groupReader struct {
	in     Operator
	exprs  []expr.Expr
	types  []*types.Type // of keys
	cols   []*types.Type
	orders columns.Orders

	b     *vec.Batch
	keys  []vec.Vector
	at    int
	ended bool
	group *keyGroup
}

func (b *builder) groupReader(n plan.Node, keys []plan.SortKey, ts []*types.Type, orders columns.Orders) (*groupReader, error) {
	in, err := b.build(n)
	if err != nil {
		return nil, err
	}
	es, _, err := b.sortKeys(keys, n.Columns())
	return &groupReader{in: in, exprs: es, types: ts, cols: plan.ColumnTypes(n.Columns()), orders: orders}, err
}

func (g *groupReader) open(ctx context.Context) error {
	g.b, g.keys, g.at, g.ended, g.group = nil, nil, 0, false, nil
	return g.in.Open(ctx)
}

func (g *groupReader) take() { g.group = nil }

// peek returns the group at hand; nil at the end.
func (g *groupReader) peek(ctx context.Context) (*keyGroup, error) {
	if g.group != nil || g.ended && g.b == nil {
		return g.group, nil
	}
	if ok, err := g.load(ctx); !ok || err != nil {
		return nil, err
	}
	keys := columns.GatherAll(g.keys, []int32{int32(g.at)})
	var parts []*vec.Batch
	n := 0
	for {
		from := g.at
		for g.at < g.b.N && g.orders.Compare(keys, 0, g.keys, g.at) == 0 {
			g.at++
		}
		parts = append(parts, g.b.Limit(from, g.at))
		n += g.at - from
		if g.at < g.b.N {
			break
		}
		if ok, err := g.load(ctx); err != nil {
			return nil, err
		} else if !ok || g.orders.Compare(keys, 0, g.keys, 0) != 0 {
			break
		}
	}
	g.group = &keyGroup{vec.NewBatch(concatBatches(g.cols, parts, n), n), keys}
	return g.group, nil
}

// load makes sure that there is a row at hand.
func (g *groupReader) load(ctx context.Context) (bool, error) {
	for g.b == nil || g.at >= g.b.N {
		if g.ended {
			return false, nil
		}
		b, err := g.in.Next(ctx)
		if err != nil {
			return false, err
		}
		if b == nil {
			g.ended, g.b = true, nil
			return false, nil
		}
		g.b, g.at = b.Compact(), 0
		if g.keys, err = evalAll(g.exprs, g.b); err != nil {
			return false, err
		}
		for i, v := range g.keys {
			g.keys[i] = columns.Widen(v, g.types[i])
		}
	}
	return true, nil
}
