package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// rangeBound is a constructor's argument: NULL is no bound.
func rangeBound(v any, inclusive bool) types.RangeBound {
	return types.RangeBound{Val: v, Infinite: v == nil, Inclusive: inclusive}
}

// constructRange is range_constructor2 and 3: 42601 for flags that are none of
// "[)" and its kin.
func constructRange(c *Call, args []any) (any, error) {
	flags := "[)"
	if len(args) == 3 {
		if args[2] == nil {
			return nil, pgerr.New(pgerr.DataException, "range constructor flags argument must not be null")
		}
		flags = args[2].(string)
	}
	if len(flags) != 2 || flags[0] != '[' && flags[0] != '(' || flags[1] != ']' && flags[1] != ')' {
		return nil, pgerr.New(pgerr.SyntaxError, "invalid range bound flags").
			WithHint("Valid values are \"[]\", \"[)\", \"(]\", and \"()\".")
	}
	return types.NewRange(c.Result.Range, rangeBound(args[0], flags[0] == '['), rangeBound(args[1], flags[1] == ']'))
}

// boundOf is lower() and upper(): NULL for an empty range and an infinite bound,
// whose Val is nil.
func boundOf[T any](bound func(v T) types.RangeBound) Kernel {
	return Strict(func(_ *Call, args []any) (any, error) { return bound(args[0].(T)).Val, nil })
}

// commuted is an operator's commutator.
func commuted[A, B any](f func(a A, b B) bool) func(b B, a A) bool {
	return func(b B, a A) bool { return f(a, b) }
}

// canonicalRange is int4range_canonical and its kin: ranges are kept so already.
func canonicalRange(r *types.Range) *types.Range { return r }

// microsPerSecond is USECS_PER_SEC.
const microsPerSecond = 1e6

func difference[T int32 | int64](unit float64) Kernel {
	return F2(func(a, b T) float64 { return (float64(a) - float64(b)) / unit })
}

func numericDifference(a, b types.Numeric) (float64, error) {
	d, err := a.Sub(b)
	if err != nil {
		return 0, err
	}
	return d.Float64()
}

func init() {
	bindSix(underNames, "range", by((*types.Range).Compare))
	after := func(a, b *types.Range) bool { return b.Before(a) }
	kernels{
		"range_cmp":               F2(threeWay((*types.Range).Compare)),
		"range_constructor2":      Boxed(false, constructRange),
		"range_constructor3":      Boxed(false, constructRange),
		"range_lower":             boundOf(func(r *types.Range) types.RangeBound { return r.Lower }),
		"range_upper":             boundOf(func(r *types.Range) types.RangeBound { return r.Upper }),
		"range_empty":             F1(func(r *types.Range) bool { return r.Empty }),
		"range_lower_inc":         F1(func(r *types.Range) bool { return r.Lower.Inclusive }),
		"range_upper_inc":         F1(func(r *types.Range) bool { return r.Upper.Inclusive }),
		"range_lower_inf":         F1(func(r *types.Range) bool { return r.Lower.Infinite }),
		"range_upper_inf":         F1(func(r *types.Range) bool { return r.Upper.Infinite }),
		"range_contains_elem":     F2((*types.Range).ContainsElem),
		"elem_contained_by_range": F2(commuted((*types.Range).ContainsElem)),
		"range_contains":          F2((*types.Range).Contains),
		"range_contained_by":      F2(commuted((*types.Range).Contains)),
		"range_before":            F2((*types.Range).Before),
		"range_after":             F2(after),
		"range_overlaps":          F2((*types.Range).Overlaps),
		"range_overleft":          F2((*types.Range).OverLeft),
		"range_overright":         F2((*types.Range).OverRight),
		"range_adjacent":          F2((*types.Range).Adjacent),
		"range_union":             E2((*types.Range).Union),
		"range_merge":             E2((*types.Range).Merge),
		"range_intersect":         E2((*types.Range).Intersect),
		"range_minus":             E2((*types.Range).Minus),

		"range_intersect_agg_transfn": E2((*types.Range).Intersect),

		"int4range_canonical": F1(canonicalRange),
		"int8range_canonical": F1(canonicalRange),
		"daterange_canonical": F1(canonicalRange),
		"int4range_subdiff":   difference[int32](1),
		"int8range_subdiff":   difference[int64](1),
		"daterange_subdiff":   difference[int32](1),
		"tsrange_subdiff":     difference[int64](microsPerSecond),
		"tstzrange_subdiff":   difference[int64](microsPerSecond),
		"numrange_subdiff":    E2(numericDifference),
	}.bind()
	aggregates{
		"range_agg(anyrange)":           rangeAgg(func(v any) []*types.Range { return []*types.Range{v.(*types.Range)} }),
		"range_intersect_agg(anyrange)": foldErr((*types.Range).Intersect),
	}.bind()
}

// rangeAgg is range_agg: the union of all values that are not NULL.
func rangeAgg(rangesOf func(v any) []*types.Range) AggFunc {
	spec := collectSpec(func(c *Call, vals []any) (any, error) {
		var all []*types.Range
		for _, v := range vals {
			all = append(all, rangesOf(v)...)
		}
		return types.NewMultirange(c.Result.Range, all)
	})
	spec.strict, spec.ordered = true, false
	return agg(spec)
}
