package types

import (
	"github.com/s3db-sql/s3db-sql/pgerr"
)

// BaseDef is what a base type that CREATE TYPE made has beyond a built-in one.
type BaseDef struct {
	// Like is the built-in type whose values it has: the one that its input function
	// reads. Out writes them; Recv and Send, which may be nil, are the binary form's.
	Like, Out, Recv, Send *Type
	// Typmods says that it takes the modifiers of Like.
	Typmods bool
	// Order and Equal say that its default operator classes compare as Like does: a
	// btree class, and any.
	Order, Equal bool
	// Coercible are the types whose operators and classes take its values as they
	// are: implicit casts WITHOUT FUNCTION.
	Coercible []OID
	// Default is typdefault, nil for none.
	Default *string
	Procs   TypeProcs
}

// TypeProcs are the oids of a type's functions in pg_proc, 0 for none.
type TypeProcs struct {
	Input     OID `json:"input"`
	Output    OID `json:"output"`
	Receive   OID `json:"receive,omitempty"`
	Send      OID `json:"send,omitempty"`
	TypmodIn  OID `json:"typmodIn,omitempty"`
	TypmodOut OID `json:"typmodOut,omitempty"`
	Analyze   OID `json:"analyze,omitempty"`
	Subscript OID `json:"subscript,omitempty"`
}

// List are all of them in pg_type's order.
func (p TypeProcs) List() []OID {
	return []OID{p.Input, p.Output, p.Receive, p.Send, p.TypmodIn, p.TypmodOut, p.Analyze, p.Subscript}
}

// NewBaseType makes a base type of a database's own. id gives the plain columns
// of pg_type.
func NewBaseType(id Type, d BaseDef) *Type {
	t := id
	setDefaults(&t)
	t.BaseDef, t.Rep, t.impl, t.elem = &d, d.Like.Rep, d.Like.impl, d.Like.elem
	t.In, t.Out = d.Like.In, d.Out.Out
	if d.Recv != nil {
		t.Recv = d.Recv.Recv
	}
	if d.Send != nil {
		t.Send = d.Send.Send
	}
	if d.Typmods {
		t.TypmodIn, t.TypmodOut = d.Like.TypmodIn, d.Like.TypmodOut
	}
	if d.Order || d.Equal {
		t.Compare, t.Hash, t.Unordered = d.Like.Compare, d.Like.Hash, !d.Order
	}
	return &t
}

// BaseAtRest is the form in which rows keep the values of a base type: the text
// of the built-in type whose values they are.
func BaseAtRest(t *Type) *Type {
	rest := *t
	rest.In, rest.Out = t.BaseDef.Like.In, t.BaseDef.Like.Out
	return atRest(&rest, t)
}

// formBits are the widths of the forms whose values are read as one another's by their
// bits.
var formBits = map[Rep]int{RepInt32: 32, RepUint32: 32, RepFloat32: 32, RepInt64: 64, RepFloat64: 64}

// SameForm says whether values of t can be read as values of u, by their bits if
// need be: what CREATE CAST … WITHOUT FUNCTION takes for granted.
func (t *Type) SameForm(u *Type) bool {
	if t.Form().OID == u.Form().OID {
		return true
	}
	return t.Rep == u.Rep && t.Rep != RepAny || formBits[t.Rep] != 0 && formBits[t.Rep] == formBits[u.Rep]
}

// Form is the built-in type whose values t has: t itself, but of base types that
// CREATE TYPE made.
func (t *Type) Form() *Type {
	if t.BaseDef != nil {
		return t.BaseDef.Like
	}
	return t
}

// LooksLike says whether values of t are those of a built-in type and compare as
// its own would; varchar is text.
func (t *Type) LooksLike(builtin OID) bool {
	base, _ := t.BaseType(-1)
	text := func(oid OID) OID {
		if oid == VarcharOID {
			return TextOID
		}
		return oid
	}
	return text(base.Form().OID) == text(builtin)
}

// NewShellType makes a type that is only declared (TypeShellMake).
func NewShellType(id Type) *Type {
	id.Len, id.ByVal, id.Category, id.Kind, id.Shell = 4, true, Pseudo, 'p', true
	return NewType(Def[any]{Type: id, Impl: Impl[any]{
		In: func(*Env, string, int32) (any, error) {
			return nil, pgerr.New(pgerr.FeatureNotSupported, "cannot accept a value of a shell type")
		},
	}})
}
