package jsonpath

import (
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Item is one value of a path's result: jsonb, or a date or time.
type Item struct {
	JSON *types.JSON // nil if Time is set
	Time *Datetime
}

// Datetime is what .datetime() makes of a text.
type Datetime struct {
	Type *types.Type // date, time, timetz, timestamp or timestamptz
	// Value is the boxed value of Type.
	Value any
	// Offset is the time zone that a timestamptz was written with, in seconds
	// east of UTC: it is shown in it.
	Offset int
}

func (it Item) isArray() bool  { return it.Time == nil && it.JSON.Kind == types.JSONArray }
func (it Item) isObject() bool { return it.Time == nil && it.JSON.Kind == types.JSONObject }
func (it Item) isNumber() bool { return it.Time == nil && it.JSON.Kind == types.JSONNumber }
func (it Item) isString() bool { return it.Time == nil && it.JSON.Kind == types.JSONString }

// typeName is what .type() answers.
func (it Item) typeName() string {
	if it.Time != nil {
		return it.Time.Type.SQLName()
	}
	return it.JSON.Kind.TypeName()
}

func jsonItem(j *types.JSON) Item { return Item{JSON: j} }

// children are the values of an array or an object.
func children(j *types.JSON) []*types.JSON {
	if j.Kind == types.JSONArray {
		return j.Arr
	}
	out := make([]*types.JSON, len(j.Obj))
	for i, m := range j.Obj {
		out[i] = m.Value
	}
	return out
}

// offsetIn is the distance in bytes from root's content to that of target, a
// container within it, in PostgreSQL's stored form of jsonb: .keyvalue() gives
// objects ids of it. ok is false if target is not within root.
func offsetIn(root, target *types.JSON) (offset int, ok bool) {
	w := layout{target: target, found: -1}
	w.container(root, 0)
	return w.found, w.found >= 0
}

// layout walks a value as convertToJsonb writes it: a container is a header and
// one entry per key and value, four bytes each, and then keys and values;
// numbers and containers begin at multiples of four.
type layout struct {
	target *types.JSON
	found  int
}

// container returns where the container that begins at the offset ends.
func (w *layout) container(j *types.JSON, at int) int {
	if j == w.target && w.found < 0 {
		w.found = at
	}
	at += 4 + 4*(len(j.Arr)+2*len(j.Obj))
	for _, m := range j.Obj {
		at += len(m.Key)
	}
	for _, c := range children(j) {
		at = w.value(c, at)
	}
	return at
}

func (w *layout) value(j *types.JSON, at int) int {
	aligned := (at + 3) &^ 3
	switch j.Kind {
	case types.JSONString:
		return at + len(j.Str)
	case types.JSONNumber:
		return aligned + numericSize(j.Num)
	case types.JSONArray, types.JSONObject:
		return w.container(j, aligned)
	}
	return at
}

// numericSize is the stored size of a numeric with its length word: the header
// is short where scale and weight are small (numeric.c).
func numericSize(n types.Numeric) int {
	b := n.AppendBinary(nil)
	groups := int(b[0])<<8 | int(b[1])
	weight := int(int16(uint16(b[2])<<8 | uint16(b[3])))
	scale := int(b[6])<<8 | int(b[7])
	header := 8
	if scale <= 63 && weight >= -64 && weight <= 63 {
		header = 6
	}
	return header + 2*groups
}
