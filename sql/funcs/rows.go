package funcs

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// ColumnTypes are the types of the rows of a set-returning call: its OUT
// parameters with pseudo-types resolved, or its one result.
func (c *Call) ColumnTypes() []*types.Type {
	if len(c.Func.OutTypes) < 2 {
		return []*types.Type{c.Result}
	}
	ts := make([]*types.Type, len(c.Func.OutTypes))
	for i, oid := range c.Func.OutTypes {
		if ts[i] = types.Builtin().ByOID(oid); ts[i] == nil || ts[i].Kind == 'p' && ts[i].Rep == types.RepAny {
			ts[i] = c.polymorphic(oid)
		}
	}
	return ts
}

// polymorphic resolves a pseudo-type by the argument declared with it.
func (c *Call) polymorphic(oid OID) *types.Type {
	for i, a := range c.Func.Args {
		if i >= len(c.Args) {
			break
		}
		switch {
		case a == oid:
			return c.Args[i]
		case a == types.AnyArrayOID && oid == types.AnyElementOID:
			return c.elemType(i)
		}
	}
	return c.Result
}

// elemType is the element type of array argument i.
func (c *Call) elemType(i int) *types.Type { return c.Env.Registry().ByOID(c.Args[i].Elem) }

// pull is a RowIter over a function that gives one row at a time: nil at the
// end. The row may be reused.
type pull struct {
	types []*types.Type
	next  func() ([]any, error)
}

// Next implements RowIter.
func (p *pull) Next() (*vec.Batch, error) {
	bs := vec.NewBuilders(p.types, 0)
	n := 0
	for ; n < vec.BatchSize; n++ {
		row, err := p.next()
		if err != nil {
			return nil, err
		}
		if row == nil {
			break
		}
		for i, v := range row {
			bs[i].Append(v)
		}
	}
	if n == 0 {
		return nil, nil
	}
	return vec.BuildBatch(bs), nil
}

// rowsFrom makes a RowIter of a function that gives rows until it returns nil.
func rowsFrom(c *Call, next func() ([]any, error)) RowIter {
	return &pull{types: c.ColumnTypes(), next: next}
}

// rowsOf makes a RowIter over rows.
func rowsOf(c *Call, rows [][]any) RowIter {
	return rowsFrom(c, func() ([]any, error) {
		if len(rows) == 0 {
			return nil, nil
		}
		row := rows[0]
		rows = rows[1:]
		return row, nil
	})
}

// valuesOf makes a RowIter of one column.
func valuesOf(c *Call, vals []any) RowIter {
	rows := make([][]any, len(vals))
	for i, v := range vals {
		rows[i] = []any{v}
	}
	return rowsOf(c, rows)
}

// strictRowsFunc makes a RowsFunc that yields nothing if an argument is NULL.
func strictRowsFunc(f func(c *Call, args []any) (RowIter, error)) RowsFunc {
	return func(c *Call, args []any) (RowIter, error) {
		for _, a := range args {
			if a == nil {
				return rowsOf(c, nil), nil
			}
		}
		return f(c, args)
	}
}
