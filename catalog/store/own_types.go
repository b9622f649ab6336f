package store

import (
	"slices"

	"github.com/s3db-sql/s3db-sql/catalog"
	"github.com/s3db-sql/s3db-sql/pgerr"
	"github.com/s3db-sql/s3db-sql/sql/types"
)

// ownType is a type that CREATE TYPE or CREATE DOMAIN made.
type ownType struct {
	OID     types.OID `json:"oid"`
	Array   types.OID `json:"array"`
	Schema  string    `json:"schema"`
	Name    string    `json:"name"`
	Kind    byte      `json:"kind"` // pg_type.typtype: b base, e enum, d domain, c composite, p shell, r range, m multirange
	Comment string    `json:"comment,omitempty"`
	Changed uint64    `json:"changed,omitempty"`

	Labels []ownLabel `json:"labels,omitempty"`

	Base   types.OID `json:"base,omitempty"`
	Typmod int32     `json:"typmod,omitempty"`
	// Collation of a domain, 0 for its base type's; of a range's bounds.
	Collation types.OID  `json:"collation,omitempty"`
	NotNull   bool       `json:"notNull,omitempty"`
	Default   string     `json:"default,omitempty"`
	Checks    []ownCheck `json:"checks,omitempty"`

	// Relation is a composite type's oid in pg_class.
	Relation   types.OID   `json:"relation,omitempty"`
	Attributes []ownColumn `json:"attributes,omitempty"`
	NextNum    int16       `json:"nextNum,omitempty"`

	// Of a range, whose Base is its subtype: the oid of its multirange type (whose
	// Base is the range), and of a function.
	Multirange  types.OID `json:"multirange,omitempty"`
	SubtypeDiff types.OID `json:"subtypeDiff,omitempty"`

	// BaseType of a base type, whose Base is the built-in type whose values it has.
	BaseType *catalog.BaseType `json:"baseType,omitempty"`
}

// ownLabel is one value of an enum.
type ownLabel struct {
	OID   types.OID `json:"oid"`
	Name  string    `json:"name"`
	Order float32   `json:"order"`
	// Stored is the text that rows keep, where the label has been renamed or
	// another one's stored text was its name; "" is Name.
	Stored string `json:"stored,omitempty"`
	// added: by ALTER TYPE in the transaction that is open, where it can't be used
	// yet, even if the transaction made the type.
	added bool
}

func (l *ownLabel) stored() string {
	if l.Stored != "" {
		return l.Stored
	}
	return l.Name
}

func (t *ownType) clone() *ownType {
	c := *t
	c.Labels, c.Checks, c.Attributes = slices.Clone(t.Labels), slices.Clone(t.Checks), slices.Clone(t.Attributes)
	return &c
}

// settle makes what the transaction added usable: it is committed.
func (w *own) settle() {
	for _, t := range w.Types {
		for i := range t.Labels {
			t.Labels[i].added = false
		}
	}
}

func (t *ownType) label(name string) *ownLabel {
	for i := range t.Labels {
		if t.Labels[i].Name == name {
			return &t.Labels[i]
		}
	}
	return nil
}

func (t *ownType) check(name string) *ownCheck {
	for i := range t.Checks {
		if t.Checks[i].Name == name {
			return &t.Checks[i]
		}
	}
	return nil
}

func (t *ownType) attribute(name string) *ownColumn {
	for i := range t.Attributes {
		if t.Attributes[i].Name == name {
			return &t.Attributes[i]
		}
	}
	return nil
}

func (t *ownType) addAttribute(c ownColumn) {
	t.NextNum++
	c.Num = t.NextNum
	t.Attributes = append(t.Attributes, c)
}

// typeByOID finds a type that was created, by its oid or its array type's.
func (st *state) typeByOID(oid types.OID) *ownType {
	for _, t := range st.own.Types {
		if t.OID == oid || t.Array == oid && oid != 0 {
			return t
		}
	}
	return nil
}

// atRest is the type and modifier in which rows keep a column: a domain's base, the
// built-in type behind a base type.
func (st *state) atRest(oid types.OID, typmod int32) (types.OID, int32) {
	for {
		t := st.typeByOID(oid)
		if outer := st.outerType(oid); t == nil && outer != nil {
			base, mod := outer.BaseType(typmod)
			if base.BaseDef != nil {
				base = base.BaseDef.Like
			}
			return base.OID, mod
		}
		switch {
		case t != nil && t.Kind == 'b' && t.OID == oid:
			return t.Base, typmod
		case t == nil || t.Kind != 'd' || t.OID != oid:
			return oid, typmod
		}
		oid, typmod = t.Base, t.Typmod
	}
}

// isArray says whether a type that is not built in is an array type.
func (st *state) isArray(oid types.OID) bool {
	if t := st.typeByOID(oid); t != nil {
		return t.Array == oid
	}
	if t := st.outerType(oid); t != nil {
		return t.IsArray()
	}
	for _, t := range st.own.Tables {
		if t.TypeArray == oid && oid != 0 {
			return true
		}
	}
	return false
}

func builtIn(oid types.OID) bool { return types.Builtin().ByOID(oid) != nil }

// usable is 42704 for a type that has gone: another writer may have dropped it
// since the statement was bound.
func (st *state) usable(oid types.OID) error {
	if oid == 0 || builtIn(oid) || st.typeByOID(oid) != nil || st.outerType(oid) != nil || st.rowTypes()[oid] != "" {
		return nil
	}
	return pgerr.New(pgerr.UndefinedObject, "type with OID %d does not exist", oid)
}

// usableWithin is usable for a part of the type whole, which must not hold whole
// itself: another writer may have made a circle of it. 42P16.
func (st *state) usableWithin(whole, part types.OID) error {
	if whole != 0 && st.holds(part, whole) {
		return pgerr.New(pgerr.InvalidTableDefinition, "composite type with OID %d cannot be made a member of itself", whole)
	}
	return st.usable(part)
}

// holds says whether values of the type whole are or contain values of part.
func (st *state) holds(whole, part types.OID) bool {
	if whole == part {
		return true
	}
	held := func(c ownColumn) bool { return c.Type != whole && st.holds(c.Type, part) }
	if t := st.typeByOID(whole); t != nil {
		return t.Array == whole && st.holds(t.OID, part) || t.Base != 0 && st.holds(t.Base, part) || slices.ContainsFunc(t.Attributes, held)
	}
	for _, t := range st.own.Tables {
		if whole != 0 && (t.TypeArray == whole || t.TypeOID == whole) {
			return t.TypeOID == part || slices.ContainsFunc(t.Columns, held)
		}
	}
	return false
}

// rowTypes are the row types of tables and views, and their arrays, with the
// relations' names.
func (st *state) rowTypes() map[types.OID]string {
	m := map[types.OID]string{}
	o := st.assigned()
	for _, r := range st.manifest.Resources() {
		t := st.table(r, o)
		m[t.TypeOID], m[t.TypeArray] = t.Name, t.Name
	}
	for _, v := range st.own.Views {
		m[v.TypeOID], m[v.TypeArray] = v.Name, v.Name
	}
	delete(m, 0)
	return m
}
