package jsonpath

import (
	"strings"

	"github.com/s3db-sql/s3db-sql/sql/types"
)

// truth is the value of a predicate (JsonPathBool).
type truth uint8

const (
	isFalse truth = iota
	isTrue
	isUnknown
)

func truthOf(b bool) truth {
	if b {
		return isTrue
	}
	return isFalse
}

// appendBool makes a value of a predicate's answer (appendBoolResult).
func (x *executor) appendBool(n *Node, t truth, out *list) result {
	switch {
	case x.err != nil:
		return failed
	case unneeded(n, out):
		return found
	}
	v := types.JSONNullValue()
	if t != isUnknown {
		v = types.JSONFromBool(t == isTrue)
	}
	return x.next(n, jsonItem(v), out)
}

// predicate is executeBoolItem.
func (x *executor) predicate(n *Node, v Item) truth {
	switch n.op {
	case opAnd:
		return x.connect(n, v, isFalse)
	case opOr:
		return x.connect(n, v, isTrue)
	case opNot:
		switch x.predicate(n.left, v) {
		case isTrue:
			return isFalse
		case isFalse:
			return isTrue
		}
		return isUnknown
	case opIsUnknown:
		return truthOf(x.predicate(n.left, v) == isUnknown)
	case opExists:
		return x.exists(n, v)
	case opStartsWith:
		return x.forPairs(n.left, n.right, v, false, startsWith)
	case opLikeRegex:
		return x.forPairs(n.left, nil, v, false, func(it, _ Item) truth { return likeRegex(n, it) })
	}
	return x.forPairs(n.left, n.right, v, true, func(a, b Item) truth { return x.compare(n.op, a, b) })
}

// connect is && (decided by false) or || (decided by true).
func (x *executor) connect(n *Node, v Item, decided truth) truth {
	left := x.predicate(n.left, v)
	if left == decided || x.err != nil {
		return left
	}
	right := x.predicate(n.right, v)
	if right == decided || left != isUnknown {
		return right
	}
	return left
}

func (x *executor) exists(n *Node, v Item) truth {
	if x.lax {
		switch x.quietly(n.left, v, false, nil) {
		case failed:
			return isUnknown
		case found:
			return isTrue
		}
		return isFalse
	}
	var l list
	if x.quietly(n.left, v, false, &l) == failed {
		return isUnknown
	}
	return truthOf(len(l.items) > 0)
}

// forPairs asks a question of each pair of an item on the left and one on the
// right, if there is a right side (executePredicate): true if one answers true.
// In strict mode all are asked, for errors.
func (x *executor) forPairs(left, right *Node, v Item, unwrapRight bool, ask func(a, b Item) truth) truth {
	var ls list
	rs := list{items: []Item{{}}}
	if x.quietly(left, v, true, &ls) == failed {
		return isUnknown
	}
	if right != nil {
		rs.items = nil
		if x.quietly(right, v, unwrapRight, &rs) == failed {
			return isUnknown
		}
	}
	answer := isFalse
	for _, l := range ls.items {
		for _, r := range rs.items {
			switch t := ask(l, r); {
			case t == isUnknown && !x.lax, t == isTrue && x.lax:
				return t
			case t == isTrue || t == isUnknown && answer != isTrue:
				answer = t
			}
		}
	}
	return answer
}

func startsWith(whole, initial Item) truth {
	if !whole.isString() || !initial.isString() {
		return isUnknown
	}
	return truthOf(strings.HasPrefix(whole.JSON.Str, initial.JSON.Str))
}

func likeRegex(n *Node, it Item) truth {
	if !it.isString() {
		return isUnknown
	}
	return truthOf(n.re.Match(it.JSON.Str))
}

// compare is compareItems: scalars of one type; null differs from everything
// else, what else has no order is unknown.
func (x *executor) compare(o op, a, b Item) truth {
	var c int
	switch {
	case a.Time != nil && b.Time != nil:
		var comparable bool
		var err error
		if c, comparable, err = x.compareTimes(a.Time, b.Time); err != nil {
			x.abort(err)
			return isUnknown
		}
		if !comparable {
			return isUnknown
		}
	case a.typeName() != b.typeName():
		if a.isNull() || b.isNull() {
			return truthOf(o == opNotEqual)
		}
		return isUnknown
	case !a.JSON.IsScalar():
		return isUnknown
	default:
		c = a.JSON.Compare(b.JSON)
	}
	return truthOf(holds(o, c))
}

func (it Item) isNull() bool { return it.Time == nil && it.JSON.Kind == types.JSONNull }

// holds says whether a comparison is true of an order.
func holds(o op, c int) bool {
	switch o {
	case opEqual:
		return c == 0
	case opNotEqual:
		return c != 0
	case opLess:
		return c < 0
	case opGreater:
		return c > 0
	case opLessOrEqual:
		return c <= 0
	}
	return c >= 0
}
