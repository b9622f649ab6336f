package store

import (
	"maps"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// completeRange makes what DefineRange makes beside a range type: its multirange
// type, the constructors of both, and the cast from one to the other.
func (st *state) completeRange(r *ownType, def *catalog.TypeDef) error {
	key := def.MultirangeSchema + "." + def.Multirange
	if err := st.freeType(def.MultirangeSchema, def.Multirange); err != nil {
		return err
	}
	o := st.assigned()
	m := &ownType{OID: o.of("type", key), Array: o.of("array", key), Schema: def.MultirangeSchema, Name: def.Multirange, Kind: 'm',
		Changed: r.Changed, Base: r.OID}
	r.Multirange, r.SubtypeDiff, r.Collation = m.OID, def.SubtypeDiff, def.Collation
	st.own.Types[key] = m
	st.addConstructor(r, "range_constructor2", false, r.Base, r.Base)
	st.addConstructor(r, "range_constructor3", false, r.Base, r.Base, types.TextOID)
	st.addConstructor(m, "multirange_constructor0", true)
	st.addCast(r.OID, m.OID, st.addConstructor(m, "multirange_constructor1", true, r.OID))
	st.addConstructor(m, "multirange_constructor2", true, r.Array)
	return nil
}

// addConstructor adds the function that is named as the type; one that takes an
// array takes its elements one by one too.
func (st *state) addConstructor(t *ownType, source string, strict bool, args ...types.OID) (function types.OID) {
	f := &catalog.Function{Schema: t.Schema, Name: t.Name, Kind: 'f', Language: "internal", Source: source, Result: t.OID,
		Volatility: 'i', Parallel: 's', Strict: strict, Cost: 1, Of: t.OID}
	for _, a := range args {
		p := catalog.FunctionParam{Mode: 'i', Type: a}
		if st.isArray(a) {
			p.Mode = 'v'
		}
		f.Params = append(f.Params, p)
	}
	f.OID = st.assigned().of("function", f.Signature())
	if st.own.Functions == nil {
		st.own.Functions = map[string]*catalog.Function{}
	}
	st.own.Functions[f.Signature()] = f
	return f.OID
}

// addCast adds an explicit cast by a function.
func (st *state) addCast(from, to, function types.OID) {
	c := &catalog.Cast{From: from, To: to, Func: function, Context: 'e', Method: 'f'}
	c.OID = st.assigned().of("cast", c.Signature())
	if st.own.Casts == nil {
		st.own.Casts = map[string]*catalog.Cast{}
	}
	st.own.Casts[c.Signature()] = c
}

// dropRangeParts drops what completeRange made.
func (st *state) dropRangeParts(r *ownType) {
	maps.DeleteFunc(st.own.Types, func(_ string, t *ownType) bool { return t.Kind == 'm' && t.Base == r.OID })
	maps.DeleteFunc(st.own.Functions, func(_ string, f *catalog.Function) bool {
		return f.Of != 0 && (f.Of == r.OID || f.Of == r.Multirange)
	})
	maps.DeleteFunc(st.own.Casts, func(_ string, c *catalog.Cast) bool {
		return r.Multirange != 0 && c.From == r.OID && c.To == r.Multirange
	})
}

// typeFamily are the types that go with one: its array, and a range's multirange.
func (st *state) typeFamily(t *ownType) []types.OID {
	family := []types.OID{t.OID, t.Array}
	if m := st.typeByOID(t.Multirange); t.Kind == 'r' && m != nil {
		family = append(family, m.OID, m.Array)
	}
	return family
}

// rangeType makes a range type with its multirange; nil if the subtype is gone.
func (ts *typeSet) rangeType(id types.Type, o *ownType) *types.Type {
	subtype := ts.find(o.Base)
	switch {
	case subtype == nil:
		return nil
	case ts.atRest:
		return types.RangeAtRest(ts.s.types.ByOID(o.OID), subtype)
	}
	id.Align = rangeAlign(subtype)
	def := &types.RangeDef{Subtype: subtype, SubtypeDiff: o.SubtypeDiff, Collation: o.Collation}
	multi := types.Type{Align: id.Align}
	if m := ts.s.own[o.Multirange]; m != nil {
		multi.OID, multi.Array, multi.Namespace, multi.Name, multi.Doc = m.OID, m.Array, m.Schema, m.Name, m.Comment
	}
	types.NewRangeTypes(def, id, multi)
	return def.Range
}

// multirangeType is the one that its range type was made with.
func (ts *typeSet) multirangeType(o *ownType) *types.Type {
	r := ts.s.types.ByOID(o.Base)
	switch {
	case r == nil:
		return nil
	case ts.atRest:
		return types.RangeAtRest(r.Range.Multirange, ts.find(r.Range.Subtype.OID))
	}
	return r.Range.Multirange
}

// rangeAlign is DefineRange's: that of the subtype, an integer's at least.
func rangeAlign(subtype *types.Type) byte {
	if subtype.Align == 'd' {
		return 'd'
	}
	return 'i'
}
