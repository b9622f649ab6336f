package funcs

import (
	"bytes"
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// pathOp is what to do at the end of a path (JB_PATH_… of jsonfuncs.c).
type pathOp uint8

const (
	pathCreate pathOp = 1 << iota
	pathReplace
	pathDelete
	pathInsertBefore
	pathInsertAfter
)

const pathCreateOrInsert = pathCreate | pathInsertBefore | pathInsertAfter

// pathEdit is one change of a jsonb along a path.
type pathEdit struct {
	path  []any // text or nil
	op    pathOp
	value *types.JSON
}

func (e *pathEdit) last(level int) bool { return level == len(e.path)-1 }

func (e *pathEdit) apply(j *types.JSON, level int) (*types.JSON, error) {
	if e.path[level] == nil {
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "path element at position %d is null", level+1)
	}
	if j.IsScalar() {
		return j, nil
	}
	if j.Kind == types.JSONObject {
		return e.applyObject(j, level)
	}
	return e.applyArray(j, level)
}

func (e *pathEdit) applyObject(j *types.JSON, level int) (*types.JSON, error) {
	key := e.path[level].(string)
	members := slices.Clone(j.Obj)
	i := slices.IndexFunc(members, func(m types.JSONMember) bool { return m.Key == key })
	switch {
	case i < 0 && e.last(level) && e.op&pathCreateOrInsert != 0:
		return types.JSONFromMembers(append(members, types.JSONMember{Key: key, Value: e.value})), nil
	case i < 0:
		return j, nil
	case !e.last(level):
		v, err := e.apply(members[i].Value, level+1)
		members[i].Value = v
		return types.JSONFromMembers(members), err
	case e.op&(pathInsertBefore|pathInsertAfter) != 0:
		return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot replace existing key").
			WithHint("Try using the function jsonb_set to replace key value.")
	case e.op&pathDelete != 0:
		return types.JSONFromMembers(slices.Delete(members, i, i+1)), nil
	}
	members[i].Value = e.value
	return types.JSONFromMembers(members), nil
}

func (e *pathEdit) applyArray(j *types.JSON, level int) (*types.JSON, error) {
	i, ok := subscript(e.path[level].(string))
	if !ok {
		return nil, pgerr.New(pgerr.InvalidTextRepresentation, "path element at position %d is not an integer: \"%s\"", level+1, e.path[level])
	}
	n := len(j.Arr)
	before := i < 0 && -i > n
	if i < 0 {
		i += n
	}
	elems := slices.Clone(j.Arr)
	switch {
	case !before && i < n && !e.last(level):
		v, err := e.apply(elems[i], level+1)
		elems[i] = v
		return types.JSONFromArray(elems), err
	case !e.last(level):
		return j, nil
	case (before || n == 0) && e.op&pathCreateOrInsert != 0:
		elems = slices.Insert(elems, 0, e.value)
	case !before && i < n:
		elems = e.editElement(elems, i)
	case !before && e.op&pathCreateOrInsert != 0:
		elems = append(elems, e.value)
	}
	return types.JSONFromArray(elems), nil
}

func (e *pathEdit) editElement(elems []*types.JSON, i int) []*types.JSON {
	switch {
	case e.op&pathInsertBefore != 0:
		return slices.Insert(elems, i, e.value)
	case e.op&pathInsertAfter != 0:
		return slices.Insert(elems, i+1, e.value)
	case e.op&pathDelete != 0:
		return slices.Delete(elems, i, i+1)
	}
	elems[i] = e.value
	return elems
}

// editPath checks the target, as the callers of setPath do.
func editPath(j *types.JSON, path *types.Array, op pathOp, value *types.JSON, verb string) (*types.JSON, error) {
	switch {
	case len(path.Dims) > 1:
		return nil, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")
	case j.IsScalar():
		return nil, jsonError("cannot %s path in scalar", verb)
	case len(j.Arr)+len(j.Obj) == 0 && op&pathCreateOrInsert == 0, len(path.Elems) == 0:
		return j, nil
	}
	e := pathEdit{path: path.Elems, op: op, value: value}
	return e.apply(j, 0)
}

func jsonbSet(j *types.JSON, path *types.Array, value *types.JSON, create bool) (*types.JSON, error) {
	op := pathReplace
	if create {
		op = pathCreate
	}
	return editPath(j, path, op, value, "set")
}

func jsonbInsert(j *types.JSON, path *types.Array, value *types.JSON, after bool) (*types.JSON, error) {
	op := pathInsertBefore
	if after {
		op = pathInsertAfter
	}
	return editPath(j, path, op, value, "set")
}

func jsonbDeletePath(j *types.JSON, path *types.Array) (*types.JSON, error) {
	return editPath(j, path, pathDelete, nil, "delete")
}

// jsonbSetLax is jsonb_set with a choice of what a NULL value means.
func jsonbSetLax(_ *Call, args []any) (any, error) {
	if args[0] == nil || args[1] == nil || args[3] == nil {
		return nil, nil
	}
	target, path := args[0].(*types.JSON), args[1].(*types.Array)
	create := args[3].(bool)
	if args[4] == nil {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"")
	}
	if args[2] != nil {
		return jsonbSet(target, path, args[2].(*types.JSON), create)
	}
	switch args[4].(string) {
	case "raise_exception":
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "JSON value must not be null").
			WithDetail("Exception was raised because null_value_treatment is \"raise_exception\".").
			WithHint("To avoid, either change the null_value_treatment argument or ensure that an SQL NULL is not passed.")
	case "use_json_null":
		return jsonbSet(target, path, types.JSONNullValue(), create)
	case "delete_key":
		return jsonbDeletePath(target, path)
	case "return_target":
		return target, nil
	}
	return nil, pgerr.New(pgerr.InvalidParameterValue, "null_value_treatment must be \"delete_key\", \"return_target\", \"use_json_null\", or \"raise_exception\"")
}

func jsonbDelete(j *types.JSON, key string) (*types.JSON, error) {
	return deleteKeys(j, func(k string) bool { return k == key })
}

func jsonbDeleteArray(j *types.JSON, keys *types.Array) (*types.JSON, error) {
	if len(keys.Dims) > 1 {
		return nil, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")
	}
	return deleteKeys(j, func(k string) bool { return slices.Contains(keys.Elems, any(k)) })
}

// deleteKeys removes members of an object, or strings of an array.
func deleteKeys(j *types.JSON, drop func(string) bool) (*types.JSON, error) {
	switch j.Kind {
	case types.JSONObject:
		return types.JSONFromMembers(slices.DeleteFunc(slices.Clone(j.Obj), func(m types.JSONMember) bool { return drop(m.Key) })), nil
	case types.JSONArray:
		return types.JSONFromArray(slices.DeleteFunc(slices.Clone(j.Arr), func(e *types.JSON) bool {
			return e.Kind == types.JSONString && drop(e.Str)
		})), nil
	}
	return nil, jsonError("cannot delete from scalar")
}

func jsonbDeleteIndex(j *types.JSON, i int32) (*types.JSON, error) {
	switch j.Kind {
	case types.JSONArray:
	case types.JSONObject:
		return nil, jsonError("cannot delete from object using integer index")
	default:
		return nil, jsonError("cannot delete from scalar")
	}
	at := int(i)
	if at < 0 {
		at += len(j.Arr)
	}
	if at < 0 || at >= len(j.Arr) {
		return j, nil
	}
	return types.JSONFromArray(slices.Delete(slices.Clone(j.Arr), at, at+1)), nil
}

// jsonbConcat is ||: objects are merged, everything else is joined as arrays.
func jsonbConcat(a, b *types.JSON) *types.JSON {
	if a.Kind == types.JSONObject && b.Kind == types.JSONObject {
		return types.JSONFromMembers(slices.Concat(a.Obj, b.Obj))
	}
	list := func(j *types.JSON) []*types.JSON {
		if j.Kind == types.JSONArray {
			return j.Arr
		}
		return []*types.JSON{j}
	}
	return types.JSONFromArray(slices.Concat(list(a), list(b)))
}

func stripNulls(j *types.JSON) *types.JSON {
	switch j.Kind {
	case types.JSONArray:
		elems := make([]*types.JSON, len(j.Arr))
		for i, e := range j.Arr {
			elems[i] = stripNulls(e)
		}
		return types.JSONFromArray(elems)
	case types.JSONObject:
		var members []types.JSONMember
		for _, m := range j.Obj {
			if m.Value.Kind != types.JSONNull {
				members = append(members, types.JSONMember{Key: m.Key, Value: stripNulls(m.Value)})
			}
		}
		return types.JSONFromMembers(members)
	}
	return j
}

// stripNullsText does it on a json text, which loses its white space.
func stripNullsText(dst []byte, n *types.JSONNode) []byte {
	switch n.Kind {
	case types.JSONArray:
		dst = append(dst, '[')
		for i, e := range n.Elems {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = stripNullsText(dst, e)
		}
		return append(dst, ']')
	case types.JSONObject:
		dst = append(dst, '{')
		for i, e := range n.Elems {
			if e.Kind == types.JSONNull {
				continue
			}
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			dst = append(types.AppendJSONString(dst, n.Keys[i]), ':')
			dst = stripNullsText(dst, e)
		}
		return append(dst, '}')
	case types.JSONString:
		return types.AppendJSONString(dst, n.Str)
	}
	return append(dst, n.Text...)
}

func jsonStripNulls(s string) (string, error) {
	n, err := types.ParseJSONNode(s)
	if err != nil {
		return "", err
	}
	return string(stripNullsText(nil, n)), nil
}

// appendPretty is jsonb_pretty: four blanks per level.
func appendPretty(dst []byte, j *types.JSON, level int) []byte {
	newline := func(level int) { dst = append(append(dst, '\n'), bytes.Repeat([]byte("    "), level)...) }
	open, close := byte('['), byte(']')
	if j.Kind == types.JSONObject {
		open, close = '{', '}'
	} else if j.Kind != types.JSONArray {
		return j.AppendText(dst)
	}
	dst = append(dst, open)
	for i, e := range (jsonTree{j}).elements() {
		if i > 0 {
			dst = append(dst, ',')
		}
		newline(level + 1)
		if j.Kind == types.JSONObject {
			dst = append(types.AppendJSONString(dst, j.Obj[i].Key), ": "...)
		}
		dst = appendPretty(dst, e.JSON, level+1)
	}
	newline(level)
	return append(dst, close)
}

func init() {
	kernels{
		"jsonb_set": Lift4(func(_ *Call, j *types.JSON, p *types.Array, v *types.JSON, create bool) (*types.JSON, error) {
			return jsonbSet(j, p, v, create)
		}),
		"jsonb_insert": Lift4(func(_ *Call, j *types.JSON, p *types.Array, v *types.JSON, after bool) (*types.JSON, error) {
			return jsonbInsert(j, p, v, after)
		}),
		"jsonb_set_lax":      Boxed(false, jsonbSetLax),
		"jsonb_delete_path":  E2(jsonbDeletePath),
		"jsonb_delete":       E2(jsonbDelete),
		"jsonb_delete_array": E2(jsonbDeleteArray),
		"jsonb_delete_idx":   E2(jsonbDeleteIndex),
		"jsonb_concat":       F2(jsonbConcat),
		"jsonb_strip_nulls":  F1(stripNulls),
		"json_strip_nulls":   E1(jsonStripNulls),
		"jsonb_pretty":       F1(func(j *types.JSON) string { return string(appendPretty(nil, j, 0)) }),
	}.bind()
}
