package access

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/plan"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// A leaf of a nested object is a hidden column ("profile.country"), which partitions are
// over. What a condition says of profile['country'] or profile->'country', as jsonb, is true
// of rows only that have such a leaf: a text for a JSON string, a number for a JSON number.

// leafEqual records path = value; false where that is no such condition.
func (m *matcher) leafEqual(c *plan.Call, path, value plan.Expr) bool {
	leaf := m.leaf(path)
	k, ok := value.(*plan.Const)
	if leaf == nil || !ok || c.Op.Name != "=" {
		return false
	}
	if key := m.leafKey(k.Value, leaf); key != nil {
		m.of(leaf.Num).setEqual(&plan.KeyTerm{Values: []plan.Expr{key}}, c)
	}
	return true
}

// leafAny records path = ANY of an array of constants.
func (m *matcher) leafAny(a *plan.ArrayOp) {
	leaf := m.leaf(a.Left)
	k, ok := a.Array.(*plan.Const)
	if leaf == nil || !ok || a.All || a.Op == nil || a.Op.Name != "=" || !a.Op.Known() {
		return
	}
	list, ok := k.Value.(*types.Array)
	if !ok {
		return
	}
	term := &plan.KeyTerm{}
	for _, v := range list.Elems {
		if v == nil {
			continue // equal to nothing
		}
		key := m.leafKey(v, leaf)
		if key == nil {
			return
		}
		term.Values = append(term.Values, key)
	}
	if len(term.Values) > 0 {
		m.of(leaf.Num).setEqual(term, a)
	}
}

// leafKey is the value of the leaf where its JSON is v; nil where that can't be told.
func (m *matcher) leafKey(v any, leaf *catalog.Column) plan.Expr {
	j, ok := v.(*types.JSON)
	if !ok {
		return nil
	}
	constant := func(t types.OID, v any) plan.Expr { return &plan.Const{Meta: plan.M(types.ByOID(t), -1), Value: v} }
	switch {
	case j.Kind == types.JSONString && leaf.Type.OID == types.TextOID && leaf.Type.Bytewise():
		return constant(types.TextOID, j.Str)
	case j.Kind == types.JSONNumber && slices.Contains([]types.OID{types.Int8OID, types.Float8OID, types.NumericOID}, leaf.Type.OID):
		return m.convert(constant(types.NumericOID, j.Num), leaf)
	}
	return nil
}

// leaf is the hidden column that a chain of -> and subscripts with constant keys reaches.
func (m *matcher) leaf(e plan.Expr) *catalog.Column {
	path := m.leafPath(e)
	if len(path) < 2 {
		return nil
	}
	i := slices.IndexFunc(m.rel.Columns, func(c *catalog.Column) bool { return slices.Equal(c.Path, path) })
	if i < 0 {
		return nil
	}
	return m.rel.Columns[i]
}

// leafPath are the names from the column on, nil for another expression.
func (m *matcher) leafPath(e plan.Expr) []string {
	var base plan.Expr
	var keys []plan.Expr
	switch e := e.(type) {
	case *plan.Column:
		num, ok := m.numOf[e.ID]
		if !ok || e.Typ.OID != types.JSONBOID {
			return nil
		}
		c := m.rel.Column(num)
		if c == nil {
			return nil
		}
		if c.Path != nil {
			return slices.Clone(c.Path)
		}
		return []string{c.Name}
	case *plan.Call:
		if e.Op == nil || e.Op.Name != "->" || e.Op.Left != types.JSONBOID || !e.Op.Known() {
			return nil
		}
		base, keys = e.Args[0], e.Args[1:]
	case *plan.Subscript:
		base = e.Arg
		for _, x := range e.Indexes {
			keys = append(keys, x.Upper)
		}
	default:
		return nil
	}
	path := m.leafPath(base)
	for _, k := range keys {
		c, ok := k.(*plan.Const)
		if !ok || path == nil || c.Typ.OID != types.TextOID {
			return nil
		}
		name, ok := c.Value.(string)
		if !ok {
			return nil
		}
		path = append(path, name)
	}
	return path
}
