package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// jsonAgg is json_agg: arrays and rows begin on a new line.
func jsonAgg(c *Call, vals []any) (any, error) {
	t := c.Args[0]
	nested := t.Rep == types.RepArray || t.Rep == types.RepRecord
	out := []byte{'['}
	for i, v := range vals {
		if i > 0 {
			out = append(out, ", "...)
			if nested && v != nil {
				out = append(out, "\n "...)
			}
		}
		out = appendJSON(c, out, t, v, compactStyle)
	}
	return string(append(out, ']')), nil
}

func jsonbAgg(c *Call, vals []any) (any, error) {
	elems := make([]*types.JSON, len(vals))
	for i, v := range vals {
		var err error
		if elems[i], err = toTree(c, c.Args[0], v); err != nil {
			return nil, err
		}
	}
	return types.JSONFromArray(elems), nil
}

// pair is one row of json_object_agg.
type pair struct{ key, value any }

// objectAgg collects pairs and makes an object of them.
func objectAgg(nullKey func() error, result func(c *Call, pairs []pair) (any, error)) AggFunc {
	return agg(aggSpec[[]pair]{
		update: func(st *aggState[[]pair], args []vec.Vector, in *inputs) error {
			for k := range in.count() {
				i := in.row(k)
				if args[0].IsNull(i) {
					return nullKey()
				}
				key := args[0].Value(i)
				if err := checkKey(st.c.Args[0]); err != nil {
					return err
				}
				g := in.group(k)
				st.groups[g] = append(st.groups[g], pair{key, args[1].Value(i)})
			}
			st.extra += int64(in.count()) * 2 * boxedSize
			return nil
		},
		merge: simpleMerge(func(into, from *[]pair) { *into = append(*into, *from...) }),
		result: func(c *Call, s *[]pair, out vec.Builder) error {
			if *s == nil {
				out.AppendNull()
				return nil
			}
			v, err := result(c, *s)
			if err == nil {
				out.Append(v)
			}
			return err
		},
		ordered: true,
	})
}

func jsonObjectAgg(c *Call, pairs []pair) (any, error) {
	out := []byte("{ ")
	for i, p := range pairs {
		if i > 0 {
			out = append(out, buildStyle.comma...)
		}
		out = types.AppendJSONString(out, jsonString(c, c.Args[0], p.key))
		out = append(out, buildStyle.colon...)
		out = appendJSON(c, out, c.Args[1], p.value, compactStyle)
	}
	return string(append(out, " }"...)), nil
}

func jsonbObjectAgg(c *Call, pairs []pair) (any, error) {
	members := make([]types.JSONMember, len(pairs))
	for i, p := range pairs {
		v, err := toTree(c, c.Args[1], p.value)
		if err != nil {
			return nil, err
		}
		members[i] = types.JSONMember{Key: jsonString(c, c.Args[0], p.key), Value: v}
	}
	return types.JSONFromMembers(members), nil
}

func init() {
	fieldName := func() error { return pgerr.New(pgerr.InvalidParameterValue, "field name must not be null") }
	aggregates{
		"json_agg(anyelement)":      collectAgg(jsonAgg),
		"jsonb_agg(anyelement)":     collectAgg(jsonbAgg),
		"json_object_agg(any,any)":  objectAgg(fieldName, jsonObjectAgg),
		"jsonb_object_agg(any,any)": objectAgg(fieldName, jsonbObjectAgg),
	}.bind()
}
