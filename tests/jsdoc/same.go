package jsdoc

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// absent is the type of Absent.
type absent struct{}

// Absent stands for a field that a document does not have, that is undefined, or
// null: in SQL they are one.
var Absent any = absent{}

// Untag takes out the marks of what JSON can't hold ({"$undefined": true},
// {"$date": …}, {"$number": …}; s3db-format.md, section 16).
func Untag(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if marked, ok := unmark(v); ok {
			return marked
		}
		out := map[string]any{}
		for k, x := range v {
			if x = Untag(x); x != Absent {
				out[k] = x
			}
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			if out[i] = Untag(x); out[i] == Absent {
				out[i] = nil // it has a place
			}
		}
		return out
	case nil:
		return Absent
	}
	return v
}

func unmark(v map[string]any) (any, bool) {
	if v["$undefined"] == true {
		return Absent, true
	}
	if n, ok := v["$number"].(string); ok {
		f, err := strconv.ParseFloat(n, 64)
		return f, err == nil
	}
	if d, ok := v["$date"].(string); ok && len(v) == 1 {
		return d, true
	}
	return nil, false
}

// Opened does what s3db.js does to any text that is a JSON object or array
// (trap 3): it reads as that object, at any depth.
func Opened(v any) any {
	switch v := v.(type) {
	case string:
		if v == "[object Object]" {
			return map[string]any{}
		}
		var out any
		if (strings.HasPrefix(v, "{") || strings.HasPrefix(v, "[")) && json.Unmarshal([]byte(v), &out) == nil {
			return Untag(out)
		}
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = Opened(x)
		}
		return out
	}
	return v
}

// precision is what two ways of computing the same double may differ by.
const precision = 1e-9

// Same compares untagged values; in objects, absent and null fields are one.
func Same(a, b any) bool {
	if a == nil || b == nil {
		return orNil(a) == nil && orNil(b) == nil
	}
	switch x := a.(type) {
	case float64:
		y, ok := b.(float64)
		return ok && (x == y || math.IsNaN(x) && math.IsNaN(y) || math.Abs(x-y) < precision*math.Abs(x))
	case []any:
		y, ok := b.([]any)
		return ok && sameArrays(x, y)
	case map[string]any:
		y, ok := b.(map[string]any)
		return ok && within(x, y) && within(y, x)
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	return a == b
}

func orNil(v any) any {
	if v == Absent {
		return nil
	}
	return v
}

func sameArrays(x, y []any) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !Same(x[i], y[i]) {
			return false
		}
	}
	return true
}

// within says whether every field of x is in y.
func within(x, y map[string]any) bool {
	for k, v := range x {
		w, ok := y[k]
		if !ok {
			w = Absent
		}
		if !Same(v, w) {
			return false
		}
	}
	return true
}

// Brief is the value as JSON, cut for messages and tables.
func Brief(v any) string {
	if v == Absent {
		return "absent"
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if e.Encode(v) != nil {
		return "?"
	}
	s := strings.TrimSpace(b.String())
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "~"
	}
	return s
}
