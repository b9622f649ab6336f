package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// Predicate keeps the rows for which every conjunct is true. Conjuncts are
// evaluated in order, each only on the rows that passed those before it.
type Predicate struct {
	conjuncts []Expr
	// whole is the condition where it is computed row by row, in place of conjuncts.
	whole *List
}

// Predicate compiles a condition; nil passes everything.
func (c *Compiler) Predicate(cond plan.Expr) (*Predicate, error) {
	if plan.VolatileCalls(cond) > 1 {
		l, err := c.List([]plan.Expr{cond})
		return &Predicate{whole: l}, err
	}
	es, err := c.CompileAll(plan.Conjuncts(cond))
	return &Predicate{conjuncts: es}, err
}

// Empty says that the predicate passes everything.
func (p *Predicate) Empty() bool { return p == nil || len(p.conjuncts) == 0 && p.whole == nil }

// Select returns b with only the rows that pass, sharing its columns.
func (p *Predicate) Select(b *vec.Batch) (*vec.Batch, error) {
	if p.Empty() {
		return b, nil
	}
	sel, err := p.Rows(b, b.Sel)
	if err != nil {
		return nil, err
	}
	if b.Sel == nil && len(sel) == b.N {
		return b, nil
	}
	return b.WithSel(sel), nil
}

// Rows returns the rows among sel (all if nil) that pass; the slice is new and
// never nil, unless there is no condition.
func (p *Predicate) Rows(b *vec.Batch, sel []int32) ([]int32, error) {
	if p.Empty() {
		return sel, nil
	}
	if p.whole != nil {
		v, err := p.whole.Eval(b, sel)
		if err != nil {
			return nil, err
		}
		return funcs.SelectTrue(v[0], sel, b.N, make([]int32, 0, count(sel, b.N))), nil
	}
	var out []int32
	for k, e := range p.conjuncts {
		v, err := e.Eval(b, sel)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			out = make([]int32, 0, count(sel, b.N))
		}
		out = funcs.SelectTrue(v, sel, b.N, out[:0])
		if sel = out; len(out) == 0 {
			break
		}
	}
	return out, nil
}

// Dense compacts a batch of which few rows are alive: kernels compute vectors
// of all its rows.
func Dense(b *vec.Batch) *vec.Batch {
	if b.Sel != nil && len(b.Sel)*4 < b.N {
		return b.Compact()
	}
	return b
}
