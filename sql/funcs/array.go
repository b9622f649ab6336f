package funcs

import (
	"fmt"
	"slices"
	"strings"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

func arrayError(format string, args ...any) *pgerr.Error {
	return pgerr.New(pgerr.ArraySubscriptError, format, args...)
}

// sameElem is the equality of an array's elements; NULLs are not distinct.
func sameElem(t *types.Type) (func(a, b any) bool, error) {
	if t.Compare == nil {
		return nil, pgerr.New(pgerr.UndefinedFunction, "could not identify an equality operator for type %s", t.Name)
	}
	return func(a, b any) bool {
		if a == nil || b == nil {
			return a == nil && b == nil
		}
		return t.Compare(a, b) == 0
	}, nil
}

// elemOf is the element type of the array that the call makes or takes.
func elemOf(c *Call, t *types.Type) *types.Type { return c.Env.Registry().ByOID(t.Elem) }

// orEmpty reads an array argument, NULL as the empty array of the result type.
func orEmpty(c *Call, v any) *types.Array {
	if a, ok := v.(*types.Array); ok {
		return a
	}
	return &types.Array{Elem: elemOf(c, c.Result)}
}

// insertElem is array_append (end) and array_prepend.
func insertElem(c *Call, a *types.Array, v any, end bool) (any, error) {
	switch len(a.Dims) {
	case 0:
		return types.NewArray(elemOf(c, c.Result), []any{v}), nil
	case 1:
	default:
		return nil, pgerr.New(pgerr.DataException, "argument must be empty or one-dimensional array")
	}
	at := 0
	if end {
		at = len(a.Elems)
	}
	elems := slices.Insert(slices.Clone(a.Elems), at, v)
	return &types.Array{Elem: a.Elem, Dims: []types.Dim{{Len: int32(len(elems)), Lower: a.Dims[0].Lower}}, Elems: elems}, nil
}

func arrayAppend(c *Call, args []any) (any, error) {
	return insertElem(c, orEmpty(c, args[0]), args[1], true)
}

func arrayPrepend(c *Call, args []any) (any, error) {
	return insertElem(c, orEmpty(c, args[1]), args[0], false)
}

func arrayCat(_ *Call, args []any) (any, error) {
	if args[0] == nil || args[1] == nil {
		if args[0] == nil {
			return args[1], nil
		}
		return args[0], nil
	}
	a, b := args[0].(*types.Array), args[1].(*types.Array)
	switch {
	case len(a.Dims) == 0:
		return b, nil
	case len(b.Dims) == 0:
		return a, nil
	}
	dims, err := catDims(a.Dims, b.Dims)
	if err != nil {
		return nil, err
	}
	return &types.Array{Elem: a.Elem, Dims: dims, Elems: slices.Concat(a.Elems, b.Elems)}, nil
}

// catDims are the dimensions of a||b: equal ones add up, and one that has a
// dimension less is an element of the other.
func catDims(a, b []types.Dim) ([]types.Dim, error) {
	incompatible := func(detail string, args ...any) error {
		return arrayError("cannot concatenate incompatible arrays").WithDetail(detail, args...)
	}
	outer, added := a, b[0].Len
	switch len(a) - len(b) {
	case 0:
		if !slices.Equal(a[1:], b[1:]) {
			return nil, incompatible("Arrays with differing element dimensions are not compatible for concatenation.")
		}
	case 1:
		added = 1
		if !slices.Equal(a[1:], b) {
			return nil, incompatible("Arrays with differing dimensions are not compatible for concatenation.")
		}
	case -1:
		outer, added = b, 1
		if !slices.Equal(b[1:], a) {
			return nil, incompatible("Arrays with differing dimensions are not compatible for concatenation.")
		}
	default:
		return nil, incompatible("Arrays of %d and %d dimensions are not compatible for concatenation.", len(a), len(b))
	}
	out := slices.Clone(outer)
	out[0].Len += added
	return out, nil
}

// dimOf is dimension n (from 1), if there is one.
func dimOf(a *types.Array, n int32) (types.Dim, bool) {
	if n < 1 || int(n) > len(a.Dims) {
		return types.Dim{}, false
	}
	return a.Dims[n-1], true
}

func onDim(f func(d types.Dim) int32) Kernel {
	return Maybe2(func(_ *Call, a *types.Array, n int32) (int32, bool, error) {
		d, ok := dimOf(a, n)
		return f(d), ok, nil
	})
}

func arrayDims(_ *Call, a *types.Array) (string, bool, error) {
	var out strings.Builder
	for _, d := range a.Dims {
		fmt.Fprintf(&out, "[%d:%d]", d.Lower, d.Lower+d.Len-1)
	}
	return out.String(), len(a.Dims) > 0, nil
}

// positions finds v in a one-dimensional array from subscript start on; it calls
// f with each subscript until f returns false.
func positions(a *types.Array, v any, start int32, f func(sub int32) bool) error {
	if len(a.Dims) > 1 {
		return pgerr.New(pgerr.FeatureNotSupported, "searching for elements in multidimensional arrays is not supported")
	}
	same, err := sameElem(a.Elem)
	if err != nil || len(a.Dims) == 0 {
		return err
	}
	for i, e := range a.Elems {
		if sub := a.Dims[0].Lower + int32(i); sub >= start && same(e, v) && !f(sub) {
			break
		}
	}
	return nil
}

func arrayPosition(_ *Call, args []any) (found any, err error) {
	if args[0] == nil {
		return nil, nil
	}
	start := int32(-1 << 31)
	if len(args) > 2 {
		if args[2] == nil {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "initial position must not be null")
		}
		start = args[2].(int32)
	}
	err = positions(args[0].(*types.Array), args[1], start, func(sub int32) bool {
		found = sub
		return false
	})
	return found, err
}

func arrayPositions(_ *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	var out []any
	err := positions(args[0].(*types.Array), args[1], -1<<31, func(sub int32) bool {
		out = append(out, sub)
		return true
	})
	return types.NewArray(types.ByOID(types.Int4OID), out), err
}

func arrayRemove(_ *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	a := args[0].(*types.Array)
	if len(a.Dims) > 1 {
		return nil, pgerr.New(pgerr.FeatureNotSupported, "removing elements from multidimensional arrays is not supported")
	}
	same, err := sameElem(a.Elem)
	if err != nil {
		return nil, err
	}
	elems := slices.DeleteFunc(slices.Clone(a.Elems), func(e any) bool { return same(e, args[1]) })
	if len(elems) == len(a.Elems) {
		return a, nil
	}
	out := types.NewArray(a.Elem, elems)
	if len(elems) > 0 {
		out.Dims[0].Lower = a.Dims[0].Lower
	}
	return out, nil
}

func arrayReplace(_ *Call, args []any) (any, error) {
	if args[0] == nil {
		return nil, nil
	}
	a := args[0].(*types.Array)
	same, err := sameElem(a.Elem)
	if err != nil {
		return nil, err
	}
	elems := slices.Clone(a.Elems)
	for i, e := range elems {
		if same(e, args[1]) {
			elems[i] = args[2]
		}
	}
	return &types.Array{Elem: a.Elem, Dims: a.Dims, Elems: elems}, nil
}

func arrayFill(c *Call, args []any) (any, error) {
	if args[1] == nil || len(args) > 2 && args[2] == nil {
		return nil, pgerr.New(pgerr.NullValueNotAllowed, "dimension array or low bound array cannot be null")
	}
	lens, err := dimensionList(args[1].(*types.Array))
	if err != nil {
		return nil, err
	}
	if len(lens) > maxDims {
		return nil, tooManyDims(len(lens))
	}
	lowers := make([]int32, len(lens))
	for i := range lowers {
		lowers[i] = 1
	}
	if len(args) > 2 {
		if lowers, err = dimensionList(args[2].(*types.Array)); err != nil {
			return nil, err
		}
		if len(lowers) != len(lens) {
			return nil, arrayError("wrong number of array subscripts").
				WithDetail("Low bound array has different size than dimensions array.")
		}
	}
	return fillDims(elemOf(c, c.Result), args[0], lens, lowers)
}

func dimensionList(a *types.Array) ([]int32, error) {
	if len(a.Dims) > 1 {
		return nil, arrayError("wrong number of array subscripts").WithDetail("Dimension array must be one dimensional.")
	}
	out := make([]int32, len(a.Elems))
	for i, e := range a.Elems {
		if e == nil {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "dimension values cannot be null")
		}
		out[i] = e.(int32)
	}
	return out, nil
}

func fillDims(elem *types.Type, v any, lens, lowers []int32) (any, error) {
	out := &types.Array{Elem: elem}
	size := int64(1)
	for i, n := range lens {
		if n < 0 || size*int64(n) > types.MaxArraySize {
			return nil, types.ArrayTooLarge()
		}
		size *= int64(n)
		out.Dims = append(out.Dims, types.Dim{Len: n, Lower: lowers[i]})
	}
	if size == 0 || len(lens) == 0 {
		return &types.Array{Elem: elem}, nil
	}
	out.Elems = slices.Repeat([]any{v}, int(size))
	return out, nil
}

func trimArray(_ *Call, args []any) (any, error) {
	a, n := args[0].(*types.Array), args[1].(int32)
	have := int32(0)
	if len(a.Dims) > 0 {
		have = a.Dims[0].Len
	}
	if n < 0 || n > have {
		return nil, arrayError("number of elements to trim must be between 0 and %d", have)
	}
	if n == have {
		return &types.Array{Elem: a.Elem}, nil
	}
	dims := slices.Clone(a.Dims)
	dims[0] = types.Dim{Len: have - n, Lower: 1}
	for i := range dims {
		dims[i].Lower = 1
	}
	return &types.Array{Elem: a.Elem, Dims: dims, Elems: a.Elems[:len(a.Elems)/int(have)*int(have-n)]}, nil
}

// hasElem says whether some element equals v, which is not NULL.
func hasElem(same func(a, b any) bool, elems []any, v any) bool {
	return v != nil && slices.ContainsFunc(elems, func(e any) bool { return e != nil && same(e, v) })
}

func containsAll(a, b *types.Array) (bool, error) {
	same, err := sameElem(a.Elem)
	if err != nil {
		return false, err
	}
	for _, v := range b.Elems {
		if !hasElem(same, a.Elems, v) {
			return false, nil
		}
	}
	return true, nil
}

func arrayOverlap(a, b *types.Array) (bool, error) {
	same, err := sameElem(a.Elem)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(b.Elems, func(v any) bool { return hasElem(same, a.Elems, v) }), nil
}

func unnest(c *Call, args []any) (RowIter, error) {
	return valuesOf(c, args[0].(*types.Array).Elems), nil
}

func generateSubscripts(c *Call, args []any) (RowIter, error) {
	d, ok := dimOf(args[0].(*types.Array), args[1].(int32))
	if !ok {
		return valuesOf(c, nil), nil
	}
	out := make([]any, d.Len)
	for i := range out {
		out[i] = d.Lower + int32(i)
	}
	if backwards, _ := argOr(args, 2).(bool); backwards {
		slices.Reverse(out)
	}
	return valuesOf(c, out), nil
}

// chooseArray is array_larger (want 1) and array_smaller (want -1).
func chooseArray(want int) Kernel {
	return Strict(func(c *Call, args []any) (any, error) {
		if c.Args[0].Compare == nil {
			_, err := sameElem(elemOf(c, c.Args[0]))
			return nil, err
		}
		if sign(c.Args[0].Compare(args[0], args[1])) == want {
			return args[0], nil
		}
		return args[1], nil
	})
}

func init() {
	kernels{
		"array_append":                 Boxed(false, arrayAppend),
		"array_prepend":                Boxed(false, arrayPrepend),
		"array_cat":                    Boxed(false, arrayCat),
		"array_ndims":                  Maybe1(func(_ *Call, a *types.Array) (int32, bool, error) { return int32(len(a.Dims)), len(a.Dims) > 0, nil }),
		"array_dims":                   Maybe1(arrayDims),
		"array_lower":                  onDim(func(d types.Dim) int32 { return d.Lower }),
		"array_upper":                  onDim(func(d types.Dim) int32 { return d.Lower + d.Len - 1 }),
		"array_length":                 onDim(func(d types.Dim) int32 { return d.Len }),
		"array_cardinality":            F1(func(a *types.Array) int32 { return int32(len(a.Elems)) }),
		"array_position":               Boxed(false, arrayPosition),
		"array_position_start":         Boxed(false, arrayPosition),
		"array_positions":              Boxed(false, arrayPositions),
		"array_remove":                 Boxed(false, arrayRemove),
		"array_replace":                Boxed(false, arrayReplace),
		"array_fill":                   Boxed(false, arrayFill),
		"array_fill_with_lower_bounds": Boxed(false, arrayFill),
		"trim_array":                   Strict(trimArray),
		"arraycontains":                E2(containsAll),
		"arraycontained":               E2(func(a, b *types.Array) (bool, error) { return containsAll(b, a) }),
		"arrayoverlap":                 E2(arrayOverlap),
		"array_larger":                 chooseArray(1),
		"array_smaller":                chooseArray(-1),
	}.bind()
	rowsFuncs{
		"array_unnest":              strictRowsFunc(unnest),
		"generate_subscripts":       strictRowsFunc(generateSubscripts),
		"generate_subscripts_nodir": strictRowsFunc(generateSubscripts),
	}.bind()
}
