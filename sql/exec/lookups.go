package exec

import (
	"context"

	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// lookups joins a catalog relation by looking up the rows of each left row, or by
// reading it once into a hash table: how many left rows there are is known when the
// first of them come, and what a plan expects of conditions on a catalog is a guess.
type lookups struct {
	*lateral
	// many are the left rows of a batch for which reading all costs less.
	many int
	// makeHash makes the other join of what it is given; hash is that, once it was
	// wanted.
	makeHash func(left Operator) (Operator, error)
	hash     Operator
	rest     begun
	begun    bool // the first left batch has come
	hashed   bool // and there were many
}

// begun is an operator of which a batch was taken already. It is opened and closed by
// who did that.
type begun struct {
	Operator
	first *vec.Batch
}

func (o *begun) Open(context.Context) error { return nil }

func (o *begun) Close() error { return nil }

func (o *begun) Next(ctx context.Context) (*vec.Batch, error) {
	if b := o.first; b != nil {
		o.first = nil
		return b, nil
	}
	return o.Operator.Next(ctx)
}

// openingRows is what starting a look-up costs, in rows that are made (the planner's
// lookupWork).
const openingRows = 10

// lookups is l, or both ways where n is a join of look-ups in a catalog relation.
func (b *builder) lookups(n *plan.NestLoop, l *lateral) Operator {
	scan, ok := n.Right.(*plan.VirtualScan)
	if !ok || b.env.Virtual == nil {
		return l
	}
	h := wholeJoin(n, scan)
	if h == nil {
		return l
	}
	rows := b.env.Virtual.Shape(scan.Rel).Rows
	out := &lookups{lateral: l, many: int(rows/openingRows) + 1}
	out.rest.Operator = l.left
	out.makeHash = func(left Operator) (Operator, error) {
		right, err := b.operator(h.Right)
		if err != nil {
			return nil, err
		}
		return b.hashJoinOf(h, left, b.measure(right, scan))
	}
	return out
}

// wholeJoin is a join by look-ups as a hash join with the whole relation; nil where no
// key of the look-ups is one of it.
func wholeJoin(n *plan.NestLoop, scan *plan.VirtualScan) *plan.HashJoin {
	left, right := plan.ColumnIDs(n.Left.Columns()), plan.ColumnIDs(scan.Cols)
	whole := *scan
	whole.Keys = map[int16]plan.Expr{}
	for num, e := range scan.Keys {
		if !left.UsedBy(e) {
			whole.Keys[num] = e
		}
	}
	h := &plan.HashJoin{Kind: n.Kind, Left: n.Left, Right: &whole, Residual: n.On}
	for _, e := range plan.Conjuncts(n.On) {
		if l, r := hashable(e, left, right); l != nil {
			h.LeftKeys, h.RightKeys = append(h.LeftKeys, l), append(h.RightKeys, r)
		}
	}
	if len(h.LeftKeys) == 0 {
		return nil
	}
	return h
}

// hashable are the sides of an equality of columns of both inputs; nil for anything
// else.
func hashable(e plan.Expr, left, right plan.ColumnSet) (l, r plan.Expr) {
	c, ok := e.(*plan.Call)
	if !ok || c.Op == nil || !c.Op.Hashes || len(c.Args) != 2 {
		return nil, nil
	}
	l, r = c.Args[0], c.Args[1]
	if isColumnOf(r, left) && isColumnOf(l, right) {
		l, r = r, l
	}
	if _, ok := columns.Common(l.Type(), r.Type()); !ok || !isColumnOf(l, left) || !isColumnOf(r, right) {
		return nil, nil
	}
	return l, r
}

func isColumnOf(e plan.Expr, cols plan.ColumnSet) bool {
	c, ok := e.(*plan.Column)
	return ok && cols[c.ID]
}

func (l *lookups) Open(ctx context.Context) error {
	l.begun, l.hashed = false, false
	return l.lateral.Open(ctx)
}

func (l *lookups) Next(ctx context.Context) (*vec.Batch, error) {
	if !l.begun {
		if err := l.begin(ctx); err != nil {
			return nil, err
		}
	}
	if l.hashed {
		return l.hash.Next(ctx)
	}
	return l.lateral.Next(ctx)
}

// begin takes the first left batch and decides.
func (l *lookups) begin(ctx context.Context) error {
	first, err := l.left.Next(ctx)
	if err != nil {
		return err
	}
	l.begun = true
	if first == nil || first.Rows() < l.many {
		l.b, l.k = first, 0
		return nil
	}
	l.rest.first = first
	if l.hash == nil {
		if l.hash, err = l.makeHash(&l.rest); err != nil {
			return err
		}
	}
	l.hashed = true
	return l.hash.Open(ctx)
}

func (l *lookups) Close() error {
	var err error
	if l.hashed {
		err = l.hash.Close()
		l.hashed, l.rest.first = false, nil
	}
	if lerr := l.lateral.Close(); err == nil {
		err = lerr
	}
	return err
}
