package expr

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

func (c *Compiler) convert(e *plan.Convert) (Expr, error) {
	arg, err := c.Compile(e.Arg)
	if err != nil {
		return nil, err
	}
	from := e.Arg.Type()
	switch e.Kind {
	case plan.ConvertRelabel:
		return &relabel{e.Typ, arg}, nil
	case plan.ConvertInOut, plan.ConvertTypmod:
		return &inOut{c.rt, from, e.Typ, e.Mod, arg}, nil
	case plan.ConvertArray:
		return c.convertArray(e, arg)
	case plan.ConvertDomain:
		if check := c.rt.Types.CheckDomain; check != nil && e.Typ.Constrained() {
			return &toDomain{e.Typ, arg, check}, nil
		}
		return &relabel{e.Typ, arg}, nil
	}
	return nil, pgerr.Internal("conversion of kind %d", e.Kind)
}

// toDomain is CoerceToDomain: the value itself, once it has been checked.
type toDomain struct {
	typ   *types.Type
	arg   Expr
	check func(*types.Type, any) error
}

func (e *toDomain) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	return mapOne(e.typ, v, sel, b.N, func(x any) (any, error) { return x, e.check(e.typ, x) })
}

// relabel shows the same values under another type.
type relabel struct {
	typ *types.Type
	arg Expr
}

func (e *relabel) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	return Relabel(v, e.typ, sel)
}

// Relabel returns v's values as values of t, which is binary-coercible from
// v's type.
func Relabel(v vec.Vector, t *types.Type, sel []int32) (vec.Vector, error) {
	from := v.Type()
	switch {
	case from == t:
		return v, nil
	case t.Rep == types.RepArray && from.Rep == types.RepArray && from.Elem != t.Elem:
		return relabelArrays(v, t, sel)
	case from.Rep == t.Rep:
		return v.WithType(t), nil
	case reread[[2]types.Rep{from.Rep, t.Rep}] != nil:
		return reread[[2]types.Rep{from.Rep, t.Rep}](v, t), nil
	case v.IsConst() && v.Len() > 0 && v.IsNull(0):
		return vec.Const(t, nil, v.Len()), nil
	}
	return nil, pgerr.Internal("%s is not binary-coercible to %s", from.Name, t.Name)
}

// reread are the forms of values that are read as another by their bits: oid as
// integer, and what CREATE CAST … WITHOUT FUNCTION allows of types of one length.
var reread = map[[2]types.Rep]func(vec.Vector, *types.Type) vec.Vector{
	{types.RepInt32, types.RepUint32}:   rereadBy(func(x int32) uint32 { return uint32(x) }),
	{types.RepUint32, types.RepInt32}:   rereadBy(func(x uint32) int32 { return int32(x) }),
	{types.RepInt32, types.RepFloat32}:  rereadBy(func(x int32) float32 { return math.Float32frombits(uint32(x)) }),
	{types.RepUint32, types.RepFloat32}: rereadBy(math.Float32frombits),
	{types.RepFloat32, types.RepInt32}:  rereadBy(func(x float32) int32 { return int32(math.Float32bits(x)) }),
	{types.RepFloat32, types.RepUint32}: rereadBy(math.Float32bits),
	{types.RepInt64, types.RepFloat64}:  rereadBy(func(x int64) float64 { return math.Float64frombits(uint64(x)) }),
	{types.RepFloat64, types.RepInt64}:  rereadBy(func(x float64) int64 { return int64(math.Float64bits(x)) }),
}

func rereadBy[A, B any](f func(A) B) func(vec.Vector, *types.Type) vec.Vector {
	return func(v vec.Vector, t *types.Type) vec.Vector { return vec.Convert(vec.Of[A](v), t, f) }
}

// relabelArrays gives the arrays the new element type, which their output and
// comparison use.
func relabelArrays(v vec.Vector, t *types.Type, sel []int32) (vec.Vector, error) {
	elem := t.ElemType()
	if elem == nil {
		return v.WithType(t), nil
	}
	return mapOne(t, v, sel, v.Len(), func(x any) (any, error) {
		a, _ := x.(*types.Array)
		if a == nil {
			return nil, nil
		}
		return &types.Array{Elem: elem, Dims: a.Dims, Elems: a.Elems}, nil
	})
}

// inOut converts through the text form.
type inOut struct {
	rt       *Runtime
	from, to *types.Type
	typmod   int32
	arg      Expr
}

func (e *inOut) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	var buf []byte
	return mapOne(e.to, v, sel, b.N, func(x any) (any, error) {
		if x == nil {
			return nil, nil
		}
		buf = e.from.Out(e.rt.Types, buf[:0], x)
		return e.to.In(e.rt.Types, string(buf), e.typmod)
	})
}

// convertArray converts every element by elem, which sees it as column
// plan.ElemColumn.
type convertArray struct {
	typ      *types.Type
	from, to *types.Type // of elements
	arg      Expr
	elem     Expr
}

func (c *Compiler) convertArray(e *plan.Convert, arg Expr) (Expr, error) {
	from, to := c.elemType(e.Arg.Type()), c.elemType(e.Typ)
	if from == nil || to == nil {
		return nil, pgerr.Internal("array conversion of %s to %s", e.Arg.Type().Name, e.Typ.Name)
	}
	elem, err := c.with([]plan.Col{{ID: plan.ElemColumn, Type: from, Mod: -1}}).Compile(e.Elem)
	return &convertArray{e.Typ, from, to, arg, elem}, err
}

func (e *convertArray) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	if v.IsConst() {
		sel = []int32{0}[:min(1, count(sel, b.N))]
	}
	arrays := vec.Of[*types.Array](v)
	rows, elems := flatten(arrays, e.from, sel, b.N)
	converted, err := e.elem.Eval(vec.NewBatch([]vec.Vector{elems}, len(rows)), nil)
	if err != nil {
		return nil, err
	}
	at := 0
	out, err := mapRows(e.typ, sel, b.N, func(i int) (any, error) {
		if arrays.IsNull(i) {
			return nil, nil
		}
		a := arrays.At(i)
		c := &types.Array{Elem: e.to, Dims: a.Dims, Elems: make([]any, len(a.Elems))}
		for k := range c.Elems {
			c.Elems[k] = converted.Value(at)
			at++
		}
		return c, nil
	})
	if err != nil || !v.IsConst() {
		return out, err
	}
	return vec.Const(e.typ, out.Value(0), b.N), nil
}
