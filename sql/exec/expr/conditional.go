package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/exec/columns"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// caseWhen evaluates each arm only for the rows that reach it.
type caseWhen struct {
	typ     *types.Type
	operand Expr
	holder  *held
	conds   []Expr
	results []Expr
	last    Expr
}

func (c *Compiler) caseWhen(e *plan.Case) (Expr, error) {
	out := &caseWhen{typ: e.Typ}
	inner := *c
	if e.Operand != nil {
		var err error
		if out.operand, err = c.Compile(e.Operand); err != nil {
			return nil, err
		}
		out.holder = &held{}
		inner.operand = out.holder
	}
	for _, w := range e.Whens {
		cond, err := inner.Compile(w.Cond)
		if err != nil {
			return nil, err
		}
		result, err := c.Compile(w.Result)
		if err != nil {
			return nil, err
		}
		out.conds, out.results = append(out.conds, cond), append(out.results, result)
	}
	var err error
	out.last, err = c.Compile(e.Else)
	return out, err
}

func (e *caseWhen) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	if e.operand != nil {
		v, err := e.operand.Eval(b, sel)
		if err != nil {
			return nil, err
		}
		e.holder.v = v
	}
	out := columns.NewAssembler(e.typ, b.N)
	rest := sel
	for k, cond := range e.conds {
		v, err := cond.Eval(b, rest)
		if err != nil {
			return nil, err
		}
		var hit []int32
		hit, rest = split(vec.Of[bool](v), rest, b.N)
		if err := assign(out, e.results[k], b, hit); err != nil {
			return nil, err
		}
		if len(rest) == 0 {
			return out.Build(), nil
		}
	}
	if err := assign(out, e.last, b, rest); err != nil {
		return nil, err
	}
	return out.Build(), nil
}

// split parts the rows for which v is true from the others; neither is nil.
func split(v *vec.Vec[bool], sel []int32, n int) (hit, rest []int32) {
	buf := make([]int32, count(sel, n))
	hit = make([]int32, 0, len(buf))
	rest = buf[:0]
	each(sel, n, func(i int) {
		if v.At(i) && !v.IsNull(i) {
			hit = append(hit, int32(i))
		} else {
			rest = append(rest, int32(i))
		}
	})
	return hit, rest
}

// assign evaluates e for the rows and puts them into out.
func assign(out columns.Assembler, e Expr, b *vec.Batch, rows []int32) error {
	if rows != nil && len(rows) == 0 {
		return nil
	}
	v, err := e.Eval(b, rows)
	if err != nil {
		return err
	}
	out.Set(v, rows)
	return nil
}

type coalesce struct {
	typ  *types.Type
	args []Expr
}

func (c *Compiler) coalesce(e *plan.Coalesce) (Expr, error) {
	args, err := c.CompileAll(e.Args)
	return &coalesce{e.Typ, args}, err
}

func (e *coalesce) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.args[0].Eval(b, sel)
	if err != nil || !v.HasNulls() {
		return v, err
	}
	out := columns.NewAssembler(e.typ, b.N)
	out.Set(v, sel)
	rest := nullRows(v, sel, b.N)
	for _, a := range e.args[1:] {
		if len(rest) == 0 {
			break
		}
		if v, err = a.Eval(b, rest); err != nil {
			return nil, err
		}
		out.Set(v, rest)
		rest = nullRows(v, rest, b.N)
	}
	return out.Build(), nil
}

func nullRows(v vec.Vector, sel []int32, n int) []int32 {
	rows := []int32{}
	each(sel, n, func(i int) {
		if v.IsNull(i) {
			rows = append(rows, int32(i))
		}
	})
	return rows
}

// nullIf is its left argument, NULL where that is not distinct from the right one.
type nullIf struct {
	typ  *types.Type
	same *distinct
}

func (c *Compiler) nullIf(e *plan.NullIf) (Expr, error) {
	same, err := c.distinct(&plan.Distinct{Meta: e.Eq.Meta, Left: e.Left, Right: e.Right, Eq: e.Eq, Not: true})
	return &nullIf{e.Typ, same}, err
}

func (e *nullIf) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	same, err := e.same.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	v := e.same.l.v
	hit, _ := split(vec.Of[bool](same), sel, b.N)
	if len(hit) == 0 {
		return v, nil
	}
	out := columns.NewAssembler(e.typ, b.N)
	out.Set(v, sel)
	out.SetNull(hit)
	return out.Build(), nil
}

// minMax picks the argument that is greatest or least, NULLs aside.
type minMax struct {
	typ  *types.Type
	args []Expr
	cmp  columns.Comparer
	sign int
}

func (c *Compiler) minMax(e *plan.MinMax) (Expr, error) {
	args, err := c.CompileAll(e.Args)
	sign := -1
	if e.Greatest {
		sign = 1
	}
	return &minMax{e.Typ, args, columns.NewComparer(e.Typ), sign}, err
}

func (e *minMax) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	best, err := e.args[0].Eval(b, sel)
	if err != nil {
		return nil, err
	}
	for _, a := range e.args[1:] {
		v, err := a.Eval(b, sel)
		if err != nil {
			return nil, err
		}
		best = e.pick(best, v, sel, b.N)
	}
	return best, nil
}

func (e *minMax) pick(best, v vec.Vector, sel []int32, n int) vec.Vector {
	better := []int32{}
	each(sel, n, func(i int) {
		if !v.IsNull(i) && (best.IsNull(i) || e.cmp.Compare(v, i, best, i)*e.sign > 0) {
			better = append(better, int32(i))
		}
	})
	if len(better) == 0 {
		return best
	}
	out := columns.NewAssembler(e.typ, n)
	out.Set(best, sel)
	out.Set(v, better)
	return out.Build()
}

// distinct is IS [NOT] DISTINCT FROM: eq is evaluated where neither side is
// NULL.
type distinct struct {
	typ         *types.Type
	left, right Expr
	eq          Expr
	l, r        *held
	not         bool
}

func (c *Compiler) distinct(e *plan.Distinct) (*distinct, error) {
	out := &distinct{typ: e.Typ, l: &held{}, r: &held{}, not: e.Not}
	var err error
	if out.left, err = c.Compile(e.Left); err != nil {
		return nil, err
	}
	if out.right, err = c.Compile(e.Right); err != nil {
		return nil, err
	}
	out.eq = &call{rt: c.rt, call: c.rt.CallOf(e.Eq), args: []Expr{out.l, out.r}, vecs: make([]vec.Vector, 2)}
	return out, nil
}

func (e *distinct) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	var err error
	if e.l.v, err = e.left.Eval(b, sel); err != nil {
		return nil, err
	}
	if e.r.v, err = e.right.Eval(b, sel); err != nil {
		return nil, err
	}
	out := make([]bool, b.N)
	both := make([]int32, 0, b.N)
	each(sel, b.N, func(i int) {
		ln, rn := e.l.v.IsNull(i), e.r.v.IsNull(i)
		if ln || rn {
			out[i] = (ln != rn) != e.not
			return
		}
		both = append(both, int32(i))
	})
	if len(both) > 0 {
		eq, err := e.eq.Eval(b, both)
		if err != nil {
			return nil, err
		}
		for _, i := range both {
			out[i] = !isTrue(eq, int(i)) != e.not
		}
	}
	return vec.NewVec(e.typ, out, nil), nil
}
