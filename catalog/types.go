package catalog

import "github.com/s3db-sql/s3db-sql/sql/types"

// TypeDef is CREATE TYPE or CREATE DOMAIN after binding.
type TypeDef struct {
	Schema string
	Name   string
	Kind   byte // pg_type.typtype: b base, e enum, d domain, c composite, p shell, r range
	// Labels of an enum.
	Labels []string
	// A domain: the type it is declared over, and what it adds.
	Base      OID
	Typmod    int32
	NotNull   bool
	Default   string
	Checks    []CheckDef
	Collation OID // 0 for the base type's
	// Attributes of a composite type.
	Attributes []ColumnDef
	// A range: Base is its subtype, Multirange the name of its multirange type in
	// MultirangeSchema, SubtypeDiff a function or 0.
	Multirange, MultirangeSchema string
	SubtypeDiff                  OID
	// BaseType of a base type, which completes a shell type of its name. Its Base is
	// the built-in type whose values it has.
	BaseType *BaseType
}

// BaseType are the columns of pg_type that CREATE TYPE sets of a base type.
type BaseType struct {
	Len       int16          `json:"len"`
	ByVal     bool           `json:"byval,omitempty"`
	Align     byte           `json:"align"`
	Storage   byte           `json:"storage"`
	Category  types.Category `json:"category"`
	Preferred bool           `json:"preferred,omitempty"`
	Delim     byte           `json:"delim"`
	Elem      OID            `json:"elem,omitempty"`
	// Default is typdefault, nil for none.
	Default *string `json:"default,omitempty"`
	// Procs are its functions; Out, Recv and Send the built-in types whose text and
	// binary forms they write and read, 0 for none.
	Procs types.TypeProcs `json:"procs"`
	Out   OID             `json:"out"`
	Recv  OID             `json:"recv,omitempty"`
	Send  OID             `json:"send,omitempty"`
}

// TypeAction is one subcommand of ALTER TYPE or ALTER DOMAIN; one of the types
// below.
type TypeAction interface{ typeAction() }

// The actions. What they name exists: the binder has checked it, and a change by
// another writer in between is found again at commit.
type (
	// RenameType gives a type another name, SetTypeSchema another schema.
	RenameType    struct{ To string }
	SetTypeSchema struct{ Schema string }
	// AddLabel adds a value to an enum before or after another, at the end without
	// either. One that exists is 42710, or nothing with IfNotExists.
	AddLabel struct {
		Label, Before, After string
		IfNotExists          bool
	}
	RenameLabel struct{ From, To string }
	// The actions on domains.
	SetDomainDefault struct{ Default string } // "" drops it
	SetDomainNotNull struct{ NotNull bool }
	AddDomainCheck   struct {
		Check    CheckDef
		NotValid bool
	}
	DropDomainCheck   struct{ Name string }
	RenameDomainCheck struct{ From, To string }
	// RewordDomain replaces the default and the checks, by how they were written.
	RewordDomain        struct{ Texts map[string]string }
	ValidateDomainCheck struct{ Name string }
	// The actions on composite types.
	AddAttribute    struct{ Attribute ColumnDef }
	DropAttribute   struct{ Name string }
	RetypeAttribute struct {
		Name      string
		Type      OID
		Typmod    int32
		Collation OID
	}
	RenameAttribute struct{ From, To string }
	// SetBaseType replaces the properties of a base type.
	SetBaseType struct{ BaseType BaseType }
)

func (RenameType) typeAction()          {}
func (SetTypeSchema) typeAction()       {}
func (AddLabel) typeAction()            {}
func (RenameLabel) typeAction()         {}
func (SetDomainDefault) typeAction()    {}
func (SetDomainNotNull) typeAction()    {}
func (AddDomainCheck) typeAction()      {}
func (DropDomainCheck) typeAction()     {}
func (RenameDomainCheck) typeAction()   {}
func (ValidateDomainCheck) typeAction() {}
func (RewordDomain) typeAction()        {}
func (AddAttribute) typeAction()        {}
func (DropAttribute) typeAction()       {}
func (RetypeAttribute) typeAction()     {}
func (RenameAttribute) typeAction()     {}
func (SetBaseType) typeAction()         {}
