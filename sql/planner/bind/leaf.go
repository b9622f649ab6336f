package bind

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// Nested leaves. A resource's nested object is a jsonb column whose leaves are
// hidden columns ("profile.country"). profile->>'country' is replaced by the
// leaf where that says the same: the leaf is text, as ->> is. (profile).country
// has no meaning in PostgreSQL, so it is the leaf itself. ->, subscripts and ->>
// of other types keep jsonb's own semantics.

// leafOp replaces column ->> 'a' (and column -> 'a' ->> 'b' …) by a text leaf.
func (b *binder) leafOp(c *plan.Call) plan.Expr {
	if c.Op == nil || c.Op.Name != "->>" || c.Op.Left != types.JSONBOID || c.Op.Right != types.TextOID {
		return c
	}
	leaf := b.leafOf(c)
	if leaf == nil || leaf.expr.Type().OID != types.TextOID {
		return c
	}
	return withPos(b.use(leaf).expr, c.At)
}

// leafSubscript leaves jsonb subscripts as they are: their result is jsonb,
// where a leaf column has its own type.
func (b *binder) leafSubscript(s *plan.Subscript) plan.Expr { return s }

// leafField is (profile).country.
func (b *binder) leafField(e plan.Expr, name string) plan.Expr {
	if e.Type().OID != types.JSONBOID {
		return nil
	}
	it, path := b.leafPath(e)
	if it == nil {
		return nil
	}
	path = append(path, name)
	if leaf := it.leaf(path); leaf != nil {
		return withPos(b.use(leaf).expr, e.Pos())
	}
	if !it.leafPrefix(path) {
		return nil
	}
	key := b.value(types.TextOID, name, -1)
	return b.makeOp(opName{name: "->"}, e, key, e.Pos())
}

// leafOf is the leaf that a chain of -> and ->> with constant keys reaches.
func (b *binder) leafOf(c *plan.Call) *nsCol {
	key, ok := textKey(c.Args[1])
	if !ok {
		return nil
	}
	it, path := b.leafPath(c.Args[0])
	if it == nil {
		return nil
	}
	return it.leaf(append(path, key))
}

// leafPath reads column, column -> 'a', column['a'] … as the item and the path
// below it; nil if the expression is something else.
func (b *binder) leafPath(e plan.Expr) (*nsItem, []string) {
	switch e := e.(type) {
	case *plan.Column:
		info := b.columns[e.ID]
		if info == nil || info.item == nil || info.item.leaf == nil {
			return nil, nil
		}
		c := info.item.source.Column(info.num)
		if c.Path != nil {
			return info.item, slices.Clone(c.Path)
		}
		return info.item, []string{c.Name}
	case *plan.Call:
		if e.Op == nil || e.Op.Name != "->" || e.Op.Left != types.JSONBOID {
			return nil, nil
		}
		return b.extendPath(e.Args[0], e.Args[1])
	case *plan.Subscript:
		if e.Typ.OID != types.JSONBOID {
			return nil, nil
		}
		keys := make([]plan.Expr, len(e.Indexes))
		for i, x := range e.Indexes {
			keys[i] = x.Upper
		}
		return b.extendPath(e.Arg, keys...)
	}
	return nil, nil
}

func (b *binder) extendPath(e plan.Expr, keys ...plan.Expr) (*nsItem, []string) {
	it, path := b.leafPath(e)
	if it == nil {
		return nil, nil
	}
	for _, k := range keys {
		s, ok := textKey(k)
		if !ok {
			return nil, nil
		}
		path = append(path, s)
	}
	return it, path
}

func textKey(e plan.Expr) (string, bool) {
	c, ok := e.(*plan.Const)
	if !ok || c.Typ.OID != types.TextOID {
		return "", false
	}
	s, ok := c.Value.(string)
	return s, ok
}
