package expr

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// fewElements is the size from which a constant list is hashed.
const fewElements = 4

// arrayOp compiles scalar op ANY/ALL (array) to the cheapest form: a hash set
// for a constant list under =, an OR or AND over the elements of a list, or the
// operator over all elements of all rows at once.
func (c *Compiler) arrayOp(e *plan.ArrayOp) (Expr, error) {
	left, err := c.Compile(e.Left)
	if err != nil {
		return nil, err
	}
	if arr, ok := c.constArray(e.Array); ok {
		return c.constArrayOp(e, left, arr)
	}
	if list, ok := e.Array.(*plan.ArrayExpr); ok && !list.Nested {
		return c.listOp(e, left, list.Elems)
	}
	array, err := c.Compile(e.Array)
	if err != nil {
		return nil, err
	}
	elem := c.elemType(e.Array.Type())
	if elem == nil {
		return nil, pgerr.Internal("%s is no array", e.Array.Type().Name)
	}
	l, r := &held{}, &held{}
	return &arrayOp{typ: e.Typ, left: left, array: array, elem: elem, all: e.All, l: l, r: r,
		op: c.elementCall(e, l, r, elem)}, nil
}

func (c *Compiler) elemType(t *types.Type) *types.Type {
	if elem := t.ElemType(); elem != nil {
		return elem // which may have a collation
	}
	return c.rt.Types.Registry().ByOID(t.Elem)
}

func (c *Compiler) elementCall(e *plan.ArrayOp, l, r Expr, elem *types.Type) Expr {
	fc := c.rt.NewCall(e.Func, []*types.Type{e.Left.Type(), elem}, e.Typ, -1)
	return &call{rt: c.rt, call: fc, args: []Expr{l, r}, vecs: make([]vec.Vector, 2)}
}

// constArray returns the elements of an array that is the same for all rows;
// nil elements for a NULL array.
func (c *Compiler) constArray(e plan.Expr) (*types.Array, bool) {
	var v any
	switch e := e.(type) {
	case *plan.Const:
		v = e.Value
	case *plan.Param:
		if e.Index < 1 || e.Index > len(c.rt.Params) {
			return nil, false
		}
		v = c.rt.Params[e.Index-1]
	case *plan.ArrayExpr:
		return c.constList(e)
	default:
		return nil, false
	}
	a, _ := v.(*types.Array)
	return a, true
}

func (c *Compiler) constList(e *plan.ArrayExpr) (*types.Array, bool) {
	if e.Nested {
		return nil, false
	}
	elems := make([]any, len(e.Elems))
	for i, x := range e.Elems {
		k, ok := x.(*plan.Const)
		if !ok {
			return nil, false
		}
		elems[i] = k.Value
	}
	return types.NewArray(c.elemType(e.Typ), elems), true
}

func (c *Compiler) constArrayOp(e *plan.ArrayOp, left Expr, arr *types.Array) (Expr, error) {
	if arr == nil {
		return &constant{typ: e.Typ}, nil
	}
	if set := c.setOf(e, arr); set != nil {
		return &inSet{e.Typ, left, set, e.All}, nil
	}
	elems := make([]plan.Expr, len(arr.Elems))
	for i, v := range arr.Elems {
		elems[i] = &plan.Const{Meta: plan.M(c.elemType(e.Array.Type()), -1), Value: v}
	}
	return c.listOp(e, left, elems)
}

// setOf builds the hash set of x = ANY (arr) or x <> ALL (arr); nil where the
// operator or the types do not allow it or it would not pay.
func (c *Compiler) setOf(e *plan.ArrayOp, arr *types.Array) *valueSet {
	op := e.Op
	if op != nil && e.All {
		op = funcs.OperatorByOID(op.Negator)
	}
	if len(arr.Elems) < fewElements || !hashableEquality(op) {
		return nil
	}
	elem := c.elemType(e.Array.Type())
	set := newValueSet(e.Left.Type(), elem)
	if set == nil {
		return nil
	}
	b := vec.NewBuilder(elem, len(arr.Elems))
	for _, v := range arr.Elems {
		b.Append(v)
	}
	set.add(b.Build(), nil, len(arr.Elems))
	return set
}

type inSet struct {
	typ  *types.Type
	left Expr
	set  *valueSet
	not  bool
}

func (e *inSet) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.left.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	return e.set.test(e.typ, v, sel, b.N, e.not), nil
}

// listOp is left op e1 OR left op e2 …, left evaluated once.
func (c *Compiler) listOp(e *plan.ArrayOp, left Expr, elems []plan.Expr) (Expr, error) {
	if len(elems) == 0 {
		return &constant{typ: e.Typ, val: e.All}, nil
	}
	l := &held{}
	tests := make([]Expr, len(elems))
	for i, x := range elems {
		r, err := c.Compile(x)
		if err != nil {
			return nil, err
		}
		tests[i] = c.elementCall(e, l, r, x.Type())
	}
	return &once{l, left, &logic{args: tests, typ: e.Typ, stop: !e.All}}, nil
}

// once evaluates arg, holds it, and evaluates body, which refers to it.
type once struct {
	holder    *held
	arg, body Expr
}

func (e *once) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	e.holder.v = v
	return e.body.Eval(b, sel)
}

// arrayOp is the general form: the elements of all rows' arrays in one vector,
// beside each the row's scalar.
type arrayOp struct {
	typ         *types.Type
	left, array Expr
	elem        *types.Type
	all         bool
	l, r        *held
	op          Expr
}

func (e *arrayOp) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	left, err := e.left.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	arrays, err := e.array.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	rows, elems := flatten(vec.Of[*types.Array](arrays), e.elem, sel, b.N)
	e.l.v, e.r.v = left.Gather(rows), elems
	results, err := e.op.Eval(vec.NewBatch([]vec.Vector{e.l.v, e.r.v}, len(rows)), nil)
	if err != nil {
		return nil, err
	}
	return e.foldRows(arrays, results, rows, sel, b.N), nil
}

// flatten lists the elements of the arrays of rows sel, and the row of each.
func flatten(arrays *vec.Vec[*types.Array], elem *types.Type, sel []int32, n int) ([]int32, vec.Vector) {
	rows := []int32{}
	out := vec.NewBuilder(elem, n)
	each(sel, n, func(i int) {
		if arrays.IsNull(i) {
			return
		}
		for _, x := range arrays.At(i).Elems {
			rows = append(rows, int32(i))
			out.Append(x)
		}
	})
	return rows, out.Build()
}

func (e *arrayOp) foldRows(arrays, results vec.Vector, rows, sel []int32, n int) vec.Vector {
	r := logicRows{stop: !e.all, vals: make([]bool, n)}
	each(sel, n, func(i int) {
		r.vals[i] = e.all
		if arrays.IsNull(i) {
			r.setNull(i)
		}
	})
	for k, i := range rows {
		at := int(i)
		switch {
		case r.vals[at] == r.stop:
		case results.IsNull(k):
			r.setNull(at)
		case vec.Of[bool](results).At(k) == r.stop:
			r.decide(at)
		}
	}
	if r.nulls != nil {
		for i := range n {
			if r.nulls.Get(i) {
				r.vals[i] = false
			}
		}
	}
	return vec.NewVec(e.typ, r.vals, r.nulls)
}
