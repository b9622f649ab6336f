package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/exec/spill"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// nestLoop joins every left batch with all right rows, which it reads once and
// keeps.
type nestLoop struct {
	pairing
	left, right Operator
	acct        *spill.Account

	rows    *spill.Rows // of right
	starts  []int       // number of the first row of each batch of rows
	matched vec.Bitmap  // right rows
	outer   *loopBatch
	tail    int // next right batch to be looked at for unmatched rows
}

func (b *builder) nestLoop(n *plan.NestLoop) (Operator, error) {
	p, err := b.pairing(n.Kind, n.Left.Columns(), n.Right.Columns(), n.On)
	if err != nil {
		return nil, err
	}
	left, err := b.build(n.Left)
	if err != nil {
		return nil, err
	}
	if n.Lateral {
		return b.lateral(n, p, left)
	}
	right, err := b.build(n.Right)
	return &nestLoop{pairing: p, left: left, right: right, acct: b.account(n)}, err
}

func (l *nestLoop) Open(ctx context.Context) error {
	l.drop()
	if err := l.left.Open(ctx); err != nil {
		return err
	}
	return l.right.Open(ctx)
}

func (l *nestLoop) drop() {
	if l.rows != nil {
		l.rows.Close()
	}
	l.rows, l.starts, l.matched, l.outer, l.tail = nil, nil, nil, nil, 0
}

func (l *nestLoop) Close() error {
	l.drop()
	err := l.left.Close()
	if rerr := l.right.Close(); err == nil {
		err = rerr
	}
	return err
}

func (l *nestLoop) Next(ctx context.Context) (*vec.Batch, error) {
	if l.rows == nil {
		if err := l.readRight(ctx); err != nil {
			return nil, err
		}
	}
	for {
		if l.outer == nil {
			b, err := l.left.Next(ctx)
			if err != nil {
				return nil, err
			}
			if b == nil {
				return l.loneRights(ctx)
			}
			l.outer = &loopBatch{nestLoop: l, b: b, live: rowsAlive(b), matched: vec.NewBitmap(b.N)}
		}
		b, err := l.outer.next(ctx)
		if b != nil || err != nil {
			return b, err
		}
		l.outer = nil
	}
}

func rowsAlive(b *vec.Batch) []int32 {
	if b.Sel != nil {
		return b.Sel
	}
	return vec.All(b.N)
}

func (l *nestLoop) readRight(ctx context.Context) error {
	l.rows = spill.NewRows(l.acct, l.pairing.right)
	for {
		b, err := l.right.Next(ctx)
		if err != nil {
			return err
		}
		if b == nil {
			break
		}
		if b.Rows() == 0 {
			continue
		}
		l.starts = append(l.starts, l.rows.Len())
		if err := l.rows.Append(b); err != nil {
			return err
		}
	}
	if l.keepsRight() {
		l.matched = vec.NewBitmap(l.rows.Len())
	}
	return nil
}

func (l *nestLoop) loneRights(ctx context.Context) (*vec.Batch, error) {
	if !l.keepsRight() {
		return nil, nil
	}
	for l.tail < l.rows.Batches() {
		b, err := l.rows.Batch(ctx, l.tail)
		if err != nil {
			return nil, err
		}
		start := l.starts[l.tail]
		l.tail++
		rows := unmatched(l.matched, start, start+b.N)
		if len(rows) == 0 {
			continue
		}
		for k := range rows {
			rows[k] -= int32(start)
		}
		return l.loneRight(b.Cols, rows), nil
	}
	return nil, nil
}

// loopBatch is the joining of one left batch with the right rows.
type loopBatch struct {
	*nestLoop
	b       *vec.Batch
	live    []int32 // left rows still to be paired
	matched vec.Bitmap
	right   int // number of the right batch
	cols    []vec.Vector
	n       int // its rows; 0 before the first batch
	at, row int // the next pair: position in live, row of the right batch
	ended   bool
}

func (l *loopBatch) next(ctx context.Context) (*vec.Batch, error) {
	for !l.ended {
		if l.n == 0 || l.at >= len(l.live) {
			more, err := l.nextRight(ctx)
			if err != nil {
				return nil, err
			}
			if !more {
				l.ended = true
				return l.finishLeft(l.b, l.matched), nil
			}
			continue
		}
		li, ri := l.pairs()
		lm, rm, out, err := l.matching(l.b.Cols, li, l.cols, ri)
		if err != nil {
			return nil, err
		}
		setAll(l.matched, lm)
		if l.nestLoop.matched != nil {
			start := l.starts[l.right-1]
			for _, r := range rm {
				l.nestLoop.matched.Set(start + int(r))
			}
		}
		if out != nil && out.Rows() > 0 {
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
	return nil, nil
}

// nextRight goes to the next right batch; rows that a semi or anti join has
// decided are left out.
func (l *loopBatch) nextRight(ctx context.Context) (bool, error) {
	if l.filters() && l.n > 0 {
		rest := make([]int32, 0, len(l.live))
		for _, i := range l.live {
			if !l.matched.Get(int(i)) {
				rest = append(rest, i)
			}
		}
		l.live = rest
	}
	if l.right >= l.rows.Batches() || len(l.live) == 0 {
		return false, nil
	}
	b, err := l.rows.Batch(ctx, l.right)
	if err != nil {
		return false, err
	}
	l.right++
	l.cols, l.n, l.at, l.row = b.Cols, b.N, 0, 0
	return true, nil
}

// pairs lists the next pairs, left row by left row.
func (l *loopBatch) pairs() (li, ri []int32) {
	for l.at < len(l.live) && len(li) < l.size {
		li, ri = append(li, l.live[l.at]), append(ri, int32(l.row))
		if l.row++; l.row == l.n {
			l.at, l.row = l.at+1, 0
		}
	}
	return li, ri
}

// lateral runs the right plan for each left row, whose columns it sees as outer
// columns.
type lateral struct {
	pairing
	left, right Operator
	slots       []lateralSlot

	b       *vec.Batch
	k       int // position in b of the row being joined
	open    bool
	matched bool
}

type lateralSlot struct {
	col  int
	slot *expr.Slot
}

func (b *builder) lateral(n *plan.NestLoop, p pairing, left Operator) (Operator, error) {
	l := &lateral{pairing: p, left: left}
	outer := expr.NewOuter(b.outer)
	used := plan.ColumnSet{}
	for _, id := range n.Outer {
		used[id] = true
	}
	for i, c := range n.Left.Columns() {
		if len(n.Outer) == 0 || used[c.ID] {
			l.slots = append(l.slots, lateralSlot{i, outer.Add(c.ID, c.Type)})
		}
	}
	var err error
	if l.right, err = b.below(outer).build(n.Right); err != nil {
		return nil, err
	}
	return b.lookups(n, l), nil
}

func (l *lateral) Open(ctx context.Context) error {
	l.b, l.k, l.open = nil, 0, false
	return l.left.Open(ctx)
}

func (l *lateral) Close() error {
	err := l.closeRight()
	if lerr := l.left.Close(); err == nil {
		err = lerr
	}
	return err
}

func (l *lateral) closeRight() error {
	if !l.open {
		return nil
	}
	l.open = false
	return l.right.Close()
}

func (l *lateral) Next(ctx context.Context) (*vec.Batch, error) {
	for {
		if l.b == nil || l.k >= l.b.Rows() {
			b, err := l.left.Next(ctx)
			if b == nil || err != nil {
				return nil, err
			}
			l.b, l.k = b, 0
			continue
		}
		out, done, err := l.step(ctx, int32(l.b.Row(l.k)))
		if err != nil {
			return nil, err
		}
		if done {
			l.k++
		}
		if out != nil && out.Rows() > 0 {
			return out, nil
		}
		if ctx.Err() != nil {
			return nil, spill.Cancelled(ctx)
		}
	}
}

// step joins left row i with the next right batch; done says that the row is
// finished.
func (l *lateral) step(ctx context.Context, i int32) (out *vec.Batch, done bool, err error) {
	if !l.open {
		for _, s := range l.slots {
			s.slot.Set(l.b.Cols[s.col].Value(int(i)))
		}
		l.open, l.matched = true, false
		if err := l.right.Open(ctx); err != nil {
			return nil, false, err
		}
	}
	right, err := l.right.Next(ctx)
	if err != nil {
		return nil, false, err
	}
	if right == nil {
		return l.finishRow(i), true, l.closeRight()
	}
	right = right.Compact()
	if right.N == 0 {
		return nil, false, nil
	}
	li := make([]int32, right.N)
	for k := range li {
		li[k] = i
	}
	matched, _, out, err := l.matching(l.b.Cols, li, right.Cols, vec.All(right.N))
	if err != nil {
		return nil, false, err
	}
	l.matched = l.matched || len(matched) > 0
	if l.filters() && l.matched {
		return l.finishRow(i), true, l.closeRight()
	}
	return out, false, nil
}

func (l *lateral) finishRow(i int32) *vec.Batch {
	bits := vec.NewBitmap(l.b.N)
	if l.matched {
		bits.Set(int(i))
	}
	return l.finishLeft(l.b.WithSel([]int32{i}), bits)
}
