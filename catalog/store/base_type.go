package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// completeBase makes a shell type a base type: 42710 if the name is another
// type's, 42704 if there is no shell.
func (st *state) completeBase(def *catalog.TypeDef) error {
	key := def.Schema + "." + def.Name
	t := st.own.Types[key]
	switch {
	case t == nil:
		return undefinedType(0)
	case t.Kind != 'p':
		return duplicateType(def.Name)
	}
	c := t.clone()
	c.Kind, c.Base, c.BaseType, c.Collation = 'b', def.Base, def.BaseType, def.Collation
	c.Array, c.Changed = st.assigned().of("array", key), st.own.Changes+1
	st.own.Types[key] = c
	return nil
}

// baseType makes a base type. The built-in types that it is made of are there: a
// build of the server without one has no functions of its own either.
func (ts *typeSet) baseType(id types.Type, o *ownType) *types.Type {
	b := o.BaseType
	builtin := types.Builtin().ByOID
	if ts.atRest {
		if t := ts.s.types.ByOID(o.OID); t != nil {
			return types.BaseAtRest(t)
		}
		return nil
	}
	d := types.BaseDef{Like: builtin(o.Base), Out: builtin(b.Out), Recv: builtin(b.Recv), Send: builtin(b.Send), Default: b.Default,
		Procs: b.Procs, Typmods: b.Procs.TypmodIn != 0, Coercible: ts.s.state.coercible(o.OID)}
	d.Order, d.Equal = ts.s.state.comparisons(o.OID, o.Base, d.Coercible)
	if d.Like == nil || d.Out == nil {
		return nil
	}
	id.Kind, id.Len, id.ByVal, id.Align, id.Storage = 'b', b.Len, b.ByVal, b.Align, b.Storage
	id.Category, id.Preferred, id.Delim, id.Elem, id.Collation = b.Category, b.Preferred, b.Delim, b.Elem, o.Collation
	return types.NewBaseType(id, d)
}

// coercible are the types that values of one are as they stand, by implicit casts
// WITHOUT FUNCTION (IsBinaryCoercible).
func (st *state) coercible(oid types.OID) []types.OID {
	var out []types.OID
	for _, c := range st.own.Casts {
		if c.From == oid && c.Method == 'b' && c.Context == 'i' {
			out = append(out, c.To)
		}
	}
	slices.Sort(out)
	return out
}
