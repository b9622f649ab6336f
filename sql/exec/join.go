package exec

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/exec/expr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// pairing is what all joins share: the kind, the condition on pairs, and the
// making of output from pairs of row numbers.
type pairing struct {
	kind        plan.JoinKind
	cond        *expr.Predicate // over the left columns, then the right ones
	left, right []*types.Type
	size        int
}

func (b *builder) pairing(kind plan.JoinKind, left, right []plan.Col, cond plan.Expr) (pairing, error) {
	both := append(append([]plan.Col(nil), left...), right...)
	p, err := b.compiler(both).Predicate(cond)
	return pairing{kind, p, plan.ColumnTypes(left), plan.ColumnTypes(right), b.batchSize()}, err
}

// keepsLeft and keepsRight say whether unmatched rows are put out.
func (p *pairing) keepsLeft() bool { return p.kind == plan.LeftJoin || p.kind == plan.FullJoin }

func (p *pairing) keepsRight() bool { return p.kind == plan.RightJoin || p.kind == plan.FullJoin }

// filters says that the output is left rows, with or without a match, filtersRight that
// it is right ones.
func (p *pairing) filters() bool { return p.kind == plan.SemiJoin || p.kind == plan.AntiJoin }

func (p *pairing) filtersRight() bool {
	return p.kind == plan.RightSemiJoin || p.kind == plan.RightAntiJoin
}

// matching returns the pairs that meet the condition, and their rows unless the
// join only filters.
func (p *pairing) matching(left []vec.Vector, li []int32, right []vec.Vector, ri []int32) (l, r []int32, out *vec.Batch, err error) {
	if p.cond.Empty() {
		if p.filters() || p.filtersRight() {
			return li, ri, nil, nil
		}
		return li, ri, p.join(left, li, right, ri), nil
	}
	b := p.join(left, li, right, ri)
	sel, err := p.cond.Rows(b, nil)
	if err != nil {
		return nil, nil, nil, err
	}
	l, r = make([]int32, len(sel)), make([]int32, len(sel))
	for k, i := range sel {
		l[k], r[k] = li[i], ri[i]
	}
	if p.filters() || p.filtersRight() || len(sel) == 0 {
		return l, r, nil, nil
	}
	return l, r, b.WithSel(sel), nil
}

func (p *pairing) join(left []vec.Vector, li []int32, right []vec.Vector, ri []int32) *vec.Batch {
	cols := append(columns.GatherAll(left, li), columns.GatherAll(right, ri)...)
	return vec.NewBatch(cols, len(li))
}

// loneLeft is left rows beside NULLs.
func (p *pairing) loneLeft(left []vec.Vector, rows []int32) *vec.Batch {
	cols := columns.GatherAll(left, rows)
	for _, t := range p.right {
		cols = append(cols, vec.Const(t, nil, len(rows)))
	}
	return vec.NewBatch(cols, len(rows))
}

// loneRight is right rows beside NULLs.
func (p *pairing) loneRight(right []vec.Vector, rows []int32) *vec.Batch {
	var cols []vec.Vector
	for _, t := range p.left {
		cols = append(cols, vec.Const(t, nil, len(rows)))
	}
	return vec.NewBatch(append(cols, columns.GatherAll(right, rows)...), len(rows))
}

// finishLeft is what the end of a left batch puts out: unmatched rows of an
// outer join, the rows that a semi or anti join passes; nil if none.
func (p *pairing) finishLeft(b *vec.Batch, matched vec.Bitmap) *vec.Batch {
	if !p.keepsLeft() && !p.filters() {
		return nil
	}
	want := p.kind == plan.SemiJoin
	rows := make([]int32, 0, b.Rows())
	for k := range b.Rows() {
		if i := b.Row(k); matched.Get(i) == want {
			rows = append(rows, int32(i))
		}
	}
	switch {
	case len(rows) == 0:
		return nil
	case p.filters():
		return b.WithSel(rows)
	}
	return p.loneLeft(b.Cols, rows)
}

// unmatched lists rows [from, to) that are not in matched.
func unmatched(matched vec.Bitmap, from, to int) []int32 { return ofMatch(matched, from, to, false) }

// ofMatch lists rows [from, to) that are in matched, or those that are not.
func ofMatch(matched vec.Bitmap, from, to int, want bool) []int32 {
	rows := []int32{}
	for i := from; i < to; i++ {
		if matched.Get(i) == want {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

func setAll(bits vec.Bitmap, rows []int32) {
	for _, i := range rows {
		bits.Set(int(i))
	}
}
