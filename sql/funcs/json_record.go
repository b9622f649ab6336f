package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fromJSON turns a JSON value into one of a type, as json_populate_record does
// with each field: null is NULL, a string is read as the type's text, anything
// else as what its JSON text reads.
func fromJSON[D document[D]](c *Call, d D, t *types.Type, typmod int32) (any, error) {
	switch {
	case d.kind() == types.JSONNull:
		return nil, nil
	case t.OID == types.JSONBOID:
		return toTree(c, types.ByOID(types.JSONOID), jsonSource(d))
	case t.OID == types.JSONOID:
		return jsonSource(d), nil
	case t.IsArray() && d.kind() == types.JSONArray:
		return arrayFromJSON(c, d, t, typmod)
	case t.IsArray() && d.kind() != types.JSONString:
		return nil, pgerr.New(pgerr.InvalidTextRepresentation, "expected JSON array")
	case t.Kind == 'c' && d.kind() == types.JSONObject:
		return nil, pgerr.Unsupported("a composite field of json_populate_record")
	}
	s, _ := d.text()
	return t.In(c.Env, s, typmod)
}

// jsonSource is the value's JSON text.
func jsonSource[D document[D]](d D) string {
	if j, ok := d.boxed().(*types.JSON); ok {
		return j.String()
	}
	return d.boxed().(string)
}

// arrayFromJSON reads nested JSON arrays of equal lengths.
func arrayFromJSON[D document[D]](c *Call, d D, t *types.Type, typmod int32) (any, error) {
	a := &types.Array{Elem: elemOf(c, t)}
	if err := addJSONLevel(c, a, d, 0, typmod); err != nil {
		return nil, err
	}
	if len(a.Elems) == 0 {
		a.Dims = nil
	}
	return a, nil
}

func addJSONLevel[D document[D]](c *Call, a *types.Array, d D, level int, typmod int32) error {
	elems := d.elements()
	switch {
	case level == len(a.Dims):
		a.Dims = append(a.Dims, types.Dim{Len: int32(len(elems)), Lower: 1})
	case a.Dims[level].Len != int32(len(elems)):
		return pgerr.New(pgerr.InvalidTextRepresentation, "malformed JSON array").
			WithDetail("Multidimensional arrays must have sub-arrays with matching dimensions.")
	}
	for _, e := range elems {
		if e.kind() == types.JSONArray {
			if err := addJSONLevel(c, a, e, level+1, typmod); err != nil {
				return err
			}
			continue
		}
		v, err := fromJSON(c, e, a.Elem, typmod)
		if err != nil {
			return err
		}
		a.Elems = append(a.Elems, v)
	}
	return nil
}

// recordFromJSON fills the call's columns from an object; base gives the values
// of those that it does not have.
func recordFromJSON[D document[D]](c *Call, d D, name string, base *types.Record) (*types.Record, error) {
	if c.Columns == nil {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "function returning record called in context that cannot accept type record").
			WithHint("Try calling the function in the FROM clause using a column definition list.")
	}
	if d.kind() != types.JSONObject {
		return nil, notAnObject(d, name)
	}
	r := &types.Record{Type: c.Result}
	for i, col := range c.Columns {
		var v any
		var err error
		if f, ok := d.field(col.Name); ok {
			v, err = fromJSON(c, f, col.Type, col.Typmod)
		} else if base != nil && i < len(base.Values) {
			v = base.Values[i]
		}
		if err != nil {
			return nil, err
		}
		r.Names, r.Types, r.Values = append(r.Names, col.Name), append(r.Types, col.Type), append(r.Values, v)
	}
	return r, nil
}

func notAnObject[D document[D]](d D, name string) error {
	if d.kind() == types.JSONArray {
		return jsonError("cannot call %s on an array", name)
	}
	return jsonError("cannot call %s on a scalar", name)
}

// recordsFromJSON does it for each object of an array.
func recordsFromJSON[D document[D]](c *Call, d D, name string, base *types.Record) (RowIter, error) {
	switch {
	case d.kind() == types.JSONObject:
		return nil, jsonError("cannot call %s on an object", name)
	case d.kind() != types.JSONArray:
		return nil, jsonError("cannot call %s on a scalar", name)
	}
	var out []any
	for _, e := range d.elements() {
		if e.kind() != types.JSONObject {
			return nil, jsonError("argument of %s must be an array of objects", name)
		}
		r, err := recordFromJSON(c, e, name, base)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return valuesOf(c, out), nil
}

// bindRecords binds the four functions of one of the two types. at is the
// argument that holds the JSON.
func bindRecords[D document[D]](prefix string, open func(any) (D, error)) {
	single := func(name string, at int) Kernel {
		return Boxed(false, func(c *Call, args []any) (any, error) {
			base, _ := args[0].(*types.Record)
			if args[at] == nil {
				return args[0], nil
			}
			d, err := open(args[at])
			if err != nil {
				return nil, err
			}
			return recordFromJSON(c, d, name, base)
		})
	}
	many := func(name string, at int) RowsFunc {
		return func(c *Call, args []any) (RowIter, error) {
			base, _ := args[0].(*types.Record)
			if args[at] == nil {
				return valuesOf(c, nil), nil
			}
			d, err := open(args[at])
			if err != nil {
				return nil, err
			}
			return recordsFromJSON(c, d, name, base)
		}
	}
	kernels{
		prefix + "_to_record":       single(prefix+"_to_record", 0),
		prefix + "_populate_record": single(prefix+"_populate_record", 1),
	}.bind()
	rowsFuncs{
		prefix + "_to_recordset":       many(prefix+"_to_recordset", 0),
		prefix + "_populate_recordset": many(prefix+"_populate_recordset", 1),
	}.bind()
}

func init() {
	bindRecords("json", openText)
	bindRecords("jsonb", openTree)
}
