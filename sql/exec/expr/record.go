package expr

import (
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// rowExpr is ROW(…).
type rowExpr struct {
	typ    *types.Type
	fields []Expr
	names  []string
	types  []*types.Type
}

func (c *Compiler) rowExpr(e *plan.RowExpr) (Expr, error) {
	fields, err := c.CompileAll(e.Fields)
	names := e.Names
	if cols := e.Typ.Columns; len(cols) == len(names) { // not those that an alias gave
		names = make([]string, len(cols))
		for i, col := range cols {
			names[i] = col.Name
		}
	}
	return &rowExpr{e.Typ, fields, names, typesOf(e.Fields)}, err
}

func (e *rowExpr) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	cols, _, err := evalAll(e.fields, b, sel)
	if err != nil {
		return nil, err
	}
	return mapRows(e.typ, sel, b.N, func(i int) (any, error) {
		r := &types.Record{Type: e.typ, Names: e.names, Types: e.types, Values: make([]any, len(cols))}
		for k, v := range cols {
			r.Values[k] = v.Value(i)
		}
		return r, nil
	})
}

type fieldSelect struct {
	typ   *types.Type
	arg   Expr
	index int
}

func (c *Compiler) fieldSelect(e *plan.FieldSelect) (Expr, error) {
	if row, ok := e.Arg.(*plan.RowExpr); ok && e.Index < len(row.Fields) && !plan.IsVolatile(row) {
		return c.Compile(row.Fields[e.Index])
	}
	a, err := c.Compile(e.Arg)
	return &fieldSelect{e.Typ, a, e.Index}, err
}

func (e *fieldSelect) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	v, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	return mapOne(e.typ, v, sel, b.N, func(x any) (any, error) {
		r, _ := x.(*types.Record)
		if r == nil || e.index >= len(r.Values) {
			return nil, nil
		}
		return r.Values[e.index], nil
	})
}

// fieldStore is a record with one field replaced.
type fieldStore struct {
	typ        *types.Type
	arg, value Expr
	index      int
	names      []string
	types      []*types.Type
}

func (c *Compiler) fieldStore(e *plan.FieldStore) (Expr, error) {
	parts, err := c.CompileAll([]plan.Expr{e.Arg, e.Value})
	if err != nil {
		return nil, err
	}
	out := &fieldStore{typ: e.Typ, arg: parts[0], value: parts[1], index: e.Index}
	for _, col := range e.Typ.Columns {
		out.names, out.types = append(out.names, col.Name), append(out.types, col.Type)
	}
	return out, nil
}

func (e *fieldStore) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	cols, _, err := evalAll([]Expr{e.arg, e.value}, b, sel)
	if err != nil {
		return nil, err
	}
	return mapRows(e.typ, sel, b.N, func(i int) (any, error) {
		r := &types.Record{Type: e.typ, Names: e.names, Types: e.types, Values: make([]any, len(e.types))}
		if old, ok := cols[0].Value(i).(*types.Record); ok {
			copy(r.Values, old.Values)
		}
		r.Values[e.index] = cols[1].Value(i)
		return r, nil
	})
}

// rowCompare is (a, b) < (c, d): the first pair that is not equal decides.
type rowCompare struct {
	typ         *types.Type
	left, right []Expr
	less, equal []Expr
	l, r        []*held
	// onLess is the result where the left side is less, onEqual where all pairs
	// are equal.
	onLess, onEqual bool
}

func (c *Compiler) rowCompare(e *plan.RowCompare) (Expr, error) {
	out := &rowCompare{typ: e.Typ, onLess: e.Op == "<" || e.Op == "<=", onEqual: e.Op == "<=" || e.Op == ">="}
	var err error
	if out.left, err = c.CompileAll(e.Left); err != nil {
		return nil, err
	}
	if out.right, err = c.CompileAll(e.Right); err != nil {
		return nil, err
	}
	for i := range e.Left {
		l, r := &held{}, &held{}
		args := []*types.Type{e.Left[i].Type(), e.Right[i].Type()}
		out.l, out.r = append(out.l, l), append(out.r, r)
		out.less = append(out.less, &call{rt: c.rt, call: c.rt.NewCall(e.Less[i], args, e.Typ, -1), args: []Expr{l, r}, vecs: make([]vec.Vector, 2)})
		out.equal = append(out.equal, &call{rt: c.rt, call: c.rt.NewCall(e.Equal[i], args, e.Typ, -1), args: []Expr{l, r}, vecs: make([]vec.Vector, 2)})
	}
	return out, nil
}

func (e *rowCompare) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	out, nulls := make([]bool, b.N), vec.NewBitmap(b.N)
	rest := sel
	for k := range e.left {
		undecided, err := e.pair(k, b, rest, out, nulls)
		if err != nil {
			return nil, err
		}
		if rest = undecided; len(rest) == 0 {
			break
		}
	}
	for _, i := range rest {
		out[i] = e.onEqual
	}
	return vec.NewVec(e.typ, out, nulls), nil
}

// pair compares the k-th fields of the rows and returns those that are equal.
func (e *rowCompare) pair(k int, b *vec.Batch, rows []int32, out []bool, nulls vec.Bitmap) ([]int32, error) {
	var err error
	if e.l[k].v, err = e.left[k].Eval(b, rows); err != nil {
		return nil, err
	}
	if e.r[k].v, err = e.right[k].Eval(b, rows); err != nil {
		return nil, err
	}
	eq, err := e.equal[k].Eval(b, rows)
	if err != nil {
		return nil, err
	}
	same, differ := []int32{}, []int32{}
	each(rows, b.N, func(i int) {
		switch {
		case eq.IsNull(i):
			nulls.Set(i)
		case isTrue(eq, i):
			same = append(same, int32(i))
		default:
			differ = append(differ, int32(i))
		}
	})
	if len(differ) == 0 {
		return same, nil
	}
	less, err := e.less[k].Eval(b, differ)
	if err != nil {
		return nil, err
	}
	for _, i := range differ {
		out[i] = isTrue(less, int(i)) == e.onLess
	}
	return same, nil
}
