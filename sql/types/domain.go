package types

// Domain is what a domain adds to its base type.
type Domain struct {
	// Base is the type it is declared over, which may be a domain; Typmod its
	// modifier.
	Base    *Type
	Typmod  int32
	NotNull bool
	Default string // an expression as SQL text, "" for none
	Checks  []DomainCheck
}

// DomainCheck is a CHECK of a domain; Expr is SQL text over VALUE.
type DomainCheck struct {
	OID  OID
	Name string
	Expr string
	// NotValid: values that are stored have not been checked.
	NotValid bool
	Comment  string
}

// NewDomainType makes a domain: its values are the base type's, with the
// domain's typmod applied on input. The constraints are the executor's. id gives
// the oids, namespace and name.
func NewDomainType(id Type, d Domain) *Type {
	t := *d.Base
	t.OID, t.Array, t.Namespace, t.Name, t.Doc = id.OID, id.Array, id.Namespace, id.Name, id.Doc
	t.Base, t.Kind, t.Elem, t.elem, t.Domain = d.Base.OID, 'd', 0, nil, &d
	t.Preferred, t.Labels, t.Columns, t.Relation = false, nil, nil, 0
	t.TypmodIn, t.TypmodOut = nil, nil
	checked := func(env *Env, v any, err error) (any, error) {
		if err != nil {
			return nil, err
		}
		return env.checkDomain(&t, v)
	}
	t.In = func(env *Env, s string, _ int32) (any, error) {
		v, err := d.Base.In(env, s, d.Typmod)
		return checked(env, v, err)
	}
	if d.Base.Recv != nil {
		t.Recv = func(env *Env, b []byte, _ int32) (any, error) {
			v, err := d.Base.Recv(env, b, d.Typmod)
			return checked(env, v, err)
		}
	}
	return &t
}

// Constrained says whether t is a domain that not every value of its base type
// satisfies.
func (t *Type) Constrained() bool {
	for ; t.Domain != nil; t = t.Domain.Base {
		if t.Domain.NotNull || len(t.Domain.Checks) > 0 {
			return true
		}
	}
	return false
}

// HasDefault says whether the type, or one below it, has a default (get_typdefault).
func (t *Type) HasDefault() bool {
	for ; t.Domain != nil; t = t.Domain.Base {
		if t.Domain.Default != "" {
			return true
		}
	}
	return t.BaseDef != nil && t.BaseDef.Default != nil
}

// BaseType is the type below a domain, through any number of domains, and its
// typmod there; of any other type the type itself and typmod
// (getBaseTypeAndTypmod).
func (t *Type) BaseType(typmod int32) (*Type, int32) {
	for t.Domain != nil {
		t, typmod = t.Domain.Base, t.Domain.Typmod
	}
	return t, typmod
}
