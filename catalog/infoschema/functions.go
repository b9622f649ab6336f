package infoschema

import (
	"github.com/s3db-sql/s3db-sql/sql/funcs"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// The functions of information_schema.sql that clients call by name: pgjdbc and
// what rides on it unfold keys with _pg_expandarray.
func init() {
	funcs.Register(&funcs.Func{
		OID: 13208, Name: "_pg_expandarray", Namespace: Schema.Name, Args: []types.OID{types.AnyArrayOID}, ArgNames: []string{""},
		Result: types.RecordOID, OutNames: []string{"x", "n"}, OutTypes: []types.OID{types.AnyElementOID, types.Int4OID},
		ReturnSet: true, Rows: expandArray,
	})
	for _, d := range descriptors {
		funcs.Register(&funcs.Func{
			OID: d.oid, Name: d.name, Namespace: Schema.Name, Args: []types.OID{types.OidOID, types.Int4OID},
			ArgNames: []string{"typid", "typmod"}, Result: types.Int4OID, Kernel: funcs.Boxed(true, d.call),
		})
	}
}

// descriptor is a function over a type and its modifier.
type descriptor struct {
	oid  types.OID
	name string
	of   func(typed) any
}

var descriptors = []descriptor{
	{13212, "_pg_char_max_length", typed.length},
	{13213, "_pg_char_octet_length", typed.octets},
	{13215, "_pg_numeric_precision", typed.precision},
	{13216, "_pg_numeric_precision_radix", typed.radix},
	{13217, "_pg_numeric_scale", typed.scale},
	{13218, "_pg_datetime_precision", typed.fraction},
}

func (d descriptor) call(c *funcs.Call, args []any) (any, error) {
	t := c.Env.Registry().ByOID(args[0].(types.OID))
	if t == nil {
		return nil, nil
	}
	return d.of(typed{typ: t, mod: args[1].(int32)}), nil
}

// expandArray yields the elements along the first dimension with their
// positions; an element of an array of several dimensions is NULL, as a
// subscript too few is in PostgreSQL.
func expandArray(c *funcs.Call, args []any) (funcs.RowIter, error) {
	it := &arrayRows{types: c.ColumnTypes()}
	a, _ := args[0].(*types.Array)
	if a == nil || len(a.Dims) == 0 {
		return it, nil
	}
	for i := range int(a.Dims[0].Len) {
		if len(a.Dims) > 1 {
			it.elems = append(it.elems, nil)
			continue
		}
		it.elems = append(it.elems, a.Elems[i])
	}
	return it, nil
}

// arrayRows is one batch of elements and positions.
type arrayRows struct {
	types []*types.Type
	elems []any
}

// Next implements funcs.RowIter.
func (r *arrayRows) Next() (*vec.Batch, error) {
	if len(r.elems) == 0 {
		return nil, nil
	}
	bs := vec.NewBuilders(r.types, len(r.elems))
	for i, e := range r.elems {
		bs[0].Append(e)
		bs[1].Append(int32(i + 1))
	}
	r.elems = nil
	return vec.BuildBatch(bs), nil
}
