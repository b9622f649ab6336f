package funcs

import "github.com/s3db-sql/s3db-sql/sql/types"

// spread returns the variadic arguments of a call from the i-th on: given one
// by one, or as the elements of the array that follows VARIADIC. ok is false if
// that array is NULL.
func spread(c *Call, args []any, i int) (vals []any, ts []*types.Type, ok bool) {
	if c.VariadicExpanded || len(args) > i+1 {
		return args[i:], c.Args[i:], true
	}
	if i >= len(args) {
		return nil, nil, true
	}
	a, isArray := args[i].(*types.Array)
	if !isArray {
		return args[i:], c.Args[i:], args[i] != nil
	}
	ts = make([]*types.Type, len(a.Elems))
	for k := range ts {
		ts[k] = a.Elem
	}
	return a.Elems, ts, true
}

// text is the text form of a boxed value that is not NULL.
func text(c *Call, t *types.Type, v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	return string(t.Out(c.Env, nil, v))
}
