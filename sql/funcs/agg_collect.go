package funcs

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// joined is the state of string_agg: the text so far, and the length of the
// first row's delimiter, which only counts if rows are merged before it.
type joined struct {
	buf   []byte
	first int
	seen  bool
}

// stringAgg is string_agg of text or bytea: NULL values are skipped, a NULL
// delimiter is empty.
func stringAgg[T string | []byte]() AggFunc {
	return agg(aggSpec[joined]{
		update: func(st *aggState[joined], args []vec.Vector, in *inputs) error {
			value, delim := columnOf[T](args[0]), columnOf[T](args[1])
			for k := range in.count() {
				i := in.row(k)
				if args[0].IsNull(i) {
					continue
				}
				var d T
				if !args[1].IsNull(i) {
					d = delim.at(i)
				}
				before := cap(st.groups[in.group(k)].buf)
				s := &st.groups[in.group(k)]
				if !s.seen {
					s.seen, s.first = true, len(d)
				}
				s.buf = append(append(s.buf, d...), value.at(i)...)
				st.extra += int64(cap(s.buf) - before)
			}
			return nil
		},
		merge: simpleMerge(func(into, from *joined) {
			if !from.seen {
				return
			}
			if !into.seen {
				into.seen, into.first = true, from.first
			}
			into.buf = append(into.buf, from.buf...)
		}),
		result: func(_ *Call, s *joined, out vec.Builder) error {
			if !s.seen {
				out.AppendNull()
				return nil
			}
			put(out, T(slices.Clone(s.buf[s.first:])))
			return nil
		},
		ordered: true,
	})
}

// collected is a list of boxed values; seen tells no rows from none kept.
type collected struct {
	vals []any
	seen bool
}

// boxedSize guesses the bytes of a boxed value, as vec does.
const boxedSize = 48

func collect(st *aggState[collected], args []vec.Vector, in *inputs) error {
	for k := range in.count() {
		s := &st.groups[in.group(k)]
		s.vals, s.seen = append(s.vals, args[0].Value(in.row(k))), true
	}
	st.extra += int64(in.count()) * boxedSize
	return nil
}

// collectAgg gathers all values of a group, NULLs too, and makes the result of
// them.
func collectAgg(result func(c *Call, vals []any) (any, error)) AggFunc {
	return agg(collectSpec(result))
}

func collectSpec(result func(c *Call, vals []any) (any, error)) aggSpec[collected] {
	return aggSpec[collected]{
		update: collect,
		merge: simpleMerge(func(into, from *collected) {
			into.vals, into.seen = append(into.vals, from.vals...), into.seen || from.seen
		}),
		result: func(c *Call, s *collected, out vec.Builder) error {
			if !s.seen {
				out.AppendNull()
				return nil
			}
			v, err := result(c, s.vals)
			if err == nil {
				out.Append(v)
			}
			return err
		},
		ordered: true,
	}
}

func arrayAgg(c *Call, vals []any) (any, error) {
	return types.NewArray(c.Args[0], slices.Clone(vals)), nil
}

// arrayAggArrays stacks arrays of the same dimensions into one of one dimension
// more.
func arrayAggArrays(c *Call, vals []any) (any, error) {
	var out types.Array
	for i, v := range vals {
		if v == nil {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "cannot accumulate null arrays")
		}
		a := v.(*types.Array)
		switch {
		case len(a.Dims) == 0:
			return nil, pgerr.New(pgerr.ArraySubscriptError, "cannot accumulate empty arrays")
		case i == 0:
			if len(a.Dims)+1 > maxDims {
				return nil, tooManyDims(len(a.Dims) + 1)
			}
			out.Elem = a.Elem
			out.Dims = append([]types.Dim{{Len: int32(len(vals)), Lower: 1}}, a.Dims...)
		case !slices.Equal(a.Dims, out.Dims[1:]):
			return nil, pgerr.New(pgerr.ArraySubscriptError, "cannot accumulate arrays of different dimensionality")
		}
		out.Elems = append(out.Elems, a.Elems...)
	}
	return &out, nil
}

// maxDims is MAXDIM.
const maxDims = 6

func tooManyDims(n int) error {
	return pgerr.New(pgerr.ProgramLimitExceeded, "number of array dimensions (%d) exceeds the maximum allowed (%d)", n, maxDims)
}

func init() {
	aggregates{
		"string_agg(text,text)":   stringAgg[string](),
		"string_agg(bytea,bytea)": stringAgg[[]byte](),
		"array_agg(anynonarray)":  collectAgg(arrayAgg),
		"array_agg(anyarray)":     collectAgg(arrayAggArrays),
	}.bind()
}
