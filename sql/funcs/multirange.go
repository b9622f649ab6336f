package funcs

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// constructMultirange is multirange_constructor0, 1 and 2: nothing, a range, an
// array of ranges.
func constructMultirange(c *Call, args []any) (any, error) {
	var ranges []*types.Range
	for _, v := range args {
		switch v := v.(type) {
		case *types.Range:
			ranges = append(ranges, v)
		case *types.Array:
			if len(v.Dims) > 1 {
				return nil, pgerr.New(pgerr.CardinalityViolation, "multiranges cannot be constructed from multidimensional arrays")
			}
			for _, e := range v.Elems {
				if e == nil {
					return nil, pgerr.New(pgerr.NullValueNotAllowed, "multirange values cannot contain null members")
				}
				ranges = append(ranges, e.(*types.Range))
			}
		}
	}
	return types.NewMultirange(c.Result.Range, ranges)
}

// firstOf and lastOf are the ends of a multirange as ranges: what operators on
// positions compare.
func firstOf(m *types.Multirange) *types.Range { first, _ := m.Ends(); return first }

func lastOf(m *types.Multirange) *types.Range { _, last := m.Ends(); return last }

func itself(r *types.Range) *types.Range { return r }

// onEnds lifts an operator on ranges to the ends of multiranges.
func onEnds[A, B any](f func(a, b *types.Range) bool, endA func(A) *types.Range, endB func(B) *types.Range) Kernel {
	return F2(func(a A, b B) bool { return f(endA(a), endB(b)) })
}

// spanContains is range_contains_multirange: both ends in r.
func spanContains(r *types.Range, m *types.Multirange) bool {
	return r.Contains(firstOf(m)) && r.Contains(lastOf(m))
}

// adjacentEnds says whether a ends where b begins or the other way round.
func adjacentEnds(a, b *types.Multirange) bool {
	return lastOf(a).Meets(firstOf(b)) || lastOf(b).Meets(firstOf(a))
}

func asMultirange(r *types.Range) *types.Multirange {
	if r.Empty {
		return &types.Multirange{Def: r.Def}
	}
	return &types.Multirange{Def: r.Def, Ranges: []*types.Range{r}}
}

func unnestMultirange(c *Call, args []any) (RowIter, error) {
	ranges := args[0].(*types.Multirange).Ranges
	out := make([]any, len(ranges))
	for i, r := range ranges {
		out[i] = r
	}
	return valuesOf(c, out), nil
}

func init() {
	type (
		rng   = *types.Range
		multi = *types.Multirange
	)
	after := func(a, b rng) bool { return b.Before(a) }
	bindSix(underNames, "multirange", by((*types.Multirange).Compare))
	kernels{
		"multirange_cmp":              F2(threeWay((*types.Multirange).Compare)),
		"multirange_constructor0":     Boxed(false, constructMultirange),
		"multirange_constructor1":     Strict(constructMultirange),
		"multirange_constructor2":     Strict(constructMultirange),
		"multirange_lower":            boundOf(func(m multi) types.RangeBound { return firstOf(m).Lower }),
		"multirange_upper":            boundOf(func(m multi) types.RangeBound { return lastOf(m).Upper }),
		"multirange_empty":            F1(func(m multi) bool { return len(m.Ranges) == 0 }),
		"multirange_lower_inc":        F1(func(m multi) bool { return firstOf(m).Lower.Inclusive }),
		"multirange_upper_inc":        F1(func(m multi) bool { return lastOf(m).Upper.Inclusive }),
		"multirange_lower_inf":        F1(func(m multi) bool { return firstOf(m).Lower.Infinite }),
		"multirange_upper_inf":        F1(func(m multi) bool { return lastOf(m).Upper.Infinite }),
		"range_merge_from_multirange": E1(multi.Span),

		"multirange_contains_elem":           F2(multi.ContainsElem),
		"elem_contained_by_multirange":       F2(commuted(multi.ContainsElem)),
		"multirange_contains_range":          F2(multi.ContainsRange),
		"range_contained_by_multirange":      F2(commuted(multi.ContainsRange)),
		"multirange_contains_multirange":     F2(multi.Contains),
		"multirange_contained_by_multirange": F2(commuted(multi.Contains)),
		"range_contains_multirange":          F2(spanContains),
		"multirange_contained_by_range":      F2(commuted(spanContains)),
		"multirange_overlaps_range":          F2(multi.OverlapsRange),
		"range_overlaps_multirange":          F2(commuted(multi.OverlapsRange)),
		"multirange_overlaps_multirange":     F2(multi.Overlaps),

		"range_before_multirange":         onEnds(rng.Before, itself, firstOf),
		"multirange_before_range":         onEnds(rng.Before, lastOf, itself),
		"multirange_before_multirange":    onEnds(rng.Before, lastOf, firstOf),
		"range_after_multirange":          onEnds(after, itself, lastOf),
		"multirange_after_range":          onEnds(after, firstOf, itself),
		"multirange_after_multirange":     onEnds(after, firstOf, lastOf),
		"range_overleft_multirange":       onEnds(rng.OverLeft, itself, lastOf),
		"multirange_overleft_range":       onEnds(rng.OverLeft, lastOf, itself),
		"multirange_overleft_multirange":  onEnds(rng.OverLeft, lastOf, lastOf),
		"range_overright_multirange":      onEnds(rng.OverRight, itself, firstOf),
		"multirange_overright_range":      onEnds(rng.OverRight, firstOf, itself),
		"multirange_overright_multirange": onEnds(rng.OverRight, firstOf, firstOf),

		"range_adjacent_multirange":      F2(func(r rng, m multi) bool { return adjacentEnds(asMultirange(r), m) }),
		"multirange_adjacent_range":      F2(func(m multi, r rng) bool { return adjacentEnds(m, asMultirange(r)) }),
		"multirange_adjacent_multirange": F2(adjacentEnds),

		"multirange_union":                 E2(multi.Union),
		"multirange_minus":                 E2(multi.Minus),
		"multirange_intersect":             E2(multi.Intersect),
		"multirange_intersect_agg_transfn": E2(multi.Intersect),
	}.bind()
	rowsFuncs{"multirange_unnest": strictRowsFunc(unnestMultirange)}.bind()
	aggregates{
		"range_agg(anymultirange)":           rangeAgg(func(v any) []rng { return v.(multi).Ranges }),
		"range_intersect_agg(anymultirange)": foldErr(multi.Intersect),
	}.bind()
}
