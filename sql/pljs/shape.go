package pljs

import (
	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/pl"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// shape is what a call returns: the type of a row, and its columns where it is a
// record.
type shape struct {
	set     bool
	result  *types.Type
	columns []types.Column // nil of a scalar
	// out is the name of the only output parameter: {out: value} will do for value.
	out string
}

// shapeOf is get_call_result_type: 0A000 for a record of which nothing is known.
func shapeOf(s pl.SPI, fn *catalog.Function, c *funcs.Call) (*shape, error) {
	sh := &shape{set: fn.ReturnSet, result: c.Result}
	base, _ := c.Result.BaseType(-1)
	outs := fn.Outputs()
	switch {
	case len(outs) == 1 && base.OID != types.RecordOID:
		sh.out = outs[0].Name
		sh.columns = base.Columns
	case len(outs) > 0:
		for i, p := range outs {
			t, err := s.Actual(fn, p.Type, c.Args)
			if err != nil {
				return nil, err
			}
			sh.columns = append(sh.columns, types.Column{Name: p.Name, Type: t, Typmod: -1, Num: int16(i + 1)})
		}
	case base.OID == types.RecordOID:
		if sh.columns = c.Columns; sh.columns == nil {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "function returning record called in context that cannot accept type record")
		}
	default:
		sh.columns = base.Columns
	}
	return sh, nil
}

// value makes a row of the result of what JavaScript gave.
func (sh *shape) value(x *call, v goja.Value) (any, error) {
	if sh.result == nil || sh.result.OID == types.VoidOID {
		return "", nil
	}
	base, _ := sh.result.BaseType(-1)
	if base.OID != types.RecordOID {
		return x.toSQL(sh.unwrap(v, base), sh.result, -1)
	}
	if isNil(v) {
		return nil, nil
	}
	o, ok := v.(*goja.Object)
	if !ok {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "cannot return non-composite value from function returning composite type")
	}
	return x.recordOf(o, base, sh.columns)
}

// unwrap takes the value out of an object that has the output parameter's name.
func (sh *shape) unwrap(v goja.Value, base *types.Type) goja.Value {
	o, ok := v.(*goja.Object)
	if !ok || sh.out == "" || base.Columns != nil || base.OID == types.JSONOID || base.OID == types.JSONBOID || o.ClassName() != "Object" {
		return v
	}
	if inner := o.Get(sh.out); inner != nil {
		return inner
	}
	return v
}
