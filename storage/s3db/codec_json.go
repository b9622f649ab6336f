package s3db

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/storage/s3db/internal/ojson"
)

// decodeJSON reads json and object attributes: JSON text, or a string that is
// stored as it is.
func decodeJSON(s string) (any, error) {
	v, err := types.ParseJSONB(s)
	if err == nil {
		return v, nil
	}
	if isJSON(s) {
		return nil, err // JavaScript reads it and jsonb can't hold it: \u0000, depth
	}
	return types.JSONFromString(s), nil
}

func isJSON(s string) bool {
	_, err := ojson.Parse(s)
	return err == nil
}

// encodeJSON writes a string as it is where that reads back, as the library
// does, and quoted where it would read as something else.
func encodeJSON(v any) (string, error) {
	j, ok := v.(*types.JSON)
	if !ok {
		return "", pgerr.Internal("s3db: a json attribute was given a %T", v)
	}
	if j.Kind == types.JSONString && !isJSON(j.Str) && !validJSON(j.Str) {
		return j.Str, nil
	}
	return compactJSON(j), nil
}

func validJSON(s string) bool { return types.ValidateJSON(s) == nil }

// compactJSON writes a jsonb without white space, as JSON.stringify does.
func compactJSON(j *types.JSON) string { return string(appendJSON(nil, j)) }

func appendJSON(b []byte, j *types.JSON) []byte {
	switch j.Kind {
	case types.JSONString:
		return ojson.AppendString(b, j.Str)
	case types.JSONNumber:
		return j.Num.AppendText(b)
	case types.JSONArray:
		b = append(b, '[')
		for i, e := range j.Arr {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(b, e)
		}
		return append(b, ']')
	case types.JSONObject:
		b = append(b, '{')
		for i, m := range j.Obj {
			if i > 0 {
				b = append(b, ',')
			}
			b = appendJSON(append(ojson.AppendString(b, m.Key), ':'), m.Value)
		}
		return append(b, '}')
	}
	return j.AppendText(b)
}

// decodeAny reads an attribute of type any: objects and arrays are JSON text,
// everything else reads back as text.
func decodeAny(s string) (any, error) {
	if s == "[object Object]" {
		return types.JSONFromMembers(nil), nil
	}
	if looksJSON(s) {
		return decodeJSON(s)
	}
	return types.JSONFromString(s), nil
}

func looksJSON(s string) bool { return s != "" && (s[0] == '{' || s[0] == '[') }

func (k *coder) encodeAny(v any) (string, error) {
	j := v.(*types.JSON)
	if j.Kind != types.JSONString {
		return compactJSON(j), nil
	}
	if looksJSON(j.Str) && validJSON(j.Str) {
		return "", cantHold(k.a, "An attribute of type any reads this text back as a JSON value.")
	}
	return j.Str, nil
}

// ---- between SQL values and JSON: nested attributes are jsonb columns ------

// toJSON is the JSON of a leaf's value inside its object's jsonb.
func (o *Options) toJSON(t SQLType, v any) *types.JSON {
	switch v := v.(type) {
	case nil:
		return types.JSONNullValue()
	case *types.JSON:
		return v
	case bool:
		return types.JSONFromBool(v)
	case string:
		return types.JSONFromString(o.out(t, v))
	case types.Numeric:
		return numberJSON(v)
	case float64:
		return floatJSON(v)
	case float32:
		return floatJSON(float64(v))
	case *types.Array:
		return o.arrayJSON(v)
	}
	if n, ok := asInt64(v); ok && isInteger(t.OID) {
		return types.JSONFromInt64(n)
	}
	return types.JSONFromString(o.isoText(t, v))
}

func isInteger(oid types.OID) bool {
	return oid == types.Int8OID || oid == types.Int4OID || oid == types.Int2OID
}

// numberJSON writes what JSON has no number for (NaN) as text.
func numberJSON(n types.Numeric) *types.JSON {
	if !n.IsFinite() {
		return types.JSONFromString(n.String())
	}
	return types.JSONFromNumeric(n)
}

func floatJSON(f float64) *types.JSON {
	n, err := types.ParseNumeric(jsNumber(f))
	if err != nil {
		return types.JSONFromString(jsNumber(f))
	}
	return numberJSON(n)
}

func (o *Options) arrayJSON(a *types.Array) *types.JSON {
	at := 0
	return o.dimension(a, a.Dims, &at)
}

func (o *Options) dimension(a *types.Array, dims []types.Dim, at *int) *types.JSON {
	var out []*types.JSON
	if len(dims) == 0 {
		return types.JSONFromArray(out)
	}
	for range dims[0].Len {
		if len(dims) > 1 {
			out = append(out, o.dimension(a, dims[1:], at))
			continue
		}
		out = append(out, o.elementJSON(a, a.Elems[*at]))
		*at++
	}
	return types.JSONFromArray(out)
}

// elementJSON is toJSON, with the one number that jsonb does not tell apart.
func (o *Options) elementJSON(a *types.Array, v any) *types.JSON {
	if f, ok := v.(float64); ok && f == 0 && math.Signbit(f) {
		return types.JSONFromString("-0")
	}
	base, typmod := a.Elem.BaseType(-1)
	if base.IsArray() { // of a domain over an array: no dimension of a
		return types.JSONFromString(o.out(SQLType{base.OID, typmod}, v))
	}
	return o.toJSON(SQLType{base.OID, typmod}, v)
}

// fromJSON is the inverse of toJSON for a leaf of type t. errForm if the JSON
// is of another kind.
func (o *Options) fromJSON(t SQLType, j *types.JSON) (any, error) {
	switch {
	case t.OID == types.JSONBOID:
		return j, nil
	case j.Kind == types.JSONNull:
		return nil, nil
	case t.OID == types.JSONOID:
		return compactJSON(j), nil
	}
	if ty := o.typeOf(t.OID); ty != nil && ty.IsArray() {
		return o.arrayFromJSON(ty, j)
	}
	return o.scalarFromJSON(t, j)
}

// jsonKinds are the JSON kinds that a scalar type takes besides text.
var jsonKinds = map[types.OID]types.JSONKind{
	types.Int2OID: types.JSONNumber, types.Int4OID: types.JSONNumber, types.Int8OID: types.JSONNumber,
	types.Float4OID: types.JSONNumber, types.Float8OID: types.JSONNumber, types.NumericOID: types.JSONNumber,
	types.BoolOID: types.JSONTrue,
}

func (o *Options) scalarFromJSON(t SQLType, j *types.JSON) (any, error) {
	switch j.Kind {
	case types.JSONString:
		return o.in(t, j.Str)
	case types.JSONTrue, types.JSONFalse:
		if jsonKinds[t.OID] == types.JSONTrue {
			return j.Kind == types.JSONTrue, nil
		}
	case types.JSONNumber:
		if jsonKinds[t.OID] == types.JSONNumber {
			return o.in(t, j.Num.String())
		}
	}
	return nil, errForm
}

func (o *Options) arrayFromJSON(ty *types.Type, j *types.JSON) (any, error) {
	if j.Kind != types.JSONArray {
		return nil, errForm
	}
	a := &types.Array{Elem: o.typeOf(ty.Elem).Values()}
	if err := o.fillArray(a, j, 0); err != nil {
		return nil, err
	}
	if len(a.Elems) == 0 {
		a.Dims = nil
	}
	return a, nil
}

// fillArray adds the elements of one dimension; nested arrays are dimensions
// and must all have the same length.
func (o *Options) fillArray(a *types.Array, j *types.JSON, depth int) error {
	if len(a.Dims) == depth {
		a.Dims = append(a.Dims, types.Dim{Len: int32(len(j.Arr)), Lower: 1})
	}
	if int(a.Dims[depth].Len) != len(j.Arr) {
		return errForm
	}
	for _, e := range j.Arr {
		if base, _ := a.Elem.BaseType(-1); e.Kind == types.JSONArray && base.OID != types.JSONBOID {
			if err := o.fillArray(a, e, depth+1); err != nil {
				return err
			}
			continue
		}
		if depth+1 != len(a.Dims) {
			return errForm
		}
		v, err := o.element(a.Elem, e)
		if err != nil {
			return err
		}
		a.Elems = append(a.Elems, v)
	}
	return nil
}

func (o *Options) element(elem *types.Type, j *types.JSON) (any, error) {
	if j.Kind == types.JSONNull {
		return nil, nil
	}
	base, typmod := elem.BaseType(-1)
	if base.IsArray() {
		return o.scalarFromJSON(SQLType{base.OID, typmod}, j)
	}
	return o.fromJSON(SQLType{base.OID, typmod}, j)
}
