package pljs

import (
	"math"
	"math/big"
	"strconv"

	"github.com/dop251/goja"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// fromScalar makes JavaScript values of the types that have one of their own; all
// others are text.
var fromScalar map[types.OID]func(rt *runtime, v any) goja.Value

func init() {
	fromScalar = map[types.OID]func(rt *runtime, v any) goja.Value{
		types.BoolOID: plain, types.Int2OID: plain, types.Int4OID: plain, types.Float4OID: plain, types.Float8OID: plain, types.OidOID: plain,
		types.Int8OID:        func(rt *runtime, v any) goja.Value { return rt.fromInt64(v.(int64)) },
		types.NumericOID:     func(rt *runtime, v any) goja.Value { return rt.fromNumeric(v.(types.Numeric)) },
		types.DateOID:        func(rt *runtime, v any) goja.Value { return rt.fromDate(v.(int32)) },
		types.TimestampOID:   func(rt *runtime, v any) goja.Value { return rt.fromTimestamp(v.(int64)) },
		types.TimestamptzOID: func(rt *runtime, v any) goja.Value { return rt.fromTimestamp(v.(int64)) },
		types.ByteaOID:       func(rt *runtime, v any) goja.Value { return rt.fromBytes(v.([]byte)) },
		types.JSONOID:        func(rt *runtime, v any) goja.Value { return rt.fromJSONText(v.(string)) },
		types.JSONBOID:       func(rt *runtime, v any) goja.Value { return rt.fromJSON(v.(*types.JSON)) },
	}
}

func plain(rt *runtime, v any) goja.Value { return rt.vm.ToValue(v) }

// fromSQL makes a JavaScript value of an SQL value of type t.
func (rt *runtime) fromSQL(v any, t *types.Type) goja.Value {
	if v == nil {
		return goja.Null()
	}
	base, _ := t.BaseType(-1)
	if f := fromScalar[base.OID]; f != nil {
		return f(rt, v)
	}
	switch a := v.(type) {
	case *types.Array:
		elems := a.Elems
		return rt.fromArray(a.Elem, a.Dims, &elems)
	case *types.Record:
		return rt.fromRecord(a)
	}
	return rt.vm.ToValue(string(base.Out(rt.top.env(), nil, v)))
}

// maxSafe is Number.MAX_SAFE_INTEGER.
const maxSafe = 1<<53 - 1

// fromInt64 is a number, or a BigInt where a number would not be exact.
func (rt *runtime) fromInt64(i int64) goja.Value {
	if i > maxSafe || i < -maxSafe {
		return rt.vm.ToValue(big.NewInt(i))
	}
	return rt.vm.ToValue(i)
}

func (rt *runtime) fromNumeric(n types.Numeric) goja.Value {
	f, err := strconv.ParseFloat(n.String(), 64) // beyond its range the nearest is infinite
	if err != nil && !math.IsInf(f, 0) {
		f = math.NaN()
	}
	return rt.vm.ToValue(f)
}

// fromMillis is the Date of milliseconds since 1970; NaN makes one that is none.
func (rt *runtime) fromMillis(ms float64) goja.Value {
	o, err := rt.vm.New(rt.vm.Get("Date"), rt.vm.ToValue(ms))
	if err != nil {
		panic(rt.jsError(err))
	}
	return o
}

// epochMillis are the milliseconds from 1970 to 2000.
const epochMillis = 946684800000

func (rt *runtime) fromTimestamp(us int64) goja.Value {
	switch us {
	case types.TimestampInfinity:
		return rt.vm.ToValue(math.Inf(1))
	case types.TimestampNegInfinity:
		return rt.vm.ToValue(math.Inf(-1))
	}
	return rt.fromMillis(math.Floor(float64(us)/1000) + epochMillis)
}

func (rt *runtime) fromDate(days int32) goja.Value {
	switch days {
	case math.MaxInt32:
		return rt.vm.ToValue(math.Inf(1))
	case math.MinInt32:
		return rt.vm.ToValue(math.Inf(-1))
	}
	return rt.fromMillis(float64(days)*86400000 + epochMillis)
}

func (rt *runtime) fromBytes(b []byte) goja.Value {
	buffer := rt.vm.NewArrayBuffer(append([]byte(nil), b...))
	o, err := rt.vm.New(rt.bytes, rt.vm.ToValue(buffer))
	if err != nil {
		panic(rt.jsError(err))
	}
	return o
}

// fromJSONText is JSON.parse, whose text the type json has checked.
func (rt *runtime) fromJSONText(text string) goja.Value {
	parse, _ := goja.AssertFunction(rt.parse)
	v, err := parse(goja.Undefined(), rt.vm.ToValue(text))
	if err != nil {
		panic(rt.jsError(err))
	}
	return v
}

func (rt *runtime) fromJSON(j *types.JSON) goja.Value {
	switch j.Kind {
	case types.JSONString:
		return rt.vm.ToValue(j.Str)
	case types.JSONNumber:
		return rt.fromNumeric(j.Num)
	case types.JSONArray:
		items := make([]any, len(j.Arr))
		for i, e := range j.Arr {
			items[i] = rt.fromJSON(e)
		}
		return rt.vm.NewArray(items...)
	case types.JSONObject:
		o := rt.vm.NewObject()
		for _, m := range j.Obj {
			rt.define(o, m.Key, rt.fromJSON(m.Value))
		}
		return o
	case types.JSONTrue, types.JSONFalse:
		return rt.vm.ToValue(j.Kind == types.JSONTrue)
	}
	return goja.Null()
}

// define gives an object a property of its own, whatever it is called.
func (rt *runtime) define(o *goja.Object, name string, v goja.Value) {
	_ = o.DefineDataProperty(name, v, goja.FLAG_TRUE, goja.FLAG_TRUE, goja.FLAG_TRUE)
}

// fromArray is an array of arrays where there is more than one dimension.
func (rt *runtime) fromArray(elem *types.Type, dims []types.Dim, elems *[]any) goja.Value {
	if len(dims) == 0 {
		return rt.vm.NewArray()
	}
	items := make([]any, dims[0].Len)
	for i := range items {
		if len(dims) > 1 {
			items[i] = rt.fromArray(elem, dims[1:], elems)
			continue
		}
		items[i] = rt.fromSQL((*elems)[0], elem)
		*elems = (*elems)[1:]
	}
	return rt.vm.NewArray(items...)
}

func (rt *runtime) fromRecord(r *types.Record) *goja.Object {
	o := rt.vm.NewObject()
	for i, v := range r.Values {
		rt.define(o, r.Names[i], rt.fromSQL(v, r.Types[i]))
	}
	return o
}

// fromRow is a row of a query.
func (rt *runtime) fromRow(columns []types.Column, row []any) goja.Value {
	o := rt.vm.NewObject()
	for i, c := range columns {
		rt.define(o, c.Name, rt.fromSQL(row[i], c.Type))
	}
	return o
}
