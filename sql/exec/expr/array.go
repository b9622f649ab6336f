package expr

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// arrayExpr is ARRAY[…].
type arrayExpr struct {
	typ, elem *types.Type
	args      []Expr
	nested    bool
}

func (c *Compiler) arrayExpr(e *plan.ArrayExpr) (Expr, error) {
	args, err := c.CompileAll(e.Elems)
	if err != nil {
		return nil, err
	}
	elem := c.elemType(e.Typ)
	if elem == nil {
		return nil, pgerr.Internal("%s is no array", e.Typ.Name)
	}
	out := &arrayExpr{e.Typ, elem, args, e.Nested}
	if e.Typ.IsVector() {
		return &toDomain{e.Typ, out, (*types.Type).CheckVector}, nil
	}
	return out, nil
}

func (e *arrayExpr) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	cols, constant, err := evalAll(e.args, b, sel)
	if err != nil {
		return nil, err
	}
	if constant && anyRow(sel, b.N) >= 0 {
		v, err := e.row(cols, 0)
		return vec.Const(e.typ, v, b.N), err
	}
	return mapRows(e.typ, sel, b.N, func(i int) (any, error) { return e.row(cols, i) })
}

func (e *arrayExpr) row(cols []vec.Vector, i int) (any, error) {
	elems := make([]any, len(cols))
	for k, v := range cols {
		elems[k] = v.Value(i)
	}
	if !e.nested {
		return types.NewArray(e.elem, elems), nil
	}
	return StackArrays(e.elem, elems)
}

// evalAll evaluates each expression; constant says that all results are.
func evalAll(es []Expr, b *vec.Batch, sel []int32) (cols []vec.Vector, constant bool, err error) {
	cols, constant = make([]vec.Vector, len(es)), true
	for i, e := range es {
		if cols[i], err = e.Eval(b, sel); err != nil {
			return nil, false, err
		}
		constant = constant && cols[i].IsConst()
	}
	return cols, constant, nil
}

// StackArrays makes an array of one dimension more from boxed arrays. As in
// PostgreSQL, empty and NULL arrays among them are skipped where all are so, and
// 2202E otherwise where dimensions differ.
func StackArrays(elem *types.Type, arrays []any) (*types.Array, error) {
	out := &types.Array{Elem: elem}
	stacked := int32(0)
	for _, v := range arrays {
		a, _ := v.(*types.Array)
		if a == nil || len(a.Dims) == 0 {
			continue
		}
		if stacked == 0 {
			out.Dims = append([]types.Dim{{Lower: 1}}, a.Dims...)
		} else if !slices.Equal(out.Dims[1:], a.Dims) {
			return nil, dimensionMismatch()
		}
		out.Elems = append(out.Elems, a.Elems...)
		stacked++
	}
	if stacked == 0 {
		return out, nil
	}
	if int(stacked) != len(arrays) {
		return nil, dimensionMismatch()
	}
	out.Dims[0].Len = stacked
	return out, nil
}

func dimensionMismatch() error {
	return pgerr.New(pgerr.ArraySubscriptError,
		"multidimensional arrays must have array expressions with matching dimensions")
}

// subscript is a[i], a[i:j] and jsonb['key'], on boxed values.
type subscript struct {
	typ    *types.Type
	arg    Expr
	lower  []Expr // nil entries for bounds left out
	upper  []Expr
	slice  bool
	isJSON bool
	fixed  *types.FixedArray // of an array of a fixed length
}

func (c *Compiler) subscript(e *plan.Subscript) (Expr, error) {
	out := &subscript{typ: e.Typ, slice: e.Slice, isJSON: e.Arg.Type().Rep == types.RepJSON, fixed: e.Arg.Type().Fixed}
	if !out.isJSON && out.fixed == nil && e.Arg.Type().Rep != types.RepArray {
		return nil, pgerr.Unsupported("subscripting type %s", e.Arg.Type().Name)
	}
	var err error
	if out.arg, err = c.Compile(e.Arg); err != nil {
		return nil, err
	}
	for _, ix := range e.Indexes {
		lo, err := c.optional(ix.Lower)
		if err != nil {
			return nil, err
		}
		hi, err := c.optional(ix.Upper)
		if err != nil {
			return nil, err
		}
		out.lower, out.upper = append(out.lower, lo), append(out.upper, hi)
	}
	return out, nil
}

func (c *Compiler) optional(e plan.Expr) (Expr, error) {
	if e == nil {
		return nil, nil
	}
	return c.Compile(e)
}

func (e *subscript) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	arg, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	lower, err := evalOptional(e.lower, b, sel)
	if err != nil {
		return nil, err
	}
	upper, err := evalOptional(e.upper, b, sel)
	if err != nil {
		return nil, err
	}
	return mapRows(e.typ, sel, b.N, func(i int) (any, error) {
		if arg.IsNull(i) {
			return nil, nil
		}
		return e.at(arg.Value(i), lower, upper, i)
	})
}

func evalOptional(es []Expr, b *vec.Batch, sel []int32) ([]vec.Vector, error) {
	out := make([]vec.Vector, len(es))
	for i, e := range es {
		if e == nil {
			continue
		}
		var err error
		if out[i], err = e.Eval(b, sel); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (e *subscript) at(v any, lower, upper []vec.Vector, i int) (any, error) {
	if e.isJSON {
		return jsonAt(v.(*types.JSON), upper, i), nil
	}
	if e.fixed != nil {
		return e.fixedAt(v, upper, i)
	}
	a := v.(*types.Array)
	if e.slice {
		return sliceAt(a, lower, upper, i)
	}
	return elementAt(a, upper, i), nil
}

// fixedAt is array_get_element of an array of a fixed length, which has one
// dimension.
func (e *subscript) fixedAt(v any, index []vec.Vector, row int) (any, error) {
	switch {
	case e.slice:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "slices of fixed-length arrays not implemented")
	case len(index) != 1 || index[0].IsNull(row):
		return nil, nil
	}
	i := intValue(index[0].Value(row))
	if i < 0 || i >= e.fixed.Len {
		return nil, nil
	}
	return e.fixed.At(v, i), nil
}

// elementAt is NULL outside the bounds and for a wrong number of subscripts.
func elementAt(a *types.Array, index []vec.Vector, row int) any {
	if len(index) != len(a.Dims) {
		return nil
	}
	at := 0
	for d, ix := range index {
		if ix.IsNull(row) {
			return nil
		}
		k := intValue(ix.Value(row)) - int64(a.Dims[d].Lower)
		if k < 0 || k >= int64(a.Dims[d].Len) {
			return nil
		}
		at = at*int(a.Dims[d].Len) + int(k)
	}
	return a.Elems[at]
}

func intValue(v any) int64 {
	switch v := v.(type) {
	case int16:
		return int64(v)
	case int32:
		return int64(v)
	case int64:
		return v
	}
	panic("expr: subscript is no integer")
}

// sliceAt is PostgreSQL's array_get_slice: bounds are cut to the array's, a
// NULL bound gives NULL, and the result's lower bounds are 1.
func sliceAt(a *types.Array, lower, upper []vec.Vector, row int) (any, error) {
	empty := &types.Array{Elem: a.Elem}
	if len(lower) > len(a.Dims) {
		return empty, nil
	}
	from, to := make([]int, len(a.Dims)), make([]int, len(a.Dims))
	for d, dim := range a.Dims {
		lo, hi := int64(dim.Lower), int64(dim.Lower)+int64(dim.Len)-1
		if d < len(lower) {
			var null bool
			if lo, hi, null = bounds(lower[d], upper[d], row, lo, hi); null {
				return nil, nil
			}
		}
		if lo > hi {
			return empty, nil
		}
		from[d], to[d] = int(lo-int64(dim.Lower)), int(hi-int64(dim.Lower))+1
	}
	return cut(a, from, to), nil
}

func bounds(lower, upper vec.Vector, row int, lo, hi int64) (from, to int64, null bool) {
	from, to = lo, hi
	if lower != nil {
		if lower.IsNull(row) {
			return 0, 0, true
		}
		from = max(lo, intValue(lower.Value(row)))
	}
	if upper != nil {
		if upper.IsNull(row) {
			return 0, 0, true
		}
		to = min(hi, intValue(upper.Value(row)))
	}
	return from, to, false
}

func cut(a *types.Array, from, to []int) *types.Array {
	out := &types.Array{Elem: a.Elem}
	for d := range from {
		out.Dims = append(out.Dims, types.Dim{Len: int32(to[d] - from[d]), Lower: 1})
	}
	var walk func(d, at int)
	walk = func(d, at int) {
		if d == len(from) {
			out.Elems = append(out.Elems, a.Elems[at])
			return
		}
		for k := from[d]; k < to[d]; k++ {
			walk(d+1, at*int(a.Dims[d].Len)+k)
		}
	}
	walk(0, 0)
	return out
}

// jsonAt follows the subscripts: text names a key, or counts in an array;
// NULL where there is nothing.
func jsonAt(v *types.JSON, path []vec.Vector, row int) any {
	for _, step := range path {
		if step == nil || step.IsNull(row) {
			return nil
		}
		if v = jsonStep(v, step.Value(row)); v == nil {
			return nil
		}
	}
	return v
}

func jsonStep(v *types.JSON, key any) *types.JSON {
	switch v.Kind {
	case types.JSONObject:
		s, ok := key.(string)
		if !ok {
			s = formatInt(intValue(key))
		}
		for _, m := range v.Obj {
			if m.Key == s {
				return m.Value
			}
		}
	case types.JSONArray:
		i, ok := arrayIndex(key)
		if i < 0 {
			i += int64(len(v.Arr))
		}
		if ok && i >= 0 && i < int64(len(v.Arr)) {
			return v.Arr[i]
		}
	}
	return nil
}
