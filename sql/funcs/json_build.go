package funcs

import (
	"strconv"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// The style of a json text that a function builds: what stands between.
type jsonStyle struct{ comma, colon string }

var (
	compactStyle = jsonStyle{",", ":"}
	prettyStyle  = jsonStyle{",\n ", ":"}
	buildStyle   = jsonStyle{", ", " : "}
)

// appendJSON appends a value of any type as json, by the rules of to_json.
func appendJSON(c *Call, dst []byte, t *types.Type, v any, style jsonStyle) []byte {
	if v == nil {
		return append(dst, "null"...)
	}
	if isNumberType(t) {
		s := string(t.Out(c.Env, nil, v))
		if isJSONNumber(s) {
			return append(dst, s...)
		}
		return types.AppendJSONString(dst, s)
	}
	switch v := v.(type) {
	case bool:
		return strconv.AppendBool(dst, v)
	case *types.JSON:
		return v.AppendText(dst)
	case *types.Array:
		return appendJSONArray(c, dst, v, style)
	case *types.Record:
		return appendJSONRecord(c, dst, v, style)
	}
	if t.OID == types.JSONOID {
		return append(dst, v.(string)...)
	}
	return types.AppendJSONString(dst, jsonString(c, t, v))
}

// isNumberType says whether values of t are numbers in JSON: to_json's rule is
// about the type, and dates too are integers in Go.
func isNumberType(t *types.Type) bool {
	switch t.OID {
	case types.Int2OID, types.Int4OID, types.Int8OID, types.Float4OID, types.Float8OID, types.NumericOID:
		return true
	}
	return false
}

// isJSONNumber tells numbers from NaN and the infinities.
func isJSONNumber(s string) bool { return strings.IndexByte("0123456789", s[len(s)-1]) >= 0 }

// jsonString is the text of a value that becomes a JSON string: dates and times
// as ISO 8601 has them, whatever the session's style.
func jsonString(c *Call, t *types.Type, v any) string {
	switch t.OID {
	case types.DateOID, types.TimestampOID, types.TimestamptzOID:
	default:
		return text(c, t, v)
	}
	env := *c.Env
	env.DateStyle = types.DateISO
	s := string(t.Out(&env, nil, v))
	s = strings.Replace(s, " ", "T", 1)
	if strings.HasSuffix(s, "TBC") {
		s = strings.TrimSuffix(s, "TBC") + " BC"
	}
	if t.OID != types.TimestamptzOID {
		return s
	}
	body, era, _ := strings.Cut(s, " ")
	if n := len(body); n > 3 && (body[n-3] == '+' || body[n-3] == '-') {
		body += ":00"
	}
	if era != "" {
		return body + " " + era
	}
	return body
}

func appendJSONArray(c *Call, dst []byte, a *types.Array, style jsonStyle) []byte {
	if len(a.Elems) == 0 {
		return append(dst, "[]"...)
	}
	next := 0
	return appendJSONDim(c, dst, a, 0, &next, style)
}

// appendJSONDim appends one dimension; only the outermost is pretty.
func appendJSONDim(c *Call, dst []byte, a *types.Array, dim int, next *int, style jsonStyle) []byte {
	dst = append(dst, '[')
	for i := range a.Dims[dim].Len {
		if i > 0 {
			dst = append(dst, style.comma...)
		}
		if dim+1 < len(a.Dims) {
			dst = appendJSONDim(c, dst, a, dim+1, next, compactStyle)
			continue
		}
		dst = appendJSON(c, dst, a.Elem, a.Elems[*next], compactStyle)
		*next++
	}
	return append(dst, ']')
}

func appendJSONRecord(c *Call, dst []byte, r *types.Record, style jsonStyle) []byte {
	dst = append(dst, '{')
	for i, v := range r.Values {
		if i > 0 {
			dst = append(dst, style.comma...)
		}
		dst = types.AppendJSONString(dst, fieldName(r, i))
		dst = append(dst, ':')
		dst = appendJSON(c, dst, r.Types[i], v, compactStyle)
	}
	return append(dst, '}')
}

func fieldName(r *types.Record, i int) string {
	if i < len(r.Names) && r.Names[i] != "" {
		return r.Names[i]
	}
	return "f" + strconv.Itoa(i+1)
}

// toTree makes a jsonb of a value of any type, by the rules of to_jsonb.
func toTree(c *Call, t *types.Type, v any) (*types.JSON, error) {
	if v != nil && isNumberType(t) {
		s := string(t.Out(c.Env, nil, v))
		if !isJSONNumber(s) {
			return types.JSONFromString(s), nil
		}
		n, err := types.ParseNumeric(s)
		return types.JSONFromNumeric(n), err
	}
	switch v := v.(type) {
	case nil:
		return types.JSONNullValue(), nil
	case bool:
		return types.JSONFromBool(v), nil
	case *types.JSON:
		return v, nil
	case *types.Array:
		next := 0
		return arrayTree(c, v, 0, &next)
	case *types.Record:
		return recordTree(c, v)
	}
	if t.OID == types.JSONOID {
		return types.ParseJSONB(v.(string))
	}
	return types.JSONFromString(jsonString(c, t, v)), nil
}

func arrayTree(c *Call, a *types.Array, dim int, next *int) (*types.JSON, error) {
	if len(a.Dims) == 0 {
		return types.JSONFromArray(nil), nil
	}
	elems := make([]*types.JSON, a.Dims[dim].Len)
	for i := range elems {
		var err error
		if dim+1 < len(a.Dims) {
			elems[i], err = arrayTree(c, a, dim+1, next)
		} else {
			elems[i], err = toTree(c, a.Elem, a.Elems[*next])
			*next++
		}
		if err != nil {
			return nil, err
		}
	}
	return types.JSONFromArray(elems), nil
}

func recordTree(c *Call, r *types.Record) (*types.JSON, error) {
	members := make([]types.JSONMember, len(r.Values))
	for i, v := range r.Values {
		j, err := toTree(c, r.Types[i], v)
		if err != nil {
			return nil, err
		}
		members[i] = types.JSONMember{Key: fieldName(r, i), Value: j}
	}
	return types.JSONFromMembers(members), nil
}

func toJSON(c *Call, args []any) (any, error) {
	style := compactStyle
	if pretty, _ := argOr(args, 1).(bool); pretty {
		style = prettyStyle
	}
	return string(appendJSON(c, nil, c.Args[0], args[0], style)), nil
}

func toJSONB(c *Call, args []any) (any, error) { return toTree(c, c.Args[0], args[0]) }

// checkKey refuses what cannot be the key of an object.
func checkKey(t *types.Type) error {
	switch {
	case t.Rep == types.RepArray, t.Rep == types.RepRecord, t.Rep == types.RepJSON, t.OID == types.JSONOID:
		return pgerr.New(pgerr.InvalidParameterValue, "key value must be scalar, not array, composite, or json")
	}
	return nil
}

func oddArguments(name string) error {
	return pgerr.New(pgerr.InvalidParameterValue, "argument list must have even number of elements").
		WithHint("The arguments of %s must consist of alternating keys and values.", name)
}

func jsonBuildArray(c *Call, args []any) (any, error) {
	vals, ts, ok := spread(c, args, 0)
	if !ok {
		return nil, nil
	}
	out := []byte{'['}
	for i, v := range vals {
		if i > 0 {
			out = append(out, buildStyle.comma...)
		}
		out = appendJSON(c, out, ts[i], v, compactStyle)
	}
	return string(append(out, ']')), nil
}

func jsonBuildObject(c *Call, args []any) (any, error) {
	vals, ts, ok := spread(c, args, 0)
	if !ok {
		return nil, nil
	}
	if len(vals)%2 != 0 {
		return nil, oddArguments("json_build_object()")
	}
	out := []byte{'{'}
	for i := 0; i < len(vals); i += 2 {
		if i > 0 {
			out = append(out, buildStyle.comma...)
		}
		if vals[i] == nil {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "argument %d cannot be null", i+1).
				WithHint("Object keys should be text.")
		}
		if err := checkKey(ts[i]); err != nil {
			return nil, err
		}
		out = types.AppendJSONString(out, jsonString(c, ts[i], vals[i]))
		out = append(out, buildStyle.colon...)
		out = appendJSON(c, out, ts[i+1], vals[i+1], compactStyle)
	}
	return string(append(out, '}')), nil
}

func jsonbBuildArray(c *Call, args []any) (any, error) {
	vals, ts, ok := spread(c, args, 0)
	if !ok {
		return nil, nil
	}
	elems := make([]*types.JSON, len(vals))
	for i, v := range vals {
		var err error
		if elems[i], err = toTree(c, ts[i], v); err != nil {
			return nil, err
		}
	}
	return types.JSONFromArray(elems), nil
}

func jsonbBuildObject(c *Call, args []any) (any, error) {
	vals, ts, ok := spread(c, args, 0)
	if !ok {
		return nil, nil
	}
	if len(vals)%2 != 0 {
		return nil, oddArguments("jsonb_build_object()")
	}
	members := make([]types.JSONMember, len(vals)/2)
	for i := range members {
		if vals[2*i] == nil {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "argument %d: key must not be null", 2*i+1)
		}
		if err := checkKey(ts[2*i]); err != nil {
			return nil, err
		}
		v, err := toTree(c, ts[2*i+1], vals[2*i+1])
		if err != nil {
			return nil, err
		}
		members[i] = types.JSONMember{Key: jsonString(c, ts[2*i], vals[2*i]), Value: v}
	}
	return types.JSONFromMembers(members), nil
}

// pairsOf reads json_object's argument: a list of keys and values, pairs, or
// two arrays.
func pairsOf(args []any) (keys, vals []any, err error) {
	a := args[0].(*types.Array)
	if len(args) == 2 {
		b := args[1].(*types.Array)
		switch {
		case len(a.Dims) > 1 || len(a.Dims) != len(b.Dims):
			return nil, nil, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")
		case len(a.Elems) != len(b.Elems):
			return nil, nil, pgerr.New(pgerr.ArraySubscriptError, "mismatched array dimensions")
		}
		return a.Elems, b.Elems, nil
	}
	switch {
	case len(a.Dims) == 2 && a.Dims[1].Len != 2:
		return nil, nil, pgerr.New(pgerr.ArraySubscriptError, "array must have two columns")
	case len(a.Dims) > 2:
		return nil, nil, pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")
	case len(a.Elems)%2 != 0:
		return nil, nil, pgerr.New(pgerr.ArraySubscriptError, "array must have even number of elements")
	}
	for i := 0; i < len(a.Elems); i += 2 {
		keys, vals = append(keys, a.Elems[i]), append(vals, a.Elems[i+1])
	}
	return keys, vals, nil
}

func jsonObject(_ *Call, args []any) (any, error) {
	keys, vals, err := pairsOf(args)
	if err != nil {
		return nil, err
	}
	out := []byte{'{'}
	for i, k := range keys {
		if k == nil {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "null value not allowed for object key")
		}
		if i > 0 {
			out = append(out, buildStyle.comma...)
		}
		out = append(types.AppendJSONString(out, k.(string)), buildStyle.colon...)
		if vals[i] == nil {
			out = append(out, "null"...)
		} else {
			out = types.AppendJSONString(out, vals[i].(string))
		}
	}
	return string(append(out, '}')), nil
}

func jsonbObject(_ *Call, args []any) (any, error) {
	keys, vals, err := pairsOf(args)
	if err != nil {
		return nil, err
	}
	members := make([]types.JSONMember, len(keys))
	for i, k := range keys {
		if k == nil {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "null value not allowed for object key")
		}
		members[i] = types.JSONMember{Key: k.(string), Value: types.JSONNullValue()}
		if vals[i] != nil {
			members[i].Value = types.JSONFromString(vals[i].(string))
		}
	}
	return types.JSONFromMembers(members), nil
}

func init() {
	kernels{
		"to_json":                  Strict(toJSON),
		"to_jsonb":                 Strict(toJSONB),
		"row_to_json":              Strict(toJSON),
		"row_to_json_pretty":       Strict(toJSON),
		"array_to_json":            Strict(toJSON),
		"array_to_json_pretty":     Strict(toJSON),
		"json_build_array":         Boxed(false, jsonBuildArray),
		"json_build_array_noargs":  Boxed(false, jsonBuildArray),
		"json_build_object":        Boxed(false, jsonBuildObject),
		"json_build_object_noargs": Boxed(false, jsonBuildObject),
		"json_object":              Strict(jsonObject),
		"json_object_two_arg":      Strict(jsonObject),

		"jsonb_build_array":         Boxed(false, jsonbBuildArray),
		"jsonb_build_array_noargs":  Boxed(false, jsonbBuildArray),
		"jsonb_build_object":        Boxed(false, jsonbBuildObject),
		"jsonb_build_object_noargs": Boxed(false, jsonbBuildObject),
		"jsonb_object":              Strict(jsonbObject),
		"jsonb_object_two_arg":      Strict(jsonbObject),
	}.bind()
}

// AppendJSON appends a value as to_json writes it.
func AppendJSON(env *types.Env, dst []byte, t *types.Type, v any) []byte {
	base, _ := t.BaseType(-1)
	return appendJSON(&Call{Env: env}, dst, base, v, compactStyle)
}
