package store

import (
	"slices"
	"sync"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// typeSet makes the database's own types for a snapshot: types.Source. Of the
// set at rest they are the forms in which rows keep values: by positions and
// texts that no ALTER TYPE changes.
type typeSet struct {
	s      *snapshot
	atRest bool
	mu     sync.Mutex
	made   map[types.OID]*types.Type
}

func newTypeSet(s *snapshot, atRest bool) *typeSet {
	return &typeSet{s: s, atRest: atRest, made: map[types.OID]*types.Type{}}
}

// TypeByOID implements types.Source.
func (ts *typeSet) TypeByOID(oid types.OID) *types.Type {
	ts.mu.Lock()
	t := ts.made[oid]
	ts.mu.Unlock()
	if t != nil {
		return t
	}
	if t = ts.make(oid); t == nil {
		return ts.around(oid)
	}
	ts.mu.Lock()
	defer ts.mu.Unlock()
	if first := ts.made[oid]; first != nil {
		return first
	}
	ts.made[oid] = t
	return t
}

// around finds a type of the catalog around this one.
func (ts *typeSet) around(oid types.OID) *types.Type {
	o := ts.s.env.outer()
	switch {
	case o == nil || oid < types.FirstNormalOID:
		return nil
	case ts.atRest:
		return o.AtRest().ByOID(oid)
	}
	return o.Types().ByOID(oid)
}

// registry is the one that this set is the source of.
func (ts *typeSet) registry() *types.Registry {
	if ts.atRest {
		return ts.s.atRest
	}
	return ts.s.types
}

// TypeByName implements types.Source.
func (ts *typeSet) TypeByName(namespace, name string) *types.Type {
	if o := ts.s.state.own.Types[namespace+"."+name]; o != nil {
		return ts.TypeByOID(o.OID)
	}
	if e := ts.s.byName[[2]string{namespace, name}]; e != nil && e.rowType != 0 {
		return ts.TypeByOID(e.rowType)
	}
	for _, o := range ts.s.state.own.Types {
		if o.Schema == namespace && types.ArrayName(o.Name) == name {
			return ts.TypeByOID(o.Array)
		}
	}
	for _, e := range ts.s.entries {
		if e.rowArray != 0 && e.schema() == namespace && types.ArrayName(e.name()) == name {
			return ts.TypeByOID(e.rowArray)
		}
	}
	if o := ts.s.env.outer(); o != nil {
		return o.Types().ByName(namespace, name)
	}
	return nil
}

// OwnTypes implements types.Source.
func (ts *typeSet) OwnTypes() []*types.Type {
	var out []*types.Type
	if o := ts.s.env.outer(); o != nil {
		for _, t := range o.Types().All() {
			if t.OID >= types.FirstNormalOID {
				out = append(out, t)
			}
		}
	}
	for _, key := range sortedKeys(ts.s.state.own.Types) {
		o := ts.s.state.own.Types[key]
		out = append(out, ts.TypeByOID(o.OID), ts.TypeByOID(o.Array))
	}
	return slices.DeleteFunc(out, func(t *types.Type) bool { return t == nil })
}

// make builds the type with that oid: nil for none. Types that it is made of are
// made first; there are no cycles (the binder refuses them).
func (ts *typeSet) make(oid types.OID) *types.Type {
	if o := ts.s.own[oid]; o != nil {
		if o.Array == oid {
			return ts.array(o.OID, oid)
		}
		return ts.define(o)
	}
	e := ts.s.byRowType[oid]
	switch {
	case e == nil:
		return nil
	case e.rowArray == oid:
		return ts.array(e.rowType, oid)
	}
	return ts.rowType(e)
}

func (ts *typeSet) find(oid types.OID) *types.Type {
	if t := types.Builtin().ByOID(oid); t != nil {
		return t
	}
	return ts.TypeByOID(oid)
}

func (ts *typeSet) array(elem, oid types.OID) *types.Type {
	e := ts.TypeByOID(elem)
	if e == nil {
		return nil
	}
	if ts.atRest {
		return types.ArrayAtRest(ts.s.types.ByOID(oid), e)
	}
	return types.NewArrayType(e)
}

func (ts *typeSet) define(o *ownType) *types.Type {
	id := types.Type{OID: o.OID, Array: o.Array, Namespace: o.Schema, Name: o.Name, Doc: o.Comment, Relation: o.Relation}
	switch {
	case o.Kind == 'e' && ts.atRest:
		return ts.enumAtRest(o)
	case o.Kind == 'e':
		return types.NewEnumType(id, o.enumLabels())
	case o.Kind == 'd':
		return ts.domain(id, o)
	case o.Kind == 'r':
		return ts.rangeType(id, o)
	case o.Kind == 'm':
		return ts.multirangeType(o)
	case o.Kind == 'p':
		return types.NewShellType(id)
	case o.Kind == 'b':
		return ts.baseType(id, o)
	}
	return ts.composite(id, o.Attributes)
}

func (o *ownType) enumLabels() []types.EnumLabel {
	out := make([]types.EnumLabel, len(o.Labels))
	for i, l := range o.Labels {
		out[i] = types.EnumLabel{OID: l.OID, Name: l.Name, Order: l.Order, Unsafe: l.added}
	}
	return out
}

func (ts *typeSet) enumAtRest(o *ownType) *types.Type {
	stored := make(map[string]string, len(o.Labels))
	for _, l := range o.Labels {
		stored[l.Name] = l.stored()
	}
	return types.EnumAtRest(ts.s.types.ByOID(o.OID), stored)
}

func (ts *typeSet) domain(id types.Type, o *ownType) *types.Type {
	base := ts.find(o.Base)
	if base == nil {
		return nil
	}
	d := types.Domain{Base: base, Typmod: o.Typmod, NotNull: o.NotNull, Default: o.Default}
	for _, k := range o.Checks {
		d.Checks = append(d.Checks, types.DomainCheck{OID: k.OID, Name: k.Name, Expr: k.Expr, NotValid: k.NotValid, Comment: k.Comment})
	}
	return collated(ts.registry(), types.NewDomainType(id, d), o.Collation)
}

func (ts *typeSet) composite(id types.Type, attributes []ownColumn) *types.Type {
	columns := make([]types.Column, len(attributes))
	for i, a := range attributes {
		columns[i] = types.Column{Name: a.Name, Type: ts.find(a.Type), Typmod: a.Typmod, Num: a.Num, Comment: a.Comment}
		if columns[i].Type != nil {
			columns[i].Type = collated(ts.registry(), columns[i].Type, a.Collation)
		}
	}
	return ts.ofColumns(id, columns)
}

// rowType is the type of a relation's rows: its visible columns.
func (ts *typeSet) rowType(e *entry) *types.Type {
	rel := ts.s.relation(e)
	id := types.Type{OID: rel.Type, Array: rel.TypeArray, Namespace: rel.Schema, Name: rel.Name, Relation: rel.OID}
	var columns []types.Column
	for _, c := range rel.VisibleColumns() {
		t := ts.find(c.Type.OID)
		if t != nil && c.Collation != t.Collation {
			t = collated(ts.registry(), t, c.Collation)
		}
		columns = append(columns, types.Column{Name: c.Name, Type: t, Typmod: c.Typmod, Num: c.Num})
	}
	return ts.ofColumns(id, columns)
}

// ofColumns is nil if the type of a column is gone.
func (ts *typeSet) ofColumns(id types.Type, columns []types.Column) *types.Type {
	if slices.ContainsFunc(columns, func(c types.Column) bool { return c.Type == nil }) {
		return nil
	}
	if ts.atRest {
		return types.CompositeAtRest(ts.s.types.ByOID(id.OID), columns)
	}
	return types.NewCompositeType(id, columns)
}

// compositeRelation is what pg_class shows of a composite type.
func (s *snapshot) compositeRelation(o *ownType) *catalog.Relation {
	rel := &catalog.Relation{OID: o.Relation, Namespace: s.namespace(o.Schema), Schema: o.Schema, Name: o.Name,
		Kind: catalog.CompositeType, Type: o.OID, TypeArray: o.Array, Version: o.Changed}
	rel.Owner = s.state.access(catalog.Object{Class: catalog.ClassType, OID: o.OID}).Owner
	t := s.types.ByOID(o.OID)
	if t == nil {
		return rel
	}
	for _, c := range t.Columns {
		rel.Columns = append(rel.Columns, &catalog.Column{
			Num: c.Num, Name: c.Name, Type: c.Type, Typmod: c.Typmod, Collation: c.Type.Collation, Comment: c.Comment})
	}
	return rel
}
