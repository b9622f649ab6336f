package jsonpath

import (
	"math"

	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

type operation = func(x *executor, n *Node, v Item, out *list) result

// arithmetic is executeBinaryArithmExpr.
func arithmetic(f func(a, b types.Numeric) (types.Numeric, error)) operation {
	return func(x *executor, n *Node, v Item, out *list) result {
		left, r := x.operand(n.left, v)
		if r == failed {
			return r
		}
		right, r := x.operand(n.right, v)
		switch {
		case r == failed:
			return r
		case left == nil:
			return x.fail(pgerr.SingletonSqlJsonItemRequired, "left operand of jsonpath operator %s is not a single numeric value", opNames[n.op])
		case right == nil:
			return x.fail(pgerr.SingletonSqlJsonItemRequired, "right operand of jsonpath operator %s is not a single numeric value", opNames[n.op])
		}
		res, err := f(left.Num, right.Num)
		if err != nil {
			return x.failWith(err)
		}
		if unneeded(n, out) {
			return found
		}
		return x.next(n, jsonItem(types.JSONFromNumeric(res)), out)
	}
}

// operand evaluates an operand; nil if it is not a single number.
func (x *executor) operand(n *Node, v Item) (*types.JSON, result) {
	var l list
	if r := x.itemUnwrapResult(n, v, true, &l); r == failed {
		return nil, r
	}
	if len(l.items) != 1 || !l.items[0].isNumber() {
		return nil, found
	}
	return l.items[0].JSON, found
}

// sign is executeUnaryArithmExpr.
func sign(f func(types.Numeric) types.Numeric) operation {
	return func(x *executor, n *Node, v Item, out *list) result {
		var l list
		if r := x.itemUnwrapResult(n.left, v, true, &l); r == failed {
			return r
		}
		res := notFound
		for _, it := range l.items {
			switch {
			case it.isNumber() && unneeded(n, out):
				return found
			case unneeded(n, out):
				continue
			case !it.isNumber():
				return x.fail(pgerr.SqlJsonNumberNotFound, "operand of unary jsonpath operator %s is not a numeric value", opNames[n.op])
			}
			switch x.next(n, jsonItem(types.JSONFromNumeric(f(it.JSON.Num))), out) {
			case failed:
				return failed
			case found:
				if out == nil {
					return found
				}
				res = found
			}
		}
		return res
	}
}

func (x *executor) typeMethod(n *Node, v Item, out *list) result {
	return x.next(n, jsonItem(types.JSONFromString(v.typeName())), out)
}

func (x *executor) size(n *Node, v Item, out *list) result {
	size := 1
	switch {
	case v.isArray():
		size = len(v.JSON.Arr)
	case !x.lax && x.ignoreStructural:
		return notFound
	case !x.lax:
		return x.fail(pgerr.SqlJsonArrayNotFound, "jsonpath item method .%s() can only be applied to an array", opNames[n.op])
	}
	return x.next(n, jsonItem(types.JSONFromInt64(int64(size))), out)
}

// numericMethod is executeNumericItemMethod.
func numericMethod(f func(types.Numeric) types.Numeric) operation {
	return func(x *executor, n *Node, v Item, out *list) result {
		if !v.isNumber() {
			return x.fail(pgerr.NonNumericSqlJsonItem, "jsonpath item method .%s() can only be applied to a numeric value", opNames[n.op])
		}
		return x.next(n, jsonItem(types.JSONFromNumeric(f(v.JSON.Num))), out)
	}
}

func (x *executor) double(n *Node, v Item, out *list) result {
	switch {
	case v.isNumber():
		if _, ok := parseDouble(v.JSON.Num.String()); !ok {
			return x.fail(pgerr.NonNumericSqlJsonItem,
				"numeric argument of jsonpath item method .%s() is out of range for type double precision", opNames[n.op])
		}
		return x.next(n, v, out)
	case v.isString():
		f, ok := parseDouble(v.JSON.Str)
		if !ok {
			return x.fail(pgerr.NonNumericSqlJsonItem,
				"string argument of jsonpath item method .%s() is not a valid representation of a double precision number", opNames[n.op])
		}
		return x.next(n, jsonItem(types.JSONFromNumeric(types.NumericFromFloat64(f))), out)
	}
	return x.fail(pgerr.NonNumericSqlJsonItem, "jsonpath item method .%s() can only be applied to a string or numeric value", opNames[n.op])
}

func parseDouble(s string) (float64, bool) {
	f, err := types.ParseFloat(s, 64, "double precision")
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

// idFactor separates the ids of different base objects.
const idFactor = 10000000000

// keyValue is executeKeyValueMethod.
func (x *executor) keyValue(n *Node, v Item, out *list) result {
	if !v.isObject() {
		return x.fail(pgerr.SqlJsonObjectNotFound, "jsonpath item method .%s() can only be applied to an object", opNames[n.op])
	}
	if len(v.JSON.Obj) == 0 {
		return notFound
	}
	id := types.JSONFromInt64(x.objectID(v.JSON))
	r := notFound
	for _, m := range v.JSON.Obj {
		if unneeded(n, out) {
			return found
		}
		obj := types.JSONFromMembers([]types.JSONMember{
			{Key: "key", Value: types.JSONFromString(m.Key)}, {Key: "value", Value: m.Value}, {Key: "id", Value: id},
		})
		base := x.setBase(obj, x.lastID)
		x.lastID++
		r = x.next(n, jsonItem(obj), out)
		x.base = base
		if r == failed || r == found && out == nil {
			return r
		}
	}
	return r
}

// objectID tells objects apart: where the object lies within its base object,
// and which that is.
func (x *executor) objectID(j *types.JSON) int64 {
	offset := 0
	if x.base.json != nil {
		offset, _ = offsetIn(x.base.json, j)
	}
	return int64(offset) + x.base.id*idFactor
}
