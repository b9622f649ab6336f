package catalog

import (
	"slices"
	"strconv"
)

// OpFamily is one pg_opfamily entry that the database itself defines.
type OpFamily struct {
	OID     OID    `json:"oid"`
	Schema  string `json:"schema"`
	Name    string `json:"name"`
	Method  string `json:"method"` // the access method's name
	Comment string `json:"comment,omitempty"`
}

// OpClass is one pg_opclass entry that the database itself defines. Its family may
// be a built-in one.
type OpClass struct {
	OID     OID    `json:"oid"`
	Schema  string `json:"schema"`
	Name    string `json:"name"`
	Method  string `json:"method"`
	Family  OID    `json:"family"`
	In      OID    `json:"in"`
	Default bool   `json:"default,omitempty"`
	Key     OID    `json:"key,omitempty"`
	// Like is the built-in type whose order or equality the class is, as its operators
	// and functions are that type's; 0 for a class with functions of the database's.
	Like    OID    `json:"like,omitempty"`
	Comment string `json:"comment,omitempty"`
}

// OpMember is one pg_amop or pg_amproc entry: operator or support function Number
// of a family, for operands of the types Left and Right. Class is the class that it
// belongs to and goes with, 0 for a loose member of the family.
type OpMember struct {
	OID      OID   `json:"oid"`
	Family   OID   `json:"family"`
	Class    OID   `json:"class,omitempty"`
	Function bool  `json:"function,omitempty"`
	Left     OID   `json:"left"`
	Right    OID   `json:"right"`
	Number   int16 `json:"number"`
	Object   OID   `json:"object"`
	// SortFamily of an operator FOR ORDER BY.
	SortFamily OID `json:"sortFamily,omitempty"`
}

// Hard says whether the class goes with the function: with the one that it can't do
// without. Other members leave their family when they go (amadjustmembers).
func (m *OpMember) Hard() bool {
	return m.Class != 0 && m.Function && m.Number == 1 && m.Left == m.Right
}

// Signature names it within the database.
func (f *OpFamily) Signature() string { return f.Method + " " + f.Schema + "." + f.Name }

// Signature names it within the database.
func (c *OpClass) Signature() string { return c.Method + " " + c.Schema + "." + c.Name }

// Signature is the key of a member within the database.
func (m *OpMember) Signature() string {
	kind := "operator"
	if m.Function {
		kind = "function"
	}
	return kind + " " + joinOIDs([]OID{m.Family, m.Left, m.Right}) + " " + strconv.Itoa(int(m.Number))
}

// OpClasses are the operator classes and families that a database defines. They
// are not changed once made; a nil *OpClasses has none.
type OpClasses struct {
	Families []*OpFamily
	Classes  []*OpClass
	Members  []*OpMember
}

// NewOpClasses puts them into the order of their oids.
func NewOpClasses(fs []*OpFamily, cs []*OpClass, ms []*OpMember) *OpClasses {
	slices.SortFunc(fs, func(a, b *OpFamily) int { return int(int64(a.OID) - int64(b.OID)) })
	slices.SortFunc(cs, func(a, b *OpClass) int { return int(int64(a.OID) - int64(b.OID)) })
	slices.SortFunc(ms, func(a, b *OpMember) int { return int(int64(a.OID) - int64(b.OID)) })
	return &OpClasses{fs, cs, ms}
}

// OpClasses are the operator classes and families.
func (r *Routines) OpClasses() *OpClasses {
	if r == nil || r.classes == nil {
		return &OpClasses{}
	}
	return r.classes
}

// WithOpClasses adds the operator classes to routines that nobody else has yet.
func (r *Routines) WithOpClasses(c *OpClasses) *Routines {
	r.classes = c
	return r
}

// Class returns the class with that oid, or nil.
func (c *OpClasses) Class(oid OID) *OpClass {
	for _, have := range c.Classes {
		if have.OID == oid {
			return have
		}
	}
	return nil
}

// Family returns the family with that oid, or nil.
func (c *OpClasses) Family(oid OID) *OpFamily {
	for _, have := range c.Families {
		if have.OID == oid {
			return have
		}
	}
	return nil
}

// Member returns the operator or function of a family, or nil.
func (c *OpClasses) Member(family OID, function bool, left, right OID, number int16) *OpMember {
	for _, m := range c.Members {
		if m.Family == family && m.Function == function && m.Left == left && m.Right == right && m.Number == number {
			return m
		}
	}
	return nil
}

// Default returns the class that CREATE OPERATOR CLASS made the default of a type,
// or nil.
func (c *OpClasses) Default(method string, in OID) *OpClass {
	for _, have := range c.Classes {
		if have.Default && have.Method == method && have.In == in {
			return have
		}
	}
	return nil
}
