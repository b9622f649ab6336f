package jsonpath

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// literal is a constant or a variable.
func (x *executor) literal(n *Node, _ Item, out *list) result {
	if unneeded(n, out) && n.op != opVariable { // which may be missing
		return found
	}
	base := x.base
	v, err := x.value(n)
	if err != nil {
		return x.abort(err)
	}
	r := x.next(n, jsonItem(v), out)
	x.base = base
	return r
}

// value is a constant's or a variable's (getJsonPathItem).
func (x *executor) value(n *Node) (*types.JSON, error) {
	switch n.op {
	case opString:
		return types.JSONFromString(n.str), nil
	case opNumeric:
		return types.JSONFromNumeric(n.num), nil
	case opBool:
		return types.JSONFromBool(n.bool), nil
	case opVariable:
		return x.variable(n.str)
	}
	return types.JSONNullValue(), nil
}

func (x *executor) variable(name string) (*types.JSON, error) {
	if x.Vars == nil {
		return types.JSONNullValue(), nil
	}
	v := x.Vars.Get(name)
	if v == nil {
		return nil, pgerr.New(pgerr.UndefinedObject, "could not find jsonpath variable \"%s\"", name)
	}
	x.setBase(x.Vars, 1)
	return v, nil
}

func (x *executor) rootItem(n *Node, _ Item, out *list) result {
	old := x.setBase(x.root, 0)
	r := x.next(n, jsonItem(x.root), out)
	x.base = old
	return r
}

func (x *executor) currentItem(n *Node, _ Item, out *list) result { return x.next(n, x.current, out) }

func (x *executor) lastItem(n *Node, _ Item, out *list) result {
	if unneeded(n, out) {
		return found
	}
	return x.next(n, jsonItem(types.JSONFromInt64(int64(x.arraySize-1))), out)
}

func (x *executor) key(n *Node, v Item, out *list) result {
	if !v.isObject() {
		if x.ignoreStructural {
			return notFound
		}
		return x.fail(pgerr.SqlJsonMemberNotFound, "jsonpath member accessor can only be applied to an object")
	}
	if m := v.JSON.Get(n.str); m != nil {
		return x.next(n, jsonItem(m), out)
	}
	if x.ignoreStructural {
		return notFound
	}
	return x.fail(pgerr.SqlJsonMemberNotFound, "JSON object does not contain key \"%s\"", n.str)
}

func (x *executor) anyKey(n *Node, v Item, out *list) result {
	switch {
	case v.isObject():
		return x.anyItem(anyArgs{n: n.next, first: 1, last: 1, unwrapNext: x.lax}, v.JSON, out, 1)
	case x.ignoreStructural:
		return notFound
	}
	return x.fail(pgerr.SqlJsonObjectNotFound, "jsonpath wildcard member accessor can only be applied to an object")
}

func (x *executor) anyArray(n *Node, v Item, out *list) result {
	switch {
	case v.isArray():
		return x.anyItem(anyArgs{n: n.next, first: 1, last: 1, unwrapNext: x.lax}, v.JSON, out, 1)
	case x.lax:
		return x.next(n, v, out)
	case x.ignoreStructural:
		return notFound
	}
	return x.fail(pgerr.SqlJsonArrayNotFound, "jsonpath wildcard array accessor can only be applied to an array")
}

func (x *executor) indexArray(n *Node, v Item, out *list) result {
	if !v.isArray() && !x.lax {
		if x.ignoreStructural {
			return notFound
		}
		return x.fail(pgerr.SqlJsonArrayNotFound, "jsonpath array accessor can only be applied to an array")
	}
	elems := []Item{v}
	if v.isArray() {
		elems = make([]Item, len(v.JSON.Arr))
		for i, e := range v.JSON.Arr {
			elems[i] = jsonItem(e)
		}
	}
	size := x.arraySize
	defer func() { x.arraySize = size }()
	x.arraySize = len(elems)
	r := notFound
	for _, s := range n.subscripts {
		r = x.subscript(n, s, v, elems, out)
		if r == failed || r == found && out == nil {
			return r
		}
	}
	return r
}

func (x *executor) subscript(n *Node, s subscript, v Item, elems []Item, out *list) result {
	from, r := x.arrayIndex(s.from, v)
	to := from
	if r != failed && s.to != nil {
		to, r = x.arrayIndex(s.to, v)
	}
	if r == failed {
		return r
	}
	size := x.arraySize
	if !x.ignoreStructural && (from < 0 || from > to || to >= size) {
		return x.fail(pgerr.InvalidSqlJsonSubscript, "jsonpath array subscript is out of bounds")
	}
	r = notFound
	for i := max(from, 0); i <= min(to, size-1); i++ {
		if unneeded(n, out) {
			return found
		}
		if r = x.next(n, elems[i], out); r == failed || r == found && out == nil {
			return r
		}
	}
	return r
}

// arrayIndex is getArrayIndex.
func (x *executor) arrayIndex(n *Node, v Item) (int, result) {
	var l list
	if r := x.item(n, v, &l); r == failed {
		return 0, r
	}
	if len(l.items) != 1 || !l.items[0].isNumber() {
		return 0, x.fail(pgerr.InvalidSqlJsonSubscript, "jsonpath array subscript is not a single numeric value")
	}
	i, ok := l.items[0].JSON.Num.Trunc(0).Int32()
	if !ok {
		return 0, x.fail(pgerr.InvalidSqlJsonSubscript, "jsonpath array subscript is out of integer range")
	}
	return int(i), found
}

func (x *executor) any(n *Node, v Item, out *list) result {
	r := notFound
	if n.first == 0 {
		// First without any step.
		ignore := x.ignoreStructural
		x.ignoreStructural = true
		r = x.next(n, v, out)
		x.ignoreStructural = ignore
		if r == failed || r == found && out == nil {
			return r
		}
	}
	if v.Time == nil && !v.JSON.IsScalar() {
		return x.anyItem(anyArgs{n: n.next, first: n.first, last: n.last, ignoreStructural: true, unwrapNext: x.lax}, v.JSON, out, 1)
	}
	return r
}

func (x *executor) filter(n *Node, v Item, out *list) result {
	current := x.current
	x.current = v
	t := x.predicate(n.left, v)
	x.current = current
	switch {
	case x.err != nil:
		return failed
	case t != isTrue:
		return notFound
	}
	return x.next(n, v, out)
}
