package pljs

import (
	"math"
	"math/big"
	"reflect"
	"strconv"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// toScalar makes SQL values of JavaScript's where their text would not do; ok is
// false for a value whose text is to be read.
var toScalar = map[types.OID]func(x *call, t *types.Type, v goja.Value) (out any, ok bool, err error){
	types.BoolOID:        toBool,
	types.Int2OID:        toInteger,
	types.Int4OID:        toInteger,
	types.Int8OID:        toInteger,
	types.DateOID:        toDate,
	types.TimestampOID:   toTimestamp,
	types.TimestamptzOID: toTimestamp,
	types.ByteaOID:       toBytes,
}

// toSQL makes an SQL value of type t of a JavaScript value.
func (x *call) toSQL(v goja.Value, t *types.Type, typmod int32) (any, error) {
	base, mod := t.BaseType(typmod)
	out, err := x.toBase(v, base)
	if err != nil || mod < 0 && !t.Constrained() {
		return out, err
	}
	return x.spi.Convert(x.ctx, out, base, -1, t, typmod)
}

func (x *call) toBase(v goja.Value, t *types.Type) (any, error) {
	if isNil(v) {
		return nil, nil
	}
	o, isObject := v.(*goja.Object)
	switch {
	case t.IsArray() && isObject:
		return x.toArray(o, t)
	case t.Columns != nil && isObject:
		return x.recordOf(o, t, t.Columns)
	}
	if f := toScalar[t.OID]; f != nil {
		out, ok, err := f(x, t, v)
		if ok || err != nil {
			return out, err
		}
	}
	text, ok, err := x.text(v, t)
	if err != nil || !ok {
		return nil, err
	}
	if t.In == nil {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot make a value of type %s of one of JavaScript", t.SQLName())
	}
	if err := pgerr.CheckText(text); err != nil {
		return nil, err
	}
	return t.In(x.env(), text, -1)
}

// text is the text that the type's input function reads: JSON of objects, none of
// what JSON leaves out.
func (x *call) text(v goja.Value, t *types.Type) (string, bool, error) {
	o, isObject := v.(*goja.Object)
	if !isObject {
		return v.String(), true, nil
	}
	if o.ClassName() == "Date" && t.OID != types.JSONOID && t.OID != types.JSONBOID {
		if math.IsNaN(o.ToFloat()) {
			return "", false, pgerr.New(pgerr.DatetimeFieldOverflow, "JavaScript date is invalid")
		}
		return x.rt.method(o, "toISOString").String(), true, nil
	}
	if c := o.ClassName(); c == "String" || c == "Number" || c == "Boolean" || c == "Error" {
		return o.String(), true, nil
	}
	stringify, _ := goja.AssertFunction(x.rt.stringify)
	j, err := stringify(goja.Undefined(), v)
	if err != nil {
		return "", false, err
	}
	return j.String(), !goja.IsUndefined(j), nil
}

// method calls a method of an object.
func (rt *runtime) method(o *goja.Object, name string, args ...goja.Value) goja.Value {
	f, ok := goja.AssertFunction(o.Get(name))
	if !ok {
		panic(rt.vm.NewTypeError(name + " is not a function"))
	}
	v, err := f(o, args...)
	if err != nil {
		panic(rt.jsError(err))
	}
	return v
}

func toBool(_ *call, _ *types.Type, v goja.Value) (any, bool, error) {
	if _, isObject := v.(*goja.Object); isObject {
		return nil, false, nil
	}
	b, ok := v.Export().(bool)
	return b, ok, nil
}

// toInteger drops what is behind the point, as plv8 does; what the type has no room
// for is its input function's error.
func toInteger(x *call, t *types.Type, v goja.Value) (any, bool, error) {
	if !goja.IsNumber(v) {
		return nil, false, nil
	}
	f := math.Trunc(v.ToFloat())
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil, false, pgerr.New(pgerr.NumericValueOutOfRange, "%s out of range", t.SQLName())
	}
	i, _ := big.NewFloat(f).Int(nil)
	out, err := t.In(x.env(), i.String(), -1)
	return out, true, err
}

func toMillis(v goja.Value) (ms float64, ok bool, err error) {
	if goja.IsInfinity(v) {
		return v.ToFloat(), true, nil
	}
	o, isObject := v.(*goja.Object)
	if !isObject || o.ClassName() != "Date" {
		return 0, false, nil
	}
	if ms = o.ToNumber().ToFloat(); math.IsNaN(ms) {
		return 0, false, pgerr.New(pgerr.DatetimeFieldOverflow, "JavaScript date is invalid")
	}
	return ms, true, nil
}

func toTimestamp(_ *call, _ *types.Type, v goja.Value) (any, bool, error) {
	ms, ok, err := toMillis(v)
	switch {
	case !ok || err != nil:
		return nil, false, err
	case math.IsInf(ms, 1):
		return types.TimestampInfinity, true, nil
	case math.IsInf(ms, -1):
		return types.TimestampNegInfinity, true, nil
	}
	return (int64(ms) - epochMillis) * 1000, true, nil
}

func toDate(_ *call, _ *types.Type, v goja.Value) (any, bool, error) {
	ms, ok, err := toMillis(v)
	switch {
	case !ok || err != nil:
		return nil, false, err
	case math.IsInf(ms, 1):
		return int32(math.MaxInt32), true, nil
	case math.IsInf(ms, -1):
		return int32(math.MinInt32), true, nil
	}
	return int32(math.Floor((ms - epochMillis) / 86400000)), true, nil
}

var bufferType = reflect.TypeFor[goja.ArrayBuffer]()

// toBytes takes an ArrayBuffer or what is a view of one.
func toBytes(_ *call, _ *types.Type, v goja.Value) (any, bool, error) {
	o, ok := v.(*goja.Object)
	if !ok {
		return nil, false, nil
	}
	if o.ExportType() == bufferType {
		b := o.Export().(goja.ArrayBuffer)
		return append([]byte{}, b.Bytes()...), true, nil
	}
	buffer, ok := o.Get("buffer").(*goja.Object)
	if !ok {
		return nil, false, nil
	}
	b, ok := buffer.Export().(goja.ArrayBuffer)
	if !ok {
		return nil, false, nil
	}
	at, n := o.Get("byteOffset").ToInteger(), o.Get("byteLength").ToInteger()
	all := b.Bytes()
	if at < 0 || n < 0 || at+n > int64(len(all)) {
		return nil, false, nil
	}
	return append([]byte{}, all[at:at+n]...), true, nil
}

// elementOf is element i of an array.
func elementOf(o *goja.Object, i int) goja.Value {
	return o.Get(strconv.Itoa(i))
}

// toArray makes an array of an array, whose arrays are further dimensions unless
// the elements are values that an array stands for.
func (x *call) toArray(o *goja.Object, t *types.Type) (any, error) {
	if o.ClassName() != "Array" {
		return nil, pgerr.New(pgerr.DatatypeMismatch, "value is not an Array")
	}
	out := &types.Array{Elem: t.ElemType()}
	if err := x.addElements(out, o, 0); err != nil {
		return nil, err
	}
	return out, out.CheckBounds()
}

func (x *call) addElements(out *types.Array, o *goja.Object, depth int) error {
	n := int(o.Get("length").ToInteger())
	if n == 0 && depth == 0 {
		return nil
	}
	if depth == len(out.Dims) {
		if len(out.Elems) > 0 || depth >= 6 {
			return errDimensions()
		}
		out.Dims = append(out.Dims, types.Dim{Len: int32(n), Lower: 1})
	} else if int(out.Dims[depth].Len) != n {
		return errDimensions()
	}
	for i := range n {
		v := elementOf(o, i)
		if inner, ok := v.(*goja.Object); ok && inner.ClassName() == "Array" && !takesArrays(out.Elem) {
			if err := x.addElements(out, inner, depth+1); err != nil {
				return err
			}
			continue
		}
		if depth+1 != len(out.Dims) {
			return errDimensions()
		}
		e, err := x.toSQL(v, out.Elem, -1)
		if err != nil {
			return err
		}
		out.Elems = append(out.Elems, e)
	}
	return nil
}

func takesArrays(t *types.Type) bool { return t.OID == types.JSONOID || t.OID == types.JSONBOID }

func errDimensions() error {
	return pgerr.New(pgerr.InvalidTextRepresentation, "malformed array").
		WithDetail("Multidimensional arrays must have sub-arrays with matching dimensions.")
}

// recordOf makes a row of an object: its properties that have columns' names.
func (x *call) recordOf(o *goja.Object, t *types.Type, columns []types.Column) (*types.Record, error) {
	r := &types.Record{Type: t}
	for _, c := range columns {
		v, err := x.toSQL(o.Get(c.Name), c.Type, c.Typmod)
		if err != nil {
			return nil, err
		}
		r.Names, r.Types, r.Values = append(r.Names, c.Name), append(r.Types, c.Type), append(r.Values, v)
	}
	return r, nil
}
