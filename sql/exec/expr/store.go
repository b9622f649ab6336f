package expr

import (
	"slices"
	"sort"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
	"github.com/s3db-sql/s3db-sql/sql/vec"
)

// store is a container with one element or slice replaced.
type store struct {
	subscript
	value Expr
	elem  *types.Type
}

func (c *Compiler) subscriptStore(e *plan.SubscriptStore) (Expr, error) {
	sub, err := c.subscript(&plan.Subscript{Meta: e.Meta, Arg: e.Arg, Indexes: e.Indexes, Slice: e.Slice})
	if err != nil {
		return nil, err
	}
	value, err := c.Compile(e.Value)
	return &store{subscript: *sub.(*subscript), value: value, elem: c.elemType(e.Typ)}, err
}

func (e *store) Eval(b *vec.Batch, sel []int32) (vec.Vector, error) {
	arg, err := e.arg.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	value, err := e.value.Eval(b, sel)
	if err != nil {
		return nil, err
	}
	lower, err := evalOptional(e.lower, b, sel)
	if err != nil {
		return nil, err
	}
	upper, err := evalOptional(e.upper, b, sel)
	if err != nil {
		return nil, err
	}
	return mapRows(e.typ, sel, b.N, func(i int) (any, error) {
		return e.put(arg.Value(i), value.Value(i), lower, upper, i)
	})
}

func (e *store) put(container, value any, lower, upper []vec.Vector, i int) (any, error) {
	if e.isJSON {
		return e.putJSON(container, value, upper, i)
	}
	for _, ix := range slices.Concat(lower, upper) {
		if ix != nil && ix.IsNull(i) {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "array subscript in assignment must not be null")
		}
	}
	if e.fixed != nil {
		return e.putFixed(container, value, upper, i)
	}
	a, _ := container.(*types.Array)
	if a == nil {
		a = &types.Array{Elem: e.elem}
	}
	if e.slice {
		return putSlice(a, value, lower, upper, i)
	}
	return putElement(a, value, upper, i)
}

// putFixed is array_subscript_assign of an array of a fixed length: it is left as it is
// where it, or the new element, is NULL.
func (e *store) putFixed(container, value any, index []vec.Vector, row int) (any, error) {
	switch {
	case container == nil || value == nil:
		return container, nil
	case e.slice:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "updates on slices of fixed-length arrays not implemented")
	case len(index) != 1:
		return nil, wrongSubscripts()
	}
	i := intValue(index[0].Value(row))
	if i < 0 || i >= e.fixed.Len {
		return nil, outOfRange()
	}
	return e.fixed.With(container, i, value), nil
}

func outOfRange() error {
	return pgerr.New(pgerr.ArraySubscriptError, "array subscript out of range")
}

// putElement is array_set_element: a one-dimensional array grows to hold the
// element, with NULLs between.
func putElement(a *types.Array, value any, index []vec.Vector, row int) (*types.Array, error) {
	if len(a.Dims) == 0 {
		return newAt(a.Elem, value, index, row)
	}
	if len(index) != len(a.Dims) {
		return nil, wrongSubscripts()
	}
	if len(a.Dims) == 1 {
		return grown(a, intValue(index[0].Value(row)), []any{value})
	}
	at := 0
	for d, ix := range index {
		k := intValue(ix.Value(row)) - int64(a.Dims[d].Lower)
		if k < 0 || k >= int64(a.Dims[d].Len) {
			return nil, outOfRange()
		}
		at = at*int(a.Dims[d].Len) + int(k)
	}
	out := &types.Array{Elem: a.Elem, Dims: a.Dims, Elems: slices.Clone(a.Elems)}
	out.Elems[at] = value
	return out, nil
}

func newAt(elem *types.Type, value any, index []vec.Vector, row int) (*types.Array, error) {
	out := &types.Array{Elem: elem, Elems: []any{value}}
	for _, ix := range index {
		out.Dims = append(out.Dims, types.Dim{Len: 1, Lower: int32(intValue(ix.Value(row)))})
	}
	return out, out.CheckBounds()
}

// grown puts values at subscript from on. 54000.
func grown(a *types.Array, from int64, values []any) (*types.Array, error) {
	lo, hi := int64(a.Dims[0].Lower), int64(a.Dims[0].Lower)+int64(a.Dims[0].Len)
	first, end := min(lo, from), max(hi, from+int64(len(values)))
	if end-first > types.MaxArraySize {
		return nil, types.ArrayTooLarge()
	}
	out := &types.Array{Elem: a.Elem, Dims: []types.Dim{{Len: int32(end - first), Lower: int32(first)}}}
	if err := out.CheckBounds(); err != nil {
		return nil, err
	}
	out.Elems = make([]any, end-first)
	copy(out.Elems[lo-first:], a.Elems)
	copy(out.Elems[from-first:], values)
	return out, nil
}

// span is one dimension of a slice: first to last subscript.
type span struct{ from, to int64 }

// putSlice is array_set_slice.
func putSlice(a *types.Array, value any, lower, upper []vec.Vector, row int) (any, error) {
	src, _ := value.(*types.Array)
	if src == nil {
		return a, nil
	}
	if len(a.Dims) == 0 {
		return newSlice(a.Elem, src, lower, upper, row)
	}
	if len(a.Dims) < len(lower) {
		return nil, wrongSubscripts()
	}
	spans := make([]span, len(a.Dims))
	items := int64(1)
	for d, dim := range a.Dims {
		s := span{int64(dim.Lower), int64(dim.Lower) + int64(dim.Len) - 1}
		whole := s
		if d < len(lower) && lower[d] != nil {
			s.from = intValue(lower[d].Value(row))
		}
		if d < len(upper) && upper[d] != nil {
			s.to = intValue(upper[d].Value(row))
		}
		switch {
		case s.from > s.to:
			return nil, pgerr.New(pgerr.ArraySubscriptError, "upper bound cannot be less than lower bound")
		case len(a.Dims) > 1 && (s.from < whole.from || s.to > whole.to):
			return nil, outOfRange()
		case s.to-s.from >= types.MaxArraySize:
			return nil, types.ArrayTooLarge()
		}
		spans[d] = s
		items *= s.to - s.from + 1
	}
	if int64(len(src.Elems)) < items {
		return nil, sourceTooSmall()
	}
	if len(a.Dims) == 1 {
		return grown(a, spans[0].from, src.Elems[:items])
	}
	return overlaid(a, src, spans), nil
}

// newSlice makes an array of a slice alone: every bound must be given.
func newSlice(elem *types.Type, src *types.Array, lower, upper []vec.Vector, row int) (any, error) {
	out := &types.Array{Elem: elem}
	items := int64(1)
	for d := range lower {
		if lower[d] == nil || upper[d] == nil {
			return nil, pgerr.New(pgerr.ArraySubscriptError, "array slice subscript must provide both boundaries").
				WithDetail("When assigning to a slice of an empty array value, slice boundaries must be fully specified.")
		}
		from, to := intValue(lower[d].Value(row)), intValue(upper[d].Value(row))
		n := to - from + 1
		if n < 0 || n > types.MaxArraySize {
			return nil, types.ArrayTooLarge()
		}
		if items *= n; items > types.MaxArraySize {
			return nil, types.ArrayTooLarge()
		}
		out.Dims = append(out.Dims, types.Dim{Len: int32(n), Lower: int32(from)})
	}
	switch {
	case int64(len(src.Elems)) < items:
		return nil, sourceTooSmall()
	case items == 0:
		return &types.Array{Elem: elem}, nil
	}
	out.Elems = src.Elems[:items]
	return out, out.CheckBounds()
}

// overlaid replaces the elements within spans, which lie in the array, by the
// first elements of src in order.
func overlaid(a, src *types.Array, spans []span) *types.Array {
	out := &types.Array{Elem: a.Elem, Dims: a.Dims, Elems: slices.Clone(a.Elems)}
	next := 0
	var walk func(d, at int)
	walk = func(d, at int) {
		if d == len(spans) {
			out.Elems[at] = src.Elems[next]
			next++
			return
		}
		for k := spans[d].from; k <= spans[d].to; k++ {
			walk(d+1, at*int(a.Dims[d].Len)+int(k-int64(a.Dims[d].Lower)))
		}
	}
	walk(0, 0)
	return out
}

func wrongSubscripts() error {
	return pgerr.New(pgerr.ArraySubscriptError, "wrong number of array subscripts")
}

func sourceTooSmall() error { return pgerr.New(pgerr.ArraySubscriptError, "source array too small") }

// putJSON is jsonb subscripting assignment: what is missing on the way is made,
// gaps of arrays are filled with null.
func (e *store) putJSON(container, value any, path []vec.Vector, row int) (any, error) {
	v, _ := value.(*types.JSON)
	if v == nil {
		v = &types.JSON{Kind: types.JSONNull}
	}
	keys := make([]any, len(path))
	for k, step := range path {
		if step == nil || step.IsNull(row) {
			return nil, pgerr.New(pgerr.NullValueNotAllowed, "jsonb subscript in assignment must not be null")
		}
		keys[k] = step.Value(row)
	}
	c, _ := container.(*types.JSON)
	return replaceJSON(c, keys, v)
}

func replaceJSON(c *types.JSON, keys []any, v *types.JSON) (*types.JSON, error) {
	if len(keys) == 0 {
		return v, nil
	}
	if c == nil {
		c = &types.JSON{Kind: types.JSONObject}
		if _, isText := keys[0].(string); !isText {
			c.Kind = types.JSONArray
		}
	}
	switch c.Kind {
	case types.JSONObject:
		return replaceMember(c, keys, v)
	case types.JSONArray:
		return replaceElement(c, keys, v)
	}
	return nil, pgerr.New(pgerr.InvalidParameterValue, "cannot replace existing key").
		WithDetail("The path assumes key is a composite object, but it is a scalar value.")
}

func replaceMember(c *types.JSON, keys []any, v *types.JSON) (*types.JSON, error) {
	key, ok := keys[0].(string)
	if !ok {
		key = formatInt(intValue(keys[0]))
	}
	at := sort.Search(len(c.Obj), func(i int) bool { return !keyBefore(c.Obj[i].Key, key) })
	found := at < len(c.Obj) && c.Obj[at].Key == key
	var old *types.JSON
	if found {
		old = c.Obj[at].Value
	}
	next, err := replaceJSON(old, keys[1:], v)
	if err != nil {
		return nil, err
	}
	obj := slices.Clone(c.Obj)
	if !found {
		obj = slices.Insert(obj, at, types.JSONMember{Key: key})
	}
	obj[at] = types.JSONMember{Key: key, Value: next}
	return &types.JSON{Kind: types.JSONObject, Obj: obj}, nil
}

// keyBefore is jsonb's order of keys.
func keyBefore(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}

// maxJSONElems is JSONB_MAX_ELEMS.
const maxJSONElems = 33554431

func replaceElement(c *types.JSON, keys []any, v *types.JSON) (*types.JSON, error) {
	i, ok := arrayIndex(keys[0])
	if !ok {
		return nil, pgerr.New(pgerr.InvalidTextRepresentation, "path element at position 1 is not an integer: \"%s\"", keys[0])
	}
	n := int64(len(c.Arr))
	if i < 0 {
		if i += n; i < 0 {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "path element at position 1 is out of range: %d", i-n)
		}
	}
	if i >= maxJSONElems {
		return nil, pgerr.New(pgerr.ProgramLimitExceeded, "number of jsonb array elements exceeds the maximum allowed (%d)", maxJSONElems)
	}
	arr := slices.Clone(c.Arr)
	for int64(len(arr)) <= i {
		arr = append(arr, &types.JSON{Kind: types.JSONNull})
	}
	var old *types.JSON
	if i < n {
		old = arr[i]
	}
	next, err := replaceJSON(old, keys[1:], v)
	if err != nil {
		return nil, err
	}
	arr[i] = next
	return &types.JSON{Kind: types.JSONArray, Arr: arr}, nil
}
