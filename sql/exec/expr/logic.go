package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// logic is AND and OR. stop is the value that decides a row: later arguments
// are not evaluated for it.
type logic struct {
	args []Expr
	typ  *types.Type
	stop bool
	live []int32
}

func (c *Compiler) logic(args []plan.Expr, t *types.Type, stop bool) (Expr, error) {
	as, err := c.CompileAll(args)
	if err != nil {
		return nil, err
	}
	return &logic{args: as, typ: t, stop: stop}, nil
}

func (e *logic) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	r := logicRows{stop: e.stop, vals: make([]bool, b.N)}
	live := sel
	for _, a := range e.args {
		v, err := a.Eval(b, live)
		if err != nil {
			return nil, err
		}
		live = r.narrow(vec.Of[bool](v), live, b.N, e.live[:0])
		e.live = live[:0]
		if len(live) == 0 {
			break
		}
	}
	if !e.stop {
		r.setTrue(live)
	}
	return vec.NewVec(e.typ, r.vals, r.nulls), nil
}

// logicRows is the result under construction: rows not yet decided are those
// that narrow returned last, with a null bit if they have seen NULL.
type logicRows struct {
	stop  bool
	vals  []bool
	nulls vec.Bitmap
}

// narrow takes one argument's values and returns the rows that it does not
// decide, in buf, which may share memory with live.
func (r *logicRows) narrow(v *vec.Vec[bool], live []int32, n int, buf []int32) []int32 {
	if cap(buf) < n {
		buf = make([]int32, 0, n)
	}
	if live == nil && !v.IsConst() && v.Nulls == nil {
		return r.narrowDense(v.Vals, buf)
	}
	each(live, n, func(i int) {
		switch {
		case v.IsNull(i):
			r.setNull(i)
		case v.At(i) == r.stop:
			r.decide(i)
			return
		}
		buf = append(buf, int32(i))
	})
	return buf
}

func (r *logicRows) narrowDense(vals []bool, buf []int32) []int32 {
	for i, x := range vals {
		if x != r.stop {
			buf = append(buf, int32(i))
		} else {
			r.vals[i] = x
		}
	}
	return buf
}

func (r *logicRows) decide(i int) {
	r.vals[i] = r.stop
	if r.nulls != nil {
		r.nulls.Clear(i)
	}
}

func (r *logicRows) setNull(i int) {
	if r.nulls == nil {
		r.nulls = vec.NewBitmap(len(r.vals))
	}
	r.nulls.Set(i)
}

func (r *logicRows) setTrue(rows []int32) {
	for _, i := range rows {
		r.vals[i] = !r.nulls.Get(int(i))
	}
}

type not struct {
	arg Expr
	typ *types.Type
}

func (c *Compiler) not(e *plan.Not) (Expr, error) {
	a, err := c.Compile(e.Arg)
	return &not{a, e.Typ}, err
}

func (e *not) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	t := vec.Of[bool](v)
	if t.IsConst() {
		if t.IsNull(0) {
			return t, nil
		}
		return vec.NewConst(e.typ, !t.Vals[0], b.N), nil
	}
	out := make([]bool, b.N)
	for i, x := range t.Vals {
		out[i] = !x && !t.Nulls.Get(i)
	}
	return vec.NewVec(e.typ, out, t.Nulls), nil
}

// truth computes a boolean that is never NULL from each row of its argument.
type truth struct {
	arg  Expr
	typ  *types.Type
	test func(v vec.Vector, i int) bool
}

func (e *truth) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	if v.IsConst() && b.N > 0 {
		return vec.NewConst(e.typ, e.test(v, 0), b.N), nil
	}
	out := make([]bool, b.N)
	each(sel, b.N, func(i int) { out[i] = e.test(v, i) })
	return vec.NewVec(e.typ, out, nil), nil
}

func (c *Compiler) nullTest(e *plan.NullTest) (Expr, error) {
	if row, ok := e.Arg.(*plan.RowExpr); ok && e.RowWise {
		return c.rowNullTest(row, e)
	}
	a, err := c.Compile(e.Arg)
	test := func(v vec.Vector, i int) bool { return v.IsNull(i) != e.Not }
	if e.RowWise {
		test = func(v vec.Vector, i int) bool { return recordNull(v.Value(i), e.Not) }
	}
	return &truth{a, e.Typ, test}, err
}

// rowNullTest tests each field: ROW(a, b) IS NULL means that all are, IS NOT
// NULL that none is.
func (c *Compiler) rowNullTest(row *plan.RowExpr, e *plan.NullTest) (Expr, error) {
	if len(row.Fields) == 0 {
		return &constant{typ: e.Typ, val: true}, nil
	}
	tests := make([]plan.Expr, len(row.Fields))
	for i, f := range row.Fields {
		tests[i] = &plan.NullTest{Meta: e.Meta, Arg: f, Not: e.Not}
	}
	return c.logic(tests, e.Typ, false)
}

func recordNull(v any, not bool) bool {
	r, ok := v.(*types.Record)
	if !ok {
		return !not
	}
	for _, f := range r.Values {
		if (f == nil) == not {
			return false
		}
	}
	return true
}

var boolTests = map[plan.BoolTestKind]func(v vec.Vector, i int) bool{
	plan.IsTrue:       isTrue,
	plan.IsNotTrue:    func(v vec.Vector, i int) bool { return !isTrue(v, i) },
	plan.IsFalse:      isFalse,
	plan.IsNotFalse:   func(v vec.Vector, i int) bool { return !isFalse(v, i) },
	plan.IsUnknown:    func(v vec.Vector, i int) bool { return v.IsNull(i) },
	plan.IsNotUnknown: func(v vec.Vector, i int) bool { return !v.IsNull(i) },
}

func isTrue(v vec.Vector, i int) bool { return !v.IsNull(i) && vec.Of[bool](v).At(i) }

func isFalse(v vec.Vector, i int) bool { return !v.IsNull(i) && !vec.Of[bool](v).At(i) }

func (c *Compiler) boolTest(e *plan.BoolTest) (Expr, error) {
	a, err := c.Compile(e.Arg)
	return &truth{a, e.Typ, boolTests[e.Test]}, err
}
