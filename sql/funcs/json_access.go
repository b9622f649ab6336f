package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// document is what the functions that take JSON apart need of it: json keeps
// its text (jsonText), jsonb is a tree (jsonTree). D is the implementing type.
type document[D any] interface {
	kind() types.JSONKind
	field(key string) (D, bool)
	element(i int) (D, bool)
	keys() []string
	elements() []D
	// boxed is the value as json or jsonb.
	boxed() any
	// text is what ->> gives: strings without quotes; ok is false for null.
	text() (s string, ok bool)
}

type jsonTree struct{ *types.JSON }

func (d jsonTree) kind() types.JSONKind { return d.Kind }
func (d jsonTree) boxed() any           { return d.JSON }

func (d jsonTree) field(key string) (jsonTree, bool) {
	v := d.Get(key)
	return jsonTree{v}, v != nil
}

func (d jsonTree) element(i int) (jsonTree, bool) {
	v := d.Index(i)
	return jsonTree{v}, v != nil
}

func (d jsonTree) keys() []string {
	keys := make([]string, len(d.Obj))
	for i, m := range d.Obj {
		keys[i] = m.Key
	}
	return keys
}

func (d jsonTree) elements() []jsonTree {
	var out []jsonTree
	for _, m := range d.Obj {
		out = append(out, jsonTree{m.Value})
	}
	for _, e := range d.Arr {
		out = append(out, jsonTree{e})
	}
	return out
}

func (d jsonTree) text() (string, bool) {
	switch d.Kind {
	case types.JSONNull:
		return "", false
	case types.JSONString:
		return d.Str, true
	}
	return d.JSON.String(), true
}

type jsonText struct{ *types.JSONNode }

func (d jsonText) kind() types.JSONKind { return d.Kind }
func (d jsonText) boxed() any           { return d.Text }
func (d jsonText) keys() []string       { return d.Keys }

func (d jsonText) field(key string) (jsonText, bool) {
	for i := len(d.Keys) - 1; i >= 0; i-- { // of equal keys the last wins
		if d.Keys[i] == key {
			return jsonText{d.Elems[i]}, true
		}
	}
	return jsonText{}, false
}

func (d jsonText) element(i int) (jsonText, bool) {
	if i < 0 {
		i += len(d.Elems)
	}
	if d.Kind != types.JSONArray || i < 0 || i >= len(d.Elems) {
		return jsonText{}, false
	}
	return jsonText{d.Elems[i]}, true
}

func (d jsonText) elements() []jsonText {
	out := make([]jsonText, len(d.Elems))
	for i, e := range d.Elems {
		out[i] = jsonText{e}
	}
	return out
}

func (d jsonText) text() (string, bool) {
	switch d.Kind {
	case types.JSONNull:
		return "", false
	case types.JSONString:
		return d.Str, true
	}
	return d.Text, true
}

func openText(v any) (jsonText, error) {
	n, err := types.ParseJSONNode(v.(string))
	return jsonText{n}, err
}

func openTree(v any) (jsonTree, error) { return jsonTree{v.(*types.JSON)}, nil }

// asText boxes what ->> gives.
func asText[D document[D]](d D) any {
	if s, ok := d.text(); ok {
		return s
	}
	return nil
}

func asBoxed[D document[D]](d D) any { return d.boxed() }

// jsonFamily binds the functions of one of the two types: prefix is "json" or
// "jsonb".
func jsonFamily[D document[D]](prefix string, open func(any) (D, error)) {
	onDoc := func(f func(c *Call, d D, args []any) (any, error)) Kernel {
		return Strict(func(c *Call, args []any) (any, error) {
			d, err := open(args[0])
			if err != nil {
				return nil, err
			}
			return f(c, d, args)
		})
	}
	rowsOnDoc := func(f func(c *Call, d D) (RowIter, error)) RowsFunc {
		return strictRowsFunc(func(c *Call, args []any) (RowIter, error) {
			d, err := open(args[0])
			if err != nil {
				return nil, err
			}
			return f(c, d)
		})
	}
	ks := kernels{
		prefix + "_typeof":       onDoc(func(_ *Call, d D, _ []any) (any, error) { return d.kind().TypeName(), nil }),
		prefix + "_array_length": onDoc(func(_ *Call, d D, _ []any) (any, error) { return jsonArrayLength(d) }),
	}
	for suffix, out := range map[string]func(D) any{"": asBoxed[D], "_text": asText[D]} {
		ks[prefix+"_object_field"+suffix] = onDoc(func(_ *Call, d D, args []any) (any, error) {
			return found(out)(d.field(args[1].(string)))
		})
		ks[prefix+"_array_element"+suffix] = onDoc(func(_ *Call, d D, args []any) (any, error) {
			i := args[1].(int32)
			if d.kind() < types.JSONArray && prefix == "jsonb" && (i == 0 || i == -1) {
				return out(d), nil // jsonb keeps a scalar as an array of one
			}
			return found(out)(d.element(int(i)))
		})
		ks[prefix+"_extract_path"+suffix] = onDoc(func(c *Call, d D, args []any) (any, error) {
			path, ok := pathOf(c, args)
			if !ok {
				return nil, nil
			}
			return found(out)(follow(d, path))
		})
	}
	ks.bind()
	rs := rowsFuncs{prefix + "_object_keys": rowsOnDoc(func(c *Call, d D) (RowIter, error) { return jsonKeys(c, d, prefix) })}
	for suffix, out := range map[string]func(D) any{"": asBoxed[D], "_text": asText[D]} {
		rs[prefix+"_each"+suffix] = rowsOnDoc(func(c *Call, d D) (RowIter, error) { return jsonEach(c, d, prefix+"_each"+suffix, out) })
		rs[prefix+"_array_elements"+suffix] = rowsOnDoc(func(c *Call, d D) (RowIter, error) {
			return jsonElements(c, d, prefix+"_array_elements"+suffix, out)
		})
	}
	rs.bind()
}

func found[D any](out func(D) any) func(d D, ok bool) (any, error) {
	return func(d D, ok bool) (any, error) {
		if !ok {
			return nil, nil
		}
		return out(d), nil
	}
}

// pathOf reads the path of #> or json_extract_path; ok is false if a step is
// NULL.
func pathOf(c *Call, args []any) (path []string, ok bool) {
	steps := args[1:]
	if a, isArray := args[1].(*types.Array); isArray && len(args) == 2 {
		steps = a.Elems
	}
	for _, s := range steps {
		t, ok := s.(string)
		if !ok {
			return nil, false
		}
		path = append(path, t)
	}
	return path, true
}

func follow[D document[D]](d D, path []string) (D, bool) {
	for _, step := range path {
		var ok bool
		if d.kind() == types.JSONArray {
			i, valid := subscript(step)
			if !valid {
				return d, false
			}
			d, ok = d.element(i)
		} else {
			d, ok = d.field(step)
		}
		if !ok {
			return d, false
		}
	}
	return d, true
}

func subscript(s string) (int, bool) {
	i, err := types.ParseInt(s, 32, "integer")
	return int(i), err == nil
}

func jsonError(format string, args ...any) error {
	return pgerr.New(pgerr.InvalidParameterValue, format, args...)
}

func jsonArrayLength[D document[D]](d D) (any, error) {
	switch d.kind() {
	case types.JSONArray:
		return int32(len(d.elements())), nil
	case types.JSONObject:
		return nil, jsonError("cannot get array length of a non-array")
	}
	return nil, jsonError("cannot get array length of a scalar")
}

func jsonKeys[D document[D]](c *Call, d D, prefix string) (RowIter, error) {
	switch d.kind() {
	case types.JSONObject:
		var out []any
		for _, k := range d.keys() {
			out = append(out, k)
		}
		return valuesOf(c, out), nil
	case types.JSONArray:
		return nil, jsonError("cannot call %s_object_keys on an array", prefix)
	}
	return nil, jsonError("cannot call %s_object_keys on a scalar", prefix)
}

func jsonEach[D document[D]](c *Call, d D, name string, out func(D) any) (RowIter, error) {
	if d.kind() != types.JSONObject {
		_, text := any(d).(jsonText)
		switch {
		case !text:
			return nil, jsonError("cannot call %s on a non-object", name)
		case d.kind() == types.JSONArray:
			return nil, jsonError("cannot deconstruct an array as an object")
		}
		return nil, jsonError("cannot deconstruct a scalar")
	}
	keys := d.keys()
	rows := make([][]any, len(keys))
	for i, e := range d.elements() {
		rows[i] = []any{keys[i], out(e)}
	}
	return rowsOf(c, rows), nil
}

func jsonElements[D document[D]](c *Call, d D, name string, out func(D) any) (RowIter, error) {
	_, text := any(d).(jsonText)
	switch kind := d.kind(); {
	case kind == types.JSONArray:
	case text && kind == types.JSONObject:
		return nil, jsonError("cannot call %s on a non-array", name)
	case text:
		return nil, jsonError("cannot call %s on a scalar", name)
	case kind == types.JSONObject:
		return nil, jsonError("cannot extract elements from an object")
	default:
		return nil, jsonError("cannot extract elements from a scalar")
	}
	var vals []any
	for _, e := range d.elements() {
		vals = append(vals, out(e))
	}
	return valuesOf(c, vals), nil
}

// keyExists is the operator ?: a key of an object, a string of an array, or the
// string itself.
func keyExists(j *types.JSON, key string) bool {
	switch j.Kind {
	case types.JSONObject:
		return j.Get(key) != nil
	case types.JSONArray:
		for _, e := range j.Arr {
			if e.Kind == types.JSONString && e.Str == key {
				return true
			}
		}
		return false
	}
	return j.Kind == types.JSONString && j.Str == key
}

// keysExist is ?| (any) or ?& (all); NULL keys do not count.
func keysExist(all bool) func(j *types.JSON, keys *types.Array) bool {
	return func(j *types.JSON, keys *types.Array) bool {
		for _, k := range keys.Elems {
			if k != nil && keyExists(j, k.(string)) != all {
				return !all
			}
		}
		return all
	}
}

// contains is the operator @> (PostgreSQL documentation, "jsonb Containment and
// Existence"). An array contains a primitive, as a special exception.
func contains(a, b *types.JSON) bool {
	if a.Kind == types.JSONArray && b.IsScalar() {
		return arrayContains(a, b)
	}
	if a.IsScalar() && b.IsScalar() {
		return jsonEqual(a, b)
	}
	return deepContains(a, b)
}

func jsonEqual(a, b *types.JSON) bool { return a.Compare(b) == 0 }

func arrayContains(a, elem *types.JSON) bool {
	for _, e := range a.Arr {
		if elem.IsScalar() && e.IsScalar() && jsonEqual(e, elem) || !elem.IsScalar() && deepContains(e, elem) {
			return true
		}
	}
	return false
}

func deepContains(a, b *types.JSON) bool {
	if a.Kind != b.Kind {
		return false
	}
	for _, e := range b.Arr {
		if !arrayContains(a, e) {
			return false
		}
	}
	for _, m := range b.Obj {
		v := a.Get(m.Key)
		if v == nil || v.IsScalar() != m.Value.IsScalar() {
			return false
		}
		if v.IsScalar() && !jsonEqual(v, m.Value) || !v.IsScalar() && !deepContains(v, m.Value) {
			return false
		}
	}
	return true
}

func init() {
	jsonFamily("json", openText)
	jsonFamily("jsonb", openTree)
	kernels{
		"jsonb_exists":     F2(keyExists),
		"jsonb_exists_any": F2(keysExist(false)),
		"jsonb_exists_all": F2(keysExist(true)),
		"jsonb_contains":   F2(contains),
		"jsonb_contained":  F2(func(a, b *types.JSON) bool { return contains(b, a) }),
	}.bind()
}
